"""Demand per product and week, from cleaned order lines with and without a customer."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import narwhals as nw
import pandas as pd

from shopper_widgets._support.checks import check_choice, check_frame, told_missing
from shopper_widgets.columns import AMOUNT, IS_PRODUCT, ORDERED_AT, PRODUCT_ID, QUANTITY
from shopper_widgets.errors import TooLittleDataError

logger = logging.getLogger(__name__)

WEEK = "week"
#: Keys of ``demand_table(…).attrs``: lists of weeks, each by its last day.
WEEKS, PARTIAL_WEEKS, CLOSED_WEEKS = "weeks", "partial_weeks", "closed_weeks"
_WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_NEEDED = (PRODUCT_ID, ORDERED_AT, QUANTITY, AMOUNT)
_DAY, _WEEK, _UNCLEAN = "_day", "_week", "_unclean"


def demand_table(transactions: Any, freq: str = "W", *, fill: bool = False, shop: Any = None) -> pd.DataFrame:
    """Sum what was sold by product and week.

    Parameters
    ----------
    transactions : frame
        Cleaned order lines of everyone, ``clean_transactions(…, returns="net").all_sales``: ``product_id,
        ordered_at, quantity, amount``; lines whose ``is_product`` is false are left out. A pandas or Polars
        frame (eager or lazy), a DuckDB relation, or another that Narwhals reads; it is summed where the data
        lives, and never changed.
    freq : str, default "W"
        ``"W-SUN"`` has weeks end on Sundays, ``"W-FRI"`` on Fridays, and so on, as in pandas. ``"W"`` has
        them end on the weekday of the last line, so that no day at the end is lost.
    fill : bool, default False
        Give a row of zeros for each week without a sale, from a product's first sale on.
    shop : frame, optional
        All lines of the shop, where `transactions` are some of them, such as those of a country: the weeks
        are then those of the shop. A week in which only others bought counts as one without demand, not as a
        closed one.

    Returns
    -------
    pandas.DataFrame
        One row per product and week, by both: ``product_id`` (text), ``week`` (its last day), ``quantity``
        and ``amount``. Weeks of which days lie before the first or after the last line are left out, and so
        are weeks in which nothing at all was sold: the shop was closed. ``.attrs`` hold the last days of the
        ``"weeks"`` that count, and of the ``"partial_weeks"`` and ``"closed_weeks"`` that don't.

    Raises
    ------
    TypeError
        `transactions` is not a frame, or ``ordered_at`` is not a naive timestamp or date.
    ValueError
        A column is missing, `freq` is unknown, or lines are not cleaned: the quantity of one is not above 0.
    TooLittleDataError
        There are no lines of products, or they cover no whole week.

    Examples
    --------
    >>> lines = pd.DataFrame({
    ...     "product_id": ["mug", "mug", "tea", "mug"],
    ...     "ordered_at": pd.to_datetime(["2024-01-01", "2024-01-03", "2024-01-09", "2024-01-28"]),
    ...     "quantity": [2, 1, 5, 4],
    ...     "amount": [8.0, 4.0, 10.0, 16.0],
    ... })
    >>> demand = demand_table(lines)
    >>> demand
      product_id       week  quantity  amount
    0        mug 2024-01-07       3.0    12.0
    1        mug 2024-01-28       4.0    16.0
    2        tea 2024-01-14       5.0    10.0
    >>> [str(week.date()) for week in demand.attrs["closed_weeks"]]
    ['2024-01-21']
    """
    choices = ("W", *(f"W-{day}" for day in _WEEKDAYS))
    check_choice("freq", freq, choices)
    lines = _checked_lines("transactions", transactions)
    every = lines if shop is None else _checked_lines("shop", shop)
    first, last = _days_covered(every)
    weekday = (last - 1) % 7 if freq == "W" else _WEEKDAYS.index(freq[2:])
    # Days since the year 1, as date.toordinal counts them: the first one was a Monday.
    week = ((nw.col(_DAY) + (5 - weekday)) // 7).alias(_WEEK)
    summed = (
        lines.with_columns(week)
        .group_by(PRODUCT_ID, _WEEK)
        .agg(nw.col(QUANTITY).sum(), nw.col(AMOUNT).sum(), nw.col(_UNCLEAN).sum())
    )
    table = _to_pandas(summed)
    if (unclean := int(table[_UNCLEAN].sum())) > 0:
        raise ValueError(
            f"transactions must be cleaned; {unclean:,} lines have a quantity that is not above 0. "
            'Give clean_transactions(…, returns="net").all_sales.'
        )
    ends = _last_days(table, weekday)
    of_shop = ends if shop is None else _last_days(_to_pandas(every.select(week).unique()), weekday)
    whole, sold = (days.between(first + 6, last) for days in (ends, of_shop))
    weeks = sorted(of_shop[sold].unique())
    if not whole.any():
        raise TooLittleDataError(
            f"transactions must cover a whole week; they cover {_date(first)} to {_date(last)}."
        )
    found = pd.DataFrame(
        {
            PRODUCT_ID: table[PRODUCT_ID].map(str).astype("str"),
            WEEK: _timestamps(ends),
            QUANTITY: table[QUANTITY].astype("float64"),
            AMOUNT: table[AMOUNT].astype("float64"),
        }
    )[whole].sort_values([PRODUCT_ID, WEEK], ignore_index=True)
    closed = set(range(weeks[0], weeks[-1] + 7, 7)) - set(weeks)
    if fill:
        found = _filled(found, _timestamps(pd.Series(weeks)))
    found.attrs = {
        WEEKS: list(_timestamps(pd.Series(weeks))),
        PARTIAL_WEEKS: list(_timestamps(pd.Series(sorted(set(of_shop[~sold])), dtype="int64"))),
        CLOSED_WEEKS: list(_timestamps(pd.Series(sorted(closed), dtype="int64"))),
    }
    logger.info("Demand of %d products in %d weeks", found[PRODUCT_ID].nunique(), len(weeks))
    return found


def _last_days(table: pd.DataFrame, weekday: int) -> pd.Series[int]:
    return table[_WEEK].astype("int64") * 7 + weekday + 1


def _checked_lines(name: str, lines: Any) -> nw.DataFrame[Any] | nw.LazyFrame[Any]:
    frame = check_frame(name, lines)
    schema = frame.collect_schema()
    if missing := [column for column in _NEEDED if column not in schema]:
        raise ValueError(
            f"{name} must have the columns {', '.join(_NEEDED)}; {told_missing(missing)}. "
            "clean_transactions(…) gives them."
        )
    kind = schema[ORDERED_AT]
    if kind != nw.Date and not (isinstance(kind, nw.Datetime) and kind.time_zone is None):
        raise TypeError(f"{name} must have naive timestamps or dates in ordered_at; got {kind}.")
    if IS_PRODUCT in schema:
        frame = frame.filter(nw.col(IS_PRODUCT))
    before = nw.col(ORDERED_AT).dt.year().cast(nw.Int64) - 1
    day = before * 365 + before // 4 - before // 100 + before // 400
    return frame.select(
        PRODUCT_ID,
        nw.col(QUANTITY).cast(nw.Float64),
        nw.col(AMOUNT).cast(nw.Float64),
        (day + nw.col(ORDERED_AT).dt.ordinal_day().cast(nw.Int64)).alias(_DAY),
        (~(nw.col(QUANTITY) > 0)).cast(nw.Int32).alias(_UNCLEAN),
    ).filter(~nw.col(PRODUCT_ID).is_null(), ~nw.col(_DAY).is_null())


def _days_covered(lines: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> tuple[int, int]:
    found = _to_pandas(lines.select(nw.col(_DAY).min().alias("first"), nw.col(_DAY).max().alias("last")))
    if found.empty or found.isna().to_numpy().any():
        raise TooLittleDataError("transactions must hold at least one line of a product; there are none.")
    return int(found["first"].iloc[0]), int(found["last"].iloc[0])


def _to_pandas(frame: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> pd.DataFrame:
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    table: pd.DataFrame = eager.to_pandas()
    return table.reset_index(drop=True)


def _filled(found: pd.DataFrame, weeks: pd.Series[pd.Timestamp]) -> pd.DataFrame:
    """Return a row for each week from a product's first sale on."""
    first = found.groupby(PRODUCT_ID)[WEEK].min()
    every = first.rename("_first").reset_index().merge(weeks.rename(WEEK), how="cross")
    every = every.loc[every[WEEK] >= every["_first"], [PRODUCT_ID, WEEK]]
    return every.merge(found, how="left", on=[PRODUCT_ID, WEEK]).fillna({QUANTITY: 0.0, AMOUNT: 0.0})


def _date(day: int) -> dt.date:
    return dt.date.fromordinal(day)


def _timestamps(days: pd.Series[int]) -> pd.Series[pd.Timestamp]:
    epoch = dt.date(1970, 1, 1).toordinal()
    return pd.to_datetime(days - epoch, unit="D").astype("datetime64[us]")
