"""Repurchases: what customers buy again, after how many days, who is due, and a backtest of that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets._support.checks import check_at_least, check_count
from shopper_widgets._support.intervals import share_interval
from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, ORDERED_AT, PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.customers.journeys.entry import FEWEST
from shopper_widgets.customers.journeys.first_returns import FirstReturns, first_returns
from shopper_widgets.customers.journeys.purchases import Ints, Purchases, purchases_of
from shopper_widgets.segments.rhythm import PRIOR_GAPS, drawn_towards

#: A repurchase counts within this many days, or in slow shops within this many usual gaps between a
#: customer's days with purchases; but at most within half of the days that the lines span.
DAYS, USUAL_GAPS = 180, 3
#: The interval of fewer repurchasing customers than this says little.
FEWEST_AGAIN = 10
#: A customer is due from one expected interval after the last purchase on, and up to this many intervals.
LATEST = 2.0
#: The backtest looks at a quarter of the usual interval: within a whole one, nearly everybody would buy.
_CHECKED, _LEAST_DAYS, _MOST_DAYS = 0.25, 7, 28
#: If a smaller share of those due bought, nineteen of twenty reminders would reach nobody who buys.
_WORTH_REMINDING = 0.05


def replenished_products(
    lines: pd.DataFrame,
    *,
    days: int | None = None,
    min_customers: int = FEWEST,
    min_again: int = FEWEST_AGAIN,
    among: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return each product's repurchase rate, and the days until customers buy it again.

    Parameters
    ----------
    lines : pandas.DataFrame
        Cleaned lines, such as ``ShopperModel.lines``.
    days : int, optional
        The time within which buying again counts. Default: 180, or three usual gaps between a customer's days
        with purchases if that is more; half of the days that the lines span if that is fewer.
        ``attrs["days"]`` has the number used.
    min_customers : int, default 20
        The fewest customers of the product who could be followed for the whole time.
    min_again : int, default 10
        The fewest of them who were seen to buy it again in that time.
    among : collection of str, optional
        Ids of customers: only these are followed. Don't choose them by what they bought later: that would
        choose those who bought again.

    Returns
    -------
    pandas.DataFrame
        ``product_id, product_name, customers`` (who bought it), ``again`` (share who buy it again on another
        day in the time) with ``again_low`` and ``again_high`` (its 95 % interval), ``median_gap`` (days
        within which half of these do), ``gap_low`` and ``gap_high`` (a quarter, three quarters). Surest share
        first.

    Raises
    ------
    ValueError
        A parameter is not a whole number from 1.
    TooLittleDataError
        No line has a customer.

    Notes
    -----
    Time runs from the first purchase of each customer to the second; customers whose time is cut short by the
    end of the lines count for as long as they could be seen (Kaplan and Meier, Journal of the American
    Statistical Association 53, 1958): see ``customers.journeys.first_returns``.

    Examples
    --------
    >>> days = pd.to_datetime([f"2024-{month:02}-01" for month in range(1, 13)])
    >>> lines = pd.DataFrame([
    ...     {"customer_id": f"c{i}", "product_id": "soap", "product_name": "SOAP", "ordered_at": day,
    ...      "amount": 3.0, "is_product": True}
    ...     for i in range(20) for day in days[: 12 if i < 15 else 1]
    ... ])
    >>> replenished_products(lines)[["customers", "again", "median_gap"]]
       customers  again  median_gap
    0         20   0.75       31.0
    """
    if days is not None:
        check_count("days", days)
    check_count("min_customers", min_customers)
    check_count("min_again", min_again)
    return _products(purchases_of(lines, among), days, min_customers, min_again)


