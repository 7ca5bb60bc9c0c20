"""Order lines of known customers, by number: who bought what on which day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets._support.checks import told_missing
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    IS_PRODUCT,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
)
from shopper_widgets.errors import TooLittleDataError

Ints = npt.NDArray[np.int64]
#: The columns that a journey needs.
NEEDED = (CUSTOMER_ID, PRODUCT_ID, PRODUCT_NAME, ORDERED_AT, AMOUNT, IS_PRODUCT)


@dataclass(frozen=True)
class Purchases:
    """The purchases of known customers, a row per line, with numbers in place of ids.

    Attributes
    ----------
    who, what, day : ndarray of int
        Customer and product of each line, as positions in `customer_ids` and `products`; days since 1970.
    customer_ids : ndarray of str
        The ids for the numbers in `who`.
    products : DataFrame
        ``product_id, product_name``.
    amount : ndarray of float
        The amount of each line, in the currency of the orders.
    is_product : ndarray of bool
        Whether the line is of goods.
    last_day : int
        The last day of all lines.
    """

    who: Ints
    what: Ints
    day: Ints
    customer_ids: npt.NDArray[Any]
    products: pd.DataFrame
    amount: npt.NDArray[np.float64]
    is_product: npt.NDArray[np.bool_]
    last_day: int


def purchases_of(lines: pd.DataFrame, among: Collection[str] | None = None) -> Purchases:
    """Number the customers and products of order lines.

    Parameters
    ----------
    lines : pandas.DataFrame
        Cleaned lines, such as ``ShopperModel.lines``; those without a customer are left out.
    among : collection of str, optional
        Ids of customers: only their lines count. They are observed until the last of all lines.

    Raises
    ------
    ValueError
        A column is missing.
    TooLittleDataError
        No line has a customer.

    Examples
    --------
    >>> lines = pd.DataFrame({"customer_id": ["ann", "ben", None], "product_id": ["mug", "tea", "tea"],
    ...     "product_name": ["MUG", "TEA", "TEA"], "amount": [4.0, 2.0, 2.0], "is_product": True,
    ...     "ordered_at": pd.to_datetime(["2024-01-01", "2024-01-03", "2024-01-04"])})
    >>> bought = purchases_of(lines)
    >>> bought.customer_ids.tolist(), bought.what.tolist(), (bought.day - bought.last_day).tolist()
    (['ann', 'ben'], [0, 1], [-3, -1])
    """
    if missing := [name for name in NEEDED if name not in lines]:
        raise ValueError(
            f"lines must have {', '.join(NEEDED)}; {told_missing(missing)}. ShopperModel.lines has them."
        )
    known = lines[lines[CUSTOMER_ID].notna()]
    if among is not None:
        known = known[known[CUSTOMER_ID].isin(among)]
    if known.empty:
        raise TooLittleDataError(
            gettext("No line has a customer: nobody can be followed from order to order.")
        )
    who, customer_ids = pd.factorize(known[CUSTOMER_ID], sort=True)
    what, product_ids = pd.factorize(known[PRODUCT_ID], sort=True)
    names = known.drop_duplicates(PRODUCT_ID, keep="last").set_index(PRODUCT_ID)[PRODUCT_NAME]
    products = pd.DataFrame({PRODUCT_ID: np.asarray(product_ids, dtype=str)})
    products[PRODUCT_NAME] = products[PRODUCT_ID].map(
        dict(zip(names.index.astype(str), names.astype(str), strict=True))
    )
    return Purchases(
        who=np.asarray(who, dtype=np.int64),
        what=np.asarray(what, dtype=np.int64),
        day=_days(known[ORDERED_AT]),
        customer_ids=np.asarray(customer_ids, dtype=str),
        products=products,
        amount=known[AMOUNT].to_numpy(dtype=float),
        is_product=known[IS_PRODUCT].to_numpy(dtype=bool),
        last_day=int(_days(lines[ORDERED_AT]).max()),
    )


def _days(moments: pd.Series[pd.Timestamp]) -> Ints:
    days: Ints = moments.to_numpy().astype("datetime64[D]").astype(np.int64)
    return days


def as_day(day: int) -> pd.Timestamp:
    """Return the date of a day that is counted from 1970."""
    return pd.Timestamp(int(day), unit="D")
