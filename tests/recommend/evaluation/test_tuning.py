import numpy as np
import pandas as pd
import pytest

from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.recommend.blend import BlendRecommender
from shopper_widgets.recommend.evaluation import (
    NothingToAskError,
    default_cut_dates,
    evaluate_recommenders,
    tune,
)
from shopper_widgets.recommend.evaluation.tuning import GRID


@pytest.fixture(scope="module")
def lines(small_shop):
    return clean_transactions(small_shop).transactions


@pytest.fixture(scope="module")
def cuts(lines):
    return default_cut_dates(lines, n_cuts=2)


@pytest.fixture(scope="module")
def found(lines, cuts):
    start = BlendRecommender(half_life=30, popularity_discount=0.5, name_weight=0, n_neighbors=20)
    return tune(lines, cut_dates=cuts, budget_seconds=60, recommender=start, least_coverage=0.5)


def test_the_best_of_what_was_tried_is_chosen(found):
    trials = found.trials
    assert trials.columns.tolist() == [*GRID, "ndcg", "coverage", "seconds", "is_chosen"]
    assert trials["is_chosen"].sum() == 1
    assert len(trials) > sum(map(len, GRID.values())) - len(GRID)
    assert not trials.duplicated(list(GRID)).any()
    enough = trials[trials["coverage"] >= 0.5]
    chosen = trials[trials["is_chosen"]].iloc[0]
    assert chosen["ndcg"] == enough["ndcg"].max() > trials["ndcg"].iloc[0]
    for name in GRID:
        assert getattr(found.recommender, name) == chosen[name]
    assert found.recommender.n_neighbors == 20


def test_figures_are_those_of_the_evaluation(found, lines, cuts):
    method = BlendRecommender(half_life=30, popularity_discount=0.5, name_weight=0, n_neighbors=20)
    table = evaluate_recommenders(lines, {"first": method}, cut_dates=cuts)
    means = table.groupby("metric")["value"].mean()
    assert found.trials["ndcg"].iloc[0] == pytest.approx(means["ndcg@10"])
    assert found.trials["coverage"].iloc[0] == pytest.approx(means["coverage"])


def test_what_is_chosen_has_learned_from_everything(found, lines):
    twin = BlendRecommender(**found.recommender.get_params()).fit(lines)
    pd.testing.assert_frame_equal(found.recommender.similar_to_all(), twin.similar_to_all())


def test_the_seed_decides_the_order_and_the_rest_repeats(lines, cuts, found):
    options = {"cut_dates": cuts[:1], "budget_seconds": 60, "least_coverage": 0}
    one, again, other = (tune(lines, random_state=seed, **options).trials for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one.drop(columns="seconds"), again.drop(columns="seconds"))
    assert not one[list(GRID)].head(5).equals(other[list(GRID)].head(5))


def test_coverage_that_nothing_reaches_is_come_as_near_to_as_can_be(lines, cuts):
    trials = tune(lines, cut_dates=cuts, budget_seconds=60, least_coverage=2).trials
    assert trials.loc[trials["is_chosen"], "coverage"].item() == trials["coverage"].max()


def test_no_time_is_one_trial(lines, cuts):
    found = tune(lines, cut_dates=cuts, budget_seconds=0)
    assert found.trials["is_chosen"].tolist() == [True]
    assert np.isfinite(found.trials["seconds"]).all()


def test_what_makes_no_sense(lines, cuts):
    with pytest.raises(ValueError, match="budget_seconds must be at least 0; got -1"):
        tune(lines, cut_dates=cuts, budget_seconds=-1)
    with pytest.raises(ValueError, match="budget_seconds must be a finite number; got inf"):
        tune(lines, cut_dates=cuts, budget_seconds=float("inf"))
    with pytest.raises(ValueError, match="least_coverage must be a finite number; got 'most'"):
        tune(lines, cut_dates=cuts, budget_seconds=0, least_coverage="most")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="must each hold at least one"):
        tune(lines, cut_dates=[], budget_seconds=1)
    with pytest.raises(NothingToAskError):
        tune(lines, cut_dates=[lines["ordered_at"].max() + pd.Timedelta(days=1)], budget_seconds=1)
