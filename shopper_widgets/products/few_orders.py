"""How much the log of few orders biases a slope, since weeks without orders are not seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]

_COUNTS = np.arange(1, 1001)
#: Expected orders for which the bend is computed; beyond the last one, it is 1 + 1/(2μ).
_EXPECTED = np.geomspace(0.01, 400, 400)


#: The shares of orders for which the bend is computed.
_SHARES = np.linspace(0.05, 1, 20)


def log_bend(mean_orders: Floats, seen: Floats) -> Floats:
    """Return how much the log of orders rises per unit of the log of expected orders, in observed weeks.

    Parameters
    ----------
    mean_orders : ndarray of float
        Mean orders of observed weeks.
    seen : ndarray of float
        Share of orders that make their week observed, above 0 and up to 1: those with a price.

    Returns
    -------
    ndarray of float
        Towards 1 for many orders; somewhat above it for fewer, and far below for few.

    Notes
    -----
    A week of y orders is observed with probability 1 − (1 − s)^y. For orders that follow a Poisson
    distribution, log μ is the natural parameter of the observed orders, so that the slope of the mean of log
    y with it is the covariance of y and log y (exponential families: Barndorff-Nielsen 1978, section 8.1). μ
    is found from the mean.

    Examples
    --------
    >>> log_bend(np.array([1.6, 5.0, 100.0]), np.ones(3)).round(2).tolist()
    [0.36, 1.05, 1.01]
    """
    log_chance = _COUNTS * np.log(_EXPECTED)[:, None] - _EXPECTED[:, None] - gammaln(_COUNTS + 1)
    poisson, log = np.exp(log_chance), np.log(_COUNTS)
    nearest = np.abs(seen[:, None] - _SHARES).argmin(axis=1)
    found = np.empty(len(mean_orders))
    for place in np.unique(nearest):
        chance = poisson * (1 - (1 - _SHARES[place]) ** _COUNTS)
        chance /= chance.sum(axis=1, keepdims=True)
        mean = chance @ _COUNTS
        bend = chance @ (_COUNTS * log) - mean * (chance @ log)
        here = nearest == place
        many = mean_orders[here] > mean[-1]
        found[here] = np.where(many, 1 + 0.5 / mean_orders[here], np.interp(mean_orders[here], mean, bend))
    return found
