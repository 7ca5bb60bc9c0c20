"""The overview: a shop's figures compared with those of an earlier period, in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from shopper_widgets._support.formatting import (
    count_of,
    ended,
    format_count,
    format_day,
    format_money,
    format_month,
    format_number,
    format_share,
)
from shopper_widgets._support.locale import N_, gettext, ngettext, pgettext
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, ORDERED_AT
from shopper_widgets.customers.headlines import MONTHS, Headlines
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.words.html import paragraph, sparkline

LABELS = {
    "revenue": N_("Revenue"),
    "orders": N_("Orders"),
    "customers": N_("Active customers"),
    "order_value": N_("Average order"),
    "repeat_rate": N_("Repeat rate"),
    "value_at_risk": N_("Revenue at risk"),
}
#: Period → the text of its choice.
CHOICES = {
    "year": N_("the year before"),
    "quarter": N_("the quarter before"),
    "month": N_("the month before"),
}
NOTHING_BEFORE = N_("The orders don't go back far enough to compare these days with earlier ones.")
TOO_SHORT = N_("A comparison needs two complete months of orders, so these figures cover all orders.")
_SEASONS = {
    "quarter": N_("Part of a change may be seasonal: the two quarters differ by season, too."),
    "month": N_("Part of a change may be seasonal: the two months differ by season, too."),
}
#: Period → the phrase for a number at its start.
AGO = {
    "year": N_("{number} a year ago"),
    "quarter": N_("{number} a quarter ago"),
    "month": N_("{number} a month ago"),
}
_ORDERED_AGAIN = {
    "year": N_("{number} of {customers} ordered more than once in these 12 months."),
    "quarter": N_("{number} of {customers} ordered more than once in these 3 months."),
    "month": N_("{number} of {customers} ordered more than once in this month."),
    "period": N_("{number} of {customers} ordered more than once in this period."),
    "": N_("{number} of {customers} ordered more than once in all."),
}
#: More than this many times the value before is not called growth: the period before had hardly any sales.
MOST_TIMES = 10
#: A word joiner, which keeps a sign on the line of its amount.
_TOGETHER = "\u2060"
_MORE_LESS = {
    "customers": (N_("more customers"), N_("fewer customers")),
    "orders_per_customer": (N_("more orders per customer"), N_("fewer orders per customer")),
    "order_value": (N_("larger orders"), N_("smaller orders")),
}


@dataclass(frozen=True)
class Card:
    """A headline figure in words.

    Attributes
    ----------
    label, value : str
        The name and the value of the figure.
    change : str
        How it compares with the period before; ``""`` if that is unknown.
    reason : str
        The reason for the change.
    line : tuple of float
        The figure over time; fewer than two points give no line.
    told : str
        The line over time in words.
    """

    label: str
    value: str
    change: str
    reason: str
    line: tuple[float, ...]
    told: str


def cards(model: ShopperModel, told: Headlines) -> list[Card]:
    """Return the headline figures for readers, without those that the orders don't have.

    Parameters
    ----------
    model : ShopperModel
        Gives what is behind each figure, and the currency.
    told : Headlines
        The figures, and those of the period before.

    Returns
    -------
    list of Card
        In the order of the figures.

    Examples
    --------
    >>> from shopper_widgets.customers.headlines import headlines
    >>> from shopper_widgets.datasets import make_transactions
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=200, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, currency="£", progress=False)
    >>> card = cards(model, headlines(model, "month"))[0]
    >>> card.label, card.value, card.change
    ('Revenue', '£2,119', '▼ 34 %, from £3,233')
    >>> card.reason.replace("\u2060", "")
    'Smaller orders: −£978; fewer customers: −£151; more orders per customer: +£15.47.'
    """
    reasons = _reasons(model, told)
    found = []
    for row in told.figures.dropna(subset=["value"]).to_dict("records"):
        name = str(row["figure"])
        through = told.at_risk if name == "value_at_risk" else told.series
        line = through[["end", name]].dropna()
        found.append(
            Card(
                label=gettext(LABELS[name]),
                value=_written(name, row["value"], model.currency),
                change=_change(name, row["value"], row["before"], model.currency),
                reason=reasons[name],
                line=tuple(line[name].astype(float)),
                told=_line_in_words(name, line, model.currency),
            )
        )
    return found


def cards_html(shown: list[Card]) -> Markup:
    """Write headline figures as cards, each with its line through time."""
    items = Markup("").join(
        Markup('<li class="sw-card">{}{}{}{}{}</li>').format(
            paragraph(card.label, "sw-label"),
            paragraph(card.value, "sw-big"),
            paragraph(card.change, "sw-change"),
            sparkline(card.line, f"{card.label}: {card.told}"),
            paragraph(card.reason, "sw-note"),
        )
        for card in shown
    )
    return Markup('<ul class="sw-cards">{}</ul>').format(items)


def period_sentences(model: ShopperModel, told: Headlines) -> list[str]:
    """Say which days the figures cover, what they are compared with, and what they leave out."""
    days = _days(told.start, told.end)
    if told.compared == "period":
        said = _of_chosen_days(told, days)
    elif not told.compared:
        said = [" ".join([f"{days}.", gettext(TOO_SHORT)])]
        if len(told.series) >= 2:
            said[0] += " " + gettext("Each point of a line covers one week.")
    else:
        assert told.before_start is not None and told.before_end is not None
        said = [
            gettext(
                "{days}, compared with {before}.",
                days=days,
                before=_days(told.before_start, told.before_end),
            )
        ]
        last = model.lines[ORDERED_AT].max().normalize()
        if last > told.end:
            said.append(
                gettext(
                    "The comparison leaves out orders after {end}: the data cover their month only up to "
                    "{last}.",
                    end=format_day(told.end),
                    last=format_day(last),
                )
            )
        months = MONTHS[told.compared]
        said.append(
            ngettext(
                "Each point of a line covers one month.",
                "Each point of a line covers the {months} months up to a month-end.",
                months,
                months=months,
            )
        )
        if told.compared != "year":
            said.append(gettext(_SEASONS[told.compared]))
    lines = told.among.lines(model)
    within = (lines[ORDERED_AT] >= told.start) & (lines[ORDERED_AT] < told.end + pd.Timedelta(days=1))
    unknown = lines.loc[within & lines[CUSTOMER_ID].isna(), AMOUNT].sum()
    if unknown > 0:
        money = format_money(unknown, model.currency)
        said.append(
            gettext(
                "Sales without a customer id, {money} in this period, are not in these figures.", money=money
            )
        )
    return said


def _of_chosen_days(told: Headlines, days: str) -> list[str]:
    said = [f"{days}. {gettext(NOTHING_BEFORE)}"]
    if told.before_start is not None and told.before_end is not None:
        last_year = told.before_start == told.start - pd.DateOffset(years=1)
        compared = (
            N_("{days}, compared with {before}, the same days a year before.")
            if last_year
            else N_("{days}, compared with {before}, as many days before.")
        )
        said = [gettext(compared, days=days, before=_days(told.before_start, told.before_end))]
        if not last_year:
            said.append(gettext("Part of a change may be seasonal: the two periods differ by season, too."))
    if len(told.series) > 1:
        n = count_of((told.end - told.start).days + 1, "day")
        said.append(gettext("Each point of a line covers {days}.", days=n))
    return said


def _days(first: pd.Timestamp, last: pd.Timestamp) -> str:
    if first.is_month_start and last.is_month_end:
        months = format_month(first), format_month(last)
        return months[0] if months[0] == months[1] else _span(*months)
    return format_day(first) if first == last else _span(format_day(first), format_day(last))


def _span(first: str, last: str) -> str:
    return gettext("{first} to {last}", first=first, last=last)


def _written(name: str, value: float, currency: str) -> str:
    if name == "repeat_rate":
        return format_share(value)
    if name == "value_at_risk" and value == 0:
        return gettext("none")
    return format_count(value) if name in ("orders", "customers") else format_money(value, currency)


def _change(name: str, value: float, before: float, currency: str) -> str:
    if pd.isna(before):
        return ""
    was, now = (_written(name, one, currency) for one in (before, value))
    if was == now:
        return gettext("unchanged at {was}", was=was)
    arrow = "▲" if value > before else "▼"
    if before == 0:
        return gettext("{arrow} from none", arrow=arrow)
    if name == "repeat_rate" or before < 0 or value > MOST_TIMES * before:
        return gettext("{arrow} from {was}", arrow=arrow, was=was)
    return gettext(
        "{arrow} {share}, from {was}", arrow=arrow, share=format_share(abs(value / before - 1)), was=was
    )


def _line_in_words(name: str, line: pd.DataFrame, currency: str) -> str:
    if len(line) < 2:
        return ""
    first, last = line.iloc[0], line.iloc[-1]
    low, high = (_written(name, one, currency) for one in (line[name].min(), line[name].max()))
    if low == high:
        return gettext("always {low}.", low=low)
    return gettext(
        "from {before} to {start} to {now} to {end}, between {low} and {high}.",
        before=_written(name, first[name], currency),
        start=format_day(first["end"]),
        now=_written(name, last[name], currency),
        end=format_day(last["end"]),
        low=low,
        high=high,
    )


def _reasons(model: ShopperModel, told: Headlines) -> dict[str, str]:
    value, before = (told.figures.set_index("figure")[column] for column in ("value", "before"))
    orders = told.among.orders(model)
    day = orders[ORDERED_AT].dt.normalize()
    now = orders[day.between(told.start, told.end)]
    then = orders[day.between(told.before_start, told.before_end)] if told.before_end else now.head(0)
    active = model.customers[model.customers[CUSTOMER_ID].isin(now[CUSTOMER_ID])]
    new = int(active["first_order"].dt.normalize().between(told.start, told.end).sum())
    again = round(value["repeat_rate"] * value["customers"]) if value["customers"] else 0
    return {
        "revenue": _tree_in_words(told, model.currency),
        "orders": gettext(
            "{now} orders per customer, {before} before.",
            now=_per_customer(value),
            before=_per_customer(before),
        )
        if len(then)
        else gettext("{now} orders per customer.", now=_per_customer(value)),
        "customers": (_new_in_words(new) if told.compared else gettext("Everyone who ordered.")),
        "order_value": gettext(
            "{now} lines per order, {before} before.",
            now=format_number(now["lines"].mean()),
            before=format_number(then["lines"].mean()),
        )
        if len(then)
        else gettext("{now} lines per order.", now=format_number(now["lines"].mean())),
        "repeat_rate": gettext(
            _ORDERED_AGAIN[told.compared],
            number=format_count(again),
            customers=count_of(value["customers"], "customer"),
        ),
        "value_at_risk": _risk_in_words(told),
    }


def _new_in_words(new: int) -> str:
    if not new:
        return gettext("All of them had ordered before.")
    return ngettext(
        "{number} of them ordered for the first time: no earlier order is in the data.",
        "{number} of them ordered for the first time: no earlier order is in the data.",
        new,
        number=format_count(new),
    )


def _per_customer(figures: pd.Series[float]) -> str:
    return (
        format_number(figures["orders"] / figures["customers"])
        if figures["customers"]
        else pgettext("orders", "no")
    )


def _tree_in_words(told: Headlines, currency: str) -> str:
    """Say what changed revenue; the factor that changed it most comes first."""
    parts = []
    tree = told.tree.sort_values("contribution", key=abs, ascending=False)
    for row in tree.to_dict("records"):
        money = row["contribution"]
        more, fewer = _MORE_LESS[str(row["factor"])]
        if not math.isclose(row["value"], row["before"]):
            sign = f"{'+' if money > 0 else '−'}{_TOGETHER}"
            parts.append(
                f"{gettext(more if money > 0 else fewer)}: {sign}{format_money(abs(money), currency)}"
            )
    said = "; ".join(parts)
    return ended(f"{said[0].upper()}{said[1:]}") if said else ""


def _risk_in_words(told: Headlines) -> str:
    counts: dict[Any, float] = dict(zip(told.at_risk["end"], told.at_risk["overdue_customers"], strict=True))
    if not counts:
        return ""
    now = max(counts)
    if told.compared == "period":
        return _risk_of_period(told, counts)
    said = gettext("No valuable customer is overdue")
    if counts[now]:
        said = ngettext(
            "Past spend of {number} valuable customer who is overdue",
            "Past spend of {number} valuable customers who are overdue",
            int(counts[now]),
            number=format_count(counts[now]),
        )
    earlier = counts.get(now - pd.DateOffset(months=MONTHS.get(told.compared, 1)))
    if told.compared and earlier is not None:
        return f"{said}; {gettext(AGO[told.compared], number=format_count(earlier))}."
    return f"{said}."


def _risk_of_period(told: Headlines, counts: dict[pd.Timestamp, float]) -> str:
    """Say how many valuable customers were overdue at the end of the chosen days and of those before."""
    now = counts[max(counts)]
    said = gettext("No valuable customer was overdue on {day}", day=format_day(told.end))
    if now:
        said = ngettext(
            "Past spend of {number} valuable customer who was overdue on {day}",
            "Past spend of {number} valuable customers who were overdue on {day}",
            int(now),
            number=format_count(now),
            day=format_day(told.end),
        )
    if told.before_end is None or len(counts) < 2:
        return f"{said}."
    earlier = format_count(counts[min(counts)])
    return f"{said}; {gettext('{number} on {day}', number=earlier, day=format_day(told.before_end))}."
