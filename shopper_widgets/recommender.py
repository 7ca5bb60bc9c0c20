"""Products that go together: item-based collaborative filtering."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.utils.validation import check_is_fitted

from shopper_widgets.basket_recommender import BasketRecommender
from shopper_widgets.errors import (
    AmbiguousProductError,
    UnknownCustomerError,
    UnknownProductError,
    check_count,
)
from shopper_widgets.neighbours import (
    TIE_DECIMALS,
    best_for_baskets,
    nearest_products,
    pair_scores,
    top_entries,
)

__all__ = ["AmbiguousProductError", "ItemRecommender", "UnknownCustomerError", "UnknownProductError"]

_WEIGHTINGS = ("binary", "log", "quantity")


class ItemRecommender(BasketRecommender):
    """Item-based collaborative filtering: products that the same customers buy.

    Two products score the cosine of their columns in the customer × product matrix, with a shrink term in the
    denominator (sources in `neighbours.shrunk_cosine`)::

        score(a, b) = Σ_c w(c, a) w(c, b) / (|w(·, a)| |w(·, b)| + shrinkage)

    With binary weights that is ``n_ab / (√(n_a n_b) + shrinkage)``, where n counts the customers who bought.
    Beside it stand ``support = n_ab`` and ``lift = n_ab N / (n_a n_b)``: observed over expected among N
    customers (Brin, Motwani and Silverstein, SIGMOD 1997, who call it interest).

    To a customer, or for a basket, `recommend` scores a product by the sum of its scores among the neighbours
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
        In the unit of the denominator. Zero is the plain cosine; more distrusts pairs with few buyers.
    min_support : int, default=3
        Pairs that fewer customers bought are never shown.
    n_threads : int, optional
        For fitting; default: every core this process may use.

    Attributes
    ----------
    catalogue_ : Catalogue
        The products (ids, names, customers of each) and the search over them.
    customer_ids_ : ndarray of text, ascending
    purchases_ : csr_array of shape (n_customers, n_products)
        The weights w.
    scores_, support_ : csr_array of shape (n_products, n_products)
        Each row the neighbours of a product.

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

    scores_: sp.csr_array
    support_: sp.csr_array

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
        """Find each product's neighbours; parameters and errors as in `BasketRecommender.fit`."""
        self._check_parameters()
        self._learn_purchases(transactions)
        weights = self.purchases_
        if self.weighting == "binary":
            weights.data = np.ones_like(weights.data)
        elif self.weighting == "log":
            weights.data = np.log1p(weights.data)
        self.scores_, self.support_ = nearest_products(
            weights,
            n_neighbors=self.n_neighbors,
            shrinkage=self.shrinkage,
            min_support=self.min_support,
            n_threads=self.n_threads,
        )
        return self

    def similar(self, product: str, n: int = 10) -> pd.DataFrame:
        """Return the products most similar to one.

        Parameters
        ----------
        product : str
            A product id (trimmed and upper-cased if need be), or a whole name (case and spacing aside).
        n : int, default=10
            At most so many; there are fewer where fewer pairs reach `min_support`.

        Returns
        -------
        DataFrame
            ``rank, product_id, product_name, score, support, lift``, best first.

        Raises
        ------
        UnknownProductError
            A KeyError; the nearest names are in the message and in ``.nearest``.
        AmbiguousProductError
            A ValueError, if several products have the name; their ids are in ``.candidates``.
        ValueError
            If n is below 1 or above `n_neighbors`.
        """
        self._check_n(n)
        index = self.catalogue_.find(product)
        entries = np.arange(*self.scores_.indptr[index : index + 2])
        return self._neighbours(index, entries[self._best_entries(np.array([0, len(entries)]), entries, n)])

    def similar_to_all(self, n: int = 10) -> pd.DataFrame:
        """Return `similar` for every product, one below the other.

        Parameters
        ----------
        n : int, default=10

        Returns
        -------
        DataFrame
            ``to_product_id, to_product_name`` (the product asked about, by ascending id) and the columns of
            `similar`. Products without neighbours don't appear.
        """
        self._check_n(n)
        indptr = self.scores_.indptr
        best = self._best_entries(indptr, np.arange(indptr[-1]), n)
        product = np.searchsorted(indptr, best, side="right") - 1
        similar = self._neighbours(product, best)
        similar["rank"] -= np.searchsorted(product, product)
        similar.insert(0, "to_product_id", self.catalogue_.ids[product])
        similar.insert(1, "to_product_name", self.catalogue_.names[product])
        return similar

    def similarity_matrix(self, products: Iterable[str]) -> pd.DataFrame:
        """Return the scores of every pair among some products, exactly, whether neighbours or not.

        Parameters
        ----------
        products : iterable of str
            Ids or whole names, as in `similar`; repetitions count once.

        Returns
        -------
        DataFrame of shape (n, n)
            Index and columns are product ids in the order given; the diagonal is 1; pairs below `min_support`
            are 0.
        """
        check_is_fitted(self)
        found = self._found(products)
        weights = self.purchases_[:, found]
        scores = pair_scores(weights, shrinkage=self.shrinkage, min_support=self.min_support)
        ids = pd.Index(self.catalogue_.ids[found], name="product_id")
        return pd.DataFrame(scores, index=ids, columns=ids)

    def _best(
        self, baskets: list[np.ndarray], n: int, include_owned: bool
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        starts = np.cumsum([0, *map(len, baskets)])
        products = np.concatenate([*baskets, np.empty(0, dtype=np.intp)])
        shape = (len(baskets), len(self.catalogue_.ids))
        owned = sp.csr_array((np.ones(len(products)), products, starts), shape)
        return best_for_baskets(
            owned, self.scores_, self.catalogue_.customers, n, include_owned=include_owned
        )

    def _evidence(self, owned: np.ndarray, products: np.ndarray) -> dict[str, np.ndarray]:
        shares = self.scores_[owned][:, products].toarray()
        strongest = np.round(shares, TIE_DECIMALS).argmax(axis=0)
        because = owned[strongest]
        support = self.support_[owned][:, products].toarray()[strongest, np.arange(len(products))]
        return {
            "because": self.catalogue_.ids[because],
            "because_name": self.catalogue_.names[because],
            "support": support.astype(np.int64),
            "lift": self._lift(because, products, support),
        }

    def _best_entries(self, indptr: np.ndarray, entries: np.ndarray, n: int) -> np.ndarray:
        return top_entries(
            indptr, self.scores_.indices[entries], self.scores_.data[entries], self.support_.data[entries], n
        )

    def _neighbours(self, product: Any, entries: np.ndarray) -> pd.DataFrame:
        others, support = self.scores_.indices[entries], self.support_.data[entries]
        return pd.DataFrame(
            {
                **self._listing(others),
                "score": self.scores_.data[entries],
                "support": support.astype(np.int64),
                "lift": self._lift(product, others, support),
            }
        )

    def _lift(self, product: Any, others: np.ndarray, support: np.ndarray) -> np.ndarray:
        customers = self.catalogue_.customers
        lift: np.ndarray = support * len(self.customer_ids_) / (customers[product] * customers[others])
        return lift

    def _check_n(self, n: int) -> None:
        check_is_fitted(self)
        check_count("n", n)
        if n > self.n_neighbors:
            raise ValueError(
                f"n must be at most n_neighbors={self.n_neighbors}, the number of neighbours kept; got {n}. "
                f"Fit ItemRecommender(n_neighbors={n}) for more"
            )

    def _check_parameters(self) -> None:
        if self.weighting not in _WEIGHTINGS:
            raise ValueError(f"weighting must be one of {', '.join(_WEIGHTINGS)}; got {self.weighting!r}")
        check_count("n_neighbors", self.n_neighbors)
        check_count("min_support", self.min_support)
        if self.n_threads is not None:
            check_count("n_threads", self.n_threads)
        if not self.shrinkage >= 0:
            raise ValueError(f"shrinkage must be at least 0; got {self.shrinkage!r}")
