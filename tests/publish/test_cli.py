"""The command line: what it passes on, and its messages when something fails."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import shopper_widgets
from shopper_widgets._support import resources
from shopper_widgets.customers import campaign_result
from shopper_widgets.customers.alerts import alerts
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.publish import cli
from shopper_widgets.publish.arguments import parser
from shopper_widgets.publish.parameters import ReportParameters
from shopper_widgets.words.alerts import alert_sentences
from shopper_widgets.words.campaign_results import result_sentences

PARAMETERS = """\
data: str = None
columns: dict = None
out: str = "out"
n_clusters: str = "auto"
title: str = ""
"""


@pytest.fixture
def report_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Replace the shipped report by one with other cells, and the page by a short one."""

    def install(*cells: str) -> Path:
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(c) for c in (PARAMETERS, *cells)]
        )
        notebook.cells[0].metadata["tags"] = ["parameters"]
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        path = tmp_path / "shipped.ipynb"
        nbformat.write(notebook, path)
        shipped = resources.shipped
        monkeypatch.setattr(
            cli, "shipped", lambda *parts: path if parts[0] == "notebooks" else shipped(*parts)
        )
        return path

    reporting = types.ModuleType("shopper_widgets.publish.notebook")
    reporting.export_html = lambda notebook, page, title, **_: page.write_text(title or "")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "shopper_widgets.publish.notebook", reporting)
    monkeypatch.setenv("JUPYTER_PATH", "")
    monkeypatch.chdir(tmp_path)
    return install


def printed(notebook: Path) -> str:
    cells = nbformat.read(notebook, as_version=4).cells
    return "".join(output.get("text", "") for cell in cells for output in cell.get("outputs", []))


def test_a_report_gets_what_was_given_and_no_more(
    report_of: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report_of("import json; print(json.dumps([data, columns, out, n_clusters, title]))")
    (tmp_path / "orders.csv").touch()
    arguments = ["report", "orders.csv", "--out", "a {braced} folder", "--title", "Müller & Söhne's"]
    arguments += ["--columns", "customer_id=Kundennr", "quantity=Menge = Stück"]

    assert cli.main(arguments) == 0
    out = tmp_path / "a {braced} folder"
    assert json.loads(printed(out / "report.ipynb")) == [
        str(tmp_path / "orders.csv"),
        {"customer_id": "Kundennr", "quantity": "Menge = Stück"},
        str(out),
        "auto",
        "Müller & Söhne's",
    ]
    assert (out / "report.html").read_text() == "Müller & Söhne's"
    said = capsys.readouterr()
    assert str(out / "report.html") in said.out
    assert "Executing" in said.err
    assert "WARNING" not in said.err


def test_what_was_sold_reaches_the_report() -> None:
    arguments = ["report", "--rates", "EUR=1.17", "GBP=1", "--discounts", "leave", "--cancelled", "^RMA"]
    arguments += ["--adjustments", "none", "--not-sold", "refunded", "on hold"]
    given = cli.report_parameters(parser().parse_args(arguments))
    assert given["reading"] == {"rates": {"EUR": 1.17, "GBP": 1.0}, "discounts": "leave"}
    assert given["cleaning"] == {
        "cancelled": "^RMA",
        "adjustments": "none",
        "not_sold": ["refunded", "on hold"],
    }
    plain = cli.report_parameters(parser().parse_args(["report"]))
    assert not {"reading", "cleaning"} & plain.keys()
    # each is a parameter of the report
    checked = ReportParameters.check(**given)
    assert checked.cleaning["adjustments"] is None
    assert checked.reading["rates"] == {"EUR": 1.17, "GBP": 1.0}


def test_a_rate_that_is_none_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["report", "--rates", "EUR"])
    assert ended.value.code == 2
    assert "'EUR' isn't CODE=WORTH, such as EUR=1.17" in capsys.readouterr().err


