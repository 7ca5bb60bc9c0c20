"""Whether the last week's sales differ more from the weeks before than those of any earlier week."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from shopper_widgets.columns import AMOUNT, ORDERED_AT

#: The number of weeks before, with whose median a week is compared; and the fewest weeks to compare.
BEFORE, FEWEST = 8, 20
#: A smaller difference from the usual is not worth a look, however steady the other weeks were.
_LEAST = 0.15
#: A week a year ago that differed by at least this part explains the difference.
_SEASONAL = 0.5


@dataclass(frozen=True)
class UnusualWeek:
    """A week with unusual sales.

    Attributes
    ----------
    start : Timestamp
        Its Monday.
    revenue, usual : float
        Its sales, and the median of the `BEFORE` weeks before.
    least, most : float
        The smallest and the largest share of usual sales among earlier weeks.
    weeks : int
        The number of those weeks.
    """

    start: pd.Timestamp
    revenue: float
    usual: float
    least: float
    most: float
    weeks: int

    @property
    def share(self) -> float:
        """Its sales as a share of the usual ones: 1 is as usual."""
        return self.revenue / self.usual


def unusual_week(lines: pd.DataFrame, *, shop: pd.DataFrame | None = None) -> UnusualWeek | None:
    """Return the last whole week if its sales differ from earlier ones as no week's did; else None.

    Each week's sales are divided by the median of the weeks before it. Without any change, the last of n + 1
    such shares is the smallest or the largest in 2 of n + 1 cases. The result is None for young shops, for
    those without sales in many weeks, for weeks within 15 % of the usual, and if a year ago a week differed
    at least half as much in the same direction, which is a season.

    Parameters
    ----------
    lines : pandas.DataFrame
        Lines of all customers: ``ordered_at, amount``.
    shop : pandas.DataFrame, optional
        All lines of the shop, if `lines` are only some of them, such as those of a country: they define the
        weeks.

    Returns
    -------
    UnusualWeek or None
        Its days and sales, with the usual ones.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", "2024-12-30", freq="D")
    >>> lines = pd.DataFrame({"ordered_at": days, "amount": [10.0 + day % 3 for day in range(len(days))]})
    >>> unusual_week(lines) is None
    True
    >>> lines.loc[days >= "2024-12-23", "amount"] /= 2
    >>> round(unusual_week(lines).share, 2)
    0.49
    """
    days = (lines if shop is None else shop)[ORDERED_AT]
    begun, week = _monday(days.min()), pd.Timedelta(weeks=1)
    # The last day may not be over: a week counts as whole once a later week has begun.
    first, last = begun + week * int(days.min().normalize() != begun), _monday(days.max()) - week
    if last < first:
        return None
    every = pd.date_range(first, last, freq="7D")
    day = lines[ORDERED_AT].dt.normalize()
    monday = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    sums = lines.groupby(monday)[AMOUNT].sum().reindex(every, fill_value=0.0)
    usual = sums.rolling(BEFORE).median().shift()
    told = (sums / usual.where(usual > 0)).dropna()
    before = told.iloc[:-1]
    if len(before) < FEWEST or told.index[-1] != last:
        return None
    least, most, share = float(before.min()), float(before.max()), float(told.iloc[-1])
    # If more was returned than sold, the returns need a look, not the sales.
    if least <= share <= most or abs(share - 1) < _LEAST or share < 0:
        return None
    year_ago = before.loc[last - 53 * week : last - 51 * week]
    if ((year_ago - 1) / (share - 1) >= _SEASONAL).any():
        return None
    return UnusualWeek(last, float(sums.iloc[-1]), float(usual.iloc[-1]), least, most, len(before))


def _monday(moment: pd.Timestamp) -> pd.Timestamp:
    return moment.normalize() - pd.Timedelta(days=moment.day_of_week)
