"""Weeks without a sale that are unlikely by chance: the product may have been out of stock."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shopper_widgets._support.chance import surely_found
from shopper_widgets._support.checks import plain
from shopper_widgets.columns import PRODUCT_ID
from shopper_widgets.products.histories import Histories

#: Shorter gaps are not tested.
FEWEST_WEEKS = 3


def possible_stock_outs(demand: pd.DataFrame, *, max_chance: float = 0.01) -> pd.DataFrame:
    """Find gaps in the sales of products that usually sell: possible stock-outs.

    Parameters
    ----------
    demand : pandas.DataFrame
        What :func:`~shopper_widgets.demand_table` returns.
    max_chance : float, default 0.01
        Leave out gaps that more than this share of the products that sell as often have by chance: products
        that sell now and then always have long gaps. 1 lists every gap of three weeks or more.

    Returns
    -------
    pandas.DataFrame
        One row per gap of three weeks or more, by product and time: ``product_id``, ``first_week`` and
        ``last_week`` (last days of weeks), ``weeks``, ``sold_share`` (of the product's weeks, those with
        sales), ``chance`` (that a gap so long comes up at all in such a history) and ``is_open``: nothing
        has been sold since, so the product may be out of stock now, or out of the range.

    Raises
    ------
    ValueError
        `max_chance` is not above 0 and at most 1.

    Notes
    -----
    Forecasts count these weeks as weeks without demand unless a column ``in_stock`` says otherwise: orders
    can't tell an empty shelf from a lack of buyers. Where you know of an empty shelf, set ``in_stock`` to
    false.

    Examples
    --------
    >>> weeks = pd.date_range("2024-01-07", periods=12, freq="7D")
    >>> demand = pd.DataFrame({
    ...     "product_id": ["mug"] * 9 + ["tea"] * 12,
    ...     "week": [*weeks[:5], *weeks[8:], *weeks],
    ...     "quantity": 2.0,
    ...     "amount": 8.0,
    ... })
    >>> found = possible_stock_outs(demand, max_chance=1)
    >>> found[["product_id", "first_week", "last_week", "weeks", "is_open"]]
      product_id first_week  last_week  weeks  is_open
    0        mug 2024-02-11 2024-02-25      3    False
    """
    if not 0 < max_chance <= 1:
        raise ValueError(f"max_chance must be above 0 and at most 1, such as 0.01; got {plain(max_chance)!r}")
    histories = Histories.of(demand)
    sold = histories.quantity > 0
    n_weeks = sold.shape[1]
    inside = np.arange(n_weeks) >= histories.start[:, None]
    # A gap begins with a week without sales after one with sales, and lasts until the next week with sales,
    # or to the end.
    empty = ~sold & inside & histories.known
    padded = np.pad(empty, ((0, 0), (1, 1))).astype(np.int8)
    change = np.diff(padded, axis=1)
    row, first = np.nonzero(change == 1)
    _, after = np.nonzero(change == -1)
    weeks = after - first
    # The weeks of the gap count, too: without them, gaps by chance would look significant.
    share = (sold.sum(axis=1) / np.maximum((inside & histories.known).sum(axis=1), 1))[row]
    # A gap may follow any week with sales, so each of these is a trial.
    chance = np.minimum(sold.sum(axis=1)[row] * (1 - share) ** weeks, 1.0)
    told = (weeks >= FEWEST_WEEKS) & (chance <= max_chance)
    ends = pd.DatetimeIndex(histories.weeks)
    return pd.DataFrame(
        {
            PRODUCT_ID: pd.Series(np.array(histories.products, dtype=object)[row[told]], dtype="str"),
            "first_week": ends[first[told]],
            "last_week": ends[after[told] - 1],
            "weeks": weeks[told].astype("int64"),
            "sold_share": share[told],
            "chance": chance[told],
            "is_open": after[told] == n_weeks,
        }
    )


def lasting_gaps(gaps: pd.DataFrame, classes: pd.DataFrame) -> pd.DataFrame:
    """Return the gaps that last until now and that chance hardly explains, given how many were tested.

    In each class by revenue, at most 1 in 20 of the reported gaps is expected to be chance: tests of many
    slow products don't hide best sellers.

    Parameters
    ----------
    gaps : pandas.DataFrame
        What :func:`~shopper_widgets.possible_stock_outs` returns.
    classes : pandas.DataFrame
        What :func:`~shopper_widgets.product_classes` returns of the same demand.

    Returns
    -------
    pandas.DataFrame
        Rows of `gaps` with the columns of `classes`, most revenue first.

    Examples
    --------
    >>> gaps = pd.DataFrame({"product_id": ["mug", "tea", "cup"], "weeks": [8, 3, 9],
    ...     "sold_share": [0.9, 0.5, 0.9], "is_open": [True, True, False]})
    >>> classes = pd.DataFrame({"product_id": ["mug", "tea", "cup"], "abc": "A", "revenue": [9.0, 5, 7]})
    >>> lasting_gaps(gaps, classes)["product_id"].tolist()
    ['mug']
    """
    lasting = gaps[gaps["is_open"]].merge(classes, on=PRODUCT_ID)
    # The chance that such a gap is there today, not at any time: one trial for each product.
    chance = (1 - lasting["sold_share"]) ** lasting["weeks"]
    sure = pd.Series(False, index=lasting.index)
    for name, n in classes["abc"].value_counts().items():
        own = lasting["abc"] == name
        sure[own] = surely_found(chance[own], n)
    return lasting[sure].sort_values("revenue", ascending=False, kind="stable", ignore_index=True)
