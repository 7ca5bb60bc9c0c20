"""What a recommender has to beat."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import scipy.sparse as sp

from shopper_widgets.basket_recommender import BasketRecommender
from shopper_widgets.purchases import read_purchases


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
        self._remember(read_purchases(transactions))
        return self

    def _basket_scores(self, baskets: sp.csr_array) -> sp.csr_array:
        return sp.csr_array(np.tile(self.catalogue_.customers.astype(float), (baskets.shape[0], 1)))
