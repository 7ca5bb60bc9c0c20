"""The weights of clues, popularity discount and shrinkage that suit a shop, chosen on its latest orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.sparse as sp

from shopper_widgets.recommend.clues import (
    GreatestOfCustomer,
    Together,
    of_lines,
    orders_of_customers,
)
from shopper_widgets.recommend.later_baskets import (
    FEWEST_BASKETS,
    LIST,
    PER_BASKET,
    LaterBaskets,
    best_places,
    surely_more,
)
from shopper_widgets.recommend.neighbors import counted, dense_product
from shopper_widgets.recommend.popularity_discount import discounted, shrunk
from shopper_widgets.recommend.second_step import TRIED_STEPS, USUAL_STEPS, Candidates

#: The parameters that are chosen, with the values used where the orders are too few to choose.
USUAL: dict[str, float] = {
    "half_life": 4.0,  # in rhythms of the shop: see `rhythm_of`
    "customer_weight": 1.0,
    "order_weight": 1.0,
    "customer_damping": -0.25,
    "order_damping": -1.0,
    "shrinkage": 15.0,
    "popularity_discount": 0.15,
    "name_weight": 0.3,
}
#: Other ways, each the best in some shop: the cosine over customers or over orders, with or without
#: shrinkage.
_OTHERS: tuple[dict[str, float], ...] = tuple(
    {**USUAL, "half_life": np.inf, "customer_damping": 0.0, "order_damping": 0.0, "name_weight": 0.0, **way}
    for way in (
        {"order_weight": 0.0, "shrinkage": 0.0, "popularity_discount": 0.5},
        {"order_weight": 0.0, "shrinkage": 10.0, "popularity_discount": 0.5},
        {"customer_weight": 0.0, "shrinkage": 0.0, "popularity_discount": 0.5},
        {"customer_weight": 0.0, "shrinkage": 10.0, "popularity_discount": 0.25},
    )
)
#: The values that are tried for each parameter, one parameter after another.
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
#: The newest share of the orders, which tests the ways (with a larger share, the test would look further
#: ahead than the time to the next fit), and the most baskets from it.
_HELD_OUT, _MOST_BASKETS = 0.1, 3000
#: The most cells of a table of products shown by products that may follow: 16 MB.
MOST_CELLS = 2_000_000
#: The most order lines that the check uses.
_MOST_LINES = 1_000_000


@dataclass(frozen=True)
class Orders:
    """Orders of a shop: the products and the customer of each, and its age in days before the last order."""

    products: sp.csr_array
    customer: np.ndarray
    age: np.ndarray


def rhythm_of(orders: Orders) -> float:
    """Return the shop's rhythm in days: the usual gap, but at least a twelfth of all days, and one day."""
    by_customer = np.lexsort((orders.age, orders.customer))
    customer, age = orders.customer[by_customer], orders.age[by_customer]
    gaps = np.diff(age)[(np.diff(customer) == 0) & (np.diff(age) > 0.5)]
    usual = float(np.median(gaps)) if len(gaps) else 0.0
    return max(1.0, usual, float(age.max(initial=0)) / 12)


def choose_clues(check: Check | None, rhythm: float, fixed: Mapping[str, float]) -> dict[str, float]:
    """Choose the weights of the clues, by how well they would have predicted the latest baskets.

    A set of weights is replaced only by one that is better by two and a half standard errors of their
    difference.

    Parameters
    ----------
    check : Check, optional
        The latest baskets; without any, the usual weights apply.
    rhythm : float
        Days, of which the shop's half-lives are multiples.
    fixed : mapping of str to float
        Weights that are given, not chosen, with `half_life` in days.

    Returns
    -------
    dict of str to float
        A number for each of `USUAL`, `half_life` in days.
    """
    given = {**fixed, **({"half_life": fixed["half_life"] / rhythm} if "half_life" in fixed else {})}
    best = {**USUAL, **given}
    if check is not None and len(given) < len(USUAL):
        gains = check.gains(best)
        for way in _ways(given):
            best, gains = check.better(best, gains, way)
        for name, values in _TRIED.items():
            if name not in given:
                for value in values:
                    best, gains = check.better(best, gains, {**best, name: value})
    return {**best, "half_life": best["half_life"] * rhythm}


def choose_steps(later: LaterBaskets | None, known: Candidates, n_neighbors: int) -> dict[str, float]:
    """Choose the weights of the second step in the same way; candidates are from the earlier orders only."""
    best = dict(USUAL_STEPS)
    if later is not None:
        gains = later.gains(known.lists(later.asked, best, LIST, n_neighbors))
        for name, values in TRIED_STEPS.items():
            for value in values:
                if (other := {**best, name: value}) != best:
                    found = later.gains(known.lists(later.asked, other, LIST, n_neighbors))
                    if surely_more(found, gains):
                        best, gains = other, found
    return best


