"""From an executed notebook to one HTML page: text, tables, interactive charts, no code, nothing to load."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from shopper_widgets._support.locale import current_locale, gettext, in_locale
from shopper_widgets._support.resources import shipped
from shopper_widgets._support.writing import write_whole
from shopper_widgets.charts.drawing import drawing_source
from shopper_widgets.publish.page.outline import outlined
from shopper_widgets.publish.page.pictures import slim
from shopper_widgets.words.brand import Brand
from shopper_widgets.words.html import unbroken

#: The MIME type of a chart in an executed notebook; other programs show the picture that comes with it.
CHART = "application/vnd.shopper-widgets.chart+json"

# The tags that displayed HTML may contain; all others are dropped, styles and scripts with their content.
_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "div", "dl", "dt",
    "em", "h1", "h2", "h3", "h4", "hr", "i", "li", "ol", "p", "pre", "small", "span", "strong", "sub", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
    "svg", "polyline", "circle",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "id", "title", "role", "tabindex", "aria-label"},
    "a": {"href"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    # A small line through time; attributes for its shape and colors only.
    "svg": {"viewBox"},
    "polyline": {"points", "fill", "stroke", "stroke-width", "stroke-linejoin"},
    "circle": {"cx", "cy", "r", "fill"},
}
_SCHEMES = {"http", "https", "mailto"}
#: A heading in Markdown: its signs and its text.
_HEADINGS = re.compile(r"^(#+ +)(.+?)$", flags=re.MULTILINE)
#: The last action of the unpacked script: `page.js` waits for it.
_READY = "\ndispatchEvent(new Event('shopper-charts'));\n"
#: Characters of a drawing that a URL in double quotes may contain unescaped.
_PLAIN_IN_ADDRESSES = " ,/:;=()+-.'!*@$?"


def export_html(
    notebook: str | Path,
    out: str | Path,
    title: str | None = None,
    *,
    brand: Brand | None = None,
    locale: str = "",
) -> Path:
    """Write an executed notebook as one self-contained HTML page.

    Markdown and results are shown; code, logs and widgets are not. The page carries one copy of Vega for all
    its charts. Its content security policy lets it load nothing and run nothing but the two scripts that it
    was made with, so that text from the data stays text.

    Parameters
    ----------
    notebook : str or Path
        An executed ``.ipynb``.
    out : str or Path
        The page to write; replaced when it exists, by a whole page or not at all.
    title : str, optional
        The page's title. Default: the notebook's first heading, else its name.
    brand : Brand, optional
        The shop's color and logo.
    locale : {"en", "de"}, optional
        The language of what the page says itself, headings included. Default: the one in force.

    Returns
    -------
    Path
        `out`.

    Raises
    ------
    FileNotFoundError
        There is no such notebook.
    ValueError
        The file is not a notebook.

    Examples
    --------
    >>> import nbformat, tempfile
    >>> cells = [nbformat.v4.new_markdown_cell("# Customers"), nbformat.v4.new_code_cell("secret = 1")]
    >>> folder = Path(tempfile.mkdtemp())
    >>> nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "report.ipynb")
    >>> page = export_html(folder / "report.ipynb", folder / "report.html").read_text(encoding="utf-8")
    >>> "<title>Customers</title>" in page, "secret" in page
    (True, False)
    """
    import nbformat

    notebook, out = Path(notebook), Path(out)
    if not notebook.exists():
        raise FileNotFoundError(f"notebook: there is no {notebook}")
    try:
        cells = nbformat.read(notebook, as_version=4).cells  # type: ignore[no-untyped-call]
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, AttributeError, KeyError) as error:
        raise ValueError(f"notebook: {notebook} is not a Jupyter notebook") from error
    with in_locale(locale):
        parts = [part for cell in cells for part in _parts(cell)]
        body, headings = outlined(parts)
        title = title or next((text for level, _, text in headings if level == 1), notebook.stem)
        if not any(level == 1 for level, _, _ in headings):
            body = f"<h1>{html.escape(title)}</h1>\n{body}"
        write_whole(out, _page(title, body, brand or Brand()))
    return out


def _parts(cell: Any) -> list[str]:
    if cell.cell_type == "markdown":
        return [_markdown(_HEADINGS.sub(lambda found: found[1] + gettext(found[2]), cell.source))]
    return [_output(output) for output in cell.get("outputs", [])] if cell.cell_type == "code" else []


def _markdown(source: str) -> str:
    """Render Markdown with HTML as text, since it may contain names from the data."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(source))


