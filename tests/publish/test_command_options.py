"""Every option of the command has an effect on its own: its value arrives where it is used."""

import argparse
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pandas as pd
import papermill
import pytest

from shopper_widgets import datasets
from shopper_widgets._support import locale as language
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.orders import reading
from shopper_widgets.publish import arguments as command_arguments
from shopper_widgets.publish import casts, cli, parameters, server
from shopper_widgets.publish import notebook as report_notebook
from shopper_widgets.publish.visitors import PageServer
from shopper_widgets.words.brand import Brand

#: The arguments of `shopper-widgets measure`.
MEASURED = ("sent", "orders", "--sent-at", "--days", "--model", "--currency", "--out")
#: The arguments of `shopper-widgets alerts`.
ALERTED = ("model", "later", "--since", "--segment", "--out", "--exit-code")
#: Reads the stock of `shelf.db`.
SHELF = "SELECT product_id, on_hand FROM shelf"
#: Subcommand, option → the arguments given, where the value must arrive, and as what.
CASES: dict[tuple[str, str], tuple[list[str], str, Any]] = {
    ("", "--verbose"): (["-v", "fetch"], "log level", logging.DEBUG),
    ("report", "orders"): (["orders.csv"], "read source", "{here}/orders.csv"),
    ("report", "--engine"): (["--engine", "pandas"], "settings engine", "pandas"),
    ("report", "--out"): (["--out", "elsewhere"], "saved in", Path("{here}/elsewhere/model")),
    ("report", "--as-of"): (["--as-of", "2011-12-10"], "fit as_of", pd.Timestamp("2011-12-10")),
    ("report", "--returns"): (["--returns", "drop"], "fit returns", "drop"),
    ("report", "--n-clusters"): (["--n-clusters", "4"], "fit n_clusters", 4),
    ("report", "--stability-budget"): (["--stability-budget", "7"], "fit stability_budget", 7),
    ("report", "--top-n"): (["--top-n", "3"], "settings top_n", 3),
    ("report", "--stock"): (["--stock", "stock.csv"], "settings stock", Path("{here}/stock.csv")),
    ("report", "--stock-query"): (
        ["--stock", "sqlite:///shelf.db", "--stock-query", SHELF],
        "settings stock_query",
        SHELF,
    ),
    ("report", "--stock-table"): (
        ["--stock", "sqlite:///shelf.db", "--stock-table", "shelf"],
        "settings stock_table",
        "shelf",
    ),
    ("report", "--stock-decimal"): (
        ["--stock", "stock.csv", "--stock-decimal", ","],
        "settings stock_decimal",
        ",",
    ),
    ("report", "--stock-encoding"): (
        ["--stock", "stock.csv", "--stock-encoding", "cp1252"],
        "settings stock_encoding",
        "cp1252",
    ),
    ("report", "--stock-budget"): (
        ["--stock", "stock.csv", "--stock-budget", "1500"],
        "settings stock_budget",
        1500.0,
    ),
    ("report", "--stock-space"): (
        ["--stock", "stock.csv", "--stock-space", "2.5"],
        "settings stock_space",
        2.5,
    ),
    ("report", "--lead-time"): (["--lead-time", "21"], "settings lead_time", 21),
    ("report", "--review"): (["--review", "14"], "settings review", 14),
    ("report", "--service"): (["--service", "a=0.98,CZ=0.8"], "settings service", {"A": 0.98, "CZ": 0.8}),
    ("report", "--margin"): (["--margin", "0.55"], "settings margin", 0.55),
    ("report", "--discount"): (["--discount", "0.2"], "settings discount", 0.2),
    ("report", "--acquisition-cost"): (["--acquisition-cost", "25"], "settings acquisition_cost", 25.0),
    ("report", "--currency"): (["--currency", "£"], "fit currency", "£"),
    ("report", "--locale"): (["--locale", "de"], "settings locale", "de"),
    ("report", "--title"): (["--title", "Ours"], "settings title", "Ours"),
    ("report", "--previous"): (["--previous", "earlier"], "settings previous", Path("{here}/earlier")),
    ("report", "--campaign"): (["--campaign", "c.json"], "settings campaign", Campaign(name="Spring")),
    ("report", "--color"): (["--color", "#7a1f5c"], "page brand", Brand("#7A1F5C")),
    ("report", "--logo"): (
        ["--logo", "logo.png"],
        "page brand",
        Brand(logo="data:image/png;base64,bG9nbw=="),
    ),
    ("report", "--pseudonymous"): (["--pseudonymous"], "pseudonyms made with", "sixteen letters or more"),
    ("report", "--columns"): (["--columns", "country=Land"], "read columns", {"country": "Land"}),
    ("report", "--dayfirst"): (["--dayfirst"], "read dayfirst", True),
    ("report", "--monthfirst"): (["--monthfirst"], "read dayfirst", False),
    ("report", "--date-format"): (["--date-format", "%d.%m.%Y"], "read date_format", "%d.%m.%Y"),
    ("report", "--decimal"): (["--decimal", ","], "read decimal", ","),
    ("report", "--timezone"): (["--timezone", "Europe/Berlin"], "read timezone", "Europe/Berlin"),
    ("report", "--encoding"): (["--encoding", "cp1252"], "read encoding", "cp1252"),
    ("report", "--sheet"): (["--sheet", "1"], "read sheet", 1),
    ("report", "--rates"): (["--rates", "EUR=1.17"], "read rates", {"EUR": 1.17}),
    ("report", "--guests"): (["--guests", "0", "till"], "read guests", ["0", "till"]),
    ("report", "--query"): (["--query", "SELECT 1"], "read query", "SELECT 1"),
    ("report", "--table"): (["--table", "sales"], "read table", "sales"),
    ("report", "--max-bytes"): (["--max-bytes", "1000"], "read max_bytes", 1000),
    ("report", "--discounts"): (["--discounts", "leave"], "read discounts", "leave"),
    ("report", "--cancelled"): (["--cancelled", "^RMA"], "fit cancelled", "^RMA"),
    ("report", "--adjustments"): (["--adjustments", "^ADJ"], "fit adjustments", "^ADJ"),
    ("report", "--duplicates"): (["--duplicates", "drop"], "fit duplicates", "drop"),
    ("report", "--keep"): (["--keep", "channel", "coupon"], "fit keep", ("channel", "coupon")),
    ("report", "--not-sold"): (["--not-sold", "void", "on hold"], "fit not_sold", ["void", "on hold"]),
    ("dashboard", "model"): (["earlier"], "served model", "{here}/earlier"),
    ("dashboard", "--port"): (["--port", "8899"], "served port", 8899),
    ("dashboard", "--ip"): (["--ip", "127.0.0.2"], "served ip", "127.0.0.2"),
    ("dashboard", "--host-name"): (
        ["--host-name", "a.example", "b.example"],
        "served host_names",
        ["a.example", "b.example", "127.0.0.1"],
    ),
    ("dashboard", "--visitors"): (["--visitors", "3"], "served visitors", 3),
    ("dashboard", "--color"): (["--color", "#7A1F5C"], "served color", "#7A1F5C"),
    ("dashboard", "--logo"): (["--logo", "logo.png"], "served logo", "{here}/logo.png"),
    ("dashboard", "--log"): (["--log", "other"], "served log", "{here}/other"),
    ("dashboard", "--locale"): (["--locale", "de_AT"], "served locale", "de-AT"),
    ("dashboard", "--no-browser"): (["--no-browser"], "served open_browser", False),
    ("fetch", "--file"): (["--file", "copy.zip"], "fetched", "copy.zip"),
}


