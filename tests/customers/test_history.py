"""The past, by what was known then."""

import dataclasses

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopper_widgets.columns import RFM
from shopper_widgets.customers.flows import movements
from shopper_widgets.customers.history import month_ends, segment_history
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.tables import orders_table
from shopper_widgets.segments.rfm import rfm_table


@pytest.fixture(scope="module")
def history(small_model: ShopperModel) -> pd.DataFrame:
    return segment_history(small_model, dates=[*month_ends(small_model.orders), small_model.as_of])


def _known(lines: pd.DataFrame, date: pd.Timestamp) -> pd.DataFrame:
    """Return what cleaning on a day would have given, with the returns up to then."""
    cleaned: pd.DataFrame = clean_transactions(lines, returns="net", as_of=date).transactions
    return cleaned


def _expected(
    model: ShopperModel, lines: pd.DataFrame, dates: list[pd.Timestamp], *, by_then: bool = True
) -> pd.DataFrame:
    """Compute each date separately; `lines` are uncleaned if returns count up to each date (`by_then`)."""
    known = [_known(lines, date) if by_then else lines for date in dates]
    tables = [rfm_table(of, as_of=date).assign(date=date) for of, date in zip(known, dates, strict=True)]
    table = pd.concat(tables, ignore_index=True)
    return table.assign(segment=model.segmenter.predict(table[list(RFM)]))


