"""Small shops: reports say what the data can't show, and no segments are invented."""

import warnings

import numpy as np
import pandas as pd
import pytest

from shopper_widgets._support.locale import in_locale
from shopper_widgets.segments import CustomerSegmenter, FewerSegmentsWarning, RuleSegmenter
from shopper_widgets.segments.limits import data_limits, too_little_to_divide
from shopper_widgets.segments.rfm import rfm_table
from shopper_widgets.segments.rhythm import with_short_silence


def said(rows):
    return " ".join(data_limits(np.array(rows, dtype=float)))


def test_nothing_is_said_where_nothing_stands_in_the_way():
    random = np.random.default_rng(0)
    rows = np.column_stack([random.integers(1, 300, 200), random.integers(1, 9, 200), random.random(200)])
    assert data_limits(rows) == []


@pytest.mark.parametrize(
    ("short", "longest", "is_told"),
    [(60, 59, 1), (60, 60, 0), (114, 113, 1), (114, 114, 0), (9, 59, 1), (9, 60, 0)],
)
def test_a_silence_is_too_short_by_the_shops_own_rhythm_and_always_before_two_months(short, longest, is_told):
    rows = np.array([(1 + d % longest, 1 + d % 3, 10.0 * d) for d in range(1, 301)])
    assert rows[:, 0].max() == longest
    assert (
        sum("too short to tell lost customers from" in each for each in data_limits(rows, (), short))
        == is_told
    )


def test_what_a_table_remembers_of_its_shop_counts():
    rows = [(1 + d % 100, 1 + d % 3, 10.0 * d) for d in range(1, 301)]
    rfm = pd.DataFrame(rows, columns=["recency", "frequency", "monetary"])
    slow = with_short_silence(rfm, np.full(9, 100.0))
    for segmenter in (CustomerSegmenter(n_clusters=3), RuleSegmenter()):
        assert not any("too short" in each for each in segmenter.fit(rfm).limits_)
        told = segmenter.fit(slow).limits_
        assert any("The longest silence is 100 days: too short" in each for each in told)


def test_each_limit_is_told():
    spread = [(d, 1 + d % 3, 10.0 * d) for d in range(1, 301, 2)]
    assert said(spread) == ""
    assert "Every customer has ordered once" in said([(r, 1, m) for r, _, m in spread])
    assert "Every customer has ordered 3 times" in said([(r, 3, m) for r, _, m in spread])
    assert "All customers have spent the same" in said([(r, f, 9.99) for r, f, _ in spread])
    assert "All customers last ordered on the same day" in said([(4, f, m) for _, f, m in spread])
    assert "The longest silence is 30 days" in said([(r % 31, f, m) for r, f, m in spread])
    assert "Each of the 40 customers is 2 % of all" in said(spread[:40])


def test_thirty_customers_with_one_order_each():
    day = pd.Timestamp("2024-03-01")
    orders = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(30)],
            "order_id": [str(i) for i in range(30)],
            "ordered_at": [day + pd.Timedelta(days=i) for i in range(30)],
            "amount": [20.0 + i % 7 for i in range(30)],
        }
    )
    segmenter = CustomerSegmenter().fit(rfm_table(orders))
    assert segmenter.segment_names_ == ["All Customers"]
    assert segmenter.reason_.startswith("1 segment: each of the 30 customers has ordered once, ")
    assert CustomerSegmenter(3).fit(rfm_table(orders)).n_clusters_ == 3
    limits = " ".join(segmenter.limits_)
    for sentence in ("Each of the 30 customers", "has ordered once", "The longest silence is 30 days"):
        assert sentence in limits


def test_names_of_silence_say_no_more_than_they_can_where_silence_was_short():
    random = np.random.default_rng(0)
    rows = np.column_stack(
        [random.integers(1, 29, 200), random.integers(1, 9, 200), random.gamma(2, 50, 200)]
    )
    told = "too short to tell lost customers from those who need nothing yet."
    segmenter = CustomerSegmenter(4).fit(rows)
    assert segmenter.limits_ == [
        f"The longest silence is 28 days: {told} So far, Lapsed, At-Risk and At-Risk (fewer orders) only "
        "mean “silent for longer than usual”."
    ]
    assert ", At Risk, Hibernating and Lost only mean “silent" in RuleSegmenter().fit(rows).limits_[0]
    assert CustomerSegmenter(1).fit(rows).limits_[0].endswith(told)
    assert CustomerSegmenter(4).fit(rows * [3, 1, 1]).limits_ == []


def test_where_few_have_ordered_equally_often_auto_divides_nobody():
    rows = np.array([(day, 2.0, 10.0 + day % 17) for day in range(1, 121)])
    assert too_little_to_divide(rows[:99]).startswith("each of the 99 customers has ordered twice, ")
    assert too_little_to_divide(rows) == ""
    rows[0, 1] = 3
    assert too_little_to_divide(rows[:99]) == ""


@pytest.mark.parametrize("n_clusters", ["auto", 4])
@pytest.mark.parametrize("n", [2, 5, 30, 500])
def test_identical_customers_are_one_segment_however_many(n, n_clusters):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FewerSegmentsWarning)
        segmenter = CustomerSegmenter(n_clusters, stability_budget=2).fit([(30, 1, 19.9)] * n)
    assert segmenter.segment_names_ == ["All Customers"]
    assert f"All {n} customers are alike" in " ".join(segmenter.limits_)


@pytest.mark.parametrize(("n", "word"), [(1, "one customer is"), (2, "two"), (5, "five"), (9, "nine")])
def test_a_handful_of_customers_are_one_segment(n, word):
    rows = [(10 * i, 1 + i, 100.0 * i) for i in range(1, n + 1)]
    segmenter = CustomerSegmenter().fit(rows)
    assert segmenter.segment_names_ == ["All Customers"]
    assert segmenter.reason_.startswith(f"1 segment: {word}")
    assert "too few" in segmenter.limits_[0]


def test_what_is_asked_for_of_a_handful_is_given_with_the_limit():
    segmenter = CustomerSegmenter(2).fit([(1, 9, 900.0), (2, 8, 800.0), (200, 1, 9.0), (210, 1, 8.0)])
    assert segmenter.n_clusters_ == 2
    assert segmenter.limits_[0].startswith("4 customers are too few")


def test_limits_are_told_in_the_language_in_force():
    rows = np.array([(day, 1 + day % 2, 10.0 + day % 17) for day in range(1, 31)])
    with in_locale("de"):
        told = data_limits(rows, ["At-Risk", "Lapsed"])
    assert told == [
        "Jeder der 30 Kunden macht 3 % aus, Anteile sind daher grob.",
        "Niemand ist länger inaktiv als 30 Tage: zu kurz, um verlorene Kunden von solchen zu unterscheiden, "
        "die noch nichts brauchen. Bisher heißen Gefährdete und Ehemalige nur „länger inaktiv als üblich“.",
    ]
    with in_locale("de"):
        assert data_limits(rows[:1])[0].startswith("Ein Kunde ist zu wenig")
