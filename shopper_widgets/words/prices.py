"""What past prices say, in sentences and a table."""

from __future__ import annotations

import pandas as pd

from shopper_widgets._support.formatting import count_of, format_count, format_share
from shopper_widgets.columns import AMOUNT, PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.products.price_response import PriceResponse, price_response

#: What is shown of a product's prices, of its ladder, and of all products.
POINTS = ("buyers", "price", "orders", "units", "unit_share")
LADDER = ("buyers", "from_quantity", "price", "less", "units")
PRICES = (PRODUCT_ID, PRODUCT_NAME, "customer_price", "other_price", "points", "least", "greatest")
#: Doubt → what it means.
_DOUBTS = {
    "lead": (
        "the price of eight weeks later seems to move today's orders ({low:.2f} to {high:.2f}, not 0), which "
        "it can't: either something else moves both, or prices stay too long for the two to be told apart"
    ),
    "shuffled": "prices in random order seem to move orders, which they can't",
    "lead is unknown": "too few weeks are known to look whether later prices seem to move orders",
    "lead is too wide": "whether later prices seem to move orders is too uncertain to rule it out",
    "no effect": "orders hardly differ with the price",
    "few orders": "products have so few orders a week that the weeks without any decide",
}


def products_by_price(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per product, most bought first, of what :func:`~shopper_widgets.price_table` gives.

    Returns
    -------
    DataFrame
        ``product_id, product_name, customer_price, other_price`` (of a small quantity, of known customers and
        of others), ``points`` (prices that it was sold at), ``least, greatest``.
    """
    grouped = table.groupby([PRODUCT_ID, PRODUCT_NAME], sort=False)
    price = grouped["price"]
    ends = {"points": price.nunique(), "least": price.min(), "greatest": price.max()}
    found = pd.DataFrame({**ends, AMOUNT: grouped[AMOUNT].sum()}).reset_index()
    for name, buyers in (("customer_price", "customer"), ("other_price", "no customer")):
        of = table[table["buyers"] == buyers].drop_duplicates(PRODUCT_ID).set_index(PRODUCT_ID)
        found[name] = found[PRODUCT_ID].map(of["small_price"])
    return found.sort_values([AMOUNT, PRODUCT_ID], ascending=[False, True], ignore_index=True)[list(PRICES)]


def response_of(model: ShopperModel) -> tuple[PriceResponse | None, list[str]]:
    """Return how orders differ with prices, and what may be said of it."""
    try:
        response = price_response(model.lines)
    except TooLittleDataError as error:
        return None, [f"What a price does can't be asked of these orders: {error}"]
    return response, response_sentences(response)


def response_sentences(response: PriceResponse) -> list[str]:
    """Say what the orders tell of prices; no figure is offered where a placebo speaks against it."""
    by_term = {row["term"]: row for row in response.estimates.to_dict("records")}
    panel, lead = by_term["panel"], by_term["lead"]
    read = (
        f"Read from {count_of(panel['products'], 'product')} in {format_count(panel['observations'])} weeks "
        "of theirs, at the price of small quantities."
    )
    if (elasticity := response.elasticity) is not None:
        change = 0.9**elasticity.estimate - 1
        return [
            f"Where a price was 10 % lower, {format_share(abs(change))} {'more' if change > 0 else 'fewer'} "
            f"orders came: elasticity {elasticity.estimate:.2f} ({elasticity.low:.2f} to "
            f"{elasticity.high:.2f}). Both placebos are around 0.",
            read,
        ]
    doubts = [_DOUBTS[doubt].format(low=lead["low"], high=lead["high"]) for doubt in response.doubts]
    return [
        f"These orders can't prove what a price does: {'; '.join(doubts)}.",
        "So no elasticity is told. A test would: another price for some weeks or customers, drawn by chance.",
        read,
    ]
