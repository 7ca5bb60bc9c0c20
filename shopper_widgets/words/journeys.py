"""What customers start with and buy next, in sentences."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from shopper_widgets._support.chance import BY_CHANCE, beyond_chance
from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_day,
    format_decimal,
    format_money,
    format_product,
    format_share,
)
from shopper_widgets._support.locale import gettext, ngettext
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME, SEGMENT
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.journeys.entry import FEWEST, entry_products
from shopper_widgets.customers.journeys.starts import new_starts
from shopper_widgets.customers.journeys.steps import product_steps
from shopper_widgets.customers.narrowing import EVERYONE, Narrowing
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.once import once_per_model
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.words.customers import nobody_began

#: The columns of the tables that are shown.
ENTRY = (PRODUCT_NAME, "customers", "came_back", "later_value", "value_low", "value_high")
STEPS = (PRODUCT_NAME, "next_name", "support", "share", "other_share", "lift", "lift_low", "days_between")


@dataclass(frozen=True)
class JourneyCase:
    """What new customers begin with and buy next.

    Attributes
    ----------
    entry : DataFrame
        As :func:`~shopper_widgets.entry_products` gives it; empty where the orders can't tell.
    steps : DataFrame
        As :func:`~shopper_widgets.product_steps` gives it, but the sure steps with most customers beyond
        chance first; empty where the orders can't tell.
    sentences : list of str
        What to say about them, or why the orders can't tell.
    """

    entry: pd.DataFrame
    steps: pd.DataFrame
    sentences: list[str]


@once_per_model
def journey_case(
    model: ShopperModel,
    days: int | None = None,
    began: tuple[dt.date, dt.date] | None = None,
    among: Narrowing = EVERYONE,
) -> JourneyCase:
    """Say what new customers begin with, how much they spent later, and what they buy next.

    Parameters
    ----------
    model : ShopperModel
        Gives the order lines and the currency.
    days : int, optional
        For which new customers are followed. Default: ``model.follow_days``.
    began : tuple of date, optional
        First and last day of their first orders.
    among : Narrowing, optional
        Only those whose first order matches; all their later orders count.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> orders = make_transactions(n_customers=300, n_products=30, n_days=300, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, currency="£", progress=False)
    >>> journey_case(model).sentences[0]
    'Of 72 new customers who first ordered from 16 Apr 2024 to 28 Jul 2024, 36 % ordered again within ...'
    """
    days = model.follow_days if days is None else days
    followed = among.newcomers(model) if among else None
    if followed == frozenset():
        return JourneyCase(pd.DataFrame(), pd.DataFrame(), [nobody_began(None)])
    try:
        starts = new_starts(model.lines, days, began=began, among=followed)
    except TooLittleDataError as error:
        return JourneyCase(pd.DataFrame(), pd.DataFrame(), [error.told])
    entry = entry_products(model.lines, starts=starts)
    steps = _most_customers_first(product_steps(model.lines, starts=starts))
    usual = entry.attrs["later_value"]
    spent = format_money(usual, model.currency)
    said = [
        gettext(
            "Of {customers} who first ordered from {since} to {until}, {came_back} ordered again "
            "within {days}. On average, a new customer spent another {spent} in that time, including "
            "customers who did not come back.",
            customers=count_of(len(starts), "new customer"),
            since=format_day(starts.since),
            until=format_day(starts.until),
            came_back=format_share(entry.attrs["came_back"]),
            days=count_of(days, "day"),
            spent=spent,
        ),
        *_on_entry(model, entry, usual),
        *_on_steps(steps, days),
    ]
    return JourneyCase(entry, steps, said)


def _most_customers_first(steps: pd.DataFrame) -> pd.DataFrame:
    """Put sure steps in order of their customers beyond chance: the highest lift may be of five people."""
    ranked = steps.assign(beyond=steps["support"] - steps["support"] / steps["lift"])
    order = ranked.sort_values(["is_sure", "beyond"], ascending=False, kind="stable").index
    return steps.loc[order].reset_index(drop=True)


def _on_entry(model: ShopperModel, entry: pd.DataFrame, usual: float) -> list[str]:
    if entry.empty:
        return [
            gettext(
                "No product has {fewest} new customers who started with it, so none can be judged.",
                fewest=FEWEST,
            )
        ]
    better = int((entry["value_low"] > usual).sum())
    if not beyond_chance(better, len(entry), BY_CHANCE):
        return [
            gettext(
                "Of {products} with {fewest} customers or more, none stands out in later spend by more than "
                "chance explains.",
                products=count_of(len(entry), "entry product"),
                fewest=FEWEST,
            )
        ]
    first = entry.iloc[0]
    spent, low, high = (
        format_money(first[name], model.currency) for name in ("later_value", "value_low", "value_high")
    )
    return [
        gettext(
            "{customers} who started with {product} spent another {spent} ({low} to {high}) on average.",
            customers=count_of(first["customers"], "customer"),
            product=format_product(first[PRODUCT_NAME]),
            spent=spent,
            low=low,
            high=high,
        )
        + " "
        + ngettext(
            "Of {products} with {fewest} customers or more, {number} is clearly above average; by chance "
            "alone, about {chance} would be. The product need not be the cause: customers who start with it "
            "may spend more anyway.",
            "Of {products} with {fewest} customers or more, {number} are clearly above average; by chance "
            "alone, about {chance} would be. The product need not be the cause: customers who start with it "
            "may spend more anyway.",
            better,
            products=count_of(len(entry), "entry product"),
            fewest=FEWEST,
            number=format_count(better),
            chance=_about(BY_CHANCE * len(entry)),
        )
    ]


def _about(number: float) -> str:
    """Write an expected number: below 1 with a decimal, as less than one isn't none."""
    return format_count(round(number)) if number >= 1 else format_decimal(number, 1)


