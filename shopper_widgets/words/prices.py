"""What past prices show, in sentences and a table."""

from __future__ import annotations

import pandas as pd

from shopper_widgets._support.formatting import count_of, format_count, format_decimal, format_share
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import AMOUNT, PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.customers.narrowing import EVERYONE, Narrowing
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.once import once_per_model
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.products.price_response import PriceResponse, price_response
from shopper_widgets.products.prices import price_table, quantity_breaks

#: The columns shown of a product's prices, of its price ladder, and of all products.
POINTS = ("buyers", "price", "orders", "units", "unit_share")
LADDER = ("buyers", "from_quantity", "price", "less", "units")
PRICES = (PRODUCT_ID, PRODUCT_NAME, "customer_price", "other_price", "points", "least", "greatest")
#: Doubt → what it means.
_DOUBTS = {
    "lead": (
        N_(
            "the price eight weeks later seems to affect today's orders ({low} to {high}, "
            "not 0), which is impossible: something else moves both, or prices change too rarely to "
            "separate the two"
        )
    ),
    "shuffled": N_("prices in random order seem to affect orders, which is impossible"),
    "lead is unknown": N_("too few weeks are known to check whether later prices seem to affect orders"),
    "lead is too wide": N_("the check whether later prices seem to affect orders is too uncertain"),
    "no effect": N_("orders hardly vary with the price"),
    "few orders": N_("products have so few orders a week that weeks without any dominate"),
}


def products_by_price(table: pd.DataFrame) -> pd.DataFrame:
    """Sum up :func:`~shopper_widgets.price_table` to one row per product, most bought first.

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


@once_per_model
def prices_of(
    model: ShopperModel, among: Narrowing = EVERYONE
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the prices of a shop: by product and week, by quantity, and by product.

    Parameters
    ----------
    model : ShopperModel
        Gives everyone's lines.
    among : Narrowing, optional
        Only such lines.

    Returns
    -------
    points, ladder, products : pandas.DataFrame
        Of :func:`~shopper_widgets.price_table`, :func:`~shopper_widgets.quantity_breaks` and
        `products_by_price`.

    Raises
    ------
    TooLittleDataError
        No line has a price.
    """
    lines = among.lines(model)
    points = price_table(lines)
    return points, quantity_breaks(lines), products_by_price(points)


@once_per_model
def response_of(model: ShopperModel, among: Narrowing = EVERYONE) -> tuple[PriceResponse | None, list[str]]:
    """Return how orders vary with prices, and what may be said about it, within the filters."""
    try:
        response = price_response(among.lines(model))
    except TooLittleDataError as error:
        return None, [gettext("These orders can't show the effect of prices: {error}", error=error.told)]
    return response, response_sentences(response)


def response_sentences(response: PriceResponse) -> list[str]:
    """Say what the orders tell about prices; no figure is given if a placebo speaks against it."""
    by_term = {row["term"]: row for row in response.estimates.to_dict("records")}
    panel, lead = by_term["panel"], by_term["lead"]
    read = gettext(
        "Based on {products} and {observations} product-weeks, at the price of small quantities; "
        "products whose prices changed more count more.",
        products=count_of(panel["products"], "product"),
        observations=format_count(panel["observations"]),
    )
    if (elasticity := response.elasticity) is not None:
        change = 0.9**elasticity.estimate - 1
        return [
            gettext(
                N_(
                    "Price elasticity {value} ({low} to {high}): where a price was 10 % lower, {share} more "
                    "orders came. Both placebos are around 0."
                )
                if change > 0
                else N_(
                    "Price elasticity {value} ({low} to {high}): where a price was 10 % lower, {share} fewer "
                    "orders came. Both placebos are around 0."
                ),
                value=format_decimal(elasticity.estimate, 2),
                low=format_decimal(elasticity.low, 2),
                high=format_decimal(elasticity.high, 2),
                share=format_share(abs(change)),
            ),
            gettext(
                "Neither placebo can detect prices that were set by the demand of the same week: if yours "
                "were, this figure is not the effect of a price."
            ),
            read,
        ]
    ends = {name: format_decimal(lead[name], 2) for name in ("low", "high")}
    doubts = [gettext(_DOUBTS[doubt], **ends) for doubt in response.doubts]
    return [
        gettext("These orders can't show the effect of prices: {doubts}.", doubts="; ".join(doubts)),
        gettext(
            "So no price elasticity is given. A test would show it: a different price in randomly "
            "drawn weeks, or for randomly drawn customers."
        ),
        read,
    ]
