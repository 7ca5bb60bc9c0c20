"""Products in the same orders."""

from __future__ import annotations

from typing import Any, Self

import scipy.sparse as sp

from shopper_widgets._support.checks import check_at_least
from shopper_widgets.recommend.base import Recommender
from shopper_widgets.recommend.clues import nearest_in_orders
from shopper_widgets.recommend.purchases import read_history


class OrderCosine(Recommender):
    """Products in the same orders: ``n_ab / (√n_a · n_b^popularity_discount + shrinkage)``, n in orders.

    With the defaults the cosine between the products' orders (Sarwar et al., "Item-based collaborative
    filtering recommendation algorithms", WWW 2001, with orders for users). With a smaller discount and a
    shrinkage, this one line is hard to beat in shops where few customers fill many baskets. Of each product
    the 50 nearest count. A customer's past is a basket.

    Parameters
    ----------
    popularity_discount : float, default=0.5
        The power of n_b: 0 favors what follows most often, 0.5 is the cosine's.
    shrinkage : float, default=0
        In orders, as the denominator: a larger one lowers the scores of pairs with few orders.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame({
    ...     "order_id": list("112233"), "customer_id": list("111122"), "product_id": list("ABABAC"),
    ...     "quantity": 1, "ordered_at": pd.Timestamp("2011-01-01"),
    ... })
    >>> OrderCosine().fit(lines).recommend(basket=["A"])[["product_id", "score"]].round(3)
      product_id  score
    0          B  0.816
    1          C  0.577
    """

    scores_: sp.csr_array

    def __init__(self, popularity_discount: float = 0.5, shrinkage: float = 0) -> None:
        self.popularity_discount = popularity_discount
        self.shrinkage = shrinkage

    def fit(self, transactions: Any, y: None = None) -> Self:
        """Find the nearest products of each product; ``order_id`` and ``ordered_at`` are needed."""
        for parameter in ("popularity_discount", "shrinkage"):
            check_at_least(parameter, getattr(self, parameter), 0)
        history = read_history(transactions)
        self._remember(history.purchases)
        self.scores_ = nearest_in_orders(history.orders, 50, self.shrinkage, self.popularity_discount)
        return self

    def _basket_scores(self, baskets: sp.csr_array) -> sp.csr_array:
        return baskets @ self.scores_
