"""Dates as people and programs write them, reduced to digits and marks."""

from __future__ import annotations

import re

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets.orders.cells.date_words import is_weekday, replacements
from shopper_widgets.orders.cells.numbers import collected

#: The half of the day, as in 10:15 a.m.
HALF = r"[ap]\.? ?m\.?"
#: Its words in Korean, Chinese and Japanese, which spreadsheets write before the time.
_HALVES = {
    "am": "오전|上午|午前|凌晨|清晨|早上|早晨",
    "pm": "오후|下午|午後|中午|傍晚|晚上",
}
#: These words before an hour of the 24-hour clock, which needs none: 下午15:30, 午前0:15, and 中午 with 11.
_WHOLE_CLOCK = (
    rf"(?:{_HALVES['pm']}) ?(?:1[3-9]|2[0-3])[^0-9]|(?:{_HALVES['am']}) ?00?[^0-9]|中午 ?1[01][^0-9]"
)
#: The Greek halves of the day, which come after the time.
_GREEK = {"am": r"π\.? ?μ\.?", "pm": r"μ\.? ?μ\.?"}
#: Weekdays without a space before them: 1月29日月曜日, 1月29日星期一, 1월 29일 월요일, segunda-feira.
_GLUED = r"[月火水木金土日]曜日?|(?:星期|周|週)[一二三四五六日天]|[월화수목금토일]요일|(?i:-feira)"
#: Spaces of other widths, marks of reading direction, apostrophes, the Arabic comma and the like.
_SPACES = "[\u00a0\u2007\u2009\u202f\u200b\u200c\u200e\u200f\u2060\ufeff\t'’׳״॰،]"
_AT = "(?i) a las? "
_BRACKETS = r"\([^)]*\)|\[[^\]]*\]"
_YEAR_LAST = r"^[^:]+ [0-9]{1,2}:[0-9]{2}.* [0-9]{4}$"
_TIME_FIRST = r"^[0-9]{1,2}:[0-9]{2}.* .*[-/.]"
_DOTTED = r"^[0-9/M]+[-/. ]+[0-9/M]+[-/. ]+[0-9]{2,4},? [0-9]{1,2}\.[0-9]{2}(?:\.[0-9]{2})?$"
_RUN = (
    r"^(?:(?:19|20)[0-9]{2}[01][0-9][0-3][0-9][T ]?[0-2][0-9][0-5][0-9](?:[0-5][0-9])?"
    # ten digits that begin with 19 are seconds since 1970
    r"|(?:20[0-9]{2}[01][0-9][0-3][0-9]|19[0-9]{2}[01][0-9][0-3][0-9][T ])[T ]?[0-2][0-9])"
    r"(?:[Zz]|[+-][0-9:]{4,5})?$"
)
# A word, and what may follow it if it is a weekday: another word, or day, month and year, but not a time.
_LEAD = r"^[\p{L}\p{M}]{2,}[.,]* ?"
_APART, _YEAR_OR_END = r"[^\p{L}\p{M}0-9:]+", r"(?:[0-9]{4}|[0-9]{2})(?:[^0-9:]|$)"
_DAY = rf"[0-9]{{1,2}}(?:st|nd|rd|th|er|º|ª)?{_APART}"
_LED = (
    r"^[\p{L}\p{M}]{2,}(?:[., ]+[\p{L}\p{M}]+|[.,]* ?(?:"
    rf"{_DAY}[0-9]{{1,2}}{_APART}{_YEAR_OR_END}|{_DAY}(?:[\p{{L}}\p{{M}}]+{_APART})+{_YEAR_OR_END}"
    rf"|[0-9]{{4}}{_APART}[0-9]{{1,2}}{_APART}[0-9]{{1,2}}(?:[^0-9:]|$)))"
)
# The patterns that show, before names of months are replaced, which ways of writing may occur.
_WAYS = {
    "zone in brackets": _BRACKETS,
    "year last": r":.* [0-9]{4}$",
    "time first": r"^[0-9]{1,2}:[0-9]{2}.* ",
    "dotted time": r" [0-9]{1,2}\.[0-9]{2}(?:\.[0-9]{2})?$",
    "run together": _RUN,
}


