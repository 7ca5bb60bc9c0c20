"""The groups of tabs of the page, and the views in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopper_widgets._support.locale import N_
from shopper_widgets.panels.base import Panel
from shopper_widgets.panels.campaign import CampaignPanel
from shopper_widgets.panels.campaign_result import CampaignResultPanel
from shopper_widgets.panels.customer import CustomerPanel
from shopper_widgets.panels.demand import DemandPanel
from shopper_widgets.panels.discount import DiscountPanel
from shopper_widgets.panels.evaluation import EvaluationPanel
from shopper_widgets.panels.journeys import JourneysPanel
from shopper_widgets.panels.movements import MovementsPanel
from shopper_widgets.panels.overdue import OverduePanel
from shopper_widgets.panels.overview import OverviewPanel
from shopper_widgets.panels.predict import PredictPanel
from shopper_widgets.panels.price import PricePanel
from shopper_widgets.panels.quality import QualityPanel
from shopper_widgets.panels.recommend import RecommendPanel
from shopper_widgets.panels.repurchase import RepurchasePanel
from shopper_widgets.panels.retention import RetentionPanel
from shopper_widgets.panels.sales import SalesPanel
from shopper_widgets.panels.segment import SegmentPanel
from shopper_widgets.panels.stock import StockPanel
from shopper_widgets.panels.value import ValuePanel
from shopper_widgets.words.told_of import tells_money

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: Group of tabs → its views, each with its panel.
DOORS: dict[str, dict[str, type[Panel]]] = {
    N_("Overview"): {N_("Overview"): OverviewPanel},
    N_("Customers"): {
        N_("Segments"): SegmentPanel,
        N_("Movements"): MovementsPanel,
        N_("Retention"): RetentionPanel,
        N_("Value"): ValuePanel,
        N_("Overdue"): OverduePanel,
        N_("Predict"): PredictPanel,
        N_("Customer"): CustomerPanel,
    },
    N_("Products"): {
        N_("Sales"): SalesPanel,
        N_("Demand"): DemandPanel,
        N_("Stock"): StockPanel,
        N_("Prices"): PricePanel,
        N_("Recommend"): RecommendPanel,
        N_("Journeys"): JourneysPanel,
        N_("Repurchase"): RepurchasePanel,
    },
    N_("Campaigns"): {
        N_("Campaign"): CampaignPanel,
        N_("Results"): CampaignResultPanel,
        N_("Discounts"): DiscountPanel,
    },
    N_("Data & evaluation"): {
        N_("Quality"): QualityPanel,
        N_("Evaluation"): EvaluationPanel,
    },
}
PAGES: dict[str, type[Panel]] = {page: panel for views in DOORS.values() for page, panel in views.items()}

#: Views about products: left out if the orders don't say what was sold.
OF_PRODUCTS = ("Demand", "Stock", "Prices", "Recommend", "Journeys", "Repurchase", "Evaluation")
#: Views about prices: left out if the orders don't say what was paid.
OF_MONEY = ("Prices", "Discounts")
#: Views of a single product → the text of their buttons before the product's code.
OF_PRODUCT = {"Demand": N_("Demand of"), "Prices": N_("Prices of"), "Recommend": N_("Recommendations for")}


def views_of(model: ShopperModel) -> list[str]:
    """Return the views for which a model's orders have data.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> views_of(ShopperModel.fit(load_sample())) == list(PAGES)
    True
    """
    without = {*(() if model.names_products else OF_PRODUCTS), *(() if tells_money(model) else OF_MONEY)}
    return [page for page in PAGES if page not in without]
