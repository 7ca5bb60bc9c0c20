"""Discounts are deducted once, or a note says that they aren't."""

from __future__ import annotations

import logging
from typing import Any

import pandas as pd
import pytest

from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.reading import read_transactions
from tests.order_tables import ENGINES, as_pandas, money, table

engines = pytest.mark.parametrize("engine", ENGINES)
HEAD = "order_id,product_id,customer_id,ordered_at,quantity,unit_price"


def lines(header: str, *cells: str) -> pd.DataFrame:
    """Return two orders, one of 2 × 10 and 1 × 5, one of 3 × 10; each line has further cells."""
    first = ("1,A,ann,2024-01-15,2,10", "1,B,ann,2024-01-15,1,5", "2,A,bob,2024-01-16,3,10")
    return table("\n".join([f"{HEAD},{header}", *(f"{a},{b}" for a, b in zip(first, cells, strict=True))]))


def off(frame: pd.DataFrame, engine: str = "pandas", **options: Any) -> tuple[list[float], list[float]]:
    """Return amounts and discounts by line."""
    found = as_pandas(read_transactions(ENGINES[engine](frame), **options))
    found = found.sort_values(["order_id", "product_id"])
    return found["amount"].round(6).tolist(), found["discount"].round(6).tolist()


FIFTH = ([18.0, 5.0, 22.5], [2.0, 0.0, 7.5])


@engines
@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("discount", ("0.1", "0", "0.25"), FIFTH),
        ("Discount", ("10%", "0 %", "25 %"), FIFTH),
        ("Discount (%)", ("10", "0", "25"), FIFTH),
        ("discount_pct", ("0.1", "", "0.25"), FIFTH),
        ("discount", ("10", "0", "25"), ([10.0, 5.0, 5.0], [10.0, 0.0, 25.0])),
        ("discount", ("30", "0", "25"), ([14.0, 5.0, 22.5], [6.0, 0.0, 7.5])),  # 30 off 20: a percentage
        ("Rabatt", ("2", "0", "7.5"), FIFTH),
        ("line_discount", ("-2", "", "-7.50"), FIFTH),
        ("discount_amount", ("0.5", "0", "0.25"), ([19.5, 5.0, 29.75], [0.5, 0.0, 0.25])),
        # of an order, on each of its lines or only on its first
        ("discount_amount", ("5", "5", "3"), ([16.0, 4.0, 27.0], [4.0, 1.0, 3.0])),
        ("cart_discount", ("5", "", "3"), ([16.0, 4.0, 27.0], [4.0, 1.0, 3.0])),
        ("order_discount", ("5", "5", "3"), ([16.0, 4.0, 27.0], [4.0, 1.0, 3.0])),
        # of a line, though equal on all lines
        ("line_discount", ("5", "5", "3"), ([15.0, 0.0, 27.0], [5.0, 5.0, 3.0])),
        # more than the goods are worth: the postage was free, too
        ("order_discount", ("30", "30", "3"), ([0.0, 0.0, 27.0], [20.0, 5.0, 3.0])),
        # given twice, it counts once
        ("line_discount,order_discount", ("4,5", "1,5", "0,3"), ([16.0, 4.0, 27.0], [4.0, 1.0, 3.0])),
        ("line_discount,order_discount", ("5,10", "0,10", "0,0"), ([7.5, 2.5, 30.0], [12.5, 2.5, 0.0])),
    ],
)
def test_discounts_come_off(header: str, cells: tuple[str, ...], expected: Any, engine: str) -> None:
    assert off(lines(header, *cells), engine) == expected


@engines
def test_amounts_after_discount_stay_and_those_before_do_not(engine: str) -> None:
    after = lines("amount,discount", "18,0.1", "5,0", "22.5,0.25")
    before = lines("amount,discount", "20,0.1", "5,0", "30,0.25")
    assert off(after, engine) == off(before, engine) == FIFTH
    of_order = lines("amount,order_discount", "16,5", "4,5", "27,3")
    assert off(of_order, engine) == ([16.0, 4.0, 27.0], [4.0, 1.0, 3.0])


@engines
def test_what_is_read_again_comes_off_once(engine: str) -> None:
    once = read_transactions(ENGINES[engine](lines("discount", "0.1", "0", "0.25")))
    again = as_pandas(read_transactions(once))
    assert again["amount"].sum() == pytest.approx(45.5)
    assert again["discount"].sum() == pytest.approx(9.5)


@engines
def test_a_fraction_beside_what_was_paid_is_left_in_and_told(engine: str, caplog: Any) -> None:
    superstore = table(
        "Order ID,Order Date,Customer ID,Product ID,Product Name,Sales,Quantity,Discount\n"
        "CA-1,11/18/2016,CG,A,Bookcase,80,2,0.2\nCA-2,11/18/2016,CG,B,Chair,731.94,3,0"
    )
    with caplog.at_level(logging.WARNING):
        read = read_transactions(ENGINES[engine](superstore))
    assert "'Discount' (fractions of the price), 20.00 in all, are left as they are" in caplog.text
    found = money(clean_transactions(read).audit)
    assert found["kept"] == (2, 1, 811.94)
    assert found["discounts not taken off"] == (1, 1, 20.0)
    off = as_pandas(read_transactions(ENGINES[engine](superstore), discounts="fraction"))
    assert off["amount"].sum() == pytest.approx(64 + 731.94)
    assert off["discount"].sum() == pytest.approx(16)
    again = read_transactions(read)  # what was found stays
    assert money(clean_transactions(again).audit)["discounts not taken off"] == (1, 1, 20.0)


