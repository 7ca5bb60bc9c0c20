"""What a recommender has to beat."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from shopper_widgets.basket_recommender import BasketRecommender


class Popularity(BasketRecommender):
    """The same list for everyone: what most customers bought. The score is the number of customers.

    Ties: the smaller product id comes first.

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

    def fit(self, transactions: Any, y: None = None) -> Self:
        """Count the customers of each product; parameters as in `BasketRecommender.fit`."""
        self._learn_purchases(transactions)
        return self

    def _best(
        self, baskets: list[np.ndarray], n: int, include_owned: bool
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        customers = self.catalogue_.customers
        order = np.argsort(-customers, kind="stable")
        if include_owned:
            lists = [order[:n] for _ in baskets]
        else:
            fronts = [(order[: n + len(owned)], set(owned.tolist())) for owned in baskets]
            lists = [front[[product not in owned for product in front]][:n] for front, owned in fronts]
        products = np.concatenate([*lists, np.empty(0, dtype=np.intp)])
        return products, customers[products].astype(float), np.cumsum([0, *map(len, lists)])
