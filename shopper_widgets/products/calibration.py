"""How earlier forecasts did: actual ÷ expected demand, by size of the forecast and spread of the product.

Quantiles of demand are a product's forecast times the mean of these ratios plus a quantile of their errors,
among products of its size. They need no law for demand, and hold by construction as long as the shop errs as
it did (split conformal prediction with groups: Vovk, Gammerman & Shafer, 2005, ch. 4). Where it helped in the
past, errors are divided by the product's own spread: steady products need less stock than erratic ones
(normalized conformal prediction: Papadopoulos, Gammerman & Vovk, 2008). Sizes are ranks within the shop:
nothing depends on units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]

#: Below so many errors the shop's past can't tell quantiles, and the negative binomial stands in.
FEWEST_ERRORS = 50
#: A group has at least so many ratios: its quantile of .95 then lies above the 5 largest.
_FEWEST_IN_GROUP, _MOST_GROUPS = 100, 10
#: The level is corrected in thirds: smaller groups would follow chance.
_THIRDS = 3
#: Powers of a product's coefficient of variation that its errors may grow with: not at all (where spikes hit
#: any product of a size), with its root (at Online Retail), or in proportion.
_POWERS = (0.0, 0.5, 1.0)
#: Which power is better shows at the levels that stock is planned for.
_COMPARED_AT = (0.9, 0.95, 0.98)
#: Beyond these bounds a coefficient of variation is mostly chance.
_LEAST_VARIATION, _MOST_VARIATION = 0.1, 3.0


@dataclass(frozen=True)
class Calibration:
    """Relative errors at earlier origins ÷ the product's spread, grouped by size of the forecast."""

    power: float
    edges: Floats
    centers: Floats
    errors: tuple[Floats, ...]
    level_edges: Floats
    level_factors: Floats

    @classmethod
    def of(cls, forecast: Floats, variance: Floats, actual: Floats) -> Calibration | None:
        """Learn from what was expected, its variance and what came; None where there are too few."""
        used = forecast > 0
        past = forecast[used], variance[used], actual[used]
        if len(past[0]) < FEWEST_ERRORS:
            return None
        return min((cls._with(power, *past) for power in _POWERS), key=lambda found: found._loss(*past))

    @classmethod
    def _with(cls, power: float, forecast: Floats, variance: Floats, actual: Floats) -> Calibration:
        n_groups = int(np.clip(len(forecast) // _FEWEST_IN_GROUP, 1, _MOST_GROUPS))
        edges, group = _groups(forecast, n_groups)
        ratio = actual / forecast
        spread = _spread(forecast, variance, power)
        # Of a mean so weighted, errors ÷ spread are 0 on average: the spread moves no product's mean.
        centers = np.bincount(group, ratio / spread) / np.bincount(group, 1 / spread)
        error = (ratio - centers[group]) / spread
        level_edges, third = _groups(forecast, min(_THIRDS, n_groups))
        sums = np.bincount(third, forecast, minlength=len(level_edges) + 1)
        came = np.bincount(third, actual, minlength=len(level_edges) + 1)
        return cls(
            power,
            edges,
            centers,
            tuple(np.sort(error[group == i]) for i in range(len(edges) + 1)),
            level_edges,
            np.divide(came, sums, out=np.ones(len(sums)), where=sums > 0),
        )

    def _loss(self, forecast: Floats, variance: Floats, actual: Floats) -> float:
        """Return the pinball loss of quantiles; all powers fit as many figures, so the past compares them."""
        short = [(level, actual - self.quantile(forecast, variance, level)) for level in _COMPARED_AT]
        return sum(float(np.maximum(level * by, (level - 1) * by).sum()) for level, by in short)

    def expected(self, forecast: Floats) -> Floats:
        """Correct forecasts by the ratio of actual to expected demand in their third."""
        factor = self.level_factors[np.searchsorted(self.level_edges, forecast)]
        return np.asarray(forecast * factor)

    def quantile(self, forecast: Floats, variance: Floats, level: float | Floats) -> Floats:
        """Return what demand stays below in a share `level` of cases, the same for all or each one's own."""
        levels = np.broadcast_to(np.asarray(level, dtype=float), forecast.shape)
        group = np.searchsorted(self.edges, forecast)
        error = np.zeros(len(forecast))
        for i, errors in enumerate(self.errors):
            rows = group == i
            # The rank (n + 1) · level, which a new error of the same kind stays below that often.
            place = (len(errors) + 1) * levels[rows] - 1
            error[rows] = np.interp(place, np.arange(len(errors)), errors)
        ratio = self.centers[group] + error * _spread(forecast, variance, self.power)
        return np.asarray(forecast * np.maximum(ratio, 0.0))


def _spread(forecast: Floats, variance: Floats, power: float) -> Floats:
    """Return a power of each coefficient of variation, 1 where it isn't known."""
    variation = np.divide(np.sqrt(variance), forecast, out=np.ones(len(forecast)), where=forecast > 0)
    return np.asarray(np.clip(variation, _LEAST_VARIATION, _MOST_VARIATION) ** power)


def _groups(values: Floats, n_groups: int) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Return inner edges of equally large groups, fewer if many values are equal, and each value's group."""
    shares = np.arange(1, n_groups) / n_groups
    # Edges are values themselves: an edge between two values could leave a group empty.
    edges = np.unique(np.quantile(values, shares, method="lower")) if n_groups > 1 else np.zeros(0)
    edges = edges[edges < values.max(initial=0.0)]
    return edges, np.searchsorted(edges, values)


def negative_binomial_quantile(expected: Floats, variance: Floats, level: float | Floats) -> Floats:
    """Return quantiles of the negative binomial distribution; of the Poisson if the variance is smaller.

    Counts whose rate varies by a gamma distribution are negative binomial (Syntetos & Boylan, 2006).
    """
    spread = np.maximum(variance, expected * (1 + 1e-9))
    safe = np.maximum(expected, 1e-12)
    size = safe * safe / np.maximum(spread - safe, 1e-12)
    found = stats.nbinom.ppf(level, size, size / (size + safe))
    return np.where(expected > 0, found, 0.0)


def gamma_quantile(expected: Floats, variance: Floats, level: float | Floats) -> Floats:
    """Return quantiles of the gamma distribution (Burgin, 1975), for goods sold by weight or length."""
    safe = np.maximum(expected, 1e-12)
    spread = np.maximum(variance, 1e-6 * safe * safe)
    found = stats.gamma.ppf(level, safe * safe / spread, scale=spread / safe)
    return np.where(expected > 0, found, 0.0)


def normal_quantile(expected: Floats, variance: Floats, level: float | Floats) -> Floats:
    """Return mean + z · standard deviation, as textbooks do, for comparison."""
    return np.asarray(expected + stats.norm.ppf(level) * np.sqrt(variance))