def due_customers(
    lines: pd.DataFrame,
    as_of: object,
    *,
    products: pd.DataFrame | None = None,
    min_times: int = 2,
    prior_gaps: float = PRIOR_GAPS,
    latest: float = LATEST,
) -> pd.DataFrame:
    """List which customers are due to buy which product again, highest spend first.

    Parameters
    ----------
    lines : pandas.DataFrame
        Cleaned lines, such as ``ShopperModel.lines``.
    as_of : date-like
        The moment that counts; lines after it are left out.
    products : pandas.DataFrame, optional
        What :func:`replenished_products` returned, where it is at hand: only these are listed.
    min_times : int, default 2
        The fewest days on which a customer bought the product; 1 also lists customers who bought it once.
    prior_gaps : float, default 2
        How many gaps the product's usual one counts for beside a customer's own.
    latest : float, default 2
        A customer whose silence exceeds so many of their intervals is no longer due.

    Returns
    -------
    pandas.DataFrame
        ``customer_id, product_id, product_name, times`` (days on which it was bought), ``last_bought``,
        ``expected_gap`` (days: the customer's own median, drawn towards the product's where there are few),
        ``silence`` (days since), ``due`` (silence ÷ expected gap: 1 or more), ``amount`` (usually spent on
        it at a time).

    Raises
    ------
    ValueError
        A parameter is not what it should be.
    TooLittleDataError
        No line has a customer.

    Examples
    --------
    >>> days = pd.to_datetime([f"2024-{month:02}-01" for month in range(1, 12)])
    >>> lines = pd.DataFrame([
    ...     {"customer_id": f"c{i:02}", "product_id": "soap", "product_name": "SOAP", "ordered_at": day,
    ...      "amount": 3.0, "is_product": True}
    ...     for i in range(20) for day in days[: 11 - i % 2]
    ... ])
    >>> due_customers(lines, "2024-11-12")[["customer_id", "times", "expected_gap", "silence"]].head(1)
      customer_id  times  expected_gap  silence
    0         c01     10          31.0       42
    """
    check_count("min_times", min_times)
    check_at_least("prior_gaps", prior_gaps, 0)
    check_at_least("latest", latest, 1)
    moment = naive_timestamp("as_of", as_of)
    known = lines[lines[ORDERED_AT] <= moment]
    bought = purchases_of(known)
    if products is None:
        products = _products(bought, None, FEWEST, FEWEST_AGAIN)
    rhythms = _rhythms(bought, products, prior_gaps)
    silence = (moment - rhythms["last_bought"]).dt.days
    rhythms = rhythms.assign(silence=silence, due=silence / rhythms["expected_gap"])
    due = rhythms[(rhythms["times"] >= min_times) & rhythms["due"].between(1.0, latest)]
    columns = [
        CUSTOMER_ID,
        PRODUCT_ID,
        PRODUCT_NAME,
        "times",
        "last_bought",
        "expected_gap",
        "silence",
        "due",
    ]
    order = [AMOUNT, CUSTOMER_ID, PRODUCT_ID]
    return due.sort_values(order, ascending=[False, True, True], ignore_index=True)[[*columns, AMOUNT]]


@dataclass(frozen=True)
class DueCheck:
    """A backtest: whether customers who were due at a past moment bought.

    Attributes
    ----------
    at : Timestamp
        The moment; nothing after it was used to find out who was due.
    days : int
        How many days after it the purchases count.
    due, not_due : int
        Pairs of a customer and a product that were due, and all others that were bought as often, but more
        recently, so that they were not yet due.
    bought, bought_not_due : int
        How many pairs of each kind were bought within these days.
    """

    at: pd.Timestamp
    days: int
    due: int
    bought: int
    not_due: int
    bought_not_due: int

    @property
    def low(self) -> float:
        """The lower limit of the 95 % interval of the share of those due who buy."""
        return float(share_interval(np.array([float(self.bought)]), np.array([float(self.due)]))[1][0])

    @property
    def tells(self) -> bool:
        """Whether customers who were due bought more often than those not yet due, beyond chance."""
        return bool(self.due and self.not_due and self.low > self.bought_not_due / self.not_due)

    @property
    def is_enough(self) -> bool:
        """Whether being due tells, or enough were due, and enough not yet due, that it would: 20 of each."""
        return self.tells or min(self.due, self.not_due) >= FEWEST

    @property
    def is_worth_reminding(self) -> bool:
        """Whether being due tells, and enough of those due bought that a reminder reaches buyers."""
        return self.tells and self.bought >= _WORTH_REMINDING * self.due


