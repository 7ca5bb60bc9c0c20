"""The headers of exports of marketplaces and tills, as their programs write them."""

from __future__ import annotations

from shopper_widgets.columns import (
    AMOUNT,
    COUNTRY,
    CUSTOMER_ID,
    IS_CANCELLED,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
    UNIT_PRICE,
)
from shopper_widgets.orders.known_layouts import IS_RETURNED, REFUNDED_AMOUNT, STATUS, KnownLayout

#: Tried beside those of `orders.known_layouts`.
SELLERS = (
    # The fields of Gumroad's own Exports::PurchaseExportService; the price is that of the line, without tax.
    # "Refunded?" is also yes if only a part was refunded.
    KnownLayout(
        "Gumroad sales",
        {
            ORDER_ID: ("Purchase ID",),
            PRODUCT_ID: ("Product ID", "Item Name"),
            PRODUCT_NAME: ("Item Name",),
            CUSTOMER_ID: ("Purchase Email",),
            COUNTRY: ("Country",),
            ORDERED_AT: ("Purchase Date",),
            QUANTITY: ("Quantity",),
            AMOUNT: ("Sale Price ($)",),
            IS_RETURNED: ("Fully Refunded?",),
            REFUNDED_AMOUNT: ("Partial Refund ($)",),
        },
        net_totals=True,
        marks=("Purchase Time (UTC timezone)", "Partial Refund ($)", "Fully Refunded?"),
    ),
    # The orders of a brand's portal, whose customers are shops: they pay the wholesale price.
    KnownLayout(
        "Faire orders",
        {
            ORDER_ID: ("Order Number",),
            PRODUCT_ID: ("SKU", "Product Name"),
            PRODUCT_NAME: ("Product Name",),
            CUSTOMER_ID: ("Retailer Name",),
            COUNTRY: ("Country",),
            ORDERED_AT: ("Order Date",),
            QUANTITY: ("Quantity",),
            UNIT_PRICE: ("Wholesale Price",),
            STATUS: ("Status",),
        },
        marks=("Retailer Name",),
    ),
    # ItemSelectionDetails.csv with the customers of CheckDetails.csv, as its "Data export field reference"
    # lists their fields; the net price is that of the line, after discounts.
    KnownLayout(
        "Toast item selections",
        {
            ORDER_ID: ("Order Id",),
            PRODUCT_ID: ("Master Id", "Item Id", "Menu Item"),
            PRODUCT_NAME: ("Menu Item",),
            CUSTOMER_ID: ("Customer Id", "Customer Email", "Customer Phone", "Customer"),
            ORDERED_AT: ("Order Date", "Sent Date"),
            QUANTITY: ("Qty",),
            AMOUNT: ("Net Price",),
            IS_CANCELLED: ("Void?",),
        },
        net_totals=True,
        marks=("Item Selection Id",),
    ),
    # Its report of sales in Spanish and in Portuguese; the headers of money name the country's currency. The
    # status and units of the sale come first; later columns repeat these headers for deliveries and returns.
    KnownLayout(
        "Mercado Libre sales",
        {
            ORDER_ID: ("# de venta", "N.º de venda"),
            PRODUCT_ID: ("SKU", "# de publicación", "# de anúncio"),
            PRODUCT_NAME: ("Título de la publicación", "Título do anúncio"),
            CUSTOMER_ID: ("Comprador",),
            COUNTRY: ("País",),
            ORDERED_AT: ("Fecha de venta", "Data da venda"),
            QUANTITY: ("Unidades",),
            UNIT_PRICE: tuple(
                f"{price} ({currency})"
                for price in (
                    *("Precio unitario de venta de la publicación", "Precio unitario de venta del artículo"),
                    "Preço unitário de venda do anúncio",
                )
                for currency in ("ARS", "BRL", "CLP", "COP", "MXN", "PEN", "UYU")
            ),
            STATUS: ("Estado",),
        },
        repeats=True,
    ),
)
