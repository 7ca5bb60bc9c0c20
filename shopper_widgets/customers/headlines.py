"""The shop's headline figures, compared with an earlier period, and why revenue changed."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_choice
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, ORDER_ID, ORDERED_AT
from shopper_widgets.customers.cadence import overdue_at
from shopper_widgets.customers.narrowing import EVERYONE, Narrowing
from shopper_widgets.model.once import once_per_model

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: A period that is compared with an earlier one → its number of months.
MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}
#: The headline figures; those that readers look for first come first.
HEADLINES = ("revenue", "orders", "customers", "order_value", "repeat_rate", "value_at_risk")
#: The factors whose product is revenue.
FACTORS = ("customers", "orders_per_customer", "order_value")
#: The most points of a line through time; fewer for overdue customers, who take longest to find.
_POINTS, _RISKS = 12, 7
#: With more orders than this, overdue customers are found at two moments only.
_MANY_ORDERS = 200_000
_DAY = pd.Timedelta(days=1)

#: First and last day.
Stretch = tuple[pd.Timestamp, pd.Timestamp]


@dataclass(frozen=True)
class Headlines:
    """The result of :func:`headlines`.

    Attributes
    ----------
    figures : DataFrame
        One row per figure: ``figure, value, before, change`` (value − before). ``before`` is missing where
        the orders can't tell.
    series : DataFrame
        ``end`` (the last day of a stretch as long as the period) and a column for each figure but
        ``value_at_risk``; in order of time.
    at_risk : DataFrame
        ``end`` (a moment), ``overdue_customers`` and ``value_at_risk`` then; the model's present is last.
    tree : DataFrame
        ``factor`` (customers, orders_per_customer, order_value), ``value, before, contribution``: the
        contributions add up to the change of revenue. Empty where there is nothing to compare.
    listed_before : frozenset of str
        The customers who were valuable and overdue a period ago.
    compared : str
        ``month``, ``quarter`` or ``year``; ``period`` for days that were asked for; ``""`` where the orders
        cover too little to compare.
    start, end : Timestamp
        The first and the last day of the period.
    before_start, before_end : Timestamp or None
        Those of the period that it is compared with; None where the orders don't cover that period.
    among : Narrowing
        The filters of the figures.
    """

    figures: pd.DataFrame
    series: pd.DataFrame
    at_risk: pd.DataFrame
    tree: pd.DataFrame
    listed_before: frozenset[str]
    compared: str
    start: pd.Timestamp
    end: pd.Timestamp
    before_start: pd.Timestamp | None
    before_end: pd.Timestamp | None
    among: Narrowing = EVERYONE


def comparable_periods(model: ShopperModel) -> list[str]:
    """Return the periods that the orders cover twice, longest first.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=200, random_state=0)
    >>> comparable_periods(ShopperModel.fit(orders, n_clusters=4, progress=False))
    ['quarter', 'month']
    """
    whole = len(_whole(model, "M"))
    longest_first = ("year", "quarter", "month")
    return [name for name in longest_first if whole >= 2 * MONTHS[name]]


def headlines(
    model: ShopperModel,
    compared: str = "quarter",
    *,
    period: tuple[dt.date, dt.date] | None = None,
    among: Narrowing = EVERYONE,
) -> Headlines:
    """Compare the last whole months with as many before them, and explain the change in revenue.

    Parameters
    ----------
    model : ShopperModel
        Its known customers count, in all figures alike; sales without a customer id don't.
    compared : {"quarter", "month", "year"}, default "quarter"
        The last whole month, three or twelve, with as many before. Months that the data cover in part are
        left out. Where the data are too short, the figures are of all orders, and their line goes week by
        week.
    period : tuple of date, optional
        First and last day of the figures, instead of whole months. They are compared with the same days a
        year before, or where the orders don't cover these, with as many days just before.
    among : Narrowing, optional
        Only orders of a country, of customers who are in a segment today, or with a value of a kept column.
        Overdue customers are found in the whole shop, and counted among the filtered customers.
        Default: all.

    Returns
    -------
    Headlines
        ``revenue``, ``orders`` and ``customers`` (who ordered in the period), ``order_value`` (revenue ÷
        orders), ``repeat_rate`` (share of these customers who ordered more than once in it) and
        ``value_at_risk``: what those whom :func:`~shopper_widgets.overdue_customers` lists have spent so far,
        at the model's present beside a period before it.

    Raises
    ------
    ValueError
        `compared` is none of these.

    Notes
    -----
    Revenue = customers × orders per customer × revenue per order. Each factor's part of the change is
    ``L ln(after ÷ before)``, where L is the logarithmic mean of both revenues: parts that add up to the whole
    change, whatever the order in which the factors are taken (LMDI: Ang, Energy Policy 33, 2005).

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=200, random_state=0)
    >>> told = headlines(ShopperModel.fit(orders, n_clusters=4, progress=False), "month")
    >>> f"{told.start:%d %b} to {told.end:%d %b} with {told.before_start:%d %b} to {told.before_end:%d %b}"
    '01 Jun to 30 Jun with 01 May to 31 May'
    >>> revenue = told.figures.set_index("figure").loc["revenue"]
    >>> bool(abs(told.tree["contribution"].sum() - revenue["change"]) < 1e-6)
    True
    """
    check_choice("compared", compared, tuple(MONTHS))
    if period is not None:
        return _of_days(model, among, *map(pd.Timestamp, period))
    possible = compared in comparable_periods(model)
    months = MONTHS[compared] if possible else 1
    many = len(model.orders) > _MANY_ORDERS
    step = months if many else math.ceil(months / (_RISKS - 1))
    back = [step * i for i in reversed(range(2 if many else _RISKS))]
    moments = [model.as_of - pd.DateOffset(months=one) for one in back]
    risks = _overdue(model, among, moments)
    orders, at_risk = among.orders(model), _at_risk(moments, risks)
    worth, earlier = at_risk["value_at_risk"].to_numpy(), back.index(months)
    at_risk = at_risk.dropna(ignore_index=True)
    if possible:
        periods = _whole(model, "M")
        series = _series(orders, _stretches(periods, months))
        now, then = series.iloc[-1], series.iloc[-1 - months]
        span, before = periods[-months:], periods[-2 * months : -months]
        return Headlines(
            figures=_figures(now, then, worth[-1], worth[earlier]),
            series=series.tail(_POINTS).reset_index(drop=True),
            at_risk=at_risk,
            tree=_tree(now, then),
            listed_before=_ids(risks[earlier]),
            compared=compared,
            start=span[0].start_time,
            end=span[-1].end_time.normalize(),
            before_start=before[0].start_time,
            before_end=before[-1].end_time.normalize(),
            among=among,
        )
    days = model.orders[ORDERED_AT].dt.normalize()
    start, end = days.min(), days.max()
    everything = _series(orders, [(start, end)]).iloc[0].drop("end")
    weeks = _whole(model, "W-SUN")
    return Headlines(
        figures=_figures(everything, everything * np.nan, worth[-1], np.nan),
        series=_series(orders, _stretches(weeks, 1)).tail(_POINTS).reset_index(drop=True),
        at_risk=at_risk,
        tree=pd.DataFrame(columns=["factor", "value", "before", "contribution"]),
        listed_before=frozenset(),
        compared="",
        start=start,
        end=end,
        before_start=None,
        before_end=None,
        among=among,
    )


def _whole(model: ShopperModel, freq: str) -> pd.PeriodIndex:
    """Return the months or weeks that the lines cover completely."""
    days = model.lines[ORDERED_AT].dt.normalize()
    first, last = days.min(), days.max()
    periods = pd.period_range(first, last, freq=freq)
    whole: pd.PeriodIndex = periods[(periods.start_time >= first) & (periods.end_time.normalize() <= last)]
    return whole


def _of_days(model: ShopperModel, among: Narrowing, start: pd.Timestamp, end: pd.Timestamp) -> Headlines:
    """Compare days with the same days a year before, or with as many days just before."""
    days = model.lines[ORDERED_AT].dt.normalize()
    first, length, year = days.min(), end - start + _DAY, pd.DateOffset(years=1)
    candidates = [(start - year, end - year), (start - length, start - _DAY)]
    before = next(((a, b) for a, b in candidates if first <= a and b < start), None)
    back = [end - i * length for i in reversed(range(_POINTS)) if first <= end - (i + 1) * length + _DAY]
    orders = among.orders(model)
    series = _series(orders, [(last - length + _DAY, last) for last in back])
    now = series.iloc[-1].drop("end")
    then = _series(orders, [before]).iloc[0] if before else now * np.nan
    compared = [before[1], end] if before else [end]
    moments = [model.as_of if day >= days.max() else day + _DAY - pd.Timedelta(seconds=1) for day in compared]
    risks = _overdue(model, among, moments)
    at_risk = _at_risk(moments, risks)
    worth = at_risk["value_at_risk"].to_numpy()
    return Headlines(
        figures=_figures(now, then, worth[-1], worth[0] if before else np.nan),
        series=series,
        at_risk=at_risk.dropna(ignore_index=True),
        tree=_tree(now, then),
        listed_before=_ids(risks[0] if before else None),
        compared="period",
        start=start,
        end=end,
        before_start=before[0] if before else None,
        before_end=before[1] if before else None,
        among=among,
    )


def _overdue(model: ShopperModel, among: Narrowing, moments: list[pd.Timestamp]) -> list[pd.DataFrame | None]:
    """List who was valuable and overdue at each moment; None where the orders can't tell."""
    found = [_overdue_at(model, moment) for moment in moments]
    if not among:
        return found
    listed = among.customers(model)
    return [None if one is None else one[one[CUSTOMER_ID].isin(listed)] for one in found]


