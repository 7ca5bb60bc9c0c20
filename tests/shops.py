"""Made-up shops of many kinds, as orders; they differ in rhythm, size and repeat share."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from shopper_widgets.datasets import make_transactions
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.tables import orders_table
from shopper_widgets.segments.gaps import customer_gaps, order_gaps
from shopper_widgets.segments.rfm import rfm_table

#: A kind of customer: its share, mean days between orders, how similar these are across customers (the shape
#: of a gamma distribution), mean days until they leave for good, spend per order, and how regular each
#: customer is (the shape of a gamma distribution: 1 is random, 60 by the calendar).
Kind = tuple[float, float, float, float, float, float]

#: Name → customers, days and kinds of a shop.
SHOPS: dict[str, tuple[int, int, tuple[Kind, ...]]] = {
    "nearly everyone once": (3000, 730, ((0.95, 400, 1, 20, 80, 1), (0.05, 60, 2, 500, 90, 1))),
    "subscriptions": (800, 540, ((0.8, 30, 1e9, 400, 25, 60), (0.2, 30, 1e9, 60, 25, 60))),
    "slow": (300, 1400, ((0.5, 180, 3, 1500, 300, 2), (0.5, 400, 2, 700, 150, 1))),
    "grocer": (1000, 365, ((0.4, 4, 3, 500, 40, 2), (0.4, 10, 3, 300, 60, 1.5), (0.2, 30, 2, 60, 30, 1))),
    "twice a year": (1200, 1500, ((0.6, 180, 6, 1500, 120, 6), (0.4, 300, 2, 400, 80, 1))),
    "all alike": (400, 365, ((1.0, 30, 1e9, 10_000, 50, 1),)),
    "wholesale": (
        500,
        700,
        ((0.1, 14, 3, 900, 3000, 2), (0.4, 45, 3, 600, 300, 1.5), (0.5, 120, 2, 300, 100, 1)),
    ),
    "ninety customers": (90, 365, ((0.3, 20, 3, 500, 100, 1), (0.7, 90, 2, 200, 50, 1))),
}
#: Name → customers, products, days and seed of a shop by `make_transactions`.
MADE_UP = {
    "150 in 200 days": (150, 60, 200, 0),
    "300 in a year": (300, 100, 366, 1),
    "500 in a year": (500, 200, 366, 2),
    "800 in a year": (800, 200, 366, 3),
    "500 in two years": (500, 100, 730, 4),
    "1,200 in 1,000 days": (1200, 200, 1000, 5),
    "1,500 in half a year": (1500, 300, 180, 6),
    "400 in four months": (400, 80, 120, 7),
    "1,000 in 540 days": (1000, 200, 540, 8),
    "2,500 in two years": (2500, 300, 730, 9),
    "250 in 1,000 days": (250, 60, 1000, 10),
    "600 in a quarter": (600, 150, 90, 11),
}
NAMES = (*SHOPS, *MADE_UP)


@cache
def shop_orders(name: str) -> pd.DataFrame:
    """Return a shop's ``order_id, customer_id, ordered_at, amount``; copy them before you change them."""
    if name in MADE_UP:
        lines = clean_transactions(make_transactions(*MADE_UP[name]), returns="net").transactions
        return orders_table(lines)[["order_id", "customer_id", "ordered_at", "amount"]]
    return _drawn(*SHOPS[name])


def customers_of(orders: pd.DataFrame, as_of: pd.Timestamp | None = None) -> pd.DataFrame:
    """Return the RFM table with usual gaps, as `ShopperModel.fit` passes it to its segmenter."""
    known = orders if as_of is None else orders[orders["ordered_at"] <= as_of]
    rfm = rfm_table(known, as_of=as_of)
    gaps = customer_gaps(known, rfm)
    return rfm.assign(usual_gap=gaps["expected_gap"], own_gap=gaps["own_gap"])


def mean_gaps(orders: pd.DataFrame) -> pd.Series[float]:
    """Return each customer's mean gap, from which `rfm_table` learns the shop's rhythm."""
    return order_gaps(orders).groupby("customer_id")["gap"].mean()


def _drawn(n_customers: int, n_days: int, kinds: tuple[Kind, ...]) -> pd.DataFrame:
    random, rows = np.random.default_rng(0), []
    shares = np.array([kind[0] for kind in kinds])
    for customer, kind in enumerate(random.choice(len(kinds), n_customers, p=shares / shares.sum())):
        _, gap, alike, life, spend, regular = kinds[kind]
        own = max(0.5, gap * (random.gamma(alike, 1 / alike) if alike < 1e6 else 1.0))
        day = random.uniform(0, n_days)
        end = min(n_days, day + random.exponential(life))
        usual = spend * np.exp(random.normal(0, 0.5))
        while True:
            rows.append((f"c{customer:05}", day, round(usual * np.exp(random.normal(0, 0.6)), 2)))
            day += own * random.gamma(regular, 1 / regular)
            if day >= end:
                break
    orders = pd.DataFrame(rows, columns=["customer_id", "day", "amount"])
    start = pd.Timestamp("2022-01-01")
    return orders.assign(
        order_id=[f"o{i}" for i in range(len(orders))],
        ordered_at=start + pd.to_timedelta((orders["day"] * 86_400).round(), unit="s"),
    )[["order_id", "customer_id", "ordered_at", "amount"]]
