"""Customers through time: which segment each was in on past dates."""

from __future__ import annotations

import datetime as dt
import logging
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets._support.checks import plain
from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, ORDER_ID, ORDERED_AT, RFM, SEGMENT
from shopper_widgets.segments import OutOfRangeWarning
from shopper_widgets.segments.rfm import UNCLEAN, check_clean, counted_lines

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

logger = logging.getLogger(__name__)

Moment = str | dt.date | pd.Timestamp

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
    """Return each customer's segment on past dates, by the orders up to then.

    A model that nets returns keeps of each order what was not sent back, whenever that was: on the dates
    between an order and its return, too, only what stayed counts. What was known on a date, with the returns
    up to then and none after, is in the orders cleaned as of that date: see the last example. The model stays
    as it was fitted: its centres and names are applied to the recency, frequency and monetary value that
    :func:`~shopper_widgets.rfm_table` would give with ``as_of=date``. One pass over the orders serves all
    dates.

    Parameters
    ----------
    model : ShopperModel
        Its fitted segmenter names the segments.
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
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
    >>> history = segment_history(model, dates=["2024-03-01", model.as_of])
    >>> now = history[history["date"] == model.as_of]
    >>> now["segment"].tolist() == model.customers["segment"].tolist()
    True
    >>> from shopper_widgets.orders.cleaning import clean_transactions
    >>> date = "2024-03-01"
    >>> known = clean_transactions(orders, returns="net", as_of=date).transactions
    >>> bool(len(segment_history(model, known, [date])) == (history["date"] == date).sum())
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


def _orders(model: ShopperModel) -> pd.DataFrame:
    """Return the model's orders as :func:`_lines` would: one row each, in order of time, as they are."""
    return model.orders[[CUSTOMER_ID, ORDERED_AT, AMOUNT]].assign(**{_FIRST: True})


def _lines(transactions: Any) -> pd.DataFrame:
    """Return the lines that count as a small pandas frame; what one order holds at one time is one line."""
    lines = (
        counted_lines(transactions)
        .group_by(CUSTOMER_ID, ORDER_ID, ORDERED_AT)
        .agg(nw.col(AMOUNT).sum(), nw.col(UNCLEAN).sum())
    )
    frame = lines.collect(backend="pandas") if isinstance(lines, nw.LazyFrame) else lines
    table: pd.DataFrame = frame.to_pandas().sort_values(ORDERED_AT, ignore_index=True)
    check_clean(table.pop(UNCLEAN))
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
        raise TypeError(f"dates must be a list of dates; write [{plain(dates)!r}].")
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
