"""Every sentence that readers see is stored as text, so that changed wording shows in the diff.

``UPDATE_SNAPSHOTS=1 pytest tests/test_snapshots.py`` writes new ones: read what changed, then commit it. Rows
of tables are figures, which other tests check.
"""

import html
import os
import re
from pathlib import Path

import ipywidgets as widgets
import pytest

from shopper_widgets import ShopperModel
from shopper_widgets._support.locale import in_locale
from shopper_widgets.datasets import ABOUT_SAMPLE, load_sample
from shopper_widgets.panels.dashboard_views import PAGES
from shopper_widgets.publish import sections
from shopper_widgets.publish.notebook import ShownChart
from shopper_widgets.publish.parameters import ReportParameters
from tests.panel_contract import everything

SNAPSHOTS = Path(__file__).parent / "snapshots"
#: The traits of a control that are read.
READ = ("description", "placeholder", "caption", "empty", "message")


@pytest.fixture(scope="module")
def sample_model() -> ShopperModel:
    """Return a model of the sample, fitted as the report does, but with fewer refits."""
    return ShopperModel.fit(load_sample(), **ABOUT_SAMPLE, n_clusters=4, evaluate=True, progress=False)


def report(model: ShopperModel, out: Path) -> str:
    settings = ReportParameters.check(out=str(out), title="Report")
    told = {
        "opening": sections.opening(model, settings),
        "overview": sections.overview(model),
        "sales": sections.sales(model, settings),
        "segments": sections.segments(model),
        "movements": sections.movements(model),
        "retention": sections.retention(model),
        "value": sections.value(model, settings),
        "journeys": sections.journeys(model, settings),
        "repurchase": sections.repurchase(model, settings),
        "campaigns": sections.campaigns(model, settings),
        "stock": sections.stock(model, settings),
        "discounts": sections.discounts(model, settings),
        "suggestions": sections.suggestions(model, settings),
        "evaluation": sections.evaluation(model),
        "quality": sections.quality(model),
        "method": sections.method(model),
    }
    lines = []
    for name, blocks in told.items():
        lines.append(f"# {name}")
        for block in blocks:
            lines += [block.description] if isinstance(block, ShownChart) else _lines(block.markup)
    return "\n".join(lines) + "\n"


def page(model: ShopperModel) -> str:
    lines = []
    for name, panel in PAGES.items():
        lines.append(f"# {name}")
        for widget in everything(panel(model)):
            if isinstance(widget, widgets.HTML) and "<style>" not in widget.value:
                lines += _lines(widget.value)
            else:
                lines += [str(getattr(widget, n)) for n in READ if widget.has_trait(n) and getattr(widget, n)]
    return "\n".join(lines) + "\n"


def _lines(markup: str) -> list[str]:
    """Return the text of HTML, with a line per block, without files in links."""
    text = re.sub(r"<(style|tbody)>.*?</\1>", "", markup, flags=re.DOTALL)
    tags = "p|li|ul|h\\d|tr|caption|table|thead|div|dl|dt|dd|details|summary"
    blocks = re.split(rf"</?(?:{tags})\b[^>]*>", re.sub(r"</th>", " | ", text))
    texts = (html.unescape(re.sub(r"<[^>]+>", "", block)).strip(" |\n") for block in blocks)
    return [text for text in texts if text]


def check(name: str, text: str) -> None:
    path = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8").splitlines() == text.splitlines()


def test_the_report_of_the_sample(sample_model: ShopperModel, tmp_path: Path) -> None:
    check("sample_report", report(sample_model, tmp_path))


def test_the_page_of_the_sample(sample_model: ShopperModel) -> None:
    check("sample_page", page(sample_model))


def test_the_report_of_the_sample_in_german(sample_model: ShopperModel, tmp_path: Path) -> None:
    with in_locale("de"):
        check("sample_report_de", report(sample_model, tmp_path))


def test_the_page_of_the_sample_in_german(sample_model: ShopperModel) -> None:
    with in_locale("de"):
        check("sample_page_de", page(sample_model))


def test_the_report_of_online_retail(online_retail_model: ShopperModel, tmp_path: Path) -> None:
    check("online_retail_report", report(online_retail_model, tmp_path))


def test_the_page_of_online_retail(online_retail_model: ShopperModel) -> None:
    check("online_retail_page", page(online_retail_model))
