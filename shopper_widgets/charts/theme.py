"""One look for every chart, and the way from a chart to a plain specification."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from typing import Any

import altair as alt
import pandas as pd

from shopper_widgets.formatting import currency_prefix

# Okabe and Ito's palette, told apart with every common kind of colour blindness (https://jfly.uni-koeln.de/color/).
BLUE, ORANGE, GREEN, VERMILLION, SKY, PURPLE = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#56B4E9",
    "#CC79A7",
)
GREY, INK, FAINT_INK = "#B8BEC4", "#1F2429", "#4A525A"

#: What a segment looks like, everywhere; best segments first. Wine, indigo and grey (Paul Tol's) fill up.
SEGMENT_COLOURS = {
    "VIP": "#332288",
    "High-Value": BLUE,
    "Loyal": "#117733",
    "Regular": SKY,
    "Big-Basket": PURPLE,
    "Promising": GREEN,
    "Occasional": ORANGE,
    "Low-Spend": "#8C8C8C",
    "Slipping": "#882255",
    "At-Risk": VERMILLION,
    "All Customers": BLUE,
}
_TITLE_WIDTH, _SUBTITLE_WIDTH = 58, 84
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


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


def finish(chart: Any, title: str, *, subtitle: str = "", height: float | None = None) -> alt.Chart:
    """Give a chart its title (what it shows, in words), the look, and the width of its place.

    Parameters
    ----------
    chart : altair chart
        A single or layered chart becomes as wide as its place; several side by side keep their widths.
    title, subtitle : str
        Wrapped, so that nothing is cut on a page of 700 px. Together they are the description for readers
        who don't see the picture.
    height : float, optional
        In pixels.

    Examples
    --------
    >>> chart = finish(alt.Chart(pd.DataFrame({"x": [1]})).mark_tick().encode(x="x"), "One customer")
    >>> chart.to_dict()["title"]["text"], chart.to_dict()["width"]
    (['One customer'], 'container')
    """
    heading = alt.TitleParams(
        text=textwrap.wrap(title, _TITLE_WIDTH) or [""],
        subtitle=textwrap.wrap(subtitle, _SUBTITLE_WIDTH) if subtitle else alt.Undefined,
    )
    size: dict[str, Any] = {}
    if not isinstance(chart, alt.HConcatChart | alt.VConcatChart | alt.ConcatChart | alt.FacetChart):
        size = {"width": "container"} | ({"height": height} if height else {})
    described = f"{title}. {subtitle}" if subtitle else title
    finished: alt.Chart = chart.properties(title=heading, description=described, **size)
    return _look(finished)


def nothing_to_show(why: str) -> alt.Chart:
    """Return a chart that says why there is nothing to show.

    Examples
    --------
    >>> nothing_to_show("No orders in this period.").to_dict()["description"]
    'Nothing to show. No orders in this period.'
    """
    words = (
        alt.Chart(pd.DataFrame({"why": [why]})).mark_text(fontSize=13, color=FAINT_INK).encode(text="why:N")
    )
    return finish(words, "Nothing to show", subtitle=why, height=60).encode(text=alt.value(""))


def order_segments(names: Iterable[str]) -> list[str]:
    """Sort segment names best first, as the theme lists them; names it doesn't know keep their order, last.

    Examples
    --------
    >>> order_segments(["At-Risk", "Other", "High-Value", "At-Risk"])
    ['High-Value', 'At-Risk', 'Other']
    """
    known = list(SEGMENT_COLOURS)
    unique = list(dict.fromkeys(names))
    return sorted(unique, key=lambda name: known.index(name) if name in known else len(known))


def segment_scale(names: list[str]) -> alt.Scale:
    """Return the colour scale for these segments: a segment keeps its colour whichever others are shown."""
    spare = [colour for name, colour in SEGMENT_COLOURS.items() if name not in names]
    rest = (spare or [GREY]) * len(names)
    colours = [SEGMENT_COLOURS.get(name) or rest.pop(0) for name in names]
    return alt.Scale(domain=names, range=colours)


def money_axis(currency: str, **options: Any) -> alt.Axis:
    """Return an axis whose labels read £0, £200k, £1.2M."""
    expression = f"{json.dumps(currency_prefix(currency))} + format(datum.value, '~s')"
    return alt.Axis(labelExpr=expression, **options)


def money_expression(field: str, currency: str) -> str:
    """Return the Vega expression that writes a field as exact money, for tooltips of many rows.

    Examples
    --------
    >>> money_expression("monetary", "£")
    '"\\\\u00a3" + format(datum.monetary, ",.2f")'
    """
    return f'{json.dumps(currency_prefix(currency))} + format(datum.{field}, ",.2f")'


def in_currency(what: str, currency: str) -> str:
    """Return an axis title with its unit.

    Examples
    --------
    >>> in_currency("Revenue", "£"), in_currency("Revenue", "")
    ('Revenue (£)', 'Revenue')
    """
    return f"{what} ({currency})" if currency else what


def _look(chart: alt.Chart) -> alt.Chart:
    themed: alt.Chart = (
        chart.configure(font=_FONT, background="white", padding=6, aria=False)
        .configure_view(stroke=None, continuousHeight=260, continuousWidth=300)
        .configure_title(
            anchor="start", fontSize=16, fontWeight=600, color=INK, subtitleFontSize=13, offset=12,
            subtitleColor=FAINT_INK, subtitlePadding=5, lineHeight=20, subtitleLineHeight=17, frame="group",
        )
        .configure_axis(
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelColor=FAINT_INK, labelLimit=230,
            titleColor=FAINT_INK, gridColor="#E8EBEE", domainColor="#AEB4BA", tickColor="#AEB4BA", titlePadding=8,
        )
        .configure_legend(labelFontSize=12, titleFontSize=12, labelColor=FAINT_INK, titleColor=FAINT_INK,
                          orient="top", title=None, symbolSize=110)
        .configure_header(labelFontSize=13, labelColor=INK, labelFontWeight=600)
        .configure_text(fontSize=12, color=INK)
        .configure_bar(color=BLUE)
    )  # fmt: skip
    return themed
