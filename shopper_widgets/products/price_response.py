"""How orders vary with past prices, always with placebos that should show nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_choice, check_count
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import ORDER_ID, ORDERED_AT, PRODUCT_ID, QUANTITY
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.products.few_orders import log_bend
from shopper_widgets.products.prices import KNOWN, priced_lines, small_lines
from shopper_widgets.products.two_way import Codes, Slope, panel_slope, within

#: With fewer products, an interval that is clustered by product doesn't have its nominal coverage.
FEWEST_PRODUCTS = 10
#: The fewest lines for a product's naive slope, and the least standard deviation of its log price.
NAIVE_LINES, NAIVE_SPREAD = 50, 0.02

#: How often each product's prices are put in random order.
SHUFFLES = 20

#: The largest bend of the slope by few orders for which the correction is trusted.
MOST_BENT = 0.1

#: A reason against reading the panel estimate as the effect of prices.
Doubt = Literal["lead", "lead is unknown", "lead is too wide", "shuffled", "no effect", "few orders"]


@dataclass(frozen=True)
class PriceResponse:
    """How orders vary with the price, and whether that can be read as the effect of prices.

    Attributes
    ----------
    estimates : pandas.DataFrame
        ``term, estimate, low, high`` (95 %), ``products, observations``; what can't be told is missing.
        Terms: ``"panel"``, the elasticity of a product's orders with its price within products and weeks (a
        mean over products, each weighted by how much its price moves), and ``"corrected"``, the same where
        weeks without orders are allowed for; the placebos, which are 0 where that is what prices do:
        ``"shuffled"`` (each product's prices in random order, twenty times: their mean, and the range of 95 %
        of such slopes) and ``"lead"`` (the price some weeks later); and for contrast, not to be used, medians
        of slopes per product: ``"naive"`` (units of a line with its price) and ``"naive within week"`` (the
        same within a week, in which the price list hardly changes: what is left is the quantity breaks).
    doubts : tuple of str
        What speaks against a causal reading: ``"lead"`` or ``"shuffled"`` (the placebo's interval excludes
        0), ``"lead is unknown"``, ``"lead is too wide"`` (it holds 0, and half the panel's figure as well),
        ``"no effect"`` (the panel's interval holds 0), ``"few orders"`` (so few a week that the correction
        exceeds a tenth and is only a guess).
    buyers : str
        Whose lines were read: ``"customers"``, or ``"everyone"``.

    Examples
    --------
    >>> estimates = pd.DataFrame({"term": ["corrected"], "estimate": [-1.5], "low": [-1.7], "high": [-1.3]})
    >>> PriceResponse(estimates, (), "customers").elasticity
    Slope(estimate=-1.5, low=-1.7, high=-1.3)
    >>> print(PriceResponse(estimates, ("lead",), "customers").elasticity)
    None
    """

    estimates: pd.DataFrame
    doubts: tuple[Doubt, ...]
    buyers: Literal["customers", "everyone"]

    @property
    def is_causal_claim_supported(self) -> bool:
        """Whether no check speaks against reading the panel estimate as the effect of prices."""
        return not self.doubts

    @property
    def elasticity(self) -> Slope | None:
        """The price elasticity of orders, if a causal claim is supported; else None."""
        if not self.is_causal_claim_supported:
            return None
        return _told(self.estimates, "corrected")


def price_response(
    lines: Any,
    *,
    buyers: Literal["customers", "everyone"] | None = None,
    min_weeks: int = 20,
    lead_weeks: int = 8,
    random_state: int = 0,
) -> PriceResponse:
    """Estimate how orders vary with the price, with placebos that show whether it is the price's effect.

    Parameters
    ----------
    lines : frame
        ``ShopperModel.lines``, or ``clean_transactions(…, returns="net").all_sales``, on any engine.
    buyers : {"customers", "everyone"}, optional
        Whose lines: those with a customer, or all. Lines without a customer are often sold at another price
        (:func:`price_table`), so that who bought would be read as what the price did. Default: customers,
        where any line has one.
    min_weeks : int, default 20
        In how many weeks a product must have a price to be read.
    lead_weeks : int, default 8
        How many weeks later the price is taken from for the placebo.
    random_state : int, default 0
        Seed of the shuffled prices.

    Returns
    -------
    PriceResponse
        The estimates beside their placebos, and the verdict.

    Raises
    ------
    TooLittleDataError
        Fewer than 10 products have enough weeks and more than one price.

    Notes
    -----
    An observation is a product and a week (from Monday on) in which it was ordered in a small quantity. Its
    price is the median of those lines: of no more than the median quantity of the product's lines, so that a
    quantity break is no change of price. The log of its orders, of any quantity, is regressed on the log of
    this price with an effect of each product and of each week, intervals clustered by product
    (:func:`~shopper_widgets.products.two_way.panel_slope`). Where products differ, this estimates the mean of
    their elasticities, each weighted by how much its price moves: a product whose price hardly moves tells
    little. Weeks without orders have no price and are missing, which biases the slope where orders are few:
    the corrected slope is divided by this bias, as it is if orders follow a Poisson distribution
    (:func:`~shopper_widgets.products.few_orders.log_bend`).

    Placebos on a cause that can't work (Eggers, Tuñón and Dafoe 2024, doi 10.1111/ajps.12818): tomorrow's
    price can't move today's orders. Where it seems to, price and demand move together for another reason, or
    prices stay for so long that the two can't be told apart: no figure is offered as causal. No placebo can
    detect prices that follow the demand of the same week alone: where a shop sets prices in this way, the
    figure is not the effect of prices.

    Examples
    --------
    >>> draw = np.random.default_rng(0)
    >>> rows = []
    >>> for product in range(12):
    ...     for week in range(60):
    ...         price = round(float(np.exp(draw.normal(2, 0.2))), 2)
    ...         for order in range(draw.poisson(200 * price**-1.5 * 10)):
    ...             rows.append((f"{product}-{week}-{order}", f"P{product}", "c", week, 1, price))
    >>> lines = pd.DataFrame(rows, columns=["order_id", "product_id", "customer_id", "w", "quantity",
    ...                                     "unit_price"])
    >>> lines["ordered_at"] = pd.Timestamp("2023-01-02") + pd.to_timedelta(lines["w"] * 7, unit="D")
    >>> response = price_response(lines)
    >>> response.is_causal_claim_supported, round(response.elasticity.estimate, 1)
    (True, -1.5)
    """
    check_count("min_weeks", min_weeks, least=2)
    check_count("lead_weeks", lead_weeks)
    if buyers is not None:
        check_choice("buyers", buyers, ("customers", "everyone"))
    priced = priced_lines(lines)
    known = priced["buyers"] == KNOWN
    whose = buyers or ("customers" if known.any() else "everyone")
    read = priced[known] if whose == "customers" else priced
    weeks = _product_weeks(read)
    panel = _long_enough(weeks, min_weeks)
    _check_enough(panel, weeks, min_weeks)
    later = weeks[[PRODUCT_ID, "week", "price"]].assign(week=weeks["week"] - lead_weeks)
    lead = _long_enough(weeks.drop(columns="price").merge(later, on=[PRODUCT_ID, "week"]), min_weeks)
    slope, bend = _slope(panel), _bend(panel)
    rows = [
        _row("panel", slope, panel),
        _row("corrected", Slope(*(end / bend for end in slope)), panel),
        _row("shuffled", _shuffled(panel, random_state), panel),
        _row("lead", _slope(lead), lead),
        _naive("naive", read, [PRODUCT_ID]),
        _naive("naive within week", read.assign(week=_week(read)), [PRODUCT_ID, "week"]),
    ]
    estimates = pd.DataFrame(rows, columns=["term", "estimate", "low", "high", "products", "observations"])
    return PriceResponse(estimates, _doubts(estimates, bend), whose)


def _week(lines: pd.DataFrame) -> pd.Series[int]:
    """Return the number of the week of each line, from the Monday of the first on."""
    day = lines[ORDERED_AT].dt.normalize()
    first = day.min() - pd.Timedelta(days=day.min().weekday())
    week: pd.Series[int] = (day - first).dt.days // 7
    return week


def _product_weeks(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the logs of orders and of the small-quantity price, by product and week with both.

    ``seen`` is the share of the product's orders that have such a price.
    """
    lines = lines.assign(week=_week(lines))
    keys = [PRODUCT_ID, "week"]
    small = lines[small_lines(lines)].groupby(keys, sort=True)
    orders = lines.groupby(keys, sort=True)[ORDER_ID].nunique()
    both = pd.DataFrame({"orders": orders, "price": small["price"].median()})
    both["seen"] = small[ORDER_ID].nunique().groupby(PRODUCT_ID).sum() / orders.groupby(PRODUCT_ID).sum()
    both = both.dropna()
    return both.assign(orders=np.log(both["orders"]), price=np.log(both["price"])).reset_index()


def _long_enough(weeks: pd.DataFrame, min_weeks: int) -> pd.DataFrame:
    """Return the weeks of products that have enough weeks and more than one price."""
    prices = weeks.groupby(PRODUCT_ID)["price"]
    return weeks[(prices.transform("size") >= min_weeks) & (prices.transform("nunique") > 1)]


def _check_enough(panel: pd.DataFrame, weeks: pd.DataFrame, min_weeks: int) -> None:
    found = panel[PRODUCT_ID].nunique()
    if found < FEWEST_PRODUCTS:
        told = gettext(
            "{fewest} products or more must have been ordered in {min_weeks} weeks or more, at more than one "
            "price; {found} of {products} were, in orders of {weeks} weeks.",
            fewest=FEWEST_PRODUCTS,
            min_weeks=min_weeks,
            found=found,
            products=weeks[PRODUCT_ID].nunique(),
            weeks=weeks["week"].nunique(),
        )
        raise TooLittleDataError(
            f"lines: {told} Give orders over a longer time; price_table shows the prices there were.",
            told=told,
        )


def _slope(panel: pd.DataFrame) -> Slope:
    if panel[PRODUCT_ID].nunique() < FEWEST_PRODUCTS:
        return Slope(np.nan, np.nan, np.nan)
    return panel_slope(panel["orders"].to_numpy(), panel["price"].to_numpy(), *_groups(panel))


def _groups(panel: pd.DataFrame) -> tuple[Codes, Codes]:
    """Number the products and the weeks of a panel's rows."""
    products, weeks = (pd.factorize(panel[name], sort=True)[0] for name in (PRODUCT_ID, "week"))
    return products, weeks


def _bend(panel: pd.DataFrame) -> float:
    """Return how much few orders bend the slope: the mean bend, weighted by the variation of prices."""
    products, weeks = _groups(panel)
    moved = within(panel["price"].to_numpy(), products, weeks) ** 2
    orders = np.bincount(products, np.exp(panel["orders"])) / np.bincount(products)
    seen = panel.groupby(PRODUCT_ID, sort=True)["seen"].first().to_numpy()
    return float(np.average(log_bend(orders, seen)[products], weights=moved)) if moved.sum() > 0 else np.nan


def _shuffled(panel: pd.DataFrame, random_state: int) -> Slope:
    draw = np.random.default_rng(random_state)
    products, weeks = _groups(panel)
    orders = within(panel["orders"].to_numpy(), products, weeks)
    by_product = np.argsort(products, kind="stable")
    starts = np.flatnonzero(np.diff(products[by_product]))
    of_products = np.split(panel["price"].to_numpy()[by_product], starts + 1)
    mixed, slopes = np.empty(len(panel)), np.empty(SHUFFLES)
    for i in range(SHUFFLES):
        mixed[by_product] = np.concatenate([draw.permutation(prices) for prices in of_products])
        moved = within(mixed, products, weeks)
        slopes[i] = np.divide(moved @ orders, moved @ moved)
    wide = 1.959964 * float(slopes.std(ddof=1))
    return Slope(float(slopes.mean()), float(slopes.mean()) - wide, float(slopes.mean()) + wide)


def _row(term: str, slope: Slope, panel: pd.DataFrame) -> tuple[str, float, float, float, int, int]:
    return term, *slope, panel[PRODUCT_ID].nunique(), len(panel)


def _naive(term: str, lines: pd.DataFrame, groups: list[str]) -> tuple[str, float, float, float, int, int]:
    """Return the median over products of the slope of log units on log price, lines within groups.

    The interval of the median is that of order statistics (Conover 1999, *Practical Nonparametric
    Statistics*, section 3.2).
    """
    logs = pd.DataFrame({name: np.log(lines[name]) for name in ("price", QUANTITY)})
    left = logs - logs.groupby([lines[name] for name in groups]).transform("mean")
    squares = pd.DataFrame({"xx": left["price"] ** 2, "xy": left["price"] * left[QUANTITY]})
    of = squares.groupby(lines[PRODUCT_ID])
    sums, n = of.sum(), of.size()
    told = sums[(n >= NAIVE_LINES) & (sums["xx"] >= n * NAIVE_SPREAD**2)]
    slopes = np.sort((told["xy"] / told["xx"]).to_numpy())
    if not len(slopes):
        return term, np.nan, np.nan, np.nan, 0, 0
    reach = 1.959964 * np.sqrt(len(slopes)) / 2
    low, high = int(len(slopes) / 2 - reach), int(np.ceil(len(slopes) / 2 + reach))
    ends = slopes[max(low, 0)], slopes[min(high, len(slopes) - 1)]
    return (
        term,
        float(np.median(slopes)),
        float(ends[0]),
        float(ends[1]),
        len(slopes),
        int(n[told.index].sum()),
    )


def _doubts(estimates: pd.DataFrame, bend: float) -> tuple[Doubt, ...]:
    found: list[Doubt] = []
    panel, shuffled, lead = (_told(estimates, term) for term in ("panel", "shuffled", "lead"))
    if not _excludes_zero(panel):
        found.append("no effect")
    if abs(bend - 1) > MOST_BENT:
        found.append("few orders")
    if _excludes_zero(shuffled):
        found.append("shuffled")
    if np.isnan(lead.estimate):
        found.append("lead is unknown")
    elif _excludes_zero(lead):
        found.append("lead")
    elif lead.low <= panel.estimate / 2 <= lead.high:
        found.append("lead is too wide")
    return tuple(found)


def _told(estimates: pd.DataFrame, term: str) -> Slope:
    row = estimates[estimates["term"] == term].iloc[0]
    return Slope(*(float(row[name]) for name in Slope._fields))


def _excludes_zero(slope: Slope) -> bool:
    return slope.low > 0 or slope.high < 0
