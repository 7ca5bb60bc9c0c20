"""Customers through time: which segment each was in, and who moved from where to where."""

from __future__ import annotations

import datetime as dt
import logging
import warnings
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets.cleaning import naive_timestamp
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    FREQUENCY,
    MONETARY,
    ORDER_ID,
    ORDERED_AT,
    RFM,
    SEGMENT,
)
from shopper_widgets.rfm import counted_lines
from shopper_widgets.segments import OutOfRangeWarning

if TYPE_CHECKING:
    from shopper_widgets.model import ShopperModel

logger = logging.getLogger(__name__)

Moment = str | dt.date | pd.Timestamp

#: Where customers come from who had not ordered yet; no segment has this name.
NEW = "No orders yet"
#: Segments of customers who went silent: who orders again out of one of these has returned.
SILENT_SEGMENTS = frozenset({"At-Risk", "Slipping", "Cannot Lose Them", "At Risk", "Hibernating", "Lost"})
#: How a customer can get from one date to the next, in the order in which tables list it.
KINDS = ("new", "returned", "moved", "stayed")

#: Marks the first line of each order and customer: so many are the orders.
_FIRST = "is_first"
_SECOND, _DAY = pd.Timedelta(seconds=1), pd.Timedelta(days=1)


def month_ends(orders: pd.DataFrame) -> list[pd.Timestamp]:
    """Return the last second of each month that the orders cover to its end.

    Parameters
    ----------
    orders : pandas.DataFrame
        With ``ordered_at``. Days count whole: orders up to the 30th cover a month of thirty days.

    Returns
    -------
    list of Timestamp
        Ascending; empty where the orders end before their first month does.

    Examples
    --------
    >>> orders = pd.DataFrame({"ordered_at": pd.to_datetime(["2011-10-05 09:00", "2011-12-09 12:50"])})
    >>> [str(moment) for moment in month_ends(orders)]
    ['2011-10-31 23:59:59', '2011-11-30 23:59:59']
    """
    first, last = orders[ORDERED_AT].min(), orders[ORDERED_AT].max()
    ends = pd.period_range(first, last, freq="M").to_timestamp(how="end").normalize()
    return [end + _DAY - _SECOND for end in ends if end <= last.normalize()]


def segment_history(
    model: ShopperModel, transactions: Any = None, dates: Iterable[Moment] | None = None
) -> pd.DataFrame:
    """Say which segment each customer was in on past dates, by what was known then.

    The model stays as it was fitted: its centres and names are applied to the recency, frequency and monetary
    value that :func:`~shopper_widgets.rfm.rfm_table` would give with ``as_of=date``. One pass over the orders
    serves all dates.

    Parameters
    ----------
    model : ShopperModel
    transactions : frame, optional
        Cleaned order lines, or orders, on any engine that Narwhals reads: ``customer_id, order_id,
        ordered_at, amount``. By default the model's own orders.
    dates : iterable of date-like, optional
        A bare date is its midnight. By default :func:`month_ends` of the orders; the model's present is
        ``model.as_of``.

    Returns
    -------
    pandas.DataFrame
        ``customer_id, date, recency, frequency, monetary, segment, is_partial``; by date, then customer. A
        customer appears from the first date at or after the first order. ``is_partial`` marks dates whose
        month is not over, or begins before the data do.

    Raises
    ------
    TypeError, ValueError
        `transactions` is not what ``rfm_table`` takes, a date is none, or there is no date to look at.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
    >>> history = segment_history(model, dates=["2024-03-01", model.as_of])
    >>> now = history[history["date"] == model.as_of]
    >>> now["segment"].tolist() == model.customers["segment"].tolist()
    True
    """
    lines = _orders(model) if transactions is None else _lines(transactions)
    if lines.empty:
        raise ValueError("transactions must hold at least one line with a customer, an order and a date.")
    moments = _moments(lines, dates)
    codes, customers = pd.factorize(lines[CUSTOMER_ID], sort=True)
    known, values = _rfm_at(lines, codes, len(customers), moments)
    at, who = np.nonzero(known)
    history = pd.DataFrame({CUSTOMER_ID: customers.take(who), "date": moments[at]})
    for name, column in zip(RFM, values, strict=True):
        history[name] = column[known]
    with warnings.catch_warnings():
        # Someone who ordered on the very date was seen by no fit that counts from a day after the last order.
        warnings.simplefilter("ignore", OutOfRangeWarning)
        history[SEGMENT] = (
            model.segmenter.predict(history[list(RFM)]) if len(history) else pd.Series(dtype=str)
        )
    history["is_partial"] = _is_partial(moments, lines[ORDERED_AT].min(), lines[ORDERED_AT].max())[at]
    logger.info("Segments of %d customers on %d dates.", len(customers), len(moments))
    return history


