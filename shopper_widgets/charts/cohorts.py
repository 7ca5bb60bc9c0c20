"""Retention: cohorts by month of the first order, and days between orders."""

from __future__ import annotations

import re
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_choice
from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_money,
    format_month,
    format_share,
)
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts.colors import BLUE, FAINT_INK, INK, ON_DEEP, ON_PALE, SHADES, WHITE_FROM
from shopper_widgets.charts.theme import count_axis, finish, nothing_to_show
from shopper_widgets.columns import CUSTOMER_ID

#: With more months than this, the cells have no room for figures.
_MOST_WRITTEN = 15
#: The width in pixels that a cell needs for its figure, and the letters of small type that fit into half of
#: it.
_CELL, _BRIEF = 36, 4
#: The days that one bar of the days between orders may cover, the number of bars aimed at, and the share of
#: gaps that the bars show.
_WIDTHS, _MOST_BARS, _DRAWN = (1, 7, 14, 28, 91), 30, 0.95
_MOST_TICKS = 20
#: No share is given of fewer customers or orders than this.
_FEWEST = 20
_WORDS = {
    "retention": N_("share of the cohort that ordered, in %"),
    "customers": N_("customers"),
    "revenue": N_("revenue"),
}


def cohort_heatmap(
    cohorts: pd.DataFrame,
    *,
    values: Literal["retention", "customers", "revenue"] = "retention",
    currency: str = "",
) -> alt.Chart:
    """Show, for customers who first ordered in the same month, what they did in the months after.

    Parameters
    ----------
    cohorts : pandas.DataFrame
        One row per cohort and month since: ``cohort, months_since, customers, revenue, cohort_size,
        retention, is_partial, is_left_censored``.
    values : {"retention", "customers", "revenue"}, default "retention"
        What is shown. The first month of a cohort shows its customers, where shares are shown.
    currency : str, default ""
        Sign or code of the money.

    Returns
    -------
    altair.Chart
        Months that the data don't cover whole have an asterisk, cohorts that hold older customers a dagger.

    Raises
    ------
    ValueError
        `values` is none of these.

    Examples
    --------
    >>> cohorts = pd.DataFrame({"cohort": pd.to_datetime(["2024-01-01", "2024-01-01", "2024-02-01"]),
    ...     "months_since": [0, 1, 0], "customers": [40, 10, 20], "revenue": [400.0, 100.0, 200.0],
    ...     "cohort_size": [40, 40, 20], "retention": [1.0, 0.25, 1.0], "is_partial": False,
    ...     "is_left_censored": False})
    >>> cohort_heatmap(cohorts).to_dict()["title"]["text"]
    ['25 % of 40 new customers come back in the month after their', 'first order']
    """
    check_choice("values", values, tuple(_WORDS))
    if cohorts.empty:
        return nothing_to_show(gettext("There are no cohorts."))
    shown = cohorts.assign(
        month=[
            f"{format_month(cohort)}{' †' if old else ''}"
            for cohort, old in zip(cohorts["cohort"], cohorts["is_left_censored"], strict=True)
        ]
    )
    shares = values == "retention"
    counted = ~(shares & (shown["months_since"] == 0))
    most = float(shown.loc[counted, values].max()) if counted.any() else 1.0
    shown["shade"] = (shown[values] / (most or 1.0)).where(counted, 0.0)
    shown["value"] = [
        _write(values, value, currency) if is_counted else format_count(size)
        for value, size, is_counted in zip(shown[values], shown["cohort_size"], counted, strict=True)
    ]
    shown["text"] = shown["value"] + shown["is_partial"].map({True: "*", False: ""})
    shown["brief"] = [re.sub(r"\s?%", "", text) for text in shown["text"]]
    shown["money"] = [format_money(money, currency) for money in shown["revenue"]]
    shown["share"] = [format_share(share) for share in shown["retention"]]
    months = list(dict.fromkeys(shown.sort_values("cohort")["month"]))
    drawn = ["month", "months_since", "customers", "cohort_size", "shade", "text", "brief", "share", "money"]
    base = alt.Chart(shown[drawn]).encode(
        x=alt.X("months_since:O", title=gettext("Months since the first order"),
                axis=alt.Axis(orient="top", labelAngle=0, labelOverlap=True, domain=False, ticks=False)),
        y=alt.Y("month:N", sort=months, title=None, axis=alt.Axis(domain=False, ticks=False)),
    )  # fmt: skip
    chart: Any = base.mark_rect(stroke="white", strokeWidth=2).encode(
        color=alt.Color("shade:Q", scale=alt.Scale(range=SHADES, domain=[0, 1]), legend=None),
        tooltip=[
            alt.Tooltip("month:N", title=gettext("First order in")),
            alt.Tooltip("months_since:O", title=gettext("Months since")),
            alt.Tooltip("customers:Q", title=gettext("Customers who ordered"), format=","),
            alt.Tooltip("cohort_size:Q", title=gettext("Customers of the cohort"), format=","),
            alt.Tooltip("share:N", title=gettext("Share")),
            alt.Tooltip("money:N", title=gettext("Revenue")),
        ],
    )
    is_written = (n_months := shown["months_since"].nunique()) <= _MOST_WRITTEN
    if is_written:
        ink = alt.condition(f"datum.shade > {WHITE_FROM}", alt.value(ON_DEEP), alt.value(ON_PALE))
        is_narrow = f"width < {n_months * _CELL}"
        room = alt.expr(f"{is_narrow} ? 0 : 1")
        chart += base.mark_text(fontSize=11, opacity=room).encode(text=alt.Text("text:N"), color=ink)
        # A narrow page has room for the bare number only; the full figures are in the tooltips and the table.
        if shown["brief"].str.len().max() <= _BRIEF:
            small = alt.expr(f"{is_narrow} ? 1 : 0")
            brief = base.mark_text(fontSize=9, opacity=small, aria=False)
            chart += brief.encode(text=alt.Text("brief:N"), color=ink)
    title = _revenue_title(cohorts) if values == "revenue" else _title(cohorts)
    return finish(chart, title, subtitle=_subtitle(cohorts, values, is_written), height=30 * len(months))


