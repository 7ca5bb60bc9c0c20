"""What was returned from which order, and when, so that the past can be shown as it was known then."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, ORDER_ID, ORDERED_AT, QUANTITY
from shopper_widgets.orders.returns import DUST, MATCHED_ON, REMAINING

#: Columns of the table; one row for each order, time of its lines and time of a return.
RETURNED_AT = "returned_at"
RETURNED = (CUSTOMER_ID, ORDER_ID, ORDERED_AT, RETURNED_AT, AMOUNT)


def taken_back(matched: Any) -> pd.DataFrame:
    """Return what netting deducts from each order, and when it came back.

    Each return takes from the latest sale before it of which something is left, as in
    :mod:`shopper_widgets.orders.returns`; that is decided at its time, whatever comes after it. So the orders
    with what came back after a date added again are the orders that were known on that date.

    Parameters
    ----------
    matched : Narwhals frame
        What ``returns.matched_returns`` gives.

    Returns
    -------
    pandas.DataFrame
        ``customer_id, order_id, ordered_at, returned_at, amount``; in order of time.

    Examples
    --------
    >>> day = pd.Timestamp("2024-01-01")
    >>> events = pd.DataFrame({
    ...     "customer_id": "ann", "product_id": "TEA", "_price": 2.0, "order_id": ["1", "2", "C3"],
    ...     "ordered_at": [day, day + pd.Timedelta(days=1), day + pd.Timedelta(days=9)],
    ...     "quantity": [5.0, 1.0, -2.0], "amount": [10.0, 2.0, -4.0],
    ...     "_remaining": [4.0, 0.0, 0.0], "_unmatched": 0.0,
    ... })
    >>> taken_back(nw.from_native(events))[["order_id", "amount"]].values.tolist()
    [['1', 2.0], ['2', 2.0]]
    """
    # Sales of which everything is left were never touched: without them, the stack of the others is the same.
    columns = (*MATCHED_ON, ORDER_ID, ORDERED_AT, QUANTITY, AMOUNT)
    found = matched.filter(nw.col(REMAINING) != nw.col(QUANTITY).cast(nw.Float64)).select(*columns)
    there = found.collect() if isinstance(found, nw.LazyFrame) else found
    events: pd.DataFrame = there.to_pandas()
    events["_is_return"] = events[QUANTITY] < 0
    events = events.sort_values([*MATCHED_ON, ORDERED_AT, "_is_return", ORDER_ID, QUANTITY])
    sale, by, units = _pairs(
        events.groupby([*MATCHED_ON]).ngroup().to_numpy(), events[QUANTITY].to_numpy(float)
    )
    table = events.iloc[sale][[CUSTOMER_ID, ORDER_ID, ORDERED_AT]].reset_index(drop=True)
    table[RETURNED_AT] = events[ORDERED_AT].to_numpy()[by]
    table[AMOUNT] = (events[AMOUNT] / events[QUANTITY]).to_numpy(float)[sale] * units
    for name in table.select_dtypes("category"):
        table[name] = table[name].astype(table[name].cat.categories.dtype)
    *keys, _ = RETURNED
    summed: pd.DataFrame = table.groupby(keys)[[AMOUNT]].sum().reset_index()
    return summed.sort_values([RETURNED_AT, *keys], ignore_index=True)


def _pairs(key: np.ndarray, quantity: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return sale, return and units of each match; sale and return are positions in the sorted events."""
    pairs: list[tuple[int, int, float]] = []
    left: list[list[float]] = []
    for place, units in enumerate(quantity.tolist()):
        if not place or key[place] != key[place - 1]:
            left = []
        if units > 0:
            left.append([place, units])
        while units < -DUST and left:
            sale, there = left[-1]
            taken = min(-units, there)
            pairs.append((int(sale), place, taken))
            units, left[-1][1] = units + taken, there - taken
            if left[-1][1] <= DUST:
                left.pop()
    sale, by, taken = np.array(pairs or np.empty((0, 3))).T
    return sale.astype(int), by.astype(int), taken
