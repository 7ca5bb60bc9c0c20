"""Names: total, deterministic, and about content only."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from shopper_widgets.segments.naming import NAMING_RULE, name_segments

ONLINE_RETAIL_FOUR = np.array(
    [[184.8, 1.3, 347.7], [12.0, 13.6, 8022.5], [69.9, 4.1, 1802.0], [19.2, 2.1, 532.0]]
)
ONLINE_RETAIL_TEN = np.array(
    [
        [4.2, 39.2, 33749.3],
        [12.9, 13.3, 6364.7],
        [55.0, 6.3, 3049.6],
        [6.1, 6.0, 2047.4],
        [124.5, 2.6, 1066.7],
        [27.1, 3.2, 965.9],
        [7.9, 1.9, 448.5],
        [239.6, 1.3, 402.1],
        [47.8, 1.2, 294.5],
        [225.6, 1.1, 124.8],
    ]
)


def names_by_row(means):
    return [name for name, _ in sorted(name_segments(means).items(), key=lambda item: item[1])]


number = st.floats(0, 1e6, allow_nan=False, width=32)
clusterings = st.integers(1, 40).flatmap(lambda k: hnp.arrays(np.float64, (k, 3), elements=number))


def test_four_clusters_get_exactly_the_four_names():
    assert names_by_row(ONLINE_RETAIL_FOUR) == ["At-Risk", "High-Value", "Regular", "Occasional"]


def test_ten_clusters_get_ten_names_that_fit_them():
    assert names_by_row(ONLINE_RETAIL_TEN) == [
        "VIP",
        "High-Value",
        "Loyal",
        "Regular",
        "Big-Basket",
        "Occasional",
        "Promising",
        "At-Risk",
        "Low-Spend",
        "Slipping",
    ]


@pytest.mark.parametrize(
    ("k", "expected"),
    [
        (1, {"All Customers"}),
        (2, {"High-Value", "Occasional"}),
        (3, {"High-Value", "Occasional", "At-Risk"}),
        (4, {"High-Value", "Regular", "Occasional", "At-Risk"}),
        (5, {"High-Value", "Regular", "Promising", "Occasional", "At-Risk"}),
        (6, {"High-Value", "Regular", "Promising", "Occasional", "Slipping", "At-Risk"}),
    ],
)
def test_each_k_has_its_set_of_names(k, expected):
    assert set(names_by_row(ONLINE_RETAIL_TEN[:k])) == expected


def test_the_most_silent_are_at_risk_even_when_they_used_to_spend_most():
    assert names_by_row([[300, 9, 9000], [5, 8, 4000], [9, 6, 900], [8, 1, 100]]) == [
        "At-Risk",
        "High-Value",
        "Regular",
        "Occasional",
    ]


def test_nobody_is_called_at_risk_where_all_bought_equally_recently():
    names = names_by_row([[3.0, 1, 10], [3.2, 9, 900], [3.1, 4, 500], [3.0, 2, 90]])
    assert names == ["Occasional", "High-Value", "Loyal", "Regular"]


@given(clusterings)
def test_names_are_total_distinct_and_never_a_number(means):
    names = names_by_row(means)
    assert len(names) == len(set(names)) == len(means)
    assert not any(re.search(r"\d|cluster", name, re.IGNORECASE) for name in names)


@given(clusterings, st.randoms(use_true_random=False))
def test_permuted_clusters_keep_their_names(means, random):
    order = list(range(len(means)))
    random.shuffle(order)
    # Clusters with equal means can't be told apart, so the pairs are compared, not the places.
    before = sorted(zip(map(tuple, means), names_by_row(means), strict=True))
    after = sorted(zip(map(tuple, means[order]), names_by_row(means[order]), strict=True))
    assert before == after


@given(clusterings)
def test_at_risk_is_the_most_silent_and_high_value_spends_most_of_the_active(means):
    named = dict(zip(names_by_row(means), means, strict=True))
    if "At-Risk" in named:
        assert named["At-Risk"][0] == means[:, 0].max()
    if len(means) in (3, 4):
        active = [row[2] for name, row in named.items() if name != "At-Risk"]
        assert named["High-Value"][2] == max(active)


def test_the_best_come_first_the_most_silent_last():
    assert list(name_segments(np.vstack([ONLINE_RETAIL_TEN, ONLINE_RETAIL_TEN[5:7] * 0.9]))) == [
        "VIP",
        "High-Value",
        "Loyal",
        "Regular",
        "Big-Basket",
        "Promising",
        "Occasional",
        "Occasional Two",
        "Occasional Three",
        "Low-Spend",
        "Slipping",
        "At-Risk",
    ]


def test_hundreds_of_clusters_still_get_words():
    names = names_by_row(np.column_stack([np.arange(1234), np.ones(1234), np.arange(1234)]))
    assert "Occasional Twenty-One" in names
    assert "Occasional One Thousand Two Hundred Twenty" in names
    assert len(set(names)) == 1234


@pytest.mark.parametrize("means", [[], [[1, 2]], [1, 2, 3], np.empty((0, 3))])
def test_what_is_no_table_of_means_is_refused(means):
    with pytest.raises(ValueError, match=r"means: expected .* shape \(k, 3\)"):
        name_segments(means)


def test_means_that_are_no_numbers_are_refused():
    with pytest.raises(ValueError, match="means: expected finite numbers, found nan"):
        name_segments([[1, 2, 3], [1, 2, np.nan]])


def test_the_rule_in_words_knows_every_name():
    for name in {*names_by_row(ONLINE_RETAIL_TEN), "All Customers"}:
        assert name in NAMING_RULE
