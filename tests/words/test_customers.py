"""Sentences about what happened over time agree with their tables."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from shopper_widgets import charts
from shopper_widgets._support.formatting import format_money
from shopper_widgets.customers.cadence import MIN_OVERDUE, overdue_customers
from shopper_widgets.customers.flows import CAVEAT
from shopper_widgets.customers.lifetime import customer_outlook, describe_calibration, holdout_calibration
from shopper_widgets.datasets import make_transactions
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.words import customers as customer_words


def test_movements_are_those_of_the_last_whole_months(small_model: ShopperModel) -> None:
    moved = customer_words.recent_movements(small_model)
    assert (moved.start, moved.end) == ("31 Mar 2024", "30 Jun 2024")
    count = moved.flows.groupby("kind")["customers"].sum()
    known = moved.flows[moved.flows["kind"] != "new"]
    there = known["customers"].sum()
    elsewhere = known.loc[known["from"] != known["to"], "customers"].sum()
    assert moved.sentences[0] == (
        f"Of the {there:,} customers on 31 Mar 2024, {elsewhere:,} were in another segment on 30 Jun 2024 "
        f"and {there - elsewhere:,} in the same one; {count['new']:,} customers were new."
    )
    assert moved.sentences[1].startswith(f"{count['returned']:,} silent customer")
    picture = charts.segment_flows(moved.flows).to_dict()["description"]
    assert picture.startswith(f"{elsewhere:,} of {there:,} customers")
    last = small_model.orders[small_model.orders["ordered_at"] < "2024-07-01"]
    assert moved.flows["customers"].sum() == last["customer_id"].nunique()
    assert moved.sentences[-1] == CAVEAT


def test_too_few_months_are_told(small_shop: pd.DataFrame) -> None:
    start = small_shop["ordered_at"].min()
    weeks = small_shop[small_shop["ordered_at"] < start + pd.Timedelta(days=25)]
    model = ShopperModel.fit(weeks, n_clusters=2, progress=False)
    moved = customer_words.recent_movements(model)
    assert moved.flows.empty
    assert "two complete months" in moved.sentences[0]
    cohorts, said = customer_words.retention(model)
    assert cohorts.empty
    assert said


def test_overdue_customers_are_counted_with_their_money(small_model: ShopperModel) -> None:
    late, said = customer_words.overdue(small_model, n=3)
    every = overdue_customers(small_model)
    assert len(late) == min(3, len(every))
    if len(every):
        assert said[0].startswith(f"{len(every):,} valuable customer")
        assert format_money(every["value_at_risk"].sum(), "£") in said[0]
        customers = small_model.customers
        best = customers[customers["monetary"] >= customers["monetary"].quantile(0.75)]
        days = small_model.orders.assign(day=small_model.orders["ordered_at"].dt.normalize())
        several = days.groupby("customer_id")["day"].nunique().gt(1)
        compared = best[(best["frequency"] >= 3) & best["customer_id"].map(several)]
        assert said[1].startswith(
            f"Counted as valuable: {len(compared):,} customers, the top 25 % by spend who ordered at least 3 "
            "times"
        )
        assert len(customer_words.rhythms(small_model)) == len(compared)


def test_one_order_each_has_no_rhythm(small_shop: pd.DataFrame) -> None:
    once = small_shop[small_shop["quantity"] > 0].dropna(subset=["customer_id"])
    once = once.drop_duplicates("customer_id")
    model = ShopperModel.fit(once, progress=False)
    late, said = customer_words.overdue(model)
    assert late.empty
    assert said
    assert customer_words.rhythms(model).empty


def test_expectations_add_up_and_are_compared_with_what_came() -> None:
    orders = make_transactions(n_customers=300, n_products=60, n_days=300, random_state=0)
    model = ShopperModel.fit(orders, n_clusters=4, currency="£", progress=False)
    expected = customer_words.expectations(model, horizon_days=60)
    outlook = customer_outlook(model, 60)
    pd.testing.assert_frame_equal(expected.customers, outlook.customers)
    assert expected.by_segment["segment"].tolist() == model.segments["segment"].tolist()
    assert expected.by_segment["customers"].sum() == len(model.customers)
    expected_orders, revenue = outlook.customers[["expected_orders", "expected_revenue"]].sum()
    assert expected.by_segment["expected_orders"].sum() == pytest.approx(expected_orders)
    assert f" {expected_orders:,.0f} orders, worth {format_money(revenue, '£')}" in expected.sentences[0]
    assert describe_calibration(expected.calibration) in expected.sentences
    assert expected.sentences[-len(outlook.caveats) :] == [*outlook.caveats] or not outlook.caveats


@pytest.mark.parametrize(("customers", "told"), [(50, True), (49, False)])
def test_of_few_who_came_back_nothing_is_expected(
    small_model: ShopperModel, customers: int, told: bool
) -> None:
    """With fewer than fifty customers who came back, half of all, the outlook isn't reported as a finding."""
    random = np.random.default_rng(0)
    days = [sorted(random.choice(300, size=random.integers(2, 6), replace=False)) for _ in range(customers)]
    days += [[int(day)] for day in random.integers(0, 300, customers)]
    rows = [(f"c{i}", pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(d)), 9.0 + i % 7 + d % 5)
            for i, when in enumerate(days) for d in when]  # fmt: skip
    orders = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"])
    orders["order_id"] = [f"o{i}" for i in range(len(orders))]
    shown = pd.DataFrame({"customer_id": [f"c{i}" for i in range(2 * customers)], "segment": "High-Value"})
    shown["frequency"] = [len(when) for when in days]
    model = dataclasses.replace(
        small_model, orders=orders, customers=shown, as_of=orders["ordered_at"].max() + pd.Timedelta(days=1)
    )
    expected = customer_words.expectations(model)
    assert (len(expected.customers) > 0) == told
    few = f"{customers} of {2 * customers} customers came back on another day"
    if not told:
        assert few in expected.sentences[0] and "at least 50" in expected.sentences[0]


