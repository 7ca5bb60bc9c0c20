"""The period of a panel: two boxes, and a choice of named periods."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.formatting import format_day
from shopper_widgets._support.locale import N_, gettext, pgettext
from shopper_widgets.columns import ORDERED_AT
from shopper_widgets.model.once import once_per_model
from shopper_widgets.panels.base import Panel, field, guarded
from shopper_widgets.panels.date_box import DateBox
from shopper_widgets.panels.days import Day, day_refusal
from shopper_widgets.panels.typed_box import tell_order

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: The traits of a period.
ENDS = ("start", "end")
#: The message if the days are in the wrong order.
CROSSED = N_("The first day is after the last one: choose an earlier first day.")
#: The text of the choice for days without a name.
OTHER = N_("Other days")

Days = tuple[dt.date, dt.date]


@once_per_model
def covered_days(model: ShopperModel) -> Days:
    """Return the first and the last day with orders."""
    ordered = model.lines[ORDERED_AT]  # the table of orders starts a thread, which no page may be forked with
    return ordered.min().date(), ordered.max().date()


def named_periods(first: dt.date, last: dt.date) -> dict[str, Days]:
    """Return usual periods, counted back from the last day, without equal ones.

    Examples
    --------
    >>> for name, (start, end) in named_periods(dt.date(2010, 12, 1), dt.date(2011, 12, 9)).items():
    ...     print(f"{name}: {start} to {end}")
    All days: 2010-12-01 to 2011-12-09
    Last 28 days: 2011-11-12 to 2011-12-09
    Last 90 days: 2011-09-11 to 2011-12-09
    Last 365 days: 2010-12-10 to 2011-12-09
    This year: 2011-01-01 to 2011-12-09
    Last year: 2010-12-01 to 2010-12-31
    """
    wanted = {gettext("All days"): (first, last)}
    for days in (28, 90, 365):
        wanted[gettext("Last {days} days", days=days)] = (last - dt.timedelta(days=days - 1), last)
    wanted[gettext("This year")] = (last.replace(month=1, day=1), last)
    wanted[gettext("Last year")] = (dt.date(last.year - 1, 1, 1), dt.date(last.year - 1, 12, 31))
    covered = {name: (max(start, first), end) for name, (start, end) in wanted.items() if end >= first}
    names = {days: name for name, days in reversed(covered.items())}
    return {name: days for name, days in covered.items() if names[days] == name}


def _label(end: str) -> str:
    return pgettext("a day", "From") if end == ENDS[0] else pgettext("a day", "To")


class PeriodPanel(Panel):
    """Base of a panel with a period.

    A subclass has `ENDS` in its state, and places the controls of `_period_controls`.

    Attributes
    ----------
    start, end : datetime.date
        First and last day, both included; within the days of the data.
    """

    start = Day("From")
    end = Day("To")

    @property
    def period(self) -> tuple[str, ...]:
        """First and last day as text; empty if they are those of the data."""
        chosen = self.start, self.end
        return () if chosen == covered_days(self.model) else tuple(map(str, chosen))

    @period.setter
    def period(self, days: tuple[str, ...]) -> None:
        with self.hold_trait_notifications():
            self.start, self.end = map(dt.date.fromisoformat, days) if days else covered_days(self.model)

    @traitlets.default("start")
    def _first_day(self) -> dt.date:
        return covered_days(self.model)[0]

    @traitlets.default("end")
    def _last_day(self) -> dt.date:
        return covered_days(self.model)[1]

    @traitlets.validate("start", "end")
    def _within_data(self, proposal: dict[str, Any]) -> dt.date:
        day: dt.date = proposal["value"]
        if refusal := day_refusal(_label(proposal["trait"].name), day, *covered_days(self.model)):
            raise traitlets.TraitError(refusal)
        return day

    @property
    def _crossed(self) -> bool:
        return bool(self.start > self.end)

    @property
    def _began(self) -> Days | None:
        """The days of first orders that filter new customers; None for all."""
        return (self.start, self.end) if self.period else None

    @property
    def _days_in_words(self) -> str:
        return gettext("{start} to {end}", start=format_day(self.start), end=format_day(self.end))

    def _period_controls(self) -> list[widgets.Widget]:
        """Make the controls, once."""
        covered = covered_days(self.model)
        self._dates = [DateBox(_label(name), *covered) for name in ENDS]
        named = [*named_periods(*covered).items()]
        self._named = widgets.Dropdown(description=gettext("Period"), options=[*named, (gettext(OTHER), ())])
        self._named.observe(self._on_period, "value")
        boxes = [self._bind(box, name) for box, name in zip(self._dates, ENDS, strict=True)]
        return [field(box) for box in (*boxes, *([self._named] if len(named) > 1 else []))]

    def _draw_period(self) -> None:
        """Show the period in the controls."""
        tell_order(*self._dates, crossed=self._crossed, words=(N_("later than"), N_("earlier than")))
        chosen = self.start, self.end
        self._named.value = chosen if chosen in {days for _, days in self._named.options} else ()

    @guarded
    def _on_period(self, change: dict[str, Any]) -> None:
        if change["new"]:
            self._take_days(*change["new"])

    def _take_days(self, start: dt.date | str, end: dt.date | str) -> None:
        """Take a period that is chosen by its name: unlike typing, each choice is one change."""
        self._stepped = set()
        self._take(start=start, end=end)

    def _in_period(self, frame: pd.DataFrame, when: str) -> pd.DataFrame:
        """Return the rows within the period."""
        after = pd.Timestamp(self.end) + pd.Timedelta(days=1)
        return frame[(frame[when] >= pd.Timestamp(self.start)) & (frame[when] < after)]
