"""Demand per product and week counts every line once, on every engine."""

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopper_widgets import TooLittleDataError, clean_transactions, demand_table, make_transactions
from tests.order_tables import ENGINES


def _lines(days: list[int], begin: str = "2024-01-01") -> pd.DataFrame:
    at = pd.Timestamp(begin) + pd.to_timedelta(days, unit="D") + pd.Timedelta(hours=13)
    return pd.DataFrame(
        {
            "product_id": [f"p{day % 3}" for day in days],
            "ordered_at": at,
            "quantity": [day % 5 + 1 for day in days],
            "amount": [1.5 * (day % 5 + 1) for day in days],
        }
    )


@given(
    days=st.lists(st.integers(0, 60), min_size=1, max_size=40),
    begin=st.dates(min_value=pd.Timestamp("1999-12-20").date(), max_value=pd.Timestamp("2100-03-05").date()),
    weekday=st.sampled_from(["", "-MON", "-WED", "-SUN"]),
)
@settings(max_examples=40, deadline=None)
def test_weeks_are_those_of_pandas_and_sums_add_up(days: list[int], begin: Any, weekday: str) -> None:
    lines = _lines(days, str(begin))
    last = lines["ordered_at"].max().normalize()
    freq = f"W{weekday}" if weekday else f"W-{last.strftime('%a').upper()}"
    week = lines["ordered_at"].dt.to_period(freq).dt.end_time.dt.normalize()
    first_day = lines["ordered_at"].min().normalize()
    whole = (week <= last) & (week - pd.Timedelta(days=6) >= first_day)
    if not whole.any():
        with pytest.raises(TooLittleDataError, match="whole week"):
            demand_table(lines, f"W{weekday}")
        return
    found = demand_table(lines, f"W{weekday}")
    expected = lines.assign(week=week)[whole].groupby(["product_id", "week"])[["quantity", "amount"]].sum()
    got = found.set_index(["product_id", "week"])
    assert got.index.equals(expected.index)
    np.testing.assert_allclose(got.to_numpy(), expected.to_numpy())
    assert set(found.attrs["weeks"]) == set(week[whole])
    assert set(found.attrs["partial_weeks"]) == set(week[~whole])
    every = pd.date_range(min(week[whole]), max(week[whole]), freq="7D")
    assert [w for w in every if w not in set(week)] == found.attrs["closed_weeks"]


@pytest.mark.parametrize("engine", [*ENGINES, "pyarrow", "dates"])
def test_engines_agree(engine: str) -> None:
    lines = clean_transactions(make_transactions(60, 30, 100), returns="net").transactions
    expected = demand_table(lines)
    if engine == "pyarrow":
        native: Any = pa.Table.from_pandas(lines, preserve_index=False)
    elif engine == "dates":
        native = pl.from_pandas(lines).with_columns(pl.col("ordered_at").cast(pl.Date))
    else:
        native = ENGINES[engine](lines)
    found = demand_table(native)
    pd.testing.assert_frame_equal(found, expected)
    assert found.attrs == expected.attrs
    pd.testing.assert_frame_equal(demand_table(lines.sample(frac=1, random_state=0)), expected)


def test_services_are_not_products() -> None:
    lines = _lines([0, 6, 6]).assign(is_product=[True, True, False])
    assert demand_table(lines)["quantity"].tolist() == [3.0]


def test_empty_weeks_are_filled_when_asked_from_the_first_sale_on() -> None:
    lines = _lines([0, 20, 22, 27])
    found = demand_table(lines, fill=True)
    got = {p: g["quantity"].tolist() for p, g in found.groupby("product_id")}
    # In the second week, the shop is closed: nobody bought anything.
    assert got == {"p0": [1.0, 0.0, 3.0], "p1": [3.0], "p2": [1.0, 0.0]}
    assert found["quantity"].sum() == demand_table(lines)["quantity"].sum()


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda f: f.drop(columns="amount"), ValueError, "amount is missing"),
        (lambda f: f.assign(quantity=-1), ValueError, "must be cleaned; 3 lines"),
        (lambda f: f.assign(ordered_at="2024-01-01"), TypeError, "naive timestamps"),
        (lambda f: f.assign(ordered_at=f["ordered_at"].dt.tz_localize("UTC")), TypeError, "naive timestamps"),
        (lambda f: f[:0], TooLittleDataError, "at least one line"),
        (lambda f: f[:1], TooLittleDataError, "2024-01-01 to 2024-01-01"),
        (lambda f: "orders.csv", TypeError, "must be a frame"),
    ],
)
def test_what_is_wrong_is_said(change: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        demand_table(change(_lines([0, 3, 6])))
    with pytest.raises(ValueError, match="freq must be one of 'W', 'W-MON'"):
        demand_table(_lines([0, 6]), "M")


def test_online_retail(online_retail_demand: pd.DataFrame) -> None:
    """Lines of all customers: 52 weeks that end on Friday; the shop was closed in the one over Christmas."""
    demand = online_retail_demand
    assert len(demand.attrs["weeks"]) == 52
    assert [str(week.date()) for week in demand.attrs["closed_weeks"]] == ["2010-12-31"]
    assert [str(week.date()) for week in demand.attrs["partial_weeks"]] == ["2010-12-03"]
    assert demand["product_id"].nunique() == 3785


def test_some_lines_of_a_shop_have_the_weeks_of_all() -> None:
    shop = _lines([0, 6, 20, 34]).assign(quantity=[1.0, 2, 3, 4])
    some = demand_table(shop.iloc[1:2], shop=shop)
    assert some["quantity"].tolist() == [2.0]
    assert some.attrs == demand_table(shop).attrs
    pd.testing.assert_frame_equal(demand_table(shop, shop=shop), demand_table(shop))
    filled = demand_table(shop.iloc[1:2], fill=True, shop=shop)
    assert filled["quantity"].tolist() == [2.0, *[0.0] * (len(some.attrs["weeks"]) - 1)]
    with pytest.raises(TooLittleDataError):
        demand_table(shop.iloc[1:2], shop=shop.iloc[:1])
    with pytest.raises(ValueError, match="shop must have the columns"):
        demand_table(shop, shop=shop.drop(columns="amount"))
