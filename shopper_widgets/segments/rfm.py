"""Recency, frequency and monetary value of every customer, and their scores."""

from __future__ import annotations

import datetime as dt
import logging
import warnings
from typing import Any, Self

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import TransformerMixin
from sklearn.utils.validation import check_is_fitted

from shopper_widgets._support.checks import check_count, check_frame
from shopper_widgets._support.estimator import PlainStateEstimator
from shopper_widgets._support.formatting import count_of, format_day
from shopper_widgets._support.grouping import grouped
from shopper_widgets._support.locale import ENGLISH, N_, gettext, in_locale, ngettext
from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    FREQUENCY,
    MONETARY,
    ORDER_ID,
    ORDERED_AT,
    QUANTITY,
    RECENCY,
    RHYTHM,
    UNIT_PRICE,
)
from shopper_widgets.segments.rfm_values import rfm_values
from shopper_widgets.segments.rhythm import shop_rhythm

logger = logging.getLogger(__name__)

_DAY = pd.Timedelta(days=1)
#: 1 for a line that cleaning would have rejected, else 0.
UNCLEAN = "_unclean"
#: A silence before the last orders is never suspicious if it is shorter than this many days …
_SUSPICIOUS_DAYS = 180
#: … or shorter than this many typical gaps between days with orders …
_SUSPICIOUS_GAPS = 10
#: … or if more than this share of the lines come after it.
_SUSPICIOUS_SHARE = 0.01


#: The consequence that a warning about the last dates names; stored notes are recognized by it.
FAR_BEHIND = N_("Recency counts from the last order")


class FarDateWarning(UserWarning):
    """The last orders lie so far from the rest that their dates may be wrong."""


