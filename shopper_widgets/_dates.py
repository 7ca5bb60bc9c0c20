"""Dates written as text: ISO, day or month first, month names, times, zones.

Every function works on a Narwhals frame with a text column ``name``, in Arrow memory or lazy; the caller
decides whether that frame holds a whole column or its distinct values only. :func:`cut_dates` comes first. It
cuts the parts out with plain replacements, because each engine spells regular expressions with groups
differently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets._numbers import collected

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HALF = r"[ap]\.?m\.?"
_ZONE = r"(?:z|utc|gmt|[+-][0-9]{2}(?::?[0-9]{2})?)"
_CLOCK = rf"(?i)^[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:[.,][0-9]+)?)?(?: ?{_HALF})?(?: ?{_ZONE})?$"
_DATE = r"^(?:[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}|[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{2}|[0-9]{4}))$"
# Years that every engine can hold, to be read without a closer look.
_ISO = r"^(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?$"
# What a timestamp in nanoseconds can hold, so that every engine can.
_FIRST_YEAR, _LAST_YEAR = 1678, 2261

YEAR_FIRST, DAY_FIRST, MONTH_FIRST, EITHER, SERIAL = (
    "year first",
    "day first",
    "month first",
    "either",
    "serial",
)


@dataclass(frozen=True)
class DateSigns:
    """What the texts of a column say about the order of day and month.

    Attributes
    ----------
    day_first, month_first : str or None
        An example that can only be read with the day (month) first, such as ``"13/12/2010"``.
    either : str or None
        An example that reads differently with each, such as ``"03/04/2010"``.
    zoned, serial, unreadable : str or None
        An example with a time zone, one that is the day number of a spreadsheet, one of no known shape.
    filled, unread : int
        How many texts there are, and how many of them have no known shape.
    """

    day_first: str | None
    month_first: str | None
    either: str | None
    zoned: str | None
    serial: str | None
    unreadable: str | None
    filled: int
    unread: int


def cut_dates(frame: FrameT, name: str) -> FrameT:
    """Add ``_first, _second, _third, _hour, _minute, _seconds``, ``_half, _zone`` and ``_shape``."""
    text, date, clock = nw.col("_text"), nw.col("_date"), nw.col("_clock")
    timed = text.str.contains(r"[T ][0-9]{1,2}:")
    frame = frame.with_columns(_text=nw.col(name).str.strip_chars()).with_columns(
        _date=text.str.replace_all(r"[T ]+[0-9]{1,2}:.*$", ""),
        # a date without a time is of midnight
        _clock=nw.when(timed).then(text.str.replace_all(r"^[^:]*[T ]", "")).otherwise(nw.lit("0:00")),
        _named=text.str.contains(r"(?i)^(?:[0-9]{1,4}[-/., ]*)?[a-z]{3}"),
    )
    frame = _with_numbered_months(frame)
    slices = (date.str.slice(0, 4), date.str.slice(4, 2), date.str.slice(6, 2))
    compact = nw.when(date.str.contains("^[0-9]{8}$")).then(nw.concat_str(*slices, separator="/"))
    half = clock.str.replace_all("^[0-9:.,]+ ?", "").str.to_lowercase().str.slice(0, 1)
    frame = frame.with_columns(
        _date=compact.otherwise(date.str.replace_all("[-/., ]+", "/").str.replace_all("^/", "")),
        _half=nw.when(half.is_in(["a", "p"])).then(half).otherwise(nw.lit("")),
        _zone=clock.str.replace_all(rf"(?i)^[0-9:.,]+ ?(?:{_HALF})? ?", "").str.to_lowercase(),
        _digits=clock.str.replace_all("[^0-9:.,].*$", ""),
    ).with_columns(_known=date.str.contains(_DATE) & clock.str.contains(_CLOCK))
    digits = nw.col("_digits")
    seconds = digits.str.replace_all("^[0-9]+:[0-9]+:?", "").str.replace_all("[.,].*$", "")
    parts = {
        "_first": date.str.replace_all("/.*$", ""),
        "_second": date.str.replace_all("^[^/]*/|/[^/]*$", ""),
        "_third": date.str.replace_all("^.*/", ""),
        "_hour": digits.str.replace_all(":.*$", ""),
        "_minute": digits.str.replace_all("^[0-9]+:", "").str.replace_all("[^0-9].*$", ""),
        "_seconds": nw.when(seconds != "").then(seconds).otherwise(nw.lit("0")),
    }
    known = nw.col("_known")
    return frame.with_columns(
        *(nw.when(known).then(part).cast(nw.Int64).alias(key) for key, part in parts.items()),
        _shape=_shape(serials=isinstance(frame, nw.DataFrame)),
    )


def read_iso_dates(frame: FrameT, name: str) -> FrameT | None:
    """Read texts such as ``2010-12-01 08:26:00`` at once, which is what most files hold.

    Returns
    -------
    frame or None
        With naive timestamps; None unless rows are in Arrow memory and every text is such a date.

    Examples
    --------
    >>> import pyarrow as pa
    >>> dates = nw.from_native(pa.table({"date": ["2010-12-01 08:26", "2010-12-02"]}))
    >>> [str(date) for date in read_iso_dates(dates, "date")["date"].to_list()]
    ['2010-12-01 08:26:00', '2010-12-02 00:00:00']
    >>> read_iso_dates(nw.from_native(pa.table({"date": ["2010-12-01", "1.12.2010"]})), "date") is None
    True
    """
    if not isinstance(frame, nw.DataFrame) or not frame[name].str.contains(_ISO).all():
        return None
    import pyarrow as pa

    texts = frame[name].to_arrow()
    try:
        moments = texts.cast(pa.timestamp("s")).cast(pa.timestamp("us"))
    except pa.ArrowInvalid:  # 30 February
        return None
    return frame.with_columns(nw.from_native(pa.table({name: moments}), eager_only=True)[name])


def date_signs(cut: FrameT) -> DateSigns:
    """Look for proof of the order of day and month in what :func:`cut_dates` gives, in one pass.

    Examples
    --------
    >>> import pyarrow as pa
    >>> dates = nw.from_native(pa.table({"date": ["3/4/2010 9:15", "13/4/2010 9:20", "soon"]}))
    >>> signs = date_signs(cut_dates(dates, "date"))
    >>> signs.day_first, signs.month_first, signs.either, signs.unreadable
    ('13/4/2010 9:20', None, '3/4/2010 9:15', 'soon')
    """
    text, first, second = nw.col("_text"), nw.col("_first"), nw.col("_second")
    loose = nw.col("_shape") == EITHER
    unread = nw.col("_shape").is_null() & (text != "")
    examples = {
        "day_first": loose & (first > 12) & (second <= 12),
        "month_first": loose & (second > 12) & (first <= 12),
        "either": loose & (first <= 12) & (second <= 12) & (first != second),
        "zoned": nw.col("_shape").is_in([YEAR_FIRST, DAY_FIRST, MONTH_FIRST, EITHER])
        & (nw.col("_zone") != ""),
        "serial": nw.col("_shape") == SERIAL,
        "unreadable": unread,
    }
    found = cut.select(
        *(nw.when(condition).then(text).max().alias(key) for key, condition in examples.items()),
        filled=nw.when(text != "").then(nw.lit(1)).otherwise(nw.lit(0)).sum(),
        unread=nw.when(unread).then(nw.lit(1)).otherwise(nw.lit(0)).sum(),
    )
    row = next(collected(found).iter_rows(named=True))
    return DateSigns(**{**row, "filled": int(row["filled"] or 0), "unread": int(row["unread"] or 0)})


def read_dates(cut: FrameT, name: str, day_first: bool) -> FrameT:
    """Turn what :func:`cut_dates` gives into naive timestamps, to the second; what is no date becomes null.

    Dates with the year first or a month's name are read whatever ``day_first`` says. Two-digit years from 69
    on are of the 1900s, as in POSIX. Times with a zone are turned into UTC. Where rows are in memory, day
    numbers of spreadsheets from 1980 to 2099 (``"40513.35"``) are dates too.

    Examples
    --------
    >>> import pyarrow as pa
    >>> texts = ["3/4/2010 9:15 PM", "2010-04-03T09:15:00+02:00", "3 Apr 2010", "31/4/2010"]
    >>> cut = cut_dates(nw.from_native(pa.table({"date": texts})), "date")
    >>> dates = read_dates(cut, "date", day_first=True)
    >>> [str(date) for date in dates["date"].to_list()]
    ['2010-04-03 21:15:00', '2010-04-03 07:15:00', '2010-04-03 00:00:00', 'None']
    """
    columns = [c for c in cut.collect_schema().names() if not c.startswith("_")]
    shape, first, second, third = (nw.col(c) for c in ("_shape", "_first", "_second", "_third"))
    year_leads = shape == YEAR_FIRST
    day_leads = shape.is_in([DAY_FIRST, EITHER] if day_first else [DAY_FIRST])
    hour, half = nw.col("_hour"), nw.col("_half")
    cut = cut.with_columns(
        _year=nw.when(year_leads).then(first).otherwise(third + _century(third)),
        _month=nw.when(year_leads | day_leads).then(second).otherwise(first),
        _day=nw.when(year_leads).then(third).otherwise(nw.when(day_leads).then(first).otherwise(second)),
        _hour=nw.when(half == "")
        .then(hour)
        .otherwise(hour % 12 + nw.when(half == "p").then(12).otherwise(0)),
        _half_fits=(half == "") | ((hour >= 1) & (hour <= 12)),
    )
    moment = nw.when(_is_moment()).then(_iso_text()).str.to_datetime(format="%Y-%m-%d %H:%M:%S")
    cut = _in_utc(cut.with_columns(moment.cast(nw.Datetime("us")).alias(name)), name)
    if isinstance(cut, nw.DataFrame):
        cut = _with_serials(cut, name)
    return cut.select(columns)


def read_dates_as(frame: FrameT, name: str, date_format: str) -> FrameT:
    """Replace texts by naive timestamps (UTC where the format has a zone); what doesn't fit becomes null.

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
        moments = [_moment(value, date_format) for value in frame[name].to_list()]
        return frame.with_columns(_series(frame, name, moments))
    distinct = frame.select(name).unique().collect()[name].to_list()
    unfit = [value for value in distinct if value is not None and _moment(value, date_format) is None]
    fit = nw.when(~nw.col(name).is_in(unfit)).then(nw.col(name)) if unfit else nw.col(name)
    return naive(frame.with_columns(fit.str.to_datetime(format=date_format).alias(name)), name)


