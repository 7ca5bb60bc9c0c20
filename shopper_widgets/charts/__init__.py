"""A data frame comes in; an ``altair.Chart`` goes out: pure functions, one theme.

Every chart's title states what the chart shows, computed from the data; an empty frame gives a chart that
says that there is nothing to show.
"""

from shopper_widgets._support import grammars  # noqa: F401 — before anything imports Altair
from shopper_widgets.charts.campaigns import campaign_effect_chart
from shopper_widgets.charts.cohorts import cohort_heatmap, order_gap_histogram
from shopper_widgets.charts.customers import customer_history, rfm_distributions
from shopper_widgets.charts.demand import demand_over_time, stock_chart
from shopper_widgets.charts.diagnostics import cluster_diagnostics
from shopper_widgets.charts.discounts import break_even_chart, budget_tornado
from shopper_widgets.charts.evaluation import evaluation_comparison
from shopper_widgets.charts.expectations import calibration_chart, overdue_map
from shopper_widgets.charts.journeys import entry_chart, journey_flows, repurchase_chart
from shopper_widgets.charts.markdown import markdown_chart
from shopper_widgets.charts.movements import segment_flows, transition_matrix
from shopper_widgets.charts.prices import price_response_chart
from shopper_widgets.charts.products import similarity_heatmap, top_products
from shopper_widgets.charts.quality import cleaning_waterfall
from shopper_widgets.charts.segments import segment_map, segment_profile, segment_shares
from shopper_widgets.charts.theme import SEGMENT_COLORS, nothing_to_show, to_spec
from shopper_widgets.charts.trends import orders_over_time, revenue_by_country, revenue_over_time
from shopper_widgets.charts.value import cohort_value_chart

__all__ = [
    "SEGMENT_COLORS",
    "break_even_chart",
    "budget_tornado",
    "calibration_chart",
    "campaign_effect_chart",
    "cleaning_waterfall",
    "cluster_diagnostics",
    "cohort_heatmap",
    "cohort_value_chart",
    "customer_history",
    "demand_over_time",
    "entry_chart",
    "evaluation_comparison",
    "journey_flows",
    "markdown_chart",
    "nothing_to_show",
    "order_gap_histogram",
    "orders_over_time",
    "overdue_map",
    "price_response_chart",
    "repurchase_chart",
    "revenue_by_country",
    "revenue_over_time",
    "rfm_distributions",
    "segment_flows",
    "segment_map",
    "segment_profile",
    "segment_shares",
    "similarity_heatmap",
    "stock_chart",
    "to_spec",
    "top_products",
    "transition_matrix",
]
