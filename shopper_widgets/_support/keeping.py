"""Tables of lazy engines, evaluated once and kept where the data are.

A lazy frame is a query that has not run: each result that is computed from it runs the whole query again. A
kept frame has been evaluated, is stored within the engine's reach (for DuckDB and Polars in Parquet files of
a temporary folder), and is deleted when nothing refers to it any more.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys
import tempfile
import uuid
import weakref
from pathlib import Path
from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

logger = logging.getLogger(__name__)


def evaluated(frame: FrameT) -> FrameT:
    """Return a frame of the same rows that doesn't query its source again.

    Parameters
    ----------
    frame : Narwhals frame
        Eager frames, and those of engines that can't keep results, are returned unchanged.

    Returns
    -------
    Narwhals frame
        Of the same engine; frames derived from it keep the result alive.

    Examples
    --------
    >>> import polars as pl
    >>> asked = []
    >>> source = pl.LazyFrame({"order_id": ["1", "2"]}).map_batches(lambda f: asked.append(1) or f)
    >>> lines = evaluated(nw.from_native(source))
    >>> [len(lines.collect()) for _ in range(3)], len(asked)
    ([2, 2, 2], 1)
    """
    if not isinstance(frame, nw.LazyFrame):
        return frame
    keep = _KEEPERS.get(frame.implementation)
    return frame if keep is None else nw.from_native(keep(frame.to_native()))


def _file_of(owner: object) -> str:
    """Return a path for a file that is deleted together with its owner, or when Python ends."""
    folder = tempfile.mkdtemp(prefix="shopper-widgets-")
    weakref.finalize(owner, _remove, folder, os.getpid())
    return str(Path(folder) / "kept.parquet")


def _remove(folder: str, process: int) -> None:
    if os.getpid() == process:  # a forked process leaves the folder to its parent
        shutil.rmtree(folder, ignore_errors=True)


class _Owner:
    """An object that plans of Polars hold, and whose end deletes the file."""

    def as_they_are(self, rows: Any) -> Any:
        return rows


def _kept_by_polars(frame: Any) -> Any:
    polars: Any = sys.modules["polars"]  # a frame exists only after its engine was imported
    owner = _Owner()
    file = _file_of(owner)
    frame.sink_parquet(file, compression="lz4")
    # A plan holds its functions, and so the owner: the file exists as long as any frame that is made of this
    # one.
    return polars.scan_parquet(file).map_batches(
        owner.as_they_are,
        predicate_pushdown=True,
        projection_pushdown=True,
        slice_pushdown=True,
        streamable=True,
    )


def _kept_by_duckdb(relation: Any) -> Any:
    import pyarrow as pa

    # A relation holds the Arrow tables it is made of: the file exists as long as any relation made of this
    # one.
    owner = pa.table({"owner": [True]})
    file = _file_of(owner)
    types = zip(relation.columns, relation.types, strict=True)  # Parquet has neither ENUM nor HUGEINT
    columns = ", ".join(f"kept.{_quoted(name)}::{kind} AS {_quoted(name)}" for name, kind in types)
    path = file.replace("'", "''")
    # Only a relation knows its connection, and querying it leaves a view. DuckDB finds `owner` by its name.
    view = f"_kept_{uuid.uuid4().hex}"
    duckdb: Any = sys.modules["duckdb"]
    try:
        relation.write_parquet(file, compression="lz4")
        rows = relation.query(view, f"SELECT {columns} FROM read_parquet('{path}') AS kept, owner")
    except (duckdb.PermissionException, duckdb.CatalogException):
        logger.info("This DuckDB connection reads no files: each query is evaluated anew.")
        return relation
    finally:
        relation.query(view, f"DROP VIEW {view}")
    return rows


def _kept_by_spark(frame: Any) -> Any:
    # On a cluster the rows stay on the workers until Spark's own cleaner finds that no plan holds them.
    return frame.localCheckpoint()


def _kept_by_ibis(table: Any) -> Any:
    backend, name = table.get_backend(), f"kept_{uuid.uuid4().hex}"
    made = backend.create_table(name, table, temp=True)
    # When Python ends, the table is dropped with its connection.
    weakref.finalize(made.op(), _drop, backend, name).atexit = False
    return made


def _drop(backend: Any, name: str) -> None:
    sqlglot: Any = sys.modules["sqlglot"]  # Ibis writes SQL with it
    # drop_table is not used: the statement that Ibis 12 writes with sqlglot 30 lacks the name.
    query = f"DROP TABLE IF EXISTS {sqlglot.to_identifier(name, quoted=True).sql(backend.dialect)}"
    with contextlib.suppress(Exception):  # each has its own errors; a closed connection has no such table
        backend.raw_sql(query)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


_KEEPERS = {
    nw.Implementation.POLARS: _kept_by_polars,
    nw.Implementation.DUCKDB: _kept_by_duckdb,
    nw.Implementation.PYSPARK: _kept_by_spark,
    nw.Implementation.PYSPARK_CONNECT: _kept_by_spark,
    nw.Implementation.IBIS: _kept_by_ibis,
}
