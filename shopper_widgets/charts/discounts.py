"""Discounts: the break-even, and what a budget's gain depends on."""

from __future__ import annotations

import altair as alt
import pandas as pd

from shopper_widgets._support.formatting import format_money, format_share
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts.colors import BLUE, EMBER, INK, ORANGE, VERMILLION
from shopper_widgets.charts.theme import (
    finish,
    in_currency,
    money_axis,
    nothing_to_show,
    share_axis,
    translated,
)
from shopper_widgets.columns import SEGMENT

#: Pixels for a segment, and for a bar of the tornado.
_PER_SEGMENT, _PER_BAR = 46, 30


def break_even_chart(table: pd.DataFrame, *, discount: float, days: int = 30) -> alt.Chart:
    """Show for each segment how many order anyway, and how many must order for a discount to pay.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`~shopper_widgets.discount_table` gives it: ``segment, rate, rate_low, rate_high,
        break_even``.
    discount : float
        Share of the price that is taken off, for the title.
    days : int, default 30
        Within which customers order, for the title.

    Returns
    -------
    altair.Chart
        A row per segment, in the order of `table`: a circle with an interval for who order anyway, a triangle
        for the break-even, words where no rise is enough.

    Examples
    --------
    >>> table = pd.DataFrame({"segment": ["High-Value"], "rate": [0.54], "rate_low": [0.5],
    ...                       "rate_high": [0.58], "break_even": [0.72]})
    >>> break_even_chart(table, discount=0.1).to_dict()["title"]["text"]
    ['10 % off pays only if a third more customers order']
    """
    told = table[table["rate"].notna()]
    if told.empty:
        return nothing_to_show(gettext("Too few customers at past month-ends to estimate who orders anyway."))
    told = told.assign(
        anyway=[
            gettext(
                "{rate} ({low} to {high})",
                rate=format_share(rate),
                low=format_share(low),
                high=format_share(high),
            )
            for rate, low, high in told[["rate", "rate_low", "rate_high"]].itertuples(index=False)
        ],
        needed=[
            format_share(needed)
            if needed == needed
            else gettext("it never pays")
            if rate
            else gettext("nobody ordered")
            for rate, needed in told[["rate", "break_even"]].itertuples(index=False)
        ],
    )
    order = told[SEGMENT].tolist()
    names = (gettext("Order anyway"), gettext("Must order for it to pay"))
    y = alt.Y(f"{SEGMENT}:N", sort=order, title=None, axis=alt.Axis(labelColor=INK, **translated(order)))
    tips = [
        alt.Tooltip(f"{SEGMENT}:N", title=gettext("Segment")),
        alt.Tooltip("anyway:N", title=names[0]),
        alt.Tooltip("needed:N", title=names[1]),
    ]
    domain = [0, min(1.0, 1.15 * float(told[["rate_high", "break_even"]].max().max()))]
    title = gettext("Share of customers who order within {days} days", days=days)
    axis = share_axis()
    axis.tickCount = 6
    x = alt.X("rate:Q", title=title, axis=axis, scale=alt.Scale(domain=domain))
    base = alt.Chart(told).encode(y=y, tooltip=tips)
    kinds = alt.Scale(domain=list(names), range=[BLUE, VERMILLION])
    legend = alt.Legend(columns=1)
    way = base.mark_rule(strokeWidth=2, strokeDash=[3, 3], color=VERMILLION).encode(
        x=x, x2=alt.X2("break_even:Q")
    )
    spans = base.mark_rule(strokeWidth=5, opacity=0.35, color=BLUE).encode(
        x=alt.X("rate_low:Q"), x2=alt.X2("rate_high:Q")
    )
    now = (
        base.transform_calculate(kind=f"'{names[0]}'")
        .mark_point(filled=True, size=110, shape="circle", opacity=1)
        .encode(x=x, color=alt.Color("kind:N", scale=kinds, legend=legend))
    )
    then = (
        base.transform_filter("isValid(datum.break_even)")
        .transform_calculate(kind=f"'{names[1]}'")
        .mark_point(filled=True, size=130, shape="triangle-right", opacity=1)
        .encode(x=alt.X("break_even:Q"), color=alt.Color("kind:N", scale=kinds, legend=legend))
    )
    never = (
        base.transform_filter("!isValid(datum.break_even)")
        .mark_text(align="left", dx=12, color=EMBER)
        .encode(x=x, text=alt.Text("needed:N"))
    )
    return finish(
        way + spans + now + then + never,
        _finding(told, discount),
        subtitle=gettext("Thick lines are 95 % intervals, based on orders after past month-ends."),
        height=_PER_SEGMENT * len(order) + 30,
    )


