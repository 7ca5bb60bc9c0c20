"""Demand week by week, and stock beside it."""

from __future__ import annotations

import altair as alt
import pandas as pd

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_day,
    format_decimal,
    format_product,
)
from shopper_widgets._support.locale import gettext, ngettext
from shopper_widgets.charts.colors import BLUE, INK, ORANGE, SKY, VERMILLION
from shopper_widgets.charts.theme import count_axis, finish, nothing_to_show, product_labels
from shopper_widgets.columns import QUANTITY

_PER_PRODUCT = 30


def demand_over_time(
    weeks: pd.DataFrame, *, name: str, horizon: int, expected: float | None = None, most: float | None = None
) -> alt.Chart:
    """Show a product's units per week, and the forecast of the next weeks.

    Parameters
    ----------
    weeks : pandas.DataFrame
        ``week`` (its last day) and ``quantity``, of every week.
    name : str
        What the product is called.
    horizon : int
        Weeks that the forecast sums.
    expected, most : float, optional
        Units over the horizon: expected, and enough in 95 of 100 such periods; None where it can't be told.

    Returns
    -------
    altair.Chart
        A bar per week; lines through the weeks ahead at an equal share of the forecast, where there is one.

    Examples
    --------
    >>> weeks = pd.DataFrame({"week": pd.to_datetime(["2024-01-07", "2024-01-14"]), "quantity": [3.0, 5.0]})
    >>> demand_over_time(weeks, name="MUG", horizon=2, expected=8, most=14).to_dict()["title"]["text"]
    ['MUG: about 8 units in the next 2 weeks']
    """
    if weeks.empty:
        return nothing_to_show(gettext("This product was not sold in any complete week."))
    day = pd.Timedelta(days=1)
    shown = weeks.assign(
        begin=weeks["week"] - 6 * day,
        end=weeks["week"] + 0.3 * day,  # a little before the next week, so that there are gaps between bars
        day=[format_day(moment) for moment in weeks["week"]],
        kind=gettext("Sold"),
        text=weeks[QUANTITY].map(format_count),
    )
    tips = [alt.Tooltip("day:N", title=gettext("Week to")), alt.Tooltip("text:N", title=gettext("Units"))]
    kinds = [gettext("Sold"), gettext("Expected"), gettext("Enough in 95 of 100")]
    scale = alt.Scale(domain=kinds, range=[BLUE, ORANGE, SKY])
    x = alt.X("week:T", title=gettext("Week"), axis=alt.Axis(format="%b %Y", tickCount=6))
    y = alt.Y(f"{QUANTITY}:Q", title=gettext("Units per week"), axis=count_axis(tickCount=5))
    color = alt.Color("kind:N", scale=scale, legend=alt.Legend(columns=1))
    begin = alt.X("begin:T", title=gettext("Week"), axis=alt.Axis(format="%b %Y", tickCount=6))
    bars = (
        alt.Chart(shown)
        .mark_bar()
        .encode(x=begin, x2=alt.X2("end:T"), y=y, y2=alt.Y2Datum(0), color=color, tooltip=tips)
    )
    called = format_product(name, begins=True)
    if expected is None or pd.isna(expected):
        title = gettext("{name}: too new for a forecast", name=called)
        return finish(
            alt.layer(bars), title, subtitle=gettext("It was first sold less than 8 weeks ago."), height=240
        )
    after = weeks["week"].max() + pd.to_timedelta([7 * (i + 1) for i in range(horizon)], unit="D")
    ahead = pd.concat(
        [
            pd.DataFrame({"week": after, QUANTITY: value / horizon, "kind": kind})
            for kind, value in ((kinds[2], most), (kinds[1], expected))
            if value is not None and not pd.isna(value)
        ]
    )
    days, units = ahead["week"].map(format_day), ahead[QUANTITY].map(format_count)
    ahead = ahead.assign(day=days, text=units)
    lines = (
        alt.Chart(ahead)
        .mark_line(strokeWidth=3, point=alt.OverlayMarkDef(size=50))
        .encode(x=x, y=y, color=color, tooltip=tips)
    )
    subtitle = gettext("Each line spreads the total of these weeks evenly.")
    if most is not None and not pd.isna(most):
        enough = gettext(
            "{units} would be enough in 95 of 100 such periods.", units=count_of(round(most), "unit")
        )
        subtitle = f"{enough} {subtitle}"
    about = ngettext(
        "{name}: about {expected} in the next week",
        "{name}: about {expected} in the next {weeks} weeks",
        horizon,
        name=called,
        expected=count_of(round(expected), "unit"),
        weeks=horizon,
    )
    return finish(bars + lines, about, subtitle=subtitle, height=240)


