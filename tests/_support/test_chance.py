"""What looks good only by chance, as one among many, is not reported as a finding."""

import numpy as np
import pytest

from shopper_widgets._support.chance import beyond_chance, surely_found


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


def test_a_number_is_told_as_found_only_where_chance_hardly_finds_as_many() -> None:
    random = np.random.default_rng(0)
    told = [beyond_chance(int(n), 200, 0.025) for n in random.binomial(200, 0.025, 2_000)]
    assert 0.01 < np.mean(told) <= 0.05
    assert not beyond_chance(0, 0, 0.025) and not beyond_chance(1, 8, 0.025)
    assert beyond_chance(2, 8, 0.025)
