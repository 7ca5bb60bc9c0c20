"""The claims of names at their limits, by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from shopper_widgets.segments.naming_claims import CLAIMS, Facts, Shop, segment_facts

NAN = float("nan")
#: Customers who came back, still come, and are like the median customer.
USUAL = Facts(recency=10, frequency=3, monetary=100, orders=3, revenue=100, gap=20, lateness=0.5)
#: Customers who came once and recently.
ONCE = Facts(recency=10, frequency=1, monetary=100, orders=1, revenue=100, gap=NAN, lateness=NAN)


def like(one: Facts, **changed: float) -> Facts:
    return dataclasses.replace(one, **changed)


def shop(*segments: Facts) -> Shop:
    return Shop(segments=segments, frequency=3, monetary=100, second_gap=30)


def true_of(one: Facts, *others: Facts) -> set[str]:
    here = shop(one, *others)
    return {claim.name for claim in CLAIMS if claim.holds(one, here)}


LATE = like(USUAL, recency=46, gap=30, lateness=1.51)
BEST = like(USUAL, monetary=300, revenue=300, orders=9)


def test_came_back_is_more_than_half() -> None:
    assert [like(USUAL, frequency=f).came_back for f in (1, 1.5, 2)] == [False, False, True]


def test_who_still_comes_is_no_later_than_usual_by_both_measures() -> None:
    assert like(USUAL, recency=20, lateness=1).still_comes
    assert not like(USUAL, recency=20, lateness=1.01).still_comes
    assert not like(USUAL, recency=20.5, lateness=1).still_comes
    assert not like(USUAL, frequency=1).still_comes


def test_who_is_late_is_so_by_both_measures() -> None:
    assert LATE.is_late
    assert not like(LATE, recency=45).is_late and not like(LATE, recency=44).is_late
    assert not like(LATE, lateness=1.5).is_late
    assert not like(LATE, frequency=1).is_late


def test_who_came_once_is_new_until_a_second_order_would_have_come() -> None:
    here = shop(ONCE)
    assert here.is_new(like(ONCE, recency=30)) and not here.is_gone(like(ONCE, recency=30))
    assert here.is_gone(like(ONCE, recency=30.5)) and not here.is_new(like(ONCE, recency=30.5))
    slow = Shop(segments=(ONCE,), frequency=3, monetary=100, second_gap=500)
    assert slow.is_new(like(ONCE, recency=365)) and slow.is_gone(like(ONCE, recency=366))
    assert not here.is_new(USUAL) and not here.is_gone(like(USUAL, recency=99))
    spent = [here.is_worth_having(like(ONCE, monetary=money)) for money in (99.5, 100, 100.5)]
    assert spent == [False, False, True]


def test_small_and_silent_is_late_or_gone_and_no_more_than_the_middle() -> None:
    here = shop(USUAL)
    assert here.is_small_and_silent(LATE) and here.is_small_and_silent(like(ONCE, recency=31))
    assert not here.is_small_and_silent(like(LATE, monetary=101))
    assert not here.is_small_and_silent(USUAL) and not here.is_small_and_silent(ONCE)


def test_shops_of_equal_segments_are_equal() -> None:
    assert {shop(USUAL), shop(like(USUAL))} == {shop(USUAL)}


def test_who_leads_has_more_than_every_other() -> None:
    equal = like(USUAL)
    assert shop(BEST, USUAL).leads(BEST, lambda one: one.revenue)
    assert not shop(BEST, USUAL).leads(USUAL, lambda one: one.revenue)
    assert not shop(USUAL, equal).leads(USUAL, lambda one: one.revenue)


@pytest.mark.parametrize(
    ("one", "others", "names"),
    [
        (BEST, (USUAL,), {"High-Value", "Loyal", "Regular"}),
        # clearly more than the median, to the cent
        (like(BEST, monetary=125), (USUAL,), {"High-Value", "Loyal", "Regular"}),
        (like(BEST, monetary=124.99), (USUAL,), {"Loyal", "Regular"}),
        # most revenue per head, but not in the median; late; once and long ago
        (like(BEST, monetary=90), (USUAL,), {"Loyal", "Regular"}),
        (like(BEST, recency=31, lateness=1.51), (USUAL,), {"At-Risk"}),
        (like(ONCE, recency=31, monetary=300, revenue=300), (USUAL,), {"One-Time"}),
        # a quarter more orders, or more per order, than all who still come except High-Value
        (like(USUAL, orders=3.75), (BEST, USUAL), {"Loyal", "Regular"}),
        (like(USUAL, orders=3.74), (BEST, USUAL), {"Regular"}),
        (like(USUAL, revenue=126), (BEST, USUAL), {"Big-Basket", "Regular"}),
        (like(USUAL, revenue=124), (BEST, USUAL), {"Regular"}),
        (like(USUAL, orders=4), (BEST, USUAL, like(LATE, orders=9)), {"Loyal", "Regular"}),
        (like(LATE, orders=9), (BEST, USUAL), {"Occasional", "Lapsed"}),
        (USUAL, (BEST, like(ONCE, revenue=90)), {"Regular"}),  # nobody else who still comes
        (USUAL, (BEST, like(USUAL)), {"Regular"}),
        (like(LATE, orders=8), (BEST, USUAL), {"Occasional", "Lapsed"}),
        (ONCE, (BEST, USUAL), {"New"}),
        (like(ONCE, monetary=101), (BEST, USUAL), {"Promising"}),
        (like(USUAL, recency=30, lateness=1.5), (BEST, USUAL), {"Slipping"}),
        (LATE, (BEST, USUAL), {"Occasional", "Lapsed"}),
        (like(LATE, frequency=4), (BEST, USUAL), {"Lapsed"}),
        (like(LATE, gap=29), (BEST, USUAL), {"Lapsed"}),  # they used to come more often than monthly
        (like(LATE, gap=29, frequency=2), (BEST, USUAL), {"Occasional", "Lapsed"}),
        (like(LATE, monetary=101), (BEST, USUAL), {"At-Risk"}),
        (like(ONCE, recency=31), (BEST, USUAL), {"Occasional", "One-Time"}),
        (like(ONCE, recency=31), (like(ONCE, monetary=300),), {"One-Time"}),  # if nobody comes back
        (LATE, (like(ONCE, monetary=300),), {"Lapsed"}),  # nobody else comes back
        (like(ONCE, recency=31, monetary=101), (BEST, USUAL), {"One-Time"}),
    ],
)
def test_what_is_true_of_a_segment(one: Facts, others: tuple[Facts, ...], names: set[str]) -> None:
    assert true_of(one, *others) == names


def test_facts_are_those_of_the_members() -> None:
    values = np.array([[10.0, 4, 100], [30, 2, 50], [20, 1, 20], [200, 1, 30], [90, 2, 40]])
    gaps = np.array([20.0, np.nan, np.nan, np.nan, 30.0])
    shop = segment_facts(values, gaps, np.array([1, 1, 1, 0, 0]), rhythm=60.0)
    # Customers who came back without a known gap are measured by the usual one for two orders: 60 / √2.
    usual = 60 / np.sqrt(2)
    expected = Facts(20, 2, 50, 7 / 3, 170 / 3, (20 + usual) / 2, (10 / 20 + 30 / usual) / 2)
    assert vars(shop.segments[1]) == pytest.approx(vars(expected))
    assert vars(shop.segments[0]) == pytest.approx(vars(Facts(145, 1.5, 35, 1.5, 35, 30, 3.0)))
    assert (shop.frequency, shop.monetary) == (2, 40)
    assert shop.second_gap == pytest.approx(usual)
    nobody = segment_facts(values[3:4], gaps[3:4], np.array([0]), rhythm=60.0).segments[0]
    assert np.isnan([nobody.gap, nobody.lateness]).all()
