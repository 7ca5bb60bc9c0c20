"""Files that are databases of SQLite or DuckDB: recognized by their first bytes, whatever their names."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

_SQLITE, _DUCKDB = "SQLite", "DuckDB"
#: The most tables that are named where one has to be chosen.
_NAMED = 20
_TABLES = {
    _SQLITE: (
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite~_%' "
        "ESCAPE '~' ORDER BY name"
    ),
    # tables of another schema are named with the schema, as a query needs it
    _DUCKDB: (
        "SELECT CASE table_schema WHEN current_schema() THEN '' ELSE table_schema || '.' END || table_name "
        "AS name FROM information_schema.tables ORDER BY name"
    ),
}


def kind_of(data: bytes) -> str:
    """Return the kind of database of a file by its first bytes; ``""`` for none.

    Examples
    --------
    >>> kind_of(b"SQLite format 3" + bytes(1)), kind_of(b"order_id,product_id")
    ('SQLite', '')
    """
    if data.startswith(b"SQLite format 3\0"):
        return _SQLITE
    return _DUCKDB if data[8:12] == b"DUCK" else ""


def is_database(path: Path) -> bool:
    """Return whether a path is an existing file with a database.

    Examples
    --------
    >>> is_database(Path("nowhere.db"))
    False
    """
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return bool(kind_of(stream.read(16)))


def opened(path: str) -> Any:
    """Return a read-only connection to the database in a file; None if the file is not a database.

    Raises
    ------
    ValueError
        The database can't be opened: it is damaged or locked, or it is DuckDB's, and DuckDB is not installed.
    """
    file = Path(path).expanduser()
    if "://" in path or not file.is_file():
        return None
    with file.open("rb") as stream:
        kind = kind_of(stream.read(16))
    if not kind:
        return None
    try:
        return _sqlite(file) if kind == _SQLITE else _duckdb(file)
    except ImportError:
        raise ValueError(
            f"{file.name} is a DuckDB database, which needs DuckDB: pip install 'shopper-widgets[engines]'."
        ) from None
    except Exception as error:  # each library has its own classes of errors
        why = str(error).strip().partition("\n")[0].rstrip(".")
        raise ValueError(
            f"{file.name} is a {kind} database that can't be opened: {why}. Check that it is whole and that "
            "no other program has it open, or read a copy of it."
        ) from error


def refuse_database(name: str, path: Path, data: bytes) -> None:
    """Refuse a database that is read as a table of orders.

    Raises
    ------
    ValueError
        The message names the tables and says how to read one, or says why the database can't be opened.
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
    if (connection := opened(str(path))) is None:  # it is within an archive, for example
        return []
    kind = _SQLITE if isinstance(connection, sqlite3.Connection) else _DUCKDB
    with closing(connection):
        return [str(row[0]) for row in connection.execute(_TABLES[kind]).fetchall()]


def _sqlite(file: Path) -> sqlite3.Connection:
    try:
        return _read_only(file, "mode=ro")
    except sqlite3.OperationalError:
        # A database with a log can't be read in a folder without write access. Nobody writes it then, so it
        # is read as it is, unless a log is left that holds newer changes.
        if os.access(file.parent, os.W_OK) or Path(f"{file.resolve()}-wal").exists():
            raise
        return _read_only(file, "mode=ro&immutable=1")


def _read_only(file: Path, options: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?{options}", uri=True)
    connection.text_factory = _text
    try:
        connection.execute(_TABLES[_SQLITE]).fetchall()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _text(data: bytes) -> str:
    """Read a text, which SQLite keeps in the encoding in which it was given."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _duckdb(file: Path) -> Any:
    duckdb = import_module("duckdb")  # optional: users of DuckDB files have it

    return duckdb.connect(str(file), read_only=True)
