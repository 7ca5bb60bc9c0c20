"""Shopper Spectrum: customer segments and product recommendations from any table of orders.

The core's names are here. Panels are in :mod:`shopper_widgets.panels`, charts in
:mod:`shopper_widgets.charts`: importing this package loads neither Jupyter nor Altair.

Examples
--------
>>> import shopper_widgets as sw
>>> model = sw.ShopperModel.fit(sw.load_sample(), progress=False)
>>> model.segments["segment"].tolist()
['High-Value', 'New', 'Occasional', 'At-Risk']
"""

from shopper_widgets.customers.alerts import alerts, alerts_between
from shopper_widgets.customers.audiences import audience_table
from shopper_widgets.customers.cadence import customer_cadence, overdue_customers
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.campaign_log import CampaignLog
from shopper_widgets.customers.campaign_power import minimum_detectable_effect
from shopper_widgets.customers.campaign_result import CampaignResult, measure_campaign
from shopper_widgets.customers.cohort_value import cohort_value, payback_table, value_curve
from shopper_widgets.customers.cohorts import cohort_matrix, cohort_table
from shopper_widgets.customers.flows import movements, transitions
from shopper_widgets.customers.history import segment_history
from shopper_widgets.customers.journeys.entry import entry_products
from shopper_widgets.customers.journeys.replenishment import check_due, due_customers, replenished_products
from shopper_widgets.customers.journeys.steps import product_steps
from shopper_widgets.customers.lifetime import BGNBD, GammaGamma, customer_outlook, holdout_calibration
from shopper_widgets.datasets import fetch_online_retail, load_sample, make_transactions
from shopper_widgets.errors import (
    AmbiguousProductError,
    TooLittleDataError,
    UnknownCustomerError,
    UnknownProductError,
)
from shopper_widgets.model.bundle import BundleError
from shopper_widgets.model.privacy import pseudonymous
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.orders.cleaning import CleanedTransactions, clean_transactions
from shopper_widgets.orders.layouts import Layout, detect_layout
from shopper_widgets.orders.reading import read_transactions
from shopper_widgets.orders.service_codes import SERVICE_CODES
from shopper_widgets.products.analogues import analogue_forecasts
from shopper_widgets.products.backtest import DemandBacktest, backtest_demand
from shopper_widgets.products.buyers import bought_by, buyers_by_segment
from shopper_widgets.products.classes import product_classes
from shopper_widgets.products.demand import demand_table
from shopper_widgets.products.discount_budget import assumed_response, budget_sensitivity, split_budget
from shopper_widgets.products.discounts import cheapest_test, discount_table, order_rates
from shopper_widgets.products.forecaster import DemandForecaster
from shopper_widgets.products.markdown import markdown_plan
from shopper_widgets.products.newsvendor import critical_ratio
from shopper_widgets.products.price_response import PriceResponse, price_response
from shopper_widgets.products.prices import price_table, price_variance, quantity_breaks
from shopper_widgets.products.service import service_levels
from shopper_widgets.products.stock import stock_plan
from shopper_widgets.products.stock_levels import read_stock
from shopper_widgets.products.stock_outs import possible_stock_outs
from shopper_widgets.products.trends import demand_trends
from shopper_widgets.recommend.blend import BlendRecommender
from shopper_widgets.recommend.evaluation import evaluate_next_orders, evaluate_recommenders, tune
from shopper_widgets.recommend.item import ItemRecommender
from shopper_widgets.segments import CustomerSegmenter
from shopper_widgets.segments.mix import segment_mix
from shopper_widgets.segments.rfm import RFMScorer, rfm_table

__version__ = "0.1.0"

__all__ = [
    "BGNBD",
    "SERVICE_CODES",
    "AmbiguousProductError",
    "BlendRecommender",
    "BundleError",
    "Campaign",
    "CampaignLog",
    "CampaignResult",
    "CleanedTransactions",
    "CustomerSegmenter",
    "DemandBacktest",
    "DemandForecaster",
    "GammaGamma",
    "ItemRecommender",
    "Layout",
    "PriceResponse",
    "RFMScorer",
    "ShopperModel",
    "TooLittleDataError",
    "UnknownCustomerError",
    "UnknownProductError",
    "alerts",
    "alerts_between",
    "analogue_forecasts",
    "assumed_response",
    "audience_table",
    "backtest_demand",
    "bought_by",
    "budget_sensitivity",
    "buyers_by_segment",
    "cheapest_test",
    "check_due",
    "clean_transactions",
    "cohort_matrix",
    "cohort_table",
    "cohort_value",
    "critical_ratio",
    "customer_cadence",
    "customer_outlook",
    "demand_table",
    "demand_trends",
    "detect_layout",
    "discount_table",
    "due_customers",
    "entry_products",
    "evaluate_next_orders",
    "evaluate_recommenders",
    "fetch_online_retail",
    "holdout_calibration",
    "load_sample",
    "make_transactions",
    "markdown_plan",
    "measure_campaign",
    "minimum_detectable_effect",
    "movements",
    "order_rates",
    "overdue_customers",
    "payback_table",
    "possible_stock_outs",
    "price_response",
    "price_table",
    "price_variance",
    "product_classes",
    "product_steps",
    "pseudonymous",
    "quantity_breaks",
    "read_stock",
    "read_transactions",
    "replenished_products",
    "rfm_table",
    "segment_history",
    "segment_mix",
    "service_levels",
    "split_budget",
    "stock_plan",
    "transitions",
    "tune",
    "value_curve",
]


def __dir__() -> list[str]:
    """Names for everyone, not the rooms that they come from: what Tab offers."""
    return [*__all__, "__version__", "charts", "panels"]
