"""Sentences that were stored in English, such as notes in a model, translated into the language in force."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache

from shopper_widgets._support.formatting import count_of, format_day, listed
from shopper_widgets._support.locale import (
    ENGLISH,
    N_,
    current_locale,
    gettext,
    locales,
    messages,
    ngettext,
    with_marks,
)

_PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")
#: Headers and cells of a file are quoted in a note, and never translated.
_QUOTED = re.compile(r"(?<!\w)'[^']*'(?!\w)|\"[^\"]*\"|“[^”]*”")
_KEPT = "\ue000{}\ue001"
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?: %)?")
_COUNT = re.compile(r"(-?[\d,]+) ([^\d\ue000]+)")
_ONE = r"(?:\ue000\d+\ue001|[\d.]+)"
_SEVERAL = re.compile(rf"({_ONE}(?:, {_ONE})*) and ({_ONE})")
#: Money in a currency that is named by a code, and a phrase that is followed by parentheses.
_OF_CURRENCY = re.compile(r"([A-Z]{3}) (-?[\d,]+\.\d+)")
_WITH_MORE = re.compile(r"(.+) \((.+)\)")
#: A sentence with fewer known letters than this was not written by this library.
_FEWEST_LETTERS = 10
#: Places that hold names from the data: files, headers, codes. Only the sheet of a file is put into words.
_OF_DATA = frozenset({"book", "code", "engine", "example", "name", "pattern", "read", "same", "where"})
SHEET_OF = N_("{name}, sheet {sheet}")


@dataclass(frozen=True)
class _Template:
    """A message with placeholders, which recognizes the sentences made from it.

    Attributes
    ----------
    ids : tuple of str
        The message, or its singular and its plural.
    form : int
        The position of the one that is searched for.
    own : tuple of str
        The texts between its placeholders.
    """

    ids: tuple[str, ...]
    form: int
    own: tuple[str, ...]

    def values_of(self, sentence: str) -> dict[str, str] | None:
        """Return the values at its places in a sentence that it made; None for any other sentence."""
        if not all(own in sentence for own in self.own):
            return None
        found = _pattern(self.ids[self.form]).fullmatch(sentence)
        return found and found.groupdict()

    def say(self, values: dict[str, str]) -> str:
        if len(self.ids) == 1:
            return gettext(self.ids[0], **values)
        one, several = self.ids
        return ngettext(one, several, 1 + self.form, **values)


def retold(sentence: str, *, wholly: bool = False) -> str:
    """Translate a sentence that was stored in English if a catalogue has it; else return it unchanged.

    A model stores notes on reading its orders in English, since programs use them and the reader's language
    is still unknown. The sentence is recognized by its message in the catalogue; text in quotes, such as a
    header, stays.

    Parameters
    ----------
    sentence : str
        As :func:`gettext` returned it in English.
    wholly : bool
        Leave a sentence unchanged if any part of it is unknown.

    Returns
    -------
    str
        The same sentence in the language in force.

    Examples
    --------
    >>> from shopper_widgets._support.locale import in_locale
    >>> with in_locale("de"):
    ...     retold("2 lines without 'ID': the customer is identified by 'Mail'.")
    "2 Zeilen ohne 'ID': Der Kunde wird an 'Mail' erkannt."
    """
    if current_locale() == ENGLISH:
        return sentence
    quoted: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quoted.append(match.group())
        return _KEPT.format(len(quoted) - 1)

    said = _said_again(_QUOTED.sub(keep, sentence))
    if said is None or (wholly and said.unknown):
        return sentence
    text = said.text
    for place, kept in enumerate(quoted):
        text = text.replace(_KEPT.format(place), kept)
    return text


def retold_refusal(error: Exception) -> str:
    """Return an error's message in the language in force, for the reader of a page.

    An unknown message stays in English: half of it in each language would be harder to read.

    Examples
    --------
    >>> from shopper_widgets._support.locale import in_locale
    >>> with in_locale("de"):
    ...     retold_refusal(ValueError("It is empty."))
    'Sie ist leer.'
    """
    return retold(getattr(error, "told", "") or str(error), wholly=True)


@dataclass(frozen=True)
class _Said:
    """A translated text, and how many of its letters are unknown and so were left as they are."""

    text: str
    unknown: int = 0


def _said_again(text: str) -> _Said | None:
    return _said_in(current_locale(), text)


@lru_cache(2048)
def _said_in(locale: str, text: str) -> _Said | None:
    """Translate a sentence by the message that leaves least of it unknown; None where all leave too much."""
    whole, templates = _known(locale)
    if text in whole:
        return _Said(gettext(text))
    best: _Said | None = None
    for template in templates:
        if best and not best.unknown:
            return best
        if (values := template.values_of(text)) is None:
            continue
        parts = {name: _part(value, name) for name, value in values.items()}
        unknown = sum(part.unknown for part in parts.values())
        if best is None or unknown < best.unknown:
            best = _Said(template.say({name: part.text for name, part in parts.items()}), unknown)
    where, colon, said = text.partition(": ")
    if (best is None or best.unknown) and colon and (told := _said_again(said)):
        name = _of_data(where)
        unknown = told.unknown + name.unknown
        if best is None or unknown <= best.unknown:
            best = _Said(f"{name.text}: {told.text}", unknown)
    is_known = best and (not best.unknown or _letters(text) - best.unknown >= _FEWEST_LETTERS)
    return best if is_known else None


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _of_data(text: str) -> _Said:
    name, comma, sheet = text.rpartition(", sheet ")
    return _Said(gettext(SHEET_OF, name=name, sheet=sheet) if comma else text, _letters(name or text))


def _part(value: str, place: str = "") -> _Said:
    """Translate the value at a place: a number, counted things, a day, several of these, or a phrase."""
    if place in _OF_DATA:
        return _of_data(value)
    if _NUMBER.fullmatch(value):
        return _Said(with_marks(value))
    if (found := _COUNT.fullmatch(value)) and (thing := _things(current_locale()).get(found[2])):
        return _Said(count_of(int(found[1].replace(",", "")), thing))
    if found := _OF_CURRENCY.fullmatch(value):
        return _Said(f"{found[1]} {with_marks(found[2])}")
    if found := _SEVERAL.fullmatch(value):
        return _Said(listed(_part(one).text for one in [*found[1].split(", "), found[2]]))
    try:
        return _Said(format_day(datetime.strptime(value, "%d %b %Y")))
    except ValueError:
        return _said_again(value) or _in_pieces(value)


def _in_pieces(value: str) -> _Said:
    """Translate each part between commas by itself, and so the text before parentheses and within them."""
    several, more = value.split(", "), _WITH_MORE.fullmatch(value)
    if len(several) == 1 and not more:
        return _Said(value, _letters(value))
    pieces = [*map(_part, more.groups() if more and len(several) == 1 else several)]
    joined = ", ".join if len(several) > 1 else "{0[0]} ({0[1]})".format
    return _Said(joined([piece.text for piece in pieces]), sum(piece.unknown for piece in pieces))


@cache
def _known(locale: str) -> tuple[frozenset[str], list[_Template]]:
    """Return the messages without places, and those with places: the one with most text of its own first."""
    whole, templates = set(), []
    for ids in _messages(locale):
        for form, text in enumerate(ids):
            own = tuple(filter(None, _PLACE.sub("\0", text).split("\0")))
            if len(own) == 1 and own[0] == text:
                whole.add(text)
            elif _letters("".join(own)):
                templates.append(_Template(ids, form, own))
    templates.sort(key=lambda template: -len("".join(template.own)))
    return frozenset(whole), templates


def _messages(locale: str) -> tuple[tuple[str, ...], ...]:
    """Return the messages of a language; English has no catalogue, so those of another one are taken."""
    return messages(locale) or messages(next(other for other in locales() if other != ENGLISH))


@cache
def _things(locale: str) -> dict[str, str]:
    """Return singular and plural of each countable thing → its singular."""
    pairs = [ids for ids in _messages(locale) if len(ids) == 2 and ids[1] == f"{ids[0]}s"]
    return {name: ids[0] for ids in pairs for name in ids}


@cache
def _pattern(text: str) -> re.Pattern[str]:
    parts, seen, between = [], set[str](), re.split(_PLACE, text)
    for place, part in enumerate(between):
        if not place % 2:
            parts.append(re.escape(part))
        elif part in seen:
            parts.append(f"(?P={part})")
        else:
            seen.add(part)
            # Where another place follows at once, this place is the quoted text and nothing else.
            follows = not between[place + 1] and place + 2 < len(between)
            parts.append(rf"(?P<{part}>.*\ue001|.*?)" if follows else f"(?P<{part}>.*?)")
    return re.compile("".join(parts), re.DOTALL)
