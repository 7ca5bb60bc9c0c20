"""Exports of well-known programs that have orders or payments, but no products or no customers."""

from __future__ import annotations

from collections.abc import Collection

#: Headers, in the form of `plain_header`, that together identify an export; what it is; what to export
#: instead. Stripe: its Dashboard's "Payments" export, today's and the earlier one; Square: its "Transactions"
#: export; Magento 2 and 1: the grid of orders; PrestaShop: the list of orders in its back office; eBay,
#: Amazon, Etsy, TikTok Shop: their reports of payouts; Toast: two files of its data export; Lightspeed
#: Retail: the history of sales, which mixes sales, their lines and payments.
_EXPORTS = (
    (
        (("id", "createddateutc", "amountrefunded"), ("id", "createdutc", "amountrefunded")),
        "It is Stripe's export of payments, which names no products. Export the orders from the shop that "
        "takes the payments; for invoices, join Stripe's tables invoice_line_items and invoices (Sigma).",
    ),
    (
        (("transactionid", "grosssales", "totalcollected"),),
        'It is Square\'s export of transactions, which names no products. Export "Items Detail CSV" instead.',
    ),
    (
        (
            ("id", "purchasepoint", "purchasedate"),
            ("order", "purchasedfromstore", "purchasedon"),
        ),
        "It is Magento's list of orders, which names no products. Export one row per item instead, with an "
        "extension or from the tables sales_order and sales_order_item.",
    ),
    (
        (("id", "reference", "newclient", "delivery"), ("id", "reference", "nouveauclient", "livraison")),
        "It is PrestaShop's list of orders, which names no products. Export the tables orders and "
        "order_detail, joined by id_order, with the SQL Manager instead.",
    ),
    (
        (("transactioncreationdate", "type", "netamount"),),
        "It is eBay's report of transactions, in which fees and payouts stand beside what was sold. Download "
        'the report of orders ("All orders") in Seller Hub instead.',
    ),
    (
        (("datetime", "settlementid", "type", "productsales"),),
        "It is Amazon's report of payments, which names no buyers, and in which fees stand beside what was "
        'sold. Request the "Order Report" in Seller Central instead.',
    ),
    (
        (("date", "type", "title", "info", "feestaxes", "net"),),
        "It is Etsy's statement of payments, which names neither buyers nor what they bought. Download "
        '"Order Items" (EtsySoldOrderItems) under Settings, Options, Download Data instead.',
    ),
    (
        (("orderadjustmentid", "totalsettlementamount"),),
        "It is TikTok Shop's statement of payments, which names neither buyers nor what they bought. Export "
        '"All orders" in Seller Center, Manage Orders, instead.',
    ),
    (
        (("receiptnumber", "linetype", "customercode", "paid"),),
        "It is Lightspeed's history of sales, in which sales and payments stand among lines of sales. Keep "
        "only those whose 'Line Type' is 'Sale Line', leave that column out, and map what was paid: "
        "columns={'amount': 'Total'}.",
    ),
    (
        (("itemselectionid", "checkid", "menuitem", "netprice"),),
        "It is Toast's ItemSelectionDetails, which names no customers. CheckDetails.csv does: join the two "
        "into one table first, as pandas.merge(items, checks[['Check Id', 'Customer Id']], on='Check Id') "
        "does.",
    ),
    (
        (("checkid", "check", "openeddate", "itemdescription"),),
        "It is Toast's CheckDetails, in which each line is a whole check. ItemSelectionDetails.csv has its "
        "lines: join the two into one table first, as pandas.merge(items, checks[['Check Id', "
        "'Customer Id']], on='Check Id') does.",
    ),
)
#: Headers that together identify a list of customers with the total purchases of each.
_CUSTOMERS = (
    ("firstorderdate", "lastorderdate"),
    ("firstpurchasedate", "lastpurchasedate"),
    ("recency", "frequency", "monetary"),
    ("recency", "frequency", "monetaryvalue"),
)


def without_lines(headers: Collection[str]) -> str | None:
    """Say what an export without order lines is, and what to use instead; None for any other table.

    Parameters
    ----------
    headers : collection of str
        Without case, accents, spaces and punctuation.

    Examples
    --------
    >>> without_lines(["id", "purchasepoint", "purchasedate", "status"])[:27]
    "It is Magento's list of ord"
    """
    there = set(headers)
    return next((said for marks, said in _EXPORTS if any(there.issuperset(mark) for mark in marks)), None)


def is_list_of_customers(headers: Collection[str]) -> bool:
    """Return whether headers are those of a list of customers, without the date of an order.

    Parameters
    ----------
    headers : collection of str
        As in `without_lines`.

    Examples
    --------
    >>> is_list_of_customers(["customerid", "firstorderdate", "lastorderdate", "totalspent"])
    True
    """
    return any({*headers}.issuperset(marks) for marks in _CUSTOMERS)
