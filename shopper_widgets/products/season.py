"""The yearly season: what came after this week in earlier years, over what was expected then."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets.products.histories import Histories

Floats = npt.NDArray[np.float64]

#: A year of whole weeks.
_YEAR = pd.Timedelta(weeks=52)
_WEEK = pd.Timedelta(weeks=1)
#: With fewer weeks before it, what was expected then says nothing.
_FEWEST_WEEKS = 8
#: A product's own season counts for half, the shop's for the rest, and neither beyond these bounds.
_OWN_SHARE, _BOUNDS = 0.5, (0.25, 4.0)


def has_two_years(histories: Histories, origin: int) -> bool:
    """Return whether the weeks before an origin span two years: less can't tell season from trend."""
    weeks = histories.weeks
    return origin > 0 and weeks[origin - 1] - weeks[0] >= 2 * _YEAR - _WEEK


def has_year_before(histories: Histories, origin: int, horizon: int) -> bool:
    """Return whether any origin a year before has weeks to forecast from."""
    return bool(_earlier_years(histories, origin, horizon))


def seasonal_factors(
    histories: Histories, plain: Callable[[int], Floats], origin: int, horizon: int
) -> Floats:
    """Return what to multiply each product's forecast at `origin` by; `plain` gives earlier forecasts.

    It is the ratio of actual to expected demand at the same weeks of earlier years, of the product itself and
    of the whole shop, half and half.
    """
    came, expected = np.zeros(len(histories.products)), np.zeros(len(histories.products))
    for earlier in _earlier_years(histories, origin, horizon):
        came += histories.quantity[:, earlier : earlier + horizon].sum(axis=1)
        expected += plain(earlier)
    if not expected.sum():
        return np.ones(len(came))
    shop = came[expected > 0].sum() / expected.sum()
    own = np.divide(came, expected, out=np.full(len(came), shop), where=expected > 0)
    mixed = _OWN_SHARE * np.clip(own, *_BOUNDS) + (1 - _OWN_SHARE) * np.clip(shop, *_BOUNDS)
    return np.asarray(mixed)


def _earlier_years(histories: Histories, origin: int, horizon: int) -> list[int]:
    """Return origins at the same week of each earlier year, whose weeks were over at `origin`."""
    weeks = pd.DatetimeIndex(histories.weeks)
    now = weeks[origin] if origin < len(weeks) else weeks[-1] + _WEEK
    found = []
    year = 1
    while (then := int(weeks.searchsorted(now - year * _YEAR))) > 0:
        if then >= _FEWEST_WEEKS and then + horizon <= origin:
            found.append(then)
        year += 1
    return found
