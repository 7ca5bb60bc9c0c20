"""Revenue and orders over time, and where the revenue comes from."""

from __future__ import annotations

from typing import Any, Literal, get_args

import altair as alt
import pandas as pd

from shopper_widgets._support.checks import check_choice
from shopper_widgets._support.formatting import (
    format_count,
    format_day,
    format_money,
    format_month,
    format_share,
    listed,
)
from shopper_widgets._support.locale import ENGLISH, N_, current_locale, gettext
from shopper_widgets.charts.colors import BLUE, GREY, PALE_BLUE
from shopper_widgets.charts.theme import (
    count_axis,
    finish,
    in_currency,
    money_axis,
    nothing_to_show,
    room_for,
)
from shopper_widgets.columns import AMOUNT, COUNTRY, ORDERED_AT

Period = Literal["auto", "day", "week", "month"]
_FREQUENCY = {"day": "D", "week": "W-SUN", "month": "M"}
_ADVERB = {"day": N_("Daily."), "week": N_("Weekly."), "month": N_("Monthly.")}
_NEVER_MORE = {
    "day": N_("Never more than one order a day"),
    "week": N_("Never more than one order a week"),
    "month": N_("Never more than one order a month"),
}


def revenue_over_time(
    orders: pd.DataFrame,
    *,
    currency: str = "",
    period: Period = "auto",
    start: pd.Timestamp | None = None,
    end: pd.Timestamp | None = None,
) -> alt.Chart:
    """Show revenue per day, week or month, with incomplete periods marked.

    Parameters
    ----------
    orders : pandas.DataFrame
        One row per order: ``ordered_at, amount``.
    currency : str, default ""
        Sign or code of the money.
    period : {"auto", "day", "week", "month"}, default "auto"
        ``"auto"`` takes days up to three weeks, weeks (from Monday) up to half a year, months beyond.
    start, end : pandas.Timestamp, optional
        First and last moment that the data cover. Default: the first and the last order.

    Returns
    -------
    altair.Chart
        A point selection named ``pick`` gives the ``start`` and ``end`` of the bar that is clicked, as dates.

    Raises
    ------
    ValueError
        `period` is none of these.

    Examples
    --------
    >>> times = pd.to_datetime(["2011-01-01", "2011-02-10", "2011-03-31", "2011-04-02", "2011-07-09"])
    >>> orders = pd.DataFrame({"ordered_at": times, "amount": [5.0, 9.0, 2.0, 2.0, 1.0]})
    >>> revenue_over_time(orders, currency="£").to_dict()["description"]
    'Revenue peaked in Feb 2011 at £9.00. Monthly. Pale: Jul 2011 (to the 9th), not complete.'
    """
    check_choice("period", period, get_args(Period))
    if orders.empty:
        return nothing_to_show(gettext("No orders in this selection."))
    totals = _per_period(orders, period, start, end, orders[AMOUNT])
    totals["shown"] = [format_money(v, currency, exact=True) for v in totals["value"]]
    peak = _peak(totals)
    title = gettext(
        "Revenue peaked {when} at {money}",
        when=_when(totals, peak),
        money=format_money(peak["value"], currency),
    )
    if len(totals) == 1:
        title = gettext(
            "All revenue falls in {label}: {money}",
            label=peak["label"],
            money=format_money(peak["value"], currency),
        )
    axis = money_axis(currency, tickCount=5)
    what = gettext("Revenue")
    return _bars(totals, title, what, in_currency(what, currency), axis)


