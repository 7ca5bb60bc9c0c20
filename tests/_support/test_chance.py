"""What chance makes look good among many is not told as found."""

import numpy as np
import pytest

from shopper_widgets._support.chance import surely_found


def test_among_what_is_told_the_share_of_chance_is_as_small_as_said() -> None:
    random = np.random.default_rng(0)
    shares = []
    for _ in range(300):
        real, chance = random.beta(0.05, 8, 40), random.random(960)
        told = surely_found(np.concatenate([real, chance]), 1_000)
        assert told[:40].sum() > 20
        shares.append(told[40:].sum() / told.sum())
    assert np.mean(shares) == pytest.approx(0.05 * 0.96, abs=0.005)


def test_what_shows_nothing_counts_as_looked_at() -> None:
    assert surely_found([0.01], 5).tolist() == [True]
    assert surely_found([0.01], 6).tolist() == [False]
    assert surely_found([0.01, 0.2], 1).tolist() == [True, False]
    assert surely_found([], 9).tolist() == []
