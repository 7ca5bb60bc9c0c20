"""The column of each header, by the words of a layout: exact, near, and in two languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from shopper_widgets.columns import (
    AMOUNT,
    COUNTRY,
    CUSTOMER_ID,
    ORDER_ID,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
    UNIT_PRICE,
)
from shopper_widgets.orders.headers import found_headers, plain_header, words_of
from shopper_widgets.orders.known_layouts import KnownLayout
from shopper_widgets.orders.local_layouts import LOCAL
from shopper_widgets.orders.near_headers import is_number, near_headers, other_numbers
from shopper_widgets.orders.usual_headers import PAID_IN_ALL, USUAL_HEADERS

_IDS = (ORDER_ID, PRODUCT_ID, CUSTOMER_ID)


def is_of_no_program(known: KnownLayout) -> bool:
    """Return whether these are the headers of a language, not those of a program."""
    return known is USUAL_HEADERS or (known.general and known in LOCAL)


def found_columns(headers: Sequence[str], known: KnownLayout) -> dict[str, str]:
    """Return the headers of a layout's columns; without a known program, similar headers for missing ones.

    Parameters
    ----------
    headers : sequence of str
        Those that may be columns.
    known : KnownLayout
        The headers that each column may have, the most specific first.

    Examples
    --------
    >>> found_columns(["Customer", "Cust No", "Date of Order"], USUAL_HEADERS)
    {'customer_id': 'Cust No', 'ordered_at': 'Date of Order'}
    """
    found = found_headers(headers, known.headers)
    if AMOUNT in found and found[AMOUNT] == found.get(QUANTITY):
        del found[AMOUNT]  # one column can't be both
    if not found or not is_of_no_program(known):
        return found
    found |= _nearly(headers, found, known.headers, in_english=known is USUAL_HEADERS)
    if known is not USUAL_HEADERS or not found.keys().isdisjoint((UNIT_PRICE, AMOUNT)):
        return found
    in_all, left = {AMOUNT: PAID_IN_ALL}, [h for h in headers if h not in found.values()]
    return found | (found_headers(left, in_all) or near_headers(left, in_all))


def _nearly(
    headers: Sequence[str],
    found: Mapping[str, str],
    known: Mapping[str, tuple[str, ...]],
    *,
    in_english: bool,
) -> dict[str, str]:
    """Return near headers for missing columns, and for numbers of columns found by a name or address.

    "Product ID" says more than "Désignation", and "id_customer" more than "customer".
    """
    sought = {column: names for column, names in known.items() if column not in found}
    others = {}
    for column in _IDS:
        names = known.get(column, ())
        if column in found:
            place = [plain_header(name) for name in names].index(plain_header(found[column]))
            # A card may be the means of payment.
            more = (each for each in names[:place] if is_number(each) and "card" not in words_of(each))
            names = () if is_number(found[column]) else tuple(more)
        sought[column] = names
        # In English, a "voucher code" is not the number of a receipt.
        others[column] = () if in_english else other_numbers(names)
    left = [h for h in headers if h not in found.values()]
    near = near_headers(left, sought)
    # The id of an invoice says less than the id of its order.
    left = [h for h in left if h not in near.values()]
    return near_headers(left, {c: names for c, names in others.items() if c not in near}) | near


def found_in_english(
    headers: Sequence[str], found: Mapping[str, str], missing: Iterable[str]
) -> dict[str, str]:
    """Return columns that have English headers in a table of another language: missing ones, and names.

    If an English header may be another order, product or customer, the user is asked.

    Parameters
    ----------
    headers : sequence of str
        Those that may be columns.
    found : mapping of str to str
        Canonical names and the headers that they were found under.
    missing : iterable of str
        Canonical names of required columns that the table lacks.

    Examples
    --------
    >>> found_in_english(["Kunde", "Country", "Order ID"], {"customer_id": "Kunde"}, ["order_id"])
    {'order_id': 'Order ID', 'country': 'Country'}
    """
    lacking = {*missing, PRODUCT_NAME, COUNTRY} - found.keys()
    if UNIT_PRICE in lacking:
        lacking.add(AMOUNT)
    left = [header for header in headers if header not in found.values()]
    sought = {c: names for c, names in USUAL_HEADERS.headers.items() if c in lacking}
    told = found_headers(left, sought)
    told |= _nearly(left, told, sought, in_english=True)
    others = [header for header in left if header not in told.values()]
    ids = {column: USUAL_HEADERS.headers[column] for column in _IDS if column in found}
    return {} if found_headers(others, ids) else told
