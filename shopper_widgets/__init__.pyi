"""Where the public names are from; they are imported when they are asked for."""

from . import charts as charts
from . import columns as columns
from . import datasets as datasets
from . import errors as errors
from . import panels as panels
from . import segments as segments
from .customers.alerts import alerts, alerts_between
from .customers.audiences import audience_table
from .customers.cadence import customer_cadence, overdue_customers
from .customers.campaign import Campaign
from .customers.campaign_log import CampaignLog
from .customers.campaign_power import minimum_detectable_effect
from .customers.campaign_result import CampaignResult, measure_campaign
from .customers.cohort_value import cohort_value, payback_table, value_curve
from .customers.cohorts import cohort_matrix, cohort_table
from .customers.flows import movements, transitions
from .customers.history import segment_history
from .customers.journeys.entry import entry_products
from .customers.journeys.replenishment import check_due, due_customers, replenished_products
from .customers.journeys.steps import product_steps
from .customers.lifetime import BGNBD, GammaGamma, customer_outlook, holdout_calibration
from .datasets import fetch_online_retail, load_sample, make_transactions
from .errors import (
    AmbiguousDecimalError,
    AmbiguousProductError,
    TooLittleDataError,
    UnknownCustomerError,
    UnknownProductError,
)
from .model.bundle import BundleError
from .model.privacy import pseudonymous
from .model.shopper_model import ShopperModel
from .orders.cleaning import CleanedTransactions, clean_transactions
from .orders.layouts import Layout, detect_layout
from .orders.reading import read_transactions
from .orders.service_codes import SERVICE_CODES
from .products.analogues import analogue_forecasts
from .products.backtest import DemandBacktest, backtest_demand
from .products.buyers import bought_by, buyers_by_segment
from .products.classes import product_classes
from .products.demand import demand_table
from .products.discount_budget import assumed_response, budget_sensitivity, split_budget
from .products.discounts import cheapest_test, discount_table, order_rates
from .products.forecaster import DemandForecaster
from .products.markdown import markdown_plan
from .products.newsvendor import critical_ratio
from .products.price_response import PriceResponse, price_response
from .products.prices import price_table, price_variance, quantity_breaks
from .products.season import seasonal_products
from .products.service import service_levels
from .products.stock import stock_plan
from .products.stock_levels import read_stock
from .products.stock_outs import possible_stock_outs
from .products.trends import demand_trends
from .products.unusual_prices import unusual_prices
from .recommend.blend import BlendRecommender
from .recommend.evaluation import evaluate_next_orders, evaluate_recommenders, tune
from .recommend.item import ItemRecommender
from .segments import CustomerSegmenter
from .segments.mix import segment_mix
from .segments.rfm import RFMScorer, rfm_table

__version__: str

__all__ = [
    "BGNBD",
    "SERVICE_CODES",
    "AmbiguousDecimalError",
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
    "seasonal_products",
    "segment_history",
    "segment_mix",
    "service_levels",
    "split_budget",
    "stock_plan",
    "transitions",
    "tune",
    "unusual_prices",
    "value_curve",
]
