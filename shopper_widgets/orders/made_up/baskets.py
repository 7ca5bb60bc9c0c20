"""The baskets of the made-up shop."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shopper_widgets.columns import QUANTITY

from .catalogue import Catalogue
from .customers import DAY, KINDS, TRADE, Customers, Orders, month_of
from .drawing import Floats, Ints, pick, pick_in_rows


def as_lines(
    order: Ints,
    product: Ints | int,
    quantity: Ints | int,
    price: Floats | float,
    minute: Ints,
    customer: Ints | int,
) -> pd.DataFrame:
    """Return one row per line; `order` numbers orders of all kinds, `mark` is the letter of their number."""
    return pd.DataFrame(
        {
            "order": order,
            "product": product,
            QUANTITY: quantity,
            "price": price,
            "minute": minute,
            "customer": customer,
            "mark": "",
            "note": None,
        }
    )


def _baskets(
    catalogue: Catalogue, customers: Customers, orders: Orders, rng: np.random.RandomState
) -> tuple[Ints, Ints]:
    """Return, for each line, the position of its order and its product, no product twice in an order."""
    n_orders = len(orders.customer)
    usual = np.array([kind.basket for kind in KINDS])[customers.kind[orders.customer]]
    size = 1 + rng.poisson((1.15 * usual - 1) * rng.standard_gamma(1.5, n_orders) / 1.5)
    order = np.repeat(np.arange(n_orders), size)
    n = len(order)

    # An order has a theme from its customer's taste, which half of its lines follow.
    theme = pick_in_rows(rng, customers.taste, orders.customer)[order]
    family = pick_in_rows(rng, customers.taste, orders.customer[order])
    family = np.where(rng.random_sample(n) < 0.5, theme, family)
    product = catalogue.pick_from(family, rng)
    # Products that go with the line before, as the cup with the teapot.
    goes_with = catalogue.companions(3)[np.roll(product, 1), pick(rng, 3, n)]
    first = np.concatenate([[True], np.diff(order) > 0])
    product = np.where(~first & (rng.random_sample(n) < 0.35), goes_with, product)

    month = month_of(orders.minute // DAY)[order]
    in_season = rng.random_sample(n) < catalogue.season[catalogue.family[product], month]
    # Every order keeps its first line, so that product must be one for all seasons.
    all_year = np.flatnonzero(catalogue.season.min(axis=1) == 1)
    instead = np.flatnonzero(first & ~in_season)
    product[instead] = catalogue.pick_from(all_year[pick(rng, len(all_year), len(instead))], rng)
    kept = first | in_season
    kept[kept] = ~pd.Series(order * len(catalogue.price) + product)[kept].duplicated().to_numpy()
    return order[kept], product[kept]


def sales(
    catalogue: Catalogue, customers: Customers, orders: Orders, rng: np.random.RandomState
) -> pd.DataFrame:
    """Return the lines that were sold; `order` is the position in `orders`."""
    order, product = _baskets(catalogue, customers, orders, rng)
    n = len(order)
    customer, minute = orders.customer[order], orders.minute[order]
    list_price = catalogue.price[product]
    trade = customers.kind[customer] == TRADE
    pack = np.select([list_price < 5, list_price < 12], [10, 6], 2)
    quantity = rng.geometric(np.clip(list_price / 18, 0.2, 0.9))
    quantity = np.where(trade, pack * rng.geometric(0.7, n), quantity)
    quantity = np.where(trade & (rng.random_sample(n) < 0.003), quantity * 20, quantity)
    years = minute // DAY // 366
    price = np.round(list_price * 1.03**years * np.where(quantity >= 2 * pack, 0.85, 1.0), 2)
    price[rng.random_sample(n) < 0.001] = 0.0  # given away
    return as_lines(order, product, quantity, price, minute, customer)
