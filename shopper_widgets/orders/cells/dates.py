"""Dates written as text: ISO, day or month first, month names, weeks, day numbers, times, zones.

Every function works on a Narwhals frame with a text column ``name``, in Arrow memory or lazy; the caller
decides whether that frame holds a whole column or its distinct values only. :func:`cut_dates` comes first. It
cuts out the parts with plain replacements, because regular expressions with groups differ from engine to
engine.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets.orders.cells.date_counts import COUNTED, EPOCH, SERIAL, WEEK, with_counted_days
from shopper_widgets.orders.cells.date_marks import HALF, with_marks_only
from shopper_widgets.orders.cells.date_zones import in_zone, naive
from shopper_widgets.orders.cells.numbers import collected

_OFFSET = r"[+-](?:0?[0-9]|1[0-4])(?::?[0-5][0-9])?"
_ZONE = rf"(?:z|(?:utc?|gmt)?(?: ?{_OFFSET})?)"
_CLOCK = rf"(?i)^[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:[.,][0-9]+)?)?(?: ?{HALF})?(?: ?{_ZONE})?$"
# A month's name has become M and its number.
_DATE = (
    r"^(?:[0-9]{4}/M?[0-9]{1,2}/[0-9]{1,2}"
    r"|(?:[0-9]{1,2}/M?[0-9]{1,2}|M[0-9]{1,2}/[0-9]{1,2})/(?:[0-9]{2}|[0-9]{4}))$"
)
# ISO dates in years that every engine can hold: they are read without a closer look.
_ISO = r"^(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?$"
# The years of a timestamp in nanoseconds, which every engine can hold.
_FIRST_YEAR, _LAST_YEAR = 1678, 2261

# Years of two digits come first only if they are at most this far apart, and the days reach the end of a
# month.
_YEARS_APART, _LAST_DAYS = 10, 28

YEAR_FIRST, DAY_FIRST, MONTH_FIRST, EITHER = "year first", "day first", "month first", "either"


@dataclass(frozen=True)
class DateSigns:
    """What a column's texts show about the order of day and month.

    Attributes
    ----------
    day_first, month_first : str or None
        An example that can only be read with the day (month) first, such as ``"13/12/2010"``.
    either : str or None
        An example that reads differently with each, such as ``"03/04/2010"``.
    year_first : str or None
        An example with a year of two digits, if the year comes first in all texts: the first numbers are
        close together, as years are, and the last ones go up to 28 or more, as days do.
    zoned, serial, epoch, unreadable : str or None
        An example with a time zone; one that is a spreadsheet's day number; one that counts seconds (or parts
        of seconds) since 1970; one of no known shape.
    filled, unread : int
        How many texts there are, and how many of them have no known shape.
    """

    day_first: str | None
    month_first: str | None
    either: str | None
    year_first: str | None
    zoned: str | None
    serial: str | None
    epoch: str | None
    unreadable: str | None
    filled: int
    unread: int


def cut_dates(frame: FrameT, name: str, time_zone: str | None = None) -> FrameT:
    """Add ``_first, _second, _third, _hour, _minute, _seconds``, ``_half, _zone`` and ``_shape``.

    ``time_zone`` is the shop's: the names of its own offsets come before those of other zones.
    """
    day, clock = nw.col("_date"), nw.col("_clock")
    frame = with_marks_only(frame.with_columns(_text=nw.col(name).str.strip_chars()), time_zone)
    plain = nw.col("_plain")
    timed = plain.str.contains(r"[T ][0-9]{1,2}:")
    frame = frame.with_columns(
        _date=plain.str.replace_all(r"[T ,]+[0-9]{1,2}:.*$", ""),
        # a date without a time means midnight
        _clock=nw.when(timed).then(plain.str.replace_all(r"^[^:]*[T ]", "")).otherwise(nw.lit("0:00")),
    )
    slices = (day.str.slice(0, 4), day.str.slice(4, 2), day.str.slice(6, 2))
    compact = nw.when(day.str.contains("^[0-9]{8}$")).then(nw.concat_str(*slices, separator="/"))
    half = clock.str.replace_all("^[0-9:.,]+ ?", "").str.to_lowercase().str.slice(0, 1)
    frame = frame.with_columns(
        _date=compact.otherwise(day.str.replace_all("[-/., ]+", "/").str.replace_all("^/|/$", "")),
        _half=nw.when(half.is_in(["a", "p"])).then(half).otherwise(nw.lit("")),
        _zone=clock.str.replace_all(rf"(?i)^[0-9:.,]+ ?(?:{HALF})? ?", "").str.to_lowercase(),
        _digits=clock.str.replace_all("[^0-9:.,].*$", ""),
    )
    frame = frame.with_columns(_known=day.str.contains(_DATE) & clock.str.contains(_CLOCK))
    frame = frame.with_columns(_shape=_shape())
    digits, bare = nw.col("_digits"), day.str.replace_all("M", "", literal=True)
    seconds = digits.str.replace_all("^[0-9]+:[0-9]+:?", "").str.replace_all("[.,].*$", "")
    parts = {
        "_first": bare.str.replace_all("/.*$", ""),
        "_second": bare.str.replace_all("^[^/]*/|/[^/]*$", ""),
        "_third": bare.str.replace_all("^.*/", ""),
        "_hour": digits.str.replace_all(":.*$", ""),
        "_minute": digits.str.replace_all("^[0-9]+:", "").str.replace_all("[^0-9].*$", ""),
        "_seconds": nw.when(seconds != "").then(seconds).otherwise(nw.lit("0")),
    }
    known = nw.col("_known")
    return with_counted_days(
        frame.with_columns(
            *(nw.when(known).then(part).cast(nw.Int64).alias(key) for key, part in parts.items())
        )
    ).drop("_plain", "_date", "_clock", "_digits")


def are_iso_dates(frame: FrameT, name: str) -> bool:
    """Return whether every text is a date such as ``2010-12-01 08:26:00``, as in most sources."""
    return bool(collected(frame.select(_=nw.col(name).str.contains(_ISO).all()))["_"][0])


def read_iso_dates(frame: FrameT, name: str) -> FrameT:
    """Turn texts that :func:`are_iso_dates` into naive timestamps, without trying other notations.

    Examples
    --------
    >>> import pyarrow as pa
    >>> dates = nw.from_native(pa.table({"date": ["2010-12-01 08:26", "2010-12-02", "2010-02-30"]}))
    >>> are_iso_dates(dates, "date")
    True
    >>> [str(date) for date in read_iso_dates(dates, "date")["date"].to_list()]
    ['2010-12-01 08:26:00', '2010-12-02 00:00:00', 'None']
    """
    if isinstance(frame, nw.DataFrame):
        import pyarrow as pa

        try:
            moments = frame[name].to_arrow().cast(pa.timestamp("s")).cast(pa.timestamp("us"))
        except pa.ArrowInvalid:  # 30 February
            pass
        else:
            return frame.with_columns(nw.from_native(pa.table({name: moments}), eager_only=True)[name])
    return read_dates(_cut_iso_dates(frame, name), name, day_first=False, zoned=False)


def _cut_iso_dates(frame: FrameT, name: str) -> FrameT:
    """Add what :func:`cut_dates` adds, with a far shorter query: each part has a fixed position."""
    places = {"_first": 0, "_second": 5, "_third": 8, "_hour": 11, "_minute": 14, "_seconds": 17}
    text = nw.col(name)
    parts = (
        nw.when(text.str.len_chars() > start)
        .then(text.str.slice(start, 4 if start == 0 else 2))
        .otherwise(nw.lit("0"))
        .cast(nw.Int64)
        .alias(part)
        for part, start in places.items()
    )
    return frame.with_columns(*parts, _shape=nw.lit(YEAR_FIRST), _half=nw.lit(""), _zone=nw.lit(""))


def date_signs(cut: FrameT) -> DateSigns:
    """Look for proof of the order of day and month in the result of :func:`cut_dates`, in one pass.

    Examples
    --------
    >>> import pyarrow as pa
    >>> dates = nw.from_native(pa.table({"date": ["3/4/2010 9:15", "13/4/2010 9:20", "soon"]}))
    >>> signs = date_signs(cut_dates(dates, "date"))
    >>> signs.day_first, signs.month_first, signs.either, signs.unreadable
    ('13/4/2010 9:20', None, '3/4/2010 9:15', 'soon')
    """
    text, first, second, third = (nw.col(name) for name in ("_text", "_first", "_second", "_third"))
    loose = nw.col("_shape") == EITHER
    unread = nw.col("_shape").is_null() & (text != "")
    examples = {
        "day_first": loose & (first > 12) & (second <= 12),
        "month_first": loose & (second > 12) & (first <= 12),
        "either": loose & (first <= 12) & (second <= 12) & (first != second),
        "zoned": ~nw.col("_shape").is_null() & (nw.col("_zone") != ""),
        "serial": nw.col("_shape") == SERIAL,
        "epoch": nw.col("_shape") == EPOCH,
        "unreadable": unread,
    }
    found = cut.select(
        *(nw.when(condition).then(text).max().alias(key) for key, condition in examples.items()),
        short=nw.when(loose).then(text).max(),
        year=nw.when(loose).then(first).min(),
        last_year=nw.when(loose).then(first).max(),
        month=nw.when(loose).then(second).max(),
        day=nw.when(loose).then(third).min(),
        last_day=nw.when(loose).then(third).max(),
        filled=nw.when(text != "").then(nw.lit(1)).otherwise(nw.lit(0)).sum(),
        unread=nw.when(unread).then(nw.lit(1)).otherwise(nw.lit(0)).sum(),
    )
    row = next(collected(found).iter_rows(named=True))
    told = {key: row[key] for key in examples} | {"year_first": _year_first(row)}
    return DateSigns(**told | {key: int(row[key] or 0) for key in ("filled", "unread")})


def _year_first(row: dict[str, Any]) -> str | None:
    """Return an example if dates of three two-digit numbers can hardly begin with anything but the year."""
    if row["short"] is None or row["month"] > 12:
        return None
    years, days = row["last_year"] - row["year"], row["last_day"] - row["day"]
    are_years = row["year"] > 12 and years <= _YEARS_APART
    # In dates of one month of 2028 with the day first, the first numbers differ more than the last.
    are_days = row["day"] >= 1 and _LAST_DAYS <= row["last_day"] <= 31 and days >= years
    return str(row["short"]) if are_years and are_days else None


def read_dates(
    cut: FrameT,
    name: str,
    day_first: bool,
    time_zone: str = "UTC",
    zoned: bool = True,
    year_first: bool = False,
) -> FrameT:
    """Turn the result of :func:`cut_dates` into naive timestamps, to the second; other text becomes null.

    A date of any year is one: see `within_time`. Dates with the year first or a month's name are read
    whatever ``day_first`` says. Two-digit years from 69 on are of the 1900s, as in POSIX. Times with a zone
    are converted to ``time_zone``. Days of ISO weeks, day numbers of spreadsheets from 1980 to 2099
    (``"40513.35"``) and seconds since 1970 are dates too. ``year_first``: dates of three two-digit numbers
    begin with the year.

    Examples
    --------
    >>> import pyarrow as pa
    >>> texts = ["3/4/2010 9:15 PM", "2010-04-03T09:15:00+02:00", "3 avril 2010", "31/4/2010"]
    >>> cut = cut_dates(nw.from_native(pa.table({"date": texts})), "date")
    >>> dates = read_dates(cut, "date", day_first=True)
    >>> [str(date) for date in dates["date"].to_list()]
    ['2010-04-03 21:15:00', '2010-04-03 07:15:00', '2010-04-03 00:00:00', 'None']
    """
    columns = [c for c in cut.collect_schema().names() if not c.startswith("_")]
    shape, first, second, third = (nw.col(c) for c in ("_shape", "_first", "_second", "_third"))
    short_leads = (shape == EITHER) & nw.lit(year_first)
    year_leads = shape.is_in([YEAR_FIRST, WEEK, SERIAL, EPOCH]) | short_leads
    day_leads = shape.is_in([DAY_FIRST, EITHER] if day_first else [DAY_FIRST])
    hour, half = nw.col("_hour"), nw.col("_half")
    cut = cut.with_columns(
        _year=nw.when(short_leads)
        .then(first + _century(first))
        .otherwise(nw.when(year_leads).then(first).otherwise(third + _century(third))),
        _month=nw.when(year_leads | day_leads).then(second).otherwise(first),
        _day=nw.when(year_leads).then(third).otherwise(nw.when(day_leads).then(first).otherwise(second)),
        _hour=nw.when(half == "")
        .then(hour)
        .otherwise(hour % 12 + nw.when(half == "p").then(12).otherwise(0)),
        _half_fits=(half == "") | ((hour >= 1) & (hour <= 12)),
    )
    text = nw.when(_is_moment()).then(nw.concat_str("_iso_date", "_iso_time", separator=" "))
    moment = text.str.to_datetime(format="%Y-%m-%d %H:%M:%S")
    cut = _with_iso_text(cut).with_columns(moment.cast(nw.Datetime("us")).alias(name))
    return (in_zone(cut, name, time_zone) if zoned else cut).select(columns)


def read_dates_as(frame: FrameT, name: str, date_format: str, time_zone: str = "UTC") -> FrameT:
    """Replace texts by naive timestamps, in ``time_zone`` if the format has a zone; other text by null.

    ``date_format`` follows :meth:`datetime.datetime.strptime`. The distinct texts are tried in Python, so
    that one bad text doesn't stop an engine.

    Examples
    --------
    >>> import pyarrow as pa
    >>> dates = nw.from_native(pa.table({"date": ["03.04.2010 9h15", "2010-04-03"]}))
    >>> [str(date) for date in read_dates_as(dates, "date", "%d.%m.%Y %Hh%M")["date"].to_list()]
    ['2010-04-03 09:15:00', 'None']
    """
    text = nw.col(name).str.strip_chars()
    frame = frame.with_columns(text.alias(name))
    if isinstance(frame, nw.DataFrame):
        moments = [_moment(value, date_format, time_zone) for value in frame[name].to_list()]
        return frame.with_columns(_series(frame, name, moments))
    distinct = frame.select(name).unique().collect()[name].to_list()
    unfit = [
        value for value in distinct if value is not None and _moment(value, date_format, time_zone) is None
    ]
    fit = nw.when(~nw.col(name).is_in(unfit)).then(nw.col(name)) if unfit else nw.col(name)
    return naive(frame.with_columns(fit.str.to_datetime(format=date_format).alias(name)), name, time_zone)


def within_time(moment: nw.Expr) -> nw.Expr:
    """Make dates null that stand for the beginning or the end of time, such as 9999-12-31."""
    first, last = datetime(_FIRST_YEAR, 1, 1), datetime(_LAST_YEAR, 12, 31)
    return nw.when((moment >= nw.lit(first)) & (moment <= nw.lit(last))).then(moment)


def both_readings(text: str) -> tuple[str, str]:
    """Write an ambiguous date with its month in letters, the day first and then the month first.

    Examples
    --------
    >>> both_readings("03/04/2010 9:15")
    ('3 April 2010', '4 March 2010')
    """
    one, two, year = (int(part) for part in re.findall("[0-9]+", text)[:3])
    year += 0 if year > 99 else 2000 if year < 69 else 1900
    return f"{one} {datetime(year, two, 1):%B} {year}", f"{two} {datetime(year, one, 1):%B} {year}"


def _shape() -> nw.Expr:
    plain, day = nw.col("_plain"), nw.col("_date")
    order = nw.when(day.str.contains("M", literal=True)).then(nw.lit(DAY_FIRST)).otherwise(nw.lit(EITHER))
    order = nw.when(day.str.starts_with("M")).then(nw.lit(MONTH_FIRST)).otherwise(order)
    order = nw.when(day.str.contains("^[0-9]{4}/")).then(nw.lit(YEAR_FIRST)).otherwise(order)
    shape: nw.Expr = nw.when(nw.col("_known")).then(order)
    for kind, pattern in COUNTED.items():
        shape = nw.when(plain.str.contains(pattern)).then(nw.lit(kind)).otherwise(shape)
    return shape


def _century(year: nw.Expr) -> nw.Expr:
    century = nw.when(year < 69).then(nw.lit(2000)).otherwise(nw.lit(1900))
    return nw.when(year < 100).then(century).otherwise(nw.lit(0))


def _is_moment() -> nw.Expr:
    year, month, day = nw.col("_year"), nw.col("_month"), nw.col("_day")
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    february = nw.when(leap).then(nw.lit(29)).otherwise(nw.lit(28))
    short = nw.when(month.is_in([4, 6, 9, 11])).then(nw.lit(30)).otherwise(nw.lit(31))
    length = nw.when(month == 2).then(february).otherwise(short)
    return (
        (year >= 1)
        & (year <= 9999)
        & (month >= 1)
        & (month <= 12)
        & (day >= 1)
        & (day <= length)
        & (nw.col("_hour") <= 23)
        & (nw.col("_minute") <= 59)
        & (nw.col("_seconds") <= 59)
        & nw.col("_half_fits")
    )


def _with_iso_text(frame: FrameT) -> FrameT:
    """Write date and time in two columns: lazy engines repeat an expression wherever it is used."""
    # The last two digits of 107 are 07: this makes a far shorter query than zfill.
    year = (nw.col("_year") + 10_000).cast(nw.String).str.slice(1, 4)
    month, day, hour, minute, seconds = (
        (nw.col(c) + 100).cast(nw.String).str.slice(1, 2)
        for c in ("_month", "_day", "_hour", "_minute", "_seconds")
    )
    return frame.with_columns(
        _iso_date=nw.concat_str(year, month, day, separator="-"),
        _iso_time=nw.concat_str(hour, minute, seconds, separator=":"),
    )


def _series(frame: nw.DataFrame[Any], name: str, moments: list[datetime | None]) -> nw.Series[Any]:
    return nw.new_series(name, moments, nw.Datetime("us"), backend=frame.implementation)


def _moment(text: str | None, date_format: str, time_zone: str) -> datetime | None:
    try:
        moment = datetime.strptime(text or "", date_format)
    except ValueError:
        return None
    if moment.tzinfo is not None:
        with contextlib.suppress(OverflowError):  # datetime ends before the first and after the last day
            moment = moment.astimezone(UTC if time_zone == "UTC" else ZoneInfo(time_zone))
    return moment.replace(tzinfo=None)
