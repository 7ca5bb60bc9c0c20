"""The headers of order tables in languages other than English, as shops and their programs write them.

Headers of no particular program are in `orders.european_layouts` and `orders.asian_layouts`.
"""

from __future__ import annotations

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
from shopper_widgets.orders.asian_layouts import ASIAN
from shopper_widgets.orders.european_layouts import EUROPEAN
from shopper_widgets.orders.known_layouts import (
    CANCELLED_AT,
    CURRENCY,
    LINE_DISCOUNT,
    ORDER_DISCOUNT,
    PAYMENT_STATUS,
    STATUS,
    KnownLayout,
)

#: Tried after the layouts of programs that write English headers.
LOCAL = (
    # The list of sales as its administration exports it, in Spanish and in Portuguese.
    KnownLayout(
        "Tiendanube and Nuvemshop sales",
        {
            ORDER_ID: ("Número de orden", "Número do pedido"),
            PRODUCT_ID: ("SKU", "Nombre del producto", "Nome do produto"),
            PRODUCT_NAME: ("Nombre del producto", "Nome do produto"),
            CUSTOMER_ID: ("Email", "Nombre del comprador", "Nome do comprador"),
            COUNTRY: ("País",),
            ORDERED_AT: ("Fecha", "Data"),
            QUANTITY: ("Cantidad del producto", "Quantidade comprada"),
            UNIT_PRICE: ("Precio del producto", "Valor do produto"),
            CURRENCY: ("Moneda", "Moeda"),
            STATUS: ("Estado de la orden", "Status do pedido"),
            PAYMENT_STATUS: ("Estado del pago", "Status do pagamento"),
            CANCELLED_AT: ("Fecha y hora de cancelación", "Data e hora do cancelamento"),
            ORDER_DISCOUNT: ("Descuento", "Desconto"),
        },
        order_once=True,
    ),
    # The list of orders of its sellers' panel; the invoiced amount is after both discounts.
    KnownLayout(
        "Trendyol orders",
        {
            ORDER_ID: ("Sipariş Numarası",),
            PRODUCT_ID: ("Barkod", "Stok Kodu", "Ürün Adı"),
            PRODUCT_NAME: ("Ürün Adı",),
            CUSTOMER_ID: ("E-Posta", "Müşteri", "Alıcı"),
            COUNTRY: ("Ülke",),
            ORDERED_AT: ("Sipariş Tarihi",),
            QUANTITY: ("Adet",),
            UNIT_PRICE: ("Birim Fiyatı",),
            AMOUNT: ("Faturalanacak Tutar",),
            STATUS: ("Sipariş Statüsü",),
            LINE_DISCOUNT: ("İndirim Tutarı",),
        },
        net_totals=True,
    ),
    *EUROPEAN,
    *ASIAN,
)