@in_locale(ENGLISH)
def rfm_table(transactions: Any, *, as_of: str | dt.date | pd.Timestamp | None = None) -> pd.DataFrame:
    """Return recency, frequency and monetary value of every customer.

    Parameters
    ----------
    transactions : frame
        Cleaned order lines: ``customer_id, order_id, ordered_at`` and ``amount``, or ``quantity`` and
        ``unit_price`` where there is no ``amount``. A pandas or Polars frame (eager or lazy), a DuckDB
        relation, or another that Narwhals reads; it is aggregated where the data lives, and never changed.
    as_of : date-like, optional
        The moment from which recency counts; a bare date is its midnight. Lines after it are left out: the
        shop is looked at as it was then. By default the last order in the data + 1 day, never the clock.

    Returns
    -------
    pandas.DataFrame
        One row per customer, ordered by ``customer_id`` (text): ``recency`` (int, whole days: the floor of
        `as_of` − last order), ``frequency`` (int, number of distinct orders) and ``monetary`` (float, sum of
        ``amount`` in the data's currency). ``.attrs["as_of"]`` is the `as_of` used, a pandas.Timestamp;
        ``.attrs["rhythm"]`` says how often the shop's customers order, from the mean gap between the days on
        which each one did (see `segments.rhythm.shop_rhythm`; None where fewer than five came back), and
        ``.attrs["doubt"]`` is what the warning below says, or ``""``. Lines without a customer, an order or a
        date don't count.

    Raises
    ------
    TypeError
        `transactions` is not a frame, or ``ordered_at`` is not a naive timestamp or date.
    ValueError
        A column is missing, there are no orders, lines are not cleaned (the amount of one is not above 0),
        or `as_of` is not a date, has a time zone, or lies before the
        first order.

    Warns
    -----
    FarDateWarning
        No `as_of` is given, and the last orders (at most 1 % of the lines, or all those of the last day) come
        after a silence of more than 180 days and more than ten times the median gap between days with orders:
        one mistyped year would make every customer look silent.

    Notes
    -----
    The definition of recency, frequency and monetary value follows Hughes, *Strategic Database Marketing*
    (1994); the default of `as_of` is what most studies of UCI Online Retail use.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": ["ann", "ann", "ben"],
    ...     "order_id": ["1", "2", "3"],
    ...     "ordered_at": pd.to_datetime(["2011-12-01 10:00", "2011-12-09 12:00", "2011-12-07 15:00"]),
    ...     "amount": [20.0, 5.0, 12.5],
    ... })
    >>> rfm_table(orders)
      customer_id  recency  frequency  monetary
    0         ann        1          2      25.0
    1         ben        2          1      12.5
    >>> rfm_table(orders, as_of="2011-12-05")
      customer_id  recency  frequency  monetary
    0         ann        3          1      20.0
    """
    lines = counted_lines(transactions)
    moment = None if as_of is None else naive_timestamp("as_of", as_of)
    if moment is not None:
        # Narwhals passes the literal to the engine, and not every engine accepts pandas' own timestamps.
        lines = lines.filter(nw.col(ORDERED_AT) <= nw.lit(moment.to_pydatetime(warn=False)))
    customers = _to_pandas(
        grouped(
            lines.with_columns(_day=nw.col(ORDERED_AT).dt.truncate("1d")),
            [CUSTOMER_ID],
            {
                ORDERED_AT: ("max", ORDERED_AT),
                MONETARY: ("sum", AMOUNT),
                "_first": ("min", "_day"),
                "_last": ("max", "_day"),
                UNCLEAN: ("sum", UNCLEAN),
            },
            **{FREQUENCY: ORDER_ID, "_days": "_day"},
        )
    )
    check_clean(customers[UNCLEAN])
    if customers.empty:
        raise ValueError(
            "transactions must hold at least one line with a customer, an order and a date; it has none"
            + ("." if moment is None else f" up to as_of={moment}. Choose an as_of after the first order.")
        )
    last_order = customers[ORDERED_AT]
    doubt = ""
    if moment is None:
        moment = pd.Timestamp(last_order.max()) + _DAY
        if doubt := _far_dates(lines):
            warnings.warn(doubt, FarDateWarning, stacklevel=2)
    table = pd.DataFrame(
        {
            CUSTOMER_ID: _as_text(customers[CUSTOMER_ID]),
            RECENCY: (moment - last_order).dt.days.astype("int64"),
            FREQUENCY: customers[FREQUENCY].astype("int64"),
            MONETARY: customers[MONETARY].astype("float64"),
        }
    ).sort_values(CUSTOMER_ID, ignore_index=True)
    table.attrs["as_of"] = moment
    table.attrs[RHYTHM] = _rhythm(customers)
    table.attrs["doubt"] = doubt
    logger.info("RFM of %d customers as of %s", len(table), moment)
    return table


