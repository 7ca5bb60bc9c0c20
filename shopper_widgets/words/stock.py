"""What will sell and what to order, in tables and sentences, from a model's lines of everyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_decimal,
    format_money,
)
from shopper_widgets._support.locale import N_, gettext, ngettext
from shopper_widgets.columns import ORDERED_AT, PRODUCT_ID, PRODUCT_NAME, REASON
from shopper_widgets.customers.narrowing import EVERYONE, Narrowing
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.once import once_per_model
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.products.classes import product_classes
from shopper_widgets.products.demand import demand_table
from shopper_widgets.products.forecaster import DemandForecaster
from shopper_widgets.products.service import service_levels
from shopper_widgets.products.stock import stock_plan
from shopper_widgets.products.stock_outs import lasting_gaps, possible_stock_outs
from shopper_widgets.products.trends import demand_trends

#: Weeks that are forecast where nothing else is asked for, and what is enough.
HORIZON, ENOUGH = 4, 0.95
#: What is shown of a plan, without and with what is on hand.
LEVELS = (PRODUCT_ID, PRODUCT_NAME, "group", "level", "expected", "reorder_point", "order_up_to")
ORDERS = (
    *(PRODUCT_ID, PRODUCT_NAME, "group", "order_quantity", "order_amount", "on_hand", "on_order"),
    *("days_of_cover", "expected", "reorder_point", "order_up_to"),
)
#: What is shown besides where it is known, or differs from product to product.
_BESIDE = {"order_quantity": "left_out", "order_amount": "order_space", "expected": "service_level"}
#: What is shown of forecasts.
FORECASTS = (PRODUCT_ID, PRODUCT_NAME, "group", "trend", "revenue", "level", "expected", "most")
#: What the trend of a product is called whose sales have stopped, where chance hardly explains that.
OUT_OF_STOCK = N_("out of stock?")
#: What is said where what is narrowed to has no forecast.
_TOO_FEW_SUCH = N_(
    "A forecast needs a product that was first sold {fewest} weeks ago or earlier; none of these sales is of "
    "one: remove a filter."
)


@dataclass(frozen=True)
class Demand:
    """A shop's demand: its weeks, a fitted forecaster, and the products' classes.

    Attributes
    ----------
    weeks : DataFrame
        As :func:`~shopper_widgets.demand_table` gives it.
    forecaster : DemandForecaster
        Fitted on `weeks`.
    classes : DataFrame
        As :func:`~shopper_widgets.product_classes` gives it, with ``group``, such as AX.
    names : Series
        Product → name.
    trends : DataFrame
        As :func:`~shopper_widgets.demand_trends` gives it; empty where the weeks are too few.
    gaps : DataFrame
        As :func:`~shopper_widgets.possible_stock_outs` gives it.
    """

    weeks: pd.DataFrame
    forecaster: DemandForecaster
    classes: pd.DataFrame
    names: pd.Series[Any]
    trends: pd.DataFrame
    gaps: pd.DataFrame


@once_per_model
def sold_of(
    model: ShopperModel, among: Narrowing = EVERYONE
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the weeks of a shop's products, their classes, and gaps that chance hardly explains.

    Only of such lines, where it is narrowed; the weeks stay those of the shop.

    Raises
    ------
    TooLittleDataError
        The orders cover too few weeks.
    """
    weeks = demand_table(among.lines(model), shop=model.lines if among else None)
    return weeks, product_classes(weeks), possible_stock_outs(weeks)


@once_per_model
def demand_of(model: ShopperModel, horizon: int = HORIZON, among: Narrowing = EVERYONE) -> Demand:
    """Learn a shop's demand from everyone's lines, or from those that it is narrowed to.

    Raises
    ------
    TooLittleDataError
        The orders cover too few weeks, in words for who reads a page.
    """
    try:
        weeks, classes, gaps = sold_of(model, among)
        forecaster = DemandForecaster(horizon=horizon).fit(weeks)
    except TooLittleDataError as error:
        if among:
            fewest = DemandForecaster().min_weeks
            raise TooLittleDataError(gettext(_TOO_FEW_SUCH, fewest=fewest)) from error
        days = model.lines[ORDERED_AT].dt.normalize()
        raise TooLittleDataError(
            gettext(
                "A forecast needs a product that was first sold {fewest} weeks ago or earlier; these orders "
                "cover {days}. Come back with more weeks of orders.",
                fewest=DemandForecaster().min_weeks,
                days=count_of((days.max() - days.min()).days + 1, "day"),
            )
        ) from error
    try:
        trends = demand_trends(weeks)
    except TooLittleDataError:
        trends = pd.DataFrame({PRODUCT_ID: [], "trend": []}, dtype="str")
    return Demand(
        weeks=weeks,
        forecaster=forecaster,
        classes=classes.assign(group=classes["abc"] + classes["xyz"]),
        names=model.all_products.drop_duplicates(PRODUCT_ID).set_index(PRODUCT_ID)[PRODUCT_NAME],
        trends=trends,
        gaps=gaps,
    )


def trends_of(demand: Demand) -> dict[str, str]:
    """Return product → growing, fading, stopped or `OUT_OF_STOCK`, of those to which one of these applies."""
    told = demand.trends[demand.trends["trend"] != "steady"]
    marks = dict(zip(told[PRODUCT_ID], told["trend"], strict=True))
    return marks | dict.fromkeys(lasting_gaps(demand.gaps, demand.classes)[PRODUCT_ID], OUT_OF_STOCK)


