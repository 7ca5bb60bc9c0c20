"""Words in dates: months and weekdays in the languages of shops, and the names of time zones.

Names of months and weekdays come from Unicode's CLDR (https://cldr.unicode.org), as Babel ships it; those of
time zones come from the IANA database, as Python reads it. All words of a column together show its language:
*listopad* is November in Polish and October in Croatian.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

#: Languages that are tried, English first: most columns need no other.
LANGUAGES = (
    *("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "is", "et", "lv", "lt"),
    *("cs", "sk", "hu", "ro", "hr", "sl", "sr_Latn", "sr", "bs", "mk", "bg", "ru", "uk", "el", "tr", "sq"),
    *("ca", "gl", "eu", "ga", "cy", "lb", "mt", "af", "id", "ms", "sw", "he", "hi", "de_AT", "es_PE"),
    *("pt_PT", "fil", "be", "ar", "fa", "ka", "az", "uz"),
)
# Forms that programs of shops write, and that CLDR doesn't have.
_ALSO = {
    "de": {"mrz": 3, "maerz": 3},
    "de_AT": {"jaenner": 1, "feber": 2},
    "en": {"sept": 9},
    "es": {"set": 9, "setiembre": 9},
    "fr": {"fev": 2, "jul": 7, "aou": 8},
    "nl": {"mrt": 3},
}
# The fewest letters of a shortened name; no other month of the language may begin with them.
_SHORTEST = 3
# Words without a meaning of their own: ordinals, "of", "at", "o'clock", "year".
_FILLERS = frozenset(
    (
        *("st", "nd", "rd", "th", "er", "º", "ª", "r", "de", "del", "di", "of", "the", "den", "der", "dne"),
        *("at", "um", "om", "à", "às", "alle", "ore", "kl", "klo", "uhr", "hrs", "hs", "godz", "roku"),
        *("г", "р", "год", "года", "日", "일", "分", "분", "d", "ngày", "năm"),
    )
)
# Words and signs that stand for a mark.
_MARKS = {
    **{"年": "/", "月": "/", "년": "/", "월": "/", "h": ":", "時": ":", "시": ":"},
    **{"tháng": "/", "thg": "/"},
}
# Words that later steps read: the T of ISO 8601, its W for weeks, halves of the day, universal time.
_KEPT = frozenset(("t", "z", "w", "am", "pm", "a", "p", "m", "utc", "gmt", "ut"))
# RFC 2822, section 4.3, defines these names, which several zones use.
_RFC_2822 = {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
# German names of zones, which the IANA database doesn't have.
_ZONES_ALSO = {"mez": 1, "mesz": 2, "oez": 2, "oesz": 3, "wez": 0, "wesz": 1}


class AmbiguousWordsError(ValueError):
    """The words of a column of dates can be read in two ways."""


def replacements(words: Collection[str], time_zone: str | None = None) -> dict[str, str]:
    """Return the replacement of each word of a column of dates, longest first.

    Parameters
    ----------
    words : collection of str
        As they are written in the column, without weekdays at the start of a date.
    time_zone : str, optional
        The shop's zone, whose names come first.

    Returns
    -------
    dict of str to str
        ``"M3"`` between slashes for a month, an offset for a zone, a space for a filler, ``"?"`` for an
        unknown word that contains a known one.

    Raises
    ------
    AmbiguousWordsError
        Languages, or zones, disagree about what the words mean.

    Examples
    --------
    >>> replacements(["Mär", "CET", "de"])
    {'CET': ' +01:00', 'Mär': '/M3/', 'de': ' '}
    >>> replacements(["lis"])
    Traceback (most recent call last):
    ...
    shopper_widgets...AmbiguousWordsError: 'lis' is month 11 in Polish, month 10 in Croatian
    """
    folded = {word: _folded(word) for word in words if word.casefold() not in _KEPT}
    marks = {word: _MARKS.get(f, " ") for word, f in folded.items() if f in _MARKS or f in _FILLERS}
    months = _months({f for word, f in folded.items() if word not in marks})
    found = {word: f"/M{months[f]}/" for word, f in folded.items() if f in months} | marks
    for word, f in folded.items():
        if word in found:
            continue
        # In capitals, CET is the zone, not the Croatian Thursday.
        offset = zone_offset(f, time_zone) if word.isupper() or not is_weekday(f) else None
        if offset is not None or is_weekday(f):
            found[word] = f" {offset or ''}"
    for word in folded:
        if word not in found and any(known in word for known in found):
            found[word] = "?"
    return dict(sorted(found.items(), key=lambda item: (-len(item[0]), item[0])))


def is_weekday(word: str) -> bool:
    """Return whether a word is a weekday in any of the languages.

    Examples
    --------
    >>> is_weekday("Mi."), is_weekday("jeudi"), is_weekday("soon")
    (True, True, False)
    """
    plain = plain_word(word)
    return plain in _weekdays(("en",)) or plain in _weekdays(LANGUAGES)


def plain_word(word: str) -> str:
    """Return a word without case, accents and dots: ``"FÉVR."`` is ``"fevr"``."""
    split = unicodedata.normalize("NFKD", _folded(word).replace("ı", "i").replace("ł", "l"))
    bare = "".join(c for c in split if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare).strip(".")


def _folded(word: str) -> str:
    return unicodedata.normalize("NFC", word.casefold()).strip(".")


def zone_offset(name: str, time_zone: str | None = None) -> str | None:
    """Return the offset that the name of a time zone means, such as ``"+01:00"``; None if it is no zone.

    Examples
    --------
    >>> zone_offset("CET"), zone_offset("pdt"), zone_offset("XYZ")
    ('+01:00', '-07:00', None)
    >>> zone_offset("IST", "Asia/Kolkata")
    '+05:30'
    """
    name = name.casefold()
    if time_zone and name in (own := _names_of_zone(time_zone)):
        return _written(own[name])
    hours = _RFC_2822.get(name, _ZONES_ALSO.get(name))
    if hours is not None:
        return _written(timedelta(hours=hours))
    zones = _zone_names().get(name, {})
    if len(zones) > 1:
        readings = " or ".join(f"{_written(offset)} ({zone})" for offset, zone in sorted(zones.items()))
        raise AmbiguousWordsError(
            f"the time zone {name.upper()!r} is {readings}: say which zone the shop is in, as in "
            f"timezone={min(zones.values())!r}"
        )
    return _written(next(iter(zones))) if zones else None


def _months(words: set[str]) -> dict[str, int]:
    """Return the months that words name, in the language that explains most words, and explains them best."""
    english = _month_names("en")
    if words <= english.keys() | _weekdays(("en",)):
        return {word: english[word][0] for word in words if word in english}

    def explained(language: str) -> tuple[int, int]:
        names = _month_names(language)
        return len(words & names.keys()), sum(names[word][1] for word in words if word in names)

    scores = {language: explained(language) for language in LANGUAGES}
    if max(scores.values()) == (0, 0):
        return {}
    best = [language for language in LANGUAGES if scores[language] == max(scores.values())]
    found: dict[str, int] = {}
    for language in (*best, *LANGUAGES):  # a word may be from another language
        names = _month_names(language)
        for word in sorted(words & names.keys()):
            number = names[word][0]
            if found.setdefault(word, number) != number and language in best:
                other = next(b for b in best if _month_names(b)[word][0] == found[word])
                raise AmbiguousWordsError(
                    f"{word!r} is month {found[word]} in {_called(other)}, "
                    f"month {number} in {_called(language)}"
                )
    return found


def _called(language: str) -> str:
    from babel import Locale

    return str(Locale.parse(language).get_display_name("en"))


@cache
def _month_names(language: str) -> Mapping[str, tuple[int, int]]:
    """Return each form of a month's name with the month and how sure it is, from 3 (whole) to 1 (cut off)."""
    from babel import Locale

    months = Locale.parse(language).months
    whole = {
        _folded(name): number
        for use in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in months[use][width].items()
        if not any(c.isdigit() for c in name)
    } | _ALSO.get(language, {})
    if language == "he":  # of a month
        whole |= {f"ב{name}": number for name, number in whole.items()}
    bare = {plain_word(name): number for name, number in whole.items()}
    begun: defaultdict[str, set[int]] = defaultdict(set)
    for name, number in {**whole, **bare}.items():
        for length in range(_SHORTEST, len(name)):
            begun[name[:length]].add(number)
    cut = {name: min(numbers) for name, numbers in begun.items() if len(numbers) == 1}
    return {n: (m, sure) for sure, names in enumerate((cut, bare, whole), 1) for n, m in names.items()}


