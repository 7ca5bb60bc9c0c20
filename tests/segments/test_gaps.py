"""Days between orders, and the usual gap, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from shopper_widgets.segments.gaps import customer_gaps, old_until, order_gaps


def orders_on(days: dict[str, list[int]], hour: int = 9) -> pd.DataFrame:
    """Return orders of customers on these days from 1 January 2024 on."""
    rows = [
        (who, pd.Timestamp("2024-01-01") + pd.Timedelta(days=d, hours=hour))
        for who in days
        for d in days[who]
    ]
    return pd.DataFrame(rows, columns=["customer_id", "ordered_at"])


def test_gaps_are_between_days_not_orders() -> None:
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
    assert order_gaps(orders.iloc[:0]).empty


def test_the_last_day_of_one_is_no_neighbor_of_the_next_ones_first() -> None:
    gaps = order_gaps(orders_on({"a": [0, 9], "b": [0, 9], "c": [9], "d": [1]}))
    assert gaps["customer_id"].tolist() == ["a", "b"]
    assert gaps["gap"].tolist() == [9, 9]
    assert gaps["ordered_on"].tolist() == [pd.Timestamp("2024-01-10")] * 2


def test_a_shop_of_one_day_has_no_gaps() -> None:
    assert order_gaps(orders_on({"a": [0, 0], "b": [0]})).empty


def test_days_before_1970_are_days() -> None:
    orders = pd.DataFrame({"customer_id": "a", "ordered_at": pd.to_datetime(["1969-12-30", "1970-01-02"])})
    assert order_gaps(orders)[["ordered_on", "gap"]].to_numpy().tolist() == [[pd.Timestamp("1970-01-02"), 3]]


def test_who_orders_after_nine_gaps_in_ten_is_new() -> None:
    # eleven gaps of 1, 2, … 11 days: nine in ten are at most as long as the tenth
    days = np.cumsum([0, *range(1, 12)]).tolist()
    assert old_until(orders_on({"a": days})) == pd.Timestamp("2024-01-11 09:00")
    assert old_until(orders_on({"a": [3], "b": [5]})) == pd.Timestamp("2024-01-04 09:00")


@pytest.fixture
def found() -> pd.DataFrame:
    days = {f"c{i}": [0, 20, 40, 60] for i in range(5)} | {"often": [0, 4, 10, 30], "once": [50]}
    customers = pd.DataFrame(
        {"customer_id": ["once", *list(days)[:6], "nobody"], "frequency": [1, *[4] * 6, 3]}
    )
    gaps = customer_gaps(orders_on(days), customers.set_index(pd.Index(range(10, 18))))
    return gaps.set_axis(customers["customer_id"].to_numpy()).assign(place=gaps.index)


def test_each_customers_gaps_stand_in_their_own_row(found: pd.DataFrame) -> None:
    assert found["place"].tolist() == list(range(10, 18))
    assert found["gaps"].to_dict() == {"once": 0, **{f"c{i}": 3 for i in range(5)}, "often": 3, "nobody": 0}
    assert found["own_gap"].dropna().to_dict() == {**{f"c{i}": 20.0 for i in range(5)}, "often": 6.0}


def test_what_is_usual_is_the_shops_for_who_has_no_gap(found: pd.DataFrame) -> None:
    # gap × √orders is 20 × √4 for five of six, and so is their median
    assert found["expected_gap"]["once"] == pytest.approx(40 / np.sqrt(2))
    assert found["expected_gap"]["nobody"] == pytest.approx(40 / np.sqrt(3))
    assert found["expected_gap"]["c0"] == pytest.approx(20)
    assert found["expected_gap"]["often"] == pytest.approx(min(6 * 4 / 3, (6**3 * 20**2) ** (1 / 5)))
    alone = customer_gaps(
        orders_on({"often": [0, 4, 10, 30]}),
        pd.DataFrame({"customer_id": ["often"], "frequency": [4]}),
        prior_gaps=0,
    )
    assert alone["expected_gap"].tolist() == pytest.approx([6])


def test_where_few_came_back_the_middle_of_theirs_is_the_shops() -> None:
    days = {"a": [0, 10], "b": [0, 30], "c": [0, 80], "once": [5]}
    customers = pd.DataFrame({"customer_id": list(days), "frequency": [2, 2, 2, 1]})
    gaps = customer_gaps(orders_on(days), customers)
    assert gaps["expected_gap"].iloc[3] == pytest.approx(30)
    nobody = customer_gaps(orders_on({"once": [5]}), customers.iloc[3:])
    assert nobody["gaps"].tolist() == [0]
    assert nobody[["own_gap", "expected_gap"]].isna().all(axis=None)
