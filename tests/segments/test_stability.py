"""Stability: high for real groups, low for invented ones, and by the stated protocol."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import StandardScaler

from shopper_widgets.segments import CustomerSegmenter, stability
from shopper_widgets.segments.clustering import cluster
from shopper_widgets.segments.rfm import rfm_table
from shopper_widgets.segments.stability import (
    bootstrap_agreement,
    describe_stability,
    mean_and_interval,
    refitting,
)


def groups(n=120, seed=0):
    """Return customers around four kinds that are far apart."""
    random = np.random.default_rng(seed)
    typical = np.array([(8, 12, 5000.0), (40, 6, 900.0), (30, 2, 120.0), (280, 1, 150.0)])
    values = typical[np.arange(n) % 4] * random.uniform(0.85, 1.15, (n, 3))
    return np.column_stack([values[:, 0], values[:, 1].round().clip(1), values[:, 2]])


def noise(n=120, seed=0):
    random = np.random.default_rng(seed)
    return random.uniform(1, 100, (n, 3))


def test_groups_that_are_there_are_found_again_and_others_are_not():
    real = stability(groups(), 4, n_bootstraps=10).iloc[0]
    made_up = stability(noise(), 4, transform="soft", n_bootstraps=10).iloc[0]
    assert real["stability"] > 0.95
    assert made_up["stability"] < 0.8
    for row in (real, made_up):
        assert row["stability_low"] <= row["stability"] <= row["stability_high"] <= 1


def test_one_row_per_number_with_the_shares_of_the_fit():
    table = stability(groups(), range(2, 5), n_bootstraps=3)
    assert table.columns.tolist() == [
        "n_clusters",
        "stability",
        "stability_low",
        "stability_high",
        "smallest_share",
    ]
    assert table["n_clusters"].tolist() == [2, 3, 4]
    assert table["smallest_share"].iloc[2] == 0.25
    nothing = stability(groups(), [], n_bootstraps=3)
    assert nothing.columns.tolist() == table.columns.tolist()
    assert nothing.empty


def test_the_protocol_is_the_stated_one():
    values = groups(60, 3)
    values = values[np.lexsort(values.T)]

    def points(of, by):
        return StandardScaler().fit(np.log1p(by)).transform(np.log1p(of)).round(9)

    full = cluster(points(values, values), 4, 0).labels
    random, expected = np.random.default_rng(0), []
    for _ in range(3):
        drawn = values[np.sort(random.integers(60, size=60))]
        seed = int(random.integers(2**31))
        refit = KMeans(4, n_init=10, random_state=seed).fit(points(drawn, drawn))
        expected.append(adjusted_rand_score(full, refit.predict(points(values, drawn))))
    found = stability(values, 4, transform="log", n_bootstraps=3)
    assert found["stability"].iloc[0] == pytest.approx(np.mean(expected))


def test_seeded_and_independent_of_row_order():
    values = noise(80)
    one, two = (stability(v, 3, n_bootstraps=4) for v in (values, values[::-1]))
    assert one.equals(two)
    assert not one.equals(stability(values, 3, n_bootstraps=4, random_state=1))


@pytest.mark.parametrize("method", ["kmeans", "gmm"])
def test_both_methods(method):
    assert stability(groups(), 4, method=method, n_bootstraps=4)["stability"].iloc[0] > 0.9


def test_customers_too_much_alike_have_no_stability():
    table = stability([(5, 1, 10.0)] * 20, [2, 30], n_bootstraps=3)
    assert table.drop(columns="n_clusters").isna().all(axis=None)


def test_a_draw_of_customers_too_much_alike_counts_as_nothing_found():
    values = np.array([[1.0, 1, 1]] * 30 + [[9, 9, 9]])
    labels = np.array([0] * 30 + [1])
    agreement = bootstrap_agreement(refitting("log", "kmeans", [2]), values, [labels], 12, 0)
    assert set(agreement[0]) == {0.0, 1.0}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (0.97, "nearly the same: 0.97 (0.95 to 0.99)"),
        (0.8, "much the same"),
        (0.7, "roughly the same"),
        (0.3, "differently each time, a convenience rather than a finding"),
    ],
)
def test_stability_in_words(found, words):
    interval = {"stability": [found], "stability_low": [found - 0.02], "stability_high": [found + 0.02]}
    table = pd.DataFrame({"n_clusters": [3], "is_chosen": [True], **interval})
    assert f"Refitted on 20 bootstrap samples of the customers, the 3 segments come out {words}" in (
        describe_stability(table, 20)
    )
    assert describe_stability(table.assign(stability=np.nan), 20) == ""


def test_interval():
    mean, low, high = mean_and_interval(np.array([0.8, 1.0, 0.9, 0.9]))
    assert mean == pytest.approx(0.9)
    assert (low, high) == pytest.approx((0.82, 0.98), abs=5e-4)
    assert mean_and_interval(np.ones(5)) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"n_clusters": 1}, "n_clusters must be a whole number of at least 2; got 1"),
        ({"n_bootstraps": 1}, "n_bootstraps must be a whole number of at least 2"),
        ({"n_init": 0}, "n_init must be a whole number of at least 1"),
        ({"random_state": None}, "random_state must be a whole number"),
        ({"method": "dbscan"}, "method must be one of"),
        ({"transform": "sqrt"}, "transform must be one of 'rhythm', 'soft'"),
    ],
)
def test_parameters_are_checked(given, message):
    with pytest.raises(ValueError, match=message):
        stability(groups(), **given)


def test_four_segments_of_online_retail_are_found_again(online_retail):
    rfm = rfm_table(online_retail)
    found = stability(rfm, 4).iloc[0]
    assert found["stability"] >= 0.94
    assert found["smallest_share"] >= 0.10
    segmenters = [CustomerSegmenter(4, random_state=seed).fit(rfm) for seed in (0, 1, 2, 3)]
    for other in segmenters[1:]:
        assert other.segment_names_ == segmenters[0].segment_names_
        assert (other.labels_ == segmenters[0].labels_).mean() >= 0.95
