"""The nearest products of every product, without ever holding the square of all pairs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from shopper_widgets._support.progress import progress_bar
from shopper_widgets.recommend.co_purchases import TIE_DECIMALS, nearest_by_support, shrunk_cosine

#: How many pairs a thread may hold at a time; about 8 MB.
PAIRS_PER_BLOCK = 1 << 18


def row_blocks(n_rows: int, n_columns: int) -> list[slice]:
    """Cut rows into blocks whose product with anything of ``n_columns`` stays small."""
    height = max(1, PAIRS_PER_BLOCK // max(1, n_columns))
    return [slice(start, min(start + height, n_rows)) for start in range(0, n_rows, height)]


def top_entries(
    indptr: np.ndarray, indices: np.ndarray, scores: np.ndarray, tie_breaker: np.ndarray, n: int
) -> np.ndarray:
    """Return the positions of the best ``n`` entries of each row: row by row, best first.

    Higher scores come first, then higher ``tie_breaker``, then the smaller column; this holds at the cut too.

    Parameters
    ----------
    indptr, indices : ndarray of int
        A CSR structure.
    scores, tie_breaker : ndarray of shape (n_entries,)
    n : int

    Returns
    -------
    ndarray of int

    Examples
    --------
    >>> top_entries(np.array([0, 3]), np.array([5, 6, 7]), np.array([.5, .9, .5]), np.array([1, 1, 2]), n=2)
    array([1, 2])
    """
    lengths = np.diff(indptr)
    threshold = np.full(len(lengths), -np.inf)
    for row in np.flatnonzero(lengths > n):
        threshold[row] = np.partition(scores[indptr[row] : indptr[row + 1]], -n)[-n]
    rows = np.repeat(np.arange(len(lengths)), lengths)
    candidates = np.flatnonzero(scores >= threshold[rows] - 10.0**-TIE_DECIMALS)
    rows = rows[candidates]
    best_first = np.lexsort(
        (
            indices[candidates],
            -tie_breaker[candidates],
            -np.round(scores[candidates], TIE_DECIMALS),
            rows,
        )
    )
    first_of_row = np.searchsorted(rows, np.arange(len(lengths)))
    place = np.arange(len(candidates)) - first_of_row[rows]
    return candidates[best_first][place < n]


def nearest_products(
    weights: sp.csr_array,
    *,
    n_neighbors: int,
    shrinkage: float,
    min_support: int,
    n_threads: int | None = None,
) -> tuple[sp.csr_array, sp.csr_array]:
    """Return each product's nearest products by shrunk cosine.

    Parameters
    ----------
    weights : csr_array of shape (n_customers, n_products)
        Every stored cell above zero.
    n_neighbors : int
        How many to keep per product. Ties: higher score, then higher support, then the smaller column.
    shrinkage : float
        See `shrunk_cosine`.
    min_support : int
        Pairs that fewer customers bought don't count.
    n_threads : int, optional
        Default: every core this process may use.

    Returns
    -------
    scores, support : csr_array of shape (n_products, n_products)
        Row: the product asked about. Both have the same structure: at most ``n_neighbors`` cells a row.
    """
    if (weights.data == 1).all():
        return nearest_by_support(
            weights,
            n_neighbors=n_neighbors,
            shrinkage=shrinkage,
            min_support=min_support,
            n_threads=n_threads,
        )
    norms = np.sqrt(weights.power(2).sum(axis=0))
    bought = sp.csr_array(
        (np.ones(weights.nnz, dtype=np.int32), weights.indices, weights.indptr), shape=weights.shape
    )
    by_product, weights_by_product = bought.T.tocsr(), weights.T.tocsr()

    def score(rows: slice) -> Pairs:
        together = by_product[rows] @ bought
        owner = np.repeat(np.arange(rows.start, rows.stop, dtype=np.int32), np.diff(together.indptr))
        keep = np.flatnonzero((together.data >= min_support) & (together.indices != owner))
        support, other, owner = together.data[keep], together.indices[keep], owner[keep]
        # The weighted product has the same factors' structure, so its cells lie in the same order.
        dot = (weights_by_product[rows] @ weights).data[keep]
        return Pairs(owner, other, shrunk_cosine(dot, norms[owner], norms[other], shrinkage), support)

    return best_pairs(score, weights.shape[1], n_neighbors, n_threads)


@dataclass(frozen=True)
class Pairs:
    """Pairs of products: who asks, who answers, how well, and how many customers bought both.

    ``owner`` ascends; all arrays have one entry a pair.
    """

    owner: np.ndarray
    other: np.ndarray
    scores: np.ndarray
    support: np.ndarray


def best_pairs(
    score: Callable[[slice], Pairs], n_products: int, n_neighbors: int, n_threads: int | None = None
) -> tuple[sp.csr_array, sp.csr_array]:
    """Keep the best pairs of every product, a block of products at a time, on several threads.

    Parameters
    ----------
    score : callable
        Gives the pairs whose owners lie in a slice of the products.
    n_products, n_neighbors : int
    n_threads : int, optional
        Default: every core this process may use.

    Returns
    -------
    scores, support : csr_array of shape (n_products, n_products)
        See `nearest_products`.
    """
    import joblib

    def block(rows: slice) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        pairs = score(rows)
        indptr = np.searchsorted(pairs.owner, np.arange(rows.start, rows.stop + 1))
        best = top_entries(indptr, pairs.other, pairs.scores, pairs.support, n_neighbors)
        return pairs.owner[best], pairs.other[best], pairs.scores[best], pairs.support[best]

    blocks = row_blocks(n_products, n_products)
    with ThreadPoolExecutor(n_threads or joblib.cpu_count()) as pool:
        found = list(progress_bar(pool.map(block, blocks), total=len(blocks), delay=2, desc="Neighbors"))
    owner, other, scores, support = (np.concatenate(parts) for parts in zip(*found, strict=True))
    shape = (n_products, n_products)
    return (
        sp.coo_array((scores, (owner, other)), shape=shape).tocsr(),
        sp.coo_array((support, (owner, other)), shape=shape).tocsr(),
    )


def pair_scores(weights: sp.csr_array, *, shrinkage: float, min_support: int) -> np.ndarray:
    """Return the dense square of the scores of a few products: diagonal 1, too little support 0.

    Parameters
    ----------
    weights : csr_array of shape (n_customers, n_products)
    shrinkage, min_support
        As in `nearest_products`.

    Returns
    -------
    ndarray of shape (n_products, n_products)
    """
    norms = np.sqrt(weights.power(2).sum(axis=0))
    bought = weights.astype(bool).astype(np.int64)
    support = (bought.T @ bought).toarray()
    scores = shrunk_cosine((weights.T @ weights).toarray(), norms[:, None], norms, shrinkage)
    scores[support < min_support] = 0
    np.fill_diagonal(scores, 1)
    return scores
