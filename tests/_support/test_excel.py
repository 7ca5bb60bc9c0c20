"""Workbooks hold the frame's values, run no code, and have the same bytes whenever they are written."""

import io
import zipfile

import pandas as pd
import pytest

from shopper_widgets._support import excel
from shopper_widgets._support.excel import to_excel

FRAME = pd.DataFrame(
    {
        "=id": ["007", "=1+1", "http://x.org", None],
        "amount": [1.5, -2.0, None, 3.0],
        "when": [
            pd.Timestamp("2024-03-01 12:30"),
            None,
            pd.Timestamp("2024-03-02"),
            pd.Timestamp("2024-03-03"),
        ],
        "held_out": [True, False, True, False],
    }
)


def test_text_stays_text_and_begins_no_formula():
    read = pd.read_excel(io.BytesIO(to_excel(FRAME)), dtype={"'=id": "str"}, engine="calamine")
    assert read["'=id"].tolist()[:3] == ["007", "'=1+1", "http://x.org"] and pd.isna(read["'=id"][3])
    assert read["amount"].tolist()[:2] == [1.5, -2.0] and read["held_out"].tolist() == [
        True,
        False,
        True,
        False,
    ]
    assert read["when"].dropna().tolist() == FRAME["when"].dropna().tolist()
    inside = zipfile.ZipFile(io.BytesIO(to_excel(FRAME)))
    sheet = inside.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet and 'state="frozen"' in sheet


def test_the_same_frame_gives_the_same_file():
    assert to_excel(FRAME) == to_excel(FRAME.copy())


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr(excel, "MOST_ROWS", 4)
    with pytest.raises(ValueError, match="An Excel sheet holds 3 rows; there are 4"):
        to_excel(FRAME)
    assert to_excel(FRAME.head(3))
