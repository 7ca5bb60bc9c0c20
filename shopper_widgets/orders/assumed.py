"""Columns that a table of orders may lack if no known program wrote it: units, order numbers, products."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import narwhals as nw

from shopper_widgets._support.locale import N_
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    QUANTITY,
    UNIT_PRICE,
)
from shopper_widgets.orders.cells.currencies import is_code
from shopper_widgets.orders.cells.numbers import collected
from shopper_widgets.orders.headers import plain_header, words_of
from shopper_widgets.orders.usual_headers import KINDS

#: The note for each column that is assumed.
ASSUMED = {
    QUANTITY: N_("No column says how many units a line sold: each line counts as one unit."),
    ORDER_ID: N_(
        "No column says which lines are one order: what a customer bought on one day counts as one order."
    ),
    PRODUCT_ID: N_(
        "No column says what was sold: each line counts as a sale of the same product, so figures of "
        "products, stock and recommendations mean nothing here."
    ),
    UNIT_PRICE: N_(
        "No column says what was paid: each unit counts as 1, so figures of money are numbers of units."
    ),
}
#: The product of every line where no column says what was sold.
EVERYTHING = "Everything sold"


#: Words of a header that may be the number of units: if such a header is unused, units are not assumed.
_UNITS = frozenset(
    {"qty", "units", "pcs", "pc", "pieces", "piece", "count", "items", "menge", "anzahl", "stück"}
    | {"stueck", "stk", "aantal", "ilość", "szt", "cantidad", "unidades", "qta", "qté"}
)
#: Beginnings of words that say what was sold, whatever the other words are: ``order_item``,
#: ``store_product``.
_GOODS = (
    *("product", "item", "artic", "artik", "sku", "goods", "merch", "descr", "title", "brand", "categ"),
    "bought",
)
#: Words of a header that does not say what was sold. If no product column is found, and a header without any
#: of these words is unused, it may be the products: the caller is asked.
_NO_GOODS = frozenset(
    {"customer", "client", "buyer", "user", "member", "person", "first", "last", "full", "company"}
    | {"email", "mail", "phone", "tel", "mobile", "gender", "sex", "age", "birth", "birthday", "city"}
    | {"town", "state", "province", "region", "country", "county", "zip", "postal", "postcode", "address"}
    | {"street", "lat", "lon", "latitude", "longitude", "channel", "source", "medium", "campaign"}
    | {"coupon", "voucher", "promo", "referrer", "utm", "discount", "tax", "vat", "shipping", "delivery"}
    | {"freight", "fee", "tip", "cost", "profit", "margin", "cogs", "payment", "paid", "pay", "card"}
    | {"method", "gateway", "status", "currency", "cur", "rate", "store", "branch", "shop", "outlet"}
    | {"terminal", "till", "register", "cashier", "staff", "employee", "seller", "salesperson", "device"}
    | {"platform", "browser", "session", "ip", "year", "month", "day", "week", "weekday", "quarter"}
    | {"hour", "minute", "time", "date", "season", "holiday", "row", "index", "unnamed", "line", "order"}
    | {"invoice", "id", "note", "notes", "comment", "comments", "remark", "remarks", "rating", "score"}
    | {"points", "loyalty", "segment", "ship", "mode", "subtotal", "location"}
)
#: Further words: things that have a name, but are neither products nor customers.
_NO_NAMES = frozenset(
    {"brand", "category", "subcategory", "sub", "department", "supplier", "vendor", "publisher", "author"}
    | {"manufacturer", "maker", "warehouse", "manager", "driver", "agent", "rep", "representative", "file"}
    | {
        "sheet",
        "event",
        "team",
        "group",
        "account",
        "collection",
        "family",
        "type",
        "job",
        "patient",
        "guest",
    }
)
#: The last word of a header that names things.
_NAMING = frozenset({"name", "title", "item", "product", "article", "dish"})
#: The last word of a header that numbers things, and things other than goods that may be numbered.
_NUMBERING = frozenset({"id", "code", "no", "nr", "number", "key"})
_NO_NUMBERED_GOODS = frozenset(
    {"reference", "ref", "batch", "lot", "promotion", "loan", "booking", "reservation", "tracking"}
    | {"parcel", "package", "ticket", "external", "internal", "parent", "transaction", "txn", "trans"}
    | {"receipt", "contract", "bill", "basket", "cart", "sale", "sales", "record", "serial", "table"}
    | {"affiliate", "shipment", "merchant", "auth", "authorization", "language", "pickup", "campaign"}
    | {"vehicle", "machine", "partner", "company", "household", "contact", "document", "location", "area"}
)
#: Words of a header that may be what was paid.
_MONEY = frozenset(
    {"price", "prices", "amount", "amt", "total", "totals", "subtotal", "value", "worth", "revenue", "sales"}
    | {
        "sale",
        "sold",
        "spend",
        "spent",
        "paid",
        "pay",
        "pays",
        "payment",
        "gross",
        "net",
        "turnover",
        "money",
    }
    | {"bill", "charge", "charged", "fare", "rate", "msrp", "mrp", "rrp"}
)
#: Words of a header about money that is not what was paid.
_OTHER_MONEY = frozenset(
    {"cost", "costs", "cogs", "margin", "profit", "tax", "vat", "fee", "discount", "tip", "freight", "points"}
)
#: Words of a header about a date, and the deeds that the date may belong to: ``first_sold_date`` is not about
#: money, but ``price_at_purchase`` is.
_WHEN = frozenset({"date", "day", "time", "month", "year", "week", "at"})
_DONE = frozenset({"sold", "sale", "sales", "paid", "pay", "payment", "bill", "charged"})
#: Further words that make a header harmless: if a header with any other word is unused, it may be money, and
#: units don't count as money.
_NO_MONEY = frozenset(
    {"method", "mode", "territory", "number", "no", "nr", "key", "code", "size", "color", "colour", "style"}
    | {"class", "area", "zone", "location", "aisle", "shelf", "reordered", "stock", "due", "ship", "shipped"}
    | {"delivered", "name", "warehouse", "department", "dow", "cart", "at"}
)
#: Words after which the subject of a header ends: ``price at purchase`` is a price. After a deed, they
#: introduce who or how: ``sold by``.
_ABOUT_ENDS = frozenset({"at", "for", "of", "in", "on", "per", "after", "before", "with", "by", "via"})
#: Words that mean money only alone or next to another word for money: ``total_payment``, but not
#: ``flash_sale``.
_HARDLY_MONEY = frozenset({"sale", "payment", "pay", "pays"})
#: Words for money that isn't paid for goods, and words of yes-or-no questions.
_NOT_FOR_GOODS = frozenset(
    {"lifetime", "shipping", "delivery", "handling", "service", "exchange", "conversion", "loyalty"}
    | {"coupon", "voucher", "refund", "refunded", "commission", "insurance", "is", "was", "has"}
)
#: Words of a table that is not about sales: what people look at, say, plan, or bring back.
_NO_SALES = frozenset(
    {"behavior", "behaviour", "action", "event", "stage", "return", "returned", "ticket", "rating", "review"}
    | {"score", "status", "source", "direction", "movement", "dose", "wish", "click", "view", "views", "lead"}
    | {"policy", "claim", "visit", "case", "priority"}
)
#: Headers that also fit a bank's statement, which says what a line is about; headers with "product" don't
#: fit.
_LOOSE = {plain_header(name) for name in ("description", *KINDS) if "product" not in name}
#: Recommended prices, which may not be what was paid.
_LIST_PRICES = frozenset({"listprice", "retailprice"})


def assumable(found: Mapping[str, str], headers: Collection[str]) -> list[str]:
    """Return the columns that a table can do without.

    A line counts as one unit if one column has its money, and no other may have units; a customer's lines of
    one day count as one order. If no header may be money, a unit counts as 1. None of this is assumed if
    products have no name of their own; if no column is the product, and lines have a total, a line is an
    order or a part of one.

    Parameters
    ----------
    found : mapping of str to str
        Canonical names and the headers that they were found under.
    headers : collection of str
        All of the table.

    Examples
    --------
    >>> found = {"product_id": "Item", "customer_id": "Member", "ordered_at": "Date", "amount": "Total"}
    >>> assumable(found, found.values())
    ['quantity', 'order_id']
    >>> assumable(found, [*found.values(), "Pcs"])
    ['order_id']
    >>> del found["amount"]
    >>> assumable(found, [*found.values(), "Store"])
    ['quantity', 'order_id', 'unit_price']
    """
    if plain_header(found.get(PRODUCT_ID, "")) in _LOOSE:
        return []
    left = [header for header in headers if header not in found.values()]
    priced = (UNIT_PRICE in found) + (AMOUNT in found)
    no_money = not priced and PRODUCT_ID in found and not any(map(_may_be_money, left))
    no_money = no_money and not any(map(_is_no_sale, headers))
    one_unit = (priced == 1 or no_money) and not any(map(_may_be_units, left))
    is_whose_and_when = {CUSTOMER_ID, ORDERED_AT}.issubset(found)
    are_totals = is_whose_and_when and AMOUNT in found and UNIT_PRICE not in found
    are_totals = are_totals and not any(map(_may_be_goods, left))
    no_money = no_money and is_whose_and_when
    possible = {
        QUANTITY: one_unit,
        ORDER_ID: is_whose_and_when,
        PRODUCT_ID: are_totals,
        UNIT_PRICE: no_money,
    }
    return [column for column, can_be in possible.items() if can_be and column not in found]


def _may_be_units(header: str) -> bool:
    return "quant" in plain_header(header) or not _UNITS.isdisjoint(_words(header))


def _may_be_goods(header: str) -> bool:
    return (
        may_number_goods(header)
        or _NO_GOODS.isdisjoint(_words(header))
        or any(word.startswith(_GOODS) for word in _words(header))
    )


def may_name_goods(header: str) -> bool:
    """Return whether a header may be the name of what was sold, in a word of some trade.

    Examples
    --------
    >>> [may_name_goods(header) for header in ("book_name", "Song Title", "Food Item", "name", "store_name")]
    [True, True, True, False, False]
    """
    last, of_what = _last_and_others(header)
    return last in _NAMING and bool(of_what) and of_what.isdisjoint(_NO_GOODS | _NO_NAMES)


def may_number_goods(header: str) -> bool:
    """Return whether a header may be the number of what was sold, in a word of some trade.

    Examples
    --------
    >>> [may_number_goods(header) for header in ("Book_ID", "dishCode", "id", "store_id", "Batch No")]
    [True, True, False, False, False]
    """
    last, of_what = _last_and_others(header)
    others = _NO_GOODS | _NO_NAMES | _NO_NUMBERED_GOODS
    return last in _NUMBERING and bool(of_what) and of_what.isdisjoint(others)


def _last_and_others(header: str) -> tuple[str, set[str]]:
    words = re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).casefold())
    return words[-1], set(words[:-1]) - {""}


def _may_be_money(header: str) -> bool:
    words = _without_deeds(_words(header))
    if {"payment", "pay"} & words and {"method", "type", "mode", "terms"} & words:
        return False
    known = _NO_GOODS | _NO_MONEY
    harmless = all(word in known or word.isdigit() or word.startswith(_GOODS) for word in words)
    return not harmless or not words.isdisjoint(_MONEY | _OTHER_MONEY) or bool(re.search("[€$£¥₹]", header))


def _is_no_sale(header: str) -> bool:
    return not _words(header).isdisjoint(_NO_SALES) or plain_header(header) in ("type", "transactiontype")


def is_doubtful_list_price(found: Mapping[str, str], headers: Collection[str]) -> bool:
    """Return whether only a list or retail price was found, and another header may be what was paid.

    Examples
    --------
    >>> is_doubtful_list_price({"unit_price": "list_price"}, ["list_price", "price_paid"])
    True
    >>> others = ["list_price", "standard_cost", "first_sold_date", "payment_method", "Sale ID"]
    >>> is_doubtful_list_price({"unit_price": "list_price"}, others)
    False
    """
    if plain_header(found.get(UNIT_PRICE, "")) not in _LIST_PRICES or AMOUNT in found:
        return False
    return any(_may_be_paid(header) for header in headers if header not in found.values())


def _may_be_paid(header: str) -> bool:
    """Return whether a header is about money for goods: the last word decides, before any "by" or "at"."""
    words = [word for word in words_of(header) if not (is_code(word) or word.isdigit())]
    if not (_OTHER_MONEY | _NOT_FOR_GOODS).isdisjoint(words) or _may_be_units(header):
        return False
    end = next((place for place, word in enumerate(words) if word in _ABOUT_ENDS), len(words))
    about, more = words[:end], words[end:]
    if not about or about[-1] not in _MONEY or (about[-1] in _DONE and more not in ([], ["for"], ["in"])):
        return False
    return len(about) == 1 or not (_MONEY - _HARDLY_MONEY).isdisjoint(about)


def _without_deeds(words: set[str]) -> set[str]:
    return words - _DONE if words & _WHEN else words


def _words(header: str) -> set[str]:
    return set(re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).casefold())) - {""}


def with_assumed(frame: Any, assumed: Collection[str]) -> Any:
    """Return the lines with the columns that are assumed; order numbers are null at first."""
    blank = {
        QUANTITY: nw.lit(1.0),
        ORDER_ID: nw.lit(None, dtype=nw.String),
        PRODUCT_ID: nw.lit(EVERYTHING),
        UNIT_PRICE: nw.lit(1.0),
    }
    return frame.with_columns(blank[column].alias(column) for column in assumed) if assumed else frame


def refuse_list_of_customers(frame: Any) -> None:
    """Refuse a table without order numbers and products, or money, in which no customer has two days.

    It is a list of customers.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> import pandas as pd
    >>> lines = {"customer_id": ["7", "8", "7"], "order_id": ["7 2024-03-01", "8 2024-03-01", "7 2024-03-09"]}
    >>> refuse_list_of_customers(nw.from_native(pd.DataFrame(lines)))
    """
    known = frame.lazy().filter(~nw.col(CUSTOMER_ID).is_null())
    days, customers = collected(
        known.select(days=nw.col(ORDER_ID).n_unique(), customers=nw.col(CUSTOMER_ID).n_unique())
    ).row(0)
    if customers and days <= customers:
        raise ValueError(
            "No column says which lines are one order (order_id), and what was sold or paid, and no "
            "customer has lines of two days: this is a list of customers, not of orders. Export the orders, "
            "one line for each product of an order; where a column numbers orders, map it: "
            "columns={'order_id': '…'}."
        )


def with_orders_of_days(frame: Any) -> Any:
    """Return the lines with a number for each customer's orders of one day.

    Examples
    --------
    >>> import pandas as pd
    >>> moments = pd.to_datetime(["2024-03-01 10:00", "2024-03-01 18:30"])
    >>> lines = nw.from_native(pd.DataFrame({"customer_id": ["7", None], "ordered_at": moments}))
    >>> with_orders_of_days(lines)["order_id"].to_list()
    ['7 2024-03-01', ' 2024-03-01 18:30:00']
    """
    day, moment = (nw.col(ORDERED_AT).dt.to_string(form) for form in ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S"))
    # Without a customer, the lines of one moment count as one order.
    when = nw.when(nw.col(CUSTOMER_ID).is_null()).then(moment).otherwise(day)
    number = nw.concat_str(nw.col(CUSTOMER_ID).fill_null(""), when, separator=" ")
    return frame.with_columns(number.alias(ORDER_ID))
