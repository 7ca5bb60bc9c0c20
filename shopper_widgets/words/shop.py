"""Sentences about a model, each computed from its data, for people who decide.

Sentences are plain text; code that puts them into HTML escapes them.
"""

from __future__ import annotations

import pandas as pd

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_day,
    format_money,
    format_share,
)
from shopper_widgets._support.locale import N_, gettext, ngettext
from shopper_widgets._support.retelling import retold
from shopper_widgets.columns import (
    AMOUNT,
    COUNTRY,
    CUSTOMER_ID,
    FREQUENCY,
    MONETARY,
    ORDER_ID,
    ORDERED_AT,
    RECENCY,
    RFM,
    SEGMENT,
)
from shopper_widgets.customers.actions import segment_action
from shopper_widgets.customers.cadence import overdue_customers
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.orders.assumed import ASSUMED
from shopper_widgets.orders.audit import KEPT, KEPT_NOTHING, NETTING_EFFECT, READ
from shopper_widgets.orders.cells.exchanged_dates import EXCHANGED
from shopper_widgets.orders.order_heads import OF_THE_ORDER_ABOVE
from shopper_widgets.orders.sale_or_return import RETURNS_BY_WORD
from shopper_widgets.segments.limits import FEW_CUSTOMERS
from shopper_widgets.segments.naming import is_silent
from shopper_widgets.segments.rfm import FAR_BEHIND
from shopper_widgets.segments.rhythm import long_silence
from shopper_widgets.words.why_segments import reason

#: The heading of the second part of the audit: see `audit_parts`.
DETAILS = N_("Returns, discounts and order statuses among these lines")


def headline(model: ShopperModel) -> str:
    """Say how many customers and orders there are, with their revenue and their days."""
    first, last = format_day(model.orders[ORDERED_AT].min()), format_day(model.orders[ORDERED_AT].max())
    return gettext(
        N_(
            "{customers}, {orders} worth {money}, from {first} to {last}. Recency (days since the last "
            "order) is counted to {as_of}."
        )
        if first != last
        else N_(
            "{customers}, {orders} worth {money}, all of {first}. Recency (days since the last order) is "
            "counted to {as_of}."
        ),
        customers=count_of(len(model.customers), "customer"),
        orders=count_of(model.orders[ORDER_ID].nunique(), "order"),
        money=_money(model, model.orders[AMOUNT].sum()),
        first=first,
        last=last,
        as_of=format_day(model.as_of),
    )


def left_out(model: ShopperModel) -> list[str]:
    """Say how many lines were read, and how many, with their money, are left out of all other figures."""
    audit = {row["rule"]: row for row in model.audit.to_dict("records")}
    read, kept = audit[READ], audit[KEPT]
    money = _money(model, kept[AMOUNT])
    if kept["rows"] == read["rows"]:
        first = ngettext(
            "The only order line read is in the figures: {money} of revenue.",
            "All {number} order lines read are in the figures: {money} of revenue.",
            read["rows"],
            number=format_count(read["rows"]),
            money=money,
        )
    else:
        first = ngettext(
            "Of {lines} read, {number} ({share}) is in the figures: {money} of revenue.",
            "Of {lines} read, {number} ({share}) are in the figures: {money} of revenue.",
            kept["rows"],
            lines=count_of(read["rows"], "order line"),
            number=format_count(kept["rows"]),
            share=format_share(kept["rows"] / read["rows"]),
            money=money,
        )
    said = [first]
    anonymous = audit["missing customer"]
    if anonymous["rows"]:
        unknown = model.lines[AMOUNT][model.lines[CUSTOMER_ID].isna()].sum()
        told = {
            "number": format_count(anonymous["rows"]),
            "share": format_share(anonymous["rows"] / read["rows"]),
            "money": _money(model, unknown),
        }
        said.append(
            ngettext(
                "{number} line ({share}) has no customer id, so figures about customers leave it out; its "
                "sales, {money}, count in total sales.",
                "{number} lines ({share}) have no customer id, so figures about customers leave them out; "
                "their sales, {money}, count in total sales.",
                anonymous["rows"],
                **told,
            )
            if unknown
            else ngettext(
                "{number} line ({share}) has no customer id, so figures about customers leave it out.",
                "{number} lines ({share}) have no customer id, so figures about customers leave them out.",
                anonymous["rows"],
                **told,
            )
        )
    return [*said, *came_back(model)]


