"""What to do today: each thing from the orders, with its money, how sure it is, and where it is done."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from shopper_widgets._support.chance import surely_found
from shopper_widgets._support.formatting import count_of, format_count, format_money, format_share
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    MONETARY,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    SEGMENT,
)
from shopper_widgets.customers.cadence import (
    MIN_ORDERS,
    MIN_OVERDUE,
    MIN_SPEND_RANK,
    comparable_customers,
    customer_cadence,
    overdue_customers,
)
from shopper_widgets.customers.headlines import MONTHS, Headlines
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.orders.audit import KEPT, READ
from shopper_widgets.products.trends import demand_trends
from shopper_widgets.recommend.lift import lift_interval
from shopper_widgets.segments.naming import segment_to_keep
from shopper_widgets.words.changes_to_do import look_into_the_week, remind_the_due, win_newcomers_back
from shopper_widgets.words.customers import recent_movements
from shopper_widgets.words.html import paragraph
from shopper_widgets.words.recommendations import FEWEST_BUYERS, examples
from shopper_widgets.words.shop import left_out, segment_actions, unread
from shopper_widgets.words.stock import OUT_OF_STOCK, sold_of
from shopper_widgets.words.thing_to_do import ToDo

#: So many things are told at the most, and at least where there are as many segments.
MOST, FEWEST = 5, 3
#: Where there is more to do, the last of these are left out.
_FIRST = ("overdue", "week", "products", "together", "left", "newcomers", "due")
#: From this share of lines on, those that name no customer are worth a look.
_MANY_UNKNOWN = 0.05
#: Where fewer of them left, as a share, those are no group to look at.
_LEAST_LEFT = 0.05
#: A pair whose lift may be less than this is no bundle.
_WORTH_TELLING = 1.5
#: Nor is one that fewer customers bought.
_FEWEST_WITH_BOTH = 10
#: The share that a 95 % interval has beyond each of its ends.
_BY_CHANCE = 0.025


def things_to_do(model: ShopperModel, told: Headlines | None = None) -> list[ToDo]:
    """Say what to do today: three to five things, what presses first.

    Each comes from the definition that its place shows: sales of a week, who is overdue, who moved, how many
    new customers come back, gaps in sales that chance hardly explains, who is due to buy again, lift with its
    interval, the audit. Where few of these say something, what to do for the
    segments with most revenue fills up to three.

    Parameters
    ----------
    model : ShopperModel
    told : Headlines, optional
        Where it is at hand: how many of those who were overdue before have ordered since.

    Returns
    -------
    list of ToDo

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=200, random_state=0)
    >>> for todo in things_to_do(ShopperModel.fit(orders, n_clusters=4, progress=False))[:2]:
    ...     print(todo.title, "→", todo.view)
    Contact 4 valuable customers who are overdue → Campaign
    See who left High-Value: 7 customers since 31 Mar 2024 → Movements
    """
    # As they are read: customers, sales, products.
    told_of = {
        "overdue": _write_to_the_overdue(model, told),
        "left": _see_who_left(model),
        "newcomers": win_newcomers_back(model),
        "week": look_into_the_week(model),
        "products": _check_products(model),
        "due": remind_the_due(model),
        "together": _offer_together(model),
    }
    found = {name: todo for name, todo in told_of.items() if todo is not None}
    # What every figure rests on has its place, however much there is to do.
    last = [todo for todo in [_mend_the_data(model)] if todo is not None]
    kept = [name for name in _FIRST if name in found][: MOST - len(last)]
    shown = [todo for name, todo in found.items() if name in kept] + last
    return [*shown, *_of_segments(model, FEWEST - len(shown))]


def valuable_and_overdue(model: ShopperModel, cadence: pd.DataFrame) -> dict[str, Any]:
    """Return the filters of a campaign to those whom :func:`~shopper_widgets.overdue_customers` lists.

    Parameters
    ----------
    model : ShopperModel
    cadence : DataFrame
        What :func:`~shopper_widgets.customer_cadence` tells of it.
    """
    return {
        "min_overdue": MIN_OVERDUE,
        "min_orders": MIN_ORDERS,
        "min_silence": int(cadence["short_silence"].iloc[0]),
        # To the hundredth below: a box that says 1661.7400000000002 helps nobody.
        "min_spend": math.floor(100 * model.customers[MONETARY].quantile(MIN_SPEND_RANK)) / 100,
    }


def _write_to_the_overdue(model: ShopperModel, told: Headlines | None) -> ToDo | None:
    try:
        cadence = customer_cadence(model)
    except TooLittleDataError:
        return None
    late = overdue_customers(model, cadence=cadence)
    if late.empty:
        return None
    worth, valuable = float(late["value_at_risk"].sum()), len(comparable_customers(cadence))
    are, they = ("is", "They have") if len(late) == 1 else ("are", "Together they have")
    sure = (
        f"{format_count(len(late))} of {count_of(valuable, 'valuable customer')}, judged by their own "
        f"rhythm: silent for more than {MIN_OVERDUE:g} times their usual gap and more than "
        f"{late['short_silence'].iloc[0]} days."
    )
    if told is not None and told.listed_before:
        since = model.as_of - pd.DateOffset(months=MONTHS[told.compared])
        ordered = model.orders[model.orders[ORDERED_AT] > since]
        back = len(set(ordered[CUSTOMER_ID]) & told.listed_before)
        sure += (
            f" Of the {format_count(len(told.listed_before))} who were overdue a {told.compared} ago, "
            f"{format_count(back)} ordered since then."
        )
    return ToDo(
        title=f"Contact {count_of(len(late), 'valuable customer')} who {are} overdue",
        sentence=f"{they} spent {format_money(worth, model.currency)} so far, and should have ordered again "
        "by now.",
        sure=sure,
        button="Make the list",
        view="Campaign",
        state=valuable_and_overdue(model, cadence),
        money=worth,
    )


def _see_who_left(model: ShopperModel) -> ToDo | None:
    """Say how many left the best segment since the month-end with which the report compares."""
    moved = recent_movements(model)
    if moved.flows.empty:
        return None
    best = segment_to_keep(model.segments[SEGMENT].tolist())
    flows = moved.flows
    was, left = flows[flows["from"] == best], flows[(flows["from"] == best) & (flows["to"] != best)]
    if best is None or left.empty:
        return None
    there = int(was["customers"].sum())
    n, money = int(left["customers"].sum()), float(left["revenue_before"].sum())
    if n < _LEAST_LEFT * there:
        return None
    won = int(flows.loc[(flows["to"] == best) & (flows["from"] != best), "customers"].sum())
    return ToDo(
        title=f"See who left {best}: {count_of(n, 'customer')} since {moved.start}",
        sentence=f"They had spent {format_money(money, model.currency)} by then. Over the same period, "
        f"{count_of(won, 'customer')} joined {best}.",
        sure=f"Counted: {format_share(n / there)} of the {format_count(there)} who were {best} "
        f"on {moved.start}, judged by their orders up to {moved.end}.",
        button="See who they are",
        view="Movements",
        state={
            "start": f"{pd.Timestamp(moved.start):%Y-%m-%d}",
            "end": f"{pd.Timestamp(moved.end):%Y-%m-%d}",
            "from_segment": best,
        },
        money=money,
    )


def _check_products(model: ShopperModel) -> ToDo | None:
    """Name products that may be out of stock; without any, how many grow and fade."""
    try:
        weeks, classes, gaps = sold_of(model)
    except TooLittleDataError:
        return None
    worth = classes[classes["abc"] == "A"]
    open_now = gaps[gaps["is_open"]].merge(worth, on=PRODUCT_ID).sort_values("revenue", ascending=False)
    # that a gap so long is there today, not ever: one trial for each product
    open_now = open_now[surely_found((1 - open_now["sold_share"]) ** open_now["weeks"], len(worth))]
    if len(open_now):
        money, first = float(open_now["revenue"].sum()), str(open_now[PRODUCT_ID].iloc[0])
        one = len(open_now) == 1
        which = f"{'It is' if one else 'The largest is'} {_name(model, first)}."
        return ToDo(
            title=f"Check the stock of {count_of(len(open_now), 'product')} that stopped selling",
            sentence=f"{'It' if one else 'They'} brought in {format_money(money, model.currency)} in the "
            f"last 26 weeks, then sold nothing for {count_of(int(open_now['weeks'].min()), 'week')} or more: "
            f"perhaps out of stock. {which}",
            sure=f"Checked: {count_of(len(worth), 'product')} with 80 % of revenue. Of the gaps told, 1 in "
            "20 or fewer are expected to be chance.",
            button="See the products",
            view="Demand",
            state={PRODUCT_ID: first, "trend": OUT_OF_STOCK},
            money=money,
        )
    try:
        trends = demand_trends(weeks)
    except TooLittleDataError:
        return None
    grown = trends.loc[trends["trend"] == "growing", [PRODUCT_ID]].merge(classes, on=PRODUCT_ID)
    by_chance = math.ceil(_BY_CHANCE * len(trends))
    if len(grown) <= by_chance:
        return None
    money, first = float(grown["revenue"].sum()), str(grown.sort_values("revenue")[PRODUCT_ID].iloc[-1])
    grow, they = ("grows", "It") if len(grown) == 1 else ("grow", "They")
    led = f": {_name(model, first)}" if len(grown) == 1 else f", {_name(model, first)} the most"
    fading = int((trends["trend"] == "fading").sum())
    fade = f" {count_of(fading, 'product')} {'fades' if fading == 1 else 'fade'}." if fading else ""
    return ToDo(
        title=f"Order more of {count_of(len(grown), 'product')} that {grow} faster than the shop",
        sentence=f"{they} brought in {format_money(money, model.currency)} in the last 26 weeks{led}.{fade}",
        sure="The last 13 weeks compared with the 13 before, each product by its 95 % interval. Of "
        f"{count_of(len(trends), 'product')}, about {format_count(by_chance)} would seem to grow by chance "
        "alone.",
        button="See what will sell",
        view="Demand",
        state={PRODUCT_ID: first},
        money=money,
    )


def _name(model: ShopperModel, product_id: str) -> str:
    return str(model.lines.loc[model.lines[PRODUCT_ID] == product_id, PRODUCT_NAME].iloc[-1])


def _offer_together(model: ShopperModel) -> ToDo | None:
    """Name the pair of a best seller and what is bought with it whose lift is surely high."""
    pairs = examples(model)
    if pairs.empty:
        return None
    catalogue = model.recommender.catalogue_
    places = {name: [catalogue.find(code) for code in pairs[name]] for name in ("for_product_id", PRODUCT_ID)}
    # The best of many pairs is high by chance too: its interval allows for all that it was chosen from.
    others = int((catalogue.customers >= FEWEST_BUYERS).sum()) - 1
    looked_at = max(pairs["for_product_id"].nunique() * others, 1)
    low, high = lift_interval(
        pairs["support"],
        catalogue.customers[places["for_product_id"]],
        catalogue.customers[places[PRODUCT_ID]],
        len(model.recommender.customer_ids_),
        confidence=1 - 2 * _BY_CHANCE / looked_at,
    )
    low = np.where(pairs["support"] >= _FEWEST_WITH_BOTH, low, 0.0)
    best = int(low.argmax())
    if low[best] < _WORTH_TELLING:
        return None
    pair = pairs.iloc[best]
    asked, offered = (catalogue.called(found[best]) for found in places.values())
    revenue = model.products.set_index(PRODUCT_ID)["revenue"]
    both = float(revenue[pair["for_product_id"]] + revenue[pair[PRODUCT_ID]])
    return ToDo(
        title=f"Offer {offered} with {asked}",
        sentence=f"Lift {pair['lift']:,.1f}: customers buy both {pair['lift']:,.1f} times as often as by "
        f"chance. The two products have brought in {format_money(both, model.currency)} so far.",
        sure=f"{count_of(int(pair['support']), 'customer')} bought both. The interval of the lift, "
        f"{low[best]:,.1f} to {high[best]:,.1f}, allows for the {count_of(looked_at, 'pair')} looked at.",
        button="See what goes with it",
        view="Recommend",
        state={PRODUCT_ID: str(pair["for_product_id"])},
        money=both,
    )


def _mend_the_data(model: ShopperModel) -> ToDo | None:
    """Name what the figures lack: lines that could not be read, or that name no customer."""
    lost = unread(model)
    audit = model.audit.set_index("rule")
    read, unknown = audit["rows"][READ], audit["rows"]["missing customer"]
    kept = f"The figures include {format_count(audit['rows'][KEPT])} of {count_of(read, 'line')} read."
    button, view = "See every line accounted for", "Quality"
    if lost:
        return ToDo("Fix what could not be read", lost[0], kept, button, view)
    if unknown < _MANY_UNKNOWN * read:
        return None
    said = left_out(model)[1]
    money = float(model.lines[AMOUNT][model.lines[CUSTOMER_ID].isna()].sum())
    title = f"Record who buys: {format_share(unknown / read)} of the lines have no customer id"
    return ToDo(title, said, kept, button, view, money=money)


def _of_segments(model: ShopperModel, n: int) -> list[ToDo]:
    """Say what to do for the segments with most revenue."""
    by_revenue = model.segments.sort_values("revenue", ascending=False, kind="stable")
    said = segment_actions(model)
    advice = dict(zip(said[SEGMENT], said["action"], strict=True))
    found = []
    for row in by_revenue.head(max(n, 0)).to_dict("records"):
        name = str(row[SEGMENT])
        found.append(
            ToDo(
                title=f"Look after {name}: {count_of(row['customers'], 'customer')}",
                sentence=f"{advice[name]} They have spent {format_money(row['revenue'], model.currency)}.",
                sure=f"{format_share(row['revenue_share'])} of revenue comes from them.",
                button="Make the list",
                view="Campaign",
                state={"segments": (name,)},
                money=float(row["revenue"]),
            )
        )
    return found


#: View → the part of the report that tells more.
_PARTS = {
    "Campaign": "Customers to contact",
    "Movements": "Movements between segments",
    "Demand": "Stock and orders",
    "Recommend": "Recommendations",
    "Quality": "Data quality",
    "Sales": "Sales",
    "Retention": "Retention",
    "Repurchase": "Repurchases",
}


def to_do_html(todos: list[ToDo]) -> Markup:
    """Write things to do as a list for a report, each with the part of it that tells more.

    Examples
    --------
    >>> todo = ToDo("Write to ann & ben", "They spent £9.", "Counted.", "Make the list", "Campaign")
    >>> "<strong>Write to ann &amp; ben</strong>" in to_do_html([todo])
    True
    """
    items = Markup("").join(
        Markup("<li><p><strong>{}</strong></p>{}{}</li>").format(
            todo.title,
            paragraph(f"{todo.sentence} More under “{_PARTS[todo.view]}”."),
            paragraph(todo.sure, "sw-note"),
        )
        for todo in todos
    )
    return Markup('<ol class="sw-to-do">{}</ol>').format(items)
