"""Each customer's own rhythm of ordering, who is overdue by it, and what that puts at risk."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pandas as pd

from shopper_widgets._support.checks import plain
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import COUNTRY, CUSTOMER_ID, FREQUENCY, MONETARY, ORDERED_AT, RECENCY, SEGMENT
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.segments.gaps import customer_gaps
from shopper_widgets.segments.rfm import rfm_table
from shopper_widgets.segments.rhythm import (
    LATE,
    PRIOR_GAPS,
    SHORT_SILENCE,
)

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: From this score on, a customer counts as overdue. Of customers who came back twice or more, all who have
#: been silent for more than twice their own median gap (1.5 × 4/3) are overdue, and nobody whose median gap
#: has not passed is.
MIN_OVERDUE = LATE
#: A customer is valuable with at least this many orders, on at least two different days, and with a spend of
#: at least this quantile of all customers.
MIN_ORDERS, MIN_SPEND_RANK = 3, 0.75


def customer_cadence(model: ShopperModel, *, prior_gaps: float = PRIOR_GAPS) -> pd.DataFrame:
    """Return each customer's usual gap between orders, and how far their silence exceeds it.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers and their orders.
    prior_gaps : float, default 2
        How many gaps the shop's rhythm counts for beside a customer's own; 0 trusts even a single one: see
        :func:`~shopper_widgets.segments.rhythm.expected_gaps`.

    Returns
    -------
    pandas.DataFrame
        One row per customer, in the order of ``model.customers``: ``customer_id``, ``country`` where the
        orders have one, ``segment, frequency`` (orders), ``gaps``, ``own_gap`` and ``expected_gap`` as
        ``segments.gaps.customer_gaps`` gives them, ``silence`` (days since the last order, as ``recency``),
        ``overdue`` (silence ÷ expected gap: 1 is on time, 3 is three times too late), ``monetary`` and
        ``short_silence`` (days of silence that are normal in this shop, the same for all
        customers).

    Raises
    ------
    TooLittleDataError
        Nobody ordered on two different days.
    ValueError
        `prior_gaps` is negative.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
    >>> cadence = customer_cadence(model)
    >>> bool((cadence["overdue"] * cadence["expected_gap"] - cadence["silence"]).abs().max() < 1e-9)
    True
    """
    if not prior_gaps >= 0:
        raise ValueError(f"prior_gaps must be a number of at least 0; got {plain(prior_gaps)!r}.")
    customers = model.customers
    gaps = customer_gaps(model.orders, customers, prior_gaps=prior_gaps)
    if not gaps["gaps"].any():
        raise TooLittleDataError(
            gettext(
                "No customer ordered on two different days, so nobody has a usual gap yet or can be overdue."
            )
        )
    return pd.DataFrame(
        {
            **customers[[name for name in (CUSTOMER_ID, COUNTRY, SEGMENT) if name in customers]],
            FREQUENCY: customers[FREQUENCY],
            **gaps,
            "silence": customers[RECENCY],
            "overdue": customers[RECENCY] / gaps["expected_gap"],
            MONETARY: customers[MONETARY],
            "short_silence": model.short_silence,
        }
    )


def overdue_customers(
    model: ShopperModel,
    *,
    min_overdue: float = MIN_OVERDUE,
    min_silence: int | None = None,
    min_orders: int = MIN_ORDERS,
    min_spend_rank: float = MIN_SPEND_RANK,
    prior_gaps: float = PRIOR_GAPS,
    cadence: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """List valuable customers who are overdue, whatever their segment, highest spend first.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers and their orders; only `cadence` counts where that is given.
    min_overdue : float, default 1.5
        Silence of more than so many expected gaps. Of those who came back twice or more, the default lists
        all who have been silent for more than twice their own median gap, and nobody before it has passed.
    min_silence : int, optional
        Days; silence of more than so many. By default, the days of silence that are normal in this shop:
        ``short_silence`` of :func:`customer_cadence`, 60 on UCI Online Retail.
    min_orders : int, default 3
        On two different days or more: customers who ordered on one day only have no rhythm.
    min_spend_rank : float, default 0.75
        Only customers who spent at least this quantile of ``monetary``; 0.75 is the top quartile, 0 is
        everyone.
    prior_gaps : float, default 2
        See :func:`customer_cadence`. With ``prior_gaps=0, min_overdue=2`` the rule is the plain one: silent
        for more than twice one's own median gap.
    cadence : pandas.DataFrame, optional
        What :func:`customer_cadence` returned, where it is at hand; `prior_gaps` is then ignored.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`customer_cadence` and ``value_at_risk``: what they have spent so far, the
        revenue that came from people who may be leaving. Most value first, then by id.

    Raises
    ------
    TooLittleDataError, ValueError
        As for :func:`customer_cadence`; `min_spend_rank` is not between 0 and 1.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=300, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
    >>> overdue = overdue_customers(model, min_spend_rank=0.5)
    >>> bool(overdue["silence"].min() > 60 and overdue["value_at_risk"].is_monotonic_decreasing)
    True
    """
    if cadence is None:
        cadence = customer_cadence(model, prior_gaps=prior_gaps)
    compared = comparable_customers(cadence, min_orders=min_orders, min_spend_rank=min_spend_rank)
    listed = compared[is_overdue(compared, min_overdue=min_overdue, min_silence=min_silence)]
    listed = listed.assign(value_at_risk=listed[MONETARY])
    return listed.sort_values(["value_at_risk", CUSTOMER_ID], ascending=[False, True], ignore_index=True)


def is_overdue(
    cadence: Any, *, min_overdue: float = MIN_OVERDUE, min_silence: float | None = None
) -> pd.Series[bool]:
    """Return who is overdue, by the one definition that every list, sentence and chart uses.

    Parameters
    ----------
    cadence : pandas.DataFrame
        With ``overdue`` (silence ÷ expected gap), ``silence`` and ``short_silence`` (days); or one row of it.
    min_overdue : float
        More than this many usual gaps,
    min_silence : float, optional
        and more than this many days; by default ``short_silence``, or 60 if the frame doesn't have it.

    Returns
    -------
    Series of bool
        Of a single row, one bool.

    Examples
    --------
    >>> cadence = pd.DataFrame({"overdue": [1.5, 1.6, 9.0], "silence": [61, 61, 60], "short_silence": 60})
    >>> is_overdue(cadence).tolist()
    [False, True, False]
    """
    if min_silence is None:
        min_silence = cadence.get("short_silence", SHORT_SILENCE)
    late: pd.Series[bool] = (cadence["overdue"] > min_overdue) & (cadence["silence"] > min_silence)
    return late


def overdue_at(model: ShopperModel, moment: pd.Timestamp) -> pd.DataFrame | None:
    """List who was valuable and overdue at a moment, by orders up to then: see :func:`overdue_customers`.

    The normal length of a silence is that of the model's present, for every moment.

    Returns
    -------
    pandas.DataFrame or None
        None if the orders up to then are too few.
    """
    orders = model.orders[model.orders[ORDERED_AT] <= moment]
    if orders.empty:
        return None
    rfm = rfm_table(orders, as_of=moment)
    then = dataclasses.replace(model, orders=orders, customers=rfm.assign(**{SEGMENT: ""}), as_of=moment)
    try:
        return overdue_customers(then, min_silence=model.short_silence)
    except TooLittleDataError:
        return None


def comparable_customers(
    cadence: pd.DataFrame, *, min_orders: int = MIN_ORDERS, min_spend_rank: float = MIN_SPEND_RANK
) -> pd.DataFrame:
    """Return customers who would be listed as overdue if they were late enough.

    Parameters
    ----------
    cadence : pandas.DataFrame
        What :func:`customer_cadence` returns.
    min_orders, min_spend_rank : int, float
        As for :func:`overdue_customers`.

    Returns
    -------
    pandas.DataFrame
        Rows of `cadence`.

    Raises
    ------
    ValueError
        `min_spend_rank` is not between 0 and 1.

    Examples
    --------
    >>> cadence = pd.DataFrame({"customer_id": ["ann", "ben"], "gaps": [2, 0], "frequency": [3, 3],
    ...     "monetary": [50.0, 90.0]})
    >>> comparable_customers(cadence, min_spend_rank=0)["customer_id"].tolist()
    ['ann']
    """
    if not 0 <= min_spend_rank <= 1:
        raise ValueError(f"min_spend_rank must be between 0 and 1; got {plain(min_spend_rank)!r}.")
    return cadence[
        (cadence["gaps"] > 0)
        & (cadence[FREQUENCY] >= min_orders)
        & (cadence[MONETARY] >= cadence[MONETARY].quantile(min_spend_rank))
    ]


def value_at_risk(model: ShopperModel, overdue: pd.DataFrame) -> pd.DataFrame:
    """Sum up overdue customers by segment, together with all customers of the segment.

    Parameters
    ----------
    model : ShopperModel
        Gives the segments with all of their revenue.
    overdue : pandas.DataFrame
        What :func:`overdue_customers` returns.

    Returns
    -------
    pandas.DataFrame
        One row per segment, best first: ``segment, customers, overdue`` (how many), ``value_at_risk`` (what
        those spent so far) and ``share_at_risk`` (of the segment's revenue, 0 to 1).

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=300, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
    >>> value_at_risk(model, overdue_customers(model, min_spend_rank=0))["segment"].tolist()
    ['Regular', 'New', 'Occasional', 'At-Risk']
    """
    table = model.segments[[SEGMENT, "customers", "revenue"]].copy()
    by_segment = overdue.groupby(SEGMENT)["value_at_risk"].agg(["size", "sum"])
    table["overdue"] = table[SEGMENT].map(by_segment["size"]).fillna(0).astype("int64")
    table["value_at_risk"] = table[SEGMENT].map(by_segment["sum"]).fillna(0.0)
    table["share_at_risk"] = (table["value_at_risk"] / table["revenue"]).where(table["revenue"] > 0, 0.0)
    return table.drop(columns="revenue")