def naive(frame: FrameT, name: str) -> FrameT:
    """Turn a column of timestamps with a zone, or of dates, into naive ones in UTC."""
    dtype = frame.collect_schema()[name]
    moment = nw.col(name)
    if isinstance(dtype, nw.Datetime) and dtype.time_zone is not None:
        if frame.implementation.is_duckdb():
            return _duckdb_in_utc(frame, name)
        moment = moment.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return frame.with_columns(moment.cast(nw.Datetime("us")).alias(name))


def _duckdb_in_utc(frame: FrameT, name: str) -> FrameT:
    # DuckDB keeps the zone in the connection, so that Narwhals can't change it
    relation = frame.to_native().project(f'* REPLACE ("{name}" AT TIME ZONE \'UTC\' AS "{name}")')
    converted: FrameT = nw.from_native(relation)
    return converted


def both_readings(text: str) -> tuple[str, str]:
    """Spell out an ambiguous date with the day first, then with the month first.

    Examples
    --------
    >>> both_readings("03/04/2010 9:15")
    ('3 April 2010', '4 March 2010')
    """
    one, two, year = (int(part) for part in re.findall("[0-9]+", text)[:3])
    year += 0 if year > 99 else 2000 if year < 69 else 1900
    return f"{one} {datetime(year, two, 1):%B} {year}", f"{two} {datetime(year, one, 1):%B} {year}"


