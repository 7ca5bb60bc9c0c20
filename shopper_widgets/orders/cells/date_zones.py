"""Moments with a time zone become naive moments in the time zone of the shop."""

from __future__ import annotations

import difflib
import re
import sys
from typing import Any
from zoneinfo import available_timezones

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets._support.checks import plain
from shopper_widgets.orders.cells.numbers import collected


def check_zone(time_zone: Any) -> None:
    """Raise an error that says what to give unless this is a time zone."""
    if not isinstance(time_zone, str):
        raise TypeError(f"timezone must be text such as 'Europe/Berlin'; got {plain(time_zone)!r}.")
    if time_zone not in available_timezones():
        near = difflib.get_close_matches(time_zone, available_timezones(), n=3)
        hint = f" Perhaps {' or '.join(map(repr, near))}?" if near else ""
        raise ValueError(
            "timezone must be the name of a zone in the IANA data base, such as 'Europe/Berlin'; "
            f"got {plain(time_zone)!r}.{hint}"
        )


def naive(frame: FrameT, name: str, time_zone: str = "UTC") -> FrameT:
    """Turn dates and timestamps into naive timestamps; those with a zone are converted to ``time_zone``."""
    dtype = frame.collect_schema()[name]
    if isinstance(dtype, nw.Datetime) and dtype.time_zone is not None:
        frame = _without_zone(frame, name)
        frame = _from_utc(frame, name, time_zone, nw.lit(True))
    return frame.with_columns(nw.col(name).cast(nw.Datetime("us")))


def in_zone(frame: FrameT, name: str, time_zone: str) -> FrameT:
    """Shift the moments that `dates.cut_dates` cut by their zones: one condition for each that occurs."""
    known = nw.when(~nw.col("_shape").is_null()).then(nw.col("_zone"))
    zones = [
        zone
        for zone in collected(frame.select(_zone=known).group_by("_zone").agg(_rows=nw.len()))[
            "_zone"
        ].to_list()
        if zone
    ]
    if not zones:
        return frame
    for zone in sorted(zones):
        hours, minutes = _offset(zone)
        if hours or minutes:
            shifted = nw.col(name).dt.offset_by(f"{-(hours * 60 + minutes)}m")
            moment = nw.when(nw.col("_zone") == zone).then(shifted).otherwise(nw.col(name))
            frame = frame.with_columns(moment.alias(name))
    aware = ~nw.col("_shape").is_null() & (nw.col("_zone") != "")
    return _from_utc(frame, name, time_zone, aware)


def _without_zone(frame: FrameT, name: str) -> FrameT:
    if frame.implementation.is_duckdb():  # DuckDB's zone is the connection's: Narwhals can't change it
        return _projected(frame, name, f"\"{name}\" AT TIME ZONE 'UTC'")
    if _is_spark(frame):  # Spark's zone is the session's
        local = f"CAST({name} AS TIMESTAMP_NTZ)"
        return _projected(frame, name, f"convert_timezone(current_timezone(), 'UTC', {local})")
    moment = nw.col(name).dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return frame.with_columns(moment.alias(name))


def _from_utc(frame: FrameT, name: str, time_zone: str, which: nw.Expr) -> FrameT:
    """Convert those naive timestamps that are in UTC into another zone."""
    if time_zone == "UTC":
        return frame
    if frame.implementation.is_duckdb():
        local = f"(\"{name}\" AT TIME ZONE 'UTC') AT TIME ZONE '{time_zone}'"
        return _projected(
            frame.with_columns(_aware=which), name, f'CASE WHEN "_aware" THEN {local} ELSE "{name}" END'
        ).drop("_aware")
    if _is_spark(frame):
        local = f"convert_timezone('UTC', '{time_zone}', {name})"
        return _projected(
            frame.with_columns(_aware=which), name, f"CASE WHEN _aware THEN {local} ELSE {name} END"
        ).drop("_aware")
    zoned = nw.col(name).dt.replace_time_zone("UTC").dt.convert_time_zone(time_zone)
    local_time = zoned.dt.replace_time_zone(None)
    return frame.with_columns(nw.when(which).then(local_time).otherwise(nw.col(name)).alias(name))


def _is_spark(frame: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> bool:
    return bool(frame.implementation.is_pyspark() or frame.implementation.is_pyspark_connect())


def _projected(frame: FrameT, name: str, expression: str) -> FrameT:
    native: Any = frame.to_native()
    if _is_spark(frame):
        functions: Any = sys.modules["pyspark.sql.functions"]  # Narwhals has imported it
        native = native.withColumn(name, functions.expr(expression))
    else:
        native = native.project(f'* REPLACE ({expression} AS "{name}")')
    projected: FrameT = nw.from_native(native)
    return projected


def _offset(zone: str) -> tuple[int, int]:
    """Return hours and minutes of ``"+05:30"``, ``"gmt-3"``, ``"z"``."""
    sign = -1 if "-" in zone else 1
    digits = re.sub("[^0-9:]", "", zone)
    hours, _, minutes = (
        digits.partition(":") if ":" in digits or len(digits) < 3 else (digits[:-2], "", digits[-2:])
    )
    return sign * int(hours or 0), sign * int(minutes or 0)
