"""What will sell, in tables and sentences, from a model's lines of everyone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_decimal,
)
from shopper_widgets._support.locale import N_, gettext, ngettext, with_marks
from shopper_widgets.columns import ORDERED_AT, PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.customers.narrowing import EVERYONE, Narrowing
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.once import once_per_model
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.products.classes import product_classes
from shopper_widgets.products.demand import demand_table
from shopper_widgets.products.forecaster import DemandForecaster
from shopper_widgets.products.histories import Histories
from shopper_widgets.products.season import TIMES, has_two_years, seasonal_products
from shopper_widgets.products.stock_outs import lasting_gaps, possible_stock_outs
from shopper_widgets.products.trends import demand_trends

#: Weeks that are forecast where nothing else is asked for, and what is enough.
HORIZON, ENOUGH = 4, 0.95
#: What is shown of forecasts.
FORECASTS = (PRODUCT_ID, PRODUCT_NAME, "group", "trend", "revenue", "level", "expected", "most")
#: What the trend of a product is called whose sales have stopped, where chance hardly explains that.
OUT_OF_STOCK = N_("out of stock?")
#: What the trend of a product is called that sells now and sold a year ago, but hardly in between.
SEASONAL = N_("seasonal?")
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
    seasonal : list of str
        Products that :func:`~shopper_widgets.seasonal_products` finds; none where forecasts know the season.
    """

    weeks: pd.DataFrame
    forecaster: DemandForecaster
    classes: pd.DataFrame
    names: pd.Series[Any]
    trends: pd.DataFrame
    gaps: pd.DataFrame
    seasonal: list[str] = field(default_factory=list)


@once_per_model
def sold_of(
    model: ShopperModel, among: Narrowing = EVERYONE
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, list[str]]:
    """Return the weeks of a shop's products, their classes, unlikely gaps, and products that may be seasonal.

    Only of such lines, where it is narrowed; the weeks stay those of the shop. With two years, forecasts know
    the season, and no product is called seasonal.

    Raises
    ------
    TooLittleDataError
        The orders cover too few weeks.
    """
    weeks = demand_table(among.lines(model), shop=model.lines if among else None)
    histories = Histories.of(weeks)
    known = has_two_years(histories, len(histories.weeks))
    seasonal = [] if known else seasonal_products(weeks)[PRODUCT_ID].tolist()
    return weeks, product_classes(weeks), possible_stock_outs(weeks), seasonal


@once_per_model
def demand_of(model: ShopperModel, horizon: int = HORIZON, among: Narrowing = EVERYONE) -> Demand:
    """Learn a shop's demand from everyone's lines, or from those that it is narrowed to.

    Raises
    ------
    TooLittleDataError
        The orders cover too few weeks, in words for who reads a page.
    """
    try:
        weeks, classes, gaps, seasonal = sold_of(model, among)
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
        seasonal=seasonal,
    )


def trends_of(demand: Demand) -> dict[str, str]:
    """Return product → growing, fading, stopped, `SEASONAL` or `OUT_OF_STOCK`, where one of these applies."""
    told = demand.trends[demand.trends["trend"] != "steady"]
    # What sells for a season seems to grow before it.
    marks = dict(zip(told[PRODUCT_ID], told["trend"], strict=True)) | dict.fromkeys(demand.seasonal, SEASONAL)
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
    """Say what the forecast does with goods of a season, where it can't know one, and which these may be."""
    if demand.forecaster.season_ != "unknown":
        return []
    said = gettext(
        "The forecast does not consider seasons, which would need two years of orders. What sells for a "
        "season, such as Christmas, is forecast as if that season went on."
    )
    n = len(demand.seasonal)
    if n:
        said += " " + ngettext(
            "Check {number} product before you order it (“{mark}”): at this time of the year, now and a year "
            "ago, it sells at least {times} times as well as in the months between.",
            "Check {number} products before you order them (“{mark}”): at this time of the year, now and a "
            "year ago, they sell at least {times} times as well as in the months between.",
            n,
            number=format_count(n),
            mark=gettext(SEASONAL),
            times=with_marks(f"{TIMES:g}"),
        )
    return [said]
