"""Baskets of later orders, of which one product is shown and the others are to be guessed."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from shopper_widgets.recommend.neighbors import nth_at_least

#: The products in a list, and the products of each basket that are shown, one at a time.
LIST, PER_BASKET = 10, 2
#: The standard errors by which a change must be better: among thirty ways, one is a little better by chance.
SURE = 2.5
#: With fewer baskets than this, nothing is chosen.
FEWEST_BASKETS = 30


class LaterBaskets:
    """Questions about baskets, and how well lists answer them.

    Parameters
    ----------
    baskets : csr_array of shape (n_baskets, n_products)
        Above zero where a basket holds a product.
    sold : ndarray of bool, shape (n_products,)
        Products that were known before; the others are left out.
    most : int
        Maximum number of baskets, evenly spread.

    Attributes
    ----------
    asked : ndarray of int
        The products that are shown, ascending.

    Examples
    --------
    >>> orders = sp.csr_array([[1, 1, 0], [0, 1, 1], [0, 0, 1]])
    >>> later = LaterBaskets(orders, np.ones(3, dtype=bool), most=10)
    >>> later.gains(np.array([[1, 2], [2, 0], [0, 1]])).round(2)
    array([0.82, 0.82])
    """

    def __init__(self, baskets: sp.csr_array, sold: np.ndarray, most: int) -> None:
        several = np.flatnonzero(np.diff(baskets.indptr) > 1)
        held = baskets[several[spread(len(several), most)]].astype(bool).toarray() & sold
        self._held = held[held.sum(axis=1) > 1]
        basket, product = np.nonzero(self._held)
        # Products are drawn: the first and the last by product number would have the fewest close numbers.
        drawn = np.lexsort((np.random.default_rng(0).random(len(basket)), basket))
        place = np.arange(len(basket)) - np.searchsorted(basket, basket)
        shown = np.sort(drawn[place < PER_BASKET])
        self._basket, product = basket[shown], product[shown]
        self.asked, self._question = np.unique(product, return_inverse=True)
        self._hidden = self._held.sum(axis=1)[self._basket] - 1

    def __len__(self) -> int:
        return len(self._held)

    def gains(self, lists: np.ndarray) -> np.ndarray:
        """Return the NDCG of each basket: the mean over its questions.

        Parameters
        ----------
        lists : ndarray of int, shape (n_asked, n)
            Positions of the products listed for each of `asked`, best first, −1 where there are fewer.
        """
        guesses = lists[self._question]
        discounts = 1 / np.log2(np.arange(2, LIST + 2))
        hit = self._held[self._basket[:, None], guesses] & (guesses >= 0)
        ideal = np.cumsum(discounts)[np.minimum(self._hidden, LIST) - 1]
        gains = (hit * discounts[: lists.shape[1]]).sum(axis=1) / ideal
        of_basket: np.ndarray = np.bincount(self._basket, gains) / np.bincount(self._basket)
        return of_basket


def surely_more(found: np.ndarray, gains: np.ndarray) -> bool:
    """Return whether gains are surely greater: by 2.5 standard errors of the difference."""
    difference = found - gains
    return bool(difference.mean() > SURE * difference.std() / np.sqrt(len(difference)))


def best_places(scores: np.ndarray, n: int) -> np.ndarray:
    """Return the positions of each row's ``n`` greatest values, greatest first, −1 if fewer are above zero.

    Of equal values, the first comes first.

    Examples
    --------
    >>> best_places(np.array([[0.5, 2.0, 2.0], [0.0, 0.0, 1.0]]), 2)
    array([[ 1,  2],
           [ 2, -1]])
    """
    n = min(n, scores.shape[1])
    least = np.maximum(nth_at_least(scores, n), np.finfo(scores.dtype).smallest_subnormal)
    row, column = np.divmod(np.flatnonzero(scores >= least[:, None]), scores.shape[1])
    best_first = np.lexsort((-scores[row, column], row))
    row, column = row[best_first], column[best_first]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    kept = place < n
    places = np.full((len(scores), n), -1)
    places[row[kept], place[kept]] = column[kept]
    return places


def spread(n: int, most: int) -> np.ndarray:
    """Return at most `most` positions, evenly spread."""
    places: np.ndarray = (
        np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(int)) if n else np.arange(0)
    )
    return places
