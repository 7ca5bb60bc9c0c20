"""Products that go together: item-based collaborative filtering."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np

from shopper_widgets._support.checks import check_at_least, check_count, plain
from shopper_widgets.errors import AmbiguousProductError, UnknownCustomerError, UnknownProductError
from shopper_widgets.recommend.neighbors import nearest_products, pair_scores
from shopper_widgets.recommend.neighbors_base import NeighborRecommender
from shopper_widgets.recommend.purchases import read_purchases

__all__ = ["AmbiguousProductError", "ItemRecommender", "UnknownCustomerError", "UnknownProductError"]

_WEIGHTINGS = ("binary", "log", "quantity")


class ItemRecommender(NeighborRecommender):
    """Item-based collaborative filtering: products that the same customers buy.

    Two products score the cosine of their columns in the customer × product matrix, with a shrink term in the
    denominator (sources in `co_purchases.shrunk_cosine`)::

        score(a, b) = Σ_c w(c, a) w(c, b) / (|w(·, a)| |w(·, b)| + shrinkage)

    With binary weights that is ``n_ab / (√(n_a n_b) + shrinkage)``, where n counts the customers who bought.
    Beside it stand ``support = n_ab`` and ``lift = n_ab N / (n_a n_b)``: observed over expected among N
    customers (Brin, Motwani and Silverstein, SIGMOD 1997, who call it interest).

    To a customer, or for a basket, `recommend` scores a product by the sum of its scores among the neighbors
    of each product they have, each counting once however often it was bought. For a basket of one that is
    what `similar` shows. Its evidence: ``because`` and ``because_name``, the product they have that adds most
    to the score (of several the smallest id), with ``support`` and ``lift`` of that pair.

    Parameters
    ----------
    n_neighbors : int, default=50
        How many similar products to keep for each product.
    weighting : {"binary", "log", "quantity"}, default="binary"
        w(c, p): 1 if the customer bought the product, ``log(1 + units)``, or units (on which a few wholesale
        orders decide).
    shrinkage : float, default=10
        In the unit of the denominator. Zero is the plain cosine; a higher value discounts pairs with few
        buyers more.
    min_support : int, default=3
        Pairs that fewer customers bought are never shown.
    n_threads : int, optional
        For fitting; default: every core this process may use.

    Attributes
    ----------
    catalogue_ : Catalogue
        The products (ids, names, customers of each) and the search over them.
    customer_ids_ : ndarray of text, ascending
        The rows of `purchases_`.
    purchases_ : csr_array of shape (n_customers, n_products)
        The weights w.
    scores_, support_ : csr_array of shape (n_products, n_products)
        Each row the neighbors of a product.

    Notes
    -----
    Ties (scores equal to twelve decimals): the pair with more support comes first, then the smaller product
    id; this also decides who is among the `n_neighbors`. In `recommend` the product that more customers
    bought takes the place of support.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame(
    ...     [("1", "A", 2), ("1", "B", 1), ("2", "A", 1), ("2", "B", 7), ("3", "A", 1), ("3", "C", 1)],
    ...     columns=["customer_id", "product_id", "quantity"],
    ... )
    >>> recommender = ItemRecommender(shrinkage=0, min_support=1).fit(lines)
    >>> recommender.similar("a").round(3)
       rank product_id product_name  score  support  lift
    0     1          B            B  0.816        2   1.0
    1     2          C            C  0.577        1   1.0
    >>> recommender.recommend("1")[["rank", "product_id", "because"]]
       rank product_id because
    0     1          C       A
    """

    def __init__(
        self,
        n_neighbors: int = 50,
        weighting: Literal["binary", "log", "quantity"] = "binary",
        shrinkage: float = 10,
        min_support: int = 3,
        n_threads: int | None = None,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.weighting = weighting
        self.shrinkage = shrinkage
        self.min_support = min_support
        self.n_threads = n_threads

    def fit(self, transactions: Any, y: None = None) -> Self:
        """Find each product's neighbors.

        Parameters
        ----------
        transactions : frame
            As in `Recommender.fit`.
        y : None
            Ignored; scikit-learn's convention.

        Returns
        -------
        ItemRecommender
            Itself, fitted.

        Raises
        ------
        ValueError
            If a parameter is out of range or the transactions are not clean: see `read_purchases`.
        """
        self._check_parameters()
        self._remember(read_purchases(transactions))
        if self.weighting != "quantity":
            # The matrix is copied, because other recommenders may learn from the same purchases.
            self.purchases_ = self.purchases_.copy()
            units = self.purchases_.data
            self.purchases_.data = np.ones_like(units) if self.weighting == "binary" else np.log1p(units)
        self._learn()
        return self

    def _learn(self) -> None:
        self.scores_, self.support_ = nearest_products(
            self.purchases_,
            n_neighbors=self.n_neighbors,
            shrinkage=self.shrinkage,
            min_support=self.min_support,
            n_threads=self.n_threads,
        )

    def _similarities(self, products: np.ndarray) -> np.ndarray:
        """Return exact scores."""
        weights = self.purchases_[:, products]
        return pair_scores(weights, shrinkage=self.shrinkage, min_support=self.min_support)

    def _check_parameters(self) -> None:
        if self.weighting not in _WEIGHTINGS:
            raise ValueError(
                f"weighting must be one of {', '.join(_WEIGHTINGS)}; got {plain(self.weighting)!r}"
            )
        check_count("n_neighbors", self.n_neighbors)
        check_count("min_support", self.min_support)
        if self.n_threads is not None:
            check_count("n_threads", self.n_threads)
        check_at_least("shrinkage", self.shrinkage, 0)
