"""In memory, each distinct text is parsed once; for a lazy engine, parsing only adds to the query."""

import duckdb
import narwhals as nw
import polars as pl
import pyarrow as pa
import pytest

from shopper_widgets.orders.cells.distinct import TIMES, Cells

TABLE = pa.table({"size": ["S", None, "L", "S"], "n": [1, 2, 3, 4]})


def lower(frame):
    return frame.with_columns(nw.col("size").str.to_lowercase())


def test_a_text_is_looked_at_once():
    cells = Cells(nw.from_native(TABLE))
    assert cells.values("size")["size"].to_list() == ["S", "L"]
    assert cells.values("n")["n"].to_list() == [1, 2, 3, 4]
    assert (cells.filled("size"), cells.filled("n")) == (3, None)
    cells.rewrite("size", lower)
    assert cells.frame().to_native().to_pydict() == {"size": ["s", None, "l", "s"], "n": [1, 2, 3, 4]}


@pytest.mark.parametrize("engine", [lambda table: pl.from_arrow(table).lazy(), duckdb.from_arrow])
def test_a_lazy_engine_stays_lazy(engine):
    cells = Cells(nw.from_native(engine(TABLE)))
    cells.rewrite("size", lower)
    assert isinstance(cells.values("size"), nw.LazyFrame)
    assert cells.filled("size") is None
    assert cells.frame().collect().sort("n")["size"].to_list() == ["s", None, "l", "s"]


def test_a_text_comes_once_with_the_rows_it_stands_in():
    cells = Cells(nw.from_native(TABLE))
    cells.rewrite("size", lower)
    assert cells.counted("size").to_native().to_pydict() == {"size": ["s", "l"], TIMES: [2, 1]}
    assert cells.counted("n")[TIMES].to_list() == [1, 1, 1, 1]


def test_a_lazy_engine_counts_row_by_row():
    counted = Cells(nw.from_native(duckdb.from_arrow(TABLE))).counted("size")
    assert isinstance(counted, nw.LazyFrame)
    assert sorted(counted.collect().drop_nulls()["size"].to_list()) == ["L", "S", "S"]
    assert counted.collect()[TIMES].to_list() == [1, 1, 1, 1]


@pytest.mark.parametrize("rows", [0, 2])
def test_a_column_without_any_text(rows):
    cells = Cells(nw.from_native(pa.table({"size": pa.nulls(rows, pa.string())})))
    cells.rewrite("size", lower)
    assert cells.filled("size") == 0
    assert cells.frame()["size"].to_list() == [None] * rows
