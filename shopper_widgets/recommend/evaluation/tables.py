"""Scores of several methods as one table, with paired differences where they are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.typing import NaTType

from shopper_widgets._support.checks import check_count, plain
from shopper_widgets.recommend.evaluation.intervals import Resamples

COLUMNS = ["method", "cut_date", "metric", "value", "low", "high", "questions", "customers", "days"]
DIFFERENCES = ["difference", "difference_low", "difference_high"]
NO_INTERVAL = (np.nan, np.nan)
#: The metrics of a list that lie between 0 and 1.
_ACCURACY = re.compile("(hit_rate|precision|recall|ndcg)@")


@dataclass(frozen=True)
class Scores:
    """The scores of one method after one cut: values per question, and figures over all questions.

    Attributes
    ----------
    by_question : dict of str to ndarray of shape (n_questions,)
        NaN where a question has no value.
    counted : dict of str to float
        Figures of all questions together, such as ``coverage``.
    """

    by_question: dict[str, np.ndarray]
    counted: dict[str, float]


@dataclass(frozen=True)
class Round:
    """The questions after one cut, and the scores of each method.

    Attributes
    ----------
    cut : Timestamp, or NaT for several together
        Methods learned from the lines before it.
    days : int
        How many days of the horizon the data cover.
    customer : ndarray of shape (n_questions,)
        The customer of each question.
    scores : dict of str to Scores
        Method → its scores.
    """

    cut: pd.Timestamp | NaTType
    days: int
    customer: np.ndarray
    scores: dict[str, Scores]


def lengths(n: int | Sequence[int]) -> list[int]:
    """Return the checked lengths of the lists to judge."""
    several = list(n) if isinstance(n, Iterable) and not isinstance(n, str) else [n]
    if not several:
        raise ValueError("n must hold at least one length")
    for one in several:
        check_count("n", one)
    return list(dict.fromkeys(map(int, several)))


def check_against(methods: Mapping[str, Any], against: str | None) -> None:
    """Raise ValueError unless the method to compare with is among the methods."""
    if against is not None and against not in methods:
        raise ValueError(f"against must be one of {', '.join(methods)}; got {plain(against)!r}")


def result_table(
    rounds: Sequence[Round], against: str | None, pooled: bool, random_state: int
) -> pd.DataFrame:
    """Return a row for each cut, method and metric, with paired differences from one of the methods.

    With `pooled`, rows without a cut date follow, for the questions after all cuts together.
    """
    shown = [*rounds, _together(rounds)] if pooled else rounds
    return pd.concat([_rows(one, against, random_state) for one in shown], ignore_index=True)


def _together(rounds: Sequence[Round]) -> Round:
    first = rounds[0].scores
    scores = {}
    for method, of_method in first.items():
        everywhere = [one.scores[method] for one in rounds]
        scores[method] = Scores(
            {m: np.concatenate([one.by_question[m] for one in everywhere]) for m in of_method.by_question},
            {m: float(np.mean([one.counted[m] for one in everywhere])) for m in of_method.counted},
        )
    customer = np.concatenate([one.customer for one in rounds])
    return Round(pd.NaT, min(one.days for one in rounds), customer, scores)


def _rows(asked: Round, against: str | None, random_state: int) -> pd.DataFrame:
    resamples = Resamples(asked.customer, random_state)
    everyone = resamples.asked(np.zeros(len(asked.customer)))
    beside = None if against is None else asked.scores[against]
    rows: list[tuple[Any, ...]] = []
    for method, scores in asked.scores.items():
        of_method = scores.by_question
        means: list[tuple[float, ...]] = [
            resamples.of_all_alike(values, mean) if _ACCURACY.search(metric) else mean
            for (metric, values), mean in zip(
                of_method.items(), resamples.means(list(of_method.values())), strict=True
            )
        ]
        if beside is not None:
            differences = [values - beside.by_question[metric] for metric, values in of_method.items()]
            means = [(*mean, *more) for mean, more in zip(means, resamples.means(differences), strict=True)]
        for (metric, values), mean in zip(of_method.items(), means, strict=True):
            counts = (*resamples.asked(values), asked.days)
            rows.append((method, asked.cut, metric, *mean[:3], *counts, *mean[3:]))
        for metric, value in scores.counted.items():
            difference = () if beside is None else (value - beside.counted[metric], *NO_INTERVAL)
            rows.append((method, asked.cut, metric, value, *NO_INTERVAL, *everyone, asked.days, *difference))
    return pd.DataFrame(rows, columns=COLUMNS if against is None else COLUMNS + DIFFERENCES)