class RFMScorer(TransformerMixin, PlainStateEstimator):  # type: ignore[misc]
    """Scores from 1 (worst) to `n_bins` (best) for recency, frequency and monetary value, by value.

    Parameters
    ----------
    n_bins : int, default 5
        The best score, at least 2.

    Attributes
    ----------
    edges_ : dict of str to ndarray of shape (n_bins - 1,)
        For each of ``recency``, ``frequency`` and ``monetary`` the edges between scores, ascending, in days,
        orders and money. A frequency or monetary value scores 1 + the number of edges below it, a recency
        1 + the number of edges above it.

    Notes
    -----
    Edges are the quantiles at 1/n_bins, 2/n_bins, … of the fitted values (linear interpolation, as
    ``pandas.qcut``). Scores go by value, so equal customers get equal scores, and bins are uneven where many
    are equal: a value shared by more than one bin's worth of customers repeats an edge, takes the worst of
    the scores it spans, and the others stay empty. Two exceptions keep the scale honest: the best fitted
    value always scores `n_bins`, and where all fitted values are equal they score the middle.

    Scores of new customers come from the same edges; values beyond the fitted range score 1 or `n_bins`.

    Examples
    --------
    >>> rfm = pd.DataFrame({
    ...     "customer_id": ["a", "b", "c", "d"],
    ...     "recency": [2, 30, 200, 326],
    ...     "frequency": [7, 1, 1, 1],
    ...     "monetary": [4310.0, 80.0, 250.0, 77183.6],
    ... })
    >>> RFMScorer(n_bins=4).fit(rfm).transform(rfm)[["customer_id", "r_score", "f_score", "m_score"]]
      customer_id  r_score  f_score  m_score
    0           a        4        4        3
    1           b        3        1        1
    2           c        2        1        2
    3           d        1        1        4
    """

    edges_: dict[str, npt.NDArray[np.float64]]

    def __init__(self, n_bins: int = 5) -> None:
        self.n_bins = n_bins

    def fit(self, rfm: Any, y: None = None) -> Self:
        """Learn the edges between scores.

        Parameters
        ----------
        rfm : frame or array-like of shape (n, 3)
            What :func:`rfm_values` takes.
        y : None
            Ignored.

        Returns
        -------
        RFMScorer
            Itself.

        Raises
        ------
        TypeError, ValueError
            `n_bins` is not a whole number of at least 2, or `rfm` is not what :func:`rfm_values` takes.
        """
        check_count("n_bins", self.n_bins, 2)
        # Engines add up in different orders, and the last digits of a sum must not decide a score.
        recency, frequency, monetary = rfm_values(rfm).round(6).T
        self.edges_ = {
            RECENCY: -_edges(-recency, self.n_bins)[::-1],
            FREQUENCY: _edges(frequency, self.n_bins),
            MONETARY: _edges(monetary, self.n_bins),
        }
        return self

    def transform(self, rfm: pd.DataFrame) -> pd.DataFrame:
        """Add ``r_score``, ``f_score`` and ``m_score`` (int, 1 to `n_bins`) to a copy of a frame.

        Parameters
        ----------
        rfm : pandas.DataFrame
            With the columns ``recency``, ``frequency`` and ``monetary``; others are kept.

        Returns
        -------
        pandas.DataFrame
            The columns of `rfm`, such as `rfm_table` gives, and ``r_score, f_score, m_score``.

        Raises
        ------
        TypeError, ValueError
            `rfm` is not a pandas frame, or not what :func:`rfm_values` takes.
        """
        check_is_fitted(self)
        if not isinstance(rfm, pd.DataFrame):
            raise TypeError(
                f"rfm must be a pandas.DataFrame, as rfm_table gives it; got {type(rfm).__name__}."
            )
        # Engines add up in different orders, and the last digits of a sum must not decide a score.
        recency, frequency, monetary = rfm_values(rfm).round(6).T
        return rfm.assign(
            r_score=self.n_bins - np.searchsorted(self.edges_[RECENCY], recency, side="right"),
            f_score=1 + np.searchsorted(self.edges_[FREQUENCY], frequency, side="left"),
            m_score=1 + np.searchsorted(self.edges_[MONETARY], monetary, side="left"),
        )


def counted_lines(transactions: Any) -> Any:
    """Return the lines that count, as customer, order, date and amount, in the engine they came in."""
    lines = check_frame("transactions", transactions)
    schema = lines.collect_schema()
    needed = [CUSTOMER_ID, ORDER_ID, ORDERED_AT, *([AMOUNT] if AMOUNT in schema else [QUANTITY, UNIT_PRICE])]
    missing = [name for name in needed if name not in schema]
    if missing:
        raise ValueError(
            f"transactions lacks the column(s) {', '.join(missing)}; it has {', '.join(schema)}. "
            "Read the orders with read_transactions and clean them with clean_transactions first."
        )
    dtype = schema[ORDERED_AT]
    if not (dtype == nw.Date or (isinstance(dtype, nw.Datetime) and dtype.time_zone is None)):
        raise TypeError(
            f"transactions[{ORDERED_AT!r}] must be a timestamp without a time zone; it is {dtype}. "
            "Read the orders with read_transactions, which settles types."
        )
    ordered_at = nw.col(ORDERED_AT).cast(nw.Datetime) if dtype == nw.Date else nw.col(ORDERED_AT)
    if AMOUNT in schema:
        amount = nw.col(AMOUNT).cast(nw.Float64)
    else:
        amount = (nw.col(QUANTITY).cast(nw.Float64) * nw.col(UNIT_PRICE).cast(nw.Float64)).alias(AMOUNT)
    counts = [~nw.col(name).is_null() for name in (CUSTOMER_ID, ORDER_ID, ORDERED_AT)]
    # PostgreSQL casts a truth value to a number of 32 bits only.
    clean = ((nw.col(AMOUNT) > 0) & nw.col(AMOUNT).is_finite()).fill_null(False)
    return (
        lines.select(CUSTOMER_ID, ORDER_ID, ordered_at, amount)
        .filter(*counts)
        .with_columns((~clean).cast(nw.Int32).alias(UNCLEAN))
    )


