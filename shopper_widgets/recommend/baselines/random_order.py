"""Products in random order."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Self

import numpy as np
import scipy.sparse as sp

from shopper_widgets.recommend.base import Recommender
from shopper_widgets.recommend.purchases import read_purchases


class RandomOrder(Recommender):
    """All products in random order, which differs between customers and baskets, and is reproducible.

    Parameters
    ----------
    random_state : int, default=0
        Seed of all the orders.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame({"customer_id": ["1"] * 4, "product_id": list("ABCD"), "quantity": 1})
    >>> sorted(RandomOrder().fit(lines).recommend(basket=["B"])["product_id"])
    ['A', 'C', 'D']
    """

    def __init__(self, random_state: int = 0) -> None:
        self.random_state = random_state

    def fit(self, transactions: Any, y: None = None) -> Self:
        """Learn which products there are; parameters as in `Recommender.fit`."""
        self._remember(read_purchases(transactions))
        return self

    def _customer_scores(self, customers: np.ndarray) -> np.ndarray:
        return self._drawn([[row] for row in customers.tolist()])

    def _basket_scores(self, baskets: sp.csr_array) -> np.ndarray:
        baskets.sort_indices()
        return self._drawn([baskets.indices[a:b].tolist() for a, b in pairwise(baskets.indptr)])

    def _drawn(self, seeds: list[list[int]]) -> np.ndarray:
        shape = (len(seeds), len(self.catalogue_.ids))
        scores = np.empty(shape)
        for row, seed in enumerate(seeds):
            # Scores are above 0, which would mean no score, and at most 1.
            scores[row] = 1 - np.random.default_rng([self.random_state, *seed]).random(shape[1])
        return scores
