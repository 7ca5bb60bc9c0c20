"""What a model of a shop consists of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from shopper_widgets.recommend.neighbors_base import NeighborRecommender
from shopper_widgets.segments import CustomerSegmenter, RuleSegmenter
from shopper_widgets.segments.rfm import RFMScorer


@dataclass
class ModelParts:
    """The tables and estimators of a :class:`~shopper_widgets.ShopperModel`, which says what each one is."""

    customers: pd.DataFrame
    products: pd.DataFrame
    orders: pd.DataFrame
    sales: pd.DataFrame
    purchases: pd.DataFrame
    audit: pd.DataFrame
    rejected: pd.DataFrame
    segmenter: CustomerSegmenter | RuleSegmenter
    scorer: RFMScorer
    recommender: NeighborRecommender
    as_of: pd.Timestamp
    evaluation: pd.DataFrame | None = None
    currency: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)

    @property
    def segments(self) -> pd.DataFrame:
        """The segments' profiles, best first: see ``CustomerSegmenter.profiles_``."""
        return self.segmenter.profiles_
