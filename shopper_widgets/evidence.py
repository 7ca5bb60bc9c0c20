"""Why a product is suggested: counts, lift with its uncertainty, and a plain sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from shopper_widgets.formatting import format_count, format_share


def lift_interval(
    support: Any, customers: Any, other_customers: Any, n_customers: int, *, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Return between which values the lift of a pair of products lies.

    Lift is ``s N / (a b)``. Its logarithm is taken as normal, with the variance that the delta method gives
    for the four counts of a 2 × 2 table as a multinomial sample::

        1 / s − 1 / a − 1 / b + (2 lift − 1) / N

    (the method: Agresti, Categorical Data Analysis, 3rd ed., 2013, section 16.1), each of them with a half
    added, as Anscombe did (Biometrika 1956): otherwise a product's only buyer would leave no doubt. For few
    joint buyers the interval is wide, and rightly so.

    Parameters
    ----------
    support : array-like
        s: customers who bought both.
    customers, other_customers : array-like
        a, b: customers who bought the one, and the other.
    n_customers : int
        N: all customers.
    confidence : float, default=0.95

    Returns
    -------
    low, high : ndarray
        NaN where nobody bought both.

    Examples
    --------
    >>> low, high = lift_interval(46, 120, 300, 1000)
    >>> f"{46 * 1000 / (120 * 300):.2f}: {low:.2f} to {high:.2f}"
    '1.28: 1.04 to 1.58'
    """
    from scipy.special import ndtri

    s, a, b = (np.asarray(x, dtype=float) for x in (support, customers, other_customers))
    s = np.where(s > 0, s, np.nan)
    lift = s * n_customers / (a * b)
    s, a, b, n = s + 0.5, a + 1, b + 1, n_customers + 2
    variance = 1 / s - 1 / a - 1 / b + (2 * s * n / (a * b) - 1) / n
    reach = np.exp(ndtri((1 + confidence) / 2) * np.sqrt(np.maximum(variance, 0)))
    return lift / reach, lift * reach


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
    return f"{who} who bought {name} also bought {other_name}; {lift:.1f} × what chance gives."


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
    counts = similar.groupby("product_id", as_index=False).agg(
        product_name=("product_name", "first"), lists=("to_product_id", "nunique")
    )
    counts["share"] = counts["lists"] / max(n_lists, 1)
    average = len(similar) / max(n_lists, 1) ** 2
    found = counts[counts["share"] >= max(share, 2 * average)]
    return found.sort_values(["lists", "product_id"], ascending=[False, True], ignore_index=True)


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
        f"{count} in many lists; {most['product_name']} most, in {format_count(most['lists'])} of "
        f"{format_count(n_lists)} ({format_share(most['share'])})."
    )
