"""A box for a day, which says in words why another entry is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import traitlets

from shopper_widgets._support.locale import gettext
from shopper_widgets.panels.days import day_refusal
from shopper_widgets.panels.typed_box import TypedBox


class DateBox(TypedBox):
    """A labeled box for a day between two days.

    Refusals are shown at the box, with the day that is still used; the box shows that one once it is
    left.

    Parameters
    ----------
    label : str
        The box's label.
    first, last : datetime.date
        The first and the last day that may be chosen.

    Attributes
    ----------
    value : datetime.date
        The value in use.

    Examples
    --------
    >>> import datetime as dt
    >>> box = DateBox("From", dt.date(2011, 1, 1), dt.date(2011, 12, 9))
    >>> box.enter("")
    >>> box.message
    'From: a day from 2011-01-01 to 2011-12-09; the box holds no day. 2011-01-01 is still used.'
    >>> box.enter("2011-02-01")
    >>> box.value, box.message
    (datetime.date(2011, 2, 1), '')
    """

    value = traitlets.Instance(dt.date)

    def __init__(self, label: str, first: dt.date, last: dt.date) -> None:
        self._days = first, last
        super().__init__(
            label, kind="date", live=True, limits=[first.isoformat(), last.isoformat()], value=first
        )

    def enter(self, text: str, *, enter: bool = False) -> None:
        """Take a day, or say what is wrong with it and keep the day before it."""
        try:
            day: dt.date | None = dt.date.fromisoformat(text)
        except ValueError:
            day = None
        refusal = day_refusal(self.description, day, *self._days)
        if day is not None and not refusal:
            self.value = day
        self.say(
            gettext("{refusal} {shown} is still used.", refusal=refusal, shown=self.shown) if refusal else ""
        )

    @traitlets.observe("value")
    def _show(self, change: dict[str, Any]) -> None:
        self.shown = change["new"].isoformat()
        self.say("")
