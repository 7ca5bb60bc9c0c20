"""Explanations agree with the fit, and every flip is verified by predicting there."""

import dataclasses
import functools
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopper_widgets._support.formatting import format_number
from shopper_widgets.segments import TRANSFORMS, CustomerSegmenter, explain
from shopper_widgets.segments.rfm import rfm_table
from shopper_widgets.segments.rhythm import usual_gap

pytestmark = pytest.mark.filterwarnings("ignore:.*lie outside the fitted range")

RANDOM = np.random.default_rng(0)
CUSTOMERS = pd.DataFrame(
    {
        "customer_id": [f"c{i}" for i in range(300)],
        "recency": RANDOM.integers(0, 365, 300),
        "frequency": RANDOM.geometric(0.3, 300),
        "monetary": RANDOM.lognormal(5, 1.2, 300).round(2),
    }
)
VALUES = CUSTOMERS[["recency", "frequency", "monetary"]].to_numpy(dtype=float)
FITS = [(transform, method) for transform in TRANSFORMS for method in ("kmeans", "gmm")]


@functools.cache
def fitted(transform, method):
    """Fit when needed, since mixtures take a while: fits at import would delay collecting tests."""
    return CustomerSegmenter(4, transform, method=method).fit(CUSTOMERS)


KMEANS = fitted("soft", "kmeans")


def predicted(segmenter, why, **changed):
    row = [changed.get(name, getattr(why, name)) for name in ("recency", "frequency", "monetary")]
    return segmenter.predict(row)[0]


somebody = st.tuples(st.integers(0, 364), st.integers(1, 20), st.integers(0, 300_000).map(lambda c: c / 100))


@settings(max_examples=150)
@given(somebody, st.sampled_from(FITS))
def test_every_flip_is_the_first_step_that_predict_confirms(customer, fit):
    """`predict` gives the other segment there, but not one step before."""
    segmenter = fitted(*fit)
    why = explain(segmenter, customer)
    assert why.segment == segmenter.predict(customer)[0]
    for flip in why.flips:
        assert predicted(segmenter, why, **{flip.measure: flip.value}) == flip.segment != why.segment
        assert flip.value == pytest.approx(getattr(why, flip.measure) + flip.change)
        step = 0.01 if flip.measure == "monetary" else 1
        short = round(flip.value - np.sign(flip.change) * step, 2)
        assert predicted(segmenter, why, **{flip.measure: short}) == why.segment


@settings(max_examples=60)
@given(somebody, st.sampled_from(FITS))
def test_no_smaller_change_flips(customer, fit):
    """Every value on the way is predicted: all days, all orders, and many amounts."""
    segmenter = fitted(*fit)
    why = explain(segmenter, customer)
    flips = {(flip.measure, flip.change > 0): flip.value for flip in why.flips}
    assert len(flips) == len(why.flips)
    for place, measure in enumerate(("recency", "frequency", "monetary")):
        start = customer[place]
        for upward, end in ((True, segmenter.ranges_[1, place]), (False, segmenter.ranges_[0, place])):
            end = flips.get((measure, upward), end + (1 if upward else -1))
            between = np.arange(min(start, end) + 1, max(start, end))
            if measure == "monetary":
                between = np.linspace(start, end, 3000)[1:-1].round(2)
                between = between[np.abs(between - end) > 0.005]
            between = between[
                (between >= segmenter.ranges_[0, place]) & (between <= segmenter.ranges_[1, place])
            ]
            rows = np.repeat([customer], len(between), axis=0).astype(float)
            rows[:, place] = between
            if len(rows):
                assert set(segmenter.predict(rows)) == {why.segment}, (measure, upward)


@given(st.integers(0, 299))
def test_distances_margin_and_contributions_belong_together(row):
    why = explain(KMEANS, VALUES[row])
    ranked = sorted(why.distances, key=why.distances.__getitem__)
    assert ranked[:2] == [why.segment, why.runner_up]
    own, other = why.distances[why.segment], why.distances[why.runner_up]
    assert why.margin == pytest.approx(other - own)
    assert sum(why.contributions.values()) == pytest.approx(other**2 - own**2)
    assert why.deciding == max(why.contributions, key=why.contributions.__getitem__)
    assert list(why.distances) == KMEANS.segment_names_


