"""Tables too large for memory: they are kept on disk and loaded page by page when they are read.

Such a table is used as any other pandas frame. Its columns are files mapped into memory: the system reads a
page when a value on it is needed, and drops the page when memory is needed for something else. The files have
no name any more: they are gone with the last frame that is made of them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

#: The memory that a table of an engine may take, in bytes; a larger table is kept on disk.
BUDGET = 2**29
#: Bytes that a text takes, roughly, with its offset; any other value takes eight.
_TEXT_BYTES = 32
#: Rows that are held in memory at a time while a table is written.
_BATCH = 2**18
#: Engines that write Parquet where Python reads it.
_LOCAL = (nw.Implementation.POLARS, nw.Implementation.DUCKDB)


def is_beyond_budget(frame: Any, rows: int | None = None) -> bool:
    """Return whether a table is to be kept on disk.

    Parameters
    ----------
    frame : Narwhals frame
        Frames of eager engines are in memory, and those of servers are loaded into it, whatever their size.
    rows : int, optional
        How many it has, if that is known.

    Examples
    --------
    >>> import polars as pl
    >>> is_beyond_budget(nw.from_native(pl.LazyFrame({"order_id": ["1", "2"]})))
    False
    """
    if not isinstance(frame, nw.LazyFrame) or frame.implementation not in _LOCAL:
        return False
    if rows is None:
        rows = int(frame.select(nw.len()).collect().item())
    width = sum(_TEXT_BYTES if kind == nw.String else 8 for kind in frame.collect_schema().values())
    return rows * width > BUDGET


def paged(frame: nw.LazyFrame[Any], categories: Mapping[str, pd.Index[Any]] | None = None) -> pd.DataFrame:
    """Return an engine's table as a pandas frame whose columns are on disk.

    Parameters
    ----------
    frame : narwhals.LazyFrame
        Of Polars or DuckDB, with rows in the final order. Nested columns, timestamps with a time zone, and
        integers, booleans or timestamps with missing values are loaded into memory.
    categories : mapping, optional
        Column of codes → its categories, by position from 0; a missing value is -1. It becomes categorical.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns, which take hardly any memory.

    Examples
    --------
    >>> import polars as pl
    >>> orders = pl.LazyFrame({"order_id": ["1", "2"], "amount": [2.5, 4.0], "country": [1, 0]})
    >>> paged(nw.from_native(orders), {"country": pd.Index(["France", "Spain"])})
      order_id  amount country
    0        1     2.5   Spain
    1        2     4.0  France
    """
    categories = categories or {}
    with tempfile.TemporaryDirectory(prefix="shopper-widgets-") as folder:
        written = Path(folder) / "written.parquet"
        frame.sink_parquet(written)
        with pq.ParquetFile(written) as file:
            columns = {
                name: _column(file, name, categories.get(name), Path(folder))
                for name in file.schema_arrow.names
            }
    return pd.DataFrame(columns, copy=False)


def _column(file: pq.ParquetFile, name: str, categories: pd.Index[Any] | None, folder: Path) -> Any:
    kind = file.schema_arrow.field(name).type
    if pa.types.is_large_string(kind) or pa.types.is_string(kind) or pa.types.is_string_view(kind):
        return _text(file, name, folder / "text.arrow")
    if categories is not None:
        codes = _numbers(file, name, folder / "numbers", np.dtype(_code_type(categories)))
        return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(categories), validate=False)
    moment = pa.types.is_timestamp(kind) and kind.tz is None  # NumPy has no time zones
    numeric = pa.types.is_integer(kind) or pa.types.is_boolean(kind) or moment
    if pa.types.is_floating(kind) or (numeric and _is_whole(file, name)):
        return _numbers(file, name, folder / "numbers", np.dtype(kind.to_pandas_dtype()))
    return file.read([name])[name].to_pandas()


def _code_type(categories: pd.Index[Any]) -> Any:
    """Return the type that pandas uses for codes of so many categories: any other would be copied."""
    return pd.Categorical.from_codes([], categories=categories).codes.dtype


def _is_whole(file: pq.ParquetFile, name: str) -> bool:
    """Whether the file says that no value of a column is missing."""
    place = file.schema_arrow.get_field_index(name)
    groups = (file.metadata.row_group(n).column(place).statistics for n in range(file.num_row_groups))
    return all(known is not None and known.has_null_count and known.null_count == 0 for known in groups)


def _numbers(file: pq.ParquetFile, name: str, path: Path, dtype: np.dtype[Any]) -> Any:
    with path.open("wb") as numbers:
        for batch in file.iter_batches(_BATCH, columns=[name]):
            batch.column(0).to_numpy(zero_copy_only=False).astype(dtype, copy=False).tofile(numbers)
    # Mode c (copy on write): a change of a value changes a private copy of its page.
    mapped = np.memmap(path, dtype, mode="c") if path.stat().st_size else np.empty(0, dtype)
    path.unlink()
    return np.asarray(mapped)


def _text(file: pq.ParquetFile, name: str, path: Path) -> Any:
    schema = pa.schema({name: pa.large_string()})  # the type that pandas uses, so that nothing is copied
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as texts:
        for batch in file.iter_batches(_BATCH, columns=[name]):
            texts.write(pa.record_batch([batch.column(0).cast(pa.large_string())], schema))
    mapped = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    path.unlink()
    return mapped[name].to_pandas(types_mapper={pa.large_string(): pd.StringDtype(na_value=np.nan)}.get)
