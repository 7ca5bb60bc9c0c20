"""Intervals contain the true value as often as they claim."""

import numpy as np

from shopper_widgets._support.intervals import mean_interval, share_interval


def test_the_mean_of_skewed_money_is_held() -> None:
    amounts = np.random.default_rng(0).gamma(0.5, 40.0, (2000, 40))
    ones = np.full(2000, 40.0)
    mean, low, high = mean_interval(ones, amounts.sum(axis=1), (amounts**2).sum(axis=1))
    assert (low < mean).all() and (mean < high).all()
    assert 0.90 < ((low < 20) & (high > 20)).mean() < 0.97


def test_nothing_has_no_interval() -> None:
    mean, low, high = mean_interval(np.array([5.0, 1.0]), np.array([0.0, 9.0]), np.array([0.0, 81.0]))
    assert mean.tolist() == [0, 9] and np.isnan([*low, *high]).all()


def test_a_share_is_held_from_none_to_all() -> None:
    for truth in (0.02, 0.3, 0.97):
        count = np.random.default_rng(1).binomial(25, truth, 4000).astype(float)
        share, low, high = share_interval(count, np.full(4000, 25.0))
        assert ((low <= share) & (share <= high)).all()
        assert ((low <= truth) & (high >= truth)).mean() > 0.92