def check_due(
    lines: pd.DataFrame,
    as_of: object,
    *,
    products: pd.DataFrame | None = None,
    days: int | None = None,
    min_times: int = 2,
) -> DueCheck:
    """Backtest who was due some days ago: how many of those purchases were made since.

    Parameters
    ----------
    lines : pandas.DataFrame
        Cleaned lines, such as ``ShopperModel.lines``.
    as_of : date-like
        The end of the days that are looked at.
    products : pandas.DataFrame, optional
        What :func:`replenished_products` returned, where it is at hand: the default of `days` depends on it.
    days : int, optional
        How many days to look at. Default: a quarter of the usual interval of the products, from 7 to 28.
    min_times : int, default 2
        As for :func:`due_customers`.

    Returns
    -------
    DueCheck
        How many pairs of a customer and a product were due, and how many of those were bought; beside those
        not yet due.

    Raises
    ------
    TooLittleDataError
        No line with a customer is older than that.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", "2024-12-31", freq="30D")
    >>> lines = pd.DataFrame([
    ...     {"customer_id": f"c{i:02}", "product_id": "soap", "product_name": "SOAP", "amount": 3.0,
    ...      "ordered_at": day + pd.Timedelta(days=i), "is_product": True}
    ...     for i in range(30) for day in days
    ... ])
    >>> check = check_due(lines, "2024-12-10", days=7)
    >>> f"{check.bought} of {check.due} due, {check.bought_not_due} of {check.not_due} not due yet"
    '1 of 1 due, 6 of 29 not due yet'
    """
    end = naive_timestamp("as_of", as_of)
    if days is None:
        days = _checked_days(replenished_products(lines) if products is None else products)
    check_count("days", days)
    at = (end - pd.Timedelta(days=days)).normalize()
    past = purchases_of(lines[lines[ORDERED_AT] < at])
    rhythms = _rhythms(past, _products(past, None, FEWEST, FEWEST_AGAIN), PRIOR_GAPS)
    rhythms = rhythms[rhythms["times"] >= min_times]
    since = lines[(lines[ORDERED_AT] >= at) & (lines[ORDERED_AT] < end) & lines[CUSTOMER_ID].notna()]
    pairs = pd.MultiIndex.from_frame(rhythms[[CUSTOMER_ID, PRODUCT_ID]])
    bought = pairs.isin(
        pd.MultiIndex.from_frame(since[[CUSTOMER_ID, PRODUCT_ID]].astype(str).drop_duplicates())
    )
    late = (at - rhythms["last_bought"]).dt.days / rhythms["expected_gap"]
    due, early = late.between(1.0, LATEST).to_numpy(), (late < 1.0).to_numpy()
    return DueCheck(
        at, days, int(due.sum()), int((due & bought).sum()), int(early.sum()), int((early & bought).sum())
    )


def _checked_days(products: pd.DataFrame) -> int:
    if products.empty:
        return _MOST_DAYS
    return int(np.clip(round(_CHECKED * products["median_gap"].median()), _LEAST_DAYS, _MOST_DAYS))


