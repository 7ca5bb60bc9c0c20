"""Panels outside Jupyter's own pages: VS Code and saved pages draw them by html-manager.

It gets the state of each widget and no kernel: drawing needs none, and loads nothing from other hosts.
"""

import json
import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ipywidgets.embed import dependency_state, embed_data
from playwright.sync_api import Page, expect

from shopper_widgets.datasets import ABOUT_SAMPLE, load_sample
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import Dashboard, Panel, RecommendPanel, SegmentPanel
from tests.panel_contract import hostile_model

from .servers import free_port, running

MANAGER = Path(__file__).parents[1] / "js/node_modules/@jupyter-widgets/html-manager/dist"
SHARED = Path(sysconfig.get_path("data")) / "share/jupyter"
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Panels</title><link rel="icon" href="data:,">
<script src="require.min.js"></script>
<script>require.config({{paths: {{"@jupyter-widgets/html-manager/dist": "@jupyter-widgets"}}}})</script>
<script src="@jupyter-widgets/embed-amd.js"></script>
<body>
<script type="application/vnd.jupyter.widget-state+json">{state}</script>
<script type="application/vnd.jupyter.widget-view+json">{view}</script>"""

Drawn = Callable[[Panel | Dashboard], Page]


@pytest.fixture(scope="module")
def model() -> ShopperModel:
    return ShopperModel.fit(load_sample(), source=ABOUT_SAMPLE, currency="£", progress=False)


#: Anywidget gives up on a script after two seconds, which is too short on a busy machine.
PATIENT = "AbortSignal.timeout = () => new AbortController().signal;"


@pytest.fixture
def drawn(quiet_page: Page, tmp_path: Path) -> Iterator[Drawn]:
    """Draw a panel on a page by html-manager, with RequireJS and anywidget from Jupyter's folders."""
    shutil.copytree(MANAGER, tmp_path / "@jupyter-widgets")
    shutil.copy(SHARED / "voila/templates/base/static/require.min.js", tmp_path)
    shutil.copy(SHARED / "nbextensions/anywidget/index.js", tmp_path / "anywidget.js")
    quiet_page.add_init_script(PATIENT)
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]

    def draw(panel: Panel | Dashboard) -> Page:
        # The whole state, as a kernel sends it, but of this panel alone: other tests' widgets are in the
        # process too.
        whole = dependency_state(panel, drop_defaults=False)
        told = embed_data(views=[panel], drop_defaults=False, state=whole)
        state, view = (
            json.dumps(part).replace("</", "<\\/") for part in (told["manager_state"], *told["view_specs"])
        )
        (tmp_path / "index.html").write_text(PAGE.format(state=state, view=view), encoding="utf-8")
        quiet_page.goto(f"http://127.0.0.1:{port}/index.html")
        return quiet_page

    with running(command, port=port, root=tmp_path, ready="require.min.js"):
        yield draw


def test_the_dashboard_stands_there_whole(drawn: Drawn, model: ShopperModel) -> None:
    page = drawn(Dashboard(model))
    expect(page.get_by_role("tab", name="Campaigns")).to_be_visible()
    expect(page.get_by_label("Compare with")).to_be_visible()
    expect(page.get_by_label("From", exact=True)).to_have_value("2024-01-01")  # one of our own boxes
    first = page.get_by_role("heading", name="What matters today?")
    expect(first).to_be_visible()
    expect(page.get_by_text("£455 k", exact=True)).to_be_visible()  # the year's revenue


def test_charts_and_lists_are_drawn_and_say_what_the_library_does(drawn: Drawn, model: ShopperModel) -> None:
    panel = SegmentPanel(model)
    page = drawn(panel)
    expect(page.locator(".shopper-chart svg.marks").first).to_be_visible()
    expect(page.locator(".shopper-chart svg.marks")).to_have_count(2)
    rows = page.locator(".sw-grid tbody tr")
    expect(rows.first).to_contain_text(str(panel.selection["customer_id"].iloc[0]))
    best = model.products.query("is_product")["product_id"].iloc[0]
    suggested = RecommendPanel(model, product_id=best)
    expect(drawn(suggested).locator(".sw-grid tbody tr")).to_have_count(len(suggested.selection))


def test_hostile_text_stays_text(drawn: Drawn) -> None:
    page = drawn(SegmentPanel(hostile_model()))
    expect(page.locator(".shopper-chart svg.marks").first).to_be_visible()
    assert page.evaluate("window.hacked") is None
    expect(page.locator(".sw-grid tbody tr").first).to_contain_text("<img")
