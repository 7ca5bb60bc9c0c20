"""One look for every chart, and the way from a chart to a plain specification."""

from __future__ import annotations

from typing import Any

import altair as alt


def to_spec(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """Write a chart as a Vega-Lite specification that holds its own data, however many rows.

    Examples
    --------
    >>> import pandas as pd
    >>> chart = alt.Chart(pd.DataFrame({"x": [1]})).mark_point().encode(x="x")
    >>> list(to_spec(chart)["datasets"].values())
    [[{'x': 1}]]
    """
    with alt.data_transformers.enable("default", consolidate_datasets=True, max_rows=None):
        spec: dict[str, Any] = chart.to_dict()
    return spec
