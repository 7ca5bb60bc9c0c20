"""Known layouts of order tables, recognized by their headers."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import narwhals as nw

from shopper_widgets._support.checks import check_engine
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    OPTIONAL,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
    REQUIRED,
    UNIT_PRICE,
)
from shopper_widgets.errors import UnreadableError
from shopper_widgets.orders.assumed import ASSUMED, assumable, is_doubtful_list_price, may_name_goods
from shopper_widgets.orders.cells.times_of_day import time_header
from shopper_widgets.orders.checked_headers import (
    INSTEAD_OF_STATUS,
    PLACE_OR_STATUS,
    SUBTOTALS,
    USUAL,
    near_currency,
)
from shopper_widgets.orders.clerks import in_doubt
from shopper_widgets.orders.files.opening import open_tables
from shopper_widgets.orders.found_columns import found_columns, found_in_english, is_of_no_program
from shopper_widgets.orders.headers import found_headers, plain_header
from shopper_widgets.orders.known_layouts import (
    CUSTOMER_EMAIL,
    CUSTOMER_NAME,
    ITEM,
    KNOWN,
    LINE_DISCOUNT,
    ORDER_DISCOUNT,
    ORDER_SUBTOTAL,
    OTHER_ID,
    OTHER_TOTAL,
    PART_OF,
    STATUS,
    TIME_OF_DAY,
    KnownLayout,
)
from shopper_widgets.orders.local_layouts import LOCAL
from shopper_widgets.orders.mapped_columns import given_headers, untold
from shopper_widgets.orders.marks_of_people import other_marks_of_people
from shopper_widgets.orders.missing_columns import complaint, told_lacking
from shopper_widgets.orders.near_headers import near_states
from shopper_widgets.orders.seller_layouts import SELLERS
from shopper_widgets.orders.sheets import tables_of_orders
from shopper_widgets.orders.usual_headers import KINDS, USUAL_HEADERS
from shopper_widgets.orders.without_lines import without_lines

#: All known layouts, those of programs and those of languages.
LAYOUTS = (*KNOWN, *SELLERS, *LOCAL)

# If another header has one of these words, "State" is a part of a country.
_PLACES = (
    *("city", "zip", "postal", "region", "address", "provinc", "county", "ville", "stadt", "plz", "ciudad"),
    *("localidad", "cidade", "citta", "plaats", "miasto"),
)

# Columns that are looked at next to the customer's id, where a layout has them.
_MARKS_OF_PEOPLE = (OTHER_ID, CUSTOMER_EMAIL, CUSTOMER_NAME)
# A table that lacks more columns of a program's export is not that export, whatever the caller maps.
_FEW = 2

# Column → the column that it belongs to, without which it is left out.
_WHOSE = {PRODUCT_NAME: PRODUCT_ID, AMOUNT: UNIT_PRICE}

# The name of a frame in messages, as it has no file name.
_FRAME = "source"


@dataclass(frozen=True)
class Layout:
    """The layout of a table of orders, and which header is which column.

    Attributes
    ----------
    name : str
        Such as ``"UCI Online Retail"``, or ``"columns="`` when the caller's mapping decided.
    columns : dict of str to str
        Canonical name → header, for the columns that are used.
    checked : dict of str to str
        Headers that are looked at without becoming a column of their own: ``other_customer_id``,
        ``customer_email`` and ``customer_name`` (where the id is blank); ``currency`` (several are an error
        or converted); ``status``, ``payment_status``, ``delivery_status``, ``is_cancelled``,
        ``is_returned``, ``succeeded`` and ``cancelled_at`` (they tell what was not sold);
        ``line_discount``, ``order_discount`` and, where there are both, ``order_subtotal``;
        ``other_total``, whose sum is compared with that of quantity × price; and ``buyer`` and
        ``other_date``, beside what may tell who entered an order, and when.
    order_once : bool
        Cells that describe an order stand on its first line only.
    net_totals : bool
        Its program documents line totals as being after discounts.
    states : dict of str to str
        What a state of orders means if its word does not say so: Magento's "closed" is "refunded".
    goes_by_name : bool
        A product without a code goes by its name.
    given : frozenset of str
        Canonical names that ``columns=`` mapped.
    assumed : tuple of str
        Columns that the table lacks and can do without: ``quantity`` is 1, ``order_id`` a customer's day.

    Examples
    --------
    >>> print(Layout("mine", {"order_id": "Beleg", "quantity": "Menge"}))
    mine: order_id ← 'Beleg', quantity ← 'Menge'
    """

    name: str
    columns: dict[str, str]
    checked: dict[str, str] = field(default_factory=dict)
    order_once: bool = False
    net_totals: bool = False
    states: Mapping[str, str] = field(default_factory=dict)
    goes_by_name: bool = False
    given: frozenset[str] = field(default=frozenset(), compare=False)
    assumed: tuple[str, ...] = ()

    def __str__(self) -> str:
        used = {**self.columns, **self.checked}
        return f"{self.name}: " + ", ".join(f"{name} ← {header!r}" for name, header in used.items())

    @property
    def is_of_a_program(self) -> bool:
        """Whether these are the headers of a program's export, whose meaning that program defines."""
        return any(self.name.startswith(known.name) for known in LAYOUTS if not known.general)


