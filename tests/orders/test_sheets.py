"""The sheets of a workbook that are read."""

from pathlib import Path

import pytest

from shopper_widgets import clean_transactions, detect_layout, read_transactions
from tests.orders.test_layouts import UCI
from tests.workbooks import workbook

SOLD = ["10001", "M1", "MUG", "2", "1/12/2010 8:26", "2.5", "17850", "UK"]
SOLD_TOO = ["10002", "P1", "PAN", "1", "13/12/2010 9:00", "10", "13047", "UK"]
SOLD_LATER = ["10003", "M1", "MUG", "4", "14/1/2011 10:00", "2.5", "17850", "UK"]


def book(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    path.write_bytes(workbook(sheets))
    return path


def test_of_several_sheets_the_one_with_orders(tmp_path: Path) -> None:
    path = book(tmp_path / "book.xlsx", {"About": [["Sold in 2010"]], "Data": [UCI]})
    assert detect_layout(path).name == "UCI Online Retail"
    # if none fits, the error is about the nearest one
    book(path, {"Title": [["A shop"]], "Orders": [["Order ID", "Product", "Qty", "Price"]]})
    with pytest.raises(ValueError, match=r"lacks the column\(s\) customer_id, ordered_at"):
        detect_layout(path)


def test_sheets_of_the_same_columns_are_read_together_and_what_stands_in_both_once(tmp_path: Path) -> None:
    years = {"2009-2010": [UCI, SOLD, SOLD_TOO], "2010-2011": [UCI, SOLD_TOO, SOLD_LATER], "Notes": [["x"]]}
    path = book(tmp_path / "book.xlsx", years)
    read = read_transactions(path)
    assert read["order_id"].tolist() == ["10001", "10002", "10003"]
    assert clean_transactions(read).transactions["amount"].sum() == 25.0
    notes = read.attrs["notes"]
    assert (
        "book.xlsx: the sheets '2009-2010' and '2010-2011' have the same columns and are read together."
        in notes
    )
    assert any(
        "1 line of \"book.xlsx, sheet '2010-2011'\" that a file read before also has" in note
        for note in notes
    )
    assert set(read["source_file"]) == {"book.xlsx, sheet '2009-2010'", "book.xlsx, sheet '2010-2011'"}
    assert read_transactions(path, sheet="2010-2011")["order_id"].tolist() == ["10002", "10003"]


def test_sheets_whose_columns_or_names_tell_them_apart_are_asked_about(tmp_path: Path) -> None:
    other = ["order_id", "product_id", "customer_id", "ordered_at", "quantity", "unit_price"]
    apart = [
        {"Year 1": [UCI], "Year 2": [other]},
        {"Orders": [UCI, SOLD], "Quotes": [UCI, SOLD_TOO]},
        {"Sales 2010": [UCI, SOLD], "Returns 2010": [UCI, SOLD_TOO]},
        {"London": [UCI, SOLD], "Paris": [UCI, SOLD_TOO]},
    ]
    for sheets in apart:
        path = book(tmp_path / "book.xlsx", sheets)
        with pytest.raises(ValueError, match=r"2 sheets hold orders: .*\. Say which one with sheet="):
            detect_layout(path)
    assert detect_layout(path, sheet="London").name == "UCI Online Retail"


@pytest.mark.parametrize(
    "names", [("Jan 2010", "Feb 2010"), ("Q1", "Q2"), ("Sheet1", "Sheet2"), ("2010", "2011")]
)
def test_months_and_numbers_are_parts_of_a_whole(tmp_path: Path, names: tuple[str, str]) -> None:
    turned = [UCI[::-1], SOLD_LATER[::-1]]
    path = book(tmp_path / "book.xlsx", {names[0]: [UCI, SOLD], names[1]: turned})
    assert read_transactions(path)["order_id"].tolist() == ["10001", "10003"]


def test_a_list_without_money_stands_behind_orders(tmp_path: Path) -> None:
    orders = [["Bill No", "Product", "Customer", "Date", "Price"], ["1", "Mug", "ann", "2024-01-15", "5"]]
    liked = [["Customer", "Date", "Product"], ["ann", "2024-01-15", "Pan"], ["ann", "2024-02-15", "Mug"]]
    read = read_transactions(book(tmp_path / "book.xlsx", {"Orders": orders, "Wishlist": liked}))
    assert read["amount"].tolist() == [5.0]
