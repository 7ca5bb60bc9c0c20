"""Looking at each distinct text once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import narwhals as nw


class Cells:
    """The columns of a table, each to be looked at and rewritten as a frame of its own.

    In memory (Arrow), the frame of a text column holds its distinct texts: an order's date or a product's
    name is parsed once however often it occurs. On a lazy engine it holds the column as it is, and rewriting
    adds to the query.

    Parameters
    ----------
    frame : narwhals DataFrame (Arrow) or LazyFrame

    Examples
    --------
    >>> import pyarrow as pa
    >>> cells = Cells(nw.from_native(pa.table({"size": ["S", "L", "S"]})))
    >>> len(cells.values("size"))
    2
    >>> cells.rewrite("size", lambda frame: frame.with_columns(nw.col("size").str.to_lowercase()))
    >>> cells.frame()["size"].to_list()
    ['s', 'l', 's']
    """

    def __init__(self, frame: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> None:
        self.schema = dict(frame.collect_schema())
        self._lazy = frame if isinstance(frame, nw.LazyFrame) else None
        self._columns: dict[str, tuple[nw.DataFrame[Any], Any]] = {}
        if isinstance(frame, nw.DataFrame):
            # Arrow lets other threads work meanwhile
            with ThreadPoolExecutor() as pool:
                distinct = pool.map(lambda name: _distinct(frame.select(name), name), self.schema)
                self._columns = dict(zip(self.schema, distinct, strict=True))

    def values(self, name: str) -> Any:
        """Return the frame to look at; on a lazy engine that is the whole table."""
        return self._columns[name][0] if self._lazy is None else self._lazy

    def filled(self, name: str) -> int | None:
        """Return in how many rows a text column holds anything; None on a lazy engine."""
        codes = self._columns[name][1] if self._lazy is None else None
        return None if codes is None else len(codes) - codes.null_count

    def rewrite(self, name: str, change: Callable[[Any], Any]) -> None:
        """Replace a column by what ``change`` makes of its frame."""
        if self._lazy is None:
            values, codes = self._columns[name]
            self._columns[name] = (change(values), codes)
        else:
            self._lazy = change(self._lazy)

    def drop(self, name: str) -> None:
        """Leave a column out."""
        del self.schema[name]
        if self._lazy is None:
            del self._columns[name]
        else:
            self._lazy = self._lazy.drop(name)

    def frame(self) -> nw.DataFrame[Any] | nw.LazyFrame[Any]:
        """Return the whole table."""
        import pyarrow as pa

        if self._lazy is not None:
            return self._lazy
        columns = {}
        for name, (values, codes) in self._columns.items():
            column = values[name].to_arrow()
            columns[name] = column if codes is None else column.take(codes)
        table: nw.DataFrame[Any] = nw.from_native(pa.table(columns), eager_only=True)
        return table


def _distinct(frame: nw.DataFrame[Any], name: str) -> tuple[nw.DataFrame[Any], Any]:
    """Return the distinct texts and, for each row, which of them it holds; other columns as they are."""
    import pyarrow as pa

    if frame.schema[name] != nw.String:
        return frame, None
    encoded = frame.to_native()[name].dictionary_encode().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray) or not len(encoded.dictionary):
        # a column without any text still has a frame of one row to look at: none is a corner case everywhere
        codes = pa.nulls(len(encoded), pa.int32())
        return nw.from_native(pa.table({name: pa.nulls(1, pa.string())}), eager_only=True), codes
    return nw.from_native(pa.table({name: encoded.dictionary}), eager_only=True), encoded.indices