def detect_layout(
    source: Any,
    *,
    columns: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    sheet: str | int | None = None,
) -> Layout:
    """Detect the layout of a file or frame, and which header is which column.

    Parameters
    ----------
    source : path, folder, glob pattern or frame
        As in :func:`~shopper_widgets.read_transactions`. Of several files, the first counts.
    columns, encoding, sheet : optional
        As there.

    Returns
    -------
    Layout
        Its ``name``, and in ``columns`` the header of each canonical column.

    Raises
    ------
    ValueError
        A required column is found under no known header; the message names it, lists the headers and shows
        how to map them.

    Notes
    -----
    Headers are compared without case, accents, spaces and punctuation: ``"Customer ID"`` is ``customer_id``.
    The layouts known are UCI Online Retail (doi 10.24432/C5BW33) and Online Retail II (doi
    10.24432/C5CG6D), Superstore, Shopify's and Squarespace's order exports, WooCommerce's two common
    export plugins, Amazon's and eBay's order reports, TikTok Shop's orders, Etsy's sold order items, Square's
    items detail, Loyverse's receipts, Gumroad's sales, Faire's orders, Toast's item selections with their
    customers, Magento's, PrestaShop's and Odoo's order lines, Tiendanube's, Nuvemshop's and Mercado Libre's
    sales, Trendyol's orders, plain snake_case, and the usual headers in German, French, Spanish, Italian,
    Dutch, Polish, Portuguese, Turkish, Russian, Indonesian, Malay, Chinese, Japanese and Korean.
    Where none of them fits, a table is read by what such columns are usually called in
    English; without a quantity each line counts as one unit, without order numbers a customer's day as an
    order, without money a unit as 1. Exports of payments or of orders without their lines, such as Stripe's,
    are an error that names the export to take instead.

    Examples
    --------
    >>> import pandas as pd
    >>> orders = pd.DataFrame(columns=["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate",
    ...                                "Price", "Customer ID", "Country"])
    >>> layout = detect_layout(orders)
    >>> layout.name, layout.columns["unit_price"]
    ('UCI Online Retail II', 'Price')
    """
    if isinstance(source, str | os.PathLike):
        is_header = partial(fits, columns=columns)
        opened = open_tables(source, encoding, sheet, is_header=is_header)
        table = tables_of_orders(opened, is_header, [])[0]
        return match_layout(table.headers, columns, table.name)
    return match_layout(frame_headers(source), columns, _FRAME)


def frame_headers(source: Any) -> tuple[str, ...]:
    """Return the column names of a frame, or raise an error that ``source`` is neither frame nor path."""
    try:
        frame = nw.from_native(source)
        names = tuple(str(name) for name in frame.collect_schema().names())
    except TypeError:
        raise TypeError(
            "source must be a path, a folder, a glob pattern or a data frame (pandas, Polars, DuckDB, Arrow, "
            f"…); got {type(source).__name__}."
        ) from None
    except (ValueError, nw.exceptions.NarwhalsError) as error:
        raise ValueError(f"source is a data frame that can't be read: {error}") from None
    check_engine(_FRAME, frame)
    return names


def fits(
    headers: Sequence[str],
    columns: Mapping[str, str | None] | None,
    *,
    usual: bool = True,
    priced: bool = False,
) -> bool:
    """Return whether these are the headers of a table of orders; with ``priced``, of one with prices."""
    try:
        layout = match_layout(headers, columns, "", usual=usual)
    except ValueError:
        return False
    return not priced or UNIT_PRICE not in layout.assumed


