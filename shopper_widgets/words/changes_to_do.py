"""What to do about what changed: an unusual week, new customers who come back less, products that are due."""

from __future__ import annotations

import pandas as pd

from shopper_widgets._support.formatting import count_of, format_count, format_day, format_money, format_share
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, IS_PRODUCT, PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.customers.newcomers import FOLLOWED, compare_newcomers
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.products.unusual_weeks import BEFORE, unusual_week
from shopper_widgets.words.journeys import repurchase_case
from shopper_widgets.words.thing_to_do import ToDo

#: So much less of the new customers have to come back, as a share of them.
_LEAST = 0.02


def look_into_the_week(model: ShopperModel) -> ToDo | None:
    """Name the last whole week where its sales are unlike those of all weeks before."""
    week = unusual_week(model.lines)
    if week is None:
        return None
    end = week.start + pd.Timedelta(days=6)
    less = week.share < 1
    off = abs(week.revenue - week.usual)
    far = f"{format_share(abs(week.share - 1))} {'less' if less else 'more'}"
    by_chance = round((week.weeks + 1) / 2)
    return ToDo(
        title=f"Find out why sales {'fell' if less else 'jumped'} in the week of {format_day(week.start)}",
        sentence=f"They were {format_money(week.revenue, model.currency)}, {far} than the "
        f"usual {format_money(week.usual, model.currency)}, the median of the {BEFORE} weeks before.",
        sure=f"In the {count_of(week.weeks, 'week')} before, sales were {format_share(week.least)} to "
        f"{format_share(week.most)} of what was usual. By chance alone, 1 week in {by_chance} would lie "
        "outside of all before; it may be seasonal.",
        button="See the sales of the week",
        view="Sales",
        state={"start": week.start.date(), "end": end.date()},
        money=off,
    )


def win_newcomers_back(model: ShopperModel) -> ToDo | None:
    """Say that new customers come back less often than those of the quarter before, where that is sure."""
    told = compare_newcomers(model.orders, model.as_of)
    # A difference that nobody would see is nothing to do, however sure it is.
    if told is None or told.high >= 0 or told.back_before / told.before - told.back_now / told.now < _LEAST:
        return None
    last = told.end - pd.Timedelta(days=1)
    before_last = told.middle - pd.Timedelta(days=1)
    now, before = (
        format_share(n / of) for n, of in ((told.back_now, told.now), (told.back_before, told.before))
    )
    low, high = (f"{100 * -end:.0f}" for end in (told.high, told.low))
    return ToDo(
        title=f"Win new customers back sooner: {now} reordered, {before} a quarter ago",
        sentence=f"{format_count(told.back_now)} of {count_of(told.now, 'customer')} who first ordered from "
        f"{format_day(told.middle)} to {format_day(last)} ordered again within {FOLLOWED} days. They have "
        f"spent {format_money(told.spent, model.currency)} so far.",
        sure=f"Compared with {format_count(told.back_before)} of {format_count(told.before)} from "
        f"{format_day(told.start)} to {format_day(before_last)}: {low} to {high} in 100 fewer (95 % "
        "interval). Part of it may be seasonal.",
        button="See who comes back",
        view="Retention",
        money=told.spent,
    )


def remind_the_due(model: ShopperModel) -> ToDo | None:
    """Name the product with most worth due to be bought again, where being due has told of purchases."""
    if model.products[IS_PRODUCT].sum() < 2:  # who is due for all there is, is overdue
        return None
    case = repurchase_case(model)
    if not case.tells or case.due.empty:
        return None
    worth = case.due.groupby(PRODUCT_ID)[AMOUNT].sum().sort_values(kind="stable")
    product, money = str(worth.index[-1]), float(worth.iloc[-1])
    due = case.due[case.due[PRODUCT_ID] == product]
    who = due[CUSTOMER_ID].nunique()
    name = str(model.products.set_index(PRODUCT_ID)[PRODUCT_NAME][product])
    return ToDo(
        title=f"Remind {count_of(who, 'customer')} who {'is' if who == 1 else 'are'} due for {name}",
        sentence=f"At their usual spend, the purchases are worth {format_money(money, model.currency)}; with "
        f"all products that are due, {format_money(float(case.due[AMOUNT].sum()), model.currency)}.",
        sure=case.sentences[-1],
        button="See who is due",
        view="Repurchase",
        state={PRODUCT_ID: product},
        money=money,
    )
