"""Errors of what was expected, and what they say of later demand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shopper_widgets.products.calibration import Calibration

SIZES = np.array([1.0, 1.5, 2.0, 9.0])


def test_an_edge_between_two_sizes_cuts_off_no_group_of_nothing() -> None:
    # Just over a fifth have one size, the next another: the second edge would lie between the two.
    forecast = np.repeat([1.0, 2.0, 3.0], [201, 200, 600])
    calibration = Calibration.of(forecast, forecast, forecast)
    assert calibration is not None
    assert min(map(len, calibration.errors)) > 0
    np.testing.assert_allclose(calibration.quantile(SIZES, SIZES, 0.5), SIZES)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=12), st.integers(0, 2**32 - 1))
def test_every_group_has_errors_however_few_sizes_forecasts_have(repeats: list[int], seed: int) -> None:
    forecast = np.repeat(np.arange(1.0, len(repeats) + 1), repeats)
    came = np.random.default_rng(seed).poisson(forecast).astype(float)
    calibration = Calibration.of(forecast, forecast, came)
    if calibration is None:
        assert len(forecast) < 50
        return
    assert sum(map(len, calibration.errors)) == len(forecast)
    assert min(map(len, calibration.errors)) > 0
    sizes = np.linspace(0.5, len(repeats) + 1, 25)
    assert np.isfinite(calibration.quantile(sizes, sizes, 0.95)).all()


def test_steady_and_erratic_products_of_one_size_each_keep_what_is_promised() -> None:
    draw = np.random.default_rng(7)
    forecast, spread = np.full(8_000, 100.0), np.repeat([10.0, 60.0], 4_000)

    def came() -> np.ndarray:
        return draw.gamma((forecast / spread) ** 2, spread**2 / forecast)

    calibration = Calibration.of(forecast, spread**2, came())
    assert calibration is not None
    enough = came() <= calibration.quantile(forecast, spread**2, 0.95)
    # With one scale for both, it would be 1.00 and 0.90.
    assert abs(enough[:4_000].mean() - 0.95) < 0.02 > abs(enough[4_000:].mean() - 0.95)
    steady, erratic = calibration.quantile(np.full(2, 100.0), np.array([10.0, 60.0]) ** 2, 0.95)
    assert steady < 120 < 200 < erratic


def test_a_spread_that_says_nothing_of_errors_is_not_used() -> None:
    draw = np.random.default_rng(8)
    forecast, spread = np.full(2_000, 100.0), draw.uniform(10, 60, 2_000)
    calibration = Calibration.of(forecast, spread**2, draw.poisson(forecast).astype(float))
    assert calibration is not None
    assert len(set(calibration.quantile(forecast, spread**2, 0.95))) == 1


def test_a_size_of_which_nothing_came_is_expected_to_stay_so() -> None:
    forecast = np.full(100, 3.0)
    calibration = Calibration.of(forecast, forecast, forecast * 0)
    assert calibration is not None
    assert calibration.quantile(SIZES, SIZES, 0.95).tolist() == [0, 0, 0, 0]
