"""Stock: reorder points, order-up-to levels, and their expected cost and coverage."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets._support.checks import check_at_least
from shopper_widgets.columns import PRODUCT_ID
from shopper_widgets.products.forecaster import DemandForecaster, check_level
from shopper_widgets.products.newsvendor import critical_ratio
from shopper_widgets.products.order_limits import within_limits
from shopper_widgets.products.stock_levels import (
    MINIMUM,
    NUMBERS,
    ON_HAND,
    ON_ORDER,
    PACK,
    UNIT_COST,
    UNIT_SPACE,
    stock_levels,
)

Floats = npt.NDArray[np.float64]

_DAYS = 7
#: The levels of the equally likely quantiles of demand over which its excess above the stock is averaged.
_GRID = (np.arange(200) + 0.5) / 200


def stock_plan(
    forecast: DemandForecaster,
    on_hand: Any = None,
    *,
    lead_time: float,
    review: float = 7,
    service_level: float | Mapping[str, float] | None = None,
    margin: float | None = None,
    holding_cost: float = 0.25,
    budget: float | None = None,
    space: float | None = None,
) -> pd.DataFrame:
    """Return the reorder point and order quantity of each product.

    Parameters
    ----------
    forecast : DemandForecaster
        Fitted; its horizon doesn't matter here.
    on_hand : frame or path of a CSV file, optional
        ``product_id, on_hand``, and where known ``on_order``, ``pack`` (units per pack, in which they are
        ordered), ``minimum`` (the fewest units of an order), ``unit_cost`` and ``unit_space`` (the space that
        a unit takes, such as m³). From a database: :func:`~shopper_widgets.read_stock`. Without it the plan
        holds levels only.
    lead_time : float
        Days from order to delivery.
    review : float, default 7
        Days between two orders. An order has to last for `lead_time` + `review`, counted in whole weeks.
    service_level : float or mapping of product to float, optional
        The share of such periods in which stock is to last; by default 0.95, or what pays best where `margin`
        is given. Products of the forecast that a mapping doesn't name get 0.95. By class of products:
        :func:`~shopper_widgets.service_levels`.
    margin : float, optional
        What a sale leaves, as a share of the price; ``shortage_amount`` is then margin, not revenue.
    holding_cost : float, default 0.25
        What keeping goods for a year costs, as a share of their cost.
    budget : float, optional
        The most to spend on this order: what saves the most sales for its cost comes first.
    space : float, optional
        The most space for this order, in the unit of ``unit_space``: what saves the most sales for its space
        comes first. Products whose ``unit_space`` is missing take none of it.

    Returns
    -------
    pandas.DataFrame
        One row per product, by id: ``product_id``, ``level`` (units per week), ``expected`` (units until the
        order after the next can arrive), ``service_level``, ``reorder_point`` (stock that lasts for the lead
        time; where stock is watched daily, order when it falls this low), ``order_up_to``, ``on_hand``,
        ``on_order``, ``order_quantity``, ``left_out`` (units that a limit kept from it), ``days_of_cover``
        (days that stock and open orders last at the expected level), ``expected_shortage`` and
        ``expected_leftover`` (units, after this order), ``shortage_amount``, ``leftover_amount``,
        ``order_amount`` (money), ``order_space`` and ``basis``. Figures of products that are too new are
        missing. ``.attrs``: ``weeks`` that an order has to last, ``kept`` and ``tried`` (how often such
        levels were enough at earlier moments), ``rejected`` (rows of `on_hand` that could not be used, with
        their reason), ``at_price`` (products ordered whose cost is not known and counts as their price); with
        a `budget` or `space` ``limits``: the ``amount`` of what they left out, the expected sales ``lost`` by
        that, and the ``worth`` of each: the expected sales that one more unit of the limit would save.

    Raises
    ------
    TypeError, ValueError
        A parameter is not as described, both `service_level` and `margin` are given, or `space` is limited
        and no ``unit_space`` is known.

    Notes
    -----
    The periodic-review order-up-to policy, (R, S): Silver, Pyke & Thomas, *Inventory and Production
    Management in Supply Chains* (2017), ch. 6. Money counts at the price of the last 13 weeks with sales,
    cost at ``unit_cost``, else at price · (1 − margin), else at the price.

    Examples
    --------
    >>> import shopper_widgets as sw
    >>> lines = sw.clean_transactions(sw.make_transactions(200, 60, 366), returns="net").all_sales
    >>> forecaster = sw.DemandForecaster().fit(sw.demand_table(lines))
    >>> plan = stock_plan(forecaster, lead_time=14, review=7, service_level=0.95)
    >>> bool((plan["order_up_to"] >= plan["reorder_point"]).all()), plan.attrs["weeks"]
    (True, 3)
    """
    if not isinstance(forecast, DemandForecaster):
        raise TypeError(f"forecast must be a fitted DemandForecaster; got {type(forecast).__name__}.")
    check_at_least("lead_time", lead_time, 0)
    check_at_least("review", review, 0)
    if service_level is not None and margin is not None and not isinstance(service_level, Mapping):
        raise ValueError(
            "service_level or margin must be given, not both: margin says which level pays best."
        )
    for name, limit in (("budget", budget), ("space", space)):
        if limit is not None:
            check_at_least(name, limit, 0)
    weeks, lead_weeks = max(1, math.ceil((lead_time + review) / _DAYS)), math.ceil(lead_time / _DAYS)
    forecasts = forecast.forecasts(weeks)
    now = forecasts.at(forecast.n_weeks_)
    predicted = forecast.as_table(now, weeks)
    levels = _levels(predicted, service_level, margin, holding_cost, weeks)
    stock, rejected = _stock(on_hand, forecast.products_)
    if space is not None and on_hand is not None and stock[UNIT_SPACE].isna().all():
        raise ValueError(
            "space needs the column unit_space in on_hand: the space that one unit of each product takes, "
            "such as 0.02 (m³)."
        )
    whole, price = now.whole, forecast.recent_prices()
    cost = stock[UNIT_COST].fillna(pd.Series(price * (1 - (margin or 0.0)))).to_numpy()

    order_up_to = _rounded_up(now.quantile(levels), whole)
    reorder = np.zeros(len(levels))
    if lead_weeks:
        reorder = forecast.forecasts(lead_weeks).at(forecast.n_weeks_).quantile(levels)
    position = (stock[ON_HAND] + stock[ON_ORDER].fillna(0.0)).to_numpy()
    demands = np.array([now.quantile(float(grid)) for grid in _GRID])
    # Equally likely demands whose mean is what is expected; cut at 0, erratic products' would be more.
    mean = demands.mean(axis=0)
    demands *= np.divide(predicted["expected"].to_numpy(), mean, out=np.ones(len(mean)), where=mean > 0)
    pack = stock[PACK].fillna(pd.Series(np.where(whole, 1.0, np.nan))).to_numpy()
    wanted = _order(order_up_to - position, pack, stock[MINIMUM].fillna(0.0).to_numpy())
    order, lost, worth = within_limits(
        wanted,
        position,
        pack,
        stock[MINIMUM].to_numpy(),
        demands,
        price,
        cost=cost,
        budget=budget,
        unit_space=stock[UNIT_SPACE].to_numpy(),
        space=space,
    )
    held = np.where(np.isnan(position), order_up_to, np.maximum(position, 0.0) + np.nan_to_num(order))
    shortage = np.maximum(demands - held, 0.0).mean(axis=0)
    leftover = np.maximum(held - demands, 0.0).mean(axis=0)
    weekly = predicted["level"].to_numpy()
    cover = np.divide(position * _DAYS, weekly, out=np.full(len(weekly), np.nan), where=weekly > 0)
    plan = pd.DataFrame(
        {
            PRODUCT_ID: predicted[PRODUCT_ID],
            "level": weekly,
            "expected": predicted["expected"],
            "service_level": levels,
            "reorder_point": np.minimum(_rounded_up(reorder, whole), order_up_to),
            "order_up_to": order_up_to,
            ON_HAND: stock[ON_HAND],
            ON_ORDER: stock[ON_ORDER],
            "order_quantity": order,
            "left_out": wanted - order,
            "days_of_cover": np.maximum(cover, 0.0),
            "expected_shortage": shortage,
            "expected_leftover": leftover,
            "shortage_amount": shortage * price * (1.0 if margin is None else margin),
            "leftover_amount": leftover * cost,
            "order_amount": order * cost,
            "order_space": order * stock[UNIT_SPACE],
            "basis": predicted["basis"],
        }
    )
    kept, tried = forecasts.kept(forecast.n_weeks_, levels)
    at_price = int(((order > 0) & stock[UNIT_COST].isna().to_numpy()).sum()) if margin is None else 0
    plan.attrs = {"weeks": weeks, "kept": kept, "tried": tried, "rejected": rejected.to_dict("records")}
    plan.attrs |= {"at_price": at_price}
    if worth:
        amount = float(np.nansum((wanted - order) * cost))
        plan.attrs["limits"] = {"amount": amount, "lost": lost, "worth": worth}
    return plan


def _levels(
    predicted: pd.DataFrame,
    service_level: float | Mapping[str, float] | None,
    margin: float | None,
    holding_cost: float,
    weeks: int,
) -> Floats:
    usual = 0.95 if margin is None else critical_ratio(margin, holding_cost, weeks)
    if isinstance(service_level, Mapping):
        own = {str(product): check_level("service_level", level) for product, level in service_level.items()}
        if unknown := sorted(own.keys() - set(predicted[PRODUCT_ID])):
            told = ", ".join(map(repr, unknown[:5])) + (", …" if len(unknown) > 5 else "")
            raise ValueError(
                f"service_level must name products of the forecast, not {told}. Levels by class of products, "
                "such as A: service_level=service_levels(product_classes(demand), {'A': 0.98})."
            )
        return np.array([own.get(product, usual) for product in predicted[PRODUCT_ID]])
    level = usual if service_level is None else check_level("service_level", service_level)
    return np.full(len(predicted), level)


def _stock(on_hand: Any, products: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    if on_hand is None:
        return pd.DataFrame({name: np.full(len(products), np.nan) for name in NUMBERS}), pd.DataFrame()
    return stock_levels(on_hand, products)


def _rounded_up(units: Floats, whole: npt.NDArray[np.bool_]) -> Floats:
    """Round up for goods sold in whole units, unless only a rounding error lies above a whole number."""
    return np.where(whole, np.ceil(units - 1e-9) + 0.0, units)


def _order(wanted: Floats, pack: Floats, minimum: Floats) -> Floats:
    """Return the units to order: 0, or at least the minimum, in whole packs."""
    least = np.where(wanted > 0, np.maximum(wanted, minimum), 0.0)
    # Adding 0 turns the -0.0 that a ceiling may give into 0.
    packed = np.where(np.isnan(pack), least, np.ceil(least / pack - 1e-9) * pack + 0.0)
    return np.where(np.isnan(wanted), np.nan, packed)