def orders_over_time(
    orders: pd.DataFrame,
    *,
    period: Period = "auto",
    start: pd.Timestamp | None = None,
    end: pd.Timestamp | None = None,
) -> alt.Chart:
    """Show the number of orders per day, week or month; parameters as in `revenue_over_time`.

    Parameters
    ----------
    orders : pandas.DataFrame
        One row per order: ``ordered_at``.
    period : {"auto", "day", "week", "month"}, default "auto"
        See `revenue_over_time`.
    start, end : pandas.Timestamp, optional
        See `revenue_over_time`.

    Returns
    -------
    altair.Chart
        As of `revenue_over_time`.

    Raises
    ------
    ValueError
        `period` is none of these.

    Examples
    --------
    >>> orders = pd.DataFrame({"ordered_at": pd.to_datetime(["2011-01-03", "2011-01-03", "2011-01-04"])})
    >>> orders_over_time(orders).to_dict()["title"]["text"]
    ['Orders peaked on 3 Jan 2011 at 2']
    """
    check_choice("period", period, get_args(Period))
    if orders.empty:
        return nothing_to_show(gettext("No orders in this selection."))
    totals = _per_period(orders, period, start, end, pd.Series(1, index=orders.index))
    totals["shown"] = [format_count(v) for v in totals["value"]]
    peak = _peak(totals)
    title = gettext(
        "Orders peaked {when} at {number}", when=_when(totals, peak), number=format_count(peak["value"])
    )
    if len(totals) == 1:
        title = gettext(
            "All orders fall in {label}: {number}", label=peak["label"], number=format_count(peak["value"])
        )
    elif totals["value"].max() == 1:
        title = gettext(_NEVER_MORE[totals.attrs["period"]])
    what = gettext("Orders")
    return _bars(totals, title, what, what, count_axis(tickCount=5, tickMinStep=1))


def revenue_by_country(orders: pd.DataFrame, *, currency: str = "", n: int = 10) -> alt.Chart:
    """Show the countries with most revenue; all others are one bar.

    Parameters
    ----------
    orders : pandas.DataFrame
        One row per order: ``country, amount`` (and ``order_id``).
    currency : str, default ""
        Sign or code of the money.
    n : int, default 10
        How many countries have a bar of their own.

    Returns
    -------
    altair.Chart
        A point selection named ``pick`` gives the ``country`` that is clicked.

    Examples
    --------
    >>> orders = pd.DataFrame({"country": ["France", "Spain", "France"], "amount": [60.0, 20.0, 20.0]})
    >>> revenue_by_country(orders).to_dict()["title"]["text"]
    ['France brings 80 % of revenue']
    """
    named = orders[orders[COUNTRY].notna() & (orders[COUNTRY] != "")]
    if named.empty:
        return nothing_to_show(gettext("These orders name no country."))
    totals = named.groupby(COUNTRY)[AMOUNT].agg(["sum", "size"]).reset_index()
    totals.columns = pd.Index([COUNTRY, "revenue", "orders"])
    totals = totals.sort_values("revenue", ascending=False, kind="stable", ignore_index=True)
    whole = totals["revenue"].sum()
    shown, rest = totals.head(n).assign(kind="country"), totals.iloc[n:]
    if len(rest):
        other = (
            gettext("{number} other countries", number=len(rest))
            if len(rest) > 1
            else str(rest[COUNTRY].iloc[0])
        )
        others = {"revenue": rest["revenue"].sum(), "orders": rest["orders"].sum(), "kind": "other"}
        shown = pd.concat([shown, pd.DataFrame([{COUNTRY: other} | others])], ignore_index=True)
    shown["share"] = shown["revenue"] / whole if whole else 0.0
    shown["label"] = [
        f"{format_money(revenue, currency)} · {format_share(share)}"
        for revenue, share in zip(shown["revenue"], shown["share"], strict=True)
    ]
    order = shown[COUNTRY].tolist()
    pick = alt.selection_point(name="pick", fields=[COUNTRY])
    base = alt.Chart(shown).encode(y=alt.Y(f"{COUNTRY}:N", sort=order, title=None))
    lowest, highest = float(shown["revenue"].min()), float(shown["revenue"].max())
    reach = room_for(shown["label"], min(0.0, lowest), max(0.0, highest))
    axis = money_axis(currency, tickCount=5)
    bars = (
        base.mark_bar()
        .encode(
            x=alt.X("revenue:Q", title=in_currency(gettext("Revenue"), currency), axis=axis, scale=reach),
            color=alt.condition("datum.kind == 'other'", alt.value(GREY), alt.value(BLUE)),
            opacity=alt.condition(pick, alt.value(1), alt.value(0.35)),
            tooltip=[
                alt.Tooltip(f"{COUNTRY}:N", title=gettext("Country")),
                alt.Tooltip("label:N", title=gettext("Revenue")),
                alt.Tooltip("orders:Q", title=gettext("Orders"), format=","),
            ],
        )
        .add_params(pick)
    )
    labels = base.mark_text(align="left", dx=5).encode(x=alt.X("revenue:Q"), text=alt.Text("label:N"))
    title = gettext(
        "{country} brings {share} of revenue", country=order[0], share=format_share(shown["share"].iloc[0])
    )
    return finish(bars + labels, title, height=26 * len(shown))


