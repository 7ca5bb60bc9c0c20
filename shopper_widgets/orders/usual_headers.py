"""The usual headers of tables of orders that no known program wrote."""

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
from shopper_widgets.orders.known_layouts import KnownLayout

_NAMES = (
    *("product_name", "item_name", "product_title", "product", "item", "product_description"),
    *(
        "menu_item",
        "food_item",
        "item_description",
        "article_name",
        "article",
        "prod_name",
        "lineitem_name",
        "item_purchased",
    ),
    *(
        "purchased_item",
        "product_purchased",
        "item_bought",
        "description",
    ),
    # "offer" alone may be a reduction of the price
    *("ticket_type", "listing_title", "offer_name"),
    *("drug_name", "medicine_name", "medication_name"),
)
#: Headers of the kind of goods, if nothing says more precisely what was sold.
KINDS = ("sub_category", "product_category", "product_line", "category_name", "category", "department")
#: Headers of a total that may be that of an order: an amount, if no other header is a price or an amount.
PAID_IN_ALL = ("total_paid", "order_price")

#: Tried only if no known layout fits; the most telling header of each column comes first. Headers of
#: accounting programs are not included: besides invoices, their exports hold estimates, credit notes and
#: bills.
USUAL_HEADERS = KnownLayout(
    "usual headers",
    {
        ORDER_ID: (
            *("order_id", "order_number", "order_no", "order_nr", "order_num", "order_key", "order_code"),
            *("order #", "sales_order_number", "sales_order_id", "sales_order", "invoice_no"),
            *("invoice_number", "invoice_id", "invoice_nr", "invoice", "transaction_id"),
            *("transaction_number", "transaction_no", "transaction", "txn_id", "txn_no", "trans_id"),
            *("receipt_id", "receipt_number", "receipt_no", "receipt", "basket_id", "basket", "cart_id"),
            *("bill_no", "bill_number", "bill_id", "purchase_id", "sale_id", "sales_id", "ticket_number"),
            *(
                "donation_id",
                "gift_id",
                "ticket_id",
                "document_number",
                "document_no",
                "voucher_no",
                "order",
                "user_session",
            ),
            "session_id",
        ),
        PRODUCT_ID: (
            *("product_id", "product_code", "product_key", "product_number", "product_no", "product_sku"),
            *("sku", "item_id", "item_code", "item_number", "item_no", "item_sku", "stock_code"),
            "article_id",
            *("article_number", "article_code", "article_no", "variant_id", "variant_sku", "prod_id"),
            *("prod_nbr", "prod_code", "asin", "upc", "ean", "gtin", "isbn", "barcode", "plu"),
            *(*_NAMES, *KINDS),
        ),
        PRODUCT_NAME: _NAMES,
        # one person may have several ids, one per order, and one that is unique
        CUSTOMER_ID: (
            *("customer_unique_id", "customer_id", "customer_key", "customer_number", "customer_no"),
            *("customer_code", "cust_id", "cust_no", "client_id", "client_number", "client_code"),
            *("user_id", "member_id", "member_number", "member_no", "household_id", "household_key"),
            *("hh_id", "buyer_id", "contact_id", "shopper_id", "visitor_id", "loyalty_id"),
            *("loyalty_card_number", "lylty_card_nbr", "card_number", "card_id", "loyalty_card"),
            *(
                "loyalty_card_id",
                "loyalty_card_no",
                "loyalty_number",
                "loyalty_no",
                "club_card",
                "bonus_card",
            ),
            *("membership_id", "membership_number", "membership_no", "patient_id", "customer_email"),
            *(
                "buyer_email",
                "purchase_email",
                "billing_email",
                "contact_email",
                "email_address",
                "email",
                "e-mail",
                "customer_name",
            ),
            *("customer", "client_name", "client", "buyer_name", "buyer", "member", "contact_name"),
            *("user_pseudo_id", "buyer_username", "donor_id", "supporter_id", "subscriber_id"),
        ),
        COUNTRY: (
            *("country", "customer_country", "ship_country", "shipping_country", "billing_country"),
            *("country_name", "country_code", "country/region", "delivery_country"),
        ),
        ORDERED_AT: (
            *("ordered_at", "order_date", "order_datetime", "order_timestamp", "order_time"),
            *("date_of_order", "order_purchase_timestamp", "order_created_at", "purchase_date"),
            *("purchased_at", "purchase_time", "purchase_timestamp", "date_of_purchase", "invoice_date"),
            *("transaction_date", "transaction_dt", "transaction_time", "transaction_datetime"),
            *("transaction_timestamp", "trans_date", "tran_date", "txn_date", "sale_date", "sales_date"),
            *("sold_at", "date_of_sale", "receipt_date", "bill_date", "document_date"),
            *("donation_date", "gift_date", "creation_date", "created_at"),
            *("date_created", "created_date", "created", "event_time", "timestamp", "datetime"),
            *("date_time", "date_and_time", "order_date_time", "order_date_and_time", "date", "event_date"),
            *("create_time", "created_time"),
        ),
        QUANTITY: (
            *("quantity", "qty", "quantity_ordered", "quantity_purchased", "quantity_sold"),
            *("order_quantity", "ordered_quantity", "order_qty", "qty_ordered", "qty_sold"),
            *("sales_quantity", "sales_qty", "item_quantity", "item_qty", "product_quantity"),
            *("product_qty", "prod_qty", "units_sold", "unit_sold", "units", "num_units"),
            *("number_of_items", "no_of_items", "number_of_units", "pieces", "items_sold", "pcs", "nos"),
        ),
        UNIT_PRICE: (
            *("unit_price", "price_each", "price_per_unit", "price_per_item", "unit_selling_price"),
            *("selling_price", "sale_price", "sales_price", "item_price", "product_price"),
            *("product_unit_price", "item_unit_price"),
            *("selling_price_per_unit", "price_per_piece", "retail_price", "price", "list_price"),
        ),
        AMOUNT: (
            *(
                "line_total",
                "line_amount",
                "line_revenue",
                "amount",
                "sales_amount",
                "sales_value",
                "total_price",
            ),
            *(
                "total_amount",
                "total_sales",
                "total_sale",
                "tot_sales",
                "net_sales",
                "sales",
                "extended_price",
            ),
            *("extended_amount", "item_total", "total_revenue", "revenue", "purchase_amount", "turnover"),
            *("transaction_amount", "trans_amount", "tran_amount", "txn_amount", "sale_amount"),
            *(
                "donation_amount",
                "gift_amount",
                "amount_spent",
                "total_spent",
                "net_amount",
                "net_revenue",
                "sales_revenue",
                "gross_amount",
                "net_amt",
                "gross_amt",
                "amt",
            ),
            *(
                "order_total",
                "order_amount",
                "order_value",
                "transaction_value",
                "purchase_value",
            ),
            *("bill_amount", "invoice_amount", "invoice_total", "receipt_total", "total", "spend"),
        ),
    },
)
