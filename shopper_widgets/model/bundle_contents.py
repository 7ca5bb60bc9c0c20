"""What a model bundle consists of: tables, the columns that identify each, and trusted estimators."""

from __future__ import annotations

from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    MONETARY,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
    REASON,
    SEGMENT,
)

#: Tables that are read back, and estimators.
TABLES = (
    *("customers", "products", "orders", "sales", "purchases", "lines", "audit", "rejected"),
    *("evaluation", "returned"),
)
#: Those that a bundle may lack.
OPTIONAL = ("evaluation", "returned")
ESTIMATORS = ("segmenter", "scorer", "recommender")
#: The columns by which a table is recognized.
COLUMNS = {
    "customers": {CUSTOMER_ID, SEGMENT, MONETARY},
    "products": {PRODUCT_ID, PRODUCT_NAME, "revenue"},
    "orders": {ORDER_ID, CUSTOMER_ID, AMOUNT},
    "sales": {"date", PRODUCT_ID, AMOUNT},
    "purchases": {CUSTOMER_ID, PRODUCT_ID, QUANTITY},
    "lines": {ORDER_ID, CUSTOMER_ID, PRODUCT_ID, ORDERED_AT, AMOUNT},
    "audit": {"rule", "rows", AMOUNT},
    "rejected": {REASON},
    "returned": {CUSTOMER_ID, ORDER_ID, ORDERED_AT, "returned_at", AMOUNT},
}
#: Columns that an evaluation must have to be shown; an evaluation of an earlier version is left out.
EVALUATION_COLUMNS = {"task", "method", "metric", "difference", "sampled"}
#: Types that may be created while an estimator is read, beyond those that skops trusts by itself.
TRUSTED = (
    "shopper_widgets.recommend.blend.BlendRecommender",
    "shopper_widgets.recommend.catalogue.Catalogue",
    "shopper_widgets.recommend.item.ItemRecommender",
    "shopper_widgets.segments.rfm.RFMScorer",
    "shopper_widgets.segments.rules.RuleSegmenter",
    "shopper_widgets.segments.segmenter.CustomerSegmenter",
    "shopper_widgets.segments.transform.RFMTransformer",
    "scipy.sparse._csr.csr_array",
    "scipy.sparse._csr.csr_matrix",
)
