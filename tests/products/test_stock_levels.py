"""Stock is read from a file or from a shop's database."""

import gzip
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Literal

import ibis
import numpy as np
import pandas as pd
import polars as pl
import pytest
import sqlalchemy

from shopper_widgets import AmbiguousDecimalError, DemandForecaster, read_stock, stock_plan
from shopper_widgets.orders.files.databases import read_database
from shopper_widgets.products.stock_levels import stock_levels
from tests.demand_shops import as_demand


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Path]:
    """Return a database whose codes are numbers, one of them missing."""
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
    with pytest.raises(ValueError, match=r"is a SQLite database, .* Its tables: shelf\."):
        read_stock(shelf)
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
    with pytest.raises(AmbiguousDecimalError, match=r"'1\.500' is 1\.5 with .*, 1500 with .* decimal="):
        read_stock(io.StringIO("product_id;on_hand\na;1.500\nb;3\n"))
    with pytest.raises(ValueError, match=r"one decimal mark: '2\.5' has a point, '1,5' a comma"):
        read_stock(io.StringIO("product_id;on_hand\na;1,5\nb;2.5\n"))


#: A German warehouse's file: semicolons, decimal commas, and points as thousands separators.
ERP = "product_id;on_hand;on_order;Lagerort\nkgröße;1.250,5;12\nb;-3;;Köln\nc;viele;0;\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_file_of_a_german_warehouse_is_read_without_being_told_how(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "bestand.csv"
    path.write_bytes(ERP.encode(encoding))
    for source in (path, str(path), io.BytesIO(path.read_bytes())):
        stock = read_stock(source)
        assert stock["on_hand"].tolist() == [1250.5, -3.0, "viele"]
        assert stock["on_order"].fillna(-1).tolist() == [12.0, -1.0, 0.0]
        assert stock["lagerort"].tolist()[1] == "Köln"
        kept, rejected = stock_levels(stock, ["KGRÖSSE", "KGRÖßE", "B", "C"])
        assert kept["on_hand"].dropna().tolist() == [1250.5, -3.0]
        assert rejected["reason"].tolist() == ["unreadable number"]


def test_what_can_be_read_in_two_ways_is_asked_about_and_the_answer_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "stock.csv"
    path.write_text("product_id;on_hand;pack\na;1.250;6\nb;2.500;12\n", encoding="utf-8")
    with pytest.raises(AmbiguousDecimalError) as asked:
        read_stock(path)
    assert (asked.value.point, asked.value.comma) in ((1.25, 1250.0), (2.5, 2500.0))
    answers: tuple[tuple[Literal[".", ","], list[float]], ...] = (
        (",", [1250.0, 2500.0]),
        (".", [1.25, 2.5]),
    )
    for decimal, found in answers:
        stock = read_stock(path, decimal=decimal)
        assert stock["on_hand"].tolist() == found
        # Once answered, the question isn't asked again when the table is used.
        assert stock_levels(stock, ["a", "b"])[0]["on_hand"].tolist() == found


@pytest.mark.parametrize("cell", ["0.250", "1.2500", "12,50", "1.250,5", "1.250.000", "1,250.5"])
def test_a_cell_that_can_be_read_in_one_way_proves_the_mark_of_all(cell: str) -> None:
    stock = read_stock(io.StringIO(f"product_id;on_hand\na;{cell}\nb;1.250\n"))
    comma = cell in ("12,50", "1.250,5", "1.250.000")
    assert stock["on_hand"].tolist()[1] == (1250.0 if comma else 1.25)


def test_a_mark_that_a_number_contradicts_and_an_encoding_that_is_none_are_refused(
    tmp_path: Path, shelf: Path
) -> None:
    with pytest.raises(ValueError, match=r"decimal must be the mark .* numbers; got ',' for '2\.5'"):
        read_stock(io.StringIO("product_id,on_hand\na,2.5\n"), decimal=",")
    with pytest.raises(ValueError, match="decimal must be one of"):
        read_stock(io.StringIO("product_id,on_hand\na,2\n"), decimal=";")  # type: ignore[arg-type]
    path = tmp_path / "stock.csv"
    path.write_bytes("product_id;on_hand\nö;1\n".encode("cp850"))
    assert read_stock(path, encoding="cp850")["product_id"].tolist() == ["ö"]
    with pytest.raises(ValueError, match="encoding='cp9' is not known"):
        read_stock(path, encoding="cp9")
    with pytest.raises(ValueError, match=r"stock\.csv is not text in encoding='utf-8'"):
        read_stock(path, encoding="utf-8")
    with pytest.raises(ValueError, match="encoding is that of a file: leave it out with a database"):
        read_stock(f"sqlite:///{shelf}", table="shelf", encoding="cp1252")


def test_texts_of_a_database_are_read_by_the_mark_that_is_given() -> None:
    with closing(sqlite3.connect(":memory:")) as shop:
        query = "SELECT 'a' AS product_id, '1.250' AS on_hand"
        assert read_stock(shop, query=query, decimal=",")["on_hand"].tolist() == [1250.0]
        with pytest.raises(AmbiguousDecimalError):
            read_stock(shop, query=query)


def test_a_packed_file_is_read_as_before(tmp_path: Path) -> None:
    path = tmp_path / "stock.csv.gz"
    path.write_bytes(gzip.compress(ERP.encode("cp1252")))
    assert read_stock(path)["on_hand"].tolist()[0] == 1250.5
