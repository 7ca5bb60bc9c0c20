"""Best sellers: the same list for everyone."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import scipy.sparse as sp

from shopper_widgets._support.checks import check_count
from shopper_widgets.recommend.base import Recommender
from shopper_widgets.recommend.purchases import read_history, read_purchases


class Popularity(Recommender):
    """Recommends the same list to everyone: products with most customers, whose number is the score.

    Ties: what more customers bought at any time, then the smaller product id.

    Parameters
    ----------
    last_days : int, optional
        Count only this many last days of the data (orders of the last 24 hours are its last day).

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame(
    ...     {"customer_id": ["1", "2", "2"], "product_id": ["A", "A", "B"], "quantity": [1, 1, 1]}
    ... )
    >>> Popularity().fit(lines).recommend(basket=["B"])
       rank product_id product_name  score
    0     1          A            A    2.0
    """

    buyers_: np.ndarray

    def __init__(self, last_days: int | None = None) -> None:
        self.last_days = last_days

    def fit(self, transactions: Any, y: None = None) -> Self:
        """Count the customers of each product; `last_days` needs ``order_id`` and ``ordered_at``."""
        if self.last_days is None:
            self._remember(read_purchases(transactions))
            self.buyers_ = self.catalogue_.customers.astype(float)
            return self
        check_count("last_days", self.last_days)
        history = read_history(transactions)
        self._remember(history.purchases)
        lately = history.age < self.last_days
        orders = history.orders[lately].tocoo()
        pairs = np.unique(np.stack([history.customer[lately][orders.coords[0]], orders.coords[1]]), axis=1)
        self.buyers_ = np.bincount(pairs[1], minlength=len(self.catalogue_.ids)).astype(float)
        return self

    def _basket_scores(self, baskets: sp.csr_array) -> np.ndarray:
        return np.broadcast_to(self.buyers_, baskets.shape)
