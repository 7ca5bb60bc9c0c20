"""Rhythms that a person can check, and the valuable customers whom segments alone overlook."""

import dataclasses
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopper_widgets.customers.cadence import customer_cadence, overdue_customers, value_at_risk
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.segments.rhythm import order_gaps


def _plain_rule(model: ShopperModel) -> pd.Series:
    """Spend of those silent for more than twice their own median gap, from the orders alone."""
    customers = model.customers.set_index("customer_id")
    days = model.orders.assign(day=model.orders["ordered_at"].dt.normalize())
    median = days.groupby("customer_id")["day"].agg(
        lambda d: np.median(np.diff(np.unique(d)) / np.timedelta64(1, "D")) if d.nunique() > 1 else np.nan
    )
    valuable = customers["monetary"] >= customers["monetary"].quantile(0.75)
    silent = (customers["recency"] > 60) & (customers["recency"] > 2 * median)
    return customers.loc[valuable & silent & (customers["frequency"] >= 3), "monetary"]


@pytest.mark.parametrize(
    ("returns", "customers", "spent"), [("drop", 69, 263_679.48), ("net", 67, 212_109.27)]
)
def test_sixty_nine_valuable_customers_of_online_retail_are_overdue(
    online_retail_lines: pd.DataFrame, returns: Literal["drop", "net"], customers: int, spent: float
) -> None:
    model = ShopperModel.fit(online_retail_lines, returns=returns, n_clusters=4, progress=False)
    plain = _plain_rule(model)
    assert (len(plain), round(plain.sum(), 2)) == (customers, spent)
    found = overdue_customers(model, prior_gaps=0, min_overdue=2)
    assert set(found["customer_id"]) == set(plain.index)
    assert found["value_at_risk"].sum() == pytest.approx(plain.sum())
    assert (found["segment"] == "At-Risk").mean() >= 0.98


def test_they_come_up_by_themselves(online_retail_model: ShopperModel) -> None:
    plain = _plain_rule(online_retail_model)
    found = overdue_customers(online_retail_model)
    assert set(plain.index) <= set(found["customer_id"])
    assert len(found) == 90
    assert found["value_at_risk"].is_monotonic_decreasing
    by_segment = value_at_risk(online_retail_model, found)
    assert by_segment["segment"].tolist() == online_retail_model.segments["segment"].tolist()
    assert by_segment["value_at_risk"].sum() == pytest.approx(found["monetary"].sum())
    assert by_segment["overdue"].sum() == len(found)
    assert by_segment["share_at_risk"].between(0, 1).all()


def _with(model: ShopperModel, days: dict[str, list[int]], segments: str = "one") -> ShopperModel:
    """The model with other customers, who ordered on some days of a hundred."""
    orders = pd.DataFrame(
        [
            (f"{who}{i}", who, pd.Timestamp("2024-01-01") + pd.Timedelta(days=d, hours=9), 10.0)
            for who, when in days.items()
            for i, d in enumerate(when)
        ],
        columns=["order_id", "customer_id", "ordered_at", "amount"],
    )
    last = orders.groupby("customer_id")["ordered_at"].max()
    customers = pd.DataFrame(
        {
            "customer_id": list(days),
            "frequency": [len(when) for when in days.values()],
            "recency": [(pd.Timestamp("2024-04-10 09:00") - last[who]).days for who in days],
            "monetary": [10.0 * len(when) for when in days.values()],
            "segment": segments,
        }
    )
    return dataclasses.replace(model, orders=orders, customers=customers)


def test_gaps_are_between_days_not_orders(small_model: ShopperModel) -> None:
    orders = pd.DataFrame(
        {
            "customer_id": ["b", "a", "a", "a", "a"],
            "ordered_at": [
                pd.Timestamp(2024, 1, day, hour) for day, hour in ((5, 0), (31, 8), (2, 10), (2, 18), (12, 1))
            ],
        }
    )
    gaps = order_gaps(orders)
    assert gaps["customer_id"].tolist() == ["a", "a"]
    assert gaps["gap"].tolist() == [10, 19]
    assert gaps["ordered_on"].tolist() == [pd.Timestamp("2024-01-12"), pd.Timestamp("2024-01-31")]
    assert (order_gaps(small_model.orders)["gap"] >= 1).all()
    assert order_gaps(orders.iloc[:0]).empty


def test_few_orders_lean_on_the_segment(small_model: ShopperModel) -> None:
    days = {"steady": list(range(0, 100, 5)), "twice": [0, 2], "once": [50]}
    days |= {f"usual{i}": [0, 20, 40, 60] for i in range(5)}
    cadence = customer_cadence(_with(small_model, days)).set_index("customer_id")
    assert cadence["own_gap"].isna().tolist() == [False, False, True, *[False] * 5]
    assert cadence.loc["once", "expected_gap"] == pytest.approx(20)
    assert cadence.loc["twice", "expected_gap"] == pytest.approx((2 * 20**2) ** (1 / 3))
    assert 5 < cadence.loc["steady", "expected_gap"] < 6
    assert cadence.loc["usual0", "overdue"] == pytest.approx(40 / 20)
    alone = customer_cadence(_with(small_model, days), prior_gaps=0).set_index("customer_id")
    assert alone.loc["twice", "expected_gap"] == pytest.approx(2)
    assert alone.loc["once", "expected_gap"] == pytest.approx(20)


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(0, 60), min_size=3, max_size=6, unique=True), min_size=1, max_size=8))
def test_whoever_is_silent_for_twice_their_own_gap_is_listed_in_any_shop(
    small_model: ShopperModel, days: list[list[int]]
) -> None:
    usual = {f"usual{i}": [0, 45, 90] for i in range(5)}
    model = _with(small_model, usual | {f"c{i}": sorted(when) for i, when in enumerate(days)})
    found = overdue_customers(model, min_silence=0, min_spend_rank=0).set_index("customer_id")
    cadence = customer_cadence(model)
    silent = cadence.loc[cadence["silence"] > 2 * cadence["own_gap"], "customer_id"]
    assert set(silent) <= set(found.index)
    assert (found["silence"] > found["own_gap"]).all()


def test_nobody_overdue_is_an_empty_list(small_model: ShopperModel) -> None:
    found = overdue_customers(small_model, min_overdue=1000)
    assert found.empty and "value_at_risk" in found
    assert value_at_risk(small_model, found)["overdue"].tolist() == [0, 0, 0, 0]


def test_a_segment_of_few_returners_takes_the_shops_rhythm(small_model: ShopperModel) -> None:
    days = {"lonely": [0, 90], "once": [50]} | {f"usual{i}": [0, 20, 40, 60] for i in range(5)}
    model = _with(small_model, days)
    model.customers["segment"] = ["few", "few", *["many"] * 5]
    assert customer_cadence(model).set_index("customer_id").loc["once", "expected_gap"] == pytest.approx(20)


def test_a_shop_where_nobody_came_back_says_so(small_model: ShopperModel) -> None:
    model = _with(small_model, {f"c{i}": [i] for i in range(30)})
    with pytest.raises(TooLittleDataError, match="No customer ordered on two different days"):
        overdue_customers(model)


@pytest.mark.parametrize("options", [{"prior_gaps": -1}, {"min_spend_rank": 1.5}])
def test_options_out_of_range(small_model: ShopperModel, options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        overdue_customers(small_model, **options)  # type: ignore[arg-type]
