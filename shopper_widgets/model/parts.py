"""What a model of a shop consists of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import pandas as pd

from shopper_widgets.columns import CUSTOMER_ID, ORDERED_AT, PRODUCT_ID
from shopper_widgets.orders.assumed import EVERYTHING
from shopper_widgets.orders.tables import orders_table, products_table, sales_table
from shopper_widgets.recommend.neighbors_base import NeighborRecommender
from shopper_widgets.segments import CustomerSegmenter, RuleSegmenter
from shopper_widgets.segments.gaps import customer_gaps
from shopper_widgets.segments.rfm import RFMScorer
from shopper_widgets.segments.rhythm import follow_days, reply_days, short_silence


@dataclass
class ModelParts:
    """The tables and estimators of a :class:`~shopper_widgets.ShopperModel`, which says what each one is."""

    customers: pd.DataFrame
    products: pd.DataFrame
    orders: pd.DataFrame
    sales: pd.DataFrame
    purchases: pd.DataFrame
    lines: pd.DataFrame
    audit: pd.DataFrame
    rejected: pd.DataFrame
    segmenter: CustomerSegmenter | RuleSegmenter
    scorer: RFMScorer
    recommender: NeighborRecommender
    as_of: pd.Timestamp
    evaluation: pd.DataFrame | None = None
    returned: pd.DataFrame | None = None
    currency: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        for found in ("_found", "all_orders", "all_sales", "all_products"):
            vars(self).pop(found, None)  # drop results that were computed from it: see `model.once`

    def __copy__(self) -> Self:
        return replace(self)

    @property
    def segments(self) -> pd.DataFrame:
        """The segments' profiles, best first: see ``CustomerSegmenter.profiles_``."""
        return self.segmenter.profiles_

    @property
    def short_silence(self) -> int:
        """Days of silence that are normal in this shop: 60 on UCI Online Retail."""
        return short_silence(customer_gaps(self.orders, self.customers)["own_gap"].to_numpy())

    @property
    def follow_days(self) -> int:
        """Days for which new customers are followed, and of the outlook: 90 on UCI Online Retail."""
        ordered = self.orders[ORDERED_AT]
        return follow_days(self.short_silence, (ordered.max() - ordered.min()) / pd.Timedelta(days=1))

    @property
    def reply_days(self) -> int:
        """Days within which an order may answer a campaign or a discount: 30 on UCI Online Retail."""
        return reply_days(self.short_silence)

    @cached_property
    def all_orders(self) -> pd.DataFrame:
        """All orders: as `orders`, with ``customer_id`` missing where the customer is not known."""
        return orders_table(self.lines)

    @cached_property
    def all_sales(self) -> pd.DataFrame:
        """Sales to all customers, known or not: as `sales`."""
        return sales_table(self.lines)

    @cached_property
    def all_products(self) -> pd.DataFrame:
        """Products with their sales to all customers: as `products`; ``customers`` counts known ones."""
        return products_table(self.lines)

    @property
    def names_products(self) -> bool:
        """Whether the orders say what was sold: a table of totals doesn't."""
        return set(self.products[PRODUCT_ID]) != {EVERYTHING}

    @property
    def has_unknown_customers(self) -> bool:
        """Whether goods or services were sold to customers who are not known."""
        return bool(self.lines[CUSTOMER_ID].isna().any())
