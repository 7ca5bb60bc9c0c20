"""Movements between two dates lose no customer and no money."""

import pandas as pd
import pytest

from shopper_widgets.customers.flows import NEW, count_flows, is_flow, movements, transitions
from shopper_widgets.customers.history import month_ends, segment_history
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.tables import orders_table
from shopper_widgets.segments.naming import is_silent


@pytest.fixture(scope="module")
def history(small_model: ShopperModel) -> pd.DataFrame:
    return segment_history(small_model, dates=[*month_ends(small_model.orders), small_model.as_of])


def test_flows_add_up(small_model: ShopperModel, small_shop: pd.DataFrame, history: pd.DataFrame) -> None:
    start, end = month_ends(small_model.orders)[2:4]
    flows = transitions(history, start, end)
    # What was known at each date: sales up to then, less the returns up to then.
    before, after = (
        orders_table(clean_transactions(small_shop, returns="net", as_of=date).transactions)
        for date in (start, end)
    )
    still = before[before["customer_id"].isin(after["customer_id"])]
    assert flows["customers"].sum() == after["customer_id"].nunique()
    assert flows["revenue_before"].sum() == pytest.approx(still["amount"].sum())
    brought = after["amount"].sum() - still["amount"].sum()
    assert flows["revenue_between"].sum() == pytest.approx(brought)
    orders = after
    new = flows[flows["kind"] == "new"]
    assert set(new["from"]) == {NEW} and new["revenue_before"].sum() == 0
    first = orders.groupby("customer_id")["ordered_at"].min()
    assert new["customers"].sum() == ((first > start) & (first <= end)).sum()


def test_returned_means_silent_then_ordering(small_model: ShopperModel, history: pd.DataFrame) -> None:
    dates = month_ends(small_model.orders)
    moved = movements(history, dates[2], dates[4]).set_index("customer_id")
    was = history[history["date"] == dates[2]].set_index("customer_id")["segment"]
    orders = small_model.orders
    bought = set(
        orders.loc[orders["ordered_at"].between(dates[2], dates[4], inclusive="right"), "customer_id"]
    )
    assert small_model.returned is not None
    back_later = small_model.returned["ordered_at"].between(dates[2], dates[4], inclusive="right")
    bought |= set(small_model.returned.loc[back_later, "customer_id"])
    silent = {c for c in was.index[was.map(is_silent)] if c in bought}
    assert silent
    assert set(moved.index[moved["kind"] == "returned"]) == silent
    stayed = moved[moved["kind"] == "stayed"]
    assert (stayed["from"] == stayed["to"]).all()
    since = small_model.returned["returned_at"].between(dates[2], dates[4], inclusive="right")
    sent_back = set(small_model.returned.loc[since, "customer_id"])
    neither = moved[~moved.index.isin(bought | sent_back)]
    assert len(neither) > 30 and (neither["revenue_between"] == 0).all()
    only_sent = moved[moved.index.isin(sent_back - bought)]
    assert len(only_sent) and (only_sent["revenue_between"] <= 0).all()
    back = is_flow(moved, [("Occasional", "Occasional"), (NEW, "New")])
    pairs = set(moved.loc[back, ["from", "to"]].itertuples(index=False, name=None))
    assert pairs == {("Occasional", "Occasional"), (NEW, "New")}
    assert (
        back.sum()
        == (
            moved["from"].isin(["Occasional", NEW])
            & (moved["to"] == moved["from"].map({"Occasional": "Occasional", NEW: "New"}))
        ).sum()
    )


def test_who_only_sends_goods_back_has_not_returned() -> None:
    dates = pd.to_datetime(["2024-01-31", "2024-02-29"])
    rows = [("ann", dates[0], 9, 3, 90.0, "At-Risk"), ("ann", dates[1], 38, 2, 60.0, "At-Risk")]
    columns = ["customer_id", "date", "recency", "frequency", "monetary", "segment"]
    moved = movements(pd.DataFrame(rows, columns=columns), *dates)
    assert moved[["kind", "revenue_between"]].to_numpy().tolist() == [["stayed", -30.0]]


def test_a_cent_sent_back_counts_and_dust_does_only_where_somebody_ordered() -> None:
    before, after = pd.to_datetime(["2024-01-31", "2024-02-29"])
    rows = [
        ("ann", before, 9, 3, 90.0, "Regular"),
        ("ann", after, 38, 3, 89.99, "Regular"),
        ("ben", before, 9, 3, 90.0, "Regular"),
        ("ben", after, 38, 3, 90.004, "Regular"),
        ("cid", before, 9, 3, 90.0, "Regular"),
        ("cid", after, 1, 4, 90.004, "Regular"),
        ("dan", after, 1, 1, 0.004, "New"),
    ]
    columns = ["customer_id", "date", "recency", "frequency", "monetary", "segment"]
    history = pd.DataFrame(rows, columns=columns)
    moved = movements(history, before, after)
    assert moved["revenue_between"].tolist() == pytest.approx([-0.01, 0, 0.004, 0.004])
    assert moved["revenue_between"].iloc[1] == 0
    assert moved["kind"].tolist() == ["stayed", "stayed", "stayed", "new"]
    pd.testing.assert_frame_equal(movements(history.iloc[::-1], before, after), moved)
    for partial, expected in ((before, True), (after, True), (pd.Timestamp("2023-12-31"), False)):
        marked = history.assign(is_partial=history["date"] == partial)
        assert transitions(marked, before, after)["is_partial"].eq(expected).all()


def test_the_largest_flow_of_a_kind_comes_first() -> None:
    pairs = [
        ("A", "B", "moved"),
        *[("A", "C", "moved")] * 3,
        *[("B", "A", "moved")] * 3,
        ("A", "A", "stayed"),
    ]
    moved = pd.DataFrame(pairs, columns=["from", "to", "kind"])
    moved = moved.assign(customer_id="x", revenue_before=1.0, revenue_between=0.0)
    flows = count_flows(moved)
    assert flows[["from", "to", "customers"]].to_numpy().tolist() == [
        ["A", "C", 3],
        ["B", "A", 3],
        ["A", "B", 1],
        ["A", "A", 1],
    ]


def test_a_day_is_enough_and_unknown_dates_are_told(history: pd.DataFrame) -> None:
    dates = history["date"].unique()
    pd.testing.assert_frame_equal(
        transitions(history, str(dates[1].date()), dates[2].date()), transitions(history, dates[1], dates[2])
    )
    with pytest.raises(ValueError, match=r"start must be one of the history's dates, .*got '1999-01-01'"):
        transitions(history, "1999-01-01", dates[2])
    twice = history.assign(date=history["date"].replace(dates[0], dates[1] - pd.Timedelta(hours=1)))
    with pytest.raises(ValueError, match="start must be one of the history's dates"):
        transitions(twice, dates[1].date(), dates[2])
    for end in dates[1:3]:
        with pytest.raises(ValueError, match="start must be before end"):
            transitions(history, dates[2], end)


def test_a_month_that_is_not_over_marks_its_transitions(history: pd.DataFrame) -> None:
    dates = history["date"].unique()
    assert not transitions(history, dates[1], dates[2])["is_partial"].any()
    assert transitions(history, dates[1], dates[-1])["is_partial"].all()
