"""Products that grow or fade, compared with the shop's own trend."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from shopper_widgets._support.checks import check_count, plain
from shopper_widgets._support.locale import N_
from shopper_widgets.columns import PRODUCT_ID
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.products.histories import Histories

Floats = npt.NDArray[np.float64]


def demand_trends(demand: pd.DataFrame, *, weeks: int = 13, confidence: float = 0.95) -> pd.DataFrame:
    """Compare each product's last weeks with as many before them, relative to the shop.

    Parameters
    ----------
    demand : pandas.DataFrame
        What :func:`~shopper_widgets.demand_table` returns.
    weeks : int, default 13
        Weeks on either side.
    confidence : float, default 0.95
        Of the intervals, above 0 and below 1; a higher value calls fewer products growing or fading.

    Returns
    -------
    pandas.DataFrame
        One row per product that was on sale before the first span and sold in it, by id: ``product_id``,
        ``before`` and ``after`` (units per week), ``change`` (after ÷ before − 1), ``beside_shop`` (the
        change less the shop's: ratio ÷ the shop's ratio − 1) with ``low, high``, and ``trend``: ``"growing"``
        where the interval lies above 0, ``"fading"`` below, ``"stopped"`` where nothing was sold in the last
        span (there is no interval then), else ``"steady"``, also where the data can't tell.
        ``.attrs["shop"]`` is the shop's own change: the median of its products' ratios − 1, by sales;
        products that sell in few weeks count together, for most of them sold nothing in one span or the
        other. NaN where the shop sold nothing in the first span.

    Raises
    ------
    TooLittleDataError
        There are fewer than two times `weeks` weeks.

    Notes
    -----
    The interval is that of a log ratio by the delta method, with the variance of weekly demand within each
    span, at least that of a Poisson law, and the t law. Two spans of one year differ by season too: less than
    two years can't tell a season from a trend, so the change of the whole shop is taken out.

    Examples
    --------
    >>> weeks = pd.date_range("2024-01-07", periods=8, freq="7D")
    >>> demand = pd.DataFrame({
    ...     "product_id": ["mug"] * 8 + ["tea"] * 8 + ["jar"] * 8,
    ...     "week": [*weeks] * 3,
    ...     "quantity": [5.0, 6, 5, 6, 15, 16, 15, 16] + [8.0, 9, 8, 9] * 2 + [30.0, 31] * 4,
    ...     "amount": 1.0,
    ... })
    >>> demand_trends(demand, weeks=4)[["product_id", "change", "trend"]].round(2)
      product_id  change    trend
    0        jar    0.00   steady
    1        mug    1.82  growing
    2        tea    0.00   steady
    """
    check_count("weeks", weeks, least=2)
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, such as 0.95; got {plain(confidence)!r}")
    histories = Histories.of(demand)
    n_weeks = len(histories.weeks)
    if n_weeks < 2 * weeks:
        raise TooLittleDataError(f"demand must hold at least {2 * weeks} weeks; it holds {n_weeks}.")
    first = histories.quantity[:, n_weeks - 2 * weeks : n_weeks - weeks]
    last = histories.quantity[:, n_weeks - weeks :]
    sold_before = histories.start <= n_weeks - 2 * weeks
    shop = _shop_ratio(first[sold_before], last[sold_before])
    before, after = first.mean(axis=1), last.mean(axis=1)
    rows = np.flatnonzero(sold_before & (before > 0))
    before, after, first, last = before[rows], after[rows], first[rows], last[rows]
    ratio = after / before
    stopped = after == 0
    reach = log_ratio_reach(first, last, confidence)
    beside = ratio / (shop or math.nan)
    low, high = beside * np.exp(-reach), beside * np.exp(reach)
    table = pd.DataFrame(
        {
            PRODUCT_ID: pd.Series(np.array(histories.products, dtype=object)[rows], dtype="str"),
            "before": before,
            "after": after,
            "change": ratio - 1,
            "beside_shop": beside - 1,
            "low": low - 1,
            "high": high - 1,
            "trend": np.select(
                [stopped, low > 1, high < 1], [N_("stopped"), N_("growing"), N_("fading")], "steady"
            ),
        }
    )
    table.attrs["shop"] = shop - 1
    return table


def log_ratio_reach(first: Floats, last: Floats, confidence: float) -> Floats:
    """Return half the width of the interval of the log ratio of two spans' weekly means, of each row.

    NaN where a span sold nothing. It follows by the delta method, with the t law.
    """
    found = np.zeros(len(first))
    for span in (first, last):
        mean = np.where(span.any(axis=1), span.mean(axis=1), np.nan)
        # Equal weeks are no certainty: a count varies at least as that of a Poisson law does.
        found += np.maximum(span.var(axis=1, ddof=1), mean) / span.shape[1] / mean**2
    freedom = first.shape[1] + last.shape[1] - 2
    return np.asarray(stats.t.ppf((1 + confidence) / 2, freedom) * np.sqrt(found))


def _shop_ratio(first: Floats, last: Floats) -> float:
    """Return the ratio of the shop's sales in the last span to those in the first.

    It is the median over products, weighted by sales, so that a few large products don't decide it. Products
    that sell in few weeks are pooled until their sales fill as many weeks: alone, most of them would give
    "nothing" or "twice". They are sorted by the weeks with sales in both spans, which favors neither span.
    """
    sold = (np.hstack([first, last]) > 0).sum(axis=1)
    order = np.argsort(sold, kind="stable")
    pools = (np.cumsum(sold[order]) - sold[order]) // first.shape[1]
    before, after = (np.bincount(pools, span.sum(axis=1)[order]).astype(float) for span in (first, last))
    told = before > 0
    return _weighted_median(after[told] / before[told], (before + after)[told]) if told.any() else math.nan


def _weighted_median(values: Floats, weights: Floats) -> float:
    """Return the value at which half of the weight is reached: single large products hardly change it."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])