def _finding(told: pd.DataFrame, discount: float) -> str:
    off = format_share(discount)
    pays = told[told["break_even"].notna() & (told["rate"] > 0)]
    if pays.empty and not told["rate"].any():
        return gettext("Nobody orders anyway, so the break-even of {off} off is unknown", off=off)
    if pays.empty:
        return gettext("{off} off never pays", off=off)
    lifts = pays["break_even"] / pays["rate"]
    least, most = lifts.min() - 1, lifts.max() - 1
    if most - least > 0.05:
        return gettext(
            "{off} off pays only if {least} to {most} more customers order",
            off=off,
            least=format_share(least),
            most=format_share(most),
        )
    if abs(least - 1) < 0.005:
        return gettext("{off} off pays only if twice as many customers order", off=off)
    if abs(least - 1 / 3) < 0.005:
        return gettext("{off} off pays only if a third more customers order", off=off)
    return gettext("{off} off pays only if {share} more customers order", off=off, share=format_share(least))


def budget_tornado(
    sensitivity: pd.DataFrame, *, gain: float, currency: str = "", spread: float = 0.5
) -> alt.Chart:
    """Show how a split's gain depends on each assumption.

    Parameters
    ----------
    sensitivity : pandas.DataFrame
        As :func:`~shopper_widgets.budget_sensitivity` gives it: ``segment, assumption, gain_low, gain_high``.
    gain : float
        What the split brings if all assumptions hold.
    currency : str, default ""
        Sign or code of the money.
    spread : float, default 0.5
        By how much the lift was changed, for the subtitle.

    Returns
    -------
    altair.Chart
        A bar per assumption, widest first; a line at `gain`, a dashed one at no gain.

    Examples
    --------
    >>> sensitivity = pd.DataFrame({"segment": ["A"], "assumption": ["lift"], "gain_low": [5.0],
    ...                             "gain_high": [9.0]})
    >>> budget_tornado(sensitivity, gain=7.0).to_dict()["title"]["text"]
    ['Gain of 5.00 to 9.00, depending most on how many more A', 'customers order']
    """
    if sensitivity.empty:
        return nothing_to_show(gettext("No money is spent, so no assumption matters."))
    table = sensitivity.assign(
        name=[
            gettext(
                N_("{segment}: rise in orders") if what == "lift" else N_("{segment}: order anyway"),
                segment=gettext(segment),
            )
            for segment, what in sensitivity[[SEGMENT, "assumption"]].itertuples(index=False)
        ],
        low_text=[format_money(v, currency) for v in sensitivity["gain_low"]],
        high_text=[format_money(v, currency) for v in sensitivity["gain_high"]],
    )
    first = table.iloc[0]
    widest = gettext(
        N_("depending most on how many more {segment} customers order")
        if first["assumption"] == "lift"
        else N_("depending most on how many {segment} customers order anyway"),
        segment=gettext(first[SEGMENT]),
    )
    low, high = float(first["gain_low"]), float(first["gain_high"])
    if low < 0 < high:
        title = gettext(
            "Between a loss of {loss} and a gain of {high}, {widest}",
            loss=format_money(-low, currency),
            high=format_money(high, currency),
            widest=widest,
        )
    else:
        title = gettext(
            "Gain of {low} to {high}, {widest}",
            low=format_money(low, currency),
            high=format_money(high, currency),
            widest=widest,
        )
    base = alt.Chart(table).encode(
        y=alt.Y("name:N", sort=table["name"].tolist(), title=None, axis=alt.Axis(labelColor=INK)),
        tooltip=[
            alt.Tooltip("name:N", title=gettext("Assumption")),
            alt.Tooltip("low_text:N", title=gettext("Gain from")),
            alt.Tooltip("high_text:N", title=gettext("to")),
        ],
    )
    axis = money_axis(currency, tickCount=4)
    bars = base.mark_bar(color=ORANGE, height=14).encode(
        x=alt.X("gain_low:Q", title=in_currency(gettext("Margin gained"), currency), axis=axis),
        x2=alt.X2("gain_high:Q"),
    )
    here = alt.Chart(pd.DataFrame({"gain": [gain]})).mark_rule(color=INK).encode(x=alt.X("gain:Q"))
    nothing = pd.DataFrame({"gain": [0.0]})
    nought = alt.Chart(nothing).mark_rule(color=INK, strokeDash=[4, 3]).encode(x=alt.X("gain:Q"))
    return finish(
        bars + nought + here,
        title,
        subtitle=(
            gettext(
                "One assumption is changed at a time: the rise in orders by ± {spread}, the share who order "
                "anyway within its interval. Dashed line: no gain.",
                spread=format_share(spread),
            )
        ),
        height=_PER_BAR * len(table) + 30,
    )