def test_a_report_runs_in_this_interpreter_whatever_kernels_there_are(
    report_of: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "jupyter" / "kernels" / "python3"
    other.mkdir(parents=True)
    (other / "kernel.json").write_text(
        '{"argv": ["/bin/false"], "display_name": "Other", "language": "python"}'
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    report_of("import sys; print(sys.executable)")
    assert cli.main(["report"]) == 0
    assert printed(tmp_path / "out" / "report.ipynb").strip() == sys.executable


def test_a_failed_report_is_told_in_words_and_what_was_done_is_kept(
    report_of: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report_of(
        "print('read')", "raise ValueError('orders.csv has no column for customer_id')", "print('not run')"
    )
    assert cli.main(["report"]) == 1
    said = capsys.readouterr().err
    assert "shopper-widgets: orders.csv has no column for customer_id\n" in said
    assert "Traceback" not in said
    notebook = tmp_path / "out" / "report.ipynb"
    assert f"The notebook up to the failure is {notebook}" in said
    assert printed(notebook) == "read\n"
    assert not (tmp_path / "out" / "report.html").exists()


def test_a_kernel_that_dies_is_told_in_words(
    report_of: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    report_of("import os; os._exit(9)")
    assert cli.main(["report"]) == 1
    said = capsys.readouterr().err
    assert "the notebook's process ended before it was done" in said
    assert "Traceback" not in said


def test_a_stuck_report_is_given_up(
    report_of: Callable[..., Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "CELL_SECONDS", 1)
    report_of("import time; time.sleep(60)")
    assert cli.main(["report"]) == 1
    assert "a step took more than 1 seconds and was stopped" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="a terminal's Ctrl-C can't be sent on Windows")
def test_an_interrupted_report_ends_with_130_quietly(report_of: Callable[..., Path], tmp_path: Path) -> None:
    path = report_of("open('started', 'w').close(); import time; time.sleep(60)")
    code = (
        "import sys, types; from pathlib import Path; from shopper_widgets.publish import cli\n"
        f"cli.shipped = lambda *parts: Path({str(path)!r})\n"
        "sys.modules['shopper_widgets.publish.notebook'] = types.SimpleNamespace(export_html=None)\n"
        "sys.exit(cli.main(['report']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 30
    while not (tmp_path / "started").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert "Traceback" not in said


def test_a_wrong_campaign_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "list.csv").write_text("customer_id\n1\n")
    assert cli.main(["report", "--out", str(tmp_path / "out"), "--campaign", str(tmp_path / "list.csv")]) == 1
    said = capsys.readouterr().err
    assert f"{tmp_path / 'list.csv'} must be the definition of a campaign, as JSON" in said
    assert not (tmp_path / "out").exists()


def test_orders_that_do_not_exist_are_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", "no/such/orders.csv"]) == 1
    assert "no/such/orders.csv doesn't exist" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["dashboard", "--port", "99999"], "'99999' is not a port: give a number from 1 to 65535"),
        (
            ["report", "--columns", "kunde=Kundennr"],
            "'kunde=Kundennr' isn't NAME=HEADER with a name of order_id",
        ),
        (["report", "--columns", "customer_id"], "'customer_id' isn't NAME=HEADER"),
        (["report", "--columns", "customer_id="], "'customer_id=' isn't NAME=HEADER"),
        (["report", "--returns", "keep"], "invalid choice: 'keep'"),
        ([], "the following arguments are required: COMMAND"),
    ],
)
def test_a_wrong_argument_is_told_in_words(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ending:
        cli.main(arguments)
    assert ending.value.code == 2
    assert words in capsys.readouterr().err


def test_a_dashboard_of_no_model_is_told_before_anything_is_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["dashboard", str(tmp_path / "nothing"), "--no-browser"]) == 1
    said = capsys.readouterr()
    assert str(tmp_path / "nothing") in said.err
    assert "The dashboard is at" not in said.out


def test_a_dashboard_on_a_used_port_is_told_before_anything_is_served(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert cli.main(["dashboard", "--port", str(port), "--no-browser"]) == 1
    said = capsys.readouterr()
    assert f"port {port} of 127.0.0.1 can't be used" in said.err
    assert said.out == ""


def test_fetching_says_where_the_orders_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from shopper_widgets import datasets

    asked: list[str] = []
    monkeypatch.setattr(datasets, "fetch_online_retail", asked.append)
    assert cli.main(["fetch", "--file", "online_retail.xlsx"]) == 0
    assert asked == ["online_retail.xlsx"]
    assert f"shopper-widgets report {datasets.online_retail_path()}" in capsys.readouterr().out


def test_every_option_of_reading_and_cleaning_reaches_the_report():
    given = report_parameters_of(
        *("sqlite:///shop.db", "--table", "orders", "--timezone", "Europe/Berlin", "--guests", "0", "till"),
        *("--max-bytes", "1000", "--duplicates", "drop"),
    )
    assert given["data"] == "sqlite:///shop.db"
    assert given["reading"] == {
        "table": "orders",
        "timezone": "Europe/Berlin",
        "guests": ["0", "till"],
        "max_bytes": 1000,
    }
    assert given["cleaning"] == {"duplicates": "drop"}
    assert report_parameters_of("x.csv", "--query", "SELECT 1")["reading"] == {"query": "SELECT 1"}


def report_parameters_of(*arguments):
    return cli.report_parameters(parser().parse_args(["report", *arguments]))


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "--not-sold", "refunded", "orders.csv"],
        ["report", "--guests", "0", "orders.csv"],
        ["report", "--guests", "0", "some/folder"],
    ],
)
def test_a_path_behind_an_option_of_several_values_is_not_taken_for_one(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    assert f"{arguments[-1]!r} is read as a value of {arguments[1]}: put" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name", ["https://shop.example.com", "shop.example.com/", "*.example.com", "out/model", ""]
)
def test_what_is_no_host_is_refused_before_anybody_is_sent_away(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        cli.main(["dashboard", "--host-name", "a.example", name])
    assert f"{name!r} is not a host name or address such as shop.example.com" in capsys.readouterr().err


def test_a_folder_in_the_place_of_a_result_is_told_before_anything_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "report.html").mkdir()
    assert cli.main(["report", "--out", str(tmp_path)]) == 1
    assert "report.html is a folder: move it" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"shopper-widgets {shopper_widgets.__version__}\n"


