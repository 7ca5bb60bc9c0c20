"""Level forecasts of many products at once: smoothers and methods for intermittent demand.

Each method takes ``y``, demand per product (rows) and week (columns), ``start``, the column in which the
history of each row begins (earlier columns are not used), and ``horizon``. It returns the demand per week
that it expects of each row over the next ``horizon`` weeks; only Theta, which has a slope, depends on their
number. For a row without any demand, 0 is expected. Values agree with statsforecast 2.1.1 (Nixtla).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from shopper_widgets.products.theta import theta

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Method = Callable[[Floats, Ints, int], Floats]

#: The smoothing parameter of Croston's method that Syntetos & Boylan (2005) find best within .05 to .20.
_CROSTON_ALPHA = 0.1
#: Smoothing parameters of TSB: sizes, probabilities.
_TSB_ALPHAS = (0.2, 0.2)
#: The bounds of the fitted smoothing parameter: it must be slow enough not to follow single weeks.
_ALPHA_BOUNDS = (0.1, 0.3)
_GOLDEN = (math.sqrt(5.0) + 1.0) / 2.0
#: Near its minimum the sum of squares hardly changes: a closer search would only find rounding errors.
_ALPHA_TOLERANCE = 1e-8


def naive(y: Floats, start: Ints, horizon: int = 1) -> Floats:
    """Return the sales of the last week."""
    return y[:, -1].copy()


def window_mean(weeks: int) -> Method:
    """Return the method that expects the mean of the last weeks, or of as many as there are."""

    def mean(y: Floats, start: Ints, horizon: int = 1) -> Floats:
        begin = np.maximum(start, y.shape[1] - weeks)
        inside = np.arange(y.shape[1]) >= begin[:, None]
        found: Floats = np.where(inside, y, 0.0).sum(axis=1) / inside.sum(axis=1)
        return found

    return mean


def smoothed(y: Floats, start: Ints, alpha: float | Floats) -> Floats:
    """Return the level of simple exponential smoothing (Brown, 1956) that begins with the first value."""
    level = y[np.arange(len(y)), start]
    for week in range(1, y.shape[1]):
        level = np.where(week > start, alpha * y[:, week] + (1.0 - alpha) * level, level)
    return level


def ses(y: Floats, start: Ints, horizon: int = 1) -> Floats:
    """Return simple exponential smoothing whose parameter fits each product's history best."""
    return smoothed(y, start, _best_alpha(y, start))


def croston(y: Floats, start: Ints, horizon: int = 1) -> Floats:
    """Return Croston's ratio of smoothed size to smoothed interval (Croston, 1972)."""
    size, interval = np.zeros(len(y)), np.zeros(len(y))
    last = start - 1
    for week in range(y.shape[1]):
        sold = (y[:, week] > 0) & (week >= start)
        first = sold & (interval == 0)
        gap = week - last
        size = np.where(sold, _CROSTON_ALPHA * y[:, week] + (1 - _CROSTON_ALPHA) * size, size)
        interval = np.where(sold, _CROSTON_ALPHA * gap + (1 - _CROSTON_ALPHA) * interval, interval)
        size, interval = np.where(first, y[:, week], size), np.where(first, gap, interval)
        last = np.where(sold, week, last)
    return np.divide(size, interval, out=np.zeros(len(y)), where=interval > 0)


def sba(y: Floats, start: Ints, horizon: int = 1) -> Floats:
    """Return Croston's ratio less its bias (Syntetos & Boylan, 2005)."""
    return (1 - _CROSTON_ALPHA / 2) * croston(y, start)


def tsb(y: Floats, start: Ints, horizon: int = 1) -> Floats:
    """Return smoothed probability times smoothed size (Teunter, Syntetos & Babai, 2011)."""
    of_sizes, of_probabilities = _TSB_ALPHAS
    size = np.zeros(len(y))
    for week in range(y.shape[1]):
        sold = (y[:, week] > 0) & (week >= start)
        later = np.where(size > 0, of_sizes * y[:, week] + (1 - of_sizes) * size, y[:, week])
        size = np.where(sold, later, size)
    probability = smoothed((y > 0).astype(float), start, of_probabilities)
    found: Floats = size * probability
    return found