def match_layout(
    headers: Sequence[str], columns: Mapping[str, str | None] | None, name: str, *, usual: bool = True
) -> Layout:
    """Find the layout of these headers; ``columns`` comes before known headers, ``name`` is for messages.

    Without ``usual``, the usual headers of no particular program are not tried.
    """
    given = given_headers(headers, columns or {}, name)
    none = untold(columns or {})
    others = [h for h in headers if h not in given.values()]
    told = given | dict.fromkeys(none, "")
    marked = [k for k in LAYOUTS if not k.marks or found_headers(headers, {k.name: k.marks})]
    own = {known: found_columns(headers, known) for known in marked}
    if told:
        own = {k: found for k, found in own.items() if k.general or len(_missing(found)) <= _FEW}
    english = found_columns(others, USUAL_HEADERS) if usual else {}
    if usual and not _needed(english | told, USUAL_HEADERS, headers):
        # In a table that can also be read in English, words of another language are borrowed words.
        own = {k: found for k, found in own.items() if k not in LOCAL or len(found) > len(english)}
    gaps = {known: _missing(mapping | told) for known, mapping in own.items()}
    fitting = [known for known, mapping in own.items() if not _missing(mapping)]
    if not fitting and not _missing(told):
        known = KnownLayout("columns=", {c: (c,) for c in OPTIONAL})
    else:
        # For a program's export that lacks one column, the caller is asked: its other columns have the
        # program's meaning. A table whose headers mean the same in any shop is not recognized as such an
        # export.
        usual_ones = {**dict.fromkeys(USUAL_HEADERS.headers), **found_columns(headers, USUAL_HEADERS)}
        nearly = any(
            len(missing) == 1 and any(usual_ones.get(c, h) != h for c, h in own[known].items())
            for known, missing in gaps.items()
            if not known.general
        )
        if usual and not fitting and not nearly and not without_lines([plain_header(h) for h in headers]):
            own[USUAL_HEADERS] = english
            gaps |= {k: _needed(own[k] | told, k, headers) for k in own if is_of_no_program(k)}
        # The fewest gaps win; then a known layout, then the most headers found, then the first.
        known = min(fitting or own, key=lambda k: (len(gaps[k]), k is USUAL_HEADERS, -len(own[k])))
        known = known if own[known] else KNOWN[-1]
    # A header that the caller mapped to one column is not read as another column.
    mapping = found_columns(others, known) | given
    guessed = usual and is_of_no_program(known)
    if guessed and known is not USUAL_HEADERS:
        mapping |= found_in_english(others, mapping, _missing(mapping))
    if PRODUCT_ID not in given and _is_kind_beside_names(mapping, headers):
        del mapping[PRODUCT_ID]
    mapping = {column: header for column, header in mapping.items() if _WHOSE.get(column, column) not in none}
    assumed = {*none, *(_assumable(mapping, known, headers) if guessed else ())}
    if known is USUAL_HEADERS and UNIT_PRICE not in given and is_doubtful_list_price(mapping, headers):
        del mapping[UNIT_PRICE]
    if QUANTITY in assumed and UNIT_PRICE in mapping:
        # It may be the total of a line or of an order: as with any total, the lines must prove it.
        price = mapping.pop(UNIT_PRICE)
        mapping.setdefault(AMOUNT, price)
    if missing := [column for column in _missing(mapping) if column not in assumed]:
        is_file, is_usual = name != _FRAME, known is USUAL_HEADERS
        raise UnreadableError(
            complaint(name, headers, known, missing, mapping, is_file=is_file, show_layout=not is_usual),
            told=told_lacking(missing, headers),
        )
    if not known.repeats:
        _refuse_doubles(headers, mapping, given, name)
    if CUSTOMER_ID not in given:
        mapping |= other_marks_of_people(others, mapping[CUSTOMER_ID], known)
    used = {c: mapping[c] for c in (*REQUIRED, *OPTIONAL) if c in mapping}
    title = f"{known.name} + columns=" if told and known in own else known.name
    checked = _checked(headers, mapping, known)
    if known.general or known is USUAL_HEADERS:
        checked |= in_doubt(used, told, headers)
    return Layout(
        title,
        used,
        checked,
        known.order_once,
        known.net_totals,
        known.states,
        known.goes_by_name and PRODUCT_ID not in given,
        frozenset(given),
        tuple(column for column in ASSUMED if column in assumed),
    )