def test_a_campaign_is_measured(tmp_path, small_model, small_shop, capsys):
    campaign = Campaign("Thanks", hold_out=0.4)
    (tmp_path / "thanks.csv").write_text("\ufeff" + campaign.to_csv(small_model))
    small_shop.to_csv(tmp_path / "lines.csv", index=False)
    told = ["measure", str(tmp_path / "thanks.csv"), str(tmp_path / "lines.csv"), "--sent-at", "2024-06-01"]
    assert cli.main([*told, "--days", "20", "--currency", "£", "--out", str(tmp_path / "figures.csv")]) == 0
    expected = campaign_result.measure_campaign(
        campaign.select(small_model), small_shop, sent_at="2024-06-01", days=20
    )
    said = capsys.readouterr().out
    assert said.splitlines()[:-1] == result_sentences(expected, "£")
    figures = pd.read_csv(tmp_path / "figures.csv")
    assert figures["effect"].tolist() == pytest.approx(expected.table["effect"].tolist(), nan_ok=True)


def test_a_definition_is_measured_with_the_model_that_chose_by_it(tmp_path, small_model, capsys):
    (tmp_path / "thanks.json").write_text(Campaign("Thanks", hold_out=0.4).to_json())
    when = (small_model.as_of + pd.Timedelta(days=1)).strftime("%Y-%m-%d")
    orders = [f"{who},{when},9" for who in small_model.customers["customer_id"].head(80)]
    (tmp_path / "orders.csv").write_text("\n".join(["customer_id,ordered_at,amount", *orders]))
    told = ["measure", str(tmp_path / "thanks.json"), str(tmp_path / "orders.csv")]
    assert cli.main(told) == 1
    assert (
        "is a definition: give the model that selected customers by it with --model"
        in capsys.readouterr().err
    )
    assert cli.main([*told, "--model", str(small_model.save(tmp_path / "model"))]) == 0
    assert "held out" in capsys.readouterr().out
    (tmp_path / "thanks.csv").write_text(Campaign(hold_out=0.4).to_csv(small_model))
    assert cli.main(["measure", str(tmp_path / "thanks.csv"), str(tmp_path / "orders.csv")]) == 1
    assert "say when it was sent with --sent-at" in capsys.readouterr().err


