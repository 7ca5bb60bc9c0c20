"""How earlier forecasts did: the ratio of actual to expected demand, by size of the forecast.

Quantiles of demand are a product's forecast times a quantile of these ratios among products of its size.
They need no law for demand, and hold by construction as long as the shop errs as it did (split conformal
prediction with groups: Vovk, Gammerman & Shafer, 2005, ch. 4). Sizes are ranks within the shop: nothing
depends on units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]

#: Below so many ratios the shop's past can't tell quantiles, and the negative binomial stands in.
FEWEST_RATIOS = 50
#: A group has at least so many ratios: its quantile of .95 then lies above the 5 largest.
_FEWEST_IN_GROUP, _MOST_GROUPS = 100, 10
#: The level is corrected by thirds: smaller groups would chase chance.
_THIRDS = 3


@dataclass(frozen=True)
class Calibration:
    """Ratios of actual to expected demand at earlier origins, grouped by size of the forecast."""

    edges: Floats
    ratios: tuple[Floats, ...]
    level_edges: Floats
    level_factors: Floats

    @classmethod
    def of(cls, forecast: Floats, actual: Floats) -> Calibration | None:
        """Learn from pairs; None where there are too few."""
        used = forecast > 0
        forecast, actual = forecast[used], actual[used]
        if len(forecast) < FEWEST_RATIOS:
            return None
        n_groups = int(np.clip(len(forecast) // _FEWEST_IN_GROUP, 1, _MOST_GROUPS))
        edges, group = _groups(forecast, n_groups)
        ratio = actual / forecast
        level_edges, third = _groups(forecast, min(_THIRDS, n_groups))
        sums = np.bincount(third, forecast, minlength=len(level_edges) + 1)
        came = np.bincount(third, actual, minlength=len(level_edges) + 1)
        return cls(
            edges,
            tuple(np.sort(ratio[group == i]) for i in range(len(edges) + 1)),
            level_edges,
            np.divide(came, sums, out=np.ones(len(sums)), where=sums > 0),
        )

    def expected(self, forecast: Floats) -> Floats:
        """Correct forecasts by how much more or less than expected came in their third."""
        factor = self.level_factors[np.searchsorted(self.level_edges, forecast)]
        return np.asarray(forecast * factor)

    def quantile(self, forecast: Floats, level: float | Floats) -> Floats:
        """Return what demand stays below in a share `level` of cases, the same for all or each one's own."""
        levels = np.broadcast_to(np.asarray(level, dtype=float), forecast.shape)
        group = np.searchsorted(self.edges, forecast)
        ratio = np.zeros(len(forecast))
        for i, ratios in enumerate(self.ratios):
            rows = group == i
            # The rank (n + 1) · level, which a new ratio of the same kind stays below that often.
            place = (len(ratios) + 1) * levels[rows] - 1
            ratio[rows] = np.interp(place, np.arange(len(ratios)), ratios)
        return np.asarray(forecast * ratio)


def _groups(values: Floats, n_groups: int) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Return inner edges of groups of equal size, fewer where many values are equal, and each one's group."""
    shares = np.arange(1, n_groups) / n_groups
    # values themselves: between two of them an edge could cut off a group of nothing
    edges = np.unique(np.quantile(values, shares, method="lower")) if n_groups > 1 else np.zeros(0)
    edges = edges[edges < values.max(initial=0.0)]
    return edges, np.searchsorted(edges, values)


def negative_binomial_quantile(expected: Floats, variance: Floats, level: float | Floats) -> Floats:
    """Return quantiles of the negative binomial of this mean and variance, of the Poisson where it is less.

    The negative binomial is the law of counts whose rate varies by a gamma law (Syntetos & Boylan, 2006).
    """
    spread = np.maximum(variance, expected * (1 + 1e-9))
    safe = np.maximum(expected, 1e-12)
    size = safe * safe / np.maximum(spread - safe, 1e-12)
    found = stats.nbinom.ppf(level, size, size / (size + safe))
    return np.where(expected > 0, found, 0.0)


def gamma_quantile(expected: Floats, variance: Floats, level: float | Floats) -> Floats:
    """Return quantiles of the gamma law (Burgin, 1975), for goods by weight or length."""
    safe = np.maximum(expected, 1e-12)
    spread = np.maximum(variance, 1e-6 * safe * safe)
    found = stats.gamma.ppf(level, safe * safe / spread, scale=spread / safe)
    return np.where(expected > 0, found, 0.0)


def normal_quantile(expected: Floats, variance: Floats, level: float | Floats) -> Floats:
    """Return the textbook's mean + z · standard deviation, kept for comparison."""
    return np.asarray(expected + stats.norm.ppf(level) * np.sqrt(variance))
