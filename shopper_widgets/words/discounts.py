"""What a discount must bring, in sentences and a table, from a model and a few numbers that are typed in."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from shopper_widgets._support.formatting import count_of, format_count, format_money, format_share, listed
from shopper_widgets.columns import SEGMENT
from shopper_widgets.customers.history import month_ends, segment_history
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.products.discounts import FEWEST, cheapest_test, discount_table, order_rates

#: What is shown of the table.
BREAK_EVEN = (
    *(SEGMENT, "customers", "rate", "break_even", "lift_needed", "basket", "given_away"),
    *("per_arm", "waves"),
)
#: A test that takes longer than half a year is no longer one.
MOST_DAYS = 183


@dataclass(frozen=True)
class DiscountTerms:
    """What is assumed of a discount.

    Attributes
    ----------
    margin : float
        Share of the full price that is left after costs of the goods.
    discount : float
        Share of the full price that is taken off.
    contact_cost : float
        Of writing to one customer.
    days : int
        Within which they would order.
    """

    margin: float = 0.4
    discount: float = 0.1
    contact_cost: float = 0.0
    days: int = 30


@dataclass(frozen=True)
class DiscountCase:
    """What a discount must bring, segment by segment.

    Attributes
    ----------
    table : DataFrame
        As :func:`~shopper_widgets.discount_table` gives it; empty where the orders can't tell.
    tests : DataFrame
        As :func:`~shopper_widgets.cheapest_test` gives it, without those of more than half a year.
    sentences : list of str
        The finding; or why there is none.
    """

    table: pd.DataFrame
    tests: pd.DataFrame
    sentences: list[str]


def past_rates(model: ShopperModel, days: int) -> pd.DataFrame:
    """Return who ordered within so many days of the last month-ends, by segment.

    Raises
    ------
    TooLittleDataError
        The orders end too early for that.
    """
    if not month_ends(model.orders):
        raise TooLittleDataError("days: these orders end before their first month does.")
    return order_rates(segment_history(model), model.orders, days=days)


def discount_case(
    model: ShopperModel, terms: DiscountTerms, rates: pd.DataFrame | None = None
) -> DiscountCase:
    """Say what a discount must bring in each segment, and what would tell whether it does.

    Parameters
    ----------
    model : ShopperModel
    terms : DiscountTerms
    rates : DataFrame, optional
        What :func:`past_rates` returned for the days, where it is there already.

    Returns
    -------
    DiscountCase
    """
    try:
        rates = past_rates(model, terms.days) if rates is None else rates
    except TooLittleDataError as error:
        return DiscountCase(pd.DataFrame(), pd.DataFrame(), [_why_not(str(error))])
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
    return "What people do without a discount can't be told here: " + error.partition(": ")[2]


def _said(model: ShopperModel, terms: DiscountTerms, table: pd.DataFrame, tests: pd.DataFrame) -> list[str]:
    told = table[table["rate"].notna()]
    if told.empty:
        return [f"No segment had {FEWEST} customers at a past month-end: what they do anyway can't be told."]
    off, margin = format_share(terms.discount), format_share(terms.margin)
    said = []
    pays = told[told["break_even"].notna()]
    if len(pays):
        first = pays.iloc[0]
        said.append(
            f"With {off} off at a margin of {margin}, {_of_hundred(first['break_even'])} in 100 "
            f"{first[SEGMENT]} customers would have to order within {count_of(terms.days, 'day')} before "
            f"it pays; {_of_hundred(first['rate'])} do so anyway."
        )
    never = told[told["break_even"].isna() & (told["rate"] > 0)]
    if len(never):
        said.append(
            f"{off} off never pays for {listed(never[SEGMENT])}, by these sums: "
            + ("it takes the whole margin." if terms.discount >= terms.margin else "not even if all ordered.")
        )
    nobody = told[told["rate"] == 0]
    if len(nobody):
        said.append(
            f"Of {listed(nobody[SEGMENT])}, nobody who was seen at past month-ends ordered within "
            f"{count_of(terms.days, 'day')}: what an order of theirs would bring isn't known, and so neither "
            "is what a discount must."
        )
    if len(nobody) == len(told):
        return said
    largest = told.sort_values("given_away", ascending=False, kind="stable").iloc[0]
    said.append(
        f"If nobody ordered more, {format_money(largest['given_away'], model.currency)} of margin would go "
        f"to {format_count(largest['customers'])} {largest[SEGMENT]} customers for orders that come anyway."
    )
    said.append(_cheapest(model, tests, terms))
    few = table[table["rate"].isna()]
    if len(few):
        said.append(f"Of {listed(few[SEGMENT])}, fewer than {FEWEST} were seen at past month-ends: too few.")
    return said


def _cheapest(model: ShopperModel, tests: pd.DataFrame, terms: DiscountTerms) -> str:
    if tests.empty:
        return (
            "No test could tell within half a year: the segments are too small for an effect that just pays."
        )
    first = tests.iloc[0]
    waves = int(first["waves"])
    how_long = "at one go" if waves == 1 else f"in {waves} waves of {count_of(terms.days, 'day')}"
    return (
        f"Whether it pays is told cheapest in {first[SEGMENT]}: {format_count(first['per_arm'])} customers "
        f"who get it beside as many who don't, {how_long}, for about "
        f"{format_money(first['cost'], model.currency)} of money off."
    )


def _of_hundred(share: float) -> str:
    return f"{100 * share:.0f}"


def learned_sentences(learned: pd.DataFrame, assumed: float) -> list[str]:
    """Say what a campaign measured in place of what was assumed.

    Parameters
    ----------
    learned : pandas.DataFrame
        As ``products.measured_lifts.measured_lifts`` gives it.
    assumed : float
        By what factor more were assumed to order.

    Examples
    --------
    >>> learned = pd.DataFrame({"segment": ["Regular"], "measured": [2.1], "error": [0.4], "lift": [1.7]})
    >>> learned_sentences(learned, 1.5)
    ['Regular: 1.50 times as many were assumed, 2.10 (± 0.40) were measured; 1.70 is reckoned with.']
    """
    return [
        f"{segment}: {assumed:.2f} times as many were assumed, {measured:.2f} (± {error:.2f}) were measured; "
        f"{lift:.2f} is reckoned with."
        for segment, measured, error, lift in learned[[SEGMENT, "measured", "error", "lift"]].itertuples(
            index=False
        )
    ]
