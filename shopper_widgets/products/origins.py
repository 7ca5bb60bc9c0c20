"""Forecasts as of any week, each based on what was known then."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from shopper_widgets.products.calibration import (
    Calibration,
    gamma_quantile,
    negative_binomial_quantile,
    normal_quantile,
)
from shopper_widgets.products.histories import Histories
from shopper_widgets.products.levels import level
from shopper_widgets.products.season import has_two_years, has_year_before, seasonal_factors

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MEASURED, NEGATIVE_BINOMIAL, NORMAL = "measured", "negative_binomial", "normal"
INTERVALS = (MEASURED, NEGATIVE_BINOMIAL, NORMAL)
#: The most earlier origins from which ratios are learned, and the fewest weeks between two.
_MOST_ORIGINS, _FEWEST_WEEKS_BETWEEN = 8, 4
_YEAR_WEEKS = 52
#: Forecasts from fewer weeks have errors of another kind, and teach nothing about later ones.
_FEWEST_BEFORE = 8
#: The variance is that of this many last weeks.
_VARIANCE_WEEKS = 26


@dataclass(frozen=True)
class OriginForecast:
    """The forecast for the weeks after an origin; NaN for products of which too little is known."""

    base: Floats
    variance: Floats
    calibration: Calibration | None
    intervals: str
    whole: Flags

    @property
    def expected(self) -> Floats:
        """The mean of the sum over the horizon."""
        if self.intervals != MEASURED or self.calibration is None:
            return self.base
        return self.calibration.expected(self.base)

    def quantile(self, level: float | Floats) -> Floats:
        """Return the quantile of the sum over the horizon at `level`."""
        if self.intervals == MEASURED and self.calibration is not None:
            return self.calibration.quantile(self.base, self.variance, level)
        mean = np.nan_to_num(self.base)
        if self.intervals == NORMAL:
            found = normal_quantile(mean, self.variance, level)
        else:
            counts = negative_binomial_quantile(mean, self.variance, level)
            found = np.where(self.whole, counts, gamma_quantile(mean, self.variance, level))
        return np.where(np.isnan(self.base), np.nan, found)


@dataclass
class Forecasts:
    """Forecasts of one method over one horizon. No forecast uses a week on or after its origin."""

    histories: Histories
    method: str
    horizon: int
    min_weeks: int
    intervals: str = MEASURED
    #: Whether a yearly season is looked for, if there are two years.
    season: bool = True
    _plain: dict[int, Floats] = field(default_factory=dict)
    _at: dict[int, OriginForecast] = field(default_factory=dict)

    def at(self, origin: int) -> OriginForecast:
        """Forecast the `horizon` weeks from column `origin` on."""
        if origin not in self._at:
            self._at[origin] = self._forecast(origin)
        return self._at[origin]

    def _forecast(self, origin: int) -> OriginForecast:
        seasonal = self.is_seasonal(origin)
        earlier = self._earlier_with_season(origin) if seasonal else self.earlier_origins(origin)
        calibration = None
        if self.intervals == MEASURED and earlier:
            calibration = Calibration.of(*self._earlier(earlier, seasonal))
        return OriginForecast(
            self.base(origin, seasonal),
            self._variance(origin),
            calibration,
            self.intervals,
            self.histories.whole_units(origin),
        )

    def earlier_origins(self, origin: int, most: int = _MOST_ORIGINS) -> list[int]:
        """Return earlier origins whose horizon was over at `origin`, latest first."""
        last = origin - self.horizon
        return list(range(last, max(self.min_weeks, _FEWEST_BEFORE) - 1, -self._step))[:most]

    @property
    def _step(self) -> int:
        return max(self.horizon, _FEWEST_WEEKS_BETWEEN)

    def base(self, origin: int, seasonal: bool = False) -> Floats:
        """Return the sum that the method expects, NaN for products whose history is too short."""
        found = self._without_season(origin)
        if seasonal:
            found = found * seasonal_factors(self.histories, self._without_season, origin, self.horizon)
        return np.where(self.is_forecast(origin), found, np.nan)

    def is_forecast(self, origin: int) -> Flags:
        """Return which products have sold for long enough."""
        return np.asarray(origin - self.histories.start >= self.min_weeks)

    def actual(self, origin: int) -> Floats:
        """Return the actual demand after an origin, NaN where a product was out of stock."""
        over = slice(origin, origin + self.horizon)
        known = self.histories.known[:, over].all(axis=1)
        return np.where(known, self.histories.quantity[:, over].sum(axis=1), np.nan)

    def kept(self, origin: int, level: float | Floats) -> tuple[int, int]:
        """Return how often the quantile was enough at earlier origins, and how often it was tested.

        Each earlier origin learned only from those before it.
        """
        enough = tried = 0
        for earlier in self.earlier_origins(origin):
            forecast = self.at(earlier)
            if self.intervals == MEASURED and forecast.calibration is None:
                continue
            actual, promised = self.actual(earlier), forecast.quantile(level)
            both = ~(np.isnan(actual) | np.isnan(promised))
            enough += int((actual[both] <= promised[both]).sum())
            tried += int(both.sum())
        return enough, tried

    def is_seasonal(self, origin: int) -> bool:
        """Return whether there are two years and the season lowered the error at earlier origins."""
        if not self.season or not has_two_years(self.histories, origin):
            return False
        # The origins cover a whole year, so that the peak is included, whatever the season of the origin.
        earlier = self._earlier_with_season(origin, _YEAR_WEEKS // self._step)
        if not earlier:
            return False
        errors = []
        for seasonal in (True, False):
            forecast, _, actual = self._earlier(earlier, seasonal)
            errors.append(float(np.abs(forecast - actual).sum()))
        return errors[0] < errors[1]

    def _earlier_with_season(self, origin: int, most: int = _MOST_ORIGINS) -> list[int]:
        """Return the earlier origins for which the year before is known, too."""
        return [
            o for o in self.earlier_origins(origin, most) if has_year_before(self.histories, o, self.horizon)
        ]

    def _earlier(self, origins: list[int], seasonal: bool) -> tuple[Floats, Floats, Floats]:
        """Return what was expected at earlier origins, its variance and what came, where both are known."""
        forecast = np.concatenate([self.base(origin, seasonal) for origin in origins])
        variance = np.concatenate([self._variance(origin) for origin in origins])
        actual = np.concatenate([self.actual(origin) for origin in origins])
        both = ~(np.isnan(forecast) | np.isnan(actual))
        return forecast[both], variance[both], actual[both]

    def _without_season(self, origin: int) -> Floats:
        if origin not in self._plain:
            known = self.histories.quantity[:, :origin]
            weekly = level(self.method, known, self.histories.start, self.horizon)
            self._plain[origin] = weekly * self.horizon
        return self._plain[origin]

    def _variance(self, origin: int) -> Floats:
        """Return the variance of the sum as in textbooks: that of a week times the number of weeks."""
        first = max(0, origin - _VARIANCE_WEEKS)
        last = self.histories.quantity[:, first:origin]
        inside = np.arange(first, origin) >= self.histories.start[:, None]
        n = np.maximum(inside.sum(axis=1), 1)
        mean = (last * inside).sum(axis=1) / n
        squares = (((last - mean[:, None]) * inside) ** 2).sum(axis=1)
        return np.asarray(squares / np.maximum(n - 1, 1) * self.horizon)
