"""Sentences that were stored in English, such as notes in a model, said in the language in force."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from shopper_widgets._support.formatting import count_of, format_day, listed
from shopper_widgets._support.locale import ENGLISH, current_locale, gettext, messages, ngettext, with_marks

_PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")
#: What a file says is never translated: its headers and cells stand in quotes.
_QUOTED = re.compile(r"(?<!\w)'[^']*'(?!\w)|\"[^\"]*\"|“[^”]*”")
_KEPT = "\ue000{}\ue001"
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?: %)?")
_COUNT = re.compile(r"(-?[\d,]+) ([^\d\ue000]+)")
_ONE = r"(?:\ue000\d+\ue001|[\d.]+)"
_SEVERAL = re.compile(rf"({_ONE}(?:, {_ONE})*) and ({_ONE})")
#: A message with fewer words of its own says too little to be known by them.
_FEWEST_LETTERS = 10


@dataclass(frozen=True)
class _Template:
    """A message with places, and how a sentence is known that it made.

    Attributes
    ----------
    ids : tuple of str
        The message, or that for one thing and that for several.
    form : int
        Which of these is looked for.
    own : tuple of str
        What of it stands between its places.
    """

    ids: tuple[str, ...]
    form: int
    own: tuple[str, ...]

    def values_of(self, sentence: str) -> dict[str, str] | None:
        """Return what stands at its places in a sentence that it made; None for another one."""
        if not all(own in sentence for own in self.own):
            return None
        found = _pattern(self.ids[self.form]).fullmatch(sentence)
        return found and found.groupdict()

    def say(self, values: dict[str, str]) -> str:
        if len(self.ids) == 1:
            return gettext(self.ids[0], **values)
        one, several = self.ids
        return ngettext(one, several, 1 + self.form, **values)


def retold(sentence: str) -> str:
    """Say a sentence in the language in force that was stored in English; as it is where none is known.

    A model keeps in English how its orders were read: programs look into that, and who will read it is not
    known yet. The sentence is known again by the message of the catalogue that made it; what stands in
    quotes, such as a header, stays.

    Parameters
    ----------
    sentence : str
        As :func:`gettext` said it in English.

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
    if said is None:
        return sentence
    for place, text in enumerate(quoted):
        said = said.replace(_KEPT.format(place), text)
    return said


def _said_again(text: str) -> str | None:
    whole, templates = _known(current_locale())
    if text in whole:
        return gettext(text)
    for template in templates:
        if (values := template.values_of(text)) is not None:
            return template.say({name: _part(value) for name, value in values.items()})
    return None


def _part(value: str) -> str:
    """Say what stands at a place: a number, things that are counted, a day, several of these, or a phrase."""
    if _NUMBER.fullmatch(value):
        return with_marks(value)
    if (found := _COUNT.fullmatch(value)) and (thing := _things(current_locale()).get(found[2])):
        return count_of(int(found[1].replace(",", "")), thing)
    if found := _SEVERAL.fullmatch(value):
        return listed([*map(_part, found[1].split(", ")), _part(found[2])])
    try:
        return format_day(datetime.strptime(value, "%d %b %Y"))
    except ValueError:
        return (_said_again(value) if " " in value else None) or value


@cache
def _known(locale: str) -> tuple[frozenset[str], list[_Template]]:
    """Return the messages without places, and those with some: what says most by itself is tried first."""
    whole, templates = set(), []
    for ids in messages(locale):
        for form, text in enumerate(ids):
            own = tuple(filter(None, _PLACE.sub("\0", text).split("\0")))
            if len(own) == 1 and own[0] == text:
                whole.add(text)
            elif sum(map(str.isalpha, "".join(own))) >= _FEWEST_LETTERS:
                templates.append(_Template(ids, form, own))
    templates.sort(key=lambda template: -len("".join(template.own)))
    return frozenset(whole), templates


@cache
def _things(locale: str) -> dict[str, str]:
    """Return one and several of each thing that can be counted → one of it."""
    pairs = [ids for ids in messages(locale) if len(ids) == 2 and ids[1] == f"{ids[0]}s"]
    return {name: ids[0] for ids in pairs for name in ids}


@cache
def _pattern(text: str) -> re.Pattern[str]:
    parts, seen = [], set()
    for place, part in enumerate(re.split(_PLACE, text)):
        if not place % 2:
            parts.append(re.escape(part))
        elif part in seen:
            parts.append(f"(?P={part})")
        else:
            seen.add(part)
            parts.append(f"(?P<{part}>.*?)")
    return re.compile("".join(parts), re.DOTALL)
