"""Parquet files opened by an engine, which leaves the lines where they are."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Callable, Sequence
from importlib import import_module, util
from pathlib import Path
from typing import Any

from shopper_widgets._support.locale import gettext
from shopper_widgets.orders.files.opening import table_paths

#: Files with more lines than this, which take pandas some two gigabytes, go to DuckDB, if it is installed.
AUTO_LINES = 5_000_000
#: The memory that an engine may take for a query before it spills to disk, in megabytes.
MEMORY_MB = 2_000


def _by_duckdb(duckdb: Any, files: Sequence[str]) -> Any:
    # Without a folder, DuckDB would spill into the current one. It makes this folder itself, and removes it.
    spill = Path(tempfile.gettempdir()) / f"shopper-widgets-{uuid.uuid4().hex}"
    settings = {"memory_limit": f"{MEMORY_MB}MB", "temp_directory": str(spill)}
    return duckdb.connect(config=settings).read_parquet(list(files), union_by_name=True)


def _by_polars(polars: Any, files: Sequence[str]) -> Any:
    return polars.scan_parquet(list(files), missing_columns="insert")


def _by_spark(sql: Any, files: Sequence[str]) -> Any:
    return sql.SparkSession.builder.getOrCreate().read.option("mergeSchema", "true").parquet(*files)


#: Engine → the module that is imported, and the function that opens files.
_OPENERS: dict[str, tuple[str, Callable[[Any, Sequence[str]], Any]]] = {
    "duckdb": ("duckdb", _by_duckdb),
    "polars": ("polars", _by_polars),
    "spark": ("pyspark.sql", _by_spark),
}
#: The engines that a caller can name.
ENGINES = ("auto", "pandas", *_OPENERS)


def opened_on(engine: str, source: str, notes: list[str]) -> Any | None:
    """Open Parquet files on an engine.

    Parameters
    ----------
    engine : {"auto", "pandas", "duckdb", "polars", "spark"}
        ``"auto"`` is DuckDB for more than 5 million lines, else pandas.
    source : str
        A file, a folder, a glob pattern, or a database's URL.
    notes : list of str
        Collects notes.

    Returns
    -------
    frame or None
        None if :func:`~shopper_widgets.read_transactions` is to read the source into pandas.

    Raises
    ------
    ValueError
        The engine isn't installed, or the source isn't Parquet files.
    """
    if engine == "pandas":
        return None
    files = [] if "://" in source else [path for path, _ in table_paths(source)]
    if not files or not all(map(_is_parquet, files)):
        if engine == "auto":
            return None
        raise ValueError(f"engine={engine!r} opens Parquet files, and {source} is something else.")
    if engine == "auto":
        if util.find_spec("duckdb") is None or _lines(files) <= AUTO_LINES:
            return None
        engine = "duckdb"
    module, opener = _OPENERS[engine]
    if util.find_spec(module.partition(".")[0]) is None:
        extra = "spark" if engine == "spark" else "engines"
        raise ValueError(f"engine={engine!r} is not installed: pip install 'shopper-widgets[{extra}]'.")
    if len(files) > 1:
        notes.append(
            gettext(
                "{number} files on {engine}: lines that stand in several of them count each time.",
                number=len(files),
                engine=engine,
            )
        )
    # Polars reads this at its first import; a value that the user has set stays.
    os.environ.setdefault("POLARS_OOC_MEMORY_BUDGET_MB", str(MEMORY_MB))
    return opener(import_module(module), [str(path) for path in files])


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _lines(files: Sequence[Path]) -> int:
    import pyarrow.parquet as pq

    return sum(int(pq.read_metadata(path).num_rows) for path in files)