def options(parser: argparse.ArgumentParser, command: str = "") -> Iterator[tuple[str, str]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from options(below, name)
        elif not isinstance(action, argparse._HelpAction):
            yield command, (action.option_strings or [action.dest])[-1]


#: Options that are tested elsewhere: in test_cli.py and test_password.py.
ELSEWHERE = [
    ("", "--version"),
    ("report", "--format"),
    ("report", "--summary"),
    ("dashboard", "--password-file"),
    ("password", "file"),
    *(("measure", name) for name in MEASURED),
    *(("alerts", name) for name in ALERTED),
]


def test_every_option_has_a_case() -> None:
    assert sorted(options(command_arguments.parser())) == sorted([*CASES, *ELSEWHERE])


def _place(folder: Path) -> Path:
    """Return a model's folder; what is written first is in a scratch folder next to it."""
    assert folder.parent.name == "made", folder
    return folder.parents[2] / folder.name


@pytest.fixture
def reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_model: ShopperModel
) -> Callable[..., dict[str, Any]]:
    """Run the command and return what reached the functions that do the work, which don't run."""
    told: dict[str, Any] = {}

    def execute(notebook: str, executed: str, *, parameters: dict[str, Any], **_: Any) -> None:
        # Do what papermill does up to the fit: set the given parameters after the notebook's own.
        first, second = [c.source for c in nbformat.read(notebook, 4).cells if c.cell_type == "code"][:2]
        scope: dict[str, Any] = {}
        exec(first, scope)
        assert parameters.keys() <= scope.keys()
        scope |= parameters
        exec(second, scope)
        told.update({f"settings {name}": value for name, value in vars(scope["settings"]).items()})
        Path(executed).touch()

    def read(source: str, **how: Any) -> pd.DataFrame:
        told.update({"read source": source} | {f"read {name}": value for name, value in how.items()})
        read_of = pd.DataFrame()
        read_of.attrs["layout"] = {"name": "", "columns": {}}
        return read_of

    def fit(_: pd.DataFrame, **how: Any) -> SimpleNamespace:
        told.update({f"fit {name}": value for name, value in how.items()})
        return SimpleNamespace(save=lambda folder: told.update({"saved in": _place(folder)}))

    def pseudonyms(model: Any, key: str) -> Any:
        told["pseudonyms made with"] = key
        return model

    def launch(config: Any, **_: Any) -> None:
        told.update({f"served {name}": config.Voila[name] for name in ("port", "ip", "open_browser")})
        told.update({f"served {name}": config.PageServer[name] for name in ("host_names", "visitors")})
        told["served model"] = os.environ["SHOPPER_MODEL"]
        told.update(
            {
                f"served {name}": os.environ[f"SHOPPER_{name.upper()}"]
                for name in ("color", "locale", "logo", "log")
            }
        )

    monkeypatch.chdir(tmp_path)
    for variable in (
        "JUPYTER_PATH",
        *(f"SHOPPER_{name}" for name in ("MODEL", "COLOR", "LOCALE", "LOGO", "LOG")),
    ):
        monkeypatch.setenv(variable, "")
    monkeypatch.setattr(language, "_of_process", "en")  # the notebook sets it
    monkeypatch.setenv(casts.KEY_VARIABLE, "sixteen letters or more")
    small_model.save(tmp_path / "earlier")
    small_model.save(tmp_path / "other")
    (tmp_path / "stock.csv").write_text("Product_ID;On_hand;unit_space\nA;1;2\n", encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "shelf.db")) as shelf:
        shelf.execute("CREATE TABLE shelf AS SELECT 'A' AS product_id, 1 AS on_hand")
    (tmp_path / "c.json").write_text(Campaign(name="Spring").to_json(), encoding="utf-8")
    (tmp_path / "orders.csv").touch()
    (tmp_path / "given.csv").touch()
    (tmp_path / "logo.png").write_bytes(b"logo")
    monkeypatch.setattr(papermill, "execute_notebook", execute)
    monkeypatch.setattr(reading, "read_transactions", read)
    monkeypatch.setattr(ShopperModel, "fit", fit)
    monkeypatch.setattr(parameters, "pseudonymous", pseudonyms)
    monkeypatch.setattr(
        report_notebook,
        "export_html",
        lambda _, page, title, **how: told.update({"page title": title} | {f"page {n}": how[n] for n in how}),
    )
    monkeypatch.setattr(server, "check_address", lambda ip, port: told.update({"tried": (ip, port)}))
    monkeypatch.setattr(PageServer, "launch_instance", launch)
    monkeypatch.setattr(datasets, "fetch_online_retail", lambda file: told.update({"fetched": file}))
    monkeypatch.setattr(logging, "basicConfig", lambda level: told.update({"log level": level}))

    def run(*arguments: str) -> dict[str, Any]:
        told.clear()
        assert cli.main(arguments) == 0
        return dict(told)

    return run


