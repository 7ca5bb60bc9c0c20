"""Why this number of segments: how tight, well separated and stable each number of them is."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from shopper_widgets._support.formatting import format_decimal, format_share
from shopper_widgets._support.locale import gettext
from shopper_widgets.charts.colors import BLUE, EMBER, FAINT_INK, VERMILLION
from shopper_widgets.charts.theme import count_axis, finish, nothing_to_show

#: From this width in pixels on, the three small charts are side by side.
_THREE_ABREAST = 700
#: Pixels between the charts, and for the axis of each.
_BETWEEN, _AXIS = 24, 48


def cluster_diagnostics(diagnostics: pd.DataFrame, *, reason: str = "", width: int = 720) -> alt.Chart:
    """Show inertia (the elbow), silhouette and stability for every number of segments tried.

    Parameters
    ----------
    diagnostics : pandas.DataFrame
        ``n_clusters, inertia, silhouette, smallest_share, is_elbow, is_chosen``; ``stability,
        stability_low, stability_high`` too where it is known.
    reason : str, default ""
        Why the number was chosen, in a sentence.
    width : int, default 720
        Of the charts together, in pixels; two of them stand side by side, three from 700 px on.

    Returns
    -------
    altair.Chart
        The chosen number of segments is marked in each.

    Examples
    --------
    >>> tried = pd.DataFrame({"n_clusters": [2, 3], "inertia": [9.0, 4.0], "silhouette": [0.4, 0.5]})
    >>> tried = tried.assign(smallest_share=[0.4, 0.2], is_elbow=[False, True], is_chosen=[False, True])
    >>> cluster_diagnostics(tried).to_dict()["description"]
    '3 segments, compared with 2 to 3: the smallest holds 20 % of customers. Silhouette 0.50.'
    """
    if not (diagnostics["n_clusters"] > 1).any():
        return nothing_to_show(gettext("Only one number of segments was possible."))
    shown = diagnostics.copy()
    shown["smallest"] = [format_share(v) for v in shown["smallest_share"]]
    curves = [
        _curve(shown, "inertia", gettext("Inertia (lower: tighter segments)"), count_axis(tickCount=4)),
        _curve(shown, "silhouette", gettext("Silhouette (higher: better separated)"), _index_axis()),
    ]
    if "stability" in shown and shown["stability"].notna().any():
        curves.append(
            _curve(shown, "stability", gettext("Stability (1: the same in every refit)"), _index_axis())
        )
    across = min(len(curves), 3 if width >= _THREE_ABREAST else 2)
    each = (width - _BETWEEN * (across - 1)) // across - _AXIS
    beside = alt.concat(
        *(curve.properties(width=each, height=190) for curve in curves), columns=across, spacing=_BETWEEN
    )
    title = gettext("The number of segments is not chosen yet")
    chosen = shown[shown["is_chosen"].astype(bool)]
    if len(chosen):
        row: Any = chosen.iloc[0]
        title = gettext("One segment for all customers; more segments shown for comparison")
        if row["n_clusters"] > 1:
            tried = shown.loc[shown["n_clusters"] > 1, "n_clusters"]
            title = gettext(
                "{n_clusters} segments, compared with {least} to {most}: the smallest holds {smallest} of "
                "customers",
                n_clusters=row["n_clusters"],
                least=tried.min(),
                most=tried.max(),
                smallest=row["smallest"],
            )
            steady = (
                gettext(", stability {stability}", stability=format_decimal(row["stability"], 2))
                if pd.notna(row.get("stability"))
                else ""
            )
            apart = gettext(
                "Silhouette {silhouette}{steady}.",
                silhouette=format_decimal(row["silhouette"], 2),
                steady=steady,
            )
            reason = f"{apart} {reason}".strip()
    return finish(beside, title, subtitle=reason)


def _index_axis() -> alt.Axis:
    return alt.Axis(format=".2f", tickCount=4)


def _curve(shown: pd.DataFrame, measure: str, what: str, axis: alt.Axis) -> Any:
    steady = "stability" in shown and bool(shown["stability"].notna().any())
    base = alt.Chart(shown).encode(
        x=alt.X("n_clusters:O", title=gettext("Number of segments"), axis=alt.Axis(labelAngle=0)),
        y=alt.Y(f"{measure}:Q", title=what, scale=alt.Scale(zero=False), axis=axis),
        tooltip=[
            alt.Tooltip("n_clusters:O", title=gettext("Segments")),
            alt.Tooltip("inertia:Q", title=gettext("Inertia"), format=",.0f"),
            alt.Tooltip("silhouette:Q", title=gettext("Silhouette"), format=".3f"),
            alt.Tooltip("smallest:N", title=gettext("Smallest segment")),
            *([alt.Tooltip("stability:Q", title=gettext("Stability"), format=".2f")] if steady else []),
        ],
    )
    chosen = base.transform_filter("datum.is_chosen")
    mark = chosen.mark_text(align="left", dx=9, dy=-11, fontWeight=600, color=EMBER)
    both = measure == "inertia" and bool((shown["is_elbow"] & shown["is_chosen"]).any())
    layers = [
        chosen.mark_rule(color=FAINT_INK, strokeDash=[4, 3]),
        base.mark_line(color=BLUE),
        base.mark_circle(color=BLUE, size=60, opacity=1),
        chosen.mark_circle(color=VERMILLION, size=150, opacity=1),
        mark.encode(text=alt.TextValue(gettext("chosen, at the elbow") if both else gettext("chosen"))),
    ]
    if measure == "stability":
        interval = base.mark_rule(color=BLUE, strokeWidth=2)
        layers.insert(
            1, interval.encode(y=alt.Y("stability_low:Q", title=what), y2=alt.Y2("stability_high:Q"))
        )
    if measure == "inertia":
        elbow = base.transform_filter("datum.is_elbow && !datum.is_chosen").mark_text(
            align="left", dx=9, dy=-9
        )
        layers.append(elbow.encode(text=alt.TextValue("elbow")))
    return alt.layer(*layers)
