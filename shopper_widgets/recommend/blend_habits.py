"""What a customer orders next: the weights of repeat purchases, of fitting products and of recent sales."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from shopper_widgets.recommend.later_baskets import LIST, best_places, surely_more

#: The weights where the orders are too few to choose. Best sellers come after all products with other
#: evidence.
USUAL_HABITS: dict[str, float] = {"affinity": 0.3, "again": 0.5, "trend": 0.35, "popular": 0.001}
#: The values that are tried for each weight, one weight after another.
_TRIED: dict[str, tuple[float, ...]] = {
    "trend": (0.0, 0.35, 0.7),
    "affinity": (0.0, 0.1, 0.3, 1.0),
    "again": (0.0, 0.5, 1.0),
    "popular": (0.0, 0.001, 0.1, 1.0, 10.0),
}
#: The number of best sellers that count: more than a list shows.
_BEST_SELLERS = 100
#: The most customers who are tested, the most orders of each, and the fewest customers for a choice.
MOST_CUSTOMERS, ORDERS_EACH, _FEWEST_CUSTOMERS = 500, 5, 30


@dataclass(frozen=True)
class Known:
    """What is known of customers before their next orders, and those orders.

    Attributes
    ----------
    ordered : ndarray of shape (n_customers, n_products)
        How many of their orders held a product.
    suits : ndarray of shape (n_customers, n_products)
        How well each product goes with those that the customer has.
    again, trend, popular : ndarray of shape (n_products,)
        How readily each product is bought again; its recent sales ÷ its sales over all time; see
        `popular_share`.
    whose : ndarray of shape (n_orders,)
        The customer's row, for each order that is to be predicted.
    next_orders : ndarray of bool, of shape (n_orders, n_products)
        Which products each of them holds.
    """

    ordered: np.ndarray
    suits: np.ndarray
    again: np.ndarray
    trend: np.ndarray
    popular: np.ndarray
    whose: np.ndarray
    next_orders: np.ndarray


def choose_habits(known: Known) -> dict[str, float]:
    """Choose weights by the ranks of the next orders' products in lists of ten (NDCG).

    A value is replaced only by one that is better by two and a half standard errors of their difference.

    Examples
    --------
    >>> nobody = np.zeros((0, 3))
    >>> none = np.zeros(0, dtype=int)
    >>> ones = np.ones(3)
    >>> choose_habits(Known(nobody, nobody, ones, ones, ones, none, nobody > 0)) == USUAL_HABITS
    True
    """
    best = dict(USUAL_HABITS)
    if len(known.ordered) < _FEWEST_CUSTOMERS:
        return best
    gains = _gains(known, best)
    for name, values in _TRIED.items():
        for value in values:
            if value == best[name]:
                continue
            found = _gains(known, {**best, name: value})
            if surely_more(found, gains):
                best, gains = {**best, name: value}, found
    return best


def popular_share(customers: np.ndarray) -> np.ndarray:
    """Return each best seller's customers ÷ the largest number, (n_products,); 0 for other products.

    Examples
    --------
    >>> popular_share(np.array([4, 0, 1]))
    array([1.  , 0.  , 0.25])
    """
    share: np.ndarray = customers / max(customers.max(initial=0), 1)
    share[np.argsort(-share, kind="stable")[_BEST_SELLERS:]] = 0
    return share


def habit_scores(
    ordered: sp.csr_array,
    suits: sp.csr_array,
    again: np.ndarray,
    trend: np.ndarray,
    popular: np.ndarray,
    affinity: float,
) -> sp.csr_array:
    """Return ``(orders · again + affinity · suits + popular) · trend``; powers are applied already."""
    scores = ordered @ sp.diags_array(again) + affinity * suits
    best = np.flatnonzero(popular)
    if len(best):
        n = ordered.shape[0]
        cells = np.tile(popular[best], n), np.tile(best, n), np.arange(n + 1) * len(best)
        scores = scores + sp.csr_array(cells, shape=ordered.shape)
    return sp.csr_array(scores @ sp.diags_array(trend))


def _gains(known: Known, habits: Mapping[str, float]) -> np.ndarray:
    again, trend = known.again ** habits["again"], known.trend ** habits["trend"]
    scores = known.suits * habits["affinity"]
    scores += known.ordered * again
    scores += habits["popular"] * known.popular
    scores *= trend
    top = best_places(scores, LIST)[known.whose]
    n = top.shape[1]
    discounts = 1 / np.log2(np.arange(2, n + 2))
    hit = np.take_along_axis(known.next_orders, top, axis=1) & (top >= 0)
    ideal = np.cumsum(discounts)[np.minimum(known.next_orders.sum(axis=1), n) - 1]
    gains = (hit * discounts).sum(axis=1) / ideal
    # The orders of one customer are alike, so each customer counts once, by their mean.
    of_customer: np.ndarray = np.bincount(known.whose, gains) / np.bincount(known.whose)
    return of_customer
