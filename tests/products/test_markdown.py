"""The break-even of a markdown: sums by hand, and a search over the gain itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopper_widgets.products.markdown import markdown_plan


def stock(on_hand: float = 100, rate: float = 5, price: float = 10) -> pd.DataFrame:
    return pd.DataFrame({"product_id": ["P"], "on_hand": [on_hand], "weekly_rate": [rate], "price": [price]})


def gain(units: float, rate: float, each: float, weeks: float, holding: float) -> float:
    """Return the gain, integrated over small parts of weeks."""
    at = np.linspace(0, weeks, 20_001)
    left = np.maximum(units - rate * at, 0)
    return float((units - left[-1]) * each - holding * np.trapezoid(left, at))


def test_without_holding_cost_it_is_the_sum_of_discounts() -> None:
    row = markdown_plan(stock(), weeks=10, margin=0.4, cuts=[0.1]).iloc[0]
    assert row["lift_break_even"] == pytest.approx(0.4 / 0.3)
    assert (row["weeks_of_cover"], row["left_if_held"], row["rate_to_clear"]) == (20, 50, 10)
    assert row["lift_to_clear"] == 2
    assert row["gain_if_held"] == pytest.approx(50 * 4)
    assert row["gain_if_cleared"] == pytest.approx(100 * 3)
    assert row["is_clearing_worth_it"]


def test_what_spoils_may_be_cut_deeper_than_the_margin() -> None:
    kept = markdown_plan(stock(), weeks=10, margin=0.4, cuts=[0.5]).iloc[0]
    spoils = markdown_plan(stock(), weeks=10, margin=0.4, left_value=0, cuts=[0.5]).iloc[0]
    assert np.isnan(kept["lift_break_even"]) and not kept["is_clearing_worth_it"]
    assert spoils["lift_break_even"] == pytest.approx(2)
    assert spoils["is_clearing_worth_it"]


@given(
    on_hand=st.floats(1, 500),
    rate=st.floats(0.1, 60),
    holding=st.floats(0, 1),
    cut=st.floats(0.02, 0.9),
    left=st.floats(0, 0.9),
)
def test_at_the_break_even_the_cut_brings_what_holding_brings(
    on_hand: float, rate: float, holding: float, cut: float, left: float
) -> None:
    plan = markdown_plan(
        stock(on_hand, rate), weeks=8, margin=0.4, holding_cost=holding, left_value=left, cuts=[cut]
    ).iloc[0]
    held = gain(on_hand, rate, (1 - left) * 10, 8, holding)
    each = (1 - left - cut) * 10
    near = 1e-3 * (abs(held) + on_hand * 10)
    assert plan["gain_if_held"] == pytest.approx(held, abs=near)
    if np.isfinite(plan["rate_break_even"]):
        assert gain(on_hand, plan["rate_break_even"], each, 8, holding) == pytest.approx(held, abs=near)
        assert plan["lift_break_even"] == pytest.approx(plan["rate_break_even"] / rate)
    else:
        tried = [gain(on_hand, rate * lift, each, 8, holding) for lift in np.geomspace(1, 100, 60)]
        assert max(tried) <= held + near
    assert plan["gain_if_cleared"] == pytest.approx(gain(on_hand, on_hand / 8, each, 8, holding), abs=near)


def test_what_does_not_sell_has_no_lift_and_any_sale_is_better() -> None:
    row = markdown_plan(stock(rate=0), weeks=10, margin=0.4, holding_cost=0.1, cuts=[0.1]).iloc[0]
    assert np.isinf(row["weeks_of_cover"]) and np.isinf(row["lift_to_clear"])
    assert row["rate_break_even"] == 0 and np.isnan(row["lift_break_even"])
    assert row["gain_if_held"] == -100 * 0.1 * 10


def test_no_stock_needs_nothing_and_rows_stay_in_order() -> None:
    both = pd.concat([stock(0, 0, 0), stock()], ignore_index=True)
    plan = markdown_plan(both, weeks=10, margin=0.4, cuts=[0.1, 0.2])
    assert plan["on_hand"].tolist() == [0, 0, 100, 100]
    assert plan["discount_rate"].tolist() == [0.1, 0.2] * 2
    assert plan["weeks_of_cover"].tolist() == [0, 0, 20, 20]
    assert (plan["lift_to_clear"].iloc[:2] == 0).all()


def test_bad_input_is_told_by_name() -> None:
    with pytest.raises(ValueError, match="price must be a number from 0 on for each product; 1 are not"):
        markdown_plan(stock(price=-1), weeks=4, margin=0.4)
    with pytest.raises(ValueError, match="stock must have the column 'price'"):
        markdown_plan(stock().drop(columns="price"), weeks=4, margin=0.4)
    for wrong in ({"weeks": 0}, {"margin": 40}, {"holding_cost": -1}, {"left_value": 1}, {"cuts": [1.0]}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            markdown_plan(stock(), **{"weeks": 4, "margin": 0.4} | wrong)