def test_the_smallest_flip_comes_first():
    for row in range(0, 300, 25):
        why = explain(KMEANS, VALUES[row])
        assert [f.steps for f in why.flips] == sorted(f.steps for f in why.flips)
        assert why.smallest_flip == (why.flips[0] if why.flips else None)


def test_a_customer_by_id_is_the_customer_by_numbers():
    assert explain(KMEANS, "c7", CUSTOMERS) == explain(KMEANS, tuple(VALUES[7])) == KMEANS.explain(VALUES[7])


def test_sentences_are_computed_and_readable():
    rfm = [(r, f, m) for r in range(1, 101) for f, m in ((1, 40.0), (10, 900.0))]
    segmenter = CustomerSegmenter(4, "log").fit(rfm)
    why = segmenter.explain((2, 1, 40.0), currency="£")
    first, decides, smallest, *_ = why.sentences
    assert first.startswith(f"{why.segment} is the nearest segment (")
    nouns = {"recency": "Silence", "frequency": "The number of orders", "monetary": "The amount spent"}
    assert decides.startswith(f"{nouns[why.deciding]} decides: ")
    assert smallest.startswith("The smallest change: ")
    assert smallest.endswith(f" would make them {why.smallest_flip.segment}.")
    days = next(flip for flip in why.flips if flip.measure == "recency" and flip.change > 0)
    told = f"{days.change:.0f} more days of silence would make them {days.segment}."
    assert any(told in sentence for sentence in why.sentences)


def test_silence_is_told_in_the_gaps_by_which_customers_were_divided():
    """By days alone, frequent customers would be closer to those who came today than to the late ones."""
    by_gaps = fitted("rhythm", "kmeans")
    told = [explain(by_gaps, values) for values in VALUES]
    late = [why for why in told if why.deciding == "recency"]
    assert late
    for why in late:
        usual = usual_gap(np.array([why.frequency]), by_gaps.transformer_.rhythm_)[0]
        assert why.in_gaps[""] == pytest.approx(why.recency / usual)
        times, own = (format_number(why.in_gaps[name]) for name in ("", why.segment))
        assert f" is {times} times the gap that customers of this shop usually have" in why.sentences[1]
        assert f"{own} times is typical of {why.segment}" in why.sentences[1]
    assert all(explain(KMEANS, values).in_gaps == {} for values in VALUES[:5])


def test_one_segment_needs_no_reasons():
    why = CustomerSegmenter(1).fit(VALUES).explain(VALUES[0])
    assert (why.margin, why.flips) == (0.0, ())
    assert why.sentences == ["There is only one segment: All Customers."]


def test_customers_beyond_the_fitted_range_are_explained_too():
    why = explain(KMEANS, (2000, 1, 5.0))
    assert why.segment == "One-Time"
    for flip in why.flips:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert predicted(KMEANS, why, **{flip.measure: flip.value}) == flip.segment


def test_explanations_can_t_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        explain(KMEANS, VALUES[0]).segment = "VIP"  # type: ignore[misc]


def test_who_is_unknown_or_unclear_is_refused():
    with pytest.raises(KeyError, match="no customer"):
        explain(KMEANS, "nobody", CUSTOMERS)
    with pytest.raises(TypeError, match="rfm must be given"):
        explain(KMEANS, "c7")
    with pytest.raises(ValueError, match="one customer; got 2"):
        explain(KMEANS, VALUES[:2])
    with pytest.raises(ValueError, match="frequency must be at least 1"):
        explain(KMEANS, (1, 0, 1))


def test_flips_of_real_customers_hold(online_retail):
    rfm = rfm_table(online_retail)
    segmenter = CustomerSegmenter(4).fit(rfm)
    for customer in rfm["customer_id"].sample(40, random_state=0):
        why = segmenter.explain(customer, rfm, currency="£")
        assert why.flips
        for flip in why.flips:
            assert predicted(segmenter, why, **{flip.measure: flip.value}) == flip.segment
