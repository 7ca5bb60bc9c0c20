"""Columns whose distinct texts are each looked at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import FrameT

from shopper_widgets.orders.cells.unread import HOLDS, of_column, out_of_range, unreadable

#: The column that counts the rows of each text.
TIMES = "_times"


@dataclass(frozen=True)
class Unread:
    """Which cells of a column could not be read.

    Attributes
    ----------
    rows : int
        The number of rows with such a cell.
    filled : int
        The number of rows with anything to read.
    example : str or None
        One such cell, as it is written; None if all cells were read.
    """

    rows: int
    filled: int
    example: str | None


class Cells:
    """The columns of a table, each of which can be read and rewritten as its own frame.

    In memory (Arrow), the frame of a text column holds its distinct texts: an order's date or a product's
    name is parsed once however often it occurs. On a lazy engine it holds the column unchanged, and rewriting
    adds to the query.

    Parameters
    ----------
    frame : narwhals DataFrame (Arrow) or LazyFrame
        The table.

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
        self._unread: dict[str, Unread] = {}
        self._looked: dict[str, _Lost] = {}
        if isinstance(frame, nw.DataFrame):
            # One after the other: in threads of its own, each would take memory that is to be fetched anew.
            self._columns = {name: _distinct(frame.select(name), name) for name in self.schema}

    def values(self, name: str) -> Any:
        """Return the frame of a column; on a lazy engine it is the whole table."""
        return self._columns[name][0] if self._lazy is None else self._lazy

    def counted(self, name: str) -> Any:
        """Return the texts of a column with `TIMES`, the number of rows of each.

        On a lazy engine every row is a text of its own: grouping them first would take longer.
        """
        codes = self._columns[name][1] if self._lazy is None else None
        texts = self.values(name).select(name)
        if codes is None:
            return texts.with_columns(nw.lit(1).alias(TIMES))
        times = np.bincount(codes.drop_null().to_numpy(), minlength=len(texts))
        return texts.with_columns(nw.new_series(TIMES, times, nw.Int64, backend=texts.implementation))

    def filled(self, name: str) -> int | None:
        """Return the number of rows in which a text column holds anything; None on a lazy engine."""
        codes = self._columns[name][1] if self._lazy is None else None
        return None if codes is None else len(codes) - codes.null_count

    def rewrite(self, name: str, change: Callable[[Any], Any]) -> None:
        """Replace a column by what ``change`` makes of its frame."""
        if self._lazy is None:
            values, codes = self._columns[name]
            self._columns[name] = (change(values), codes)
        else:
            self._lazy = change(self._lazy)

    def replace(self, expressions: Mapping[str, nw.Expr]) -> None:
        """Replace columns, each by an expression of that column only; on a lazy engine, all in one step."""
        named = {name: expression.alias(name) for name, expression in expressions.items()}
        if self._lazy is not None:
            self._lazy = self._lazy.with_columns(*named.values())
            return
        for name, expression in named.items():
            values, codes = self._columns[name]
            self._columns[name] = (values.with_columns(expression), codes)

    def drop(self, name: str) -> None:
        """Leave a column out."""
        del self.schema[name]
        if self._lazy is None:
            del self._columns[name]
        else:
            self._lazy = self._lazy.drop(name)

    def read(
        self,
        name: str,
        change: Callable[[Any], Any],
        within: Callable[[nw.Expr], nw.Expr],
        missing: Sequence[str] = ("",),
    ) -> None:
        """Rewrite a column, and note the cells that are lost: they are null then, though not ``missing``.

        A cell is unreadable where ``change`` makes it null, and out of range where ``within`` does. If any
        cell is lost, a further column says which of the two it is.
        """
        lost = _lost(name, self.schema[name], missing)

        def changed(frame: Any) -> Any:
            read = change(frame.with_columns(nw.col(name).alias(lost.written)))
            return read.with_columns(nw.col(name).alias(lost.read)).with_columns(within(nw.col(name)))

        if self._lazy is None:
            frame, codes = self._columns[name]
            frame = changed(frame)
            self._unread[name] = unread = _unread(frame, codes, lost)
            frame = frame.with_columns(lost.why) if unread.rows else frame
            self._columns[name] = (frame.drop(lost.written, lost.read), codes)
        else:
            self._lazy = changed(self._lazy)
            self._looked[name] = lost

    def survey(
        self, figures: Mapping[str, tuple[str, nw.Expr]]
    ) -> tuple[dict[str, Unread], Callable[[str], Any]]:
        """Return which cells of each column that was read got lost, and what gives aggregates of columns.

        On a lazy engine that is one query; in memory only the aggregates that are asked for are made.
        ``figures`` are (column, aggregate of it) by name.
        """
        if self._lazy is None:
            columns = self._columns

            def figure(key: str) -> Any:
                name, aggregate = figures[key]
                return columns[name][0].select(_=aggregate)["_"][0]

            return self._unread, figure
        parts = {key: figure for key, (_, figure) in figures.items()}
        for name, lost in self._looked.items():
            parts[f"{name} filled"] = _number(lost.filled).sum()
            parts[f"{name} lost"] = _number(lost.lost).sum()
            parts[f"{name} example"] = nw.when(lost.lost).then(lost.text).max()
        row = next(self._lazy.select(**parts).collect().iter_rows(named=True))
        unread = {
            # SQL engines count in decimals, and return null where there are no rows.
            name: Unread(
                int(row[f"{name} lost"] or 0), int(row[f"{name} filled"] or 0), row[f"{name} example"]
            )
            for name in self._looked
        }
        if why := [lost.why for name, lost in self._looked.items() if unread[name].rows]:
            self._lazy = self._lazy.with_columns(*why)
        self._lazy = self._lazy.drop(
            *(c for lost in self._looked.values() for c in (lost.written, lost.read))
        )
        return unread, row.__getitem__

    def frame(self) -> nw.DataFrame[Any] | nw.LazyFrame[Any]:
        """Return the whole table."""
        import pyarrow as pa

        if self._lazy is not None:
            return self._lazy
        columns = {}
        for values, codes in self._columns.values():
            for each in values.columns:
                column = values[each].to_arrow()
                columns[each] = column if codes is None else column.take(codes)
        table: nw.DataFrame[Any] = nw.from_native(pa.table(columns), eager_only=True)
        return table


