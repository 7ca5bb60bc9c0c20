"""Products that go together: item-based collaborative filtering."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.utils.validation import check_is_fitted

from shopper_widgets._state import PlainStateEstimator
from shopper_widgets.catalogue import Catalogue
from shopper_widgets.errors import (
    AmbiguousProductError,
    UnknownCustomerError,
    UnknownProductError,
    check_count,
    check_text,
)
from shopper_widgets.neighbours import (
    TIE_DECIMALS,
    best_for_baskets,
    nearest_products,
    pair_scores,
    top_entries,
)
from shopper_widgets.purchases import read_purchases

__all__ = ["AmbiguousProductError", "ItemRecommender", "UnknownCustomerError", "UnknownProductError"]

_WEIGHTINGS = ("binary", "log", "quantity")


class ItemRecommender(PlainStateEstimator):
    """Item-based collaborative filtering: products that the same customers buy.

    Two products score the cosine of their columns in the customer × product matrix, with a shrink term in the
    denominator (sources in `neighbours.shrunk_cosine`)::

        score(a, b) = Σ_c w(c, a) w(c, b) / (|w(·, a)| |w(·, b)| + shrinkage)

    With binary weights that is ``n_ab / (√(n_a n_b) + shrinkage)``, where n counts the customers who bought.
    Beside it stand ``support = n_ab`` and ``lift = n_ab N / (n_a n_b)``: observed over expected among N
    customers (Brin, Motwani and Silverstein, SIGMOD 1997, who call it interest).

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
    purchases_ : csr_matrix of shape (n_customers, n_products)
        The weights w. (Matrices, because skops trusts them and not yet sparse arrays.)
    scores_, support_ : csr_matrix of shape (n_products, n_products)
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

    catalogue_: Catalogue
    customer_ids_: np.ndarray
    purchases_: sp.csr_matrix
    scores_: sp.csr_matrix
    support_: sp.csr_matrix

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
        """Learn from cleaned transactions.

        Parameters
        ----------
        transactions : frame
            On any engine that Narwhals reads: ``customer_id``, ``product_id``, ``quantity`` (above zero), and
            where there are ``product_name`` and ``is_product`` (only those lines count).
        y : None
            Ignored; scikit-learn's convention.

        Returns
        -------
        ItemRecommender

        Raises
        ------
        ValueError
            If a parameter is out of range or the transactions are not clean: see `read_purchases`.
        """
        self._check_parameters()
        purchases = read_purchases(transactions)
        weights = purchases.quantity
        if self.weighting == "binary":
            weights.data = np.ones_like(weights.data)
        elif self.weighting == "log":
            weights.data = np.log1p(weights.data)
        customers = np.bincount(weights.indices, minlength=weights.shape[1])
        self.catalogue_ = Catalogue(purchases.product_ids, purchases.product_names, customers)
        self.customer_ids_ = purchases.customer_ids
        self.purchases_ = sp.csr_matrix(weights)
        scores, support = nearest_products(
            weights,
            n_neighbors=self.n_neighbors,
            shrinkage=self.shrinkage,
            min_support=self.min_support,
            n_threads=self.n_threads,
        )
        self.scores_, self.support_ = sp.csr_matrix(scores), sp.csr_matrix(support)
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
        check_is_fitted(self)
        check_count("n", n)
        if n > self.n_neighbors:
            raise ValueError(
                f"n must be at most n_neighbors={self.n_neighbors}, the number of neighbours kept; got {n}. "
                f"Fit ItemRecommender(n_neighbors={n}) for more"
            )
        index = self.catalogue_.find(product)
        ends = self.scores_.indptr[index : index + 2]
        row = slice(*ends)
        others, scores, support = self.scores_.indices[row], self.scores_.data[row], self.support_.data[row]
        best = top_entries(ends - ends[0], others, scores, support, n)
        return pd.DataFrame(
            {
                **self._listing(others[best]),
                "score": scores[best],
                "support": support[best].astype(np.int64),
                "lift": self._lift(index, others[best], support[best]),
            }
        )

    def search(self, text: str, n: int = 10) -> pd.DataFrame:
        """Find products by code or words, typos allowed.

        Parameters
        ----------
        text : str
        n : int, default=10

        Returns
        -------
        DataFrame
            ``product_id, product_name, match`` (60 to 100), best first; see `Catalogue.search` for the rule.
        """
        check_is_fitted(self)
        return self.catalogue_.search(text, n)

    def recommend(
        self,
        customer_id: str | None = None,
        *,
        basket: Iterable[str] | None = None,
        n: int = 10,
        include_owned: bool = False,
    ) -> pd.DataFrame:
        """Recommend to a customer, or for a basket.

        A product scores the sum of its scores among the neighbours of each product owned, each owned product
        counting once however often it was bought. For a basket of one, that is what `similar` shows.

        Parameters
        ----------
        customer_id : str, optional
        basket : iterable of str, optional
            Product ids or whole names, as in `similar`; repetitions count once.
            Exactly one of customer_id and basket must be given.
        n : int, default=10
            At most so many; fewer where fewer products have a score.
        include_owned : bool, default=False
            Whether products that they already have may come up (through the other products they have).

        Returns
        -------
        DataFrame
            ``rank, product_id, product_name, score``, and the evidence: ``because`` and ``because_name``, the
            owned product that adds most to the score (of several the smallest id), ``support`` and ``lift``
            of that pair.

        Raises
        ------
        UnknownCustomerError, UnknownProductError
            Both KeyErrors.
        AmbiguousProductError, ValueError
            For a name of several products; for an empty basket, or both or neither of customer_id and basket.
        """
        check_is_fitted(self)
        check_count("n", n)
        if customer_id is not None and basket is None:
            owned = self._bought(customer_id)
        elif basket is not None and customer_id is None:
            owned = self._found(basket)
        else:
            given = "neither" if basket is None else "both"
            raise ValueError(f"give exactly one of customer_id and basket; got {given}")
        products, scores, _ = self._best([owned], n, include_owned)
        strongest = np.round(self.scores_[owned][:, products].toarray(), TIE_DECIMALS).argmax(axis=0)
        reason = owned[strongest]
        together = self.support_[owned][:, products].toarray()[strongest, np.arange(len(products))]
        return pd.DataFrame(
            {
                **self._listing(products),
                "score": scores,
                "because": self.catalogue_.ids[reason],
                "because_name": self.catalogue_.names[reason],
                "support": together.astype(np.int64),
                "lift": self._lift(reason, products, together),
            }
        )

    def recommend_baskets(self, baskets: Sequence[Iterable[str]], *, n: int = 10) -> pd.DataFrame:
        """Recommend for many baskets at once: the lists of `recommend`, without the evidence.

        Parameters
        ----------
        baskets : sequence of iterables of str
        n : int, default=10

        Returns
        -------
        DataFrame
            ``basket`` (position in `baskets`), ``rank``, ``product_id``, ``score``.
        """
        check_is_fitted(self)
        check_count("n", n)
        products, scores, indptr = self._best([self._found(basket) for basket in baskets], n)
        basket = np.repeat(np.arange(len(baskets)), np.diff(indptr))
        return pd.DataFrame(
            {
                "basket": basket,
                "rank": np.arange(1, len(products) + 1) - indptr[basket],
                "product_id": self.catalogue_.ids[products],
                "score": scores,
            }
        )

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
        found = self._found(products, ordered=True)
        weights = sp.csr_array(self.purchases_)[:, found]
        scores = pair_scores(weights, shrinkage=self.shrinkage, min_support=self.min_support)
        ids = pd.Index(self.catalogue_.ids[found], name="product_id")
        return pd.DataFrame(scores, index=ids, columns=ids)

    def _best(
        self, baskets: list[np.ndarray], n: int, include_owned: bool = False
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        indptr = np.cumsum([0, *map(len, baskets)])
        indices = np.concatenate([*baskets, np.empty(0, dtype=np.intp)])
        owned = sp.csr_array((np.ones(len(indices)), indices, indptr), (len(baskets), self.scores_.shape[0]))
        return best_for_baskets(
            owned, self.scores_, self.catalogue_.customers, n, include_owned=include_owned
        )

    def _bought(self, customer_id: str) -> np.ndarray:
        check_text("customer_id", customer_id)
        row = int(np.searchsorted(self.customer_ids_, customer_id))
        if row == len(self.customer_ids_) or self.customer_ids_[row] != customer_id:
            raise UnknownCustomerError(customer_id)
        products: np.ndarray = self.purchases_.indices[slice(*self.purchases_.indptr[row : row + 2])]
        return products

    def _found(self, products: Iterable[str], ordered: bool = False) -> np.ndarray:
        if isinstance(products, str):
            raise TypeError(
                f"products must be a list of ids or names; got the text {products!r}: write [{products!r}]"
            )
        found = list(dict.fromkeys(self.catalogue_.find(product) for product in products))
        if not found:
            raise ValueError("no product given: at least one is needed")
        return np.array(found if ordered else sorted(found), dtype=np.intp)

    def _listing(self, products: np.ndarray) -> dict[str, np.ndarray]:
        return {
            "rank": np.arange(1, len(products) + 1),
            "product_id": self.catalogue_.ids[products],
            "product_name": self.catalogue_.names[products],
        }

    def _lift(self, product: Any, others: np.ndarray, support: np.ndarray) -> np.ndarray:
        customers = self.catalogue_.customers
        lift: np.ndarray = support * len(self.customer_ids_) / (customers[product] * customers[others])
        return lift

    def _check_parameters(self) -> None:
        if self.weighting not in _WEIGHTINGS:
            raise ValueError(f"weighting must be one of {', '.join(_WEIGHTINGS)}; got {self.weighting!r}")
        check_count("n_neighbors", self.n_neighbors)
        check_count("min_support", self.min_support)
        if not self.shrinkage >= 0:
            raise ValueError(f"shrinkage must be at least 0; got {self.shrinkage!r}")
