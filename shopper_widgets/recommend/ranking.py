"""From scores to lists: the best products for each of many customers or products, within limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from shopper_widgets.recommend.co_purchases import TIE_DECIMALS
from shopper_widgets.recommend.neighbors import DENSE, PAIRS_PER_BLOCK, nth_at_least, top_entries

#: The most askers (customers or products) that are answered at a time.
MOST_ASKERS = 512


@dataclass(frozen=True)
class Limits:
    """Which products a list may show.

    Attributes
    ----------
    include_owned : bool
        Whether a list may show products that the asker has.
    allowed : ndarray of bool, shape (n_products,), optional
        The products that a list may show; default: all.
    family : ndarray of int, shape (n_products,), optional
        The family of each product: only the best product of a family is shown; default: all are shown.
    """

    include_owned: bool = False
    allowed: np.ndarray | None = None
    family: np.ndarray | None = None


def best_products(
    score: Callable[[slice], sp.csr_array | np.ndarray],
    owned: sp.csr_array,
    tie_breaker: np.ndarray,
    n: int,
    limits: Limits,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the ``n`` products with the greatest scores in each row.

    Parameters
    ----------
    score : callable
        Gives the scores of a slice of the askers, (n_rows, n_products); above zero where there is one. Dense
        where most products have one; broadcast where all askers get the same.
    owned : csr_array of shape (n_askers, n_products)
        Above zero where an asker has a product.
    tie_breaker : ndarray of shape (n_products,)
        Among equal scores the greater comes first, then the smaller column.
    n : int
        Maximum number in each row.
    limits : Limits
        Which products may be shown.

    Returns
    -------
    products, scores : ndarray
        Asker by asker, best first.
    indptr : ndarray of shape (n_askers + 1,)
        Where each asker's list begins and ends.

    Examples
    --------
    >>> scores, owned = sp.csr_array([[3.0, 2.0, 1.0]]), sp.csr_array([[1, 0, 0]])
    >>> best_products(lambda rows: scores[rows], owned, np.ones(3), 2, Limits())
    (array([1, 2]), array([2., 1.]), array([0, 2]))
    """
    # The best n × (size of the largest family) entries are sure to hold the best of n families.
    largest_family = 1 if limits.family is None else int(np.bincount(limits.family).max())
    products, values, lengths = [np.empty(0, dtype=np.intp)], [np.empty(0)], [np.zeros(1, dtype=np.intp)]
    start, (n_askers, cells_each) = 0, owned.shape
    height = MOST_ASKERS
    while start < n_askers:
        # If few products have scores, more and more askers are answered at a time.
        height = max(1, min(PAIRS_PER_BLOCK // max(1, cells_each), 4 * height, MOST_ASKERS))
        rows = slice(start, min(start + height, n_askers))
        total, start = score(rows), rows.stop
        cells_each = _cells_each(total, n * largest_family)
        asker, column, data = _shown(total, owned[rows], n * largest_family, limits)
        indptr = np.searchsorted(asker, np.arange(rows.stop - rows.start + 1))
        best = top_entries(indptr, column, data, tie_breaker[column], n * largest_family)
        if limits.family is not None:
            best = _first_of_each(best, asker, limits.family[column], n)
        products.append(column[best])
        values.append(data[best])
        lengths.append(np.bincount(asker[best], minlength=rows.stop - rows.start))
    return np.concatenate(products), np.concatenate(values), np.cumsum(np.concatenate(lengths))


def _cells_each(total: sp.csr_array | np.ndarray, at_least: int) -> int:
    """Return how many cells the scores of an asker take, doubled where the next askers may have more."""
    if isinstance(total, np.ndarray):
        return 2 * at_least if total.strides[0] == 0 else total.shape[1]
    return int(min(1 + 2 * total.nnz // total.shape[0], total.shape[1]))


def _shown(
    total: sp.csr_array | np.ndarray, owned: sp.csr_array, at_least: int, limits: Limits
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return asker, product and score of all cells that may be among the best, by ascending asker."""
    if isinstance(total, np.ndarray) and total.strides[0] == 0 and len(total):
        return _shown_to_all(total[0], owned, at_least, limits)
    if isinstance(total, np.ndarray) or total.nnz > DENSE * np.prod(total.shape):
        scores = np.array(total) if isinstance(total, np.ndarray) else total.toarray()
        if limits.allowed is not None:
            scores[:, ~limits.allowed] = 0
        if not limits.include_owned:
            scores[owned.nonzero()] = 0
        # Only few scores reach the last of the best, so few cells are left to sort.
        least = nth_at_least(scores, min(at_least, scores.shape[1]))
        least = np.maximum(least - 10.0**-TIE_DECIMALS, np.finfo(float).smallest_subnormal)
        cells = np.flatnonzero(scores >= least[:, None])
        return *np.divmod(cells, scores.shape[1]), scores.ravel()[cells]
    asker = np.repeat(np.arange(total.shape[0]), np.diff(total.indptr))
    shown = total.data > 0
    if limits.allowed is not None:
        shown &= limits.allowed[total.indices]
    if not limits.include_owned:
        row, column = owned.nonzero()
        n_products = total.shape[1]
        shown &= ~np.isin(asker * n_products + total.indices, row * np.int64(n_products) + column)
    return asker[shown], total.indices[shown], total.data[shown]


def _shown_to_all(
    scores: np.ndarray, owned: sp.csr_array, at_least: int, limits: Limits
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what `_shown` does where all askers have the same scores: only the first few products matter."""
    scores = scores if limits.allowed is None else np.where(limits.allowed, scores, 0)
    n = at_least if limits.include_owned else at_least + int(np.diff(owned.indptr).max())
    least = nth_at_least(scores[None], min(n, len(scores)))[0] - 10.0**-TIE_DECIMALS
    first = np.flatnonzero(scores >= max(least, np.finfo(float).smallest_subnormal))
    shown = np.ones((owned.shape[0], len(first)), dtype=bool)
    if not limits.include_owned:
        shown &= ~(owned[:, first].toarray() > 0)
    asker, place = np.nonzero(shown)
    return asker, first[place], scores[first[place]]


def _first_of_each(best: np.ndarray, asker: np.ndarray, family: np.ndarray, n: int) -> np.ndarray:
    """Keep each asker's best ``n`` entries, only the first of each family."""
    pair = asker[best].astype(np.int64) * (family.max(initial=0) + 1) + family[best]
    first = np.sort(np.unique(pair, return_index=True)[1])
    kept = best[first]
    place = np.arange(len(kept)) - np.searchsorted(asker[kept], asker[kept])
    result: np.ndarray = kept[place < n]
    return result
