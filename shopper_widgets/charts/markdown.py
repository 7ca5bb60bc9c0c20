"""Fading stock: what it takes to clear it, and what pays."""

from __future__ import annotations

import altair as alt
import pandas as pd

from shopper_widgets._support.formatting import count_of, format_count, format_number, format_share
from shopper_widgets._support.locale import N_, gettext, ngettext, with_marks
from shopper_widgets.charts.colors import BLUE, INK, ORANGE, VERMILLION
from shopper_widgets.charts.theme import finish, nothing_to_show, product_labels

_PER_PRODUCT = 26
_TICKS = [step * 10**power for power in range(7) for step in (1, 2, 5)]
_TO_CLEAR, _KEEPS, _NOTHING = (
    N_("To clear the stock"),
    N_("Break-even: what is left keeps its cost"),
    N_("Break-even: what is left is worth nothing"),
)


def markdown_chart(
    table: pd.DataFrame,
    *,
    weeks: float,
    discount: float,
    break_even: float | None,
    break_even_worthless: float,
    n: int = 12,
) -> alt.Chart:
    """Show how many times today's sales clear the stock of each product, and from how many on a cut pays.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per product, most money first: ``product_id, product_name, on_hand, lift_to_clear`` (missing
        where nothing sells), as :func:`~shopper_widgets.markdown_plan` gives it for one cut.
    weeks : float
        The weeks in which the stock is to be cleared, for the title.
    discount : float
        The cut, as a share of the price, for the subtitle.
    break_even, break_even_worthless : float
        By what factor sales must rise for the cut to bring no less than the old price, where what is left
        keeps its cost (None: no rise is enough), and where it is worth nothing.
    n : int, default 12
        How many products.

    Returns
    -------
    altair.Chart
        A dot per product on an axis of equal ratios; a vertical line for each break-even.

    Examples
    --------
    >>> table = pd.DataFrame({"product_id": ["A", "B"], "product_name": ["MUG", "TEA"], "on_hand": [90, 40],
    ...                       "lift_to_clear": [3.0, 1.5]})
    >>> chart = markdown_chart(table, weeks=8, discount=0.2, break_even=2.0, break_even_worthless=1.25)
    >>> " ".join(chart.to_dict()["title"]["text"])
    "Clearing 2 fading products in 8 weeks takes 2.25 times today's sales"
    """
    told = table[table["lift_to_clear"].notna()]
    if told.empty:
        return nothing_to_show(gettext("No fading product has more stock than sells in that time."))
    told = told.head(n)
    told = told.assign(
        label=product_labels(told),
        times=told["lift_to_clear"].map(format_number),
        stock=told["on_hand"].map(format_count),
        kind=_TO_CLEAR,
    )
    lines = [(_KEEPS, break_even), (_NOTHING, break_even_worthless)]
    marks = pd.DataFrame([(kind, at) for kind, at in lines if at is not None], columns=["kind", "at"])
    marks = marks.assign(times=marks["at"].map(format_number))
    most = 1.15 * max(float(told["lift_to_clear"].max()), float(marks["at"].max()))
    kinds = [_TO_CLEAR, *marks["kind"]]
    colors = {_TO_CLEAR: BLUE, _KEEPS: VERMILLION, _NOTHING: ORANGE}
    scale = alt.Scale(domain=kinds, range=[colors[kind] for kind in kinds])
    color = alt.Color("kind:N", scale=scale, legend=alt.Legend(columns=1, labelLimit=260))
    # On a log axis equal distances are equal factors: 2 is as far from 1 as 4 from 2.
    axis = alt.Axis(format="~g", values=[at for at in _TICKS if at <= most])
    x = alt.X(
        "lift_to_clear:Q",
        title=gettext("Times today's sales"),
        axis=axis,
        scale=alt.Scale(type="log", domain=[1, most]),
    )
    points = (
        alt.Chart(told)
        .mark_point(filled=True, size=90, opacity=1)
        .encode(
            y=alt.Y("label:N", sort=told["label"].tolist(), title=None, axis=alt.Axis(labelColor=INK)),
            x=x,
            color=color,
            tooltip=[
                alt.Tooltip("label:N", title=gettext("Product")),
                alt.Tooltip("stock:N", title=gettext("On hand")),
                alt.Tooltip("times:N", title=gettext("Times today's sales to clear it")),
            ],
        )
    )
    rules = (
        alt.Chart(marks)
        .mark_rule(strokeWidth=2)
        .encode(
            x=alt.X("at:Q"),
            color=color,
            strokeDash=alt.StrokeDash(
                "kind:N", scale=alt.Scale(domain=[_KEEPS, _NOTHING], range=[[1, 0], [5, 4]]), legend=None
            ),
            tooltip=[
                alt.Tooltip("kind:N", title=gettext("Line")),
                alt.Tooltip("times:N", title=gettext("Times today's sales")),
            ],
        )
    )
    every = table["lift_to_clear"].dropna()
    return finish(
        rules + points,
        ngettext(
            "Clearing {products} in {weeks} week takes {times} times today's sales",
            "Clearing {products} in {weeks} weeks takes {times} times today's sales",
            weeks,
            products=count_of(len(every), "fading product"),
            weeks=with_marks(f"{weeks:g}"),
            times=format_number(every.median()),
        ),
        subtitle=gettext(
            "The title gives the median; the chart shows the top {products}. To the right of a line, a cut "
            "of {discount} that just clears the stock pays.",
            products=count_of(len(told), "product"),
            discount=format_share(discount),
        ),
        height=_PER_PRODUCT * len(told) + 30,
    )
