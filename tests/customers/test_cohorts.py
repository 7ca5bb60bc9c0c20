"""Cohorts add up to the shop, and what they can't show is noted with them."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopper_widgets.customers.cohorts import cohort_caveats, cohort_matrix, cohort_table
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel


def _orders(*rows: tuple[str, str, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"])
    return table.assign(ordered_at=pd.to_datetime(table["ordered_at"]))


def test_by_hand() -> None:
    table = cohort_table(
        _orders(
            ("ann", "2023-12-01", 1), ("ann", "2023-12-09", 2), ("ann", "2024-02-03", 4),
            ("ben", "2023-12-30", 8), ("cid", "2024-02-28", 16),
        )
    )  # fmt: skip
    assert table.drop(columns=["is_partial", "is_left_censored"]).to_dict("list") == {
        "cohort": [pd.Timestamp("2023-12-01")] * 3 + [pd.Timestamp("2024-02-01")],
        "months_since": [0, 1, 2, 0],
        "customers": [2, 0, 1, 1],
        "revenue": [11.0, 0.0, 4.0, 16.0],
        "cohort_size": [2, 2, 2, 1],
        "retention": [1.0, 0.0, 0.5, 1.0],
    }
    # 2024 is a leap year: the orders lack the 29th.
    assert table["is_partial"].tolist() == [False, False, True, True]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdef"),
            st.integers(0, 500).map(lambda d: str(pd.Timestamp("2023-01-15") + pd.Timedelta(days=d))),
            st.integers(1, 99).map(float),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_nothing_is_lost(rows: list[tuple[str, str, float]]) -> None:
    orders = _orders(*rows)
    if orders["ordered_at"].dt.to_period("M").nunique() == 1:
        with pytest.raises(TooLittleDataError, match="All orders fall in"):
            cohort_table(orders)
        return
    table = cohort_table(orders)
    assert table["revenue"].sum() == pytest.approx(orders["amount"].sum())
    start = table[table["months_since"] == 0]
    assert (start["retention"] == 1).all()
    assert start["customers"].sum() == orders["customer_id"].nunique()
    months = orders.assign(month=orders["ordered_at"].dt.to_period("M"))
    assert table["customers"].sum() == len(months.drop_duplicates(["customer_id", "month"]))
    assert table["is_left_censored"].iloc[0]


def test_the_matrix_is_the_table(small_model: ShopperModel) -> None:
    table = cohort_table(small_model.orders)
    matrix = cohort_matrix(table, "customers")
    assert matrix.notna().sum().sum() == len(table)
    assert np.isnan(matrix.to_numpy()[-1, 1])
    row = table.iloc[len(table) // 2]
    assert matrix.loc[row["cohort"], row["months_since"]] == row["customers"]
    assert cohort_matrix(table).max().max() == 1
    with pytest.raises(ValueError, match="values must be 'retention'"):
        cohort_matrix(table, "size")  # type: ignore[arg-type]


@pytest.mark.parametrize(("day", "whole"), [(1, True), (2, False), (15, False), (31, False)])
def test_a_first_month_that_begins_in_its_middle_is_not_whole(day: int, whole: bool) -> None:
    days = pd.date_range(f"2024-01-{day:02}", "2024-03-31", freq="D")
    orders = pd.DataFrame({"customer_id": "ann", "ordered_at": days, "amount": 1.0})
    table = cohort_table(orders).set_index("months_since")
    assert table["is_partial"].tolist() == [not whole, False, False]
    caveats = cohort_caveats(cohort_table(orders))
    assert ("Jan 2024 is not complete: its figures are too low." in caveats) != whole


@pytest.mark.parametrize(("day", "whole"), [(31, True), (30, False)])
def test_a_last_month_that_ends_before_its_last_day_is_not_whole(day: int, whole: bool) -> None:
    days = pd.date_range("2024-01-01", f"2024-03-{day}", freq="D")
    orders = pd.DataFrame({"customer_id": "ann", "ordered_at": days, "amount": 1.0})
    assert cohort_table(orders)["is_partial"].tolist() == [False, False, not whole]


def test_online_retail(online_retail: pd.DataFrame) -> None:
    table = cohort_table(online_retail)
    matrix = cohort_matrix(table, "customers")
    # As often published for this data set: 885 customers in Dec 2010, 324 of them again in January.
    assert matrix.shape == (13, 13)
    assert matrix.iloc[0, :2].tolist() == [885, 324]
    assert table["revenue"].sum() == pytest.approx(8_911_407.904)
    censored, partial, *_ = cohort_caveats(table)
    assert censored.startswith("The cohorts of Dec 2010 to") and "existing customers" in censored
    assert partial == "Dec 2011 is not complete: its figures are too low."
    assert table["is_left_censored"].mean() < 0.9


def test_whole_months_have_one_caveat() -> None:
    days = pd.date_range("2024-01-01", "2024-06-30", freq="D")
    orders = pd.DataFrame(
        {"customer_id": [f"c{i % 7}" for i in range(len(days))], "ordered_at": days, "amount": 1.0}
    )
    assert cohort_caveats(cohort_table(orders)) == [
        "The cohort of Jan 2024 may include existing customers: the data don't show earlier orders.",
        "No cohort has 20 customers or more, so no retention rate is reliable.",
    ]


@pytest.mark.parametrize(
    ("january", "february", "told"),
    [
        (20, 20, []),
        (
            20,
            19,
            ["1 of the 2 cohorts has fewer than 20 customers, too few for a reliable retention rate."],
        ),
        (19, 19, ["No cohort has 20 customers or more, so no retention rate is reliable."]),
    ],
)
def test_small_cohorts_are_told(january: int, february: int, told: list[str]) -> None:
    days = ["2024-01-01"] * january + ["2024-02-29"] * february
    orders = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(len(days))],
            "ordered_at": pd.to_datetime(days),
            "amount": 1.0,
        }
    )
    said = cohort_caveats(cohort_table(orders))
    assert [one for one in said if "reliable" in one] == told


def test_no_orders() -> None:
    with pytest.raises(TooLittleDataError, match="there are none"):
        cohort_table(_orders())


def test_those_who_began_on_some_days_are_followed_alone(small_model: ShopperModel) -> None:
    orders, everyone = small_model.orders, cohort_table(small_model.orders)
    march = dt.date(2024, 3, 1), dt.date(2024, 3, 31)
    whole = everyone[everyone["cohort"] == "2024-03-01"].reset_index(drop=True)
    pd.testing.assert_frame_equal(cohort_table(orders, began=march), whole)
    part = cohort_table(orders, began=(march[0], dt.date(2024, 3, 10)))
    first = orders.groupby("customer_id")["ordered_at"].min().dt.normalize()
    theirs = first[first.between("2024-03-01", "2024-03-10")].index
    assert part["cohort_size"].iloc[0] == len(theirs) > 0
    spent = orders.loc[orders["customer_id"].isin(theirs), "amount"].sum()
    assert part["revenue"].sum() == pytest.approx(spent)
    assert cohort_table(orders, began=(dt.date(2030, 1, 1), dt.date(2030, 1, 2))).empty
