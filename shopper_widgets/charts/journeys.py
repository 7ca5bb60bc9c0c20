"""Journeys: what customers begin with, what follows, and what they buy again."""

from __future__ import annotations

import altair as alt
import pandas as pd

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_decimal,
    format_money,
    format_product,
    format_share,
)
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts.colors import BLUE, FAINT_INK, GREEN, GREY, INK, ORANGE, PURPLE, SKY, VERMILLION
from shopper_widgets.charts.ribbons import BAR, across, downwards, places, ribbons, words
from shopper_widgets.charts.theme import finish, in_currency, money_axis, nothing_to_show, room_for
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME

#: A flow has the color of the product at which it starts.
_COLORS = [BLUE, ORANGE, GREEN, VERMILLION, SKY, PURPLE, "#332288", "#999933", "#882255", GREY]
#: Letters of a name that fit beside an axis.
_BESIDE = 30


def entry_chart(
    entry: pd.DataFrame, *, days: int, usual: float, currency: str = "", n: int = 12
) -> alt.Chart:
    """Show the later spend by entry product, compared with all new customers.

    Parameters
    ----------
    entry : pandas.DataFrame
        ``product_id, product_name, customers, came_back, later_value, value_low, value_high``, as they
        are to be drawn from top to bottom.
    days : int
        Within which.
    usual : float
        What all new customers brought, on average.
    currency : str, default ""
        Sign or code of the money.
    n : int, default 12
        How many products.

    Returns
    -------
    altair.Chart
        A point selection named ``pick`` gives the ``product_id`` that is clicked.

    Examples
    --------
    >>> entry = pd.DataFrame({"product_id": ["A"], "product_name": ["MUG"], "customers": [40],
    ...     "came_back": [0.5], "later_value": [80.0], "value_low": [60.0], "value_high": [110.0]})
    >>> entry_chart(entry, days=90, usual=50.0, currency="£").to_dict()["title"]["text"]
    ['Customers who started with MUG spent another £80.00 within 90',
     'days, compared with £50.00 for all new customers']
    """
    shown = entry.dropna(subset=["value_low"]).head(n)
    if shown.empty:
        return nothing_to_show(gettext("Too few new customers started with any one product."))
    named = shown.assign(
        label=[_cut(name, _BESIDE) for name in _told_apart(shown[PRODUCT_ID], shown[PRODUCT_NAME])],
        value_text=[format_money(value, currency) for value in shown["later_value"]],
        interval=[
            gettext("{low} to {high}", low=format_money(low, currency), high=format_money(high, currency))
            for low, high in zip(shown["value_low"], shown["value_high"], strict=True)
        ],
        back_text=[format_share(share) for share in shown["came_back"]],
    )
    pick = alt.selection_point(name="pick", fields=[PRODUCT_ID], toggle="true")
    axis = alt.Axis(labelLimit=200, domain=False, ticks=False)
    base = alt.Chart(named).encode(
        y=alt.Y("label:N", sort=list(named["label"]), title=None, axis=axis),
        tooltip=[
            alt.Tooltip(f"{PRODUCT_NAME}:N", title=gettext("Started with")),
            alt.Tooltip("customers:Q", title=gettext("Customers"), format=","),
            alt.Tooltip("value_text:N", title=gettext("Later spend per customer")),
            alt.Tooltip("interval:N", title=gettext("95 % interval")),
            alt.Tooltip("back_text:N", title=gettext("Ordered again")),
        ],
    )
    across_axis = alt.X(
        "value_low:Q",
        title=in_currency(gettext("Spent in the next {days}", days=count_of(days, "day")), currency),
        axis=money_axis(currency, tickCount=5),
        scale=alt.Scale(zero=True),
    )
    ranges = base.mark_rule(strokeWidth=3, opacity=0.5, color=BLUE).encode(
        x=across_axis, x2=alt.X2("value_high:Q")
    )
    dots = (
        base.mark_circle(size=110, color=BLUE)
        .encode(x=alt.X("later_value:Q"), opacity=alt.condition(pick, alt.value(1), alt.value(0.3)))
        .add_params(pick)
    )
    everyone = alt.Chart(
        pd.DataFrame(
            {"usual": [usual], "text": [gettext("all: {usual}", usual=format_money(usual, currency))]}
        )
    )
    line = everyone.mark_rule(color=FAINT_INK, strokeDash=[4, 3]).encode(x=alt.X("usual:Q"))
    said = everyone.mark_text(align="left", dx=4, baseline="bottom", color=INK).encode(
        x=alt.X("usual:Q"), y=alt.value(0), text=alt.Text("text:N")
    )
    first = named.iloc[0]
    title = gettext(
        "Customers who started with {product} spent another {money} within {days}, compared with {usual} "
        "for all new customers",
        product=format_product(_cut(first[PRODUCT_NAME], 40)),
        money=first["value_text"],
        days=count_of(days, "day"),
        usual=format_money(usual, currency),
    )
    return finish(
        alt.layer(ranges, dots, line, said),
        title,
        subtitle=gettext(
            "Lines are 95 % intervals; the product with the highest lower end comes first. A customer "
            "counts once for each product of the first order day."
        ),
        height=28 * len(named) + 20,
    )


