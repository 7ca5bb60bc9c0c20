"""Gamma–Gamma: recovered parameters, and its estimates for customers with few orders."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime

from shopper_widgets.customers.lifetime.gamma_gamma import GammaGamma, _log_likelihood
from shopper_widgets.errors import TooLittleDataError
from tests.contracts import EstimatorContract


def simulated(n: int, p: float, q: float, v: float, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    repeats = rng.geometric(0.4, n) - 1
    rate = rng.gamma(q, 1 / v, n)
    spend = rng.gamma(p * np.maximum(repeats, 1), 1 / (rate * np.maximum(repeats, 1)))
    return pd.DataFrame({"repeats": repeats, "spend_per_order": np.where(repeats > 0, spend, np.nan)})


@pytest.fixture(scope="module")
def made_up() -> pd.DataFrame:
    # The parameters published for CDNOW (Fader, Hardie & Lee 2005, "RFM and CLV").
    return simulated(8_000, 6.25, 3.74, 15.44)


def test_what_was_put_in_comes_out(made_up: pd.DataFrame) -> None:
    model = GammaGamma().fit(made_up)
    assert model.p_ == pytest.approx(6.25, rel=0.15)
    assert model.q_ == pytest.approx(3.74, rel=0.1)
    assert model.mean_spend_ == pytest.approx(6.25 * 15.44 / 2.74, rel=0.05)
    assert abs(model.correlation_) < 0.1


def test_few_orders_are_drawn_to_the_shops_mean(made_up: pd.DataFrame) -> None:
    model = GammaGamma().fit(made_up)
    asked = pd.DataFrame({"repeats": [0, 1, 100], "spend_per_order": [np.nan, 200.0, 200.0]})
    none, one, many = model.expected_spend(asked)
    assert none == pytest.approx(model.mean_spend_)
    assert none < one < many < 200
    assert many == pytest.approx(200, rel=0.02)


def test_the_currency_only_scales_v(made_up: pd.DataFrame) -> None:
    pounds = GammaGamma().fit(made_up)
    pence = GammaGamma().fit(made_up.assign(spend_per_order=made_up["spend_per_order"] * 100))
    assert pence.v_ == pytest.approx(100 * pounds.v_, rel=1e-4)
    assert pence.p_ == pytest.approx(pounds.p_, rel=1e-4)


def test_slopes_are_those_of_the_likelihood(made_up: pd.DataFrame) -> None:
    some = made_up[made_up["repeats"] > 0].head(100)
    x, spend = some["repeats"].to_numpy(dtype=float), some["spend_per_order"].to_numpy()
    at = np.array([5.0, 3.0, 12.0])
    numeric = approx_fprime(at, lambda p: _log_likelihood(p, x, spend)[0].sum(), 1e-7)
    np.testing.assert_allclose(_log_likelihood(at, x, spend)[1].sum(axis=1), numeric, rtol=1e-4)


def test_what_the_data_cannot_support() -> None:
    with pytest.raises(TooLittleDataError, match="0 of 30 customers came back"):
        GammaGamma().fit(pd.DataFrame({"repeats": [0] * 30, "spend_per_order": np.nan}))
    with pytest.raises(TooLittleDataError, match="too much alike"):
        GammaGamma().fit(pd.DataFrame({"repeats": [2] * 50, "spend_per_order": 10.0}))
    with pytest.raises(TooLittleDataError, match="there is no amount to expect"):
        GammaGamma().fit(simulated(3_000, 6.0, 0.7, 10.0))


def test_spend_that_cannot_be() -> None:
    with pytest.raises(ValueError, match=r"histories\['spend_per_order'\]"):
        GammaGamma().fit(pd.DataFrame({"repeats": [2] * 50, "spend_per_order": np.nan}))
    with pytest.raises(ValueError, match=r"lacks the column\(s\) spend_per_order"):
        GammaGamma().fit(pd.DataFrame({"repeats": [2] * 50}))


class TestContract(EstimatorContract):
    def make(self) -> GammaGamma:
        return GammaGamma(min_repeaters=20)

    def data(self) -> pd.DataFrame:
        return simulated(400, 6.25, 3.74, 15.44)

    def answers(self, fitted: GammaGamma) -> list[object]:
        return [fitted.expected_spend(self.data().head(20)), fitted.mean_spend_, fitted.correlation_]

    def check_unseen(self, fitted: GammaGamma) -> None:
        rich = pd.DataFrame({"repeats": [3], "spend_per_order": [1e9]})
        assert 0 < fitted.expected_spend(rich)[0] < 1e9
