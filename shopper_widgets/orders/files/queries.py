"""Queries of a shop's database, which only read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

# Comments and quoted texts: nothing in them is a word or a sign of SQL.
_NO_SQL = re.compile(
    r"""--[^\n]*|/\*.*?\*/|(?<![\w$])(?P<tag>\$(?:[^\W\d]\w*)?\$).*?(?P=tag)"""
    r"""|\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`""",
    re.DOTALL,
)
_READS = re.compile(r"[\s(]*(?:SELECT|WITH|VALUES|TABLE)\b", re.IGNORECASE)
_POINT = "shopper_widgets"


def check_query(query: str) -> None:
    """Refuse anything but a single query, before a database gets it.

    Examples
    --------
    >>> check_query("SELECT * FROM orders -- all of them;")
    >>> check_query("DROP TABLE orders")
    Traceback (most recent call last):
    ValueError: query 'DROP TABLE orders' gives no rows: it must be a SELECT (or WITH, VALUES or TABLE).
    """
    bare = _NO_SQL.sub(" ", query).rstrip("; \t\r\n")
    if ";" in bare:
        raise ValueError(f"query must be one statement; got several: {query!r}.")
    if not _READS.match(bare):
        raise ValueError(f"query {query!r} gives no rows: it must be a SELECT (or WITH, VALUES or TABLE).")


@contextmanager
def read_only(cursor: Any, database: str) -> Iterator[None]:
    """Make a database refuse writes, if it can; afterwards its connection is as before.

    A query can write, too: by a function that it calls, or in its WITH.

    Parameters
    ----------
    cursor : cursor
        A cursor of the connection.
    database : str
        Text that shows its kind: the name of its dialect, maker or driver.

    Examples
    --------
    >>> import sqlite3
    >>> shop = sqlite3.connect(":memory:")
    >>> with read_only(shop.cursor(), "sqlite"):
    ...     shop.execute("CREATE TABLE orders (order_id)")
    Traceback (most recent call last):
    sqlite3.OperationalError: attempt to write a readonly database
    >>> shop.close()
    """
    after = _begun(cursor, database)
    try:
        yield
    finally:
        with suppress(Exception):  # the connection is lost, and the error of the query says so
            for statement in after:
                cursor.execute(statement)


def _begun(cursor: Any, database: str) -> list[str]:
    """Start to read only; return the statements that end this."""
    if re.search("sqlite", database, re.IGNORECASE):
        before = cursor.execute("PRAGMA query_only") and cursor.fetchone()
        cursor.execute("PRAGMA query_only = ON")
        return [] if before and before[0] else ["PRAGMA query_only = OFF"]
    if re.search("duckdb", database, re.IGNORECASE):  # its cursors are separate connections
        cursor.execute("BEGIN TRANSACTION READ ONLY")
        return ["ROLLBACK"]
    if not re.search("postgres|psycopg|pg8000", database, re.IGNORECASE):
        return []
    try:
        # Within a transaction of the caller, everything after a savepoint can be read-only until its release.
        cursor.execute(f"SAVEPOINT {_POINT}")
        after = [f"ROLLBACK TO SAVEPOINT {_POINT}", f"RELEASE SAVEPOINT {_POINT}"]
    except Exception:  # there is no transaction; each library has its own error for it
        cursor.execute("BEGIN")
        after = ["ROLLBACK"]
    cursor.execute("SET TRANSACTION READ ONLY")
    return after
