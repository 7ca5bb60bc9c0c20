"""The headers of known order tables, as their programs write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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

#: Headers that are looked at but give no column of their own.
CURRENCY, STATUS, CANCELLED_AT = "currency", "status", "cancelled_at"


@dataclass(frozen=True, eq=False)
class KnownLayout:
    """A layout as written down: for each column the headers it may have; the first that is there counts.

    ``order_once``: cells that describe an order stand on its first line only.
    """

    name: str
    headers: Mapping[str, tuple[str, ...]]
    order_once: bool = False


#: In the order in which they are tried: what is particular before what is general.
KNOWN = (
    KnownLayout(
        "Shopify orders",
        {
            ORDER_ID: ("Name",),
            PRODUCT_ID: ("Lineitem sku", "Lineitem name"),
            PRODUCT_NAME: ("Lineitem name",),
            CUSTOMER_ID: ("Email",),
            COUNTRY: ("Billing Country", "Shipping Country"),
            ORDERED_AT: ("Created at",),
            QUANTITY: ("Lineitem quantity",),
            UNIT_PRICE: ("Lineitem price",),
            CURRENCY: ("Currency",),
            STATUS: ("Financial Status",),
            CANCELLED_AT: ("Cancelled at",),
        },
        order_once=True,
    ),
    # the columns of "Advanced Order Export for WooCommerce"
    KnownLayout(
        "WooCommerce (Advanced Order Export)",
        {
            ORDER_ID: ("Order Number", "Order ID"),
            PRODUCT_ID: ("SKU", "Item Name"),
            PRODUCT_NAME: ("Item Name",),
            CUSTOMER_ID: ("Email (Billing)", "Customer User ID"),
            COUNTRY: ("Country Code (Billing)", "Country Name (Billing)", "Country (Billing)"),
            ORDERED_AT: ("Order Date", "Date Created"),
            QUANTITY: ("Quantity", "Quantity (- Refund)", "Item Quantity"),
            UNIT_PRICE: ("Item Cost", "Item Price"),
            AMOUNT: ("Order Line Total", "Item Total", "Item Subtotal"),
            CURRENCY: ("Order Currency", "Currency"),
            STATUS: ("Order Status",),
        },
        order_once=True,
    ),
    # "Customer/Order/Coupon Export", one row per item
    KnownLayout(
        "WooCommerce (Order Export, one row per item)",
        {
            ORDER_ID: ("order_number", "order_id"),
            PRODUCT_ID: ("item_sku", "item_product_id", "item_name"),
            PRODUCT_NAME: ("item_name",),
            CUSTOMER_ID: ("billing_email", "customer_email", "customer_id"),
            COUNTRY: ("billing_country",),
            ORDERED_AT: ("date", "order_date"),
            QUANTITY: ("item_quantity",),
            UNIT_PRICE: ("item_price", "item_cost"),
            AMOUNT: ("item_total", "item_subtotal"),
            CURRENCY: ("order_currency", "currency"),
            STATUS: ("status", "order_status"),
        },
        order_once=True,
    ),
    KnownLayout(
        "Superstore",
        {
            ORDER_ID: ("Order ID",),
            PRODUCT_ID: ("Product ID",),
            PRODUCT_NAME: ("Product Name",),
            CUSTOMER_ID: ("Customer ID",),
            COUNTRY: ("Country/Region", "Country"),
            ORDERED_AT: ("Order Date",),
            QUANTITY: ("Quantity",),
            AMOUNT: ("Sales",),
            CURRENCY: ("Currency",),
        },
    ),
    KnownLayout(
        "UCI Online Retail",
        {
            ORDER_ID: ("InvoiceNo",),
            PRODUCT_ID: ("StockCode",),
            PRODUCT_NAME: ("Description",),
            CUSTOMER_ID: ("CustomerID",),
            COUNTRY: ("Country",),
            ORDERED_AT: ("InvoiceDate",),
            QUANTITY: ("Quantity",),
            UNIT_PRICE: ("UnitPrice",),
            CURRENCY: ("Currency",),
        },
    ),
    KnownLayout(
        "UCI Online Retail II",
        {
            ORDER_ID: ("Invoice", "InvoiceNo"),
            PRODUCT_ID: ("StockCode",),
            PRODUCT_NAME: ("Description",),
            CUSTOMER_ID: ("Customer ID",),
            COUNTRY: ("Country",),
            ORDERED_AT: ("InvoiceDate",),
            QUANTITY: ("Quantity",),
            UNIT_PRICE: ("Price", "UnitPrice"),
            CURRENCY: ("Currency",),
        },
    ),
    KnownLayout(
        "snake_case",
        {
            ORDER_ID: ("order_id", "order_number", "invoice_id", "invoice_number", "transaction_id"),
            PRODUCT_ID: ("product_id", "sku", "product_code", "item_id", "stock_code"),
            PRODUCT_NAME: ("product_name", "item_name", "product", "description"),
            CUSTOMER_ID: ("customer_id", "client_id", "user_id", "customer_email"),
            COUNTRY: ("country",),
            ORDERED_AT: ("ordered_at", "order_date", "invoice_date", "created_at", "timestamp", "date"),
            QUANTITY: ("quantity", "qty"),
            UNIT_PRICE: ("unit_price", "price", "item_price"),
            AMOUNT: ("amount", "line_total", "sales"),
            CURRENCY: ("currency", "currency_code"),
        },
    ),
)
