"""Names: total, deterministic, independent of cluster numbers, and true of the facts of their segments."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from shopper_widgets._support.locale import gettext, in_locale
from shopper_widgets.segments.naming import NAMING_RULE, base_name, describe_names, is_silent, name_segments
from shopper_widgets.segments.naming_claims import CLAIMS, Facts, Shop

FOUR = ["High-Value", "Regular", "Occasional", "At-Risk"]
# Observed on UCI Online Retail with returns netted: median recency, orders and spend; orders and revenue per
# head; usual gap and lateness of those who came back.
ONLINE_RETAIL_FOUR = (
    Facts(239, 1, 266, 1.3, 312, 80, 3.3),
    Facts(16, 6, 2126, 9.0, 4667, 39, 0.4),
    Facts(109, 4, 1292, 4.5, 2007, 60, 1.8),
    Facts(39, 2, 389, 1.7, 473, 97, 0.4),
)


def named(*segments: Facts, frequency: float = 2, monetary: float = 650, second_gap: float = 92) -> list[str]:
    """Return names in the order of the segments."""
    names = name_segments(Shop(segments, frequency, monetary, second_gap))
    return sorted(names, key=lambda name: names[name])


number = st.floats(0, 1e6, allow_nan=False, width=32)
rows = st.integers(1, 40).flatmap(
    lambda k: hnp.arrays(np.float64, (k, 7), elements=number, unique=False).map(
        lambda table: [Facts(*row) for row in np.maximum(table, [0, 1, 0, 1, 0, 0.5, 0]).tolist()]
    )
)


def test_four_clusters_get_exactly_the_four_names() -> None:
    assert named(*ONLINE_RETAIL_FOUR) == ["Occasional", "High-Value", "At-Risk", "Regular"]


BEST = Facts(5, 20, 5000, 25, 9000, 15, 0.3)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        (Facts(20, 2, 300, 2, 300, 20, 1.0), "Regular"),
        (Facts(21, 2, 300, 2, 300, 20, 1.0), "Slipping"),  # silent for longer than their usual gap
        (Facts(20, 2, 300, 2, 300, 20, 1.01), "Slipping"),  # each is silent for longer than their own gap
        (Facts(60, 2, 300, 2, 300, 40, 2.0), "Slipping"),  # one and a half gaps are not yet late
        (Facts(61, 2, 300, 2, 300, 40, 1.5), "Slipping"),
        (Facts(61, 2, 300, 2, 300, 40, 1.51), "Occasional"),
        (Facts(61, 3, 300, 3, 300, 40, 1.51), "Lapsed"),  # more orders than the median customer
        (Facts(61, 2, 650, 2, 650, 40, 1.51), "Occasional"),
        (Facts(61, 2, 651, 2, 650, 40, 1.51), "At-Risk"),  # more spend than the median customer
        (Facts(92, 1, 650, 1.2, 650, np.nan, np.nan), "New"),
        (Facts(92, 1.5, 651, 1.2, 650, np.nan, np.nan), "Promising"),
        (Facts(93, 1, 650, 1.2, 650, np.nan, np.nan), "Occasional"),
        (Facts(93, 1, 651, 1.2, 650, np.nan, np.nan), "One-Time"),
    ],
)
def test_each_condition_decides_at_its_edge(facts: Facts, name: str) -> None:
    assert named(BEST, facts) == ["High-Value", name]


@pytest.mark.parametrize(
    ("best", "name"),
    [
        (BEST, "High-Value"),
        (Facts(5, 20, 290, 25, 9000, 15, 0.3), "Loyal"),  # a few very large customers among many small ones
        (Facts(40, 20, 5000, 25, 9000, 15, 2.0), "At-Risk"),  # they used to spend most
        (Facts(400, 1, 5000, 1, 9000, np.nan, np.nan), "One-Time"),
        (Facts(4, 1, 5000, 1, 9000, np.nan, np.nan), "High-Value"),
    ],
)
def test_high_value_bring_most_per_head_and_have_not_gone_silent(best: Facts, name: str) -> None:
    others = (Facts(20, 2, 300, 2, 300, 30, 0.7), Facts(25, 2, 200, 2, 200, 30, 0.8))
    names = named(best, *others)
    assert ("High-Value" in names) == (name == "High-Value")
    assert names[0] == name or names[0] == "Regular"


def test_several_who_still_come_are_told_apart_by_orders_and_baskets() -> None:
    often = Facts(5, 9, 800, 10, 900, 12, 0.5)
    much = Facts(20, 3, 1500, 3, 2000, 30, 0.6)
    plain, plainer = Facts(20, 4, 500, 4, 600, 30, 0.6), Facts(22, 4, 400, 4, 450, 30, 0.6)
    assert named(BEST, often, plain) == ["High-Value", "Loyal", "Regular"]
    assert named(BEST, often, much, plain) == ["High-Value", "Loyal", "Big-Basket", "Regular"]
    assert named(plainer, BEST, plain, often, much) == [
        "Regular (lower spend)",
        "High-Value",
        "Regular",
        "Loyal",
        "Big-Basket",
    ]


@given(rows)
def test_names_are_total_distinct_and_never_a_number(segments: list[Facts]) -> None:
    names = named(*segments)
    assert len(names) == len(set(names)) == len(segments)
    assert not any(re.search(r"\d|cluster", name, re.IGNORECASE) for name in names)


@given(rows)
def test_every_name_is_true_of_the_segment_that_bears_it(segments: list[Facts]) -> None:
    if len(segments) == 1:
        return
    shop = Shop(tuple(segments), 2, 650, 92)
    claims = {claim.name: claim for claim in CLAIMS}
    for name, row in name_segments(shop).items():
        assert claims[base_name(name)].holds(segments[row], shop), name


@given(rows, st.randoms(use_true_random=False))
def test_permuted_clusters_keep_their_names(segments: list[Facts], random: object) -> None:
    order = list(range(len(segments)))
    random.shuffle(order)  # type: ignore[attr-defined]
    # Equal segments can't be distinguished, so the test compares pairs, not positions.
    before = sorted(zip(map(repr, segments), named(*segments), strict=True))
    shuffled = [segments[i] for i in order]
    assert sorted(zip(map(repr, shuffled), named(*shuffled), strict=True)) == before


def test_the_best_come_first_those_to_win_back_last() -> None:
    assert list(name_segments(Shop(ONLINE_RETAIL_FOUR, 2, 650, 92))) == FOUR


def test_hundreds_of_clusters_still_get_words() -> None:
    names = named(*(Facts(i, 2, i, 2, i, 1, 9) for i in range(1234)), monetary=9999)
    assert {"Occasional", "Lapsed", "Lapsed (lower spend)", "Lapsed Twenty-One"} <= set(names)
    spelled = {
        2: "Two",
        19: "Nineteen",
        20: "Twenty",
        21: "Twenty-One",
        99: "Ninety-Nine",
        100: "One Hundred",
        106: "One Hundred Six",
        999: "Nine Hundred Ninety-Nine",
        1000: "One Thousand",
        1203: "One Thousand Two Hundred Three",
    }
    # the one with most revenue is Occasional, and the others are Lapsed, in order of revenue
    assert {place: names[1233 - place] for place in spelled} == {
        place: f"Lapsed {number}" for place, number in spelled.items()
    }
    assert len(set(names)) == 1234


@pytest.mark.parametrize(
    ("second", "name"),
    [
        (Facts(20, 4, 400, 4, 500, 30, 0.6), "Regular (lower spend)"),  # a quarter is enough
        (Facts(20, 4, 401, 4, 500, 30, 0.6), "Regular Two"),
        (Facts(20, 4, 650, 4, 550, 30, 0.6), "Regular (higher spend)"),  # the median, not the mean
        (Facts(15, 4, 500, 4, 500, 30, 0.6), "Regular (more recent)"),
        (Facts(26, 4, 500, 4, 500, 30, 0.6), "Regular (longer ago)"),
        (Facts(20, 2, 400, 4, 500, 30, 0.6), "Regular (fewer orders)"),  # orders differ most
        (Facts(20, 8, 400, 4, 500, 30, 0.6), "Regular (more orders)"),
        (Facts(0, 4, 400, 4, 500, 30, 0.6), "Regular (more recent)"),  # 0 days is infinitely less
        (Facts(20, 4, 500, 4, 600, 30, 0.6), "Regular Two"),
    ],
)
def test_segments_of_one_name_are_told_apart_by_what_differs_most(second: Facts, name: str) -> None:
    assert named(BEST, Facts(20, 4, 500, 4, 600, 30, 0.6), second) == ["High-Value", "Regular", name]


def test_no_remark_is_made_twice() -> None:
    first, second = Facts(20, 4, 500, 4, 600, 30, 0.6), Facts(20, 4, 300, 4, 590, 30, 0.6)
    third, fourth = Facts(25, 4, 200, 4, 580, 30, 0.6), Facts(20, 4, 100, 4, 570, 30, 0.6)
    # The lowest spend is called that, whichever position it has.
    names = ["Regular", "Regular Two", "Regular (longer ago)", "Regular (lower spend)"]
    assert named(BEST, first, second, third, fourth) == ["High-Value", *names]


def test_remarks_are_said_in_other_languages() -> None:
    with in_locale("de"):
        assert gettext("Regular (lower spend)") == "Stammkunden (geringere Ausgaben)"
        assert gettext("Mugs (red)") == "Mugs (red)"


def test_one_segment_is_occasional_and_others_like_it_bear_the_next_name_that_is_true() -> None:
    once, before = Facts(93, 1, 650, 1.2, 640, np.nan, np.nan), Facts(99, 1, 600, 1.2, 630, np.nan, np.nan)
    late = Facts(61, 2, 650, 2, 620, 40, 1.51)
    assert named(BEST, before, late, once) == ["High-Value", "One-Time", "Lapsed", "Occasional"]


def test_one_segment_is_all_customers() -> None:
    assert name_segments(Shop((BEST,), 2, 650, 92)) == {"All Customers": 0}


def test_of_equal_revenue_and_orders_the_more_recent_comes_first() -> None:
    late, early = Facts(24, 4, 500, 4, 600, 30, 0.6), Facts(20, 4, 500, 4, 600, 30, 0.6)
    assert named(BEST, late, early) == ["High-Value", "Regular Two", "Regular"]


def test_the_rule_in_words_knows_every_name() -> None:
    for claim in CLAIMS:
        assert claim.name in NAMING_RULE and claim.words in NAMING_RULE
        assert f"{claim.name} {claim.words}." in describe_names(["High-Value", claim.name])
    assert "No segment is called Regular or Occasional, since no segment fits." in describe_names(
        ["High-Value", "At-Risk"]
    )
    assert "Where segments share a name" in describe_names([*FOUR, "Regular (lower spend)"])
    assert describe_names(["All Customers"]) == "A single segment is called All Customers."


def test_who_has_gone_silent_is_known_by_name() -> None:
    silent = {claim.name for claim in CLAIMS if is_silent(claim.name)}
    assert silent == {"Occasional", "One-Time", "Lapsed", "At-Risk"}
    assert is_silent("Lapsed Two") and is_silent("Hibernating") and not is_silent("New Two")
