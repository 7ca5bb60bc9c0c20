"""The yearly season: what came after this week in earlier years, and which products have one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets.columns import PRODUCT_ID
from shopper_widgets.products.histories import Histories
from shopper_widgets.products.trends import log_ratio_reach

Floats = npt.NDArray[np.float64]

#: A year of whole weeks.
_YEAR = pd.Timedelta(weeks=52)
_WEEK = pd.Timedelta(weeks=1)
#: With fewer weeks before it, an expectation means nothing.
_FEWEST_WEEKS = 8
#: The product's own season counts for half, the shop's for the rest, both within these bounds.
_OWN_SHARE, _BOUNDS = 0.5, (0.25, 4.0)
#: A season is so many weeks before and after this one a year ago, and as many weeks up to now twice over; the
#: months between keep as far from both.
_AROUND, _RECENT, _APART = 4, 8, 12
#: It sells at least so many times what its share of the shop's sales was in the months between, and not in a
#: few weeks only, as where an order was large.
TIMES, _CONFIDENCE, _OFTEN = 3.0, 0.95, 0.5


def seasonal_products(demand: pd.DataFrame) -> pd.DataFrame:
    """Find products that sell at this time of the year, and did so a year ago, but hardly in between.

    Parameters
    ----------
    demand : pandas.DataFrame
        What :func:`~shopper_widgets.demand_table` returns, of a year or more.

    Returns
    -------
    pandas.DataFrame
        One row per such product, by id: ``product_id``, and its units per week ``year_ago`` (in the eight
        weeks around this one a year ago, as far as they are known), ``between`` (from 40 to 12 weeks ago)
        and ``now`` (in the last eight weeks). No rows where the weeks don't reach back a year.

    Notes
    -----
    A product is listed where it sold in at least half of the weeks a year ago and now, its units per week and
    its share of all units sold were at least three times those of the months between in both spans, and each
    of these ratios of shares lies above 1 by its 95 % interval (the delta method on log ratios, as in
    :func:`~shopper_widgets.demand_trends`). What sold nothing in between counts as if it had sold one unit.
    One year can't prove a season: a product that was out of stock in between looks the same.

    Examples
    --------
    >>> weeks = pd.date_range("2023-12-10", periods=53, freq="7D")
    >>> sold = [9.0, 10, 11, 10, *[1.0] * 41, *[8.0, 9, 10, 11] * 2]
    >>> demand = pd.DataFrame({"product_id": ["star"] * 53 + ["mug"] * 53, "week": [*weeks] * 2,
    ...     "quantity": [*sold, *[30.0] * 53], "amount": 1.0})
    >>> seasonal_products(demand).round(1)
      product_id  year_ago  between  now
    0       star       8.2      1.0  9.5
    """
    histories = Histories.of(demand)
    n_weeks, units = len(histories.weeks), histories.quantity
    first = n_weeks - _YEAR // _WEEK
    if first + _AROUND < 2:
        return pd.DataFrame(
            {PRODUCT_ID: pd.Series(dtype="str")} | dict.fromkeys(("year_ago", "between", "now"), 0.0)
        ).iloc[:0]
    shop = units.sum(axis=0)
    spans = {
        "year_ago": slice(max(0, first - _AROUND), first + _AROUND),
        "between": slice(first + _APART, n_weeks - _APART),
        "now": slice(n_weeks - _RECENT, n_weeks),
    }
    means = {name: units[:, span].mean(axis=1) for name, span in spans.items()}
    between = units[:, spans["between"]].copy()
    between[~between.any(axis=1), 0] = 1.0  # as if one unit had been sold: of nothing there is no ratio
    usual = np.maximum(means["between"], 1 / between.shape[1])
    usual_of_shop = max(shop[spans["between"]].mean(), 1 / between.shape[1])
    is_seasonal = np.ones(len(units), dtype=bool)
    for name in ("year_ago", "now"):
        share = means[name] / usual * usual_of_shop
        reach = log_ratio_reach(between, units[:, spans[name]], _CONFIDENCE)
        often = (units[:, spans[name]] > 0).mean(axis=1) >= _OFTEN
        of_shop = shop[spans[name]].mean()
        is_seasonal &= often & (share >= TIMES * of_shop) & (share > np.exp(reach) * of_shop)
        is_seasonal &= means[name] >= TIMES * means["between"]  # not only more than in a shop that lost sales
    rows = np.flatnonzero(is_seasonal)
    products = pd.Series(np.array(histories.products, dtype=object)[rows], dtype="str")
    return pd.DataFrame({PRODUCT_ID: products} | {name: mean[rows] for name, mean in means.items()})


def has_two_years(histories: Histories, origin: int) -> bool:
    """Return whether the weeks before an origin span two years: less can't separate season from trend."""
    weeks = histories.weeks
    return origin > 0 and weeks[origin - 1] - weeks[0] >= 2 * _YEAR - _WEEK


def has_year_before(histories: Histories, origin: int, horizon: int) -> bool:
    """Return whether any origin a year before has weeks to forecast from."""
    return bool(_earlier_years(histories, origin, horizon))


def seasonal_factors(
    histories: Histories, plain: Callable[[int], Floats], origin: int, horizon: int
) -> Floats:
    """Return the factor of each product's forecast at `origin`; `plain` gives earlier forecasts.

    It is the ratio of actual to expected demand in the same weeks of earlier years: half from the product
    itself, half from the whole shop.
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
    """Return origins in the same week of earlier years, whose horizon was over at `origin`."""
    weeks = pd.DatetimeIndex(histories.weeks)
    now = weeks[origin] if origin < len(weeks) else weeks[-1] + _WEEK
    found = []
    year = 1
    while (then := int(weeks.searchsorted(now - year * _YEAR))) > 0:
        if then >= _FEWEST_WEEKS and then + horizon <= origin:
            found.append(then)
        year += 1
    return found
