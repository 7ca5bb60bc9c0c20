"""Names are true of the members of their segments, in made-up and real shops."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from shopper_widgets.datasets import load_sample
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.tables import orders_table
from shopper_widgets.segments import CustomerSegmenter
from shopper_widgets.segments.diagnostics import divide
from shopper_widgets.segments.naming import base_name, name_segments
from shopper_widgets.segments.naming_claims import segment_facts
from shopper_widgets.segments.transform import RFMTransformer
from tests.segments.test_naming import FOUR
from tests.shops import NAMES, customers_of, shop_orders


def _check_all_numbers(customers: pd.DataFrame) -> None:
    """Name each division into 1 to 10 segments, as `CustomerSegmenter` does, and check the claims."""
    customers = customers.sort_values(["recency", "frequency", "monetary"], ignore_index=True)
    values = customers[["recency", "frequency", "monetary"]].to_numpy(dtype=float)
    rhythm = customers.attrs["rhythm"]
    points = RFMTransformer("rhythm", rhythm).fit(values).transform(values)
    found = divide(points, "kmeans", random_state=0)
    assert [clustering.n_clusters for clustering in found] == list(range(1, 11))
    for clustering in found:
        facts = segment_facts(values, customers["usual_gap"].to_numpy(), clustering.labels, rhythm)
        names = name_segments(facts)
        by_number = np.array(sorted(names, key=lambda name: names[name]))
        _check_claims(customers.assign(segment=by_number[clustering.labels]), rhythm)


def _check_claims(members: pd.DataFrame, rhythm: float) -> None:
    """Check every segment's members without the code that named it."""
    again = members["frequency"] > 1
    second_gap = rhythm / np.sqrt(2)
    gap = members["usual_gap"].fillna(rhythm / np.sqrt(members["frequency"]))
    members = members.assign(gap=gap.where(again), late=members["recency"] / gap.where(again))
    middle = members[["recency", "frequency", "monetary", "gap", "late"]].groupby(members["segment"]).median()
    heads = members.groupby("segment")["monetary"].mean()
    typical = members["monetary"].median()
    for name in middle.index:
        one = middle.loc[name]
        match base_name(name):
            case "High-Value":
                assert heads.idxmax() == name and middle["monetary"].idxmax() == name
                assert one["frequency"] < 2 or one["late"] <= 1.5 or one["recency"] <= 1.5 * one["gap"]
            case "Regular" | "Loyal" | "Big-Basket":
                assert one["frequency"] >= 2 and one["recency"] <= one["gap"] and one["late"] <= 1
            case "Slipping":
                assert one["frequency"] >= 2 and (one["recency"] > one["gap"] or one["late"] > 1)
            case "New":
                assert one["frequency"] < 2 and one["recency"] <= second_gap and one["monetary"] <= typical
            case "Promising":
                assert one["frequency"] < 2 and one["recency"] <= second_gap and one["monetary"] > typical
            case "One-Time":
                assert one["frequency"] < 2 and one["recency"] > second_gap
            case "At-Risk":
                assert one["monetary"] > typical and one["late"] > 1.5 and one["recency"] > 1.5 * one["gap"]
                # More than half of its returning members are late by their own rhythm.
                own = members[(members["segment"] == name) & again]
                assert (own["recency"] > 1.5 * own["gap"]).mean() > 0.5
            case "Lapsed":
                assert one["monetary"] <= typical and one["late"] > 1.5
            case "Occasional":
                assert one["monetary"] <= typical
                assert one["frequency"] <= members["frequency"].median()
                assert one["recency"] > second_gap if one["frequency"] < 2 else one["late"] > 1.5
            case "All Customers":
                assert len(middle) == 1
            case unknown:
                raise AssertionError(unknown)


@pytest.mark.parametrize("name", NAMES)
def test_names_are_true_in_every_made_up_shop(name: str) -> None:
    customers = customers_of(shop_orders(name))
    _check_all_numbers(customers)
    segmenter = CustomerSegmenter().fit(customers)
    _check_claims(customers.assign(segment=segmenter.labels_), customers.attrs["rhythm"])


@pytest.fixture(scope="module")
def real_customers(online_retail_netted: pd.DataFrame) -> pd.DataFrame:
    return customers_of(orders_table(online_retail_netted))


@pytest.fixture(scope="module")
def sample_customers() -> pd.DataFrame:
    return customers_of(orders_table(clean_transactions(load_sample(), returns="net").transactions))


