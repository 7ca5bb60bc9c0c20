"""What a recommender has to beat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from shopper_widgets._state import PlainStateEstimator
from shopper_widgets.catalogue import Catalogue
from shopper_widgets.errors import check_count
from shopper_widgets.purchases import read_purchases


class Popularity(PlainStateEstimator):
    """The same list for everyone: what most customers bought, without what is in the basket.

    Attributes
    ----------
    catalogue_ : Catalogue
        The products and how many customers bought each.

    Notes
    -----
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

    catalogue_: Catalogue

    def fit(self, transactions: Any, y: None = None) -> Self:
        """Count the customers of each product.

        Parameters
        ----------
        transactions : frame
            As for `ItemRecommender.fit`.
        y : None
            Ignored; scikit-learn's convention.

        Returns
        -------
        Popularity
        """
        purchases = read_purchases(transactions)
        customers = np.bincount(purchases.quantity.indices, minlength=len(purchases.product_ids))
        self.catalogue_ = Catalogue(purchases.product_ids, purchases.product_names, customers)
        return self

    def recommend(self, *, basket: Iterable[str], n: int = 10) -> pd.DataFrame:
        """Return the most popular products that are not in the basket.

        Parameters
        ----------
        basket : iterable of str
            Product ids or whole names.
        n : int, default=10

        Returns
        -------
        DataFrame
            ``rank, product_id, product_name, score``, where the score is the number of customers.
        """
        lists = self.recommend_baskets([basket], n=n)
        index = [self.catalogue_.find(product) for product in lists["product_id"]]
        return pd.DataFrame(
            {
                "rank": lists["rank"],
                "product_id": lists["product_id"],
                "product_name": self.catalogue_.names[index],
                "score": lists["score"],
            }
        )

    def recommend_baskets(self, baskets: Sequence[Iterable[str]], *, n: int = 10) -> pd.DataFrame:
        """Return `recommend` for many baskets: ``basket`` (position), ``rank``, ``product_id``, ``score``."""
        check_is_fitted(self)
        check_count("n", n)
        shop = self.catalogue_
        order = np.lexsort((shop.ids, -shop.customers))
        found = [{shop.find(product) for product in basket} for basket in baskets]
        lists = []
        for owned in found:
            front = order[: n + len(owned)]
            lists.append(front[[product not in owned for product in front]][:n])
        lengths = [len(products) for products in lists]
        products = np.concatenate([*lists, np.empty(0, dtype=np.intp)])
        return pd.DataFrame(
            {
                "basket": np.repeat(np.arange(len(baskets)), lengths),
                "rank": np.concatenate([np.arange(1, length + 1) for length in [*lengths, 0]]),
                "product_id": shop.ids[products],
                "score": shop.customers[products].astype(float),
            }
        )