def _products(bought: Purchases, days: int | None, min_customers: int, min_again: int) -> pd.DataFrame:
    bought_days = _bought_days(bought)
    span = bought.last_day - int(bought.day.min())
    within = max(1, min(days or _usual_days(bought), span // 2))
    found = first_returns(_first_gaps(bought_days, bought.last_day, within), len(bought.products), within)
    table = bought.products.join(found)
    table = table[(table.pop("followed") >= min_customers) & (table.pop("seen_again") >= min_again)]
    table = table.sort_values("again_low", ascending=False, kind="stable", ignore_index=True)
    table.attrs = {"days": within}
    return table


def _usual_days(bought: Purchases) -> int:
    days = pd.DataFrame({"who": bought.who, "day": bought.day}).drop_duplicates().sort_values(["who", "day"])
    gaps = days.groupby("who")["day"].diff().dropna()
    return max(DAYS, round(USUAL_GAPS * gaps.median())) if len(gaps) else DAYS


def _bought_days(bought: Purchases) -> pd.DataFrame:
    """Return one row per customer, product and day, in that order: ``pair, who, what, day, amount``."""
    goods = bought.is_product
    n, first = len(bought.products), bought.last_day + 1
    day = bought.day[goods]
    low = int(day.min()) if len(day) else first
    reach = first - low
    key = (bought.who[goods] * n + bought.what[goods]) * reach + day - low
    keys, place = np.unique(key, return_inverse=True)
    pair, day = np.divmod(keys, reach)
    who, what = np.divmod(pair, n)
    amount = np.bincount(place, weights=bought.amount[goods], minlength=len(keys))
    return pd.DataFrame({"pair": pair, "who": who, "what": what, "day": day + low, AMOUNT: amount})


def _first_gaps(bought_days: pd.DataFrame, last_day: int, within: int) -> FirstReturns:
    """Return the days from each first purchase of a product to the second, or to the last day observed."""
    pair, day = bought_days["pair"].to_numpy(), bought_days["day"].to_numpy()
    first = np.flatnonzero(np.diff(pair, prepend=-1))
    again = np.append(pair, -1)[first + 1] == pair[first]
    gap = np.where(again, np.append(day, 0)[first + 1] - day[first], within + 1)
    room = last_day - day[first]
    return FirstReturns(
        what=bought_days["what"].to_numpy()[first],
        days=np.minimum(np.minimum(gap, room), within),
        returned=gap <= within,
        followed=room >= within,
    )


def _rhythms(bought: Purchases, products: pd.DataFrame, prior_gaps: float) -> pd.DataFrame:
    """Return each customer's expected gap for those of `products` that they bought."""
    table = _bought_days(bought)
    gap_of = pd.Series(products["median_gap"].to_numpy(), index=products[PRODUCT_ID])
    usual = table["what"].map(bought.products[PRODUCT_ID].map(gap_of))
    table = table[usual.notna().to_numpy()].reset_index(drop=True)
    usual = usual.dropna().reset_index(drop=True)
    new = table["pair"].ne(table["pair"].shift())
    gaps = table["day"].diff().where(~new)
    by_pair = pd.DataFrame(
        {"pair": table["pair"], "gap": gaps, "usual": usual, **table[["who", "what", "day", AMOUNT]]}
    )
    told = by_pair.groupby("pair", sort=True).agg(
        who=("who", "first"),
        what=("what", "first"),
        times=("day", "size"),
        day=("day", "last"),
        own=("gap", "median"),
        usual=("usual", "first"),
        spent=(AMOUNT, "mean"),
    )
    expected = drawn_towards(
        told["own"].to_numpy(), told["times"].to_numpy() - 1, told["usual"].to_numpy(), prior_gaps
    )
    return pd.DataFrame(
        {
            CUSTOMER_ID: bought.customer_ids[told["who"].to_numpy()],
            PRODUCT_ID: bought.products[PRODUCT_ID].to_numpy()[told["what"].to_numpy()],
            PRODUCT_NAME: bought.products[PRODUCT_NAME].to_numpy()[told["what"].to_numpy()],
            "times": told["times"].to_numpy(),
            "last_bought": _as_days(told["day"].to_numpy()),
            "expected_gap": expected,
            AMOUNT: told["spent"].to_numpy(),
        }
    )


def _as_days(days: Ints) -> npt.NDArray[np.datetime64]:
    return days.astype("datetime64[D]").astype("datetime64[us]")