@pytest.mark.parametrize("shop", ["real_customers", "sample_customers"])
def test_names_are_true_of_the_real_shop_and_the_sample(shop: str, request: pytest.FixtureRequest) -> None:
    _check_all_numbers(request.getfixturevalue(shop))


def test_four_segments_of_the_real_shop_bear_the_four_names(real_customers: pd.DataFrame) -> None:
    segmenter = CustomerSegmenter().fit(real_customers)
    assert segmenter.segment_names_ == FOUR


def _valuable_and_late(customers: pd.DataFrame) -> pd.Series[bool]:
    """Apply a plain rule: top quarter of spend, three orders, silent for two usual gaps and two months."""
    return (
        (customers["monetary"] >= customers["monetary"].quantile(0.75))
        & (customers["frequency"] >= 3)
        & (customers["recency"] > 60)
        & (customers["recency"] > 2 * customers["own_gap"])
    )


def test_valuable_customers_who_are_late_are_at_risk(real_customers: pd.DataFrame) -> None:
    found = CustomerSegmenter(4).fit(real_customers).predict(real_customers)
    late = _valuable_and_late(real_customers)
    assert (late.sum(), round(real_customers.loc[late, "monetary"].sum())) == (67, 212_109)
    assert (found[late] == "At-Risk").all()
    # With those of less spend or fewer orders, too, most of the segment is late by its own rhythm.
    members = real_customers[(found == "At-Risk") & real_customers["own_gap"].notna()]
    assert (members["recency"] > 1.5 * members["usual_gap"]).mean() > 0.6
    regular = real_customers[(found == "Regular") & real_customers["own_gap"].notna()]
    assert (regular["recency"] <= regular["usual_gap"]).mean() > 0.8


@pytest.mark.parametrize("name", NAMES)
def test_late_and_valuable_are_at_risk_in_other_shops_too(name: str) -> None:
    customers = customers_of(shop_orders(name))
    found = CustomerSegmenter(4).fit(customers).predict(customers)
    assert np.mean(found[_valuable_and_late(customers)] == "At-Risk") >= 0.9


@pytest.mark.parametrize("name", ["500 in a year", "2,500 in two years", "subscriptions", "grocer"])
def test_a_near_equal_copy_of_a_shop_keeps_its_names(name: str) -> None:
    """Each time, two in a hundred customers are left out: names and nearly all assignments stay."""
    customers = customers_of(shop_orders(name))
    first = CustomerSegmenter().fit(customers)
    for seed in range(5):
        copy = customers.sample(frac=0.98, random_state=seed)
        again = CustomerSegmenter().fit(copy)
        assert again.segment_names_ == first.segment_names_
        assert np.mean(again.predict(copy) == first.predict(copy)) > 0.95


def test_without_gaps_names_are_those_of_the_usual_ones() -> None:
    """Three numbers per customer are enough: the rhythm is estimated, and the same segments are found."""
    customers = customers_of(shop_orders("2,500 in two years"))
    exact = CustomerSegmenter(4).fit(customers)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plain = CustomerSegmenter(4).fit(customers[["recency", "frequency", "monetary"]].to_numpy())
    assert 0.6 < plain.transformer_.rhythm_ / exact.transformer_.rhythm_ < 1.6
    assert plain.segment_names_ == exact.segment_names_
    assert np.mean(plain.labels_ == exact.labels_) > 0.9


@pytest.mark.parametrize(("date", "days", "least"), [
    ("2011-06-24", 28, 0.69), ("2011-07-31", 28, 0.72), ("2011-09-07", 28, 0.67),
    ("2011-06-24", 90, 0.72), ("2011-07-31", 90, 0.72), ("2011-09-07", 90, 0.70),
])  # fmt: skip
def test_names_foretell_who_comes_back(
    online_retail_netted: pd.DataFrame, date: str, days: int, least: float
) -> None:
    """By what was known then; for 28 days, frequency alone has areas under the ROC curve of 0.70 to 0.73."""
    orders = orders_table(online_retail_netted)
    start = pd.Timestamp(date)
    known = customers_of(orders, as_of=start)
    following = orders[orders["ordered_at"].between(start, start + pd.Timedelta(days=days), "right")]
    came = known["customer_id"].isin(following["customer_id"])
    segments = pd.Series(CustomerSegmenter(4).fit(known).labels_)
    rates = came.groupby(segments).mean()
    assert rates.idxmax() == "High-Value" and rates.idxmin() == "Occasional"
    likeliest = ["High-Value", "At-Risk", "New", "Regular", "Occasional"]
    names = -segments.map(likeliest.index)
    assert roc_auc_score(came, names) > max(least, roc_auc_score(came, -known["recency"]))
