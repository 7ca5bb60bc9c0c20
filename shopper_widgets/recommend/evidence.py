"""Why a product is suggested: counts, lift with its uncertainty, and a plain sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from shopper_widgets._support.formatting import format_count, format_share


def lift_interval(
    support: Any, customers: Any, other_customers: Any, n_customers: int, *, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Return between which values the lift of a pair of products lies.

    Lift is ``(s / m) ÷ (M / N)``, with m the fewer and M the more of a and b: a share of the few who bought
    the rarer product, over a share of all. Each share has its Jeffreys interval, the exact one where it is
    all of them (Brown, Cai and DasGupta, Statistical Science 16, 2001). Those of their logarithms make that
    of the difference: it reaches as far below as ``√(x² + y² − 2 r x y)``, where x is how far the first
    reaches below, y how far the second reaches above, and r the correlation of the two; likewise above
    (MOVER: Zou, Psychological Methods 12, 2007). By the delta method ``r² = s (1 − s / m) / M``, where M is
    few of N; where nearly everybody bought the one, r is more, and the interval wider than it need be.

    An interval of 95 % holds the true lift in 94 to 99 % of the pairs with joint buyers, where one or more is
    to be expected. For few it is wide, and rightly so.

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
    '1.28: 1.01 to 1.56'
    """
    counts = np.stack(np.broadcast_arrays(support, customers, other_customers)).astype(float)
    s, a, b = np.where(counts[0] > 0, counts, np.nan)
    fewer, more = np.minimum(a, b), np.maximum(a, b)
    share_low, share, share_high = _log_share(s, fewer, confidence)
    chance_low, chance, chance_high = _log_share(more, n_customers, confidence)
    r = np.sqrt(s / more * (1 - s / fewer))

    def reach(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        length: np.ndarray = np.sqrt(x**2 + y**2 - 2 * r * x * y)
        return length

    lift = share - chance
    low = lift - reach(share - share_low, chance_high - chance)
    high = lift + reach(share_high - share, chance - chance_low)
    return np.exp(low), np.exp(high)


def _log_share(count: Any, of: Any, confidence: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the logarithm of a share, between the ends of its interval."""
    from scipy.special import betaincinv

    tail, some = (1 - confidence) / 2, count < of
    low = betaincinv(count + 0.5, of - count + 0.5, tail)
    high = betaincinv(count + 0.5, of - count + 0.5, 1 - tail)
    return np.log(np.where(some, low, tail ** (1 / of))), np.log(count / of), np.log(np.where(some, high, 1))


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
