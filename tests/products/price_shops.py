"""Made-up shops with a planted effect of prices."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
#: Kinds with prices drawn at random: each week; as 20 % off in some weeks; for about twelve weeks at a time;
#: and each week while demand comes in bursts, each product has its own season, products differ in their
#: elasticity, or every other product has prices that vary three times as much, and a stronger elasticity.
RANDOM = ("random", "promotions", "lasting", "bursts", "own seasons", "differing", "uneven")
#: Kinds whose products differ in their elasticity.
DIFFERING = ("differing", "uneven")
#: Standard deviations of log prices in an uneven shop, and the difference of its two elasticities from the
#: mean.
_MOVES, _APART = (0.08, 0.24), 0.5
#: Prices without effect that follow demand: it drifts, has a season, or fades until prices are cut.
FOLLOWING = ("confounded", "seasonal prices", "clearance")
#: Prices without effect that follow the demand of the same week only, which leaves no trace later.
UNSEEN = ("same week",)


def price_shop(
    seed: int,
    kind: str = "random",
    *,
    elasticity: float = -1.5,
    products: int = 40,
    weeks: int = 60,
    orders: float = 30.0,
    wholesale: bool = True,
) -> pd.DataFrame:
    """Return order lines of products whose prices are random, or follow a demand that they don't affect.

    With `wholesale`, a third of the lines are of dozens of units, at 20 % less.
    """
    draw = np.random.default_rng(seed)
    shape = (products, weeks)
    popular = np.log(orders) + draw.normal(0, 0.5, size=(products, 1)) + draw.normal(0, 0.2, size=(1, weeks))
    if kind in RANDOM:
        log_price, demand = _drawn(draw, kind, shape, popular, elasticity)
    else:
        log_price, demand = _following(draw, kind, shape, popular)
    counts = draw.poisson(np.exp(demand))
    product, week = (codes.ravel().repeat(counts.ravel()) for codes in np.indices(shape))
    many = (draw.random(len(product)) < 0.3) & wholesale
    price = np.exp(log_price + draw.uniform(1, 4, size=(products, 1)))[product, week] * np.where(
        many, 0.8, 1.0
    )
    quantity = np.where(
        many, 12 * draw.integers(1, 4, size=len(product)), draw.integers(1, 4, size=len(product))
    )
    return pd.DataFrame(
        {
            "order_id": np.arange(len(product)).astype(str),
            "customer_id": draw.integers(0, 500, size=len(product)).astype(str),
            "ordered_at": pd.Timestamp("2023-01-02") + pd.to_timedelta(week * 7 + 2, unit="D"),
            "product_id": np.char.add("P", product.astype(str)),
            "product_name": np.char.add("Thing ", product.astype(str)),
            "is_product": True,
            "quantity": quantity,
            "unit_price": price.round(2),
            "amount": quantity * price.round(2),
        }
    )


def planted(kind: str, elasticity: float = -1.5) -> float:
    """Return the mean elasticity of a shop's products, weighted by the variance of their log prices."""
    if kind != "uneven":
        return elasticity
    few, many = (moves**2 for moves in _MOVES)
    return elasticity + _APART * (few - many) / (few + many)


def _drawn(
    draw: np.random.Generator, kind: str, shape: tuple[int, int], popular: Floats, elasticity: float
) -> tuple[Floats, Floats]:
    """Return random log prices, and the log demand that follows from them."""
    products, weeks = shape
    if kind == "promotions":
        log_price = np.log(0.8) * (draw.random(shape) < 0.15)
    elif kind == "lasting":
        spells = np.cumsum((draw.random(shape) < 1 / 12).astype(np.intp), axis=1)
        log_price = np.take_along_axis(draw.normal(0, 0.15, size=shape), spells, axis=1)
    elif kind == "uneven":
        moves = np.resize(_MOVES, products)[:, None]
        log_price = moves * draw.normal(size=shape)
    else:
        log_price = draw.normal(0, 0.15, size=shape)
    own = elasticity * np.ones((products, 1))
    if kind == "differing":
        own = own + draw.normal(0, 0.5, size=(products, 1))
    if kind == "uneven":
        own = own + np.where(moves == max(_MOVES), -_APART, _APART) + draw.normal(0, 0.3, size=(products, 1))
    demand = popular + own * log_price + draw.normal(0, 0.15, size=shape)
    if kind == "bursts":
        demand = demand + np.log(draw.gamma(2.0, 0.5, size=shape))
    if kind == "own seasons":
        demand = demand + _seasons(draw, products, weeks)
    return log_price, demand


def _following(
    draw: np.random.Generator, kind: str, shape: tuple[int, int], popular: Floats
) -> tuple[Floats, Floats]:
    """Return a log demand that prices don't affect, and the log prices that follow it."""
    products, weeks = shape
    if kind == "confounded":
        wander = draw.normal(0, 0.1, size=shape).cumsum(axis=1)
    elif kind == "seasonal prices":
        wander = _seasons(draw, products, weeks)
    elif kind == "clearance":
        ebb, cut = draw.uniform(0.01, 0.04, size=(products, 1)), draw.integers(15, weeks - 10, (products, 1))
        wander = -ebb * np.maximum(np.arange(weeks) - cut, 0)
    else:
        assert kind == "same week", kind
        wander = draw.normal(0, 0.3, size=shape)
    if kind == "clearance":  # the lower the demand, the deeper the cut
        log_price = 0.6 * wander + draw.normal(0, 0.03, size=shape)
    else:
        log_price = -0.4 * wander + draw.normal(0, 0.05, size=shape)
    return log_price, popular + wander + draw.normal(0, 0.15, size=shape)


def _seasons(draw: np.random.Generator, products: int, weeks: int) -> Floats:
    """Return a yearly wave per product, each with its peak in its own week."""
    high = draw.uniform(0, 52, size=(products, 1))
    wave: Floats = 0.5 * np.cos(2 * np.pi * (np.arange(weeks) - high) / 52)
    return wave
