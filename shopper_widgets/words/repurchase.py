"""What customers buy again, and who is due to do so, in sentences."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_day,
    format_money,
    format_product,
    format_share,
)
from shopper_widgets._support.locale import gettext, ngettext, with_marks
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, IS_PRODUCT, PRODUCT_ID, PRODUCT_NAME, SEGMENT
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.journeys.replenishment import (
    LATEST,
    DueCheck,
    check_due,
    due_customers,
    replenished_products,
)
from shopper_widgets.customers.narrowing import EVERYONE, Narrowing
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.once import once_per_model
from shopper_widgets.model.shopper_model import ShopperModel

#: The columns of the tables that are shown.
AGAIN = (PRODUCT_NAME, "customers", "again", "again_low", "again_high", "median_gap", "gap_low", "gap_high")
DUE = (CUSTOMER_ID, PRODUCT_NAME, "times", "last_bought", "expected_gap", "silence", AMOUNT)


@dataclass(frozen=True)
class RepurchaseCase:
    """What customers buy again, and who is due to do so.

    Attributes
    ----------
    products : DataFrame
        As :func:`~shopper_widgets.replenished_products` gives it; empty where the orders can't tell.
    due : DataFrame
        As :func:`~shopper_widgets.due_customers` gives it, at the model's present.
    sentences : list of str
        The last one says whether customers who were due bought.
    tells : bool
        Whether being due predicted purchases so often that reminders are worth it.
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
    """Say which products customers buy again and when, who is due, and whether due customers bought.

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
    '... of 12 products that known customers bought are repurchased often enough to ...'
    """
    if among:
        return _narrowed_case(model, among)
    products = replenished_products(model.lines)
    if products.empty:
        none = gettext("No product is repurchased by enough of its customers to estimate when.")
        return RepurchaseCase(products, pd.DataFrame(), [none])
    due = due_customers(model.lines, model.as_of, products=products)
    try:
        check = check_due(model.lines, model.as_of, products=products)
    except TooLittleDataError:
        said = [_on_again(model, products), _on_due(model, due), gettext("The list can't be backtested yet.")]
        return RepurchaseCase(products, due, said)
    tells, is_checked = check.is_worth_reminding, check.is_enough
    said = [_on_again(model, products), _on_due(model, due, tells or not is_checked), _on_check(check)]
    return RepurchaseCase(products, due, said, tells, is_checked)


def _narrowed_case(model: ShopperModel, among: Narrowing) -> RepurchaseCase:
    """Return the case within filters: products by customers whose first order passes, due ones on lists."""
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
    said = [again, _on_due(model, due, everyone.tells or not everyone.is_checked), checked]
    return replace(everyone, products=products, due=due, sentences=said)


def _on_again(model: ShopperModel, products: pd.DataFrame) -> str:
    first = products.iloc[0]
    goods = int(model.products[IS_PRODUCT].sum())
    again, low, high = (format_share(first[name]) for name in ("again", "again_low", "again_high"))
    return ngettext(
        "{number} of {products} that known customers bought is repurchased often enough to estimate when. "
        "The surest is {product}: {again} ({low} to {high}) of its customers buy it again within {days}, "
        "half of these within {half}.",
        "{number} of {products} that known customers bought are repurchased often enough to estimate when. "
        "The surest is {product}: {again} ({low} to {high}) of its customers buy it again within {days}, "
        "half of these within {half}.",
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


def _on_due(model: ShopperModel, due: pd.DataFrame, may_tell: bool = True) -> str:
    """Say who is due, and for how much; no money where a backtest says that being due tells nothing."""
    if due.empty:
        return gettext("Nobody is due at the moment.")
    if not may_tell:
        return gettext(
            "Due by their usual intervals, though the backtest shows that this does not predict who buys: "
            "{customers}, {purchases}. They bought the product on two days or more, and 1 to {latest} of "
            "these intervals have passed since.",
            customers=count_of(due[CUSTOMER_ID].nunique(), "customer"),
            purchases=count_of(len(due), "purchase"),
            latest=with_marks(f"{LATEST:g}"),
        )
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
    if not check.is_enough:
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
    """Return the campaign that reminds customers on the list who are due to buy a product again."""
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
