"""How sure a mean over questions is, when customers ask several each."""

from __future__ import annotations

import numpy as np

#: Resamples of the customers behind an interval.
N_BOOTSTRAP = 1000
#: The share of resamples inside an interval.
CONFIDENCE = 0.95


class Resamples:
    """Customers drawn anew, with replacement; the same draws for every method and metric.

    Parameters
    ----------
    customer : ndarray of int, shape (n_questions,)
        Who asks each question, numbered from 0.
    rng : Generator

    Examples
    --------
    >>> resamples = Resamples(np.array([0, 0, 1]), np.random.default_rng(0))
    >>> resamples.mean(np.array([0.0, 1.0, 1.0]))
    (0.6666666666666666, 0.5, 1.0)
    """

    def __init__(self, customer: np.ndarray, rng: np.random.Generator) -> None:
        n_customers = int(customer.max()) + 1
        self._customer, self._n_customers = customer, n_customers
        self._draws = rng.multinomial(n_customers, np.full(n_customers, 1 / n_customers), size=N_BOOTSTRAP)

    def mean(self, values: np.ndarray) -> tuple[float, float, float]:
        """Return the mean over the questions that have a value (not NaN), and its interval.

        The interval is the middle 95 % of the means of the resamples (percentile bootstrap: Efron and
        Tibshirani, An Introduction to the Bootstrap, 1993). Of the difference of two methods, question by
        question, it is that of a paired comparison. All three are NaN if no question has a value.
        """
        valued = ~np.isnan(values)
        if not valued.any():
            return np.nan, np.nan, np.nan
        customer = self._customer[valued]
        total = np.bincount(customer, weights=values[valued], minlength=self._n_customers)
        count = np.bincount(customer, minlength=self._n_customers)
        counts = self._draws @ count
        means = (self._draws @ total)[counts > 0] / counts[counts > 0]
        low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
        return float(values[valued].mean()), float(low), float(high)
