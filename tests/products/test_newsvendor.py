"""The service level that pays, and orders within a budget: at most one step worse than linear programming."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from shopper_widgets import critical_ratio
from shopper_widgets.products.newsvendor import greedy_within, greedy_within_both


def test_the_critical_ratio_costs_least() -> None:
    """For uniform demand, it equals the level with the least expected cost, found by search."""
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
    taken = greedy_within(benefits, costs, budget).steps
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
    taken = greedy_within(benefits, [np.ones(len(b)) for b in benefits], budget).steps
    won = sum(b[:n].sum() for b, n in zip(benefits, taken, strict=True))
    choices = itertools.product(*(range(len(b) + 1) for b in benefits))
    best = max(
        sum(b[:n].sum() for b, n in zip(benefits, choice, strict=True))
        for choice in choices
        if sum(choice) <= budget
    )
    assert won == pytest.approx(best)


@given(
    products=products,
    rooms=st.lists(st.integers(1, 5), min_size=4, max_size=4),
    budget=st.floats(0, 40),
    space=st.floats(0, 40),
)
@settings(max_examples=150, deadline=None)
def test_greedy_within_two_limits_is_near_linear_programming(
    products: list[tuple[np.ndarray, int]], rooms: list[int], budget: float, space: float
) -> None:
    """A basic solution with two limits has at most two partial steps."""
    benefits = [falling for falling, _ in products]
    costs = [np.full(len(falling), float(cost)) for falling, cost in products]
    spaces = [np.full(len(falling), float(room)) for (falling, _), room in zip(products, rooms, strict=False)]
    taken = greedy_within_both(benefits, costs, budget, spaces, space).steps
    for uses, limit in ((costs, budget), (spaces, space)):
        assert sum(use[:n].sum() for use, n in zip(uses, taken, strict=True)) <= limit + 1e-9
    won = sum(benefit[:n].sum() for benefit, n in zip(benefits, taken, strict=True))
    all_benefits = np.concatenate(benefits)
    rows = [np.concatenate(costs), np.concatenate(spaces)]
    best = -linprog(-all_benefits, A_ub=rows, b_ub=[budget, space], bounds=(0, 1)).fun
    assert best - 2 * max(all_benefits) - 1e-6 <= won <= best + 1e-6


def test_two_limits_that_bind_are_weighed_against_each_other() -> None:
    """With many small steps, partial ones don't matter: the result is within 1 % of linear programming."""
    random = np.random.default_rng(3)
    benefits = [np.sort(random.gamma(2, 1, 40))[::-1] for _ in range(30)]
    costs = [np.full(40, price) for price in random.uniform(0.2, 5, 30)]
    spaces = [np.full(40, room) for room in random.uniform(0.2, 5, 30)]
    budget, space = 600.0, 600.0
    taken, worth = greedy_within_both(benefits, costs, budget, spaces, space)
    won = sum(benefit[:n].sum() for benefit, n in zip(benefits, taken, strict=True))
    rows = [np.concatenate(costs), np.concatenate(spaces)]
    programme = linprog(-np.concatenate(benefits), A_ub=rows, b_ub=[budget, space], bounds=(0, 1))
    best = -programme.fun
    assert 0.99 * best <= won <= best + 1e-6
    # The value of a limit's last unit is the dual of the linear program.
    assert worth == pytest.approx(tuple(-programme.ineqlin.marginals), rel=0.1)
    for one, limit in ((costs, budget), (spaces, space)):
        alone = greedy_within(benefits, one, limit).steps
        assert any(
            sum(use[:n].sum() for use, n in zip(uses, alone, strict=True)) > most
            for uses, most in ((costs, budget), (spaces, space))
        ), "each limit alone breaks the other"


def test_nothing_to_buy() -> None:
    assert greedy_within([], [], 10) == ([], (0.0,))
    assert greedy_within([np.zeros(0)], [np.zeros(0)], 10) == ([0], (0.0,))


def test_what_costs_nothing_is_taken_first_and_what_brings_nothing_last() -> None:
    """A limit that isn't reached cuts nothing, not even steps without benefit."""
    benefits, costs = (
        [np.array([0.0]), np.array([1.0]), np.array([1.0])],
        [np.ones(1), np.zeros(1), np.ones(1)],
    )
    assert greedy_within(benefits, costs, 0) == ([0, 1, 0], (1.0,))
    assert greedy_within(benefits, costs, 1) == ([0, 1, 1], (0.0,))
    assert greedy_within(benefits, costs, 2) == ([1, 1, 1], (0.0,))


@given(products=products, budget=st.floats(0, 40))
@settings(max_examples=100, deadline=None)
def test_the_worth_of_a_budget_is_the_best_step_that_did_not_fit(
    products: list[tuple[np.ndarray, int]], budget: float
) -> None:
    benefits = [falling for falling, _ in products]
    costs = [np.full(len(falling), float(cost)) for falling, cost in products]
    steps, (worth,) = greedy_within(benefits, costs, budget)
    left = [float(b[n] / c[n]) for b, c, n in zip(benefits, costs, steps, strict=True) if n < len(b)]
    assert worth == pytest.approx(max(left, default=0.0))
