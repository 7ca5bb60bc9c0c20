"""A budget over segments: as good as linear programming, and never exceeded."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from shopper_widgets.products.discount_budget import (
    assumed_response,
    budget_sensitivity,
    split_budget,
    updated_lift,
)

SEGMENTS = pd.DataFrame(
    {
        "segment": ["A", "B", "C"],
        "customers": [100, 400, 50],
        "rate": [0.5, 0.2, 0.1],
        "rate_low": [0.45, 0.15, 0.05],
        "rate_high": [0.55, 0.25, 0.15],
        "basket": [100.0, 40.0, 300.0],
    }
)
RESPONSE = assumed_response(SEGMENTS, {"A": 1.3, "B": 1.8, "C": 3.0})


def best_by_linear_programming(segments, response, budget, margin, contact_cost):
    points = response.merge(segments, on="segment")
    spent = points["customers"] * points["basket"]
    cost = spent * points["response"] * points["discount_rate"] + points["customers"] * contact_cost
    gain = spent * (points["response"] - points["rate"]) * margin - cost
    once = pd.get_dummies(points["segment"]).T.to_numpy(dtype=float)
    found = linprog(
        -gain, A_ub=np.vstack([cost, once]), b_ub=[budget, *np.ones(len(once))], bounds=(0, 1), method="highs"
    )
    return -found.fun


@settings(max_examples=60, deadline=None)
@example(seed=202, budget=1.0, margin=0.5, contact_cost=0.0)  # 1 - 1 / cost * cost is slightly above 0 here
@given(
    seed=st.integers(0, 10_000),
    budget=st.floats(0, 20_000),
    margin=st.floats(0.05, 0.9),
    contact_cost=st.sampled_from([0.0, 0.5, 3.0]),
)
def test_it_is_the_best_that_linear_programming_finds(seed, budget, margin, contact_cost) -> None:
    draw = np.random.default_rng(seed)
    segments = SEGMENTS.assign(rate=draw.random(3), basket=draw.random(3) * 200)
    response = RESPONSE.assign(response=draw.random(len(RESPONSE)))
    split = split_budget(segments, response, budget=budget, margin=margin, contact_cost=contact_cost)
    best = best_by_linear_programming(segments, response, budget, margin, contact_cost)
    assert split["gain"].sum() == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert split["cost"].sum() <= budget * (1 + 1e-9) + 1e-9
    there = split.groupby("segment")["customers"].sum()
    assert (there <= SEGMENTS.set_index("segment")["customers"][there.index] * (1 + 1e-9)).all()
    assert (split["customers"] > 0).all()


def test_more_money_never_brings_less_and_what_does_not_pay_is_not_given() -> None:
    gains = [
        split_budget(SEGMENTS, RESPONSE, budget=b, margin=0.4)["gain"].sum() for b in range(0, 9000, 500)
    ]
    assert gains == sorted(gains) and gains[0] == 0 < gains[-1]
    plenty = split_budget(SEGMENTS, RESPONSE, budget=1e9, margin=0.4)
    assert plenty["cost"].sum() < 1e9
    nothing = split_budget(SEGMENTS, assumed_response(SEGMENTS, 1.0), budget=1e9, margin=0.4)
    assert nothing.empty and list(nothing) == list(plenty)


def test_segments_without_a_rate_get_nothing() -> None:
    unknown = SEGMENTS.assign(rate=SEGMENTS["rate"].where(SEGMENTS["segment"] != "C"))
    split = split_budget(unknown, assumed_response(unknown, 3.0), budget=1e9, margin=0.4)
    assert set(split["segment"]) == {"A", "B"}


def test_the_assumed_curve_goes_through_the_guess_and_bends() -> None:
    at = RESPONSE.set_index(["segment", "discount_rate"])["response"]
    assert at["B", 0.1] == pytest.approx(0.2 * 1.8)
    for segment, curve in RESPONSE.groupby("segment"):
        steps = np.diff(curve["response"])
        assert (steps >= 0).all() and (np.diff(steps) <= 1e-12).all(), segment
    assert (assumed_response(SEGMENTS, 9.0)["response"] <= 1).all()
    assert set(assumed_response(SEGMENTS, {"A": 2.0})["response"].tail(6)) == {0.1}


def test_the_tornado_is_the_gain_with_one_assumption_changed() -> None:
    split = split_budget(SEGMENTS, RESPONSE, budget=3000, margin=0.4)
    table = budget_sensitivity(SEGMENTS, RESPONSE, split, margin=0.4)
    gain = split["gain"].sum()
    assert ((table["gain_low"] <= gain + 1e-9) & (gain <= table["gain_high"] + 1e-9)).all()
    assert (table["gain_high"] - table["gain_low"]).is_monotonic_decreasing
    none = budget_sensitivity(SEGMENTS, RESPONSE, split, margin=0.4, spread=1.0).set_index(
        ["segment", "assumption"]
    )
    for segment, of in split.groupby("segment"):
        others = gain - of["gain"].sum()
        rows = SEGMENTS.set_index("segment").loc[segment]
        lost = (of["customers"] * rows["basket"] * rows["rate"] * of["discount_rate"]).sum()
        assert none["gain_low"][segment, "lift"] == pytest.approx(others - lost)


def test_a_measured_lift_counts_by_its_precision() -> None:
    assert updated_lift(1.2, 0.1, 1.0, 1e-9)[0] == pytest.approx(1.0)
    assert updated_lift(1.2, 1e-9, 1.0, 0.1)[0] == pytest.approx(1.2)
    lift, error = updated_lift(1.2, 0.2, 1.0, 0.1)
    assert 1.0 < lift < 1.1 and error < 0.1
    with pytest.raises(ValueError, match="spread and error must be above 0"):
        updated_lift(1.2, 0.0, 1.0, 0.1)


@pytest.mark.parametrize("budget", [-1, np.nan, np.inf])
def test_a_budget_is_an_amount(budget: float) -> None:
    with pytest.raises(ValueError, match="budget must be an amount from 0 on"):
        split_budget(SEGMENTS, RESPONSE, budget=budget, margin=0.4)