def adida(y: Floats, start: Ints, horizon: int = 1) -> Floats:
    """Return SES of sums over the usual number of weeks between sales (Nikolopoulos et al., 2011)."""
    every = _mean_interval(y, start)
    found = np.zeros(len(y))
    sold = np.flatnonzero(every > 0)
    if len(sold):
        y, start, every = y[sold], start[sold], every[sold]
        # All series are aligned at their last sum, so that one search fits all of them.
        n_sums = y.shape[1] // int(every.min())
        sums = np.zeros((len(sold), n_sums))
        for weeks in np.unique(every):
            rows = every == weeks
            of_rows = _sums(y[rows], start[rows], int(weeks))
            sums[rows, n_sums - of_rows.shape[1] :] = of_rows
        found[sold] = ses(sums, n_sums - (y.shape[1] - start) // every) / every
    return found


def imapa(y: Floats, start: Ints, horizon: int = 1) -> Floats:
    """Return the mean of SES of sums over 1, 2, … weeks (Petropoulos & Kourentzes, 2015)."""
    every = _mean_interval(y, start)
    found = np.zeros(len(y))
    for weeks in range(1, int(every.max(initial=0)) + 1):
        rows = np.flatnonzero(every >= weeks)
        found[rows] += _of_sums(y[rows], start[rows], weeks)
    return np.divide(found, every, out=np.zeros(len(y)), where=every > 0)


def _mean_interval(y: Floats, start: Ints) -> Ints:
    """Return the mean number of weeks from sale to sale, rounded; 0 where nothing was sold."""
    sold = (y > 0) & (np.arange(y.shape[1]) >= start[:, None])
    times = sold.sum(axis=1)
    last = y.shape[1] - np.argmax(sold[:, ::-1], axis=1)
    mean = np.divide(last - start, times, out=np.zeros(len(y)), where=times > 0)
    rounded: Ints = np.rint(mean).astype(np.intp)
    return rounded


def _of_sums(y: Floats, start: Ints, weeks: int) -> Floats:
    """Return the weekly level of SES on sums over `weeks` weeks, counted back from the last."""
    sums = _sums(y, start, weeks)
    level: Floats = ses(sums, sums.shape[1] - (y.shape[1] - start) // weeks) / weeks
    return level


def _sums(y: Floats, start: Ints, weeks: int) -> Floats:
    """Return sums over `weeks` weeks each, counted back from the last week."""
    chunks = y.shape[1] // weeks
    inside = np.where(np.arange(y.shape[1]) >= start[:, None], y, 0.0)[:, y.shape[1] - chunks * weeks :]
    sums: Floats = inside.reshape(len(y), chunks, weeks).sum(axis=2)
    return sums


def _best_alpha(y: Floats, start: Ints) -> Floats:
    """Return each row's parameter of least squared one-step errors, by golden-section search."""
    # Sorted by start, so that the rows that have begun by a week are adjacent.
    rows = np.argsort(start, kind="stable")
    weeks, start = np.ascontiguousarray(y[rows].T), start[rows]
    low, high = (np.full(len(y), bound) for bound in _ALPHA_BOUNDS)
    left, right = high - (high - low) / _GOLDEN, low + (high - low) / _GOLDEN
    of_left, of_right = _squared_errors(weeks, start, left), _squared_errors(weeks, start, right)
    found: Floats = (low + high) / 2.0
    while True:
        found[rows] = (low + high) / 2.0
        going = np.flatnonzero((np.abs(high - low) >= _ALPHA_TOLERANCE) & (of_left != of_right))
        if not len(going):
            return found
        if len(going) < len(rows):
            rows, start, weeks = rows[going], start[going], np.ascontiguousarray(weeks[:, going])
            low, high, left, right = low[going], high[going], left[going], right[going]
            of_left, of_right = of_left[going], of_right[going]
        down = of_left < of_right
        low, high = np.where(down, low, left), np.where(down, right, high)
        step = (high - low) / _GOLDEN
        new = np.where(down, high - step, low + step)
        of_new = _squared_errors(weeks, start, new)
        left, right = np.where(down, new, right), np.where(down, left, new)
        of_left, of_right = np.where(down, of_new, of_right), np.where(down, of_left, of_new)


def _squared_errors(weeks: Floats, start: Ints, alpha: Floats) -> Floats:
    """Return the sum of squared one-step errors of each column; weeks are rows here, which is faster.

    The columns are sorted by start.
    """
    level = weeks[start, np.arange(len(start))]
    total, error = np.zeros(len(start)), np.empty(len(start))
    begun = np.searchsorted(start, np.arange(len(weeks)))
    for week in range(int(start.min(initial=0)) + 1, len(weeks)):
        these = slice(begun[week])
        of_these = np.subtract(weeks[week, these], level[these], out=error[these])
        total[these] += of_these * of_these
        of_these *= alpha[these]
        level[these] += of_these
    return total


#: Every method by name.
METHODS: dict[str, Method] = {
    "naive": naive,
    "mean_8": window_mean(8),
    "mean_13": window_mean(13),
    "croston": croston,
    "sba": sba,
    "tsb": tsb,
    "ses": ses,
    "adida": adida,
    "imapa": imapa,
    "theta": theta,
}
