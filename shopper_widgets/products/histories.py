"""Demand as a matrix: a row per product, a column per week in which the shop was open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets._support.checks import check_frame, plain, told_missing
from shopper_widgets.columns import AMOUNT, PRODUCT_ID, QUANTITY
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.products.demand import WEEK, WEEKS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

IN_STOCK = "in_stock"
#: The demand of a week out of stock is assumed to be at least the mean of this many weeks before.
_WEEKS_BEFORE = 8


@dataclass(frozen=True)
class Histories:
    """Weekly demand of products.

    Attributes
    ----------
    products : list of str
        Ids, ascending.
    weeks : list of pandas.Timestamp
        The last day of each week.
    quantity, amount : ndarray of shape (n_products, n_weeks)
        The sales; in a week out of stock, an estimate of the demand.
    start : ndarray of shape (n_products,)
        The week of the first sale.
    known : ndarray of bool of shape (n_products, n_weeks)
        False where a product was out of stock, so that its demand isn't known.
    """

    products: list[str]
    weeks: list[pd.Timestamp]
    quantity: Floats
    amount: Floats
    start: Ints
    known: Flags

    @classmethod
    def of(cls, demand: Any) -> Histories:
        """Turn a table of demand into matrices, or raise an error that says what is wrong with it."""
        table = _checked(demand)
        weeks = sorted({*demand.attrs.get(WEEKS, ()), *table[WEEK].unique()})
        rows, products = pd.factorize(table[PRODUCT_ID].astype(str), sort=True)
        columns = pd.Index(weeks).get_indexer(table[WEEK])
        shape = (len(products), len(weeks))
        quantity, amount, known = np.zeros(shape), np.zeros(shape), np.ones(shape, dtype=bool)
        quantity[rows, columns] = table[QUANTITY].to_numpy(dtype=float)
        amount[rows, columns] = table[AMOUNT].to_numpy(dtype=float)
        if IN_STOCK in table:
            known[rows, columns] = table[IN_STOCK].to_numpy(dtype=bool)
        sold = quantity > 0
        start = np.where(sold.any(axis=1), sold.argmax(axis=1), len(weeks))
        return cls(products.tolist(), weeks, _estimated(quantity, known, start), amount, start, known)

    def whole_units(self, origin: int) -> Flags:
        """Return which products were sold in pieces before a week, not by weight or length."""
        before = np.where(self.known, self.quantity, 0.0)[:, :origin]
        return np.asarray((before == np.rint(before)).all(axis=1))


def _checked(demand: Any) -> pd.DataFrame:
    check_frame("demand", demand)
    if not isinstance(demand, pd.DataFrame):
        raise TypeError(f"demand must be a pandas.DataFrame; got {type(demand).__name__}: see demand_table.")
    needed = (PRODUCT_ID, WEEK, QUANTITY, AMOUNT)
    if missing := [name for name in needed if name not in demand]:
        raise ValueError(
            f"demand must have the columns {', '.join(needed)}; {told_missing(missing)}. "
            "demand_table(…) gives them."
        )
    if demand.empty:
        raise TooLittleDataError("demand must hold at least one row; it has none.")
    if not pd.api.types.is_datetime64_any_dtype(demand[WEEK]):
        raise TypeError(f"demand must have timestamps in week; got {demand[WEEK].dtype}.")
    for name in (QUANTITY, AMOUNT):
        values = demand[name].to_numpy(dtype=float)
        if not (np.isfinite(values) & (values >= 0)).all():
            raise ValueError(
                f"demand must have a {name} of at least 0 in each row; {plain(demand[name].min())!r} is not."
            )
    if demand[WEEK].isna().any() or demand[PRODUCT_ID].isna().any():
        raise ValueError("demand must have a product_id and a week in each row; some are missing.")
    if (twice := demand.duplicated([PRODUCT_ID, WEEK])).any():
        row = demand[twice].iloc[0]
        raise ValueError(
            f"demand must have one row per product and week; product {row[PRODUCT_ID]!r} has several for the "
            f"week up to {row[WEEK]:%Y-%m-%d}. Sum them first."
        )
    return demand


def _estimated(quantity: Floats, known: Flags, start: Ints) -> Floats:
    """Raise the demand of weeks out of stock to the mean of the weeks before: sales are a lower bound.

    Later weeks are not used, so that no estimate knows the future.
    """
    if known.all():
        return quantity
    found = quantity.copy()
    for week in range(1, quantity.shape[1]):
        before = found[:, max(0, week - _WEEKS_BEFORE) : week]
        inside = np.arange(max(0, week - _WEEKS_BEFORE), week) >= start[:, None]
        usual = (before * inside).sum(axis=1) / np.maximum(inside.sum(axis=1), 1)
        found[:, week] = np.where(known[:, week], found[:, week], np.maximum(found[:, week], usual))
    return found
