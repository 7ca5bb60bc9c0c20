"""Forecasts have their nominal coverage, report what is unknown, and never use the future."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from shopper_widgets import DemandForecaster, TooLittleDataError
from shopper_widgets.products.levels import METHOD_NAMES, capped
from tests.contracts import EstimatorContract
from tests.demand_shops import as_demand, shop


class TestDemandForecasterContract(EstimatorContract):
    def make(self) -> Any:
        return DemandForecaster(horizon=3, method="tsb", min_weeks=6)

    def data(self) -> pd.DataFrame:
        return shop("a quarter").copy()

    def answers(self, fitted: Any) -> list[Any]:
        return [fitted.predict(), fitted.predict_quantiles([0.5, 0.99]), fitted.season_, fitted.products_]

    def check_unseen(self, fitted: Any) -> None:
        with pytest.raises(ValueError, match=r"levels must lie between 0 and 1, such as 0\.95; got 95"):
            fitted.predict_quantiles([95])
        with pytest.raises(ValueError, match="horizon must be a whole number of at least 1; got 0"):
            fitted.predict(horizon=0)


@pytest.mark.parametrize("method", METHOD_NAMES)
@pytest.mark.parametrize("intervals", ["measured", "negative_binomial", "normal"])
def test_quantiles_rise_with_the_level(method: str, intervals: str) -> None:
    forecaster = DemandForecaster(method=method, intervals=intervals).fit(shop("a quarter"))
    found = forecaster.predict_quantiles([0.5, 0.8, 0.9, 0.95, 0.99]).drop(columns="product_id").to_numpy()
    assert (np.diff(found, axis=1) >= 0).all()
    assert (forecaster.predict()["expected"] >= 0).all()


def test_what_only_scales_scales() -> None:
    """The unit doesn't matter: single pieces or boxes of ten."""
    demand = shop("a quarter")
    tens = demand.assign(quantity=demand["quantity"] * 10)
    one, ten = DemandForecaster().fit(demand), DemandForecaster().fit(tens)
    np.testing.assert_allclose(ten.predict()["expected"], 10 * one.predict()["expected"], rtol=1e-6)
    for_one, for_ten = (f.predict_quantiles([0.9]) for f in (one, ten))
    np.testing.assert_allclose(for_ten["q0.9"], 10 * for_one["q0.9"], rtol=1e-6)


def test_products_of_few_weeks_get_no_forecast_and_say_why() -> None:
    units = np.full((3, 20), 5)
    units[1, :13] = 0
    units[2, :12] = 0
    found = DemandForecaster().fit(as_demand(units)).predict()
    assert found["basis"].tolist() == ["negative_binomial", "too new", "negative_binomial"]
    assert found["weeks"].tolist() == [20, 7, 8]
    assert found["expected"].isna().tolist() == [False, True, False]
    assert found["expected"].iloc[0] == pytest.approx(20, rel=0.1)


def test_too_little_is_said() -> None:
    with pytest.raises(TooLittleDataError, match="first sold 8 weeks ago or earlier; it holds 4 weeks"):
        DemandForecaster().fit(shop("one month"))
    found = DemandForecaster(min_weeks=2).fit(shop("one month")).predict()
    assert found["expected"].notna().all()


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda d: d.drop(columns="week"), ValueError, "week is missing"),
        (lambda d: d.assign(week="2022"), TypeError, "timestamps in week"),
        (lambda d: d.assign(quantity=-1.0), ValueError, "quantity of at least 0"),
        (lambda d: pd.concat([d, d[:1]]), ValueError, "one row per product and week; product 'p0000'"),
        (lambda d: d[:0], TooLittleDataError, "at least one row"),
        (lambda d: "demand.csv", TypeError, "must be a frame"),
    ],
)
def test_what_is_wrong_is_said(change: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        DemandForecaster().fit(change(shop("a quarter").copy()))


@pytest.mark.parametrize(
    ("parameter", "value"), [("horizon", 0), ("min_weeks", 0), ("method", "arima"), ("intervals", "exact")]
)
def test_parameters_are_checked_in_fit(parameter: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{parameter} must be"):
        DemandForecaster(**{parameter: value}).fit(shop("a quarter"))


def test_weeks_out_of_stock_are_not_learned_as_no_demand() -> None:
    """A product that sells 20 a week and was out of stock for the last 6 weeks still sells 20 a week."""
    random = np.random.default_rng(0)
    units = random.poisson(20, (60, 40))
    units[0, -6:] = 0
    demand = as_demand(units)
    weeks = demand.attrs["weeks"][-6:]
    absent = pd.DataFrame(
        {"product_id": "p0000", "week": weeks, "quantity": 0.0, "amount": 0.0, "in_stock": False}
    )
    told = pd.concat([demand.assign(in_stock=True), absent.astype({"week": demand["week"].dtype})])
    without, with_stock = (DemandForecaster().fit(d).predict()["level"].iloc[0] for d in (demand, told))
    assert without < 10
    assert with_stock == pytest.approx(20, rel=0.15)


def test_a_planted_season_is_used_from_two_years_on() -> None:
    """Every product sells three times as much in the last weeks of a year; the third year is forecast."""
    random = np.random.default_rng(1)
    rates = 30 * np.exp(random.normal(0, 0.5, (80, 1)))
    peak = np.where(np.arange(160) % 52 >= 46, 3.0, 1.0)
    units = random.poisson(rates * peak)
    expected = (rates * peak[150:154].sum()).sum()
    forecaster = DemandForecaster().fit(as_demand(units[:, :150]))
    assert forecaster.season_ == "used"
    assert forecaster.predict()["expected"].sum() == pytest.approx(expected, rel=0.15)
    one_year = DemandForecaster().fit(as_demand(units[:, 52:150]))
    assert one_year.season_ == "unknown"
    assert one_year.predict()["expected"].sum() < 0.5 * expected
    steady = DemandForecaster().fit(as_demand(random.poisson(rates * np.ones(150))))
    assert steady.predict()["expected"].sum() == pytest.approx(4 * rates.sum(), rel=0.05)


def test_a_spike_counts_as_a_very_good_week() -> None:
    week = np.array([[4.0, 4, 0, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 900]])
    assert capped(week).max() == 12
    assert capped(np.minimum(week, 12)).tolist() == np.minimum(week, 12).tolist()
    assert capped(np.zeros((1, 5))).tolist() == [[0.0] * 5]
    only = np.array([[0.0, 0, 7, 0]])
    assert capped(only).tolist() == only.tolist()
