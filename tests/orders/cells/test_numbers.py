"""Numbers written as text are read correctly or not at all, on every engine."""

import duckdb
import narwhals as nw
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopper_widgets.orders.cells.currencies import _CODES, _MEANS, _OF_SEVERAL
from shopper_widgets.orders.cells.numbers import (
    collected,
    currency_of,
    currency_signs,
    number_signs,
    read_numbers,
)

ENGINES = {
    "arrow": lambda table: table,
    "polars": lambda table: pl.from_arrow(table).lazy(),
    "duckdb": duckdb.from_arrow,
}


@pytest.fixture(params=ENGINES)
def frame_of(request):
    return lambda texts: nw.from_native(ENGINES[request.param](pa.table({"x": pa.array(texts, pa.string())})))


def read(frame, decimal):
    return collected(read_numbers(frame, "x", decimal))["x"].to_list()


WITH_POINT = {
    "2.55": 2.55,
    "-5": -5.0,
    ".5": 0.5,
    "5.": 5.0,
    "1,234.56": 1234.56,
    "1 234.56": 1234.56,
    "1\u00a0234\u00a0567": 1234567.0,
    "1\u202f234": 1234.0,
    "1'234.5": 1234.5,
    "1,23,45,678.5": 12345678.5,
    "£2.55": 2.55,
    "2.55 €": 2.55,
    "-$1,000.00": -1000.0,
    "$-5": -5.0,
    "US$ 3": 3.0,
    "EUR 12.50": 12.5,
    "12.50 CHF": 12.5,
    "kr. 5": 5.0,
    "gbp 2.5": 2.5,
    "Rs. 1,250.50": 1250.5,
    "Rs.250.50": 250.5,
    "R 10.50": 10.5,
    "RM10.50": 10.5,
    "S/. 10.50": 10.5,
    "Fr. 2.50": 2.5,
    "￥1000": 1000.0,
    "CDN$ 4": 4.0,
    "$2.50 USD": 2.5,
    "2.50 Euro": 2.5,
    "(2.00)": -2.0,
    "£ (2.50)": -2.5,
    "(USD 2.50)": -2.5,
    "\u22122.50 €": -2.5,
    "£\u20132.50": -2.5,
    "12.-": 12.0,
    "5.00-": -5.0,
    "1e-05": 1e-05,
    "1.5E+3": 1500.0,
    "0.123": 0.123,
    "  7 ": 7.0,
}
NO_NUMBER = [
    "",
    "n/a",
    "--5",
    "12€50",
    "ABC123",
    "1,2,3",
    "1.2.3",
    "12 34",
    "inf",
    "nan",
    "1e999",
    "9" * 40,
    None,
]


def test_numbers_with_a_decimal_point(frame_of):
    assert read(frame_of(list(WITH_POINT)), ".") == list(WITH_POINT.values())


def test_numbers_with_a_decimal_comma(frame_of):
    texts = {
        "2,55": 2.55,
        "1.234,56": 1234.56,
        "1 234,56": 1234.56,
        "1.234": 1234.0,
        ",5": 0.5,
        "(2,00 €)": -2.0,
        "R$ 10,00": 10.0,
        "1 234,50 kr": 1234.5,
        "10,50 руб.": 10.5,
        "3,20 лв": 3.2,
        "5,- Kč": 5.0,
        "5,\u2013 €": 5.0,
        "5,-- €": 5.0,
        "5,50-": -5.5,
        "12 lei": 12.0,
    }
    assert read(frame_of(list(texts)), ",") == list(texts.values())


@pytest.mark.parametrize("decimal", [".", ","])
def test_what_is_no_number_is_null(frame_of, decimal):
    assert read(frame_of(NO_NUMBER), decimal) == [None] * len(NO_NUMBER)


def test_a_number_with_the_other_mark_is_null(frame_of):
    assert read(frame_of(["2,55", "1.234,5"]), ".") == [None, None]
    assert read(frame_of(["2.55", "0.123", "1,234.5"]), ",") == [None, None, None]


