"""From an executed notebook to a page: what is on it, what isn't, and that text is never code."""

import base64
import gzip
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import altair as alt
import nbformat
import pandas as pd
import pytest
import vl_convert

from shopper_widgets.publish import notebook as report_notebook
from shopper_widgets.publish.page.export import CHART

HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script><!--"
FRAME = pd.DataFrame({"product_name": [HOSTILE, "MUG"], "revenue": [5.0, 1234.5]})


class Elements(HTMLParser):
    """The elements of a page, as a browser sees them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        self.scripts += tag == "script"


def chart() -> alt.Chart:
    return alt.Chart(FRAME, title=HOSTILE).mark_bar().encode(x="revenue", y="product_name")


def shown(value: Any) -> Any:
    """Return a cell's output as Jupyter stores it."""
    data = value if isinstance(value, dict) else None
    if data is None and hasattr(value, "_repr_mimebundle_"):
        data = value._repr_mimebundle_()
    return nbformat.v4.new_output("display_data", data or {"text/html": value._repr_html_()})


def page(tmp_path: Path, *outputs: Any, markdown: str = "# Customers", title: str | None = None) -> str:
    cell = nbformat.v4.new_code_cell("secret = 'source'", outputs=list(outputs))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(markdown), cell])
    nbformat.write(notebook, tmp_path / "report.ipynb")
    out = report_notebook.export_html(tmp_path / "report.ipynb", tmp_path / "report.html", title)
    return out.read_text(encoding="utf-8")


def test_one_vega_however_many_charts_and_none_without(tmp_path: Path) -> None:
    output = shown(report_notebook.show(chart()))
    packed = re.compile('<script type="application/gzip">(.*?)</script>')
    assert packed.findall(page(tmp_path)) == []
    three = page(tmp_path, output, output, output)
    assert three.count('<figure class="chart"') == 3
    (one,) = packed.findall(three)
    unpacked = gzip.decompress(base64.b64decode(one))
    assert unpacked.count(b"globalThis.shopperVegaEmbed=") == 1
    # The page may run the unpacked script only because its policy has the hash of it.
    digest = base64.b64encode(hashlib.sha256(unpacked).digest()).decode()
    assert f"'sha256-{digest}'" in three.split("script-src")[1].split('"')[0]
    assert "Charts are drawn by Vega, bundled here" in html.unescape(three)


def test_specs_survive_as_json_and_cannot_end_their_script(tmp_path: Path) -> None:
    text = page(tmp_path, shown(report_notebook.show(chart())))
    (written,) = re.findall(r'<script type="application/json">(.*?)</script>', text)
    assert "<" not in written
    (rows,) = json.loads(written)["datasets"].values()
    assert rows["columns"] == FRAME.to_dict("list")


def test_text_from_the_data_stays_text(tmp_path: Path) -> None:
    outputs = [
        shown(report_notebook.show(chart(), HOSTILE)),
        shown(report_notebook.table(FRAME, caption=HOSTILE)),
        shown({"text/markdown": f"Best: {HOSTILE} and [this](javascript:alert(3))", "text/plain": ""}),
        shown({"text/html": f"<b onclick=alert(4)>{HOSTILE}</b><style>p {{}}</style>", "text/plain": ""}),
        shown(
            {"text/html": "<svg onload=alert(5)><a href='javascript:alert(6)'><circle onclick=alert(7) r=1>"}
        ),
        shown({"text/plain": HOSTILE}),
        nbformat.v4.new_output("error", ename="ValueError", evalue=HOSTILE, traceback=[HOSTILE]),
    ]
    text = page(tmp_path, *outputs, markdown=f"# {HOSTILE}", title=HOSTILE)
    found = Elements()
    found.feed(text)
    assert {"script", "figure", "table", "b", "pre", "circle"} <= found.tags
    assert found.tags.isdisjoint({"iframe", "object", "embed", "link", "base", "form"})
    assert [name for name, _ in found.attributes if name.startswith("on")] == []
    addresses = [value for name, value in found.attributes if name in ("src", "href") and value]
    assert addresses and all(value.startswith(("data:image/", "#harmful-link")) for value in addresses)
    assert found.scripts == 4
    assert f"<title>{HOSTILE}" not in text