def _per_period(
    orders: pd.DataFrame,
    period: Period,
    start: pd.Timestamp | None,
    end: pd.Timestamp | None,
    values: pd.Series,
) -> pd.DataFrame:
    """Return each period's start, value, covered days and label, and whether the data cover it whole."""
    when = orders[ORDERED_AT]
    first, last = start or when.min(), end or when.max()
    if period == "auto":
        days = (last - first).days
        period = "day" if days <= 21 else "week" if days <= 183 else "month"
    periods = pd.PeriodIndex(when, freq=_FREQUENCY[period])
    every = pd.period_range(min(first, when.min()), max(last, when.max()), freq=_FREQUENCY[period])
    totals = values.groupby(periods).sum().reindex(every, fill_value=0)
    begins, ends = every.to_timestamp(how="start"), every.to_timestamp(how="end").normalize()
    table = pd.DataFrame(
        {
            "begin": begins,
            "value": totals.to_numpy(),
            "start": [f"{max(begin, first.normalize()):%Y-%m-%d}" for begin in begins],
            "end": [f"{min(final, last.normalize()):%Y-%m-%d}" for final in ends],
            "label": [_label(begin, period) for begin in begins],
            # The hours of the first and the last order say nothing of opening hours: days count whole.
            "whole": (begins >= first.normalize()) & (ends <= last.normalize()),
        }
    )
    table["covered"] = [
        "" if whole else f"{label} ({_cut(begin, final, first, last)})"
        for whole, label, begin, final in zip(table["whole"], table["label"], begins, ends, strict=True)
    ]
    table.attrs["period"] = period
    return table


def _when(totals: pd.DataFrame, period: Any) -> str:
    day = totals.attrs["period"] == "day"
    return gettext("on {day}", day=period["label"]) if day else gettext("in {period}", period=period["label"])


def _label(begin: pd.Timestamp, period: str) -> str:
    if period == "month":
        return format_month(begin)
    return gettext("the week of {day}", day=format_day(begin)) if period == "week" else format_day(begin)


def _cut(begin: pd.Timestamp, final: pd.Timestamp, first: pd.Timestamp, last: pd.Timestamp) -> str:
    parts = [gettext("from the {day}", day=_ordinal(first.day))] if begin < first.normalize() else []
    return " ".join(
        [*parts, gettext("to the {day}", day=_ordinal(last.day))] if final > last.normalize() else parts
    )


def _ordinal(day: int) -> str:
    if current_locale() != ENGLISH:
        return gettext("{day}th", day=day)
    ending = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _peak(totals: pd.DataFrame) -> Any:
    whole = totals[totals["whole"]]
    candidates = whole if whole["value"].gt(0).any() else totals
    return candidates.sort_values("value", ascending=False, kind="stable").iloc[0]


def _bars(totals: pd.DataFrame, title: str, what: str, y_title: str, axis: alt.Axis) -> alt.Chart:
    period = totals.attrs["period"]
    partial = [text for text in totals["covered"] if text]
    subtitle = gettext(_ADVERB[period])
    if partial:
        subtitle += " " + gettext("Pale: {periods}, not complete.", periods=listed(partial))
    shown = totals.assign(begin=totals["begin"].dt.strftime("%Y-%m-%dT%H:%M:%S"))
    short = f"timeFormat(toDate(datum.value), '{'%b %Y' if period == 'month' else '%-d %b'}')"
    chart = (
        alt.Chart(shown)
        .mark_bar()
        .encode(
            x=alt.X("begin:O", title=None, axis=alt.Axis(labelExpr=short, labelAngle=0, labelOverlap=True)),
            y=alt.Y("value:Q", title=y_title, axis=axis),
            color=alt.condition("datum.whole", alt.value(BLUE), alt.value(PALE_BLUE)),
            tooltip=[alt.Tooltip("label:N", title=gettext("Period")), alt.Tooltip("shown:N", title=what)],
        )
        .add_params(alt.selection_point(name="pick", fields=["start", "end"]))
    )
    return finish(chart, title, subtitle=subtitle, height=240)
