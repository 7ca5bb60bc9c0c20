"""Expected sales of the coming weeks, product by product, with the class and the buyers of each product."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.checks import plain
from shopper_widgets._support.formatting import count_of, format_count, format_product
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts import demand_over_time
from shopper_widgets.columns import COUNTRY, PRODUCT_ID, PRODUCT_NAME, QUANTITY, SEGMENT
from shopper_widgets.customers.narrowing import EVERYONE, Narrowing
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.panels.base import columns, field, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.class_table import ClassTable
from shopper_widgets.panels.fold import Fold
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.kept import KEPT
from shopper_widgets.panels.narrowed import NarrowedOrdersPanel
from shopper_widgets.panels.number_box import number_box
from shopper_widgets.panels.number_limits import Limits, WholeNumber
from shopper_widgets.panels.product_picker import known_product
from shopper_widgets.words.buyers import (
    BUYER_LABELS,
    BUYERS,
    LATE,
    LATE_LABELS,
    RECENT_WEEKS,
    buyers_of,
    late_demand,
)
from shopper_widgets.words.classes import class_table
from shopper_widgets.words.demand import (
    FORECASTS,
    HORIZON,
    Demand,
    demand_of,
    demand_sentences,
    forecasts,
    trends_of,
)
from shopper_widgets.words.html import bullets, html_table, paragraph, status
from shopper_widgets.words.labels import describe

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

_CAPTION = N_("Classes of products, by revenue and by regularity. Click one to list its products")
_ALL, _ANY = N_("All classes"), N_("Any trend")
_NOT_SOLD = N_(
    "None of these sales is of product {product} in a complete week: choose another, or remove a filter."
)


class DemandPanel(NarrowedOrdersPanel):
    """Show how much of each product is expected to sell, and how much would be enough.

    Parameters
    ----------
    model : ShopperModel
        Gives everyone's lines.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    horizon : int
        Weeks that are summed.
    country : str
        Only order lines from there; ``""`` for all. The weeks stay those of the shop.
    kept : dict of str to str
        Column that the model was told to keep → the value to which order lines are narrowed.
    group : str
        Class of products that is listed, such as AX, or A for all three of it; ``""`` for all.
    trend : str
        Only products with this trend: growing, fading, stopped or ``"out of stock?"``; ``""`` for all.
    product_id : str
        The product that is drawn; ``""`` for the first of the list.
    sort_by : str
        The column that orders the list.
    descending : bool
        Whether the largest comes first.

    Notes
    -----
    Below the chart are the segments that bought the product shown
    (:func:`~shopper_widgets.buyers_by_segment`); a fold lists what overdue customers used to buy
    (:func:`~shopper_widgets.bought_by`).

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = DemandPanel(ShopperModel.fit(load_sample()), horizon=2)
    >>> bool((panel.selection["most"] >= panel.selection["expected"]).mean() > 0.9)
    True
    """

    heading = N_("What will sell?")
    state = ("horizon", COUNTRY, KEPT, "group", "trend", PRODUCT_ID, "sort_by", "descending")

    horizon = WholeNumber(Limits(N_("Weeks ahead"), least=1, most=26), HORIZON)
    group = traitlets.Unicode()
    trend = traitlets.Unicode()
    product_id = traitlets.Unicode()
    sort_by = traitlets.Enum(FORECASTS, default_value="revenue")
    descending = traitlets.Bool(True)

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._demand: Demand | None = None
        self._why_not, self._table = "", pd.DataFrame(columns=list(FORECASTS))
        self._told: dict[tuple[int, Narrowing], tuple[pd.DataFrame, list[str]]] = {}
        self._learned_of: Narrowing | None = None
        super().__init__(model, **state)

    def _selected(self) -> pd.DataFrame:
        """Return the listed products' forecasts: ``product_id, product_name, group, revenue, level, …``."""
        chosen = self._of_class()
        if self.trend:
            chosen = chosen[chosen["trend"] == self.trend]
        return chosen.reset_index(drop=True)

    def _of_class(self) -> pd.DataFrame:
        return self._table[self._table["group"].str.startswith(self.group)]

    @traitlets.validate("group")
    def _known_class(self, proposal: dict[str, Any]) -> str:
        group: str = proposal["value"]
        if group and not any(group in _groups(demand) for demand in self._known()):
            raise traitlets.TraitError(gettext("No product has class {group}.", group=repr(plain(group))))
        return group

    @traitlets.validate("trend")
    def _known_trend(self, proposal: dict[str, Any]) -> str:
        trend: str = proposal["value"]
        if trend and not any(trend in trends_of(demand).values() for demand in self._known()):
            raise traitlets.TraitError(gettext("No product has the trend {trend}.", trend=repr(plain(trend))))
        return trend

    def _known(self) -> Iterator[Demand]:
        """Yield the demand of the shop and of the filtered lines: the classes of both are valid."""
        for among in (EVERYONE, self._among):
            with suppress(TooLittleDataError):
                yield demand_of(self.model, among=among)

    @traitlets.validate("product_id")
    def _known_product(self, proposal: dict[str, Any]) -> str:
        product: str = proposal["value"]
        return known_product(product, any(product in demand.forecaster.products_ for demand in self._known()))

    def _build(self) -> list[widgets.Widget]:
        weeks = field(self._bind(number_box(self.traits()["horizon"]), "horizon"))
        self._choices = {
            "group": widgets.Dropdown(description=gettext("Class")),
            "trend": widgets.Dropdown(description=gettext("Trend")),
        }
        for name, choice in self._choices.items():
            choice.observe(functools.partial(self._on_choice, name), "value")
        narrowing = self._narrowing_controls()
        self._said, self._buyers, self._late_said = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._chart = ChartView()
        self._classes = ClassTable(gettext(_CAPTION))
        self._late = Grid(
            describe(LATE, currency=self.model.currency, **LATE_LABELS),
            key=PRODUCT_ID,
            empty=gettext("Nothing to list."),
            filename="bought-by-overdue-customers.csv",
            what="product",
        )
        self._grid = Grid(
            describe(FORECASTS, currency=self.model.currency, revenue=gettext("Revenue, last 26 weeks")),
            key=PRODUCT_ID,
            empty=gettext("No product has this class and trend, or none was sold in a complete week."),
            filename="demand.csv",
            what="product",
        )
        for name, own in ((PRODUCT_ID, "chosen"), ("sort_by", "sort_by"), ("descending", "descending")):
            self._bind(self._grid, name, own)
        self._bind(self._late, PRODUCT_ID, "chosen")
        self._bind(self._classes, "group", "chosen")
        return [
            row(weeks, *narrowing, *map(field, self._choices.values()), self._reset_button()),
            self._narrowed_to,
            self._said,
            columns(widgets.VBox([self._chart, self._buyers]), self._classes),
            self._grid,
            Fold(gettext("What overdue customers used to buy"), self._late_said, self._late),
        ]

    def _learn(self) -> None:
        """Learn the demand within the filters, and show the parts that no other choice changes."""
        self._learned_of = among = self._among
        self._demand, self._why_not = None, ""
        try:
            self._demand = demand = demand_of(self.model, among=among)
        except TooLittleDataError as error:
            self._why_not = error.told
            self._table = pd.DataFrame(columns=list(FORECASTS))
            self._grid.clear()
            self._late.clear()
            self._classes.cells, self._late_said.value = {}, ""
            self._chart.chart, self._buyers.value = None, ""
            return
        self._classes.show(class_table(demand))
        late, said = late_demand(self.model, among)
        # A product that was sold in no complete week has no forecast to draw.
        known = late[PRODUCT_ID].isin(demand.forecaster.products_)
        self._late_said.value = paragraph(said)
        self._late.show(late[known].reset_index(drop=True), caption=gettext("Bought by overdue customers"))

    def _offer(self, name: str, offered: dict[str, str]) -> None:
        """Offer the classes or trends that some of these products have, and in any case the chosen one."""
        choice, value = self._choices[name], getattr(self, name)
        options = [(label, one) for one, label in offered.items()]
        if choice.options != tuple(options):
            choice.options = options
        choice.value = value

    def _offer_choices(self) -> None:
        demand = self._demand
        groups = {*(() if demand is None else _groups(demand)), self.group} - {""}
        labels = {group: group for group in sorted(groups)}
        labels |= {name: gettext("{group} (all)", group=name) for name in labels if len(name) == 1}
        self._offer("group", {"": gettext(_ALL), **labels})
        trends = sorted({*self._table["trend"], self.trend} - {""})
        listed = Counter(self._of_class()["trend"])
        counted = {trend: f"{gettext(trend)} ({format_count(listed[trend])})" for trend in trends}
        self._offer("trend", {"": gettext(_ANY), **counted})

    def _on_choice(self, name: str, change: dict[str, Any]) -> None:
        self._take(**{name: change["new"] or ""})

    def _draw(self) -> None:
        self._draw_narrowing()
        if self._learned_of != self._among:
            self._learn()
        if self._demand is None:
            self._offer_choices()
            self._said.value = status(paragraph(self._why_not, "sw-empty"))
            return
        asked = self.horizon, self._among
        if asked not in self._told:
            table = forecasts(self._demand, self.horizon)
            self._told[asked] = (
                table,
                demand_sentences(self._demand, table, self.horizon, where=self._where),
            )
        self._table, sentences = self._told[asked]
        self._offer_choices()
        self._said.value = status(bullets(sentences))
        whose = gettext("Products of class {group}", group=self.group) if self.group else gettext("Products")
        whose += self._where + (f", {gettext(self.trend)}" if self.trend else "")
        caption = gettext(
            "{whose}: demand in the next {weeks}", whose=whose, weeks=count_of(self.horizon, "week")
        )
        self._grid.show(self.selection, caption=caption)
        self._draw_product()

    def _draw_product(self) -> None:
        shown = self.selection
        if shown.empty or self._demand is None:
            self._chart.chart, self._buyers.value = None, ""
            return
        product = self.product_id or str(self._grid.sorted_frame[PRODUCT_ID].iloc[0])
        if not (self._table[PRODUCT_ID] == product).any():
            self._chart.chart, self._buyers.value = None, paragraph(gettext(_NOT_SOLD, product=product))
            return
        told = self._table.set_index(PRODUCT_ID).loc[product]
        weeks = self._demand.weeks
        sold = weeks[weeks[PRODUCT_ID] == product].set_index("week")[QUANTITY]
        every = sold.reindex(pd.DatetimeIndex(weeks.attrs["weeks"], name="week"), fill_value=0.0)
        self._chart.chart = demand_over_time(
            every[every.index >= sold.index.min()].reset_index(),
            name=str(told[PRODUCT_NAME]),
            horizon=self.horizon,
            expected=float(str(told["expected"])),
            most=float(str(told["most"])),
        )
        self._draw_buyers(product, str(told[PRODUCT_NAME]))

    def _draw_buyers(self, product: str, name: str) -> None:
        table, said = buyers_of(self.model, product, self._among)
        shown = describe(BUYERS, **BUYER_LABELS)
        caption = gettext(
            "Who bought {product} in the last {weeks} weeks", product=format_product(name), weeks=RECENT_WEEKS
        )
        buyers = (
            html_table(table, shown, caption=caption, row_header=SEGMENT) if len(table) else paragraph("")
        )
        self._buyers.value = buyers + paragraph(said)


def _groups(demand: Demand) -> set[str]:
    """Return the classes of the products: AX, and A for any regularity."""
    groups = set(demand.classes["group"])
    return groups | {group[0] for group in groups}