def test_who_was_silent_before_did_not_fall_silent(small_model: ShopperModel) -> None:
    rows = [("Lapsed", "At-Risk", 5, 900.0), ("Regular", "At-Risk", 2, 20.0)]
    flows = pd.DataFrame(rows, columns=["from", "to", "customers", "revenue_before"])
    flows = flows.assign(kind="moved", revenue_between=0.0)
    said = customer_words._moves(small_model, flows, pd.Timestamp("2024-03-31"), pd.Timestamp("2024-06-30"))
    assert said[1] == "2 customers fell silent; they had spent £20.00 by 31 Mar 2024."


def test_revenue_that_cannot_be_told_is_left_out(wild_model: ShopperModel) -> None:
    expected = customer_words.expectations(wild_model)
    assert expected.by_segment.columns.tolist() == ["segment", "customers", "expected_orders"]
    assert not {"expected_spend", "expected_revenue"} & set(expected.customers)
    assert ", worth" not in expected.sentences[0]
    assert any(sentence.startswith("Expected spend is left out. ") for sentence in expected.sentences)


def test_what_came_quite_otherwise_before_is_not_expected(
    monkeypatch: pytest.MonkeyPatch, small_model: ShopperModel
) -> None:
    held = holdout_calibration(small_model.orders)
    otherwise = held.assign(actual=7 * held["expected"])
    monkeypatch.setattr(customer_words, "holdout_calibration", lambda *_: otherwise)
    expected = customer_words.expectations(dataclasses.replace(small_model))
    assert expected.customers.empty and expected.by_segment.empty
    assert expected.sentences == [describe_calibration(otherwise)]
    assert expected.sentences[0].endswith("they ordered 7.0 times as often as expected.")
    pd.testing.assert_frame_equal(expected.calibration, otherwise)


def test_what_nobody_can_expect_is_told(small_shop: pd.DataFrame) -> None:
    model = ShopperModel.fit(small_shop.drop_duplicates("customer_id"), progress=False)
    expected = customer_words.expectations(model)
    assert expected.by_segment.empty and expected.calibration.empty
    assert "at least 50 are needed to tell who is still a customer" in expected.sentences[0]


def test_the_rhythms_on_show_are_of_those_who_could_be_overdue(small_model: ShopperModel) -> None:
    shown = customer_words.rhythms(small_model)
    late = shown[(shown["overdue"] > MIN_OVERDUE) & (shown["silence"] > shown["short_silence"])]
    assert set(late["customer_id"]) == set(overdue_customers(small_model)["customer_id"])
    assert 0 < len(shown) < len(small_model.customers) / 4 + 1
