"""The methods agree with statsforecast for each product, whenever its history begins.

The values are from statsforecast 2.1.1; `statsforecast_values.py` in this folder makes them.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from shopper_widgets.products.smoothing import METHODS, window_mean

VALUES = json.loads(Path(__file__).with_name("statsforecast_values.json").read_text(encoding="utf-8"))
LONGEST = max(len(row["y"]) for row in VALUES)
#: Weeks before a history begins hold nonsense, which no method may use.
START = np.array([LONGEST - len(row["y"]) for row in VALUES])
Y = np.array([[99.0] * (LONGEST - len(row["y"])) + row["y"] for row in VALUES])


@pytest.mark.parametrize(
    "name", ["naive", "mean_4", "croston", "sba", "tsb", "ses", "adida", "imapa", "theta"]
)
def test_values_agree_with_statsforecast(name: str) -> None:
    method = window_mean(4) if name == "mean_4" else METHODS[name]
    expected = [row[name] for row in VALUES]
    np.testing.assert_allclose(method(Y, START, 4), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", METHODS)
def test_a_product_is_forecast_as_if_it_were_alone(name: str) -> None:
    together = METHODS[name](Y, START, 4)
    for row in range(0, len(Y), 7):
        alone = METHODS[name](Y[row : row + 1, START[row] :], np.array([0]), 4)
        np.testing.assert_allclose(alone, together[row], rtol=1e-9)


@pytest.mark.parametrize("name", METHODS)
def test_forecasts_scale_with_demand(name: str) -> None:
    """Theta's search stops at a tolerance in units, as in statsforecast, so that it only nearly scales."""
    tolerance = 0.05 if name == "theta" else 1e-6
    one, thousand = METHODS[name](Y, START, 4), METHODS[name](1000 * Y, START, 4)
    np.testing.assert_allclose(thousand, 1000 * one, rtol=tolerance, atol=1000 * tolerance)


@pytest.mark.parametrize("name", METHODS)
def test_nothing_sold_is_nothing_expected_and_no_product_is_none(name: str) -> None:
    assert METHODS[name](np.zeros((2, 9)), np.array([0, 8]), 4).tolist() == [0.0, 0.0]
    assert METHODS[name](np.zeros((0, 9)), np.zeros(0, dtype=int), 4).shape == (0,)
