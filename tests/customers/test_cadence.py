"""Rhythms that can be checked by hand, and valuable customers whom segments alone overlook."""

import dataclasses
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopper_widgets.customers.cadence import (
    comparable_customers,
    customer_cadence,
    is_overdue,
    overdue_at,
    overdue_customers,
    value_at_risk,
)
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel


def _plain_rule(model: ShopperModel) -> pd.Series:
    """Return the spend of customers silent for more than twice their own median gap, from orders alone."""
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


def test_a_list_says_where_they_live_where_orders_do(online_retail_model: ShopperModel) -> None:
    found = overdue_customers(online_retail_model).set_index("customer_id")["country"]
    lives = online_retail_model.customers.set_index("customer_id")["country"]
    assert found.equals(lives.loc[found.index]) and found.nunique() > 3


def test_they_come_up_by_themselves(online_retail_model: ShopperModel) -> None:
    plain = _plain_rule(online_retail_model)
    found = overdue_customers(online_retail_model)
    assert set(plain.index) <= set(found["customer_id"])
    assert (len(found), round(found["value_at_risk"].sum(), 2)) == (89, 277_446.69)
    assert customer_cadence(online_retail_model)["short_silence"].unique().tolist() == [60]
    assert found["value_at_risk"].is_monotonic_decreasing
    by_segment = value_at_risk(online_retail_model, found)
    assert by_segment["segment"].tolist() == online_retail_model.segments["segment"].tolist()
    assert by_segment["value_at_risk"].sum() == pytest.approx(found["monetary"].sum())
    assert by_segment["overdue"].sum() == len(found)
    assert by_segment["share_at_risk"].between(0, 1).all()


def _with(model: ShopperModel, days: dict[str, list[int]], segments: str = "one") -> ShopperModel:
    """Return the model with other customers, who ordered on these days of a hundred."""
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


def test_few_orders_lean_on_the_shop(small_model: ShopperModel) -> None:
    days = {"steady": list(range(0, 100, 5)), "twice": [0, 2], "once": [50]}
    days |= {f"usual{i}": [0, 20, 40, 60] for i in range(5)}
    cadence = customer_cadence(_with(small_model, days)).set_index("customer_id")
    assert cadence["own_gap"].isna().tolist() == [False, False, True, *[False] * 5]
    # The shop's rhythm: gap × √orders is 20 × √4 for five of seven, and so is their median.
    usual = 40 / np.sqrt(2)
    assert cadence.loc["once", "expected_gap"] == pytest.approx(usual)
    assert cadence.loc["twice", "expected_gap"] == pytest.approx((2 * usual**2) ** (1 / 3))
    assert 5 < cadence["expected_gap"]["steady"] < 6
    assert cadence.loc["usual0", "overdue"] == pytest.approx(40 / 20)
    alone = customer_cadence(_with(small_model, days), prior_gaps=0).set_index("customer_id")
    assert alone.loc["twice", "expected_gap"] == pytest.approx(2)
    assert alone.loc["once", "expected_gap"] == pytest.approx(usual)
    # silent for 98 days: 49 of the own gaps of two days, 8 of the gaps shrunk towards the shop's
    for prior_gaps, listed in ((2, []), (0, ["twice"])):
        found = overdue_customers(
            _with(small_model, days), min_overdue=9, min_orders=2, min_spend_rank=0, prior_gaps=prior_gaps
        )
        assert found["customer_id"].tolist() == listed
    # whichever segments there are
    model = _with(small_model, days)
    model.customers["segment"] = [f"segment {i % 3}" for i in range(len(days))]
    pd.testing.assert_frame_equal(
        customer_cadence(model).drop(columns="segment"),
        customer_cadence(_with(small_model, days)).drop(columns="segment"),
    )


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


def test_where_few_came_back_theirs_is_the_rhythm(small_model: ShopperModel) -> None:
    cadence = customer_cadence(_with(small_model, {"again": [0, 30], "once": [50]})).set_index("customer_id")
    assert cadence["expected_gap"].tolist() == pytest.approx([30, 30])
    assert cadence["short_silence"].tolist() == [60, 60]  # two customers are too few to learn a shop's rhythm


@pytest.mark.parametrize(("every", "short"), [(1, 7), (3, 7), (7, 8), (14, 16), (35, 40)])
def test_a_silence_is_short_by_the_shops_own_rhythm(
    small_model: ShopperModel, every: int, short: int
) -> None:
    days = {f"c{i}": list(range(i % every, 60 + i % every, every)) for i in range(12)}
    model = _with(small_model, days | {"late": [0, every, 2 * every]})
    cadence = customer_cadence(model)
    assert cadence["short_silence"].unique().tolist() == [short]
    overdue = overdue_customers(model, min_spend_rank=0, cadence=cadence.assign(silence=short, overdue=9.0))
    assert overdue.empty
    overdue = overdue_customers(
        model, min_spend_rank=0, cadence=cadence.assign(silence=short + 1, overdue=9.0)
    )
    assert len(overdue) == (cadence["frequency"] >= 3).sum()


