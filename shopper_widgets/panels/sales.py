"""How sales went, and which products brought them, in any country and any stretch of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
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
from shopper_widgets.orders.tables import orders_table, products_table, sales_table
from shopper_widgets.panels.base import Panel, columns, field, guarded, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.date_box import DateBox
from shopper_widgets.panels.days import Day, day_refusal
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.typed_box import tell_order
from shopper_widgets.words.html import figures, paragraph, status
from shopper_widgets.words.kept import MOST_VALUES, value_name
from shopper_widgets.words.labels import describe
from shopper_widgets.words.shop import sold_to_unknown

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

MOST_PRODUCTS = 50
#: Whose purchases are shown.
SOLD_TO = {"everyone": "Everyone", "customers": "Known customers"}
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
    sold_to : str
        ``"everyone"``, or ``"customers"`` for those who are known; nobody unknown is in any segment.
    kept : dict of str to str
        Column that the model was told to keep → the value to narrow it to, as the control writes it.

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
    state = (COUNTRY, "start", "end", "sort_by", "descending", "sold_to", "kept")

    country = traitlets.Unicode()
    start = Day("From")
    end = Day("To")
    sort_by = traitlets.Enum(SHOWN, default_value="revenue")
    descending = traitlets.Bool(True)
    sold_to = traitlets.Enum(tuple(SOLD_TO), default_value="everyone")
    kept = traitlets.Dict()

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        ordered = model.all_orders[ORDERED_AT]
        self._days: tuple[dt.date, dt.date] = (ordered.min().date(), ordered.max().date())
        self._countries = sorted({str(name) for name in model.all_orders[COUNTRY].dropna()} - {""})
        self._choices = _kept_choices(model)
        self._narrowed: dict[Any, tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]] = {}
        super().__init__(model, **state)

    def _selected(self) -> pd.DataFrame:
        """The sales per day, country and product that the filters leave."""
        return self._filtered(self._tables()[1], "date").reset_index(drop=True)

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

    @traitlets.validate("kept")
    def _known_values(self, proposal: dict[str, Any]) -> dict[str, str]:
        narrowed = {name: value for name, value in proposal["value"].items() if value != ""}
        for name, value in narrowed.items():
            if value not in self._choices.get(name, ()):
                raise traitlets.TraitError(f"There are no orders with {name} {value!r}.")
        return narrowed

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
        controls = [country, *self._dates] if len(self._countries) > 1 else list(self._dates)
        if self.model.has_unknown_customers:
            whose = widgets.Dropdown(description="Sold to", options=[(v, k) for k, v in SOLD_TO.items()])
            controls.append(field(self._bind(whose, "sold_to")))
        controls += [self._chooser(name, values) for name, values in self._choices.items()]
        self._figures = widgets.HTML()
        self._revenue, self._orders, self._by_country = ChartView(), ChartView(), ChartView()
        self._by_country.observe(self._on_pick, "selections")
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

    def _chooser(self, name: str, values: Iterable[str]) -> widgets.Widget:
        """Return a control that narrows a kept column to one of its values."""
        options = [("All", ""), *((value, value) for value in values)]
        box = widgets.Dropdown(description=name, options=options)

        def narrow(change: dict[str, Any]) -> None:
            self.kept = {**self.kept, name: change["new"]}

        def follow(change: dict[str, Any] | None = None) -> None:
            box.value = self.kept.get(name, "")

        follow()
        box.observe(narrow, "value")
        self.observe(follow, "kept")
        return field(box)

    def _tables(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Return orders, sales and products of those who are shown."""
        model = self.model
        # The whole shop's figures still count those who were forgotten; orders and lines don't.
        whole = self.sold_to == "everyone" or "forgotten" not in model.source
        if not self.kept and whole:
            if self.sold_to == "customers":
                return model.orders, model.sales, model.products
            return model.all_orders, model.all_sales, model.all_products
        asked = (self.sold_to, tuple(sorted(self.kept.items())))
        if asked not in self._narrowed:
            lines = model.lines
            if self.sold_to == "customers":
                lines = lines[lines[CUSTOMER_ID].notna()]
            for name, value in self.kept.items():
                lines = lines[(lines[name] == self._choices[name][value]).fillna(False)]
            self._narrowed = {asked: (orders_table(lines), sales_table(lines), products_table(lines))}
        return self._narrowed[asked]

    def _draw(self) -> None:
        orders = self._filtered(self._tables()[0], ORDERED_AT)
        products = self._top_products()
        tell_order(*self._dates, crossed=self.start > self.end, words=("later than", "earlier than"))
        said = sold_to_unknown(orders, currency=self.model.currency)
        self._figures.value = status(self._headline(orders) + (paragraph(said) if said else Markup()))
        where = f" in {self.country}" if self.country else ""
        whose = ", known customers only" if self.sold_to == "customers" else ""
        whose = whose if self.model.has_unknown_customers else ""
        among = "".join(f", {name} {value}" for name, value in self.kept.items())
        days = f"{format_day(self.start)} to {format_day(self.end)}"
        self._grid.show(products, caption=f"Products with most revenue{where}{whose}{among}, {days}")
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
        """Narrow to the country whose bar is clicked."""
        picked = change["new"].get("pick") or [{}]
        if picked[-1].get(COUNTRY) in self._countries:
            self._take(country=picked[-1][COUNTRY])

    def _filtered(self, frame: pd.DataFrame, when: str) -> pd.DataFrame:
        after_end = pd.Timestamp(self.end) + pd.Timedelta(days=1)
        kept = (frame[when] >= pd.Timestamp(self.start)) & (frame[when] < after_end)
        if self.country:
            kept &= frame[COUNTRY] == self.country
        return frame[kept]

    def _headline(self, orders: pd.DataFrame) -> Markup:
        if self.start > self.end:
            return paragraph("The first day is after the last one: choose an earlier first day.", "sw-empty")
        if orders.empty:
            return paragraph("No orders in this country on these days: choose a longer period.", "sw-empty")
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


def _kept_choices(model: ShopperModel) -> dict[str, dict[str, Any]]:
    """Return the values of each kept column that a person can choose among, each under its text."""
    kept = {name: model.lines[name] for name in model.parameters.get("keep", ()) if name in model.lines}
    found = {
        name: {value_name(value): value for value in sorted(column.dropna().unique())}
        for name, column in kept.items()
    }
    # A blank cell would look like no choice at all.
    told = {
        name: {text: value for text, value in values.items() if text.strip()}
        for name, values in found.items()
    }
    return {name: values for name, values in told.items() if 1 < len(values) <= MOST_VALUES}
