"""The nearest products of every product, without a table of all pairs in memory."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from sklearn.utils.extmath import safe_sparse_dot

from shopper_widgets._support.progress import progress_bar
from shopper_widgets.recommend.co_purchases import TIE_DECIMALS, nearest_by_support, shrunk_cosine

#: The pairs that a thread may hold at a time: about 8 MB.
PAIRS_PER_BLOCK = 1 << 18
#: To bound the n-th greatest of many values, only the greatest of each of `PARTS` × n parts is looked at.
PARTS = 8
#: From this share of non-empty cells on, all cells are computed: a table is then faster than a list of cells.
DENSE = 0.1
#: A generous bound of the relative error of a score in single precision.
ROUGHLY = 1e-5
#: The same for a whole shop: the pairs that customers bought, for each possible pair of products.
PAIRS_PER_CELL = 0.5


def row_blocks(n_rows: int, n_columns: int) -> list[slice]:
    """Cut rows into blocks whose product with anything of ``n_columns`` stays small."""
    height = max(1, PAIRS_PER_BLOCK // max(1, n_columns))
    return [slice(start, min(start + height, n_rows)) for start in range(0, n_rows, height)]


def nth_at_least(table: np.ndarray, n: int) -> np.ndarray:
    """Return a lower bound of each row's ``n``-th greatest value, which few more values reach.

    Of a wide row, only the greatest value of each part is used. The n-th of these is at most the n-th of all.

    Examples
    --------
    >>> nth_at_least(np.array([[3.0, 1.0, 2.0]]), n=2)
    array([2.])
    """
    n_parts = PARTS * n
    if (width := table.shape[1] // n_parts) > 1:
        table = table[:, : width * n_parts].reshape(len(table), width, n_parts).max(axis=1)
    least: np.ndarray = np.partition(table, -n, axis=1)[:, -n]
    return least


def dense_product(block: sp.csr_array, matrix: sp.csr_array) -> np.ndarray:
    """Return ``block @ matrix``, dense.

    Adding up into full rows is several times as fast as listing their non-zero cells. scikit-learn does so
    from 1.8 on; earlier versions use SciPy's product.
    """
    product: np.ndarray = safe_sparse_dot(block, matrix, dense_output=True)
    return product


def counted(held: sp.csr_array) -> sp.csr_array:
    """Return a matrix with ones for stored values, to count with: exact, in half of the memory.

    Single precision holds whole numbers to sixteen millions, more than buyers of any product.

    Examples
    --------
    >>> (counted(sp.csr_array([[5.0, 0.5]])).T @ counted(sp.csr_array([[5.0, 0.5]]))).toarray()
    array([[1., 1.],
           [1., 1.]], dtype=float32)
    """
    ones = np.ones(held.nnz, dtype=np.float32)
    return sp.csr_array((ones, held.indices, held.indptr), shape=held.shape)


def top_entries(
    indptr: np.ndarray, indices: np.ndarray, scores: np.ndarray, tie_breaker: np.ndarray, n: int
) -> np.ndarray:
    """Return the positions of the best ``n`` entries of each row: row by row, best first.

    Higher scores come first, then higher ``tie_breaker``, then the smaller column; this holds at the cut too.

    Parameters
    ----------
    indptr, indices : ndarray of int
        A CSR structure.
    scores, tie_breaker : ndarray of shape (n_entries,)
        Of each entry.
    n : int
        At least 1.

    Returns
    -------
    ndarray of int
        At most `n` of each row.

    Examples
    --------
    >>> top_entries(np.array([0, 3]), np.array([5, 6, 7]), np.array([.5, .9, .5]), np.array([1, 1, 2]), n=2)
    array([1, 2])
    """
    lengths = np.diff(indptr)
    long = lengths > n
    threshold = np.full(len(lengths), -np.inf)
    if long.any():
        filled = np.arange(lengths.max()) < lengths[long, None]
        table = np.full(filled.shape, -np.inf)
        table[filled] = scores if long.all() else scores[np.repeat(long, lengths)]
        threshold[long] = nth_at_least(table, n) - 10.0**-TIE_DECIMALS
    candidates = np.flatnonzero(scores >= np.repeat(threshold, lengths))
    starts = np.searchsorted(candidates, indptr)
    filled = np.arange(np.diff(starts).max(initial=0)) < np.diff(starts)[:, None]
    columns, ties, below = (np.full(filled.shape, fill) for fill in (0, 0.0, np.inf))
    columns[filled], ties[filled] = indices[candidates], -tie_breaker[candidates]
    below[filled] = -np.round(scores[candidates], TIE_DECIMALS)
    # Each row is sorted by itself: many short sorts are faster than a long one. Empty cells come last.
    best_first = np.lexsort((columns, ties, below), axis=1)[:, :n]
    best: np.ndarray = candidates[(starts[:-1, None] + best_first)[filled[:, :n]]]
    return best


def nearest_products(
    weights: sp.csr_array,
    *,
    n_neighbors: int,
    shrinkage: float,
    min_support: int,
    n_threads: int | None = None,
) -> tuple[sp.csr_array, sp.csr_array]:
    """Return each product's nearest products by shrunk cosine.

    Parameters
    ----------
    weights : csr_array of shape (n_customers, n_products)
        Every stored cell above zero.
    n_neighbors : int
        How many to keep per product. Ties: higher score, then higher support, then the smaller column.
    shrinkage : float
        See `shrunk_cosine`.
    min_support : int
        Pairs that fewer customers bought don't count.
    n_threads : int, optional
        Default: every core this process may use.

    Returns
    -------
    scores, support : csr_array of shape (n_products, n_products)
        Row: the product asked about. Both have the same structure: at most ``n_neighbors`` cells a row.
    """
    counts_alike = bool((weights.data == 1).all())
    if counts_alike and not _fill_a_table(weights):
        return nearest_by_support(
            weights,
            n_neighbors=n_neighbors,
            shrinkage=shrinkage,
            min_support=min_support,
            n_threads=n_threads,
        )
    bought, weights_by_product = counted(weights), weights.T.tocsr()
    by_product = bought.T.tocsr()
    norms = np.sqrt(weights.power(2).sum(axis=0))
    norms[norms == 0] = 1  # a product that nobody bought has no pair that counts

    roughly = norms.astype(np.float32)

    def exactly(owner: np.ndarray, other: np.ndarray, support: np.ndarray) -> np.ndarray:
        return shrunk_cosine(support, norms[owner], norms[other], shrinkage)

    def score(rows: slice) -> Pairs:
        support = dense_product(by_product[rows], bought)
        cells = Cells(rows, support, min_support)
        if counts_alike:
            of_owner, of_other = cells.of_owner(roughly), cells.of_other(roughly)
            rough = shrunk_cosine(cells.of_pair(support), of_owner, of_other, shrinkage)
            return cells.best(rough, n_neighbors, exactly)
        dot = cells.of_pair(dense_product(weights_by_product[rows], weights))
        scores = shrunk_cosine(dot, cells.of_owner(norms), cells.of_other(norms), shrinkage)
        return cells.best(scores, n_neighbors)

    return best_pairs(score, weights.shape[1], n_neighbors, n_threads)


def _fill_a_table(bought: sp.csr_array) -> bool:
    """Return whether customers bought so many pairs of products that a full table is the fastest."""
    each = np.diff(bought.indptr).astype(float)
    return bool(PAIRS_PER_CELL * bought.shape[1] ** 2 <= each @ each)


@dataclass(frozen=True)
class Pairs:
    """Pairs of products: the owner of a list, the other product, the score, and the support.

    ``owner`` ascends, and so does ``other`` within each owner; all arrays have one entry per pair.
    """

    owner: np.ndarray
    other: np.ndarray
    scores: np.ndarray
    support: np.ndarray


#: Gives the scores of pairs from their owner, other and support.
Exactly = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


class Cells:
    """The pairs that count in a block of products: as a table if there are many, else one by one.

    Parameters
    ----------
    rows : slice
        The products that own the lists.
    support : ndarray of shape (n_rows, n_products)
        How often each pair was bought; the cell of a product with itself is set to 0.
    least : float
        Pairs with less support don't count.
    """

    def __init__(self, rows: slice, support: np.ndarray, least: float = 1) -> None:
        np.fill_diagonal(support[:, rows], 0)
        self._rows, self._support, self._counts = rows, support, support >= least
        self._among: np.ndarray | None = None
        if np.count_nonzero(self._counts) < DENSE * support.size:
            self._among = np.flatnonzero(self._counts)
            self._owner, self._other = self._parted(self._among)

    def of_owner(self, values: np.ndarray) -> np.ndarray:
        """Return the value of each pair's owner."""
        return values[self._rows, None] if self._among is None else values[self._owner]

    def of_other(self, values: np.ndarray) -> np.ndarray:
        """Return the value of each pair's other product."""
        return values if self._among is None else values[self._other]

    def of_pair(self, table: np.ndarray) -> np.ndarray:
        """Return the value of each pair in a table of all pairs."""
        return table if self._among is None else table.ravel()[self._among]

    def best(self, scores: np.ndarray, n: int, exactly: Exactly | None = None) -> Pairs:
        """Return the pairs that may be among a product's best ``n``, and all pairs of products with few.

        Parameters
        ----------
        scores : ndarray
            Of each pair, 0 or more; overwritten.
        n : int
            How many are requested.
        exactly : callable, optional
            Gives the exact scores from owner, other and support, where `scores` are in single precision,
            which halves the time for a table.
        """
        cells = self._among
        if cells is None:
            scores *= self._counts  # many times faster than writing zeros into cells that don't count
            least = nth_at_least(scores, min(n, scores.shape[1]))
            least = least - 10.0**-TIE_DECIMALS if exactly is None else least * (1 - ROUGHLY)
            cells = np.flatnonzero((scores >= least[:, None]) & self._counts)
            scores = scores.ravel()[cells]
        owner, other = (self._owner, self._other) if self._among is not None else self._parted(cells)
        support = self._support.ravel()[cells]
        if exactly is not None:
            scores = exactly(owner, other, support.astype(np.float64))
        return Pairs(owner, other, scores, support.astype(np.int32))

    def _parted(self, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        owner, other = np.divmod(cells, self._support.shape[1])
        return owner + self._rows.start, other


def best_pairs(
    score: Callable[[slice], Pairs], n_products: int, n_neighbors: int, n_threads: int | None = None
) -> tuple[sp.csr_array, sp.csr_array]:
    """Keep the best pairs of every product, a block of products at a time, on several threads.

    Parameters
    ----------
    score : callable
        Returns the pairs whose first product is in a slice of the products.
    n_products, n_neighbors : int
        How many products there are, and how many pairs of each to keep.
    n_threads : int, optional
        Default: every core this process may use.

    Returns
    -------
    scores, support : csr_array of shape (n_products, n_products)
        See `nearest_products`.
    """
    import joblib

    def block(rows: slice) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        pairs = score(rows)
        indptr = np.searchsorted(pairs.owner, np.arange(rows.start, rows.stop + 1))
        # Sorted back into the order of the pairs, which a sparse matrix needs.
        best = np.sort(top_entries(indptr, pairs.other, pairs.scores, pairs.support, n_neighbors))
        lengths = np.diff(np.searchsorted(best, indptr))
        return lengths, pairs.other[best], pairs.scores[best], pairs.support[best]

    blocks = row_blocks(n_products, n_products)
    with ThreadPoolExecutor(n_threads or joblib.cpu_count()) as pool:
        found = list(progress_bar(pool.map(block, blocks), total=len(blocks), delay=2, desc="Neighbors"))
    lengths, other, scores, support = (np.concatenate(parts) for parts in zip(*found, strict=True))
    indptr, shape = np.concatenate([[0], np.cumsum(lengths)]), (n_products, n_products)
    return (
        sp.csr_array((scores, other, indptr), shape=shape),
        sp.csr_array((support, other, indptr), shape=shape),
    )


def pair_scores(weights: sp.csr_array, *, shrinkage: float, min_support: int) -> np.ndarray:
    """Return the dense matrix of scores of a few products: 1 on the diagonal, 0 for too little support.

    Parameters
    ----------
    weights : csr_array of shape (n_customers, n_products)
        What each customer's purchase of a product counts.
    shrinkage, min_support : float, int
        As in `nearest_products`.

    Returns
    -------
    ndarray of shape (n_products, n_products)
        Symmetric, in the order of the columns.
    """
    norms = np.sqrt(weights.power(2).sum(axis=0))
    bought = weights.astype(bool).astype(np.int64)
    support = (bought.T @ bought).toarray()
    scores = shrunk_cosine((weights.T @ weights).toarray(), norms[:, None], norms, shrinkage)
    scores[support < min_support] = 0
    np.fill_diagonal(scores, 1)
    return scores
