"""Prices that may be slips, in a sentence: one of them can make a best seller, or a best customer."""

from __future__ import annotations

from shopper_widgets._support.formatting import format_count, format_decimal, format_money, format_product
from shopper_widgets._support.locale import ngettext
from shopper_widgets.columns import ORDER_ID, PRODUCT_NAME, QUANTITY
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.once import once_per_model
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.products.unusual_prices import unusual_prices
from shopper_widgets.words.told_of import tells_money


@once_per_model
def prices_to_check(model: ShopperModel) -> list[str]:
    """Say which order line moves the figures most by an unusual price; nothing where none does.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> orders = make_transactions(n_customers=300, n_products=20, n_days=200, random_state=0)
    >>> orders.loc[7, "unit_price"] *= 100
    >>> for sentence in prices_to_check(ShopperModel.fit(orders, currency="£", progress=False)):
    ...     print(sentence)
    Check the price of 1 order line: ... in order ... for £... each, £... is usual. This moves revenue by £...
    """
    if not (tells_money(model) and model.names_products):
        return []
    try:
        found = unusual_prices(model.lines)
    except TooLittleDataError:
        return []
    if found.empty:
        return []
    first = found.iloc[0]
    return [
        ngettext(
            "Check the price of {number} order line: {quantity} × {product} in order {order} for {price} "
            "each, {usual} is usual. This moves revenue by {difference}.",
            "Check the prices of {number} order lines. The largest: {quantity} × {product} in order {order} "
            "for {price} each, {usual} is usual. This moves revenue by {difference}.",
            len(found),
            number=format_count(len(found)),
            order=first[ORDER_ID],
            quantity=format_decimal(first[QUANTITY], 0 if first[QUANTITY] % 1 == 0 else 2),
            product=format_product(str(first[PRODUCT_NAME])),
            price=format_money(first["price"], model.currency, exact=True),
            usual=format_money(first["usual_price"], model.currency, exact=True),
            difference=format_money(first["difference"], model.currency),
        )
    ]
