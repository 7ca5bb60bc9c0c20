"""How good a model's recommendations are, and examples of them: sentences and tables for a report.

Sentences are plain text; code that puts them into HTML escapes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from shopper_widgets._support.formatting import count_of, format_count
from shopper_widgets._support.locale import N_, gettext, ngettext
from shopper_widgets.columns import IS_PRODUCT, PRODUCT_ID, PRODUCT_NAME, QUANTITY
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.recommend.evidence import hubs
from shopper_widgets.recommend.neighbors_base import NeighborRecommender
from shopper_widgets.words import evaluation as wording
from shopper_widgets.words.html import html_table
from shopper_widgets.words.labels import describe
from shopper_widgets.words.told_of import tells_money

#: The fewest customers who must have bought both products for a report to show the pair as an example.
FEWEST_BUYERS = 3
NO_EXAMPLES = N_(
    "No product was bought together with a best seller by {fewest} customers or more, and by more than by "
    "chance, so no example is shown."
)
EXAMPLE_COLUMNS = (
    *("for_product_id", "for_product", "rank", PRODUCT_ID, PRODUCT_NAME, "support", "baskets"),
    *("lift", "lift_low", "lift_high", "sentence"),
)
#: The length of the lists that are searched for products that are in very many of them.
LIST_LENGTH = 10


def quality(model: ShopperModel) -> list[str]:
    """Say how good the recommendations are, and compared with what, or that this was not measured."""
    if model.evaluation is None or model.evaluation.empty:
        return [
            gettext(
                "The recommendations were not evaluated: that needs at least two months of orders by "
                "customers who come back or buy several products at once."
            )
        ]
    goods = int(model.products[IS_PRODUCT].sum())
    if goods <= LIST_LENGTH:
        return [
            gettext(
                "The recommendations can't be evaluated: the shop sells {products}, and a list of "
                "{length} names them all.",
                products=count_of(goods, "product"),
                length=LIST_LENGTH,
            )
        ]
    return [said for task in wording.QUESTIONS for said in wording.verdicts(model.evaluation, task)]


def comparisons(model: ShopperModel) -> list[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Return the figures of every method, for each task of the evaluation.

    Returns
    -------
    list of tuple
        The question in words, its rows of the evaluation, and `evaluation.wording.comparison` by hit rate.
    """
    table = model.evaluation
    if table is None or table.empty or model.products[IS_PRODUCT].sum() <= LIST_LENGTH:
        return []
    return [
        (
            gettext(question),
            wording.with_names(table[table["task"] == task]),
            wording.comparison(table, task, wording.HIT_RATE),
        )
        for task, question in wording.QUESTIONS.items()
        if wording.can_tell(table, task)
    ]


def everywhere(recommender: NeighborRecommender) -> tuple[pd.DataFrame, int]:
    """Return the hubs: products that are in many of a model's lists.

    Parameters
    ----------
    recommender : NeighborRecommender
        Fitted.

    Returns
    -------
    hubs : DataFrame
        ``product_id, product_name, lists, share``: see `evidence.hubs`.
    n_lists : int
        How many lists there are, of `LIST_LENGTH` products at the most.
    """
    lists = recommender.similar_to_all(_list_length(recommender))
    return hubs(lists), lists["to_product_id"].nunique()


def hub_sentence(lists: Mapping[str, int], n_lists: int) -> str:
    """Say which products are recommended with very many others, and so say little about each.

    Parameters
    ----------
    lists : mapping
        Product name → number of lists with it.
    n_lists : int
        How many lists there are.

    Examples
    --------
    >>> hub_sentence({"Red mug": 120}, 400)
    'This product is recommended in many of the 400 lists of 10: Red mug (in 120).'
    """
    if not lists:
        return ""
    products = [
        gettext("{product} (in {lists})", product=name, lists=format_count(n)) for name, n in lists.items()
    ]
    return ngettext(
        "This product is recommended in many of the {lists} lists of {length}: {products}.",
        "These products are recommended in many of the {lists} lists of {length}: {products}.",
        len(lists),
        lists=format_count(n_lists),
        length=LIST_LENGTH,
        products=", ".join(products),
    )