def test_the_policy_allows_the_two_scripts_and_no_address(tmp_path: Path) -> None:
    text = page(tmp_path, shown(report_notebook.show(chart())))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert policy.count("'sha256-") == 2
    assert "unsafe-eval" not in policy
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


def test_code_logs_and_widgets_are_not_shown(tmp_path: Path) -> None:
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "IntSlider()"}
    log = nbformat.v4.new_output("stream", name="stderr", text="a warning")
    text = page(tmp_path, shown(widget), log)
    for unwanted in ("secret", "IntSlider", "a warning"):
        assert unwanted not in text


def test_title_headings_and_contents(tmp_path: Path) -> None:
    text = page(tmp_path, markdown="# All *customers*\n\n## One\n\n## Two & more\n\n## Three")
    assert "<title>All customers</title>" in text
    assert text.count("<h1") == 1
    for target in re.findall(r'href="#([^"]+)"', text):
        assert f'id="{target}"' in text
    assert '<nav aria-label="Contents">' in text and "Two &amp; more</a>" in text
    untitled = page(tmp_path, markdown="Words only.")
    assert "<h1>report</h1>" in untitled and "<nav" not in untitled


def test_a_chart_in_a_notebook_has_a_picture_for_other_programs() -> None:
    small = report_notebook.show(chart(), "Two products")._repr_mimebundle_()
    assert small["image/svg+xml"].startswith("<svg")
    assert (small["text/plain"], small[CHART]["description"]) == ("Two products", "Two products")
    many = pd.DataFrame({"x": range(3_000), "y": range(3_000)})
    large = report_notebook.show(alt.Chart(many).mark_point().encode(x="x", y="y"))._repr_mimebundle_()
    assert "image/svg+xml" not in large and large["image/jpeg"].startswith("/9j")


def test_a_chart_is_drawn_once_also_as_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    many = pd.DataFrame({"x": range(3_000), "y": range(3_000)})
    shown = report_notebook.show(alt.Chart(many).mark_point().encode(x="x", y="y"))
    pixels = vl_convert.vegalite_to_jpeg(shown.spec, scale=1, quality=60)
    monkeypatch.delattr(vl_convert, "vegalite_to_jpeg")
    assert base64.b64decode(shown._repr_mimebundle_()["image/jpeg"]) == pixels


def test_a_failed_cell_is_told(tmp_path: Path) -> None:
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="no orders", traceback=["secret"])
    text = page(tmp_path, error)
    assert "This report is incomplete: no orders" in text and "secret" not in text


def test_a_table_is_a_table() -> None:
    markup = report_notebook.table(
        FRAME, {"revenue": lambda v: f"{v:.0f} in all"}, "Sales", labels={"revenue": "Income"}
    ).markup
    assert "<caption>Sales</caption>" in markup
    assert '<th scope="row">MUG</th>' in markup
    assert "Income" in markup and "1234 in all" in markup


def test_what_is_no_notebook_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no"):
        report_notebook.export_html(tmp_path / "none.ipynb", tmp_path / "out.html")
    for wrong in ("not json", "[]", "{}"):
        (tmp_path / "wrong.ipynb").write_text(wrong)
        with pytest.raises(ValueError, match="is not a Jupyter notebook"):
            report_notebook.export_html(tmp_path / "wrong.ipynb", tmp_path / "out.html")
    assert not (tmp_path / "out.html").exists()


def test_what_stands_below_a_sections_first_chart_or_table_is_folded_away(tmp_path: Path) -> None:
    table = shown({"text/html": "<p>Words</p><table><tr><td>1</td></tr></table>"})
    more = shown({"text/html": "<p>More words</p>"})
    parts = ["## Sales & more", table, more, "## Who?", more, "## What", table]
    cells = [
        nbformat.v4.new_markdown_cell(p) if isinstance(p, str) else nbformat.v4.new_code_cell(outputs=[p])
        for p in parts
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "report.ipynb")
    text = report_notebook.export_html(tmp_path / "report.ipynb", tmp_path / "report.html").read_text()
    folds = re.findall(r"<details open><summary>(.*?)</summary>(.*?)</details>", text, flags=re.DOTALL)
    assert [(summary, "More words" in what, "<table" in what) for summary, what in folds] == [
        ("More on “Sales &amp; more”", True, False)
    ]
    assert text.count("More words") == 2