def order_gap_histogram(gaps: pd.DataFrame) -> alt.Chart:
    """Show after how many days customers come back.

    Parameters
    ----------
    gaps : pandas.DataFrame
        One row per day with orders after a customer's first: ``customer_id`` and ``gap``, the days since the
        one before.

    Returns
    -------
    altair.Chart
        Bars of whole days, weeks or longer; two lines mark the days within which half and nine in ten come,
        where there are 20 repeat orders or more to tell.

    Examples
    --------
    >>> gaps = pd.DataFrame({"customer_id": ["ann"] * 15 + ["ben"] * 5, "gap": [10, 20, 30, 60] * 5})
    >>> order_gap_histogram(gaps).to_dict()["title"]["text"]
    ['Half of the repeat orders come within 20 days of the previous', 'order, nine in ten within 60']
    """
    if gaps.empty:
        return nothing_to_show(gettext("No customer ordered on two different days."))
    days = gaps["gap"].to_numpy()
    half, most = (int(np.quantile(days, share, method="inverted_cdf")) for share in (0.5, 0.9))
    furthest = np.quantile(days, _DRAWN, method="inverted_cdf")
    width = next((w for w in _WIDTHS if furthest <= w * _MOST_BARS), _WIDTHS[-1])
    place = (days - 1) // width
    n_bars = int(min((furthest - 1) // width + 1, 2 * _MOST_BARS))
    counts = np.bincount(place[place < n_bars], minlength=n_bars)
    begins = np.arange(n_bars) * width
    bars = pd.DataFrame(
        {
            "begin": begins + 0.5,
            "end": begins + width + 0.5,
            "orders": counts,
            "days": [
                f"{b + 1}" if width == 1 else gettext("{first} to {last}", first=b + 1, last=b + width)
                for b in begins
            ],
            "share": [format_share(count / len(days)) for count in counts],
        }
    )
    # Where there is no room for the limits of all bars, only those of every `step`-th bar are written.
    step = width * -(-n_bars // _MOST_TICKS)
    across: dict[str, Any] = {
        "title": gettext("Days since the customer's last order"),
        "axis": alt.Axis(grid=False, values=list(range(step, n_bars * width + 1, step))),
        "scale": alt.Scale(domain=[0.5, n_bars * width + 0.5], nice=False),
    }
    drawn = alt.Chart(bars).mark_bar(color=BLUE, stroke="white", strokeWidth=1).encode(
        x=alt.X("begin:Q", bin="binned", **across), x2=alt.X2("end:Q"),
        y=alt.Y("orders:Q", title=gettext("Repeat orders (days with orders)"),
                axis=count_axis(tickMinStep=1)),
        tooltip=[alt.Tooltip("days:N", title=gettext("Days since the last order")),
                 alt.Tooltip("orders:Q", title=gettext("Repeat orders"), format=","),
                 alt.Tooltip("share:N", title=gettext("Share of all repeat orders"))],
    )  # fmt: skip
    marks = pd.DataFrame(
        {
            "begin": [half, most],
            "text": [gettext("half: {half}", half=half), gettext("9 in 10: {most}", most=most)],
        }
    )
    tells = len(days) >= _FEWEST
    marks = marks[tells & (marks["begin"] <= n_bars * width)]
    at = alt.Chart(marks).encode(x=alt.X("begin:Q", **across))
    lines = at.mark_rule(color=FAINT_INK, strokeDash=[4, 3])
    words = at.mark_text(align="left", dx=4, dy=6, baseline="top", color=INK).encode(
        y=alt.value(0), text=alt.Text("text:N")
    )
    beyond = len(days) - int(counts.sum())
    notes = [
        gettext(
            "{orders} of {customers}.",
            orders=count_of(len(days), "repeat order"),
            customers=count_of(gaps[CUSTOMER_ID].nunique(), "customer"),
        ),
        gettext(
            "Not drawn: {beyond} after more than {days} days.",
            beyond=format_count(beyond),
            days=n_bars * width,
        )
        if beyond
        else "",
        gettext("Customers who have not come back yet are not included."),
    ]
    title = gettext(
        N_("Half of the repeat orders come within {days} of the previous order, nine in ten within {most}")
        if tells
        else N_("Too few repeat orders to tell how soon customers come back: {n}"),
        **({"days": count_of(half, "day"), "most": format_count(most)} if tells else {"n": len(days)}),
    )
    return finish(alt.layer(drawn, lines, words), title, subtitle=" ".join(filter(None, notes)), height=240)


def _write(values: str, value: float, currency: str) -> str:
    if values == "retention":
        return format_share(value)
    return format_count(value) if values == "customers" else format_money(value, currency)


def _title(cohorts: pd.DataFrame) -> str:
    next_month = cohorts[(cohorts["months_since"] == 1) & ~cohorts["is_partial"].astype(bool)]
    # Customers who may have bought before the data begin come back more often than new ones: they count only
    # where the new ones are too few.
    new = next_month[~next_month["is_left_censored"].astype(bool)]
    is_new = new["cohort_size"].sum() >= _FEWEST
    counted = new if is_new else next_month
    n = int(counted["cohort_size"].sum())
    if counted.empty:
        return gettext("No cohort has been followed for a complete month yet")
    if n < _FEWEST:
        return gettext(
            "Too few customers to tell how many come back in the month after their first order: {n}", n=n
        )
    return gettext(
        "{share} of {customers} come back in the month after their first order",
        share=format_share(counted["customers"].sum() / n),
        customers=count_of(n, "new customer") if is_new else count_of(n, "customer"),
    )


def _revenue_title(cohorts: pd.DataFrame) -> str:
    revenue = float(cohorts["revenue"].sum())
    later = float(cohorts.loc[cohorts["months_since"] > 0, "revenue"].sum())
    if revenue <= 0:
        return gettext("No cohort brought revenue")
    return gettext(
        "{later} of revenue comes in months after the customer's first order",
        later=format_share(later / revenue),
    )


def _subtitle(cohorts: pd.DataFrame, values: str, is_written: bool) -> str:
    first = gettext("darker means more")
    if values == "retention" and is_written:
        first = gettext("the first column is the number of customers")
    notes = [gettext("Shown: {words}; {first}.", words=gettext(_WORDS[values]), first=first)]
    if cohorts["is_partial"].any():
        notes.append(gettext("* Month not complete."))
    if cohorts["is_left_censored"].any():
        notes.append(gettext("† May include customers from before the data begin."))
    return " ".join(notes)