@once_per_model
def _overdue_at(model: ShopperModel, moment: pd.Timestamp) -> pd.DataFrame | None:
    """List the overdue customers of the whole shop, once for all narrowings."""
    return overdue_at(model, moment)


def _at_risk(moments: list[pd.Timestamp], risks: list[pd.DataFrame | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "end": pd.DatetimeIndex(moments),
            "overdue_customers": [len(one) if one is not None else np.nan for one in risks],
            "value_at_risk": [one["value_at_risk"].sum() if one is not None else np.nan for one in risks],
        }
    )


def _stretches(periods: pd.PeriodIndex, length: int) -> list[Stretch]:
    """Return the stretches of `length` periods that end with one of the last periods."""
    first = max(length - 1, len(periods) - _POINTS - length)
    return [
        (periods[last - length + 1].start_time, periods[last].end_time.normalize())
        for last in range(first, len(periods))
    ]


def _series(orders: pd.DataFrame, stretches: list[Stretch]) -> pd.DataFrame:
    """Measure stretches of days, both ends included."""
    orders = orders[[ORDER_ID, CUSTOMER_ID, ORDERED_AT, AMOUNT]]
    if not stretches:
        return _measured(orders.head(0).assign(_period=0)).reset_index(names="end")
    day = orders[ORDERED_AT].dt.normalize()
    parts = [orders[(day >= first) & (day <= last)].assign(_period=last) for first, last in stretches]
    ends = pd.DatetimeIndex([last for _, last in stretches])
    measured = _measured(pd.concat(parts, ignore_index=True)).reindex(ends)
    told = [name for name in ("revenue", "orders", "customers") if name in measured]
    measured[told] = measured[told].fillna(0.0)
    return measured.reset_index(names="end")


