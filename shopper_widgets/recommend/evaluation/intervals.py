"""Intervals of a mean over questions, when customers have several questions each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from shopper_widgets._support.intervals import share_interval

#: The number of bootstrap resamples of the customers behind an interval.
N_BOOTSTRAP = 1000
#: The share of resamples inside an interval.
CONFIDENCE = 0.95


class Resamples:
    """Bootstrap samples of the customers, the same for every method and metric.

    Parameters
    ----------
    customer : ndarray of shape (n_questions,)
        Who asks each question, by id or number.
    random_state : int
        Seeds the draws.

    Examples
    --------
    >>> resamples = Resamples(np.array(["ann", "ann", "ben"]), 0)
    >>> resamples.means([np.array([0.0, 1.0, 1.0])])
    [(0.6666666666666666, 0.5, 1.0)]
    """

    def __init__(self, customer: np.ndarray, random_state: int) -> None:
        customers, whose = np.unique(customer, return_inverse=True)
        n_customers, n_questions = len(customers), len(customer)
        cells = (np.ones(n_questions), (whose, np.arange(n_questions)))
        self._whose = sp.coo_array(cells, shape=(n_customers, n_questions)).tocsr()
        rng = np.random.default_rng(random_state)
        chances = np.full(n_customers, 1 / n_customers)
        # The counts are kept as floats, which multiply many times faster than integers.
        self._draws = rng.multinomial(n_customers, chances, size=N_BOOTSTRAP).astype(float)

    def means(self, columns: Sequence[np.ndarray]) -> list[tuple[float, float, float]]:
        """Return the mean of each column over the questions that have a value, and its interval.

        The interval is the middle 95 % of the means of the resamples (percentile bootstrap: Efron and
        Tibshirani, An Introduction to the Bootstrap, 1993). For the differences of two methods, question by
        question, it is that of a paired comparison. All three are NaN if no question has a value other than
        NaN.
        """
        # All columns together: one product of large matrices is many times faster than many products with
        # vectors.
        table = np.stack(columns, axis=1)
        has_value = ~np.isnan(table)
        # Most metrics have values for the same questions, so the denominators are computed once per pattern.
        patterns = {column.tobytes(): column for column in has_value.T}
        pattern = np.array([[*patterns].index(column.tobytes()) for column in has_value.T])
        totals = self._by_customer(np.where(has_value, table, 0))
        counts = self._by_customer(np.stack([*patterns.values()], axis=1).astype(float))
        drawn_totals, drawn_counts = self._draws @ totals, self._draws @ counts
        tails = [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]
        found = np.full((3, table.shape[1]), np.nan)
        for i, count in enumerate(counts.sum(axis=0)):
            if count:
                these, asked = pattern == i, drawn_counts[:, i] > 0
                found[0, these] = totals[:, these].sum(axis=0) / count
                means = drawn_totals[np.ix_(asked, these)] / drawn_counts[asked, i, None]
                found[1:, these] = np.quantile(means, tails, axis=0)
        return [(mean, low, high) for mean, low, high in found.T.tolist()]

    def of_all_alike(
        self, values: np.ndarray, found: tuple[float, float, float]
    ) -> tuple[float, float, float]:
        """Return the mean and interval of shares, which `means` found, exact where all are 0 or all are 1.

        There each resample is all 0 or all 1, too, so that the bootstrap interval would have no width however
        few they are.
        """
        share = found[0]
        if share not in (0, 1):
            return found
        customers = float(self.asked(values)[1])
        _, low, high = share_interval(np.array([share * customers]), np.array([customers]))
        return share, float(low[0]), float(high[0])

    def asked(self, values: np.ndarray) -> tuple[int, int]:
        """Return the number of questions with a value (not NaN), and the number of their customers."""
        count = self._by_customer((~np.isnan(values)).astype(float))
        return int(count.sum()), int(np.count_nonzero(count))

    def _by_customer(self, values: np.ndarray) -> np.ndarray:
        """Return the sum over each customer's questions."""
        sums: np.ndarray = self._whose @ values
        return sums
