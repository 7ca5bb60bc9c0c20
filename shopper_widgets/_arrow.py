"""Cells of any origin as Arrow columns of a few plain types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from shopper_widgets.columns import IS_CANCELLED

if TYPE_CHECKING:
    import pyarrow as pa


def arrow_column(cells: Sequence[Any]) -> pa.Array:
    """Turn Python cells into an Arrow column: of their type when they share one, else of their text."""
    import pyarrow as pa

    try:
        # NaN means "no value" in the pandas world that such cells come from
        return pa.array(cells, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return pa.array([_text(cell) for cell in cells], pa.string())


def _text(cell: Any) -> str | None:
    if cell is None or cell != cell:  # NaN and NaT differ from themselves
        return None
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def series_to_arrow(series: nw.Series[Any]) -> Any:
    """Turn a column of an in-memory frame into Arrow."""
    import pyarrow as pa

    try:
        return series.to_arrow()
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return arrow_column(series.to_list())  # a pandas column of mixed Python objects


def plain_types(table: pa.Table) -> pa.Table:
    """Bring Arrow's many types down to text, numbers, dates and timestamps."""
    import pyarrow as pa

    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if pa.types.is_timestamp(kind):
            # finer than microseconds is cut off
            column = column.cast(pa.timestamp("us", kind.tz), safe=False)
        elif pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_date(kind):
            column = column.cast(kind)
        elif pa.types.is_decimal(kind):
            column = column.cast(pa.float64())
        elif name != IS_CANCELLED:
            try:
                column = column.cast(pa.string())
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
                column = pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())
        columns[name] = column
    return pa.table(columns)


def concatenated(tables: Sequence[pa.Table]) -> pa.Table:
    """Stack tables by name; where types differ (text here, numbers there), all become text."""
    import pyarrow as pa

    kinds: dict[str, set[pa.DataType]] = {}
    for table in tables:
        for field in table.schema:
            kinds.setdefault(field.name, set()).add(field.type)
    common = [
        pa.table(
            {n: t[n] if len(kinds[n]) == 1 else t[n].cast(pa.string()) for n in kinds if n in t.column_names}
        )
        for t in tables
    ]
    return pa.concat_tables(common, promote_options="default").select(list(kinds))