def movements(history: pd.DataFrame, start: Moment, end: Moment) -> pd.DataFrame:
    """Say of each customer where they were on one date and where on a later one.

    Parameters
    ----------
    history : pandas.DataFrame
        What :func:`segment_history` returns.
    start, end : date-like
        Two of its dates, `start` before `end`; a day is enough where the history has one date of that day.

    Returns
    -------
    pandas.DataFrame
        ``customer_id, from, to, kind, revenue_before`` (up to and including `start`), ``revenue_between``
        (after `start`, up to and including `end`); by customer. ``kind`` is

        - ``new``: the first order came between; ``from`` is ``No orders yet``,
        - ``returned``: silent at `start` (in one of ``SILENT_SEGMENTS``), and ordered between,
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
        [new, ordered & source.isin(SILENT_SEGMENTS), source != moved[SEGMENT]], KINDS[:3], KINDS[3]
    )
    revenue = moved["monetary_before"].fillna(0.0)
    return pd.DataFrame(
        {
            CUSTOMER_ID: moved[CUSTOMER_ID],
            "from": source,
            "to": moved[SEGMENT],
            "kind": kind,
            "revenue_before": revenue,
            # Sums of money differ in their last digits: who bought nothing brought nothing.
            "revenue_between": (moved[MONETARY] - revenue).where(new | ordered, 0.0),
        }
    ).sort_values(CUSTOMER_ID, ignore_index=True)


def transitions(history: pd.DataFrame, start: Moment, end: Moment) -> pd.DataFrame:
    """Count who moved from which segment to which, and the revenue behind each flow.

    Parameters
    ----------
    history, start, end
        As for :func:`movements`, which gives the customers one by one.

    Returns
    -------
    pandas.DataFrame
        ``from, to, kind, customers, revenue_before, revenue_between, is_partial``, new customers first, then
        returned ones, those who moved, and those who stayed; the largest flow of a kind first. What customers
        had spent up to and including `start` is ``revenue_before``, what they spent after it, up to and
        including `end`, ``revenue_between``: each adds up to the shop's. ``is_partial`` is true throughout
        where the month of `start` or `end` is not covered whole.

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
    """Add :func:`movements` up: the columns of :func:`transitions` but ``is_partial``."""
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


def _orders(model: ShopperModel) -> pd.DataFrame:
    """Return the model's orders as :func:`_lines` would: one row each, in order of time, as they are."""
    return model.orders[[CUSTOMER_ID, ORDERED_AT, AMOUNT]].assign(**{_FIRST: True})


def _lines(transactions: Any) -> pd.DataFrame:
    """Return the lines that count as a small pandas frame; what one order holds at one time is one line."""
    lines = counted_lines(transactions).group_by(CUSTOMER_ID, ORDER_ID, ORDERED_AT).agg(nw.col(AMOUNT).sum())
    frame = lines.collect(backend="pandas") if isinstance(lines, nw.LazyFrame) else lines
    table: pd.DataFrame = frame.to_pandas().sort_values(ORDERED_AT, ignore_index=True)
    return table.assign(**{_FIRST: ~table.duplicated([CUSTOMER_ID, ORDER_ID])})


def _moments(lines: pd.DataFrame, dates: Iterable[Moment] | None) -> pd.DatetimeIndex:
    if dates is None:
        found = month_ends(lines)
        if not found:
            raise ValueError(
                "dates must be given: the orders end before their first month does. "
                "dates=[model.as_of] looks at the present."
            )
    elif isinstance(dates, str | dt.date):
        raise TypeError(f"dates must be a list of dates; write [{dates!r}].")
    else:
        found = sorted({naive_timestamp("dates", date) for date in dates})
        if not found:
            raise ValueError("dates must hold at least one date; it is empty.")
    return pd.DatetimeIndex(found).as_unit("us")


def _rfm_at(
    lines: pd.DataFrame, codes: npt.NDArray[np.intp], n_customers: int, moments: pd.DatetimeIndex
) -> tuple[npt.NDArray[np.bool_], list[npt.NDArray[Any]]]:
    """Who had ordered by each date, and recency, frequency and monetary value then: (n_dates, n_customers).

    Each line counts in the first date that knows of it, and through running sums in all later ones.
    """
    shape = (len(moments), n_customers)
    times = lines[ORDERED_AT].to_numpy().astype("datetime64[us]")
    period = np.searchsorted(moments.to_numpy(), times, side="left")
    seen = period < len(moments)
    cell = period[seen] * n_customers + codes[seen]

    def running(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        added = np.bincount(cell, weights=values, minlength=shape[0] * shape[1])
        sums: npt.NDArray[np.float64] = added.reshape(shape).cumsum(axis=0)
        return sums

    last = np.full(shape[0] * shape[1], np.iinfo(np.int64).min)
    last[cell] = times[seen].astype(np.int64)  # in order of time: the last one stays
    last = np.maximum.accumulate(last.reshape(shape), axis=0)
    frequency = running(lines[_FIRST].to_numpy()[seen]).astype(np.int64)
    known = frequency > 0
    now = moments.to_numpy().astype(np.int64)[:, None]
    recency = (now - np.where(known, last, now)) // (_DAY // pd.Timedelta(microseconds=1))
    return known, [recency, frequency, running(lines[AMOUNT].to_numpy(dtype=float)[seen])]


def _is_partial(moments: pd.DatetimeIndex, first: pd.Timestamp, last: pd.Timestamp) -> npt.NDArray[np.bool_]:
    """Say of each date whether its month is covered less than whole; a midnight ends the day before."""
    days = (moments - pd.Timedelta(microseconds=1)).normalize()
    months = days.to_period("M")
    begins, ends = months.to_timestamp(how="start"), months.to_timestamp(how="end").normalize()
    partial: npt.NDArray[np.bool_] = (begins < first.normalize()) | (days < ends) | (ends > last.normalize())
    return np.asarray(partial)


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
        f"got {date!r}. segment_history(model, dates=[...]) looks at other dates."
    )
