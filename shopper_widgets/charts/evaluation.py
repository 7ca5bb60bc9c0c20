"""How recommenders compare on later purchases that they did not learn from."""

from __future__ import annotations

import textwrap
from functools import partial

import altair as alt
import pandas as pd

from shopper_widgets._support.checks import check_choice
from shopper_widgets._support.formatting import format_day, format_decimal, format_share, listed
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts.colors import BLUE, GREEN, INK, ORANGE, SLATE
from shopper_widgets.charts.theme import finish, nothing_to_show, room_for, share_axis

#: The same lists may also be scored on part of the purchases only: prefix of the metric → name, color, shape.
PARTS = {
    "": (N_("Any product"), BLUE, "circle"),
    "repeat_": (N_("Bought before"), ORANGE, "square"),
    "explore_": (N_("New to the customer"), GREEN, "triangle-up"),
}
#: Pixels for a mark with its interval, and around the marks of a method.
PER_MARK, PER_METHOD = 20, 14


def evaluation_comparison(
    evaluation: pd.DataFrame, *, metric: str | None = None, called: str = ""
) -> alt.Chart:
    """Show one metric for every method, with its interval.

    Parameters
    ----------
    evaluation : pandas.DataFrame
        ``method, cut_date, metric, value, low, high``. Rows without a cut date are of all dates together:
        where there are some, only they are shown. Where the metric was also measured for what was bought
        before and for what was new (``repeat_…``, ``explore_…``), these stand beside it.
    metric : str, optional
        Which one. Default: the first in the frame.
    called : str, optional
        What readers call it. Default: its name.

    Returns
    -------
    altair.Chart
        With several cut dates, one mark for each date.

    Raises
    ------
    ValueError
        If the frame holds no such metric.

    Examples
    --------
    >>> evaluation = pd.DataFrame({"method": ["ours", "popularity"], "cut_date": ["2011-09-01"] * 2,
    ...     "metric": ["NDCG@10"] * 2, "value": [0.225, 0.08], "low": [0.2, 0.07], "high": [0.25, 0.09]})
    >>> evaluation_comparison(evaluation).to_dict()["description"]
    'ours does best: 0.225, against 0.080 for popularity. NDCG@10. Lines are intervals.'
    """
    if evaluation.empty:
        return nothing_to_show(gettext("The recommenders were not evaluated."))
    metrics = list(dict.fromkeys(evaluation["metric"]))
    metric = metrics[0] if metric is None else metric
    check_choice("metric", metric, metrics)
    called = called or metric
    together = evaluation["cut_date"].isna()
    table = evaluation[together] if together.any() else evaluation
    cuts = [format_day(cut) for cut in sorted(pd.to_datetime(table["cut_date"]).dropna().unique())]
    prefixes = [part for part in PARTS if part + metric in metrics and (len(cuts) < 2 or not part)]
    names = {part + metric: gettext(PARTS[part][0]) for part in prefixes}
    shown = table[table["metric"].isin(list(names)) & table["value"].notna()]
    shown = shown.assign(
        cut=[
            gettext("several dates") if pd.isna(cut) else format_day(cut)
            for cut in pd.to_datetime(shown["cut_date"])
        ],
        part=shown["metric"].map(names),
    )
    means = shown[shown["metric"] == metric].groupby("method", sort=False)["value"].mean()
    means = means.sort_values(ascending=False, kind="stable")
    order = means.index.tolist()
    shown["best"] = shown["method"] == order[0]
    is_share = metric.split("@")[0] in ("hit_rate", "recall", "precision")
    write = format_share if is_share else partial(format_decimal, digits=3)
    shown = shown.assign(**{f"{name}_text": shown[name].map(write) for name in ("value", "low", "high")})
    bold = {"condition": {"test": "datum.index == 0", "value": "bold"}, "value": "normal"}
    base = alt.Chart(shown).encode(
        y=alt.Y("method:N", sort=order, title=None, axis=alt.Axis(labelFontWeight=bold, labelColor=INK)),
        tooltip=[
            alt.Tooltip("method:N", title=gettext("Method")),
            *([alt.Tooltip("part:N", title=gettext("Right is"))] if len(prefixes) > 1 else []),
            alt.Tooltip("cut:N", title=gettext("Learned from orders before")),
            alt.Tooltip("value_text:N", title=called),
            alt.Tooltip("low_text:N", title=gettext("Interval from")),
            alt.Tooltip("high_text:N", title=gettext("to")),
        ],
    )
    if len(prefixes) > 1:
        looks = zip(*(PARTS[part] for part in prefixes), strict=True)
        parts, colours, shapes = (list(look) for look in looks)
        parts = [gettext(part) for part in parts]
        legend = alt.Legend(columns=1)  # side by side, the entries are cut off on a phone
        base = base.encode(
            yOffset=alt.YOffset("part:N", sort=parts),
            color=alt.Color(
                "part:N", sort=parts, scale=alt.Scale(domain=parts, range=colours), legend=legend
            ),
        )
        dots = base.mark_point(size=90, filled=True, opacity=1).encode(
            shape=alt.Shape("part:N", sort=parts, scale=alt.Scale(domain=parts, range=shapes), legend=legend)
        )
    else:
        base = base.encode(color=alt.condition("datum.best", alt.value(BLUE), alt.value(SLATE)))
        base = base.encode(yOffset=alt.YOffset("cut:N", sort=cuts)) if len(cuts) > 1 else base
        dots = base.mark_circle(size=110, opacity=1)
    scale = room_for(shown["value_text"], 0, float(shown[["value", "high"]].max().max()))
    # On a phone the axis title is wider than the plot: it extends below the names of the methods.
    axis = share_axis() if is_share else alt.Axis(format=".3f")
    axis.tickCount, axis.titleAnchor = 4, "end"
    across = alt.X("value:Q", title=textwrap.wrap(called, 40), axis=axis, scale=scale)
    intervals = base.mark_rule(strokeWidth=2.5).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    words = base.mark_text(align="left", dx=8, dy=-8, fontSize=11).encode(
        x=across, text=alt.Text("value_text:N"), color=alt.ColorValue(INK)
    )
    level = _level(shown[shown["metric"] == metric], order) if len(cuts) < 2 else []
    unsure = listed(level) if len(level) < 3 else gettext("{number} others", number=len(level))
    title = gettext(
        N_("{method} does best, but is not clearly ahead of {others}: {value}")
        if level
        else N_("{method} does best: {value}"),
        method=order[0],
        others=unsure,
        value=write(means.iloc[0]),
    )
    if not means.iloc[0]:
        title = gettext("No method is right")
    elif len(order) > 1:
        beside = next((method for method in order[1:] if method.lower() == "popularity"), order[1])
        title += gettext(", against {value} for {method}", value=write(means[beside]), method=beside)
    subtitle = gettext("{called}. Lines are intervals.", called=called)
    if len(cuts) > 1:
        subtitle += " " + gettext(
            "From top to bottom: learned from orders before {days}.", days=", ".join(cuts)
        )
    per_method = PER_METHOD + PER_MARK * max(len(cuts), len(prefixes))
    chart = intervals + dots.encode(x=across) + words
    return finish(chart, title, subtitle=subtitle, height=per_method * len(order))


def _level(rows: pd.DataFrame, order: list[str]) -> list[str]:
    """Return the other methods whose difference is unclear, if that of the best method is unclear too."""
    if "difference_low" not in rows:
        return []
    unclear = rows.loc[(rows["difference_low"] <= 0) & (rows["difference_high"] >= 0), "method"].tolist()
    return [method for method in order[1:] if method in unclear] if order[0] in unclear else []
