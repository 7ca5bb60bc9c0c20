"""Movements: how many customers moved from one segment to another between two dates."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from shopper_widgets._support.formatting import format_count, format_money, format_share
from shopper_widgets._support.locale import N_, gettext, ngettext, pgettext
from shopper_widgets.charts.colors import GREY, ON_DEEP, ON_PALE, SHADES, WHITE_FROM
from shopper_widgets.charts.ribbons import BAR, across, downwards, places, ribbons, words
from shopper_widgets.charts.theme import finish, nothing_to_show, order_segments, segment_scale, translated


def segment_flows(
    flows: pd.DataFrame, *, start: str = "", end: str = "", currency: str = "", height: int = 400
) -> alt.Chart:
    """Show the flows of customers between segments from one date to a later one.

    Parameters
    ----------
    flows : pandas.DataFrame
        ``from, to, kind, customers, revenue_before, revenue_between`` and, if known, ``is_partial``. Several
        rows from one segment to another are drawn as one.
    start, end : str, default ""
        The two dates, as they are to be read.
    currency : str, default ""
        Sign or code of the money.
    height : int, default 400
        In pixels.

    Returns
    -------
    altair.Chart
        A point selection named ``pick`` gives the ``from`` and ``to`` of the flow that is clicked.

    Examples
    --------
    >>> flows = pd.DataFrame({"from": ["Regular", "Regular"], "to": ["At-Risk", "Regular"],
    ...     "kind": ["moved", "stayed"], "customers": [1, 3], "revenue_before": [20.0, 90.0],
    ...     "revenue_between": [0.0, 10.0]})
    >>> segment_flows(flows).to_dict()["description"]
    '1 of 4 customers moved to another segment. Width: number of customers; paler: stayed in the segment.'
    """
    if flows.empty:
        return nothing_to_show(gettext("Nobody had ordered by then."))
    summed = _summed(flows, currency)
    before, after = _names(flows)
    left = _named(places(summed.groupby("from")["customers"].sum(), before))
    right = _named(places(summed.groupby("to")["customers"].sum(), after))
    names = order_segments([*before, *after])
    scale = _scale(names, flows)
    colour = alt.Color("from:N", scale=scale, legend=None)
    pick = alt.selection_point(name="pick", fields=["from", "to"], toggle="true")
    x, y = across(), downwards(left, right)
    told = summed.drop(columns=["revenue_before", "revenue_between", "share"])
    drawn = (
        alt.Chart(ribbons(told, left, right))
        .mark_area(stroke="white", strokeWidth=0.5)
        .encode(
            x=x,
            y=y,
            y2=alt.Y2("high:Q"),
            detail=[alt.Detail("from:N"), alt.Detail("to:N")],
            color=colour,
            opacity=alt.condition(pick, alt.Opacity("strength:Q", scale=None, legend=None), alt.value(0.12)),
            tooltip=_tooltip(),
        )
        .add_params(pick)
    )
    nodes = pd.concat(
        [left.assign(x=-BAR, x2=0.0, side="left"), right.assign(x=1.0, x2=1 + BAR, side="right")]
    )
    bars = (
        alt.Chart(nodes)
        .mark_rect()
        .encode(
            x=x,
            x2=alt.X2("x2:Q"),
            y=y,
            y2=alt.Y2("high:Q"),
            color=alt.Color("name:N", scale=scale, legend=None),
            tooltip=[
                alt.Tooltip("name:N", title=gettext("Segment")),
                alt.Tooltip("customers:Q", title=gettext("Customers"), format=","),
            ],
        )
    )
    written = [words(left.assign(x=0.0), "left"), words(right.assign(x=1.0), "right")]
    subtitle = gettext("Width: number of customers; paler: stayed in the segment.")
    return finish(
        alt.layer(drawn, bars, *written),
        _title(flows, start, end),
        subtitle=subtitle + _partial(flows),
        height=height + 30 * max(0, max(len(before), len(after)) - 5),
    )


def transition_matrix(
    flows: pd.DataFrame, *, start: str = "", end: str = "", currency: str = ""
) -> alt.Chart:
    """Show which share of each segment moved to each other one.

    Parameters
    ----------
    flows : pandas.DataFrame
        As for :func:`segment_flows`.
    start, end : str, default ""
        The two dates, as they are to be read.
    currency : str, default ""
        Sign or code of the money.

    Returns
    -------
    altair.Chart
        A point selection named ``pick`` gives the ``from`` and ``to`` of the cell that is clicked.

    Examples
    --------
    >>> flows = pd.DataFrame({"from": ["Regular", "Regular"], "to": ["At-Risk", "Regular"],
    ...     "kind": ["moved", "stayed"], "customers": [1, 3], "revenue_before": [20.0, 90.0],
    ...     "revenue_between": [0.0, 10.0]})
    >>> transition_matrix(flows).to_dict()["title"]["text"]
    ['75 % of Regular customers stayed, the highest share of all', 'segments']
    """
    if flows.empty:
        return nothing_to_show(gettext("Nobody had ordered by then."))
    summed = _summed(flows, currency)
    before, after = _names(flows)
    first = gettext("From {day}", day=start) if start else pgettext("a segment", "From")
    second = gettext("To {day}", day=end) if end else pgettext("a segment", "To")
    pick = alt.selection_point(name="pick", fields=["from", "to"], toggle="true")
    base = alt.Chart(summed).encode(
        x=alt.X("to:N", sort=after, title=second,
                axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False, labelLimit=110,
                              **translated(after))),
        y=alt.Y("from:N", sort=before, title=first,
                axis=alt.Axis(domain=False, ticks=False, labelLimit=130, **translated(before))),
    )  # fmt: skip
    cells = (
        base.mark_rect(stroke="white", strokeWidth=3, cornerRadius=4)
        .encode(
            color=alt.Color("share:Q", scale=alt.Scale(range=SHADES, domain=[0, 1]), legend=None),
            opacity=alt.condition(pick, alt.value(1), alt.value(0.35)),
            tooltip=_tooltip(),
        )
        .add_params(pick)
    )
    ink = alt.condition(f"datum.share > {WHITE_FROM}", alt.value(ON_DEEP), alt.value(ON_PALE))
    words = base.mark_text(fontSize=13).encode(text=alt.Text("customers_text:N"), color=ink)
    stayed = summed[summed["from"] == summed["to"]].sort_values("share", ascending=False, kind="stable")
    title = gettext("Nobody stayed in their segment")
    if len(stayed):
        best: Any = stayed.iloc[0]
        title = gettext(
            "{share} of {segment} customers stayed, the highest share of all segments",
            share=best["share_text"],
            segment=gettext(best["from"]),
        )
    subtitle = gettext("Numbers count customers; darker means a larger share of the row.") + _partial(flows)
    return finish(cells + words, title, subtitle=subtitle, height=max(44 * len(before), 90))


def _summed(flows: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Return one row per pair of segments, with the texts of its mark and its tooltip."""
    sums = ["customers", "revenue_before", "revenue_between"]
    summed = flows.groupby(["from", "to"], sort=False)[sums].sum().reset_index()
    summed["share"] = summed["customers"] / summed.groupby("from")["customers"].transform("sum")
    summed["share_text"] = [format_share(share) for share in summed["share"]]
    summed["customers_text"] = [format_count(count) for count in summed["customers"]]
    for name in ("before", "between"):
        summed[name] = [format_money(money, currency) for money in summed[f"revenue_{name}"]]
    summed["strength"] = np.where(summed["from"] == summed["to"], 0.3, 0.7)
    return summed


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("from:N", title=pgettext("a segment", "From")),
        alt.Tooltip("to:N", title=pgettext("a segment", "To")),
        alt.Tooltip("customers_text:N", title=gettext("Customers")),
        alt.Tooltip("share_text:N", title=gettext("Share of the first segment")),
        alt.Tooltip("before:N", title=gettext("Spent by the first date")),
        alt.Tooltip("between:N", title=gettext("Spent between the dates")),
    ]


