"""Clues that two products go together: who bought both, which orders hold both, lately or long ago."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from sklearn.utils.extmath import safe_sparse_dot


class Together:
    """How often two products are in the same rows, rows of many products counting less.

    Parameters
    ----------
    weights : csr_array of shape (n_rows, n_products)
        What each row's purchase of a product counts.
    damping : float
        A row counts (its products ÷ the average) to this power.

    Attributes
    ----------
    count : ndarray of shape (n_products,)
        Σ u w², the n of a product.
    """

    def __init__(self, weights: sp.csr_array, damping: float) -> None:
        sizes = np.maximum(np.diff(weights.indptr), 1)  # a row of nothing counts nowhere
        factor = (sizes / sizes.mean()) ** damping
        self._by_product, self._damped = weights.T.tocsr(), sp.csr_array(sp.diags_array(factor) @ weights)
        self.count = factor @ weights.power(2)

    def both(self, rows: slice | np.ndarray) -> np.ndarray:
        """Return n_ab of some products with all, (n_rows, n_products), dense."""
        return dense_product(self._by_product[rows], self._damped)


def shrunk(
    both: np.ndarray, count: np.ndarray, other: np.ndarray, shrinkage: float, discount: float
) -> np.ndarray:
    """Return ``n_ab / (√n_a · n_b^discount + shrinkage)``."""
    # Nothing together is nothing, also where long ago has come down to a count of zero.
    floor = np.finfo(float).tiny
    scores: np.ndarray = both / (np.sqrt(count) * other**discount + (shrinkage + floor))
    return scores


def of_lines(orders: sp.csr_array, values: np.ndarray) -> sp.csr_array:
    """Give every product of an order the order's value, (n_orders, n_products)."""
    repeated = np.repeat(values, np.diff(orders.indptr))
    return sp.csr_array((repeated, orders.indices, orders.indptr), shape=orders.shape)


def orders_of_customers(orders: sp.csr_array, customer: np.ndarray, n_customers: int) -> sp.csr_array:
    """Count the orders of each customer that held a product, (n_customers, n_products)."""
    whose = (np.ones(len(customer)), (customer, np.arange(len(customer))))
    counts = sp.coo_array(whose, shape=(n_customers, len(customer))).tocsr() @ orders
    counts.sort_indices()
    return sp.csr_array(counts)


def greatest_of_customer(
    orders: sp.csr_array, customer: np.ndarray, purchases: sp.csr_array, values: np.ndarray
) -> sp.csr_array:
    """Keep the greatest value of a customer's orders that held a product: cells as in `purchases`."""
    lines = of_lines(orders, values).tocoo()
    cell = customer[lines.coords[0]].astype(np.int64) * purchases.shape[1] + lines.coords[1]
    by_cell = np.argsort(cell)
    first = np.flatnonzero(np.diff(cell[by_cell], prepend=-1))
    greatest = np.maximum.reduceat(lines.data[by_cell], first) if len(first) else lines.data
    return sp.csr_array((greatest, purchases.indices, purchases.indptr), shape=purchases.shape)


def dense_product(block: sp.csr_array, matrix: sp.csr_array) -> np.ndarray:
    """Return ``block @ matrix``, dense.

    Adding up into full rows is several times as fast as listing what isn't zero in them. So does scikit-learn
    from 1.8 on; before, it takes SciPy's product.
    """
    product: np.ndarray = safe_sparse_dot(block, matrix, dense_output=True)
    return product
