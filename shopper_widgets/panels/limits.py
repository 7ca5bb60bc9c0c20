"""Controls for the products that may be recommended: sold in a country, at certain prices, or recently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as widgets
import traitlets

from shopper_widgets._support.checks import plain
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import COUNTRY
from shopper_widgets.panels.number_box import number_box
from shopper_widgets.panels.number_limits import Limits, Number
from shopper_widgets.recommend.assortment import assortment

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: Label → the last days of the data within which a product must have been sold; 0: any time.
LATELY = {
    N_("At any time"): 0,
    N_("In the last 7 days"): 7,
    N_("In the last 28 days"): 28,
    N_("In the last 90 days"): 90,
}
PRICES = ("lowest_price", "highest_price")
LIMITS = (COUNTRY, *PRICES, "sold_within_days")


class LimitTraits(traitlets.HasTraits):
    """The traits of a panel whose recommendations can be limited, and the products that remain.

    Attributes
    ----------
    country : str
        Only products that were sold there; ``""`` for all countries.
    lowest_price, highest_price : float
        Only products whose average price per unit is within these limits; a highest price of 0 is no limit.
    sold_within_days : int
        Only products that were sold within the last 7, 28 or 90 days of the data; 0 for any time.
    """

    #: The note where filters change nothing, or only the products that may be suggested.
    where_unfiltered: ClassVar[str] = N_("What goes together is learned from all orders of the shop.")

    model: ShopperModel

    country = traitlets.Unicode()
    lowest_price = Number(Limits(N_("Price from"), empty=N_("no limit")))
    highest_price = Number(Limits(N_("Price to"), empty=N_("no limit")))
    sold_within_days = traitlets.Enum(tuple(LATELY.values()), default_value=0)

    _allowed: tuple[tuple[Any, ...], list[str] | None] = ((), None)

    @property
    def limits(self) -> tuple[Any, ...]:
        """The values of the traits."""
        return tuple(getattr(self, name) for name in LIMITS)

    @property
    def prices_crossed(self) -> bool:
        """Whether the lowest price is above the highest."""
        return bool(0 < self.highest_price < self.lowest_price)

    def allowed(self) -> list[str] | None:
        """Return the ids of the products that may be recommended; None for all.

        Returns
        -------
        list of str or None
            Empty where no product is within the limits.
        """
        limits = self.limits
        if not any(limits):
            return None
        # The result is kept, because it takes longer than the suggestions, which are made at each keystroke.
        if self._allowed[0] != limits:
            self._allowed = limits, self._find_allowed()
        return self._allowed[1]

    def _find_allowed(self) -> list[str]:
        if self.prices_crossed:
            return []
        return assortment(
            self.model.sales,
            country=self.country or None,
            lowest_price=self.lowest_price or None,
            highest_price=self.highest_price or None,
            sold_within_days=self.sold_within_days or None,
        )

    @traitlets.validate("country")
    def _known_country(self, proposal: dict[str, Any]) -> str:
        country: str = proposal["value"]
        if country and country not in countries(self.model):
            raise traitlets.TraitError(
                gettext("Nothing was sold in {country}.", country=repr(plain(country)))
            )
        return country


def countries(model: ShopperModel) -> list[str]:
    """Return the countries in which something was sold, ascending."""
    return sorted({str(name) for name in model.sales[COUNTRY].dropna().unique()} - {""})


def limit_controls(model: ShopperModel) -> dict[str, widgets.Widget]:
    """Make a control for each trait of `LimitTraits`; none for the country if there is only one."""
    known = countries(model)
    controls: dict[str, widgets.Widget] = {}
    if len(known) > 1:
        options = [(gettext("All countries"), ""), *((name, name) for name in known)]
        controls[COUNTRY] = widgets.Dropdown(description=gettext("Sold in"), options=options)
    controls["sold_within_days"] = widgets.Dropdown(
        description=gettext("Sold"), options=[(gettext(label), days) for label, days in LATELY.items()]
    )
    for name in PRICES:
        controls[name] = number_box(LimitTraits.class_traits()[name], currency=model.currency, live=True)
    return controls