def _output(output: Any) -> str:
    if output.output_type == "error":
        said = gettext("This report is incomplete: {error}", error=output.evalue)
        return f'<p class="failure">{html.escape(said)}</p>'
    data = output.get("data", {})
    if CHART in data:
        return _figure(data[CHART], _picture(data))
    if "application/vnd.jupyter.widget-view+json" in data:
        return ""
    if "text/html" in data:
        import nh3

        return nh3.clean(data["text/html"], tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES)
    if "text/markdown" in data:
        return _markdown(data["text/markdown"])
    if picture := _picture(data):
        return f'<figure><img src="{picture}" alt="{html.escape(data.get("text/plain", ""))}"></figure>'
    return f"<pre>{html.escape(data['text/plain'])}</pre>" if "text/plain" in data else ""


def _picture(data: Mapping[str, str]) -> str:
    """Return a result's picture as a data URL, or ``""``."""
    if "image/svg+xml" in data:
        # This is shorter than base64: a drawing is mostly letters and digits, which stay unescaped.
        return f"data:image/svg+xml,{quote(slim(data['image/svg+xml']), safe=_PLAIN_IN_ADDRESSES)}"
    for kind in ("image/png", "image/jpeg"):
        if encoded := re.sub(r"[^A-Za-z0-9+/=]", "", data.get(kind, "")):
            return f"data:{kind};base64,{encoded}"
    return ""


def _figure(chart: Mapping[str, Any], picture: str) -> str:
    description = html.escape(chart["description"])
    image = f'<img src="{picture}" alt="{description}">' if picture else description
    # "<" is escaped, so that no text in the data can end the script or start a comment in it.
    spec = json.dumps(_compact(chart["spec"]), separators=(",", ":")).replace("<", "\\u003c")
    return (
        f'<figure class="chart" data-description="{description}">{_caption(chart["spec"].get("title"))}'
        f'<div class="plot"></div><noscript>{image}</noscript>'
        f'<script type="application/json">{spec}</script></figure>'
    )


def _compact(spec: dict[str, Any]) -> dict[str, Any]:
    """Write a chart's tables by column, which names each column once; the page's script transposes them."""
    return spec | {"datasets": {name: _in_columns(rows) for name, rows in spec.get("datasets", {}).items()}}


def _in_columns(rows: Any) -> Any:
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        return rows
    if any(row.keys() != rows[0].keys() for row in rows):
        return rows
    return {"columns": {name: [row[name] for row in rows] for name in rows[0]}}


def _caption(title: Any) -> str:
    """Write a chart's title as text of the page, which wraps and can be searched."""
    lines = title if isinstance(title, dict) else {"text": title or ""}
    text, subtitle = (
        html.escape(unbroken(" ".join(words) if isinstance(words, list) else words))
        for words in (lines.get("text", ""), lines.get("subtitle", ""))
    )
    if not text:
        return ""
    return f"<figcaption><strong>{text}</strong>{f'<br>{subtitle}' if subtitle else ''}</figcaption>"


def _page(title: str, body: str, brand: Brand) -> str:
    folder = files("shopper_widgets.publish.page")
    # Only the path is needed: a page from a notebook imports neither panels nor models.
    sheets = (shipped("panels", "tokens.css"), folder / "page.css")
    style = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    style += f":root {{ {brand.accent} }}" if brand.color else ""
    scripts, run = [], ""
    if "figure" in body:
        # Compressed, it takes less than half of the space; the page's script decompresses it.
        drawing, page = f"{drawing_source()}{_READY}", (folder / "page.js").read_text(encoding="utf-8")
        scripts = [drawing, page]
        run = (
            f'<script type="text/plain">{_notices()}</script>\n'
            f'<script type="application/gzip">{_packed(drawing)}</script>\n'
            f'<script type="module">{page}</script>'
        )
    allowed = " ".join(f"'sha256-{_digest(script)}'" for script in scripts) or "'none'"
    policy = f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {allowed}"
    return f"""<!DOCTYPE html>
<html lang="{current_locale()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>{style}</style>
</head>
<body>
<main>
{brand.image(gettext("Logo of {title}", title=title))}{body}
</main>
{run}
</body>
</html>
"""


def _packed(script: str) -> str:
    return base64.b64encode(gzip.compress(script.encode("utf-8"), mtime=0)).decode("ascii")


def _notices() -> str:
    return (files("shopper_widgets._support") / "vega_notices.txt").read_text(encoding="utf-8")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
