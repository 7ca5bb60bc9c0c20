"""Customers: one id per person, none for guests, and none that a spreadsheet has rounded."""

import duckdb
import pandas as pd
import polars as pl
import pytest

from shopper_widgets.orders.identity import GUESTS
from shopper_widgets.orders.reading import read_transactions, read_with_notes

ENGINES = {
    "pandas": lambda frame: frame,
    "polars": pl.from_pandas,
    "lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "duckdb": duckdb.from_df,
}


def shop(customers, **columns):
    n = len(customers)
    return pd.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(n)],
            "product_id": "T1",
            "customer_id": customers,
            "ordered_at": pd.Timestamp("2024-01-31"),
            "quantity": 1,
            "unit_price": 2.5,
            **columns,
        }
    )


def ids(frame, name="customer_id", **options):
    result = read_transactions(frame, **options)
    if isinstance(result, duckdb.DuckDBPyRelation):
        result = result.pl()
    result = result.collect() if isinstance(result, pl.LazyFrame) else result
    return [None if value is None or value != value else value for value in result[name].to_list()]


@pytest.fixture(params=ENGINES)
def engine(request):
    return ENGINES[request.param]


@pytest.mark.parametrize(
    "missing",
    [
        "none",
        "NULL",
        r"\N",
        "n/a",
        "#REF!",
        "#N/A",
        "NaT",
        "-",
        "--",
        "unknown",
        "-1",
        "Undefined",
        " ",
        "NA",
    ],
)
def test_what_stands_for_no_id(engine, missing):
    frame = shop(["ann", missing])
    assert ids(engine(frame)) == ["ann", None]
    assert ids(
        engine(
            frame.rename(columns={"customer_id": "x", "product_id": "customer_id"}).rename(
                columns={"x": "product_id"}
            )
        ),
        "product_id",
    ) == ["ann", None]


def test_an_address_is_one_person_however_it_is_typed(engine):
    typed = ["Ada@Example.org", " ada@example.ORG ", "ada@example.org", "Ada"]
    assert ids(engine(shop(typed))) == ["ada@example.org"] * 3 + ["Ada"]


def test_ids_keep_their_case_and_zeros(engine):
    written = ["99a4788c", "99A4788C", "00123", '="00123"', "'00123", "1e5"]
    assert ids(engine(shop(written))) == ["99a4788c", "99A4788C", "00123", "00123", "00123", "1e5"]


def test_text_that_a_spreadsheet_was_told_to_keep(engine):
    frame = shop(["ann", "bo"], product_name=['="Tea"', "'TIS TEA"], quantity=['="2"', '="3"'])
    frame["ordered_at"] = ['="2024-01-31"', "2024-02-01"]
    assert ids(engine(frame), "product_name") == ["Tea", "'TIS TEA"]
    assert ids(engine(frame), "quantity") == [2, 3]
    assert ids(engine(frame), "ordered_at")[0].day == 31


@pytest.mark.parametrize("name", ["customer_id", "order_id", "product_id"])
@pytest.mark.parametrize("shortened", ["1.23457E+12", "1,23457e+12", "1E+12"])
def test_ids_that_a_spreadsheet_has_shortened(engine, name, shortened):
    with pytest.raises(
        ValueError, match=f"{name}: ids under '{name}', such as .* shortened by a spreadsheet"
    ):
        read_transactions(engine(shop(["ann", "bo"]).assign(**{name: ["a", shortened]})))


def test_round_numbers_that_r_has_written(engine):
    """They lose no digit if other numbers as long are complete. Spreadsheets write E and shorten all."""
    others = [str(100_001 + place) for place in range(30)]
    _, notes = read_with_notes(engine(shop([*others, "99999", "1e+05", "2.5e+05"])))
    found = ids(engine(shop([*others, "99999", "1e+05", "2.5e+05"])))
    assert sorted(found) == sorted([*others, "99999", "100000", "250000"])
    assert any("such as '2.5e+05', are read in full" in note for note in notes)