def forecasts(demand: Demand, horizon: int = HORIZON) -> pd.DataFrame:
    """Return each product's forecast, most revenue first: the columns of `FORECASTS`.

    ``most`` is enough in 95 of 100 such periods; ``.attrs`` hold how often it was so at earlier moments,
    ``kept`` of ``tried``.
    """
    # one object for all three, since each would work out the past anew
    at_any_week, now = demand.forecaster.forecasts(horizon), demand.forecaster.n_weeks_
    forecast = at_any_week.at(now)
    expected = demand.forecaster.as_table(forecast, horizon).assign(most=forecast.quantile(ENOUGH))
    table = demand.classes.merge(expected, on=PRODUCT_ID)
    table.insert(1, PRODUCT_NAME, table[PRODUCT_ID].map(demand.names))
    marks = trends_of(demand)
    table["trend"] = [marks.get(product, "") for product in table[PRODUCT_ID]]
    kept, tried = at_any_week.kept(now, ENOUGH)
    found = table[list(FORECASTS)]
    found.attrs = {"kept": kept, "tried": tried}
    return found


def demand_sentences(
    demand: Demand, table: pd.DataFrame, horizon: int = HORIZON, *, where: str = ""
) -> list[str]:
    """Say what is expected, how often such forecasts were enough, and what can't be told.

    `where`: of which of the order lines alone the demand is, such as “ in France”.
    """
    told = table["expected"].notna()
    units = format_count(round(table["expected"].sum()))
    said = [
        gettext(
            N_(
                "Expected: about {units} units of {products} in the next {weeks}, in order lines{where} "
                "alone, net of returns."
            )
            if where
            else N_(
                "Expected: about {units} units of {products} in the next {weeks}, to all buyers, net of "
                "returns."
            ),
            where=where,
            units=units,
            products=count_of(int(told.sum()), "product"),
            weeks=count_of(horizon, "week"),
        )
    ]
    kept, tried = table.attrs["kept"], table.attrs["tried"]
    if tried:
        said.append(
            gettext(
                "Backtest: the quantity forecast to be enough in 95 of 100 such periods was enough "
                "in {share} of 100 ({kept} of {tried} past forecasts).",
                share=format_decimal(100 * kept / tried, 0),
                kept=format_count(kept),
                tried=format_count(tried),
            )
        )
    if (~told).any():
        new = int((~told).sum())
        said.append(
            ngettext(
                "{number} product was first sold less than 8 weeks ago: too new for a forecast.",
                "{number} products were first sold less than 8 weeks ago: too new for a forecast.",
                new,
                number=format_count(new),
            )
        )
    moved = table["trend"].value_counts()
    if len(demand.trends):
        growing, fading = int(moved.get("growing", 0)), int(moved.get("fading", 0))
        said.append(
            gettext(
                N_(
                    "Compared with all of these sales, {growing} and {fading} over a quarter, by more than "
                    "chance explains."
                )
                if where
                else N_(
                    "Compared with the whole shop, {growing} and {fading} over a quarter, by more than "
                    "chance explains."
                ),
                growing=ngettext(
                    "{number} product is growing",
                    "{number} products are growing",
                    growing,
                    number=format_count(growing),
                ),
                fading=ngettext(
                    "{number} is fading", "{number} are fading", fading, number=format_count(fading)
                ),
            )
        )
    if len(demand.gaps):
        gone = demand.gaps[PRODUCT_ID].nunique()
        said.append(
            ngettext(
                "{number} product had weeks without a sale that chance hardly explains: it may have been "
                "out of stock. The forecast assumes no demand in these weeks; correct it if you know better.",
                "{number} products had weeks without a sale that chance hardly explains: they may have been "
                "out of stock. The forecast assumes no demand in these weeks; correct it if you know better.",
                gone,
                number=format_count(gone),
            )
        )
    return said + no_season(demand)


def no_season(demand: Demand) -> list[str]:
    """Say what the forecast does with goods of a season, where it can't know one."""
    if demand.forecaster.season_ != "unknown":
        return []
    return [
        gettext(
            "The forecast does not consider seasons, which would need two years of orders. What sells for a "
            "season, such as Christmas, is forecast as if that season went on."
        )
    ]


def order_list(demand: Demand, plan: pd.DataFrame) -> pd.DataFrame:
    """Return a stock plan with names and classes: what costs most to order first, else what brings most."""
    named = plan.merge(demand.classes[[PRODUCT_ID, "group", "revenue"]], on=PRODUCT_ID, how="left")
    named.insert(1, PRODUCT_NAME, named[PRODUCT_ID].map(demand.names))
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
    """Return :func:`~shopper_widgets.stock_plan` of a shop's demand as :func:`order_list` gives it.

    Products of classes that `service_by_class` names get its level, all others `service_level`, or 0.95.
    """
    levels: float | dict[str, float] | None = service_level
    if service_by_class:
        usual = ENOUGH if service_level is None else service_level
        levels = dict.fromkeys(demand.classes[PRODUCT_ID], usual)
        levels |= service_levels(demand.classes, service_by_class)
    return order_list(demand, stock_plan(demand.forecaster, stock, service_level=levels, **terms))


def shown_columns(plan: pd.DataFrame, *, with_stock: bool) -> list[str]:
    """Return what is shown of a plan: what is left out, space and service levels only where they differ."""
    more = {
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
    """Say what to order, how often such stock would have lasted, and what runs out before it can arrive."""
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
    """Say why nothing is ordered of the products whose stock and target level are known."""
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
    """Say what is promised on average where that differs from product to product."""
    levels = plan.loc[plan["expected"].notna(), "service_level"]
    if levels.nunique() < 2:
        return ""
    return gettext(
        "; the service levels promise {share} on average", share=format_decimal(100 * levels.mean(), 0)
    )
