"""Orders are read from databases: from SQLite, and from a PostgreSQL that this test starts."""

import sqlite3
from contextlib import closing
from datetime import datetime

import adbc_driver_postgresql.dbapi as adbc
import duckdb
import ibis
import pandas as pd
import psycopg
import pytest
import sqlalchemy

from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.files.databases import read_database
from shopper_widgets.orders.reading import read_transactions
from shopper_widgets.products.stock_levels import read_stock
from tests.databases import postgres

COLUMNS = {
    "Bestellnr": "text",
    "Artikel": "text",
    "Name": "text",
    "Kunde": "bigint",
    "Zeit": "timestamp with time zone",
    "Menge": "integer",
    "Preis": "numeric(10, 2)",
}
ROWS = [
    ("R1", "00123", "Tasse, grün", 9007199254740993, "2024-06-30 23:30:00+00:00", 2, "3.50"),
    ("R1", "00124", "Löffel", 9007199254740993, "2024-06-30 23:30:00+00:00", 1, "1.25"),
    ("R2", "00123", "Tasse, grün", 7, "2024-12-31 12:00:00+00:00", 4, "3.50"),
    ("R3", "00123", None, None, "2024-12-31 12:00:00+00:00", -1, None),
]
MAPPED = dict(
    zip(
        ("order_id", "product_id", "product_name", "customer_id", "ordered_at", "quantity", "unit_price"),
        COLUMNS,
        strict=True,
    )
)
TABLE = 'shop "north".orders'


@pytest.fixture(scope="module")
def server():
    with postgres() as address:
        with psycopg.connect(**address) as connection:
            connection.execute('CREATE SCHEMA "shop ""north"""')
            columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
            connection.execute(f'CREATE TABLE "shop ""north""".orders ({columns})')
            marks = ", ".join(["%s"] * len(COLUMNS))
            with connection.cursor() as cursor:
                cursor.executemany(f'INSERT INTO "shop ""north""".orders VALUES ({marks})', ROWS)
        yield address


@pytest.fixture
def url(server):
    return f"postgresql+psycopg://{server['user']}@/{server['dbname']}?host={server['host']}"


def check(result, zone="UTC"):
    local = {"UTC": datetime(2024, 6, 30, 23, 30), "Europe/Berlin": datetime(2024, 7, 1, 1, 30)}[zone]
    assert isinstance(result, pd.DataFrame)
    assert result["order_id"].tolist() == ["R1", "R1", "R2", "R3"]
    assert result["product_id"].tolist() == ["00123", "00124", "00123", "00123"]
    assert result["customer_id"].tolist()[:3] == ["9007199254740993", "9007199254740993", "7"]
    assert result["ordered_at"].iloc[0] == local
    assert result["unit_price"].tolist()[:3] == [3.5, 1.25, 3.5]
    cleaned = clean_transactions(result)
    assert len(cleaned.transactions) + len(cleaned.rejected) == 4
    assert cleaned.transactions["amount"].sum() == 22.25


def test_postgres_through_sqlalchemy(url):
    engine = sqlalchemy.create_engine(url)
    check(read_transactions(engine, table=TABLE, columns=MAPPED))
    check(read_transactions(engine, table=TABLE, columns=MAPPED, timezone="Europe/Berlin"), "Europe/Berlin")
    with engine.connect() as connection:
        query = 'SELECT * FROM "shop ""north""".orders'
        check(read_transactions(connection, query=query, columns=MAPPED))
    engine.dispose()


def test_postgres_by_its_address(url):
    check(read_transactions(url, table=TABLE, columns=MAPPED))


def test_postgres_through_its_driver(server):
    with psycopg.connect(**server) as connection:
        check(read_transactions(connection, table=TABLE, columns=MAPPED))


def test_postgres_through_adbc(server):
    address = f"postgresql://{server['user']}@/{server['dbname']}?host={server['host']}"
    with closing(adbc.connect(address)) as connection:
        check(read_transactions(connection, table=TABLE, columns=MAPPED))


