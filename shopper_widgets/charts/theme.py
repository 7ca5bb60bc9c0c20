"""One look for every chart, and the way from a chart to a plain specification."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from shopper_widgets._support.formatting import UNITS, currency_affixes, ended
from shopper_widgets._support.locale import N_, current_locale, d3_locale, gettext
from shopper_widgets.charts.colors import BLUE, FAINT_INK, GREY, GRID, INK, LINE
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME

#: The color of a segment, everywhere; best segments first. Any two colors are as far apart as possible for
#: every eye, color-blind ones included: tests/charts/test_theme.py measures it. Names of clusters and names
#: of rules are in one list, but a chart never shows both kinds, except for the names they share.
SEGMENT_COLORS = {
    N_("Champions"): BLUE,
    N_("High-Value"): BLUE,
    N_("Loyal"): "#466536",
    N_("Potential Loyalist"): "#37A7F0",
    N_("Big-Basket"): "#4708A4",
    N_("Regular"): "#37A7F0",
    N_("New"): "#C176A8",
    N_("Promising"): "#39947E",
    N_("Need Attention"): "#EC801C",
    N_("Slipping"): "#810831",
    N_("Occasional"): "#EC801C",
    N_("About to Sleep"): "#73AB4D",
    N_("One-Time"): "#A3A18C",
    N_("Lapsed"): "#73AB4D",
    N_("Cannot Lose Them"): "#810831",
    N_("At Risk"): "#CF5959",
    N_("At-Risk"): "#CF5959",
    N_("Hibernating"): "#4708A4",
    N_("Lost"): "#A3A18C",
    N_("All Customers"): BLUE,
}

#: The shape of a segment's points: two segments that look alike in gray, as on paper, have different shapes.
SEGMENT_SHAPES = {
    "Champions": "circle",
    "High-Value": "circle",
    "Loyal": "triangle-down",
    "Potential Loyalist": "square",
    "Big-Basket": "triangle-left",
    "Regular": "square",
    "New": "triangle-up",
    "Promising": "triangle-right",
    "Need Attention": "diamond",
    "Slipping": "triangle-up",
    "Occasional": "diamond",
    "About to Sleep": "triangle-down",
    "One-Time": "triangle-down",
    "Lapsed": "triangle-left",
    "Cannot Lose Them": "triangle-right",
    "At Risk": "cross",
    "At-Risk": "cross",
    "Hibernating": "square",
    "Lost": "triangle-left",
    "All Customers": "circle",
}

_TITLE_WIDTH, _SUBTITLE_WIDTH, _MOST_LINES = 64, 88, 3
# As formatting.py writes numbers: 500, 1.5 k, 2 bn; d3's short format has no space, and writes 10m for 0.01.
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
        "domainColor": LINE, "gridColor": GRID, "tickColor": LINE, "labelSeparation": 6,
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

    It is not validated against Vega-Lite's schema, which takes longer than everything else: tests do that for
    each chart.

    Parameters
    ----------
    chart : altair.Chart
        Any chart, layered ones too.

    Returns
    -------
    dict
        What JSON can hold.

    Examples
    --------
    >>> import pandas as pd
    >>> chart = alt.Chart(pd.DataFrame({"x": [1]})).mark_point().encode(x="x")
    >>> list(to_spec(chart)["datasets"].values())
    [[{'x': 1}]]
    """
    with alt.data_transformers.enable("default", consolidate_datasets=True, max_rows=None):
        spec: dict[str, Any] = chart.to_dict(validate=False)
    return spec


