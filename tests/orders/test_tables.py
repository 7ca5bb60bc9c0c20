"""The shop's tables: sums that can be checked by hand."""

import duckdb
import pandas as pd
import polars as pl
import pytest

from shopper_widgets._support import paging
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.tables import (
    customers_table,
    lines_table,
    orders_table,
    products_table,
    purchases_table,
    sales_table,
)

LINES = pd.DataFrame(
    {
        "order_id": ["1", "1", "2", "3"],
        "product_id": ["TEA", "POST", "TEA", "TEA"],
        "product_name": ["Tea", "Postage", "Tea", "Tea"],
        "customer_id": ["ann", "ann", "ann", "bob"],
        "country": ["Eire", "Eire", "France", None],
        "ordered_at": [pd.Timestamp(f"2024-01-{t}") for t in ("02 09:00", "02 09:01", "02 17:00", "01")],
        "quantity": [2, 1, 3, 1],
        "unit_price": [2.0, 5.0, 2.0, 2.5],
    }
)  # fmt: skip
KEPT = clean_transactions(LINES).transactions


def test_orders() -> None:
    orders = orders_table(KEPT)
    assert orders.to_dict("list") == {
        "order_id": ["3", "1", "2"],
        "customer_id": ["bob", "ann", "ann"],
        "ordered_at": [pd.Timestamp(f"2024-01-{t}") for t in ("01", "02 09:00", "02 17:00")],
        "country": ["", "Eire", "France"],
        "lines": [1, 2, 1],
        "amount": [2.5, 9.0, 6.0],
    }
    customers = customers_table(orders).set_index("customer_id")
    assert customers.loc["ann", "country"] == "France"
    assert customers.loc["ann", "first_order"] == pd.Timestamp("2024-01-02 09:00")
    assert customers.loc["ann", "last_order"] == pd.Timestamp("2024-01-02 17:00")


@pytest.mark.parametrize("engine", ["duckdb", "polars", "lazy polars"])
def test_numbers_of_tables_are_the_same_kind_on_every_engine(engine: str) -> None:
    frame = pl.from_pandas(LINES)
    lines = {"duckdb": duckdb.from_df(LINES), "polars": frame, "lazy polars": frame.lazy()}[engine]
    cleaned = clean_transactions(lines).transactions
    for table in (lines_table, orders_table, products_table, purchases_table, sales_table):
        numbers = table(KEPT).select_dtypes("number").dtypes
        assert set(map(str, numbers)) <= {"int64", "float64"}
        assert table(cleaned).dtypes[numbers.index].to_dict() == numbers.to_dict(), table.__name__
    assert products_table(cleaned).nlargest(1, "quantity")["product_id"].tolist() == ["TEA"]


def test_products() -> None:
    assert products_table(KEPT).to_dict("list") == {
        "product_id": ["TEA", "POST"],
        "product_name": ["Tea", "Postage"],
        "is_product": [True, False],
        "orders": [3, 1],
        "customers": [2, 1],
        "quantity": [6, 1],
        "revenue": [12.5, 5.0],
    }


def test_purchases_and_sales() -> None:
    purchases = purchases_table(KEPT).set_index(["customer_id", "product_id"])
    assert purchases.loc[("ann", "TEA")].tolist() == [2, 5, 10.0, pd.Timestamp("2024-01-02 17:00")]
    sales = sales_table(KEPT).set_index(["date", "country", "product_id"])
    assert sales.loc[(pd.Timestamp("2024-01-02"), "Eire", "TEA")].tolist() == [1, 2, 4.0]
    assert len(sales) == 4


def test_a_shop_without_countries() -> None:
    kept = clean_transactions(LINES.drop(columns="country")).transactions
    assert set(orders_table(kept)["country"]) == {""}
    assert set(sales_table(pl.from_pandas(kept))["country"]) == {""}


@pytest.mark.parametrize("engine", ["polars-lazy", "duckdb"])
def test_tables_on_disk_are_those_in_memory(
    engine: str, small_shop: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = small_shop.assign(channel=small_shop["order_id"].str[-1].where(small_shop["quantity"] > 1))
    lines["seen"] = lines["ordered_at"].dt.date
    lazy = pl.from_pandas(lines).lazy() if engine == "polars-lazy" else duckdb.sql("FROM lines")
    on_disk, here = (clean_transactions(each, returns="net") for each in (lazy, lines))
    monkeypatch.setattr(paging, "BUDGET", 0)
    for name in ("transactions", "all_sales"):
        for table in (orders_table, products_table, sales_table, lines_table):
            found, expected = table(getattr(on_disk, name)), table(getattr(here, name))
            pd.testing.assert_frame_equal(
                found, expected, check_dtype=table is lines_table, rtol=0, atol=0.005
            )
    found, expected = purchases_table(on_disk.transactions), purchases_table(here.transactions)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=0, atol=0.005)
    found, expected = (lines_table(each.all_sales, ["channel", "seen"]) for each in (on_disk, here))
    pd.testing.assert_frame_equal(found, expected, rtol=0, atol=0.005)
