"""The language of words for people, and how numbers, days and money are written in it.

English sentences are in the sources, those of other languages in ``translations/de.po`` and the like. A
sentence that a catalogue lacks appears in English.
"""

from __future__ import annotations

import gettext as catalogues
import io
import math
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from shopper_widgets._support.checks import plain

if TYPE_CHECKING:
    from babel import Locale

#: The language of the sources.
ENGLISH = "en"
_FOLDER = Path(__file__).with_name("translations")
Init = TypeVar("Init", bound=Callable[..., None])
_of_process = ENGLISH
_here: ContextVar[str] = ContextVar("locale", default="")


class Counted(str):
    """A number of things as it is read; a translation may ask for another case of it.

    A catalogue gives a thing's other cases after its usual one, such as ``Tage|dative=Tagen``, and a sentence
    requests one at its placeholder: ``{days:dative}``.

    Examples
    --------
    >>> counted = Counted.of("2", "Tage|dative=Tagen")
    >>> f"{counted}, vor {counted:dative}"
    '2 Tage, vor 2 Tagen'
    """

    _cases: dict[str, str]

    @classmethod
    def of(cls, number: str, things: str) -> Counted:
        """Return a number of things, each case of them."""
        usual, *others = things.split("|")
        counted = cls(f"{number} {usual}")
        pairs = (other.partition("=") for other in others)
        counted._cases = {case: f"{number} {form}" for case, _, form in pairs}
        return counted

    def __format__(self, case: str) -> str:
        return self._cases.get(case, str(self))


class _Sentence(string.Formatter):
    """A sentence that puts values at their places; only counted things have cases."""

    def format_field(self, value: object, case: str) -> str:
        return format(value, case) if isinstance(value, Counted) else str(value)


@cache
def locales() -> tuple[str, ...]:
    """Return the available languages: English, and each that has a catalogue.

    Examples
    --------
    >>> locales()
    ('en', 'de')
    """
    return (ENGLISH, *sorted(path.stem for path in _FOLDER.glob("*.po")))


def check_locale(locale: str) -> str:
    """Return a locale as pages name it, or raise ValueError if it isn't available.

    Parameters
    ----------
    locale : str
        One of :func:`locales`, or one with a region of that language: its numbers, dates and money are then
        written as there, in the same words.

    Examples
    --------
    >>> check_locale("de"), check_locale("de_at")
    ('de', 'de-AT')
    """
    language, _, region = locale.replace("_", "-").partition("-") if isinstance(locale, str) else ("", "", "")
    language, region = language.lower(), region.upper()
    if language in locales() and not region:
        return language
    if language in locales():
        from babel.localedata import exists

        if exists(f"{language}_{region}"):
            return f"{language}-{region}"
    raise ValueError(
        f"locale must be one of {', '.join(map(repr, locales()))}, or one of these with a region, such as "
        f"'en-US'; got {plain(locale)!r}"
    )


def current_locale() -> str:
    """Return the locale in force."""
    return _here.get() or _of_process


def set_locale(locale: str) -> None:
    """Set the language from now on, in the whole process.

    Parameters
    ----------
    locale : str
        One that :func:`check_locale` takes.
    """
    global _of_process
    _of_process = check_locale(locale)


@contextmanager
def in_locale(locale: str) -> Iterator[None]:
    """Use a language within a block; with ``""``, the one in force.

    Examples
    --------
    >>> with in_locale("de"):
    ...     gettext("Orders")
    'Bestellungen'
    >>> gettext("Orders")
    'Orders'
    """
    token = _here.set(check_locale(locale) if locale else current_locale())
    try:
        yield
    finally:
        _here.reset(token)


def in_its_locale(init: Init) -> Init:
    """Create an object in the locale that is passed to it as ``locale``."""

    @wraps(init)
    def made(self: Any, *args: Any, **state: Any) -> None:
        with in_locale(state.get("locale", "")):
            init(self, *args, **state)

    return cast(Init, made)


def gettext(message: str, /, **values: object) -> str:
    """Translate a sentence to the language in force, and fill in its values.

    Parameters
    ----------
    message : str
        In English, as a literal, so that it is found for the catalogues; ``{name}`` is a placeholder.
        A name with a remark in brackets, such as "Regular (lower spend)", is translated part by part if the
        catalogue has both.
    **values
        Formatted for readers: see `formatting`.

    Examples
    --------
    >>> gettext("{first} to {last}", first="May", last="June")
    'May to June'
    """
    if not message:
        return ""  # the entry of the empty text in a catalogue describes the catalogue itself
    say = _catalogue(current_locale()).gettext
    said = say(message)
    if said == message and message.endswith(")"):
        name, _, remark = message[:-1].partition(" (")
        if remark and say(name) != name and say(remark) != remark:
            said = f"{say(name)} ({say(remark)})"
    return _said(said, values)


def pgettext(context: str, message: str, /) -> str:
    """Translate a text that has another meaning elsewhere; `context` tells translators the meaning here.

    Examples
    --------
    >>> with in_locale("de"):
    ...     pgettext("a day", "To"), pgettext("a segment", "To")
    ('Bis', 'Nach')
    """
    return _catalogue(current_locale()).pgettext(context, message)


