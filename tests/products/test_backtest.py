"""The backtest: bars on Online Retail, coverage on made-up shops, and no use of the future."""

import numpy as np
import pandas as pd
import pytest

from shopper_widgets import DemandBacktest, DemandForecaster, TooLittleDataError, backtest_demand
from shopper_widgets.products.histories import Histories
from shopper_widgets.products.levels import METHOD_NAMES
from shopper_widgets.products.origins import INTERVALS, Forecasts
from tests.demand_shops import SHOPS, as_demand, shop


@pytest.fixture(scope="module")
def online_retail(online_retail_demand: pd.DataFrame) -> DemandBacktest:
    demand = online_retail_demand
    return backtest_demand(
        demand, {"combined": DemandForecaster(), "pooled_ses": DemandForecaster(method="ses")}
    )


def _row(found: DemandBacktest, method: str = "combined") -> pd.Series:
    return found.summary[found.summary["method"] == method].iloc[0]


def test_online_retail_reaches_its_bars(online_retail: DemandBacktest) -> None:
    """Four-week totals of the 500 best products at each of seven origins."""
    found = _row(online_retail)
    assert found["products"] + online_retail.refused == 3500
    assert found["wape"] <= 0.415
    assert found["high"] < 0
    assert abs(found["bias"]) <= 0.05
    assert found["pinball_0.9"] <= 0.265
    assert found["pinball_0.95"] <= 0.180
    assert 0.88 <= found["coverage_0.9"] <= 0.92
    assert 0.93 <= found["coverage_0.95"] <= 0.97


def test_online_retail_at_the_origins_that_nothing_was_chosen_on(online_retail: DemandBacktest) -> None:
    last = online_retail.by_origin[online_retail.by_origin["method"] == "combined"].tail(2)
    plain = online_retail.by_origin[online_retail.by_origin["method"] == "mean_8"].tail(2)
    assert (last["wape"].to_numpy() < plain["wape"].to_numpy()).all()
    assert last["wape"].mean() <= 0.415
    assert last["pinball_0.95"].mean() <= 0.185


def test_steady_and_erratic_products_of_online_retail_keep_what_is_promised(
    online_retail: DemandBacktest, online_retail_demand: pd.DataFrame
) -> None:
    found = online_retail.forecasts.query("method == 'combined'")
    weekly = online_retail_demand.pivot_table(
        index="week", columns="product_id", values="quantity", aggfunc="sum", fill_value=0
    )
    kept = []
    for origin, of_origin in found.groupby("origin"):
        last = weekly.loc[:origin].tail(26)
        variation = (last.std() / last.mean()).reindex(of_origin["product_id"]).to_numpy()
        fifth = pd.qcut(variation, 5, labels=False)
        kept.append(pd.DataFrame({"fifth": fifth, "kept": (of_origin["actual"] <= of_origin["q0.95"])}))
    by_fifth = pd.concat(kept).groupby("fifth")["kept"].mean()
    assert by_fifth.between(0.915, 0.97).all(), by_fifth


def test_the_textbook_keeps_less_than_it_promises(online_retail: DemandBacktest) -> None:
    found = _row(online_retail, "mean_8")
    assert found["wape"] == pytest.approx(0.435, abs=0.005)
    assert found["coverage_0.95"] == pytest.approx(0.86, abs=0.01)
    assert found[["difference", "low", "high"]].tolist() == [0, 0, 0]


@pytest.mark.parametrize("name", [name for name in SHOPS if name != "five products"])
def test_what_is_promised_is_kept_on_shops_of_many_shapes(name: str) -> None:
    found = _row(backtest_demand(shop(name)))
    assert 0.91 <= found["coverage_0.95"] <= 0.985
    assert 0.85 <= found["coverage_0.9"] <= 0.95
    assert found["difference"] < 0.01


@pytest.mark.parametrize("method", METHOD_NAMES)
@pytest.mark.parametrize("intervals", INTERVALS)
def test_nothing_after_the_origin_changes_a_forecast(method: str, intervals: str) -> None:
    units = Histories.of(shop("growing")).quantity
    after = units.copy()
    after[:, 40:] = 10_000 * (np.arange(len(units))[:, None] % 3)
    for origin in (9, 24, 40):
        one, other = (
            Forecasts(Histories.of(as_demand(u)), method, 4, 8, intervals).at(origin)
            for u in (units, _with_the_same_products(after, units))
        )
        assert np.array_equal(one.expected, other.expected, equal_nan=True)
        assert np.array_equal(one.quantile(0.95), other.quantile(0.95), equal_nan=True)


def _with_the_same_products(units: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Add a sale in the last week, since products without any sale drop out of a table."""
    units[:, -1] += 1
    like[:, -1] += 1
    return units


def test_a_planted_leak_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A forecaster that uses the coming weeks is exposed by its error."""
    honest = _row(backtest_demand(shop("growing")))
    monkeypatch.setattr(Forecasts, "base", lambda self, origin, seasonal=False: self.actual(origin))
    peeping = _row(backtest_demand(shop("growing")))
    assert honest["wape"] > 0.2
    assert peeping["wape"] == pytest.approx(0, abs=1e-9)


def test_errors_of_products_and_origins_add_up() -> None:
    found = backtest_demand(shop("a quarter"), n_products=20)
    rows = found.forecasts[found.forecasts["method"] == "combined"]
    expected = (rows["expected"] - rows["actual"]).abs().sum() / rows["actual"].sum()
    assert _row(found)["wape"] == pytest.approx(expected)
    assert rows.groupby("origin").size().max() == 20
    demand = shop("a quarter")
    weeks = demand.attrs["weeks"]
    origin = weeks.index(rows["origin"].iloc[0])
    sold = demand[demand["week"].isin(weeks[origin + 1 : origin + 5])].groupby("product_id")["quantity"].sum()
    first = rows[rows["origin"] == rows["origin"].iloc[0]]
    assert first["actual"].tolist() == sold.reindex(first["product_id"], fill_value=0).tolist()


def test_products_are_chosen_by_what_was_known() -> None:
    """A product that only sells after the origin isn't among the best before it."""
    units = np.full((40, 30), 2)
    units[0] = [0] * 26 + [10_000] * 4
    found = backtest_demand(as_demand(units), n_products=10)
    assert "p0000" not in set(found.forecasts["product_id"])


def test_row_order_and_seed() -> None:
    demand = shop("a quarter")
    one = backtest_demand(demand)
    other = backtest_demand(demand.sample(frac=1, random_state=0))
    pd.testing.assert_frame_equal(one.summary, other.summary)


def test_forecasts_from_hardly_any_weeks_teach_nothing() -> None:
    """If new products are forecast too, ratios still come only from origins with enough weeks before them."""
    found = backtest_demand(shop("a quarter"), {"new too": DemandForecaster(min_weeks=1)})
    assert _row(found, "new too")["pinball_0.95"] < _row(found, "mean_8")["pinball_0.95"]


def test_too_little_is_said() -> None:
    with pytest.raises(TooLittleDataError, match="at least 12 weeks: 8 to forecast from and 4 to compare"):
        backtest_demand(shop("one month"))
    with pytest.raises(ValueError, match="n_products must be"):
        backtest_demand(shop("a quarter"), n_products=0)
