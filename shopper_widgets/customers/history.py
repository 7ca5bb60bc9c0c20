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
from shopper_widgets.orders.taken_back import RETURNED_AT
from shopper_widgets.segments import OutOfRangeWarning
from shopper_widgets.segments.rfm import UNCLEAN, check_clean, counted_lines

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

logger = logging.getLogger(__name__)

Moment = str | dt.date | pd.Timestamp

#: Marks the first line of each order of a customer, so that its sum counts the orders.
_FIRST = "is_first"
#: When a line was returned; missing for lines that were not.
_UNTIL = "until"
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
        Ascending; empty if the orders end before their first month does.

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

    Where a model nets returns, each date knows of the returns up to then and of no later ones: between an
    order and its return, the whole order counts, as it would have on that day. The model stays as it was
    fitted: its centers and names are applied to the recency, frequency and monetary value that
    :func:`~shopper_widgets.rfm_table` would give with ``as_of=date``. One pass over the orders serves all
    dates.

    Parameters
    ----------
    model : ShopperModel
        Its fitted segmenter names the segments.
    transactions : frame, optional
        Cleaned order lines, or orders, on any engine that Narwhals reads: ``customer_id, order_id,
        ordered_at, amount``; they count on every date as they are, so netted returns count even before they
        came back. By default the model's own orders.
    dates : iterable of date-like, optional
        A bare date is its midnight. By default :func:`month_ends` of the orders; the model's present is
        ``model.as_of``.

    Returns
    -------
    pandas.DataFrame
        ``customer_id, date, recency, frequency, monetary, segment, is_partial``; by date, then customer. A
        customer appears from the first date at or after the first order. ``is_partial`` marks dates whose
        month is not over, or begins before the data begin.

    Raises
    ------
    TypeError, ValueError
        `transactions` is not what ``rfm_table`` takes, a date is not a date, or there is no date to look at.

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
    >>> segment_history(model, known, [date])["segment"].tolist() == (
    ...     history.loc[history["date"] == date, "segment"].tolist()
    ... )
    True
    """
    lines = _lines(transactions) if transactions is not None else _orders(model)
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
        # A customer who ordered on the date itself has recency 0, which is outside the fitted range where
        # `as_of` is a day after the last order.
        warnings.simplefilter("ignore", OutOfRangeWarning)
        history[SEGMENT] = (
            model.segmenter.predict(history[list(RFM)]) if len(history) else pd.Series(dtype=str)
        )
    history["is_partial"] = _is_partial(moments, lines[ORDERED_AT].min(), lines[ORDERED_AT].max())[at]
    logger.info("Segments of %d customers on %d dates.", len(customers), len(moments))
    return history


def _orders(model: ShopperModel) -> pd.DataFrame:
    """Return the model's orders as :func:`_lines` would, and returned lines until their return."""
    orders = model.orders[[CUSTOMER_ID, ORDER_ID, ORDERED_AT, AMOUNT]].assign(**{_FIRST: True})
    if model.returned is None or model.returned.empty:
        return orders
    back = model.returned.rename(columns={RETURNED_AT: _UNTIL})
    key = [CUSTOMER_ID, ORDER_ID]
    # An order that was returned completely counts until its last return; any other counts by its other lines.
    whole = ~pd.MultiIndex.from_frame(back[key]).isin(pd.MultiIndex.from_frame(orders[key]))
    back[_FIRST] = whole & ~back.duplicated(key, keep="last")
    return pd.concat([orders, back]).sort_values(ORDERED_AT, ignore_index=True)


def _lines(transactions: Any) -> pd.DataFrame:
    """Return the lines that count as a small pandas frame; lines of an order at the same time become one."""
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
    """Return who had ordered by each date, and their R, F and M then, of shape (n_dates, n_customers).

    Each line counts from the first date after it on, through running sums, up to the first date after its
    return.
    """
    shape = (len(moments), n_customers)
    times = lines[ORDERED_AT].to_numpy().astype("datetime64[us]")
    begins, ends = np.searchsorted(moments.to_numpy(), times, side="left"), np.full(len(lines), len(moments))
    if _UNTIL in lines:
        ends = np.searchsorted(moments.to_numpy(), lines[_UNTIL].to_numpy().astype("datetime64[us]"))
    seen = begins < ends
    begins, ends, who = begins[seen], ends[seen], codes[seen]
    cells = np.concatenate([begins * n_customers + who, ends * n_customers + who])

    def running(name: str) -> npt.NDArray[np.float64]:
        values = lines[name].to_numpy(dtype=float)[seen]
        added = np.bincount(cells, np.concatenate([values, -values]), minlength=(shape[0] + 1) * n_customers)
        sums: npt.NDArray[np.float64] = added.reshape(-1, n_customers).cumsum(axis=0)[:-1]
        return sums

    last, moved = np.full(shape, np.iinfo(np.int64).min), times[seen].astype(np.int64)
    stays = ends == len(moments)
    last[begins[stays], who[stays]] = moved[stays]  # lines are in order of time: the last one wins
    last = np.maximum.accumulate(last, axis=0)
    for begin, end, one, moment in zip(*(part[~stays] for part in (begins, ends, who, moved)), strict=True):
        last[begin:end, one] = np.maximum(last[begin:end, one], moment)
    frequency = running(_FIRST).round().astype(np.int64)
    known = frequency > 0
    now = moments.to_numpy().astype(np.int64)[:, None]
    recency = (now - np.where(known, last, now)) // (_DAY // pd.Timedelta(microseconds=1))
    return known, [recency, frequency, running(AMOUNT)]


def _is_partial(moments: pd.DatetimeIndex, first: pd.Timestamp, last: pd.Timestamp) -> npt.NDArray[np.bool_]:
    """Mark the dates whose month is not covered completely; midnight counts as the end of the day before."""
    days = (moments - pd.Timedelta(microseconds=1)).normalize()
    months = days.to_period("M")
    begins, ends = months.to_timestamp(how="start"), months.to_timestamp(how="end").normalize()
    partial: npt.NDArray[np.bool_] = (begins < first.normalize()) | (days < ends) | (ends > last.normalize())
    return np.asarray(partial)
