"""How a data frame's columns read for a person: headings and formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from shopper_widgets._support.formatting import (
    MISSING,
    count_of,
    format_count,
    format_day,
    format_money,
    format_number,
    format_share,
)
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


#: The classes of text, by kind; all else is numbers.
_CSS = {"text": "", "sentence": "sw-sentence", "code": "sw-whole", "date": "sw-whole"}


def _date(value: Any) -> str:
    return format_day(pd.Timestamp(value))


_LABELS: dict[str, tuple[str, str]] = {
    "rank": ("Rank", "count"),
    PRODUCT_ID: ("Code", "code"),
    PRODUCT_NAME: ("Product", "text"),
    CUSTOMER_ID: ("Customer", "text"),
    COUNTRY: ("Country", "text"),
    ORDER_ID: ("Order", "code"),
    SEGMENT: ("Segment", "code"),
    "rule": ("Rule", "text"),
    REASON: ("Reason", "text"),
    SOURCE_LINE: ("Line in the file", "count"),
    ORDERED_AT: ("Ordered on", "date"),
    "first_order": ("First order", "date"),
    "last_order": ("Last order", "date"),
    "rows": ("Rows", "count"),
    "lines": ("Lines", "count"),
    "orders": ("Orders", "count"),
    "customers": ("Customers", "count"),
    "products": ("Products sold", "count"),
    QUANTITY: ("Units", "count"),
    "order_value": ("Average order value", "money"),
    UNIT_PRICE: ("Unit price", "money"),
    AMOUNT: ("Amount", "money"),
    "revenue": ("Revenue", "money"),
    "revenue_before": ("Spent by the first date", "money"),
    "revenue_between": ("Spent between the dates", "money"),
    "cohort": ("First order in", "code"),
    "cohort_size": ("Customers", "count"),
    # What they had brought per customer by then.
    "value_0": ("First month", "estimate"),
    **{f"value_{n}": (f"After {count_of(n, 'month')}", "estimate") for n in (1, 3, 6, 12, 24)},
    "payback": ("Paid back", "code"),
    "came_back": ("Ordered again", "share"),
    "later_value": ("Spent later", "estimate"),
    "value_low": ("Interval from", "estimate"),
    "value_high": ("to", "estimate"),
    "next_name": ("Bought next", "text"),
    "other_share": ("Share of others", "share"),
    "days_between": ("Days between (median)", "half"),
    "again": ("Repurchase rate", "share"),
    "again_low": ("Rate from", "share"),
    "again_high": ("to", "share"),
    "median_gap": ("Median (days)", "count"),
    "gap_low": ("Lower quartile (days)", "count"),
    "gap_high": ("Upper quartile (days)", "count"),
    "times": ("Purchase days", "count"),
    "last_bought": ("Last bought", "date"),
    "repeats": ("Repeat orders", "count"),
    "probability_alive": ("Probably still a customer", "share"),
    "expected_orders": ("Expected orders", "number"),
    "expected_revenue": ("Expected revenue", "estimate"),
    "contacted": ("To contact", "count"),
    "held_out": ("Held out", "count"),
    "action": ("What to do", "text"),
    "silence": ("Days since last order", "count"),
    "expected_gap": ("Usual days between orders", "count"),
    "overdue_customers": ("Overdue", "count"),
    "value_at_risk": ("Spent so far", "money"),
    "share_at_risk": ("Share of the segment's revenue", "share"),
    "overdue": ("Overdue (usual gaps)", "number"),
    "share": ("Share of customers", "share"),
    "lists": ("Lists with the product", "count"),
    "revenue_share": ("Share of revenue", "share"),
    RECENCY: ("Days since last order", "count"),
    FREQUENCY: ("Orders", "count"),
    MONETARY: ("Spent", "money"),
    "recency_mean": ("Days since last order (mean)", "number"),
    "frequency_mean": ("Orders (mean)", "number"),
    "monetary_mean": ("Spent (mean)", "money"),
    "recency_median": ("Days since last order (median)", "half"),
    "frequency_median": ("Orders (median)", "half"),
    "monetary_median": ("Spent (median)", "money"),
    "r_score": ("R score", "count"),
    "f_score": ("F score", "count"),
    "m_score": ("M score", "count"),
    "score": ("Score", "number"),
    "buyers": ("Bought by", "text"),
    "price": ("Price", "money"),
    "units": ("Units", "count"),
    "unit_share": ("Share of units", "share"),
    "usual_share": ("Share of all units", "share"),
    "from_quantity": ("From this quantity", "count"),
    "less": ("Below the first price", "share"),
    "customer_price": ("Known customers pay", "money"),
    "other_price": ("Others pay", "money"),
    "points": ("Different prices", "count"),
    "least": ("Lowest price", "money"),
    "greatest": ("Highest price", "money"),
    "group": ("Class", "code"),
    "trend": ("Trend", "code"),
    "level": ("Units per week", "number"),
    "expected": ("Expected units", "number"),
    "most": ("Enough in 95 of 100", "count"),
    "reorder_point": ("Reorder at", "count"),
    "order_up_to": ("Order up to", "count"),
    "on_hand": ("On hand", "count"),
    "on_order": ("On order", "count"),
    "order_quantity": ("To order", "count"),
    "order_amount": ("Order cost", "money"),
    "order_space": ("Space", "number"),
    "service_level": ("Service level", "share"),
    "weeks_of_cover": ("Lasts (weeks)", "number"),
    "left_if_held": ("Left unsold", "count"),
    "lift_to_clear": ("Sales × to clear", "number"),
    "lift_break_even": ("Sales × to break even", "number"),
    "clearing_pays": ("Clearing pays", "text"),
    "days_of_cover": ("Lasts (days)", "count"),
    "rate": ("Order anyway", "share"),
    "break_even": ("Break-even", "share"),
    "lift_needed": ("Break-even ÷ order anyway", "number"),
    "basket": ("Spend per buyer", "money"),
    "given_away": ("Discount on orders that come anyway", "estimate"),
    "per_arm": ("Test size, each group", "count"),
    "waves": ("Test waves", "count"),
    "discount_rate": ("Discount", "share"),
    "cost": ("Cost", "estimate"),
    "gain": ("Margin gained", "estimate"),
    "support": ("Customers with both", "count"),
    "baskets": ("Orders with both", "count"),
    "lift": ("Lift (×)", "number"),
    "lift_low": ("Lift from", "number"),
    "lift_high": ("to", "number"),
    "suggestions": ("Recommendations", "text"),
    "sentence": ("Why", "sentence"),
    "method": ("Method", "text"),
    "result": ("Result", "code"),
    "interval": ("95 % interval", "code"),
    "ahead": ("Shopper Spectrum is", "sentence"),
    "about": ("What the method recommends", "sentence"),
    "cut_date": ("Learned from orders before", "date"),
    "value": ("Value", "fine"),
    "low": ("Interval from", "fine"),
    "high": ("to", "fine"),
    "coverage": ("Coverage (share of all products)", "share"),
    "novelty": ("Novelty (bits)", "number"),
    "popularity_rank": ("Popularity rank (1: best seller)", "count"),
}


def describe(names: Iterable[str], *, currency: str = "", exact: bool = True, **labels: str) -> list[Column]:
    """Describe columns in the words that every panel uses.

    Parameters
    ----------
    names : iterable of str
        Columns in the order in which they are shown; unknown ones are text.
    currency : str, default ""
        What stands before sums of money.
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
        "date": _date,
        "count": format_count,
        "half": lambda value: f"{value:,.1f}".removesuffix(".0"),
        "number": format_number,
        "fine": lambda value: f"{value:.3f}",
        "share": format_share,
        "money": lambda value: format_money(value, currency, exact=exact),
        # To the penny it would seem to be known.
        "estimate": lambda value: format_money(value, currency),
    }
    described = []
    for name in names:
        label, kind = _LABELS.get(name, (name.replace("_", " ").capitalize(), "text"))
        css = _CSS.get(kind, "sw-number")
        described.append(Column(name, labels.get(name, label), formats[kind], css))
    return described
