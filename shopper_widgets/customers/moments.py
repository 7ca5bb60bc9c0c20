"""The dates between which a panel compares customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from shopper_widgets._support.formatting import format_day
from shopper_widgets.customers.history import month_ends

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

_DAY = pd.Timedelta(days=1)


def comparable_moments(model: ShopperModel) -> dict[str, pd.Timestamp]:
    """Return the month-ends that the orders cover, and the model's present, keyed by their day as text.

    The present is left out if it is the last month-end, or the midnight after it.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=75, random_state=0)
    >>> list(comparable_moments(ShopperModel.fit(orders, n_clusters=4, progress=False)))
    ['2024-01-31', '2024-02-29', '2024-03-16']
    """
    moments = month_ends(model.orders)
    if not moments or model.as_of - moments[-1] > _DAY:
        moments.append(model.as_of)
    return {f"{moment:%Y-%m-%d}": moment for moment in moments}


def written(day: str) -> str:
    """Write a day for people.

    Examples
    --------
    >>> written("2024-02-29")
    '29 Feb 2024'
    """
    return format_day(pd.Timestamp(day))
