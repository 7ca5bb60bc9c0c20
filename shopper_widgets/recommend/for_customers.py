"""Recommendations for many customers at once, next to their other figures."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from shopper_widgets.columns import CUSTOMER_ID, PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.recommend.base import Recommender


def customer_suggestions(recommender: Recommender, customer_ids: Iterable[str], n: int = 10) -> pd.DataFrame:
    """Recommend products to many customers: the lists of ``recommend`` without evidence.

    Parameters
    ----------
    recommender : Recommender
        Fitted.
    customer_ids : iterable of str
        Customers who only paid charges get no recommendations.
    n : int, default 10
        Maximum number for each customer.

    Returns
    -------
    pandas.DataFrame
        ``customer_id, rank, product_id, product_name``; customers in the order given, best first.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.orders.cleaning import clean_transactions
    >>> from shopper_widgets.recommend.item import ItemRecommender
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
    >>> recommender = ItemRecommender().fit(clean_transactions(orders).transactions)
    >>> customer_suggestions(recommender, recommender.customer_ids_[:2], n=2)["rank"].tolist()
    [1, 2, 1, 2]
    """
    known = set(recommender.customer_ids_.tolist())
    asked = [who for who in customer_ids if who in known]
    table = recommender.recommend_all(n, customer_ids=asked)
    return table[[CUSTOMER_ID, "rank", PRODUCT_ID, PRODUCT_NAME]]


def with_suggestions(customers: pd.DataFrame, suggestions: pd.DataFrame, n: int) -> pd.DataFrame:
    """Add suggestions to customers, one column per rank.

    Parameters
    ----------
    customers : pandas.DataFrame
        With ``customer_id``.
    suggestions : pandas.DataFrame
        What :func:`customer_suggestions` returns.
    n : int
        Ranks 1 to n.

    Returns
    -------
    pandas.DataFrame
        A copy with ``recommendation_1, recommendation_1_name, recommendation_2, …``; empty text where there
        is no such suggestion.

    Examples
    --------
    >>> customers = pd.DataFrame({"customer_id": ["ann", "ben"]})
    >>> suggestions = pd.DataFrame(
    ...     {"customer_id": ["ann"], "rank": [1], "product_id": ["T1"], "product_name": ["TEA"]}
    ... )
    >>> with_suggestions(customers, suggestions, 1)
      customer_id recommendation_1 recommendation_1_name
    0         ann               T1                   TEA
    1         ben
    """
    wide = {}
    for rank in range(1, n + 1):
        of_rank = suggestions[suggestions["rank"] == rank].set_index(CUSTOMER_ID)
        for column, suffix in ((PRODUCT_ID, ""), (PRODUCT_NAME, "_name")):
            # If nobody has a suggestion of this rank, the result is numeric, which can't be filled with text.
            text = customers[CUSTOMER_ID].map(of_rank[column]).astype(of_rank[column].dtype)
            wide[f"recommendation_{rank}{suffix}"] = text.fillna("")
    return customers.assign(**wide)
