"""The rule grid: every pair of scores has exactly one name."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopper_widgets.segments import RULES, RuleSegmenter
from shopper_widgets.segments.rules import fm_score
from tests.contracts import EstimatorContract

ELEVEN = {
    "Champions",
    "Loyal",
    "Potential Loyalist",
    "New",
    "Promising",
    "Need Attention",
    "About to Sleep",
    "At Risk",
    "Cannot Lose Them",
    "Hibernating",
    "Lost",
}


def customers(n=300, seed=0):
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "recency": random.integers(0, 365, n),
            "frequency": random.geometric(0.2, n),
            "monetary": random.lognormal(5, 1, n).round(2),
        }
    )


FITTED = RuleSegmenter().fit(customers())


def test_the_eleven_usual_names():
    assert [name for name, *_ in RULES] == list(dict.fromkeys(name for name, *_ in RULES))
    assert {name for name, *_ in RULES} == ELEVEN


def test_no_gap_and_no_overlap():
    for r, f, m in product(range(1, 6), repeat=3):
        value = int(fm_score(np.array(f), np.array(m)))
        matching = [name for name, recency, worth in RULES if r in recency and value in worth]
        assert len(matching) == 1, (r, f, m, matching)


def test_no_rule_reaches_beyond_the_scores():
    assert {score for _, *scores in RULES for each in scores for score in each} == {1, 2, 3, 4, 5}


def test_better_scores_never_make_a_worse_name():
    """Champions are the best corner, Lost the worst, and only the silent are at risk."""
    rule = {name: (recency, worth) for name, recency, worth in RULES}
    assert (max(rule["Champions"][0]), max(rule["Champions"][1])) == (5, 5)
    assert (min(rule["Lost"][0]), min(rule["Lost"][1])) == (1, 1)
    for name in ("At Risk", "Cannot Lose Them", "Hibernating", "Lost"):
        assert max(rule[name][0]) <= 2


def test_labels_follow_the_scores():
    table = customers()
    segmenter = RuleSegmenter().fit(table)
    scored = segmenter.scorer_.transform(table)
    value = (scored["f_score"] + scored["m_score"] + 1) // 2
    for r, v, label in zip(scored["r_score"], value, segmenter.labels_, strict=True):
        assert [name for name, recency, worth in RULES if r in recency and v in worth] == [label]
    assert segmenter.predict(table).tolist() == segmenter.labels_.tolist()


def test_same_interface_as_the_segmenter():
    segmenter = RuleSegmenter().fit(customers())
    assert segmenter.profiles_["segment"].tolist() == segmenter.segment_names_
    assert segmenter.profiles_["customers"].sum() == 300
    assert segmenter.profiles_["share"].sum() == pytest.approx(1)
    assert segmenter.reason_.startswith(f"{segmenter.n_clusters_} segments: the rules define 11 by")


def test_equal_customers_are_one_segment():
    segmenter = RuleSegmenter().fit([(5, 1, 10.0)] * 30)
    assert segmenter.n_clusters_ == 1
    assert "alike" in " ".join(segmenter.limits_)


@settings(max_examples=80)
@given(st.integers(0, 364), st.integers(1, 40), st.integers(0, 200_000))
def test_explanations_name_the_rule_and_flips_that_predict_confirms(recency, frequency, cents):
    customer = (recency, frequency, cents / 100)
    why = FITTED.explain(customer)
    assert why.segment == FITTED.predict(customer)[0]
    assert why.r_score in why.recency_scores
    assert why.fm_score in why.fm_scores
    assert (why.segment, why.recency_scores, why.fm_scores) in RULES
    assert why.flips
    for flip in why.flips:
        asked = {"recency": recency, "frequency": frequency, "monetary": cents / 100}
        assert FITTED.predict(tuple((asked | {flip.measure: flip.value}).values()))[0] == flip.segment
        step = 0.01 if flip.measure == "monetary" else 1
        short = round(flip.value - np.sign(flip.change) * step, 2)
        assert FITTED.predict(tuple((asked | {flip.measure: short}).values()))[0] == why.segment
    assert why.smallest_flip == why.flips[0]


def test_the_explanation_is_told_in_scores():
    table = customers()
    first = table.assign(customer_id=[f"c{i}" for i in range(300)])
    why = FITTED.explain("c0", first, currency="£")
    scored = FITTED.scorer_.transform(table).head(1).to_dict("records")[0]
    scores, rule, smallest, *_ = why.sentences
    assert f"of silence: {scored['r_score']}, " in scores
    assert f", £{scored['monetary']:,.0f} spent: {scored['m_score']}, orders and" in scores
    assert rule.startswith(f"The rule: {FITTED.labels_[0]} are those whose silence scores ")
    assert smallest.startswith("The smallest change: ")


class TestRuleSegmenterContract(EstimatorContract):
    def make(self):
        return RuleSegmenter()

    def data(self):
        return customers()

    def answers(self, fitted):
        asked = [(1, 30, 900.0), (300, 1, 20.0), (100, 5, 150.0)]
        return [fitted.predict(asked), fitted.profiles_, fitted.reason_]

    def check_unseen(self, fitted):
        with pytest.raises(ValueError, match="frequency must be at least 1"):
            fitted.predict((1, 0, 5.0))
