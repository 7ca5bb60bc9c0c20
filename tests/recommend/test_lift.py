import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopper_widgets.recommend.evidence import evidence_sentence
from shopper_widgets.recommend.lift import lift_interval, surely_together


def test_interval_holds_the_true_lift_about_as_often_as_it_says():
    """On tables drawn from known probabilities, the interval covers their lift."""
    rng = np.random.default_rng(0)
    n, cells = 2_000, np.array([0.06, 0.09, 0.10, 0.75])
    both, only_one, only_other, _ = rng.multinomial(n, cells, size=20_000).T
    low, high = lift_interval(both, both + only_one, both + only_other, n)
    true = cells[0] / (cells[:2].sum() * (cells[0] + cells[2]))
    assert np.mean((low <= true) & (true <= high)) == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize("n", [300, 200_000])
@pytest.mark.parametrize("expected", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("shares", [(1, 1), (0.85, 0.3), (0.8, 0.05), (0.25, 0.25), (0.05, 0.05)])
def test_so_it_does_where_few_bought_both(n, expected, shares):
    """They may be very few, and all buyers of the one product or one in twenty."""
    both = expected / n
    only = [both / share - both for share in shares]
    cells = np.array([both, *only, 1 - both - sum(only)])
    drawn = np.random.default_rng(expected).multinomial(n, cells, size=20_000).T
    s, one, other, _ = drawn[:, drawn[0] > 0]
    low, high = lift_interval(s, s + one, s + other, n)
    true = both / ((both + only[0]) * (both + only[1]))
    assert np.mean((low <= true) & (true <= high)) > 0.94
    assert expected < 3 or np.median(high / low) < 20


@pytest.mark.parametrize(
    ("n", "share", "other_share"), [(30, 0.3, 0.95), (114, 0.3, 0.99), (1_000, 0.6, 0.99)]
)
def test_so_it_does_where_nearly_everybody_bought_the_one(n, share, other_share):
    both = share * other_share
    cells = [both, share - both, other_share - both, 1 - share - other_share + both]
    s, one, other, _ = np.random.default_rng(0).multinomial(n, cells, size=20_000).T
    low, high = lift_interval(s, s + one, s + other, n)
    assert np.mean((low <= 1) & (high >= 1)) > 0.94


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 500))
def test_interval_is_around_the_lift_and_mirrors(both, only_one, only_other, neither):
    n = both + only_one + only_other + neither
    a, b = both + only_one, both + only_other
    low, high = lift_interval(both, a, b, n)
    lift = both * n / (a * b)
    assert 0 < low <= lift * (1 + 1e-12)
    assert high >= lift * (1 - 1e-12)
    np.testing.assert_allclose((low, high), lift_interval(both, b, a, n))
    wider = lift_interval(both, a, b, n, confidence=0.99)
    assert wider[0] <= low
    assert wider[1] >= high


def test_an_only_buyer_leaves_doubt():
    """All buyers of the one bought the other: a single buyer is weaker evidence than twenty."""
    (low_of_one, low_of_twenty), _ = lift_interval([1, 20], [1, 20], [150, 150], 4_000)
    lift = 4_000 / 150
    assert low_of_one < 1
    assert lift / 2 < low_of_twenty < lift


def test_nobody_bought_both():
    low, high = lift_interval([0, 2, 0], [5, 5, 0], 5, 100)
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, False, True]
    assert evidence_sentence(0, 5, "A", "B", 0.0) == ""


def test_of_many_pairs_those_that_chance_makes_look_good_are_not_told():
    """300 products are bought independently: a thousand pairs have by themselves a lift above 1."""
    rng = np.random.default_rng(2)
    bought = (rng.random((800, 300)) < rng.uniform(0.005, 0.03, 300)).astype(int)
    bought[:, 1] = np.where(rng.random(800) < 0.9, bought[:, 0], bought[:, 1])
    both, (one, other) = bought.T @ bought, np.triu_indices(300, 1)
    customers = bought.sum(axis=0)
    shared = both[one, other] > 0
    one, other = one[shared], other[shared]
    counts = (both[one, other], customers[one], customers[other], 800)
    assert (lift_interval(*counts)[0] > 1).sum() > 1_000
    sure = surely_together(*counts, n_pairs=300 * 299 // 2)
    assert list(zip(one[sure], other[sure], strict=True)) == [(0, 1)]


def test_no_pair_is_no_find():
    assert surely_together([], [], [], 10, n_pairs=5).tolist() == []
