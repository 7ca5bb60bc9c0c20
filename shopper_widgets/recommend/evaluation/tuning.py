"""The parameters that suit one shop, found on its own later orders."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_at_least
from shopper_widgets._support.progress import progress_bar
from shopper_widgets.recommend.blend import BlendRecommender
from shopper_widgets.recommend.evaluation.baskets import prepared
from shopper_widgets.recommend.evaluation.splitting import before, check_transactions, checked_cuts

#: The values that are tried for each parameter, one parameter at a time.
GRID: dict[str, list[float]] = {
    "half_life": [30.0, 60.0, 120.0, 240.0, float("inf")],
    "shrinkage": [2.0, 5.0, 15.0, 40.0],
    "popularity_discount": [0.0, 0.05, 0.15, 0.3, 0.5],
    "name_weight": [0.0, 0.1, 0.3, 0.6],
}
#: The number of guesses at the rest of a basket.
N = 10


class Tuned(NamedTuple):
    """The result of `tune`.

    Attributes
    ----------
    recommender : BlendRecommender
        It has the chosen parameters, and is fitted on all transactions.
    trials : DataFrame
        ``half_life, shrinkage, popularity_discount, name_weight, ndcg, coverage, seconds, is_chosen``: the
        trials in their order, with means over the cut dates.
    """

    recommender: BlendRecommender
    trials: pd.DataFrame


def tune(
    transactions: Any,
    *,
    cut_dates: Iterable[Any],
    budget_seconds: float,
    horizon_days: int = 28,
    least_coverage: float = 0.9,
    recommender: BlendRecommender | None = None,
    random_state: int = 0,
) -> Tuned:
    """Search the parameters of a `BlendRecommender` on purchases after some dates.

    Beginning with the parameters given, one is varied at a time, in random order, and the best is kept, until
    nothing gets better or the time is up. Of those that reach the coverage asked for, the best is the one
    with the greatest mean NDCG@10 at guessing the rest of later baskets (see `evaluate_recommenders`); if
    none reaches it, the one with the greatest coverage.

    The result is the best for these dates. To know how good it is, evaluate it on later ones.

    Parameters
    ----------
    transactions : frame
        Cleaned transactions, as for `evaluate_recommenders`.
    cut_dates : iterable of dates
        The more, the steadier the choice and the longer each trial; `default_cut_dates` proposes some.
    budget_seconds : float
        No trial begins after so long. The first is always made, and the time to fit the best comes on top. A
        slower machine makes fewer trials; everything else is the same in every run.
    horizon_days : int, default=28
        Baskets from each date until this many days later are guessed.
    least_coverage : float, default=0.9
        Share of the products that the lists of 10 have to hold, 0 to 1: see ``coverage`` of
        `evaluate_recommenders`.
    recommender : BlendRecommender, optional
        Where to begin, unfitted; its other parameters stay. Parameters left at ``"auto"`` begin at the values
        chosen on the orders before the first of the dates.
    random_state : int, default=0
        Seed of the order of the trials, and of which products are asked about.

    Returns
    -------
    Tuned
        ``recommender`` and ``trials``.

    Raises
    ------
    NothingToAskError, ValueError
        As `evaluate_recommenders`; also if the budget is negative or infinite.

    Examples
    --------
    >>> from shopper_widgets.orders.cleaning import clean_transactions
    >>> from shopper_widgets.datasets import make_transactions
    >>> orders = make_transactions(n_customers=60, n_products=30, n_days=120, random_state=0)
    >>> lines = clean_transactions(orders).transactions
    >>> last = lines["ordered_at"].max()
    >>> found = tune(lines, cut_dates=[last - pd.Timedelta(days=28)], budget_seconds=0)
    >>> len(found.trials), found.recommender.shrinkage
    (1, 15.0)
    """
    from sklearn.base import clone

    check_at_least("budget_seconds", budget_seconds, 0)
    check_at_least("least_coverage", least_coverage, 0)
    check_transactions(transactions)
    start = recommender if recommender is not None else BlendRecommender()
    cuts = checked_cuts({"start": start}, cut_dates, horizon_days)
    chosen = clone(start).fit(before(transactions, min(cuts))).clues_
    tasks = [prepared(transactions, cut, horizon_days, random_state) for cut in cuts]
    rng = np.random.default_rng(random_state)
    began = time.monotonic()
    trials: list[dict[str, float]] = []

    def attempt(values: dict[str, float]) -> dict[str, float]:
        clock = time.monotonic()
        scores = [task.score(clone(start).set_params(**values), [N]) for task in tasks]
        ndcg = np.mean([np.nanmean(score.by_question[f"ndcg@{N}"]) for score in scores])
        coverage = np.mean([score.counted["coverage"] for score in scores])
        spent = time.monotonic() - clock
        trials.append({**values, "ndcg": float(ndcg), "coverage": float(coverage), "seconds": spent})
        return trials[-1]

    best = attempt({name: float(chosen[name]) for name in GRID})
    tried = {_parameters(best)}
    with progress_bar(total=round(budget_seconds), delay=2, desc="Tuning", unit="s") as progress:
        improved = True
        while improved:
            improved = False
            for name, value in _moves(rng):
                elapsed = time.monotonic() - began
                if elapsed >= budget_seconds:
                    break
                progress.update(min(round(elapsed), progress.total) - progress.n)
                values = {**dict(zip(GRID, _parameters(best), strict=True)), name: value}
                if tuple(values.values()) in tried:
                    continue
                trial = attempt(values)
                tried.add(_parameters(trial))
                if _worth(trial, least_coverage) > _worth(best, least_coverage):
                    best, improved = trial, True
    table = pd.DataFrame(trials).assign(is_chosen=[trial is best for trial in trials])
    tuned = clone(start).set_params(**dict(zip(GRID, _parameters(best), strict=True)))
    return Tuned(tuned.fit(transactions), table)


def _moves(rng: np.random.Generator) -> list[tuple[str, float]]:
    """Return every value of every parameter, both in random order."""
    names = list(GRID)
    return [
        (names[place], value)
        for place in rng.permutation(len(names))
        for value in rng.permutation(GRID[names[place]]).tolist()
    ]


def _parameters(trial: dict[str, float]) -> tuple[float, ...]:
    return tuple(trial[name] for name in GRID)


def _worth(trial: dict[str, float], least_coverage: float) -> tuple[bool, float]:
    enough = trial["coverage"] >= least_coverage
    return enough, trial["ndcg"] if enough else trial["coverage"]
