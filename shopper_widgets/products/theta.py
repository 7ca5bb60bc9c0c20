"""The standard Theta model of many products at once.

Theta is simple exponential smoothing with half the slope of the line through the history (Assimakopoulos &
Nikolopoulos, 2000), in the state space form of Fiorucci et al. (2016). Its two parameters, the first level
and the smoothing, minimize the squared one-step errors from the fourth week on. They are searched for as in
statsforecast (Nixtla), by the method of Nelder & Mead (1965) with the same start, steps and tolerance, so
that values agree; here each step is done for all products at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

_LOWER = np.array([-1e10, 0.1])
_UPPER = np.array([1e10, 0.99])
_FIRST_ALPHA = 0.5
_STEP, _STEP_FROM_ZERO = 0.05, 1e-4
_MOST_STEPS, _TOLERANCE = 1_000, 1e-4
#: The first errors, which are left out; a history must be longer.
_SKIPPED = 3


def theta(y: Floats, start: Ints, horizon: int) -> Floats:
    """Return the demand per week that the Theta model expects over the next `horizon` weeks.

    For histories of fewer than four weeks, their mean is expected.
    """
    shown = np.where(np.arange(y.shape[1]) >= start[:, None], y, 0.0)
    n = y.shape[1] - start
    found: Floats = shown.sum(axis=1) / n
    rows = np.flatnonzero(n > _SKIPPED)
    if len(rows):
        histories = _Histories.of(shown[rows], start[rows])
        found[rows] = histories.forecast(_searched(histories), horizon)
    return found


@dataclass(frozen=True)
class _Histories:
    """Demand with the line through each history: its value at 0 and its slope."""

    y: Floats
    start: Ints
    at_zero: Floats
    slope: Floats
    scale: Floats

    @classmethod
    def of(cls, y: Floats, start: Ints) -> _Histories:
        n = (y.shape[1] - start).astype(float)
        place = np.clip(np.arange(1, y.shape[1] + 1) - start[:, None], 0, None)
        mean = y.sum(axis=1) / n
        slope = 6 * (2 * (y * place).sum(axis=1) / n - (n + 1) * mean) / (n * n - 1)
        return cls(y, start, mean - (n + 1) * slope / 2, slope, np.maximum(np.abs(mean), 1e-10))

    def of_rows(self, rows: Ints) -> _Histories:
        return _Histories(
            self.y[rows], self.start[rows], self.at_zero[rows], self.slope[rows], self.scale[rows]
        )

    def first_parameters(self) -> Floats:
        first = self.y[np.arange(len(self.y)), self.start] / 2
        return np.column_stack([first, np.full(len(first), _FIRST_ALPHA)])

    def errors(self, parameters: Floats) -> Floats:
        """Return the squared one-step errors from the fourth week on, over the mean demand."""
        return self._run(parameters)[0] / self.scale

    def forecast(self, parameters: Floats, horizon: int) -> Floats:
        """Return the mean of the forecasts of the next `horizon` weeks."""
        _, level, faded = self._run(parameters)
        alpha, total = parameters[:, 1], np.zeros(len(level))
        for _ in range(horizon):
            expected = level + self._drift(faded, alpha)
            level = alpha * expected + (1.0 - alpha) * level
            faded = faded * (1.0 - alpha)
            total += expected
        return total / horizon

    def _drift(self, faded: Floats, alpha: Floats) -> Floats:
        return 0.5 * (self.at_zero * faded + self.slope * (1.0 - faded * (1.0 - alpha)) / alpha)

    def _run(self, parameters: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the sum of squared errors, the last level, and (1 - alpha) to the power of the weeks."""
        initial, alpha = parameters[:, 0], parameters[:, 1]
        rest = 1.0 - alpha
        level = initial
        faded, total = np.ones(len(alpha)), np.zeros(len(alpha))
        for week in range(int(self.start.min()), self.y.shape[1]):
            since = week - self.start
            error = self.y[:, week] - level - self._drift(faded, alpha)
            total += np.where(since >= _SKIPPED, error * error, 0.0)
            level = np.where(since >= 0, alpha * self.y[:, week] + rest * level, level)
            faded = np.where(since >= 0, faded * rest, faded)
        return total, level, faded


def _searched(histories: _Histories) -> Floats:
    """Return the parameters at which Nelder and Mead's search ends for each row."""
    first = np.clip(histories.first_parameters(), _LOWER, _UPPER)
    simplex = np.repeat(first[:, None, :], 3, axis=1)
    for i in range(2):
        moved = np.where(first[:, i] == 0, _STEP_FROM_ZERO, first[:, i] * (1.0 + _STEP))
        simplex[:, i, i] = np.clip(moved, _LOWER[i], _UPPER[i])
    values = np.column_stack([histories.errors(simplex[:, i]) for i in range(3)])
    found = simplex[:, 0].copy()
    rows = np.arange(len(first))
    for _ in range(_MOST_STEPS):
        order = np.argsort(values, axis=1, kind="stable")
        values = np.take_along_axis(values, order, axis=1)
        simplex = np.take_along_axis(simplex, order[:, :, None], axis=1)
        found[rows] = simplex[:, 0]
        going = np.flatnonzero(values.std(axis=1) >= _TOLERANCE)
        if not len(going):
            break
        rows, simplex, values = rows[going], simplex[going], values[going]
        histories = histories.of_rows(going)
        simplex, values = _step(histories, simplex, values)
    return found


def _step(histories: _Histories, simplex: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Replace the worst corner of each row's simplex, sorted from best to worst, or shrink the simplex."""
    best, second, worst = values.T
    middle = simplex[:, :2].sum(axis=1) / 2.0
    reflected = np.clip(middle + (middle - simplex[:, 2]), _LOWER, _UPPER)
    of_reflected = histories.errors(reflected)
    expand = of_reflected < best
    outside = (second <= of_reflected) & (of_reflected < worst)
    inside = of_reflected >= worst
    # The position of the second trial point, from the middle (0) to the reflected corner (1).
    reach = np.select([expand, outside, inside], [2.0, 0.5, -0.5], 1.0)
    tried = np.clip(middle + reach[:, None] * (reflected - middle), _LOWER, _UPPER)
    of_tried = histories.errors(tried)
    better = [of_tried < of_reflected, of_tried <= of_reflected, of_tried < worst]
    take_tried = np.select([expand, outside, inside], better, False)
    keep = take_tried | ~(outside | inside)
    simplex, values = simplex.copy(), values.copy()
    new = np.where(take_tried[:, None], tried, reflected)
    simplex[keep, 2] = new[keep]
    values[keep, 2] = np.where(take_tried, of_tried, of_reflected)[keep]
    shrink = np.flatnonzero(~keep)
    if len(shrink):
        part = histories.of_rows(shrink)
        for corner in (1, 2):
            moved = simplex[shrink, 0] + 0.5 * (simplex[shrink, corner] - simplex[shrink, 0])
            simplex[shrink, corner] = np.clip(moved, _LOWER, _UPPER)
            values[shrink, corner] = part.errors(simplex[shrink, corner])
    return simplex, values
