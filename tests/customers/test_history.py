"""The past by what was known then."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopper_widgets.columns import RFM
from shopper_widgets.customers.history import month_ends, segment_history
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.segments.rfm import rfm_table


@pytest.fixture(scope="module")
def history(small_model: ShopperModel) -> pd.DataFrame:
    return segment_history(small_model, dates=[*month_ends(small_model.orders), small_model.as_of])


def _expected(model: ShopperModel, lines: pd.DataFrame, dates: list[pd.Timestamp]) -> pd.DataFrame:
    """Each date on its own, the long way."""
    tables = [rfm_table(lines, as_of=date).assign(date=date) for date in dates]
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
    expected = _expected(small_model, lines, dates)
    assert len(dates) >= 5
    _check(segment_history(small_model), expected)
    _check(segment_history(small_model, lines), expected)
    _check(segment_history(small_model, pl.from_pandas(lines).lazy()), expected)


@pytest.mark.filterwarnings("ignore::shopper_widgets.segments.OutOfRangeWarning")
def test_twelve_months_of_online_retail(
    online_retail_model: ShopperModel, online_retail_netted: pd.DataFrame
) -> None:
    found = segment_history(online_retail_model)
    dates = month_ends(online_retail_netted)
    assert (str(dates[0].date()), str(dates[-1].date()), len(dates)) == ("2010-12-31", "2011-11-30", 12)
    some = [dates[0], dates[5], dates[-1]]
    expected = _expected(online_retail_model, online_retail_netted, some)
    _check(found[found["date"].isin(some)].reset_index(drop=True), expected)


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


def test_what_came_back_later_was_not_known_to_orders_cleaned_as_of_a_date(small_model: ShopperModel) -> None:
    day, back = pd.Timestamp("2024-01-10"), pd.Timestamp("2024-02-20")
    orders = pd.DataFrame(
        [
            ("1", "TEA", "ann", day, 5, 20.0),
            ("2", "TEA", "ben", day, 5, 20.0),
            ("3", "TEA", "ann", back, -2, 20.0),  # some of it
            ("4", "TEA", "ben", back, -5, 20.0),  # all of it
        ],
        columns=["order_id", "product_id", "customer_id", "ordered_at", "quantity", "unit_price"],
    )
    orders = orders.astype(dict.fromkeys(["order_id", "product_id", "customer_id"], "string"))

    def spent(date: pd.Timestamp, as_of: pd.Timestamp | None) -> dict[str, float]:
        known = clean_transactions(orders, returns="net", as_of=as_of).transactions
        history = segment_history(small_model, known, [date])
        return dict(zip(history["customer_id"], history["monetary"], strict=True))

    between, after = day + pd.Timedelta(days=21), back + pd.Timedelta(days=1)
    assert spent(between, as_of=between) == {"ann": 100.0, "ben": 100.0}
    assert spent(after, as_of=after) == spent(after, as_of=None) == {"ann": 60.0}
    # cleaned at once, as a model's are, the orders know of the return on every date
    assert spent(between, as_of=None) == {"ann": 60.0}


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
