"""How sure a mean over questions is, when customers ask several each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

#: Resamples of the customers behind an interval.
N_BOOTSTRAP = 1000
#: The share of resamples inside an interval.
CONFIDENCE = 0.95


class Resamples:
    """Bootstrap samples of the customers, drawn with replacement; the same draws for every method and metric.

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
        customers, self._customer = np.unique(customer, return_inverse=True)
        self._n_customers = len(customers)
        rng = np.random.default_rng(random_state)
        chances = np.full(self._n_customers, 1 / self._n_customers)
        # Whole numbers, as floats: many times faster to multiply.
        self._draws = rng.multinomial(self._n_customers, chances, size=N_BOOTSTRAP).astype(float)

    def means(self, columns: Sequence[np.ndarray]) -> list[tuple[float, float, float]]:
        """Return, of several values a question, each mean over the questions that have one, and its interval.

        The interval is the middle 95 % of the means of the resamples (percentile bootstrap: Efron and
        Tibshirani, An Introduction to the Bootstrap, 1993). Of the difference of two methods, question by
        question, it is that of a paired comparison. All three are NaN if no question has a value (not NaN).
        """
        # All at once: one product of large matrices is many times faster than many with a vector.
        totals = np.stack([self._by_customer(np.nan_to_num(values)) for values in columns], axis=1)
        counts = np.stack([self._by_customer(~np.isnan(values)) for values in columns], axis=1)
        drawn_totals, drawn_counts = self._draws @ totals, self._draws @ counts
        tails = [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]
        found = []
        for i, count in enumerate(counts.sum(axis=0)):
            asked = drawn_counts[:, i] > 0
            if not count:
                found.append((np.nan, np.nan, np.nan))
                continue
            low, high = np.quantile(drawn_totals[asked, i] / drawn_counts[asked, i], tails)
            found.append((float(totals[:, i].sum() / count), float(low), float(high)))
        return found

    def asked(self, values: np.ndarray) -> tuple[int, int]:
        """Return how many questions have a value (not NaN), and of how many customers."""
        count = self._by_customer(~np.isnan(values))
        return int(count.sum()), int(np.count_nonzero(count))

    def _by_customer(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self._customer, weights=values, minlength=self._n_customers)