def _check(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    columns = ["customer_id", "date", *RFM, "segment"]
    pd.testing.assert_frame_equal(found[columns], expected[columns], check_dtype=False, rtol=1e-9)


@pytest.mark.filterwarnings("ignore::shopper_widgets.segments.OutOfRangeWarning")
def test_each_date_is_what_the_rfm_table_says_of_it(
    small_model: ShopperModel, small_shop: pd.DataFrame
) -> None:
    lines = clean_transactions(small_shop, returns="net").transactions
    dates = month_ends(small_model.orders)
    assert len(dates) >= 5
    _check(segment_history(small_model), _expected(small_model, small_shop, dates))
    expected = _expected(small_model, lines, dates, by_then=False)
    _check(segment_history(small_model, lines), expected)
    _check(segment_history(small_model, pl.from_pandas(lines).lazy()), expected)


@pytest.mark.filterwarnings("ignore::shopper_widgets.segments.OutOfRangeWarning")
def test_twelve_months_of_online_retail(
    online_retail_model: ShopperModel, online_retail_lines: pd.DataFrame, online_retail_netted: pd.DataFrame
) -> None:
    found = segment_history(online_retail_model)
    dates = month_ends(online_retail_netted)
    assert (str(dates[0].date()), str(dates[-1].date()), len(dates)) == ("2010-12-31", "2011-11-30", 12)
    some = [dates[0], dates[5], dates[-1]]
    expected = _expected(online_retail_model, online_retail_lines, some)
    _check(found[found["date"].isin(some)].reset_index(drop=True), expected)
    later = _expected(online_retail_model, online_retail_netted, some, by_then=False)
    # Goods returned later still counted by then; not the £168,469.60 that came back on the day of the order.
    before = expected["monetary"].sum() - later["monetary"].sum()
    assert before > 10_000 and len(expected) > len(later)


def test_the_present_is_the_models_own(small_model: ShopperModel, history: pd.DataFrame) -> None:
    now = history[history["date"] == small_model.as_of].reset_index(drop=True)
    pd.testing.assert_series_equal(now["segment"], small_model.customers["segment"], check_dtype=False)
    assert now["monetary"].sum() == pytest.approx(small_model.orders["amount"].sum())


def test_what_comes_later_changes_nothing(small_model: ShopperModel) -> None:
    orders = small_model.orders
    date = month_ends(orders)[2]
    before = segment_history(small_model, orders, [date])
    known = orders.loc[orders["ordered_at"] <= date, "customer_id"].iloc[0]
    future = pd.DataFrame(
        {
            "order_id": ["planted", "planted too"],
            "customer_id": [known, "someone new"],
            "ordered_at": [date + pd.Timedelta(seconds=1), date + pd.Timedelta(days=400)],
            "amount": [1e9, 1e9],
        }
    )
    planted = segment_history(small_model, pd.concat([orders, future]), [date])
    pd.testing.assert_frame_equal(planted.drop(columns="is_partial"), before.drop(columns="is_partial"))
    at_once = segment_history(small_model, pd.concat([orders, future.assign(ordered_at=date)]), [date])
    assert at_once["monetary"].max() >= 1e9


def _planted(small_shop: pd.DataFrame) -> tuple[pd.DataFrame, pd.Timestamp, pd.Timestamp]:
    """Return a shop with later returns: ann sends some goods back, ben all, and cleo some in two parts."""
    day, back = pd.Timestamp("2024-01-10"), pd.Timestamp("2024-02-20")
    rows = [
        ("1", "TEA", "ann", day, 5, 20.0),
        ("2", "TEA", "ben", day, 5, 20.0),
        ("3", "TEA", "ann", back, -2, 20.0),
        ("4", "TEA", "ben", back, -5, 20.0),
        ("5", "TEA", "cleo", day, 2, 20.0),
        ("6", "TEA", "cleo", day + pd.Timedelta(days=3), 2, 20.0),
        ("7", "TEA", "cleo", back, -1, 20.0),
        ("8", "TEA", "cleo", back + pd.Timedelta(days=30), -2, 20.0),
    ]
    columns = ["order_id", "product_id", "customer_id", "ordered_at", "quantity", "unit_price"]
    planted = pd.DataFrame(rows, columns=columns)
    planted = planted.astype(dict.fromkeys(["order_id", "product_id", "customer_id"], "string"))
    return pd.concat([small_shop, planted], ignore_index=True), day, back


@pytest.mark.filterwarnings("ignore::shopper_widgets.segments.OutOfRangeWarning")
def test_what_comes_back_later_counts_until_then(small_shop: pd.DataFrame) -> None:
    lines, day, back = _planted(small_shop)
    model = ShopperModel.fit(lines, n_clusters=3, progress=False)
    dates = [day, back - pd.Timedelta(seconds=1), back, back + pd.Timedelta(days=30), model.as_of]
    found = segment_history(model, dates=dates)
    _check(found, _expected(model, lines, dates))
    told = found.set_index(["customer_id", "date"])[["frequency", "monetary"]]
    for who, expected in {
        "ann": [(1, 100), (1, 100), (1, 60), (1, 60), (1, 60)],
        "ben": [(1, 100), (1, 100)],
        "cleo": [(1, 40), (2, 80), (2, 60), (1, 20), (1, 20)],
    }.items():
        assert [(f, round(m, 2)) for f, m in told.loc[who].to_numpy()] == expected, who
    now = found[found["date"] == model.as_of].reset_index(drop=True)
    pd.testing.assert_series_equal(now["segment"], model.customers["segment"], check_dtype=False)
    # A model that drops returns has none, nor has a bundle from before they were kept.
    for other in (
        ShopperModel.fit(lines, returns="drop", n_clusters=3, progress=False),
        dataclasses.replace(model, returned=None),
    ):
        once = segment_history(other, dates=dates)
        assert once.groupby("customer_id")["monetary"].agg(lambda spent: spent.is_monotonic_increasing).all()


START = pd.Timestamp("2024-03-01 09:00")


def _day(number: float) -> pd.Timestamp:
    return START + pd.Timedelta(days=number)


def _told(history: pd.DataFrame) -> dict[str, list[tuple[int, ...]]]:
    """Return day, recency, frequency and monetary value of each customer."""
    days = (history["date"] - START).dt.days
    rows = zip(history["customer_id"], days, *(history[name].tolist() for name in RFM), strict=True)
    told: dict[str, list[tuple[int, ...]]] = {}
    for who, *figures in rows:
        told.setdefault(who, []).append(tuple(figures))
    return told


@pytest.mark.filterwarnings("ignore::shopper_widgets.segments.OutOfRangeWarning")
def test_each_return_counts_from_its_moment_and_an_order_until_the_last_of_it_is_back(
    small_model: ShopperModel,
) -> None:
    orders = [("ann", "1", 0, 60.0), ("cleo", "4", 5, 7.0), ("dora", "5", 0, 1.0)]
    # part of ann's order, and all of ben's, of one of cleo's and of dora's
    returned = [
        ("ann", "1", 0, 20, 40.0),
        ("ben", "2", 0, 10, 15.0),
        ("ben", "2", 0, 20, 5.0),
        ("cleo", "3", 0, 10, 30.0),
        ("dora", "6", 8, 10, 2.0),
    ]
    key = ["customer_id", "order_id", "ordered_at"]
    bought = pd.DataFrame(orders, columns=[*key, "amount"])
    back = pd.DataFrame(returned, columns=[*key, "returned_at", "amount"])
    model = dataclasses.replace(
        small_model,
        orders=bought.assign(ordered_at=bought["ordered_at"].map(_day)),
        returned=back.assign(
            ordered_at=back["ordered_at"].map(_day), returned_at=back["returned_at"].map(_day)
        ),
    )
    dates = [_day(number) for number in (20, 0, 9, 10, 15, 9)]  # in any order, with a repetition
    assert _told(segment_history(model, dates=dates)) == {
        "ann": [(0, 0, 1, 100), (9, 9, 1, 100), (10, 10, 1, 100), (15, 15, 1, 100), (20, 20, 1, 60)],
        "ben": [(0, 0, 1, 20), (9, 9, 1, 20), (10, 10, 1, 5), (15, 15, 1, 5)],
        "cleo": [(0, 0, 1, 30), (9, 4, 2, 37), (10, 5, 1, 7), (15, 10, 1, 7), (20, 15, 1, 7)],
        "dora": [(0, 0, 1, 1), (9, 1, 2, 3), (10, 10, 1, 1), (15, 15, 1, 1), (20, 20, 1, 1)],
    }


@pytest.mark.filterwarnings("ignore::shopper_widgets.segments.OutOfRangeWarning")
def test_an_order_of_several_times_is_one_from_the_first_and_silence_counts_from_the_last(
    small_model: ShopperModel,
) -> None:
    rows = [("1", 5, 20.0), ("1", 0, 10.0), ("2", 3, 4.0), ("2", 3, 1.0)]
    lines = pd.DataFrame(rows, columns=["order_id", "ordered_at", "amount"]).assign(customer_id="ann")
    lines["ordered_at"] = lines["ordered_at"].map(_day)
    history = segment_history(small_model, lines, [_day(number) for number in (-1, 0, 2.99, 3, 5, 7)])
    assert _told(history) == {
        "ann": [(0, 0, 1, 10), (2, 2, 1, 10), (3, 0, 2, 15), (5, 0, 2, 35), (7, 2, 2, 35)]
    }


@pytest.mark.filterwarnings("ignore::shopper_widgets.segments.OutOfRangeWarning")
def test_a_month_is_whole_from_its_first_day_to_its_last(small_model: ShopperModel) -> None:
    columns = ["customer_id", "order_id", "ordered_at", "amount"]
    dates = {
        "2024-03-31 23:59:59": False,
        "2024-04-01": False,  # a midnight ends the day before
        "2024-04-01 00:00:00.000001": True,
        "2024-04-30": True,
        "2024-04-30 12:00": False,
        "2024-05-01": False,
        "2024-05-31 23:59:59": True,
    }
    for first, march in (("2024-03-01 23:00", False), ("2024-03-02 00:00", True)):
        rows = [("ann", "1", first, 1.0), ("ann", "2", "2024-04-30 00:10", 1.0)]
        orders = pd.DataFrame(rows, columns=columns).assign(
            ordered_at=lambda t: pd.to_datetime(t["ordered_at"])
        )
        history = segment_history(small_model, orders, dates)
        expected = {**dates, "2024-03-31 23:59:59": march, "2024-04-01": march}
        assert history["is_partial"].tolist() == list(expected.values())
        assert [str(end) for end in month_ends(orders)] == ["2024-03-31 23:59:59", "2024-04-30 23:59:59"]
        assert month_ends(orders.assign(ordered_at=orders["ordered_at"] - pd.Timedelta(minutes=11))) == [
            pd.Timestamp("2024-03-31 23:59:59")
        ]


def test_what_was_sent_back_between_two_dates_brings_less_than_nothing(small_shop: pd.DataFrame) -> None:
    lines, day, back = _planted(small_shop)
    model = ShopperModel.fit(lines, n_clusters=3, progress=False)
    history = segment_history(model, dates=[day, back])
    moved = movements(history, day, back).set_index("customer_id")
    assert moved.loc[["ann", "cleo"], "revenue_between"].tolist() == pytest.approx([-40, 20])
    assert "ben" not in moved.index
    brought = moved["revenue_between"].sum() + moved["revenue_before"].sum()
    assert brought == pytest.approx(history.loc[history["date"] == back, "monetary"].sum())


@settings(max_examples=25)
@given(data=st.data())
def test_any_returns_any_dates(small_model: ShopperModel, data: st.DataObject) -> None:
    """A model's past equals what cleaning on each day would have given, to the cent."""
    row = st.tuples(
        st.sampled_from("ab"), st.sampled_from("123456"), st.integers(0, 30), st.integers(-4, 5)
    ).filter(lambda row: row[3])
    rows = data.draw(st.lists(row, min_size=1, max_size=14, unique_by=lambda row: (row[1], row[3] < 0)))
    start = pd.Timestamp("2024-01-01")
    lines = pd.DataFrame(rows, columns=["customer_id", "order_id", "day", "quantity"])
    lines["ordered_at"] = start + pd.to_timedelta(lines.pop("day"), "D")
    lines = lines.assign(product_id="TEA", unit_price=2.5).astype(
        dict.fromkeys(["order_id", "product_id", "customer_id"], "string")
    )
    lines["order_id"] = lines["order_id"].where(lines["quantity"] > 0, "R" + lines["order_id"])
    cleaned = clean_transactions(lines, returns="net")
    if cleaned.transactions.empty:
        return
    model = dataclasses.replace(
        small_model, orders=orders_table(cleaned.transactions), returned=cleaned.returned
    )
    dates = [start + pd.Timedelta(days=day) for day in (0, 7, 15, 30)]
    found = segment_history(model, dates=dates)
    for date in dates:
        at = found.loc[found["date"] == date, ["customer_id", *RFM]].reset_index(drop=True)
        known = _known(lines, date)
        if known.empty:
            assert at.empty
        else:
            pd.testing.assert_frame_equal(at, rfm_table(known, as_of=date), check_dtype=False)


@settings(max_examples=40)
@given(data=st.data())
def test_any_orders_any_dates(small_model: ShopperModel, data: st.DataObject) -> None:
    days = st.integers(0, 40 * 24).map(lambda h: pd.Timestamp("2024-01-01") + pd.Timedelta(hours=h))
    row = st.tuples(st.sampled_from("abc"), st.sampled_from("123456"), days, st.integers(1, 99))
    rows = data.draw(st.lists(row, min_size=1, max_size=15))
    lines = pd.DataFrame(rows, columns=["customer_id", "order_id", "ordered_at", "amount"])
    dates = data.draw(st.lists(days, min_size=1, max_size=4, unique=True))
    found = segment_history(small_model, lines, dates)
    for date in dates:
        at = found.loc[found["date"] == date, ["customer_id", *RFM]].reset_index(drop=True)
        if (lines["ordered_at"] <= date).any():
            pd.testing.assert_frame_equal(at, rfm_table(lines, as_of=date), check_dtype=False)
        else:
            assert at.empty


def test_partial_months_are_marked(small_model: ShopperModel, history: pd.DataFrame) -> None:
    orders = small_model.orders
    last, first = orders["ordered_at"].max(), orders["ordered_at"].min()
    marked = history.groupby("date")["is_partial"].first()
    assert marked[small_model.as_of] or last.day >= 28
    assert not marked.iloc[1:-1].any()
    assert marked.iloc[0] == (first.day > 1)
    middle = marked.index[2].normalize()
    dates = [middle - pd.Timedelta(days=9), middle + pd.Timedelta(days=1)]  # a midnight ends the day before
    assert segment_history(small_model, dates=dates).groupby("date")["is_partial"].first().tolist() == [
        True,
        False,
    ]


def test_what_cannot_be_asked(small_model: ShopperModel) -> None:
    orders = small_model.orders
    few = orders[orders["ordered_at"] < orders["ordered_at"].min() + pd.Timedelta(days=2)]
    with pytest.raises(ValueError, match=r"dates must be given: the orders end before.*\[model.as_of\]"):
        segment_history(small_model, few)
    with pytest.raises(ValueError, match="at least one date; it is empty"):
        segment_history(small_model, dates=[])
    with pytest.raises(TypeError, match=r"write \['2024-01-01'\]"):
        segment_history(small_model, dates="2024-01-01")
    with pytest.raises(ValueError, match="at least one line"):
        segment_history(small_model, orders.iloc[:0])
    with pytest.raises(ValueError, match="lacks the column"):
        segment_history(small_model, orders.drop(columns="amount"))
    early = segment_history(small_model, dates=["1990-01-01"])
    assert early.empty
    assert {"customer_id", "date", *RFM, "segment"} <= set(early)


def test_the_orders_are_not_changed(small_model: ShopperModel) -> None:
    orders = small_model.orders.copy()
    segment_history(small_model, orders.sample(frac=1, random_state=0))
    pd.testing.assert_frame_equal(orders, small_model.orders)
    assert np.isfinite(segment_history(small_model)["monetary"]).all()
