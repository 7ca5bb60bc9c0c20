"""The service level that pays, and what a budget buys: linear programming less a step at most."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from shopper_widgets import critical_ratio
from shopper_widgets.products.newsvendor import greedy_within


def test_the_critical_ratio_costs_least() -> None:
    """Over uniform demand the level that minimizes the expected cost, found by trying."""
    margin, holding, weeks = 0.4, 4.0, 8
    demand = (np.arange(2000) + 0.5) / 2000
    overage = holding * (1 - margin) * weeks / 52
    stock = np.linspace(0, 1, 1001)[:, None]
    cost = margin * np.maximum(demand - stock, 0) + overage * np.maximum(stock - demand, 0)
    best = stock[cost.mean(axis=1).argmin(), 0]
    assert critical_ratio(margin, holding, weeks) == pytest.approx(best, abs=0.002)


@pytest.mark.parametrize(
    ("margin", "holding", "words"),
    [(40, 0.2, "margin must lie"), (0.4, -1, "holding_cost must be at least 0")],
)
def test_costs_are_checked(margin: float, holding: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        critical_ratio(margin, holding, 4)


products = st.lists(
    st.tuples(
        st.lists(st.floats(0.1, 10), min_size=1, max_size=4).map(lambda v: np.sort(v)[::-1]),
        st.integers(1, 5),
    ),
    min_size=1,
    max_size=4,
)


@given(products=products, budget=st.floats(0, 40))
@settings(max_examples=150, deadline=None)
def test_greedy_is_linear_programming_less_a_part_of_a_step(
    products: list[tuple[np.ndarray, int]], budget: float
) -> None:
    benefits = [falling for falling, _ in products]
    costs = [np.full(len(falling), float(cost)) for falling, cost in products]
    taken = greedy_within(benefits, costs, budget)
    spent = sum(cost[:n].sum() for cost, n in zip(costs, taken, strict=True))
    won = sum(benefit[:n].sum() for benefit, n in zip(benefits, taken, strict=True))
    assert spent <= budget + 1e-9
    all_benefits, all_costs = np.concatenate(benefits), np.concatenate(costs)
    best = -linprog(-all_benefits, A_ub=[all_costs], b_ub=[budget], bounds=(0, 1)).fun
    assert best - max(all_benefits) - 1e-6 <= won <= best + 1e-6


@given(
    falling=st.lists(st.lists(st.floats(0.1, 10), min_size=1, max_size=3), min_size=1, max_size=3),
    budget=st.integers(0, 9),
)
@settings(max_examples=100, deadline=None)
def test_greedy_is_the_best_of_all_choices_where_steps_cost_alike(
    falling: list[list[float]], budget: int
) -> None:
    benefits = [np.sort(values)[::-1] for values in falling]
    taken = greedy_within(benefits, [np.ones(len(b)) for b in benefits], budget)
    won = sum(b[:n].sum() for b, n in zip(benefits, taken, strict=True))
    choices = itertools.product(*(range(len(b) + 1) for b in benefits))
    best = max(
        sum(b[:n].sum() for b, n in zip(benefits, choice, strict=True))
        for choice in choices
        if sum(choice) <= budget
    )
    assert won == pytest.approx(best)


def test_nothing_to_buy() -> None:
    assert greedy_within([], [], 10) == []
    assert greedy_within([np.zeros(0)], [np.zeros(0)], 10) == [0]
    # What costs nothing is taken first, what brings nothing never.
    assert greedy_within([np.array([1.0]), np.array([0.0])], [np.array([0.0]), np.array([1.0])], 5) == [1, 0]
