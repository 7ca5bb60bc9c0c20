"""Fitted state that can be written without pickle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

_FRAME = "__frame__"


def _plain(frame: pd.DataFrame) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name in frame.columns:
        values = frame[name].to_numpy()
        columns[str(name)] = values if values.dtype.kind in "biuf" else frame[name].astype(object).tolist()
    return {_FRAME: columns}


def _frame(plain: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: np.asarray(v) if isinstance(v, np.ndarray) else v for name, v in plain.items()}
    )


class PlainStateEstimator(BaseEstimator):  # type: ignore[misc]
    """A scikit-learn estimator whose state holds only what skops can write: arrays, lists, numbers, text.

    Learned data frames (with their default index) are stored column by column and come back as data frames.
    """

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        return {k: _plain(v) if isinstance(v, pd.DataFrame) else v for k, v in state.items()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        restored = {
            k: _frame(v[_FRAME]) if isinstance(v, dict) and _FRAME in v else v for k, v in state.items()
        }
        super().__setstate__(restored)
