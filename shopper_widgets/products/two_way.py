"""Regression on one cause within a panel of two kinds of groups, with clustered intervals."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

#: The most rounds, and the size of the last change, after which the means of both kinds of groups count as
#: removed.
_ROUNDS, _LEFT = 10_000, 1e-10
#: The share that is added to the equations, so that they can be solved where a mean is free; and the share of
#: the cause's variation below which it counts as 0.
_RIDGE, _FEW = 1e-9, 1e-6
#: The most coefficients of equations in memory at a time.
_MOST_NUMBERS = 4_000_000


class Slope(NamedTuple):
    """A slope with its 95 % interval."""

    estimate: float
    low: float
    high: float


def within(values: Floats, rows: Codes, columns: Codes) -> Floats:
    """Subtract the means of both kinds of groups from values.

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
    The means of both kinds are subtracted in turn until nothing changes (alternating projections: Guimarães
    and Portugal 2010, doi 10.1177/1536867X1101000406).

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
    """Return the slope of the outcome on the cause within groups of both kinds.

    Parameters
    ----------
    outcome, cause : ndarray of float
        One value per observation.
    rows, columns : ndarray of int
        To which group of either kind each belongs; observations of one row group may be correlated.

    Returns
    -------
    Slope
        The slope with its 95 % interval; only NaN if the cause doesn't vary within the groups, or in just one
        row group.

    Notes
    -----
    Least squares within both kinds of groups. If the slope differs between row groups, the estimate is their
    mean, each weighted by the variation of its cause within both kinds of groups (its sum of squares there),
    and the interval is for that mean over all such groups. The variance is the jackknife that leaves out one
    row group at a time, with the means of columns computed again (CV3 of MacKinnon, Nielsen and Webb 2023,
    doi 10.1002/jae.2969): the sandwich of residuals is too small for few groups. The interval takes Student's
    t with G − 1 degrees of freedom for G groups.

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
    rows, columns = (np.unique(codes, return_inverse=True)[1] for codes in (rows, columns))  # none is empty
    y, x = within(outcome, rows, columns), within(cause, rows, columns)
    groups, spread = len(np.unique(rows)), float(x @ x)
    if groups < 2 or spread <= _LEFT * len(x):
        return Slope(np.nan, np.nan, np.nan)
    estimate = float(x @ y) / spread
    changes = _without_each_row(y - estimate * x, x, rows, columns)
    if np.isnan(changes).any():
        return Slope(np.nan, np.nan, np.nan)
    error = float(np.sqrt((groups - 1) / groups * (changes @ changes)))
    wide = float(stdtrit(groups - 1, 0.975)) * error
    return Slope(estimate, estimate - wide, estimate + wide)


def _without_each_row(left: Floats, x: Floats, rows: Codes, columns: Codes) -> Floats:
    """Return the change of the slope without each row group; NaN where nothing varies without it.

    `left` holds the residuals of the outcome, `x` the cause within both kinds of groups. Without a row group,
    the slope and the means of columns solve the normal equations of the remaining groups.
    """
    n_rows, n_columns = int(rows.max()) + 1, int(columns.max()) + 1
    cells = rows * n_columns + columns
    counts, of_left, of_x = (
        np.bincount(cells, weights, minlength=n_rows * n_columns).reshape(n_rows, n_columns)
        for weights in (None, left, x)
    )
    shares = counts / counts.sum(axis=1, keepdims=True)
    # The common level of all columns is free, and so is that of a column that only one row group has.
    normal = np.diag(counts.sum(axis=0) * (1 + _RIDGE)) - counts.T @ shares
    products, spread = np.bincount(rows, x * left), x @ x - np.bincount(rows, x * x)
    diagonal, each = np.arange(n_columns), max(1, _MOST_NUMBERS // n_columns**2)
    for some in (slice(start, start + each) for start in range(0, n_rows, each)):
        equations = normal + counts[some, :, None] * shares[some, None, :]
        equations[:, diagonal, diagonal] -= counts[some]
        means = np.linalg.solve(equations, np.stack([of_left[some], of_x[some]], axis=-1))
        products[some] += (of_x[some] * means[..., 0]).sum(axis=1)
        spread[some] -= (of_x[some] * means[..., 1]).sum(axis=1)
    spread[spread <= _FEW * (x @ x)] = np.nan
    changes: Floats = -products / spread
    return changes
