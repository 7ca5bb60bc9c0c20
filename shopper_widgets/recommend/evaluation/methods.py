"""The methods that are compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, Self

import pandas as pd

from shopper_widgets.recommend.baselines import (
    LastOrder,
    OrderCosine,
    PersonalFrequency,
    Popularity,
    RandomOrder,
    TifuKNN,
)
from shopper_widgets.recommend.blend import BlendRecommender
from shopper_widgets.recommend.item import ItemRecommender

#: The name of the recommender that is judged, in the column ``method``.
OURS = "ours"


class Recommender(Protocol):
    """What `evaluate_recommenders` takes: it learns from transactions and recommends for a basket.

    If it has a method ``recommend_baskets(baskets, *, n)``, that is called instead, once for all baskets; the
    result has a further column ``basket`` (a position).
    """

    def fit(self, transactions: Any) -> Self:
        """Learn from cleaned transactions."""

    def recommend(self, *, basket: Iterable[str], n: int) -> pd.DataFrame:
        """Return at least ``rank`` (1, 2, … at most n) and ``product_id``."""


class NextOrderRecommender(Protocol):
    """What `evaluate_next_orders` takes: it learns from transactions and predicts customers' next orders."""

    def fit(self, transactions: Any) -> Self:
        """Learn from cleaned transactions."""

    def recommend_all(self, n: int, *, customer_ids: Iterable[str], include_owned: bool) -> pd.DataFrame:
        """Return at least ``customer_id``, ``rank`` (1, 2, … at most n) and ``product_id``."""


def default_methods(recommender: Recommender | None = None) -> dict[str, Recommender]:
    """Return a recommender, and the methods it has to beat at guessing the rest of a basket.

    Parameters
    ----------
    recommender : Recommender, optional
        Unfitted; default: ``BlendRecommender()``.

    Returns
    -------
    dict of str to unfitted recommender
        Ours first, by the name of `OURS`.

    Examples
    --------
    >>> list(default_methods())[:4]
    ['ours', 'Cosine, shrunk', 'Cosine', 'Cosine of orders']
    """
    return {
        OURS: BlendRecommender() if recommender is None else recommender,
        "Cosine, shrunk": ItemRecommender(min_support=1),
        "Cosine": ItemRecommender(shrinkage=0, min_support=1),
        "Cosine of orders": OrderCosine(),
        "Orders, shrunk": OrderCosine(popularity_discount=0.25, shrinkage=10),
        "Cosine on quantities": ItemRecommender(weighting="quantity", shrinkage=0, min_support=1),
        "Popularity, last 28 days": Popularity(last_days=28),
        "Popularity": Popularity(),
        "Random": RandomOrder(),
    }


def next_order_methods(recommender: NextOrderRecommender | None = None) -> dict[str, NextOrderRecommender]:
    """Return a recommender, and the methods it has to beat at predicting the next order.

    Parameters
    ----------
    recommender : NextOrderRecommender, optional
        Unfitted; default: ``BlendRecommender()``.

    Returns
    -------
    dict of str to unfitted recommender
        Ours first, by the name of `OURS`.

    Examples
    --------
    >>> list(next_order_methods())[:4]
    ['ours', 'TIFU-KNN', 'GP-TopFreq', 'P-TopFreq']
    """
    return {
        OURS: BlendRecommender() if recommender is None else recommender,
        "TIFU-KNN": TifuKNN(),
        "GP-TopFreq": PersonalFrequency(),
        "P-TopFreq": PersonalFrequency(fill=False),
        "Last order": LastOrder(),
        "Popularity, last 28 days": Popularity(last_days=28),
        "Popularity": Popularity(),
        "Random": RandomOrder(),
    }