def _with_numbered_months(frame: FrameT) -> FrameT:
    """Replace the names of months by their numbers."""
    if isinstance(frame, nw.DataFrame) and not frame["_named"].any():
        return frame
    date = reduce(
        lambda date, month: date.str.replace_all(rf"(?i){month[1]}[a-z]*\.?", f"/{month[0]}/"),
        enumerate(_MONTHS, 1),
        nw.col("_date"),
    )
    return frame.with_columns(_date=nw.when(nw.col("_named")).then(date).otherwise(nw.col("_date")))


def _shape(serials: bool) -> nw.Expr:
    name_leads = nw.col("_text").str.contains("(?i)^[a-z]")
    named = nw.when(name_leads).then(nw.lit(MONTH_FIRST)).otherwise(nw.lit(DAY_FIRST))
    order = nw.when(nw.col("_named")).then(named).otherwise(nw.lit(EITHER))
    order = nw.when(nw.col("_date").str.contains("^[0-9]{4}/")).then(nw.lit(YEAR_FIRST)).otherwise(order)
    shape = nw.when(nw.col("_known")).then(order)
    return nw.when(_is_serial()).then(nw.lit(SERIAL)).otherwise(shape) if serials else shape


def _is_serial() -> nw.Expr:
    # 1980-01-01 to 2099-12-31 counted from 1899-12-30; other numbers are taken for no date
    return nw.col("_text").str.contains(r"^(?:29[3-9]|[3-6][0-9]{2}|7[0-2][0-9])[0-9]{2}(?:\.[0-9]+)?$")


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
        (year >= _FIRST_YEAR)
        & (year <= _LAST_YEAR)
        & (month >= 1)
        & (month <= 12)
        & (day >= 1)
        & (day <= length)
        & (nw.col("_hour") <= 23)
        & (nw.col("_minute") <= 59)
        & (nw.col("_seconds") <= 59)
        & nw.col("_half_fits")
    )


