"""A shop's rhythm, by hand: how often customers order, and how long a silence is still short."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from shopper_widgets.segments.rhythm import (
    drawn_towards,
    expected_gaps,
    follow_days,
    gaps_of,
    long_silence,
    reply_days,
    rhythm_of,
    shop_rhythm,
    short_silence,
    short_silence_of,
    usual_gap,
    with_short_silence,
)

NAN = np.nan


def test_who_orders_more_often_does_so_sooner_and_once_is_measured_as_twice() -> None:
    assert usual_gap(np.array([1.0, 2, 3, 9]), 90.0) == pytest.approx([90 / 2**0.5] * 2 + [90 / 3**0.5, 30])


def test_a_shops_rhythm_is_the_middle_of_five_or_more() -> None:
    gaps, orders = np.array([10.0, 20, 30, 40, 50, NAN]), np.array([4.0, 4, 4, 4, 4, 1])
    assert shop_rhythm(gaps, orders) == 60
    assert shop_rhythm(gaps[1:], orders[1:]) is None
    assert shop_rhythm(np.full(5, 0.25), np.full(5, 4.0)) == 1  # at least a day
    assert shop_rhythm(np.full(5, 0.75), np.full(5, 4.0)) == 1.5


def test_few_gaps_of_ones_own_lean_on_what_is_usual() -> None:
    own, count = np.array([10.0, 10, 10, NAN]), np.array([40, 2, 1, 0])
    found = drawn_towards(own, count, np.full(4, 80.0))
    # one gap has a weight of one third; from two on, the shop changes them by a third at most
    assert found == pytest.approx([(10**40 * 80**2) ** (1 / 42), 10 * 4 / 3, (10 * 80**2) ** (1 / 3), 80])
    slow = drawn_towards(np.array([100.0, 100]), np.array([2, 1]), np.array([10.0, 10]))
    assert slow == pytest.approx([75, (100 * 10**2) ** (1 / 3)])
    assert drawn_towards(own, count, np.full(4, 80.0), prior_gaps=0) == pytest.approx([10, 10, 10, 80])
    assert drawn_towards(own, count, np.full(4, 80.0), prior_gaps=1)[2] == pytest.approx(800**0.5)
    frequency = np.array([41.0, 3, 2, 1])
    usual = drawn_towards(own, count, usual_gap(frequency, 90.0), prior_gaps=1)
    assert expected_gaps(own, count, frequency, 90.0, prior_gaps=1) == pytest.approx(usual)


def test_a_silence_is_short_up_to_a_seventh_more_than_the_middle_gap() -> None:
    assert short_silence(np.array([21.0, 21, 21, 70, 7, NAN])) == 24
    assert short_silence(np.array([21.0, 21, 21, 21])) == 60  # four gaps are too few
    assert short_silence(np.array([1.0] * 9)) == 7
    assert short_silence(np.array([7.0] * 5)) == 8
    assert (long_silence(59), long_silence(60), long_silence(61)) == (60, 60, 61)


def test_slow_shops_are_followed_and_waited_for_longer_within_limits() -> None:
    assert [follow_days(short, 10_000) for short in (7, 60, 61, 100, 800)] == [90, 90, 92, 150, 1095]
    assert [follow_days(200, span) for span in (50, 190, 400, 700)] == [90, 95, 200, 300]
    assert [reply_days(short) for short in (7, 60, 62, 100, 800)] == [30, 30, 31, 50, 180]


def test_a_table_remembers_its_shops_short_silence() -> None:
    rfm = pd.DataFrame({"recency": [4.0]})
    rfm.attrs["as_of"] = "2024-01-01"
    known = with_short_silence(rfm, np.array([21.0] * 5))
    assert (short_silence_of(known), known.attrs["as_of"]) == (24, "2024-01-01")
    assert (short_silence_of(rfm), short_silence_of(rfm.to_numpy())) == (60, 60)


def test_gaps_are_read_where_a_frame_has_them() -> None:
    rfm = pd.DataFrame({"recency": [4, 5], "usual_gap": [1, None]})
    np.testing.assert_array_equal(gaps_of(rfm), [1, NAN])
    assert gaps_of(rfm[["recency"]]) is None
    assert gaps_of(rfm.to_numpy()) is None
    for wrong in (0, -3):
        with pytest.raises(ValueError, match=f"usual_gap must be days above 0, or missing; got {wrong}"):
            gaps_of(rfm.assign(usual_gap=[7, wrong]))


def values(recency: list[float], frequency: list[float]) -> np.ndarray:
    return np.column_stack([recency, frequency, np.ones(len(recency))])


def test_a_rhythm_is_remembered_else_known_else_estimated() -> None:
    rfm = pd.DataFrame({"recency": [4.0]})
    few = values([4, 10, 30], [1, 2, 2])
    rfm.attrs["rhythm"] = 12.5
    assert rhythm_of(rfm, few, None) == 12.5
    rfm.attrs["rhythm"] = 0.5
    assert rhythm_of(rfm, few, None) == 1
    five = values([0.0] * 5, [4.0] * 5)
    assert rhythm_of(five, five, np.array([10.0, 20, 30, 40, 50])) == 60
    # too few gaps: the median customer is the measure of silence
    assert rhythm_of(few, few, np.array([NAN, 9, 9])) == pytest.approx(10 * 2**0.5)
    assert rhythm_of(few, values([0, 0, 0], [1, 1, 1]), None) == 1


def test_where_gaps_are_not_known_who_could_have_ordered_most_closely_tells() -> None:
    # the data span 100 days: who ordered 5 times by day 80 has gaps of 20 days at most
    recency, frequency = [100.0, 20, 20, 20, 20, 20], [1.0, 5, 5, 5, 5, 5]
    found = rhythm_of(None, values(recency, frequency), None)
    assert found == pytest.approx(0.55 * 80 / 4 * 5**0.5)
    # the lower quartile of the possible gaps counts
    mixed = rhythm_of(None, values([100.0, 20, 40, 60, 80, 90], [1.0, 2, 2, 2, 2, 2]), None)
    assert mixed == pytest.approx(0.55 * 20 * 2**0.5)
    four = rhythm_of(None, values(recency[:5], frequency[:5]), None)
    assert four == pytest.approx(20 * 2**0.5)  # four returning customers are too few
