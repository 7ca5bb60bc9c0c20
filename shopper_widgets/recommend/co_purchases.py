"""The nearest products by purchases that count as 0 or 1: integers added up in C++, with exact ties.

For one product a, ``sparse_dot_topn`` adds up the worth of each other product b over the customers who bought
a; the worth is an integer close to ``1 / (√n_a √n_b + shrinkage)`` on some scale. The greatest sums are kept.
A sum ÷ the worth of b is exactly the number of customers who bought both: the scores of the products kept are
exact, and those left out have a known upper bound. If the bound doesn't settle which products are the
nearest, the product is computed again, and more sums are kept.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp

from shopper_widgets._support.progress import progress_bar

#: Scores that agree to this many decimals are a tie: sums of floats differ in their last bits.
TIE_DECIMALS = 12
#: How many more sums than neighbors are kept: a number and a share; the factor for each further attempt.
SPARE, MORE = (8, 0.2), 16
#: The size of a batch: the most sums kept (8 MB), and the most purchases of its products.
SUMS_PER_BATCH = PURCHASES_PER_BATCH = 1 << 20
#: With shrinkage, the numbers of customers of the products in a batch differ by at most this factor.
ALIKE = 1.25

_GREATEST_SUM = 2**31 - 1
_NOBODY = np.iinfo(np.int64).max


def shrunk_cosine(dot: np.ndarray, norm: np.ndarray, other_norm: np.ndarray, shrinkage: float) -> np.ndarray:
    """Return ``dot / (norm × other_norm + shrinkage)``.

    Without shrinkage this is the cosine of Sarwar et al., "Item-based collaborative filtering recommendation
    algorithms" (WWW 2001); the shrink term, which distinguishes habits from coincidences, is that of Ferrari
    Dacrema, Cremonesi and Jannach, "Are we really making much progress?" (RecSys 2019, arXiv 1907.06902).

    Examples
    --------
    >>> shrunk_cosine(np.array([3.0]), np.array([3.0]), np.array([1.0]), shrinkage=1)
    array([0.75])
    """
    scores: np.ndarray = dot / (norm * other_norm + shrinkage)
    return scores


def nearest_by_support(
    bought: sp.csr_array,
    *,
    n_neighbors: int,
    shrinkage: float,
    min_support: int,
    n_threads: int | None = None,
) -> tuple[sp.csr_array, sp.csr_array]:
    """Return each product's nearest products by shrunk cosine of who bought it.

    Parameters
    ----------
    bought : csr_array of shape (n_customers, n_products)
        A stored cell: the customer bought the product. What is stored doesn't matter.
    n_neighbors, shrinkage, min_support, n_threads : int, float, int, int or None
        As in `neighbors.nearest_products`.

    Returns
    -------
    scores, support : csr_array of shape (n_products, n_products)
        As in `neighbors.nearest_products`.

    Examples
    --------
    >>> bought = sp.csr_array([[1, 1, 0], [1, 1, 0], [1, 0, 1], [0, 1, 1]])
    >>> scores, support = nearest_by_support(bought, n_neighbors=1, shrinkage=0, min_support=1)
    >>> scores.toarray().round(3)
    array([[0.   , 0.667, 0.   ],
           [0.667, 0.   , 0.   ],
           [0.408, 0.   , 0.   ]])
    """
    import joblib

    n_products = bought.shape[1]
    buyers = np.bincount(bought.indices, minlength=n_products)
    shop = _Shop(bought, buyers, shrinkage, min_support, n_threads or joblib.cpu_count())
    asked = np.arange(len(shop.products))
    n = min(n_neighbors, len(asked))
    least, share = SPARE
    kept, by_score = n + 1 + least + int(share * n), True
    nearest = np.full((n_products, n), _NOBODY)
    with progress_bar(total=len(asked), delay=2, desc="Neighbors") as progress:
        while len(asked):
            kept, unsure = min(kept, len(shop.products)), []
            for rows in shop.batches(asked, kept):
                nearest[shop.products[rows]], sure = shop.nearest(rows, n, kept, by_score)
                unsure.append(rows[~sure])
                progress.update(np.count_nonzero(sure))
                if by_score and min_support > 1 and sure.mean() < 0.5:
                    unsure.append(asked[asked > rows.max()])  # products with fewer buyers are even less sure
                    break
            asked, kept = np.sort(np.concatenate(unsure)), kept * MORE
            # Pairs with too little support crowd out the others: ordered by support instead, the others come
            # first.
            by_score = min_support == 1
    somebody = nearest != _NOBODY
    owner, _ = np.nonzero(somebody)
    other, support = _unpacked(nearest[somebody])
    norms = np.sqrt(buyers)
    scores = shrunk_cosine(support, norms[owner], norms[other], shrinkage)
    indptr = np.concatenate([[0], np.cumsum(somebody.sum(axis=1))]).astype(np.int32)
    square = (n_products, n_products)
    return (
        sp.csr_array((scores, other, indptr), shape=square),
        sp.csr_array((support, other, indptr), shape=square),
    )


class _Shop:
    """Purchases arranged for fast sums.

    Products are sorted by falling number of buyers, then by column. This also breaks ties: if two products
    have equal scores with a third, the one with more support has more buyers. Products with too few buyers
    are left out.

    Attributes
    ----------
    products : ndarray of shape (n,)
        The columns.
    norms : ndarray of shape (n,)
        The square root of the number of buyers of each product.
    """

    def __init__(
        self, bought: sp.csr_array, buyers: np.ndarray, shrinkage: float, min_support: int, n_threads: int
    ) -> None:
        products = np.argsort(-buyers, kind="stable")
        self.products = products[buyers[products] >= min_support]
        self.buyers = buyers[self.products]
        self.norms = np.sqrt(self.buyers)
        self.shrinkage, self.min_support, self.n_threads = shrinkage, min_support, n_threads
        # The customers who bought most come first: nearly all sums begin there, so that later branches are
        # predictable.
        most_first = np.argsort(-np.diff(bought.indptr), kind="stable")
        ones = np.ones(bought.nnz, dtype=np.int32)
        counted = sp.csr_array((ones, bought.indices, bought.indptr), shape=bought.shape)
        self._by_customer = sp.csr_matrix(counted[most_first][:, self.products])
        self._by_product = self._by_customer.T.tocsr()
        self._norm: float | None = None
        self._scale, self._worth = 1.0, np.ones(len(self.products), dtype=np.int32)
        #: The lower bound of a neighbor's score that is known so far.
        self._least = np.zeros(len(self.products))

    def batches(self, asked: np.ndarray, kept: int) -> Iterator[np.ndarray]:
        """Cut ascending products into batches, each ordered so that all threads have equally much to do."""
        buyers = self.buyers[asked]
        done = np.concatenate([[0], np.cumsum(buyers)])
        start = 0
        while start < len(asked):
            stop = min(
                start + SUMS_PER_BATCH // kept,
                int(np.searchsorted(done, done[start] + PURCHASES_PER_BATCH, side="right")) - 1,
            )
            if self.shrinkage:
                stop = min(stop, int(np.searchsorted(-buyers, -buyers[start] / ALIKE, side="right")))
            stop = max(stop, start + 1)
            yield np.concatenate([asked[start + k : stop : self.n_threads] for k in range(self.n_threads)])
            start = stop

    def nearest(self, rows: np.ndarray, n: int, kept: int, by_score: bool) -> tuple[np.ndarray, np.ndarray]:
        """Return the ``n`` nearest of some products, packed, and for which products these are certain."""
        if not by_score:
            self._weigh(None)
        elif self.shrinkage:
            self._weigh(self.norms[rows].max())
        else:
            self._weigh(1.0)
        others, sums, complete = self._greatest_sums(rows, kept)
        support = sums // self._worth[others]
        scores = shrunk_cosine(support, self.norms[rows][:, None], self.norms[others], self.shrinkage)
        # The best have the smallest keys: the distance of the score from 1, then the position in the shop.
        bits = len(self.products).bit_length()
        key = (_below_one(scores) << bits) | others
        key[(support < self.min_support) | (others == rows[:, None])] = _NOBODY
        best = np.argpartition(key, n - 1, axis=1)[:, :n]
        key, others, support = (np.take_along_axis(found, best, axis=1) for found in (key, others, support))
        packed = np.where(key == _NOBODY, _NOBODY, _packed(self.products[others], support))
        last = key[:, -1] >> bits
        self._least[rows] = np.maximum(0, 1 - (last + 1) / 10**TIE_DECIMALS)
        most_left_out = sums.min(axis=1) / self._per_score(rows)
        return np.sort(packed, axis=1), complete | (last < _below_one(most_left_out))

    def _weigh(self, norm: float | None) -> None:
        """Set the worth of products for one of this norm; None: all are worth 1, so that sums are support."""
        if norm == self._norm:
            return
        self._norm = norm
        if norm is None:
            self._scale, self._worth = 1.0, np.ones(len(self.products), dtype=np.int32)
        else:
            worth = shrunk_cosine(np.ones(1), np.asarray(norm), self.norms, self.shrinkage)
            # On this scale the greatest sum, that of the most popular product with itself, just fits into 32
            # bits.
            self._scale = _GREATEST_SUM / (self.buyers[0] * worth[0])
            self._worth = np.floor(worth * self._scale).astype(np.int32)
        self._by_customer.data = self._worth[self._by_customer.indices]

    def _greatest_sums(self, rows: np.ndarray, kept: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the products with the greatest sums, the sums, and the rows that can't lack a neighbor.

        The first two have the shape (n_rows, kept); a row with fewer products is padded by sums of 0.
        """
        from sparse_dot_topn import sp_matmul_topn

        too_few = self.min_support * int(self._worth.min()) - 1
        too_low = int((self._least[rows] * self._per_score(rows)).min())
        found = sp_matmul_topn(
            self._by_product[rows],
            self._by_customer,
            top_n=kept,
            threshold=max(too_few, too_low),
            n_threads=self.n_threads,
        )
        length = np.diff(found.indptr)
        others, sums = np.zeros((2, len(rows), kept), dtype=np.int32)
        filled = np.arange(kept) < length[:, None]
        others[filled], sums[filled] = found.indices, found.data
        return others, sums, (length < kept) | (kept == len(self.products))

    def _per_score(self, rows: np.ndarray) -> np.ndarray:
        """Return a factor: a sum is at least this many times the score that it stands for.

        Rounding took less than 1 from the worth of a product, relatively most from the most popular one. And
        the worth was set for a norm no smaller than these: for a smaller norm each product is worth more, and
        again the most popular one by the largest factor.
        """
        norms, popular = self.norms[rows], self.norms[0]
        if self._norm is None:
            fewest: np.ndarray = norms * self.norms[-1] + self.shrinkage
            return fewest
        shrunk = (norms * popular + self.shrinkage) / (self._norm * popular + self.shrinkage)
        per_score: np.ndarray = self._scale * shrunk / (1 + 1 / self._worth[0])
        return per_score


def _below_one(scores: np.ndarray) -> np.ndarray:
    """Return the distance of scores from 1, in units of the precision to which ties agree."""
    units: np.ndarray = (10**TIE_DECIMALS - np.rint(scores * 10**TIE_DECIMALS)).astype(np.int64)
    return units


def _packed(columns: np.ndarray, support: np.ndarray) -> np.ndarray:
    packed: np.ndarray = (columns.astype(np.int64) << 32) | support
    return packed


def _unpacked(packed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return (packed >> 32).astype(np.int32), (packed & (1 << 32) - 1).astype(np.int32)