def examples_table(model: ShopperModel, allowed: Iterable[str] | None = None) -> Markup:
    """Show what goes with the best sellers, of what may be suggested; nothing where too few bought both."""
    found = examples(model, n=1)
    found = found if allowed is None else found[found[PRODUCT_ID].isin(list(allowed))]
    labels: dict[str, Any] = {"for_product": N_("Best seller"), PRODUCT_NAME: N_("Best recommendation")}
    shown = describe([*labels, "support", "lift", "lift_low", "lift_high"], **labels)
    title = gettext("Examples: products that go together")
    return html_table(found, shown, caption=title, row_header="for_product") if len(found) else Markup()


def average_prices(model: ShopperModel) -> pd.Series[Any]:
    """Return product → what was paid for a piece on average, as lists are narrowed by price.

    Parameters
    ----------
    model : ShopperModel
        Gives the products.

    Returns
    -------
    Series
        Empty where the orders don't say what was paid.
    """
    goods = model.products.set_index(PRODUCT_ID)
    price = goods["revenue"] / goods[QUANTITY]
    return price if tells_money(model) else price.head(0)


def examples(model: ShopperModel, n_products: int = 5, n: int = 3) -> pd.DataFrame:
    """Return the best recommendations for best sellers, if enough customers bought both.

    They are more customers than by chance.

    Parameters
    ----------
    model : ShopperModel
        Gives the recommender, and the products by revenue.
    n_products, n : int
        How many products, and how many suggestions each at the most.

    Returns
    -------
    DataFrame
        ``for_product_id, for_product, rank, product_id, product_name, support, baskets, lift, lift_low,
        lift_high, sentence``: see `NeighborRecommender.with_evidence`; no ``baskets`` where the recommender
        knows no orders.
    """
    goods = model.products.loc[model.products[IS_PRODUCT]].head(n_products)
    lists = [pd.DataFrame(columns=list(EXAMPLE_COLUMNS))]
    for product, name in zip(goods[PRODUCT_ID], goods[PRODUCT_NAME], strict=True):
        similar = model.recommender.similar(product, n=_list_length(model.recommender))
        # A product that only one customer bought, at whatever price, says nothing about others. Nor does a
        # popular product that is bought with this one less often than by chance. The lift counts as it is
        # written: "1.0 times as many as by chance" recommends nothing.
        told = (similar["support"] >= FEWEST_BUYERS) & (similar["lift"].round(1) > 1)
        similar = similar[told].head(n)
        similar = model.recommender.with_evidence(similar, product)
        similar.insert(0, "for_product", name)
        similar.insert(0, "for_product_id", product)
        lists.append(similar)
    shown = pd.concat([one for one in lists if len(one)] or lists, ignore_index=True)
    return shown[[name for name in EXAMPLE_COLUMNS if name in shown]]


def best_sellers_matrix(model: ShopperModel, n: int = 10) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return how similar the best-selling products are: see `likeness`.

    Parameters
    ----------
    model : ShopperModel
        Gives the recommender, and the products by revenue.
    n : int
        How many products at the most.

    Returns
    -------
    matrix : DataFrame
        As `likeness` gives it.
    names : dict of str to str
        Product id → name.
    """
    goods = model.products.loc[model.products[IS_PRODUCT], PRODUCT_ID]
    return likeness(model.recommender, goods.head(n))


def likeness(
    recommender: NeighborRecommender, product_ids: Iterable[str]
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return how similar the buyers of products are, for products with enough buyers.

    Two products of one and the same single buyer would be as alike as can be, and that says nothing.

    Parameters
    ----------
    recommender : NeighborRecommender
        Fitted.
    product_ids : iterable of str
        Whose buyers to compare; those with too few buyers are left out.

    Returns
    -------
    matrix : DataFrame of shape (n, n)
        As :meth:`NeighborRecommender.similarity_matrix` gives it; empty where no product is left.
    names : dict of str to str
        Product id → name.
    """
    catalogue = recommender.catalogue_
    places = [catalogue.find(code) for code in product_ids]
    kept = [place for place in places if catalogue.customers[place] >= FEWEST_BUYERS]
    names = dict(zip(catalogue.ids[kept].tolist(), catalogue.names[kept].tolist(), strict=True))
    return recommender.similarity_matrix(names) if names else pd.DataFrame(), names


def _list_length(recommender: NeighborRecommender) -> int:
    return min(LIST_LENGTH, recommender.n_neighbors)
