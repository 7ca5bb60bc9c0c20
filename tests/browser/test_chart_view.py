"""Charts as people use them: on Voilà's page, in JupyterLab, and on the report's page."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import altair as alt
import nbformat
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from shopper_widgets import charts
from shopper_widgets.publish import notebook as report_notebook

from .servers import Server, free_port, running, serving
from .steps import run_in_lab

HOSTILE = "<img src=x onerror=\"document.title='hacked'\">"
SETUP = (
    f"HOSTILE = {HOSTILE!r}\n"
    + """
import json
import altair as alt, ipywidgets as widgets, numpy as np, pandas as pd
from shopper_widgets import charts
from shopper_widgets.panels.chart_view import ChartView

random = np.random.default_rng(0)
n = 2_000
customers = pd.DataFrame({"customer_id": [HOSTILE] * n, "recency": random.integers(1, 300, n),
    "frequency": random.integers(1, 60, n), "monetary": random.gamma(1, 900, n) + 1,
    "segment": random.choice(["High-Value", "At-Risk"], n)})
profiles = pd.DataFrame({"segment": ["High-Value", "At-Risk"], "customers": [1, 3], "share": [.25, .75],
    "revenue": [9., 1.], "revenue_share": [.9, .1]})
products = pd.DataFrame({"product_id": ["A", "B"], "product_name": [HOSTILE, "MUG"], "orders": 1,
    "customers": 1, "quantity": 1, "revenue": [2., 1.]})
shares, map_ = ChartView(charts.segment_shares(profiles)), ChartView(charts.segment_map(customers))
top = ChartView(charts.top_products(products))
loading = ChartView(alt.Chart("https://example.invalid/x.csv").mark_bar().encode(x="v:Q"))
said = {view: widgets.Label("-") for view in (shares, map_)}
for view, label in said.items():
    label.add_class("said")
    view.observe(lambda change, label=label: setattr(label, "value", json.dumps(change["new"])), "selections")

def button(name, action):
    made = widgets.Button(description=name)
    made.on_click(lambda _: action())
    return made

def choose():
    shares.selections = {"pick": [{"segment": "At-Risk"}]}
    map_.selections = {"brush": {"recency": [10, 100], "monetary": [100, 1000]}}

def replace():
    map_.chart = charts.segment_shares(profiles)

buttons = widgets.HBox([button("Choose", choose), button("Reset", lambda: (shares.reset(), map_.reset())),
    button("Replace", replace)])
