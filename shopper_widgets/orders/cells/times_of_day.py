"""The time of day, where it has a column of its own next to the date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import narwhals as nw

#: Headers, without case, accents and marks, of a time of day that stands next to its date.
_TIMES = (
    *("time", "timeofday", "hour", "clock", "uhrzeit", "zeit", "heure", "hora", "ora", "orario", "horario"),
    *("tijd", "tijdstip", "tid", "tidspunkt", "klockslag", "klokkeslett", "aika", "kello", "godzina", "czas"),
    *("cas", "ido", "saat", "время", "час", "時刻", "時間", "时间", "시간"),
)
_DATE_WORD = re.compile("date|datum|dato")
_MIDNIGHT = r"[T ]+0?0:00(?::00(?:[.,]0+)?)?$"
_CLOCK = (
    r"^[0-9]{1,2}[:.hH][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?"
    r" ?(?:[aApP]\.? ?[mM]\.?)?(?:[zZ]|[+-][0-9]{2}:?[0-9]{2})?$"
)
# A spreadsheet gives a time without a date the day from which it counts.
_FIRST_DAYS = r"^(?:1899-12-3[01]|1900-01-0[01])[T ]"


def time_header(date: str, plain: Sequence[str]) -> int | None:
    """Return the position of the header of a date's time, or None.

    Parameters
    ----------
    date : str
        The date's header, without case, accents and marks.
    plain : sequence of str
        All headers, written so; what can't be a time of day is ``""``.

    Examples
    --------
    >>> time_header("date", ["item", "date", "time"]), time_header("orderdate", ["ordertime", "orderdate"])
    (2, 0)
    """
    named = _DATE_WORD.sub("time", date)
    if date != named and date not in ("date", "datum", "dato") and named in plain:
        return plain.index(named)
    place = plain.index(date)
    beside = [p for p in (place + 1, place - 1) if 0 <= p < len(plain) and plain[p] in _TIMES]
    return beside[0] if beside else None


def with_time_of_day(frame: Any, date: str, time: str) -> Any:
    """Join dates without a time with their times of day; the column of times is removed.

    Examples
    --------
    >>> import pyarrow as pa
    >>> sales = nw.from_native(pa.table({"date": ["31.01.2024", "1.2.2024"], "time": ["1:05 PM", "morning"]}))
    >>> with_time_of_day(sales, "date", "time")["date"].to_list()
    ['31.01.2024 1:05 PM', '1.2.2024']
    """
    schema = frame.collect_schema()
    day, clock = _day(date, schema[date]), _clock(time, schema[time])
    if day is None or clock is None:
        return frame.drop(time)
    # Steps get columns of their own: a lazy engine would repeat their expressions wherever they are used.
    frame = frame.with_columns(_day=day, _clock=clock.str.strip_chars().str.replace_all(_FIRST_DAYS, ""))
    day, clock = nw.col("_day"), nw.col("_clock")
    fits = clock.str.contains(_CLOCK) & ~day.str.contains("[0-9]:[0-9]") & (day != "")
    frame = frame.with_columns(_fits=fits.fill_null(False))
    # 13h05 and 13.05 mean 13:05.
    colons = nw.when(clock.str.contains("^[0-9]+[hH.]")).then(clock.str.replace_all("[hH.]", ":"))
    joined = nw.concat_str(day, nw.coalesce(colons, clock), separator=" ")
    whole = nw.when(nw.col("_fits")).then(joined).otherwise(_text(date, schema[date]))
    return frame.with_columns(whole.alias(date)).drop(time, "_day", "_clock", "_fits")


def _text(name: str, dtype: Any) -> nw.Expr:
    if isinstance(dtype, nw.Datetime):
        return nw.col(name).dt.to_string("%Y-%m-%d %H:%M:%S")
    return nw.col(name).cast(nw.String)


def _day(name: str, dtype: Any) -> nw.Expr | None:
    """Return dates as text, without a midnight that only means "no time"; None if they are not dates."""
    if dtype == nw.String or dtype == nw.Date or (isinstance(dtype, nw.Datetime) and dtype.time_zone is None):
        return _text(name, dtype).str.strip_chars().str.replace_all(_MIDNIGHT, "")
    return None


def _clock(name: str, dtype: Any) -> nw.Expr | None:
    if isinstance(dtype, nw.Datetime):
        return nw.col(name).dt.to_string("%H:%M:%S")
    return nw.col(name).cast(nw.String) if dtype in (nw.String, nw.Time) else None
