"""Demand of real and made-up shops of many shapes."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from shopper_widgets import clean_transactions, demand_table, make_transactions, read_transactions


@cache
def online_retail_demand(path: Path) -> pd.DataFrame:
    """Return the demand of all of Online Retail, with guests, net of returns; weeks end on Fridays."""
    return demand_table(clean_transactions(read_transactions(path), returns="net").all_sales)


def as_demand(units: np.ndarray, prices: np.ndarray | None = None) -> pd.DataFrame:
    """Return a table of demand from units per product (rows) and week (columns)."""
    prices = np.ones(len(units)) if prices is None else prices
    weeks = pd.date_range("2022-01-07", periods=units.shape[1], freq="7D").astype("datetime64[us]")
    rows, columns = np.nonzero(units)
    table = pd.DataFrame(
        {
            "product_id": [f"p{row:04}" for row in rows],
            "week": weeks[columns],
            "quantity": units[rows, columns].astype(float),
            "amount": units[rows, columns] * prices[rows],
        }
    )
    table.attrs["weeks"] = list(weeks)
    return table


def _rates(random: np.random.Generator, n: int, mean: float, spread: float) -> np.ndarray:
    return mean * np.exp(random.normal(0, spread, n))


@cache
def shop(name: str) -> pd.DataFrame:
    """Return the demand of a made-up shop; copy it before you change it."""
    random = np.random.default_rng(7)
    if name == "as Online Retail":
        orders = make_transactions(1500, 300, 540, 3)
        return demand_table(clean_transactions(orders, returns="net").all_sales)
    if name == "steady grocer":
        rates = _rates(random, 400, 200, 1.0)
        return as_demand(random.poisson(rates[:, None], (400, 80)))
    if name == "spare parts":
        rates = _rates(random, 900, 0.15, 1.0)
        return as_demand(random.poisson(rates[:, None], (900, 110)) * random.geometric(0.4, (900, 110)))
    if name == "growing":
        grown = np.exp(np.linspace(0, 1.2, 60))
        rates = _rates(random, 250, 10, 1.0)[:, None] * grown * random.gamma(3, 1 / 3, (250, 60))
        begin = random.integers(0, 50, 250)
        return as_demand(random.poisson(rates) * (np.arange(60) >= begin[:, None]))
    if name == "wholesale spikes":
        units = random.poisson(_rates(random, 300, 5, 1.0)[:, None], (300, 70))
        return as_demand(units + (random.random((300, 70)) < 0.03) * random.poisson(200, (300, 70)))
    if name == "two seasons":
        wave = 1 + 0.8 * np.sin(2 * np.pi * np.arange(150) / 52)
        return as_demand(random.poisson(_rates(random, 200, 30, 0.7)[:, None] * wave))
    if name == "five products":
        return as_demand(random.poisson([[40.0], [20.0], [8.0], [3.0], [0.5]], (5, 60)))
    if name == "one month":
        return as_demand(random.poisson(6.0, (30, 4)))
    assert name == "a quarter", name
    return as_demand(random.poisson(_rates(random, 80, 6, 1.0)[:, None], (80, 13)))


SHOPS = (
    "as Online Retail",
    "steady grocer",
    "spare parts",
    "growing",
    "wholesale spikes",
    "two seasons",
    "five products",
    "a quarter",
)
