"""The base of all recommenders that keep the nearest products of every product."""

from __future__ import annotations

import copy
from abc import abstractmethod
from collections.abc import Iterable
from typing import Any, Self

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.utils.validation import check_is_fitted

from shopper_widgets._support.checks import check_count
from shopper_widgets.columns import PRODUCT_ID
from shopper_widgets.recommend.base import Recommender
from shopper_widgets.recommend.catalogue import Catalogue
from shopper_widgets.recommend.evidence import strongest_reasons, with_evidence
from shopper_widgets.recommend.lift import lift
from shopper_widgets.recommend.neighbors import top_entries


class NeighborRecommender(Recommender):
    """Base of recommenders that keep, for every product, its nearest products with score and support.

    A subclass has a parameter `n_neighbors`; its `fit` calls `_remember` and `_learn`, which sets `scores_`
    and `support_`; it implements `_similarities`.

    Attributes
    ----------
    scores_, support_ : csr_array of shape (n_products, n_products)
        Each row holds the neighbors of a product; support counts the customers who bought both.
    """

    n_neighbors: int
    scores_: sp.csr_array
    support_: sp.csr_array

    def similar(self, product: str, n: int = 10) -> pd.DataFrame:
        """Return the products most similar to one.

        Parameters
        ----------
        product : str
            A product id (trimmed and upper-cased if need be), or a whole name (case and spacing aside).
        n : int, default=10
            Maximum number; there are fewer if fewer pairs reach `min_support`.

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
        return self._neighbors(index, entries[self._best_entries(np.array([0, len(entries)]), entries, n)])

    def similar_to_all(self, n: int = 10) -> pd.DataFrame:
        """Return `similar` for every product, one below the other.

        Parameters
        ----------
        n : int, default=10
            Maximum number for each product, up to `n_neighbors`.

        Returns
        -------
        DataFrame
            ``to_product_id, to_product_name`` (the product asked about, by ascending id) and the columns of
            `similar`. Products without neighbors don't appear.

        Raises
        ------
        ValueError
            If n is below 1 or above `n_neighbors`.
        """
        self._check_n(n)
        indptr = self.scores_.indptr
        best = self._best_entries(indptr, np.arange(indptr[-1]), n)
        product = np.searchsorted(indptr, best, side="right") - 1
        similar = self._neighbors(product, best)
        similar["rank"] -= np.searchsorted(product, product)
        similar.insert(0, "to_product_id", self.catalogue_.ids[product])
        similar.insert(1, "to_product_name", self.catalogue_.names[product])
        return similar

    @abstractmethod
    def _learn(self) -> None:
        """Find each product's neighbors from the purchases that `_remember` keeps."""

    def relearn(self) -> Self:
        """Return a copy that is fitted again to the remaining customers: see `of_customers`.

        Returns
        -------
        NeighborRecommender
            A shallow copy with the same products, even those without customers; the recommender itself is
            unchanged.
        """
        check_is_fitted(self)
        other = copy.copy(self)
        ids, names = self.catalogue_.ids, self.catalogue_.names
        other.catalogue_ = Catalogue(ids, names, np.bincount(self.purchases_.indices, minlength=len(ids)))
        other._learn()
        return other

    def similarity_matrix(self, products: Iterable[str]) -> pd.DataFrame:
        """Return how similar the buyers of products are, for every pair, neighbors or not.

        A class says in `_similarities` what it counts: the score itself, or the plain cosine, 0 to 1.

        Parameters
        ----------
        products : iterable of str
            Ids or whole names, as in `similar`; repetitions count once.

        Returns
        -------
        DataFrame of shape (n, n)
            Index and columns are product ids in the order given; the diagonal is 1; pairs below `min_support`
            are 0.

        Raises
        ------
        UnknownProductError, AmbiguousProductError
            As `similar`.
        TypeError, ValueError
            If `products` is one text instead of several, or empty.
        """
        check_is_fitted(self)
        found = self._found(products)
        ids = pd.Index(self.catalogue_.ids[found], name=PRODUCT_ID)
        return pd.DataFrame(self._similarities(found), index=ids, columns=ids)

    @abstractmethod
    def _similarities(self, products: np.ndarray) -> np.ndarray:
        """Return how similar the buyers of some products are; products are given by their positions."""

    def _basket_scores(self, baskets: sp.csr_array) -> sp.csr_array:
        return baskets @ self.scores_

    def with_evidence(self, suggestions: pd.DataFrame, product: str | None = None) -> pd.DataFrame:
        """Add the reason for each recommendation.

        Parameters
        ----------
        suggestions : DataFrame
            What `similar` or `recommend` gave.
        product : str, optional
            What `similar` was asked; by default the column ``because`` says it row by row.

        Returns
        -------
        DataFrame
            See `evidence.with_evidence`: ``baskets`` where the recommender knows orders, ``lift_low,
            lift_high`` and ``sentence`` besides.

        Raises
        ------
        UnknownProductError, AmbiguousProductError
            As `similar`.
        ValueError
            If no product is given and the suggestions have no column ``because``; if they lack another.
        """
        check_is_fitted(self)
        return with_evidence(
            suggestions, self.catalogue_, len(self.customer_ids_), product, self._baskets_with_both
        )

    def _baskets_with_both(self, products: np.ndarray, others: np.ndarray) -> np.ndarray | None:
        return None

    def _evidence(self, owned: np.ndarray, products: np.ndarray) -> dict[str, np.ndarray]:
        shares = self.scores_[owned][:, products].toarray()
        support = self.support_[owned][:, products].toarray()
        return strongest_reasons(shares, support, owned, products, self.catalogue_, len(self.customer_ids_))

    def _best_entries(self, indptr: np.ndarray, entries: np.ndarray, n: int) -> np.ndarray:
        return top_entries(
            indptr, self.scores_.indices[entries], self.scores_.data[entries], self.support_.data[entries], n
        )

    def _neighbors(self, product: Any, entries: np.ndarray) -> pd.DataFrame:
        others, support = self.scores_.indices[entries], self.support_.data[entries]
        customers = self.catalogue_.customers
        return pd.DataFrame(
            {
                **self.catalogue_.ranked(others),
                "score": self.scores_.data[entries],
                "support": support.astype(np.int64),
                "lift": lift(support, customers[product], customers[others], len(self.customer_ids_)),
            }
        )

    def _check_n(self, n: int) -> None:
        check_is_fitted(self)
        check_count("n", n)
        if n > self.n_neighbors:
            raise ValueError(
                f"n must be at most n_neighbors={self.n_neighbors}, the number of neighbors kept; got {n}. "
                f"Fit with n_neighbors={n} for more"
            )
