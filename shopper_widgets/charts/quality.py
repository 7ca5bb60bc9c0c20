"""What cleaning kept and what it left out."""

from __future__ import annotations

import altair as alt
import pandas as pd

from shopper_widgets._support.formatting import format_count, format_money, format_share
from shopper_widgets._support.locale import N_, gettext, pgettext
from shopper_widgets.charts.colors import BLUE, FAINT_INK, VERMILLION
from shopper_widgets.charts.theme import count_axis, finish, nothing_to_show, room_for, translated
from shopper_widgets.columns import AMOUNT

_COLOURS = {N_("read"): FAINT_INK, N_("left out"): VERMILLION, N_("kept"): BLUE}


def cleaning_waterfall(audit: pd.DataFrame, *, currency: str = "", kept: str = "kept") -> alt.Chart:
    """Show how the lines read become the lines kept, one rule after another.

    Parameters
    ----------
    audit : pandas.DataFrame
        ``rule, rows, customers, amount``: first what was read, then what each rule left out, then what was
        kept. Rows after that one, and rules that left nothing out, are not drawn.
    currency : str, default ""
        Sign or code of the money.
    kept : str, default "kept"
        The rule that stands for what was kept.

    Returns
    -------
    altair.Chart
        A bar per rule, from what was left before it to what was left after it.

    Examples
    --------
    >>> audit = pd.DataFrame({"rule": ["lines read", "cancelled order", "kept"], "rows": [10, 1, 9],
    ...                       "customers": [3, 1, 3], "amount": [90.0, -5.0, 95.0]})
    >>> cleaning_waterfall(audit).to_dict()["description"]
    '90 % of 10 lines are kept; the main reason for leaving lines out: cancelled order'
    """
    places = audit.index[audit["rule"] == kept]
    if audit.empty or not len(places) or not abs(audit["rows"].iloc[0]):
        return nothing_to_show(gettext("No lines were read."))
    steps = audit.loc[: places[0]].reset_index(drop=True)
    read, final = int(steps["rows"].iloc[0]), int(steps["rows"].iloc[-1])
    inner = steps.iloc[1:-1]
    inner = inner[inner["rows"] != 0].assign(rows=lambda kept: kept["rows"].abs(), kind="left out")
    shown = pd.concat([steps.iloc[[0]].assign(kind="read"), inner, steps.iloc[[-1]].assign(kind="kept")])
    left = read - inner["rows"].cumsum()
    shown["low"] = [0, *left, 0]
    shown["high"] = [read, *(left + inner["rows"]), final]
    shown["text"] = [
        ("−" if kind == "left out" else "") + format_count(rows)
        for kind, rows in zip(shown["kind"], shown["rows"], strict=True)
    ]
    shown["money"] = [format_money(v, currency, exact=True) for v in shown[AMOUNT]]
    shown["share"] = [format_share(v / read) for v in shown["rows"]]
    base = alt.Chart(shown).encode(
        y=alt.Y(
            "rule:N", sort=shown["rule"].tolist(), title=None, axis=alt.Axis(**translated(shown["rule"]))
        ),
        tooltip=[
            alt.Tooltip("rule:N", title=gettext("Rule")),
            alt.Tooltip("text:N", title=pgettext("of a file", "Lines")),
            alt.Tooltip("share:N", title=gettext("Of those read")),
            alt.Tooltip("customers:Q", title=gettext("Customers"), format=","),
            alt.Tooltip("money:N", title=gettext("Amount")),
        ],
    )
    bars = base.mark_bar().encode(
        x=alt.X("low:Q", title=pgettext("of a file", "Lines"), axis=count_axis(tickCount=6),
                scale=room_for(shown["text"], 0, read)),
        x2=alt.X2("high:Q"),
        color=alt.Color("kind:N", scale=alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values())),
                        legend=alt.Legend(**translated(_COLOURS))),
    )  # fmt: skip
    words = base.mark_text(align="left", dx=5).encode(x=alt.X("high:Q"), text=alt.Text("text:N"))
    title = gettext(
        "{final} of {read} lines are kept", final=format_share(final / read), read=format_count(read)
    )
    if len(inner):
        most = inner.sort_values("rows", ascending=False, kind="stable")["rule"].iloc[0]
        title += gettext("; the main reason for leaving lines out: {rule}", rule=gettext(most))
    return finish(bars + words, title, height=30 * len(shown))
