"""Sentences for shops whose orders don't say what was sold, or what was paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopper_widgets._support.formatting import OF_UNITS
from shopper_widgets._support.locale import N_

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: Replaces all sentences about products if ``model.names_products`` is false.
NO_PRODUCTS = N_("The orders don't say what was sold, so nothing can be said about single products.")


#: Replaces all sentences about prices if `tells_money` is false.
NO_MONEY = N_("The orders don't say what was paid, so nothing can be said about prices and discounts.")


def tells_money(model: ShopperModel) -> bool:
    """Return whether the orders say what was paid: otherwise, each unit counts as 1."""
    return model.currency != OF_UNITS