def journey_flows(steps: pd.DataFrame, *, n: int = 12) -> alt.Chart:
    """Show which product follows which, from a customer's first order day to the second.

    Parameters
    ----------
    steps : pandas.DataFrame
        ``product_id, product_name, next_id, next_name, customers, support, share, other_share, lift,
        days_between``, in the order in which they are to be shown.
    n : int, default 12
        How many steps.

    Returns
    -------
    altair.Chart
        A point selection named ``pick`` gives the ``from`` and ``to`` of the step that is clicked: the codes.

    Examples
    --------
    >>> steps = pd.DataFrame({"product_id": ["A"], "product_name": ["MUG"], "next_id": ["B"],
    ...     "next_name": ["TEA"], "customers": [40], "support": [10], "share": [0.25], "other_share": [0.02],
    ...     "lift": [9.0], "days_between": [31.0]})
    >>> journey_flows(steps).to_dict()["title"]["text"]
    ['25 % of customers who start with MUG buy TEA next (10 of 40),', 'compared with 2 % of others']
    """
    if steps.empty:
        return nothing_to_show(gettext("No product follows another often enough."))
    shown = steps.head(n)
    flows = pd.DataFrame(
        {
            "from": shown[PRODUCT_ID].to_numpy(),
            "to": shown["next_id"].to_numpy(),
            "first": shown[PRODUCT_NAME].to_numpy(),
            "next": shown["next_name"].to_numpy(),
            "customers": shown["support"].to_numpy(),
            "took": [
                gettext("{number} of {all}", number=format_count(took), all=format_count(of))
                for took, of in zip(shown["support"], shown["customers"], strict=True)
            ],
            "share_text": [format_share(share) for share in shown["share"]],
            "other_text": [format_share(share) for share in shown["other_share"]],
            "days_text": [f"{days:.0f}" for days in shown["days_between"]],
        }
    )
    before, after = (list(dict.fromkeys(flows[side])) for side in ("from", "to"))
    called = dict(zip(flows["from"], flows["first"], strict=True)) | dict(
        zip(flows["to"], flows["next"], strict=True)
    )
    left, right = (
        places(flows.groupby(side)["customers"].sum(), names)
        for side, names in (("from", before), ("to", after))
    )
    scale = alt.Scale(domain=before, range=[_COLORS[i % len(_COLORS)] for i in range(len(before))])
    color = alt.Color("from:N", scale=scale, legend=None)
    pick = alt.selection_point(name="pick", fields=["from", "to"], toggle="true")
    drawn = (
        alt.Chart(ribbons(flows, left, right))
        .mark_area(stroke="white", strokeWidth=0.5)
        .encode(
            x=across(),
            y=downwards(left, right),
            y2=alt.Y2("high:Q"),
            detail=[alt.Detail("from:N"), alt.Detail("to:N")],
            color=color,
            opacity=alt.condition(pick, alt.value(0.5), alt.value(0.12)),
            tooltip=[
                alt.Tooltip("first:N", title=gettext("Started with")),
                alt.Tooltip("next:N", title=gettext("Bought next")),
                alt.Tooltip("took:N", title=gettext("Customers")),
                alt.Tooltip("share_text:N", title=gettext("Share of those who started with it")),
                alt.Tooltip("other_text:N", title=gettext("Share of other new customers")),
                alt.Tooltip("days_text:N", title=gettext("Days between (median)")),
            ],
        )
        .add_params(pick)
    )
    bars = [
        alt.Chart(nodes.assign(x=low, x2=low + BAR))
        .mark_rect(color=FAINT_INK)
        .encode(x=across(), x2=alt.X2("x2:Q"), y=downwards(left, right), y2=alt.Y2("high:Q"))
        for nodes, low in ((left, -BAR), (right, 1.0))
    ]
    # Each side has half of the width, so that names never overlap in the middle.
    look = {"fontSize": 12, "fontWeight": "normal", "limit": alt.expr("width / 2 - 24")}
    # A product to which only its own buyers move is on both sides, and its name says "again".
    again = set(flows["to"]) - set(flows.loc[flows["from"] != flows["to"], "to"])
    left = left.assign(text=[called[code] for code in left["name"]])
    right = right.assign(
        text=[
            gettext("{product} (again)", product=called[code]) if code in again else called[code]
            for code in right["name"]
        ]
    )
    written = [words(left.assign(x=0.0), "left", **look), words(right.assign(x=1.0), "right", **look)]
    first = shown.iloc[0]
    title = gettext(
        N_(
            "{share} of customers who start with {product} buy it again next ({took}), compared with "
            "{other_share} of others"
        )
        if first[PRODUCT_ID] == first["next_id"]
        else N_(
            "{share} of customers who start with {product} buy {next_name} next ({took}), compared with "
            "{other_share} of others"
        ),
        share=format_share(first["share"]),
        took=flows["took"].iloc[0],
        product=format_product(_cut(first[PRODUCT_NAME], 40)),
        next_name=format_product(_cut(first["next_name"], 40)),
        other_share=format_share(first["other_share"]),
    )
    return finish(
        alt.layer(drawn, *bars, *written),
        title,
        subtitle=gettext(
            "The clearest steps from a product of the first order day to a product of the second. Width: "
            "number of customers. A customer counts in each step taken."
        ),
        height=max(34 * max(len(before), len(after)), 160),
    )