@cache
def _weekdays(languages: tuple[str, ...]) -> frozenset[str]:
    from babel import Locale

    names = {
        plain_word(name)
        for language in languages
        for use in ("format", "stand-alone")
        for width in ("wide", "abbreviated", "short")
        for name in Locale.parse(language).days[use][width].values()
    }
    # Of names of two words, such as segunda-feira and Dydd Llun, each word counts.
    return frozenset(
        names | {part for name in names for part in re.split("[ \u200c-]", name) if len(part) > 1}
    )


@cache
def _zone_names() -> Mapping[str, Mapping[timedelta, str]]:
    """Return the abbreviations in use, each with its offsets, and one zone for each offset."""
    found: defaultdict[str, dict[timedelta, str]] = defaultdict(dict)
    for zone in sorted(available_timezones()):
        if "/" in zone and not zone.startswith("Etc/"):
            for name, offset in _names_of_zone(zone).items():
                found[name].setdefault(offset, zone)
    return found


@cache
def _names_of_zone(zone: str) -> Mapping[str, timedelta]:
    moments = (datetime(2024, month, 15, tzinfo=UTC).astimezone(ZoneInfo(zone)) for month in (1, 7))
    return {
        str(moment.tzname()).casefold(): moment.utcoffset() or timedelta()
        for moment in moments
        if str(moment.tzname()).isalpha()
    }


def _written(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