hidden = ChartView(charts.segment_shares(profiles))
tabs = widgets.Tab([widgets.Label("here"), hidden], titles=["Seen first", "Hidden first"])
widgets.VBox([buttons, *said.values(), shares, map_, top, loading, tabs])
"""
)


def notebook(path: Path) -> Path:
    cells = [nbformat.v4.new_code_cell(SETUP)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


@pytest.fixture(scope="module")
def charts_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("charts")
    port = free_port()
    command = serving(port, model=None, notebook=notebook(root / "charts.ipynb"))
    with running(command, port=port, root=root, ready="ready") as server:
        server.wait_until_warm()
        yield server


def in_voila(page: Page, request: pytest.FixtureRequest) -> None:
    page.goto(request.getfixturevalue("charts_server").url)


def in_lab(page: Page, request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("lab_server")
    notebook(server.root / "charts.ipynb")
    run_in_lab(page, server, "charts.ipynb")


@pytest.mark.parametrize("open_page", [in_voila, in_lab])
def test_charts_hand_back_what_is_touched(
    quiet_page: Page, request: pytest.FixtureRequest, open_page: Callable[..., None]
) -> None:
    page = quiet_page
    page.set_viewport_size({"width": 1280, "height": 1800})
    open_page(page, request)
    drawn = page.locator(".shopper-chart svg.marks")
    expect(drawn).to_have_count(3, timeout=60_000)
    picked, brushed = (page.locator(".said").nth(i) for i in range(2))
    expect(page.locator(".shopper-chart").get_by_role("alert")).to_contain_text("charts load nothing")

    drawn.nth(0).locator("g.mark-rect.role-mark path").first.click()
    expect(picked).to_have_text('{"pick": [{"segment": "High-Value"}]}')

    place = drawn.nth(1).bounding_box()
    assert place
    page.mouse.move(place["x"] + 0.4 * place["width"], place["y"] + 120)
    page.mouse.down()
    page.mouse.move(place["x"] + 0.6 * place["width"], place["y"] + 200, steps=6)
    page.mouse.up()
    expect(brushed).to_contain_text('"recency": [')
    page.wait_for_timeout(200)
    brush = json.loads(brushed.inner_text())["brush"]
    assert all(low < high for low, high in brush.values())
    assert set(brush) == {"recency", "monetary"}

    page.get_by_role("button", name="Choose").click()
    expect(brushed).to_have_text(
        '{"brush": {"recency": [10, 100], "monetary": [100, 1000]}, "pick": []}', timeout=5_000
    )
    assert float(drawn.nth(1).locator("g.brush_brush path").first.bounding_box()["width"]) > 50
    page.get_by_role("button", name="Reset").click()
    expect(picked).to_have_text('{"pick": []}')
    expect(brushed).to_have_text('{"brush": {}, "pick": []}')

    page.get_by_role("button", name="Replace").click()
    expect(drawn.nth(1)).to_have_attribute(
        "aria-label", "High-Value customers are 25 % of customers and bring 90 % of revenue"
    )
    page.get_by_role("tab", name="Hidden first").click()
    expect(drawn).to_have_count(4)
    wide = float(drawn.nth(3).get_attribute("width") or 0)
    page.set_viewport_size({"width": 900, "height": 1800})
    page.wait_for_timeout(500)
    assert 100 < float(drawn.nth(3).get_attribute("width") or 0) < wide
    assert page.title() != "hacked"


def test_a_report_is_live_offline_and_readable(page: Page, tmp_path: Path) -> None:
    products = pd.DataFrame(
        {
            "product_id": ["A", "B"],
            "product_name": [HOSTILE, "MUG"],
            "orders": 1,
            "customers": 1,
            "quantity": 1,
        }
    ).assign(revenue=[2.0, 1.0])
    choice = alt.binding_select(options=["A", "B"], name="Product ")
    chosen = alt.selection_point(name="chosen", fields=["product_id"], bind=choice)
    bound = alt.Chart(products).mark_bar().encode(x="revenue", y="product_id").add_params(chosen)
    bound = bound.encode(opacity=alt.condition(chosen, alt.value(1), alt.value(0.2)))
    shown: list[Any] = [
        report_notebook.show(charts.top_products(products)),
        report_notebook.show(bound, "Bound"),
        report_notebook.table(products, caption=HOSTILE),
    ]
    outputs = [
        nbformat.v4.new_output("display_data", value._repr_mimebundle_())
        if isinstance(value, report_notebook.ShownChart)
        else nbformat.v4.new_output("display_data", {"text/html": value._repr_html_()})
        for value in shown
    ]
    cells = [
        nbformat.v4.new_markdown_cell(f"# Report {HOSTILE}"),
        nbformat.v4.new_code_cell("", outputs=outputs),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "report.ipynb")
    out = report_notebook.export_html(tmp_path / "report.ipynb", tmp_path / "report.html")

    requests: list[str] = []
    troubles: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(out.as_uri())
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("svg.marks")).to_have_count(2)
    bars = page.locator("svg.marks").nth(0).locator("g.mark-rect.role-mark path")
    bars.first.hover()
    expect(page.locator("#vg-tooltip-element")).to_contain_text("<img src=x")
    page.get_by_role("combobox").select_option("B")
    faded = page.locator("svg.marks").nth(1).locator("g.mark-rect.role-mark path").first
    expect(faded).to_have_attribute("opacity", "0.2")
    page.get_by_role("button", name=re.compile("^Table: ")).click()
    expect(page.get_by_role("region", name=re.compile("^Figures: ")).get_by_role("row")).to_have_count(3)
    with page.expect_download() as caught:
        page.get_by_role("button", name=re.compile("^PNG: ")).first.click()
    assert caught.value.path().read_bytes().startswith(b"\x89PNG")
    assert page.title().startswith("Report <img")
    assert page.locator("img").count() == 0
    assert [url for url in requests if not url.startswith("data:")] == [out.as_uri()]
    assert troubles == []
    found = Axe().run(page).response["violations"]
    assert [violation for violation in found if violation["impact"] in ("serious", "critical")] == []
    for width in (1280, 700, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    # Without the API that unpacks Vega, the page shows the pictures for readers without scripts.
    page.add_init_script("delete window.DecompressionStream")
    page.reload()
    expect(page.locator("figure.chart .plot img")).to_have_count(2)
    expect(page.locator("svg.marks")).to_have_count(0)
