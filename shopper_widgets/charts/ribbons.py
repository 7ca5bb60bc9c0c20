"""Flows between two sides, drawn as ribbons: where each ribbon begins and ends, and its outline."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

#: The empty space between two places, as a share of all flows: it leaves room for their names.
_GAP = 0.06
#: The width of a place's bar; the distance between the two sides is 1.
BAR = 0.03
_POINTS = 25


def places(counts: pd.Series[Any], names: list[str]) -> pd.DataFrame:
    """Return the top and bottom of each place of a side.

    Examples
    --------
    >>> places(pd.Series({"a": 3, "b": 1}), ["a", "b"])[["name", "low", "high"]].round(2)
      name   low  high
    0    a  0.00  3.00
    1    b  3.24  4.24
    """
    sizes = counts.reindex(names).to_numpy(dtype=float)
    gap = _GAP * sizes.sum()
    low = np.cumsum(sizes + gap) - sizes - gap
    nodes = pd.DataFrame({"name": names, "customers": sizes, "low": low, "high": low + sizes})
    nodes["middle"], nodes["top"] = (nodes["low"] + nodes["high"]) / 2, nodes["high"] + gap / 2
    return nodes


def ribbons(flows: pd.DataFrame, left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Return the outline of each flow: a smooth step from its place on the left to that on the right.

    Parameters
    ----------
    flows : pandas.DataFrame
        ``from, to, customers`` and further columns.
    left, right : pandas.DataFrame
        As :func:`places` gives them.

    Returns
    -------
    pandas.DataFrame
        The columns of `flows` but ``customers``, with ``x, low, high`` for each of some points.
    """
    before, after = list(left["name"]), list(right["name"])
    ordered = flows.assign(
        at=flows["from"].map(before.index), to_at=flows["to"].map(after.index)
    ).sort_values(["at", "to_at"], ignore_index=True)
    leave = ordered["at"].map(left["low"]) + _until(ordered, "at")
    arrive = ordered["to_at"].map(right["low"]) + _until(ordered.sort_values(["to_at", "at"]), "to_at")
    x = np.linspace(0, 1, _POINTS)
    bend = x * x * (3 - 2 * x)
    shown = ordered.loc[ordered.index.repeat(_POINTS)].reset_index(drop=True)
    shown["x"] = np.tile(x, len(ordered)).round(4)
    low = leave.to_numpy()[:, None] * (1 - bend) + arrive.to_numpy()[:, None] * bend
    shown["low"] = low.ravel().round(3)
    shown["high"] = (low + ordered["customers"].to_numpy(dtype=float)[:, None]).ravel().round(3)
    return shown.drop(columns=["at", "to_at", "customers"])


def _until(ordered: pd.DataFrame, side: str) -> pd.Series[Any]:
    """Return how many customers of the same place come before each flow."""
    return ordered.groupby(side)["customers"].cumsum() - ordered["customers"]


def across() -> alt.X:
    """Return the axis from one side to the other."""
    return alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-BAR, 1 + BAR], nice=False))


def downwards(left: pd.DataFrame, right: pd.DataFrame) -> alt.Y:
    """Return the axis from the top, as long as the longer side."""
    tallest = max(left["top"].max(), right["top"].max())
    return alt.Y("low:Q", axis=None, scale=alt.Scale(domain=[tallest, 0], nice=False, zero=False))


def words(nodes: pd.DataFrame, align: Literal["left", "right"], **look: Any) -> alt.Chart:
    """Write the ``text`` of the places of a side beside them."""
    dx = 6 if align == "left" else -6
    named = alt.Chart(nodes).mark_text(align=align, dx=dx, **({"fontSize": 13, "fontWeight": 600} | look))
    written: alt.Chart = named.encode(x=across(), y=alt.Y("middle:Q", axis=None), text=alt.Text("text:N"))
    return written
