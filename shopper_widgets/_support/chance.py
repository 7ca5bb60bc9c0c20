"""Which findings hold when many were tested: control of the false discovery rate."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

#: The share of 95 % intervals that lie wholly on one side of the truth.
BY_CHANCE = 0.025
#: Of the findings that are reported, at most this share is expected to be due to chance.
_FALSE_SHARE = 0.05


def surely_found(chance: npt.ArrayLike, looked_at: int) -> npt.NDArray[Any]:
    """Return which findings are significant among all that were tested: the best of a million looks good.

    Benjamini and Hochberg's step-up (Journal of the Royal Statistical Society B 57, 1995) keeps the expected
    share of chance findings among those reported at 5 % or below.

    Parameters
    ----------
    chance : array-like
        How often chance alone would show as much, for each possible finding.
    looked_at : int
        How many were tested, including those that show nothing.

    Returns
    -------
    ndarray of bool
        For each in `chance`, whether it is significant.

    Examples
    --------
    >>> surely_found([0.004, 0.2], looked_at=10), surely_found([0.004, 0.2], looked_at=100)
    (array([ True, False]), array([False, False]))
    """
    from scipy.stats import false_discovery_control

    chances = np.asarray(chance, dtype=float)
    others = np.ones(max(looked_at - len(chances), 0))
    if not len(chances):
        return np.zeros(0, dtype=bool)
    adjusted: npt.NDArray[Any] = false_discovery_control(np.concatenate([chances, others]))
    return adjusted[: len(chances)] <= _FALSE_SHARE


def beyond_chance(found: int, looked_at: int, chance: float) -> bool:
    """Return whether more was found than chance explains, given how many were tested.

    Parameters
    ----------
    found, looked_at : int
        How many are significant by themselves, and of how many.
    chance : float
        The share that is significant by chance alone.

    Returns
    -------
    bool
        Whether chance alone finds this many in at most 5 % of cases (binomial, one-sided).

    Examples
    --------
    >>> beyond_chance(12, 294, 0.025), beyond_chance(13, 294, 0.025)
    (False, True)
    """
    from scipy.stats import binom

    return bool(found > 0 and binom.sf(found - 1, looked_at, chance) <= _FALSE_SHARE)
