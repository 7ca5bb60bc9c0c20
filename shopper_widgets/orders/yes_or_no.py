"""Columns of yes and no that say what was not sold: cancelled, returned, not paid for."""

from __future__ import annotations

import logging
import re
from functools import partial
from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets._support.formatting import count_of
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import IS_CANCELLED, QUANTITY
from shopper_widgets.orders.cells.distinct import Cells
from shopper_widgets.orders.cells.numbers import collected
from shopper_widgets.orders.known_layouts import IS_RETURNED, SUCCEEDED
from shopper_widgets.orders.layouts import Layout
from shopper_widgets.orders.order_money import counted, one_row
from shopper_widgets.orders.statuses import says_not_sold

logger = logging.getLogger(__name__)

_BLANK = ("", "-", "–", "—", "n/a", "na", "none", "null", "nan", "#n/a", "\\n", "?")
_DIGITS = ("0", "0.0", "0,0", "1", "1.0", "1,0")
_YES = (
    *("true", "1", "1.0", "1,0", "yes", "y", "t", "x", "✓", "✔", "ja", "oui", "si", "sí", "sì", "sim"),
    *("wahr", "vrai", "vero", "tak", "evet", "ya", "da", "да", "是", "はい"),
)
_NO = (
    *(
        "false",
        "0",
        "0.0",
        "0,0",
        "no",
        "not",
        "n",
        "f",
        "nein",
        "non",
        "não",
        "nao",
        "falsch",
        "faux",
        "falso",
    ),
    *("nee", "nie", "hayır", "hayir", "tidak", "ne", "нет", "否", "いいえ", "failed", "✗", "✘"),
)
_DAY = r"^\d{4}[-/.]\d{1,2}[-/.]\d|^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
#: A header with one of these words asks a question, to which a number of units is not an answer.
_ASKS = ("is", "was", "flag")
#: Among this many returned lines of several units, some would be returned completely: if all have a 1, it
#: doesn't count units.
_MANY = 30


def settle_flags(cells: Cells, layout: Layout, notes: list[str]) -> set[str]:
    """Read flags of cancelled, returned and paid lines; leave out columns that aren't yes and no.

    Parameters
    ----------
    cells : Cells
        Of the table.
    layout : Layout
        Whose headers the marks have.
    notes : list of str
        Collects what was left out: a column "Returned" may hold dates.

    Returns
    -------
    set of str
        The marks that hold nothing but 0 and 1 under a header such as "Returned", and may count units.
    """
    may_count = set()
    for name in (IS_CANCELLED, IS_RETURNED, SUCCEEDED):
        if name not in cells.schema or cells.schema[name] == nw.Boolean:
            continue
        header = layout.checked.get(name, layout.columns.get(name, name))
        text = nw.col(name).cast(nw.String).str.strip_chars().str.to_lowercase().fill_null("")
        is_blank, yes, no = text.is_in(_BLANK), text.is_in(_YES), text.is_in(_NO)
        if name != SUCCEEDED:
            yes = yes | (says_not_sold(text) & ~no)  # such as "cancelled" and blank
        if name == IS_CANCELLED:
            yes = yes | text.str.contains(_DAY)  # the day of the cancellation
        found = collected(
            cells.values(name).select(
                known=(is_blank | yes | no).min(),
                digits=(is_blank | text.is_in(_DIGITS)).min(),
                other=nw.when(~(is_blank | yes | no)).then(text).max(),
            )
        )
        if found["known"][0]:
            cells.rewrite(name, partial(_with, (~no if name == SUCCEEDED else yes).alias(name)))
            if found["digits"][0] and not {*re.split(r"[\W_]+", header.lower())}.intersection(_ASKS):
                may_count.add(name)
            continue
        cells.drop(name)
        _tell(
            gettext(
                "{header} is not a column of yes and no, for example {example}: the column is left out.",
                header=repr(header),
                example=repr(found["other"][0]),
            ),
            notes,
        )
    return may_count


def without_doubtful_flags(frame: Any, layout: Layout, may_count: set[str], notes: list[str]) -> Any:
    """Leave out flags of returns that would deduct them twice, or more than came back.

    Parameters
    ----------
    frame : Narwhals frame
        With marks as `settle_flags` leaves them.
    layout : Layout
        Whose headers the marks have.
    may_count : set of str
        What `settle_flags` returned.
    notes : list of str
        Takes what was left out.

    Returns
    -------
    Narwhals frame
        The same lines.
    """
    schema = frame.collect_schema()
    for name in (IS_RETURNED, IS_CANCELLED):
        if name not in schema or not (name == IS_RETURNED or name in may_count):
            continue
        header = repr(layout.checked.get(name, layout.columns.get(name, name)))
        is_marked = nw.col(name).fill_null(False)
        several = counted(is_marked & (nw.col(QUANTITY) > 1))
        found = one_row(frame, returns=counted(nw.col(QUANTITY) < 0), several=several)
        if name == IS_RETURNED and found["returns"]:
            said = gettext(
                "{header} marks what came back, and {returns} with a negative quantity may be the same: "
                "it is left out.",
                header=header,
                returns=count_of(int(found["returns"]), "line"),
            )
        elif name in may_count and found["several"] >= _MANY:
            said = gettext(
                "{header} is 1, and never more, for {lines} of several units: each line counts as returned "
                "in full.",
                header=header,
                lines=count_of(int(found["several"]), "line"),
            )
            _tell(said, notes)
            continue
        elif name in may_count and found["several"]:
            said = gettext(
                "{header} may count units, since it is 1 for {lines} of several: it is left out. "
                "If 1 means yes, call it is_{kind}.",
                header=header,
                lines=count_of(int(found["several"]), "line"),
                kind="returned" if name == IS_RETURNED else "cancelled",
            )
        else:
            continue
        _tell(said, notes)
        frame = frame.drop(name)
    return frame


def _tell(said: str, notes: list[str]) -> None:
    notes.append(said)
    logger.warning("%s", said)


def _with(flag: nw.Expr, frame: FrameT) -> FrameT:
    return frame.with_columns(flag)


def says_no_sale(columns: set[str]) -> nw.Expr:
    """Return whether one of these columns, after `settle_flags`, says that a line wasn't sold.

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
