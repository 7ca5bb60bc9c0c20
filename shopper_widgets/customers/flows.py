"""Movements of customers between segments from one date to a later one."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import plain
from shopper_widgets._support.locale import N_
from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets.columns import CUSTOMER_ID, FREQUENCY, MONETARY, SEGMENT
from shopper_widgets.customers.history import Moment
from shopper_widgets.segments.naming import is_silent

#: Where customers come from who had not ordered yet; no segment has this name.
NEW = N_("No orders yet")
#: Amounts that differ by less than this are equal.
_DUST = 0.005
#: What a customer can do between two dates, in the order in which tables list it.
KINDS = ("new", "returned", "moved", "stayed")
#: What movements can't tell apart, for readers.
CAVEAT = N_(
    "Orders and spend accumulate from the first day of the data, so some customers rise only "
    "because more of their orders are known by the later date."
)


def movements(history: pd.DataFrame, start: Moment, end: Moment) -> pd.DataFrame:
    """Return each customer's segment on one date and on a later one.

    Parameters
    ----------
    history : pandas.DataFrame
        What :func:`~shopper_widgets.segment_history` returns.
    start, end : date-like
        Two of its dates, `start` before `end`; a day is enough where the history has one date of that day.

    Returns
    -------
    pandas.DataFrame
        ``customer_id, from, to, kind, revenue_before`` (up to and including `start`), ``revenue_between``
        (after `start`, up to and including `end`); by customer. ``kind`` is

        - ``new``: the first order came between; ``from`` is ``No orders yet``,
        - ``returned``: silent at `start` (:func:`~shopper_widgets.segments.naming.is_silent`), and ordered
          between,
        - ``moved``: any other change of segment, by ordering or by silence,
        - ``stayed``.

    Raises
    ------
    ValueError
        A date is not in the history, or `start` is not before `end`.

    Examples
    --------
    >>> history = pd.DataFrame({
    ...     "customer_id": ["ann", "ben", "ann", "ben", "cid"],
    ...     "date": pd.to_datetime(["2011-10-31"] * 2 + ["2011-11-30"] * 3),
    ...     "recency": [5, 200, 35, 2, 1], "frequency": [4, 1, 4, 2, 1],
    ...     "monetary": [90.0, 20.0, 90.0, 50.0, 10.0],
    ...     "segment": ["Regular", "At-Risk", "Regular", "Regular", "Occasional"],
    ... })
    >>> movements(history, "2011-10-31", "2011-11-30").drop(columns="revenue_before")
      customer_id           from          to      kind  revenue_between
    0         ann        Regular     Regular    stayed              0.0
    1         ben        At-Risk     Regular  returned             30.0
    2         cid  No orders yet  Occasional       new             10.0
    """
    before, after = _find(history, "start", start), _find(history, "end", end)
    if not before < after:
        raise ValueError(f"start must be before end; got {before} and {after}.")
    columns = [CUSTOMER_ID, FREQUENCY, MONETARY, SEGMENT]
    there = history.loc[history["date"] == after, columns]
    moved = there.merge(
        history.loc[history["date"] == before, columns],
        on=CUSTOMER_ID,
        how="left",
        suffixes=("", "_before"),
        validate="1:1",
    )
    new = moved["frequency_before"].isna()
    ordered = moved[FREQUENCY] > moved["frequency_before"]
    source = moved["segment_before"].where(~new, NEW)
    kind = np.select(
        [new, ordered & source.map(is_silent).astype(bool), source != moved[SEGMENT]], KINDS[:3], KINDS[3]
    )
    revenue = moved["monetary_before"].fillna(0.0)
    between = moved[MONETARY] - revenue
    return pd.DataFrame(
        {
            CUSTOMER_ID: moved[CUSTOMER_ID],
            "from": source,
            "to": moved[SEGMENT],
            "kind": kind,
            "revenue_before": revenue,
            # Sums differ in their last digits: for a customer without orders or returns, the difference is
            # set to 0.
            "revenue_between": between.where(new | ordered | (between.abs() > _DUST), 0.0),
        }
    ).sort_values(CUSTOMER_ID, ignore_index=True)


def transitions(history: pd.DataFrame, start: Moment, end: Moment) -> pd.DataFrame:
    """Count customers who moved from each segment to each other one, with their revenue.

    Parameters
    ----------
    history, start, end : pandas.DataFrame, date-like, date-like
        As for :func:`movements`, which gives the customers one by one.

    Returns
    -------
    pandas.DataFrame
        ``from, to, kind, customers, revenue_before, revenue_between, is_partial``, new customers first, then
        returned ones, those who moved, and those who stayed; the largest flow of a kind first. What customers
        had spent up to and including `start` is ``revenue_before``, what they spent after it, up to and
        including `end`, ``revenue_between``: each adds up to what the customers at `end` spent. Customers who
        have sent everything back by then are in no flow. ``is_partial`` is true throughout where the month of
        `start` or `end` is not covered whole.

    Raises
    ------
    ValueError
        As for :func:`movements`.

    Examples
    --------
    >>> history = pd.DataFrame({
    ...     "customer_id": ["ann", "ben", "ann", "ben"],
    ...     "date": pd.to_datetime(["2011-10-31"] * 2 + ["2011-11-30"] * 2),
    ...     "recency": [5, 20, 35, 50], "frequency": [4, 1, 4, 1], "monetary": [90.0, 20.0, 90.0, 20.0],
    ...     "segment": ["Regular", "Regular", "Regular", "At-Risk"],
    ... })
    >>> transitions(history, "2011-10-31", "2011-11-30").drop(columns="is_partial")
          from       to    kind  customers  revenue_before  revenue_between
    0  Regular  At-Risk   moved          1            20.0              0.0
    1  Regular  Regular  stayed          1            90.0              0.0
    """
    ends = [_find(history, "start", start), _find(history, "end", end)]
    partial = "is_partial" in history and bool(history.loc[history["date"].isin(ends), "is_partial"].any())
    return count_flows(movements(history, start, end)).assign(is_partial=partial)


def count_flows(moved: pd.DataFrame) -> pd.DataFrame:
    """Add up :func:`movements`: the columns of :func:`transitions` without ``is_partial``."""
    flows = (
        moved.groupby(["from", "to", "kind"], sort=True)
        .agg(
            customers=(CUSTOMER_ID, "size"),
            revenue_before=("revenue_before", "sum"),
            revenue_between=("revenue_between", "sum"),
        )
        .reset_index()
    )
    place = flows["kind"].map(KINDS.index)
    order = np.lexsort((flows["to"], flows["from"], -flows["customers"], place))
    return flows.iloc[order].reset_index(drop=True)


def is_flow(moved: pd.DataFrame, flows: Collection[tuple[str, str]]) -> pd.Series[bool]:
    """Say which rows of :func:`movements` belong to one of some flows, each a pair of ``from`` and ``to``."""
    pairs = pd.MultiIndex.from_frame(moved[["from", "to"]])
    return pd.Series(pairs.isin(list(flows)), index=moved.index)


def _find(history: pd.DataFrame, name: str, date: Moment) -> pd.Timestamp:
    moment = naive_timestamp(name, date)
    dates = pd.DatetimeIndex(history["date"].unique()).sort_values()
    if moment in dates:
        return moment
    same_day = dates[dates.normalize() == moment]
    if len(same_day) == 1:
        return pd.Timestamp(same_day[0])
    raise ValueError(
        f"{name} must be one of the history's dates, {', '.join(f'{d:%Y-%m-%d %H:%M}' for d in dates)}; "
        f"got {plain(date)!r}. segment_history(model, dates=[...]) looks at other dates."
    )
