"""The discount of scores by popularity, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from shopper_widgets.recommend.popularity_discount import discounted, shrunk


def test_the_discount_is_a_power_of_how_many_bought_it() -> None:
    count = np.array([1.0, 4, 9])
    assert discounted(count, 0.5).tolist() == [1, 2, 3]
    assert discounted(count, 0).tolist() == [1, 1, 1]
    assert discounted(count, 1).tolist() == [1, 4, 9]


def test_a_pair_is_divided_by_what_both_sell_and_shrunk_by_as_many_units() -> None:
    both, root, others = np.array([6.0, 6, 0]), np.array([3.0, 3, 3]), np.array([2.0, 4, 4])
    assert shrunk(both, root, others, shrinkage=6).tolist() == pytest.approx([0.5, 1 / 3, 0])
    assert shrunk(both, root, others, shrinkage=0).tolist() == pytest.approx([1, 0.5, 0])


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_nothing_together_is_nothing_where_all_has_come_down_to_zero(precision: type[np.floating]) -> None:
    nothing = np.zeros(2, dtype=precision)
    assert shrunk(nothing, nothing, nothing, shrinkage=0).tolist() == [0, 0]