def test_postgres_through_ibis(server):
    connection = ibis.postgres.connect(host=server["host"], user=server["user"], database=server["dbname"])
    orders = connection.table("orders", database='shop "north"')
    result = read_transactions(orders, columns=MAPPED)
    check(result)
    connection.disconnect()


@pytest.fixture
def sqlite(tmp_path):
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        connection.execute(f"CREATE TABLE orders ({', '.join(COLUMNS)})")
        connection.executemany(f"INSERT INTO orders VALUES ({', '.join('?' * len(COLUMNS))})", ROWS)
        connection.commit()
        yield connection


def test_sqlite(sqlite, tmp_path):
    check(read_transactions(sqlite, table="orders", columns=MAPPED))
    check(
        read_transactions(sqlite, query="SELECT * FROM orders", columns=MAPPED, timezone="Europe/Berlin"),
        "Europe/Berlin",
    )
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path}/shop.db")
    check(read_transactions(engine, table="orders", columns=MAPPED))
    engine.dispose()
    check(read_transactions(f"sqlite:///{tmp_path}/shop.db", table="orders", columns=MAPPED))


def test_columns_may_be_named_in_the_query(sqlite):
    names = ", ".join(f'"{header}" AS {name}' for name, header in MAPPED.items())
    check(read_transactions(sqlite, query=f"SELECT {names} FROM orders"))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"query": "SELECT 1", "table": "orders"}, ValueError, "Give either query= or table="),
        ({"query": "SELECT FROM"}, ValueError, "The database refuses 'SELECT FROM': .*syntax error"),
        ({"query": "SELEKT"}, ValueError, "'SELEKT' gives no rows: it must be a SELECT"),
        ({"table": "none"}, ValueError, "The database refuses .*no such table: none"),
        ({"table": 'x"; DROP TABLE orders; --'}, ValueError, "no such table: x"),
        ({"query": "CREATE TABLE y (z)"}, ValueError, "gives no rows: it must be a SELECT"),
        ({"query": "DROP TABLE orders"}, ValueError, "gives no rows: it must be a SELECT"),
        ({"query": "/* SELECT */ DROP TABLE orders"}, ValueError, "gives no rows: it must be a SELECT"),
        ({"query": "SELECT 1; DROP TABLE orders"}, ValueError, "query must be one statement; got several"),
        ({"query": "WITH x AS (SELECT 1) DELETE FROM orders"}, ValueError, "refuses .*readonly database"),
        ({"query": "SELECT 1 AS a, 2 AS a"}, ValueError, "several columns called 'a'"),
        ({"query": "  "}, ValueError, "query must be text"),
    ],
)
def test_what_a_database_cannot_give(sqlite, options, error, message):
    with pytest.raises(error, match=message):
        read_transactions(sqlite, **options)
    assert sqlite.execute("SELECT count(*) FROM orders").fetchone() == (4,)


def test_a_query_may_hold_comments_and_signs_in_quotes(sqlite):
    query = """ -- all; of them
        (/* ; */ SELECT '; it''s' AS "a;b", count(*) AS n FROM orders) ; """
    for text in (query.replace("(/", "/").replace("orders)", "orders"), "VALUES (1)"):
        assert read_database(sqlite, text, None).num_rows == 1
    sqlite.execute("DELETE FROM orders")  # the connection writes again


@pytest.mark.parametrize("autocommit", [True, False])
def test_postgres_writes_nothing_for_a_query(server, autocommit):
    query = "WITH x AS (INSERT INTO shared VALUES (2) RETURNING *) SELECT * FROM x"
    with psycopg.connect(**server, autocommit=autocommit) as connection:
        connection.execute("CREATE TABLE shared AS SELECT 1 AS a")
        for writes in (query, "SELECT 1 AS a INTO other"):
            with pytest.raises(ValueError, match=r"refuses .*read-only transaction"):
                read_transactions(connection, query=writes)
        connection.execute("INSERT INTO shared VALUES (3)")  # the transaction is unchanged
        assert read_database(connection, "TABLE shared", None)["a"].to_pylist() == [1, 3]
        connection.execute("DROP TABLE shared")


