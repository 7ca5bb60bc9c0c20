"""Words, figures and small tables as HTML: all text that is not ``Markup`` is escaped and can't be code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from shopper_widgets._support.formatting import UNITS
from shopper_widgets._support.locale import gettext
from shopper_widgets.words.labels import Column

_NOTHING = Markup("")
#: Longer texts in a table get room for more than one word per line; as in grid.js.
_LONG = 16


def heading(text: str, level: int = 2) -> Markup:
    """Write a heading; empty for no text.

    Examples
    --------
    >>> str(heading("Mugs & more", 3))
    '<h3>Mugs &amp; more</h3>'
    """
    return Markup("<h{0}>{1}</h{0}>").format(level, unbroken(text)) if text else _NOTHING


def paragraph(text: str, kind: str = "") -> Markup:
    r"""Write a paragraph; empty for no text. `kind` is a class of `panels.css` (``"sw-note"``).

    Examples
    --------
    >>> str(paragraph("a < b", "sw-note"))
    '<p class="sw-note">a &lt; b</p>'
    >>> str(paragraph("It was £455 k.")).replace("\u00a0", "_")
    '<p>It was £455_k.</p>'
    """
    return Markup("<p{}>{}</p>").format(_class(kind), unbroken(text)) if text else _NOTHING


def unbroken(text: str) -> str:
    r"""Keep figures and their units, such as £455 k, on one line.

    Examples
    --------
    >>> unbroken("More orders: £455 k, 9 % of 3 orders").replace("\u00a0", "_")
    'More orders: £455_k, 9_% of 3 orders'
    """
    units = "|".join(re.escape(gettext(sign)) for _, sign in UNITS)
    kept = re.sub(rf"(?<=\d) (?=(?:{units}|%)(?!\w))", "\u00a0", text)
    return Markup(kept) if isinstance(text, Markup) else kept


def paragraphs(sentences: Iterable[str], kind: str = "") -> Markup:
    """Write sentences as paragraphs.

    Examples
    --------
    >>> str(paragraphs(["One.", "Two."]))
    '<p>One.</p><p>Two.</p>'
    """
    return _NOTHING.join(paragraph(sentence, kind) for sentence in sentences)


def bullets(sentences: Iterable[str], kind: str = "") -> Markup:
    """Write sentences as a list; empty for none.

    Examples
    --------
    >>> str(bullets(["a < b"])), str(bullets([]))
    ('<ul><li>a &lt; b</li></ul>', '')
    """
    items = _NOTHING.join(Markup("<li>{}</li>").format(unbroken(sentence)) for sentence in sentences)
    return Markup("<ul{}>{}</ul>").format(_class(kind), items) if items else _NOTHING


def status(content: Markup) -> Markup:
    """Wrap content that screen readers announce as soon as it changes.

    Examples
    --------
    >>> str(status(paragraph("3 customers")))
    '<div role="status"><p>3 customers</p></div>'
    """
    return Markup('<div role="status">{}</div>').format(content)


def details(summary: str, content: Markup) -> Markup:
    """Fold content below a line that opens it.

    Examples
    --------
    >>> str(details("As a table", paragraph("1")))
    '<details><summary>As a table</summary><p>1</p></details>'
    """
    return Markup("<details><summary>{}</summary>{}</details>").format(summary, content)


def alert(text: str) -> Markup:
    """Write a text that screen readers say at once; nothing for no text."""
    return Markup('<p role="alert">{}</p>').format(unbroken(text)) if text else _NOTHING


def download(content: str, kind: str, filename: str, text: str) -> Markup:
    """Write a link that carries a file.

    Parameters
    ----------
    content : str
        The file, in base64.
    kind : str
        Its media type, such as ``"application/json"``.
    filename : str
        The file name for the browser.
    text : str
        The text of the link.
    """
    link = Markup('<a class="sw-download" download="{}" href="data:{};base64,{}">{}</a>')
    return link.format(filename, kind, content, text)


def html_table(frame: pd.DataFrame, columns: list[Column], *, caption: str, row_header: str = "") -> Markup:
    """Write a small frame as a table with a caption and headings.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per table row.
    columns : list of Column
        The columns to show, from :func:`~shopper_widgets.words.labels.describe`.
    caption : str
        The table's title.
    row_header : str, optional
        The column that names its row.

    Examples
    --------
    >>> from shopper_widgets.words.labels import describe
    >>> table = html_table(pd.DataFrame({"product_name": ["<b>"]}), describe(["product_name"]), caption="Top")
    >>> "<td>&lt;b&gt;</td>" in table
    True
    """
    head = _NOTHING.join(Markup('<th scope="col"{}>{}</th>').format(_class(c.css), c.label) for c in columns)
    rows = _NOTHING.join(
        Markup("<tr>{}</tr>").format(
            _NOTHING.join(
                _cell(column, value, column.name == row_header)
                for column, value in zip(columns, record, strict=True)
            )
        )
        for record in frame[[c.name for c in columns]].itertuples(index=False, name=None)
    )
    return Markup(
        '<div class="sw-scroll" role="region" tabindex="0" aria-label="{title}"><table class="sw-table">'
        "<caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    ).format(title=caption, head=head, rows=rows)


def figures(record: pd.Series[Any], columns: list[Column], title: str = "") -> Markup:
    """Write one record as a list of headline figures.

    Examples
    --------
    >>> from shopper_widgets.words.labels import describe
    >>> str(figures(pd.Series({"orders": 1200}), describe(["orders"])))
    '<dl class="sw-figures"><div><dt>Orders</dt><dd>1,200</dd></div></dl>'
    """
    items = _NOTHING.join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(c.label, c.cell(record[c.name])) for c in columns
    )
    return heading(title, 3) + Markup('<dl class="sw-figures">{}</dl>').format(items)


#: The width and height of a line through time, and the distance of its dot from the edge.
_WIDTH, _HEIGHT, _EDGE = 160.0, 36.0, 4.0


def sparkline(values: Sequence[float], told: str) -> Markup:
    """Draw a figure over time as a small line with a dot at its end; empty for fewer than two points.

    Parameters
    ----------
    values : sequence of float
        At equal intervals of time, the latest last.
    told : str
        The text for screen readers.

    Examples
    --------
    >>> drawn = sparkline([1, 3, 2], "Orders: from 1 to 2")
    >>> 'points="4.0,32.0 80.0,4.0 156.0,18.0"' in drawn
    True
    """
    if len(values) < 2:
        return _NOTHING
    low, high = min(values), max(values)
    across, up = _WIDTH - 2 * _EDGE, _HEIGHT - 2 * _EDGE
    places = [
        (
            _EDGE + across * place / (len(values) - 1),
            _HEIGHT - _EDGE - up * ((value - low) / (high - low) if high > low else 0.5),
        )
        for place, value in enumerate(values)
    ]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    x, y = places[-1]
    return Markup(
        '<svg class="sw-line" role="img" aria-label="{}" viewBox="0 0 {:.0f} {:.0f}">'
        '<polyline points="{}" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/>'
        '<circle cx="{:.1f}" cy="{:.1f}" r="3.5" fill="currentColor"/></svg>'
    ).format(told, _WIDTH, _HEIGHT, points, x, y)


def _class(name: str) -> Markup:
    return Markup(' class="{}"').format(name) if name else _NOTHING


def _cell(column: Column, value: Any, is_header: bool) -> Markup:
    text = column.cell(value)
    long = _class("sw-long" * (len(text) > _LONG))
    if is_header:
        return Markup('<th scope="row"{}>{}</th>').format(long, text)
    return Markup("<td{}>{}</td>").format(_class(column.css) or long, text)
