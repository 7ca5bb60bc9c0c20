"""What the customer always buys."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import scipy.sparse as sp

from shopper_widgets.recommend.base import Recommender
from shopper_widgets.recommend.purchases import read_history


class PersonalFrequency(Recommender):
    """P-TopFreq: the products in most of a customer's orders; GP-TopFreq: then popular products.

    The baselines that Li et al. find hard to beat ("A next basket recommendation reality check", ACM TOIS
    2023, arXiv 2109.14233). Ask with ``include_owned=True``. Ties: what more customers bought, then the
    smaller product id. A basket has no past: P-TopFreq returns nothing, GP-TopFreq popular products.

    Parameters
    ----------
    fill : bool, default=True
        Whether popular products follow, as in GP-TopFreq.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame({
    ...     "order_id": list("12233"), "customer_id": list("11122"), "product_id": list("AABBC"),
    ...     "quantity": 1, "ordered_at": pd.Timestamp("2011-01-01"),
    ... })
    >>> PersonalFrequency().fit(lines).recommend("1", include_owned=True)["product_id"].tolist()
    ['A', 'B', 'C']
    """

    def __init__(self, fill: bool = True) -> None:
        self.fill = fill

    def fit(self, transactions: Any, y: None = None) -> Self:
        """Count each customer's orders of a product; ``order_id`` and ``ordered_at`` are needed."""
        history = read_history(transactions)
        self._remember(history.purchases)
        self.purchases_ = history.orders_of_customers()
        return self

    def _customer_scores(self, customers: np.ndarray) -> sp.csr_array | np.ndarray:
        orders = self.purchases_[customers]
        return orders.toarray() + self._popular() if self.fill else orders

    def _basket_scores(self, baskets: sp.csr_array) -> sp.csr_array | np.ndarray:
        return np.broadcast_to(self._popular(), baskets.shape) if self.fill else sp.csr_array(baskets.shape)

    def _popular(self) -> np.ndarray:
        """Return the customers of each product, scaled to less than one order."""
        customers = self.catalogue_.customers
        popular: np.ndarray = customers / (customers.max() + 1)
        return popular
