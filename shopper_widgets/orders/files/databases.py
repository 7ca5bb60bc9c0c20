"""Reading a table or the result of a query from the database where a shop keeps its orders.

Every Python library for databases has cursors (PEP 249); SQLAlchemy's connections contain one. ADBC's cursors
give Arrow tables, the others rows.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

from shopper_widgets._support.checks import plain
from shopper_widgets.orders.cells.arrow import arrow_column
from shopper_widgets.orders.files.database_files import opened
from shopper_widgets.orders.files.database_urls import engine_of, masked
from shopper_widgets.orders.files.queries import check_query, read_only

if TYPE_CHECKING:
    import pyarrow as pa

# Rows that are turned into Arrow at a time.
_BATCH = 50_000


def read_database(source: Any, query: str | None, table: str | None) -> pa.Table:
    """Return the rows of a query or of a table.

    Parameters
    ----------
    source : connection, engine or text
        A connection of any library that follows PEP 249 (``sqlite3``, ``psycopg``, ADBC's…), an engine or
        connection of SQLAlchemy, the URL of a database, which SQLAlchemy opens, the path of a file of SQLite
        or DuckDB, or a table of Ibis.
    query, table : str
        One of them; neither for a table of Ibis. A table may have its schema: ``"shop.order_items"``.

    Raises
    ------
    ValueError
        Both or neither is given, or the database can't be reached, or refuses the query.
    TypeError
        The source is no database.

    Examples
    --------
    >>> import sqlite3
    >>> shop = sqlite3.connect(":memory:")
    >>> _ = shop.execute("CREATE TABLE orders AS SELECT '007' AS order_id, 2 AS quantity")
    >>> read_database(shop, None, "orders").to_pylist()
    [{'order_id': '007', 'quantity': 2}]
    >>> shop.close()
    """
    if is_ibis(source) and query is table is None:
        return source.to_pyarrow()
    if (query is None) == (table is None):
        raise ValueError(f"Give either query= or table=; got query={query!r}, table={table!r}.")
    for name, value in (("query", query), ("table", table)):
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise ValueError(f"{name} must be text; got {plain(value)!r}.")
    if query is not None:
        check_query(query)
    if isinstance(source, str | os.PathLike):
        if (file := opened(os.fspath(source))) is not None:
            with closing(file):
                return read_database(file, query, table)
        engine = engine_of(os.fspath(source))
        try:
            return read_database(engine, query, table)
        finally:
            engine.dispose()
    if hasattr(source, "raw_connection"):  # SQLAlchemy's engine: closing returns the connection to its pool
        with closing(_connected(source)) as connection:
            return _rows(connection, query or f"SELECT * FROM {_quoted(table, source)}", _kind(source))
    if hasattr(source, "exec_driver_sql"):
        return _rows(source.connection, query or f"SELECT * FROM {_quoted(table, source)}", _kind(source))
    if hasattr(source, "cursor"):
        return _rows(source, query or f"SELECT * FROM {_quoted(table, source)}", _kind(source))
    raise TypeError(
        "query= and table= are for databases: source must be a connection (of sqlite3, psycopg, ADBC…), an "
        f"engine or connection of SQLAlchemy, a database's URL or file; got {type(source).__name__}."
    )


def is_ibis(source: Any) -> bool:
    """Say whether this is a table of Ibis, without importing it."""
    return type(source).__module__.startswith("ibis.") and hasattr(source, "to_pyarrow")


def _connected(engine: Any) -> Any:
    try:
        return engine.raw_connection()
    except Exception as error:  # each library has its own classes of errors
        where = masked(engine.url.render_as_string(hide_password=True))
        raise ValueError(
            f"source must be a database that can be reached; {where} can't: {_first_line(error)}. Check that "
            "it runs, and the host, port, user and password."
        ) from error


def _rows(connection: Any, query: str, kind: str) -> pa.Table:
    import pyarrow as pa

    with closing(connection.cursor()) as cursor, read_only(cursor, kind):
        try:
            cursor.execute(query)
        except Exception as error:  # each library has its own classes of errors
            raise ValueError(f"The database refuses {query!r}: {_first_line(error)}") from error
        for fetch in ("to_arrow_table", "fetch_arrow_table"):  # the names in DuckDB and in ADBC
            if hasattr(cursor, fetch):
                return getattr(cursor, fetch)()
        if cursor.description is None:
            raise ValueError(f"{query!r} gives no rows: it must be a SELECT.")
        names = [str(column[0]) for column in cursor.description]
        if len(set(names)) < len(names):
            double = next(name for name in names if names.count(name) > 1)
            raise ValueError(
                f"{query!r} gives several columns called {double!r}: name each differently, with AS."
            )
        columns: list[list[Any]] = [[] for _ in names]
        for rows in _batches(cursor, query):
            for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
                column.extend(cells)
    return pa.table({name: arrow_column(column) for name, column in zip(names, columns, strict=True)})


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _batches(cursor: Any, query: str) -> Iterator[list[Any]]:
    try:
        while rows := cursor.fetchmany(_BATCH):
            yield rows
    except Exception as error:  # such as a text in another encoding, or a lost connection
        raise ValueError(f"The database can't give the rows of {query!r}: {_first_line(error)}") from error


def _quoted(table: str | None, source: Any) -> str:
    """Quote a table's name, so that the database takes it for a name, whatever characters it has."""
    mark = "`" if re.search("mysql|mariadb", _kind(source), re.IGNORECASE) else '"'
    return ".".join(f"{mark}{part.replace(mark, mark * 2)}{mark}" for part in str(table).strip().split("."))


def _kind(source: Any) -> str:
    """Return a name that shows the kind of a database: of its dialect, its maker or its driver."""
    if hasattr(source, "adbc_get_info"):
        return str(source.adbc_get_info().get("vendor_name"))
    return str(getattr(getattr(source, "dialect", None), "name", type(source).__module__))