def test_postgres_writes_nothing_for_other_drivers(server, url):
    address = f"postgresql://{server['user']}@/{server['dbname']}?host={server['host']}"
    with closing(adbc.connect(address)) as connection:
        for source in (url, connection):
            with pytest.raises(ValueError, match=r"refuses .*read-only transaction"):
                read_transactions(source, query="SELECT 1 AS a INTO other")


def test_duckdb_writes_nothing_for_a_query():
    with duckdb.connect() as shop:
        shop.execute("CREATE TABLE orders AS SELECT 1 AS a")
        with pytest.raises(ValueError, match=r"refuses .*read-only"):
            read_database(shop, "WITH x AS (SELECT 2 AS a) INSERT INTO orders FROM x", None)
        assert read_database(shop, None, "orders")["a"].to_pylist() == [1]


def test_errors_tell_the_address_of_a_database_without_its_password():
    told = {
        "postgresql+psycopg://me:secret@127.0.0.1:1/shop": r"me:\*\*\*@127.0.0.1:1/shop can't: .*refused.*",
        "postgresql+psycopg://127.0.0.1:1/shop?password=secret": r"127.0.0.1:1/shop\?\*\*\* can't: .*refused",
        "postgresql+psycopg://me:secret/shop": r"port must be a number; got '.*//me:\*\*\*/shop'",
        "postgresql+psycopg://me:a@secret@host/shop": "write an @ in a name or password as %40",
    }
    for url, message in told.items():
        with pytest.raises(ValueError, match=f"source .*{message}") as refused:
            read_transactions(url, table="orders")
        assert "secret" not in str(refused.value)
    for read in (read_transactions, read_stock):
        with pytest.raises((ValueError, OSError), match=r"me:\*\*\*@host/shop"):
            read("postgresql://me:secret@host/shop")


def test_a_query_of_what_is_no_database(tmp_path):
    with pytest.raises(TypeError, match="source must be a connection"):
        read_transactions(pd.DataFrame(), query="SELECT 1")
    with pytest.raises(ValueError, match="is no database's URL"):
        read_transactions("orders.csv", table="orders")
    with pytest.raises(ValueError, match="is no database's URL"):
        read_transactions("klingon://host/shop", table="orders")


@pytest.fixture(params=["sqlite", "duckdb"])
def file(request, tmp_path):
    path = tmp_path / "shop.db"
    opened = sqlite3.connect(path) if request.param == "sqlite" else duckdb.connect(path)
    with closing(opened) as connection:
        connection.execute("CREATE TABLE orders (order_id TEXT, product_id TEXT, customer_id TEXT)")
        connection.execute("INSERT INTO orders VALUES ('1', 'MUG', '007')")
        connection.execute("CREATE TABLE stock AS SELECT 1 AS n")
        connection.commit()
    return path


def test_the_file_of_a_database_is_read_by_query_or_table(file) -> None:
    rows = [{"order_id": "1", "product_id": "MUG", "customer_id": "007"}]
    assert read_database(str(file), None, "orders").to_pylist() == rows
    assert read_database(file, "SELECT * FROM orders", None).to_pylist() == rows
    with pytest.raises(ValueError, match="refuses"):
        read_database(file, "SELECT * FROM customers", None)


def test_the_file_of_a_database_is_no_table_and_says_which_it_has(file) -> None:
    with pytest.raises(
        ValueError, match=r"shop\.db is a .* database, .*--table, --query\).* orders, stock\."
    ):
        read_transactions(file)


def test_the_file_of_a_database_is_never_written(file) -> None:
    before = file.read_bytes()
    with pytest.raises(ValueError, match="refuses"):
        read_database(file, "WITH x AS (SELECT 1) INSERT INTO stock SELECT * FROM x", None)
    assert file.read_bytes() == before
    assert [p.name for p in file.parent.iterdir()] == ["shop.db"]


