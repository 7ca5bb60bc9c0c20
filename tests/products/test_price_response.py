"""The effect of prices is found where it is planted, and not claimed if other causes move them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.products import price_response as module
from shopper_widgets.products.price_response import price_response
from tests.order_tables import ENGINES
from tests.products.price_shops import FOLLOWING, RANDOM, planted, price_shop


def test_a_planted_elasticity_is_within_its_interval() -> None:
    held, supported = [], []
    for seed in range(24):
        response = price_response(price_shop(seed, products=25, weeks=40, orders=15.0))
        corrected = response.estimates.set_index("term").loc["corrected"]
        held.append(corrected["low"] <= -1.5 <= corrected["high"])
        supported.append(response.is_causal_claim_supported)
        assert (response.elasticity is not None) == supported[-1]
    assert sum(held) >= 21
    assert sum(supported) >= 18


def test_prices_that_follow_demand_are_refused() -> None:
    responses = [price_response(price_shop(seed, "confounded", products=25)) for seed in range(10)]
    assert sum("lead" in response.doubts for response in responses) >= 9
    assert not any(response.elasticity for response in responses if "lead" in response.doubts)


@pytest.mark.parametrize("kind", FOLLOWING[1:])
def test_prices_of_a_season_or_of_a_clearance_are_refused(kind: str) -> None:
    responses = [price_response(price_shop(seed, kind, products=25)) for seed in range(6)]
    assert all("lead" in response.doubts for response in responses)


def test_a_planted_elasticity_is_found_in_shops_of_further_shapes() -> None:
    kinds = [kind for kind in RANDOM if kind not in ("random", "lasting")]
    held, supported = [], []
    for kind in kinds:
        for seed in range(4):
            response = price_response(price_shop(seed, kind, products=25))
            corrected = response.estimates.set_index("term").loc["corrected"]
            held.append(corrected["low"] <= planted(kind) <= corrected["high"])
            supported.append(response.is_causal_claim_supported)
    assert sum(held) >= 18 and sum(supported) >= 15, (sum(held), sum(supported), len(held))


def test_where_products_differ_the_mean_weighs_as_their_prices_move() -> None:
    """Products whose prices vary three times as much have nine tenths of the weight, and elasticity −2."""
    rows = [
        price_response(price_shop(seed, "uneven", products=25)).estimates.set_index("term").loc["corrected"]
        for seed in range(20)
    ]
    assert planted("uneven") == pytest.approx(-1.9)
    assert sum(row["low"] <= -1.9 <= row["high"] for row in rows) >= 18
    assert sum(row["low"] <= -1.5 <= row["high"] for row in rows) <= 5, "the plain mean is another figure"


def test_where_prices_do_nothing_nothing_is_claimed() -> None:
    shops = (price_shop(seed, elasticity=0.0, products=25, weeks=40, orders=15.0) for seed in range(30))
    assert sum("no effect" in price_response(shop).doubts for shop in shops) >= 26


def test_few_orders_a_week_are_doubted_for_they_hide_the_weeks_without_any() -> None:
    response = price_response(price_shop(0, orders=2.0))
    of = response.estimates.set_index("term")["estimate"]
    assert "few orders" in response.doubts and response.elasticity is None
    assert of["panel"] > -1.25 > of["corrected"]


def test_quantity_breaks_alone_make_naive_slopes_steep_and_leave_the_panel_flat() -> None:
    shop = price_shop(1, elasticity=0.0, orders=20.0)
    of = price_response(shop).estimates.set_index("term")
    assert of["estimate"]["naive"] < -2 and of["estimate"]["naive within week"] < -5
    assert abs(of["estimate"]["panel"]) < 0.1


def test_without_wholesale_each_line_tells_a_small_price() -> None:
    response = price_response(price_shop(2, wholesale=False))
    assert response.elasticity is not None
    assert response.elasticity.low <= -1.5 <= response.elasticity.high


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_and_orders_of_lines_agree(engine: str) -> None:
    shop = price_shop(0, products=12, weeks=35)
    mixed = ENGINES[engine](shop.sample(frac=1, random_state=3))
    pd.testing.assert_frame_equal(price_response(mixed).estimates, price_response(shop).estimates)


def test_too_short_for_a_lead_is_told_and_nothing_is_claimed() -> None:
    response = price_response(price_shop(0, weeks=25))
    assert response.doubts == ("lead is unknown",)
    assert response.elasticity is None


def test_lines_without_a_customer_are_left_out_unless_there_are_no_others() -> None:
    shop = price_shop(0, products=12)
    till = shop.assign(customer_id=None, unit_price=shop["unit_price"] * 2, order_id="t" + shop["order_id"])
    alone = price_response(shop)
    both = price_response(pd.concat([shop, till]))
    pd.testing.assert_frame_equal(alone.estimates, both.estimates)
    assert price_response(till).buyers == "everyone"


@pytest.mark.parametrize(
    "shop",
    [
        price_shop(0, products=5),
        price_shop(0, weeks=4),
        price_shop(0).assign(unit_price=2.0),
        price_shop(0).iloc[:1],
    ],
    ids=["five products", "one month", "one price", "one line"],
)
def test_small_shops_are_told_what_is_missing(shop: pd.DataFrame) -> None:
    with pytest.raises(TooLittleDataError, match="10 products or more must have been ordered in 20 weeks"):
        price_response(shop)


def test_parameters_are_checked() -> None:
    with pytest.raises(ValueError, match="buyers"):
        price_response(price_shop(0), buyers="all")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="lead_weeks"):
        price_response(price_shop(0), lead_weeks=0)


def test_on_real_lines_the_price_of_eight_weeks_later_moves_orders_too(online_retail_model) -> None:
    """Published before: panel −.67 [−.74, −.60], lead −.32 [−.42, −.22], naive −3.55 and −3.52."""
    response = price_response(online_retail_model.lines)
    of = response.estimates.set_index("term")
    told = {
        term: tuple(of.loc[term, ["estimate", "low", "high"]].astype(float).round(2)) for term in of.index
    }
    assert told["panel"] == (-0.67, -0.74, -0.60)
    assert told["lead"] == (-0.30, -0.41, -0.18)
    assert abs(told["shuffled"][0]) <= 0.01 and told["shuffled"][1] < 0 < told["shuffled"][2]
    assert (told["naive"][0], told["naive within week"][0]) == (-3.44, -3.55)
    assert of["products"]["panel"] == 732
    assert response.doubts == ("few orders", "lead")
    assert not response.is_causal_claim_supported and response.elasticity is None


def test_nothing_is_called_optimal() -> None:
    assert "optimal" not in (module.__doc__ or "") + (price_response.__doc__ or "")
    assert not any("optimal" in term for term in price_response(price_shop(0)).estimates["term"])
    assert np.isfinite(price_response(price_shop(0)).estimates["estimate"]).all()
