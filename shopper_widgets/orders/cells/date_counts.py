"""Dates as numbers: days of ISO weeks, day numbers of spreadsheets, seconds since 1970."""

from __future__ import annotations

from datetime import date

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets.orders.cells.numbers import collected

WEEK, SERIAL, EPOCH = "week", "serial", "epoch"
#: Patterns of the kinds. Serial numbers are of 1980-01-01 to 2099-12-31, counted from 1899-12-30; counts of
#: seconds (or milliseconds, microseconds, nanoseconds) are of 2001 to 2033. Other numbers are not taken for
#: dates.
COUNTED = {
    WEEK: r"^[0-9]{4}-?W[0-5][0-9]-?[1-7]$",
    SERIAL: (
        r"^(?:2922[1-9]|292[3-9][0-9]|29[3-9][0-9]{2}|(?:[3-6][0-9]|7[0-2])[0-9]{3}|730[0-4][0-9]|73050)"
        r"(?:\.[0-9]+)?$"
    ),
    EPOCH: r"^1[0-9]{9}(?:[0-9]{3}){0,3}(?:\.[0-9]+)?$",
}
_SPREADSHEET, _UNIX = date(1899, 12, 30), date(1970, 1, 1)


def with_counted_days(frame: FrameT) -> FrameT:
    """Add year, month, day and time to week dates, day numbers and seconds.

    Days become dates as in H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013),
    `civil_from_days`; the first week of ISO 8601 is the one with 4 January.
    """
    plain, shape = nw.col("_plain"), nw.col("_shape")
    if not collected(frame.select(_=shape.is_in([WEEK, SERIAL, EPOCH]).fill_null(False).any()))["_"][0]:
        return frame
    # Parts get columns of their own: a lazy engine would repeat their expressions wherever they are used.
    digits = nw.when(shape == WEEK).then(plain.str.replace_all("[-W]", ""))
    frame = frame.with_columns(
        digits.str.slice(start, length).cast(nw.Int64).alias(part)
        for part, start, length in (("_year", 0, 4), ("_week", 4, 2), ("_weekday", 6, 1))
    )
    year, week, weekday = (nw.col(c) for c in ("_year", "_week", "_weekday"))
    number = nw.when(shape.is_in([SERIAL, EPOCH])).then(plain).cast(nw.Float64)
    # Half a second is added, so that 08:26, stored as a fraction of a day, doesn't become 08:25:59.
    serial = ((number * 86_400 + 0.5).floor().cast(nw.Int64)) + (_SPREADSHEET - _UNIX).days * 86_400
    unix = nw.when(number < 1e11).then(number).otherwise(number / 1e3)
    unix = nw.when(number >= 1e14).then(number / 1e6).otherwise(unix)
    unix = nw.when(number >= 1e17).then(number / 1e9).otherwise(unix).floor().cast(nw.Int64)
    thursday = (
        _day_number(year, 4) - (_day_number(year, 4) + 3) % 7 + week * 7 - 4
    )  # 1970 began on a Thursday
    exists = (week >= 1) & (thursday < _day_number(year + 1, 1))
    days = nw.when(exists).then(thursday - 4 + weekday)
    seconds = (
        nw.when(shape == SERIAL)
        .then(serial)
        .otherwise(nw.when(shape == EPOCH).then(unix).otherwise(days * 86_400))
    )
    frame = frame.with_columns(_seconds_since=seconds)
    since = nw.col("_seconds_since")
    frame = frame.with_columns(_z=since // 86_400 + 719_468, _rest=since % 86_400)
    frame = frame.with_columns(_era=nw.col("_z") // 146_097, _doe=nw.col("_z") % 146_097)
    doe = nw.col("_doe")
    frame = frame.with_columns(_yoe=(doe - doe // 1460 + doe // 36_524 - doe // 146_096) // 365)
    yoe = nw.col("_yoe")
    frame = frame.with_columns(_doy=doe - (yoe * 365 + yoe // 4 - yoe // 100))
    frame = frame.with_columns(_mp=(nw.col("_doy") * 5 + 2) // 153)
    mp, rest = nw.col("_mp"), nw.col("_rest")
    month = nw.when(mp < 10).then(mp + 3).otherwise(mp - 9)
    counted = {
        "_first": yoe + nw.col("_era") * 400 + nw.when(mp < 10).then(nw.lit(0)).otherwise(nw.lit(1)),
        "_second": month,
        "_third": nw.col("_doy") - (mp * 153 + 2) // 5 + 1,
        "_hour": rest // 3600,
        "_minute": rest % 3600 // 60,
        "_seconds": rest % 60,
    }
    is_counted = ~since.is_null()
    return frame.with_columns(
        *(
            nw.when(is_counted).then(v).otherwise(nw.col(k)).cast(nw.Int64).alias(k)
            for k, v in counted.items()
        ),
        _half=nw.when(is_counted).then(nw.lit("")).otherwise(nw.col("_half")),
        _zone=nw.when(shape == EPOCH).then(nw.lit("z")).otherwise(nw.col("_zone")),
    ).drop(
        "_seconds_since", "_z", "_rest", "_era", "_doe", "_yoe", "_doy", "_mp", "_year", "_week", "_weekday"
    )


def _day_number(year: nw.Expr, day: int) -> nw.Expr:
    """Return the days from 1970-01-01 to a day in January of a year."""
    before = year - 1
    return before * 365 + before // 4 - before // 100 + before // 400 + day - _UNIX.toordinal()
