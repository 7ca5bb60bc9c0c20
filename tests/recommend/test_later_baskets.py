"""Questions about later baskets, and gains of lists."""

import numpy as np
import pytest
import scipy.sparse as sp

from shopper_widgets.recommend.later_baskets import LaterBaskets, best_places, spread, surely_more


@pytest.mark.parametrize("n_products", [1, 3, 9, 10, 11, 81, 500])
def test_best_places_are_those_of_a_stable_sort(n_products: int) -> None:
    random = np.random.default_rng(0)
    shape = (200, n_products)
    scores = np.round(random.random(shape), 2) * (random.random(shape) < 0.5)
    expected = np.argsort(-scores, axis=1, kind="stable")[:, :10]
    expected = np.where(np.take_along_axis(scores, expected, axis=1) > 0, expected, -1)
    np.testing.assert_array_equal(best_places(scores, 10), expected)


def test_products_unknown_before_and_baskets_of_one_are_left_out() -> None:
    orders = sp.csr_array([[1, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 0], [0, 1, 1, 0]])
    later = LaterBaskets(orders, np.array([True, True, True, False]), most=10)
    assert len(later) == 2
    assert later.asked.tolist() == [0, 1, 2]
    nothing = np.full((3, 5), -1)
    assert later.gains(nothing).tolist() == [0, 0]
    perfect = np.array([[1, -1], [0, 2], [1, -1]])
    assert later.gains(perfect)[0] == 1
    assert later.gains(perfect)[1] == pytest.approx((1 + 1 / np.log2(3)) / 2)


def test_what_is_shown_is_drawn_from_anywhere_in_a_basket() -> None:
    orders = sp.csr_array(np.ones((500, 10)))
    later = LaterBaskets(orders, np.ones(10, dtype=bool), most=500)
    shown = np.bincount(later.asked[later._question], minlength=10)
    assert shown.sum() == 1000
    assert shown.min() > 60


def test_more_is_sure_beyond_two_and_a_half_standard_errors() -> None:
    nothing, error = np.zeros(100), np.tile([-1.0, 1.0], 50)  # a standard error of 0.1
    assert surely_more(error + 0.26, nothing)
    assert not surely_more(error + 0.24, nothing)
    assert not surely_more(nothing, nothing)


def test_spread() -> None:
    assert spread(5, 10).tolist() == [0, 1, 2, 3, 4]
    assert spread(100, 3).tolist() == [0, 50, 99]
    assert spread(0, 3).tolist() == []
