"""The whole report and dashboard, for very small shops and for segments by rules."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shopper_widgets._support.locale import in_locale
from shopper_widgets._support.resources import shipped
from shopper_widgets.datasets import load_sample
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import Dashboard
from shopper_widgets.panels.dashboard_views import PAGES
from shopper_widgets.publish import sections
from shopper_widgets.publish.notebook import ShownChart, ShownMarkup
from shopper_widgets.publish.parameters import ReportParameters
from shopper_widgets.segments import RULES, RuleSegmenter
from tests.panel_contract import message


def shop(
    customers: int, orders: int = 1, days: int = 30, *, equal: bool = False, uneven: bool = False
) -> pd.DataFrame:
    """Return orders of one to three of six products, at 10:00 on these days from 20 October 2016 on."""
    random, rows = np.random.default_rng(0), []
    who = np.arange(customers * orders) % customers
    if uneven:
        who = (customers * random.random(customers * orders) ** 2).astype(int)
    for order in range(customers * orders):
        day = pd.Timestamp("2016-10-20 10:00") + pd.Timedelta(days=int(random.integers(days)))
        products = [0] if equal else random.choice(6, size=random.integers(1, 4), replace=False)
        rows += [(f"o{order}", f"c{who[order]}", day, f"P{p}", f"Product {p}", 2.5 + 3 * p) for p in products]
    columns = ["order_id", "customer_id", "ordered_at", "product_id", "product_name", "unit_price"]
    return pd.DataFrame(rows, columns=columns).assign(quantity=1, country="UK")


SHOPS: dict[str, Callable[[], pd.DataFrame]] = {
    "one customer": lambda: shop(1),
    "one loyal customer": lambda: shop(1, orders=6, days=200),
    "two customers": lambda: shop(2),
    "thirty customers, one order each": lambda: shop(30),
    "all equal": lambda: shop(30, days=1, equal=True),
    "all on one day": lambda: shop(50, days=1),
    "one month": lambda: shop(60, orders=3),
    "an uneven month": lambda: shop(60, orders=3, uneven=True),
    "an uneven year": lambda: shop(120, orders=3, days=365, uneven=True),
    "a dozen": lambda: shop(12, orders=2, days=90),
}


def report_of(model: ShopperModel, out: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run the report's cells on a model, without a kernel, and return what readers would read."""
    monkeypatch.setattr(ReportParameters, "fit", lambda self: model)
    shown: list[Any] = []
    names: dict[str, Any] = {"display": lambda *items: shown.extend(items)}
    for cell in json.loads(shipped("notebooks", "report.ipynb").read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
            names["out"] = str(out)
    return "\n".join(map(_read, shown))


def _read(item: ShownChart | ShownMarkup) -> str:
    if isinstance(item, ShownChart):
        return item.description
    cells = re.sub(r"</(td|th|dt|dd|p|li|tr|caption)>", " | ", item.markup)
    return html.unescape(re.sub(r"<[^>]+>", "", cells))


@pytest.fixture(scope="module", params=list(SHOPS))
def tiny(request: pytest.FixtureRequest) -> ShopperModel:
    """Return a model of a tiny shop, fitted as the report does."""
    return ShopperModel.fit(
        SHOPS[request.param](), stability_budget=5, currency="£", evaluate=True, progress=False
    )


#: What no reader should find: broken figures or grammar.
BROKEN = (
    r".*(?:\bnan\b|\bNaN|\bNone\b(?! of them)|\binf\b|£0\b|peaked in \d"
    r"|\b1 (?:customers|orders|days|products|lines)\b).*"
)


def test_the_report_of_a_tiny_shop_reads_well(
    tiny: ShopperModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = report_of(tiny, tmp_path, monkeypatch).replace("\N{NO-BREAK SPACE}", " ")
    assert not re.findall(BROKEN, said)
    for limit in tiny.segmenter.limits_:
        assert said.count(limit) == 1
    assert (tmp_path / "model" / "manifest.json").is_file()


def test_every_tab_of_a_tiny_shop_builds(tiny: ShopperModel) -> None:
    _open_every_tab(tiny)


def _open_every_tab(model: ShopperModel) -> None:
    dashboard = Dashboard(model)
    for page in PAGES:
        dashboard.page = page
        assert dashboard.panel is not None and message(dashboard.panel) == "", page


@pytest.mark.parametrize("name", [name for name in SHOPS if "uneven" not in name])
def test_no_segments_are_invented(name: str) -> None:
    model = ShopperModel.fit(SHOPS[name](), progress=False)
    assert model.segments["segment"].tolist() == ["All Customers"]


def test_the_sample_keeps_its_four_segments_with_stability_weighed() -> None:
    model = ShopperModel.fit(load_sample(), stability_budget=5, progress=False)
    assert model.segments["segment"].tolist() == ["High-Value", "New", "Occasional", "At-Risk"]


def test_rules_go_through_the_whole_house(
    small_shop: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted = ShopperModel.fit(small_shop, segmenter=RuleSegmenter(), currency="£", progress=False)
    model = ShopperModel.load(fitted.save(tmp_path / "bundle"))
    said = report_of(model, tmp_path, monkeypatch)
    assert not re.findall(BROKEN, said)
    assert "Champions (recency 5, value 4 or 5)" in said
    assert "inertia" not in said
    _open_every_tab(model)
    assert set(model.segments["segment"]) <= {name for name, *_ in RULES}


def test_what_a_tiny_shop_lacks_is_said_in_german(tmp_path: Path) -> None:
    model = ShopperModel.fit(SHOPS["one month"](), progress=False)
    settings = ReportParameters.check(out=str(tmp_path))
    with in_locale("de"):
        blocks = [
            *sections.segments(model),
            *sections.retention(model),
            *sections.repurchase(model, settings),
        ]
        for section in (sections.value, sections.journeys, sections.stock, sections.discounts):
            blocks += section(model, settings)
    told = " ".join(re.sub("<[^>]*>", " ", str(getattr(block, "markup", ""))) for block in blocks)
    assert "Jeder der 60 Kunden" in told
    assert re.findall(r"(?i)\b(?:the|of|and|nobody|must|came)\b", told) == []
