"""Which clues count in a shop, and how much: asked of its own latest orders, before they are learned from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.sparse as sp

from shopper_widgets.recommend.clues import (
    Together,
    dense_product,
    greatest_of_customer,
    of_lines,
    orders_of_customers,
    shrunk,
)

#: What is chosen, and what counts where the orders are too few to tell.
USUAL: dict[str, float] = {
    "half_life": 4.0,  # in days of the shop's rhythm, a quarter of how long its purchases say something
    "customer_weight": 1.0,
    "order_weight": 1.0,
    "customer_damping": -0.25,
    "order_damping": -1.0,
    "shrinkage": 15.0,
    "popularity_discount": 0.15,
    "name_weight": 0.3,
}
#: Other ways, that are best in one shop or another: cosines of customers and of orders, and what most often
#: follows in an order, shrunk.
_OTHERS: tuple[dict[str, float], ...] = tuple(
    {**USUAL, "half_life": np.inf, "customer_damping": 0.0, "order_damping": 0.0, "name_weight": 0.0, **way}
    for way in (
        {"order_weight": 0.0, "shrinkage": 0.0, "popularity_discount": 0.5},
        {"order_weight": 0.0, "shrinkage": 10.0, "popularity_discount": 0.5},
        {"customer_weight": 0.0, "shrinkage": 0.0, "popularity_discount": 0.5},
        {"customer_weight": 0.0, "shrinkage": 10.0, "popularity_discount": 0.25},
    )
)
#: What is tried for each, one after another.
_TRIED: dict[str, tuple[float, ...]] = {
    "half_life": (2.0, 4.0, 8.0, np.inf),
    "customer_weight": (0.0, 0.5, 1.0, 2.0),
    "order_weight": (0.0, 0.5, 1.0, 2.0),
    "order_damping": (-1.0, -0.5, 0.0),
    "customer_damping": (-0.5, -0.25, 0.0),
    "popularity_discount": (0.0, 0.15, 0.5),
    "shrinkage": (0.0, 5.0, 15.0, 40.0),
    "name_weight": (0.0, 0.1, 0.3, 1.0),
}
#: A change has to be better by so many standard errors: among thirty ways, one is a little better by chance.
_SURE = 2.5
#: The newest share of the orders that is asked about, how many baskets of it, and how many products of each.
_HELD_OUT, _MOST_BASKETS, _PER_BASKET = 0.2, 600, 2
#: Fewer baskets tell nothing.
_FEWEST_BASKETS = 30
#: Cells of products asked about and products that may follow: 16 MB.
MOST_CELLS = 2_000_000
#: Lines that the check looks at.
_MOST_LINES = 1_000_000
_LIST = 10


@dataclass(frozen=True)
class Orders:
    """Orders of a shop: products of each, whose it was, and days before the last of all."""

    products: sp.csr_array
    customer: np.ndarray
    age: np.ndarray


def choose_clues(
    orders: Orders, names: sp.csr_array, rhythm: float, fixed: Mapping[str, float]
) -> dict[str, float]:
    """Choose what the clues count, by what they would have said of the latest baskets.

    The newest fifth of the orders is held out. One product of a basket is shown, and each way is judged by
    how high the others stand in its list of ten (NDCG). A way is left for another only where that one is
    better by more than the standard error of their difference.

    Parameters
    ----------
    orders : Orders
    names : csr_array of shape (n_products, n_words)
        Name vectors.
    rhythm : float
        Days that the shop's half-lives are multiples of.
    fixed : mapping of str to float
        What is given and not to be chosen, `half_life` in days.

    Returns
    -------
    dict of str to float
        A number for each of `USUAL`, `half_life` in days.
    """
    given = {**fixed, **({"half_life": fixed["half_life"] / rhythm} if "half_life" in fixed else {})}
    best = {**USUAL, **given}
    check = _Check.of(of_some(orders), names, rhythm)
    if check is not None and len(given) < len(USUAL):
        gains = check.gains(best)
        for way in _ways(given):
            best, gains = check.better(best, gains, way)
        for name, values in _TRIED.items():
            if name not in given:
                for value in values:
                    best, gains = check.better(best, gains, {**best, name: value})
    return {**best, "half_life": best["half_life"] * rhythm}


def split_orders(orders: Orders) -> tuple[Orders, Orders] | None:
    """Return the earlier orders, their age from then on, and the newest fifth; None where that is too few."""
    n_later = int(_HELD_OUT * len(orders.age))
    if n_later < _FEWEST_BASKETS:
        return None
    cut = np.sort(orders.age)[n_later]
    later = orders.age < cut
    earlier = Orders(orders.products[~later], orders.customer[~later], orders.age[~later] - cut)
    return earlier, Orders(orders.products[later], orders.customer[later], orders.age[later])


def of_some(orders: Orders) -> Orders:
    """Return the orders of some customers, evenly drawn, where there are very many lines."""
    every = -(-orders.products.nnz // _MOST_LINES)
    kept = orders.customer % every == 0
    return orders if every <= 1 else Orders(orders.products[kept], orders.customer[kept], orders.age[kept])


def _ways(given: Mapping[str, float]) -> Iterator[dict[str, float]]:
    yield from ({**way, **given} for way in _OTHERS)


class _Check:
    """Baskets of later orders, and what is known of them from the earlier ones."""

    def __init__(self, known: Orders, names: sp.csr_array, rhythm: float, later: sp.csr_array) -> None:
        n_products = known.products.shape[1]
        sold = np.bincount(known.products.indices, minlength=n_products) > 0
        held = (later.toarray() > 0) & sold
        held = held[held.sum(axis=1) > 1]
        shown = [np.flatnonzero(row)[spread(int(row.sum()), _PER_BASKET)] for row in held]
        self._basket = np.repeat(np.arange(len(held)), [len(s) for s in shown])
        product = np.concatenate(shown) if shown else np.empty(0, dtype=int)
        self.asked, self._question = np.unique(product, return_inverse=True)
        self._held = held
        self._hidden = held.sum(axis=1)[self._basket] - 1
        self._known, self._rhythm = known, rhythm
        purchases = orders_of_customers(known.products, known.customer, int(known.customer.max()) + 1)
        self._purchases = purchases
        ones = sp.csr_array(
            (np.ones(purchases.nnz), purchases.indices, purchases.indptr), shape=purchases.shape
        )
        self._never = dense_product(ones.T.tocsr()[self.asked], ones) == 0
        self._never[np.arange(len(self.asked)), self.asked] = True
        self._names = dense_product(names[self.asked], names.T.tocsr())
        self._both = lru_cache(maxsize=4)(self._both_of)  # the best way's two, and those that are tried
        self._discounts = 1 / np.log2(np.arange(2, _LIST + 2))

    @classmethod
    def of(cls, orders: Orders, names: sp.csr_array, rhythm: float) -> _Check | None:
        """Split the orders; None where there is too little to ask."""
        split = split_orders(orders)
        if split is None:
            return None
        known, later = split
        baskets = np.flatnonzero(np.diff(later.products.indptr) > 1)
        room = min(_MOST_BASKETS, MOST_CELLS // (_PER_BASKET * orders.products.shape[1]) + _FEWEST_BASKETS)
        baskets = baskets[spread(len(baskets), room)]
        if len(baskets) < _FEWEST_BASKETS:
            return None
        check = cls(known, names, rhythm, later.products[baskets])
        return check if len(check._basket) >= _FEWEST_BASKETS else None

    def better(
        self, best: dict[str, float], gains: np.ndarray, other: dict[str, float]
    ) -> tuple[dict[str, float], np.ndarray]:
        """Return the other way and its gains where it is surely better, else the first."""
        if other == best or not other["customer_weight"] + other["order_weight"]:
            return best, gains
        found = self.gains(other)
        difference = found - gains
        error = difference.std() / np.sqrt(len(difference))
        return (other, found) if difference.mean() > _SURE * error else (best, gains)

    def gains(self, way: Mapping[str, float]) -> np.ndarray:
        """Return the NDCG of each basket, the mean over what is asked about it."""
        scores = way["name_weight"] * self._names
        for clue in ("customer", "order"):
            if weight := way[f"{clue}_weight"]:
                both, count = self._both(clue, way["half_life"], way[f"{clue}_damping"])
                scores = scores + weight * shrunk(
                    both, count[self.asked][:, None], count, way["shrinkage"], way["popularity_discount"]
                )
        scores[self._never] = -np.inf
        n = min(_LIST, scores.shape[1] - 1)
        top = np.argpartition(-scores, n, axis=1)[:, :n]
        top_scores = np.take_along_axis(scores, top, axis=1)
        top = np.take_along_axis(top, np.argsort(-top_scores, axis=1, kind="stable"), axis=1)
        shown = np.isfinite(np.take_along_axis(scores, top, axis=1))
        hit = self._held[self._basket[:, None], top[self._question]] & shown[self._question]
        ideal = np.cumsum(self._discounts)[np.minimum(self._hidden, _LIST) - 1]
        gains = (hit * self._discounts[:n]).sum(axis=1) / ideal
        counts = np.bincount(self._basket)
        return np.bincount(self._basket, gains) / counts

    def _both_of(self, clue: str, half_life: float, damping: float) -> tuple[np.ndarray, np.ndarray]:
        known = self._known
        weights = 0.5 ** (known.age / (half_life * self._rhythm))
        if clue == "order":
            weighted = of_lines(known.products, weights)
        else:
            weighted = greatest_of_customer(known.products, known.customer, self._purchases, weights)
        together = Together(weighted, damping)
        return together.both(self.asked), together.count


def spread(n: int, most: int) -> np.ndarray:
    """Return at most so many places, evenly spread."""
    places: np.ndarray = (
        np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(int)) if n else np.arange(0)
    )
    return places
