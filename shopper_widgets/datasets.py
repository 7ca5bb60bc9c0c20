"""Orders for trying things out: a made-up shop of any size, a sample of it, and UCI's Online Retail."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils import check_random_state

from shopper_widgets._support.checks import check_count
from shopper_widgets._support.resources import shipped
from shopper_widgets.orders.made_up import made_up_shop
from shopper_widgets.orders.online_retail import fetch_online_retail, online_retail_path
from shopper_widgets.orders.reading import read_transactions

__all__ = ["ABOUT_SAMPLE", "fetch_online_retail", "load_sample", "make_transactions", "online_retail_path"]


def make_transactions(
    n_customers: int = 500,
    n_products: int = 200,
    n_days: int = 366,
    random_state: int | np.random.RandomState | None = 0,
) -> pd.DataFrame:
    """Make up orders of a shop for gifts, home and food, as untidy as real ones.

    Customers order at rates of their own, drawn from gamma laws, until they stay away for good: gamma-Poisson
    buying with exponential lifetimes, after Schmittlein, Morrison & Colombo (1987). There are four kinds of
    customers, from trade customers to passers-by. Products come in families and designs that sell together,
    with lognormal popularity; Christmas, garden and picnic things have a season, and so has the shop.
    Besides: guests without an id (about a fifth of the lines), returns that refer back to a sale (``C``
    orders), postage and other service lines, adjustments (``A`` orders), stock write-offs with notes for
    names, lines entered twice, codes in lower case.

    Parameters
    ----------
    n_customers : int
        Customers with an id; each one orders at least once.
    n_products : int
        Products on offer; the rarest may go unsold.
    n_days : int
        Days from 2024-01-01 on.
    random_state : int, RandomState or None
        Seed, or a generator to draw from; None gives different orders each time.

    Returns
    -------
    DataFrame
        One row per order line, by time: ``order_id``, ``product_id``, ``product_name``, ``customer_id``,
        ``country``, ``ordered_at``, ``quantity`` (units), ``unit_price`` (pounds).

    Raises
    ------
    ValueError
        A size is not a whole number of at least 1.

    Examples
    --------
    >>> orders = make_transactions(n_customers=50, n_products=40, n_days=90, random_state=1)
    >>> orders["customer_id"].nunique()
    50
    >>> orders["ordered_at"].min() >= pd.Timestamp("2024-01-01")
    True
    """
    for name, value in (("n_customers", n_customers), ("n_products", n_products), ("n_days", n_days)):
        check_count(name, value)
    return made_up_shop(int(n_customers), int(n_products), int(n_days), check_random_state(random_state))


#: The arguments of :meth:`ShopperModel.fit` for the sample, besides its lines.
ABOUT_SAMPLE: dict[str, Any] = {"currency": "£", "source": {"name": "Sample shop (made up)"}}


def load_sample() -> pd.DataFrame:
    """Return the orders of the made-up sample shop: two years, 1,200 customers, some 45,000 order lines.

    Returns
    -------
    DataFrame
        As `read_transactions` gives it: the columns of `make_transactions`, and ``source_line``.

    Examples
    --------
    >>> orders = load_sample()
    >>> str(orders["ordered_at"].min().date()), str(orders["ordered_at"].max().date())
    ('2024-01-01', '2025-12-31')
    """
    sample: pd.DataFrame = read_transactions(shipped("data", "sample.csv.gz"))
    return sample