def test_five_sections_tell_the_story_and_the_others_are_named_with_their_finding(tmp_path: Path) -> None:
    words = shown({"text/html": "<p>Told</p><p>Read on.</p>"})
    chart = shown(
        report_notebook.show(
            alt.Chart(pd.DataFrame({"a": [1]}), title="Up & up").mark_bar()
        )._repr_mimebundle_()
    )
    sent = shown({"text/html": "<p>More under “Who &amp; why?”.</p>"})
    sections = [
        ("One", sent),
        *((name, words) for name in ("Two", "Three", "Four", "Five")),
        ("Who & why?", words),
    ]
    cells = [
        cell
        for name, output in [*sections, ("Last", chart)]
        for cell in (nbformat.v4.new_markdown_cell(f"## {name}"), nbformat.v4.new_code_cell(outputs=[output]))
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "report.ipynb")
    text = report_notebook.export_html(tmp_path / "report.ipynb", tmp_path / "report.html").read_text()
    folds = re.findall(r"<details open(.*?)><summary>(.*?)</summary>", text, flags=re.DOTALL)
    assert folds == [
        (' class="section"', '<h2 id="section-6">Who &amp; why?</h2><p>Told</p>'),
        (' class="section"', '<h2 id="section-7">Last</h2><p>Up &amp; up</p>'),
    ]
    assert 'More under “<a href="#section-6">Who &amp; why?</a>”' in text
    assert text.index("<nav") < text.index('<h2 id="section-1">')


def test_sections_of_one_name_have_a_place_each_and_findings_are_whole(tmp_path: Path) -> None:
    words = shown({"text/html": "<p>Of <em>7 orders</em> half are late.</p>"})
    names = ["North", "South", "East", "West", "Up", "North"]
    cells = [
        cell
        for name in names
        for cell in (nbformat.v4.new_markdown_cell(f"## {name}"), nbformat.v4.new_code_cell(outputs=[words]))
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "report.ipynb")
    text = report_notebook.export_html(tmp_path / "report.ipynb", tmp_path / "report.html").read_text()
    assert re.findall('<li><a href="#(.*?)">(.*?)</a>', text) == [
        (f"section-{n + 1}", name) for n, name in enumerate(names)
    ]
    assert text.index("<nav") < text.index('<h2 id="section-1">')
    assert "<p>Of 7 orders half are late.</p></summary>" in text


def test_tables_of_charts_travel_in_columns(tmp_path: Path) -> None:
    rows = pd.DataFrame({"customer": ["007", "8", "9"], "spent": [1.5, None, 3]})
    spec = alt.Chart(rows).mark_point().encode(x="spent:Q", detail="customer:N")
    text = page(tmp_path, shown(report_notebook.show(spec)._repr_mimebundle_()))
    drawn = json.loads(re.findall(r'<script type="application/json">(.*?)</script>', text)[0])
    (table,) = drawn["datasets"].values()
    assert table == {"columns": {"customer": ["007", "8", "9"], "spent": [1.5, None, 3]}}


def test_a_page_in_german_says_headings_and_what_it_says_itself_in_german(tmp_path: Path) -> None:
    page(tmp_path, markdown="# Shop\n\n## Sales\n\n## Data quality\n\n## Not in the catalogue")
    out = report_notebook.export_html(tmp_path / "report.ipynb", tmp_path / "german.html", locale="de")
    text = out.read_text(encoding="utf-8")
    assert '<html lang="de">' in text and '<nav aria-label="Inhalt">' in text
    assert re.findall(r"<h2[^>]*>([^<]+)", text) == ["Verkäufe", "Datenqualität", "Not in the catalogue"]
