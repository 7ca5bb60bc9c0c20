"""Whether a shop's orders say what was sold and what was paid, and what is said where they don't."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopper_widgets._support.formatting import OF_UNITS
from shopper_widgets._support.locale import N_
from shopper_widgets.columns import PRODUCT_ID
from shopper_widgets.orders.assumed import EVERYTHING

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: What stands in place of what is said of products, where `names_products` is false.
NO_PRODUCTS = N_("The orders don't say what was sold, so there is nothing to tell of single products.")


def names_products(model: ShopperModel) -> bool:
    """Return whether the orders say what was sold: a table of totals doesn't."""
    return set(model.all_products[PRODUCT_ID]) != {EVERYTHING}


#: What stands in place of what is said of prices, where `tells_money` is false.
NO_MONEY = N_("The orders don't say what was paid, so there is nothing to tell of prices and discounts.")


def tells_money(model: ShopperModel) -> bool:
    """Return whether the orders say what was paid: where none does, a unit counts as 1."""
    return model.currency != OF_UNITS
