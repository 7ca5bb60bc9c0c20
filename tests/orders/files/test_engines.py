"""Parquet files are opened by the requested engine, or by one that suits their size."""

import tempfile
from importlib import util
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

from shopper_widgets.orders.files import engines
from shopper_widgets.publish.parameters import ReportParameters


@pytest.fixture
def folder(tmp_path: Path, small_shop: pd.DataFrame) -> Path:
    for n, half in enumerate((small_shop[::2], small_shop[1::2])):
        half.to_parquet(tmp_path / f"{n}.parquet", index=False)
    return tmp_path


@pytest.mark.parametrize(
    ("engine", "kind"),
    [("duckdb", duckdb.DuckDBPyRelation), ("polars", pl.LazyFrame), ("pandas", type(None))],
)
def test_the_engine_that_is_asked_for(folder: Path, engine: str, kind: type) -> None:
    notes: list[str] = []
    assert isinstance(engines.opened_on(engine, str(folder / "0.parquet"), notes), kind)
    assert not notes


def test_auto_is_duckdb_for_more_lines_than_suit_pandas(
    folder: Path, small_shop: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(most: int, source: str) -> Any:
        monkeypatch.setattr(engines, "AUTO_LINES", most)
        return engines.opened_on("auto", source, [])

    lines = len(small_shop)
    assert opened(lines, str(folder)) is None
    assert len(opened(lines - 1, str(folder))) == lines
    assert len(opened(lines - 1, str(folder / "*.parquet"))) == lines
    (folder / "more.csv").write_text("order_id\n1\n")
    assert opened(lines - 1, str(folder)) is None
    assert opened(0, "sqlite:///shop.db") is None


def test_an_engine_that_cannot_open_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "more.csv").write_text("order_id\n1\n")
    for source in (str(folder / "more.csv"), "sqlite:///shop.db"):
        with pytest.raises(ValueError, match=r"^engine='polars' opens Parquet files, and .* is something"):
            engines.opened_on("polars", source, [])
    monkeypatch.setattr(util, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match=r"^engine='spark' is not installed: .*shopper-widgets\[spark\]"):
        engines.opened_on("spark", str(folder / "0.parquet"), [])


def test_a_report_has_the_same_figures_on_each_engine(tmp_path: Path, small_shop: pd.DataFrame) -> None:
    small_shop.to_parquet(tmp_path / "orders.parquet", index=False)
    found, expected = (
        ReportParameters.check(
            data=str(tmp_path / "orders.parquet"), engine=engine, n_clusters=2, stability_budget=0
        ).fit()
        for engine in ("duckdb", "pandas")
    )
    pd.testing.assert_frame_equal(found.customers, expected.customers, rtol=0, atol=0.005)
    assert found.source == expected.source


def test_files_that_may_overlap_on_an_engine_are_told_of(folder: Path) -> None:
    notes: list[str] = []
    engines.opened_on("duckdb", str(folder), notes)
    assert notes == ["2 files on duckdb: lines that stand in several of them count each time."]


def test_duckdb_lays_aside_what_takes_much_memory_where_temporary_files_go(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    relation = engines.opened_on("duckdb", str(folder), [])
    assert relation is not None
    settings = relation.query("", "SELECT current_setting('memory_limit'), current_setting('temp_directory')")
    limit, place = settings.fetchone() or ("", "")
    assert (limit, Path(place).parent, Path(place).exists()) == ("1.8 GiB", tmp_path, False)