def test_the_file_of_a_database_that_cant_be_opened_is_told_in_words(file, tmp_path, monkeypatch) -> None:
    cut = tmp_path / "cut.db"
    cut.write_bytes(file.read_bytes()[:600])
    for source in (cut, str(cut)):
        with pytest.raises(ValueError, match=r"cut\.db is a .* database that can't be opened: .*\. Check"):
            read_transactions(source, table="orders")
        with pytest.raises(ValueError, match=r"cut\.db is a .* database that can't be opened"):
            read_transactions(source)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_database("~/shop.db", None, "stock").num_rows == 1


def test_a_locked_database_is_told_in_words(tmp_path) -> None:
    for name, connect, lock in (
        ("s.db", sqlite3.connect, "BEGIN EXCLUSIVE"),
        ("d.db", duckdb.connect, "CREATE TABLE t AS SELECT 1"),
    ):
        with closing(connect(tmp_path / name)) as other:
            other.execute("CREATE TABLE orders (order_id TEXT)")
            other.commit()
            other.execute(lock)
            with pytest.raises(ValueError, match=f"{name} is a .* that can't be opened: .*read a copy"):
                read_transactions(tmp_path / name)


def test_tables_of_another_schema_are_named_as_they_are_asked_for(tmp_path) -> None:
    with closing(duckdb.connect(tmp_path / "shop.db")) as shop:
        shop.execute("CREATE SCHEMA web; CREATE TABLE web.lines AS SELECT 1 AS n; CREATE TABLE stock (n INT)")
    with pytest.raises(ValueError, match=r"Its tables: stock, web\.lines\."):
        read_transactions(tmp_path / "shop.db")
    assert read_database(tmp_path / "shop.db", None, "web.lines").to_pylist() == [{"n": 1}]


def test_a_database_with_a_log_is_read_in_a_folder_that_takes_no_file(tmp_path, monkeypatch) -> None:
    folder = tmp_path / "read only"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "shop.db")) as shop:
        shop.execute("PRAGMA journal_mode=WAL")
        shop.execute("CREATE TABLE stock AS SELECT 1 AS n")
        shop.commit()
    connect = sqlite3.connect

    def refused(source, **options):
        if "immutable" in source:
            return connect(source, **options)
        return connect(f"{(tmp_path / 'none').as_uri()}?mode=ro", **options)  # as if without write access

    monkeypatch.setattr(sqlite3, "connect", refused)
    monkeypatch.setattr("os.access", lambda *_: False)
    assert read_database(folder / "shop.db", None, "stock").num_rows == 1
    (folder / "shop.db-wal").write_bytes(b"newer")
    with pytest.raises(ValueError, match="can't be opened: unable to open"):
        read_database(folder / "shop.db", None, "stock")


def test_a_file_that_is_none_of_a_database_is_told_so(tmp_path) -> None:
    (tmp_path / "orders.csv").write_text("order_id")
    for source in (tmp_path / "orders.csv", tmp_path / "nowhere.db"):
        with pytest.raises(ValueError, match=r"no file of SQLite or DuckDB that is there; got .*without"):
            read_database(source, None, "orders")


def test_texts_of_sqlite_are_read_in_whatever_encoding_they_were_written(tmp_path) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as shop:
        shop.execute("CREATE TABLE names (name TEXT)")
        shop.execute("INSERT INTO names VALUES (CAST(x'4b6ec3a4636b65' AS TEXT))")
        shop.execute("INSERT INTO names VALUES (CAST(x'4b6ee4636b65' AS TEXT))")
        shop.commit()
        with pytest.raises(ValueError, match=r"can't give the rows of 'SELECT \* FROM \"names\"'.*decode"):
            read_database(shop, None, "names")
    read = read_database(tmp_path / "shop.db", None, "names")
    assert read["name"].to_pylist() == ["Knäcke", "Knäcke"]
