"""How new customers began, what they bought next, and what they spent, all followed for the same time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets._support.checks import check_count
from shopper_widgets._support.formatting import count_of, format_day
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import CUSTOMER_ID, ORDERED_AT
from shopper_widgets.customers.journeys.purchases import Ints, Purchases, as_day, purchases_of
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.segments.gaps import old_until

if TYPE_CHECKING:
    from scipy.sparse import csc_array

#: The days for which new customers are followed.
DAYS = 90


@dataclass(frozen=True)
class Starts:
    """New customers who could be followed for the whole time.

    Attributes
    ----------
    days : int
        How many days they were followed.
    since, until : Timestamp
        First and last day on which they may have begun.
    products : DataFrame
        ``product_id, product_name``: the columns of the two tables.
    first, second : sparse array of shape (n_customers, n_products)
        1 for each product of the first day with orders, and of the second, where that came in time.
    came_back : ndarray of bool
        Whether the customer ordered again within these days.
    gap : ndarray of int
        Days to the second day with orders; 0 for customers who did not come back in time.
    later_value : ndarray of float
        What the customer spent within these days, after the first one.
    """

    days: int
    since: pd.Timestamp
    until: pd.Timestamp
    products: pd.DataFrame
    first: csc_array
    second: csc_array
    came_back: npt.NDArray[np.bool_]
    gap: Ints
    later_value: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.came_back)


def new_starts(
    lines: pd.DataFrame,
    days: int = DAYS,
    *,
    began: tuple[dt.date, dt.date] | None = None,
    among: Collection[str] | None = None,
) -> Starts:
    """Follow new customers for a number of days from their first day with orders.

    Parameters
    ----------
    lines : pandas.DataFrame
        Cleaned lines: ``customer_id, product_id, product_name, ordered_at, amount, is_product``.
    days : int, default 90
        Customers who began fewer days before the end of the lines are left out, whether they came back or
        not; so are those who may have ordered before the lines begin.
    began : tuple of date, optional
        First and last day on which they may have begun, where these are narrower.
    among : collection of str, optional
        Ids of customers: only these are followed.

    Returns
    -------
    Starts
        The new customers, with the lines of the days in which they are followed.

    Raises
    ------
    ValueError
        `days` is not a whole number from 1, or a column is missing.
    TooLittleDataError
        Nobody can be followed for that long.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=150, n_products=30, n_days=300, random_state=0)
    >>> starts = new_starts(ShopperModel.fit(orders, n_clusters=4, progress=False).lines, days=60)
    >>> bool((starts.gap[starts.came_back] <= 60).all())
    True
    """
    check_count("days", days)
    bought = purchases_of(lines)
    start = np.full(len(bought.customer_ids), bought.last_day)
    np.minimum.at(start, bought.who, bought.day)
    since = old = old_until(lines.loc[lines[CUSTOMER_ID].notna(), [CUSTOMER_ID, ORDERED_AT]]).ceil("D")
    until = as_day(bought.last_day - days)
    if began is not None:
        since, until = max(since, pd.Timestamp(began[0])), min(until, pd.Timestamp(began[1]))
    first, last = (np.datetime64(day, "D").astype(np.int64) for day in (since, until))
    counted = (start >= first) & (start <= last)
    if among is not None:
        counted &= np.isin(bought.customer_ids, list(among))
    if not counted.any():
        span = {"first": format_day(began[0]), "last": format_day(began[1])} if began else {}
        raise TooLittleDataError(
            gettext(
                N_(
                    "None of these customers can be followed for {days} after a first order: customers "
                    "count as new from {start} on, and the orders end on {end}."
                )
                if among is not None
                else N_(
                    "No customer from {first} to {last} can be followed for {days} after a first order: "
                    "customers count as new from {start} on, and the orders end on {end}."
                )
                if began
                else N_(
                    "No customer can be followed for {days} after a first order: customers count as new "
                    "from {start} on, and the orders end on {end}."
                ),
                days=count_of(days, "day"),
                start=format_day(old),
                end=format_day(as_day(bought.last_day)),
                **span,
            )
        )
    return _followed(bought, start, counted, days, since, until)


def _followed(
    bought: Purchases,
    began: Ints,
    counted: npt.NDArray[np.bool_],
    days: int,
    since: pd.Timestamp,
    until: pd.Timestamp,
) -> Starts:
    place = np.where(counted, counted.cumsum() - 1, -1)
    n, age = int(counted.sum()), bought.day - began[bought.who]
    here = counted[bought.who] & (age <= days)
    who, what, age = place[bought.who[here]], bought.what[here], age[here]
    goods, amount = bought.is_product[here], bought.amount[here]
    later = age > 0
    gap = np.full(n, days + 1)
    np.minimum.at(gap, who[later], age[later])
    came_back = gap <= days
    gap = np.where(came_back, gap, 0)
    shape = (n, len(bought.products))
    return Starts(
        days=days,
        since=since,
        until=until,
        products=bought.products,
        first=_marked(who[goods & ~later], what[goods & ~later], shape),
        second=_marked(
            who[goods & later & (age == gap[who])], what[goods & later & (age == gap[who])], shape
        ),
        came_back=came_back,
        gap=gap,
        later_value=np.bincount(who[later], weights=amount[later], minlength=n).astype(np.float64),
    )


def _marked(rows: Ints, columns: Ints, shape: tuple[int, int]) -> csc_array:
    """Return a table of ones where a customer bought a product, however often."""
    from scipy.sparse import coo_array

    marked = coo_array((np.ones(len(rows)), (rows, columns)), shape=shape).tocsc()
    marked.data[:] = 1.0
    return marked
