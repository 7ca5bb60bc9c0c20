"""Discounts in sentences and a table, from a model and a few typed numbers."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_decimal,
    format_money,
    format_share,
    listed,
)
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import SEGMENT
from shopper_widgets.customers.history import month_ends, segment_history
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.products.discounts import FEWEST, cheapest_test, discount_table, order_rates

#: The columns of the table that are shown.
BREAK_EVEN = (
    *(SEGMENT, "customers", "rate", "break_even", "lift_needed", "basket", "given_away"),
    *("per_arm", "waves"),
)
#: The longest test that is suggested: half a year.
MOST_DAYS = 183


@dataclass(frozen=True)
class DiscountTerms:
    """The assumptions about a discount.

    Attributes
    ----------
    margin : float
        Share of the full price that is left after the cost of goods.
    discount : float
        Share of the full price that is taken off.
    contact_cost : float
        The cost of contacting one customer.
    days : int
        The days within which customers would order.
    """

    margin: float = 0.4
    discount: float = 0.1
    contact_cost: float = 0.0
    days: int = 30


@dataclass(frozen=True)
class DiscountCase:
    """The break-even of a discount, by segment.

    Attributes
    ----------
    table : DataFrame
        As :func:`~shopper_widgets.discount_table` gives it; empty where the orders can't tell.
    tests : DataFrame
        As :func:`~shopper_widgets.cheapest_test` gives it, without tests of more than half a year.
    sentences : list of str
        The finding; or why there is none.
    """

    table: pd.DataFrame
    tests: pd.DataFrame
    sentences: list[str]


def past_rates(model: ShopperModel, days: int) -> pd.DataFrame:
    """Return the share who ordered within `days` days after past month-ends, by segment.

    Raises
    ------
    TooLittleDataError
        The orders end too early for that.
    """
    if not month_ends(model.orders):
        raise TooLittleDataError(
            "days: the orders end before their first month does.",
            told=gettext("the orders end before their first month does."),
        )
    return order_rates(segment_history(model), model.orders, days=days)


def discount_case(
    model: ShopperModel, terms: DiscountTerms, rates: pd.DataFrame | None = None
) -> DiscountCase:
    """Say what a discount must bring in each segment, and which test would show it.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers, their orders and the currency.
    terms : DiscountTerms
        Margin, discount, cost of a contact, and days.
    rates : DataFrame, optional
        The result of :func:`past_rates` for the days, if it is already known.

    Returns
    -------
    DiscountCase
        With empty tables where the orders can't tell; a sentence says why.
    """
    try:
        rates = past_rates(model, terms.days) if rates is None else rates
    except TooLittleDataError as error:
        return DiscountCase(pd.DataFrame(), pd.DataFrame(), [_why_not(error.told)])
    table = discount_table(
        rates,
        model.customers,
        margin=terms.margin,
        discount=terms.discount,
        contact_cost=terms.contact_cost,
    )
    tests = cheapest_test(table, discount=terms.discount, contact_cost=terms.contact_cost)
    tests = tests[tests["waves"] * terms.days <= MOST_DAYS].reset_index(drop=True)
    return DiscountCase(table, tests, _said(model, terms, table, tests))


def _why_not(error: str) -> str:
    return gettext("What customers do without a discount is unknown: ") + error


def _said(model: ShopperModel, terms: DiscountTerms, table: pd.DataFrame, tests: pd.DataFrame) -> list[str]:
    told = table[table["rate"].notna()]
    if told.empty:
        return [
            gettext(
                "No segment had {fewest} customers at a past month-end, so what they do without a "
                "discount is unknown.",
                fewest=FEWEST,
            )
        ]
    off, margin = format_share(terms.discount), format_share(terms.margin)
    said = []
    pays = told[told["break_even"].notna()]
    if len(pays):
        first = pays.iloc[0]
        said.append(
            gettext(
                "Break-even: at {off} off and a margin of {margin}, {needed} in 100 {segment} "
                "customers would have to order within {days}; {rate} order anyway.",
                off=off,
                margin=margin,
                needed=_of_hundred(first["break_even"]),
                segment=gettext(first[SEGMENT]),
                days=count_of(terms.days, "day"),
                rate=_of_hundred(first["rate"]),
            )
        )
    never = told[told["break_even"].isna() & (told["rate"] > 0)]
    if len(never):
        said.append(
            gettext(
                N_("{off} off never pays for {segments}: it takes the whole margin.")
                if terms.discount >= terms.margin
                else N_("{off} off never pays for {segments}, even if all customers ordered."),
                off=off,
                segments=listed(map(gettext, never[SEGMENT])),
            )
        )
    nobody = told[told["rate"] == 0]
    if len(nobody):
        said.append(
            gettext(
                "In {segments}, nobody ordered within {days} of a past month-end, so the value of an "
                "order and the break-even are unknown.",
                segments=listed(map(gettext, nobody[SEGMENT])),
                days=count_of(terms.days, "day"),
            )
        )
    if len(nobody) == len(told):
        return said
    largest = told.sort_values("given_away", ascending=False, kind="stable").iloc[0]
    said.append(
        gettext(
            "If nobody ordered more, the discount would cost {given_away} of margin on orders that "
            "the {customers} {segment} customers place anyway.",
            given_away=format_money(largest["given_away"], model.currency),
            customers=format_count(largest["customers"]),
            segment=gettext(largest[SEGMENT]),
        )
    )
    if len(pays):
        said.append(_cheapest(model, tests, terms))
    few = table[table["rate"].isna()]
    if len(few):
        said.append(
            gettext(
                "Too few customers to tell: {segments}, under {fewest} at past month-ends.",
                segments=listed(map(gettext, few[SEGMENT])),
                fewest=FEWEST,
            )
        )
    return said


def _cheapest(model: ShopperModel, tests: pd.DataFrame, terms: DiscountTerms) -> str:
    if tests.empty:
        return gettext(
            "No test could show within half a year whether the discount pays: the segments are too small."
        )
    first = tests.iloc[0]
    waves = int(first["waves"])
    how_long = (
        gettext("in one wave")
        if waves == 1
        else gettext("in {waves} waves of {days}", waves=waves, days=count_of(terms.days, "day"))
    )
    return gettext(
        "The cheapest test is in {segment}: {per_arm} customers with the discount and as many "
        "without it, {how_long}, for about {cost} of discounts.",
        segment=gettext(first[SEGMENT]),
        per_arm=format_count(first["per_arm"]),
        how_long=how_long,
        cost=format_money(first["cost"], model.currency),
    )


def _of_hundred(share: float) -> str:
    return f"{100 * share:.0f}"


def learned_sentences(learned: pd.DataFrame, assumed: float) -> list[str]:
    """Say which measurements of a campaign replace the assumptions.

    Parameters
    ----------
    learned : pandas.DataFrame
        As ``products.measured_lifts.measured_lifts`` gives it.
    assumed : float
        The assumed lift: the factor by which more customers order.

    Examples
    --------
    >>> learned = pd.DataFrame({"segment": ["Regular"], "measured": [2.1], "error": [0.4], "lift": [1.7]})
    >>> learned_sentences(learned, 1.5)
    ['Regular: 1.50 times as many orders assumed, 2.10 (± 0.40) measured; 1.70 used.']
    """
    return [
        gettext(
            "{segment}: {assumed} times as many orders assumed, {measured} (± {error}) measured; "
            "{lift} used.",
            segment=gettext(segment),
            assumed=format_decimal(assumed, 2),
            measured=format_decimal(measured, 2),
            error=format_decimal(error, 2),
            lift=format_decimal(lift, 2),
        )
        for segment, measured, error, lift in learned[[SEGMENT, "measured", "error", "lift"]].itertuples(
            index=False
        )
    ]
