"""Customers: how recency, frequency and spend are spread, and one customer's history."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from shopper_widgets._support.formatting import count_of, format_count, format_money, format_number
from shopper_widgets._support.locale import gettext, ngettext, with_marks
from shopper_widgets.charts.colors import BLUE
from shopper_widgets.charts.theme import count_axis, finish, in_currency, money_axis, nothing_to_show
from shopper_widgets.columns import AMOUNT, FREQUENCY, MONETARY, ORDER_ID, ORDERED_AT, RECENCY, RFM

#: So few days are too short for six labels of days.
_FEW_DAYS = pd.Timedelta(days=7)


def rfm_distributions(customers: pd.DataFrame, *, currency: str = "", width: int = 720) -> alt.Chart:
    """Show how many customers there are at each recency, frequency and spend.

    Parameters
    ----------
    customers : pandas.DataFrame
        One row per customer: ``recency`` (days), ``frequency`` (orders), ``monetary``.
    currency : str, default ""
        Sign or code of the money.
    width : int, default 720
        Of the three histograms together, in pixels.

    Returns
    -------
    altair.Chart
        Recency in equal steps; frequency and spend, whose tails are long, in steps of equal ratio.

    Examples
    --------
    >>> customers = pd.DataFrame({"recency": [3, 50], "frequency": [1, 9], "monetary": [20.0, 950.0]})
    >>> len(rfm_distributions(customers).to_dict()["hconcat"])
    3
    """
    if customers.empty:
        return nothing_to_show(gettext("No customers in this selection."))
    each = width // 3 - 48
    recency, frequency, monetary = (customers[name].to_numpy(dtype=float) for name in RFM)
    charts = [
        _histogram(
            _steps(recency), recency, gettext("Days since the last order"), alt.Axis(tickCount=5), "linear"
        ),
        _histogram(
            _counts(frequency), frequency, gettext("Orders"), alt.Axis(values=_powers(frequency, 2)), "log"
        ),
        _histogram(
            _ratios(monetary),
            monetary,
            in_currency(gettext("Spend"), currency),
            money_axis(currency, values=_powers(monetary, 10)),
            "log",
        ),
    ]
    charts[1:] = [
        chart.encode(y=alt.Y("customers:Q", title=None, axis=count_axis(tickCount=4))) for chart in charts[1:]
    ]
    middle = customers[list(RFM)].astype(float).median()
    title = gettext(
        "The median customer last ordered {days} ago, ordered {times} and spent {monetary}",
        days=count_of(middle[RECENCY], "day"),
        times=_times(middle[FREQUENCY]),
        monetary=format_money(middle[MONETARY], currency),
    )
    beside = alt.hconcat(*(chart.properties(width=each, height=180) for chart in charts), spacing=14)
    unseen = int((monetary <= 0).sum())
    note = (
        gettext(
            "Left out of the third chart: customers without spend ({unseen}).", unseen=format_count(unseen)
        )
        if unseen
        else ""
    )
    return finish(beside, title, subtitle=note)


def customer_history(
    orders: pd.DataFrame, *, currency: str = "", customer: str = "", usual_gap: float | None = None
) -> alt.Chart:
    """Show one customer's orders: when, and how large.

    Parameters
    ----------
    orders : pandas.DataFrame
        The customer's orders: ``order_id, ordered_at, amount``.
    currency : str, default ""
        Sign or code of the money.
    customer : str, default ""
        Who it is, for the title.
    usual_gap : float, optional
        Days that usually pass between their orders, as :func:`~shopper_widgets.customer_cadence` gives them:
        the same number everywhere.

    Returns
    -------
    altair.Chart
        A stem per order, as high as its amount.

    Examples
    --------
    >>> times = pd.to_datetime(["2010-12-07", "2011-01-26"])
    >>> orders = pd.DataFrame({"order_id": ["1", "2"], "ordered_at": times, "amount": [700.0, 500.0]})
    >>> chart = customer_history(orders, currency="£", customer="12347", usual_gap=48.0)
    >>> chart.to_dict()["title"]["text"]
    ['12347: 2 orders, £1,200, usually 48 days between orders']
    """
    if orders.empty:
        return nothing_to_show(gettext("This customer has no orders."))
    shown = orders[[ORDER_ID, ORDERED_AT, AMOUNT]].sort_values(ORDERED_AT).copy()
    shown["shown"] = [format_money(v, currency, exact=True) for v in shown[AMOUNT]]
    base = alt.Chart(shown).encode(
        x=alt.X(f"{ORDERED_AT}:T", title=None, **_days(shown[ORDERED_AT])),
        y=alt.Y(
            f"{AMOUNT}:Q", title=in_currency(gettext("Amount"), currency),
            axis=money_axis(currency, tickCount=4),
            scale=alt.Scale(domain=[0, max(float(shown[AMOUNT].max()), 1e-9) * 1.1], nice=False),
        ),
        tooltip=[
            alt.Tooltip(f"{ORDERED_AT}:T", title=gettext("Ordered"), format="%-d %b %Y %H:%M"),
            alt.Tooltip(f"{ORDER_ID}:N", title=gettext("Order")),
            alt.Tooltip("shown:N", title=gettext("Amount")),
        ],
    )  # fmt: skip
    stems = base.mark_rule(color=BLUE, strokeWidth=2, opacity=0.45).encode(y2=alt.Y2Datum(0))
    dots = base.mark_circle(color=BLUE, size=90, opacity=1)
    count = ngettext("{number} order", "{number} orders", len(shown), number=len(shown))
    title = f"{customer + ': ' if customer else ''}{count}, {format_money(shown[AMOUNT].sum(), currency)}"
    if usual_gap is not None:
        title += gettext(", usually {days} between orders", days=count_of(round(usual_gap), "day"))
    return finish(stems + dots, title, height=200)


def _days(moments: pd.Series[pd.Timestamp]) -> dict[str, Any]:
    """Return a time axis and its scale: in a few days, each has one label, not one for every few hours."""
    first, last = moments.min().normalize(), moments.max().normalize()
    axis: dict[str, Any] = {"format": "%-d %b %Y", "grid": False, "tickCount": 6}
    if last - first >= _FEW_DAYS:
        return {"scale": alt.Scale(padding=10), "axis": alt.Axis(**axis)}
    ends = (first - pd.Timedelta(days=1), last + pd.Timedelta(days=2))
    domain = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in ends]
    step = alt.TimeIntervalStep("day", 1)
    return {"scale": alt.Scale(domain=domain), "axis": alt.Axis(**(axis | {"tickCount": step}))}


def _histogram(edges: np.ndarray, values: np.ndarray, what: str, axis: alt.Axis, scale: Any) -> Any:
    counts, edges = np.histogram(values, bins=edges)
    bins = pd.DataFrame({"low": edges[:-1], "high": edges[1:], "customers": counts})
    whole = np.allclose(edges * 2 % 1, 0)
    bins["range"] = [_range(low, high, whole) for low, high in pairwise(edges)]
    return (
        alt.Chart(bins[bins["customers"] > 0])
        .mark_bar(stroke="white", strokeWidth=0.6)
        .encode(
            x=alt.X(
                "low:Q", title=what, axis=axis.copy(deep=True),
                scale=alt.Scale(type=scale, domain=[float(edges[0]), float(edges[-1])], nice=False),
            ),
            x2=alt.X2("high:Q"),
            y=alt.Y("customers:Q", title=gettext("Customers"), axis=count_axis(tickCount=4)),
            y2=alt.Y2Datum(0),
            tooltip=[
                alt.Tooltip("range:N", title=what),
                alt.Tooltip("customers:Q", title=gettext("Customers"), format=","),
            ],
        )
    )  # fmt: skip


def _range(low: float, high: float, whole: bool) -> str:
    """Write the range of a bin; bins of whole numbers have their edges half-way between two numbers."""
    if not whole:
        return gettext("{low} to {high}", low=format_number(low), high=format_number(high))
    first, last = int(np.ceil(low)), int(np.floor(high - 1e-9))
    return (
        format_count(first)
        if first >= last
        else gettext("{first} to {last}", first=format_count(first), last=format_count(last))
    )


def _steps(values: np.ndarray) -> np.ndarray:
    """Return about twenty edges at equal distances, each half-way between two whole numbers."""
    step = max(1, int(np.ceil((values.max() + 1) / 20)))
    return np.arange(-0.5, values.max() + step + 0.5, step)


def _counts(values: np.ndarray) -> np.ndarray:
    """Return edges between whole numbers: one bin for each small count, then wider and wider bins."""
    edges = [0.5, 1.5]
    while edges[-1] < values.max():
        edges.append(max(edges[-1] + 1, np.floor(edges[-1] * 1.35) + 0.5))
    return np.array(edges)


def _ratios(values: np.ndarray) -> np.ndarray:
    positive = values[values > 0]
    if not len(positive):
        return np.array([1.0, 10.0])
    low, high = positive.min(), positive.max()
    return np.geomspace(low * 0.999, max(high * 1.001, low * 1.1), 21)


def _powers(values: np.ndarray, base: int) -> list[float]:
    positive = values[values > 0]
    if not len(positive):
        return [1.0]
    low = np.floor(np.log(positive.min()) / np.log(base) + 1e-9)
    high = np.ceil(np.log(positive.max()) / np.log(base))
    powers = [float(base) ** i for i in range(int(low), int(high) + 1)]
    return powers[:: max(1, -(-len(powers) // 6))]


def _times(count: float) -> str:
    if count in (1, 2):
        return gettext("once") if count == 1 else gettext("twice")
    return gettext("{number} times", number=with_marks(f"{count:g}"))
