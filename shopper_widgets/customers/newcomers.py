"""Whether new customers come back less often than those of the quarter before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from shopper_widgets._support.intervals import share_interval
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, ORDERED_AT
from shopper_widgets.segments.gaps import old_until
from shopper_widgets.segments.rhythm import SHORT_SILENCE

#: Days of first orders that form one group: a quarter of 13 whole weeks, so that each weekday counts equally.
SPAN = 91
#: Shares of fewer customers than this are not compared.
FEWEST = 50


@dataclass(frozen=True)
class Newcomers:
    """Two groups of new customers, each followed equally long.

    Attributes
    ----------
    start, middle, end : Timestamp
        The earlier group first ordered from `start` until before `middle`, the later one until before `end`.
    before, now : int
        The size of each group.
    back_before, back_now : int
        How many customers of each group ordered again within `followed` days of their first order, on another
        day.
    low, high : float
        95 % interval of the difference of the two shares, the later one less the earlier one.
    spent : float
        What the later group has spent so far.
    followed : int
        The days for which each customer was followed.
    """

    start: pd.Timestamp
    middle: pd.Timestamp
    end: pd.Timestamp
    before: int
    now: int
    back_before: int
    back_now: int
    low: float
    high: float
    spent: float
    followed: int


def compare_newcomers(
    orders: pd.DataFrame, as_of: pd.Timestamp, *, followed: int = SHORT_SILENCE
) -> Newcomers | None:
    """Compare how many new customers of the last two quarters came back; None if they are too few.

    The last quarter is the latest one whose customers could all be followed for the whole time. Customers who
    may have ordered before the data begin are left out. The interval is Newcombe's (Statistics in Medicine
    17, 1998), from the intervals of the two shares.

    Parameters
    ----------
    orders : pandas.DataFrame
        ``customer_id, ordered_at, amount``.
    as_of : Timestamp
        The present: customers count whose first order is at least `followed` days before it.
    followed : int, default 60
        The days within which a customer has to come back. A shop's own figure is
        ``ShopperModel.short_silence``, a little more than usually passes between two orders.

    Returns
    -------
    Newcomers or None
        How many of each quarter came back, and the interval of the difference.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=400, freq="D")
    >>> first = pd.DataFrame({"customer_id": range(400), "ordered_at": days, "amount": 5.0})
    >>> again = first.head(250).assign(ordered_at=days[:250] + pd.Timedelta(days=20))
    >>> told = compare_newcomers(pd.concat([first, again]), pd.Timestamp("2025-02-04"))
    >>> told.before, told.back_before, told.now, told.back_now, bool(told.high < 0)
    (91, 91, 91, 1, True)
    """
    days = orders.assign(day=orders[ORDERED_AT].dt.normalize())
    first = days.groupby(CUSTOMER_ID)["day"].min()
    gap = (days["day"] - days[CUSTOMER_ID].map(first)).dt.days
    back = set(days.loc[gap.between(1, followed), CUSTOMER_ID])
    end = as_of.normalize() - pd.Timedelta(days=followed)
    middle, start = end - pd.Timedelta(days=SPAN), end - pd.Timedelta(days=2 * SPAN)
    groups = [first.index[(first >= a) & (first < b)] for a, b in ((start, middle), (middle, end))]
    if start < old_until(orders) or min(map(len, groups)) < FEWEST:
        return None
    n = np.array([len(group) for group in groups], dtype=float)
    came = np.array([len(back.intersection(group)) for group in groups], dtype=float)
    share, low, high = share_interval(came, n)
    change = share[1] - share[0]
    return Newcomers(
        start=start,
        middle=middle,
        end=end,
        before=int(n[0]),
        now=int(n[1]),
        back_before=int(came[0]),
        back_now=int(came[1]),
        low=float(change - np.hypot(share[1] - low[1], high[0] - share[0])),
        high=float(change + np.hypot(high[1] - share[1], share[0] - low[0])),
        spent=float(orders.loc[orders[CUSTOMER_ID].isin(groups[1]), AMOUNT].sum()),
        followed=followed,
    )
