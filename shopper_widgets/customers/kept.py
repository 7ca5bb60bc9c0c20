"""Columns that the model was told to keep, such as channel: their values for readers, and their lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import plain
from shopper_widgets._support.formatting import format_day
from shopper_widgets._support.locale import ENGLISH, in_locale

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel


def lines_with(model: ShopperModel, kept: Mapping[str, str]) -> pd.DataFrame:
    """Return the order lines that have all of these values.

    Parameters
    ----------
    model : ShopperModel
        Gives the lines, with its kept columns.
    kept : mapping of str to str
        Kept column → a value of it, as `value_name` writes it.

    Raises
    ------
    ValueError
        The model keeps no such column, or no line has that value.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
    >>> orders = orders.assign(gift=orders["quantity"] == 1)
    >>> model = ShopperModel.fit(orders, n_clusters=4, keep=["gift"], progress=False)
    >>> set(lines_with(model, {"gift": "yes"})["quantity"])
    {1}
    """
    lines = model.lines
    there = [name for name in model.parameters.get("keep", ()) if name in lines]
    for name, text in kept.items():
        if name not in there:
            known = ", ".join(there) or "none"
            raise ValueError(f"kept: the model keeps no column {plain(name)!r}; it keeps {known}.")
        same = [value for value in model.lines[name].dropna().unique() if value_name(value) == text]
        if not same:
            raise ValueError(f"kept: there are no orders with {name} {plain(text)!r}.")
        lines = lines[lines[name].isin(same)]
    return lines


def value_name(value: Any) -> str:
    """Write a value for people: a truth value in words, a number without a needless .0, a day.

    Addresses and definitions of campaigns hold it, so it is the same in every language.

    Examples
    --------
    >>> value_name(True), value_name(2.0), value_name(pd.Timestamp("2024-03-01")), value_name("web")
    ('yes', '2', '1 Mar 2024', 'web')
    """
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp) and value == value.normalize():
        with in_locale(ENGLISH):
            return format_day(value)
    return f"{value:.15g}" if isinstance(value, float | np.floating) else str(value)