@pytest.mark.parametrize(("command", "option"), CASES)
def test_an_option_reaches_what_it_is_for(
    command: str, option: str, reached: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    given, where, expected = CASES[command, option]
    if isinstance(expected, str | Path):
        expected = type(expected)(str(expected).format(here=tmp_path))
    place = {"orders": "given.csv", "model": "other"}
    # Each case has orders and a model, since without them one would be fitted.
    before = {
        "report": ["report", *([] if option == "orders" else ["given.csv"])],
        "dashboard": ["dashboard", *([] if option == "model" else ["other"])],
    }.get(command, [command] if command else [])
    without = reached(*before, *([place[option]] if option in place else [] if command else ["fetch"]))
    assert without.get(where) != expected
    assert reached(*before, *given)[where] == expected


def test_a_plain_service_level_is_that_of_all_products(reached: Callable[..., dict[str, Any]]) -> None:
    assert reached("report", "given.csv", "--service", "0.9")["settings service"] == 0.9


def test_a_page_and_its_port_are_those_that_were_given(reached: Callable[..., dict[str, Any]]) -> None:
    assert reached("report", "given.csv", "--title", "Ours")["page title"] == "Ours"
    assert reached("dashboard", "other", "--ip", "::1", "--port", "8899")["tried"] == ("::1", 8899)