def _measured(orders: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of each ``_period`` of orders."""
    by_customer = orders.groupby(["_period", CUSTOMER_ID])[ORDER_ID].nunique()
    by_period = orders.groupby("_period")
    again = (by_customer > 1).groupby(level=0).mean()
    table = pd.DataFrame(
        {
            "revenue": by_period[AMOUNT].sum(),
            "orders": by_period[ORDER_ID].nunique(),
            "customers": by_period[CUSTOMER_ID].nunique(),
        }
    ).astype(float)
    return table.assign(order_value=table["revenue"] / table["orders"], repeat_rate=again)


def _figures(now: pd.Series[float], then: pd.Series[float], risk: float, before: float) -> pd.DataFrame:
    names = list(HEADLINES[:-1])
    table = pd.DataFrame(
        {
            "figure": [*names, HEADLINES[-1]],
            "value": [*now[names].astype(float), risk],
            "before": [*then[names].astype(float), before],
        }
    )
    return table.assign(change=table["value"] - table["before"])


def _tree(now: pd.Series[float], then: pd.Series[float]) -> pd.DataFrame:
    """Split the change of revenue among its factors."""
    rows = []
    revenues = float(now["revenue"]), float(then["revenue"])
    if all(revenue > 0 for revenue in revenues):
        mean = _logarithmic_mean(*revenues)
        for factor in FACTORS:
            after, before = (
                float(one["orders"] / one["customers"] if factor == FACTORS[1] else one[factor])
                for one in (now, then)
            )
            rows.append((factor, after, before, mean * math.log(after / before)))
    return pd.DataFrame(rows, columns=["factor", "value", "before", "contribution"])


def _logarithmic_mean(a: float, b: float) -> float:
    return a if math.isclose(a, b, rel_tol=1e-12) else (a - b) / math.log(a / b)


def _ids(customers: pd.DataFrame | None) -> frozenset[str]:
    return frozenset() if customers is None else frozenset(customers[CUSTOMER_ID])
