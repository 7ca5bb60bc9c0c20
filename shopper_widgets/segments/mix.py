"""How segments differ besides recency, frequency and spend: in the values of any further column."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_count, check_table, plain
from shopper_widgets._support.locale import N_
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, SEGMENT

#: The name of all values except the largest.
OTHERS = N_("other values")


def segment_mix(lines: pd.DataFrame, customers: pd.DataFrame, column: str, *, n: int = 8) -> pd.DataFrame:
    """Divide each segment's spend among the values of a column, such as channel or category.

    Parameters
    ----------
    lines : pandas.DataFrame
        What was sold: ``customer_id, amount`` and `column`, such as ``model.lines`` of a model that was
        fitted with ``keep=[column]``. Lines of customers who are not in `customers` are left out.
    customers : pandas.DataFrame
        ``customer_id, segment``, such as ``model.customers``.
    column : str
        Header of the column whose values are told apart.
    n : int, default 8
        Values that are told apart, those with most spend; all further ones are ``"other values"``.

    Returns
    -------
    pandas.DataFrame
        One row per segment and value, by segment and by the value's spend in all segments: ``segment``,
        ``value`` (missing where a line has none), ``customers`` (with such a line), ``share`` (of the
        segment's customers; a customer with several values counts for each), ``revenue``, ``revenue_share``
        (of the segment's spend) with its standard ``error``, and ``usual_share`` (of everyone's spend).
        Shares of a sum that returns leave at 0 or below are missing.

    Raises
    ------
    ValueError
        A column is missing, or `n` isn't a whole number of at least 1.

    Notes
    -----
    The share is a ratio of sums over customers, whose spends differ widely; its error is that of Cochran,
    *Sampling Techniques* (1977), ch. 2.11: the root of the sum of (own spend on the value − share · own
    spend)² over the segment's spend. It is 0 where all of a segment's spend has one value.

    Examples
    --------
    >>> lines = pd.DataFrame({"customer_id": ["a", "a", "b"], "amount": [6.0, 2.0, 2.0],
    ...                       "channel": ["web", "store", "store"]})
    >>> customers = pd.DataFrame({"customer_id": ["a", "b"], "segment": ["Regular", "New"]})
    >>> segment_mix(lines, customers, "channel")[["segment", "value", "revenue_share", "usual_share"]]
       segment  value  revenue_share  usual_share
    0      New  store           1.00          0.4
    1  Regular    web           0.75          0.6
    2  Regular  store           0.25          0.4
    """
    check_count("n", n)
    if not isinstance(column, str):
        raise TypeError(f"column must be a column's header, such as 'channel'; got {plain(column)!r}.")
    further = " ShopperModel.fit(…, keep=[…]) keeps further columns of the orders."
    check_table("lines", lines, (CUSTOMER_ID, AMOUNT, column), further)
    check_table("customers", customers, (CUSTOMER_ID, SEGMENT))
    segment_of = customers.drop_duplicates(CUSTOMER_ID).set_index(CUSTOMER_ID)[SEGMENT]
    known = pd.DataFrame(
        {
            CUSTOMER_ID: lines[CUSTOMER_ID].astype("object"),
            SEGMENT: lines[CUSTOMER_ID].astype("object").map(segment_of).astype("object"),
            "value": lines[column].astype("object"),
            "revenue": lines[AMOUNT].astype("float64"),
        }
    )
    known = known[known[SEGMENT].notna()]
    spend = known.groupby("value")["revenue"].sum().sort_index(key=lambda index: index.astype("str"))
    # Sorted by name first, so that equal sums have one order, whatever the order of the lines.
    kept = spend.sort_values(ascending=False, kind="stable").index[:n]
    others = ~known["value"].isin(kept) & known["value"].notna()
    return _shares(known.assign(value=known["value"].mask(others, OTHERS)), customers)


def _shares(known: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Add up the lines, and compare each sum with those of its segment and of its value."""
    keys = [SEGMENT, "value"]
    table = known.groupby(keys, dropna=False)["revenue"].sum().reset_index()
    ids = known.drop_duplicates([CUSTOMER_ID, "value"]).groupby(keys, dropna=False).size()
    table["customers"] = table.merge(ids.rename("customers").reset_index(), on=keys, how="left")["customers"]
    # Rounded, so that sums that returns bring to 0 are 0, and not what floats make of 0.1 + 0.2 − 0.3.
    total = table.groupby(SEGMENT)["revenue"].transform("sum").round(9)
    of_value = table.groupby("value", dropna=False)["revenue"].transform("sum")
    everything = round(float(table["revenue"].sum()), 9)
    error = _errors(known, table)
    size = table[SEGMENT].map(customers.drop_duplicates(CUSTOMER_ID).groupby(SEGMENT).size())
    table = table.assign(
        share=table["customers"] / size,
        revenue_share=table["revenue"] / total.where(total > 0),
        error=error,
        usual_share=of_value / (everything if everything > 0 else np.nan),
        _last=table["value"].isna() * 2 + (table["value"] == OTHERS),
        _text=table["value"].astype("str"),
    )
    ranked = table.sort_values(
        [SEGMENT, "_last", "usual_share", "_text"], ascending=[True, True, False, True], ignore_index=True
    )
    return ranked[
        [SEGMENT, "value", "customers", "share", "revenue", "revenue_share", "error", "usual_share"]
    ]


def _errors(known: pd.DataFrame, table: pd.DataFrame) -> pd.Series[float]:
    """Return the standard error of each share in `table`; the sampling unit is the customer, not the line."""
    keys = [SEGMENT, "value"]
    spent = known.groupby([SEGMENT, CUSTOMER_ID])["revenue"].sum().rename("all").reset_index()
    own = known.groupby([*keys, CUSTOMER_ID], dropna=False)["revenue"].sum().reset_index()
    own = own.merge(spent, on=[SEGMENT, CUSTOMER_ID])
    own = own.assign(square=own["revenue"] ** 2, product=own["revenue"] * own["all"])
    sums = table[keys].merge(
        own.groupby(keys, dropna=False)[["square", "product", "revenue"]].sum().reset_index(), on=keys
    )
    of_segment = spent.assign(square=spent["all"] ** 2).groupby(SEGMENT)
    total, squares, n = (
        sums[SEGMENT].map(part)
        for part in (of_segment["all"].sum().round(9), of_segment["square"].sum(), of_segment.size())
    )
    share = sums["revenue"] / total.where(total > 0)
    apart = (sums["square"] - 2 * share * sums["product"] + share**2 * squares).clip(lower=0.0)
    error: pd.Series[float] = (apart * n / (n - 1).where(n > 1)) ** 0.5 / total.where(total > 0)
    return error
