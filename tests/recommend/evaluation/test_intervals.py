import numpy as np
import pytest

from shopper_widgets.recommend.evaluation.intervals import Resamples


def test_interval_is_over_customers_not_questions():
    """A hundred questions of one customer give no narrower interval than one."""
    values = np.repeat([0.0, 1.0], 100)
    of_two = Resamples(np.repeat([0, 1], 100), 0).means([values])[0]
    assert of_two == (0.5, 0.0, 1.0)
    _, low, high = Resamples(np.arange(200), 0).means([values])[0]
    assert 0.4 < low < 0.5 < high < 0.6


def test_questions_without_a_value_don_t_count():
    resamples = Resamples(np.array([0, 1, 2]), 0)
    some, none = np.array([np.nan, 1.0, 1.0]), np.full(3, np.nan)
    of_some, of_none = resamples.means([some, none])
    assert of_some == (1, 1, 1)
    assert np.isnan(of_none).all()
    assert (resamples.asked(some), resamples.asked(none)) == ((2, 2), (0, 0))


def test_of_few_that_are_all_right_or_all_wrong_the_interval_is_exact():
    """Each bootstrap sample is all right or all wrong, too, so that it would give no width."""
    resamples = Resamples(np.array([0, 1, 2, 2]), 0)
    wrong, right, some = np.zeros(4), np.array([1.0, 1.0, np.nan, np.nan]), np.array([0.0, 1.0, 1.0, 0.0])
    exact = [resamples.of_all_alike(v, resamples.means([v])[0]) for v in (wrong, right)]
    assert exact[0] == pytest.approx((0, 0, 1 - 0.025 ** (1 / 3)))
    assert exact[1] == pytest.approx((1, 0.025 ** (1 / 2), 1))
    assert resamples.of_all_alike(some, (0.5, 0.2, 0.8)) == (0.5, 0.2, 0.8)


def test_interval_has_the_width_of_the_normal_one():
    rng = np.random.default_rng(1)
    values = rng.normal(size=2_000)
    mean, low, high = Resamples(np.arange(2_000), 1).means([values])[0]
    half = 1.96 * values.std() / np.sqrt(2_000)
    assert (high - mean, mean - low) == pytest.approx((half, half), rel=0.1)
