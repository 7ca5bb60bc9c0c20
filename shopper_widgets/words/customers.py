"""Customers through time, in words and small tables: movements, retention, overdue customers, news."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from shopper_widgets._support.formatting import count_of, format_count, format_day, format_money, format_share
from shopper_widgets._support.locale import N_, gettext, ngettext, with_marks
from shopper_widgets.columns import CUSTOMER_ID, FREQUENCY, SEGMENT
from shopper_widgets.customers.cadence import (
    MIN_ORDERS,
    MIN_OVERDUE,
    MIN_SPEND_RANK,
    comparable_customers,
    customer_cadence,
    is_overdue,
    overdue_customers,
)
from shopper_widgets.customers.cohorts import cohort_caveats, cohort_table
from shopper_widgets.customers.flows import CAVEAT, transitions
from shopper_widgets.customers.history import month_ends, segment_history
from shopper_widgets.customers.lifetime import (
    CustomerOutlook,
    customer_outlook,
    describe_calibration,
    failed,
    holdout_calibration,
)
from shopper_widgets.customers.narrowing import EVERYONE, Narrowing
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.once import once_per_model
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.segments.naming import is_silent

#: The explanation of a usual gap, which readers would not find by themselves.
USUAL_GAP = N_(
    "Usual gap: the median of the days between a customer's own orders; where these are few, it is drawn "
    "towards what is usual in the shop."
)
#: Months between the two dates that the report compares.
MONTHS_BACK = 3


@dataclass(frozen=True)
class Movements:
    """Who moved between two month-ends.

    Attributes
    ----------
    flows : DataFrame
        As :func:`~shopper_widgets.transitions` gives it; empty where the orders cover too few months
        or all customers are one segment.
    start, end : str
        The two dates, in words.
    sentences : list of str
        What to say about the flows, or why there are none.
    days : tuple of str
        The two dates in a form for programs.
    """

    flows: pd.DataFrame
    start: str
    end: str
    sentences: list[str]
    days: tuple[str, str] = ("", "")


def recent_movements(model: ShopperModel) -> Movements:
    """Compare the end of the last whole month with the one three months before.

    Parameters
    ----------
    model : ShopperModel
        Gives the orders and the fitted segmenter.

    Returns
    -------
    Movements
        Without flows where the orders cover less than two whole months, or there is one segment.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=200, random_state=0)
    >>> moved = recent_movements(ShopperModel.fit(orders, n_clusters=4, progress=False))
    >>> moved.start, moved.end
    ('31 Mar 2024', '30 Jun 2024')
    """
    ends = month_ends(model.orders)
    if len(ends) <= 1:
        return Movements(pd.DataFrame(), "", "", [gettext("Movements need two complete months of orders.")])
    start, end = ends[max(0, len(ends) - 1 - MONTHS_BACK)], ends[-1]
    if len(model.segments) == 1:
        return Movements(
            pd.DataFrame(), "", "", [gettext("All customers are in one segment, so nobody can move.")]
        )
    flows = transitions(segment_history(model, dates=[start, end]), start, end)
    days = (f"{start:%Y-%m-%d}", f"{end:%Y-%m-%d}")
    return Movements(flows, format_day(start), format_day(end), _moves(model, flows, start, end), days)


def _moves(model: ShopperModel, flows: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> list[str]:
    known = flows[flows["kind"] != "new"]
    there, elsewhere = (one["customers"].sum() for one in (known, known[known["from"] != known["to"]]))
    count = flows.groupby("kind")["customers"].sum()
    new = count.get("new", 0)
    said = [
        ngettext(
            "Of the {customers} on {start}, {number} was in another segment on {end} and {same} in the same "
            "one;",
            "Of the {customers} on {start}, {number} were in another segment on {end} and {same} in the same "
            "one;",
            elsewhere,
            customers=count_of(there, "customer"),
            start=format_day(start),
            number=format_count(elsewhere),
            end=format_day(end),
            same=format_count(there - elsewhere),
        )
        + " "
        + ngettext(
            "{number} customer was new.", "{number} customers were new.", new, number=format_count(new)
        )
    ]
    if returned := count.get("returned", 0):
        said.append(
            ngettext(
                "{number} silent customer ordered again.",
                "{number} silent customers ordered again.",
                returned,
                number=format_count(returned),
            )
        )
    silent = {side: flows[side].map(is_silent).astype(bool) for side in ("from", "to")}
    lost = flows[(flows["kind"] == "moved") & silent["to"] & ~silent["from"]]
    if len(lost):
        said.append(
            ngettext(
                "{number} customer fell silent; they had spent {money} by {start}.",
                "{number} customers fell silent; they had spent {money} by {start}.",
                lost["customers"].sum(),
                number=format_count(lost["customers"].sum()),
                money=format_money(lost["revenue_before"].sum(), model.currency),
                start=format_day(start),
            )
        )
    best = model.segments[SEGMENT].iloc[0]
    risen = flows[(flows["to"] == best) & (flows["kind"] != "stayed")]
    if len(risen):
        said.append(
            ngettext(
                "{number} customer became {segment} and spent {money} between the two dates.",
                "{number} customers became {segment} and spent {money} between the two dates.",
                risen["customers"].sum(),
                number=format_count(risen["customers"].sum()),
                segment=gettext(best),
                money=format_money(risen["revenue_between"].sum(), model.currency),
            )
        )
    return [*said, gettext(CAVEAT)]


@once_per_model
def retention(
    model: ShopperModel, began: tuple[dt.date, dt.date] | None = None, among: Narrowing = EVERYONE
) -> tuple[pd.DataFrame, list[str]]:
    """Return the cohorts of :func:`~shopper_widgets.cohort_table`, and their limits in words.

    If the orders can't tell, the table is empty, and the sentence says why.
    """
    followed = among.newcomers(model) if among else None
    try:
        cohorts = cohort_table(model.orders, began=began, among=followed)
    except TooLittleDataError as error:
        return pd.DataFrame(), [error.told]
    return cohorts, [nobody_began(began, followed)] if cohorts.empty else cohort_caveats(cohorts)


def nobody_began(days: tuple[dt.date, dt.date] | None, among: frozenset[str] | None = None) -> str:
    """Say that there are no new customers of these days, or none within the filters.

    Examples
    --------
    >>> nobody_began((dt.date(2024, 3, 1), dt.date(2024, 3, 3)))
    'No customer first ordered from 1 Mar 2024 to 3 Mar 2024: choose a longer period.'
    """
    if days is None or among == frozenset():
        return gettext("No customer's first order matches these filters: remove one.")
    first, last = map(format_day, days)
    if among is not None:
        return gettext(
            "None of these customers first ordered from {first} to {last}: choose a longer period, or "
            "remove a filter.",
            first=first,
            last=last,
        )
    return gettext(
        "No customer first ordered from {first} to {last}: choose a longer period.", first=first, last=last
    )


@dataclass(frozen=True)
class Expectations:
    """The outlook for present customers, and whether earlier predictions came true.

    Attributes
    ----------
    customers : DataFrame
        One row per customer, as :func:`~shopper_widgets.customer_outlook` gives it, without the
        columns that the orders can't tell of anyone: ``expected_spend`` and ``expected_revenue``.
    by_segment : DataFrame
        ``segment, customers, expected_orders`` (days with orders) and, where the orders can tell,
        ``expected_revenue``; best first.
    calibration : DataFrame
        As :func:`~shopper_widgets.holdout_calibration` gives it.
    sentences : list of str
        The outlook, how far earlier predictions came true, and what the orders can't tell.
    """

    customers: pd.DataFrame
    by_segment: pd.DataFrame
    calibration: pd.DataFrame
    sentences: list[str]


def expectations(
    model: ShopperModel, horizon_days: int | None = None, among: Narrowing = EVERYONE
) -> Expectations:
    """Say what a model's customers will probably order, and compare earlier predictions with orders.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers and their orders.
    horizon_days : int, optional
        How many days to look ahead. Default: ``model.follow_days``.
    among : Narrowing, optional
        Only customers whose first order matches; the check of predictions is for all customers.

    Returns
    -------
    Expectations
        With empty tables if the orders can't tell, or if actual orders were very different; a sentence says
        why.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> orders = make_transactions(n_customers=150, n_products=30, n_days=300, random_state=0)
    >>> expected = expectations(ShopperModel.fit(orders, n_clusters=4, progress=False))
    >>> expected.by_segment["segment"].tolist()
    ['High-Value', 'New', 'Occasional', 'At-Risk']
    """
    nothing = pd.DataFrame()
    horizon_days = model.follow_days if horizon_days is None else horizon_days
    try:
        outlook = _outlook(model, horizon_days)
    except TooLittleDataError as error:
        return Expectations(nothing, nothing, nothing, [error.told])
    customers = outlook.customers.dropna(axis="columns", how="all")
    if among:
        customers = customers[customers[CUSTOMER_ID].isin(among.newcomers(model))].reset_index(drop=True)
    if customers.empty:
        return Expectations(customers, nothing, nothing, [nobody_began(None)])
    told = [name for name in ("expected_orders", "expected_revenue") if name in customers]
    by_customer = customers.groupby(SEGMENT)
    summed = by_customer[told].sum().assign(customers=by_customer.size()).reset_index()
    by_segment = model.segments[[SEGMENT]].merge(summed[[SEGMENT, "customers", *told]], on=SEGMENT)
    orders, *revenue = customers[told].sum()
    worth = "".join(
        gettext(", worth {money}", money=format_money(money, model.currency)) for money in revenue
    )
    said = [
        gettext(
            "In the {horizon_days} days from {as_of}, these customers are expected to place "
            "{orders}{worth}, judging by their own past orders. Orders of new customers come on top.",
            horizon_days=horizon_days,
            as_of=format_day(model.as_of),
            orders=count_of(round(orders), "order"),
            worth=worth,
        )
    ]
    repeaters = customers[customers["repeats"] > 0]
    if outlook.tells_who_left and len(repeaters):
        said.append(
            gettext(
                "Of the {customers}, an estimated {share} are still customers.",
                customers=count_of(len(repeaters), "repeat customer"),
                share=format_share(repeaters["probability_alive"].mean()),
            )
        )
    try:
        calibration = _calibration(model)
        if failed(calibration):
            return Expectations(nothing, nothing, calibration, [describe_calibration(calibration)])
        said.append(describe_calibration(calibration))
        said += [gettext("That check covers all customers.")] if among else []
    except TooLittleDataError as error:
        calibration = nothing
        said.append(
            gettext("These expectations could not be checked against later orders. {error}", error=error.told)
        )
    return Expectations(customers, by_segment, calibration, [*said, *outlook.caveats])


@once_per_model
def _outlook(model: ShopperModel, horizon_days: int) -> CustomerOutlook:
    return customer_outlook(model, horizon_days)


@once_per_model
def _calibration(model: ShopperModel) -> pd.DataFrame:
    return holdout_calibration(model.orders)


def overdue(model: ShopperModel, n: int = 10) -> tuple[pd.DataFrame, list[str]]:
    """Return the valuable customers who should have ordered by now, and a sentence about them.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers and their orders.
    n : int
        How many at the most.

    Returns
    -------
    customers : DataFrame
        ``customer_id, segment, frequency, expected_gap, silence, overdue, value_at_risk``; most value first.
    sentences : list of str
        How many there are, and what they spent; or why none is listed.
    """
    try:
        cadence = customer_cadence(model)
    except TooLittleDataError as error:
        return pd.DataFrame(), [error.told]
    late, compared = overdue_customers(model, cadence=cadence), comparable_customers(cadence)
    if late.empty:
        return pd.DataFrame(), [gettext("No valuable customer is overdue by their own rhythm.")]
    elsewhere = (~late[SEGMENT].map(is_silent).astype(bool)).sum()
    short = count_of(int(cadence["short_silence"].iloc[0]), "day")
    said = [
        ngettext(
            "{number} valuable customer is overdue: silent for more than {times} times their usual gap and "
            "more than {days}. They have spent {money} so far.",
            "{number} valuable customers are overdue: silent for more than {times} times their usual gap and "
            "more than {days}. They have spent {money} so far.",
            len(late),
            number=format_count(len(late)),
            times=with_marks(f"{MIN_OVERDUE:g}"),
            days=short,
            money=format_money(late["value_at_risk"].sum(), model.currency),
        ),
        gettext(
            "Counted as valuable: {customers}, the top {share} by spend who ordered at least {times}.",
            customers=count_of(len(compared), "customer"),
            share=format_share(1 - MIN_SPEND_RANK),
            times=count_of(MIN_ORDERS, "time"),
        ),
    ]
    if elsewhere == len(late):
        said.append(gettext("None of them is in a silent segment, so segments alone would miss them."))
    elif elsewhere:
        said.append(
            ngettext(
                "{number} of them is not in a silent segment, so segments alone would miss them.",
                "{number} of them are not in a silent segment, so segments alone would miss them.",
                elsewhere,
                number=format_count(elsewhere),
            )
        )
    said.append(gettext(USUAL_GAP))
    shown = [CUSTOMER_ID, SEGMENT, FREQUENCY, "expected_gap", "silence", "overdue", "value_at_risk"]
    return late.head(n)[shown].reset_index(drop=True), said


def rhythms(model: ShopperModel) -> pd.DataFrame:
    """Return the rhythms of all who could be overdue, and those who are; empty if nobody came back."""
    try:
        compared = comparable_customers(customer_cadence(model))
    except TooLittleDataError:
        return pd.DataFrame()
    return compared.assign(is_overdue=is_overdue(compared))
