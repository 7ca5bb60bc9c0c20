"""Maximum likelihood for a few positive parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from shopper_widgets._support.locale import gettext
from shopper_widgets.customers.lifetime.histories import Floats
from shopper_widgets.errors import TooLittleDataError

#: Log parameters, in units of the mean, stay within ± this bound: no known shop lies beyond it.
_FURTHEST = 6.0


def most_likely(
    log_likelihood: Callable[[Floats], tuple[Floats, Floats]],
    starts: Sequence[Sequence[float]],
    inner: int,
    what: str,
) -> Floats:
    """Return the positive parameters that maximize a log-likelihood.

    Parameters
    ----------
    log_likelihood : callable
        Takes the parameters; returns the value of each customer, shape (n,), and its derivatives with respect
        to each parameter, shape (n_parameters, n).
    starts : sequence of sequences of float
        Logarithms to start from; the best result counts.
    inner : int
        How many parameters, from the first on, must be strictly within the limits; the others may reach one.
    what : str
        What the parameters describe, for the message.

    Returns
    -------
    ndarray of shape (n_parameters,)
        In the order of `starts`, above 0.

    Raises
    ------
    TooLittleDataError
        The likelihood has no maximum within reach: customers differ too little, or are too few.
    """
    from scipy.optimize import minimize

    def cost(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs)
        values, slopes = log_likelihood(parameters)
        return -float(values.mean()), -slopes.mean(axis=1) * parameters

    limits = [(-_FURTHEST, _FURTHEST)] * len(starts[0])
    precise = {"ftol": 1e-15, "gtol": 1e-8, "maxiter": 1000}
    found = [
        minimize(cost, start, method="L-BFGS-B", jac=True, bounds=limits, options=precise) for start in starts
    ]
    best = min(found, key=lambda result: float(result.fun))
    if not np.isfinite(best.fun) or np.abs(best.x[:inner]).max() > _FURTHEST - 1e-3:
        raise TooLittleDataError(
            gettext(
                "These customers are too few, or too much alike, to tell {what}. Orders over a longer time "
                "may tell.",
                what=gettext(what),
            )
        )
    parameters: Floats = np.exp(best.x)
    return parameters
