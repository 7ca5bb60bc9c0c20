"""Columns of yes and no that tell what was not sold: cancelled, returned, not paid for."""

from __future__ import annotations

from functools import partial

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets.columns import IS_CANCELLED
from shopper_widgets.orders.cells.distinct import Cells
from shopper_widgets.orders.cells.numbers import collected
from shopper_widgets.orders.known_layouts import IS_RETURNED, SUCCEEDED

_YES = ("true", "1", "1.0", "yes", "y", "t", "x", "ja", "oui", "si", "sí", "sim", "wahr", "vrai")
_NO = (
    *("false", "0", "0.0", "no", "not", "n", "f", "nein", "non", "não", "nao", "falsch", "faux", "falso"),
    "failed",
)


def settle_flags(cells: Cells) -> None:
    """Read marks of what was cancelled, returned and paid for; leave out what is no column of yes and no.

    A column "Returned" may count units, or tell days.
    """
    for name in (IS_CANCELLED, IS_RETURNED, SUCCEEDED):
        if name not in cells.schema or cells.schema[name] == nw.Boolean:
            continue
        text = nw.col(name).cast(nw.String).str.strip_chars().str.to_lowercase().fill_null("")
        known = text.is_in(["", *_YES, *_NO])
        if name == IS_CANCELLED or collected(cells.values(name).select(known=known.min()))["known"][0]:
            meant = ~text.is_in(_NO) if name == SUCCEEDED else text.is_in(_YES)
            cells.rewrite(name, partial(_with, meant.alias(name)))
        else:
            cells.drop(name)


def _with(flag: nw.Expr, frame: FrameT) -> FrameT:
    return frame.with_columns(flag)


def says_no_sale(columns: set[str]) -> nw.Expr:
    """Whether one of these columns, as `settle_flags` leaves them, says that a line was not sold.

    Parameters
    ----------
    columns : set of str
        Those there are.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = nw.from_native(pd.DataFrame({"is_returned": [True, False], "succeeded": [True, True]}))
    >>> lines.select(no=says_no_sale({*lines.columns}))["no"].to_list()
    [True, False]
    """
    no_sale = nw.lit(False)
    for name in (IS_CANCELLED, IS_RETURNED):
        if name in columns:
            no_sale = no_sale | nw.col(name).fill_null(False)
    return no_sale | ~nw.col(SUCCEEDED).fill_null(True) if SUCCEEDED in columns else no_sale