def _is_kind_beside_names(found: Mapping[str, str], headers: Sequence[str]) -> bool:
    """Return whether products were found only by their kind, and another header may be their names."""
    is_kind = plain_header(found.get(PRODUCT_ID, "")) in map(plain_header, KINDS)
    return is_kind and any(may_name_goods(h) for h in headers if h not in found.values())


def _checked(headers: Sequence[str], mapping: Mapping[str, str], known: KnownLayout) -> dict[str, str]:
    """Return the further columns that are looked at, by a layout's own headers, else by any shop's."""
    checked = {c: mapping[c] for c in (*_MARKS_OF_PEOPLE, *USUAL) if c in mapping}
    for column, usual in USUAL.items():
        taken = {*mapping.values(), *checked.values()}
        free = [h for h in headers if h not in taken]
        # The totals of a program's export are those of whole orders, or include shipping and taxes.
        of_a_program = known in LAYOUTS and not known.general
        told = column == OTHER_TOTAL and (of_a_program or AMOUNT in mapping)
        if column not in checked and not told:
            found = found_headers(free, {column: usual}) or near_states(free) or near_currency(free)
            checked |= {c: h for c, h in found.items() if c == column}
        if column == STATUS and column not in checked:
            checked |= found_headers(free, {STATUS: INSTEAD_OF_STATUS})
    if STATUS not in checked and not any(place in plain_header(h) for h in headers for place in _PLACES):
        checked |= found_headers([h for h in headers if h not in mapping.values()], {STATUS: PLACE_OR_STATUS})
    if {LINE_DISCOUNT, ORDER_DISCOUNT} <= checked.keys():
        checked |= found_headers(
            [h for h in headers if h not in mapping.values()], {ORDER_SUBTOTAL: SUBTOTALS}
        )
    if PART_OF not in checked:
        checked.pop(ITEM, None)
    if (time := _time_of_day(headers, mapping, checked)) is not None:
        checked[TIME_OF_DAY] = time
    return checked


def _time_of_day(
    headers: Sequence[str], mapping: Mapping[str, str], checked: Mapping[str, str]
) -> str | None:
    """Return the header of the time of day that belongs to the date of an order."""
    taken = {*mapping.values(), *checked.values()} - {mapping[ORDERED_AT]}
    plain = ["" if h in taken else plain_header(h) for h in headers]
    place = time_header(plain_header(mapping[ORDERED_AT]), plain)
    return None if place is None else headers[place]


def _missing(mapping: Mapping[str, str]) -> list[str]:
    priced = UNIT_PRICE in mapping or AMOUNT in mapping
    return [c for c in REQUIRED if c not in mapping and not (c == UNIT_PRICE and priced)]


def _needed(mapping: Mapping[str, str], known: KnownLayout, headers: Sequence[str]) -> list[str]:
    """Return the columns that are missing and can't be assumed."""
    return [column for column in _missing(mapping) if column not in _assumable(mapping, known, headers)]


def _assumable(mapping: Mapping[str, str], known: KnownLayout, headers: Sequence[str]) -> list[str]:
    """Return the columns to assume; in languages other than English, only if all headers are understood."""
    if known is not USUAL_HEADERS:
        if ORDERED_AT not in mapping:
            return []
        read = {*mapping.values(), *_checked(headers, mapping, known).values()}
        if not read.issuperset(headers):
            return []
    return assumable(mapping, headers)


def _refuse_doubles(
    headers: Sequence[str], mapping: Mapping[str, str], given: Mapping[str, str], name: str
) -> None:
    for column, header in mapping.items():
        same = [
            h
            for h in headers
            if (h == header if column in given else plain_header(h) == plain_header(header))
        ]
        if len(same) > 1:
            advice = (
                "Rename one of them."
                if len(set(same)) == 1
                else f"Say which one counts: columns={{{column!r}: {same[0]!r}}}."
            )
            raise ValueError(
                f"{name}: {len(same)} headers could be {column}: {', '.join(map(repr, same))}. {advice}"
            )
