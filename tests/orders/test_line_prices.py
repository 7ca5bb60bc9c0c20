"""Price of one unit or of all units of a line: proved by the lines, or reported as an assumption."""

from __future__ import annotations

import logging
from typing import Any

import pandas as pd
import pytest

from shopper_widgets.orders.reading import read_transactions
from tests.order_tables import ENGINES, as_pandas, table
from tests.orders.test_order_money import HEAD, engines, revenue

ITEM_PRICE = "order-id,sku,user-id,order-date,qty,item-price"


@engines
def test_a_price_that_grows_with_the_quantity_is_told(engine: str, caplog: Any) -> None:
    cells = [
        "1,A,x,2024-01-15,1,10",
        "2,A,x,2024-01-15,3,30",
        "3,B,y,2024-01-15,1,7",
        "4,B,y,2024-01-15,4,28",
    ]
    with caplog.at_level(logging.WARNING):
        read_transactions(ENGINES[engine](table("\n".join([ITEM_PRICE, *cells]))))
    assert (
        "As the price of one, revenue is 219.00, as line total 75.00: columns={'amount': 'item-price'}"
        in caplog.text
    )
    total, notes = revenue(table("\n".join([ITEM_PRICE, *cells])), columns={"amount": "item-price"})
    assert (total, notes) == (75.0, [])


def test_a_price_of_one_is_not_doubted_unless_its_header_is_doubtful() -> None:
    one = ["1,A,x,2024-01-15,1,10", "2,A,x,2024-01-15,3,10"]
    assert revenue(table("\n".join([ITEM_PRICE, *one]))) == (40.0, [])
    unproved = "1,A,x,2024-01-15,2,10"
    total, notes = revenue(table(f"{ITEM_PRICE}\n{unproved}"))
    assert total == 20
    assert "nothing in the lines tells whether it is. As the price of one, revenue is 20.00" in notes[0]
    assert revenue(table(f"{HEAD}\n{unproved}")) == (20.0, [])


def sold(prices: list[float], quantities: list[int], header: str = "Price") -> pd.DataFrame:
    """Return lines of a table of no known program, each its own order."""
    lines = {"Bill No": [f"b{i}" for i in range(len(prices))], "Category": "Shoes", "Buyer": "ann"}
    return pd.DataFrame({**lines, "Bill Date": "2024-01-15", "Qty": quantities, header: prices})


GROWS = sold([10.0] * 5 + [30.0] * 9 + [40.0], [1] * 5 + [3] * 9 + [4])


@engines
def test_a_price_that_surely_grows_with_the_quantity_is_the_line_total(engine: str, caplog: Any) -> None:
    with caplog.at_level(logging.WARNING):
        read = as_pandas(read_transactions(ENGINES[engine](GROWS)))
    assert read["amount"].sum() == 360.0 and "unit_price" not in read
    assert "10 have the price of one times their number, 0 the price of one." in caplog.text
    assert (
        "As line total, revenue is 360.00, as the price of one 1,020.00: columns={'unit_price': 'Price'}"
        in (caplog.text)
    )


@pytest.mark.parametrize(
    ("lines", "columns", "expected"),
    [
        # with one line less, nothing is proved
        (GROWS.iloc[:-1], {}, 860.0),
        # three lines contradict ten
        (pd.concat([GROWS, sold([10.0] * 3, [3] * 3)]), {}, 1110.0),
        # one price was half as high: one unit at the usual price looks like two at that price
        (sold([5.0] + [10.0] * 30, [1] + [2] * 30), {}, 605.0),
        # goods of several prices in one category: expensive goods look like several cheap ones
        (
            sold([20.0, 60, 70, 80, 60, 62, 58, 65, 55, 80, 78, 82, 75, 85], [1] * 4 + [3] * 5 + [4] * 5),
            {},
            2730,
        ),
        # the user's mapping decides
        (GROWS, {"unit_price": "Price"}, 1020.0),
        # and so does a header
        (GROWS.rename(columns={"Price": "Unit Price"}), {}, 1020.0),
    ],
)
def test_a_price_is_that_of_one_where_the_lines_do_not_prove_it(
    lines: pd.DataFrame, columns: dict[str, str], expected: float
) -> None:
    assert revenue(lines.reset_index(drop=True), columns=columns)[0] == expected


def test_the_layout_that_is_kept_says_which_it_was(tmp_path: Any) -> None:
    GROWS.to_csv(tmp_path / "bills.csv", index=False)
    assert read_transactions(tmp_path / "bills.csv").attrs["layout"]["columns"]["amount"] == "Price"


def test_goods_that_came_back_are_taken_off_the_line_total() -> None:
    total, notes = revenue(pd.concat([GROWS, sold([30.0] * 3, [-3] * 3)]).reset_index(drop=True))
    assert total == 360.0 and any("As line total, revenue is 270.00" in note for note in notes)
