"""Each customer's own rhythm of ordering, who is overdue by it, and what that puts at risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from shopper_widgets.columns import CUSTOMER_ID, FREQUENCY, MONETARY, ORDERED_AT, RECENCY, SEGMENT
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.segments.rhythm import LATE, SHORT_SILENCE, gaps_between

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: How many gaps the segment's rhythm counts for beside a customer's own: about the ratio of the variance of
#: log gaps within customers to that between customers of one segment (0.9 to 0.1–0.5 on UCI Online Retail,
#: where one to three tell the next gap about equally well, and none by far worst).
PRIOR_GAPS = 2.0
#: How far the segment may move the rhythm of who came back twice or more, up or down.
MOST_MOVED = 4 / 3
#: From this score on a customer counts as overdue. Of those who came back twice or more, all who have been
#: silent for more than twice their own median gap do (1.5 × 4/3), and nobody whose median gap has not passed.
MIN_OVERDUE = LATE
#: Days of silence that are nobody's problem.
MIN_SILENCE = SHORT_SILENCE
#: Valuable are those who ordered so often or more, on two different days at least, and spent as much as the
#: customer at this place of all, from 0 to 1, or more.
MIN_ORDERS, MIN_SPEND_RANK = 3, 0.75
#: A segment with fewer customers who came back lends the shop's rhythm.
_FEWEST = 5


def customer_cadence(model: ShopperModel, *, prior_gaps: float = PRIOR_GAPS) -> pd.DataFrame:
    """Say how often each customer orders, and how far their silence exceeds it.

    Parameters
    ----------
    model : ShopperModel
    prior_gaps : float, default 2
        How many gaps the segment's rhythm counts for beside a customer's own; 0 trusts even a single one.

    Returns
    -------
    pandas.DataFrame
        One row per customer, in the order of ``model.customers``: ``customer_id, segment, frequency``
        (orders), ``gaps`` (int, between distinct days with orders), ``own_gap`` (their median in days;
        missing for one-time buyers), ``expected_gap`` (days), ``silence`` (days since the last order, as
        ``recency``), ``overdue`` (silence ÷ expected gap: 1 is on time, 3 is three times too late) and
        ``monetary``.

    Raises
    ------
    TooLittleDataError
        Nobody ordered on two different days.
    ValueError
        `prior_gaps` is negative.

    Notes
    -----
    With n gaps and m the median of the segment's own gaps, the expected gap is
    ``exp((n log own_gap + prior_gaps log m) / (n + prior_gaps))``: few gaps are drawn towards the segment's,
    on the log scale, since gaps are skewed (the weights of James & Stein, *Estimation with quadratic loss*,
    1961, with `prior_gaps` the ratio of variances). From two gaps on a rhythm is the customer's own: the
    segment moves it by a third at the most (limited translation: Efron & Morris, *Limiting the risk of Bayes
    and empirical Bayes estimators*, 1972), so that who differs from it is not taken for its average.
    One-time buyers get m itself. A segment in which fewer than five customers came back takes m from the
    whole shop.

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
        raise ValueError(f"prior_gaps must be a number of at least 0; got {prior_gaps!r}.")
    customers, orders = model.customers, model.orders
    # Numbered together, an order's customer is the number of their row.
    codes, _ = pd.factorize(pd.concat([customers[CUSTOMER_ID], orders[CUSTOMER_ID]]))
    who, _, gap = gaps_between(codes[len(customers) :], orders[ORDERED_AT])
    if not len(gap):
        raise TooLittleDataError(
            "No customer ordered on two different days: nobody has a rhythm yet that they could be behind."
        )
    rows = pd.RangeIndex(len(customers))
    gaps = pd.Series(gap).groupby(who).agg(["size", "median"]).reindex(rows).set_axis(customers.index)
    own, count = gaps["median"], gaps["size"].fillna(0).astype("int64")
    typical = own.groupby(customers[SEGMENT]).median()
    typical = typical.where(own.groupby(customers[SEGMENT]).count() >= _FEWEST, own.median())
    prior = customers[SEGMENT].map(typical).astype("float64")
    # Without a gap of one's own the segment's counts alone, whatever its weight.
    weight = np.where(count > 0, count / np.maximum(count + prior_gaps, 1e-300), 0.0)
    expected = np.exp(weight * np.log(own.fillna(1.0)) + (1 - weight) * np.log(prior))
    expected = expected.clip(own / MOST_MOVED, own * MOST_MOVED).where(count > 1, expected)
    return pd.DataFrame(
        {
            CUSTOMER_ID: customers[CUSTOMER_ID],
            SEGMENT: customers[SEGMENT],
            FREQUENCY: customers[FREQUENCY],
            "gaps": count,
            "own_gap": own,
            "expected_gap": expected,
            "silence": customers[RECENCY],
            "overdue": customers[RECENCY] / expected,
            MONETARY: customers[MONETARY],
        }
    )


