"""A map of all or of filtered customers, next to the list of those in the marked part."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.checks import plain
from shopper_widgets._support.formatting import count_of
from shopper_widgets._support.locale import gettext
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.customer_list import CustomerListPanel
from shopper_widgets.panels.listed import ListedPanel

if TYPE_CHECKING:
    import altair as alt

#: The selection of the chart that holds the marked part.
BRUSH = "brush"


class BrushedMapPanel(ListedPanel, CustomerListPanel):
    """A panel with a map on which a part can be marked; a subclass draws both in `_draw`.

    Attributes
    ----------
    measured : tuple of str
        The measures by which a part may be marked.
    brush : dict of str to [low, high]
        The marked part, ends included; empty for the whole map.
    """

    measured: ClassVar[tuple[str, ...]]
    brush = traitlets.Dict()

    @traitlets.validate("brush")
    def _possible_brush(self, proposal: dict[str, Any]) -> dict[str, list[float]]:
        for name, bounds in proposal["value"].items():
            if name not in self.measured or not _is_interval(bounds):
                raise traitlets.TraitError(
                    gettext(
                        "A part of the map is a range of {names}; got {name}: {bounds}.",
                        names=", ".join(self.measured),
                        name=repr(plain(name)),
                        bounds=repr(bounds),
                    )
                )
        return {name: sorted(map(float, bounds)) for name, bounds in proposal["value"].items()}

    def _build_map(self) -> None:
        self._status = widgets.HTML()
        self._map = ChartView()
        self._map.observe(self._on_brush, "selections")
        self._charted: object = None

    def _draw_map(self, of: object, chart: Callable[[], alt.Chart]) -> None:
        """Draw the map if its customers have changed, and the part that is marked on it."""
        if self._charted != of:
            self._charted = of
            self._map.chart = chart()
        if BRUSH in self._map.selections:  # a map without customers can't be marked
            self._map.selections = {BRUSH: self.brush}

    def _on_brush(self, change: dict[str, Any]) -> None:
        self._take(brush=change["new"].get(BRUSH, {}))

    def _marked(self, customers: pd.DataFrame) -> pd.DataFrame:
        """Return the customers in the marked part of the map."""
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
