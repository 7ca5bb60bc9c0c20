"""What customers start with, buy next and buy again, in sentences."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pandas as pd

from shopper_widgets._support.chance import beyond_chance
from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_day,
    format_decimal,
    format_money,
    format_product,
    format_share,
)
from shopper_widgets._support.locale import gettext, ngettext, with_marks
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, IS_PRODUCT, PRODUCT_ID, PRODUCT_NAME, SEGMENT
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.journeys.entry import FEWEST, entry_products
from shopper_widgets.customers.journeys.replenishment import (
    LATEST,
    DueCheck,
    check_due,
    due_customers,
    replenished_products,
)
from shopper_widgets.customers.journeys.starts import new_starts
from shopper_widgets.customers.journeys.steps import product_steps
from shopper_widgets.customers.narrowing import EVERYONE, Narrowing
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.once import once_per_model
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.words.customers import nobody_began

#: What is shown of the tables.
ENTRY = (PRODUCT_NAME, "customers", "came_back", "later_value", "value_low", "value_high")
STEPS = (PRODUCT_NAME, "next_name", "support", "share", "other_share", "lift", "lift_low", "days_between")
AGAIN = (PRODUCT_NAME, "customers", "again", "again_low", "again_high", "median_gap", "gap_low", "gap_high")
DUE = (CUSTOMER_ID, PRODUCT_NAME, "times", "last_bought", "expected_gap", "silence", AMOUNT)
#: The share of 95 % intervals that lie wholly on one side of the truth.
_BY_CHANCE = 0.025


@dataclass(frozen=True)
class JourneyCase:
    """What new customers begin with and buy next.

    Attributes
    ----------
    entry : DataFrame
        As :func:`~shopper_widgets.entry_products` gives it; empty where the orders can't tell.
    steps : DataFrame
        As :func:`~shopper_widgets.product_steps` gives it; likewise.
    sentences : list of str
        What is to be said of them; why they can't be told, where that is so.
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
    """Say what new customers begin with, what they brought later, and what they buy next.

    Parameters
    ----------
    model : ShopperModel
        Gives the order lines and the currency.
    days : int, optional
        For which new customers are followed. Default: ``model.follow_days``.
    began : tuple of date, optional
        First and last day of their first orders.
    among : Narrowing, optional
        Only those whose first order is such; all that they ordered later counts.

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
    steps = product_steps(model.lines, starts=starts)
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


def _on_entry(model: ShopperModel, entry: pd.DataFrame, usual: float) -> list[str]:
    if entry.empty:
        return [
            gettext(
                "No product has {fewest} new customers who started with it, so none can be judged.",
                fewest=FEWEST,
            )
        ]
    better = int((entry["value_low"] > usual).sum())
    if not beyond_chance(better, len(entry), _BY_CHANCE):
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
            chance=_about(_BY_CHANCE * len(entry)),
        )
    ]


def _about(number: float) -> str:
    """Write how many are expected: less than one isn't none."""
    return format_count(round(number)) if number >= 1 else format_decimal(number, 1)