def check_clean(unclean: pd.Series[Any]) -> None:
    """Raise ValueError if there are lines that cleaning would have rejected."""
    if count := int(unclean.sum()):
        raise ValueError(
            f"transactions must be cleaned; {count_of(count, 'line')} with an amount not above 0, or none, "
            "would count returns, cancellations or gifts as orders. Give "
            "clean_transactions(transactions).transactions."
        )


def _to_pandas(frame: Any) -> pd.DataFrame:
    collected = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    result: pd.DataFrame = collected.to_pandas()
    return result


def _as_text(ids: pd.Series) -> list[str]:
    """Write ids as text: ``"12346"``, even if they came as ``12346.0``."""
    if pd.api.types.is_float_dtype(ids) and (ids % 1 == 0).all():
        ids = ids.astype("int64")
    return [str(i) for i in ids]


def _rhythm(customers: pd.DataFrame) -> float | None:
    """Learn how often the shop's customers order, from each customer's mean gap between days with orders."""
    gaps = (customers["_last"] - customers["_first"]).dt.days / (customers["_days"] - 1)
    return shop_rhythm(gaps.to_numpy(dtype=float), customers[FREQUENCY].to_numpy(dtype=float))


def _far_dates(lines: Any) -> str:
    """Say so if the last few lines come after a silence that looks like a mistake; see `rfm_table`."""
    days = _to_pandas(
        lines.select(day=nw.col(ORDERED_AT).dt.truncate("1d")).group_by("day").agg(lines=nw.len())
    ).sort_values("day", ignore_index=True)
    gaps = days["day"].diff().dt.days.to_numpy()[1:]
    if not len(gaps):
        return ""
    later = days["lines"][::-1].cumsum()[::-1].to_numpy()[1:]  # lines from the end of each gap on
    few = later <= _SUSPICIOUS_SHARE * days["lines"].sum()
    few[-1] = True
    if few.all():
        return ""
    suspicious = few & (gaps > max(_SUSPICIOUS_DAYS, _SUSPICIOUS_GAPS * np.median(gaps[~few])))
    if not suspicious.any():
        return ""
    gap = int(np.argmax(suspicious))
    before, last = days["day"].iloc[gap], days["day"].iloc[-1]
    return ngettext(
        "The last order is of {last}, but only {lines} comes after {before}, following {days} days without "
        "orders. {behind}: check these dates, or give as_of.",
        "The last order is of {last}, but only {lines} come after {before}, following {days} days without "
        "orders. {behind}: check these dates, or give as_of.",
        later[gap],
        last=format_day(last),
        lines=count_of(later[gap], "line"),
        before=format_day(before),
        days=f"{gaps[gap]:.0f}",
        behind=gettext(FAR_BEHIND),
    )


def _edges(values: npt.NDArray[np.float64], n_bins: int) -> npt.NDArray[np.float64]:
    """Return quantile edges; more is better, and a value scores 1 + the number of edges below it."""
    best = values.max()
    below_best = values[values < best]
    if not below_best.size:
        lower = np.repeat(np.nextafter(best, -np.inf), n_bins // 2)
        return np.concatenate([lower, np.repeat(best, n_bins - 1 - len(lower))])
    quantiles = np.quantile(values, np.arange(1, n_bins) / n_bins)
    below = quantiles[quantiles < best].max(initial=below_best.max())
    edges: npt.NDArray[np.float64] = np.minimum(quantiles, below)
    return edges
