"""Fitted state that can be written without pickle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.base import BaseEstimator

_FRAME, _SPARSE = "__frame__", "__sparse__"


def _plain(value: Any) -> Any:
    """Return a data frame as its columns, and a sparse array as the arrays that it consists of."""
    if isinstance(value, pd.DataFrame):
        return {_FRAME: _columns(value)}
    if isinstance(value, sp.csr_array):
        return {_SPARSE: [value.data, value.indices, value.indptr, np.array(value.shape)]}
    return value


def _restored(value: Any) -> Any:
    if isinstance(value, dict) and _FRAME in value:
        return _frame(value[_FRAME])
    if isinstance(value, dict) and _SPARSE in value:
        data, indices, indptr, shape = value[_SPARSE]
        return sp.csr_array((data, indices, indptr), shape=tuple(shape.tolist()))
    return value


def _columns(frame: pd.DataFrame) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name in frame.columns:
        values = frame[name].to_numpy()
        columns[str(name)] = values if values.dtype.kind in "biuf" else frame[name].astype(object).tolist()
    return columns


def _frame(plain: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: np.asarray(v) if isinstance(v, np.ndarray) else v for name, v in plain.items()}
    )


class PlainStateEstimator(BaseEstimator):  # type: ignore[misc]
    """A scikit-learn estimator whose state holds only what skops can write: arrays, lists, numbers, text.

    Learned data frames (with their default index) are stored column by column, and sparse arrays as the
    arrays that they consist of (skops would compress each sparse array by itself, which takes longer than
    everything else); both are restored as they were.
    """

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        return {name: _plain(value) for name, value in state.items()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__({name: _restored(value) for name, value in state.items()})
