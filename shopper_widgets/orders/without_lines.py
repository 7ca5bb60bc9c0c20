"""Exports of well-known programs that hold orders or payments, but not what was bought."""

from __future__ import annotations

from collections.abc import Collection

#: Headers, as `plain_header` gives them, that together tell an export; what it is; what to take instead.
#: Stripe: its Dashboard's "Payments" export, today's and the earlier; Square: its "Transactions" export;
#: Magento 2: the grid of orders, and Magento 1's; PrestaShop: the list of orders in its back office.
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
)


def without_lines(headers: Collection[str]) -> str | None:
    """Return what an export without order lines is and what to take instead; None for any other table.

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
