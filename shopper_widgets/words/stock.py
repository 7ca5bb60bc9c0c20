"""What to order, in tables and sentences, from a model's lines of everyone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_decimal,
    format_money,
)
from shopper_widgets._support.locale import gettext, ngettext
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME, REASON
from shopper_widgets.products.service import service_levels
from shopper_widgets.products.stock import stock_plan
from shopper_widgets.words.demand import ENOUGH, SEASONAL, Demand, trends_of

#: What is shown of a plan, without and with what is on hand.
LEVELS = (PRODUCT_ID, PRODUCT_NAME, "group", "level", "expected", "reorder_point", "order_up_to")
ORDERS = (
    *(PRODUCT_ID, PRODUCT_NAME, "group", "order_quantity", "order_amount", "on_hand", "on_order"),
    *("days_of_cover", "expected", "reorder_point", "order_up_to"),
)
#: What is shown besides where it is known, or differs from product to product.
_BESIDE = {
    "group": "trend",
    "order_quantity": "left_out",
    "order_amount": "order_space",
    "expected": "service_level",
}


def order_list(demand: Demand, plan: pd.DataFrame) -> pd.DataFrame:
    """Return a stock plan with names, classes and trends: most money to order first, else most revenue."""
    named = plan.merge(demand.classes[[PRODUCT_ID, "group", "revenue"]], on=PRODUCT_ID, how="left")
    named.insert(1, PRODUCT_NAME, named[PRODUCT_ID].map(demand.names))
    marks = trends_of(demand)
    named["trend"] = [marks.get(product, "") for product in named[PRODUCT_ID]]
    ranked = named.sort_values(
        ["order_amount", "revenue", PRODUCT_ID], ascending=[False, False, True], ignore_index=True
    )
    ranked.attrs = plan.attrs
    return ranked.drop(columns="revenue")


def plan_of(
    demand: Demand,
    stock: Any = None,
    *,
    service_level: float | None = None,
    service_by_class: Mapping[str, float] | None = None,
    **terms: Any,
) -> pd.DataFrame:
    """Return the :func:`~shopper_widgets.stock_plan` of a shop's demand in the form of :func:`order_list`.

    Products of a class in `service_by_class` get its service level, all others `service_level`, or 0.95.
    """
    levels: float | dict[str, float] | None = service_level
    if service_by_class:
        usual = ENOUGH if service_level is None else service_level
        levels = dict.fromkeys(demand.classes[PRODUCT_ID], usual)
        levels |= service_levels(demand.classes, service_by_class)
    return order_list(demand, stock_plan(demand.forecaster, stock, service_level=levels, **terms))


def shown_columns(plan: pd.DataFrame, *, with_stock: bool) -> list[str]:
    """Return what is shown of a plan: trends, limits and service levels where there are such."""
    more = {
        "trend": bool((plan["trend"] != "").any()),
        "left_out": bool((plan["left_out"] > 0).any()),
        "order_space": bool(plan["order_space"].notna().any()),
        "service_level": plan["service_level"].nunique() > 1,
    }
    found: list[str] = []
    for name in ORDERS if with_stock else LEVELS:
        found.append(name)
        if more.get(beside := _BESIDE.get(name, ""), False):
            found.append(beside)
    return found


def stock_sentences(plan: pd.DataFrame, *, lead_time: float, currency: str = "") -> list[str]:
    """Say what to order, how often such stock would have lasted, and what runs out before it arrives."""
    weeks, kept, tried = plan.attrs["weeks"], plan.attrs["kept"], plan.attrs["tried"]
    said = []
    known = plan["on_hand"].notna()
    if known.any():
        ordered = plan[plan["order_quantity"] > 0]
        units, money = ordered["order_quantity"].sum(), ordered["order_amount"].sum()
        if len(ordered):
            said.append(
                gettext(
                    "Order {units} of {products} for {money}.",
                    units=count_of(units, "unit"),
                    products=count_of(len(ordered), "product"),
                    money=format_money(money, currency),
                )
            )
            if (ordered["trend"] == SEASONAL).any():
                unsure = ordered[ordered["trend"] == SEASONAL]
                said.append(
                    gettext(
                        "Of this, {money} is for {products} that may be seasonal: check them first.",
                        money=format_money(unsure["order_amount"].sum(), currency),
                        products=count_of(len(unsure), "product"),
                    )
                )
        else:
            said.append(_why_nothing(plan[known & plan["order_up_to"].notna()]))
        if at_price := plan.attrs.get("at_price"):
            said.append(
                gettext(
                    "The cost of {products} is not known: they count at their selling price. Add unit_cost "
                    "to the stock file.",
                    products=count_of(at_price, "product"),
                )
            )
        short = plan[known & (plan["days_of_cover"] < lead_time)]
        if len(short):
            said.append(
                ngettext(
                    "{number} product is expected to run out before an order placed today can arrive.",
                    "{number} products are expected to run out before an order placed today can arrive.",
                    len(short),
                    number=format_count(len(short)),
                )
            )
        said.append(
            gettext(
                "Stock on hand: {units} of {products}.",
                units=count_of(plan.loc[known, "on_hand"].sum(), "unit"),
                products=count_of(int(known.sum()), "product"),
            )
        )
        if (~known).any():
            said.append(
                gettext(
                    "The stock of {products} is not known.", products=count_of(int((~known).sum()), "product")
                )
            )
    else:
        said.append(
            gettext("Without a list of stock on hand, these are target levels, not order quantities.")
        )
    if tried:
        said.append(
            gettext(
                "Backtest: such stock would have lasted in {share} of 100 past periods of {weeks}{promised}.",
                share=format_decimal(100 * kept / tried, 0),
                weeks=count_of(weeks, "week"),
                promised=_promised(plan),
            )
        )
    if rejected := plan.attrs.get("rejected"):
        reasons = pd.Series([row[REASON] for row in rejected]).value_counts()
        told = ", ".join(f"{format_count(n)} {gettext(str(reason))}" for reason, n in reasons.items())
        said.append(gettext("Rows of the stock file that could not be used: {told}.", told=told))
    return said


def _why_nothing(plan: pd.DataFrame) -> str:
    """Say why nothing is ordered, for the products with known stock and target level."""
    if plan.empty:
        return gettext(
            "Nothing is ordered: no product with known stock was sold for long enough for a target level."
        )
    position = plan["on_hand"] + plan["on_order"].fillna(0.0)
    below = int((position < plan["order_up_to"] - 1e-9).sum())
    if below:
        return gettext(
            "Nothing is ordered, though {products} would need it: the limits are too low.",
            products=count_of(below, "product"),
        )
    return ngettext(
        "Nothing needs ordering: the stock and open orders of {number} product reach its target level.",
        "Nothing needs ordering: the stock and open orders of {number} products reach their target levels.",
        len(plan),
        number=format_count(len(plan)),
    )


def _promised(plan: pd.DataFrame) -> str:
    """Say the average service level if it differs from product to product."""
    levels = plan.loc[plan["expected"].notna(), "service_level"]
    if levels.nunique() < 2:
        return ""
    return gettext(
        "; the service levels promise {share} on average", share=format_decimal(100 * levels.mean(), 0)
    )
