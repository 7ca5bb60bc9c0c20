import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopper_widgets.spreadsheets import RISKY, to_csv


@pytest.mark.parametrize("start", RISKY)
def test_text_that_a_spreadsheet_would_run_is_defused_in_cells_and_headings(start):
    name = f"{start}cmd|' /C calc'!A0"
    lines = list(csv.reader(io.StringIO(to_csv(pd.DataFrame({name: [name]})), newline="")))
    assert lines == [[f"'{name}"], [f"'{name}"]]


def test_numbers_dates_and_missing_values_stay_what_they_are():
    frame = pd.DataFrame(
        {
            "amount": [-1.5, None],
            "day": pd.to_datetime(["2011-12-09", None]),
            "name": ["-5", None],
            "ok": [True, False],
        }
    )
    assert to_csv(frame) == "amount,day,name,ok\r\n-1.5,2011-12-09,'-5,True\r\n,,,False\r\n"


def test_categories_are_text_too():
    assert to_csv(pd.DataFrame({"segment": pd.Categorical(["=A1"])})) == "segment\r\n'=A1\r\n"


@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=1))
def test_no_cell_starts_with_a_risky_character_and_nothing_is_lost(texts):
    rows = list(csv.reader(io.StringIO(to_csv(pd.DataFrame({"t": texts, "x": 1})), newline="")))[1:]
    assert [row[0] if row[0] in texts else row[0][1:] for row in rows] == texts
    assert not any(row[0].startswith(RISKY) for row in rows)


def test_the_frame_is_left_as_it_was():
    frame = pd.DataFrame({"product_name": ["=1"]})
    to_csv(frame)
    assert frame["product_name"][0] == "=1"
