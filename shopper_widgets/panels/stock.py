"""Stock: target levels, and an order list where the stock on hand is known."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets.charts import stock_chart
from shopper_widgets.columns import PRODUCT_ID
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.panels.base import Panel, field, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.number_box import number_box
from shopper_widgets.panels.number_limits import Limits, Number, WholeNumber
from shopper_widgets.panels.upload import Upload
from shopper_widgets.products.stock_levels import read_stock
from shopper_widgets.words.html import bullets, paragraph, status
from shopper_widgets.words.labels import describe
from shopper_widgets.words.stock import ENOUGH, LEVELS, ORDERS, Demand, demand_of, plan_of, stock_sentences

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: Ends of the sliders.
_SLIDERS = {"lead_time": (0, 90), "review": (1, 60), "service": (50, 99)}
HELP = (
    "Upload a CSV file with the columns product_id and on_hand (and, if known, on_order, pack, minimum and "
    "unit_cost) to turn the levels into an order list. The file stays in this page."
)


class StockPanel(Panel):
    r"""Show the target level of each product, and how much of it to order now.

    Parameters
    ----------
    model : ShopperModel
        Gives everyone's lines.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    lead_time, review : int
        Days from order to delivery, and between two orders.
    service : float
        In how many of 100 such periods stock is to last.
    budget : float
        The most to spend on this order; 0 for no limit.
    stock : str
        What is on hand, as the text of a CSV file: see :func:`~shopper_widgets.stock_plan`; ``""`` where it
        isn't known.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = StockPanel(ShopperModel.fit(load_sample()), lead_time=14)
    >>> product = panel.selection["product_id"].iloc[0]
    >>> panel.stock = f"product_id,on_hand\n{product},0"
    >>> row = panel.selection.set_index("product_id").loc[product]
    >>> bool(row["order_quantity"] == row["order_up_to"])
    True
    """

    heading = "What should be ordered?"
    state = ("lead_time", "review", "service", "budget", "stock")

    lead_time = WholeNumber(Limits("Lead time, order to delivery", unit="days", most=180), 14)
    review = WholeNumber(Limits("Time between orders", unit="days", least=1, most=180), 7)
    service = Number(
        Limits("Service level, chance that stock lasts", unit="%", least=50, most=99.9), 100 * ENOUGH
    )
    budget = Number(Limits("Budget of this order", empty="no limit"))
    stock = traitlets.Unicode()

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._demand: Demand | None = None
        self._why_not, self._plan = "", pd.DataFrame(columns=list(LEVELS))
        try:
            self._demand = demand_of(model)
        except TooLittleDataError as error:
            self._why_not = str(error)
        super().__init__(model, **state)

    def _selected(self) -> pd.DataFrame:
        """The plan on show: see :func:`~shopper_widgets.stock_plan`."""
        return self._plan.copy()

    @traitlets.validate("stock")
    def _read_stock(self, proposal: dict[str, Any]) -> str:
        text: str = proposal["value"]
        if not text.strip():
            return ""
        try:
            table = read_stock(io.StringIO(text))
        except ValueError as error:
            raise traitlets.TraitError(f"It is not a table: {error}") from error
        if missing := {PRODUCT_ID, "on_hand"} - set(table):
            raise traitlets.TraitError(
                f"It lacks {' and '.join(sorted(missing))}; it has {', '.join(map(str, table.columns))}."
            )
        return text

    def _build(self) -> list[widgets.Widget]:
        units = {"budget": self.model.currency}
        boxes = [
            field(
                self._bind(
                    number_box(self.traits()[name], currency=units.get(name), slider=_SLIDERS.get(name)), name
                )
            )
            for name in self.state[:-1]
        ]
        upload = Upload(
            self, "Stock on hand (CSV)", ".csv", self._take_stock, "can't be read as stock on hand"
        )
        self._said, self._chart = widgets.HTML(), ChartView()
        self._grid = Grid(
            describe(LEVELS, currency=self.model.currency),
            sort_by="",
            empty="No product has sold long enough.",
            filename="order-list.csv",
            excel=True,
            what="product",
        )
        return [
            row(upload, self._reset_button()),
            widgets.HTML(paragraph(HELP, "sw-note")),
            row(*boxes),
            self._said,
            self._chart,
            self._grid,
        ]

    def _draw(self) -> None:
        if self._demand is None:
            self._said.value = status(paragraph(self._why_not, "sw-empty"))
            return
        self._plan = plan_of(
            self._demand,
            read_stock(io.StringIO(self.stock)) if self.stock else None,
            lead_time=self.lead_time,
            review=self.review,
            service_level=self.service / 100,
            budget=self.budget or None,
        )
        currency = self.model.currency
        self._said.value = status(
            bullets(stock_sentences(self._plan, lead_time=self.lead_time, currency=currency))
        )
        self._chart.chart = stock_chart(self._plan, weeks=self._plan.attrs["weeks"])
        shown, caption = self._plan[self._plan["expected"].notna()], "Target levels"
        if self.stock:
            shown, caption = shown[shown["on_hand"].notna()], "Order list"
        self._grid.show(
            shown.reset_index(drop=True),
            caption=caption,
            columns=describe(ORDERS if self.stock else LEVELS, currency=currency),
        )

    def _take_stock(self, text: str) -> None:
        self.stock = text
