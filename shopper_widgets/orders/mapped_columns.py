"""The caller's mapping of a table's columns: the header of each, and the columns that are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shopper_widgets._support.checks import plain
from shopper_widgets.columns import OPTIONAL, PRODUCT_ID, PRODUCT_NAME, REQUIRED
from shopper_widgets.orders.assumed import ASSUMED
from shopper_widgets.orders.headers import nearest, plain_header
from shopper_widgets.orders.known_layouts import (
    CANCELLED_AT,
    CURRENCY,
    LINE_DISCOUNT,
    ORDER_DISCOUNT,
    STATUS,
)

#: The columns that ``columns=`` may map.
MAPPABLE = (*REQUIRED, *OPTIONAL, CURRENCY, STATUS, CANCELLED_AT, LINE_DISCOUNT, ORDER_DISCOUNT)


def untold(columns: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the columns that the table doesn't have by the caller's mapping: ``{"quantity": None}``.

    Parameters
    ----------
    columns : mapping of str to str or None
        Canonical name → header, or nothing.

    Raises
    ------
    ValueError
        Nothing can be assumed in place of one of them.

    Examples
    --------
    >>> untold({"customer_id": "Kunde", "quantity": None})
    ('quantity',)
    """
    blank = tuple(column for column, header in columns.items() if header is None or header == "")
    for column in blank:
        if column in MAPPABLE and column not in ASSUMED:
            raise ValueError(
                f"columns[{column!r}] must be a header; got {plain(columns[column])!r}. Only "
                f"{', '.join(ASSUMED)} can be None."
            )
    return blank


def given_headers(headers: Sequence[str], columns: Mapping[str, str | None], name: str) -> dict[str, str]:
    """Check the caller's mapping and put the headers in the table's own spelling.

    Parameters
    ----------
    headers : sequence of str
        All of the table.
    columns : mapping of str to str or None
        Canonical name → header.
    name : str
        Of the table, for messages.

    Raises
    ------
    TypeError
        ``columns`` is no mapping.
    ValueError
        It has an unknown column or header, or one header for two columns.

    Examples
    --------
    >>> given_headers(["Kunde", "Menge"], {"customer_id": "KUNDE"}, "orders.csv")
    {'customer_id': 'Kunde'}
    """
    if not isinstance(columns, Mapping):
        raise TypeError(f"columns must be a dict of canonical name to header; got {type(columns).__name__}.")
    none = untold(columns)
    given = {}
    for column, header in columns.items():
        if column not in MAPPABLE:
            hint = " (turned around?)" if header in MAPPABLE else nearest(str(column), MAPPABLE)
            raise ValueError(
                "columns maps canonical names to headers, as in {'customer_id': 'Kundennr'}; "
                f"{column!r} is not one of {', '.join(MAPPABLE)}{hint}."
            )
        if column in none:
            continue
        same = [h for h in headers if h == header] or [
            h for h in headers if plain_header(h) == plain_header(str(header))
        ]
        if not same:
            raise ValueError(
                f"columns[{column!r}]: {name} has no header {header!r}{nearest(str(header), headers)}. "
                f"Found: {', '.join(headers)}."
            )
        given[column] = same[0]
    for header in given.values():
        same = [column for column, other in given.items() if other == header]
        if len(same) > 1 and set(same) != {PRODUCT_ID, PRODUCT_NAME}:  # a name may be the product's id, too
            raise ValueError(
                f"columns gives the header {header!r} to {' and '.join(same)}, but a header holds one thing. "
                "Leave one of them out, or map another header to it."
            )
    return given
