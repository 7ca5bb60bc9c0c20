"""Entry products: which products customers began with, and what these customers spent later."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_count
from shopper_widgets._support.intervals import mean_interval, share_interval
from shopper_widgets.customers.journeys.starts import DAYS, Starts, new_starts

#: The later spend of fewer customers than this says little.
FEWEST = 20


def entry_products(
    lines: pd.DataFrame, *, days: int = DAYS, min_customers: int = FEWEST, starts: Starts | None = None
) -> pd.DataFrame:
    """Return what new customers spent later, by entry product.

    Parameters
    ----------
    lines : pandas.DataFrame
        Cleaned lines, such as ``ShopperModel.lines``.
    days : int, default 90
        After the first day with orders, for everyone: see ``customers.journeys.starts.new_starts``.
    min_customers : int, default 20
        The fewest customers who began with the product.
    starts : Starts, optional
        What ``new_starts`` returned, where it is at hand.

    Returns
    -------
    pandas.DataFrame
        ``product_id, product_name, customers`` (who began with it), ``came_back`` (share of them who ordered
        again in the time) with ``came_back_low`` and ``came_back_high``, ``later_value`` (spent after the
        first day in the time, on average, those who did not come back included) with ``value_low`` and
        ``value_high``: 95 % intervals. Surest value first. ``attrs`` hold the same of all new customers:
        ``customers, came_back, later_value``. A customer counts with every product of the first day; who
        began with it may differ in other ways, too: the product need not be the reason.

    Raises
    ------
    ValueError
        A parameter is not a whole number from 1.
    TooLittleDataError
        Nobody can be followed for that long.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=300, n_products=30, n_days=300, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
    >>> entry = entry_products(model.lines)
    >>> bool(((entry["value_low"] < entry["later_value"]) & (entry["customers"] >= 20)).all())
    True
    """
    check_count("min_customers", min_customers)
    starts = new_starts(lines, days) if starts is None else starts
    first, later = starts.first.T, starts.later_value
    n = np.asarray(first.sum(axis=1), dtype=float).ravel()
    back = share_interval(first @ starts.came_back.astype(float), n)
    value = mean_interval(n, first @ later, first @ later**2)
    table = starts.products.assign(customers=n.astype(np.int64))
    for names, found in (
        (("came_back", "came_back_low", "came_back_high"), back),
        (("later_value", "value_low", "value_high"), value),
    ):
        table = table.assign(**dict(zip(names, found, strict=True)))
    table = table[table["customers"] >= min_customers]
    table = table.sort_values("value_low", ascending=False, kind="stable", ignore_index=True)
    table.attrs = {
        "customers": len(starts),
        "came_back": float(starts.came_back.mean()),
        "later_value": float(later.mean()),
    }
    return table