def by_distinct(frame: FrameT, name: str, makes: Sequence[str], change: Callable[[FrameT], FrameT]) -> FrameT:
    """Return a frame with columns that are made of the texts of another, of each distinct one once.

    Parameters
    ----------
    frame : Narwhals frame
        Only in pandas are its distinct texts told apart first: it works row by row where others don't.
    name : str
        The column of texts, some of which may be missing.
    makes : sequence of str
        The columns that are made, of texts or truth values; of a missing text, missing or false.
    change : callable
        Adds them to a frame, in which it looks at nothing else and keeps the order of rows.

    Examples
    --------
    >>> sizes = nw.from_native(pd.DataFrame({"size": ["S", "L", None, "S"]}))
    >>> lower = nw.col("size").str.to_lowercase().alias("lower")
    >>> by_distinct(sizes, "size", ["lower"], lambda frame: frame.with_columns(lower))["lower"].to_list()
    ['s', 'l', nan, 's']
    """
    if not frame.implementation.is_pandas():
        return change(frame)
    native: pd.DataFrame = frame.to_native()
    codes, values = native[name].factorize()
    texts: Any = nw.from_native(pd.DataFrame({name: values}))
    changed: pd.DataFrame = change(texts).to_native()
    made = {}
    for each in makes:
        fill = False if changed[each].dtype == bool else None
        made[each] = pd.api.extensions.take(changed[each].array, codes, allow_fill=True, fill_value=fill)
    result: FrameT = nw.from_native(native.assign(**made))
    return result


@dataclass(frozen=True)
class _Lost:
    """Which cells held anything, which of them are null now, how they were written, and why they are null."""

    written: str  # the name of the column as it came,
    read: str  # and as it was read, in or out of range
    filled: nw.Expr
    lost: nw.Expr
    text: nw.Expr
    why: nw.Expr


def _lost(name: str, dtype: Any, missing: Sequence[str]) -> _Lost:
    written, read = f"{name} as written", f"{name} as read"
    text, filled = nw.col(written).cast(nw.String), ~nw.col(written).is_null()
    if dtype == nw.String:
        text = text.str.strip_chars()
        filled = filled & ~text.str.to_lowercase().is_in(missing)
    elif dtype.is_float():
        filled = filled & ~nw.col(written).is_nan()
    lost, what = filled & nw.col(name).is_null(), HOLDS.get(name, name)
    kind = (
        nw.when(nw.col(read).is_null()).then(nw.lit(unreadable(what))).otherwise(nw.lit(out_of_range(what)))
    )
    return _Lost(written, read, filled, lost, text, nw.when(lost).then(kind).alias(of_column(name)))


def _unread(changed: Any, codes: Any, cells: _Lost) -> Unread:
    looked = changed.select(filled=cells.filled.fill_null(False), lost=cells.lost.fill_null(False))
    times = 1 if codes is None else np.bincount(codes.drop_null().to_numpy(), minlength=len(looked))
    rows = {kind: int((looked[kind].to_numpy() * times).sum()) for kind in ("filled", "lost")}
    example = (
        changed.filter(looked["lost"]).select(example=cells.text)["example"].max() if rows["lost"] else None
    )
    return Unread(rows["lost"], rows["filled"], example)


def _number(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def _distinct(frame: nw.DataFrame[Any], name: str) -> tuple[nw.DataFrame[Any], Any]:
    """Return the distinct texts and, for each row, the position of its text; other columns as they are."""
    import pyarrow as pa

    if frame.schema[name] != nw.String:
        return frame, None
    encoded = frame.to_native()[name].dictionary_encode().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray) or not len(encoded.dictionary):
        # A column without any text gets a frame of one row: an empty frame would be a special case
        # everywhere.
        codes = pa.nulls(len(encoded), pa.int32())
        return nw.from_native(pa.table({name: pa.nulls(1, pa.string())}), eager_only=True), codes
    return nw.from_native(pa.table({name: encoded.dictionary}), eager_only=True), encoded.indices
