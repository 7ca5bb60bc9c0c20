"""The notebooks are clean in git, short, and run from top to bottom."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from markupsafe import escape

from shopper_widgets._support.resources import shipped, use_shipped_jupyter_files
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.publish.cli import main
from shopper_widgets.publish.options import PARAMETERS, parameters_cell
from shopper_widgets.publish.parameters import ReportParameters
from shopper_widgets.words.campaigns import readable

NOTEBOOKS = sorted(shipped("notebooks").glob("*.ipynb"))
CAMPAIGN = Campaign("Thanks & <b>", segments=("High-Value",), n_recommendations=2, hold_out=0.2)


def _code(path: Path) -> list[Any]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_notebooks_are_clean_and_thin(path: Path) -> None:
    cells = _code(path)
    assert not any(cell.outputs or cell.execution_count for cell in cells)
    assert not any(re.search(r"^\s*(def|class) ", cell.source, re.MULTILINE) for cell in cells)
    # Each section of a report has a cell that only shows what the library makes.
    sections = [
        cell for cell in cells if re.fullmatch(r"display\((\*sections\.\w+\([^()]*\)(, )?)+\)", cell.source)
    ]
    assert len(sections) == (len(cells) - 2 if path.name == "report.ipynb" else 0)
    assert len(cells) - len(sections) <= 14


@pytest.mark.parametrize("name", ["tutorial.ipynb", "dashboard.ipynb"])
def test_notebook_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    use_shipped_jupyter_files()
    out = tmp_path / name
    papermill.execute_notebook(
        str(shipped("notebooks", name)),
        str(out),
        kernel_name="python3",
        execution_timeout=300,
        progress_bar=False,
    )
    outputs = [output for cell in _code(out) for output in cell.outputs]
    assert any("application/vnd.jupyter.widget-view+json" in o.get("data", {}) for o in outputs)
    # Readers should see no warnings or log lines, and never a traceback.
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]


def test_parameters_are_those_that_are_defined_each_with_type_and_comment() -> None:
    (cell,) = [
        c for c in _code(shipped("notebooks", "report.ipynb")) if "parameters" in c.metadata.get("tags", [])
    ]
    assert cell.source == parameters_cell()
    assert {option.name for option in PARAMETERS} == set(ReportParameters.__dataclass_fields__)
    inspected = papermill.inspect_notebook(str(shipped("notebooks", "report.ipynb")))
    assert set(inspected) == {option.name for option in PARAMETERS}
    assert all(p["inferred_type_name"] != "None" and p["help"] for p in inspected.values())


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report") / "out"
    definition = out.with_name("thanks.json")
    definition.write_text(CAMPAIGN.to_json(), encoding="utf-8")
    title = 'Shop & <img src=x onerror="document.title=1">'
    asked = ["report", "--out", str(out), "--title", title, "--n-clusters", "4"]
    assert main([*asked, "--campaign", str(definition)]) == 0
    return out


def test_report_leaves_notebook_page_and_bundle(report: Path) -> None:
    left = sorted(p.name for p in report.iterdir())
    # Hidden lock files stay: if they were deleted, two writers could hold locks of the same name.
    assert {name for name in left if name.startswith(".")} <= {".model.lock", ".report.html.lock"}
    assert [name for name in left if not name.startswith(".")] == [
        "model",
        "report.html",
        "report.ipynb",
        "stock_plan.csv",
        "thanks-b.csv",
    ]
    model = ShopperModel.load(report / "model")
    assert (report / "model" / "stock_plan.csv").read_bytes() == (report / "stock_plan.csv").read_bytes()
    page = (report / "report.html").read_text(encoding="utf-8")
    best = model.segments.iloc[0]
    assert f"{best['share']:.0%}".replace("%", " %") in page
    assert f"{len(model.customers):,}" in page
    assert f"{model.audit['rows'].iloc[0]:,} order lines read" in page
    assert not re.search(r"(?:src|href)=\"https?://", page)
    assert "import charts" not in page  # no code
    assert "<img src=x" not in page


def test_executed_notebook_holds_no_widget_and_no_warning(report: Path) -> None:
    notebook = json.loads((report / "report.ipynb").read_text(encoding="utf-8"))
    outputs = [o for cell in notebook["cells"] for o in cell.get("outputs", [])]
    assert not [o for o in outputs if o["output_type"] in ("error", "stream")]
    assert not [o for o in outputs if "application/vnd.jupyter.widget-view+json" in o.get("data", {})]


def test_a_campaign_is_run_again_with_the_report(report: Path) -> None:
    model = ShopperModel.load(report / "model")
    selected = CAMPAIGN.select(model)
    written = (report / "thanks-b.csv").read_bytes().decode("utf-8")
    assert written == CAMPAIGN.to_csv(model, byte_order_mark=True)
    page = (report / "report.html").read_text(encoding="utf-8")
    assert f"Campaign “Thanks &amp; &lt;b&gt;”: {len(selected):,} customers" in page
    assert escape(readable(selected)["suggestions"].iloc[0]) in page


def test_a_failure_is_told_in_a_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "orders.csv"
    broken.write_text("colour,price\nred,1\n", encoding="utf-8")
    assert main(["report", str(broken), "--out", str(tmp_path / "out")]) == 1
    said = capfd.readouterr().err
    assert "Traceback" not in said
    assert "colour" in said
    assert (tmp_path / "out" / "report.ipynb").exists()
