"""How a data frame's columns are shown to people: headings and formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from shopper_widgets._support.formatting import (
    MISSING,
    format_count,
    format_day,
    format_money,
    format_number,
    format_share,
)
from shopper_widgets._support.locale import N_, gettext, pgettext, with_marks
from shopper_widgets._support.retelling import retold
from shopper_widgets.columns import (
    AMOUNT,
    COUNTRY,
    CUSTOMER_ID,
    FREQUENCY,
    MONETARY,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
    REASON,
    RECENCY,
    SEGMENT,
    SOURCE_LINE,
    UNIT_PRICE,
)

Format = Callable[[Any], str]


@dataclass(frozen=True)
class Column:
    """A column of a frame as people see it: its heading, its format, and its class in the style sheet."""

    name: str
    label: str
    format: Format
    css: str

    def cell(self, value: Any) -> str:
        """Write a value as text (not as HTML); a missing one is a dash."""
        return MISSING if pd.isna(value) else self.format(value)


#: The style classes of text, by kind; all other kinds are numbers.
_CSS = {
    "text": "",
    "said": "",
    "retold": "",
    "sentence": "sw-sentence",
    "code": "sw-whole",
    "term": "sw-whole",
    "movement": "sw-whole",
    "buyers": "",
    "date": "sw-whole",
}


def _movement(kind: str) -> str:
    """Say how a customer moved; the context is needed, since elsewhere "returned" is said of goods."""
    return {
        "new": pgettext("a movement", "new"),
        "returned": pgettext("a movement", "returned"),
        "moved": pgettext("a movement", "moved"),
        "stayed": pgettext("a movement", "stayed"),
    }[kind]


def _buyers(who: str) -> str:
    """Say who bought; the context is needed, since elsewhere these words come with a number."""
    known, unknown = pgettext("who bought", "known customers"), pgettext("who bought", "without customer id")
    return known if who == "customer" else unknown


def _date(value: Any) -> str:
    return format_day(pd.Timestamp(value))


_LABELS: dict[str, tuple[str, str]] = {
    "rank": (N_("Rank"), "count"),
    PRODUCT_ID: (N_("Code"), "code"),
    PRODUCT_NAME: (N_("Product"), "text"),
    CUSTOMER_ID: (N_("Customer"), "text"),
    COUNTRY: (N_("Country"), "text"),
    ORDER_ID: (N_("Order"), "code"),
    SEGMENT: (N_("Segment"), "term"),
    "from": ("From", "term"),
    "to": ("To", "term"),
    "kind": (N_("How"), "movement"),
    "rule": (N_("Rule"), "retold"),
    REASON: (N_("Reason"), "said"),
    SOURCE_LINE: (N_("Line in the file"), "count"),
    ORDERED_AT: (N_("Ordered on"), "date"),
    "first_order": (N_("First order"), "date"),
    "last_order": (N_("Last order"), "date"),
    "rows": (N_("Rows"), "count"),
    "lines": (N_("Lines"), "count"),
    "orders": (N_("Orders"), "count"),
    "customers": (N_("Customers"), "count"),
    "products": (N_("Products sold"), "count"),
    QUANTITY: (N_("Units"), "count"),
    "order_value": (N_("Average order value"), "money"),
    UNIT_PRICE: (N_("Unit price"), "money"),
    AMOUNT: (N_("Amount"), "money"),
    "revenue": (N_("Revenue"), "money"),
    "revenue_before": (N_("Spent by the first date"), "money"),
    "revenue_between": (N_("Spent between the dates"), "money"),
    "cohort": (N_("First order in"), "code"),
    "cohort_size": (N_("Customers"), "count"),
    # The cumulative value per customer at that time.
    "value_0": (N_("First month"), "estimate"),
    "value_1": (N_("After 1 month"), "estimate"),
    "value_3": (N_("After 3 months"), "estimate"),
    "value_6": (N_("After 6 months"), "estimate"),
    "value_12": (N_("After 12 months"), "estimate"),
    "value_24": (N_("After 24 months"), "estimate"),
    "payback": (N_("Paid back"), "code"),
    "came_back": (N_("Ordered again"), "share"),
    "later_value": (N_("Spent later"), "estimate"),
    "value_low": (N_("Interval from"), "estimate"),
    "value_high": (N_("to"), "estimate"),
    "next_name": (N_("Bought next"), "text"),
    "other_share": (N_("Share of others"), "share"),
    "days_between": (N_("Days between (median)"), "half"),
    "again": (N_("Repurchase rate"), "share"),
    "again_low": (N_("Rate from"), "share"),
    "again_high": (N_("to"), "share"),
    "median_gap": (N_("Median (days)"), "count"),
    "gap_low": (N_("Lower quartile (days)"), "count"),
    "gap_high": (N_("Upper quartile (days)"), "count"),
    "times": (N_("Purchase days"), "count"),
    "last_bought": (N_("Last bought"), "date"),
    "repeats": (N_("Repeat orders"), "count"),
    "probability_alive": (N_("Probably still a customer"), "share"),
    "expected_orders": (N_("Expected orders"), "number"),
    "expected_revenue": (N_("Expected revenue"), "estimate"),
    "contacted": (N_("To contact"), "count"),
    "held_out": (N_("Held out"), "count"),
    "action": (N_("What to do"), "said"),
    "silence": (N_("Days since last order"), "count"),
    "expected_gap": (N_("Usual days between orders"), "count"),
    "overdue_customers": (N_("Overdue"), "count"),
    "value_at_risk": (N_("Spent so far"), "money"),
    "share_at_risk": (N_("Share of the segment's revenue"), "share"),
    "overdue": (N_("Overdue (usual gaps)"), "number"),
    "share": (N_("Share of customers"), "share"),
    "lists": (N_("Lists with the product"), "count"),
    "revenue_share": (N_("Share of revenue"), "share"),
    RECENCY: (N_("Days since last order"), "count"),
    FREQUENCY: (N_("Orders"), "count"),
    MONETARY: (N_("Spent"), "money"),
    "recency_mean": (N_("Days since last order (mean)"), "number"),
    "frequency_mean": (N_("Orders (mean)"), "number"),
    "monetary_mean": (N_("Spent (mean)"), "money"),
    "recency_median": (N_("Days since last order (median)"), "half"),
    "frequency_median": (N_("Orders (median)"), "half"),
    "monetary_median": (N_("Spent (median)"), "money"),
    "r_score": (N_("R score"), "count"),
    "f_score": (N_("F score"), "count"),
    "m_score": (N_("M score"), "count"),
    "score": (N_("Score"), "number"),
    "buyers": (N_("Bought by"), "buyers"),
    "price": (N_("Price"), "money"),
    "units": (N_("Units"), "count"),
    "unit_share": (N_("Share of units"), "share"),
    "usual_share": (N_("Share of all units"), "share"),
    "from_quantity": (N_("From this quantity"), "count"),
    "less": (N_("Below the first price"), "share"),
    "customer_price": (N_("Known customers pay"), "money"),
    "other_price": (N_("Others pay"), "money"),
    "points": (N_("Different prices"), "count"),
    "least": (N_("Lowest price"), "money"),
    "greatest": (N_("Highest price"), "money"),
    "group": (N_("Class"), "code"),
    "trend": (N_("Trend"), "term"),
    "level": (N_("Expected per week"), "number"),
    "expected": (N_("Expected units"), "number"),
    "most": (N_("Enough in 95 of 100"), "count"),
    "reorder_point": (N_("Reorder at"), "count"),
    "order_up_to": (N_("Order up to"), "count"),
    "on_hand": (N_("On hand"), "count"),
    "on_order": (N_("On order"), "count"),
    "order_quantity": (N_("To order"), "count"),
    "left_out": (N_("Left out"), "count"),
    "order_amount": (N_("Order cost"), "money"),
    "order_space": (N_("Space"), "number"),
    "service_level": (N_("Service level"), "share"),
    "weeks_of_cover": (N_("Lasts (weeks)"), "number"),
    "left_if_held": (N_("Left unsold"), "count"),
    "lift_to_clear": (N_("Times today's sales to clear"), "number"),
    "lift_break_even": (N_("Times today's sales to break even"), "number"),
    "clearing_pays": (N_("Clearing pays"), "said"),
    "days_of_cover": (N_("Lasts (days)"), "count"),
    "rate": (N_("Order anyway"), "share"),
    "break_even": (N_("Break-even"), "share"),
    "lift_needed": (N_("Break-even ÷ order anyway"), "number"),
    "basket": (N_("Spend per buyer"), "money"),
    "given_away": (N_("Discount on orders that come anyway"), "estimate"),
    "per_arm": (N_("Test size, each group"), "count"),
    "waves": (N_("Test waves"), "count"),
    "discount_rate": (N_("Discount"), "share"),
    "cost": (N_("Cost"), "estimate"),
    "gain": (N_("Margin gained"), "estimate"),
    "support": (N_("Customers with both"), "count"),
    "baskets": (N_("Orders with both"), "count"),
    "lift": (N_("Lift (×)"), "number"),
    "lift_low": (N_("Lift from"), "number"),
    "lift_high": (N_("to"), "number"),
    "suggestions": (N_("Recommendations"), "text"),
    "sentence": (N_("Why"), "sentence"),
    "method": (N_("Method"), "text"),
    "result": (N_("Result"), "code"),
    "interval": (N_("95 % interval"), "code"),
    "ahead": (N_("Shopper Spectrum is"), "sentence"),
    "about": (N_("What the method recommends"), "sentence"),
    "cut_date": (N_("Learned from orders before"), "date"),
    "value": (N_("Value"), "fine"),
    "low": (N_("Interval from"), "fine"),
    "high": (N_("to"), "fine"),
    "coverage": (N_("Coverage (share of all products)"), "share"),
    "novelty": (N_("Novelty (bits)"), "number"),
    "popularity_rank": (N_("Popularity rank (1: best seller)"), "count"),
}


def describe(names: Iterable[str], *, currency: str = "", exact: bool = True, **labels: str) -> list[Column]:
    """Describe columns in the words that all panels use.

    Parameters
    ----------
    names : iterable of str
        Columns in the order in which they are shown; unknown ones are text.
    currency : str, default ""
        Sign or code of the currency of amounts.
    exact : bool, default True
        Money to the last digit, as in a list; otherwise short, as in a headline.
    **labels
        Another heading for a column.

    Examples
    --------
    >>> spent, = describe(["monetary"], currency="£")
    >>> spent.label, spent.cell(1234.5), spent.cell(float("nan"))
    ('Spent', '£1,234.50', '–')
    """
    formats: dict[str, Format] = {
        "text": str,
        "sentence": str,
        "code": str,
        "term": gettext,
        "said": gettext,
        "retold": retold,
        "movement": _movement,
        "buyers": _buyers,
        "date": _date,
        "count": format_count,
        "half": lambda value: with_marks(f"{value:,.1f}".removesuffix(".0")),
        "number": format_number,
        "fine": lambda value: with_marks(f"{value:.3f}"),
        "share": format_share,
        "money": lambda value: format_money(value, currency, exact=exact),
        # Never to the penny, which would look like a known amount.
        "estimate": lambda value: format_money(value, currency),
    }
    labels = {"from": pgettext("a segment", "From"), "to": pgettext("a segment", "To")} | labels
    described = []
    for name in names:
        label, kind = _LABELS.get(name, (name.replace("_", " ").capitalize(), "text"))
        css = _CSS.get(kind, "sw-number")
        described.append(Column(name, gettext(labels.get(name, label)), formats[kind], css))
    return described
