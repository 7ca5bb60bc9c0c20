"""What a model's suggestions are worth, and examples of them: sentences and tables for a report.

Sentences are plain text; whoever puts them into HTML escapes them.
"""

from __future__ import annotations

import pandas as pd

from shopper_widgets.evaluation import wording
from shopper_widgets.evidence import hubs
from shopper_widgets.model import ShopperModel
from shopper_widgets.neighbour_recommender import NeighbourRecommender

#: So many customers must have bought both products before a report shows the pair as an example.
FEWEST_BUYERS = 3
EXAMPLE_COLUMNS = (
    *("for_product", "rank", "product_id", "product_name", "support", "baskets"),
    *("lift", "lift_low", "lift_high", "sentence"),
)
#: Lists of so many are looked through for products that come up everywhere.
LIST_LENGTH = 10


def quality(model: ShopperModel) -> list[str]:
    """Say how good the recommendations are, compared with what; that it was not measured, where it wasn't."""
    if model.evaluation is None or model.evaluation.empty:
        return [
            "How good the recommendations are was not measured: that takes at least three months of orders."
        ]
    return [said for task in wording.QUESTIONS for said in wording.verdicts(model.evaluation, task)]


def comparisons(model: ShopperModel) -> list[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Return, for each question that was asked of the recommendations, how every method answered it.

    Returns
    -------
    list of tuple
        The question in words, its rows of the evaluation, and `evaluation.wording.comparison` by hit rate.
    """
    table = model.evaluation
    if table is None or table.empty:
        return []
    return [
        (question, table[table["task"] == task], wording.comparison(table, task, wording.HIT_RATE))
        for task, question in wording.QUESTIONS.items()
        if task in set(table["task"])
    ]


def everywhere(recommender: NeighbourRecommender) -> tuple[pd.DataFrame, int]:
    """Return the products that stand in many of its lists, whatever they are suggested with.

    Parameters
    ----------
    recommender : NeighbourRecommender

    Returns
    -------
    hubs : DataFrame
        ``product_id, product_name, lists, share``: see `evidence.hubs`.
    n_lists : int
        How many lists there are, of `LIST_LENGTH` products at the most.
    """
    lists = recommender.similar_to_all(min(LIST_LENGTH, recommender.n_neighbors))
    return hubs(lists), lists["to_product_id"].nunique()


def examples(model: ShopperModel, n_products: int = 5, n: int = 3) -> pd.DataFrame:
    """Return the best suggestions for the best-selling products, where enough customers bought both.

    Parameters
    ----------
    model : ShopperModel
    n_products, n : int
        How many products, and how many suggestions each at the most.

    Returns
    -------
    DataFrame
        ``for_product, rank, product_id, product_name, support, baskets, lift, lift_low, lift_high,
        sentence``: see `NeighbourRecommender.with_evidence`; no ``baskets`` where the recommender knows no
        orders.
    """
    goods = model.products.loc[model.products["is_product"]].head(n_products)
    lists = [pd.DataFrame(columns=list(EXAMPLE_COLUMNS))]
    for product, name in zip(goods["product_id"], goods["product_name"], strict=True):
        similar = model.recommender.with_evidence(model.recommender.similar(product, n=n), product)
        similar.insert(0, "for_product", name)
        # A product that one customer bought once, however dearly, tells nothing about others.
        lists.append(similar[similar["support"] >= FEWEST_BUYERS])
    shown = pd.concat([one for one in lists if len(one)] or lists, ignore_index=True)
    return shown[[name for name in EXAMPLE_COLUMNS if name in shown]]


def best_sellers_matrix(model: ShopperModel, n: int = 10) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return how alike the best-selling products are.

    Parameters
    ----------
    model : ShopperModel
    n : int
        How many products at the most.

    Returns
    -------
    matrix : DataFrame of shape (n, n)
        As :meth:`ItemRecommender.similarity_matrix` gives it.
    names : dict of str to str
        Product id → name.
    """
    goods = model.products.loc[model.products["is_product"]].head(n)
    names = dict(zip(goods["product_id"], goods["product_name"], strict=True))
    return model.recommender.similarity_matrix(list(names)), names
