"""Cells of any origin as Arrow columns of a few plain types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from shopper_widgets.columns import AMOUNT, IS_CANCELLED, QUANTITY, UNIT_PRICE

if TYPE_CHECKING:
    import pyarrow as pa


def arrow_column(cells: Sequence[Any]) -> pa.Array:
    """Turn Python cells into an Arrow column: of their type if they share one, else of their text."""
    import pyarrow as pa

    try:
        # In pandas, from which such cells come, NaN means "no value".
        return pa.array(cells, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return pa.array([_text(cell) for cell in cells], pa.string())


def _text(cell: Any) -> str | None:
    if cell is None or cell != cell:  # NaN and NaT are not equal to themselves
        return None
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def series_to_arrow(series: nw.Series[Any]) -> Any:
    """Turn a column of an in-memory frame into Arrow."""
    import pyarrow as pa

    try:
        return series.to_arrow()
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return arrow_column(series.to_list())  # a pandas column of mixed Python objects


# The years 1 to 9999, in seconds since 1970: what Python and text can write.
_YEAR_1, _YEAR_9999 = -62_135_596_800, 253_402_300_799
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def plain_types(table: pa.Table, headers: Mapping[str, str]) -> pa.Table:
    """Reduce Arrow's many types to text, numbers, dates and timestamps.

    Timestamps with a zone become UTC: they keep their moment, and unknown names of zones do no harm.
    """
    import pyarrow as pa

    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if pa.types.is_timestamp(kind):
            column = _microseconds(column.cast(kind))
        elif pa.types.is_integer(kind) and name in (QUANTITY, UNIT_PRICE, AMOUNT):
            column = column.cast(kind).cast(pa.float64(), safe=False)  # exact up to 2^53, which is enough
        elif pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_date(kind):
            column = column.cast(kind)
        elif pa.types.is_decimal(kind):
            column = column.cast(pa.float64())
        elif pa.types.is_nested(kind):
            raise ValueError(_nested(name, headers, kind))
        elif _is_binary(kind):
            column = _text_of_bytes(column)
        elif name != IS_CANCELLED:
            try:
                column = column.cast(pa.string())
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
                column = pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())
        columns[name] = column
    return pa.table(columns)


def refuse_nested(schema: Mapping[str, nw.dtypes.DType], headers: Mapping[str, str]) -> None:
    """Refuse columns of a lazy engine that hold lists, records or bytes."""
    for name, header in headers.items():
        if isinstance(dtype := schema[header], nw.List | nw.Struct | nw.Array | nw.Binary):
            raise ValueError(_nested(name, headers, dtype))


def _nested(name: str, headers: Mapping[str, str], kind: Any) -> str:
    return (
        f"{name}: {headers.get(name, name)!r} holds {kind} values. Expected one text, number or date per "
        "line: take the part that is meant out of it first."
    )


def _microseconds(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Cut times to microseconds; moments outside the years 1 to 9999 become the first or the last moment.

    These are not dates of orders anyway, but their cells must not become empty ones.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    factor = _PER_SECOND[kind.unit]
    if factor < 10**6:  # microseconds and finer units always fit
        number = pc.max_element_wise(column.cast(pa.int64()), _YEAR_1 * factor, skip_nulls=False)
        column = pc.min_element_wise(number, _YEAR_9999 * factor, skip_nulls=False).cast(kind)
    return column.cast(pa.timestamp("us", None if kind.tz is None else "UTC"), safe=False)


def _is_binary(kind: pa.DataType) -> bool:
    import pyarrow as pa

    tests = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)
    return any(test(kind) for test in tests)


def _text_of_bytes(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Read bytes as text; if any is not text, such as a UUID, write all in hexadecimal digits."""
    import pyarrow as pa

    cells = column.to_pylist()
    try:
        texts = [None if cell is None else cell.decode() for cell in cells]
    except UnicodeDecodeError:
        texts = [None if cell is None else cell.hex() for cell in cells]
    return pa.chunked_array([pa.array(texts, pa.string())])


def concatenated(tables: Sequence[pa.Table]) -> pa.Table:
    """Stack tables by column names; columns whose types differ (text and numbers) become text."""
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
