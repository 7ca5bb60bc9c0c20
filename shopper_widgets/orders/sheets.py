"""The sheets of a workbook that hold orders: one, or several with the same columns, such as one per year."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence

from shopper_widgets._support.formatting import listed
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import AMOUNT, REQUIRED
from shopper_widgets.orders.files.opening import SourceTable
from shopper_widgets.orders.headers import found_headers, plain_header
from shopper_widgets.orders.usual_headers import USUAL_HEADERS

#: Words for parts of a whole: months in English, and quarters.
_PARTS = frozenset(
    [month.casefold() for months in (calendar.month_name, calendar.month_abbr) for month in months] + ["q"]
)
# Possible headers of orders, to find the sheet that is most like a table of orders.
_ANY = {column: USUAL_HEADERS.headers[column] for column in (*REQUIRED, AMOUNT)}


def tables_of_orders(
    tables: Sequence[SourceTable], fits: Callable[..., bool], notes: list[str]
) -> list[SourceTable]:
    """Take those sheets of a workbook that hold orders; all files are taken.

    Parameters
    ----------
    tables : sequence of SourceTable
        Sheets, each with the workbook that it is of, and files.
    fits : callable
        Says whether headers are those of a table of orders; with ``usual=False``, of a known layout, with
        ``priced=True``, of a table with money.
    notes : list of str
        Collects notes on sheets that are read together.

    Raises
    ------
    ValueError
        Several sheets hold orders, and their columns differ, or their names in more than a year, a month or
        a number: quotes and orders may have the same columns.
    """
    chosen = [table for table in tables if table.sheet is None]
    for book in dict.fromkeys(table.name for table in tables if table.sheet is not None):
        sheets = [table for table in tables if table.name == book]
        for asked in ({"usual": False}, {"priced": True}, {}):
            if fitting := [table for table in sheets if fits(table.headers, **asked)]:
                break
        columns = {frozenset(map(plain_header, table.headers)) for table in fitting}
        if len(fitting) > 1 and (len(columns) > 1 or len({_stem(str(t.sheet)) for t in fitting}) > 1):
            names = ", ".join(repr(table.sheet) for table in fitting)
            raise ValueError(
                f"{book}: {len(fitting)} sheets hold orders: {names}. Say which one with sheet=…. To read "
                "them together, save each as a file in one folder, if no order stands in two of them."
            )
        if len(fitting) > 1:
            names = listed(repr(table.sheet) for table in fitting)
            notes.append(
                gettext(
                    "{book}: the sheets {names} have the same columns and are read together.",
                    book=book,
                    names=names,
                )
            )
        # If no sheet holds orders, the error is about the one that is most like a table of orders.
        chosen += fitting or [max(sheets, key=lambda table: len(found_headers(table.headers, _ANY)))]
    return chosen


def _stem(sheet: str) -> str:
    """Return the name of a sheet without the words for parts of a whole: numbers, months and quarters.

    Examples
    --------
    >>> {_stem(sheet) for sheet in ("Year 2009-2010", "Year 2010-2011")}, _stem("Returns 2010")
    ({'year'}, 'returns')
    """
    words = re.findall(r"[^\W\d_]+", sheet.casefold())
    return " ".join(word for word in words if word not in _PARTS)