def with_marks_only(frame: FrameT, time_zone: str | None) -> FrameT:
    """Add ``_plain``: the text without weekdays, with months as numbers and the time after the date."""
    plain = nw.col("_plain")
    frame = frame.with_columns(_plain=nw.col("_text").str.replace_all(_SPACES, " ").str.strip_chars())
    words, ways = _looks(frame)
    if "zone in brackets" in ways:  # GMT+0100 (Central European Standard Time), +01:00[Europe/Berlin]
        frame = frame.with_columns(_plain=plain.str.replace_all(_BRACKETS, " ").str.strip_chars())
        words = _looks(frame)[0]
    if any(re.search("曜|星期|周|週|요일|(?i:feira)", word) for word in words):
        frame = frame.with_columns(_plain=plain.str.replace_all(_GLUED, " ").str.strip_chars())
        words = _looks(frame)[0]
    if words & {"π", "μ", "Π", "Μ"}:
        for half, letters in _GREEK.items():
            frame = frame.with_columns(_plain=plain.str.replace_all(f"(?i){letters}", half))
        words = _looks(frame)[0]
    if any(re.search("|".join(_HALVES.values()), word) for word in words):  # 2024-01-31 오후 3:15
        without = plain.str.replace_all(f" ?(?:{'|'.join(_HALVES.values())}) ?", " ")
        frame = _changed(frame, plain.str.contains(_WHOLE_CLOCK), without)
        for half, before in _HALVES.items():
            behind = nw.concat_str(
                plain.str.replace_all(f" ?(?:{before}) ?", " "), nw.lit(half), separator=" "
            )
            frame = _changed(frame, plain.str.contains(before), behind)
        words = _looks(frame)[0]
    if words & {"las", "la"}:  # 31 de enero de 2024 a las 10:15
        frame = frame.with_columns(_plain=plain.str.replace_all(_AT, " "))
        words = _looks(frame)[0]
    if words - {"T", "Z"}:
        frame = _without_weekdays(frame)
        for word, mark in replacements(words, time_zone).items():
            frame = frame.with_columns(_plain=plain.str.replace_all(word, mark, literal=True))
        # "hs." leaves a dot.
        bare = plain.str.replace_all(" +", " ").str.strip_chars().str.replace_all(r" [:.]+$", "")
        frame = frame.with_columns(_plain=bare)
    if "year last" in ways:  # Wed Jan 31 10:15:00 CET 2024, as Unix and Java write it
        day, year = plain.str.replace_all(r" [0-9]{1,2}:.*$", ""), plain.str.replace_all(r"^.* ", "")
        time = plain.str.replace_all("^[^:]* ", "").str.replace_all(" [0-9]{4}$", "")
        moved = nw.concat_str(day, year, time, separator=" ")
        frame = _changed(frame, plain.str.contains(_YEAR_LAST), moved)
    if "time first" in ways:  # 10:15 31.01.2024
        rest = plain.str.replace_all(rf"(?i)^[0-9:]+(?: ?{HALF})?[ ,]+", "")
        clock = plain.str.replace_all(r"[ ,]+[0-9M/]+[-/. ].*$", "")
        frame = _changed(frame, plain.str.contains(_TIME_FIRST), nw.concat_str(rest, clock, separator=" "))
    if "dotted time" in ways:  # 31.1.2024 10.15
        digits = plain.str.replace_all("^.* ", "").str.replace_all(".", ":", literal=True)
        moved = nw.concat_str(plain.str.replace_all(" [^ ]*$", ""), digits, separator=" ")
        frame = _changed(frame, plain.str.contains(_DOTTED), moved)
    if "run together" in ways:  # 20240131T101500Z, 202401311015, 2024013110
        bare = plain.str.slice(8).str.replace_all("^[T ]", "")
        figures = bare.str.replace_all("[^0-9].*$", "")
        minutes, seconds = figures.str.slice(2, 2), figures.str.slice(4, 2)
        minutes = nw.when(minutes != "").then(minutes).otherwise(nw.lit("00"))
        time = nw.concat_str(bare.str.slice(0, 2), minutes, separator=":")
        time = nw.when(seconds != "").then(nw.concat_str(time, seconds, separator=":")).otherwise(time)
        time = nw.concat_str(time, bare.str.replace_all("^[0-9]+", ""))
        moved = nw.concat_str(plain.str.slice(0, 8), time, separator=" ")
        frame = _changed(frame, plain.str.contains(_RUN), moved)
    return frame


def _looks(frame: FrameT) -> tuple[set[str], set[str]]:
    """Return the words of a column and the ways in which its dates are written, in one pass."""
    plain = nw.col("_plain")
    letters = plain.str.replace_all(r"[^\p{L}\p{M}]+", " ").str.strip_chars()
    ways = {way: plain.str.contains(pattern) for way, pattern in _WAYS.items()}
    looked = frame.select(letters.alias("_letters"), **ways)
    found = collected(looked.group_by("_letters", *ways).agg(_rows=nw.len()))
    words = {word for text in found["_letters"].to_list() if text for word in text.split(" ")}
    return words, {way for way in _WAYS if found[way].fill_null(False).any()}


def _without_weekdays(frame: FrameT) -> FrameT:
    """Cut off the first word if it is a weekday, and another word or a whole date follows.

    "mar." is a Tuesday in "mar. 5/3/2024", and a month in "Mar 5, 2024, 10:15".
    """
    plain = nw.col("_plain")
    leading = nw.when(plain.str.contains(_LED)).then(plain.str.replace_all(r"[^\p{L}\p{M}].*$", ""))
    frame = frame.with_columns(_lead=leading)
    found = collected(frame.group_by("_lead").agg(_rows=nw.len()))["_lead"].to_list()
    weekdays = [word for word in found if word and is_weekday(word)]
    cut = plain.str.replace_all(_LEAD, "")
    return (_changed(frame, nw.col("_lead").is_in(weekdays), cut) if weekdays else frame).drop("_lead")


def _changed(frame: FrameT, which: nw.Expr, value: nw.Expr) -> FrameT:
    return frame.with_columns(_plain=nw.when(which).then(value).otherwise(nw.col("_plain")))
