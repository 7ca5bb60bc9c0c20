"""What all recommenders share: products, customers, and the methods that users call."""

from __future__ import annotations

import copy
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.utils.validation import check_is_fitted

from shopper_widgets._support.checks import check_count, check_list, check_text
from shopper_widgets._support.estimator import PlainStateEstimator
from shopper_widgets.columns import CUSTOMER_ID, PRODUCT_NAME
from shopper_widgets.errors import UnknownCustomerError
from shopper_widgets.recommend.catalogue import Catalogue
from shopper_widgets.recommend.name_similarity import similar_names
from shopper_widgets.recommend.purchases import Purchases
from shopper_widgets.recommend.ranking import Limits, best_products


class Recommender(PlainStateEstimator):
    """Base of recommenders that learn from transactions and answer for customers and for baskets.

    A subclass implements `fit`, which calls `_remember`, and `_basket_scores`. It overrides
    `_customer_scores` if a customer is more than a basket of all that they bought; `_evidence` adds columns
    to `recommend`.

    Attributes
    ----------
    catalogue_ : Catalogue
        The products (ids, names, customers of each) and the search over them.
    customer_ids_ : ndarray of text, ascending
        The rows of `purchases_`.
    purchases_ : csr_array of shape (n_customers, n_products)
        What each customer bought, as the class counts it: units, bought or not, or orders with the product;
        every stored cell is above zero.
    """

    catalogue_: Catalogue
    customer_ids_: np.ndarray
    purchases_: sp.csr_array

    @abstractmethod
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
        Recommender
            Itself, fitted.

        Raises
        ------
        ValueError
            If a parameter is out of range or the transactions are not clean: see `read_purchases`.
        """

    @abstractmethod
    def _basket_scores(self, baskets: sp.csr_array) -> sp.csr_array | np.ndarray:
        """Return the score of every product for some baskets (one where a basket holds a product)."""

    def _customer_scores(self, customers: np.ndarray) -> sp.csr_array | np.ndarray:
        """Return the score of every product for some customers, given by their positions."""
        bought = self.purchases_[customers]
        return self._basket_scores(
            sp.csr_array((np.ones(bought.nnz), bought.indices, bought.indptr), shape=bought.shape)
        )

    def _evidence(self, owned: np.ndarray, products: np.ndarray) -> dict[str, np.ndarray]:
        """Return further columns that say why `products` are recommended to a customer who owns `owned`."""
        return {}

    def _remember(self, purchases: Purchases) -> None:
        self.catalogue_ = purchases.catalogue
        self.customer_ids_ = purchases.customer_ids
        self.purchases_ = purchases.quantity

    def search(self, text: str, n: int = 10) -> pd.DataFrame:
        """Find products by code or words, typos allowed.

        Parameters
        ----------
        text : str
            What a person typed: a code, words in any order, or the beginning of either.
        n : int, default=10
            Maximum number of products.

        Returns
        -------
        DataFrame
            ``product_id, product_name, match`` (60 to 100), best first; see `Catalogue.search` for the rule.

        Raises
        ------
        TypeError, ValueError
            `text` is not text; `n` is not a whole number from 1.
        """
        check_is_fitted(self)
        return self.catalogue_.search(text, n)

    def similar_by_name(self, name: str, n: int = 10) -> pd.DataFrame:
        """Return the products whose names are most like a name: for a product that nobody has bought yet.

        Parameters
        ----------
        name : str
            Of a product, in the catalogue or not.
        n : int, default=10
            Maximum number of products; fewer if fewer names share a word with it.

        Returns
        -------
        DataFrame
            ``rank, product_id, product_name, score``, best first: see `name_similarity.similar_names`.

        Raises
        ------
        TypeError, ValueError
            `name` is not text; `n` is not a whole number from 1.
        """
        check_is_fitted(self)
        return similar_names(self.catalogue_, name, n)

    def recommend(
        self,
        customer_id: str | None = None,
        *,
        basket: Iterable[str] | None = None,
        n: int = 10,
        include_owned: bool = False,
        only: Iterable[str] | None = None,
        exclude: Iterable[str] | None = None,
        one_per_family: bool = False,
    ) -> pd.DataFrame:
        """Recommend to a customer, or for a basket.

        Parameters
        ----------
        customer_id : str, optional
            One of `customer_ids_`.
        basket : iterable of str, optional
            Product ids (trimmed and upper-cased if need be) or whole names (case and spacing aside);
            repetitions count once. Exactly one of customer_id and basket must be given.
        n : int, default=10
            Maximum number of products; fewer if fewer have a score.
        include_owned : bool, default=False
            Whether products that they already have may come up.
        only : iterable of str, optional
            Ids of the products that may come up, such as `assortment.assortment` gives; unknown ones can't.
        exclude : iterable of str, optional
            Ids or whole names of products that may not.
        one_per_family : bool, default=False
            Of products whose ids differ in the letters at the end only (85123A, 85123B), show the best.

        Returns
        -------
        DataFrame
            ``rank, product_id, product_name, score``, best first, and where a class has evidence,
            ``because, because_name, support, lift``: see `ItemRecommender`.

        Raises
        ------
        UnknownCustomerError, UnknownProductError
            Both KeyErrors.
        AmbiguousProductError, ValueError
            For a name of several products; for an empty basket, or both or neither of customer_id and basket.
        """
        check_is_fitted(self)
        check_count("n", n)
        limits = self._limits(include_owned, only, exclude, one_per_family)
        if customer_id is not None and basket is None:
            row = np.array([self._customer(customer_id)])
            owned, scores = self.purchases_[row], self._customer_scores(row)
        elif basket is not None and customer_id is None:
            owned = self._baskets([self._found(basket, "basket")])
            scores = self._basket_scores(owned)
        else:
            given = "neither" if basket is None else "both"
            raise ValueError(f"give exactly one of customer_id and basket; got {given}")
        products, values, _ = best_products(lambda _: scores, owned, self.catalogue_.customers, n, limits)
        return pd.DataFrame(
            {**self.catalogue_.ranked(products), "score": values, **self._evidence(owned.indices, products)},
        )

    def recommend_baskets(self, baskets: Sequence[Iterable[str]], *, n: int = 10) -> pd.DataFrame:
        """Recommend for many baskets at once: the lists of `recommend` without names and evidence.

        Parameters
        ----------
        baskets : sequence of iterables of str
            Ids or whole names of products, as in `recommend`.
        n : int, default=10
            Maximum number of products for each basket.

        Returns
        -------
        DataFrame
            ``basket`` (position in `baskets`), ``rank``, ``product_id``, ``score``.

        Raises
        ------
        UnknownProductError, AmbiguousProductError, TypeError, ValueError
            As `recommend`; of a basket that is empty or one text, its position is named.
        """
        check_is_fitted(self)
        check_count("n", n)
        check_list("baskets", baskets, "baskets")
        owned = self._baskets([self._found(basket, f"baskets[{i}]") for i, basket in enumerate(baskets)])
        products, scores, starts = best_products(
            lambda rows: self._basket_scores(owned[rows]), owned, self.catalogue_.customers, n, Limits()
        )
        basket = np.repeat(np.arange(owned.shape[0]), np.diff(starts))
        listing = self.catalogue_.ranked(products)
        listing["rank"] -= starts[basket]
        del listing[PRODUCT_NAME]
        return pd.DataFrame({"basket": basket, **listing, "score": scores})

    def recommend_all(
        self,
        n: int = 10,
        *,
        customer_ids: Iterable[str] | None = None,
        include_owned: bool = False,
        only: Iterable[str] | None = None,
        exclude: Iterable[str] | None = None,
        one_per_family: bool = False,
    ) -> pd.DataFrame:
        """Recommend to many customers: the lists of `recommend`, one below the other, without evidence.

        Parameters
        ----------
        n : int, default=10
            Maximum number of products for each customer.
        customer_ids : iterable of str, optional
            Default: all, by ascending id.
        include_owned, only, exclude, one_per_family : optional
            As in `recommend`.

        Returns
        -------
        DataFrame
            ``customer_id`` (in the order given), ``rank``, ``product_id``, ``product_name``, ``score``.
            Customers to whom nothing can be recommended don't appear.

        Raises
        ------
        UnknownCustomerError, UnknownProductError, AmbiguousProductError
            As `recommend`.
        """
        check_is_fitted(self)
        check_count("n", n)
        limits = self._limits(include_owned, only, exclude, one_per_family)
        rows = self._customers(customer_ids)
        products, scores, starts = best_products(
            lambda some: self._customer_scores(rows[some]),
            self.purchases_[rows],
            self.catalogue_.customers,
            n,
            limits,
        )
        place = np.repeat(np.arange(len(rows)), np.diff(starts))
        listing = self.catalogue_.ranked(products)
        listing["rank"] -= starts[place]
        customers = pd.array(self.customer_ids_[rows], dtype="str").take(place)
        return pd.DataFrame({CUSTOMER_ID: customers, **listing, "score": scores})

    def of_customers(self, rows: np.ndarray, customer_ids: np.ndarray) -> Self:
        """Return a copy that knows only some customers, and keeps what was learned from all.

        Parameters
        ----------
        rows : ndarray of int
            Their positions in `customer_ids_`.
        customer_ids : ndarray of text, ascending
            Their new ids.

        Returns
        -------
        Recommender
            A shallow copy; this one stays as it is.
        """
        check_is_fitted(self)
        other = copy.copy(self)
        other.purchases_, other.customer_ids_ = self.purchases_[rows], customer_ids
        return other

    def _limits(
        self,
        include_owned: bool,
        only: Iterable[str] | None,
        exclude: Iterable[str] | None,
        one_per_family: bool,
    ) -> Limits:
        allowed = np.full(len(self.catalogue_.ids), only is None)
        if only is not None:
            check_list("only", only)
            allowed[self.catalogue_.known(only)] = True
        if exclude is not None:
            check_list("exclude", exclude)
            allowed[[self.catalogue_.find(product) for product in exclude]] = False
        return Limits(
            include_owned,
            None if allowed.all() else allowed,
            self.catalogue_.families() if one_per_family else None,
        )

    def _customer(self, customer_id: str) -> int:
        check_text("customer_id", customer_id)
        row = int(np.searchsorted(self.customer_ids_, customer_id))
        if row == len(self.customer_ids_) or self.customer_ids_[row] != customer_id:
            raise UnknownCustomerError(customer_id)
        return row

    def _customers(self, customer_ids: Iterable[str] | None) -> np.ndarray:
        if customer_ids is None:
            return np.arange(len(self.customer_ids_))
        check_list("customer_ids", customer_ids, "customers")
        return np.array([self._customer(who) for who in customer_ids], dtype=np.intp)

    def _found(self, products: Iterable[str], parameter: str = "products") -> np.ndarray:
        """Return the positions of products in the order given, each once."""
        check_list(parameter, products)
        found = list(dict.fromkeys(self.catalogue_.find(product) for product in products))
        if not found:
            raise ValueError(f"{parameter} must hold a product: at least one is needed")
        return np.array(found, dtype=np.intp)

    def _baskets(self, baskets: list[np.ndarray]) -> sp.csr_array:
        starts = np.cumsum([0, *map(len, baskets)])
        products = np.concatenate([*baskets, np.empty(0, dtype=np.intp)])
        shape = (len(baskets), len(self.catalogue_.ids))
        held = sp.csr_array((np.ones(len(products)), products, starts), shape)
        held.sort_indices()
        return held
