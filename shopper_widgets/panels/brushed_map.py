"""A map of customers, narrowed or of all, beside the list of those in the part that was marked on it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.checks import plain
from shopper_widgets._support.formatting import count_of, listed
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import COUNTRY, CUSTOMER_ID
from shopper_widgets.customers.kept import lines_with
from shopper_widgets.panels.base import field
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.customer_list import CustomerListPanel
from shopper_widgets.panels.kept import KeptPanel

if TYPE_CHECKING:
    import altair as alt

#: The selection of the chart that tells the marked part.
BRUSH = "brush"


class BrushedMapPanel(KeptPanel, CustomerListPanel):
    """A panel with a map on which a part can be marked; a subclass draws both in `_draw`.

    Attributes
    ----------
    measured : tuple of str
        The measures by which a part may be marked.
    country : str
        Only customers of this country; ``""`` for all. What is worked out of the whole shop, such as who is
        valuable, stays so.
    kept : dict of str to str
        Only customers who have an order line with these values of columns that the model was told to keep, on
        one line where there are several.
    brush : dict of str to [low, high]
        The marked part, ends included; empty for the whole map.
    """

    measured: ClassVar[tuple[str, ...]]

    _bought: tuple[dict[str, str], frozenset[str]] = ({}, frozenset())

    country = traitlets.Unicode()
    brush = traitlets.Dict()

    @traitlets.validate("country")
    def _known_country(self, proposal: dict[str, Any]) -> str:
        country: str = proposal["value"]
        if country and country not in self._countries():
            raise traitlets.TraitError(f"No customer is from {plain(country)!r}.")
        return country

    def _countries(self) -> list[str]:
        return sorted({str(name) for name in self.model.customers[COUNTRY].dropna()} - {""})

    def _choices(self) -> list[widgets.Widget]:
        """Make the controls for the country, where there are several, and for what was kept."""
        known = self._countries()
        options = [(gettext("All countries"), ""), *((name, name) for name in known)]
        choice = widgets.Dropdown(description=gettext("Country"), options=options)
        country = [field(self._bind(choice, COUNTRY))] if len(known) > 1 else []
        return [*country, *self._kept_controls()]

    def _narrowed(self, customers: pd.DataFrame) -> pd.DataFrame:
        """Keep the customers of the country who bought what is chosen, by their id."""
        if self.country:
            known = self.model.customers
            there = known.loc[known[COUNTRY] == self.country, CUSTOMER_ID]
            customers = customers[customers[CUSTOMER_ID].isin(there)]
        return customers[customers[CUSTOMER_ID].isin(self._buyers())] if self.kept else customers

    def _buyers(self) -> frozenset[str]:
        """Return who has a line with what is chosen; looked for once."""
        if self._bought[0] != self.kept:
            self._bought = self.kept, frozenset(lines_with(self.model, self.kept)[CUSTOMER_ID].dropna())
        return self._bought[1]

    @property
    def _where(self) -> str:
        country = gettext(" in {country}", country=self.country) if self.country else ""
        return country + (gettext(" with {kept}", kept=listed(self._kept_in_words)) if self.kept else "")

    @traitlets.validate("brush")
    def _possible_brush(self, proposal: dict[str, Any]) -> dict[str, list[float]]:
        for name, bounds in proposal["value"].items():
            if name not in self.measured or not _is_interval(bounds):
                raise traitlets.TraitError(
                    f"A part of the map is {{measure: [low, high]}} of {', '.join(self.measured)}; "
                    f"got {plain(name)!r}: {bounds!r}."
                )
        return {name: sorted(map(float, bounds)) for name, bounds in proposal["value"].items()}

    def _build_map(self) -> None:
        self._status = widgets.HTML()
        self._map = ChartView()
        self._map.observe(self._on_brush, "selections")
        self._charted: object = None

    def _draw_map(self, of: object, chart: Callable[[], alt.Chart]) -> None:
        """Draw the map where it shows something else than before, and what is marked on it."""
        if self._charted != of:
            self._charted = of
            self._map.chart = chart()
        if BRUSH in self._map.selections:  # where nobody is to be shown, nothing can be marked
            self._map.selections = {BRUSH: self.brush}

    def _on_brush(self, change: dict[str, Any]) -> None:
        self._take(brush=change["new"].get(BRUSH, {}))

    def _marked(self, customers: pd.DataFrame) -> pd.DataFrame:
        """Customers in the marked part of the map."""
        for name, (low, high) in self.brush.items():
            customers = customers[customers[name].between(low, high)]
        return customers

    def _counted(self, customers: pd.DataFrame) -> str:
        return count_of(len(customers), "customer")

    @property
    def _hint(self) -> str:
        return "" if self.brush else f" {gettext('Drag over the map to mark a part of it.')}"


def _is_interval(bounds: Any) -> bool:
    return (
        isinstance(bounds, list | tuple)
        and len(bounds) == 2
        and all(isinstance(b, int | float) and math.isfinite(b) for b in bounds)
    )
