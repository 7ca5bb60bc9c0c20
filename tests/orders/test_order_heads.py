"""Cells that only an order's first line has, as in merged cells, belong to all its lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import narwhals as nw
import pandas as pd
import polars as pl
import pytest

from shopper_widgets import clean_transactions, read_transactions
from shopper_widgets.orders.order_heads import lines_without_a_head

TOLD = "2 lines without an order number, a date and a customer of their own belong to the order above."


def merged(**changes: list[Any]) -> pd.DataFrame:
    """Return Ann's order of two lines, a guest's of one, and Ben's of two."""
    table = pd.DataFrame(
        {
            "Order no": ["1", None, "2", "3", " "],
            "Customer": ["ann", None, None, "ben", ""],
            "Order date": ["2024-01-05", None, "2024-01-06", "2024-01-07", ""],
            "SKU": ["TEA", "MUG", "TEA", "PAN", "MUG"],
            "Quantity": ["1", "2", "1", "1", "3"],
            "Price": ["5", "8", "5", "20", "8"],
        }
    )
    for name, values in changes.items():
        table[name.replace("_", " ")] = values
    return table


@pytest.mark.parametrize("engine", [lambda table: table, pl.from_pandas])
def test_lines_without_a_head_belong_to_the_order_above(engine: Callable[[pd.DataFrame], Any]) -> None:
    orders = read_transactions(engine(merged()))
    read = orders if isinstance(orders, pd.DataFrame) else orders.to_pandas()
    assert read["order_id"].tolist() == ["1", "1", "2", "3", "3"]
    assert [str(day.date()) for day in read["ordered_at"]] == [f"2024-01-0{n}" for n in (5, 5, 6, 7, 7)]
    assert [who if isinstance(who, str) else None for who in read["customer_id"]] == [
        *("ann", "ann", None, "ben", "ben")
    ]
    if isinstance(orders, pd.DataFrame):
        assert TOLD in orders.attrs["notes"]
        clean = clean_transactions(orders)
        assert float(clean.transactions["amount"].sum()) == 65
        assert clean.rejected["reason"].tolist() == ["missing customer"]


@pytest.mark.parametrize(
    "changes",
    [
        {"Order_no": ["1", None, "2", "3", "4"]},  # only a date is missing, not the order's own cells
        {"Order_date": ["2024-01-05", "2024-01-05", "2024-01-06", "2024-01-07", ""]},
        {"Customer": ["ann", "ann", None, "ben", ""]},
        {"SKU": ["TEA", "", "TEA", "PAN", "MUG"]},  # and a row without a product is no line
        {"Quantity": ["1", "", "1", "1", "3"]},
        {"Order_no": [None, "1", "2", "3", None], "Order_date": [None, *["2024-01-05"] * 3, None],
         "Customer": [None, "ann", "ann", "ben", None]},
    ],
)  # fmt: skip
def test_what_is_missing_otherwise_stays_missing(changes: dict[str, list[Any]]) -> None:
    orders = read_transactions(merged(**changes))
    assert TOLD not in orders.attrs.get("notes", [])
    assert (
        orders[["order_id", "ordered_at"]].isna().any(axis=None)
        or orders["product_id"].isna().any()
        or (orders["quantity"].isna().any())
    )


def test_a_few_lines_without_a_head_are_mistakes() -> None:
    few = pd.concat([merged().head(2), *[merged().head(1)] * 8], ignore_index=True)
    orders = read_transactions(few)
    assert orders["order_id"].isna().sum() == 1


def test_a_lazy_table_has_no_order() -> None:
    table = pl.from_pandas(
        merged().set_axis(
            ["order_id", "customer_id", "ordered_at", "product_id", "quantity", "unit_price"], axis=1
        )
    )
    assert lines_without_a_head(nw.from_native(table)) == 2
    assert lines_without_a_head(nw.from_native(table.lazy())) == 0