def _on_steps(steps: pd.DataFrame, days: int) -> list[str]:
    told = steps[steps["is_sure"] & (steps[PRODUCT_ID] != steps["next_id"])]
    if told.empty:
        return [gettext("No product clearly follows another: too few customers took the same step.")]
    step = told.iloc[0]
    return [
        gettext(
            "Of {customers} who started with {product}, {support} ({share}; 95 % interval {low} to {high}) "
            "bought {next_name} on their next order day within {days}, compared with {other_share} of "
            "customers who started without it. Half of the {support} did so within {half}.",
            customers=count_of(step["customers"], "customer"),
            product=format_product(step[PRODUCT_NAME]),
            support=format_count(step["support"]),
            share=format_share(step["share"]),
            low=format_share(step["share_low"]),
            high=format_share(step["share_high"]),
            next_name=format_product(step["next_name"]),
            days=count_of(days, "day"),
            other_share=format_share(step["other_share"]),
            half=count_of(step["days_between"], "day"),
        )
    ]


def next_names(steps: pd.DataFrame) -> list[str]:
    """Return the names of next products, with a note on those that are bought again.

    Examples
    --------
    >>> next_names(pd.DataFrame({"product_id": ["A"], "next_id": ["A"], "next_name": ["MUG"]}))
    ['MUG (again)']
    """
    return [
        gettext("{product} (again)", product=name) if first == then else name
        for first, then, name in zip(steps[PRODUCT_ID], steps["next_id"], steps["next_name"], strict=True)
    ]


def next_step_campaign(
    model: ShopperModel, step: pd.Series[str], days: int | None = None, among: Narrowing = EVERYONE
) -> Campaign:
    """Return the campaign that offers the next product to customers with one order, of the first product.

    Parameters
    ----------
    model : ShopperModel
        Gives the segments, each of which gets the same advice.
    step : Series
        A row of :func:`~shopper_widgets.product_steps`.
    days : int, optional
        Customers silent for longer are left out, since the step is usually taken within these. Default:
        ``model.follow_days``.
    among : Narrowing, optional
        Only customers whom filtered lists show: for those with one order, the first order is the last.
    """
    days = model.follow_days if days is None else days
    again, name = step[PRODUCT_ID] == step["next_id"], format_product(step["next_name"])
    text = (
        gettext("Remind them of {next_name}.", next_name=name)
        if again
        else gettext("Suggest {next_name}.", next_name=name)
    )
    return Campaign(
        name=gettext("Next: {next_name}", next_name=name),
        bought=(str(step[PRODUCT_ID]),),
        max_orders=1,
        max_silence=days,
        **among.audience,
        actions=tuple((str(segment), text) for segment in model.segments[SEGMENT]),
    )
