"""The products of the last order."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import scipy.sparse as sp

from shopper_widgets.recommend.base import Recommender
from shopper_widgets.recommend.purchases import read_history


class LastOrder(Recommender):
    """Recommends the products of a customer's last order; ask with ``include_owned=True``.

    Of several orders at one moment, it is the one with the greatest id. Products are sorted by their number
    of customers, then by the smaller id. A basket has no earlier order, and so no answer.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame({
    ...     "order_id": list("122"), "customer_id": list("111"), "product_id": list("ABC"), "quantity": 1,
    ...     "ordered_at": pd.to_datetime(["2011-01-01", "2011-01-02", "2011-01-02"]),
    ... })
    >>> LastOrder().fit(lines).recommend("1", include_owned=True)["product_id"].tolist()
    ['B', 'C']
    """

    last_: sp.csr_array

    def fit(self, transactions: Any, y: None = None) -> Self:
        """Remember each customer's last order; ``order_id`` and ``ordered_at`` are needed."""
        history = read_history(transactions)
        self._remember(history.purchases)
        oldest_first = np.lexsort((-history.age, history.customer))
        last = oldest_first[np.diff(history.customer[oldest_first], append=-1) != 0]
        self.last_ = history.orders[last]
        return self

    def _customer_scores(self, customers: np.ndarray) -> sp.csr_array:
        return self.last_[customers]

    def _basket_scores(self, baskets: sp.csr_array) -> sp.csr_array:
        return sp.csr_array(baskets.shape)
