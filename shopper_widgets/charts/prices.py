"""What past prices show, with the placebo tests that decide whether to believe it."""

from __future__ import annotations

import altair as alt
import pandas as pd

from shopper_widgets._support.formatting import format_decimal
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts.colors import BLUE, GREY, INK, VERMILLION
from shopper_widgets.charts.theme import finish, nothing_to_show

#: Term → what readers call it, and its color.
_TERMS = {
    "panel": (N_("Orders against price"), BLUE),
    "corrected": (N_("Corrected for weeks without orders"), BLUE),
    "lead": (N_("Placebo: price of later weeks"), VERMILLION),
    "shuffled": (N_("Placebo: shuffled prices"), VERMILLION),
}
_PER_TERM = 34


def price_response_chart(estimates: pd.DataFrame, *, supported: bool) -> alt.Chart:
    """Show how orders vary with the price, with placebos that should be 0.

    Parameters
    ----------
    estimates : pandas.DataFrame
        ``term, estimate, low, high`` of a :class:`~shopper_widgets.PriceResponse`.
    supported : bool
        Whether the placebos support reading it as the effect of prices.

    Returns
    -------
    altair.Chart
        A row per term: a dot with its estimate, a line for its interval; a vertical line at 0.

    Examples
    --------
    >>> estimates = pd.DataFrame({"term": ["panel", "lead"], "estimate": [-0.7, -0.3], "low": [-0.8, -0.4],
    ...                           "high": [-0.6, -0.2]})
    >>> price_response_chart(estimates, supported=False).to_dict()["title"]["text"]
    ["These orders can't show the effect of prices"]
    """
    told = estimates[estimates["term"].isin(list(_TERMS)) & estimates["estimate"].notna()]
    if told.empty:
        return nothing_to_show(gettext("Too few products were sold at several prices for long enough."))
    told = told.assign(
        name=told["term"].map({term: gettext(name) for term, (name, _) in _TERMS.items()}),
        text=[format_decimal(value, 2) for value in told["estimate"]],
        of=[
            gettext("{low} to {high}", low=format_decimal(low, 2), high=format_decimal(high, 2))
            for low, high in zip(told["low"], told["high"], strict=True)
        ],
    )
    names = [gettext(name) for term, (name, _) in _TERMS.items() if term in set(told["term"])]
    colors = [color for term, (_, color) in _TERMS.items() if term in set(told["term"])]
    base = alt.Chart(told).encode(
        y=alt.Y("name:N", sort=names, title=None, axis=alt.Axis(labelColor=INK, labelLimit=280)),
        color=alt.Color("name:N", scale=alt.Scale(domain=names, range=colors), legend=None),
        tooltip=[
            alt.Tooltip("name:N", title=gettext("Estimate of")),
            alt.Tooltip("text:N", title=gettext("Elasticity")),
            alt.Tooltip("of:N", title=gettext("Interval")),
        ],
    )
    axis = alt.Axis(format=".1f", tickCount=5)
    # The padding leaves room for the figures above the first and the last dot.
    scale = alt.Scale(padding=20)
    across = alt.X(
        "estimate:Q", title=gettext("Elasticity: % more orders per % of price"), axis=axis, scale=scale
    )
    nought = alt.Chart(pd.DataFrame({"estimate": [0.0]})).mark_rule(color=GREY, strokeWidth=2)
    chart = (
        nought.encode(x=alt.X("estimate:Q"))
        + base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
        + base.mark_circle(size=110, opacity=1).encode(x=across)
        + base.mark_text(dy=-11, fontSize=11).encode(
            x=across, text=alt.Text("text:N"), color=alt.ColorValue(INK)
        )
    )
    title = (
        gettext("Lower prices brought more orders")
        if supported
        else gettext("These orders can't show the effect of prices")
    )
    return finish(
        chart,
        title,
        subtitle=gettext(
            "Lines are 95 % intervals. Later or shuffled prices can't affect orders, so placebos should be 0."
        ),
        height=_PER_TERM * len(names) + 30,
    )
