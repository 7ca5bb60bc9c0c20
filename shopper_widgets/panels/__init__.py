"""A fitted model comes in; ipywidgets for notebooks and pages go out, each usable alone.

The page shows the panels that `dashboard_views` lists: a new panel is added there, too.
"""

from shopper_widgets.panels.base import Panel
from shopper_widgets.panels.campaign import CampaignPanel
from shopper_widgets.panels.campaign_result import CampaignResultPanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.customer import CustomerPanel
from shopper_widgets.panels.dashboard import Dashboard
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

__all__ = [
    "CampaignPanel",
    "CampaignResultPanel",
    "ChartView",
    "CustomerPanel",
    "Dashboard",
    "DemandPanel",
    "DiscountPanel",
    "EvaluationPanel",
    "JourneysPanel",
    "MovementsPanel",
    "OverduePanel",
    "OverviewPanel",
    "Panel",
    "PredictPanel",
    "PricePanel",
    "QualityPanel",
    "RecommendPanel",
    "RepurchasePanel",
    "RetentionPanel",
    "SalesPanel",
    "SegmentPanel",
    "StockPanel",
    "ValuePanel",
]

# The earlier names of these two panels, before they were named like their tabs.
ExplorePanel, MigrationPanel = SalesPanel, MovementsPanel
