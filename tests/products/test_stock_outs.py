"""Gaps are reported only where chance hardly explains them."""

import numpy as np
import pandas as pd
import pytest

from shopper_widgets import backtest_demand, possible_stock_outs
from shopper_widgets.products.classes import product_classes
from shopper_widgets.products.stock_outs import lasting_gaps
from tests.demand_shops import as_demand, shop


def test_planted_gaps_are_found_and_no_others() -> None:
    units = np.random.default_rng(0).poisson(8.0, (200, 60)) + 1
    units[3, 20:24] = 0
    units[7, 57:] = 0
    units[9, 30:32] = 0
    units[11, :25] = 0
    found = possible_stock_outs(as_demand(units))
    assert found["product_id"].tolist() == ["p0003", "p0007"]
    assert found["weeks"].tolist() == [4, 3]
    assert found["is_open"].tolist() == [False, True]
    weeks = as_demand(units).attrs["weeks"]
    assert found["first_week"].tolist() == [weeks[20], weeks[57]]
    assert found["last_week"].tolist() == [weeks[23], weeks[59]]


def test_products_that_sell_now_and_then_have_no_gaps() -> None:
    """None of these products was out of stock: at most 1 % of them may seem so."""
    found = possible_stock_outs(shop("spare parts"))
    assert (found["chance"] <= 0.01).all()
    assert possible_stock_outs(shop("spare parts"), max_chance=1)["product_id"].nunique() > 800
    assert found["product_id"].nunique() <= 0.01 * 900


def test_gaps_that_last_are_told_beside_all_products_of_their_class() -> None:
    """Of 300 that sell in two weeks of three, some have four empty weeks by chance, but not eight."""
    units = (np.random.default_rng(0).random((300, 60)) < 2 / 3) * 5
    units[:3, 52:] = 0
    units[3:6, 56:] = 0
    units[6, 40:48] = 0
    demand = as_demand(units)
    told = lasting_gaps(possible_stock_outs(demand, max_chance=1), product_classes(demand))
    assert set(told["product_id"]) == {"p0000", "p0001", "p0002"}
    assert told["revenue"].is_monotonic_decreasing
    alone = as_demand(units[3:4])
    assert len(lasting_gaps(possible_stock_outs(alone, max_chance=1), product_classes(alone))) == 1


def test_weeks_known_to_be_out_of_stock_are_no_news() -> None:
    units = np.full((1, 30), 5)
    units[0, 10:15] = 0
    demand = as_demand(units)
    absent = pd.DataFrame(
        {
            "product_id": "p0000",
            "week": demand.attrs["weeks"][10:15],
            "quantity": 0.0,
            "amount": 0.0,
            "in_stock": False,
        }
    )
    assert len(possible_stock_outs(demand)) == 1
    told = pd.concat([demand.assign(in_stock=True), absent.astype({"week": demand["week"].dtype})])
    assert possible_stock_outs(told).empty


def test_online_retail(online_retail_demand: pd.DataFrame) -> None:
    """71 of the 474 best products have three empty weeks between sales; chance explains some of the gaps."""
    demand = online_retail_demand
    best = backtest_demand(demand, n_origins=1).forecasts["product_id"].unique()
    found = possible_stock_outs(demand)
    every = possible_stock_outs(demand[demand["week"] <= demand.attrs["weeks"][-5]], max_chance=1)
    between = every[every["product_id"].isin(best) & ~every["is_open"]]
    assert len(best) == 474
    assert between["product_id"].nunique() == 71
    assert found[found["product_id"].isin(best)]["product_id"].nunique() < 71
    with pytest.raises(ValueError, match="max_chance must be above 0"):
        possible_stock_outs(demand, max_chance=0)
    pd.testing.assert_frame_equal(found, possible_stock_outs(demand.sample(frac=1, random_state=0)))