def stock_chart(plan: pd.DataFrame, *, weeks: int, n: int = 12) -> alt.Chart:
    """Show expected sales, stock on hand and order-up-to level of the top products.

    Parameters
    ----------
    plan : pandas.DataFrame
        As :func:`~shopper_widgets.stock_plan` gives it, most important first, with ``product_name``.
    weeks : int
        That an order has to last.
    n : int, default 12
        How many products.

    Returns
    -------
    altair.Chart
        A row per product: a bar for what is expected to sell, a tick for the level to order up to, a dot for
        what is on hand.

    Examples
    --------
    >>> plan = pd.DataFrame({"product_id": ["A"], "product_name": ["MUG"], "expected": [8.0],
    ...                      "order_up_to": [14.0], "on_hand": [3.0]})
    >>> stock_chart(plan, weeks=3).to_dict()["title"]["text"]
    ['Stock for 3 weeks: 1.8 times the expected sales']
    """
    told = plan[plan["expected"].notna()].head(n)
    if told.empty or not told["expected"].sum():
        return nothing_to_show(gettext("No product has been sold for long enough to forecast it."))
    kinds = {
        "expected": gettext("Expected to sell"),
        "order_up_to": gettext("Order up to"),
        "on_hand": gettext("On hand"),
    }
    told = told.assign(label=product_labels(told))
    long = told.melt(["label"], [c for c in kinds if c in told and told[c].notna().any()], "what", "units")
    long = long.dropna(subset="units").assign(
        kind=lambda t: t["what"].map(kinds), text=lambda t: t["units"].map(format_count)
    )
    there = [kind for kind in kinds.values() if kind in set(long["kind"])]
    scale = alt.Scale(domain=there, range=[BLUE, VERMILLION, INK][: len(there)])
    base = alt.Chart(long).encode(
        y=alt.Y("label:N", sort=told["label"].tolist(), title=None, axis=alt.Axis(labelColor=INK)),
        x=alt.X("units:Q", title=gettext("Units"), axis=count_axis(tickCount=5)),
        color=alt.Color("kind:N", scale=scale, legend=alt.Legend(columns=1)),
        tooltip=[
            alt.Tooltip("label:N", title=gettext("Product")),
            alt.Tooltip("kind:N", title=gettext("Quantity")),
            alt.Tooltip("text:N", title=gettext("Units")),
        ],
    )
    bars = base.transform_filter("datum.what == 'expected'").mark_bar(height=14)
    ticks = base.transform_filter("datum.what == 'order_up_to'").mark_tick(thickness=4, size=22)
    dots = base.transform_filter("datum.what == 'on_hand'").mark_point(filled=True, size=80, opacity=1)
    times = told["order_up_to"].sum() / told["expected"].sum()
    title = ngettext(
        "Stock for {weeks} week: {times} times the expected sales",
        "Stock for {weeks} weeks: {times} times the expected sales",
        weeks,
        weeks=weeks,
        times=format_decimal(times, 1),
    )
    return finish(
        bars + ticks + dots,
        title,
        subtitle=gettext("The top {products} of the plan.", products=count_of(len(told), "product")),
        height=_PER_PRODUCT * len(told) + 30,
    )
