"""All panels on one page."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.formatting import count_of, format_day, format_money
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, ORDERED_AT
from shopper_widgets.panels.base import WORKING, Panel, guarded
from shopper_widgets.panels.campaign import CampaignPanel
from shopper_widgets.panels.customer import CustomerPanel
from shopper_widgets.panels.demand import DemandPanel
from shopper_widgets.panels.discount import DiscountPanel
from shopper_widgets.panels.evaluation import EvaluationPanel
from shopper_widgets.panels.movements import MovementsPanel
from shopper_widgets.panels.overdue import OverduePanel
from shopper_widgets.panels.predict import PredictPanel
from shopper_widgets.panels.price import PricePanel
from shopper_widgets.panels.quality import QualityPanel
from shopper_widgets.panels.recommend import RecommendPanel
from shopper_widgets.panels.retention import RetentionPanel
from shopper_widgets.panels.sales import SalesPanel
from shopper_widgets.panels.segment import SegmentPanel
from shopper_widgets.panels.stock import StockPanel
from shopper_widgets.words.html import heading, paragraph, status

PAGES: dict[str, type[Panel]] = {
    "Sales": SalesPanel,
    "Segments": SegmentPanel,
    "Movements": MovementsPanel,
    "Retention": RetentionPanel,
    "Overdue": OverduePanel,
    "Predict": PredictPanel,
    "Recommend": RecommendPanel,
    "Evaluation": EvaluationPanel,
    "Customer": CustomerPanel,
    "Demand": DemandPanel,
    "Stock": StockPanel,
    "Prices": PricePanel,
    "Discounts": DiscountPanel,
    "Campaign": CampaignPanel,
    "Quality": QualityPanel,
}


class Dashboard(Panel):
    """Show the panels as tabs below a header with the shop's headline figures.

    A panel is made when its tab is first opened, so that the page is usable soon. The customer chosen on one
    tab is chosen on all.

    Parameters
    ----------
    model : ShopperModel
        What the panels show.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    page : str
        The open tab: one of `PAGES`, such as Sales.
    customer_id : str
        The customer that the panels share, ``""`` for none.
    title : str
        What stands at the top. Default: the name of the orders.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> dashboard = Dashboard(ShopperModel.fit(load_sample()), page="Predict")
    >>> type(dashboard.panel).__name__
    'PredictPanel'
    """

    state = ("page", CUSTOMER_ID, "title")

    page = traitlets.Enum(list(PAGES), default_value="Sales")
    customer_id = traitlets.Unicode()
    title = traitlets.Unicode()

    @property
    def panel(self) -> Panel | None:
        """The panel of the open tab; None where making it failed, and the page says so."""
        return self.panels.get(self.page)

    @property
    def selection(self) -> pd.DataFrame:
        """The selection of the panel of the open tab."""
        return self.panel.selection if self.panel else pd.DataFrame()

    @traitlets.default("title")
    def _name_of_the_orders(self) -> str:
        return str(self.model.source.get("name") or "Customers and products")

    def _build(self) -> list[widgets.Widget]:
        #: The panels made so far, by tab.
        self.panels: dict[str, Panel] = {}
        self._header = widgets.HTML()
        self._slots = {page: widgets.VBox() for page in PAGES}
        self._tabs = widgets.Tab(list(self._slots.values()), titles=list(PAGES))
        self._tabs.add_class("sw-tabs")
        self._tabs.observe(self._on_tab, "selected_index")
        return [self._header, self._tabs]

    def _draw(self) -> None:
        self._header.value = heading(self.title, 1) + paragraph(self._headline())
        self._tabs.selected_index = list(PAGES).index(self.page)
        if self.page not in self.panels:
            self._make(self.page)

    def _make(self, page: str) -> None:
        shared = CUSTOMER_ID if PAGES[page].class_trait_names().count(CUSTOMER_ID) else ""
        slot = self._slots[page]
        # With a million customers it takes seconds: the page says so instead of standing still.
        slot.children = (widgets.HTML(status(paragraph(WORKING, "sw-note"))),)
        try:
            panel = PAGES[page](self.model, **({shared: self.customer_id} if shared else {}))
        except Exception:
            slot.children = ()
            raise
        if shared:
            traitlets.link((self, CUSTOMER_ID), (panel, CUSTOMER_ID))
        if panel.has_trait("proposed"):
            panel.observe(self._on_proposed, "proposed")
        self.panels[page] = panel
        slot.children = (panel,)

    @guarded
    def _on_tab(self, change: dict[str, Any]) -> None:
        index = change["new"]
        if not isinstance(index, int) or not 0 <= index < len(PAGES):
            index = list(PAGES).index(self.page)
            self._tabs.selected_index = index
        self._take(page=list(PAGES)[index])

    @guarded
    def _on_proposed(self, change: dict[str, Any]) -> None:
        """Open the campaign that a panel proposes."""
        if not change["new"]:
            return
        self.page = "Campaign"
        campaign = self.panels["Campaign"]
        assert isinstance(campaign, CampaignPanel)
        campaign.load(change["new"])

    def _headline(self) -> str:
        model = self.model
        days = model.orders[ORDERED_AT]
        revenue = format_money(float(model.orders[AMOUNT].sum()), model.currency)
        return (
            f"{count_of(len(model.customers), 'customer')}, {count_of(len(model.orders), 'order')} worth "
            f"{revenue}, from {format_day(days.min())} to "
            f"{format_day(days.max())}. Days since an order count up to {format_day(model.as_of)}."
        )
