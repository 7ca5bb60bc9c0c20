"""Why a product is recommended, in a plain sentence, and which products are in very many lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from shopper_widgets._support.formatting import format_count, format_decimal, format_product, format_share
from shopper_widgets._support.locale import gettext, ngettext
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.recommend.catalogue import Catalogue
from shopper_widgets.recommend.co_purchases import TIE_DECIMALS
from shopper_widgets.recommend.lift import lift, lift_interval


def strongest_reasons(
    scores: np.ndarray,
    support: np.ndarray,
    owned: np.ndarray,
    products: np.ndarray,
    catalogue: Catalogue,
    n_customers: int,
) -> dict[str, np.ndarray]:
    """Return, for each recommended product, the owned product that is the strongest reason for it.

    Parameters
    ----------
    scores, support : ndarray of shape (n_owned, n_products)
        What each owned product adds to the score of each recommended one, and how many customers bought both.
    owned, products : ndarray of int
        Positions in the catalogue: of the owned products, by ascending id, and of the recommended ones.
    catalogue : Catalogue
        Gives ids, names, and how many customers bought each.
    n_customers : int
        All customers, for the lift.

    Returns
    -------
    dict of ndarray
        ``because, because_name`` (empty where nothing they have speaks for it, as for what someone buys
        again), ``support, lift`` of that pair; of several equal ones, the first.

    Examples
    --------
    >>> shop = Catalogue(["A", "B", "C"], ["Red mug", "Blue mug", "Lamp"], [4, 5, 2])
    >>> scores, support = np.array([[0.2], [0.6]]), np.array([[1], [2]])
    >>> found = strongest_reasons(scores, support, np.array([0, 1]), np.array([2]), shop, 10)
    >>> found["because_name"].item(), found["support"].item(), found["lift"].item()
    ('Blue mug', 2, 2.0)
    """
    shares = np.round(scores, TIE_DECIMALS)
    strongest, places = shares.argmax(axis=0), np.arange(len(products))
    because, bought = owned[strongest], support[strongest, places]
    alike = shares[strongest, places] > 0
    lifts = lift(bought, catalogue.customers[because], catalogue.customers[products], n_customers)
    return {
        "because": np.where(alike, catalogue.ids[because], ""),
        "because_name": np.where(alike, catalogue.names[because], ""),
        "support": bought.astype(np.int64),
        "lift": np.where(alike, lifts, np.nan),
    }


def with_evidence(
    suggestions: pd.DataFrame,
    catalogue: Catalogue,
    n_customers: int,
    product: str | None = None,
    baskets_with_both: Callable[[np.ndarray, np.ndarray], np.ndarray | None] | None = None,
) -> pd.DataFrame:
    """Add the reason for each recommendation.

    Parameters
    ----------
    suggestions : DataFrame
        ``product_id, support``, and ``because`` where `product` is not given.
    catalogue : Catalogue
        Finds the products, and gives names and how many customers bought each.
    n_customers : int
        All customers.
    product : str, optional
        The product that they are recommended for; by default, the column ``because`` of each row.
    baskets_with_both : callable, optional
        Counts the orders that hold both of two products, given by their positions; None where that is not
        known.

    Returns
    -------
    DataFrame
        A copy with the columns ``baskets`` (orders that held both, where that is known), ``lift_low,
        lift_high`` (see `lift.lift_interval`) and ``sentence`` besides, which names products as
        `Catalogue.called` does.

    Raises
    ------
    UnknownProductError, AmbiguousProductError
        As `Catalogue.find`.
    TypeError, ValueError
        If no product is given and the suggestions have no column ``because``; if they lack another.

    Examples
    --------
    >>> shop = Catalogue(["A", "B"], ["Red mug", "Blue mug"], [4, 5])
    >>> suggestions = pd.DataFrame({"product_id": ["B"], "support": [3]})
    >>> with_evidence(suggestions, shop, 10, "A")["sentence"].item()
    '3 of the 4 customers who bought Red mug also bought Blue mug: 1.5 times as many as by chance.'
    """
    _check_suggestions(suggestions)
    if product is None and "because" not in suggestions:
        raise ValueError("product must be given: the suggestions have no column 'because'")
    other = np.array([catalogue.find(code) for code in suggestions[PRODUCT_ID]], dtype=np.intp)
    if product is None:
        # A suggestion without another product as its reason, such as one bought before, is its own reason.
        reasons = zip(suggestions["because"], other, strict=True)
        asked = np.array([catalogue.find(code) if code else own for code, own in reasons], dtype=np.intp)
    else:
        asked = np.full(len(other), catalogue.find(product))
    support = suggestions["support"].to_numpy()
    counts = (support, catalogue.customers[asked], catalogue.customers[other], n_customers)
    low, high = lift_interval(*counts)
    sentences = [
        evidence_sentence(
            int(both), int(catalogue.customers[a]), catalogue.called(a), catalogue.called(b), times
        )
        for both, a, b, times in zip(support, asked, other, lift(*counts), strict=True)
    ]
    together = None if baskets_with_both is None else baskets_with_both(asked, other)
    known = {} if together is None else {"baskets": np.where(support > 0, together, 0)}
    return suggestions.assign(**known, lift_low=low, lift_high=high, sentence=sentences)


def evidence_sentence(support: int, customers: int, name: str, other_name: str, lift: float) -> str:
    """Say why one product is recommended to customers who have another.

    Parameters
    ----------
    support : int
        Customers who bought both.
    customers : int
        Customers who bought the owned product.
    name, other_name : str
        Of the product they have, and of the one suggested. Plain text, to be escaped in HTML.
    lift : float
        How many times as many as by chance.

    Returns
    -------
    str
        Empty if nobody bought both.

    Examples
    --------
    >>> evidence_sentence(46, 120, "Red mug", "Blue mug", 4.12)
    '46 of the 120 customers who bought Red mug also bought Blue mug: 4.1 times as many as by chance.'
    """
    if support < 1:
        return ""
    return ngettext(
        "The only customer who bought {name} also bought {other}: {times} times as many as by chance.",
        "{support} of the {customers} customers who bought {name} also bought {other}: {times} times as many "
        "as by chance.",
        customers,
        support=format_count(support),
        customers=format_count(customers),
        name=name,
        other=other_name,
        times=format_decimal(lift, 1) if lift >= 0.05 else gettext("less than 0.1"),
    )


def hubs(similar: pd.DataFrame, *, share: float = 0.05) -> pd.DataFrame:
    """Return the products that are recommended with very many others.

    Parameters
    ----------
    similar : DataFrame
        ``to_product_id, product_id, product_name``, such as `similar_to_all` gives.
    share : float, default=0.05
        A hub is in at least this share of the lists, and in twice as many as an average product: in a small
        shop, every product is in many lists.

    Returns
    -------
    DataFrame
        ``product_id, product_name, lists`` (how many lists hold it) and ``share`` of all lists, most first,
        then by id.

    Examples
    --------
    >>> lists = pd.DataFrame({
    ...     "to_product_id": ["A", "B", "D", "C"], "product_id": ["C", "C", "C", "A"],
    ...     "product_name": ["Mug", "Mug", "Mug", "Pan"],
    ... })
    >>> hubs(lists)
      product_id product_name  lists  share
    0          C          Mug      3   0.75
    """
    n_lists = similar["to_product_id"].nunique()
    counts = similar.groupby(PRODUCT_ID, as_index=False).agg(
        product_name=(PRODUCT_NAME, "first"), lists=("to_product_id", "nunique")
    )
    counts["share"] = counts["lists"] / max(n_lists, 1)
    average = len(similar) / max(n_lists, 1) ** 2
    found = counts[counts["share"] >= max(share, 2 * average)]
    return found.sort_values(["lists", PRODUCT_ID], ascending=[False, True], ignore_index=True)


def hubs_sentence(hubs: pd.DataFrame, n_lists: int) -> str:
    """Say which product is recommended most, and in how many lists; or that none is.

    Parameters
    ----------
    hubs : DataFrame
        From `hubs`.
    n_lists : int
        All lists.

    Returns
    -------
    str
        One sentence, for readers.

    Examples
    --------
    >>> hubs_sentence(pd.DataFrame({"product_name": ["Mug"], "lists": [2], "share": [0.4]}), 5)
    '1 product is recommended in many lists; Mug most often, in 2 of 5 (40 %).'
    """
    if not n_lists:
        return gettext("No product has a list of recommendations.")
    if hubs.empty:
        return gettext("No product is recommended in many of the {lists} lists.", lists=format_count(n_lists))
    most = hubs.iloc[0]
    return ngettext(
        "{number} product is recommended in many lists; {product} most often, in {lists} of {all} ({share}).",
        "{number} products are recommended in many lists; {product} most often, in {lists} of {all} "
        "({share}).",
        len(hubs),
        number=format_count(len(hubs)),
        product=format_product(str(most[PRODUCT_NAME])),
        lists=format_count(most["lists"]),
        all=format_count(n_lists),
        share=format_share(most["share"]),
    )


def _check_suggestions(suggestions: Any) -> None:
    if not isinstance(suggestions, pd.DataFrame):
        raise TypeError(
            "suggestions must be a DataFrame, such as similar() and recommend() give; got "
            f"{type(suggestions).__name__}"
        )
    missing = [name for name in (PRODUCT_ID, "support") if name not in suggestions]
    if missing:
        raise ValueError(
            "suggestions must have the columns product_id and support, such as similar() and recommend() "
            f"give; {' and '.join(missing)} not found among {', '.join(map(str, suggestions))}"
        )