@pytest.mark.parametrize("stretched", [1, 4, 10])
def test_a_shop_that_lives_so_much_slower_has_the_same_overdue(
    small_model: ShopperModel, stretched: int
) -> None:
    chance = np.random.default_rng(0)
    # The same days, and seven times as many: the overdue customers are the same in both.
    days = {f"c{i:02}": sorted({int(d) for d in chance.integers(0, 95 - i, 3 + i % 9)}) for i in range(40)}
    model = _with(small_model, {who: [7 * d for d in when] for who, when in days.items()})
    recency = (95 * 7 - pd.Series([7 * max(when) for when in days.values()])) * stretched
    start, orders = pd.Timestamp("2024-01-01"), model.orders
    slow = dataclasses.replace(
        model,
        orders=orders.assign(ordered_at=start + stretched * (orders["ordered_at"].dt.normalize() - start)),
        customers=model.customers.assign(recency=recency.to_numpy()),
    )
    quick = dataclasses.replace(model, customers=model.customers.assign(recency=recency // stretched))
    found = overdue_customers(slow, min_spend_rank=0)["customer_id"]
    assert 0 < len(found) < len(days)
    assert set(found) == set(overdue_customers(quick, min_spend_rank=0)["customer_id"])


def test_who_could_be_listed_came_back_often_enough_and_spent_enough() -> None:
    cadence = pd.DataFrame(
        {
            "customer_id": ["once", "few", "little", "edge", "more"],
            "gaps": [0, 1, 1, 1, 2],
            "frequency": [3, 2, 3, 3, 4],
            "monetary": [90.0, 80.0, 10.0, 40.0, 50.0],
        }
    )
    assert comparable_customers(cadence, min_spend_rank=0.25)["customer_id"].tolist() == ["edge", "more"]
    assert comparable_customers(cadence, min_spend_rank=0)["customer_id"].tolist() == [
        "little",
        "edge",
        "more",
    ]
    assert comparable_customers(cadence).empty  # the top quarter begins at 80
    assert comparable_customers(cadence, min_spend_rank=1).empty
    often = comparable_customers(cadence, min_orders=2, min_spend_rank=0.75)
    assert often["customer_id"].tolist() == ["few"]


def test_overdue_is_more_than_so_many_gaps_and_days() -> None:
    cadence = pd.DataFrame({"overdue": [1.5, 1.51, 1.51], "silence": [99, 60, 61]})
    assert is_overdue(cadence).tolist() == [False, False, True]
    assert is_overdue(cadence.assign(short_silence=59)).tolist() == [False, True, True]
    assert is_overdue(cadence.assign(short_silence=59), min_silence=60).tolist() == [False, False, True]
    assert is_overdue(cadence, min_overdue=1.4, min_silence=0).all()
    assert [bool(is_overdue(row)) for _, row in cadence.iterrows()] == [False, False, True]


def test_most_value_comes_first_then_the_id(small_model: ShopperModel) -> None:
    # ordered every ten days until day 20, silent for 80
    model = _with(small_model, {who: [0, 10, 20] for who in "bac"})
    model.customers["monetary"] = [20.0, 20.0, 30.0]
    found = overdue_customers(model, min_spend_rank=0)
    assert found["customer_id"].tolist() == ["c", "a", "b"]
    assert found["value_at_risk"].tolist() == [30, 20, 20]
    assert found["overdue"].tolist() == pytest.approx([8, 8, 8])
    assert overdue_customers(model)["customer_id"].tolist() == ["c"]
    assert overdue_customers(model, min_spend_rank=0, min_orders=4).empty
    # each limit decides alone where all others are met
    for silence, overdue, listed in ((79, 7.9, 3), (80, 7.9, 0), (79, 8.1, 0)):
        found_by = overdue_customers(model, min_spend_rank=0, min_silence=silence, min_overdue=overdue)
        assert len(found_by) == listed
    risk = value_at_risk(small_model, found.assign(segment=small_model.segments["segment"].iloc[1]))
    assert risk["overdue"].tolist() == [0, 3, 0, 0]
    assert risk["value_at_risk"].tolist() == [0, 70, 0, 0]
    revenue = small_model.segments["revenue"].iloc[1]
    assert risk["share_at_risk"].tolist() == pytest.approx([0, 70 / revenue, 0, 0])


def test_who_was_overdue_at_a_moment_is_told_by_the_orders_up_to_then(small_model: ShopperModel) -> None:
    late, later = pd.Timestamp("2024-04-01"), pd.Timestamp("2024-04-05 09:00")
    model = _with(small_model, {"a": [0, 5, 10, 95], "b": [0, 40, 90], "c": [1, 2]})
    then = overdue_at(model, late)
    assert then is not None
    assert then.set_index("customer_id")["silence"].to_dict() == {"a": 80}
    # an order at the very moment counts
    again = overdue_at(model, later)
    assert again is not None and "a" not in set(again["customer_id"])
    assert overdue_at(model, pd.Timestamp("2023-12-31")) is None
    assert overdue_at(model, pd.Timestamp("2024-01-01 10:00")) is None  # nobody has come back by then


def test_one_rule_says_at_every_moment_how_long_a_silence_is_normal(
    online_retail_model: ShopperModel,
) -> None:
    """Gaps look short in the first month: by them, 54 customers would be overdue after 30 days of orders."""
    first_month = overdue_at(online_retail_model, pd.Timestamp("2010-12-31 23:59:59"))
    assert first_month is not None and first_month.empty
    then = overdue_at(online_retail_model, pd.Timestamp("2011-08-31 23:59:59"))
    assert then is not None and then["silence"].min() > online_retail_model.short_silence == 60


def test_a_shop_where_nobody_came_back_says_so(small_model: ShopperModel) -> None:
    model = _with(small_model, {f"c{i}": [i] for i in range(30)})
    with pytest.raises(TooLittleDataError, match="No customer ordered on two different days"):
        overdue_customers(model)


@pytest.mark.parametrize("options", [{"prior_gaps": -0.1}, {"min_spend_rank": 1.1}, {"min_spend_rank": -0.1}])
def test_options_out_of_range(small_model: ShopperModel, options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        overdue_customers(small_model, **options)  # type: ignore[arg-type]