def _on_steps(steps: pd.DataFrame, days: int) -> list[str]:
    told = steps[steps["is_sure"] & (steps[PRODUCT_ID] != steps["next_id"])]
    if told.empty:
        return [gettext("No product clearly follows another: too few customers took the same step.")]
    step = told.iloc[0]
    return [
        gettext(
            "Of {customers} who started with {product}, {support} ({share}; 95 % interval {low} to {high}) "
            "bought {next_name} on their next day with orders within {days}, compared with {other_share} of "
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
    """Return the names of the next products; of one that is bought again, with a word that says so.

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
    """Return the campaign that suggests the next product to those who ordered once, and began with the first.

    Parameters
    ----------
    model : ShopperModel
        Gives the segments, each of which gets the same advice.
    step : Series
        A row of :func:`~shopper_widgets.product_steps`.
    days : int, optional
        Whoever has been silent for longer is left out: the step was seen to be taken within these. Default:
        ``model.follow_days``.
    among : Narrowing, optional
        Only customers whom lists show then: of those who ordered once, the first order is the last.
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


@dataclass(frozen=True)
class RepurchaseCase:
    """What people buy again, and who is due to.

    Attributes
    ----------
    products : DataFrame
        As :func:`~shopper_widgets.replenished_products` gives it; empty where the orders can't tell.
    due : DataFrame
        As :func:`~shopper_widgets.due_customers` gives it, at the model's present.
    sentences : list of str
        The last one says whether who was due bought.
    tells : bool
        Whether being due has told when customers buy, so often that reminding them is worth it.
    is_checked : bool
        Whether the list could be backtested.
    """

    products: pd.DataFrame
    due: pd.DataFrame
    sentences: list[str]
    tells: bool = False
    is_checked: bool = False


@once_per_model
def repurchase_case(model: ShopperModel, among: Narrowing = EVERYONE) -> RepurchaseCase:
    """Say which products people buy again and after how long, who is due, and whether who was due bought.

    Parameters
    ----------
    model : ShopperModel
        Gives the order lines and the currency.
    among : Narrowing, optional
        Products are told of customers whose first order is such, in any segment: whether they bought again
        has decided on it. Who is due is told of those whom lists show then, by the habits of all.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> orders = make_transactions(n_customers=300, n_products=12, n_days=400, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, currency="£", progress=False)
    >>> repurchase_case(model).sentences[0]
    '... of 12 products are repurchased often enough to estimate when. ...'
    """
    if among:
        return _narrowed_case(model, among)
    products = replenished_products(model.lines)
    if products.empty:
        none = gettext("No product is repurchased by enough of its customers to estimate when.")
        return RepurchaseCase(products, pd.DataFrame(), [none])
    due = due_customers(model.lines, model.as_of, products=products)
    said = [_on_again(model, products), _on_due(model, due)]
    try:
        check = check_due(model.lines, model.as_of, products=products)
    except TooLittleDataError:
        return RepurchaseCase(products, due, [*said, gettext("The list can't be backtested yet.")])
    is_checked = bool(check.due and check.not_due)
    return RepurchaseCase(products, due, [*said, _on_check(check)], check.is_worth_reminding, is_checked)


def _narrowed_case(model: ShopperModel, among: Narrowing) -> RepurchaseCase:
    """Tell products of those who are followed from such an order, and who is due of whom lists show."""
    everyone, of_any_segment = repurchase_case(model), replace(among, segment="")
    if everyone.products.empty:
        return everyone
    products = everyone.products
    if of_any_segment:
        followed = of_any_segment.newcomers(model)
        products = replenished_products(model.lines, among=followed) if followed else products.head(0)
    again = gettext("No product is repurchased by enough of these customers to estimate when.")
    if len(products):
        again = _on_again(model, products)
    due = everyone.due[everyone.due[CUSTOMER_ID].isin(among.customers(model))].reset_index(drop=True)
    checked = everyone.sentences[-1]
    if everyone.is_checked:
        checked += " " + gettext("That check covers all customers.")
    said = [again, _on_due(model, due), checked]
    return replace(everyone, products=products, due=due, sentences=said)


def _on_again(model: ShopperModel, products: pd.DataFrame) -> str:
    first = products.iloc[0]
    goods = int(model.products[IS_PRODUCT].sum())
    again, low, high = (format_share(first[name]) for name in ("again", "again_low", "again_high"))
    return ngettext(
        "{number} of {products} is repurchased often enough to estimate when. The surest is {product}: "
        "{again} ({low} to {high}) of its customers buy it again within {days}, half of these within "
        "{half}.",
        "{number} of {products} are repurchased often enough to estimate when. The surest is {product}: "
        "{again} ({low} to {high}) of its customers buy it again within {days}, half of these within "
        "{half}.",
        len(products),
        number=format_count(len(products)),
        products=count_of(goods, "product"),
        product=format_product(first[PRODUCT_NAME]),
        again=again,
        low=low,
        high=high,
        days=count_of(products.attrs["days"], "day"),
        half=count_of(first["median_gap"], "day"),
    )


def _on_due(model: ShopperModel, due: pd.DataFrame) -> str:
    if due.empty:
        return gettext("Nobody is due at the moment.")
    who, worth = due[CUSTOMER_ID].nunique(), format_money(due[AMOUNT].sum(), model.currency)
    return ngettext(
        "{number} customer is due to repurchase: {purchases} worth {worth} at their usual spend. They "
        "bought the product on two days or more, and 1 to {latest} of their usual intervals have passed "
        "since.",
        "{number} customers are due to repurchase: {purchases} worth {worth} at their usual spend. They "
        "bought the product on two days or more, and 1 to {latest} of their usual intervals have passed "
        "since.",
        who,
        number=format_count(who),
        purchases=count_of(len(due), "purchase"),
        worth=worth,
        latest=with_marks(f"{LATEST:g}"),
    )


def _on_check(check: DueCheck) -> str:
    if not check.due or not check.not_due:
        return gettext("The list can't be backtested yet: too few purchases were due before.")
    due, early = (
        format_share(n / of) for n, of in ((check.bought, check.due), (check.bought_not_due, check.not_due))
    )
    looked = gettext(
        "Backtest: of {purchases} due on {day}, {due} were made in the {days} after; of those "
        "not yet due, {early}.",
        purchases=count_of(check.due, "purchase"),
        day=format_day(check.at),
        due=due,
        days=count_of(check.days, "day"),
        early=early,
    )
    if check.tells and not check.is_worth_reminding:
        return (
            looked
            + " "
            + gettext("So few of the customers who are due buy that a reminder hardly reaches a buyer.")
        )
    if check.tells:
        return looked + " " + gettext("In this shop, being due predicts when customers buy.")
    return looked + " " + gettext("In this shop, the list shows what customers buy again, but not when.")


def refill_campaign(model: ShopperModel, product_id: str, among: Narrowing = EVERYONE) -> Campaign:
    """Return the campaign that reminds those of a product who are due to buy it again, as lists show them."""
    name = format_product(str(model.products.set_index(PRODUCT_ID)[PRODUCT_NAME][product_id]))
    return Campaign(
        name=gettext("Refill: {name}", name=name),
        due=(product_id,),
        **among.audience,
        actions=tuple(
            (str(segment), gettext("Remind them of {name}.", name=name))
            for segment in model.segments[SEGMENT]
        ),
    )
