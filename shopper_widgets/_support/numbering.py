"""Numbers in place of repeated texts, assigned by the engine that holds them."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from shopper_widgets._support.keeping import evaluated

#: A DuckDB query that joins more texts than this does nothing else.
_MANY = 500_000


def numbered(lines: nw.LazyFrame[Any], name: str) -> tuple[nw.LazyFrame[Any], pd.Index[Any]]:
    """Replace a column's texts by numbers.

    Parameters
    ----------
    lines : narwhals.LazyFrame
        Of an engine that sorts all texts in one process, such as Polars or DuckDB.
    name : str
        The column; it may have missing values.

    Returns
    -------
    narwhals.LazyFrame
        With the position of each text among the distinct ones, -1 for missing.
    pandas.Index
        The distinct texts, ascending.

    Examples
    --------
    >>> import polars as pl
    >>> lines = pl.LazyFrame({"country": ["Spain", None, "France"]})
    >>> found, texts = numbered(nw.from_native(lines), "country")
    >>> sorted(found.collect()["country"]), texts.tolist()
    ([-1, 0, 1], ['France', 'Spain'])
    """
    different = evaluated(lines.select(name).filter(~nw.col(name).is_null()).unique())
    different = evaluated(different.with_row_index("_number", order_by=name))
    number = nw.col("_number").cast(nw.Int32).fill_null(-1).alias(name)
    texts = different.collect().to_pandas().sort_values("_number")[name]
    lines = lines.join(different, on=name, how="left").with_columns(number).drop("_number")
    if lines.implementation.is_duckdb() and len(texts) > _MANY:
        # DuckDB can't spill to disk what several such joins of one query hold, or one join and a sort.
        lines = evaluated(lines)
    return lines, pd.Index(texts).rename(None)