def repurchase_chart(products: pd.DataFrame, *, days: int, n: int = 12) -> alt.Chart:
    """Show after how many days customers buy products again.

    Parameters
    ----------
    products : pandas.DataFrame
        ``product_id, product_name, customers, again, median_gap, gap_low, gap_high``, as they are to be
        drawn from top to bottom.
    days : int
        Within which buying again counts.
    n : int, default 12
        How many products.

    Returns
    -------
    altair.Chart
        A point selection named ``pick`` gives the ``product_id`` that is clicked.

    Examples
    --------
    >>> products = pd.DataFrame({"product_id": ["A"], "product_name": ["SOAP"], "customers": [90],
    ...     "again": [0.4], "median_gap": [30.0], "gap_low": [25.0], "gap_high": [41.0]})
    >>> repurchase_chart(products, days=180).to_dict()["title"]["text"]
    ['40 % of customers who buy SOAP repurchase it within 180 days,', 'half of them within 30']
    """
    if products.empty:
        return nothing_to_show(gettext("No product is repurchased often enough."))
    shown = products.head(n)
    named = shown.assign(
        label=[_cut(name, _BESIDE) for name in _told_apart(shown[PRODUCT_ID], shown[PRODUCT_NAME])],
        share_text=[format_share(share) for share in shown["again"]],
        gap_text=[
            gettext("{low} to {high}", low=format_decimal(low, 0), high=format_decimal(high, 0))
            for low, high in zip(shown["gap_low"], shown["gap_high"], strict=True)
        ],
    )
    pick = alt.selection_point(name="pick", fields=[PRODUCT_ID], toggle="true")
    base = alt.Chart(named).encode(
        y=alt.Y(
            "label:N",
            sort=list(named["label"]),
            title=None,
            axis=alt.Axis(labelLimit=200, domain=False, ticks=False),
        ),
        tooltip=[
            alt.Tooltip(f"{PRODUCT_NAME}:N", title=gettext("Product")),
            alt.Tooltip("customers:Q", title=gettext("Customers"), format=","),
            alt.Tooltip("share_text:N", title=gettext("Repurchase rate within {days} days", days=days)),
            alt.Tooltip("median_gap:Q", title=gettext("Half of these within (days)")),
            alt.Tooltip("gap_text:N", title=gettext("Middle half of these (days)")),
        ],
    )
    room = room_for(named["share_text"], 0, float(named["gap_high"].max()))
    axis = alt.X("gap_low:Q", title=gettext("Days from the first purchase to the second"), scale=room)
    ranges = base.mark_rule(strokeWidth=3, opacity=0.5, color=GREEN).encode(x=axis, x2=alt.X2("gap_high:Q"))
    dots = (
        base.mark_circle(size=110, color=GREEN)
        .encode(x=alt.X("median_gap:Q"), opacity=alt.condition(pick, alt.value(1), alt.value(0.3)))
        .add_params(pick)
    )
    texts = base.mark_text(align="left", dx=6, color=INK).encode(
        x=alt.X("gap_high:Q"), text=alt.Text("share_text:N")
    )
    first = named.iloc[0]
    title = gettext(
        "{share} of customers who buy {product} repurchase it within {days}, half of them within {half}",
        share=first["share_text"],
        product=format_product(_cut(first[PRODUCT_NAME], 40)),
        days=count_of(days, "day"),
        half=format_decimal(first["median_gap"], 0),
    )
    return finish(
        alt.layer(ranges, dots, texts),
        title,
        subtitle=gettext(
            "Dot: median days until customers repurchase; line: the middle half of them; percent: "
            "repurchase rate. The surest products come first."
        ),
        height=28 * len(named),
    )


def _cut(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _told_apart(ids: pd.Series[str], names: pd.Series[str]) -> list[str]:
    """Return the names, with codes behind those that several products share."""
    short = [_cut(name, _BESIDE) for name in names]
    twice = pd.Series(short).duplicated(keep=False)
    return [f"{code} {name}" if again else name for code, name, again in zip(ids, short, twice, strict=True)]
