"""Sales over time and by product, in any country and period."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets
from markupsafe import Markup

from shopper_widgets._support.locale import N_, gettext
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
    SEGMENT,
)
from shopper_widgets.customers.narrowing import Narrowing
from shopper_widgets.orders.tables import orders_table, products_table, sales_table
from shopper_widgets.panels.base import columns, field, guarded, slim
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.kept import KEPT
from shopper_widgets.panels.narrowed import NarrowedOrdersPanel
from shopper_widgets.panels.period import CROSSED, ENDS, PeriodPanel
from shopper_widgets.words.html import figures, paragraph, status
from shopper_widgets.words.labels import describe
from shopper_widgets.words.shop import sold_to_unknown

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

MOST_PRODUCTS = 50
CLICK = N_("Click a bar to narrow the sales to its days, or to its country.")
#: The customers whose purchases are shown.
SOLD_TO = {"everyone": N_("Everyone"), "customers": N_("Known customers")}
SHOWN = ("rank", PRODUCT_ID, PRODUCT_NAME, "orders", QUANTITY, "revenue")


class SalesPanel(PeriodPanel, NarrowedOrdersPanel):
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
    segment : str
        Only orders of customers who are in it today; ``""`` for all.
    start, end : datetime.date
        First and last day, both included; within the days of the data.
    sort_by : str
        Column that orders the products: rank, product_id, product_name, orders, quantity or revenue.
    descending : bool
        Whether the largest comes first.
    sold_to : str
        ``"everyone"``, or ``"customers"`` for known ones; sales without a customer id belong to no segment.
    kept : dict of str to str
        Column that the model was told to keep → the value to narrow it to, as the control writes it.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = SalesPanel(ShopperModel.fit(load_sample()))
    >>> panel.start = panel.end
    >>> panel.sales["date"].nunique()
    1
    >>> len(panel.selection) == min(50, panel.sales["product_id"].nunique())
    True
    """

    heading = N_("How do sales develop?")
    state = (COUNTRY, SEGMENT, *ENDS, "sort_by", "descending", "sold_to", KEPT)

    segment = traitlets.Unicode()
    sort_by = traitlets.Enum(SHOWN, default_value="revenue")
    descending = traitlets.Bool(True)
    sold_to = traitlets.Enum(tuple(SOLD_TO), default_value="everyone")

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._narrowed: dict[Any, tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]] = {}
        super().__init__(model, **state)

    def _selected(self) -> pd.DataFrame:
        """Return the products with the most revenue within the filters, at most 50, in the order shown."""
        return self._grid.sorted_frame.reset_index(drop=True)

    @property
    def products(self) -> pd.DataFrame:
        """The `selection`."""
        return self.selection

    @property
    def sales(self) -> pd.DataFrame:
        """The sales per day, country and product that the filters leave."""
        return self._filtered(self._tables()[1], "date").reset_index(drop=True)

    def _build(self) -> list[widgets.Widget]:
        controls = [*self._period_controls(), *self._narrowing_controls()]
        if self.model.has_unknown_customers:
            whose = widgets.Dropdown(
                description=gettext("Sold to"),
                options=[(gettext(label), name) for name, label in SOLD_TO.items()],
            )
            controls.append(field(self._bind(whose, "sold_to")))
        self._figures = widgets.HTML()
        self._revenue, self._orders, self._by_country = ChartView(), ChartView(), ChartView()
        self._by_country.observe(self._on_pick, "selections")
        for view in (self._revenue, self._orders):
            view.observe(self._on_bar, "selections")
        self._grid = Grid(
            describe(SHOWN, currency=self.model.currency),
            empty=gettext("No product was sold."),
            filename="top-products.csv",
            what="product",
        )
        self._bind(self._grid, "sort_by", "sort_by")
        self._bind(self._grid, "descending", "descending")
        return [
            slim(*controls, self._reset_button()),
            self._narrowed_to,
            self._figures,
            widgets.HTML(paragraph(gettext(CLICK), "sw-note")),
            columns(self._revenue, self._orders),
            *([self._grid] if self.model.names_products else []),
            self._by_country,
        ]

    def _tables(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Return the orders, sales and products of the customers who are shown."""
        model = self.model
        # Figures of the whole shop still count customers who were forgotten; orders and lines don't.
        whole = self.sold_to == "everyone" or "forgotten" not in model.source
        # `_filtered` applies the country, so that the other countries stay available.
        among = replace(self._among, country="")
        if not among and whole:
            if self.sold_to == "customers":
                return model.orders, model.sales, model.products
            return model.all_orders, model.all_sales, model.all_products
        asked = self.sold_to, among
        if asked not in self._narrowed:
            lines = among.lines(model)
            if self.sold_to == "customers":
                lines = lines[lines[CUSTOMER_ID].notna()]
            self._narrowed = {asked: (orders_table(lines), sales_table(lines), products_table(lines))}
        return self._narrowed[asked]

    def _draw(self) -> None:
        orders = self._filtered(self._tables()[0], ORDERED_AT)
        products = self._top_products()
        self._draw_period()
        self._draw_narrowing()
        said = sold_to_unknown(orders, currency=self.model.currency)
        self._figures.value = status(self._headline(orders) + (paragraph(said) if said else Markup()))
        where = gettext(" in {country}", country=self.country) if self.country else ""
        whose = gettext(", known customers only") if self.sold_to == "customers" else ""
        whose = whose if self.model.has_unknown_customers else ""
        among = "".join(f", {kept}" for kept in self._kept_in_words)
        self._grid.show(
            products,
            caption=gettext(
                "Products with most revenue{where}{whose}{among}, {days}",
                where=where + self._in_segment,
                whose=whose,
                among=among,
                days=self._days_in_words,
            ),
        )
        self._soon(self._draw_charts)

    @guarded
    def _draw_charts(self) -> None:
        orders = self._filtered(self._tables()[0], ORDERED_AT)
        if orders.empty:
            self._revenue.chart = self._orders.chart = self._by_country.chart = None
            return
        currency = self.model.currency
        start, end = pd.Timestamp(self.start), pd.Timestamp(self.end)
        self._revenue.chart = revenue_over_time(orders, currency=currency, start=start, end=end)
        self._orders.chart = orders_over_time(orders, start=start, end=end)
        several = not self.country and len(set(orders[COUNTRY])) > 1
        self._by_country.chart = revenue_by_country(orders, currency=currency) if several else None

    @guarded
    def _on_pick(self, change: dict[str, Any]) -> None:
        """Filter by the country whose bar is clicked."""
        picked = change["new"].get("pick") or [{}]
        if picked[-1].get(COUNTRY) in self._countries:
            self._take(country=picked[-1][COUNTRY])

    @guarded
    def _on_bar(self, change: dict[str, Any]) -> None:
        """Filter by the days whose bar is clicked."""
        picked = change["new"].get("pick") or [{}]
        if set(picked[-1]) == set(ENDS):
            self._take_days(*(picked[-1][name] for name in ENDS))

    def _filtered(self, frame: pd.DataFrame, when: str) -> pd.DataFrame:
        within = self._in_period(frame, when)
        return within[within[COUNTRY] == self.country] if self.country else within

    def _headline(self, orders: pd.DataFrame) -> Markup:
        if self._crossed:
            return paragraph(gettext(CROSSED), "sw-empty")
        if orders.empty:
            such = N_("No order on these days matches these filters: choose a longer period, or remove one.")
            there = N_("No orders in this country on these days: choose a longer period.")
            of_country = self._among == Narrowing(country=self.country)
            return paragraph(gettext(there if of_country else such), "sw-empty")
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
        sales = self.sales
        goods = self._tables()[2].set_index(PRODUCT_ID)[[PRODUCT_NAME, IS_PRODUCT]]
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
