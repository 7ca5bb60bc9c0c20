"""Questions that a model answers about one customer or one product; its estimators take more options."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from shopper_widgets.columns import FREQUENCY, MONETARY, RECENCY
from shopper_widgets.model.parts import ModelParts
from shopper_widgets.segments import Explanation, RuleExplanation


@dataclass(repr=False)
class ModelAnswers(ModelParts):
    """A model that is asked: see :class:`~shopper_widgets.ShopperModel`."""

    def recommend(
        self, customer_id: str | None = None, *, basket: Iterable[str] | None = None, n: int = 10
    ) -> pd.DataFrame:
        """Recommend products to a customer, or for a basket: `recommender.recommend`, which takes more.

        Parameters
        ----------
        customer_id : str, optional
            Whom to recommend to: one of ``customers``.
        basket : iterable of str, optional
            Product ids or whole names. Exactly one of customer_id and basket must be given.
        n : int, default 10
            Maximum number of products.

        Returns
        -------
        DataFrame
            ``rank, product_id, product_name, score`` and the evidence, best first.

        Raises
        ------
        UnknownCustomerError, UnknownProductError
            Both KeyErrors.
        AmbiguousProductError, ValueError
            For a name of several products; for an empty basket, or both or neither of customer_id and basket.

        Examples
        --------
        >>> from shopper_widgets import ShopperModel
        >>> from shopper_widgets.datasets import make_transactions
        >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
        >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
        >>> model.recommend(model.customers["customer_id"].iloc[0], n=3)["rank"].tolist()
        [1, 2, 3]
        """
        return self.recommender.recommend(customer_id, basket=basket, n=n)

    def similar(self, product: str, n: int = 10) -> pd.DataFrame:
        """Return the products most similar to one: `recommender.similar`.

        Parameters
        ----------
        product : str
            An id, or a whole name.
        n : int, default 10
            Maximum number of products, up to the recommender's ``n_neighbors``.

        Returns
        -------
        DataFrame
            ``rank, product_id, product_name, score`` and the evidence, best first.

        Raises
        ------
        UnknownProductError
            A KeyError: no product has this id or name.
        AmbiguousProductError, ValueError
            Several products have the name; `n` is below 1 or above the recommender's ``n_neighbors``.

        Examples
        --------
        >>> from shopper_widgets import ShopperModel
        >>> from shopper_widgets.datasets import make_transactions
        >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
        >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
        >>> len(model.similar(model.products["product_id"].iloc[0], n=3))
        3
        """
        return self.recommender.similar(product, n=n)

    def predict(self, recency: float, frequency: float, monetary: float) -> str:
        """Return the segment of a customer with these figures; for many at once, see `segmenter.predict`.

        Parameters
        ----------
        recency : float
            Days since the last order.
        frequency : float
            Orders.
        monetary : float
            Money spent, in `currency`.

        Returns
        -------
        str
            The name of the segment, one of ``segments``.

        Raises
        ------
        ValueError
            A figure is no number or out of range.

        Examples
        --------
        >>> from shopper_widgets import ShopperModel
        >>> from shopper_widgets.datasets import make_transactions
        >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
        >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
        >>> model.predict(recency=3, frequency=6, monetary=3_000)
        'High-Value'
        """
        figures = {RECENCY: [recency], FREQUENCY: [frequency], MONETARY: [monetary]}
        return str(self.segmenter.predict(pd.DataFrame(figures))[0])

    def explain(self, customer_id: str) -> Explanation | RuleExplanation:
        """Say why a customer is in their segment, and what would move them to another.

        Parameters
        ----------
        customer_id : str
            One of ``customers``.

        Returns
        -------
        Explanation
            Or a `RuleExplanation` where the segmenter is a `RuleSegmenter`. Its ``sentences`` are for
            readers; see :meth:`CustomerSegmenter.explain`.

        Raises
        ------
        KeyError
            There is no such customer.

        Examples
        --------
        >>> from shopper_widgets import ShopperModel
        >>> from shopper_widgets.datasets import make_transactions
        >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
        >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
        >>> someone = model.customers.iloc[0]
        >>> model.explain(someone["customer_id"]).segment == someone["segment"]
        True
        """
        return self.segmenter.explain(customer_id, self.customers, currency=self.currency)
