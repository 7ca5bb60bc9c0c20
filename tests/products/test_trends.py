"""Growing and fading products are distinguished from steady ones, and from the shop's own trend."""

import numpy as np
import pandas as pd
import pytest

from shopper_widgets import TooLittleDataError, demand_trends
from tests.demand_shops import as_demand, shop


def test_steady_products_are_hardly_ever_said_to_change() -> None:
    rates = np.random.default_rng(3).gamma(2.0, 10.0, (600, 1))
    units = np.random.default_rng(4).poisson(rates, (600, 40))
    found = demand_trends(as_demand(units))
    assert (found["trend"] != "steady").mean() == pytest.approx(0.05, abs=0.025)
    assert found.attrs["shop"] == pytest.approx(0, abs=0.02)


def test_what_grows_beside_the_shop_is_told() -> None:
    """The whole shop doubles: only products that differ from it grow or fade."""
    factor = np.where(np.arange(30) >= 17, 2.0, 1.0)
    rates = np.tile(400 * factor, (60, 1))
    rates[0, 17:] *= 2
    rates[1, 17:] /= 2
    units = np.random.default_rng(0).poisson(rates)
    units[2, 17:] = 0
    found = demand_trends(as_demand(units)).set_index("product_id")
    assert found["trend"].loc[["p0000", "p0001", "p0002"]].tolist() == ["growing", "fading", "stopped"]
    assert found.attrs["shop"] == pytest.approx(1.0, abs=0.05)
    assert found["beside_shop"].loc["p0000"] == pytest.approx(1.0, abs=0.15)
    assert (found["trend"] == "steady").sum() >= 50
    assert found.loc["p0002", "change"] == -1


def test_intervals_hold_the_true_change() -> None:
    random = np.random.default_rng(5)
    truth = np.exp(random.normal(0, 0.3, 500))
    rates = 60 * np.where(np.arange(26) >= 13, truth[:, None], 1.0) * random.gamma(4, 1 / 4, (500, 26))
    found = demand_trends(as_demand(random.poisson(rates)))
    shop_ratio = 1 + found.attrs["shop"]
    held = (1 + found["low"] <= truth / shop_ratio) & (truth / shop_ratio <= 1 + found["high"])
    assert held.mean() == pytest.approx(0.95, abs=0.03)


def test_few_weeks_and_new_products() -> None:
    with pytest.raises(TooLittleDataError, match="at least 26 weeks; it holds 13"):
        demand_trends(shop("a quarter"))
    with pytest.raises(ValueError, match="confidence must lie"):
        demand_trends(shop("a quarter"), weeks=4, confidence=95)
    units = np.full((2, 30), 5)
    units[1, :10] = 0
    assert demand_trends(as_demand(units))["product_id"].tolist() == ["p0000"]
    units = units[1:]
    assert demand_trends(as_demand(units), weeks=15).empty
    demand = shop("growing")
    shuffled = demand.sample(frac=1, random_state=0)
    pd.testing.assert_frame_equal(demand_trends(demand), demand_trends(shuffled))


@pytest.mark.parametrize("growth", [1.0, 2.0])
def test_a_shop_of_rare_sales_is_not_told_to_grow_by_each_product_that_sold_at_all(growth: float) -> None:
    """Most products sell nothing in one of the spans: the median of their ratios would be 0."""
    random = np.random.default_rng(1)
    rates = random.gamma(1.5, 0.04, (900, 1)) * np.where(np.arange(60) >= 47, growth, 1)
    units = np.where(random.poisson(rates) > 0, random.integers(1, 8, (900, 60)), 0)
    found = demand_trends(as_demand(units))
    assert (found["trend"] == "stopped").mean() > 0.15
    assert found.attrs["shop"] == pytest.approx(growth - 1, abs=0.3)
    assert (found["trend"] == "growing").mean() < 0.025
    assert found["beside_shop"].abs().lt(np.inf).all()


def test_of_a_shop_that_sells_nothing_any_more_nothing_grows() -> None:
    units = np.full((3, 30), 5)
    units[:, 17:] = 0
    found = demand_trends(as_demand(np.vstack([units, [[0] * 20 + [5] * 10]])))
    assert found["trend"].tolist() == ["stopped"] * 3
    assert found["beside_shop"].isna().all()


def test_equal_weeks_are_no_certainty() -> None:
    """The best product sells a little less, and a product with a constant five a week still doesn't grow."""
    units = np.full((4, 30), 5)
    units[0] = np.where(np.arange(30) >= 17, 98, 100)
    assert demand_trends(as_demand(units))["trend"].tolist() == ["steady"] * 4
