"""What a report's notebook shows (charts, tables, sentences), and how it becomes one HTML page."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Any

from shopper_widgets._support.locale import gettext, set_locale
from shopper_widgets.publish.page.export import CHART, export_html
from shopper_widgets.words import html as words
from shopper_widgets.words import told_of
from shopper_widgets.words.labels import describe

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    from markupsafe import Markup

    from shopper_widgets.model.shopper_model import ShopperModel

__all__ = [
    "ShownChart",
    "ShownMarkup",
    "export_html",
    "figures",
    "heading",
    "of_products",
    "points",
    "set_locale",
    "show",
    "table",
    "text",
]

#: A larger drawing, such as one of thousands of dots, is smaller as pixels.
_LARGEST_SVG = 200_000


@dataclass(frozen=True)
class ShownChart:
    """A chart as a cell's result: a picture in a notebook, interactive in the report."""

    spec: dict[str, Any]
    description: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        import vl_convert

        static = self.spec | ({"width": 640} if self.spec.get("width") == "container" else {})
        svg = vl_convert.vegalite_to_svg(static)
        picture = {"image/svg+xml": svg}
        if len(svg) > _LARGEST_SVG:
            jpeg = vl_convert.svg_to_jpeg(svg, scale=1, quality=60)
            picture = {"image/jpeg": base64.b64encode(jpeg).decode("ascii")}
        chart = {"spec": self.spec, "description": self.description}
        return {CHART: chart, **picture, "text/plain": self.description}


@dataclass(frozen=True)
class ShownMarkup:
    """Words or a table as a cell's result: real, escaped HTML in a notebook and in the report."""

    markup: Markup

    def _repr_html_(self) -> str:
        return str(self.markup)


def show(chart: alt.TopLevelMixin, alt_text: str = "") -> ShownChart:
    """Show a chart in a report's notebook, as a cell's last line or by `display`.

    Parameters
    ----------
    chart : altair.Chart
        Its bound inputs (search, choice, slider) keep working in the report.
    alt_text : str, optional
        The text for screen readers. Default: the chart's description.

    Returns
    -------
    ShownChart
        The chart that Jupyter displays, and the page embeds.

    Examples
    --------
    >>> import altair as alt, pandas as pd
    >>> chart = alt.Chart(pd.DataFrame({"x": [1]})).mark_tick().encode(x="x")
    >>> show(chart, "One customer").description
    'One customer'
    """
    from shopper_widgets.charts.theme import to_spec

    spec = to_spec(chart)
    return ShownChart(spec, alt_text or spec.get("description") or gettext("Chart"))


def table(
    frame: pd.DataFrame,
    formats: Mapping[str, Callable[[Any], str]] | None = None,
    caption: str = "",
    *,
    currency: str = "",
    labels: Mapping[str, str] | None = None,
    row_header: str = "",
) -> ShownMarkup:
    """Show a small frame as a table with the panels' headings and formats, and escaped text.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per table row; every column is shown.
    formats : mapping of str to callable, optional
        Column → function from a value to its text, where the usual format won't do.
    caption : str
        The table's title.
    currency : str, default ""
        Sign or code of the money.
    labels : mapping of str to str, optional
        Column → heading, where the usual heading won't do.
    row_header : str, optional
        The column that names its row. Default: the first.

    Returns
    -------
    ShownMarkup
        HTML with a caption and headings for screen readers.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"product_name": ["<b>MUG"], "revenue": [5.0]})
    >>> shown = table(frame, caption="Best sellers", currency="£")
    >>> "&lt;b&gt;MUG" in shown.markup, "£5.00" in shown.markup
    (True, True)
    """
    formats, labels = formats or {}, labels or {}
    columns = [
        replace(
            column,
            label=gettext(labels.get(column.name, column.label)),
            format=formats.get(column.name, column.format),
        )
        for column in describe(frame.columns, currency=currency)
    ]
    header = row_header or (columns[0].name if columns else "")
    return ShownMarkup(words.html_table(frame, columns, caption=caption, row_header=header))


def heading(text: str) -> ShownMarkup:
    """Show a page's title, with its text escaped.

    Examples
    --------
    >>> str(heading("Mugs & <b>more</b>").markup)
    '<h1>Mugs &amp; &lt;b&gt;more&lt;/b&gt;</h1>'
    """
    return ShownMarkup(words.heading(text, 1))


def text(*sentences: str) -> ShownMarkup:
    """Show sentences as paragraphs, with their text escaped.

    Examples
    --------
    >>> str(text("One.", "Two.").markup)
    '<p>One.</p><p>Two.</p>'
    """
    return ShownMarkup(words.paragraphs(sentences))


def points(*sentences: str) -> ShownMarkup:
    """Show sentences as a list of findings.

    Examples
    --------
    >>> str(points("Few bring much.").markup)
    '<ul class="findings"><li>Few bring much.</li></ul>'
    """
    return ShownMarkup(words.bullets(sentences, "findings"))


def of_products(section: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """Let a section say so if the orders don't tell what was sold."""

    @wraps(section)
    def told(model: ShopperModel, *settings: Any) -> list[Any]:
        return section(model, *settings) if model.names_products else [text(gettext(told_of.NO_PRODUCTS))]

    return told


def figures(
    record: pd.Series[Any], *, currency: str = "", labels: Mapping[str, str] | None = None
) -> ShownMarkup:
    """Show a few large figures, each with its name, in the words and formats of the panels.

    Parameters
    ----------
    record : pandas.Series
        Name → figure.
    currency : str, default ""
        Sign or code of the money.
    labels : mapping of str to str, optional
        Name → words, where the usual ones won't do.

    Examples
    --------
    >>> import pandas as pd
    >>> str(figures(pd.Series({"revenue": 1_234_567.0}), currency="£").markup)
    '<dl class="sw-figures"><div><dt>Revenue</dt><dd>£1.23 M</dd></div></dl>'
    """
    columns = describe(record.index, currency=currency, exact=False, **(labels or {}))
    return ShownMarkup(words.figures(record, columns))
