"""Customers of lines with a blank customer id, where another column of the layout identifies them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

import narwhals as nw

from shopper_widgets._support.formatting import count_of
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import CUSTOMER_ID
from shopper_widgets.orders.identity import is_address, is_shortened, without_guests
from shopper_widgets.orders.known_layouts import CUSTOMER_EMAIL, CUSTOMER_NAME, OTHER_ID
from shopper_widgets.orders.layouts import Layout
from shopper_widgets.orders.order_money import counted, one_row

logger = logging.getLogger(__name__)

# In the order in which they replace a column without any id.
_BESIDES = (OTHER_ID, CUSTOMER_EMAIL, CUSTOMER_NAME)


def with_customers(frame: Any, layout: Layout, guests: Iterable[str] | None, notes: list[str]) -> Any:
    """Fill in customers without an id, but never by a name if the table has ids or addresses.

    If no line has an id, the first of another id, an address and a name that any line has counts instead.
    Otherwise a blank id becomes the id of the lines with the same address, if there is just one, or the
    address.

    Parameters
    ----------
    frame : Narwhals frame
        Settled lines, guests without an id.
    layout : Layout
        Has the headers of other ids, addresses and names.
    guests : iterable of str, optional
        As in :func:`~shopper_widgets.orders.identity.without_guests`; what is filled in may be one, too.
    notes : list of str
        Takes what was done.

    Raises
    ------
    ValueError
        A spreadsheet has shortened the other ids, such as phone numbers, that would count instead.
    """
    besides = [name for name in _BESIDES if name in frame.collect_schema()]
    if not besides:
        return frame
    if CUSTOMER_EMAIL in besides:
        email = nw.col(CUSTOMER_EMAIL)
        frame = frame.with_columns(nw.when(is_address(email)).then(email))
    headers = {**layout.columns, **layout.checked}
    marks = {name: ~nw.col(name).is_null() for name in (CUSTOMER_ID, *besides)}
    marks |= {f"{name} shortened": is_shortened(nw.col(name)) for name in besides}
    filled = one_row(frame, **{name: counted(mark) for name, mark in marks.items()})
    if not filled[CUSTOMER_ID] and (instead := next((name for name in besides if filled[name]), None)):
        if n := int(filled[f"{instead} shortened"]):
            raise ValueError(
                f"customer_id: No line has {headers[CUSTOMER_ID]!r}, and of the numbers under "
                f"{headers[instead]!r}, {n} were shortened by a spreadsheet, as 8.80E+11 is, which may have "
                "made one customer of several. Export the orders again and don't save them from a "
                "spreadsheet; or map another column that tells customers apart, such as a name: "
                "columns={'customer_id': '…'}."
            )
        by_name = N_(
            "No line has {id}: customers are identified by {by}, so people with the same name are one "
            "customer."
        )
        by_other = N_("No line has {id}: customers are identified by {by}.")
        said = by_name if instead == CUSTOMER_NAME else by_other
        _say(notes, gettext(said, id=repr(headers[CUSTOMER_ID]), by=repr(headers[instead])))
        frame = without_guests(frame.with_columns(nw.col(instead).alias(CUSTOMER_ID)), guests, notes)
    if CUSTOMER_EMAIL in besides:
        frame, lines = _told_by_address(frame)
        if lines:
            _say(
                notes,
                gettext(
                    "{lines} without {id}: the customer is identified by {by}.",
                    lines=count_of(lines, "line"),
                    id=repr(headers[CUSTOMER_ID]),
                    by=repr(headers[CUSTOMER_EMAIL]),
                ),
            )
            frame = without_guests(frame, guests, notes, addresses_only=True)
    return frame.drop(*besides)


def _say(notes: list[str], said: str) -> None:
    notes.append(said)
    logger.warning("%s", said)


def _told_by_address(frame: Any) -> tuple[Any, int]:
    """Fill blank ids by the id of the same address on other lines, or the address; return how many lines."""
    own, email = nw.col(CUSTOMER_ID), nw.col(CUSTOMER_EMAIL)
    lines = int(one_row(frame, lines=counted(own.is_null() & ~email.is_null()))["lines"])
    if not lines:
        return frame, 0
    frame = frame.with_columns(_first=own.min().over(CUSTOMER_EMAIL), _last=own.max().over(CUSTOMER_EMAIL))
    one = nw.when(~email.is_null() & (nw.col("_first") == nw.col("_last"))).then(nw.col("_first"))
    return frame.with_columns(nw.coalesce(own, one, email).alias(CUSTOMER_ID)).drop("_first", "_last"), lines