def test_alerts_say_who_left_and_tell_a_scheduler(
    tmp_path: Path, small_model: ShopperModel, small_shop: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = small_shop[small_shop["ordered_at"] < "2024-05-01"]
    old = ShopperModel.fit(earlier, n_clusters=4, progress=False).save(tmp_path / "old")
    new = small_model.save(tmp_path / "new")
    found = alerts(small_model, ShopperModel.load(old).as_of)
    assert {"left segment", "newly overdue"} == set(found["alert"])
    told = ["alerts", str(old), str(new), "--out", str(tmp_path / "alerts.json")]
    assert cli.main(told) == 0
    assert all(sentence in capsys.readouterr().out for sentence in alert_sentences(found, "£")[:1])
    written = json.loads((tmp_path / "alerts.json").read_text(encoding="utf-8"))
    assert written["segment"] == "High-Value" and written["as_of"] == small_model.as_of.isoformat()
    assert [who["customer_id"] for who in written["alerts"]] == found["customer_id"].tolist()
    assert cli.main([*told, "--exit-code"]) == 3
    # Within one model, for another segment, as CSV; with nobody on the list, the exit code is 0.
    inside = ["alerts", str(new), "--since", "2024-06-01", "--segment", "Occasional"]
    assert cli.main([*inside, "--out", str(tmp_path / "alerts.csv")]) == 0
    lines = pd.read_csv(tmp_path / "alerts.csv", dtype={"customer_id": str})
    assert (
        lines["customer_id"].tolist()
        == alerts(small_model, "2024-06-01", segment="Occasional")["customer_id"].tolist()
    )
    assert (
        cli.main(
            ["alerts", str(new), "--since", str(small_model.as_of - pd.Timedelta(seconds=1)), "--exit-code"]
        )
        == 0
    )
    for wrong, said in (
        (["alerts", str(new), str(old)], "Give the earlier one first"),
        (["alerts", str(new)], "one model and --since DAY"),
        (["alerts", str(new), "--since", "2001-01-01"], "since must lie between"),
        ([*inside[:-1], "Best"], "segment must be one of"),
        ([*told[:-1], "alerts.txt"], "--out must end in .csv or .json"),
    ):
        assert cli.main(wrong) == 1
        assert said in capsys.readouterr().err


def test_a_report_has_other_forms(
    report_of: Callable[..., Path],
    tmp_path: Path,
    small_model: ShopperModel,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    saved = small_model.save(tmp_path / "saved")
    report_of(f"import shutil; shutil.copytree({str(saved)!r}, out + '/model')")
    browser = tmp_path / "browser"
    browser.write_text(
        '#!/bin/sh\nfor one in "$@"; do case $one in --print-to-pdf=*) echo %PDF > "${one#*=}";; esac; done\n'
    )
    browser.chmod(0o755)
    monkeypatch.setenv("SHOPPER_BROWSER", str(browser))
    assert (
        cli.main(["report", "--format", "pdf", "--summary", "letter.html", "--title", "Ours & theirs"]) == 0
    )
    assert (tmp_path / "out" / "report.pdf").read_text() == "%PDF\n"
    assert "<title>Ours &amp; theirs</title>" in (tmp_path / "letter.html").read_text(encoding="utf-8")
    said = capsys.readouterr().out
    assert str(tmp_path / "letter.html") in said and "report.pdf" in said
    assert cli.main(["report", "--summary", "letter.eml"]) == 0
    assert (tmp_path / "letter.eml").read_text().startswith("Subject: Customers and products")
    # What can't be done fails before the report is made.
    capsys.readouterr()
    (tmp_path / "out" / "report.pdf").unlink()
    for wrong, why in (
        (["--summary", "letter.txt"], "--summary must end in .html or .eml"),
        (["--format", "pdf"], "there is none: looked for 'nowhere'"),
    ):
        monkeypatch.setenv("SHOPPER_BROWSER", "nowhere")
        assert cli.main(["report", *wrong]) == 1
        told = capsys.readouterr().err
        assert why in told and "Executing" not in told
    browser.write_text("#!/bin/sh\necho out of paper >&2; exit 7\n")
    monkeypatch.setenv("SHOPPER_BROWSER", str(browser))
    assert cli.main(["report", "--format", "pdf"]) == 1
    assert "could not print" in (told := capsys.readouterr().err) and "out of paper" in told


def test_a_report_is_made_of_its_notebook_without_models_here(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; import nbformat; from shopper_widgets.publish import cli\n"
        "def execute(place, parameters): nbformat.write(nbformat.v4.new_notebook(), place)\n"
        "cli._execute = execute; cli.main(['report', '--out', sys.argv[1]])\n"
        "print({'sklearn', 'shopper_widgets.model.parts', 'shopper_widgets.panels'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path / "out"], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "set()", done.stderr
