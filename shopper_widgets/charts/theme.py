"""One look for every chart, and the way from a chart to a plain specification."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from typing import Any

import altair as alt
import pandas as pd

from shopper_widgets._support.formatting import currency_prefix

# Okabe and Ito's palette (https://jfly.uni-koeln.de/color/): told apart with every common colour blindness.
BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#009E73"
VERMILLION, SKY, PURPLE = "#D55E00", "#56B4E9", "#CC79A7"
GREY, INK, FAINT_INK = "#B8BEC4", "#1F2429", "#4A525A"

#: From little to much, and the share of the way from which white text is the more readable.
SHADES, WHITE_FROM = ["#F1F6FA", "#084B7A"], 0.68

#: What a segment looks like, everywhere; best segments first. Wine, indigo, olive, sand and grey (Paul Tol's)
#: fill up. Names of clusters and of rules stand in one list, and never side by side but for those they share.
SEGMENT_COLORS = {
    "Champions": BLUE,
    "High-Value": BLUE,
    "Loyal": "#117733",
    "Potential Loyalist": SKY,
    "Big-Basket": "#332288",
    "Regular": SKY,
    "New": PURPLE,
    "Promising": GREEN,
    "Need Attention": ORANGE,
    "Slipping": "#882255",
    "Occasional": ORANGE,
    "About to Sleep": "#999933",
    "One-Time": "#8C8C8C",
    "Lapsed": "#999933",
    "Cannot Lose Them": "#882255",
    "At Risk": VERMILLION,
    "At-Risk": VERMILLION,
    "Hibernating": "#332288",
    "Lost": "#8C8C8C",
    "All Customers": BLUE,
}
_TITLE_WIDTH, _SUBTITLE_WIDTH, _MOST_LINES = 64, 88, 3
# As formatting.py writes them: 500, 1.5 k, 2 bn; the shortest format of d3 has no space, and 10m for 0.01.
_SHORT = (
    "(abs(datum.value) < 1000 ? format(datum.value, '~r') : "
    "replace(replace(format(datum.value, '~s'), regexp('[kMGT]'), ' $&'), 'G', 'bn'))"
)
_PADDING = {"left": 0, "top": 6, "right": 8, "bottom": 6}
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_LOOK: dict[str, Any] = {
    "font": _FONT,
    "background": "white",
    "padding": _PADDING,
    "mark": {"aria": False},
    "view": {"stroke": None, "continuousHeight": 260, "continuousWidth": 300},
    "title": {
        "anchor": "start", "frame": "bounds", "offset": 12, "color": INK,
        "fontSize": 16, "fontWeight": 600, "lineHeight": 20,
        "subtitleColor": FAINT_INK, "subtitleFontSize": 13, "subtitlePadding": 5, "subtitleLineHeight": 17,
    },
    "axis": {
        "labelColor": FAINT_INK, "labelFontSize": 12, "labelLimit": 230,
        "domainColor": "#AEB4BA", "gridColor": "#E8EBEE", "tickColor": "#AEB4BA", "labelSeparation": 6,
        "titleColor": FAINT_INK, "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 8,
    },
    "legend": {
        "orient": "top", "title": None, "labelColor": FAINT_INK, "labelFontSize": 12,
        "titleColor": FAINT_INK, "titleFontSize": 12, "symbolSize": 110, "symbolOpacity": 1,
    },
    "header": {"labelFontSize": 13, "labelColor": INK, "labelFontWeight": 600},
    "text": {"fontSize": 12, "color": INK},
    "bar": {"color": BLUE},
}  # fmt: skip


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
        text=_wrap(title, _TITLE_WIDTH),
        subtitle=_wrap(subtitle, _SUBTITLE_WIDTH) if subtitle else alt.Undefined,
    )
    size: dict[str, Any] = {}
    if not isinstance(chart, alt.HConcatChart | alt.VConcatChart | alt.ConcatChart | alt.FacetChart):
        size = {"width": "container", "autosize": alt.AutoSizeParams(type="fit-x", contains="padding")}
        size |= {"height": height} if height else {}
    described = f"{title}. {subtitle}" if subtitle else title
    finished: alt.Chart = chart.properties(title=heading, description=described, **size)
    # At one go: each of Altair's `configure_…` would copy the chart once more.
    themed: alt.Chart = finished.configure(**_LOOK)
    return themed


def nothing_to_show(why: str) -> alt.Chart:
    """Return a chart that says why there is nothing to show.

    Examples
    --------
    >>> nothing_to_show("No orders in this period.").to_dict()["description"]
    'Nothing to show. No orders in this period.'
    """
    blank = alt.Chart(pd.DataFrame({"why": [why]})).mark_text(text="")
    return finish(blank, "Nothing to show", subtitle=why, height=30)


def order_segments(names: Iterable[str]) -> list[str]:
    """Sort segment names best first, as the theme lists them; names it doesn't know keep their order, last.

    Examples
    --------
    >>> order_segments(["At-Risk", "Other", "High-Value", "At-Risk"])
    ['High-Value', 'At-Risk', 'Other']
    """
    known = list(SEGMENT_COLORS)

    def place(name: str) -> tuple[int, bool]:
        # "Regular Two" stands behind "Regular".
        of = [i for i, one in enumerate(known) if name == one or name.startswith(f"{one} ")]
        return (of[0] if of else len(known)), name not in known

    return sorted(dict.fromkeys(names), key=place)


def segment_scale(names: list[str]) -> alt.Scale:
    """Return the color scale for these segments: a segment keeps its color whichever others are shown."""
    taken = {SEGMENT_COLORS.get(name) for name in names}
    spare = [color for color in dict.fromkeys(SEGMENT_COLORS.values()) if color not in taken]
    rest = (spare or [GREY]) * len(names)
    colors = [SEGMENT_COLORS.get(name) or rest.pop(0) for name in names]
    return alt.Scale(domain=names, range=colors)


def money_axis(currency: str, **options: Any) -> alt.Axis:
    """Return an axis whose labels read £0, £200 k, £1.2 M."""
    return alt.Axis(labelExpr=f"{json.dumps(currency_prefix(currency))} + {_SHORT}", **options)


def count_axis(**options: Any) -> alt.Axis:
    """Return an axis whose labels read 0, 500, 1.5 k."""
    return alt.Axis(labelExpr=_SHORT, **options)


def share_axis(**options: Any) -> alt.Axis:
    """Return an axis whose labels read 0 %, 2.5 %, 50 %: 0.5 is 50 %."""
    return alt.Axis(labelExpr="format(100 * datum.value, '~r') + ' %'", **options)


def money_expression(field: str, currency: str) -> str:
    r"""Return the Vega expression that writes a field as exact money, for tooltips of many rows.

    Examples
    --------
    >>> print(money_expression("monetary", "£"))
    "\u00a3" + format(datum.monetary, ",.2f")
    """
    return f'{json.dumps(currency_prefix(currency))} + format(datum.{field}, ",.2f")'


def room_for(texts: Iterable[str], low: float, high: float) -> alt.Scale:
    """Return a scale from low to high with room for the longest of the figures beside its marks.

    The room is counted in pixels: a share of the width is too little on a phone, and too much elsewhere.

    Examples
    --------
    >>> room_for(["£10.6 k", "9 %"], 0, 10_600).to_dict()["range"]
    [0, {'expr': 'max(width - 59, width / 3)'}]
    """
    room = 10 + 7 * max(map(len, texts))
    reach = alt.expr(f"max(width - {room}, width / 3)")
    return alt.Scale(domain=[low, max(high, low + 1e-9)], range=[0, reach], nice=False)


def in_currency(what: str, currency: str) -> str:
    """Return an axis title with its unit.

    Examples
    --------
    >>> in_currency("Revenue", "£"), in_currency("Revenue", "")
    ('Revenue (£)', 'Revenue')
    """
    return f"{what} ({currency})" if currency else what


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, max_lines=_MOST_LINES, placeholder=" …") or [""]