def split_orders(orders: Orders) -> tuple[Orders, Orders] | None:
    """Return the earlier orders, aged at the cut, and the newest tenth; None where these are too few."""
    n_later = int(_HELD_OUT * len(orders.age))
    if n_later < FEWEST_BASKETS:
        return None
    cut = np.sort(orders.age)[n_later]
    later = orders.age < cut
    earlier = Orders(orders.products[~later], orders.customer[~later], orders.age[~later] - cut)
    return earlier, Orders(orders.products[later], orders.customer[later], orders.age[later])


def later_baskets(known: Orders, later: Orders, most: int) -> LaterBaskets | None:
    """Return questions about later baskets of known products; None where there are too few."""
    n_products = known.products.shape[1]
    sold = np.bincount(known.products.indices, minlength=n_products) > 0
    baskets = LaterBaskets(later.products, sold, most)
    return baskets if len(baskets) >= FEWEST_BASKETS else None


def of_some(orders: Orders) -> Orders:
    """Return the orders of every n-th customer if there are very many lines."""
    every = -(-orders.products.nnz // _MOST_LINES)
    kept = orders.customer % every == 0
    return orders if every <= 1 else Orders(orders.products[kept], orders.customer[kept], orders.age[kept])


def _ways(given: Mapping[str, float]) -> Iterator[dict[str, float]]:
    yield from ({**way, **given} for way in _OTHERS)


class Check:
    """A test of ways to score: baskets of later orders, and what the earlier orders say about them.

    One product of a basket is shown, and each way is judged by how high its list of ten ranks the others
    (NDCG).
    """

    def __init__(self, known: Orders, later: LaterBaskets, names: sp.csr_array, rhythm: float) -> None:
        self._known, self._later, self._rhythm = known, later, rhythm
        asked = later.asked
        self._asked = asked
        purchases = orders_of_customers(known.products, known.customer, int(known.customer.max()) + 1)
        self._greatest = GreatestOfCustomer(known.products, known.customer, purchases)
        bought = counted(purchases)
        # A product that nobody bought with the other scores 0, whatever its name.
        ever = dense_product(bought.T.tocsr()[asked], bought) > 0
        ever[np.arange(len(asked)), asked] = False
        self._names = dense_product(names[asked], names.T.tocsr()).astype(np.float32) * ever
        # Tables of this size are reused, which is faster than making new ones.
        self._scores, self._term = np.empty_like(self._names), np.empty_like(self._names)
        # The caches hold two tables of the best way and two of the last one tried; most ways differ from the
        # best in one clue, or only in the weights.
        self._both, self._part = lru_cache(maxsize=4)(self._both_of), lru_cache(maxsize=4)(self._part_of)

    @classmethod
    def of(cls, known: Orders, later: Orders, names: sp.csr_array, rhythm: float) -> Check | None:
        """Make a check of `known` orders by `later` ones; None where there are too few questions."""
        n_products = known.products.shape[1]
        # With few products, each of them may be shown.
        of_many = MOST_CELLS // (PER_BASKET * n_products) + FEWEST_BASKETS
        room = _MOST_BASKETS if n_products**2 <= MOST_CELLS else min(of_many, _MOST_BASKETS)
        baskets = later_baskets(known, later, room)
        return None if baskets is None else cls(known, baskets, names, rhythm)

    def better(
        self, best: dict[str, float], gains: np.ndarray, other: dict[str, float]
    ) -> tuple[dict[str, float], np.ndarray]:
        """Return the other way and its gains if it is surely better, else the best one so far."""
        if other == best or not other["customer_weight"] + other["order_weight"]:
            return best, gains
        found = self.gains(other)
        return (other, found) if surely_more(found, gains) else (best, gains)

    def gains(self, way: Mapping[str, float]) -> np.ndarray:
        """Return the NDCG of each basket: the mean over its questions."""
        scores = np.multiply(self._names, way["name_weight"], out=self._scores)
        for clue in ("customer", "order"):
            if weight := way[f"{clue}_weight"]:
                how = (way["half_life"], way[f"{clue}_damping"], way["popularity_discount"], way["shrinkage"])
                scores += np.multiply(self._part(clue, *how), weight, out=self._term)
        return self._later.gains(best_places(scores, LIST))

    def _part_of(
        self, clue: str, half_life: float, damping: float, discount: float, shrinkage: float
    ) -> np.ndarray:
        both, count = self._both(clue, half_life, damping)
        return shrunk(both, np.sqrt(count[self._asked])[:, None], discounted(count, discount), shrinkage)

    def _both_of(self, clue: str, half_life: float, damping: float) -> tuple[np.ndarray, np.ndarray]:
        known = self._known
        weights = 0.5 ** (known.age / (half_life * self._rhythm))
        weighted = of_lines(known.products, weights) if clue == "order" else self._greatest.of(weights)
        # Single precision ranks a list equally well, in half the time.
        together = Together(weighted.astype(np.float32), damping)
        both = together.both(self._asked)
        both[np.arange(len(self._asked)), self._asked] = 0
        return both, together.count.astype(np.float32)
