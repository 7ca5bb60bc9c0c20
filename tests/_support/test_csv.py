"""No text becomes a formula in a spreadsheet, whichever separator the spreadsheet uses."""

import csv
import io
import itertools
import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopper_widgets._support.csv import FORMULA_STARTS, UNSEEN_PLANES, defused, to_csv

HIDDEN = (
    "\x00\x7f\u00ad\u034f\u061c\u115f\u180e\u200b\u200d\u200e"
    "\u2028\u202e\u2060\u2066\u2800\u3164\ufe0f\ufeff\U000e0041"
)
USUAL = "=+-@|;,\t\r\n \"'＝aB1" + HIDDEN


@pytest.mark.parametrize("start", [*FORMULA_STARTS, "\t", "\r", "\n"])
def test_text_that_a_spreadsheet_would_run_is_defused_in_cells_and_headings(start):
    name = f"{start}cmd|' /C calc'!A0"
    lines = list(csv.reader(io.StringIO(to_csv(pd.DataFrame({name: [name]})), newline="")))
    assert lines == [[f"'{name}"], [f"'{name}"]]


def test_numbers_dates_and_missing_values_stay_what_they_are():
    frame = pd.DataFrame(
        {
            "amount": [-1.5, None],
            "day": pd.to_datetime(pd.Series(["2011-12-09", None])),
            "name": ["-5", None],
            "ok": [True, False],
        }
    )
    assert to_csv(frame) == "amount,day,name,ok\r\n-1.5,2011-12-09,'-5,True\r\n,,,False\r\n"


def test_categories_are_text_too():
    assert to_csv(pd.DataFrame({"segment": pd.Categorical(["=A1"])})) == "segment\r\n'=A1\r\n"


@given(st.lists(st.text(alphabet="aB1 ,;\"\r\n'", max_size=6) | st.none(), min_size=1, max_size=8))
def test_cells_are_quoted_as_pandas_quotes_them(texts):
    frame = pd.DataFrame({"n,1": pd.Series(texts, dtype="object"), "two": range(len(texts))})
    assert to_csv(frame) == defused(frame).to_csv(index=False, lineterminator="\r\n")


def cells(text: str, separator: str) -> list[str]:
    """Return every cell that a spreadsheet with this separator sees, without what it skips first."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return ["".join(itertools.dropwhile(unseen, cell)) for row in rows for cell in row]


def unseen(character: str) -> bool:
    """Return whether a character is invisible: blank, control, format, mark on nothing or filler."""
    return (
        character == '"'
        or character.isspace()
        or unicodedata.category(character) in ("Cc", "Cf", "Mn", "Me")
        or character in HIDDEN
    )


def test_every_width_of_a_risky_character_is_known():
    usual = tuple("=+-@|\N{MINUS SIGN}")
    alike = {c for c in map(chr, range(0x110000)) if unicodedata.normalize("NFKC", c) in usual}
    assert alike == set(FORMULA_STARTS)


def test_nothing_unseen_lies_beyond_the_planes_that_are_looked_through():
    seen = (c for c in range(0x110000) if not any(c in plane for plane in UNSEEN_PLANES))
    assert not any(unicodedata.category(chr(c)) in ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me") for c in seen)


def test_a_text_that_stands_in_many_lines_is_defused_in_each():
    frame = pd.DataFrame({"n": ["=1", "MUG", "=1", None]}, index=[7, 7, 3, 1])
    assert to_csv(frame) == "n\r\n'=1\r\nMUG\r\n'=1\r\n\"\"\r\n"
    assert to_csv(frame.iloc[:3]) == "n\r\n'=1\r\nMUG\r\n'=1\r\n"


@pytest.mark.parametrize(
    "name",
    [
        *(f"{c}=1" for c in HIDDEN),
        "A;\u200b=1",
        "\x00\u202e =1",
        "MUG;=1+1",
        "MUG\t=1+1",
        "MUG|=1+1",
        "MUG; =1+1",
        'MUG;"=1+1"',
        "MUG\r\n=1+1",
        "＝1",
        " =1",
        "|cmd",
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("before", [[], ["A1"]])
def test_no_formula_whichever_separator_a_spreadsheet_takes(name, separator, before):
    frame = pd.DataFrame({str(place): [text] for place, text in enumerate([*before, name])})
    assert not any(cell.startswith(tuple(FORMULA_STARTS)) for cell in cells(to_csv(frame), separator))


@given(
    st.lists(
        st.tuples(*[st.text(st.sampled_from(USUAL) | st.characters(codec="utf-8"))] * 2),
        min_size=1,
    ),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_no_cell_starts_a_formula_and_nothing_is_lost(rows, separator):
    text = to_csv(pd.DataFrame(rows, columns=["one", "two"]))
    assert not any(cell.startswith(tuple(FORMULA_STARTS)) for cell in cells(text, separator))
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [[c.replace("'", "") for c in row] for row in read] == [
        [c.replace("'", "") for c in row] for row in rows
    ]


def test_usual_names_stay_as_they_are():
    names = ["RED, -WHITE", "T-SHIRT", "A+B", "me@shop.example", "5 | 6", "O'Neill", "50-50;1-2"]
    assert to_csv(pd.DataFrame({"n": names})).split("\r\n")[1:-1] == ['"RED, -WHITE"', *names[1:]]


def test_the_frame_is_left_as_it_was():
    frame = pd.DataFrame({"product_name": ["=1"]})
    to_csv(frame)
    assert frame["product_name"][0] == "=1"
