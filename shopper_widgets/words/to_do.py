"""What to do today: each thing follows from the orders, with its money, its certainty, and its place."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd
from markupsafe import Markup

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_money,
    format_share,
)
from shopper_widgets._support.locale import N_, gettext, ngettext, with_marks
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    MONETARY,
    ORDERED_AT,
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
from shopper_widgets.customers.narrowing import EVERYONE, Narrowing
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.orders.audit import KEPT, READ
from shopper_widgets.segments.naming import segment_to_keep
from shopper_widgets.words.changes_to_do import (
    look_into_the_week,
    pay_less_for_newcomers,
    remind_the_due,
    win_newcomers_back,
)
from shopper_widgets.words.customers import recent_movements
from shopper_widgets.words.html import paragraph
from shopper_widgets.words.products_to_do import check_products, offer_together
from shopper_widgets.words.shop import left_out, segment_actions, unread
from shopper_widgets.words.thing_to_do import MORE_UNDER, ToDo

#: The most things that are listed, and the fewest, if there are enough segments.
MOST, FEWEST = 5, 3
#: In order of urgency: if there are too many, the last ones are left out.
_FIRST = ("overdue", "week", "payback", "products", "together", "left", "newcomers", "due")
#: Period → the sentence on how many of those overdue before it came back.
_ORDERED_SINCE = {
    "year": N_("Of the {number} who were overdue a year ago, {back} ordered afterwards."),
    "quarter": N_("Of the {number} who were overdue a quarter ago, {back} ordered afterwards."),
    "month": N_("Of the {number} who were overdue a month ago, {back} ordered afterwards."),
}
#: From this share on, lines without a customer are worth a look.
_MANY_UNKNOWN = 0.05
#: If a smaller share of a segment left, there is nothing to look at.
_LEAST_LEFT = 0.05


def things_to_do(model: ShopperModel, told: Headlines | None = None) -> list[ToDo]:
    """Return what to do today: three to five things, the most urgent first.

    Each comes from the definition that its place shows: sales of a week, who is overdue, who moved, how many
    new customers come back, whether they pay for winning them, gaps in sales that chance hardly explains, who
    is due to buy again, lift with its interval, the audit. Where few of these say something, what to do for
    the segments with most revenue fills up to three.

    Parameters
    ----------
    model : ShopperModel
        Gives the orders, the customers and the recommender.
    told : Headlines, optional
        Where it is at hand: how many of those who were overdue before have ordered since. Where it is
        narrowed, so is what to do, and what can't be is left out.

    Returns
    -------
    list of ToDo
        In the order in which they are read: customers, sales, products.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=200, random_state=0)
    >>> for todo in things_to_do(ShopperModel.fit(orders, n_clusters=4, progress=False))[:2]:
    ...     print(todo.title, "→", todo.view)
    Contact 4 valuable customers who are overdue → Campaign
    See who left High-Value: 7 customers since 31 Mar 2024 → Movements
    """
    if told is not None and told.among:
        return _narrowed(model, told)
    # In reading order: customers, sales, products.
    told_of = {
        "overdue": _write_to_the_overdue(model, told),
        "left": _see_who_left(model),
        "newcomers": win_newcomers_back(model),
        "payback": pay_less_for_newcomers(model),
        "week": look_into_the_week(model),
        "products": check_products(model),
        "due": remind_the_due(model),
        "together": offer_together(model),
    }
    found = {name: todo for name, todo in told_of.items() if todo is not None}
    # Data quality, on which every figure depends, always has its place.
    last = [todo for todo in [_mend_the_data(model)] if todo is not None]
    kept = [name for name in _FIRST if name in found][: MOST - len(last)]
    shown = [todo for name, todo in found.items() if name in kept] + last
    return [*shown, *_of_segments(model, FEWEST - len(shown))]


def _narrowed(model: ShopperModel, told: Headlines) -> list[ToDo]:
    """Say what to do about customers within the filters, for the places that have these filters."""
    among = told.among
    found = [_write_to_the_overdue(model, told)]
    if not among.segment:  # segments depend on later orders, which these things are about
        found += [win_newcomers_back(model, among), pay_less_for_newcomers(model, among)]
        found.append(look_into_the_week(model, among))
    shown = [todo for todo in found if todo is not None]
    return [*shown, *_of_segments(model, FEWEST - len(shown), among)]


def valuable_and_overdue(model: ShopperModel, cadence: pd.DataFrame) -> dict[str, Any]:
    """Return the filters of a campaign for the customers of :func:`~shopper_widgets.overdue_customers`.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers, of whose spend a quantile counts.
    cadence : DataFrame
        What :func:`~shopper_widgets.customer_cadence` tells of it.
    """
    return {
        "min_overdue": MIN_OVERDUE,
        "min_orders": MIN_ORDERS,
        "min_silence": int(cadence["short_silence"].iloc[0]),
        # Rounded down to hundredths: a box that says 1661.7400000000002 helps nobody.
        "min_spend": math.floor(100 * model.customers[MONETARY].quantile(MIN_SPEND_RANK)) / 100,
    }


def _write_to_the_overdue(model: ShopperModel, told: Headlines | None) -> ToDo | None:
    try:
        cadence = customer_cadence(model)
    except TooLittleDataError:
        return None
    late, valuable = overdue_customers(model, cadence=cadence), comparable_customers(cadence)
    among = told.among if told is not None else EVERYONE
    if among:
        listed = among.customers(model)
        late, valuable = (table[table[CUSTOMER_ID].isin(listed)] for table in (late, valuable))
    if late.empty:
        return None
    worth = float(late["value_at_risk"].sum())
    sure = gettext(
        "Overdue by their own rhythm: {late} of {valuable_customers} (the top {share} by spend who ordered "
        "at least {times}), silent for more than {min_overdue} times their usual gap and more than {days} "
        "days.",
        late=format_count(len(late)),
        valuable_customers=count_of(len(valuable), "valuable customer"),
        share=format_share(1 - MIN_SPEND_RANK),
        times=count_of(MIN_ORDERS, "time"),
        min_overdue=with_marks(f"{MIN_OVERDUE:g}"),
        days=late["short_silence"].iloc[0],
    )
    # A share of one customer says nothing.
    if told is not None and len(told.listed_before) > 1 and told.compared in MONTHS:
        since = model.as_of - pd.DateOffset(months=MONTHS[told.compared])
        ordered = model.orders[model.orders[ORDERED_AT] > since]
        back = len(set(ordered[CUSTOMER_ID]) & told.listed_before)
        sure += " " + gettext(
            _ORDERED_SINCE[told.compared],
            number=format_count(len(told.listed_before)),
            back=format_count(back),
        )
    return ToDo(
        title=ngettext(
            "Contact {number} valuable customer who is overdue",
            "Contact {number} valuable customers who are overdue",
            len(late),
            number=format_count(len(late)),
        ),
        sentence=ngettext(
            "They have spent {money} so far, and should have ordered again by now.",
            "Together they have spent {money} so far, and should have ordered again by now.",
            len(late),
            money=format_money(worth, model.currency),
        ),
        sure=sure,
        button=gettext("Make the list"),
        view="Campaign",
        state=valuable_and_overdue(model, cadence) | among.audience,
        money=worth,
    )


def _see_who_left(model: ShopperModel) -> ToDo | None:
    """Say how many customers left the best segment since the month-end with which the report compares."""
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
        title=gettext(
            "See who left {best}: {customers} since {start}",
            best=gettext(best),
            customers=count_of(n, "customer"),
            start=moved.start,
        ),
        sentence=gettext(
            "They had spent {money} by that day. Over the same period, {customers} joined {best}.",
            money=format_money(money, model.currency),
            customers=count_of(won, "customer"),
            best=gettext(best),
        ),
        sure=gettext(
            "Those who left are {share} of the {there} who were {best} on {start}, judged by their orders "
            "up to {end}.",
            share=format_share(n / there),
            there=format_count(there),
            best=gettext(best),
            start=moved.start,
            end=moved.end,
        ),
        button=gettext("See who they are"),
        view="Movements",
        state={
            "start": moved.days[0],
            "end": moved.days[1],
            "from_segment": best,
        },
        money=money,
    )


def _mend_the_data(model: ShopperModel) -> ToDo | None:
    """Name the lines that the figures lack: those that could not be read, or have no customer."""
    lost = unread(model)
    audit = model.audit.set_index("rule")
    read, unknown = audit["rows"][READ], audit["rows"]["missing customer"]
    kept = gettext(
        "The figures include {kept} of {lines} read.",
        kept=format_count(audit["rows"][KEPT]),
        lines=count_of(read, "line"),
    )
    button, view = gettext("See every line accounted for"), "Quality"
    if lost:
        return ToDo(gettext("Fix what could not be read"), lost[0], kept, button, view)
    if unknown < _MANY_UNKNOWN * read:
        return None
    said = left_out(model)[1]
    money = float(model.lines[AMOUNT][model.lines[CUSTOMER_ID].isna()].sum())
    title = gettext(
        "Record who buys: {unknown} of the lines have no customer id", unknown=format_share(unknown / read)
    )
    return ToDo(title, said, kept, button, view, money=money)


def _of_segments(model: ShopperModel, n: int, among: Narrowing = EVERYONE) -> list[ToDo]:
    """Say what to do for the segments with the most revenue."""
    segments = _segments_of(model, among) if among else model.segments
    by_revenue = segments.sort_values("revenue", ascending=False, kind="stable")
    said = segment_actions(model)
    advice = dict(zip(said[SEGMENT], said["action"], strict=True))
    found = []
    for row in by_revenue.head(max(n, 0)).to_dict("records"):
        name = str(row[SEGMENT])
        found.append(
            ToDo(
                title=gettext(
                    "Look after {segment}: {customers}",
                    segment=gettext(name),
                    customers=count_of(row["customers"], "customer"),
                ),
                sentence=advice[name]
                + " "
                + gettext("They have spent {money}.", money=format_money(row["revenue"], model.currency)),
                sure=gettext(
                    N_("That is {revenue_share} of what all of these customers have spent.")
                    if replace(among, segment="")
                    else N_("{revenue_share} of revenue comes from them."),
                    revenue_share=format_share(row["revenue_share"]),
                ),
                button=gettext("Make the list"),
                view="Campaign",
                state=among.audience | {"segments": (name,)},
                money=float(row["revenue"]),
            )
        )
    return found


def _segments_of(model: ShopperModel, among: Narrowing) -> pd.DataFrame:
    """Return the segments of the customers within filters, how many they are, and what they have spent.

    A segment's share is that of all segments, even if the filter names one segment.
    """
    listed = replace(among, segment="").customers(model)
    customers = model.customers[model.customers[CUSTOMER_ID].isin(listed)]
    spent = customers.groupby(SEGMENT).agg(customers=(MONETARY, "size"), revenue=(MONETARY, "sum"))
    total = spent["revenue"].sum()
    share = spent["revenue"] / total if total > 0 else 0.0
    table = spent.assign(revenue_share=share).reset_index()
    return table[table[SEGMENT] == among.segment] if among.segment else table


#: View of the dashboard → the part of a report that says more.
_PARTS = {
    "Campaign": N_("Customers to contact"),
    "Movements": N_("Movements between segments"),
    "Demand": N_("Stock and orders"),
    "Recommend": N_("Recommendations"),
    "Quality": N_("Data quality"),
    "Sales": N_("Sales"),
    "Retention": N_("Retention"),
    "Value": N_("Value of a new customer"),
    "Repurchase": N_("Repurchases"),
}


def to_do_html(todos: list[ToDo]) -> Markup:
    """Write things to do as a list for a report, each with the name of the part that has more.

    Examples
    --------
    >>> todo = ToDo("Write to ann & ben", "They spent £9.", "Counted.", "Make the list", "Campaign")
    >>> "<strong>Write to ann &amp; ben</strong>" in to_do_html([todo])
    True
    """
    items = Markup("").join(
        Markup("<li><p><strong>{}</strong></p>{}{}</li>").format(
            todo.title,
            paragraph(f"{todo.sentence} {gettext(MORE_UNDER, part=gettext(_PARTS[todo.view]))}."),
            paragraph(todo.sure, "sw-note"),
        )
        for todo in todos
    )
    return Markup('<ol class="sw-to-do">{}</ol>').format(items)
