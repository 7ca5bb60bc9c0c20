"""Where the charts are from; they are imported when they are asked for."""

from .campaigns import campaign_effect_chart
from .cohorts import cohort_heatmap, order_gap_histogram
from .customers import customer_history, rfm_distributions
from .demand import demand_over_time, stock_chart
from .diagnostics import cluster_diagnostics
from .discounts import break_even_chart, budget_tornado
from .evaluation import evaluation_comparison
from .expectations import calibration_chart, overdue_map
from .journeys import entry_chart, journey_flows, repurchase_chart
from .markdown import markdown_chart
from .movements import segment_flows, transition_matrix
from .prices import price_response_chart
from .products import similarity_heatmap, top_products
from .quality import cleaning_waterfall
from .segments import segment_map, segment_profile, segment_shares
from .theme import SEGMENT_COLORS, nothing_to_show, to_spec
from .trends import orders_over_time, revenue_by_country, revenue_over_time
from .value import cohort_value_chart

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
