"""The orders before a date, to learn from, and the orders after it, to ask about."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_count, check_list
from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets.columns import CUSTOMER_ID, ORDER_ID, ORDERED_AT, PRODUCT_ID, QUANTITY
from shopper_widgets.recommend.purchases import checked_frame, product_lines

logger = logging.getLogger(__name__)

#: The usual horizon in days, and the customers known before it that are enough for a shorter one: with these,
#: a share is known to within a tenth.
USUAL_HORIZON, ENOUGH_CUSTOMERS = 28, 100
#: The most customers of a horizon who are asked about: enough to know a share to within 0.02.
MOST_CUSTOMERS = 5_000
#: In days: longer than any data, and within the calendar of timestamps.
LONGEST_HORIZON = 36_525


def usual_horizon(transactions: Any) -> int:
    """Return the number of days after each date on which a shop's recommendations are evaluated.

    Parameters
    ----------
    transactions : frame
        With ``customer_id, ordered_at``, on any engine that Narwhals reads.

    Returns
    -------
    int
        28; doubled until `ENOUGH_CUSTOMERS` who were known before order in the last so many days, as long as
        that shows more of them and three horizons lie in the later half of the data. Of a small shop where
        people order twice a year, four weeks show hardly anybody. 28, too, where no customer is known.

    Examples
    --------
    >>> daily = pd.date_range("2022-01-01", periods=1000, freq="D")
    >>> lines = pd.DataFrame({"customer_id": [i % 150 for i in range(1000)], "ordered_at": daily})
    >>> usual_horizon(lines), usual_horizon(lines.assign(customer_id=lines["customer_id"] % 5))
    (112, 28)
    """
    known = (
        nw.from_native(transactions)
        .lazy()
        .drop_nulls([CUSTOMER_ID])
        .group_by(CUSTOMER_ID)
        .agg(nw.col(ORDERED_AT).min().alias("first"), nw.col(ORDERED_AT).max().alias("last"))
        .collect()
        .to_pandas()
    )
    known = known.assign(**{name: pd.to_datetime(known[name]) for name in ("first", "last")})  # dates, too
    if known["last"].isna().all():
        return USUAL_HORIZON
    end = known["last"].max().normalize() + pd.Timedelta(days=1)
    span, days = end - known["first"].min(), USUAL_HORIZON

    def asked(days: int) -> int:
        cut = end - pd.Timedelta(days=days)
        return int(((known["last"] >= cut) & (known["first"] < cut)).sum())

    longest = span / pd.Timedelta(days=2) / 3
    while asked(days) < min(ENOUGH_CUSTOMERS, asked(2 * days)) and 2 * days <= longest:
        days *= 2
    return days


def default_cut_dates(transactions: Any, *, n_cuts: int = 3, horizon_days: int = 28) -> list[pd.Timestamp]:
    """Return the last dates with a whole horizon each, without overlap, earliest first.

    Parameters
    ----------
    transactions : frame
        With ``ordered_at``, on any engine that Narwhals reads.
    n_cuts : int, default=3
        Maximum number: at least half of the time before the last order is left for training.
    horizon_days : int, default=28
        How many days each leaves for testing.

    Returns
    -------
    list of Timestamp
        Midnights. Empty if the data is too short for even one.

    Examples
    --------
    >>> lines = pd.DataFrame({"ordered_at": pd.to_datetime(["2011-01-01 09:00", "2011-12-09 12:50"])})
    >>> [f"{cut:%Y-%m-%d}" for cut in default_cut_dates(lines)]
    ['2011-09-17', '2011-10-15', '2011-11-12']
    """
    check_count("n_cuts", n_cuts)
    check_count("horizon_days", horizon_days)
    span = (
        nw.from_native(transactions)
        .lazy()
        .select(nw.col(ORDERED_AT).min().alias("first"), nw.col(ORDERED_AT).max().alias("last"))
        .collect()
        .to_pandas()
    )
    first, last = pd.Timestamp(span["first"].iloc[0]), pd.Timestamp(span["last"].iloc[0])
    if pd.isna(last):
        return []
    end = last.normalize() + pd.Timedelta(days=1)
    cuts = [end - pd.Timedelta(days=horizon_days * k) for k in range(n_cuts, 0, -1)]
    return [cut for cut in cuts if cut - first >= (last - first) / 2]


def days_covered(transactions: Any, cut: pd.Timestamp, horizon_days: int) -> int:
    """Return how many days of the horizon after a cut the data cover, as far as their last order shows.

    If the data end within the horizon, there are fewer orders, and of other customers, than in a whole one: a
    log line says so.
    """
    last = nw.from_native(transactions).lazy().select(nw.col(ORDERED_AT).max()).collect().to_pandas()
    day_after = pd.Timestamp(last[ORDERED_AT].iloc[0]).normalize() + pd.Timedelta(days=1)
    days = min(horizon_days, max(0, math.ceil((day_after - cut) / pd.Timedelta(days=1))))
    if days < horizon_days:
        logger.warning(
            "After the cut date %s the data cover %d of %d days.", f"{cut:%Y-%m-%d}", days, horizon_days
        )
    return days


def checked_cuts(methods: Any, cut_dates: Iterable[Any], horizon_days: int) -> list[pd.Timestamp]:
    """Return cut dates as timestamps, each once; ValueError if there is no method, date, or horizon."""
    check_count("horizon_days", horizon_days)
    if horizon_days > LONGEST_HORIZON:
        raise ValueError(f"horizon_days must be at most {LONGEST_HORIZON}; got {horizon_days}")
    if not isinstance(methods, Mapping):
        raise TypeError(f"methods must be a dict of name to recommender; got {type(methods).__name__}")
    for name, method in methods.items():
        if not hasattr(method, "fit"):
            raise TypeError(f"methods must be recommenders; {name!r} is {type(method).__name__} {method!r}")
    several = [cut_dates] if isinstance(cut_dates, str | date) else cut_dates
    check_list("cut_dates", several, "dates")
    cuts = list(dict.fromkeys(naive_timestamp("cut_dates", cut) for cut in several))
    if not methods or not cuts:
        raise ValueError("methods and cut_dates must each hold at least one")
    return cuts


def check_transactions(transactions: Any) -> None:
    """Raise an error that says what is wrong unless these transactions can be split at a date."""
    lines = checked_frame(transactions, ORDER_ID, CUSTOMER_ID, PRODUCT_ID, ORDERED_AT, QUANTITY)
    zone = getattr(lines.collect_schema()[ORDERED_AT], "time_zone", None)
    if zone is not None:
        raise ValueError(
            f"{ORDERED_AT} must be times without a zone; they have {zone}. read_transactions() drops it"
        )


def before(transactions: Any, cut: pd.Timestamp) -> Any:
    """Return the lines before a moment, lazily: only these may be used for learning.

    Raises
    ------
    ValueError
        If no line is about a product.
    """
    moment: datetime = cut.to_pydatetime()
    training = nw.from_native(transactions).lazy().filter(nw.col(ORDERED_AT) < moment)
    if not len(product_lines(training, PRODUCT_ID).head(1).collect()):
        raise ValueError(f"nothing to train on before the cut date {cut:%Y-%m-%d}; choose a later cut date")
    return training


@dataclass(frozen=True)
class Known:
    """The customers and products of the training lines.

    Attributes
    ----------
    products : ndarray of text, ascending
        The ids of the products.
    buyers : ndarray of int, shape (n_products,)
        How many customers bought each product.
    customers : ndarray of text, ascending
        The ids of the customers who bought any product.
    bought : ndarray of int, ascending
        ``position of the customer × n_products + position of the product`` of each pair that was bought.
    """

    products: np.ndarray
    buyers: np.ndarray
    customers: np.ndarray
    bought: np.ndarray


def of_some_customers(transactions: Any, most: int, random_state: int) -> tuple[Any, bool]:
    """Return the lines of a maximum of customers, drawn at random, and whether there are more.

    Examples
    --------
    >>> lines = pd.DataFrame({"customer_id": list("ABCA")})
    >>> of_some_customers(lines, 3, 0)[1], of_some_customers(lines, 1, 0)[0]["customer_id"].nunique()
    (False, 1)
    """
    lines = nw.from_native(transactions)
    everyone = lines.lazy().select(CUSTOMER_ID).unique().collect().to_pandas()[CUSTOMER_ID]
    customers = np.sort(everyone.dropna().to_numpy(dtype=str))
    if len(customers) <= most:
        return transactions, False
    some = np.random.default_rng(random_state).choice(customers, most, replace=False).tolist()
    return lines.filter(nw.col(CUSTOMER_ID).cast(nw.String).is_in(some)).to_native(), True


def known(training: Any) -> Known:
    """Return the products and customers of the training lines."""
    lines = product_lines(training, PRODUCT_ID, CUSTOMER_ID)
    lines = lines.select(nw.col(PRODUCT_ID, CUSTOMER_ID).cast(nw.String)).unique()
    pairs = lines.collect().to_pandas().dropna()
    product, products = pd.factorize(pairs[PRODUCT_ID], sort=True)
    customer, customers = pd.factorize(pairs[CUSTOMER_ID], sort=True)
    return Known(
        np.asarray(products, dtype=str),
        np.bincount(product),
        np.asarray(customers, dtype=str),
        np.sort(customer * len(products) + product),
    )


def after(transactions: Any, cut: pd.Timestamp, horizon_days: int, random_state: int = 0) -> pd.DataFrame:
    """Return the products of each order of the horizon: ``order_id, customer_id, product_id, ordered_at``.

    Each product is listed once per order, at the time of its first line; rows ascend by order, then product.
    Of more customers than `MOST_CUSTOMERS`, that many are drawn at random.
    """
    start: datetime = cut.to_pydatetime()
    end = start + timedelta(days=horizon_days)
    lines = product_lines(transactions, ORDER_ID, CUSTOMER_ID, PRODUCT_ID, ORDERED_AT).filter(
        nw.col(ORDERED_AT) >= start, nw.col(ORDERED_AT) < end
    )
    ids = nw.col(ORDER_ID, CUSTOMER_ID, PRODUCT_ID).cast(nw.String)
    found: pd.DataFrame = lines.select(ids, nw.col(ORDERED_AT)).collect().to_pandas()
    customers = np.sort(found[CUSTOMER_ID].dropna().unique())
    if len(customers) > MOST_CUSTOMERS:
        rng = np.random.default_rng(random_state)
        found = found[found[CUSTOMER_ID].isin(rng.choice(customers, MOST_CUSTOMERS, replace=False))]
    in_order = found.sort_values([ORDER_ID, PRODUCT_ID, ORDERED_AT, CUSTOMER_ID], ignore_index=True)
    return in_order.drop_duplicates([ORDER_ID, PRODUCT_ID], ignore_index=True)


def positions(among: Any, ids: Any) -> np.ndarray:
    """Return the positions of ids among others, −1 for missing ones.

    Examples
    --------
    >>> positions(["A", "B"], pd.Series(["B", None, "X", "A", "B"]))
    array([ 1, -1, -1,  0,  1])
    """
    which, different = pd.factorize(ids)  # each product is in many lists
    found: np.ndarray = np.append(pd.Index(among).get_indexer(different), -1)[which]
    return found


def is_among(values: np.ndarray, ascending: np.ndarray) -> np.ndarray:
    """Return which values are among ascending others; `numpy.isin` would sort many of them again.

    Examples
    --------
    >>> is_among(np.array([[1, 2], [9, 4]]), np.array([2, 4, 8]))
    array([[False,  True],
           [False,  True]])
    """
    if not len(ascending):
        return np.zeros(values.shape, dtype=bool)
    place = np.minimum(np.searchsorted(ascending, values), len(ascending) - 1)
    found: np.ndarray = ascending[place] == values
    return found
