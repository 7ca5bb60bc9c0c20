"""Recency, frequency and monetary value as a checked array, with which scorers and segmenters compute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets._support.checks import plain
from shopper_widgets.columns import CUSTOMER_ID, RFM

#: The least possible value of each column.
_LEAST = (0, 1, 0)
#: The most bad rows that an error names.
_NAMED = 5


def rfm_values(rfm: Any) -> npt.NDArray[np.float64]:
    """Return recency, frequency and monetary value as a checked array.

    Parameters
    ----------
    rfm : frame, array-like of shape (n, 3), or one (recency, frequency, monetary)
        A frame that Narwhals reads has the three columns, and perhaps others, in any order; so has one row of
        it, or a dict. An array has them in this order.

    Returns
    -------
    ndarray of shape (n, 3)
        Finite; recency ≥ 0, frequency ≥ 1, monetary ≥ 0.

    Raises
    ------
    TypeError
        Something in it is not a number.
    ValueError
        A column is missing, the shape is another one, there is no row, or values are missing, infinite or out
        of the range above. The message names the rows: by customer where the frame says who they are, else by
        position (from 0).

    Examples
    --------
    >>> rfm_values((2, 7, 4310.0)).tolist()
    [[2.0, 7.0, 4310.0]]
    >>> rfm_values([(2, 7, 4310.0), (5, 0, 10.0)])
    Traceback (most recent call last):
        ...
    ValueError: frequency must be at least 1; got 0 in row 1. Correct or leave out these rows.
    """
    if isinstance(rfm, pd.Series | Mapping) and set(RFM) <= set(rfm.keys()):
        rfm = [[rfm[name] for name in RFM]]  # by name: the columns may have another order
    frame = nw.from_native(rfm, pass_through=True)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    customers = None
    if isinstance(frame, nw.DataFrame):
        missing = [name for name in RFM if name not in frame.columns]
        if missing:
            raise ValueError(
                f"rfm must have the columns {', '.join(RFM)}; it lacks {', '.join(missing)}. See rfm_table."
            )
        columns = [frame[name].to_numpy() for name in RFM]
        if CUSTOMER_ID in frame.columns:
            customers = frame[CUSTOMER_ID].to_list()
    else:
        columns = list(_table(rfm).T)
    values = np.column_stack([_floats(column, name) for column, name in zip(columns, RFM, strict=True)])
    if not len(values):
        raise ValueError("rfm must hold at least one customer; it is empty.")
    for name, column, least in zip(RFM, values.T, _LEAST, strict=True):
        _check(column, np.isfinite(column), f"{name} must be a finite number", customers)
        _check(column, column >= least, f"{name} must be at least {least}", customers)
    return values


def one_customer(customer: Any, rfm: pd.DataFrame | None = None) -> npt.NDArray[np.float64]:
    """Return R, F and M of one customer, given as three numbers or by id; shape (1, 3).

    Raises
    ------
    KeyError
        `rfm` doesn't have exactly one customer with this id.
    TypeError, ValueError
        An id is given without `rfm`, or more than one customer is; or as for :func:`rfm_values`.
    """
    if isinstance(customer, str):
        if rfm is None:
            raise TypeError(f"rfm must be given to look up customer {plain(customer)!r}: see rfm_table.")
        rows = rfm[rfm[CUSTOMER_ID] == customer]
        if len(rows) != 1:
            found = f"{len(rows)} customers" if len(rows) else "no customer"
            raise KeyError(
                f"rfm must hold customer {plain(customer)!r} once; it has {found} of this customer_id."
            )
        return rfm_values(rows)
    values = rfm_values(customer)
    if len(values) != 1:
        raise ValueError(f"customer must be one customer; got {len(values)}.")
    return values


def _table(rfm: Any) -> npt.NDArray[Any]:
    try:
        table = np.asarray(rfm)
    except ValueError:  # rows of different lengths
        table = np.empty(0)
    if table.shape == (3,):
        table = table.reshape(1, 3)
    if table.ndim != 2 or table.shape[1] != 3:
        raise ValueError(
            "rfm must be a frame, or numbers of shape (n, 3): recency, frequency and monetary value; "
            f"got {type(rfm).__name__} of shape {np.shape(table)}."
        )
    return table


def _floats(values: npt.NDArray[Any], name: str) -> npt.NDArray[np.float64]:
    """Return numbers as floats, missing ones as NaN; text is refused even if it looks like a number."""
    if values.dtype.kind in "iuf":
        return values.astype(np.float64)
    missing = pd.isna(values)
    for value in values[~missing]:
        if not pd.api.types.is_number(value):
            raise TypeError(f"{name} must be numeric; got {plain(value)!r} ({type(value).__name__}).")
    return np.where(missing, np.nan, values).astype(np.float64)


def _check(
    values: npt.NDArray[np.float64], good: npt.NDArray[np.bool_], rule: str, customers: list[Any] | None
) -> None:
    if good.all():
        return
    rows = np.flatnonzero(~good)
    named = [f"row {i}" if customers is None else f"customer {customers[i]!r}" for i in rows[:_NAMED]]
    more = f" and {len(rows) - _NAMED:,} more" if len(rows) > _NAMED else ""
    raise ValueError(
        f"{rule}; got {values[rows[0]]:g} in {', '.join(named)}{more}. Correct or leave out these rows."
    )