def _iso_text() -> nw.Expr:
    year, month, day, hour, minute, seconds = (
        nw.col(c).cast(nw.String).str.zfill(2)
        for c in ("_year", "_month", "_day", "_hour", "_minute", "_seconds")
    )
    date = nw.concat_str(year, month, day, separator="-")
    return nw.concat_str(date, nw.concat_str(hour, minute, seconds, separator=":"), separator=" ")


def _in_utc(frame: FrameT, name: str) -> FrameT:
    """Shift times by the zones that occur: a handful, each of which becomes one condition."""
    known = nw.when(nw.col("_known")).then(nw.col("_zone"))
    zones = collected(frame.select(_zone=known).unique())["_zone"].to_list()
    for zone in sorted(z for z in zones if z and z[0] in "+-"):
        digits = zone[1:].replace(":", "").ljust(4, "0")
        minutes = (int(digits[:2]) * 60 + int(digits[2:])) * (1 if zone[0] == "+" else -1)
        shifted = nw.col(name).dt.offset_by(f"{-minutes}m")
        frame = frame.with_columns(
            nw.when(nw.col("_zone") == zone).then(shifted).otherwise(nw.col(name)).alias(name)
        )
    return frame


def _with_serials(frame: nw.DataFrame[Any], name: str) -> nw.DataFrame[Any]:
    texts = frame["_text"].to_list()
    shapes = frame["_shape"].to_list()
    if SERIAL not in shapes:
        return frame
    epoch = datetime(1899, 12, 30)
    moments = [
        # half a second up, so that 08:26 stored as a fraction of a day doesn't become 08:25:59
        (epoch + timedelta(days=float(text), seconds=0.5)).replace(microsecond=0) if shape == SERIAL else None
        for text, shape in zip(texts, shapes, strict=True)
    ]
    serials = frame.with_columns(_series(frame, "_serial", moments))
    return serials.with_columns(nw.coalesce(nw.col(name), nw.col("_serial")).alias(name))


def _series(frame: nw.DataFrame[Any], name: str, moments: list[datetime | None]) -> nw.Series[Any]:
    return nw.new_series(name, moments, nw.Datetime("us"), backend=frame.implementation)


def _moment(text: str | None, date_format: str) -> datetime | None:
    try:
        moment = datetime.strptime(text or "", date_format)
    except ValueError:
        return None
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None
