"""Made-up shops in which what a price does is planted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
#: How prices come about. Drawn at random: anew each week; as a fifth off in some weeks; for a dozen weeks at
#: a time; each week where demand comes in bursts, where each product has a season of its own, where
#: products differ in their elasticity, or where the prices of every other product move three times as much,
#: and its buyers mind them more.
RANDOM = ("random", "promotions", "lasting", "bursts", "own seasons", "differing", "uneven")
#: Those whose products differ.
DIFFERING = ("differing", "uneven")
#: Standard deviations of log prices in an uneven shop, and by how much its products' elasticities differ.
_MOVES, _APART = (0.08, 0.24), 0.5
#: Prices do nothing, and follow a demand that wanders; that has a season; or that ebbs until it is cut.
FOLLOWING = ("confounded", "seasonal prices", "clearance")
#: Prices do nothing, and follow the demand of their own week alone, which leaves no trace in later ones.
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
    """Order lines of products whose prices are drawn at random, or follow a demand that they don't move.

    A third of lines buys dozens, at a fifth less, where there is wholesale.
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
    """The mean elasticity of a shop's products, each weighing as its log price varies."""
    if kind != "uneven":
        return elasticity
    few, many = (moves**2 for moves in _MOVES)
    return elasticity + _APART * (few - many) / (few + many)


def _drawn(
    draw: np.random.Generator, kind: str, shape: tuple[int, int], popular: Floats, elasticity: float
) -> tuple[Floats, Floats]:
    """Log prices that nothing but chance moves, and the log demand that they move."""
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
    """Log demand that prices do not move, and the log prices that follow it."""
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
    if kind == "clearance":  # the more it has ebbed, the deeper the cut
        log_price = 0.6 * wander + draw.normal(0, 0.03, size=shape)
    else:
        log_price = -0.4 * wander + draw.normal(0, 0.05, size=shape)
    return log_price, popular + wander + draw.normal(0, 0.15, size=shape)


def _seasons(draw: np.random.Generator, products: int, weeks: int) -> Floats:
    """A wave of a year for each product, highest in a week of its own."""
    high = draw.uniform(0, 52, size=(products, 1))
    wave: Floats = 0.5 * np.cos(2 * np.pi * (np.arange(weeks) - high) / 52)
    return wave
