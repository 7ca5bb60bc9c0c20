"""The weights for the next order are chosen by the shop's own next orders."""

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from shopper_widgets.recommend.blend import BlendRecommender
from shopper_widgets.recommend.blend_habits import (
    USUAL_HABITS,
    Known,
    choose_habits,
    habit_scores,
    popular_share,
)
from tests.basket_shops import SHOPS, lines_of

N_CUSTOMERS, N_PRODUCTS = 60, 40


def known(next_product: np.ndarray, **changes: np.ndarray) -> Known:
    """Return customers who each ordered products 0 to 3 a few times, and next order one product."""
    random = np.random.default_rng(0)
    ordered = np.zeros((N_CUSTOMERS, N_PRODUCTS))
    ordered[:, :4] = random.integers(1, 4, (N_CUSTOMERS, 4))
    parts = {
        "ordered": ordered,
        "suits": random.random((N_CUSTOMERS, N_PRODUCTS)),
        "again": np.ones(N_PRODUCTS),
        "trend": np.ones(N_PRODUCTS),
        "popular": np.zeros(N_PRODUCTS),
        "whose": np.arange(N_CUSTOMERS),
        "next_orders": np.arange(N_PRODUCTS) == next_product[:, None],
    }
    return Known(**{**parts, **changes})


def test_who_orders_what_suits_gives_that_more_weight() -> None:
    suits = np.zeros((N_CUSTOMERS, N_PRODUCTS))
    next_product = np.arange(N_CUSTOMERS) % 30 + 5
    suits[np.arange(N_CUSTOMERS), next_product] = 3.5
    assert choose_habits(known(next_product, suits=suits))["affinity"] == 1


def test_a_trend_that_misleads_is_left_out_and_one_that_tells_counts_more() -> None:
    trend = np.linspace(0.1, 2, N_PRODUCTS)
    usual = np.zeros(N_CUSTOMERS, dtype=int)
    ordered = np.ones((N_CUSTOMERS, N_PRODUCTS))
    assert choose_habits(known(usual, ordered=ordered, trend=trend))["trend"] == 0
    ordered[:, :20] = 2.5  # what was ordered often hardly sells now
    tells = np.full(N_CUSTOMERS, N_PRODUCTS - 1)
    suits = np.zeros((N_CUSTOMERS, N_PRODUCTS))
    assert choose_habits(known(tells, ordered=ordered, suits=suits, trend=trend))["trend"] >= 0.35


def test_best_sellers_go_first_where_what_is_known_tells_nothing() -> None:
    popular = np.linspace(0.1, 1, N_PRODUCTS)
    best = np.full(N_CUSTOMERS, N_PRODUCTS - 1)
    assert choose_habits(known(best, popular=popular))["popular"] == 10
    usual = np.zeros(N_CUSTOMERS, dtype=int)
    assert choose_habits(known(usual, popular=popular))["popular"] == USUAL_HABITS["popular"]


def test_best_sellers_fill_a_list_and_no_more_than_a_hundred_count() -> None:
    customers = np.arange(200)[::-1] + 1
    popular = popular_share(customers)
    assert popular.tolist() == [*(customers[:100] / 200), *[0] * 100]
    one = sp.csr_array((np.array([2.0]), (np.array([0]), np.array([150]))), shape=(2, 200))
    ones = np.ones(200)
    scores = habit_scores(one, 0 * one, ones, 3 * ones, 0.001 * popular, 0.3).toarray()
    assert scores[0, 150] == 6 and scores[1, 150] == 0
    np.testing.assert_allclose(scores[:, :100], np.tile(0.003 * popular[:100], (2, 1)))
    assert not scores[:, 100:150].any()


def test_few_customers_and_no_difference_change_nothing() -> None:
    few = known(np.zeros(N_CUSTOMERS, dtype=int))
    cut = {name: getattr(few, name)[:20] for name in ("ordered", "suits", "whose", "next_orders")}
    assert choose_habits(Known(**cut, again=few.again, trend=few.trend, popular=few.popular)) == USUAL_HABITS
    random = np.random.default_rng(1).integers(N_PRODUCTS, size=N_CUSTOMERS)
    assert choose_habits(known(random)) == USUAL_HABITS


def test_several_orders_of_one_customer_count_as_one() -> None:
    trend = np.linspace(0.1, 2, N_PRODUCTS)
    ordered = np.ones((N_CUSTOMERS, N_PRODUCTS))
    # One customer orders the recent best seller a thousand times; all others order what hardly sells.
    whose = np.concatenate([np.arange(N_CUSTOMERS), np.zeros(1000, dtype=int)])
    product = np.concatenate([np.zeros(N_CUSTOMERS, dtype=int), np.full(1000, N_PRODUCTS - 1)])
    next_orders = np.arange(N_PRODUCTS) == product[:, None]
    found = choose_habits(
        known(product[:N_CUSTOMERS], ordered=ordered, trend=trend, whose=whose, next_orders=next_orders)
    )
    assert found["trend"] == 0


@pytest.mark.parametrize("name", ["small and slow", "new shop"])
def test_a_fit_remembers_what_it_chose(name: str) -> None:
    fitted = BlendRecommender(n_neighbors=10).fit(lines_of(SHOPS[name]))
    assert fitted.habits_.keys() == USUAL_HABITS.keys()
    np.testing.assert_allclose(fitted.again_, fitted._again() ** fitted.habits_["again"])
    np.testing.assert_allclose(fitted.trend_, fitted._trend() ** fitted.habits_["trend"])
    given: dict[str, Any] = {
        "half_life": 120.0,
        "shrinkage": 3.0,
        "popularity_discount": 0.2,
        "name_weight": 0.1,
    }
    assert BlendRecommender(n_neighbors=10, **given).fit(lines_of(SHOPS[name])).habits_ == USUAL_HABITS
