"""Days that a visitor may choose, and the words that refuse another one."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

import traitlets

from shopper_widgets._support.locale import gettext, pgettext


class Day(traitlets.TraitType[dt.date, Any]):
    """A trait that holds a day, given as a date or as text; it refuses other values with its label's name.

    Parameters
    ----------
    label : str
        Its name on the page.

    Examples
    --------
    >>> class Chooser(traitlets.HasTraits):
    ...     start = Day("From")
    >>> Chooser(start="yesterday")
    Traceback (most recent call last):
    traitlets.traitlets.TraitError: From: a day, such as 2011-12-09, not “yesterday”.
    """

    def __init__(self, label: str) -> None:
        self.label = label
        super().__init__()

    def validate(self, obj: Any, value: Any) -> dt.date:
        """Return the day without its time, or raise a TraitError that names the label."""
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, str):
            with suppress(ValueError):
                return dt.date.fromisoformat(value)
        if not isinstance(value, dt.date):
            given = gettext("nothing") if value is None else f"“{value}”"
            raise traitlets.TraitError(
                gettext(
                    "{label}: a day, such as 2011-12-09, not {given}.",
                    label=pgettext("a day", self.label),
                    given=given,
                )
            )
        return value


def day_refusal(label: str, day: dt.date | None, first: dt.date, last: dt.date) -> str:
    """Say why a day is refused; empty if it isn't. None is a box without a day.

    Examples
    --------
    >>> day_refusal("To", dt.date(2012, 1, 1), dt.date(2011, 1, 1), dt.date(2011, 12, 9))
    'To: a day from 2011-01-01 to 2011-12-09, not 2012-01-01.'
    """
    wanted = gettext("{label}: a day from {first} to {last}", label=label, first=first, last=last)
    if day is None:
        return gettext("{wanted}; the box holds no day.", wanted=wanted)
    return "" if first <= day <= last else gettext("{wanted}, not {day}.", wanted=wanted, day=day)