def ngettext(one: str, several: str, number: float, /, **values: object) -> str:
    """Translate a sentence whose words depend on a number, as :func:`gettext` does.

    Examples
    --------
    >>> [ngettext("{n} is new", "{n} are new", n, n=n) for n in (1, 2)]
    ['1 is new', '2 are new']
    """
    whole = round(number) if math.isfinite(number) else 0
    return _said(_catalogue(current_locale()).ngettext(one, several, whole), values)


def _said(sentence: str, values: dict[str, object]) -> str:
    for name, value in values.items():
        # An abbreviation, such as “Tsd.”, ends a sentence with its own full stop.
        if str(value).endswith("."):
            sentence = sentence.replace(f"{{{name}}}.", f"{{{name}}}")
    return _Sentence().vformat(sentence, (), values) if values else sentence


def N_(message: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return message


@cache
def messages(locale: str) -> tuple[tuple[str, ...], ...]:
    """Return a catalogue's messages without context: a text each, or singular and plural.

    Examples
    --------
    >>> ("line", "lines") in messages("de"), ("Orders",) in messages("de")
    (True, True)
    """
    language = locale.partition("-")[0]
    if language == ENGLISH:
        return ()
    from babel.messages.pofile import read_po

    with (_FOLDER / f"{language}.po").open("rb") as file:
        read = [*read_po(file, locale=language)]
    found = [message.id for message in read if message.id and not message.context]
    return tuple((text,) if isinstance(text, str) else tuple(text) for text in found)


@cache
def _catalogue(locale: str) -> catalogues.NullTranslations:
    language = locale.partition("-")[0]
    if language == ENGLISH:
        return catalogues.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with (_FOLDER / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return catalogues.GNUTranslations(compiled)


def with_marks(number: str) -> str:
    """Rewrite a number from Python's marks to those of the locale in force.

    Examples
    --------
    >>> with in_locale("de"):
    ...     with_marks("1,234.50")
    '1.234,50'
    """
    return number.translate(_marks(current_locale()))


def without_marks(number: str) -> str:
    """Rewrite a number from the marks of the locale in force to those of Python.

    Examples
    --------
    >>> with in_locale("de"):
    ...     without_marks("1.234,50")
    '1,234.50'
    """
    return number.translate({ord(sign): chr(mark) for mark, sign in _marks(current_locale()).items()})


@cache
def _marks(locale: str) -> dict[int, str]:
    if locale == ENGLISH:
        return {}
    from babel import numbers

    known = _known(locale)
    return str.maketrans({",": numbers.get_group_symbol(known), ".": numbers.get_decimal_symbol(known)})


def _known(locale: str) -> Locale:
    """Return what CLDR knows of a locale."""
    from babel import Locale

    return Locale.parse(locale, sep="-")


def currency_place() -> str:
    """Return the currency's place in the locale in force: ``"before"``, ``"behind"`` or ``"apart"``.

    Examples
    --------
    >>> currency_place()
    'before'
    >>> with in_locale("de-CH"):
    ...     currency_place()  # before it, and set off
    'apart'
    """
    return _currency_place(current_locale())


@cache
def _currency_place(locale: str) -> str:
    if locale == ENGLISH:
        return "before"
    pattern = str(_known(locale).currency_formats["standard"].pattern)
    if pattern.startswith("#"):
        return "behind"
    return "before" if pattern.startswith("¤#") else "apart"


def written_date(moment: date, skeleton: str) -> str:
    """Write a date by one of CLDR's skeletons, in the locale in force if it isn't plain English.

    Examples
    --------
    >>> with in_locale("de"):
    ...     written_date(date(2011, 12, 9), "yMMMd")
    '9. Dez. 2011'
    """
    from babel.dates import format_skeleton

    return str(format_skeleton(skeleton, moment, locale=_known(current_locale())))


def d3_locale() -> dict[str, Any]:
    """Return the locale in force for charts: d3's formats of numbers and dates; nothing in English.

    Examples
    --------
    >>> with in_locale("de"):
    ...     told = d3_locale()
    >>> told["number"]["decimal"], told["time"]["shortMonths"][4]
    (',', 'Mai')
    """
    return _d3(current_locale())


@cache
def _d3(locale: str) -> dict[str, Any]:
    if locale == ENGLISH:
        return {}
    marks, known = _marks(locale), _known(locale)
    days, months = known.days["format"], known.months["format"]
    from_sunday, year = (6, 0, 1, 2, 3, 4, 5), range(1, 13)
    return {
        "number": {
            "decimal": marks[ord(".")],
            "thousands": marks[ord(",")],
            "grouping": [3],
            "currency": ["", ""],
        },
        "time": {
            "dateTime": "%x, %X",
            "date": "%d.%m.%Y",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": [days["wide"][day] for day in from_sunday],
            "shortDays": [days["abbreviated"][day] for day in from_sunday],
            "months": [months["wide"][month] for month in year],
            "shortMonths": [months["abbreviated"][month] for month in year],
        },
    }
