"""What all recommenders share: products, customers, and how one asks."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.utils.validation import check_is_fitted

from shopper_widgets._state import PlainStateEstimator
from shopper_widgets.catalogue import Catalogue
from shopper_widgets.errors import UnknownCustomerError, check_count, check_text
from shopper_widgets.purchases import read_purchases


class BasketRecommender(PlainStateEstimator):
    """Base of recommenders that learn from transactions and answer for a customer, a basket, or many baskets.

    A subclass implements `fit`, which calls `_learn_purchases`, and `_best`; `_evidence` adds columns to
    `recommend`.

    Attributes
    ----------
    catalogue_ : Catalogue
        The products (ids, names, customers of each) and the search over them.
    customer_ids_ : ndarray of text, ascending
    purchases_ : csr_array of shape (n_customers, n_products)
        Units bought, or a weight made of them; every stored cell above zero.
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

        Raises
        ------
        ValueError
            If a parameter is out of range or the transactions are not clean: see `read_purchases`.
        """

    @abstractmethod
    def _best(
        self, baskets: list[np.ndarray], n: int, include_owned: bool
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return products and scores, basket by basket and best first, and where each basket's list begins.

        Baskets and products are positions in the catalogue; the last array has shape (n_baskets + 1,).
        """

    def _evidence(self, owned: np.ndarray, products: np.ndarray) -> dict[str, np.ndarray]:
        """Return further columns that say why these products are recommended to who owns those."""
        return {}

    def _learn_purchases(self, transactions: Any) -> None:
        purchases = read_purchases(transactions)
        customers = np.bincount(purchases.quantity.indices, minlength=len(purchases.product_ids))
        self.catalogue_ = Catalogue(purchases.product_ids, purchases.product_names, customers)
        self.customer_ids_ = purchases.customer_ids
        self.purchases_ = purchases.quantity

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

        Parameters
        ----------
        customer_id : str, optional
        basket : iterable of str, optional
            Product ids (trimmed and upper-cased if need be) or whole names (case and spacing aside);
            repetitions count once. Exactly one of customer_id and basket must be given.
        n : int, default=10
            At most so many; fewer where fewer products have a score.
        include_owned : bool, default=False
            Whether products that they already have may come up.

        Returns
        -------
        DataFrame
            ``rank, product_id, product_name, score``, best first, and the evidence where a class has some.

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
            owned = np.sort(self._found(basket))
        else:
            given = "neither" if basket is None else "both"
            raise ValueError(f"give exactly one of customer_id and basket; got {given}")
        products, scores, _ = self._best([owned], n, include_owned)
        return pd.DataFrame(
            {**self._listing(products), "score": scores, **self._evidence(owned, products)},
        )

    def recommend_baskets(self, baskets: Sequence[Iterable[str]], *, n: int = 10) -> pd.DataFrame:
        """Recommend for many baskets at once: the lists of `recommend`, without names and evidence.

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
        owned = [np.sort(self._found(basket)) for basket in baskets]
        products, scores, starts = self._best(owned, n, include_owned=False)
        basket = np.repeat(np.arange(len(owned)), np.diff(starts))
        return pd.DataFrame(
            {
                "basket": basket,
                "rank": np.arange(1, len(products) + 1) - starts[basket],
                "product_id": self.catalogue_.ids[products],
                "score": scores,
            }
        )

    def _bought(self, customer_id: str) -> np.ndarray:
        check_text("customer_id", customer_id)
        row = int(np.searchsorted(self.customer_ids_, customer_id))
        if row == len(self.customer_ids_) or self.customer_ids_[row] != customer_id:
            raise UnknownCustomerError(customer_id)
        products: np.ndarray = self.purchases_.indices[slice(*self.purchases_.indptr[row : row + 2])]
        return products

    def _found(self, products: Iterable[str]) -> np.ndarray:
        """Return the positions of products in the order given, each once."""
        if isinstance(products, str):
            raise TypeError(f"products must be a list of ids or names: write [{products!r}]")
        found = list(dict.fromkeys(self.catalogue_.find(product) for product in products))
        if not found:
            raise ValueError("no product given: at least one is needed")
        return np.array(found, dtype=np.intp)

    def _listing(self, products: np.ndarray) -> dict[str, np.ndarray]:
        return {
            "rank": np.arange(1, len(products) + 1),
            "product_id": self.catalogue_.ids[products],
            "product_name": self.catalogue_.names[products],
        }