def audit_parts(model: ShopperModel) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the audit into rows that add up, from lines read to lines kept, and details of these lines."""
    audit = model.audit[(model.audit["rows"] > 0) | model.audit["rule"].isin((READ, KEPT))]
    last = audit["rule"].eq(KEPT).to_numpy().argmax() + 1
    return audit.iloc[:last], audit.iloc[last:]


def unread(model: ShopperModel) -> list[str]:
    """Return the notes on cells that could not be read: all figures lack their lines."""
    return [retold(said) for said in model.source.get("unread", [])]


def guessed(model: ShopperModel) -> list[str]:
    """Return the notes on guesses: how a table of no known layout was read, and what is not proved."""
    marks = ("columns=", "not_sold=", *RETURNS_BY_WORD, OF_THE_ORDER_ABOVE, EXCHANGED, FAR_BEHIND)
    told = model.source.get("notes", [])
    return [retold(note) for note in told if note in ASSUMED.values() or any(mark in note for mark in marks)]


def notes(model: ShopperModel) -> list[str]:
    """Return the notes on how orders were read, and on the rules that decided what was sold."""
    return [retold(note) for note in model.source.get("notes", [])]


def came_back(model: ShopperModel) -> list[str]:
    """Say that the sales include goods that were returned later, with their worth; nothing if none were."""
    audit = model.audit.set_index("rule")
    amount = audit[AMOUNT][NETTING_EFFECT]
    if not amount:
        return []
    if model.parameters.get("returns") != "net":
        return [
            gettext(
                "Returned goods still count as sold: netting them (returns = net) would lower "
                "revenue by {amount}.",
                amount=_money(model, amount),
            )
        ]
    said = gettext("Returned goods, worth {amount}, are subtracted from sales.", amount=_money(model, amount))
    nobody = audit["customers"].get(KEPT_NOTHING, 0)
    if nobody:
        said += " " + ngettext(
            "{number} customer who kept nothing is left out of all other figures.",
            "{number} customers who kept nothing are left out of all other figures.",
            nobody,
            number=format_count(nobody),
        )
    return [said]


def sold_to_unknown(orders: pd.DataFrame, *, currency: str = "") -> str:
    """Say how much was sold to unknown customers, who are in no segment; empty if nothing was.

    Parameters
    ----------
    orders : pandas.DataFrame
        As ``ShopperModel.all_orders``.
    currency : str, default ""
        Sign or code of the money.

    Returns
    -------
    str
        One sentence, or ``""``.
    """
    unknown = orders[orders[CUSTOMER_ID].isna()]
    if unknown.empty:
        return ""
    money = unknown[AMOUNT].sum()
    share = format_share(money / orders[AMOUNT].sum())
    return gettext(
        "Of this, {money} ({share}) was sold without a customer id, in {orders}: it counts as "
        "demand, but not for any customer or segment.",
        money=format_money(money, currency),
        share=share,
        orders=count_of(len(unknown), "order"),
    )


def all_sales(model: ShopperModel) -> list[str]:
    """Say that more was sold than known customers have bought; nothing if all customers are known."""
    said = sold_to_unknown(model.all_orders, currency=model.currency)
    if not said:
        return []
    money = _money(model, model.all_orders[AMOUNT].sum())
    return [gettext("Total sales, with or without a customer id: {money}.", money=money) + f" {said}"]


def highlights(model: ShopperModel) -> list[str]:
    """Say the few things about the customers that matter most: concentration, loyalty, silence.

    If all are one segment, this comes first, with the reason; statements that depend on a few single people
    are left out.
    """
    customers, profiles = model.customers, model.segments
    said = [reason(model)] if len(profiles) == 1 else []
    if len(profiles) > 1:
        best, silent = profiles.iloc[0], profiles.iloc[-1]
        said.append(
            gettext(
                "{share} of customers ({segment}, {number} of {all}) bring {revenue_share} of revenue: "
                "{revenue}.",
                share=format_share(best["share"]),
                segment=gettext(best[SEGMENT]),
                number=format_count(best["customers"]),
                all=format_count(len(customers)),
                revenue_share=format_share(best["revenue_share"]),
                revenue=_money(model, best["revenue"]),
            )
        )
        if is_silent(silent[SEGMENT]) and customers[RECENCY].max() >= long_silence(model.short_silence):
            said.append(
                gettext(
                    "{customers} ({share}) are {segment}: half of them have not ordered for {days} "
                    "or more. They have spent {revenue} so far.",
                    customers=count_of(silent["customers"], "customer"),
                    share=format_share(silent["share"]),
                    segment=gettext(silent[SEGMENT]),
                    days=count_of(silent["recency_median"], "day"),
                    revenue=_money(model, silent["revenue"]),
                )
                + _overdue_among(model, silent[SEGMENT])
            )
    again = customers[FREQUENCY] > 1
    if again.all():
        said.append(gettext("Every customer ordered more than once."))
    elif again.any():
        share = customers.loc[again, MONETARY].sum() / customers[MONETARY].sum()
        said.append(
            gettext(
                "{share} of customers ({number}) ordered more than once; they bring {revenue_share} of "
                "revenue.",
                share=format_share(again.mean()),
                number=format_count(again.sum()),
                revenue_share=format_share(share),
            )
        )
    elif len(customers) >= FEW_CUSTOMERS:
        said.append(
            gettext(
                "No customer ordered more than once. If people do come back, the customer ids of these "
                "orders may name orders, not people."
            )
        )
    spend = customers[MONETARY].sort_values(ascending=False)
    top = round(len(spend) / 10)
    if len(spend) >= FEW_CUSTOMERS and spend.iloc[0] > spend.iloc[-1]:
        said.append(
            gettext(
                "The top tenth of customers by spend ({number}) bring {share} of revenue.",
                number=format_count(top),
                share=format_share(spend.head(top).sum() / spend.sum()),
            )
        )
    return said


def _overdue_among(model: ShopperModel, segment: str) -> str:
    """Say how those who are overdue and a silent segment go together: both seem to be "at risk"."""
    try:
        late = overdue_customers(model)[SEGMENT]
    except TooLittleDataError:
        return ""
    among = int((late == segment).sum())
    if not among:
        return ""
    if among == len(late):
        return " " + ngettext(
            "The {number} valuable customer who is overdue is among them.",
            "All {number} valuable customers who are overdue are among them.",
            among,
            number=format_count(among),
        )
    return " " + ngettext(
        "{number} of the {all} valuable customers who are overdue is among them.",
        "{number} of the {all} valuable customers who are overdue are among them.",
        among,
        number=format_count(among),
        all=format_count(len(late)),
    )


def segment_actions(model: ShopperModel) -> pd.DataFrame:
    """Return one row per segment: a description of its customers, and what to do.

    Parameters
    ----------
    model : ShopperModel
        Gives the segments and the currency.

    Returns
    -------
    DataFrame
        ``segment, who, action``; best segment first.
    """
    rows = [
        (
            row[SEGMENT],
            gettext(
                "{customers}, {revenue_share} of revenue; typically {orders}, {monetary_median} in "
                "all, the last one {days} ago.",
                customers=count_of(row["customers"], "customer"),
                revenue_share=format_share(row["revenue_share"]),
                orders=count_of(row["frequency_median"], "order"),
                monetary_median=_money(model, row["monetary_median"]),
                days=count_of(row["recency_median"], "day"),
            ),
            gettext(segment_action(model, row[SEGMENT])),
        )
        for _, row in model.segments.iterrows()
    ]
    return pd.DataFrame(rows, columns=[SEGMENT, "who", "action"])


def most_valuable(model: ShopperModel, segment: str, n: int = 10) -> pd.DataFrame:
    """Return the customers of a segment with the highest spend.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers.
    segment : str
        One of ``model.segments["segment"]``.
    n : int
        How many at the most.

    Returns
    -------
    DataFrame
        ``customer_id, country, recency, frequency, monetary``; no country where all have the same.
    """
    of_segment = model.customers[model.customers[SEGMENT] == segment]
    by_spend = of_segment.sort_values([MONETARY, CUSTOMER_ID], ascending=[False, True])
    shown = [CUSTOMER_ID, *([COUNTRY] if model.customers[COUNTRY].nunique() > 1 else []), *RFM]
    return by_spend.head(n)[shown].reset_index(drop=True)


def _money(model: ShopperModel, amount: float) -> str:
    return format_money(amount, model.currency)
