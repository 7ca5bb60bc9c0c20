"""Gaps between days with orders, and each customer's usual gap."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets.columns import CUSTOMER_ID, FREQUENCY, ORDERED_AT
from shopper_widgets.segments.rhythm import PRIOR_GAPS, expected_gaps, shop_rhythm

Ints = npt.NDArray[np.int64]

#: Nine gaps in ten are shorter than this quantile: after that time, nearly all customers from before the data
#: begin have been seen, and later first orders are from new customers.
_GAP_QUANTILE = 0.9


def order_gaps(orders: pd.DataFrame) -> pd.DataFrame:
    """Return the days between one day with orders and the next, customer by customer.

    Parameters
    ----------
    orders : pandas.DataFrame
        With ``customer_id`` and ``ordered_at``. Several orders of one day count once.

    Returns
    -------
    pandas.DataFrame
        ``customer_id, ordered_on`` (midnight of the later day), ``gap`` (int, days, at least 1); by customer,
        then day. Customers with one day of orders have none.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": ["ann"] * 4,
    ...     "ordered_at": [pd.Timestamp(2011, 1, 3, 9), pd.Timestamp(2011, 1, 3, 17),
    ...                    pd.Timestamp(2011, 1, 13), pd.Timestamp(2011, 2, 12)],
    ... })
    >>> order_gaps(orders)
      customer_id ordered_on  gap
    0         ann 2011-01-13   10
    1         ann 2011-02-12   30
    """
    codes, customers = pd.factorize(orders[CUSTOMER_ID], sort=True)
    who, day, gap = _gaps(codes, orders[ORDERED_AT])
    return pd.DataFrame(
        {
            CUSTOMER_ID: customers.take(who),
            "ordered_on": day.astype("datetime64[D]").astype("datetime64[us]"),
            "gap": gap,
        }
    )


def old_until(orders: pd.DataFrame) -> pd.Timestamp:
    """Return the moment before which a first order may be that of an older customer, before the data.

    Nine in ten gaps between two days with orders are shorter than the time from the first order to that
    moment.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-01-01", "2024-01-11", "2024-01-31"])
    >>> old_until(pd.DataFrame({"customer_id": ["ann"] * 3, "ordered_at": days}))
    Timestamp('2024-01-20 00:00:00')
    """
    gaps = order_gaps(orders)["gap"]
    reach = pd.Timedelta(days=0 if gaps.empty else float(gaps.quantile(_GAP_QUANTILE)))
    return pd.Timestamp(orders[ORDERED_AT].min() + reach)


def customer_gaps(
    orders: pd.DataFrame, customers: pd.DataFrame, *, prior_gaps: float = PRIOR_GAPS
) -> pd.DataFrame:
    """Return each customer's usual gap between orders, the one figure that all other code uses.

    Parameters
    ----------
    orders : pandas.DataFrame
        With ``customer_id`` and ``ordered_at``.
    customers : pandas.DataFrame
        With ``customer_id`` and ``frequency``.
    prior_gaps : float, default 2
        See :func:`~shopper_widgets.segments.rhythm.expected_gaps`.

    Returns
    -------
    pandas.DataFrame
        One row per customer, with the index of `customers`: ``gaps`` (int, between distinct days with
        orders), ``own_gap`` (their median in days; missing for one-time buyers) and ``expected_gap`` (days;
        missing where nobody ordered on two days).

    Examples
    --------
    >>> days = pd.to_datetime(["2024-01-01", "2024-01-11", "2024-01-21", "2024-01-31", "2024-01-03"])
    >>> orders = pd.DataFrame({"customer_id": ["ann"] * 4 + ["ben"], "ordered_at": days})
    >>> customers = pd.DataFrame({"customer_id": ["ann", "ben"], "frequency": [4, 1]})
    >>> customer_gaps(orders, customers).round(1)
       gaps  own_gap  expected_gap
    0     3     10.0          10.0
    1     0      NaN          14.1
    """
    # The ids are numbered together, so that the number of an order's customer is the row of that customer.
    codes, _ = pd.factorize(pd.concat([customers[CUSTOMER_ID], orders[CUSTOMER_ID]]))
    who, _, gap = _gaps(codes[len(customers) :], orders[ORDERED_AT])
    rows = pd.RangeIndex(len(customers))
    gaps = pd.Series(gap).groupby(who).agg(["size", "median", "mean"]).reindex(rows)
    own, count = gaps["median"].to_numpy(dtype=float), gaps["size"].fillna(0).to_numpy(dtype=np.int64)
    frequency, mean = customers[FREQUENCY].to_numpy(dtype=float), gaps["mean"].to_numpy(dtype=float)
    rhythm = shop_rhythm(mean, frequency)
    if rhythm is None:  # few came back: their gaps are all there is
        known = (mean * np.sqrt(frequency))[count > 0]
        rhythm = float(np.median(known)) if len(known) else np.nan
    expected = expected_gaps(own, count, frequency, rhythm, prior_gaps)
    return pd.DataFrame({"gaps": count, "own_gap": own, "expected_gap": expected}, index=customers.index)


def _gaps(who: Ints, ordered_at: pd.Series[pd.Timestamp]) -> tuple[Ints, Ints, Ints]:
    """Return customer, day (since 1970) and days since the customer's previous day with orders, sorted."""
    days = ordered_at.to_numpy().astype("datetime64[D]").astype(np.int64)
    first, last = (days.min(), days.max()) if len(days) else (0, 0)
    n_days = last - first + 1
    # One number stands for customer and day: sorting numbers is many times faster than sorting texts.
    who, day = np.divmod(np.sort(who * n_days + days - first), n_days)
    later = np.flatnonzero((np.diff(who) == 0) & (np.diff(day) > 0)) + 1
    return who[later], day[later] + first, day[later] - day[later - 1]
