"""Customers by the month of their first order: how many come back, and what they bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets._support.checks import plain
from shopper_widgets._support.formatting import format_month
from shopper_widgets._support.locale import N_, gettext, ngettext
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, ORDERED_AT
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.segments.gaps import old_until

Ints = npt.NDArray[np.int64]

#: Of fewer customers than this, the share who come back says too little.
FEWEST_IN_COHORT = 20


def cohort_table(
    orders: pd.DataFrame,
    *,
    began: tuple[dt.date, dt.date] | None = None,
    among: Collection[str] | None = None,
) -> pd.DataFrame:
    """Follow customers month by month from the month of their first order.

    Parameters
    ----------
    orders : pandas.DataFrame
        ``customer_id, ordered_at, amount``: orders or order lines.
    began : tuple of date, optional
        First and last day of the first orders: only customers who began on these days are followed.
    among : collection of str, optional
        Ids of customers: only these are followed. The months are those of all orders.

    Returns
    -------
    pandas.DataFrame
        One row per cohort and month since, up to the last month of the orders, by both: ``cohort`` (the first
        day of its month), ``months_since`` (int, 0 is the month itself), ``customers`` (who ordered in that
        month), ``revenue``, ``cohort_size``, ``retention`` (customers ÷ size, 0 to 1), ``is_partial`` (the
        orders don't cover the whole calendar month; days count as whole) and ``is_left_censored`` (the cohort
        holds customers who may have ordered before the orders begin). Months without orders count 0. Empty
        where nobody of `among` began on the days of `began`.

    Raises
    ------
    TooLittleDataError
        There are no orders, or all lie within one month: nobody could come back in another.

    Notes
    -----
    *Left-censoring.* A customer who first appears soon after the data begin may be an old customer. A cohort
    is marked when its month begins within the 90th percentile of the days between orders after the first
    order of all; the first cohort is always marked.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": ["ann", "ben", "ann", "cid"],
    ...     "ordered_at": pd.to_datetime(["2024-01-01", "2024-01-20", "2024-02-15", "2024-02-29"]),
    ...     "amount": [10.0, 20.0, 30.0, 40.0],
    ... })
    >>> cohort_table(orders)[["cohort", "months_since", "customers", "revenue", "retention"]]
          cohort  months_since  customers  revenue  retention
    0 2024-01-01             0          2     30.0        1.0
    1 2024-01-01             1          1     30.0        0.5
    2 2024-02-01             0          1     40.0        1.0
    """
    if orders.empty:
        raise TooLittleDataError("orders must hold at least one order; there are none.")
    when = orders[ORDERED_AT]
    codes, month, start = first_months(orders)
    first, last = int(month.min()), int(month.max())
    if first == last:
        raise TooLittleDataError(
            gettext(
                "All orders fall in {month}: nobody could come back in another month.",
                month=format_month(when.iloc[0]),
            )
        )
    followed = began_within(orders, codes, began, among)
    here = followed[codes]
    cohort = start[codes]

    n = last - first + 1
    cell = ((cohort - first) * n + (month - cohort))[here]
    revenue = np.bincount(cell, weights=orders[AMOUNT].to_numpy(dtype=float)[here], minlength=n * n)
    once = np.sort(cell * len(start) + codes[here])
    once = once[np.diff(once, prepend=-1) > 0]
    active = np.bincount(once // len(start), minlength=n * n)
    starts, since = np.divmod(np.arange(n * n), n)
    size = np.bincount(start[followed] - first, minlength=n)
    seen = (starts + since < n) & (size[starts] > 0)
    begins = pd.DatetimeIndex([_begin(first + i) for i in range(n)]).as_unit("us")
    partial = _is_partial(begins, when.min(), when.max())
    at, k = starts[seen], since[seen]
    return pd.DataFrame(
        {
            "cohort": begins[at],
            "months_since": k,
            "customers": active[seen],
            "revenue": revenue[seen],
            "cohort_size": size[at],
            "retention": active[seen] / size[at],
            "is_partial": partial[at + k],
            "is_left_censored": _is_left_censored(begins, orders)[at],
        }
    )


def cohort_matrix(
    cohorts: pd.DataFrame, values: Literal["retention", "customers", "revenue"] = "retention"
) -> pd.DataFrame:
    """Arrange a cohort table as the usual triangle.

    Parameters
    ----------
    cohorts : pandas.DataFrame
        What :func:`cohort_table` returns.
    values : {"retention", "customers", "revenue"}, default "retention"
        What the cells hold: the share of the cohort who ordered, 0 to 1, how many did, or their spend.

    Returns
    -------
    pandas.DataFrame of shape (n_cohorts, n_months)
        Index ``cohort``, columns ``months_since``; missing where the month lies beyond the data.

    Raises
    ------
    ValueError
        `values` is none of these.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": ["ann", "ben", "ann", "cid"],
    ...     "ordered_at": pd.to_datetime(["2024-01-01", "2024-01-20", "2024-02-15", "2024-02-29"]),
    ...     "amount": [10.0, 20.0, 30.0, 40.0],
    ... })
    >>> cohort_matrix(cohort_table(orders), "revenue")
    months_since     0     1
    cohort
    2024-01-01    30.0  30.0
    2024-02-01    40.0   NaN
    """
    if values not in ("retention", "customers", "revenue"):
        raise ValueError(f"values must be 'retention', 'customers' or 'revenue'; got {plain(values)!r}.")
    return cohorts.pivot(index="cohort", columns="months_since", values=values)  # noqa: PD010


def cohort_caveats(cohorts: pd.DataFrame) -> list[str]:
    """Return sentences on what a cohort table can't show.

    Parameters
    ----------
    cohorts : pandas.DataFrame
        What :func:`cohort_table` returns.

    Returns
    -------
    list of str
        Empty without caveats.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": ["ann", "ann"],
    ...     "ordered_at": pd.to_datetime(["2024-01-01", "2024-02-15"]),
    ...     "amount": [10.0, 20.0],
    ... })
    >>> for sentence in cohort_caveats(cohort_table(orders)):
    ...     print(sentence)
    The cohort of Jan 2024 may include existing customers: the data don't show earlier orders.
    Feb 2024 is not complete: its figures are too low.
    No cohort has 20 customers or more, so no retention rate is reliable.
    """
    said = []
    old = cohorts.loc[cohorts["is_left_censored"], "cohort"].unique()
    if len(old):
        first, last = pd.Timestamp(min(old)), pd.Timestamp(max(old))
        said.append(
            gettext(
                N_(
                    "The cohort of {first} may include existing customers: the data don't show earlier "
                    "orders."
                )
                if first == last
                else N_(
                    "The cohorts of {first} to {last} may include existing customers: the data "
                    "don't show earlier orders."
                ),
                first=format_month(first),
                last=format_month(last),
            )
        )
    partial = cohorts[cohorts["is_partial"]]
    months = sorted(
        {
            cohort + pd.DateOffset(months=since)
            for cohort, since in zip(partial["cohort"], partial["months_since"], strict=True)
        }
    )
    if months:
        said.append(
            ngettext(
                "{months} is not complete: its figures are too low.",
                "{months} are not complete: their figures are too low.",
                len(months),
                months=gettext(" and ").join(format_month(month) for month in months),
            )
        )
    sizes = cohorts.groupby("cohort")["cohort_size"].first()
    small = int((sizes < FEWEST_IN_COHORT).sum())
    if small == len(sizes):
        said.append(
            gettext(
                "No cohort has {fewest} customers or more, so no retention rate is reliable.",
                fewest=FEWEST_IN_COHORT,
            )
        )
    elif small:
        said.append(
            ngettext(
                "{number} of the {all} cohorts has fewer than {fewest} customers, too few for a reliable "
                "retention rate.",
                "{number} of the {all} cohorts have fewer than {fewest} customers, too few for a reliable "
                "retention rate.",
                small,
                number=small,
                all=len(sizes),
                fewest=FEWEST_IN_COHORT,
            )
        )
    return said


def first_months(orders: pd.DataFrame) -> tuple[Ints, Ints, Ints]:
    """Return the customer of each order, by number, the order's month, and each customer's first month.

    Parameters
    ----------
    orders : pandas.DataFrame
        ``customer_id, ordered_at``; at least one.

    Returns
    -------
    codes, month : ndarray of shape (n_orders,)
        Months are counted since the year 0.
    began : ndarray of shape (n_customers,)
        By number of the customer, also counted since the year 0.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-02-01", "2024-01-31", "2024-02-29"])
    >>> codes, month, began = first_months(pd.DataFrame({"customer_id": list("aba"), "ordered_at": days}))
    >>> codes.tolist(), (month - month.min()).tolist(), (began - month.min()).tolist()
    ([0, 1, 0], [1, 0, 1], [1, 0])
    """
    when = orders[ORDERED_AT]
    month = (when.dt.year * 12 + when.dt.month - 1).to_numpy(dtype=np.int64)
    codes, customers = pd.factorize(orders[CUSTOMER_ID])
    began = np.full(len(customers), month.max())
    np.minimum.at(began, codes, month)
    return codes, month, began


def began_within(
    orders: pd.DataFrame,
    codes: Ints,
    began: tuple[dt.date, dt.date] | None,
    among: Collection[str] | None = None,
) -> npt.NDArray[np.bool_]:
    """Return for each customer number whether they are among these and began on these days.

    Without customers or days, all of them do.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-02-01 09:00", "2024-01-31 18:00", "2024-02-29 12:00"])
    >>> january = (dt.date(2024, 1, 1), dt.date(2024, 1, 31))
    >>> began_within(pd.DataFrame({"ordered_at": days}), np.array([0, 1, 0]), january).tolist()
    [False, True]
    """
    followed = np.ones(codes.max() + 1, dtype=bool)
    if began is not None:
        first = orders[ORDERED_AT].dt.normalize().groupby(codes).min()
        followed &= np.asarray(first.between(*map(pd.Timestamp, began)))
    if among is not None:
        followed[codes[~orders[CUSTOMER_ID].isin(among).to_numpy()]] = False
    return followed


def _begin(month: int) -> pd.Timestamp:
    return pd.Timestamp(year=month // 12, month=month % 12 + 1, day=1)


def _is_partial(begins: pd.DatetimeIndex, first: pd.Timestamp, last: pd.Timestamp) -> np.ndarray:
    ends = begins + pd.offsets.MonthEnd(0)
    return np.asarray((begins < first.normalize()) | (ends > last.normalize()))


def _is_left_censored(begins: pd.DatetimeIndex, orders: pd.DataFrame) -> np.ndarray:
    censored = np.asarray(begins < old_until(orders))
    censored[0] = True
    return censored
