"""How sales went, and which products brought them, in any country and any stretch of time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets
from markupsafe import Markup

from shopper_widgets._support.formatting import format_day
from shopper_widgets.charts import orders_over_time, revenue_by_country, revenue_over_time
from shopper_widgets.columns import (
    AMOUNT,
    COUNTRY,
    CUSTOMER_ID,
    IS_PRODUCT,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
)
from shopper_widgets.panels.base import Panel, columns, field, guarded, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.date_box import DateBox
from shopper_widgets.panels.days import Day, day_refusal
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.typed_box import tell_order
from shopper_widgets.words.html import figures, paragraph, status
from shopper_widgets.words.labels import describe

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

MOST_PRODUCTS = 50
SHOWN = ("rank", PRODUCT_ID, PRODUCT_NAME, "orders", QUANTITY, "revenue")


class SalesPanel(Panel):
    """Show revenue and orders over time, headline figures, and the 50 products with most revenue.

    Parameters
    ----------
    model : ShopperModel
        Gives the orders, and the sales per day, country and product.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    country : str
        ``""`` for all countries.
    start, end : datetime.date
        First and last day, both included; within the days of the data.
    sort_by : str
        Column that orders the products: rank, product_id, product_name, orders, quantity or revenue.
    descending : bool
        Whether the largest comes first.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = SalesPanel(ShopperModel.fit(load_sample()))
    >>> panel.start = panel.end
    >>> panel.selection["date"].nunique()
    1
    """

    heading = "How do sales develop?"
    state = (COUNTRY, "start", "end", "sort_by", "descending")

    country = traitlets.Unicode()
    start = Day("From")
    end = Day("To")
    sort_by = traitlets.Enum(SHOWN, default_value="revenue")
    descending = traitlets.Bool(True)

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._days: tuple[dt.date, dt.date] = (
            model.sales["date"].min().date(),
            model.sales["date"].max().date(),
        )
        self._countries = sorted({str(name) for name in model.orders[COUNTRY].dropna()} - {""})
        super().__init__(model, **state)

    @property
    def selection(self) -> pd.DataFrame:
        """The sales per day, country and product that the filters leave."""
        return self._filtered(self.model.sales, "date").reset_index(drop=True)

    @property
    def products(self) -> pd.DataFrame:
        """The (at most 50) products with most revenue within the filters, in the order on show."""
        return self._grid.sorted_frame.reset_index(drop=True)

    @traitlets.default("start")
    def _first_day(self) -> dt.date:
        return self._days[0]

    @traitlets.default("end")
    def _last_day(self) -> dt.date:
        return self._days[1]

    @traitlets.validate("country")
    def _known_country(self, proposal: dict[str, Any]) -> str:
        country: str = proposal["value"]
        if country and country not in self._countries:
            raise traitlets.TraitError(f"There are no orders from {country!r}.")
        return country

    @traitlets.validate("start", "end")
    def _within_data(self, proposal: dict[str, Any]) -> dt.date:
        day: dt.date = proposal["value"]
        if refusal := day_refusal(proposal["trait"].label, day, *self._days):
            raise traitlets.TraitError(refusal)
        return day

    def _build(self) -> list[widgets.Widget]:
        options = [("All countries", ""), *((name, name) for name in self._countries)]
        country = field(self._bind(widgets.Dropdown(description="Country", options=options), COUNTRY))
        self._dates = [DateBox(self.traits()[name].label, *self._days) for name in ("start", "end")]
        for box, name in zip(self._dates, ("start", "end"), strict=True):
            field(self._bind(box, name))
        controls = [country, *self._dates] if len(self._countries) > 1 else self._dates
        self._figures = widgets.HTML()
        self._revenue, self._orders, self._by_country = ChartView(), ChartView(), ChartView()
        self._grid = Grid(
            describe(SHOWN, currency=self.model.currency),
            empty="No product was sold.",
            filename="top-products.csv",
            what="product",
        )
        self._bind(self._grid, "sort_by", "sort_by")
        self._bind(self._grid, "descending", "descending")
        return [
            row(*controls, self._reset_button()),
            self._figures,
            columns(self._revenue, self._orders),
            self._grid,
            self._by_country,
        ]

    def _draw(self) -> None:
        orders = self._filtered(self.model.orders, ORDERED_AT)
        products = self._top_products()
        tell_order(*self._dates, crossed=self.start > self.end, words=("later than", "earlier than"))
        self._figures.value = status(self._headline(orders))
        where = f" in {self.country}" if self.country else ""
        self._grid.show(
            products,
            caption=f"Products with most revenue{where}, {format_day(self.start)} to {format_day(self.end)}",
        )
        self._soon(self._draw_charts)

    @guarded
    def _draw_charts(self) -> None:
        orders = self._filtered(self.model.orders, ORDERED_AT)
        if orders.empty:
            self._revenue.chart = self._orders.chart = self._by_country.chart = None
            return
        currency = self.model.currency
        start, end = pd.Timestamp(self.start), pd.Timestamp(self.end)
        self._revenue.chart = revenue_over_time(orders, currency=currency, start=start, end=end)
        self._orders.chart = orders_over_time(orders, start=start, end=end)
        several = not self.country and len(set(orders[COUNTRY])) > 1
        self._by_country.chart = revenue_by_country(orders, currency=currency) if several else None

    def _filtered(self, frame: pd.DataFrame, when: str) -> pd.DataFrame:
        after_end = pd.Timestamp(self.end) + pd.Timedelta(days=1)
        kept = (frame[when] >= pd.Timestamp(self.start)) & (frame[when] < after_end)
        if self.country:
            kept &= frame[COUNTRY] == self.country
        return frame[kept]

    def _headline(self, orders: pd.DataFrame) -> Markup:
        if self.start > self.end:
            return paragraph(
                "The first day lies after the last one: choose an earlier first day.", "sw-empty"
            )
        if orders.empty:
            return paragraph("No orders in this country and these days: choose a longer stretch.", "sw-empty")
        revenue, count = float(orders[AMOUNT].sum()), orders[ORDER_ID].nunique()
        record = pd.Series(
            {
                "revenue": revenue,
                "orders": count,
                "customers": orders[CUSTOMER_ID].nunique(),
                "order_value": revenue / count,
            }
        )
        return figures(record, describe(record.index, currency=self.model.currency, exact=False))

    def _top_products(self) -> pd.DataFrame:
        sales = self.selection
        goods = self.model.products.set_index(PRODUCT_ID)[[PRODUCT_NAME, IS_PRODUCT]]
        totals = (
            sales.groupby(PRODUCT_ID)
            .agg(orders=("orders", "sum"), quantity=(QUANTITY, "sum"), revenue=(AMOUNT, "sum"))
            .join(goods)
            .query(IS_PRODUCT)
            .reset_index()
            .sort_values(["revenue", PRODUCT_ID], ascending=[False, True])
            .head(MOST_PRODUCTS)
        )
        totals["rank"] = range(1, len(totals) + 1)
        return totals[list(SHOWN)].reset_index(drop=True)
