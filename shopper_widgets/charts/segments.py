"""Segments: who is in them, and what they bring."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import pandas as pd

from shopper_widgets._support.checks import check_choice
from shopper_widgets._support.formatting import count_of, format_count, format_money, format_share
from shopper_widgets._support.locale import gettext, ngettext, with_marks
from shopper_widgets.charts.colors import BLUE, GREY, INK, ON_DEEP, ON_PALE, SHADES, WHITE_FROM
from shopper_widgets.charts.maps import MOST_POINTS, drawn, spend_axis
from shopper_widgets.charts.theme import (
    finish,
    money_expression,
    nothing_to_show,
    order_segments,
    room_for,
    segment_scale,
    segment_shapes,
    share_axis,
    translated,
)
from shopper_widgets.columns import CUSTOMER_ID, FREQUENCY, MONETARY, RECENCY, SEGMENT


def segment_map(
    customers: pd.DataFrame,
    *,
    currency: str = "",
    x: Literal["recency", "frequency"] = "recency",
    max_points: int = MOST_POINTS,
    random_state: int = 0,
    height: int = 380,
) -> alt.Chart:
    """Show every customer by recency or frequency and by spend, both on log axes, colored by segment.

    Parameters
    ----------
    customers : pandas.DataFrame
        One row per customer: ``customer_id, recency, frequency, monetary, segment``.
    currency : str, default ""
        Sign or code of the money.
    x : {"recency", "frequency"}, default "recency"
        What the horizontal axis shows.
    max_points : int, default 5,000
        With more points, a sample is drawn, and the chart says so. Limits that are read from the brush hold
        for all customers, drawn or not.
    random_state : int, default 0
        Seed of the sample.
    height : int, default 380
        In pixels.

    Returns
    -------
    altair.Chart
        An interval selection named ``brush`` over `x` and ``monetary``; a point selection named ``pick`` of
        ``segment``, by clicks on the legend.

    Raises
    ------
    ValueError
        `x` is neither of the two.

    Examples
    --------
    >>> customers = pd.DataFrame({"customer_id": ["12347"], "recency": [2], "frequency": [7],
    ...                           "monetary": [4310.0], "segment": ["High-Value"]})
    >>> [param["name"] for param in segment_map(customers).to_dict()["params"]]
    ['brush', 'pick']
    """
    check_choice("x", x, (RECENCY, FREQUENCY))
    needed = [CUSTOMER_ID, RECENCY, FREQUENCY, MONETARY, SEGMENT]
    shown, notes = drawn(customers[needed], max_points, random_state)
    if shown.empty:
        return nothing_to_show(gettext("No customers in this selection."))
    segments = order_segments(customers[SEGMENT].unique())
    brush = alt.selection_interval(name="brush")
    legend = alt.Legend(columns=3, **translated(segments))
    pick = alt.selection_point(name="pick", fields=[SEGMENT], bind="legend")
    low_x, high_x = float(shown[x].min()), float(shown[x].max())
    across = {
        RECENCY: alt.X(
            f"{RECENCY}:Q", title=gettext("Days since the last order"),
            # Customers who bought on the day of `as_of` have recency 0, which a plain log axis can't show.
            scale=alt.Scale(type="symlog", domain=[low_x * 0.7, high_x * 1.1 + 1], nice=False),
            axis=alt.Axis(values=_ticks(low_x, high_x), grid=False),
        ),
        FREQUENCY: alt.X(
            f"{FREQUENCY}:Q", title=gettext("Orders"),
            scale=alt.Scale(type="log", domain=[low_x * 0.8, high_x * 1.2], nice=False),
            axis=alt.Axis(values=_ticks(low_x, high_x), grid=False),
        ),
    }  # fmt: skip
    points = (
        alt.Chart(shown)
        .transform_calculate(spent=money_expression(MONETARY, currency))
        .mark_point(size=26, clip=True, filled=True)
        .encode(
            x=across[x],
            y=spend_axis(shown[MONETARY], currency),
            color=alt.Color(f"{SEGMENT}:N", scale=segment_scale(segments), legend=legend),
            shape=alt.Shape(f"{SEGMENT}:N", scale=segment_shapes(segments), legend=legend),
            opacity=alt.condition(brush & pick, alt.value(0.65), alt.value(0.06)),
            tooltip=[
                alt.Tooltip(f"{CUSTOMER_ID}:N", title=gettext("Customer")),
                alt.Tooltip(f"{SEGMENT}:N", title=gettext("Segment")),
                alt.Tooltip(f"{RECENCY}:Q", title=gettext("Days since the last order")),
                alt.Tooltip(f"{FREQUENCY}:Q", title=gettext("Orders")),
                alt.Tooltip("spent:N", title=gettext("Spend")),
            ],
        )
        .add_params(brush, pick)
    )
    typical = customers.groupby(SEGMENT)[[RECENCY, FREQUENCY, MONETARY]].median()
    first, last = (_habit(typical.loc[segment], x, currency) for segment in (segments[0], segments[-1]))
    title = gettext("A typical customer {habit}", habit=first)
    if len(segments) > 1:
        title = gettext(
            "A typical {first} customer {habit}; a typical {last} customer {other_habit}",
            first=gettext(segments[0]),
            habit=first,
            last=gettext(segments[-1]),
            other_habit=last,
        )
    return finish(points, title, subtitle=" ".join(notes), height=height)


def segment_profile(profiles: pd.DataFrame, *, currency: str = "") -> alt.Chart:
    """Show each segment's median customer, as a table shaded from worst to best.

    Parameters
    ----------
    profiles : pandas.DataFrame
        One row per segment, best first: ``segment, customers, recency_median, frequency_median,
        monetary_median, revenue``.
    currency : str, default ""
        Sign or code of the money.

    Returns
    -------
    altair.Chart
        A point selection named ``pick`` gives the ``segment`` that is clicked.

    Examples
    --------
    >>> profiles = pd.DataFrame({"segment": ["High-Value", "At-Risk"], "recency_median": [8, 174],
    ...     "frequency_median": [10, 1], "monetary_median": [3700.0, 297.0], "customers": [1, 3],
    ...     "revenue": [9000.0, 1000.0]})
    >>> segment_profile(profiles, currency="£").to_dict()["title"]["text"]
    ['High-Value: 10 orders, £3,700, last order 8 days ago']
    """
    if profiles.empty:
        return nothing_to_show(gettext("There are no segments."))
    columns: list[tuple[str, str, Any, int]] = [
        ("customers", gettext("Customers"), format_count, 0),
        ("recency_median", gettext("Days since last order"), _plain, -1),
        ("frequency_median", gettext("Orders"), _plain, 1),
        ("monetary_median", gettext("Spend"), lambda v: format_money(v, currency), 1),
        ("revenue", gettext("Revenue"), lambda v: format_money(v, currency), 1),
    ]
    cells = [
        {
            SEGMENT: row[SEGMENT],
            "measure": label,
            "text": write(row[field]),
            "shade": _shade(profiles[field], row[field], sign),
        }
        for row in profiles.to_dict("records")
        for field, label, write, sign in columns
    ]  # fmt: skip
    pick = alt.selection_point(name="pick", fields=[SEGMENT])
    base = alt.Chart(pd.DataFrame(cells)).encode(
        x=alt.X("measure:N", sort=[c[1] for c in columns], title=None,
                axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False, labelLimit=130)),
        y=alt.Y(f"{SEGMENT}:N", sort=profiles[SEGMENT].tolist(), title=None,
                axis=alt.Axis(domain=False, ticks=False, labelFontSize=13, labelColor=INK,
                              **translated(profiles[SEGMENT]))),
    )  # fmt: skip
    squares = base.mark_rect(stroke="white", strokeWidth=3, cornerRadius=4).encode(
        color=alt.Color("shade:Q", scale=alt.Scale(range=SHADES, domain=[0, 1]), legend=None),
        opacity=alt.condition(pick, alt.value(1), alt.value(0.35)),
        tooltip=[alt.Tooltip(f"{SEGMENT}:N", title=gettext("Segment")), alt.Tooltip("measure:N", title=" "),
                 alt.Tooltip("text:N", title=gettext("Value"))],
    ).add_params(pick)  # fmt: skip
    ink = alt.condition(f"datum.shade > {WHITE_FROM}", alt.value(ON_DEEP), alt.value(ON_PALE))
    words = base.mark_text(fontSize=13).encode(text=alt.Text("text:N"), color=ink)
    best: Any = profiles.iloc[0]
    title = gettext(
        "{segment}: {orders}, {money}, last order {days} ago",
        segment=gettext(best[SEGMENT]),
        orders=_several(best["frequency_median"], "order"),
        money=format_money(best["monetary_median"], currency),
        days=_several(best["recency_median"], "day"),
    )
    subtitle = gettext("Days, orders and spend are medians. Darker means better.")
    return finish(squares + words, title, subtitle=subtitle, height=44 * len(profiles))


def segment_shares(profiles: pd.DataFrame, *, currency: str = "") -> alt.Chart:
    """Show each segment's share of customers and of revenue.

    Parameters
    ----------
    profiles : pandas.DataFrame
        One row per segment, best first: ``segment, customers, share, revenue, revenue_share``.
    currency : str, default ""
        Sign or code of the money.

    Returns
    -------
    altair.Chart
        A point selection named ``pick`` gives the ``segment`` that is clicked.

    Examples
    --------
    >>> profiles = pd.DataFrame({"segment": ["High-Value", "At-Risk"], "customers": [13, 87],
    ...     "share": [0.13, 0.87], "revenue": [63.0, 37.0], "revenue_share": [0.63, 0.37]})
    >>> segment_shares(profiles).to_dict()["description"]
    'High-Value customers are 13 % of customers and bring 63 % of revenue'
    """
    if profiles.empty:
        return nothing_to_show(gettext("There are no segments."))
    of = {"share": gettext("Share of customers"), "revenue_share": gettext("Share of revenue")}
    rows = [
        {
            SEGMENT: row[SEGMENT],
            "of": label,
            "share": row[field],
            "text": format_share(row[field]),
            "money": amount,
        }
        for row in profiles.to_dict("records")
        for (field, label), amount in zip(
            of.items(),
            (
                gettext("{customers} customers", customers=format_count(row["customers"])),
                format_money(row["revenue"], currency),
            ),
            strict=True,
        )
    ]
    pick = alt.selection_point(name="pick", fields=[SEGMENT])
    labels = list(of.values())
    base = alt.Chart(pd.DataFrame(rows)).encode(
        y=alt.Y(f"{SEGMENT}:N", sort=profiles[SEGMENT].tolist(), title=None,
                axis=alt.Axis(labelFontSize=13, labelColor=INK, **translated(profiles[SEGMENT])),
                scale=alt.Scale(paddingInner=0.3)),
        yOffset=alt.YOffset("of:N", sort=labels),
    )  # fmt: skip
    highest = float(profiles[["share", "revenue_share"]].max().max())
    bars = base.mark_bar().encode(
        x=alt.X("share:Q", title=None, axis=share_axis(tickCount=5),
                scale=room_for((row["text"] for row in rows), 0, highest)),
        color=alt.Color("of:N", scale=alt.Scale(domain=labels, range=[GREY, BLUE])),
        opacity=alt.condition(pick, alt.value(1), alt.value(0.35)),
        tooltip=[alt.Tooltip(f"{SEGMENT}:N", title=gettext("Segment")), alt.Tooltip("of:N", title=" "),
                 alt.Tooltip("text:N", title=gettext("Share")),
                 alt.Tooltip("money:N", title=gettext("Amount"))],
    ).add_params(pick)  # fmt: skip
    words = base.mark_text(align="left", dx=5).encode(x=alt.X("share:Q"), text=alt.Text("text:N"))
    best: Any = profiles.iloc[0]
    title = gettext(
        "{segment} customers are {share} of customers and bring {revenue_share} of revenue",
        segment=gettext(best[SEGMENT]),
        share=format_share(best["share"]),
        revenue_share=format_share(best["revenue_share"]),
    )
    if len(profiles) == 1:
        title = gettext(
            "All {customers} customers are in one segment", customers=format_count(best["customers"])
        )
        title = title if best["customers"] > 1 else gettext("There is one customer")
    return finish(bars + words, title, height=58 * len(profiles))


def _habit(median: Any, x: str, currency: str) -> str:
    money = format_money(median[MONETARY], currency)
    if x != FREQUENCY:
        return gettext(
            "spent {money} and last ordered {days} ago", money=money, days=count_of(median[x], "day")
        )
    if median[x] == 1:
        return gettext("spent {money} in one order", money=money)
    return gettext("spent {money} in {number} orders", money=money, number=_plain(median[x]))


def _shade(values: pd.Series, value: float, sign: int) -> float:
    low, high = float(values.min()), float(values.max())
    if high == low or not sign:
        return 0.0
    place = (float(value) - low) / (high - low)
    return round(place if sign > 0 else 1 - place, 3)


def _plain(value: float) -> str:
    return with_marks(f"{value:,.1f}".removesuffix(".0"))


def _several(number: float, thing: str) -> str:
    return f"{_plain(number)} {ngettext(thing, f'{thing}s', 1 if number == 1 else 2)}"


def _ticks(lowest: float, highest: float) -> list[float]:
    ticks = [0.0, *(step * 10.0**power for power in range(7) for step in (1, 2, 5))]
    return [tick for tick in ticks if lowest <= tick <= highest * 1.1]
