"""Made-up shops in which what a price does is planted."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd


def price_shop(
    seed: int,
    kind: Literal["random", "confounded"] = "random",
    *,
    elasticity: float = -1.5,
    products: int = 40,
    weeks: int = 60,
    orders: float = 30.0,
    wholesale: bool = True,
) -> pd.DataFrame:
    """Order lines of products whose prices are drawn anew each week, or follow a demand that lasts.

    Where confounded, prices do nothing: each product's demand wanders, and its price goes down as it goes up.
    A third of lines buys dozens, at a fifth less, where there is wholesale.
    """
    draw = np.random.default_rng(seed)
    shape = (products, weeks)
    popular = np.log(orders) + draw.normal(0, 0.5, size=(products, 1)) + draw.normal(0, 0.2, size=(1, weeks))
    if kind == "random":
        log_price = draw.normal(0, 0.15, size=shape)
        demand = popular + elasticity * log_price + draw.normal(0, 0.15, size=shape)
    else:
        wander = draw.normal(0, 0.1, size=shape).cumsum(axis=1)
        log_price = -0.4 * wander + draw.normal(0, 0.05, size=shape)
        demand = popular + wander + draw.normal(0, 0.15, size=shape)
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
