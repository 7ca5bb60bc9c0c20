"""What to do about changes: an unusual week, new customers who don't pay, products due to be bought."""

from __future__ import annotations

import pandas as pd

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_day,
    format_money,
    format_product,
    format_share,
)
from shopper_widgets._support.locale import N_, gettext, ngettext
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, IS_PRODUCT, PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.customers.narrowing import EVERYONE, Narrowing
from shopper_widgets.customers.newcomers import compare_newcomers
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.products.unusual_weeks import BEFORE, unusual_week
from shopper_widgets.words.overview import MOST_TIMES
from shopper_widgets.words.repurchase import repurchase_case
from shopper_widgets.words.thing_to_do import ToDo
from shopper_widgets.words.value import known_terms, longest, value_case

#: The share of new customers who come back must have fallen by at least this much.
_LEAST = 0.02
#: Nobody expects the acquisition cost back in fewer months than this.
_LEAST_MONTHS = 6


def look_into_the_week(model: ShopperModel, among: Narrowing = EVERYONE) -> ToDo | None:
    """Name the last whole week if its sales are unlike those of all weeks before.

    Within filters, only lines that pass count.
    """
    week = unusual_week(among.lines(model), shop=model.lines)
    if week is None:
        return None
    end = week.start + pd.Timedelta(days=6)
    less = week.share < 1
    off = abs(week.revenue - week.usual)
    by_chance = round((week.weeks + 1) / 2)
    return ToDo(
        title=gettext(
            N_("Find out why sales fell in the week of {day}")
            if less
            else N_("Find out why sales jumped in the week of {day}"),
            day=format_day(week.start),
        ),
        sentence=gettext(
            N_(
                "Sales were {revenue}, {share} less than the usual {usual}, the median of the {before} "
                "weeks before."
            )
            if less
            else N_(
                "Sales were {revenue}, more than {times} times the usual {usual}, the median of the "
                "{before} weeks before."
            )
            if week.share > MOST_TIMES
            else N_(
                "Sales were {revenue}, {share} more than the usual {usual}, the median of the {before} "
                "weeks before."
            ),
            revenue=format_money(week.revenue, model.currency),
            share=format_share(abs(week.share - 1)),
            times=MOST_TIMES,
            usual=format_money(week.usual, model.currency),
            before=BEFORE,
        ),
        sure=gettext(
            "In the {weeks} before, sales were {least} to {most} of what was usual. By chance alone, 1 week "
            "in {by_chance} would lie outside the range of all weeks before; the change may be seasonal.",
            weeks=count_of(week.weeks, "week"),
            least=format_share(week.least),
            most=format_share(week.most),
            by_chance=by_chance,
        ),
        button=gettext("See the sales of the week"),
        view="Sales",
        state={"start": week.start.date(), "end": end.date()},
        money=off,
    )


def win_newcomers_back(model: ShopperModel, among: Narrowing = EVERYONE) -> ToDo | None:
    """Say that new customers come back less often than those of the quarter before, if that is sure.

    Within filters, only customers whose first order passes count.
    """
    orders = model.orders
    if among:
        orders = orders[orders[CUSTOMER_ID].isin(among.newcomers(model))]
    if orders.empty:
        return None
    told = compare_newcomers(orders, model.as_of, followed=model.short_silence)
    # A tiny difference needs no action, however sure it is.
    if told is None or told.high >= 0 or told.back_before / told.before - told.back_now / told.now < _LEAST:
        return None
    last = told.end - pd.Timedelta(days=1)
    before_last = told.middle - pd.Timedelta(days=1)
    now, before = (
        format_share(n / of) for n, of in ((told.back_now, told.now), (told.back_before, told.before))
    )
    low, high = (f"{100 * -end:.0f}" for end in (told.high, told.low))
    return ToDo(
        title=gettext(
            "Win new customers back sooner: {now} reordered, {before} a quarter ago", now=now, before=before
        ),
        sentence=gettext(
            "{back_now} of {customers} who first ordered from {middle} to {last} ordered "
            "again within {followed} days. They have spent {spent} so far.",
            back_now=format_count(told.back_now),
            customers=count_of(told.now, "customer"),
            middle=format_day(told.middle),
            last=format_day(last),
            followed=told.followed,
            spent=format_money(told.spent, model.currency),
        ),
        sure=gettext(
            "Compared with {back_before} of {before} from {start} to {before_last}: {low} to {high} in 100 "
            "fewer (95 % interval). Part of the change may be seasonal.",
            back_before=format_count(told.back_before),
            before=format_count(told.before),
            start=format_day(told.start),
            before_last=format_day(before_last),
            low=low,
            high=high,
        ),
        button=gettext("See who comes back"),
        view="Retention",
        money=told.spent,
    )


def pay_less_for_newcomers(model: ShopperModel, among: Narrowing = EVERYONE) -> ToDo | None:
    """Say that new customers don't bring in their acquisition cost, if that is known and sure.

    Within filters, only customers whose first order passes count.
    """
    terms = known_terms(model)
    curve = value_case(model, terms, among=among).curve if terms else pd.DataFrame()
    if terms is None or curve.empty:
        return None
    last = longest(curve)
    months, cost = int(last["months_since"]), terms.acquisition_cost
    if months < _LEAST_MONTHS or last["high"] >= cost:
        return None
    price, value, low, high, short = (
        format_money(amount, model.currency)
        for amount in (cost, last["value"], last["low"], last["high"], cost - last["value"])
    )
    lost, within = float((cost - last["value"]) * last["customers"]), count_of(months, "month")
    return ToDo(
        title=gettext(
            "Pay less to win new customers: {price} is not paid back within {within}",
            price=price,
            within=within,
        ),
        sentence=gettext(
            "By then, a new customer brings {value} of margin on average, {short} less than the acquisition "
            "cost: {lost} for the {customers} followed for that long.",
            value=value,
            short=short,
            lost=format_money(lost, model.currency),
            customers=count_of(last["customers"], "customer"),
        ),
        sure=gettext(
            "95 % interval of the average: {low} to {high}, at a margin of {margin}. Customers who never "
            "came back are included.",
            low=low,
            high=high,
            margin=format_share(terms.margin),
        ),
        button=gettext("See when they pay back"),
        view="Value",
        state={"margin": 100 * terms.margin, "acquisition_cost": cost},
        money=lost,
    )


def remind_the_due(model: ShopperModel) -> ToDo | None:
    """Name the product with the most value due to be bought again, if being due predicts purchases."""
    if model.products[IS_PRODUCT].sum() < 2:  # customers who are due for the only product are overdue
        return None
    case = repurchase_case(model)
    if not case.tells or case.due.empty:
        return None
    worth = case.due.groupby(PRODUCT_ID)[AMOUNT].sum().sort_values(kind="stable")
    product, money = str(worth.index[-1]), float(worth.iloc[-1])
    due = case.due[case.due[PRODUCT_ID] == product]
    who = due[CUSTOMER_ID].nunique()
    name = format_product(str(model.products.set_index(PRODUCT_ID)[PRODUCT_NAME][product]))
    return ToDo(
        title=ngettext(
            "Remind {number} customer who is due for {product}",
            "Remind {number} customers who are due for {product}",
            who,
            number=format_count(who),
            product=name,
        ),
        sentence=gettext(
            "At their usual spend, the purchases are worth {money}; with all products that "
            "are due, {amount}.",
            money=format_money(money, model.currency),
            amount=format_money(float(case.due[AMOUNT].sum()), model.currency),
        ),
        sure=case.sentences[-1],
        button=gettext("See who is due"),
        view="Repurchase",
        state={PRODUCT_ID: product},
        money=money,
    )
