"""Clues that two products go together: customers and orders with both, recent or old."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from shopper_widgets.recommend.neighbors import Cells, Pairs, best_pairs, counted, dense_product
from shopper_widgets.recommend.popularity_discount import discounted, shrunk


class Together:
    """How often two products are in the same rows, where rows of many products count less.

    Parameters
    ----------
    weights : csr_array of shape (n_rows, n_products)
        The weight of each row's purchase of a product, in the precision of the sums.
    damping : float
        A row counts (its products ÷ the average) to this power.

    Attributes
    ----------
    count : ndarray of shape (n_products,)
        Σ u w², the n of a product.
    """

    def __init__(self, weights: sp.csr_array, damping: float) -> None:
        sizes = np.maximum(np.diff(weights.indptr), 1)  # an empty row counts nowhere
        factor = (sizes / sizes.mean()) ** damping
        self._by_product, self._damped = weights.T.tocsr(), of_lines(weights, factor)
        self._damped.data = (self._damped.data * weights.data).astype(weights.dtype, copy=False)
        self.count = factor @ weights.power(2)

    def both(self, rows: slice | np.ndarray) -> np.ndarray:
        """Return n_ab of some products with all products, dense, of shape (n_rows, n_products)."""
        return dense_product(self._by_product[rows], self._damped)


def nearest_in_orders(
    orders: sp.csr_array, n_neighbors: int, shrinkage: float, discount: float, n_threads: int | None = None
) -> sp.csr_array:
    """Return each product's neighbors by `shrunk` score, n counted in orders, (n_products, n_products)."""
    together = Together(counted(orders), damping=0)
    root, others = np.sqrt(together.count), discounted(together.count, discount)
    rough_root, rough_others = root.astype(np.float32), others.astype(np.float32)

    def exactly(owner: np.ndarray, other: np.ndarray, both: np.ndarray) -> np.ndarray:
        return shrunk(both, root[owner], others[other], shrinkage)

    def score(rows: slice) -> Pairs:
        both = together.both(rows)
        cells = Cells(rows, both)
        of_owner, of_other = cells.of_owner(rough_root), cells.of_other(rough_others)
        scores = shrunk(cells.of_pair(both), of_owner, of_other, shrinkage)
        return cells.best(scores, n_neighbors, exactly)

    return best_pairs(score, orders.shape[1], n_neighbors, n_threads)[0]


def of_lines(orders: sp.csr_array, values: np.ndarray) -> sp.csr_array:
    """Give every product of an order the value of the order, (n_orders, n_products)."""
    repeated = np.repeat(values, np.diff(orders.indptr))
    return sp.csr_array((repeated, orders.indices, orders.indptr), shape=orders.shape)


def orders_of_customers(orders: sp.csr_array, customer: np.ndarray, n_customers: int) -> sp.csr_array:
    """Count each customer's orders with each product, (n_customers, n_products)."""
    whose = (np.ones(len(customer)), (customer, np.arange(len(customer))))
    counts = sp.coo_array(whose, shape=(n_customers, len(customer))).tocsr() @ orders
    counts.sort_indices()
    return sp.csr_array(counts)


class GreatestOfCustomer:
    """Keeps the greatest value of a customer's orders with a product.

    Parameters
    ----------
    orders : csr_array of shape (n_orders, n_products)
        A stored cell: the order held the product.
    customer : ndarray of int, shape (n_orders,)
        The row in `purchases` of the order's customer.
    purchases : csr_array of shape (n_customers, n_products)
        Its cells are those of the result.
    """

    def __init__(self, orders: sp.csr_array, customer: np.ndarray, purchases: sp.csr_array) -> None:
        self._orders, self._purchases = orders, purchases
        of_line = np.repeat(customer.astype(np.int64), np.diff(orders.indptr))
        cell = of_line * purchases.shape[1] + orders.indices
        self._by_cell = np.argsort(cell)
        self._first = np.flatnonzero(np.diff(cell[self._by_cell], prepend=-1))

    def of(self, values: np.ndarray) -> sp.csr_array:
        """Return the greatest of the values of the orders, one value per order, (n_customers, n_products)."""
        purchases = self._purchases
        lines = np.repeat(values, np.diff(self._orders.indptr))[self._by_cell]
        greatest = np.maximum.reduceat(lines, self._first) if len(lines) else lines
        return sp.csr_array((greatest, purchases.indices, purchases.indptr), shape=purchases.shape)
