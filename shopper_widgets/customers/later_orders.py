"""What customers did within a window of time, from orders or order lines on any engine."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from shopper_widgets._support.checks import check_frame, told_missing
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, IS_PRODUCT, ORDER_ID, ORDERED_AT, REQUIRED
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.orders.cleaning import clean_transactions


def orders_within(
    orders_after: Any, start: pd.Timestamp, end: pd.Timestamp
) -> tuple[pd.DataFrame, pd.Timestamp]:
    """Sum up what each customer ordered from one moment up to another, which is excluded.

    Parameters
    ----------
    orders_after : frame
        ``customer_id, ordered_at, amount``, a row per order, or per line where it has ``order_id`` too; or
        lines as :func:`~shopper_widgets.read_transactions` gives them, which are cleaned, returns netted.
    start, end : Timestamp
        The first is included, the second excluded.

    Returns
    -------
    pandas.DataFrame
        Indexed by customer: ``orders, revenue``, without customers who ordered nothing then.
    Timestamp
        The time of the last order.

    Raises
    ------
    ValueError
        A column is missing, or of another kind.
    TooLittleDataError
        No order is as late as `start`.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["a", "a", "b"], "amount": [5.0, 7.0, 9.0],
    ...     "ordered_at": pd.to_datetime(["2024-01-31", "2024-02-01", "2024-03-01"])})
    >>> orders_within(orders, pd.Timestamp("2024-02-01"), pd.Timestamp("2024-03-01"))[0]
                 orders  revenue
    customer_id
    a                 1      7.0
    """
    frame = check_frame("orders_after", orders_after).lazy()
    names = frame.collect_schema().names()
    if {*REQUIRED} <= {*names} and IS_PRODUCT not in names:
        frame = nw.from_native(clean_transactions(orders_after, returns="net").transactions).lazy()
        names = frame.collect_schema().names()
    if missing := [name for name in (CUSTOMER_ID, ORDERED_AT, AMOUNT) if name not in names]:
        raise ValueError(
            f"orders_after must have customer_id, ordered_at and amount; {told_missing(missing)}. It "
            f"has {', '.join(names)}. read_transactions(source) makes such lines of any file."
        )
    if not frame.collect_schema()[ORDERED_AT].is_temporal():
        raise ValueError(
            "orders_after: ordered_at must be dates; it is something else. read_transactions(source) reads "
            "dates of any layout."
        )
    last = pd.Timestamp(frame.select(nw.col(ORDERED_AT).max()).collect().item())
    if not last >= start:
        raise TooLittleDataError(
            f"orders_after must reach {start:%Y-%m-%d}, from which orders count; the last one is of "
            f"{last:%Y-%m-%d}. Give the orders that came after it was sent."
        )
    n_orders = nw.col(ORDER_ID).n_unique() if ORDER_ID in names else nw.len()
    inside = frame.filter(
        nw.col(ORDERED_AT) >= start, nw.col(ORDERED_AT) < end, ~nw.col(CUSTOMER_ID).is_null()
    )
    counted = inside.group_by(CUSTOMER_ID).agg(
        n_orders.alias("orders"), nw.col(AMOUNT).sum().alias("revenue")
    )
    table = counted.collect().to_pandas()
    if pd.api.types.is_numeric_dtype(table[CUSTOMER_ID]) and len(table):
        raise ValueError(
            "orders_after: customer_id must be text, such as '12346'; it is numbers. "
            "read_transactions(source) keeps ids as text."
        )
    return table.astype({CUSTOMER_ID: "str"}).set_index(CUSTOMER_ID), last
