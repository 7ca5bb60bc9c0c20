"""Whether a campaign worked: the difference between those contacted and those held out."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from shopper_widgets._support.checks import check_choice
from shopper_widgets._support.formatting import format_money, format_number
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts.colors import BLUE, GREY, INK, ORANGE
from shopper_widgets.charts.theme import finish, in_currency, money_axis, nothing_to_show, translated
from shopper_widgets.columns import SEGMENT

#: Method → what readers call it.
_METHODS = {"plain": N_("Unadjusted"), "adjusted": N_("Adjusted for past {past}")}
#: Figure → the title of its axis, the factor of its values there, and the past that predicts it.
_FIGURES = {
    "revenue": (N_("Extra spend per customer contacted"), 1, N_("spend")),
    "buyers": (N_("Extra buyers per 100 contacted"), 100, N_("orders")),
    "orders": (N_("Extra orders per 100 contacted"), 100, N_("orders")),
}
#: Figure → the finding when the campaign raised it, and when it lowered it.
_FINDINGS = {
    "revenue": (
        N_("The campaign brought {amount} per customer contacted{of}"),
        N_("The campaign lost {amount} per customer contacted{of}"),
    ),
    "buyers": (
        N_("The campaign brought {amount} buyers per 100 contacted{of}"),
        N_("The campaign lost {amount} buyers per 100 contacted{of}"),
    ),
    "orders": (
        N_("The campaign brought {amount} orders per 100 contacted{of}"),
        N_("The campaign lost {amount} orders per 100 contacted{of}"),
    ),
}
_PER_SEGMENT = 46


def campaign_effect_chart(table: pd.DataFrame, *, figure: str = "revenue", currency: str = "") -> alt.Chart:
    """Show the effect of a campaign per customer contacted, in all and by segment, with 95 % intervals.

    Parameters
    ----------
    table : pandas.DataFrame
        Of a :class:`~shopper_widgets.CampaignResult`: ``segment, figure, method, contacted, held_out,
        effect, effect_low, effect_high``.
    figure : {"revenue", "buyers", "orders"}, default "revenue"
        What is drawn: money per customer, or buyers or orders per 100 customers.
    currency : str, default ""
        Sign or code of the money.

    Returns
    -------
    altair.Chart
        A row per segment, all customers first; a mark with its interval for each method, a line at no effect.

    Raises
    ------
    ValueError
        `figure` is none of these.

    Examples
    --------
    >>> table = pd.DataFrame({"segment": ["All segments"], "figure": "revenue", "method": "plain",
    ...     "contacted": 150, "held_out": 50, "effect": 4.0, "effect_low": 1.0, "effect_high": 7.0})
    >>> campaign_effect_chart(table, currency="£").to_dict()["title"]["text"]
    ['The campaign brought £4.00 per customer contacted']
    """
    check_choice("figure", figure, tuple(_FIGURES))
    what, times, past = _FIGURES[figure]
    what, past = gettext(what), gettext(past)
    methods = {method: gettext(way, past=past) for method, way in _METHODS.items()}
    told = table[(table["figure"] == figure) & table["effect"].notna()]
    if told.empty:
        return nothing_to_show(
            gettext("Too few customers were contacted or held out, or too few ordered, to measure an effect.")
        )
    sums = ["effect", "effect_low", "effect_high"]
    told = told.assign(**{name: told[name] * times for name in sums}, way=told["method"].map(methods))
    money = figure == "revenue"
    unit = (lambda value: format_money(value, currency)) if money else format_number
    told["told"] = [
        gettext("{value} ({low} to {high})", value=unit(effect), low=unit(low), high=unit(high))
        for effect, low, high in told[sums].itertuples(index=False)
    ]
    order = list(dict.fromkeys(told[SEGMENT]))
    ways = [way for method, way in methods.items() if method in set(told["method"])]
    scale = alt.Scale(domain=ways, range=[BLUE, ORANGE][: len(ways)])
    base = alt.Chart(told).encode(
        y=alt.Y(f"{SEGMENT}:N", sort=order, title=None, axis=alt.Axis(labelColor=INK, **translated(order))),
        yOffset=alt.YOffset("way:N", sort=ways, scale=alt.Scale(paddingOuter=0.6)),
        color=alt.Color("way:N", scale=scale, legend=alt.Legend(columns=1, labelLimit=0)),
        tooltip=[
            alt.Tooltip(f"{SEGMENT}:N", title=gettext("Segment")),
            alt.Tooltip("way:N", title=gettext("Method")),
            alt.Tooltip("told:N", title=what),
            alt.Tooltip("contacted:Q", title=gettext("Contacted")),
            alt.Tooltip("held_out:Q", title=gettext("Held out")),
        ],
    )
    axis = money_axis(currency, tickCount=5) if money else alt.Axis(tickCount=5)
    across = alt.X("effect:Q", title=in_currency(what, currency) if money else what, axis=axis)
    nought = alt.Chart(pd.DataFrame({"effect": [0.0]})).mark_rule(color=GREY, strokeWidth=2)
    chart = (
        nought.encode(x=alt.X("effect:Q"))
        + base.mark_rule(strokeWidth=4, opacity=0.5).encode(
            x=alt.X("effect_low:Q"), x2=alt.X2("effect_high:Q")
        )
        + base.mark_circle(size=110, opacity=1).encode(x=across)
    )
    return finish(
        chart,
        _finding(told.iloc[0], figure, currency),
        subtitle=gettext(
            "Compared with the customers held out. Lines are 95 % intervals; one that crosses 0 means no "
            "clear effect."
        ),
        height=_PER_SEGMENT * len(order) + 30,
    )


def _finding(row: pd.Series[Any], figure: str, currency: str) -> str:
    """Say what the first row shows: all customers together, or the largest segment that is measured."""
    of = ""
    if row[SEGMENT] != "All segments":
        of = gettext(" in {segment}", segment=gettext(row[SEGMENT]))
    if row["effect_low"] <= 0 <= row["effect_high"]:
        return gettext("No clear effect of the campaign{of}", of=of)
    gained, lost = _FINDINGS[figure]
    amount = abs(row["effect"])
    written = format_money(amount, currency) if figure == "revenue" else format_number(amount)
    return gettext(gained if row["effect"] > 0 else lost, amount=written, of=of)
