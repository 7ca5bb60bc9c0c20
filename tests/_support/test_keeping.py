"""Kept frames of lazy engines are evaluated once, have the same rows, and go with the last reference."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import ibis
import narwhals as nw
import polars as pl
import pytest

from shopper_widgets._support.keeping import evaluated


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder of temporary files; its name needs quoting."""
    path = tmp_path / "it's here"
    path.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(path))
    yield path
    gc.collect()
    assert not list(path.iterdir())


def kept(native: Any) -> Any:
    return evaluated(nw.from_native(native)).to_native()


def test_a_relation_of_duckdb_is_asked_once(folder: Path) -> None:
    connection = duckdb.connect()
    connection.execute("CREATE SEQUENCE asked")
    lines = kept(connection.sql("SELECT range AS line, nextval('asked') AS number FROM range(5)"))
    assert [lines.filter("line < 2").fetchall() for _ in range(3)] == [[(0, 1), (1, 2)]] * 3
    assert connection.sql("SELECT currval('asked')").fetchall() == [(5,)]
    assert not connection.sql("SELECT * FROM duckdb_views() WHERE NOT internal").fetchall()


def test_types_of_duckdb_stay(folder: Path) -> None:
    relation = duckdb.sql(
        """SELECT 'a'::ENUM('a', 'b') AS owner, sum(7) AS kept, 1.50::DECIMAL(10, 2) AS "the ""price"" of",
           [1] AS list, {'x': 1} AS struct, TIMESTAMP '2024-01-31 12:00' AS moment, NULL AS nothing"""
    )
    lines = kept(relation)
    assert (lines.columns, lines.types) == (relation.columns, relation.types)
    assert lines.fetchall() == relation.fetchall()


def test_a_frame_of_polars_is_asked_once_and_its_columns_are_not_all_read(folder: Path) -> None:
    asked: list[int] = []

    def read(rows: pl.DataFrame) -> pl.DataFrame:
        asked.append(1)
        return rows

    source = pl.LazyFrame({"line": range(5), "kind": pl.Series(list("abcab"), dtype=pl.Categorical)})
    lines = kept(source.map_batches(read))
    few = lines.filter(pl.col("line") < 2).select("line")
    assert [few.collect()["line"].to_list() for _ in range(3)] == [[0, 1]] * 3
    assert asked == [1]
    assert "PROJECT 1/2 COLUMNS" in few.explain()
    assert lines.collect_schema() == source.collect_schema()


@pytest.mark.parametrize("engine", [duckdb.from_arrow, lambda table: pl.from_arrow(table).lazy()])
def test_it_goes_with_the_last_frame_that_is_made_of_it(folder: Path, engine: Any) -> None:
    frame = nw.from_native(kept(engine(pl.DataFrame({"line": range(5)}).to_arrow())))
    made = frame.filter(nw.col("line") < 2).with_columns(twice=nw.col("line") * 2)
    del frame
    gc.collect()
    assert len(list(folder.iterdir())) == 1
    assert made.collect()["twice"].to_list() == [0, 2]
    del made
    gc.collect()
    assert not list(folder.iterdir())


def test_a_fork_that_ends_leaves_it_to_its_parent(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = kept(pl.LazyFrame({"line": [1]}))
    monkeypatch.setattr(os, "getpid", lambda: -1)
    del lines
    gc.collect()
    (left,) = folder.iterdir()
    shutil.rmtree(left)


@pytest.mark.parametrize("setting", ["enable_external_access", "python_enable_replacements"])
def test_a_connection_that_reads_no_files_is_asked_each_time(folder: Path, setting: str) -> None:
    connection = duckdb.connect(config={setting: "false"})
    assert kept(connection.sql("SELECT 1 AS line")).fetchall() == [(1,)]


def test_a_table_of_ibis_goes_with_the_last_expression_that_is_made_of_it(tmp_path: Path) -> None:
    pl.DataFrame({"line": range(5)}).write_parquet(tmp_path / "lines.parquet")
    connection = ibis.duckdb.connect()
    lines = kept(connection.read_parquet(tmp_path / "lines.parquet"))
    tables = "SELECT count(*) FROM duckdb_tables()"
    few = lines.filter(lines.line < 2)
    del lines
    gc.collect()
    assert connection.raw_sql(tables).fetchall() == [(1,)]
    assert few.to_pyarrow()["line"].to_pylist() == [0, 1]
    del few
    gc.collect()
    assert connection.raw_sql(tables).fetchall() == [(0,)]


def test_an_eager_frame_is_what_it_is() -> None:
    frame = nw.from_native(pl.DataFrame({"line": [1]}))
    assert evaluated(frame) is frame
