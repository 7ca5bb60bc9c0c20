"""Headers of further columns that reading looks at in any layout: statuses, discounts, totals."""

from __future__ import annotations

from collections.abc import Sequence

from shopper_widgets.columns import IS_CANCELLED
from shopper_widgets.orders.headers import found_headers, plain_header, words_of
from shopper_widgets.orders.known_layouts import (
    CANCELLED_AT,
    CANCELLED_QUANTITY,
    CURRENCY,
    DELIVERY,
    IS_RETURNED,
    ITEM,
    KIND,
    LINE_DISCOUNT,
    ORDER_DISCOUNT,
    OTHER_TOTAL,
    PART_OF,
    PAYMENT_STATUS,
    REFUNDED_AMOUNT,
    REFUNDED_QUANTITY,
    STATUS,
    SUCCEEDED,
)

#: Words for a discount in other languages; it may be a percentage, with or without its sign.
_REDUCTIONS = ("Rabatt", "remise", "descuento", "desconto", "sconto", "rabat", "korting", "скидка", "indirim")
#: Headers that in some tables say what a visitor did, and in others what tickets were sold for, how something
#: was sold, or what a page offers.
DEED_OR_STATUS = (
    *("interaction_type", "interaction", "action_type", "user_action", "action"),
    *("activity_type", "behavior_type", "behaviour_type", "behavior", "behaviour"),
)
EVENT_OR_STATUS = ("event_name", *DEED_OR_STATUS)
EVENTS = ("event_type", *EVENT_OR_STATUS)
_DELIVERIES = (
    *("fulfillment_status", "fulfilment_status", "shipment_status", "delivery_status"),
    *("shipping_status", "tracking_status", "courier_status"),
)
#: Headers that are a status if there is no other: of the actions of visitors, only purchases are sales.
INSTEAD_OF_STATUS = (*_DELIVERIES, *EVENTS)
#: The headers of these columns in any shop; a layout's own headers come first.
USUAL = {
    CURRENCY: (
        *("currency", "currency_code", "order_currency", "presentment_currency", "shop_currency"),
        "cur",
        *("transaction_currency", "payment_currency", "store_currency", "item_currency", "price_currency"),
        *("currency_iso", "iso_currency", "order_currency_code", "base_currency_code", "ccy", "curr"),
        *("Währung", "Waehrung", "Währungscode", "devise", "moneda", "moeda", "valuta", "waluta", "валюта"),
    ),
    STATUS: (
        *("order_status", "status", "sale_status", "order_state", "transaction_status", "item_status"),
        *("order_status_name", "status_name", "current_state", "transaction_state", "invoice_status"),
        *("order_status_code", "status_description"),
        *("Bestellstatus", "Auftragsstatus", "statut", "statut_commande", "état commande", "estado_pedido"),
        *("estado del pedido", "status do pedido", "stato ordine", "orderstatus", "статус", "статус заказа"),
        *("statut de la commande", "état de la commande", "estado de la orden", "stato dell'ordine"),
        *("bestelstatus", "status zamówienia", "estado da encomenda", "situação do pedido", "situação"),
    ),
    PAYMENT_STATUS: (
        *("payment_status", "financial_status", "payment_state", "Zahlungsstatus", "statut de paiement"),
        *("statut du paiement", "état du paiement", "estado del pago", "estado de pago", "stato pagamento"),
        *("stato del pagamento", "betaalstatus", "betalingsstatus", "status płatności"),
        *("status do pagamento", "estado do pagamento"),
    ),
    CANCELLED_AT: (
        *("cancelled_at", "canceled_at", "cancellation_date", "order_cancelled_at", "voided_at"),
        *("Stornodatum", "date d'annulation", "fecha de cancelación", "data di annullamento"),
        *("annuleringsdatum", "data anulowania", "data de cancelamento"),
    ),
    DELIVERY: _DELIVERIES,
    IS_CANCELLED: (
        *("is_cancelled", "is_canceled", "is_order_cancelled", "is_voided", "is_void", "order_cancelled"),
        *("order_canceled", "cancelled", "canceled", "voided"),
    ),
    IS_RETURNED: (
        *("is_returned", "is_refunded", "is_return", "is_refund", "return_flag", "refund_flag", "returned"),
        *("refunded", "item_returned", "order_returned", "was_returned", "was_refunded", "returned_flag"),
    ),
    SUCCEEDED: (
        *("payment_success", "payment_successful", "payment_succeeded", "payment_txn_success", "is_success"),
        *("transaction_success", "transaction_successful", "txn_success", "is_successful", "order_success"),
    ),
    KIND: (
        *("transaction_type", "trans_type", "tran_type", "txn_type", "type_of_transaction", "document_type"),
        *("doc_type", "order_type", "sale_type", "sales_type", "receipt_type", "invoice_type", "line_type"),
        *("record_type", "voucher_type", "entry_type", "movement_type", "sale_or_return", "type", "kind"),
        *("Belegart", "Vorgangsart", "Buchungsart", "Transaktionstyp", "Transaktionsart", "Typ", "Art"),
        *("type de document", "type de pièce", "type de transaction", "type de vente", "tipo"),
        *("tipo de documento", "tipo de comprobante", "tipo de transacción", "tipo de movimiento"),
        *("tipo de transação", "tipo documento", "tipo di documento", "tipo movimento", "tipo de venta"),
        *("documenttype", "soort", "transactietype", "typ dokumentu", "rodzaj dokumentu"),
    ),
    LINE_DISCOUNT: (
        *("line_discount", "line_item_discount", "lineitem discount", "item_discount", "discount"),
        *("discount_amount", "discount_value", "discounts", "discount_applied", "total_discount"),
        *("discount_percent", "discount_percentage", "discount_pct", "discount_rate", "percent_discount"),
        *(f"{word}{form}" for word in _REDUCTIONS for form in ("", "_pct", "_percent")),
        *("Rabattbetrag", "Rabatt_Prozent", "valor_desconto", "importe del descuento"),
    ),
    ORDER_DISCOUNT: (
        *("order_discount", "cart_discount", "cart_discount_amount", "order_discount_amount"),
        *("discount_total", "coupon_amount", "coupon_discount", "voucher_amount", "total_discounts"),
    ),
    REFUNDED_AMOUNT: (
        *("refunded_amount", "refund_amount", "amount_refunded", "order_refund_amount", "total_refunded"),
        *("refund_total", "Erstattungsbetrag"),
    ),
    REFUNDED_QUANTITY: (
        *("refunded_quantity", "quantity_refunded", "qty_refunded", "refunded_qty", "refund_quantity"),
        *("product_quantity_refunded", "item_qty_refunded", "item_quantity_refunded", "refund_qty"),
        *(
            "returned_quantity",
            "quantity_returned",
            "qty_returned",
            "returned_qty",
            "product_quantity_return",
        ),
    ),
    CANCELLED_QUANTITY: (
        *("cancelled_quantity", "canceled_quantity", "quantity_cancelled", "quantity_canceled"),
        *("qty_canceled", "qty_cancelled", "item_qty_canceled", "item_qty_cancelled"),
    ),
    PART_OF: ("parent_item_id", "parent_order_item_id", "parent_line_item_id"),
    ITEM: ("item_id", "order_item_id", "line_item_id"),
    OTHER_TOTAL: (
        *("line_total", "amount", "total_price", "total", "sales", "total_amount", "revenue", "line_amount"),
        *("extended_price", "net_amount", "net_sales", "total_sales", "item_total", "turnover"),
        *("Umsatz", "Gesamtpreis", "Zeilensumme", "montant", "importe", "importo", "totale"),
    ),
}
#: Words for a currency, and the words next to them that mean the amounts of the table: a header such as
#: "original currency" may be that of amounts before they were converted.
_MONEYS = {
    plain_header(word) for word in ("currency", "ccy", "Währung", "devise", "moneda", "moeda", "valuta")
}
_OF_AMOUNTS = {
    *("billing", "invoice", "sale", "sales", "local", "store", "shop", "order", "transaction", "payment"),
    *("txn", "trans", "item", "line", "price", "product", "document", "market", "symbol", "code", "iso"),
    *("name", "sign", "selling", "list", "unit", "de", "del", "la", "of", "the"),
    *("venta", "venda", "vente", "factura", "pedido", "commande"),
}
#: Looked at only where there are discounts both of lines and of orders.
SUBTOTALS = ("subtotal", "order_subtotal", "sub_total", "subtotal_price")
#: Headers that are a status in some shops and a part of the country in others: the values decide.
PLACE_OR_STATUS = ("state", "estado", "stato", "état", "Zustand")
#: Headers, or words of headers, whose values must show whether they are statuses of orders.
_DOUBTFUL = {plain_header(header) for header in (*PLACE_OR_STATUS, *EVENT_OR_STATUS)}


def near_currency(headers: Sequence[str]) -> dict[str, str]:
    """Return the first header that names the currency of the amounts in further words.

    Examples
    --------
    >>> near_currency(["Currency rate", "Original currency", "Invoice Currency"])
    {'currency': 'Invoice Currency'}
    """
    for header in headers:
        words = {*words_of(header)}
        if words & _MONEYS and words <= _MONEYS | _OF_AMOUNTS:
            return {CURRENCY: header}
    return {}


def may_tell_no_state(header: str) -> bool:
    """Return whether a column with this header may hold order statuses or something else.

    Examples
    --------
    >>> headers = ("Estado", "estado_venda", "estado del pedido", "Event Name", "status_venda")
    >>> [may_tell_no_state(header) for header in headers]
    [True, True, False, True, False]
    """
    if plain_header(header) in _DOUBTFUL:
        return True
    is_usual = bool(found_headers([header], {STATUS: USUAL[STATUS]}))
    return not is_usual and not _DOUBTFUL.isdisjoint(words_of(header))
