"""Files that are databases, SQLite's and DuckDB's: told by how they begin, whatever they are called."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

_SQLITE, _DUCKDB = "SQLite", "DuckDB"
#: So many tables are named where one has to be chosen.
_NAMED = 20


def kind_of(data: bytes) -> str:
    """Return which database a file is, by its first bytes; ``""`` for none.

    Examples
    --------
    >>> kind_of(b"SQLite format 3" + bytes(1)), kind_of(b"order_id,product_id")
    ('SQLite', '')
    """
    if data.startswith(b"SQLite format 3\0"):
        return _SQLITE
    return _DUCKDB if data[8:12] == b"DUCK" else ""


def opened(path: str) -> Any:
    """Return a connection to the database in a file, which can't write to it; None where it is no database.

    Raises
    ------
    ValueError
        It is DuckDB's, which is not installed.
    """
    file = Path(path)
    if "://" in path or not file.is_file():
        return None
    with file.open("rb") as stream:
        kind = kind_of(stream.read(16))
    if kind == _SQLITE:
        connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        connection.text_factory = _text
        return connection
    return _duckdb(file) if kind == _DUCKDB else None


def refuse_database(name: str, path: Path, data: bytes) -> None:
    """Refuse a database that is read as a table of orders.

    Raises
    ------
    ValueError
        It names the tables, and says how to read one.
    """
    if not (kind := kind_of(data)):
        return
    tables = _tables(path)
    named = f" Its tables: {', '.join(tables[:_NAMED])}{', …' if tables[_NAMED:] else ''}." if tables else ""
    raise ValueError(
        f"{name} is a {kind} database, not a table: say which lines to read of it, with table= or query= "
        f"(--table, --query).{named}"
    )


def _tables(path: Path) -> list[str]:
    try:
        connection = opened(str(path))
    except ValueError:
        return []
    if connection is None:  # within an archive, say
        return []
    with closing(connection):
        asked = (
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite~_%' "
            "ESCAPE '~' ORDER BY name"
            if isinstance(connection, sqlite3.Connection)
            else "SELECT table_name FROM information_schema.tables ORDER BY table_name"
        )
        return [str(row[0]) for row in connection.execute(asked).fetchall()]


def _text(data: bytes) -> str:
    """Read a text, which SQLite keeps in whatever encoding it was given."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _duckdb(file: Path) -> Any:
    try:
        import duckdb
    except ImportError:
        raise ValueError(
            f"{file.name} is a DuckDB database, which needs DuckDB: pip install 'shopper-widgets[engines]'."
        ) from None
    return duckdb.connect(str(file), read_only=True)
