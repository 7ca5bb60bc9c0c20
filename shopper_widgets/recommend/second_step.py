"""A second score of the nearest products: shared neighbors, close catalogue numbers, recent sales."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from shopper_widgets.recommend.clues import nearest_in_orders
from shopper_widgets.recommend.later_baskets import SURE
from shopper_widgets.recommend.neighbors import dense_product, row_blocks, top_entries

#: The weights of the second step, with the values used where the orders are too few to choose.
USUAL_STEPS: dict[str, float] = {
    "step_weight": 0.25,
    "number_weight": 0.5,
    "lately": 0.15,
    "popularity_weight": 0.0,
}
#: The values that are tried for each weight, one weight after another.
TRIED_STEPS: dict[str, tuple[float, ...]] = {
    "step_weight": (0.0, 0.25, 0.5),
    "number_weight": (0.0, 0.25, 0.5, 1.0),
    "lately": (0.0, 0.15, 0.3),
    "popularity_weight": (0.0, 0.1, 1.0, 10.0),
}
#: Half or twice any of the next four numbers changes NDCG@10 by at most .005 in nine made-up shops of any
#: rhythm. The number of best sellers that count although nobody bought them with a product: more than a list
#: shows.
_BEST_SELLERS = 100
#: The neighbors by shared orders that vouch for a product, each weighted by its cosine; and the shrinkage of
#: the cosine, as few shared orders say little.
_NEIGHBORS, _SHRINKAGE = 15, 5.0
#: Catalogue numbers up to this far apart may belong to one range of products.
_FAR = 20


@dataclass(frozen=True)
class Candidates:
    """The nearest products of each product, and the figures of the second step.

    Attributes
    ----------
    scores, support : csr_array of shape (n_products, n_products)
        The first score and the customers who bought both, in the same cells.
    step : ndarray of shape (n_cells,)
        For each cell, the mean first score of the product's nearest products by orders in the same column.
    number : ndarray of shape (n_cells,)
        For each cell, how much higher pairs score whose catalogue numbers are equally far apart.
    selling : ndarray of shape (n_products,)
        Recent sales ÷ the sales that the first score counts: see `rates`.
    popular : ndarray of shape (n_products,)
        The customers of each product ÷ the customers of the most popular one.
    """

    scores: sp.csr_array
    support: sp.csr_array
    step: np.ndarray
    number: np.ndarray
    selling: np.ndarray
    popular: np.ndarray

    @classmethod
    def of(
        cls,
        scores: sp.csr_array,
        support: sp.csr_array,
        orders: sp.csr_array,
        selling: np.ndarray,
        popular: np.ndarray,
        n_threads: int | None = None,
    ) -> Candidates:
        """Compute the figures of the second step from the products of each order."""
        nearest = nearest_by_orders(orders, n_threads)
        number = number_bonus(scores, np.bincount(orders.indices, minlength=orders.shape[1]) > 0)
        return cls(scores, support, _stepped(nearest, scores), number, selling, popular)

    def values(self, way: Mapping[str, float]) -> np.ndarray:
        """Return the score of each cell."""
        near = self.scores.data + way["step_weight"] * self.step + way["number_weight"] * self.number
        near += (way["popularity_weight"] * self.popular)[self.scores.indices]
        values: np.ndarray = near * (self.selling ** way["lately"])[self.scores.indices]
        return values

    def best_sellers(self, way: Mapping[str, float]) -> np.ndarray:
        """Return the scores of best sellers with a product that nobody bought with them, (n_products,)."""
        scores = way["popularity_weight"] * self.popular * self.selling ** way["lately"]
        scores[np.argsort(-scores, kind="stable")[_BEST_SELLERS:]] = 0
        return scores

    def lists(self, rows: np.ndarray, way: Mapping[str, float], n: int, kept: int) -> np.ndarray:
        """Return the best ``n`` of some products, (n_rows, n) positions, −1 where there are fewer.

        They are the lists of a recommender that keeps the ``kept`` nearest products of each: see `best`.
        """
        if kept < n:
            pairs, _ = self.best(way, kept)
        else:  # the best `n` are all kept
            cells = self.values(way), self.scores.indices, self.scores.indptr
            pairs = sp.csr_array(cells, self.scores.shape)
        asked = sp.csr_array(
            (np.ones(len(rows)), rows, np.arange(len(rows) + 1)), (len(rows), len(self.popular))
        )
        scores = with_best_sellers(pairs[rows], asked, pairs, self.best_sellers(way))
        best = top_entries(scores.indptr, scores.indices, scores.data, self.popular[scores.indices], n)
        row = np.searchsorted(scores.indptr, best, side="right") - 1
        lists = np.full((len(rows), n), -1)
        lists[row, np.arange(len(row)) - np.searchsorted(row, row)] = scores.indices[best]
        return lists

    def best(self, way: Mapping[str, float], n: int) -> tuple[sp.csr_array, sp.csr_array]:
        """Return scores and support of the best ``n`` of each product, ties as in `top_entries`.

        Best sellers among the candidates are kept in addition: in the list for a basket they count with their
        score with each product of the basket, as they did when the weight of popularity was chosen.
        """
        values, kept = self.values(way), (self.best_sellers(way) > 0)[self.scores.indices]
        kept[self._best(way, n)] = True
        best = np.flatnonzero(kept)
        starts, indices = np.searchsorted(best, self.scores.indptr), self.scores.indices[best]
        cells = [(part[best], indices, starts) for part in (values, self.support.data)]
        scores, support = (sp.csr_array(part, shape=self.scores.shape) for part in cells)
        return scores, support

    def _best(self, way: Mapping[str, float], n: int) -> np.ndarray:
        scores = self.scores
        return top_entries(scores.indptr, scores.indices, self.values(way), self.support.data, n)


def with_best_sellers(
    scores: sp.csr_array, held: sp.csr_array, pairs: sp.csr_array, best_sellers: np.ndarray
) -> sp.csr_array:
    """Give best sellers a score for products that nobody bought with them, too.

    Parameters
    ----------
    scores : csr_array of shape (n_baskets, n_products)
        ``held @ pairs``: best sellers that somebody bought with a product count there.
    held : csr_array of shape (n_baskets, n_products)
        One where a basket holds a product.
    pairs : csr_array of shape (n_products, n_products)
        The score of each product with each: a stored cell that is not 0 counts as bought together.
    best_sellers : ndarray of shape (n_products,)
        The score of each best seller, 0 for most products.

    Returns
    -------
    csr_array of shape (n_baskets, n_products)
        `scores`, and what best sellers add.

    Examples
    --------
    >>> pairs = sp.csr_array([[0, 0.5, 0], [0.5, 0, 0], [0, 0, 0]])
    >>> held = sp.csr_array([[1.0, 0, 0], [0, 0, 1.0]])
    >>> with_best_sellers(held @ pairs, held, pairs, np.array([0, 0.1, 0])).toarray()
    array([[0. , 0.5, 0. ],
           [0. , 0.1, 0. ]])
    """
    best = np.flatnonzero(best_sellers)
    if not len(best):
        return scores
    counted = sp.csr_array(pairs[:, best] != 0, dtype=float)
    missing = held.sum(axis=1)[:, None] - (held @ counted).toarray()
    missing[held[:, best].toarray() > 0] = 0
    basket, place = np.nonzero(missing)
    added = (missing[basket, place] * best_sellers[best[place]], (basket, best[place]))
    return sp.csr_array(scores + sp.coo_array(added, shape=scores.shape).tocsr())


def nearest_by_orders(orders: sp.csr_array, n_threads: int | None = None) -> sp.csr_array:
    """Return for each product the products that share orders with it; each row adds up to 1.

    They are the 15 with the greatest ``n_ab / (√(n_a n_b) + 5)``, n counted in orders.
    """
    nearest = nearest_in_orders(orders, _NEIGHBORS, _SHRINKAGE, 0.5, n_threads)
    sums = nearest.sum(axis=1)
    return sp.csr_array(sp.diags_array(1 / np.where(sums > 0, sums, 1)) @ nearest)


def number_bonus(scores: sp.csr_array, sold: np.ndarray) -> np.ndarray:
    """Return for each cell how much higher pairs score that are equally far apart in the catalogue.

    Many shops number the products of a range in sequence. The shop's own scores show whether it does: the
    mean of all pairs at a distance, over that of all pairs. Distances count from 1 up to the first at which
    the difference isn't beyond doubt; if numbers mean nothing, none counts.

    Parameters
    ----------
    scores : csr_array of shape (n_products, n_products)
        Products in the order of their ids.
    sold : ndarray of bool, shape (n_products,)
        Products with buyers; the others don't count in between.

    Returns
    -------
    ndarray of shape (n_cells,)
        In the order of the stored cells; 0 where numbers mean nothing.

    Examples
    --------
    >>> pairs = np.arange(0, 400, 2)
    >>> beside = sp.coo_array((np.ones(200), (pairs, pairs + 1)), shape=(400, 400)).tocsr()
    >>> number_bonus(beside, np.ones(400, dtype=bool))[:2].round(2)
    array([0.25, 0.25])
    """
    n, place = int(sold.sum()), np.cumsum(sold)
    apart = np.abs(np.repeat(place, np.diff(scores.indptr)) - place[scores.indices])
    far = min(_FAR, n - 1)
    bonus = np.zeros(n + 1)
    if far > 0 and scores.nnz:
        pairs = 2.0 * (n - np.arange(1, far + 1))
        mean, square = (
            np.bincount(apart, scores.data**power, minlength=far + 1)[1 : far + 1] / pairs for power in (1, 2)
        )
        more = mean - scores.data.sum() / (n * (n - 1.0))
        sure = more > SURE * np.sqrt(np.maximum(square - mean**2, 0) / pairs)
        bonus[1 : far + 1] = more * np.logical_and.accumulate(sure)
    of_cells: np.ndarray = bonus[apart]
    return of_cells


def rates(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return ``(observed + k) / (expected + k)``, with k estimated from the spread of all ratios.

    An empirical Bayes estimate of how many times the expected count each has (Marshall, "Mapping disease and
    mortality rates using empirical Bayes estimators", Applied Statistics 1991): 1/k is the variance of the
    true ratios, the part of (observed − expected)² beyond chance. Without such a part, all ratios are 1.

    Parameters
    ----------
    observed, expected : ndarray
        Counts; expected ones are scaled to the same sum.

    Examples
    --------
    >>> rates(np.array([30.0, 10, 0]), np.array([20.0, 20, 0])).round(2)
    array([1.4, 0.6, 1. ])
    >>> rates(np.array([21.0, 19]), np.array([20.0, 20]))
    array([1., 1.])
    """
    if not (observed.sum() > 0 and expected.sum() > 0):
        return np.ones(len(observed))
    expected = expected * (observed.sum() / expected.sum())
    variance = ((observed - expected) ** 2 - expected).sum() / (expected**2).sum()
    if variance <= 0:
        return np.ones(len(observed))
    ratio: np.ndarray = (observed + 1 / variance) / (expected + 1 / variance)
    return ratio


def _stepped(nearest: sp.csr_array, scores: sp.csr_array) -> np.ndarray:
    """Return ``nearest @ scores`` for the cells of `scores` only, a block of rows at a time."""
    step = np.empty(scores.nnz)
    for rows in row_blocks(*scores.shape):
        cells = slice(scores.indptr[rows.start], scores.indptr[rows.stop])
        owner = np.repeat(
            np.arange(rows.stop - rows.start), np.diff(scores.indptr[rows.start : rows.stop + 1])
        )
        step[cells] = dense_product(nearest[rows], scores)[owner, scores.indices[cells]]
    return step
