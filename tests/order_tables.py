"""Small made-up shops on every engine, and results that don't depend on the engine."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import duckdb
import narwhals as nw
import narwhals.selectors as ncs
import pandas as pd
import polars as pl
import pyarrow as pa

ENGINES: dict[str, Callable[[pd.DataFrame], Any]] = {
    "pandas": lambda frame: frame,
    "polars": pl.from_pandas,
    "polars-lazy": lambda frame: pl.from_pandas(frame).lazy(),
    # not from_df, which would convert each text of the frame to a Python object at every query
    "duckdb": lambda frame: duckdb.from_arrow(pa.Table.from_pandas(frame, preserve_index=False)),
}


def table(text: str) -> pd.DataFrame:
    """Return a table of cells as they are written, from lines of comma-separated values."""
    cells = pd.read_csv(io.StringIO(text.strip()), dtype="string", skipinitialspace=True)
    return cells.rename(columns=str.strip)


def as_pandas(native: Any) -> pd.DataFrame:
    frame = nw.from_native(native)
    frame = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    pandas = frame.to_pandas()
    for name in frame.select(ncs.string()).columns:  # engines represent a missing text as None, NaN or NA
        pandas[name] = pandas[name].astype(object).where(pandas[name].notna(), None)
    return pandas.sort_values(list(pandas.columns), na_position="last").reset_index(drop=True)


def money(audit: pd.DataFrame) -> dict[str, tuple[int, int, float]]:
    """Return rule → lines, customers and amount, for the rules that apply to some line."""
    told = audit[audit["rows"] > 0]
    figures = zip(told["rule"], told["rows"], told["customers"], told["amount"], strict=True)
    return {rule: (rows, customers, round(amount, 6)) for rule, rows, customers, amount in figures}
