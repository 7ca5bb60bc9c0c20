"""Stock comes from a file or from where a shop keeps it."""

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import polars as pl
import pytest
import sqlalchemy

from shopper_widgets import DemandForecaster, read_stock, stock_plan
from shopper_widgets.orders.files.databases import read_database
from shopper_widgets.products.stock_levels import stock_levels
from tests.demand_shops import as_demand


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Path]:
    """A database whose codes are numbers, one of them missing."""
    path = tmp_path / "shelf.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE shelf (PRODUCT_ID integer, On_Hand numeric, pack integer, aisle text)")
        rows = [(9007199254740993, 3, 6, "A"), (7, 12, None, "B"), (None, 1, 1, "C")]
        database.executemany("INSERT INTO shelf VALUES (?, ?, ?, ?)", rows)
    yield path


def test_stock_is_read_from_any_kind_of_database(shelf: Path) -> None:
    products = ["7", "9007199254740993"]
    query = "SELECT product_id, on_hand, pack FROM shelf"
    engine = sqlalchemy.create_engine(f"sqlite:///{shelf}")
    try:
        with closing(sqlite3.connect(shelf)) as connection:
            sources = [
                read_stock(connection, query=query),
                read_stock(connection, table="shelf"),
                read_stock(engine, table="shelf"),
                read_stock(f"sqlite:///{shelf}", query=query),
                read_stock(ibis.memtable(read_database(connection, None, "shelf"))),
            ]
    finally:
        engine.dispose()
    for frame in sources:
        kept, rejected = stock_levels(frame, products)
        assert kept["on_hand"].tolist() == [12.0, 3.0]
        assert kept["pack"].fillna(0).tolist() == [0.0, 6.0]
        assert rejected["reason"].tolist() == ["missing product"]


def test_numbers_of_any_kind_that_databases_give_are_read() -> None:
    frame = pd.DataFrame({"product_id": ["a", "b"], "on_hand": [Decimal("3.5"), None]})
    kept, rejected = stock_levels(frame, ["a", "b"])
    assert kept["on_hand"].fillna(-1).tolist() == [3.5, -1]
    assert rejected["reason"].tolist() == ["unreadable number"]


def test_a_plan_of_what_a_database_holds(tmp_path: Path) -> None:
    demand = as_demand(np.full((2, 20), 4))
    with closing(sqlite3.connect(tmp_path / "s.db")) as database:
        database.execute("CREATE TABLE s AS SELECT 'p0001' AS product_id, 2 AS on_hand")
        stock = read_stock(database, table="s")
    plan = stock_plan(DemandForecaster().fit(demand), stock, lead_time=7)
    assert plan["on_hand"].fillna(-1).tolist() == [-1, 2]
    assert plan["order_quantity"][1] == plan["order_up_to"][1] - 2


def test_what_is_no_stock_is_said(shelf: Path) -> None:
    with pytest.raises(ValueError, match="is a database: give query= or table= with it"):
        read_stock(f"sqlite:///{shelf}")
    with pytest.raises(ValueError, match="The database refuses 'SELECT nothing'"):
        read_stock(f"sqlite:///{shelf}", query="SELECT nothing")
    with pytest.raises(TypeError, match="source must be a connection"):
        read_stock(pd.DataFrame(), query="SELECT 1")


def test_a_separator_at_a_lines_end_shifts_no_column() -> None:
    text = "product_id,on_hand,on_order,pack\n1001,1002,3,6,\n1002,4,5,6, ,\n7,8\n"
    kept, rejected = stock_levels(read_stock(io.StringIO(text)), ["1001", "1002", "7"])
    assert kept["on_hand"].tolist() == [1002.0, 4.0, 8.0] and kept["pack"].tolist()[:2] == [6.0, 6.0]
    assert rejected.empty
    with pytest.raises(ValueError, match="a line has 3 cells under 2 headers: 1001, 1, 234"):
        read_stock(io.StringIO("product_id,on_hand\n1001,1,234\n"))


def test_columns_of_one_name_are_refused_in_a_sentence() -> None:
    told = "stock must have one column on_hand, whatever its capitals; it has 'On_hand' and 'on_hand'"
    with pytest.raises(ValueError, match=told):
        read_stock(io.StringIO("product_id,On_hand,on_hand\n1,2,3\n"))
    with pytest.raises(ValueError, match=told):
        stock_levels(pd.DataFrame([[1, 2, 3]], columns=["product_id", "On_hand", "on_hand"]), ["1"])
    with closing(sqlite3.connect(":memory:")) as shop, pytest.raises(ValueError, match="'Product_ID'"):
        read_stock(shop, query='SELECT 1 AS product_id, 2 AS "Product_ID", 3 AS on_hand')
    notes = read_stock(io.StringIO("product_id,on_hand,note,Note\n1,2,a,b\n"))
    assert notes["note"].tolist() == ["a"]


def test_codes_in_frames_are_those_of_databases() -> None:
    for frame in (
        pd.DataFrame({"Product_ID": [7.0, None], " On_Hand": [1, 2]}),
        pl.DataFrame({"Product_ID": [7.0, None], "On_Hand": [1, 2]}),
    ):
        kept, rejected = stock_levels(frame, ["7"])
        assert kept["on_hand"].tolist() == [1.0] and rejected["reason"].tolist() == ["missing product"]
    with closing(sqlite3.connect(":memory:")) as shop, pytest.raises(ValueError, match=r"bytes \(a BLOB\)"):
        read_stock(shop, query="SELECT x'ff01' AS product_id, 2 AS on_hand")
    with pytest.raises(ValueError, match=r"bytes \(a BLOB\)"):
        stock_levels(pd.DataFrame({"product_id": [b"a"], "on_hand": [1]}), ["a"])


def test_numbers_are_read_by_the_decimal_mark_that_some_prove() -> None:
    text = "product_id;on_hand;unit_cost\na;1.500;2,50 €\nb;-3;\nc;1,5;n/a?\n"
    kept, rejected = stock_levels(read_stock(io.StringIO(text)), ["a", "b", "c"])
    assert kept["on_hand"].fillna(0).tolist() == [1500.0, -3.0, 0.0] and kept["unit_cost"][0] == 2.5
    assert rejected["reason"].tolist() == ["unreadable number"]
    read = stock_levels(
        pd.DataFrame({"product_id": ["a", "b"], "on_hand": ["1,500", 2.5], "pack": "0.5"}), ["a"]
    )
    assert read[0]["on_hand"].tolist() == [1500.0]
    with pytest.raises(ValueError, match=r"'1\.500' is 1\.5 or 1500, and no other number proves which"):
        read_stock(io.StringIO("product_id;on_hand\na;1.500\nb;3\n"))
    with pytest.raises(ValueError, match=r"one decimal mark: '2\.5' has a point, '1,5' a comma"):
        read_stock(io.StringIO("product_id;on_hand\na;1,5\nb;2.5\n"))