def _named(nodes: pd.DataFrame) -> pd.DataFrame:
    """Return the places with the text beside each: its name, and how many customers are there."""
    texts = [
        f"{gettext(name)} {format_count(n)}"
        for name, n in zip(nodes["name"], nodes["customers"], strict=True)
    ]
    return nodes.assign(text=texts)


def _new(flows: pd.DataFrame) -> list[str]:
    """Return the name of the place from which new customers come; nothing where there are none."""
    return list(flows.loc[flows["kind"] == "new", "from"].unique())


def _names(flows: pd.DataFrame) -> tuple[list[str], list[str]]:
    new = _new(flows)
    before = order_segments(name for name in flows["from"] if name not in new)
    return [*before, *new], order_segments(flows["to"])


def _scale(names: list[str], flows: pd.DataFrame) -> alt.Scale:
    new = _new(flows)
    segments = [name for name in names if name not in new]
    known = segment_scale(segments).to_dict()
    return alt.Scale(domain=[*known["domain"], *new], range=[*known["range"], *(GREY for _ in new)])


def _title(flows: pd.DataFrame, start: str, end: str) -> str:
    new = int(flows.loc[flows["kind"] == "new", "customers"].sum())
    known = flows[flows["kind"] != "new"]
    moved = int(known.loc[known["from"] != known["to"], "customers"].sum())
    all_known = format_count(known["customers"].sum())
    title = gettext(
        N_("From {start} to {end}, {number} of {all} customers moved to another segment")
        if start and end
        else N_("{number} of {all} customers moved to another segment"),
        start=start,
        end=end,
        number=format_count(moved),
        all=all_known,
    )
    if new:
        title += ngettext(
            "; {number} ordered for the first time",
            "; {number} ordered for the first time",
            new,
            number=format_count(new),
        )
    return title


def _partial(flows: pd.DataFrame) -> str:
    if "is_partial" in flows and flows["is_partial"].any():
        return gettext(" One of the two months is not complete.")
    return ""
