"""What to expect of customers, on data that suffice and on data that don't."""

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shopper_widgets.customers.lifetime import (
    customer_outlook,
    describe_calibration,
    failed,
    holdout_calibration,
    purchase_histories,
)
from shopper_widgets.customers.lifetime import outlook as of_outlook
from shopper_widgets.datasets import make_transactions
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel


@pytest.fixture(scope="module")
def model() -> ShopperModel:
    orders = make_transactions(n_customers=400, n_products=40, n_days=400, random_state=1)
    return ShopperModel.fit(orders, n_clusters=4, progress=False)


def test_histories_by_hand() -> None:
    orders = pd.DataFrame(
        {
            "customer_id": ["b", "a", "a", "a", "a"],
            "ordered_at": [
                pd.Timestamp(2024, 1, day, hour) for day, hour in ((5, 9), (2, 8), (2, 20), (4, 1), (9, 0))
            ],
            "amount": [1, 2, 3, 4, 8],
        }
    )
    found = purchase_histories(orders, pd.Timestamp("2024-01-11 13:00"))
    assert found.drop(columns="spend_per_order").to_dict("list") == {
        "customer_id": ["a", "b"],
        "repeats": [2, 0],
        "last_repeat": [7.0, 0.0],
        "age": [9.0, 6.0],
    }
    assert found["spend_per_order"].iloc[0] == 6.0 and np.isnan(found["spend_per_order"].iloc[1])
    assert purchase_histories(orders, "2024-01-05")["repeats"].tolist() == [1]
    with pytest.raises(ValueError, match="as_of must not lie before every order"):
        purchase_histories(orders, "2020-01-01")


def test_many_customers_are_told_from_a_sample(model: ShopperModel, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = customer_outlook(model).customers["expected_orders"]
    monkeypatch.setattr(of_outlook, "MOST_FITTED", 300)
    told = customer_outlook(model).customers["expected_orders"]
    assert len(told) == len(model.customers) > 300
    assert told.sum() == pytest.approx(whole.sum(), rel=0.1)
    assert told.tolist() == customer_outlook(model).customers["expected_orders"].tolist() != whole.tolist()


def test_each_customer_has_an_outlook(model: ShopperModel) -> None:
    outlook = customer_outlook(model, horizon_days=60)
    customers = outlook.customers
    assert customers["customer_id"].tolist() == model.customers["customer_id"].tolist()
    assert customers["probability_alive"].between(0, 1).all()
    assert (customers["expected_orders"] >= 0).all()
    product = customers["expected_orders"] * customers["expected_spend"]
    pd.testing.assert_series_equal(customers["expected_revenue"], product, check_names=False)
    longer = customer_outlook(model, horizon_days=120).customers
    assert (longer["expected_orders"] >= customers["expected_orders"]).all()
    with pytest.raises(ValueError, match="horizon_days"):
        customer_outlook(model, horizon_days=0)


def test_online_retail_says_that_hardly_anyone_leaves(online_retail_model: ShopperModel) -> None:
    outlook = customer_outlook(online_retail_model)
    assert outlook.customers.notna().all().all()
    assert any("The model finds hardly any churn" in caveat for caveat in outlook.caveats)
    assert outlook.spend_model is not None and 300 < outlook.spend_model.mean_spend_ < 600


def test_holdout_on_online_retail(online_retail: pd.DataFrame) -> None:
    calibration = holdout_calibration(online_retail, "2011-06-10")
    assert calibration["repeats"].tolist() == ["0", "1", "2", "3", "4", "5", "6", "7+"]
    known = online_retail.loc[online_retail["ordered_at"] <= "2011-06-10", "customer_id"].nunique()
    assert calibration["customers"].sum() == known
    # As observed, the model is right within a third everywhere; it doesn't know that autumn is busier.
    assert (calibration["expected"] / calibration["actual"]).between(0.66, 1.1).all()
    assert (calibration["low"] <= calibration["actual"]).all()
    assert (calibration["actual"] <= calibration["high"]).all()
    assert (
        "more often than expected: the model considers each customer's past orders"
        in describe_calibration(calibration)
    )


def test_a_few_days_hold_nothing_out() -> None:
    days = pd.to_datetime(["2024-03-01", "2024-03-02", "2024-03-03"])
    ids = [f"{i}" for i in range(40)]
    orders = pd.DataFrame({"customer_id": ids * 3, "ordered_at": days.repeat(40), "amount": 1.0})
    with pytest.raises(TooLittleDataError, match="too few days to hold some out"):
        holdout_calibration(orders)


def test_what_came_later_has_no_say_in_what_was_expected(model: ShopperModel) -> None:
    orders = model.orders
    cut: Any = orders["ordered_at"].quantile(0.7)
    moved = orders["ordered_at"].where(orders["ordered_at"] <= cut, orders["ordered_at"].max())
    calibration = holdout_calibration(orders, cut)
    changed = holdout_calibration(orders.assign(ordered_at=moved), cut)
    pd.testing.assert_series_equal(calibration["expected"], changed["expected"])
    assert not np.allclose(calibration["actual"], changed["actual"])


def test_what_came_true_is_said_so() -> None:
    rows = {"repeats": ["0"], "customers": [10], "low": [1.0], "high": [1.0], "horizon_days": [30]}
    said = describe_calibration(pd.DataFrame(rows | {"expected": [1.0], "actual": [1.02]}))
    assert said.endswith("as often as expected.")
    said = describe_calibration(pd.DataFrame(rows | {"expected": [1.0], "actual": [0.5]}))
    assert "50 % less often" in said


@pytest.mark.parametrize(
    ("customers", "expected", "actual", "wrong"),
    [
        (200, 1.0, 2.0, False),
        (200, 1.0, 2.01, True),
        (200, 1.0, 0.5, False),
        (200, 1.0, 0.49, True),
        (100, 0.02, 0.06, False),  # 6 orders instead of 2 may be due to chance
        (200, 0.02, 0.06, True),
        (200, 1.0, 0.0, True),
    ],
)
def test_what_came_quite_otherwise_can_t_be_expected_again(
    customers: int, expected: float, actual: float, wrong: bool
) -> None:
    table = pd.DataFrame({"customers": [customers], "expected": expected, "actual": actual})
    assert failed(table) is wrong
    said = describe_calibration(table.assign(horizon_days=30))
    assert said.startswith("What these customers will order can't be told from their past orders:") is wrong
    assert "0.0 times" not in said


def test_cut_dates_that_leave_nothing(model: ShopperModel) -> None:
    for cut in ("1990-01-01", "2990-01-01"):
        with pytest.raises(ValueError, match="cut_date must lie within the orders"):
            holdout_calibration(model.orders, cut)


def test_spend_that_cannot_be_told_is_left_out(model: ShopperModel) -> None:
    day = model.orders["ordered_at"].dt.normalize()
    once = model.orders.assign(day=day).drop_duplicates(["customer_id", "day"]).assign(amount=5.0)
    outlook = customer_outlook(dataclasses.replace(model, orders=once))
    assert outlook.spend_model is None
    assert outlook.customers["expected_spend"].isna().all()
    assert outlook.customers["expected_orders"].notna().all()
    assert any(caveat.startswith("Expected spend is left out.") for caveat in outlook.caveats)


def test_one_order_each_supports_nothing(model: ShopperModel) -> None:
    once = model.orders.drop_duplicates("customer_id")
    with pytest.raises(TooLittleDataError, match=r"0 of \d+ customers came back"):
        customer_outlook(dataclasses.replace(model, orders=once))
