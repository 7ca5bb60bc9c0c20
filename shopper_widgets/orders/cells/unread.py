"""Why a cell is empty: it was empty, it could not be read, or it is out of range."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets.columns import AMOUNT, ORDERED_AT, QUANTITY, UNIT_PRICE, UNREAD

#: The name of a column in the reason for a rejected line; a total is called a price, too, as a table has one
#: or the other.
HOLDS = {ORDERED_AT: "date", QUANTITY: "quantity", UNIT_PRICE: "price", AMOUNT: "price"}


def unreadable(what: str) -> str:
    """Return the reason for a cell with content that can't be read.

    Examples
    --------
    >>> unreadable("date"), out_of_range("date"), missing("date")
    ('unreadable date', 'date out of range', 'missing date')
    """
    return f"unreadable {what}"


def out_of_range(what: str) -> str:
    """Return the reason of a cell that was read, but can't be true: the year 9999, an infinite price."""
    return f"{what} out of range"


def missing(what: str) -> str:
    """Return the reason of an empty cell."""
    return f"missing {what}"


def of_column(name: str) -> str:
    """Return the name of the column that says why cells of a column are empty."""
    return f"{name} {UNREAD}"


def with_reasons_together(frame: Any) -> Any:
    """Join the reasons of a line's cells in one column, ``unread``; null without a reason.

    Examples
    --------
    >>> import pyarrow as pa
    >>> frame = pa.table({"ordered_at unread": ["unreadable date", None, "date out of range"],
    ...                   "quantity unread": ["unreadable quantity", None, None]})
    >>> with_reasons_together(nw.from_native(frame, eager_only=True))["unread"].to_list()
    ['unreadable date; unreadable quantity', None, 'date out of range']
    """
    present = [name for name in map(of_column, HOLDS) if name in frame.collect_schema()]
    if not present:
        return frame
    together = reduce(_and, (nw.col(name) for name in present))
    return frame.with_columns(together.alias(UNREAD)).drop(*present)


def with_reason(frame: FrameT, which: nw.Expr, reason: str) -> FrameT:
    """Add a reason to the lines for which ``which`` holds."""
    added: nw.Expr = nw.when(which).then(nw.lit(reason))
    if UNREAD in frame.collect_schema():
        added = _and(nw.col(UNREAD), added)
    return frame.with_columns(added.alias(UNREAD))


def _and(one: nw.Expr, other: nw.Expr) -> nw.Expr:
    both: nw.Expr = nw.coalesce(nw.concat_str(one, other, separator="; "), one, other)
    return both


def why_empty(what: str, nothing: nw.Expr, beyond: nw.Expr, columns: Collection[str]) -> dict[str, nw.Expr]:
    """Distinguish empty from unreadable cells, by reason, in the order to be tried.

    Parameters
    ----------
    what : str
        A value of `HOLDS`.
    nothing, beyond : expression
        Whether there is no usable value; whether the frame itself holds one that is out of range.
    columns : collection of str
        Columns of the frame; with ``unread``, cells that reading made null count, too.
    """
    if UNREAD not in columns:
        return {out_of_range(what): nothing & beyond, missing(what): nothing}
    return {
        unreadable(what): nothing & _is_said(unreadable(what)),
        out_of_range(what): nothing & (beyond | _is_said(out_of_range(what))),
        missing(what): nothing,
    }


def _is_said(reason: str) -> nw.Expr:
    return nw.col(UNREAD).cast(nw.String).str.contains(reason, literal=True).fill_null(False)
