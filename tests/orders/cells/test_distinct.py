"""Each distinct text is looked at once in memory, and a lazy engine's query only grows."""

import duckdb
import narwhals as nw
import polars as pl
import pyarrow as pa
import pytest

from shopper_widgets.orders.cells.distinct import Cells

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


@pytest.mark.parametrize("rows", [0, 2])
def test_a_column_without_any_text(rows):
    cells = Cells(nw.from_native(pa.table({"size": pa.nulls(rows, pa.string())})))
    cells.rewrite("size", lower)
    assert cells.filled("size") == 0
    assert cells.frame()["size"].to_list() == [None] * rows
