"""The headers of known order tables, as their programs write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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

#: Columns that are looked at, but are not part of the result.
CURRENCY, STATUS, CANCELLED_AT, PAYMENT_STATUS = "currency", "status", "cancelled_at", "payment_status"
DELIVERY = "delivery_status"
#: Columns of yes and no: whether a line was returned, and whether it was paid.
IS_RETURNED, SUCCEEDED = "is_returned", "succeeded"
#: A column whose words distinguish returns from sales.
KIND = "line_kind"
#: The time of day, where it has a column of its own.
TIME_OF_DAY = "time_of_day"
#: Further columns of a layout that identify a customer: another id, an address, a name.
OTHER_ID, CUSTOMER_EMAIL, CUSTOMER_NAME = "other_customer_id", "customer_email", "customer_name"
#: The discount of one line; that of a whole order, on its first line or repeated on each line.
LINE_DISCOUNT, ORDER_DISCOUNT = "line_discount", "order_discount"
#: The sum of an order's goods after discounts: it shows whether the order's discount contains those of its
#: lines.
ORDER_SUBTOTAL = "order_subtotal"
#: Money that was given back, where the order's own lines say it, and not lines of the refund.
REFUNDED_AMOUNT = "refunded_amount"
#: Units of a line that were returned, or were cancelled before they were sent.
REFUNDED_QUANTITY, CANCELLED_QUANTITY = "refunded_quantity", "cancelled_quantity"
#: The number of a line, and that of the line of which it is a part.
ITEM, PART_OF = "item", "part_of"
#: A possible line total next to the price that is read, to compare the sums.
OTHER_TOTAL = "other_total"


@dataclass(frozen=True, eq=False)
class KnownLayout:
    """The headers that each column may have in a layout; the first that a table has counts.

    ``order_once``: only the first line of an order has the cells that describe the order. ``net_totals``: the
    program documents line totals as totals after discounts. ``states``: words for the status of an order →
    their meaning in the words of `orders.statuses.NOT_SOLD`, where they don't say it themselves. ``general``:
    headers of no program, on which the meaning of other columns doesn't depend. ``marks``: headers that only
    this export has, where many tables may have the others; a table without any of them is not this export.
    ``repeats``: the export repeats headers for what happens later, and the first ones count.
    """

    name: str
    headers: Mapping[str, tuple[str, ...]]
    order_once: bool = False
    net_totals: bool = False
    states: Mapping[str, str] = field(default_factory=dict)
    general: bool = False
    marks: tuple[str, ...] = ()
    repeats: bool = False

    @property
    def goes_by_name(self) -> bool:
        """Whether a product without a code is identified by its name."""
        return bool({*self.headers.get(PRODUCT_ID, ())}.intersection(self.headers.get(PRODUCT_NAME, ())))


_SHOPIFY: Mapping[str, tuple[str, ...]] = {
    ORDER_ID: ("Name",),
    PRODUCT_ID: ("Lineitem sku", "Lineitem name"),
    PRODUCT_NAME: ("Lineitem name",),
    # many customers pay on delivery, and leave no e-mail address
    CUSTOMER_ID: ("Email", "Phone", "Billing Name"),
    COUNTRY: ("Billing Country", "Shipping Country"),
    ORDERED_AT: ("Created at",),
    QUANTITY: ("Lineitem quantity",),
    UNIT_PRICE: ("Lineitem price",),
    CURRENCY: ("Currency",),
    STATUS: ("Financial Status",),
    CANCELLED_AT: ("Cancelled at",),
    LINE_DISCOUNT: ("Lineitem discount",),
    ORDER_DISCOUNT: ("Discount Amount",),
}
#: In the order in which they are tried: special layouts before general ones.
KNOWN = (
    KnownLayout(
        "Shopify orders",
        _SHOPIFY,
        order_once=True,
    ),
    # Its export of orders has Shopify's headers, except for the order number.
    KnownLayout("Squarespace orders", {**_SHOPIFY, ORDER_ID: ("Order ID",)}, order_once=True),
    # The columns of "Advanced Order Export for WooCommerce".
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
            ORDER_DISCOUNT: ("Cart Discount Amount", "Order Discount Amount", "Discount Amount"),
        },
        order_once=True,
        net_totals=True,
    ),
    # "Customer/Order/Coupon Export", one row per item.
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
            ORDER_DISCOUNT: ("discount_total", "cart_discount", "order_discount"),
        },
        order_once=True,
        net_totals=True,
    ),
    # The fields of the "Order Report" as Seller Central's help lists them; the price is that of the line.
    KnownLayout(
        "Amazon order report",
        {
            ORDER_ID: ("order-id", "amazon-order-id"),
            PRODUCT_ID: ("sku", "asin"),
            PRODUCT_NAME: ("product-name", "item-name"),
            CUSTOMER_ID: ("buyer-email", "buyer-name"),
            COUNTRY: ("ship-country",),
            ORDERED_AT: ("purchase-date",),
            QUANTITY: ("quantity-purchased", "quantity-shipped"),
            AMOUNT: ("item-price",),
            CURRENCY: ("currency",),
            STATUS: ("order-status", "item-status"),
        },
    ),
    # The columns of EtsySoldOrderItems….csv, as shop managers export it; Price is that of one unit.
    KnownLayout(
        "Etsy sold order items",
        {
            ORDER_ID: ("Order ID",),
            PRODUCT_ID: ("SKU", "Listing ID", "Item Name"),
            PRODUCT_NAME: ("Item Name",),
            CUSTOMER_ID: ("Buyer", "Buyer User ID", "Ship Name"),
            COUNTRY: ("Ship Country",),
            ORDERED_AT: ("Sale Date",),
            QUANTITY: ("Quantity",),
            UNIT_PRICE: ("Price",),
            CURRENCY: ("Currency",),
            LINE_DISCOUNT: ("Discount Amount",),
        },
    ),
    # "All orders" of its Seller Hub; Sold For is the price of one unit, Total Price that of an order with
    # shipping.
    KnownLayout(
        "eBay orders report",
        {
            ORDER_ID: ("Order Number", "Sales Record Number"),
            PRODUCT_ID: ("Custom Label", "Item Number", "Item Title"),
            PRODUCT_NAME: ("Item Title",),
            CUSTOMER_ID: ("Buyer Username", "Buyer Email", "Buyer Name"),
            COUNTRY: ("Ship To Country", "Buyer Country"),
            ORDERED_AT: ("Sale Date",),
            QUANTITY: ("Quantity",),
            UNIT_PRICE: ("Sold For",),
        },
    ),
    # "All order" of its Seller Center, whose second row explains the headers.
    KnownLayout(
        "TikTok Shop orders",
        {
            ORDER_ID: ("Order ID",),
            PRODUCT_ID: ("Seller SKU", "SKU ID", "Product Name"),
            PRODUCT_NAME: ("Product Name",),
            CUSTOMER_ID: ("Buyer Username", "Recipient"),
            COUNTRY: ("Country",),
            ORDERED_AT: ("Created Time",),
            QUANTITY: ("Quantity",),
            UNIT_PRICE: ("SKU Unit Original Price",),
            AMOUNT: ("SKU Subtotal After Discount",),
            STATUS: ("Order Status",),
            CANCELLED_AT: ("Cancelled Time",),
            REFUNDED_QUANTITY: ("Sku Quantity of return",),
        },
        net_totals=True,
    ),
    # "Receipts by item" in its Back Office; net sales are after discounts, refunds are negative.
    KnownLayout(
        "Loyverse receipts by item",
        {
            ORDER_ID: ("Receipt number",),
            PRODUCT_ID: ("SKU", "Item"),
            PRODUCT_NAME: ("Item", "Item name"),
            CUSTOMER_ID: ("Customer name", "Customer contacts"),
            ORDERED_AT: ("Date",),
            QUANTITY: ("Quantity",),
            AMOUNT: ("Net sales",),
            STATUS: ("Status",),
            LINE_DISCOUNT: ("Discounts",),
        },
        net_totals=True,
    ),
    # The header of "Items Detail CSV" in Square's Dashboard (Sales, Items, Export), as programs that read
    # this file know it; net sales are after discounts and before tax, refunds are negative.
    KnownLayout(
        "Square items detail",
        {
            ORDER_ID: ("Transaction ID",),
            PRODUCT_ID: ("SKU", "Item"),
            PRODUCT_NAME: ("Item",),
            CUSTOMER_ID: ("Customer ID", "Customer Reference ID", "Customer Name"),
            ORDERED_AT: ("Date",),
            QUANTITY: ("Qty",),
            AMOUNT: ("Net Sales",),
            LINE_DISCOUNT: ("Discounts",),
        },
        net_totals=True,
    ),
    # The header that several public Magento modules for the export of order items write; the price is without
    # tax and before discounts, the total is with tax. A closed order was refunded completely.
    KnownLayout(
        "Magento (Simple Order Export)",
        {
            ORDER_ID: ("Order Number",),
            PRODUCT_ID: ("Item SKU", "Item Name"),
            PRODUCT_NAME: ("Item Name",),
            CUSTOMER_ID: ("Customer Email", "Customer Name"),
            COUNTRY: ("Billing Country", "Shipping Country"),
            ORDERED_AT: ("Order Date",),
            QUANTITY: ("Item Qty Ordered",),
            UNIT_PRICE: ("Item Price", "Item Selling Price"),
            STATUS: ("Order Status",),
            LINE_DISCOUNT: ("Item Discount",),
            REFUNDED_AMOUNT: ("Order Refunded",),
        },
        states={"closed": "refunded"},
    ),
    # The columns of Magento's own tables sales_order and sales_order_item (db_schema.xml of Magento_Sales)
    KnownLayout(
        "Magento order items",
        {
            ORDER_ID: ("increment_id", "order_increment_id", "order_id"),
            PRODUCT_ID: ("sku", "name"),
            PRODUCT_NAME: ("name",),
            CUSTOMER_ID: ("customer_email", "customer_id"),
            COUNTRY: ("country_id", "billing_country_id"),
            ORDERED_AT: ("created_at",),
            QUANTITY: ("qty_ordered",),
            UNIT_PRICE: ("price", "base_price"),
            CURRENCY: ("order_currency_code", "base_currency_code"),
            STATUS: ("status", "state"),
            LINE_DISCOUNT: ("discount_amount", "base_discount_amount"),
            REFUNDED_AMOUNT: ("total_refunded",),
        },
        states={"closed": "refunded"},
    ),
    # The fields of order_detail and orders, as a query of the SQL Manager exports them:
    # devdocs.prestashop-project.org/9/webservice/resources/order_details and …/orders. Unit prices are after
    # reductions. 6, 7 and 8 are its states "Canceled", "Refunded" and "Payment error".
    KnownLayout(
        "PrestaShop order details",
        {
            ORDER_ID: ("id_order",),
            PRODUCT_ID: ("product_reference", "product_id", "product_name"),
            PRODUCT_NAME: ("product_name",),
            CUSTOMER_ID: ("id_customer", "email"),
            ORDERED_AT: ("date_add", "invoice_date"),
            QUANTITY: ("product_quantity",),
            UNIT_PRICE: ("unit_price_tax_incl", "unit_price_tax_excl"),
            AMOUNT: ("total_price_tax_incl", "total_price_tax_excl"),
            STATUS: ("order_state", "osname", "current_state"),
        },
        net_totals=True,
        states={"6": "canceled", "7": "refunded", "8": "payment error"},
    ),
    # Sales orders that are exported with fields of their lines; the first line has the order's cells:
    # www.odoo.com/documentation, "Export and import data", relation fields
    KnownLayout(
        "Odoo sales orders",
        {
            ORDER_ID: ("Order Reference",),
            PRODUCT_ID: ("Order Lines/Product", "Order Lines/Description"),
            PRODUCT_NAME: ("Order Lines/Product", "Order Lines/Description"),
            CUSTOMER_ID: ("Customer", "Partner"),
            ORDERED_AT: ("Order Date", "Creation Date"),
            QUANTITY: ("Order Lines/Quantity", "Order Lines/Ordered Qty"),
            UNIT_PRICE: ("Order Lines/Unit Price",),
            AMOUNT: ("Order Lines/Subtotal", "Order Lines/Total"),
            CURRENCY: ("Currency",),
            STATUS: ("Status",),
        },
        order_once=True,
        net_totals=True,
        states={"quotation": "draft", "quotation sent": "draft"},
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
        general=True,
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
        general=True,
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
        general=True,
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
        general=True,
    ),
)