def finish(chart: Any, title: str, *, subtitle: str = "", height: float | None = None) -> alt.Chart:
    """Give a chart its title (a sentence about what it shows), the theme, and the width of its place.

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
    if d3_locale():
        size["usermeta"] = {"table": gettext("Table")}  # for drawing.js
    described = f"{ended(title)} {subtitle}" if subtitle else title
    finished: alt.Chart = chart.properties(title=heading, description=described, **size)
    # Altair's `configure` is not used: it would check the same look against Vega-Lite's schema for every
    # chart.
    finished.config = _look(current_locale())
    return finished


@cache
def _look(locale: str) -> alt.Config:
    look: dict[str, Any] = _LOOK | ({"locale": spoken} if (spoken := d3_locale()) else {})
    return alt.Config(**look)


def nothing_to_show(why: str) -> alt.Chart:
    """Return a chart that says why there is nothing to show.

    Parameters
    ----------
    why : str
        A sentence.

    Returns
    -------
    altair.Chart
        A title, and the sentence below it.

    Examples
    --------
    >>> nothing_to_show("No orders in this period.").to_dict()["description"]
    'Nothing to show. No orders in this period.'
    """
    blank = alt.Chart(pd.DataFrame({"why": [why]})).mark_text(text="")
    return finish(blank, gettext("Nothing to show"), subtitle=why, height=30)


def product_labels(table: pd.DataFrame, most: int = 22) -> pd.Series[str]:
    """Return names with their ids, since two products may share a name; long names are visibly shortened.

    Examples
    --------
    >>> names = ["MUG", "WHITE HANGING HEART T-LIT", "540"]
    >>> product_labels(pd.DataFrame({"product_id": ["A", "B", "540"], "product_name": names})).tolist()
    ['MUG · A', 'WHITE HANGING HEART T… · B', '540']
    """
    names, codes = table[PRODUCT_NAME].astype(str), table[PRODUCT_ID].astype(str)
    short = names.where(names.str.len() <= most, names.str.slice(0, most - 1).str.rstrip(" -,.") + "…")
    return (short + " · " + codes).where(names != codes, codes)


def order_segments(names: Iterable[str]) -> list[str]:
    """Sort segment names best first, as in the theme; unknown names come last in their own order.

    Examples
    --------
    >>> order_segments(["At-Risk", "Other", "High-Value", "At-Risk"])
    ['High-Value', 'At-Risk', 'Other']
    """
    known = list(SEGMENT_COLORS)

    def place(name: str) -> tuple[int, bool]:
        # "Regular Two" comes after "Regular".
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


def segment_shapes(names: list[str]) -> alt.Scale:
    """Return the scale of shapes for these segments, as :func:`segment_scale` does of colors."""
    taken = {SEGMENT_SHAPES.get(name) for name in names}
    spare = [shape for shape in dict.fromkeys(SEGMENT_SHAPES.values()) if shape not in taken]
    rest = (spare or ["circle"]) * len(names)
    shapes = [SEGMENT_SHAPES.get(name) or rest.pop(0) for name in names]
    return alt.Scale(domain=names, range=shapes)


def money_axis(currency: str, **options: Any) -> alt.Axis:
    """Return an axis whose labels read £0, £200 k, £1.2 M."""
    before, after = currency_affixes(currency)
    behind = f" + {json.dumps(after)}" if after else ""
    return alt.Axis(labelExpr=f"{json.dumps(before)} + {_short()}{behind}", **options)


def count_axis(**options: Any) -> alt.Axis:
    """Return an axis whose labels read 0, 500, 1.5 k."""
    return alt.Axis(labelExpr=_short(), **options)


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
    before, after = currency_affixes(currency)
    behind = f" + {json.dumps(after)}" if after else ""
    return f'{json.dumps(before)} + format(datum.{field}, ",.2f"){behind}'


def room_for(texts: Iterable[str], low: float, high: float) -> alt.Scale:
    """Return a scale from low to high with room for the longest of the figures next to its marks.

    The room is counted in pixels: a share of the width is too little on a phone, and too much elsewhere.

    Examples
    --------
    >>> room_for(["£10.6 k", "9 %"], 0, 10_600).to_dict()["range"]
    [0, {'expr': 'max(width - 59, width / 3)'}]
    """
    room = 10 + 7 * max(map(len, texts))
    reach = alt.expr(f"max(width - {room}, width / 3)")
    return alt.Scale(domain=[low, max(high, low + 1e-9)], range=[0, reach], nice=False)


def translated(names: Iterable[str]) -> dict[str, Any]:
    """Return the option by which an axis or a legend writes names in the language in force.

    The names in the data stay unchanged, since clicked items are found by them.

    Examples
    --------
    >>> translated(["High-Value"])
    {}
    >>> from shopper_widgets._support.locale import in_locale
    >>> with in_locale("de"):
    ...     translated(["High-Value"])
    {'labelExpr': '{"High-Value": "Top-Kunden"}[datum.label] || datum.label'}
    """
    said = {name: gettext(name) for name in names if gettext(name) != name}
    written = json.dumps(said, ensure_ascii=False)
    return {"labelExpr": f"{written}[datum.label] || datum.label"} if said else {}


def in_currency(what: str, currency: str) -> str:
    """Return an axis title with its unit.

    Examples
    --------
    >>> in_currency("Revenue", "£"), in_currency("Revenue", "")
    ('Revenue (£)', 'Revenue')
    """
    return f"{what} ({currency})" if currency else what


def _short() -> str:
    """Return the Vega expression for a short number, its thousands and millions in the language in force."""
    written = _SHORT
    for _, sign in UNITS:
        if gettext(sign) != sign:
            written = f"replace({written}, {json.dumps(sign)}, {json.dumps(gettext(sign))})"
    return written


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, max_lines=_MOST_LINES, placeholder=" …") or [""]