def overdue_customers(
    model: ShopperModel,
    *,
    min_overdue: float = MIN_OVERDUE,
    min_silence: int = MIN_SILENCE,
    min_orders: int = MIN_ORDERS,
    min_spend_rank: float = MIN_SPEND_RANK,
    prior_gaps: float = PRIOR_GAPS,
    cadence: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """List valuable customers who should have ordered by now, whatever their segment: most at risk first.

    Parameters
    ----------
    model : ShopperModel
    min_overdue : float, default 1.5
        Silence of more than so many expected gaps. Of those who came back twice or more, the default lists
        all who have been silent for more than twice their own median gap, and nobody before it has passed.
    min_silence : int, default 60
        Days; silence of more than so many.
    min_orders : int, default 3
        On two different days or more: who ordered on one day only has no rhythm of their own.
    min_spend_rank : float, default 0.75
        Only who spent at least what this share of the customers did not exceed (the quantile of
        ``monetary``); 0.75 is the top quartile, 0 is everyone.
    prior_gaps : float, default 2
        See :func:`customer_cadence`. With ``prior_gaps=0, min_overdue=2`` the rule is the plain one: silent
        for more than twice one's own median gap.
    cadence : pandas.DataFrame, optional
        What :func:`customer_cadence` returned, where it is at hand; `prior_gaps` is not looked at then.

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
    cadence: Any, *, min_overdue: float = MIN_OVERDUE, min_silence: float = MIN_SILENCE
) -> pd.Series[bool]:
    """Say who is overdue: the one definition that every list, sentence and chart reads.

    Parameters
    ----------
    cadence : pandas.DataFrame
        With ``overdue`` (silence ÷ expected gap) and ``silence`` (days); or one row of it.
    min_overdue, min_silence : float
        More than so many usual gaps, and more than so many days.

    Returns
    -------
    Series of bool
        Of a single row, one bool.

    Examples
    --------
    >>> is_overdue(pd.DataFrame({"overdue": [1.5, 1.6, 9.0], "silence": [61, 61, 60]})).tolist()
    [False, True, False]
    """
    late: pd.Series[bool] = (cadence["overdue"] > min_overdue) & (cadence["silence"] > min_silence)
    return late


def comparable_customers(
    cadence: pd.DataFrame, *, min_orders: int = MIN_ORDERS, min_spend_rank: float = MIN_SPEND_RANK
) -> pd.DataFrame:
    """Return those who would be listed as overdue if only they were late enough.

    Parameters
    ----------
    cadence : pandas.DataFrame
        What :func:`customer_cadence` returns.
    min_orders, min_spend_rank
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
        raise ValueError(f"min_spend_rank must be between 0 and 1; got {min_spend_rank!r}.")
    return cadence[
        (cadence["gaps"] > 0)
        & (cadence[FREQUENCY] >= min_orders)
        & (cadence[MONETARY] >= cadence[MONETARY].quantile(min_spend_rank))
    ]


def value_at_risk(model: ShopperModel, overdue: pd.DataFrame) -> pd.DataFrame:
    """Add overdue customers up by segment, beside all of the segment's customers.

    Parameters
    ----------
    model : ShopperModel
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
