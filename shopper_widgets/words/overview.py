"""The first look at a shop: its figures beside those of an earlier period, in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_day,
    format_money,
    format_month,
    format_number,
    format_share,
)
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, ORDERED_AT
from shopper_widgets.customers.headlines import MONTHS, Headlines
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.words.html import paragraph, sparkline

LABELS = {
    "revenue": "Revenue",
    "orders": "Orders",
    "customers": "Active customers",
    "order_value": "Average order",
    "repeat_rate": "Repeat rate",
    "value_at_risk": "Revenue at risk",
}
#: Period → how the choice of it reads.
CHOICES = {"year": "the year before", "quarter": "the quarter before", "month": "the month before"}
TOO_SHORT = "A comparison needs two complete months of orders, so these figures cover all orders."
#: A sign stands on the line of its amount.
_TOGETHER = "\u2060"
_MORE_LESS = {
    "customers": ("more customers", "fewer customers"),
    "orders_per_customer": ("more orders per customer", "fewer orders per customer"),
    "order_value": ("larger orders", "smaller orders"),
}


@dataclass(frozen=True)
class Card:
    """A headline figure as it is read.

    Attributes
    ----------
    label, value : str
    change : str
        How it compares with the period before; ``""`` where that can't be told.
    reason : str
        What is behind it.
    line : tuple of float
        The figure through time; fewer than two points are no line.
    told : str
        The line in words.
    """

    label: str
    value: str
    change: str
    reason: str
    line: tuple[float, ...]
    told: str


def cards(model: ShopperModel, told: Headlines) -> list[Card]:
    """Return the headline figures as they are read; those that the orders can't tell are left out.

    Parameters
    ----------
    model : ShopperModel
    told : Headlines

    Returns
    -------
    list of Card

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
                label=LABELS[name],
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
    """Say of which days the figures are, what they are compared with, and what is not in them."""
    days = _days(told.start, told.end)
    if not told.compared:
        line = "" if len(told.series) < 2 else " Each point of a line covers one week."
        said = [f"{days}. {TOO_SHORT}{line}"]
    else:
        assert told.before_start is not None and told.before_end is not None
        said = [f"{days}, compared with {_days(told.before_start, told.before_end)}."]
        last = model.lines[ORDERED_AT].max().normalize()
        if last > told.end:
            said.append(
                f"Orders after {format_day(told.end)} are left out: the data cover their month only up to "
                f"{format_day(last)}."
            )
        months = MONTHS[told.compared]
        covers = "one month" if months == 1 else f"the {months} months up to a month-end"
        said.append(f"Each point of a line covers {covers}.")
        if told.compared != "year":
            said.append(f"Part of a change may be seasonal: the two {told.compared}s differ by season, too.")
    lines = model.lines
    within = (lines[ORDERED_AT] >= told.start) & (lines[ORDERED_AT] < told.end + pd.Timedelta(days=1))
    unknown = lines.loc[within & lines[CUSTOMER_ID].isna(), AMOUNT].sum()
    if unknown > 0:
        money = format_money(unknown, model.currency)
        said.append(f"Sales without a customer id, {money} in this period, are not in these figures.")
    return said


def _days(first: pd.Timestamp, last: pd.Timestamp) -> str:
    if first.is_month_start and last.is_month_end:
        months = format_month(first), format_month(last)
        return months[0] if months[0] == months[1] else f"{months[0]} to {months[1]}"
    return format_day(first) if first == last else f"{format_day(first)} to {format_day(last)}"


def _written(name: str, value: float, currency: str) -> str:
    if name == "repeat_rate":
        return format_share(value)
    if name == "value_at_risk" and value == 0:
        return "none"
    return format_count(value) if name in ("orders", "customers") else format_money(value, currency)


def _change(name: str, value: float, before: float, currency: str) -> str:
    if pd.isna(before):
        return ""
    was, now = (_written(name, one, currency) for one in (before, value))
    if was == now:
        return f"unchanged at {was}"
    arrow = "▲" if value > before else "▼"
    if before == 0:
        return f"{arrow} from none"
    if name == "repeat_rate" or before < 0:
        return f"{arrow} from {was}"
    return f"{arrow} {format_share(abs(value / before - 1))}, from {was}"


def _line_in_words(name: str, line: pd.DataFrame, currency: str) -> str:
    if len(line) < 2:
        return ""
    first, last = line.iloc[0], line.iloc[-1]
    low, high = (_written(name, one, currency) for one in (line[name].min(), line[name].max()))
    ends = [f"{_written(name, one[name], currency)} to {format_day(one['end'])}" for one in (first, last)]
    return f"from {ends[0]} to {ends[1]}, between {low} and {high}." if low != high else f"always {low}."


def _reasons(model: ShopperModel, told: Headlines) -> dict[str, str]:
    value, before = (told.figures.set_index("figure")[column] for column in ("value", "before"))
    day = model.orders[ORDERED_AT].dt.normalize()
    now = model.orders[day.between(told.start, told.end)]
    then = model.orders[day.between(told.before_start, told.before_end)] if told.compared else now.head(0)
    new = int(model.customers["first_order"].dt.normalize().between(told.start, told.end).sum())
    again = round(value["repeat_rate"] * value["customers"]) if value["customers"] else 0
    span = f"in {_span(told)}"
    return {
        "revenue": _tree_in_words(told, model.currency),
        "orders": f"{_per_customer(value)} orders per customer"
        + (f", {_per_customer(before)} before." if len(then) else "."),
        "customers": (
            f"{format_count(new)} of them {'is' if new == 1 else 'are'} new: no earlier order is in the data."
            if told.compared
            else "Everyone who ordered."
        ),
        "order_value": f"{format_number(now['lines'].mean())} lines per order"
        + (f", {format_number(then['lines'].mean())} before." if len(then) else "."),
        "repeat_rate": f"{format_count(again)} of {count_of(value['customers'], 'customer')} ordered more "
        f"than once {span}.",
        "value_at_risk": _risk_in_words(told),
    }


def _per_customer(figures: pd.Series[float]) -> str:
    return format_number(figures["orders"] / figures["customers"]) if figures["customers"] else "no"


def _span(told: Headlines) -> str:
    months = MONTHS.get(told.compared, 0)
    return f"these {months} months" if months > 1 else "this month" if months else "all"


def _tree_in_words(told: Headlines, currency: str) -> str:
    """Say what changed revenue, what changed it most first."""
    parts = []
    tree = told.tree.sort_values("contribution", key=abs, ascending=False)
    for row in tree.to_dict("records"):
        money = row["contribution"]
        more, fewer = _MORE_LESS[str(row["factor"])]
        if not math.isclose(row["value"], row["before"]):
            sign = f"{'+' if money > 0 else '−'}{_TOGETHER}"
            parts.append(f"{more if money > 0 else fewer}: {sign}{format_money(abs(money), currency)}")
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _risk_in_words(told: Headlines) -> str:
    counts: dict[Any, float] = dict(zip(told.at_risk["end"], told.at_risk["overdue_customers"], strict=True))
    if not counts:
        return ""
    now = max(counts)
    who, are = count_of(counts[now], "valuable customer"), "is" if counts[now] == 1 else "are"
    said = f"Past spend of {who} who {are} overdue" if counts[now] else "No valuable customer is overdue"
    earlier = counts.get(now - pd.DateOffset(months=MONTHS.get(told.compared, 1)))
    before = (
        f"; {format_count(earlier)} a {told.compared} ago" if told.compared and earlier is not None else ""
    )
    return f"{said}{before}."
