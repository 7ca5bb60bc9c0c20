"""Why a product is suggested, in a plain sentence, and what is suggested everywhere."""

from __future__ import annotations

import pandas as pd

from shopper_widgets._support.formatting import format_count, format_share
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME


def evidence_sentence(support: int, customers: int, name: str, other_name: str, lift: float) -> str:
    """Say why one product is suggested to who has another.

    Parameters
    ----------
    support : int
        Customers who bought both.
    customers : int
        Customers who bought the product that they have.
    name, other_name : str
        Of the product they have, and of the one suggested. Plain text: whoever puts it into HTML escapes it.
    lift : float

    Returns
    -------
    str
        Empty where nobody bought both.

    Examples
    --------
    >>> evidence_sentence(46, 120, "Red mug", "Blue mug", 4.12)
    '46 of the 120 customers who bought Red mug also bought Blue mug; 4.1 × what chance gives.'
    """
    if support < 1:
        return ""
    all_of_them = f"{format_count(support)} of the {format_count(customers)} customers"
    who = "The only customer" if customers == 1 else all_of_them
    times = f"{lift:,.1f}" if lift >= 0.05 else "less than 0.1"
    return f"{who} who bought {name} also bought {other_name}; {times} × what chance gives."


def hubs(similar: pd.DataFrame, *, share: float = 0.05) -> pd.DataFrame:
    """Return the products that are suggested everywhere.

    Parameters
    ----------
    similar : DataFrame
        ``to_product_id, product_id, product_name``, such as `similar_to_all` gives.
    share : float, default=0.05
        From this share of the lists on, and from twice the lists that a product is in on the average, a
        product is a hub: in a small shop every product is in many lists.

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
    """Say which product is suggested most, and in how many lists; that none is, where that is so.

    Parameters
    ----------
    hubs : DataFrame
        From `hubs`.
    n_lists : int
        All lists.

    Returns
    -------
    str

    Examples
    --------
    >>> hubs_sentence(pd.DataFrame({"product_name": ["Mug"], "lists": [2], "share": [0.4]}), 5)
    '1 product comes up in many lists; Mug most, in 2 of 5 (40 %).'
    """
    if hubs.empty:
        return f"No product comes up in many of the {format_count(n_lists)} lists."
    count = "1 product comes up" if len(hubs) == 1 else f"{format_count(len(hubs))} products come up"
    most = hubs.iloc[0]
    return (
        f"{count} in many lists; {most[PRODUCT_NAME]} most, in {format_count(most['lists'])} of "
        f"{format_count(n_lists)} ({format_share(most['share'])})."
    )
