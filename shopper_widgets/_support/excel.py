"""Excel workbooks that are safe to open, and the same whenever they are written."""

from __future__ import annotations

import datetime as dt
import io

import pandas as pd

from shopper_widgets._support.csv import defused

#: The most rows that a sheet may have, the headings included.
MOST_ROWS = 1_048_576
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Text stays text: neither a formula nor a link nor a number (an id would lose its zeros).
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# A workbook contains the time at which it was made; a fixed one keeps equal tables equal files.
_MADE = dt.datetime(2000, 1, 1)


def to_excel(frame: pd.DataFrame, *, sheet: str = "List") -> bytes:
    """Write a frame as an Excel workbook (.xlsx) of one sheet, with headings that stay visible.

    Text that would be a formula gets an apostrophe before it, as in CSV files: a workbook that is saved
    as CSV later is safe, too.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per line; its index is left out.
    sheet : str, default "List"
        The sheet's name.

    Returns
    -------
    bytes
        The file's content; the same frame gives the same bytes.

    Raises
    ------
    ValueError
        There are more rows than a sheet holds.

    Examples
    --------
    >>> import io
    >>> file = to_excel(pd.DataFrame({"customer_id": ["007"], "spent": [2.5]}))
    >>> pd.read_excel(io.BytesIO(file), dtype={"customer_id": "str"}, engine="calamine").values.tolist()
    [['007', 2.5]]
    """
    if len(frame) >= MOST_ROWS:
        raise ValueError(f"An Excel sheet holds {MOST_ROWS - 1:,} rows; there are {len(frame):,}. Take CSV.")
    file = io.BytesIO()
    with pd.ExcelWriter(file, engine="xlsxwriter", engine_kwargs={"options": _OPTIONS}) as writer:
        defused(frame).to_excel(writer, sheet_name=sheet, index=False)
        writer.book.set_properties({"created": _MADE})
        written = writer.sheets[sheet]
        written.freeze_panes(1, 0)
        written.autofit()
    return file.getvalue()
