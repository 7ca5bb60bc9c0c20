"""The prices at which products were sold, and what past prices say about demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.checks import plain
from shopper_widgets._support.formatting import format_product
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts import price_response_chart
from shopper_widgets.columns import COUNTRY, PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.customers.narrowing import Narrowing
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.panels.base import columns, guarded, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.kept import KEPT
from shopper_widgets.panels.narrowed import NarrowedOrdersPanel
from shopper_widgets.words.html import bullets, html_table, paragraph, status
from shopper_widgets.words.labels import describe
from shopper_widgets.words.prices import LADDER, POINTS, PRICES, prices_of, response_of

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: The most prices of a product that are listed: those at which most units were sold.
_MOST_POINTS = 12
_NO_PRICE = N_("None of these sales has a price of product {product}: choose another, or remove a filter.")


class PricePanel(NarrowedOrdersPanel):
    """Show the prices of each product, by buyers and quantities, and the price elasticity with placebos.

    Parameters
    ----------
    model : ShopperModel
        Gives everyone's lines.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    product_id : str
        The product whose prices are shown; ``""`` for the first of the list.
    country : str
        Only order lines from there; ``""`` for all.
    kept : dict of str to str
        Column that the model was told to keep → the value to which order lines are narrowed.
    sort_by : str
        The column that orders the list; ``""`` for most revenue first.
    descending : bool
        Whether the largest comes first.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = PricePanel(ShopperModel.fit(load_sample()))
    >>> bool((panel.selection["least"] <= panel.selection["greatest"]).all())
    True
    """

    heading = N_("What do past prices show?")
    state = (PRODUCT_ID, COUNTRY, KEPT, "sort_by", "descending")

    product_id = traitlets.Unicode()
    sort_by = traitlets.Enum(("", *PRICES), default_value="")
    descending = traitlets.Bool(True)

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._why_not, self._products = "", pd.DataFrame(columns=list(PRICES))
        self._learned_of: Narrowing | None = None
        super().__init__(model, **state)

    def _selected(self) -> pd.DataFrame:
        """Return one row per product: ``product_id, product_name``, its usual, lowest and highest prices."""
        return self._products.copy()

    @traitlets.validate("product_id")
    def _known_product(self, proposal: dict[str, Any]) -> str:
        product: str = proposal["value"]
        if product and not self._has_price(product):
            raise traitlets.TraitError(
                gettext("There is no product {product} with a price.", product=repr(plain(product)))
            )
        return product

    def _has_price(self, product: str) -> bool:
        try:
            return bool((prices_of(self.model)[2][PRODUCT_ID] == product).any())
        except TooLittleDataError:
            return False

    def _build(self) -> list[widgets.Widget]:
        self._said, self._of, self._breaks = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._chart = ChartView()
        self._grid = Grid(
            describe(PRICES, currency=self.model.currency),
            key=PRODUCT_ID,
            empty=gettext("No product has a price."),
            filename="prices.csv",
            what="product",
        )
        for name, own in ((PRODUCT_ID, "chosen"), ("sort_by", "sort_by"), ("descending", "descending")):
            self._bind(self._grid, name, own)
        return [
            row(*self._narrowing_controls(), self._reset_button()),
            self._narrowed_to,
            self._said,
            columns(widgets.VBox([self._chart, self._of]), self._breaks),
            self._grid,
        ]

    def _learn(self) -> None:
        """Look up the prices within the filters; show nothing if there are none."""
        self._learned_of, self._why_not = self._among, ""
        try:
            self._points, self._ladder, self._products = prices_of(self.model, self._among)
        except TooLittleDataError as error:
            self._why_not, self._products = error.told, pd.DataFrame(columns=list(PRICES))
            self._chart.chart, self._of.value, self._breaks.value = None, "", ""
            self._grid.clear()

    def _draw(self) -> None:
        self._draw_narrowing()
        if self._learned_of != self._among:
            self._learn()
        if self._why_not:
            self._said.value = status(paragraph(self._why_not, "sw-empty"))
            return
        self._grid.show(self._products, caption=gettext("Prices by product, most revenue first"))
        self._draw_product(self.product_id or str(self._products[PRODUCT_ID].iloc[0]))
        self._soon(self._draw_response)

    def _draw_product(self, product: str) -> None:
        if not (self._products[PRODUCT_ID] == product).any():
            self._of.value, self._breaks.value = (
                paragraph(gettext(_NO_PRICE, product=product), "sw-empty"),
                "",
            )
            return
        points = self._points[self._points[PRODUCT_ID] == product]
        name = format_product(str(points[PRODUCT_NAME].iloc[0]))
        most = points.sort_values("units", ascending=False, kind="stable").head(_MOST_POINTS)
        ladder = self._ladder[self._ladder[PRODUCT_ID] == product]
        currency = self.model.currency
        self._of.value = html_table(
            most[list(POINTS)],
            describe(POINTS, currency=currency),
            caption=gettext("Prices of {name}, most units first", name=name),
        )
        self._breaks.value = html_table(
            ladder[list(LADDER)],
            describe(LADDER, currency=currency),
            caption=gettext("Quantity breaks of {name}", name=name),
        )

    @guarded
    def _draw_response(self) -> None:
        if self._why_not:  # the filters may have changed since
            return
        response, sentences = response_of(self.model, self._among)
        self._said.value = status(bullets(sentences))
        self._chart.chart = (
            None
            if response is None
            else price_response_chart(response.estimates, supported=response.elasticity is not None)
        )
