"""Products that the customer repeats, with a small weight for those that similar customers repeat."""

from __future__ import annotations

import numbers
from typing import Any, Self

import numpy as np
import scipy.sparse as sp

from shopper_widgets._support.checks import check_count, plain
from shopper_widgets.recommend.base import Recommender
from shopper_widgets.recommend.neighbors import dense_product
from shopper_widgets.recommend.purchases import read_history


class TifuKNN(Recommender):
    """TIFU-KNN: a customer's orders averaged with decay, blended with those of the nearest customers.

    Hu, He, Gao and Zhang, "Modeling personalized item frequency information for next-basket recommendation"
    (SIGIR 2020, arXiv 2006.00556). A customer's orders, oldest first, are cut from the newest on into groups
    of `group_size`, so that the oldest group may be smaller. Within a group the j-th order from its end
    weighs ``within_decay^j``, among groups the j-th from the end ``group_decay^j``; a group's vector is the
    mean over its orders, the customer's vector the mean over the groups. The prediction is
    ``alpha × vector + (1 − alpha) × mean vector of the n_neighbors nearest customers`` (Euclidean; not
    themselves). Ask with ``include_owned=True``. A basket counts as a customer's only order.

    Parameters
    ----------
    group_size : int, default=7
        Orders in a group.
    within_decay : float, default=0.9
        From 0 to 1: the weight of an order as a share of the next one's in its group.
    group_decay : float, default=0.7
        From 0 to 1: the weight of a group as a share of the next one's.
    n_neighbors : int, default=300
        How many other customers count, besides the customer's own orders.
    alpha : float, default=0.7
        The defaults are the paper's for Ta-Feng, the set of a supermarket.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame({
    ...     "order_id": list("12234"), "customer_id": list("11123"), "product_id": list("AABBA"),
    ...     "quantity": 1, "ordered_at": pd.Timestamp("2011-01-01"),
    ... })
    >>> TifuKNN(n_neighbors=1).fit(lines).recommend("1", include_owned=True)["product_id"].tolist()
    ['A', 'B']
    """

    vectors_: sp.csr_array
    lengths_: np.ndarray

    def __init__(
        self,
        group_size: int = 7,
        within_decay: float = 0.9,
        group_decay: float = 0.7,
        n_neighbors: int = 300,
        alpha: float = 0.7,
    ) -> None:
        self.group_size = group_size
        self.within_decay = within_decay
        self.group_decay = group_decay
        self.n_neighbors = n_neighbors
        self.alpha = alpha

    def fit(self, transactions: Any, y: None = None) -> Self:
        """Make each customer's vector; ``order_id`` and ``ordered_at`` are needed."""
        check_count("group_size", self.group_size)
        check_count("n_neighbors", self.n_neighbors)
        for parameter in ("within_decay", "group_decay", "alpha"):
            value: float = getattr(self, parameter)
            if not (isinstance(value, numbers.Real) and 0 <= value <= 1):
                raise ValueError(f"{parameter} must be from 0 to 1; got {plain(value)!r}")
        history = read_history(transactions)
        self._remember(history.purchases)
        n_orders = len(history.customer)
        newest_first = np.lexsort((-np.arange(n_orders), history.age, history.customer))
        customer = history.customer[newest_first]
        count = np.bincount(customer)[customer]
        place = np.arange(n_orders) - np.searchsorted(customer, customer)
        group, within = np.divmod(place, self.group_size)
        n_groups = -(-count // self.group_size)
        oldest = count - (n_groups - 1) * self.group_size
        size = np.where(group == n_groups - 1, oldest, self.group_size)
        weight = self.within_decay**within / size * self.group_decay**group / n_groups
        cells = (weight, (customer, newest_first))
        mean = sp.coo_array(cells, shape=(len(self.customer_ids_), n_orders)).tocsr()
        self.vectors_ = (mean @ history.orders).tocsr()
        self.lengths_ = self.vectors_.power(2).sum(axis=1)
        return self

    def _customer_scores(self, customers: np.ndarray) -> sp.csr_array:
        return self._predict(self.vectors_[customers], customers)

    def _basket_scores(self, baskets: sp.csr_array) -> sp.csr_array:
        return self._predict(baskets, None)

    def _predict(self, vectors: sp.csr_array, themselves: np.ndarray | None) -> sp.csr_array:
        # The squared length of the customer's own vector is left out: it is the same in all their distances.
        distance = self.lengths_ - 2 * dense_product(vectors, self.vectors_.T.tocsr())
        others = len(self.lengths_)
        if themselves is not None:
            distance[np.arange(len(themselves)), themselves] = np.inf
            others -= 1
        k = min(self.n_neighbors, others)
        if k < 1:
            return self.alpha * vectors
        # Sums of floats differ in their last bits: rounding keeps equally near customers in the order of
        # their ids.
        distance = np.round(distance, 12)
        nearest = np.stack([_smallest(row, k) for row in distance])
        shape = (vectors.shape[0], len(self.lengths_))
        mean = sp.csr_array(
            (np.full(nearest.size, 1 / k), nearest.ravel(), np.arange(0, nearest.size + 1, k)), shape=shape
        )
        return sp.csr_array(self.alpha * vectors + (1 - self.alpha) * (mean @ self.vectors_))


def _smallest(values: np.ndarray, k: int) -> np.ndarray:
    """Return the positions of the k smallest values in no order, the first of equal ones, without a sort."""
    last = np.partition(values, k - 1)[k - 1]
    below = np.flatnonzero(values < last)
    ties: np.ndarray = np.flatnonzero(values == last)[: k - len(below)]
    return np.concatenate([below, ties])