@pytest.mark.parametrize(
    ("texts", "point", "comma", "either"),
    [
        (["12", "3"], None, None, None),
        (["2.55", "12"], "2.55", None, None),
        (["2,5"], None, "2,5", None),
        (["1,234"], None, None, "1,234"),
        (["1.234", "1 000"], None, None, "1.234"),
        (["1.234,5"], None, "1.234,5", None),
        (["1,234,567"], "1,234,567", None, None),
        (["0.123"], "0.123", None, None),
        (["1234.567"], "1234.567", None, None),
    ],
)
def test_proof_of_the_decimal_mark(frame_of, texts, point, comma, either):
    signs = number_signs(frame_of([*texts, None, ""]), "x")
    assert (signs.point, signs.comma, signs.either) == (point, comma, either)
    assert (signs.filled, signs.unread, signs.unreadable) == (len(texts), 0, None)


def test_unreadable_texts_are_counted(frame_of):
    signs = number_signs(frame_of(["two", "2", "", None, "three"]), "x")
    assert (signs.filled, signs.unread, signs.unreadable) == (3, 2, "two")


def test_a_column_of_nothing(frame_of):
    signs = number_signs(frame_of([None, None]), "x")
    assert (signs.filled, signs.unread, signs.point) == (0, 0, None)


def test_currencies_are_found_beside_numbers_only(frame_of):
    texts = ["£2.50", "3.00 GBP", "EUR 4", "5.00- kr.", "1e5", "A€B", "USD", None]
    assert set(currency_signs(frame_of(texts), "x").values()) == {"GBP", "EUR", "KR"}


@pytest.mark.parametrize(
    "texts",
    [
        ["£2.50", "£1,234.50 GBP", "gbp 3", "2.50 £"],
        ["10,50 zł", "10,50 zl.", "PLN 3"],
        ["Rs.250.50", "₨ 3", "rs 4"],
        ["S/. 10.50", "PEN 3", "S/3"],
        ["CA$2.50", "2.50 CAD", "$2.50 CAD"],
    ],
)
def test_one_currency_however_it_is_written(frame_of, texts):
    assert len(set(currency_signs(frame_of(texts), "x").values())) == 1


def test_the_currency_of_each_cell(frame_of):
    frame = frame_of(["£2.50", "3 GBP", "3,50 €", "$1.00", "4", None])
    told = frame.with_columns(currency=currency_of("x", currency_signs(frame, "x")))
    assert collected(told)["currency"].to_list() == ["GBP", "GBP", "EUR", "$", None, None]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(-1e12, 1e12).map(lambda x: round(x, 3)), min_size=1, max_size=20),
    st.sampled_from([(".", ","), (".", " "), (".", "'"), (",", "."), (",", "\u202f"), (".", ""), (",", "")]),
)
def test_any_number_written_with_marks_reads_back(numbers, marks):
    decimal, group = marks
    texts = [f"{n:,.3f}".replace(",", "_").replace(".", decimal).replace("_", group) for n in numbers]
    frame = nw.from_native(pa.table({"x": texts}))
    assert read(frame, decimal) == numbers
    assert getattr(number_signs(frame, "x"), "point" if decimal == "," else "comma") is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1e90, 1e90).filter(lambda x: x == 0 or abs(x) > 1e-90), min_size=1))
def test_what_python_writes_reads_back(numbers):
    assert read(nw.from_native(pa.table({"x": [str(n) for n in numbers]})), ".") == numbers


def test_each_currency_may_stand_before_or_behind_in_any_case(frame_of):
    words = sorted({*_CODES, *_MEANS, *_OF_SEVERAL, "XX$", "AB€"})
    written = [
        text
        for word in words
        for text in (f"{word} 5", f"{word}5", f"5{word}", f"5 {word.lower()}", f"({word}5)")
    ]
    assert read(frame_of(written), ".") == [5.0, 5.0, 5.0, 5.0, -5.0] * len(words)
    assert number_signs(frame_of(written), "x").unread == 0
    # The dot of an abbreviation is part of it; a number after two currencies is no price.
    assert set(read(frame_of([f"5 {word}." for word in words if word[-1].isalpha()]), ".")) == {5.0}
    assert read(frame_of([f"{word} {word} 5" for word in words]), ".") == [None] * len(words)
