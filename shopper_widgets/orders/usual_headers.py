"""What tables of orders are headed by where no known program wrote them, and what they may leave unsaid."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import narwhals as nw

from shopper_widgets.columns import (
    AMOUNT,
    COUNTRY,
    CUSTOMER_ID,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
    UNIT_PRICE,
)
from shopper_widgets.orders.cells.numbers import collected
from shopper_widgets.orders.headers import plain_header
from shopper_widgets.orders.known_layouts import KnownLayout

_NAMES = (
    *("product_name", "item_name", "product_title", "product", "item", "product_description"),
    *("item_description", "article_name", "article", "prod_name", "lineitem_name", "description"),
)
#: What is sold, told no nearer than by its kind.
_KINDS = ("sub_category", "product_category", "product_line", "category_name", "category", "department")

#: Asked only where no known layout fits; for each column, what says most comes first.
USUAL_HEADERS = KnownLayout(
    "usual headers",
    {
        ORDER_ID: (
            *("order_id", "order_number", "order_no", "order_nr", "order_num", "order_key", "order_code"),
            *("order #", "sales_order_number", "sales_order_id", "sales_order", "invoice_no"),
            *(
                "invoice_number",
                "invoice_id",
                "invoice_nr",
                "invoice",
                "transaction_id",
                "transaction_number",
            ),
            *(
                "transaction_no",
                "transaction",
                "txn_id",
                "txn_no",
                "trans_id",
                "receipt_id",
                "receipt_number",
            ),
            *("receipt_no", "receipt", "basket_id", "basket", "cart_id"),
            *("bill_no", "bill_number", "bill_id", "purchase_id", "sale_id", "sales_id", "ticket_number"),
            *(
                "ticket_id",
                "document_number",
                "document_no",
                "voucher_no",
                "order",
                "user_session",
                "session_id",
            ),
        ),
        PRODUCT_ID: (
            *("product_id", "product_code", "product_key", "product_number", "product_no", "product_sku"),
            *(
                "sku",
                "item_id",
                "item_code",
                "item_number",
                "item_no",
                "item_sku",
                "stock_code",
                "article_id",
            ),
            *("article_number", "article_code", "article_no", "variant_id", "variant_sku", "prod_id"),
            *("prod_nbr", "prod_code", "asin", "upc", "ean", "gtin", "isbn", "barcode", "plu"),
            *(*_NAMES, *_KINDS),
        ),
        PRODUCT_NAME: _NAMES,
        # one person may have several numbers, one an order, and one that is theirs alone
        CUSTOMER_ID: (
            *("customer_unique_id", "customer_id", "customer_key", "customer_number", "customer_no"),
            *("customer_code", "cust_id", "cust_no", "client_id", "client_number", "client_code", "user_id"),
            *(
                "member_id",
                "member_number",
                "member_no",
                "household_id",
                "household_key",
                "hh_id",
                "buyer_id",
            ),
            *("contact_id", "shopper_id", "visitor_id", "loyalty_id"),
            *("loyalty_card_number", "lylty_card_nbr", "card_number", "card_id", "customer_email"),
            *("buyer_email", "billing_email", "email_address", "email", "e-mail", "customer_name"),
            *("customer", "client_name", "client", "buyer_name", "buyer", "member"),
        ),
        COUNTRY: (
            *("country", "customer_country", "ship_country", "shipping_country", "billing_country"),
            *("country_name", "country_code", "country/region", "delivery_country"),
        ),
        ORDERED_AT: (
            *("ordered_at", "order_date", "order_datetime", "order_timestamp", "order_time", "date_of_order"),
            *(
                "order_purchase_timestamp",
                "order_created_at",
                "purchase_date",
                "purchased_at",
                "purchase_time",
            ),
            *("purchase_timestamp", "date_of_purchase", "invoice_date", "transaction_date", "transaction_dt"),
            *("transaction_time", "transaction_datetime", "transaction_timestamp", "trans_date", "txn_date"),
            *("sale_date", "sales_date", "sold_at", "date_of_sale", "receipt_date", "bill_date"),
            *("document_date", "created_at", "date_created", "created_date", "created", "event_time"),
            *("timestamp", "datetime", "date_time", "date"),
        ),
        QUANTITY: (
            *("quantity", "qty", "quantity_ordered", "quantity_purchased", "quantity_sold", "order_quantity"),
            *("ordered_quantity", "order_qty", "qty_ordered", "qty_sold", "sales_quantity", "sales_qty"),
            *("item_quantity", "item_qty", "product_quantity", "product_qty", "prod_qty", "units_sold"),
            *(
                "unit_sold",
                "units",
                "num_units",
                "number_of_items",
                "no_of_items",
                "number_of_units",
                "pieces",
            ),
            "items_sold",
        ),
        UNIT_PRICE: (
            *("unit_price", "price_each", "price_per_unit", "price_per_item", "unit_selling_price"),
            *("selling_price", "sale_price", "sales_price", "item_price", "product_price", "price_per_piece"),
            *("retail_price", "price"),
        ),
        AMOUNT: (
            *("line_total", "line_amount", "amount", "sales_amount", "sales_value", "total_price"),
            *("total_amount", "total_sales", "tot_sales", "net_sales", "sales", "extended_price"),
            *("extended_amount", "item_total", "total_revenue", "revenue", "purchase_amount", "turnover"),
            "total",
        ),
    },
)

#: How a note says that a table is read by usual headers.
GUESSED = "has no known layout and is read by its headers"
#: What is told where a column is assumed.
ASSUMED = {
    QUANTITY: "No column says how many units a line sold: each line counts as one unit.",
    ORDER_ID: "No column says which lines are one order: what a customer bought on one day counts as one.",
    PRODUCT_ID: "No column says what was sold: each line counts as a sale of the same, and what is said of "
    "products, stock and recommendations means nothing here.",
}
#: What was sold, where no column says it.
_EVERYTHING = "Everything sold"


#: Words of a header that may be the number of units: where one is left over, none is assumed.
_UNITS = frozenset(
    {"qty", "units", "pcs", "pc", "pieces", "piece", "count", "items", "menge", "anzahl", "stück", "stueck"}
    | {"stk", "aantal", "ilość", "szt", "cantidad", "unidades", "qta", "qté"}
)
#: Beginnings of words that say what was sold, whatever stands beside them: ``order_item``, ``store_product``.
_GOODS = (
    "product",
    "item",
    "artic",
    "artik",
    "sku",
    "goods",
    "merch",
    "descr",
    "title",
    "brand",
    "categ",
    "bought",
)
#: Words of a header that does not say what was sold. Where products are missing, and a header without any of
#: these is left over, it may be them: it is asked about.
_NO_GOODS = frozenset(
    {
        "customer",
        "client",
        "buyer",
        "user",
        "member",
        "person",
        "first",
        "last",
        "full",
        "company",
        "email",
        "mail",
    }
    | {
        "phone",
        "tel",
        "mobile",
        "gender",
        "sex",
        "age",
        "birth",
        "birthday",
        "city",
        "town",
        "state",
        "province",
    }
    | {
        "region",
        "country",
        "county",
        "zip",
        "postal",
        "postcode",
        "address",
        "street",
        "lat",
        "lon",
        "latitude",
    }
    | {
        "longitude",
        "channel",
        "source",
        "medium",
        "campaign",
        "coupon",
        "voucher",
        "promo",
        "referrer",
        "utm",
    }
    | {
        "discount",
        "tax",
        "vat",
        "shipping",
        "delivery",
        "freight",
        "fee",
        "tip",
        "cost",
        "profit",
        "margin",
        "cogs",
    }
    | {
        "payment",
        "paid",
        "pay",
        "card",
        "method",
        "gateway",
        "status",
        "currency",
        "cur",
        "rate",
        "store",
        "branch",
    }
    | {
        "shop",
        "outlet",
        "terminal",
        "till",
        "register",
        "cashier",
        "staff",
        "employee",
        "seller",
        "salesperson",
    }
    | {
        "device",
        "platform",
        "browser",
        "session",
        "ip",
        "year",
        "month",
        "day",
        "week",
        "weekday",
        "quarter",
        "hour",
    }
    | {
        "minute",
        "time",
        "date",
        "season",
        "holiday",
        "row",
        "index",
        "unnamed",
        "line",
        "order",
        "invoice",
        "id",
    }
    | {
        "note",
        "notes",
        "comment",
        "comments",
        "remark",
        "remarks",
        "rating",
        "score",
        "points",
        "loyalty",
        "segment",
    }
)
#: What tells of a line only what it is about, as a bank's statement does.
_LOOSE = {plain_header(name) for name in ("description", *_KINDS)}


def assumable(found: Mapping[str, str], headers: Collection[str]) -> list[str]:
    """Return the columns that a table can do without.

    A line counts as one unit where one column tells its money, and no other may tell units; a customer's
    lines of one day count as one order. Neither is assumed where what is sold has no name of its own; where
    nothing tells what is sold, and lines have a total, a line is an order, or a part of one.

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
    """
    if plain_header(found.get(PRODUCT_ID, "")) in _LOOSE:
        return []
    left = [header for header in headers if header not in found.values()]
    one_price = (UNIT_PRICE in found) != (AMOUNT in found) and not any(map(_may_be_units, left))
    is_whose_and_when = {CUSTOMER_ID, ORDERED_AT}.issubset(found)
    are_totals = is_whose_and_when and AMOUNT in found and UNIT_PRICE not in found
    are_totals = are_totals and not any(map(_may_be_goods, left))
    possible = {QUANTITY: one_price, ORDER_ID: is_whose_and_when, PRODUCT_ID: are_totals}
    return [column for column, can_be in possible.items() if can_be and column not in found]


def _may_be_units(header: str) -> bool:
    return "quant" in plain_header(header) or not _UNITS.isdisjoint(_words(header))


def _may_be_goods(header: str) -> bool:
    return _NO_GOODS.isdisjoint(_words(header)) or any(word.startswith(_GOODS) for word in _words(header))


def _words(header: str) -> list[str]:
    return re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).casefold())


def with_assumed(frame: Any, assumed: Collection[str]) -> Any:
    """Return the lines with the columns that are assumed; numbers of orders are blank at first."""
    blank = {
        QUANTITY: nw.lit(1.0),
        ORDER_ID: nw.lit(None, dtype=nw.String),
        PRODUCT_ID: nw.lit(_EVERYTHING),
    }
    return frame.with_columns(blank[column].alias(column) for column in assumed) if assumed else frame


def refuse_list_of_customers(frame: Any) -> None:
    """Refuse a table without products and order numbers in which nobody has two days: it tells of customers.

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
            "No column says what was sold (product_id) or which lines are one order (order_id), and no "
            "customer has lines of two days: this is a list of customers, not of orders. Export the orders, "
            "one line for each product of an order."
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
    # Of nobody known, lines of one moment are one order.
    when = nw.when(nw.col(CUSTOMER_ID).is_null()).then(moment).otherwise(day)
    number = nw.concat_str(nw.col(CUSTOMER_ID).fill_null(""), when, separator=" ")
    return frame.with_columns(number.alias(ORDER_ID))
