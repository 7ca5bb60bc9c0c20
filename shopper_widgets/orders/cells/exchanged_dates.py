"""Dates of a file in date order, of which some fit only with day and month exchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from shopper_widgets._support.formatting import format_count
from shopper_widgets._support.locale import N_, gettext

if TYPE_CHECKING:
    import pyarrow as pa

#: The words by which the note is recognized.
EXCHANGED = N_("day and month exchanged")
#: This many dates are not slips of the pen; a file is in order if this share of days is not earlier than the
#: day before.
_FEWEST, _IN_ORDER = 10, 0.98
#: This many different days lie by chance all before the 13th in less than one case in ten million; a shop
#: that bills on a few days of each month has fewer different days of the month.
_FEWEST_DAYS, _FEWEST_OF_MONTH = 20, 3
_ORDINAL = N_("{number}th")
_ORDINALS = {3: N_("{number}rd")}  # three different days of a month end on the 3rd or later
#: Dates that fit when exchanged must be this many times as many as those that fit neither way.
_TIMES = 5


def exchanged_dates(texts: pa.ChunkedArray, lines: pa.ChunkedArray) -> str:
    """Note how many dates are out of order unless day and month are exchanged; empty for none.

    Spreadsheets, and people who combine files, write 10 January sometimes as 10/01 and sometimes as 01/10; if
    the other dates of the file prove one notation, the others are read as 1 October.

    Parameters
    ----------
    texts : pyarrow.ChunkedArray
        Of one file, in its order.
    lines : pyarrow.ChunkedArray
        The number of each line.

    Examples
    --------
    >>> import pyarrow as pa
    >>> days = [f"01/{day:02}/2017" for day in range(2, 13)] + [f"{day}/01/2017" for day in range(13, 31)]
    >>> texts = pa.chunked_array([days])
    >>> exchanged_dates(texts, pa.chunked_array([range(2, 31)]))[:68]
    "11 dates, such as '01/02/2017' in line 2, are out of order unless da"
    """
    import pyarrow.compute as pc

    coded = texts.combine_chunks().dictionary_encode()
    # Only the day of each moment is looked at, and each day once.
    days = pc.replace_substring_regex(coded.dictionary, r"(\S)\s.*$", r"\1").dictionary_encode()
    distinct = pd.Series(days.dictionary.to_pylist(), dtype="str")
    parts = distinct.str.extract(r"^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b").astype("float")
    if parts[0].isna().all():
        return ""
    of_moment = np.append(days.indices.to_numpy(), len(distinct))
    places = of_moment[coded.indices.fill_null(len(coded.dictionary)).to_numpy()]
    first, second, year = (np.append(parts[n].to_numpy(), np.nan)[places] for n in range(3))
    day_first, month_first = bool((first > 12).any()), bool((second > 12).any())
    if day_first == month_first:  # nothing is proved, or both orders are, which another note says
        return ""
    day, month = (first, second) if day_first else (second, first)
    read, exchanged = (year * 372 + m * 31 + d for m, d in ((month, day), (day, month)))
    is_sure = day > 12
    sure = read[is_sure]
    if len(sure) < 2 or (np.diff(sure) >= 0).mean() < _IN_ORDER:
        return ""
    known = pd.Series(np.where(is_sure, read, np.nan))
    before = known.ffill().fillna(-np.inf).to_numpy()
    after = known.bfill().fillna(np.inf).to_numpy()
    told_apart = ~is_sure & (day != month) & np.isfinite(read)
    fits, fits_exchanged = ((before <= value) & (value <= after) for value in (read, exchanged))
    odd = told_apart & ~fits & fits_exchanged
    neither = int((told_apart & ~fits & ~fits_exchanged).sum())
    n = int(odd.sum())
    if n < max(_FEWEST, _TIMES * neither):
        return ""
    place = int(odd.argmax())
    return gettext(
        "{number} dates, such as {example} in line {line}, are out of order unless {exchanged}, in a file "
        "whose other dates are in order: it seems to mix two notations. They are read as the other dates "
        "prove; correct them in the file.",
        number=format_count(n),
        example=repr(texts[place].as_py().strip()),
        line=lines[place].as_py(),
        exchanged=gettext(EXCHANGED),
    )


def only_first_days(moments: pd.Series) -> str:
    """Note that no order is after the 12th of a month, as if day and month were exchanged; else empty.

    A spreadsheet of another country reads 04/30/2022 as text and 04/05/2022 as 4 May: in all cells that it
    read as dates, day and month are exchanged.

    Parameters
    ----------
    moments : pandas.Series of datetime
        Of each order.

    Examples
    --------
    >>> only_first_days(pd.Series(pd.date_range("2022-01-01", "2022-06-30")))
    ''
    >>> days = [pd.Timestamp(2022, month, day) for month in range(1, 13) for day in (4, 5, 6)]
    >>> only_first_days(pd.Series(days))[:84]
    'No order is dated after the 6th of a month, on 36 days in 12 months: this looks like'
    """
    days = pd.Series(moments).dropna().dt.normalize().drop_duplicates().dt
    of_month = days.day.unique()
    if len(days.day) < _FEWEST_DAYS or len(of_month) < _FEWEST_OF_MONTH or max(of_month) > 12:
        return ""
    months = days.to_period("M").nunique()
    last = max(of_month)
    return gettext(
        "No order is dated after the {last} of a month, on {days} days in {months} months: this looks like "
        "{exchanged}, as spreadsheets do with the dates of another country. If so, export the orders again "
        "with dates such as 2024-03-31.",
        last=gettext(_ORDINALS.get(last, _ORDINAL), number=last),
        days=format_count(len(days.day)),
        months=format_count(months),
        exchanged=gettext(EXCHANGED),
    )
