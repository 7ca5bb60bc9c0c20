"""Who buys each product: the segments that its demand comes from, and what some customers used to buy."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_count, check_list, check_table
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    IS_PRODUCT,
    ORDERED_AT,
    PRODUCT_ID,
    QUANTITY,
    SEGMENT,
)

_NEEDED = (PRODUCT_ID, CUSTOMER_ID, ORDERED_AT, QUANTITY, AMOUNT)
#: Half a year, as for classes of products; and a year, which shows the whole habit of a customer.
_RECENT_WEEKS, _YEAR_WEEKS = 26, 52


def buyers_by_segment(
    lines: pd.DataFrame,
    customers: pd.DataFrame,
    *,
    weeks: int = _RECENT_WEEKS,
    until: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Divide each product's units among the segments of its buyers.

    Parameters
    ----------
    lines : pandas.DataFrame
        What was sold, such as ``model.lines``: ``product_id, customer_id, ordered_at, quantity, amount``;
        lines whose ``is_product`` is false are left out.
    customers : pandas.DataFrame
        ``customer_id, segment``, such as ``model.customers``.
    weeks : int, default 26
        How many of the last weeks to look at.
    until : Timestamp, optional
        When these weeks end, such as with the last order of a shop if these are only some of its lines.
        Default: with the last of the lines.

    Returns
    -------
    pandas.DataFrame
        One row per product and segment that bought it, by product and units: ``product_id``, ``segment``
        (missing for what nobody in `customers` bought, such as sales without a customer's id), ``customers``
        (known customers), ``quantity``, ``amount``, ``unit_share`` (of the product's units) and
        ``usual_share`` (of all products' units that this segment bought). Shares of a sum that returns leave
        at 0 or below are missing.

    Raises
    ------
    ValueError
        A column is missing, or `weeks` isn't a whole number of at least 1.

    Examples
    --------
    >>> lines = pd.DataFrame({
    ...     "product_id": ["mug", "mug", "tea"], "customer_id": ["a", None, "b"],
    ...     "ordered_at": pd.Timestamp("2024-01-05"), "quantity": [3, 1, 4], "amount": [9.0, 3.0, 8.0],
    ... })
    >>> customers = pd.DataFrame({"customer_id": ["a", "b"], "segment": ["Regular", "New"]})
    >>> buyers_by_segment(lines, customers)[["product_id", "segment", "unit_share", "usual_share"]]
      product_id  segment  unit_share  usual_share
    0        mug  Regular        0.75        0.375
    1        mug      NaN        0.25        0.125
    2        tea      New        1.00        0.500
    """
    check_count("weeks", weeks)
    check_table("customers", customers, (CUSTOMER_ID, SEGMENT))
    recent = _recent(lines, weeks, until)
    segment_of = customers.drop_duplicates(CUSTOMER_ID).set_index(CUSTOMER_ID)[SEGMENT]
    recent = recent.assign(**{SEGMENT: recent[CUSTOMER_ID].map(segment_of)})
    keys = [PRODUCT_ID, SEGMENT]
    known = recent[recent[SEGMENT].notna()].drop_duplicates([PRODUCT_ID, CUSTOMER_ID])
    table = recent.groupby(keys, dropna=False, observed=True)[[QUANTITY, AMOUNT]].sum().reset_index()
    buyers = known.groupby(keys, observed=True).size().rename("customers").reset_index()
    table = table.merge(buyers, on=keys, how="left")
    # Rounded, so that sums that returns bring to 0 are 0, and not what floats make of 0.1 + 0.2 − 0.3.
    total = table.groupby(PRODUCT_ID)[QUANTITY].transform("sum").round(9)
    of_segment = table.groupby(SEGMENT, dropna=False)[QUANTITY].transform("sum")
    everything = round(float(table[QUANTITY].sum()), 9)
    table = table.assign(
        customers=table["customers"].fillna(0).astype("int64"),
        unit_share=table[QUANTITY] / total.where(total > 0),
        usual_share=of_segment / (everything if everything > 0 else np.nan),
    )
    ranked = table.sort_values([PRODUCT_ID, QUANTITY, SEGMENT], ascending=[True, False, True])
    return ranked[
        [PRODUCT_ID, SEGMENT, "customers", QUANTITY, AMOUNT, "unit_share", "usual_share"]
    ].reset_index(drop=True)


def bought_by(
    lines: pd.DataFrame,
    customer_ids: Iterable[str],
    *,
    weeks: int = _YEAR_WEEKS,
    until: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return what some customers bought, and how much of each product's sales that was.

    Parameters
    ----------
    lines : pandas.DataFrame
        As for :func:`~shopper_widgets.buyers_by_segment`.
    customer_ids : iterable of str
        Such as those of :func:`~shopper_widgets.overdue_customers`.
    weeks : int, default 52
        How many of the last weeks to look at.
    until : Timestamp, optional
        As for :func:`~shopper_widgets.buyers_by_segment`.

    Returns
    -------
    pandas.DataFrame
        One row per product that they bought, most money first: ``product_id``, ``customers`` (of them),
        ``quantity`` and ``amount`` (theirs), ``unit_share`` (theirs, of all units of the product that were
        sold in these weeks) and ``last_bought`` (by one of them).

    Raises
    ------
    TypeError, ValueError
        `customer_ids` is one text, a column is missing, or `weeks` isn't a whole number of at least 1.

    Examples
    --------
    >>> lines = pd.DataFrame({
    ...     "product_id": ["mug", "mug", "tea"], "customer_id": ["a", "b", "b"],
    ...     "ordered_at": pd.Timestamp("2024-01-05"), "quantity": [3, 1, 4], "amount": [9.0, 3.0, 8.0],
    ... })
    >>> bought_by(lines, ["a"])[["product_id", "customers", "quantity", "unit_share"]]
      product_id  customers  quantity  unit_share
    0        mug          1         3        0.75
    """
    check_count("weeks", weeks)
    check_list("customer_ids", customer_ids, "customer ids")
    recent = _recent(lines, weeks, until)
    theirs = recent[recent[CUSTOMER_ID].isin(list(customer_ids))]
    grouped = theirs.groupby(PRODUCT_ID, observed=True)
    everyone = recent.groupby(PRODUCT_ID, observed=True)[QUANTITY].sum()
    table = pd.DataFrame(
        {
            "customers": theirs.drop_duplicates([PRODUCT_ID, CUSTOMER_ID]).groupby(PRODUCT_ID).size(),
            QUANTITY: grouped[QUANTITY].sum(),
            AMOUNT: grouped[AMOUNT].sum(),
        }
    )
    units = everyone.reindex(table.index)
    table = table.assign(
        unit_share=table[QUANTITY] / units.where(units > 0), last_bought=grouped[ORDERED_AT].max()
    )
    ranked = table.rename_axis(PRODUCT_ID).reset_index()
    return ranked.sort_values([AMOUNT, PRODUCT_ID], ascending=[False, True], ignore_index=True)


def _recent(lines: pd.DataFrame, weeks: int, until: pd.Timestamp | None) -> pd.DataFrame:
    """Return the lines of goods of the last weeks."""
    check_table("lines", lines, _NEEDED)
    goods = lines[lines[IS_PRODUCT].astype(bool)] if IS_PRODUCT in lines else lines
    last = goods[ORDERED_AT].max() if until is None else until
    recent: pd.DataFrame = goods.loc[goods[ORDERED_AT] > last - pd.Timedelta(weeks=weeks), list(_NEEDED)]
    return recent
