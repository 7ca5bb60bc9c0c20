"""Goods of a season are told from those that sell all year, that grow, and that are hit by large orders."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from shopper_widgets import seasonal_products
from tests.demand_shops import SHOPS, as_demand, shop


def _rates(now: float, between: float, year_ago: float, n_weeks: int = 54) -> np.ndarray:
    rates = np.full(n_weeks, between)
    rates[-10:] = now
    rates[:8] = year_ago
    return rates


def test_what_sells_now_and_sold_a_year_ago_but_not_between_is_seasonal() -> None:
    kinds = [(40, 4, 30), (40, 4, 4), (40, 40, 40), (4, 4, 40), (8, 4, 8)]
    rates = np.repeat([_rates(*kind) for kind in kinds], 20, axis=0)
    found = seasonal_products(as_demand(np.random.default_rng(0).poisson(rates)))
    assert found["product_id"].tolist() == [f"p{row:04}" for row in range(20)]
    assert found["now"].mean() == pytest.approx(40, rel=0.05)
    assert found["between"].mean() == pytest.approx(4, rel=0.05)
    assert found["year_ago"].mean() == pytest.approx(30, rel=0.05)


def test_what_sells_nothing_between_is_seasonal_too() -> None:
    rates = np.repeat([_rates(40, 0, 30), _rates(40, 40, 40)], 20, axis=0)
    found = seasonal_products(as_demand(np.random.default_rng(3).poisson(rates)))
    assert found["product_id"].tolist() == [f"p{row:04}" for row in range(20)]


def test_where_nothing_was_sold_at_all_no_product_is_seasonal() -> None:
    demand = as_demand(np.array([_rates(0, 4, 30)]))  # nothing in the last weeks: other products are left out
    assert seasonal_products(demand).empty


def test_a_product_that_is_all_of_a_small_shop_is_not_seasonal() -> None:
    units = np.zeros((1, 54))
    units[0, :8] = units[0, -8:] = 2
    units[0, 25] = 1
    assert seasonal_products(as_demand(units)).empty


def test_a_larger_share_of_a_shop_that_sells_less_is_no_season() -> None:
    rates = np.array([_rates(60, 40, 60), *[_rates(10, 100, 10)] * 5])
    assert seasonal_products(as_demand(np.random.default_rng(4).poisson(rates))).empty


def test_a_shop_that_sells_most_in_december_has_no_seasonal_products_for_that() -> None:
    rates = np.repeat([_rates(40, 10, 40)], 200, axis=0)
    assert seasonal_products(as_demand(np.random.default_rng(1).poisson(rates))).empty


@pytest.mark.parametrize("name", SHOPS)
def test_hardly_any_product_seems_seasonal_where_none_is(name: str) -> None:
    demand = shop(name)
    assert len(seasonal_products(demand)) <= 0.01 * demand["product_id"].nunique()


def test_less_than_a_year_tells_no_season() -> None:
    units = np.random.default_rng(2).poisson(np.repeat([_rates(40, 4, 30, 49)], 20, axis=0))
    found = seasonal_products(as_demand(units))
    assert found.columns.tolist() == ["product_id", "year_ago", "between", "now"]
    assert found.empty


def test_online_retail_sells_winter_goods_in_december(online_retail_demand: pd.DataFrame) -> None:
    found = set(seasonal_products(online_retail_demand)["product_id"])
    paper_chain_kit_christmas, hot_water_bottle, wool_hottie, angels = "22086", "22114", "84029E", "84347"
    assert {paper_chain_kit_christmas, hot_water_bottle, wool_hottie, angels} <= found
    cakestand, heart_holder, jumbo_bag, bunting, new_this_year = "22423", "85123A", "85099B", "47566", "23084"
    assert not {cakestand, heart_holder, jumbo_bag, bunting, new_this_year} & found
    assert 100 <= len(found) <= 160
