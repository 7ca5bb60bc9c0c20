"""Made-up shops of many kinds, as order lines; they differ in rhythm, size, catalogue and repeat share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class BasketShop:
    """A shop in which each order has a purpose and each customer has favorite products.

    Attributes
    ----------
    customers, products : int
    gap : float
        Days that usually pass between a customer's orders.
    days : int
        How long the shop has been open.
    basket : float
        Products in an order, on average.
    repeat : float
        Share of an order that the customer has bought before.
    purposes : int
        What an order can be for; each has products of its own.
    taste : float
        Share of orders that are for one of the customer's three usual purposes, not for any purpose.
    drift : float
        Share of the products that are on sale for only a part of the time.
    skew : float
        Exponent of the popularity within a purpose: 0 where all are equally popular.
    noise : float
        Share of an order's products that have nothing to do with its purpose.
    """

    customers: int
    products: int
    gap: float
    days: int = 365
    basket: float = 5
    repeat: float = 0.3
    purposes: int = 20
    taste: float = 0.7
    drift: float = 0.2
    skew: float = 1.0
    noise: float = 0.1


SHOPS = {
    "small and slow": BasketShop(92, 60, 140, days=1500, basket=4, purposes=8, drift=0),
    "households, full baskets": BasketShop(
        60, 800, 4, days=400, basket=15, repeat=0.5, purposes=40, taste=0.3
    ),
    "grocer": BasketShop(800, 600, 9, basket=9, repeat=0.55, purposes=40, taste=0.4, drift=0.05),
    "gifts": BasketShop(1500, 1500, 60, basket=12, repeat=0.15, purposes=80, drift=0.4),
    "fashion": BasketShop(2000, 1200, 90, days=730, basket=2.5, repeat=0.05, drift=0.9, purposes=50),
    "wholesale": BasketShop(120, 900, 14, basket=30, repeat=0.6, purposes=30, taste=0.9, drift=0.1),
    "spare parts": BasketShop(
        1500, 3000, 120, days=1100, basket=3, repeat=0.2, purposes=300, drift=0, skew=0.5
    ),
    "subscription boxes": BasketShop(700, 60, 30, days=540, basket=2.5, repeat=0.8, purposes=6, drift=0),
    "books": BasketShop(2500, 2500, 70, days=730, basket=2.5, repeat=0, purposes=60, taste=0.95, skew=1.2),
    "tools, twice a year": BasketShop(
        1200, 500, 180, days=1500, basket=4, purposes=25, repeat=0.1, drift=0.1
    ),
    "kiosk": BasketShop(500, 80, 3, days=180, basket=2.5, repeat=0.8, purposes=5, drift=0),
    "cosmetics": BasketShop(1200, 300, 45, basket=4, repeat=0.5, taste=0.9, purposes=20),
    "pets": BasketShop(900, 250, 30, days=540, basket=4, repeat=0.7, taste=1.0, purposes=12, drift=0.05),
    "toys": BasketShop(1200, 700, 80, days=730, basket=4, repeat=0.05, drift=0.6, purposes=30),
    "wine": BasketShop(600, 900, 40, days=730, basket=8, repeat=0.3, taste=0.8, drift=0.3, purposes=15),
    "chance": BasketShop(500, 200, 30, basket=4, repeat=0, purposes=1, taste=0, drift=0, noise=1.0),
    "best sellers only": BasketShop(900, 400, 50, basket=4, repeat=0.1, purposes=1, skew=1.5, drift=0),
    "new shop": BasketShop(250, 150, 20, days=70, basket=5, purposes=12),
    "furniture": BasketShop(1500, 300, 300, days=1800, basket=3, repeat=0, purposes=25, drift=0.3),
    "offices": BasketShop(250, 500, 14, days=730, basket=10, repeat=0.8, purposes=20, taste=0.95, drift=0.1),
}


def lines_of(shop: BasketShop, random_state: int = 0) -> pd.DataFrame:
    """Return cleaned order lines: ``order_id, customer_id, product_id, ordered_at, quantity``."""
    random = np.random.default_rng(random_state)
    purpose = random.integers(shop.purposes, size=shop.products)
    popular = 1 / np.arange(1, shop.products + 1) ** shop.skew
    popular = random.permutation(popular)
    comes = np.where(random.random(shop.products) < shop.drift, random.uniform(-0.3, 0.9, shop.products), -1)
    goes = np.where(comes > -1, comes + random.uniform(0.1, 0.5, shop.products), 2)
    of_purpose = [np.flatnonzero(purpose == one) for one in range(shop.purposes)]
    rows: list[tuple[int, int, int, float]] = []
    n_orders = 0
    for customer in range(shop.customers):
        usual = random.integers(shop.purposes, size=3)
        own = shop.gap * random.gamma(3, 1 / 3)
        day, known = random.uniform(0, min(shop.days, 3 * shop.gap)), np.empty(0, dtype=int)
        while day < shop.days:
            here = (comes <= day / shop.days) & (day / shop.days < goes)
            size = 1 + random.poisson(shop.basket - 1)
            again = random.binomial(size, shop.repeat) if len(known) else 0
            wanted = of_purpose[
                random.choice(usual) if random.random() < shop.taste else random.integers(shop.purposes)
            ]
            wanted = wanted[here[wanted]]
            basket = set(random.choice(known, min(again, len(known)), replace=False).tolist())
            strays = random.binomial(size - again, shop.noise) if size > again else 0
            for pool, count in ((wanted, size - again - strays), (np.flatnonzero(here), strays)):
                if count > 0 and len(pool):
                    chances = popular[pool] / popular[pool].sum()
                    basket |= set(
                        random.choice(pool, min(count, len(pool)), replace=False, p=chances).tolist()
                    )
            rows += [(n_orders, customer, product, day) for product in sorted(basket)]
            known = np.union1d(known, sorted(basket)).astype(int)
            n_orders += 1
            day += own * random.gamma(2, 1 / 2)
    lines = pd.DataFrame(rows, columns=["order_id", "customer_id", "product_id", "day"])
    at = pd.Timestamp("2023-01-01") + pd.to_timedelta((lines.pop("day") * 86_400).round(), unit="s")
    ids = {str(name): str(name)[0].upper() + lines[name].astype(str) for name in lines}
    return lines.assign(**ids, ordered_at=at, quantity=1)