@pytest.mark.parametrize(
    "customers",
    [
        ["99999", "1e+05"] * 20,  # no complete number of that length
        [*(str(10**12 + place) for place in range(5)), "1.23457e+12"],  # too many digits: maybe cut to 6
        [*(str(10**6 + place) for place in range(30)), "1E+05"],
        [*(str(10**19 + place) for place in range(30)), "1e+19"],
        [*(str(1_000 + place) for place in range(30)), "1.23e+01"],
        [*(str(10**6 + place) for place in range(30)), "1.234567e+05"],
    ],
)
def test_numbers_that_lost_digits_are_no_round_ones(engine, customers):
    with pytest.raises(ValueError, match="were shortened by a spreadsheet"):
        read_transactions(engine(shop(customers)))


def test_decimal_numbers_that_cannot_tell_ids_apart(engine):
    assert ids(engine(shop([2.0**53 - 1, None]))) == ["9007199254740991", None]
    with pytest.raises(ValueError, match="shortened by a spreadsheet or a decimal column"):
        read_transactions(engine(shop([2.0**53, 5.0])))


@pytest.mark.parametrize("guest", ["0", "00", "00000000-0000-0000-0000-000000000000", "Guest"])
def test_guests_are_nobody(engine, guest):
    frame = shop(["ann", guest, "bo"])
    assert ids(engine(frame)) == ["ann", None, "bo"]
    assert "under customer_id. Without a customer: 1 order (33 %)." in read_with_notes(engine(frame))[1][0]


def test_a_customer_numbered_0():
    numbered = [str(i) for i in range(30)] * 3
    assert ids(shop(numbered))[0] == "0"  # as usual as 1 and 29
    assert ids(shop([*numbered, *["0"] * 60]))[0] is None  # now it orders far too often
    assert ids(shop(numbered), guests=["0"])[0] is None


def test_the_address_of_a_till():
    people = [f"c{i % 50}@example.org" for i in range(200)]
    assert ids(shop([*people, *["info@shop.example"] * 30]))[-1] is None
    assert ids(shop([*people, *["wholesale@big.example"] * 19]))[-1] == "wholesale@big.example"
    assert ids(shop([*people, *["me@shop.example"] * 60]))[-1] is None
    # another customer orders nearly as often, so that it is usual in this shop
    busy = [*people, *["a@big.example"] * 60, *["b@big.example"] * 40]
    assert ids(shop(busy))[-1] == "b@big.example"
    assert ids(shop(busy), guests=["b@big.example"])[-1] is None
    assert ids(shop([*people, *["info@shop.example"] * 30]), guests=())[-1] == "info@shop.example"


@pytest.mark.parametrize("filler", ["ZZ000000000000", "C-0000", "99999", "XXXX"])
def test_an_id_that_fills_a_field_is_nobody_where_it_ordered_far_too_often(filler):
    people = [f"CS{i}" for i in range(40) for _ in range(7)]
    assert ids(shop([*people, *[filler] * 21]))[-1] is None
    assert ids(shop([*people, *[filler] * 20]))[-1] == filler  # less than three times as often as the next
    assert ids(shop([*people, *[filler] * 21]), guests=())[-1] == filler
    assert ids(shop([*people, *["CS6640"] * 21]))[-1] == "CS6640"
    assert ids(shop([*people[::7], *[filler] * 19]))[-1] == filler  # few orders prove nothing


def test_the_busiest_customer_of_a_wholesaler_is_one():
    assert ids(shop([*["12346"] * 500, *(str(12347 + i % 20) for i in range(100))]))[0] == "12346"


@pytest.mark.parametrize(
    "name", ["Consumidor Final", "PÚBLICO EN GENERAL", "Client de passage", "散客", "PUBLICO EN GENERAL"]
)
def test_whom_tills_write_on_a_receipt_is_nobody(name):
    assert ids(shop(["ann", name])) == ["ann", None]


def test_what_shops_call_guests():
    assert ids(shop(["ann", *(guest.title() for guest in GUESTS)])) == ["ann", *[None] * len(GUESTS)]


def test_characters_without_a_width_make_nobody_else(engine):
    copied = ["ann", "\ufeffann", "an\u200bn ", "\u2060ann\u200b"]
    assert ids(engine(shop(copied))) == ["ann"] * 4


def test_a_list_that_counts_from_zero_has_a_customer_zero_however_many_figures_it_has():
    for figures in (1, 5):
        counted = [str(i % 17).zfill(figures) for i in range(60)]
        assert ids(shop(counted)) == counted
    often = ["0000"] * 40 + [str(i).zfill(4) for i in range(1, 21)]
    assert ids(shop(often))[:40] == [None] * 40
