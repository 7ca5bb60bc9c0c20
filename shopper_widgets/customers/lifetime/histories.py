"""What the lifetime models know of customers: how often they came back, until when, and for how much."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, ORDERED_AT

Floats = npt.NDArray[np.float64]


def purchase_histories(orders: pd.DataFrame, as_of: str | pd.Timestamp | None = None) -> pd.DataFrame:
    """Sum up each customer's days with orders, as BG/NBD and Gamma–Gamma use them.

    Parameters
    ----------
    orders : pandas.DataFrame
        ``customer_id, ordered_at, amount``: orders or order lines.
    as_of : date-like, optional
        End of observation; later orders are left out. By default, the last order.

    Returns
    -------
    pandas.DataFrame
        By customer: ``customer_id``, ``repeats`` (int, days with orders after the first such day),
        ``last_repeat`` (days from the first to the last of them, 0 without repeats), ``age`` (days from the
        first to `as_of`) and ``spend_per_order`` (mean amount of a repeat day; missing without repeats).

    Raises
    ------
    ValueError
        `as_of` is not a date, or before every order.

    Notes
    -----
    The summary is that of Fader, Hardie & Lee, "Counting your customers the easy way" (*Marketing Science*
    24, 2005), where ``repeats, last_repeat, age`` are x, t_x and T; orders of one day count as one. The first
    purchase says nothing about coming back, so its amount is left out, too.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": ["ann", "ann", "ben", "ann"],
    ...     "ordered_at": pd.to_datetime(["2011-01-01", "2011-01-11", "2011-01-05", "2011-01-31"]),
    ...     "amount": [5.0, 10.0, 7.0, 20.0],
    ... })
    >>> purchase_histories(orders, as_of="2011-02-10")
      customer_id  repeats  last_repeat   age  spend_per_order
    0         ann        2         30.0  40.0             15.0
    1         ben        0          0.0  36.0              NaN
    """
    moment = orders[ORDERED_AT].max() if as_of is None else naive_timestamp("as_of", as_of)
    known = orders[orders[ORDERED_AT] <= moment]
    if known.empty:
        raise ValueError(f"as_of must not lie before every order; it is {moment}. Choose a later one.")
    codes, customers = pd.factorize(known[CUSTOMER_ID], sort=True)
    days = known[ORDERED_AT].to_numpy().astype("datetime64[D]").astype(np.int64)
    first, n_days = days.min(), np.ptp(days) + 1
    # One number stands for customer and day: sorting numbers is many times faster than grouping texts.
    key = codes * n_days + days - first
    order = np.argsort(key, kind="stable")
    begins = np.flatnonzero(np.diff(key[order], prepend=-1))
    amount = np.add.reduceat(known[AMOUNT].to_numpy(dtype=float)[order], begins)
    who, day = np.divmod(key[order][begins], n_days)
    at_first = np.flatnonzero(np.diff(who, prepend=-1))
    repeats = np.diff(at_first, append=len(who)) - 1
    amount[at_first] = 0.0
    with np.errstate(invalid="ignore"):
        spend = np.where(repeats > 0, np.add.reduceat(amount, at_first) / repeats, np.nan)
    today = (moment.normalize() - pd.Timestamp(0)).days - first
    return pd.DataFrame(
        {
            CUSTOMER_ID: customers,
            "repeats": repeats,
            "last_repeat": (day[at_first + repeats] - day[at_first]).astype(float),
            "age": (today - day[at_first]).astype(float),
            "spend_per_order": spend,
        }
    )


def columns_of(histories: pd.DataFrame, names: Sequence[str]) -> list[Floats]:
    """Return columns of histories as arrays, or raise an error that says why they can't be used.

    Raises
    ------
    TypeError, ValueError
        `histories` is no frame, lacks a column, has no row, or holds a value that is missing or negative, or
        a last repeat after the age.
    """
    if not isinstance(histories, pd.DataFrame):
        raise TypeError(
            "histories must be a pandas.DataFrame, as purchase_histories gives it; "
            f"got {type(histories).__name__}."
        )
    missing = [name for name in names if name not in histories]
    if missing:
        raise ValueError(
            f"histories lacks the column(s) {', '.join(missing)}; it has "
            f"{', '.join(map(str, histories.columns))}. purchase_histories(orders) makes it."
        )
    if histories.empty:
        raise ValueError("histories must hold at least one customer; it has no rows.")
    found = [histories[name].to_numpy(dtype=float) for name in names]
    for name, values in zip(names, found, strict=True):
        bad = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
        if len(bad):
            raise ValueError(
                f"histories[{name!r}] must be a number of at least 0; got {values[bad[0]]:g} in row {bad[0]}."
            )
    if {"last_repeat", "age"} <= set(names):
        late = np.flatnonzero(found[names.index("last_repeat")] > found[names.index("age")])
        if len(late):
            raise ValueError(
                f"histories: last_repeat must not exceed age; row {late[0]} has "
                f"{histories['last_repeat'].iloc[late[0]]:g} and {histories['age'].iloc[late[0]]:g}."
            )
    return found
