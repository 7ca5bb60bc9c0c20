"""Columns that may say who entered an order, not who bought, or when it was entered, not placed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw

from shopper_widgets._support.formatting import count_of, format_count
from shopper_widgets.columns import CUSTOMER_ID, ORDER_ID, ORDERED_AT
from shopper_widgets.orders.cells.numbers import collected
from shopper_widgets.orders.headers import plain_header, words_of

#: Columns to compare with a column in doubt: who may have bought, and when.
BUYER, OTHER_DATE = "buyer", "other_date"
#: Headers that mean customers in a web shop, and staff at a till.
_USERS = frozenset({"userid", "user", "username"})
_BUYERS = frozenset({"customer", "cust", "client", "buyer", "account", "partner", "company", "patient"})
_IDENTITY = frozenset({"id", "no", "nr", "number", "code", "key", "name", "email", "mail"})
#: Headers of the time at which a row was written; a shop's own program writes it when it takes the order.
_WRITTEN = frozenset({"createdat", "datecreated", "createddate", "created", "timestamp", "insertedat"})
_DATES = frozenset({"date", "datetime", "time", "day", "at", "on"})
_OTHER_DAYS = frozenset(
    {"birth", "birthday", "dob", "signup", "joined", "registered", "registration", "expiry", "due", "of"}
    | {"updated", "modified", "week", "to"}
)
# A user who buys occurs with one account or name, or a few spellings of it; a user who sells occurs with
# many.
_MANY = 2
# This many orders of one second, if they are this share of all, were written by an import.
_IMPORTED, _IMPORTED_SHARE = 20, 0.05


def in_doubt(found: Mapping[str, str], given: Iterable[str], headers: Iterable[str]) -> dict[str, str]:
    """Return the headers that may be the column for which another, less certain one was taken.

    Parameters
    ----------
    found : mapping of str to str
        Canonical names and the headers that they were found under.
    given : iterable of str
        Canonical names that the caller mapped: these are not in doubt.
    headers : iterable of str
        All of the table.

    Examples
    --------
    >>> found = {"customer_id": "user_id", "ordered_at": "created_at"}
    >>> in_doubt(found, [], [*found.values(), "account_id", "city", "creation_day"])
    {'buyer': 'account_id', 'other_date': 'creation_day'}
    """
    left = [(h, set(words_of(h))) for h in headers if h not in found.values()]
    beside: dict[str, list[str]] = {}
    if CUSTOMER_ID not in given and plain_header(found[CUSTOMER_ID]) in _USERS:
        beside[BUYER] = [h for h, w in left if w & _BUYERS and w <= _BUYERS | _IDENTITY]
    if ORDERED_AT not in given and plain_header(found[ORDERED_AT]) in _WRITTEN:
        beside[OTHER_DATE] = [h for h, w in left if w & _DATES and not w & _OTHER_DAYS]
    return {name: those[0] for name, those in beside.items() if those}


def refuse_clerks(frame: Any, headers: Mapping[str, str]) -> None:
    """Refuse user ids with many buyers each, and dates at which many orders were entered at once.

    Parameters
    ----------
    frame : Narwhals frame
        Settled lines.
    headers : mapping of str to str
        Canonical name → header, of what is used and looked at.

    Raises
    ------
    ValueError
        It names both columns.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame({"customer_id": ["1", "1", "2", "2"], "buyer": ["a", "b", "c", "d"]})
    >>> refuse_clerks(nw.from_native(lines), {"customer_id": "user_id", "buyer": "account"})
    Traceback (most recent call last):
        ...
    ValueError: customer_id: 2 customers under 'user_id' stand with 4 different values under 'account'...
    """
    schema = frame.collect_schema()
    if BUYER in schema:
        _refuse_sellers(frame, headers)
    if OTHER_DATE in schema:
        _refuse_imports(frame, headers)


def _refuse_sellers(frame: Any, headers: Mapping[str, str]) -> None:
    both = frame.filter(~nw.col(CUSTOMER_ID).is_null() & ~nw.col(BUYER).is_null())
    pairs = both.select(CUSTOMER_ID, BUYER).unique()
    row = collected(
        pairs.select(pairs=nw.len(), users=nw.col(CUSTOMER_ID).n_unique(), buyers=nw.col(BUYER).n_unique())
    ).row(0)
    of_both, users, buyers = row
    if users and min(of_both, buyers) >= _MANY * users:
        user, buyer = headers[CUSTOMER_ID], headers[BUYER]
        raise ValueError(
            f"customer_id: {count_of(users, 'customer')} under {user!r} stand with {format_count(buyers)} "
            f"different values under {buyer!r}, so they may be those who entered the orders. Say who the "
            f"customer is: columns={{'customer_id': {buyer!r}}}, or {user!r}."
        )


def _refuse_imports(frame: Any, headers: Mapping[str, str]) -> None:
    moments = frame.group_by(ORDER_ID).agg(_moment=nw.col(ORDERED_AT).min())
    counts = moments.filter(~nw.col("_moment").is_null()).group_by("_moment").agg(orders=nw.len())
    found = collected(counts.sort("orders", descending=True).head(1))
    if not len(found):
        return
    moment, most = found.row(0)
    orders = int(collected(counts.select(orders=nw.col("orders").sum())).row(0)[0])
    if moment.second and most >= max(_IMPORTED, _IMPORTED_SHARE * orders):
        written, other = headers[ORDERED_AT], headers[OTHER_DATE]
        raise ValueError(
            f"ordered_at: {format_count(most)} of {count_of(orders, 'order')} have the same second under "
            f"{written!r}, {moment:%Y-%m-%d %H:%M:%S}, so it may tell when they were imported. Say where "
            f"their date stands: columns={{'ordered_at': {other!r}}}, or {written!r}."
        )
