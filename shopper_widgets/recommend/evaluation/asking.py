"""Each method is fitted once on the orders before a date, and asked all questions about those after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd

from shopper_widgets._support.progress import progress_bar
from shopper_widgets.recommend.evaluation.splitting import Known, after, before, days_covered, known
from shopper_widgets.recommend.evaluation.tables import Round, Scores
from shopper_widgets.recommend.purchases import reading_once


class Questions(Protocol):
    """The questions after one cut."""

    #: The customer of each question, (n_questions,).
    customer: np.ndarray

    def score(self, fitted: Any, sizes: list[int]) -> Scores:
        """Return the scores of a fitted method's lists, cut to these lengths."""


#: The lines after a cut, what is known before it, and the cut.
Split = tuple[pd.DataFrame, Known, pd.Timestamp]


def splits(
    transactions: Any, cuts: Sequence[pd.Timestamp], horizon_days: int, random_state: int
) -> list[Split]:
    """Return the material for the questions, for each cut."""
    return [
        (after(transactions, cut, horizon_days, random_state), known(before(transactions, cut)), cut)
        for cut in cuts
    ]


def ask_methods(
    transactions: Any,
    asked: Mapping[str, tuple[list[Questions], Mapping[str, Any]]],
    cuts: Sequence[pd.Timestamp],
    horizon_days: int,
    sizes: list[int],
) -> dict[str, list[Round]]:
    """Return the scores of the methods of each task (its questions after each cut, and its methods).

    A method that has the same name in several tasks is fitted once for all of them.
    """
    from sklearn.base import clone

    everyone = {name: method for _, methods in asked.values() for name, method in methods.items()}
    found: dict[str, list[Round]] = {task: [] for task in asked}
    with progress_bar(total=len(cuts) * len(everyone), delay=2, desc="Evaluation") as progress:
        for place, cut in enumerate(cuts):
            training = before(transactions, cut).to_native()
            days = days_covered(transactions, cut, horizon_days)
            scores: dict[str, dict[str, Scores]] = {task: {} for task in asked}
            with reading_once(training):
                for name, method in everyone.items():
                    fitted = clone(method, safe=False).fit(training)
                    for task, (of_task, methods) in asked.items():
                        if name in methods:
                            scores[task][name] = of_task[place].score(fitted, sizes)
                    progress.update()
            for task, (of_task, _) in asked.items():
                found[task].append(Round(cut, days, of_task[place].customer, scores[task]))
    return found
