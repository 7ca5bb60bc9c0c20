"""Transforms are monotone, robust to extremes and noise, and as documented."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopper_widgets.segments.transform import TRANSFORMS, RFMTransformer
from tests.contracts import EstimatorContract


def customers(n=200, seed=0):
    random = np.random.default_rng(seed)
    return np.column_stack(
        [
            random.integers(0, 365, n),
            random.geometric(0.4, n),
            random.lognormal(5, 1.2, n).round(2),
        ]
    ).astype(float)


@pytest.mark.parametrize("kind", TRANSFORMS)
def test_points_are_in_standard_units(kind):
    points = RFMTransformer(kind).fit(customers()).transform(customers())
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=1e-8)
    np.testing.assert_allclose(points.std(axis=0), [1.5, 1, 1] if kind == "rhythm" else 1, atol=1e-8)


@pytest.mark.parametrize("kind", TRANSFORMS)
def test_more_is_never_less(kind):
    transformer = RFMTransformer(kind).fit(customers())
    rising = np.repeat(np.linspace(1, 2000, 400)[:, None], 3, axis=1)
    assert (np.diff(transformer.transform(rising), axis=0) >= 0).all()


@pytest.mark.parametrize(
    ("kind", "tamed"),
    [
        (None, lambda x: x),
        ("log", np.log1p),
        ("sqrt-log", lambda x: np.column_stack([np.sqrt(x[:, 0]), np.log1p(x[:, 1:])])),
        ("robust", lambda x: x.clip(*np.quantile(x, [0.05, 0.95], axis=0))),
    ],
)
def test_formulas(kind, tamed):
    expected = tamed(customers())
    expected = (expected - expected.mean(axis=0)) / expected.std(axis=0)
    np.testing.assert_allclose(
        RFMTransformer(kind).fit(customers()).transform(customers()), expected, atol=1e-8
    )


def test_soft_is_sqrt_log_with_its_ends_drawn_in():
    plain = RFMTransformer("sqrt-log").fit(customers()).transform(customers())
    drawn = np.tanh(plain)
    expected = (drawn - drawn.mean(axis=0)) / drawn.std(axis=0)
    np.testing.assert_allclose(
        RFMTransformer("soft").fit(customers()).transform(customers()), expected, atol=1e-6
    )


@pytest.mark.parametrize("kind", ["soft", "rank"])
def test_one_enormous_customer_moves_nobody_far(kind):
    values = customers(400)
    with_giant = np.vstack([values, [1, 5000, 1e7]])

    def farthest_moved(kind):
        after, before = (
            RFMTransformer(kind).fit(fitted).transform(values) for fitted in (with_giant, values)
        )
        return np.abs(after - before).max()

    assert farthest_moved(kind) < 0.1 * farthest_moved(None)


def test_ranks_don_t_hang_on_a_root_or_a_logarithm():
    values = customers()
    squared = values**2
    np.testing.assert_allclose(
        RFMTransformer("rank").fit(values).transform(values),
        RFMTransformer("rank").fit(squared).transform(squared),
        atol=0.02,
    )


@pytest.mark.parametrize("kind", TRANSFORMS)
def test_noise_in_the_last_digits_makes_no_two_customers_differ(kind):
    values = np.array([[30, 2, 0.1 + 0.2]] * 5 + [[30, 2, 0.3]] * 5)
    points = RFMTransformer(kind).fit(values).transform(values)
    assert len(np.unique(points, axis=0)) == 1


@given(st.integers(0, 2**32 - 1), st.sampled_from(TRANSFORMS))
def test_the_order_of_the_customers_changes_no_point(seed, kind):
    values = customers(30, seed)
    order = np.random.default_rng(seed).permutation(30)
    one = RFMTransformer(kind).fit(values).transform(values)
    other = RFMTransformer(kind).fit(values[order]).transform(values)
    np.testing.assert_allclose(one, other, atol=1e-7)


def test_unknown_transforms_are_named():
    with pytest.raises(ValueError, match=r"transform must be one of 'rhythm', 'soft', .*, None; got 'sqrt'"):
        RFMTransformer("sqrt").fit(customers())  # type: ignore[arg-type]


class TestRFMTransformerContract(EstimatorContract):
    def make(self):
        return RFMTransformer("rank")

    def data(self):
        return pd.DataFrame(customers(), columns=["recency", "frequency", "monetary"])

    def answers(self, fitted):
        return [fitted.transform(np.array([[5.0, 2, 100], [300, 1, 20]])), fitted.bounds_]

    def check_unseen(self, fitted):
        assert np.isfinite(fitted.transform(np.array([[9e9, 1e6, 1e12]]))).all()


def test_few_who_still_come_to_a_dying_shop_do_not_stand_far_apart():
    rng = np.random.default_rng(0)
    values = np.column_stack([rng.uniform(300, 600, 400), rng.integers(1, 9, 400), rng.uniform(10, 900, 400)])
    values[:2, 0] = 3
    points = RFMTransformer("rhythm", rhythm=30.0).fit(values).transform(values)
    # -1 and 1 are the limits of the tanh: at most eight times the least spread, times recency's weight
    apart = points[2:, 0].min() - points[:2, 0].max()
    assert 1.5 * 4 < apart <= 1.5 * 8
    assert points[2:, 0].std() < 0.01
    # with a usual spread, standard units are unchanged
    values[:200, 0] = 3
    assert np.isclose(RFMTransformer("rhythm", rhythm=30.0).fit(values).transform(values)[:, 0].std(), 1.5)


@pytest.mark.parametrize("kind", ["rhythm", "soft", "sqrt-log", "log"])
@pytest.mark.parametrize("unit", [1e-6, 1e-3, 10, 1e4])
def test_money_in_thousands_gives_the_points_of_money_in_units(kind, unit):
    rng = np.random.default_rng(4)
    values = np.column_stack(
        [rng.integers(0, 300, 200), rng.integers(1, 20, 200), np.exp(rng.normal(6, 1.5, 200))]
    )
    points = RFMTransformer(kind, rhythm=30.0).fit(values).transform(values)
    counted = values * [1, 1, unit]
    np.testing.assert_allclose(
        RFMTransformer(kind, rhythm=30.0).fit(counted).transform(counted), points, atol=1e-6
    )


def test_a_transformer_from_before_units_were_learned_counts_in_units():
    values = np.array([[1.0, 9, 0.9], [30, 2, 0.08], [90, 1, 0.02]])
    earlier = RFMTransformer("sqrt-log").fit(values)
    del earlier.unit_
    tamed = earlier._sqrt_log(values)
    np.testing.assert_allclose(tamed[:, 2], np.log1p(values[:, 2]))
