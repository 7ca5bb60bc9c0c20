"""How recommenders compare on purchases that they haven't seen."""

from __future__ import annotations

import altair as alt
import pandas as pd

from shopper_widgets.charts.theme import BLUE, finish, nothing_to_show


def evaluation_comparison(evaluation: pd.DataFrame, *, metric: str | None = None) -> alt.Chart:
    """Show one metric for every method, with its interval.

    Parameters
    ----------
    evaluation : pandas.DataFrame
        ``method, cut_date, metric, value, low, high``.
    metric : str, optional
        Which one. Default: the first in the frame.

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
    'ours does best: NDCG@10 of 0.225, against 0.080 for popularity. Lines are intervals.'
    """
    if evaluation.empty:
        return nothing_to_show("The recommenders were not evaluated.")
    metrics = list(dict.fromkeys(evaluation["metric"]))
    metric = metrics[0] if metric is None else metric
    if metric not in metrics:
        raise ValueError(f"metric must be one of {', '.join(map(repr, metrics))}, not {metric!r}")
    shown = evaluation[evaluation["metric"] == metric].copy()
    shown["cut"] = pd.to_datetime(shown["cut_date"]).dt.strftime("%Y-%m-%d")
    means = shown.groupby("method")["value"].mean().sort_values(ascending=False, kind="stable")
    order = means.index.tolist()
    shown["best"] = shown["method"] == order[0]
    cuts = sorted(set(shown["cut"]))
    several = len(cuts) > 1
    base = alt.Chart(shown).encode(
        y=alt.Y("method:N", sort=order, title=None),
        color=alt.condition("datum.best", alt.value(BLUE), alt.value("#6B747C")),
        tooltip=[
            alt.Tooltip("method:N", title="Method"),
            alt.Tooltip("cut:N", title="Trained on orders before"),
            alt.Tooltip("value:Q", title=metric, format=".3f"),
            alt.Tooltip("low:Q", title="Interval from", format=".3f"),
            alt.Tooltip("high:Q", title="to", format=".3f"),
        ],
    )
    if several:
        base = base.encode(yOffset=alt.YOffset("cut:N", sort=cuts))
    reach = max(float(shown[["value", "high"]].max().max()), 1e-9) * 1.12
    scale = alt.Scale(domain=[0, reach], nice=False)
    across = alt.X("value:Q", title=metric, axis=alt.Axis(tickCount=6), scale=scale)
    intervals = base.mark_rule(strokeWidth=2.5).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_circle(size=110, opacity=1).encode(x=across)
    words = base.mark_text(align="left", dx=8, dy=-9).encode(x=across, text=alt.Text("value:Q", format=".3f"))
    title = f"{order[0]} does best: {metric} of {means.iloc[0]:.3f}"
    if len(order) > 1:
        beside = next((method for method in order[1:] if method.lower() == "popularity"), order[1])
        title += f", against {means[beside]:.3f} for {beside}"
    subtitle = "Lines are intervals."
    if several:
        subtitle += f" From top to bottom: trained on orders before {', '.join(cuts)}."
    per_method = 30 * len(cuts) if several else 44
    return finish(intervals + dots + words, title, subtitle=subtitle, height=per_method * len(order))
