"""Ratios of what came to what was expected."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shopper_widgets.products.calibration import Calibration


def test_an_edge_between_two_sizes_cuts_off_no_group_of_nothing() -> None:
    # A tenth and a bit are of one size, the next of another: the second edge would lie between the two.
    forecast = np.repeat([1.0, 2.0, 3.0], [201, 200, 600])
    calibration = Calibration.of(forecast, forecast)
    assert calibration is not None
    assert min(map(len, calibration.ratios)) > 0
    np.testing.assert_allclose(calibration.quantile(np.array([1.0, 1.5, 2.0, 9.0]), 0.5), [1, 1.5, 2, 9])


@given(st.lists(st.integers(1, 400), min_size=1, max_size=12), st.integers(0, 2**32 - 1))
def test_every_group_has_ratios_however_few_sizes_forecasts_have(repeats: list[int], seed: int) -> None:
    forecast = np.repeat(np.arange(1.0, len(repeats) + 1), repeats)
    came = np.random.default_rng(seed).poisson(forecast).astype(float)
    calibration = Calibration.of(forecast, came)
    if calibration is None:
        assert len(forecast) < 50
        return
    assert sum(map(len, calibration.ratios)) == len(forecast)
    assert min(map(len, calibration.ratios)) > 0
    assert np.isfinite(calibration.quantile(np.linspace(0.5, len(repeats) + 1, 25), 0.95)).all()
