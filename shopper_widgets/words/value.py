"""The value of a new customer and its payback, in sentences and a small table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from shopper_widgets._support.formatting import (
    OF_UNITS,
    count_of,
    format_count,
    format_money,
    format_month,
    format_share,
)
from shopper_widgets._support.locale import N_, gettext, ngettext
from shopper_widgets.customers.cohort_value import cohort_value, payback_table, value_curve
from shopper_widgets.customers.cohorts import FEWEST_IN_COHORT, cohort_table
from shopper_widgets.customers.narrowing import EVERYONE, Narrowing
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.words.customers import nobody_began
from shopper_widgets.words.told_of import tells_money

#: A no-break space, which keeps the name of a month on one line.
_TOGETHER = "\u00a0"
#: Months after the first order at which cohorts are compared.
MARKS = (0, 1, 3, 6, 12, 24)


@dataclass(frozen=True)
class ValueTerms:
    """The user's assumptions about margin and costs of customers.

    Attributes
    ----------
    margin : float
        Share of the price that is left after the cost of goods; 1 counts revenue.
    acquisition_cost : float
        The cost of winning one customer; 0 where it isn't known.
    """

    margin: float = 1.0
    acquisition_cost: float = 0.0


def known_terms(model: ShopperModel) -> ValueTerms | None:
    """Return the terms of the report that made the model; None if it was given no acquisition cost."""
    told = model.source.get("value_terms")
    return ValueTerms(**told) if told else None


def terms_of(model: ShopperModel, terms: ValueTerms) -> ValueTerms:
    """Return the terms that apply: none if units stand for money, since no cost is paid in units."""
    return terms if tells_money(model) else ValueTerms()


@dataclass(frozen=True)
class ValueCase:
    """What new customers bring.

    Attributes
    ----------
    curve : DataFrame
        As :func:`~shopper_widgets.value_curve` gives it; empty where the orders can't tell.
    cohorts : DataFrame
        As :func:`~shopper_widgets.cohort_value` gives it.
    paid_back : DataFrame
        As :func:`~shopper_widgets.payback_table` gives it.
    sentences : list of str
        The finding; or why there is none.
    """

    curve: pd.DataFrame
    cohorts: pd.DataFrame
    paid_back: pd.DataFrame
    sentences: list[str]


def value_case(
    model: ShopperModel,
    terms: ValueTerms,
    began: tuple[dt.date, dt.date] | None = None,
    among: Narrowing = EVERYONE,
) -> ValueCase:
    """Say what a new customer is worth month by month, and when the acquisition cost is paid back.

    Parameters
    ----------
    model : ShopperModel
        Gives the orders and the currency.
    terms : ValueTerms
        Margin, and the cost of winning a customer.
    began : tuple of date, optional
        First and last day of the first orders of the new customers who count.
    among : Narrowing, optional
        Only new customers whose first order is such; all that they ordered later counts.

    Returns
    -------
    ValueCase
        With empty tables where the orders can't tell; a sentence says why.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> orders = make_transactions(n_customers=300, n_products=30, n_days=400, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, currency="£", progress=False)
    >>> for sentence in value_case(model, ValueTerms(margin=0.4, acquisition_cost=60)).sentences[:3]:
    ...     print(sentence)
    On average, a new customer brings £45.87 of margin (40 % of revenue) in the month of the first order ...
    These are averages of the ... new customers who could be followed for that long; earlier points ...
    An acquisition cost of £60.00 is paid back within 1 month (95 % interval: 1 to 2).
    """
    terms = terms_of(model, terms)
    followed = among.newcomers(model) if among else None
    try:
        values = cohort_value(cohort_table(model.orders, began=began, among=followed), margin=terms.margin)
    except TooLittleDataError as error:
        return ValueCase(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), [error.told])
    if values.empty:
        return ValueCase(pd.DataFrame(), values, pd.DataFrame(), [nobody_began(began, followed)])
    curve = value_curve(model.orders, margin=terms.margin, began=began, among=followed)
    paid_back = payback_table(values, terms.acquisition_cost)
    if curve.empty:
        said = [
            gettext(
                "The value of a new customer is unknown: fewer than {fewest_in_cohort} were seen for "
                "a month.",
                fewest_in_cohort=FEWEST_IN_COHORT,
            )
        ]
        return ValueCase(curve, values, paid_back, said)
    return ValueCase(curve, values, paid_back, _said(model.currency, terms, curve, paid_back))


def longest(curve: pd.DataFrame) -> pd.Series[float]:
    """Return the point of a curve to report: that of the longest usual time, else the last.

    Parameters
    ----------
    curve : DataFrame
        As :func:`~shopper_widgets.value_curve` gives it, not empty.

    Examples
    --------
    >>> curve = pd.DataFrame({"months_since": range(9), "value": range(9)})
    >>> int(longest(curve)["months_since"])
    6
    """
    spoken_of = curve[curve["months_since"].isin(MARKS)]
    return (spoken_of if len(spoken_of) else curve).iloc[-1]


def value_by_cohort(case: ValueCase, terms: ValueTerms) -> pd.DataFrame:
    """Return the value per customer of cohorts after some months, as a table for readers.

    Returns
    -------
    DataFrame
        ``cohort`` (in words; † marks those that hold old customers), ``cohort_size``, a column
        ``value_N`` for each month of `MARKS` that is seen whole, and where there is a cost ``payback`` in
        words.
    """
    whole = case.cohorts[~case.cohorts["is_partial"]]
    matrix = whole.pivot_table(index="cohort", columns="months_since", values="value")
    shown = case.paid_back[["cohort", "cohort_size"]].copy()
    for month in MARKS:
        if month in matrix:
            shown[f"value_{month}"] = matrix[month].reindex(shown["cohort"]).to_numpy()
    if terms.acquisition_cost:
        shown["payback"] = [
            gettext("not yet") if pd.isna(month) else _back_in(int(month))
            for month in case.paid_back["payback_month"]
        ]
    old = case.paid_back["is_left_censored"]
    shown["cohort"] = [
        f"{format_month(cohort).replace(' ', _TOGETHER)}{' †' if is_old else ''}"
        for cohort, is_old in zip(shown["cohort"], old, strict=True)
    ]
    return shown


def _back_in(month: int) -> str:
    return (
        gettext("after {months}", months=count_of(month, "month")) if month else gettext("in the first month")
    )


def _within(month: int) -> str:
    return (
        gettext("within {months}", months=count_of(month, "month"))
        if month
        else gettext("in the month of the first order")
    )


def _said(currency: str, terms: ValueTerms, curve: pd.DataFrame, paid_back: pd.DataFrame) -> list[str]:
    def money(amount: float) -> str:
        return format_money(amount, currency)

    last = longest(curve)
    margin = (
        ""
        if terms.margin == 1
        else gettext(" of margin ({margin} of revenue)", margin=format_share(terms.margin))
    )
    until = gettext("{months} of it", months=count_of(int(last["months_since"]), "month"))
    later = gettext(
        " and {money} ({low} to {high}) within {until}",
        money=money(last["value"]),
        low=money(last["low"]),
        high=money(last["high"]),
        until=until,
    )
    said = [
        gettext(
            N_(
                "On average, a new customer buys {money}{margin} in the month of the first "
                "order{later}, including customers who never came back."
            )
            if currency == OF_UNITS
            else N_(
                "On average, a new customer brings {money}{margin} in the month of the first "
                "order{later}, including customers who never came back."
            ),
            # Of the same customers: with others included, the first month might bring more than several
            # months.
            money=money(last["first_month"]),
            margin=margin,
            later=later if last["months_since"] else "",
        )
    ]
    if last["months_since"]:
        said.append(
            gettext(
                "These are averages of the {customers} who could be followed for that long; earlier points "
                "of the line include others, too.",
                customers=count_of(int(last["customers"]), "new customer"),
            )
        )
    if terms.acquisition_cost:
        said += _back(money, terms.acquisition_cost, curve, paid_back)
    elif currency != OF_UNITS and terms.margin == 1:
        said.append(gettext("This is revenue: enter your margin to see which acquisition cost it pays back."))
    elif currency != OF_UNITS:
        said.append(
            gettext(
                "So an acquisition cost of up to {money}, the lower end of the interval, is paid back "
                "{within}.",
                money=money(last["low"]),
                within=_within(int(last["months_since"])),
            )
        )
    if curve.attrs["is_left_censored"]:
        said.append(
            gettext(
                "The figures may include existing customers, whose first order is not in the data; new "
                "customers may differ."
            )
        )
    elif paid_back["is_left_censored"].any():
        old = paid_back.loc[paid_back["is_left_censored"], "cohort"].max()
        said.append(
            gettext(
                "Cohorts up to {old} are left out: they may include existing customers, whose first "
                "order is not in the data.",
                old=format_month(old),
            )
        )
    return said


def _back(
    money: Callable[[float], str], cost: float, curve: pd.DataFrame, paid_back: pd.DataFrame
) -> list[str]:
    typical, early, late = (_first_month(curve, name, cost) for name in ("value", "high", "low"))
    if typical is None:
        last = longest(curve)
        said = [
            gettext(
                "An acquisition cost of {money} is not paid back {within}: a new customer brings "
                "{value} by then.",
                money=money(cost),
                within=_within(int(last["months_since"])),
                value=money(last["value"]),
            )
        ]
    else:
        soon = typical if early is None else early
        sure = gettext(" (95 % interval: {soon} to {late})", soon=soon, late=late) if late != soon else ""
        sure = (
            gettext(" ({soon} at best; at worst, later than the data show)", soon=soon)
            if late is None
            else sure
        )
        said = [
            gettext(
                "An acquisition cost of {money} is paid back {within}{sure}.",
                money=money(cost),
                within=_within(typical),
                sure=sure,
            )
        ]
    new = paid_back[~paid_back["is_left_censored"]]
    if len(new):
        n = int(new["payback_month"].notna().sum())
        said.append(
            ngettext(
                "{number} of the {cohorts} of new customers has paid back the acquisition cost.",
                "{number} of the {cohorts} of new customers have paid back the acquisition cost.",
                n,
                number=format_count(n),
                cohorts=count_of(len(new), "cohort"),
            )
        )
    return said


def _first_month(curve: pd.DataFrame, name: str, cost: float) -> int | None:
    reached = curve.loc[curve[name] >= cost, "months_since"]
    return int(reached.iloc[0]) if len(reached) else None
