"""Confidence intervals of the mean of skewed amounts, and of a share of few."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: Standard errors to each end of a 95 % interval, and the share beyond each end.
_Z, _TAIL = 1.959964, 0.025


def mean_interval(n: Floats, total: Floats, squares: Floats) -> tuple[Floats, Floats, Floats]:
    """Return means with their 95 % intervals, from sums: on the log scale, since money is skewed.

    Parameters
    ----------
    n, total, squares : ndarray
        How many there are, their sum, and the sum of their squares.

    Returns
    -------
    mean, low, high : ndarray
        NaN for a mean without an interval: of no value, of one, or of zeros only.

    Examples
    --------
    >>> amounts = np.array([[10.0, 20.0, 60.0]])
    >>> mean, low, high = mean_interval(np.array([3.0]), amounts.sum(axis=1), (amounts**2).sum(axis=1))
    >>> f"{mean[0]:.0f}: {low[0]:.1f} to {high[0]:.1f}"
    '30: 11.1 to 81.4'
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / n
        spread = np.maximum(squares - n * mean**2, 0.0) / (n - 1)
        away = np.exp(_Z * np.sqrt(spread / n) / mean)
        known = (n > 1) & (mean > 0)
        low, high = np.where(known, mean / away, np.nan), np.where(known, mean * away, np.nan)
    return mean, low, high


def share_interval(count: Floats, of: Floats) -> tuple[Floats, Floats, Floats]:
    """Return shares with their 95 % intervals: those of Jeffreys, exact for none and all.

    Brown, Cai and DasGupta, Statistical Science 16, 2001.

    Examples
    --------
    >>> share, low, high = share_interval(np.array([0.0, 5.0]), np.array([20.0, 20.0]))
    >>> share.tolist(), low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.25], [0.0, 0.102], [0.168, 0.464])
    """
    from scipy.special import betaincinv

    count, of = np.asarray(count, dtype=float), np.asarray(of, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = count / of
        low = np.where(count > 0, betaincinv(count + 0.5, of - count + 0.5, _TAIL), 0.0)
        high = np.where(count < of, betaincinv(count + 0.5, of - count + 0.5, 1 - _TAIL), 1.0)
        # At 0 and at 100 % the exact limits are used: those of Jeffreys leave out the true share too often.
        low = np.where(count == of, _TAIL ** (1 / of), low)
        high = np.where(count == 0, 1 - _TAIL ** (1 / of), high)
    return share, low, high
