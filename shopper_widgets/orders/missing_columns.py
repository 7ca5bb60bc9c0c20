"""What to say of a table that lacks a column: which one, its possible header here, and what to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from shopper_widgets._support.formatting import listed
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import (
    CUSTOMER_ID,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    QUANTITY,
    REQUIRED,
    UNIT_PRICE,
)
from shopper_widgets.orders.assumed import ASSUMED, may_name_goods, may_number_goods
from shopper_widgets.orders.headers import is_near, plain_header, words_of
from shopper_widgets.orders.known_layouts import KnownLayout
from shopper_widgets.orders.without_lines import is_list_of_customers, without_lines

#: Canonical name → the words for readers of a page.
_CALLED = {
    ORDER_ID: N_("order number"),
    PRODUCT_ID: N_("product"),
    CUSTOMER_ID: N_("customer id"),
    ORDERED_AT: N_("date"),
    QUANTITY: N_("quantity"),
    UNIT_PRICE: N_("price"),
}
#: The most headers that are named.
_SHOWN = 40
#: Words of a header that may show its column, whatever the other words are.
_TELLING = {
    ORDER_ID: frozenset({"order", "orders", "invoice", "receipt", "transaction", "basket", "bill"}),
    PRODUCT_ID: frozenset({"product", "prod", "item", "article", "sku", "goods"}),
    CUSTOMER_ID: frozenset(
        {"customer", "cust", "client", "buyer", "account", "member", "user", "card", "retailer", "dealer"}
        | {"patient", "guest", "donor", "supporter", "subscriber", "household", "email"}
    ),
    ORDERED_AT: frozenset({"date", "day", "datetime", "timestamp"}),
    QUANTITY: frozenset({"quantity", "qty", "units", "pieces", "pcs", "items"}),
    UNIT_PRICE: frozenset(
        {"price", "amount", "total", "revenue", "sales", "value", "money", "paid", "spend"}
    ),
}
#: Words of headers about other properties of people, orders and money.
_OTHERWISE = frozenset(
    {"cost", "costs", "cogs", "profit", "margin", "tax", "vat", "fee", "discount", "type", "segment", "age"}
    | {"gender", "status", "method", "mode", "category", "rating", "city", "state", "country", "provider"}
    | {"logistics", "shipping", "delivery", "employee", "supplier", "vendor", "method"}
)
#: Words of headers about a customer's order or a product's money, which identify neither customer nor
#: product.
_TOLD_OF = {
    CUSTOMER_ID: frozenset({"invoice", "order", "date", "day", "amount", "amt", "total", "price"}),
    PRODUCT_ID: frozenset(
        {"amount", "amt", "total", "price", "revenue", "sales", "quantity", "qty", "count"}
    ),
}
#: This many headers that differ only in a number are days or months side by side, as in a pivot table.
_SIDE_BY_SIDE = 7
#: Headers with a number, such as "Sales 2024", "01.02.2024", "2024-02" and "02/2024".
_NUMBERED = re.compile(r"[^\W\d]{2}.*\d|^\d+[-/.]\d+[-/.]\d|^\d{4}[-/]\d\d?$|^\d\d?[-/.]\d{4}$")
#: A program's layout is named if at least this many of the required columns are found under its headers.
_MANY = 3


def told_lacking(missing: Sequence[str], headers: Sequence[str]) -> str:
    """Say what a table lacks, for the reader of a page, who can't map columns.

    Examples
    --------
    >>> told_lacking(["ordered_at", "quantity"], ["Order", "Customer"])
    "It lacks date, quantity; its columns are 'Order' and 'Customer'. Export a line per product of an order."
    """
    return gettext(
        "It lacks {missing}; its columns are {headers}. Export a line per product of an order.",
        missing=", ".join(gettext(_CALLED[column]) for column in missing),
        headers=listed(map(repr, headers[:_SHOWN])),
    )


def complaint(
    name: str,
    headers: Sequence[str],
    known: KnownLayout,
    missing: Sequence[str],
    found: Mapping[str, str],
    *,
    is_file: bool,
    show_layout: bool,
) -> str:
    """Return the message about a table with missing columns: what is wrong, and what to do.

    Parameters
    ----------
    name : str
        Of the file, for the message.
    headers : sequence of str
        All of the table.
    known : KnownLayout
        The layout that comes nearest.
    missing : sequence of str
        Canonical names of what is lacking.
    found : mapping of str to str
        Canonical names and the headers that they were found under.
    is_file : bool
        Whether a wrong separator may be the reason.
    show_layout : bool
        Whether it helps to name the layout's headers.

    Returns
    -------
    str
        One paragraph.

    Examples
    --------
    >>> headers = ["Invoice", "Day", "Product", "Pieces", "Total", "City"]
    >>> columns = ("order_id", "ordered_at", "product_id", "quantity", "unit_price")
    >>> found = dict(zip(columns, headers))
    >>> said = complaint("till.csv", headers, KnownLayout("", {}), ["customer_id"], found, is_file=True,
    ...                  show_layout=False)
    >>> said[said.index("Nothing"):said.index(" If")]
    'Nothing says who bought, and without customers there are no segments.'
    """
    lacking = f"{name} lacks the column(s) {', '.join(missing)}"
    plain = [plain_header(h) for h in headers]
    if advice := without_lines(plain):
        return f"{lacking}: {advice}"
    if ORDERED_AT in missing and is_list_of_customers(plain):
        return (
            f"{lacking}: It is a list of customers, not of orders: each line tells what one of them bought "
            "in all. Export the orders, one line for each product of an order; known recency, frequency and "
            "monetary value can be given to CustomerSegmenter as they are."
        )
    free = [h for h in headers if h not in found.values()]
    if ORDERED_AT in missing and (beside := side_by_side(free)):
        return f"{lacking}: {beside}"
    near = [h for h in free if any(_may_be(h, column, known) for column in missing)]
    hint = f" Perhaps one of {', '.join(map(repr, near))}?" if near else ""
    few = (
        " That is not a table of orders, or its separator is none of , ; tab |."
        if len(headers) < 3 and is_file
        else ""
    )
    mapping = "columns={" + ", ".join(f"{c!r}: '…'" for c in missing) + "}"
    # A table that lacks most columns is not a table of orders.
    is_nobodys = CUSTOMER_ID in missing and 2 * len(missing) <= len(REQUIRED)
    is_nobodys = is_nobodys and not any(_may_be(h, CUSTOMER_ID, known) for h in free)
    nobody = " Nothing says who bought, and without customers there are no segments." if is_nobodys else ""
    what = (
        f"{nobody} If another column tells them, by an id, a card, an address or a name, map it: {mapping}."
        if list(missing) == [CUSTOMER_ID] and is_nobodys
        else f"{nobody} If they have other names here, map them: {mapping}."
    )
    if may_be_none := [column for column in missing if column in ASSUMED]:
        what += (
            f" Where the table tells no {', '.join(may_be_none)}, map that to None "
            f"('{may_be_none[0]}=' on the command line)."
        )
    lost = next(
        (f" {h!r} has lost letters: export the table again, as UTF-8." for h in free if "\ufffd" in h), ""
    )
    closest = _closest(known, missing, found) if show_layout else ""
    return (
        f"{lacking}. Found {len(headers)} header(s): {', '.join(map(repr, headers[:_SHOWN]))}."
        f"{few}{lost}{closest}{what}{hint}"
    )


def side_by_side(headers: Sequence[str]) -> str:
    """Return what to do with many headers that differ only in numbers.

    Examples
    --------
    >>> side_by_side([f"0{day}.02.2024" for day in range(1, 9)])[:71]
    "8 columns stand side by side, '01.02.2024' to '08.02.2024', as in a piv"
    >>> side_by_side(["Order", "Price 2023", "Price 2024"])
    ''
    """
    shapes = {
        header: re.sub(r"\d+", "0", header)
        for header in headers
        if _NUMBERED.search(header) and not header.startswith("Unnamed")
    }
    shape, times = max(Counter(shapes.values()).items(), key=lambda item: item[1], default=("", 0))
    if times < _SIDE_BY_SIDE:
        return ""
    beside = [header for header in shapes if shapes[header] == shape]
    return (
        f"{times} columns stand side by side, {beside[0]!r} to {beside[-1]!r}, as in a pivot table. Export "
        "the orders, one line for each product of an order; or stack these columns first, as pandas.melt "
        "does."
    )


def _closest(known: KnownLayout, missing: Sequence[str], found: Mapping[str, str]) -> str:
    """Return the headers of the missing columns in the closest layout, if it is close enough."""
    names = {c: known.headers[c][0] for c in missing if c in known.headers}
    named = ", ".join(f"{c} is {h!r}" for c, h in names.items() if h != c)
    is_close = sum(column in found for column in REQUIRED) >= _MANY
    return f" The closest layout is {known.name}, where {named}." if named and is_close else ""


def _may_be(header: str, column: str, known: KnownLayout) -> bool:
    words = set(words_of(header))
    if words & (_OTHERWISE | _TOLD_OF.get(column, frozenset())):
        return False
    if column == PRODUCT_ID and (may_name_goods(header) or may_number_goods(header)):
        return True
    alike = any(is_near(word, header) for word in (column, *known.headers.get(column, ())))
    return alike or bool(words & _TELLING.get(column, frozenset()))
