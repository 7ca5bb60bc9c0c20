"""Scores of several methods as one table, side by side where that is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from shopper_widgets.errors import check_count
from shopper_widgets.evaluation.intervals import Resamples

COLUMNS = ["method", "cut_date", "metric", "value", "low", "high"]
DIFFERENCES = ["difference", "difference_low", "difference_high"]


@dataclass(frozen=True)
class Scores:
    """Of one method after one cut: values question by question, and figures that are counted.

    Attributes
    ----------
    by_question : dict of str to ndarray of shape (n_questions,)
        NaN where a question has no value.
    counted : dict of str to float
    """

    by_question: dict[str, np.ndarray]
    counted: dict[str, float]


def lengths(n: int | Sequence[int]) -> list[int]:
    """Return the lengths of lists to judge, checked."""
    several = [n] if isinstance(n, int | np.integer) else list(n)
    if not several:
        raise ValueError("n must hold at least one length")
    for one in several:
        check_count("n", one)
    return [int(one) for one in several]


def check_against(methods: Mapping[str, Any], against: str | None) -> None:
    """Raise ValueError unless a method to compare with is among the methods."""
    if against is not None and against not in methods:
        raise ValueError(f"against must be one of {', '.join(methods)}; got {against!r}")


def table(
    scores: Mapping[str, Scores], cut: pd.Timestamp, resamples: Resamples, against: str | None
) -> pd.DataFrame:
    """Return a row for each method and metric of one cut; with paired differences from one of the methods."""
    rows = []
    for method, of_method in scores.items():
        for metric, values in of_method.by_question.items():
            difference: tuple[float, ...] = ()
            if against is not None:
                difference = resamples.mean(values - scores[against].by_question[metric])
            rows.append((method, cut, metric, *resamples.mean(values), *difference))
        for metric, value in of_method.counted.items():
            difference = ()
            if against is not None:
                difference = (value - scores[against].counted[metric], np.nan, np.nan)
            rows.append((method, cut, metric, value, np.nan, np.nan, *difference))
    return pd.DataFrame(rows, columns=COLUMNS if against is None else COLUMNS + DIFFERENCES)
