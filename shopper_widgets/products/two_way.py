"""Regression on one cause within a panel of two kinds of groups, with intervals that are clustered."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

#: Rounds and size of the last change at which the means of both kinds of groups are taken to be out.
_ROUNDS, _LEFT = 10_000, 1e-10


class Slope(NamedTuple):
    """A slope with its 95 % interval."""

    estimate: float
    low: float
    high: float


def within(values: Floats, rows: Codes, columns: Codes) -> Floats:
    """Take the means of both kinds of groups out of values.

    Parameters
    ----------
    values : ndarray of float
        One value per observation.
    rows, columns : ndarray of int
        To which group of either kind each belongs, numbered from 0 without gaps.

    Returns
    -------
    ndarray of float
        The residuals of a regression on indicators of all groups.

    Notes
    -----
    Means of either kind are taken out in turn until nothing changes (alternating projections: Guimarães and
    Portugal 2010, doi 10.1177/1536867X1101000406).

    Examples
    --------
    >>> rows, columns = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    >>> within(np.array([1.0, 2.0, 3.0, 5.0]), rows, columns).round(2).tolist()
    [0.25, -0.25, -0.25, 0.25]
    """
    left = values.astype(float)
    of_row, of_column = np.bincount(rows), np.bincount(columns)
    for _ in range(_ROUNDS):
        left = left - (np.bincount(rows, left) / of_row)[rows]
        step = np.bincount(columns, left) / of_column
        left = left - step[columns]
        if np.abs(step).max() < _LEFT:
            break
    return left


def panel_slope(outcome: Floats, cause: Floats, rows: Codes, columns: Codes) -> Slope:
    """Say by how much the outcome differs where the cause does, within groups of both kinds.

    Parameters
    ----------
    outcome, cause : ndarray of float
        One value per observation.
    rows, columns : ndarray of int
        To which group of either kind each belongs; observations of one row group may hang together.

    Returns
    -------
    Slope
        The slope with its 95 % interval; nothing but NaN where the cause does not vary within the groups.

    Notes
    -----
    Least squares within both kinds of groups. The variance is the sandwich that is clustered by row group,
    times G/(G − 1) · (N − 1)/(N − K) for G groups and N observations; K counts the slope and the column
    groups but one, and not the effects of what is clustered by. The interval takes Student's t with G − 1
    degrees of freedom (Cameron and Miller 2015, doi 10.3368/jhr.50.2.317, equations 11, 12, section VI).

    Examples
    --------
    >>> draw = np.random.default_rng(0)
    >>> rows, columns = (codes.ravel() for codes in np.indices((40, 20)))
    >>> cause = draw.normal(size=800)
    >>> outcome = rows + columns - 2 * cause + draw.normal(size=800)
    >>> slope = panel_slope(outcome, cause, rows, columns)
    >>> bool(slope.low < -2 < slope.high)
    True
    """
    y, x = within(outcome, rows, columns), within(cause, rows, columns)
    groups, spread = len(np.unique(rows)), float(x @ x)
    if groups < 2 or spread <= _LEFT * len(x):
        return Slope(np.nan, np.nan, np.nan)
    estimate = float(x @ y) / spread
    scores = np.bincount(rows, x * (y - estimate * x))
    free = (len(x) - 1) / max(len(x) - len(np.unique(columns)), 1)
    error = float(np.sqrt(scores @ scores * free * groups / (groups - 1))) / spread
    wide = float(stdtrit(groups - 1, 0.975)) * error
    return Slope(estimate, estimate - wide, estimate + wide)