def test_the_caller_settles_what_a_discount_is() -> None:
    shop = lines("discount", "1", "1", "0.5")
    assert off(shop, discounts="order")[0] == [19.2, 4.8, 29.5]
    assert off(shop, discounts="amount")[0] == [19.0, 4.0, 29.5]
    assert off(shop, discounts="fraction")[0] == [0.0, 0.0, 15.0]
    assert off(shop, discounts="percent")[0] == [19.8, 4.95, 29.85]
    left = read_transactions(shop, discounts="leave")
    assert "discount" not in left
    assert money(clean_transactions(left).audit)["kept"] == (3, 2, 55.0)
    with pytest.raises(ValueError, match="discounts must be one of 'auto', 'amount'"):
        read_transactions(shop, discounts="some")  # type: ignore[arg-type]


@engines
@pytest.mark.parametrize(
    ("header", "cells", "told"),
    [
        ("discount", ("15", "0", "12.5"), False),
        ("discount", ("15", "4.99", "12.5"), True),  # cents: an amount
        ("discount", ("150", "0", "12.5"), True),  # 150 is no percentage
        ("discount_amount", ("15", "0", "12.5"), True),
    ],
)
def test_beside_totals_alone_round_discounts_may_be_percentages(
    header: str, cells: tuple[str, ...], told: bool, engine: str
) -> None:
    shop = lines(header, *cells).rename(columns={"unit_price": "total_amount"})
    read = as_pandas(read_transactions(ENGINES[engine](shop)))
    assert read["amount"].sum() == 25  # totals are what was paid, whatever the discounts mean
    assert ("discount_left_in" in read) == told
    by_percent = as_pandas(read_transactions(ENGINES[engine](shop), discounts="percent"))
    assert "discount" in by_percent


def test_a_discount_that_may_be_a_percentage_is_asked_about(caplog: pytest.LogCaptureFixture) -> None:
    shop = lines("discount", "15", "0", "12.5").rename(columns={"unit_price": "total_amount"})
    with caplog.at_level(logging.WARNING):
        read_transactions(shop)
    assert "Nothing tells whether the discounts in 'discount' are amounts or percentages" in caplog.text


def test_a_discount_of_nothing_leaves_no_trace() -> None:
    read = read_transactions(lines("discount", "0", "0", ""))
    assert not {"discount", "amount", "discount_left_in"} & {*read.columns}
    assert "notes" not in read.attrs


def test_a_returned_line_gets_its_discount_back() -> None:
    shop = table(
        f"{HEAD},discount\n1,A,ann,2024-01-15,2,10,3\n2,A,ann,2024-01-16,-2,10,3\n3,B,ann,2024-01-16,1,4,1"
    )
    read = read_transactions(shop)
    assert read["amount"].tolist() == [17, -17, 3]
    assert money(clean_transactions(read, returns="net").audit)["kept"] == (1, 1, 3.0)


@engines
def test_shopify(engine: str) -> None:
    shop = table(
        "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,"
        "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount\n"
        "#1,a@x.org,paid,EUR,28,4,0,32,4,2025-10-07 09:50:26 +0200,3,Mask,10,MSK,2\n"
        "#1,,,,,,,,,,1,Soap,4,SOAP,0\n"
        "#2,b@x.org,paid,EUR,10,4,0,14,0,2025-10-08 09:50:26 +0200,1,Mask,10,MSK,0"
    )
    found = as_pandas(read_transactions(ENGINES[engine](shop)))
    by = found.groupby("order_id")["amount"].sum()
    assert by.to_dict() == {"#1": pytest.approx(28), "#2": 10}  # as in "Subtotal"
    assert found["discount"].sum() == pytest.approx(6)


def test_an_orders_discount_that_holds_its_lines_is_told_by_the_subtotal() -> None:
    shop = (
        "Name,Email,Financial Status,Subtotal,Discount Amount,Created at,Lineitem quantity,Lineitem name,"
        "Lineitem price,Lineitem sku,Lineitem discount\n"
        "#1,a@x.org,paid,{},5,2025-10-07 09:50:26 +0200,3,Mask,10,MSK,2\n#1,,,,,,1,Soap,4,SOAP,0"
    )
    for subtotal in (27, 29):  # 34 less 2 less 5, or less 5 in total
        assert read_transactions(table(shop.format(subtotal)))["amount"].sum() == pytest.approx(subtotal)


@engines
def test_woocommerce_totals_are_after_discounts(engine: str) -> None:
    shop = table(
        "Order Number,Order Status,Order Date,Email (Billing),SKU,Item Name,Quantity,Item Cost,"
        "Order Line Subtotal,Order Line Total,Cart Discount Amount\n"
        "12,Completed,2024-03-01 10:00,a@x.org,TEA,Tea,2,9,20,18,2\n"
        "13,Completed,2024-03-02 10:00,b@x.org,TEA,Tea,1,10,10,10,0"
    )
    found = as_pandas(read_transactions(ENGINES[engine](shop)))
    assert sorted(found["amount"]) == [10, 18]
    assert found["discount"].sum() == 2


def test_round_discounts_of_a_program_s_export_are_the_amounts_that_it_writes() -> None:
    # Square's fields: in a table of no known program, the same round numbers would raise a question.
    square = pd.DataFrame(
        {
            "Date": [f"2024-01-0{day}" for day in range(1, 9)],
            "Item": ["Mug", "Bag"] * 4,
            "Qty": [1, 2, 3, 4] * 2,
            "SKU": ["M", "B"] * 4,
            "Discounts": [-5, -10, 0, 0, -5, 0, -10, 0],
            "Net Sales": [10.0, 20, 30, 40, 11, 21, 31, 41],
            "Transaction ID": list("abcdefgh"),
            "Customer ID": list("12341234"),
        }
    )
    read = read_transactions(square)
    assert "Discounts in 'Discounts' (amounts), 30.00 in all" in " ".join(read.attrs["notes"])
    assert read["discount"].sum() == 30
