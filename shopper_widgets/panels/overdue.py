"""Valuable customers who should have ordered by now, whatever their segment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.formatting import count_of, format_count, format_money, format_share, listed
from shopper_widgets._support.locale import N_, gettext, ngettext, with_marks
from shopper_widgets.charts import overdue_map
from shopper_widgets.charts.theme import order_segments
from shopper_widgets.columns import COUNTRY, CUSTOMER_ID, FREQUENCY, MONETARY, SEGMENT
from shopper_widgets.customers.cadence import (
    MIN_ORDERS,
    MIN_OVERDUE,
    MIN_SPEND_RANK,
    comparable_customers,
    customer_cadence,
    is_overdue,
    overdue_customers,
    value_at_risk,
)
from shopper_widgets.customers.narrowing import Narrowing
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.panels.base import columns, field, row
from shopper_widgets.panels.brushed_map import BRUSH, BrushedMapPanel
from shopper_widgets.panels.customer_list import CustomerListPanel
from shopper_widgets.panels.kept import KEPT
from shopper_widgets.panels.number_box import number_box
from shopper_widgets.panels.number_limits import Limits, Number, WholeNumber
from shopper_widgets.segments.naming import is_silent
from shopper_widgets.words.customers import USUAL_GAP
from shopper_widgets.words.html import heading, html_table, paragraph, status
from shopper_widgets.words.labels import describe

if TYPE_CHECKING:
    import altair as alt

    from shopper_widgets.model.shopper_model import ShopperModel

NOBODY = N_("No customer is this overdue: lower the limits.")
NOBODY_THERE = N_("No customer of this country is this overdue: lower the limits, or choose all countries.")
NOBODY_SUCH = N_("None of these customers is this overdue: lower the limits, or remove a filter.")
NOBODY_MARKED = N_("No customer in this part of the map is this overdue: mark a larger part, or reset.")
LATE = Limits(
    N_("Silence, more than"),
    unit=N_("times the usual gap"),
    most=36_500,
    help=N_("2: twice as long as usual"),
)
TOP = Limits(
    N_("Spent more than"), most=1, percent=True, unit=N_("% of customers"), help=N_("90: the top tenth")
)
#: The steps and ends of the sliders, in the units that people read.
_SLIDERS = {"min_overdue": (0.5, (0, 10)), "min_silence": (1, (0, 365)), "min_spend_rank": (5, (0, 100))}
SHOWN = (CUSTOMER_ID, SEGMENT, "value_at_risk", FREQUENCY, "expected_gap", "silence", "overdue")
BY_SEGMENT = (SEGMENT, "customers", "overdue_customers", "value_at_risk", "share_at_risk")


class OverduePanel(BrushedMapPanel):
    """List valuable customers who are overdue by their own rhythm, and the revenue at risk in each segment.

    Those who ordered often enough to have a rhythm of their own count; those who spent most come first.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers and their orders.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    min_overdue : float
        Silent for more than so many of their usual gaps.
    min_silence : int
        Silent for more than so many days.
    min_spend_rank : float
        Only customers who spent at least this quantile of what customers spent, 0 to 1.
    country : str
        Whose customers are listed; ``""`` for all. Who is valuable still depends on all customers.
    segment : str
        Whose customers are listed, as of today; ``""`` for all.
    kept : dict of str to str
        Who is listed: see `ListedPanel`.
    brush : dict
        The part of the map that is marked: ``{"overdue": [low, high], "monetary": [low, high]}``; ``{}`` for
        all of it.
    customer_id, sort_by, descending : str, str, bool
        The list: see `CustomerListPanel`.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = OverduePanel(ShopperModel.fit(load_sample()))
    >>> bool(panel.selection["silence"].min() > panel.min_silence)
    True
    """

    heading = N_("Which valuable customers are overdue?")
    measured = ("overdue", MONETARY)
    state = (*_SLIDERS, COUNTRY, SEGMENT, KEPT, BRUSH, *CustomerListPanel.list_state)
    filename = "overdue-customers.csv"

    min_overdue = Number(LATE, MIN_OVERDUE)
    min_silence = WholeNumber(Limits(N_("Silence, more than"), unit=N_("days"), most=36_500))
    min_spend_rank = Number(TOP, MIN_SPEND_RANK)
    segment = traitlets.Unicode()
    sort_by = traitlets.Enum(SHOWN, default_value="value_at_risk")

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._cadence, self._why_not = pd.DataFrame(), ""
        try:
            self._cadence = customer_cadence(model)
        except TooLittleDataError as error:
            self._why_not = error.told
        super().__init__(model, **state)

    @traitlets.default("min_silence")
    def _short_silence(self) -> int:
        """Days of silence that are normal in this shop."""
        return self.model.short_silence

    def _build(self) -> list[widgets.Widget]:
        boxes = [
            field(self._bind(number_box(self.traits()[name], step=step, slider=ends), name))
            for name, (step, ends) in _SLIDERS.items()
        ]
        self._by_segment, self._terms = widgets.HTML(), widgets.HTML()
        self._build_map()
        self._build_list(describe(SHOWN, currency=self.model.currency), empty=gettext(NOBODY))
        return [
            row(
                *boxes,
                *self._country_controls(),
                self._segment_control(),
                *self._kept_controls(),
                self._reset_button(),
            ),
            self._status,
            self._terms,
            columns(self._map, self._by_segment),
            self._grid,
        ]

    def _draw(self) -> None:
        if self._why_not:
            self._status.value = status(paragraph(self._why_not, "sw-empty"))
            return
        overdue = overdue_customers(
            self.model,
            min_overdue=self.min_overdue,
            min_silence=self.min_silence,
            min_orders=MIN_ORDERS,
            min_spend_rank=self.min_spend_rank,
            cadence=self._cadence,
        )
        among, where = self._among, self._where + self._in_segment
        limits = (self.min_overdue, self.min_silence, self.min_spend_rank, among)
        self._draw_map(limits, self._chart)
        marked = self._marked(self._narrowed(overdue))
        self._status.value = status(paragraph(self._told(marked)))
        valuable = gettext(
            "Valuable: the top {share} by spend who ordered at least {times}.",
            share=format_share(1 - self.min_spend_rank),
            times=count_of(MIN_ORDERS, "time"),
        )
        said = filter(None, [valuable, self._told_beside(overdue), gettext(USUAL_GAP)])
        self._terms.value = paragraph(" ".join(said), "sw-note")
        of_country = among == Narrowing(country=self.country)
        narrowed = (NOBODY_THERE if of_country else NOBODY_SUCH) if among else NOBODY
        self._grid.empty = gettext(NOBODY_MARKED if self.brush else narrowed)
        self._grid.show(marked, caption=gettext("Valuable and overdue customers{where}", where=where))
        by_segment = N_("Valuable and overdue customers by segment")
        if of_country and among:
            by_segment = N_("Valuable and overdue customers by segment, all countries")
        elif among:
            by_segment = N_("Valuable and overdue customers by segment, all customers")
        self._by_segment.value = heading(gettext("Revenue at risk"), 3) + html_table(
            value_at_risk(self.model, overdue).rename(columns={"overdue": "overdue_customers"}),
            describe(BY_SEGMENT, currency=self.model.currency),
            caption=gettext(by_segment),
            row_header=SEGMENT,
        )

    def _chart(self) -> alt.Chart:
        compared = comparable_customers(
            self._cadence, min_orders=MIN_ORDERS, min_spend_rank=self.min_spend_rank
        )
        compared = self._narrowed(compared)
        late = is_overdue(compared, min_overdue=self.min_overdue, min_silence=self.min_silence)
        return overdue_map(
            compared.assign(is_overdue=late),
            currency=self.model.currency,
            min_overdue=self.min_overdue,
            min_silence=self.min_silence,
        )

    def _told_beside(self, overdue: pd.DataFrame) -> str:
        """Say who spent as much and is silent, but not on the list; ``""`` if there is nobody."""
        cadence = self._narrowed(self._cadence)
        spent = cadence[MONETARY] >= self._cadence[MONETARY].quantile(self.min_spend_rank)
        silent = cadence[SEGMENT].map(is_silent).astype(bool)
        beside = cadence[spent & silent & ~cadence[CUSTOMER_ID].isin(overdue[CUSTOMER_ID])]
        if beside.empty:
            return ""
        return ngettext(
            "{number} more of the top {share} by spend is in {segments} but not listed ({money}): they have "
            "fewer orders, or have not been silent for as long.",
            "{number} more of the top {share} by spend are in {segments} but not listed ({money}): they "
            "have fewer orders, or have not been silent for as long.",
            len(beside),
            number=format_count(len(beside)),
            share=format_share(1 - self.min_spend_rank),
            segments=listed(gettext(name) for name in order_segments(beside[SEGMENT].unique())),
            money=format_money(beside[MONETARY].sum(), self.model.currency),
        )

    def _told(self, marked: pd.DataFrame) -> str:
        worth = float(marked["value_at_risk"].sum())
        revenue = float(self.model.customers[MONETARY].sum())
        part = format_share(worth / revenue) if revenue > 0 else ""
        limits = {
            "where": self._where + self._in_segment,
            "days": self.min_silence,
            "times": with_marks(f"{self.min_overdue:g}"),
            "hint": self._hint,
        }
        if marked.empty:
            return gettext(
                "No valuable customer{where} has been silent for more than {days} days and {times} times "
                "their usual gap.{hint}",
                **limits,
            )
        return ngettext(
            "{number} valuable customer{where} has been silent for more than {days} days and {times} times "
            "their usual gap. They spent {money}{share}.{hint}",
            "{number} valuable customers{where} have been silent for more than {days} days and {times} times "
            "their usual gap. They spent {money}{share}.{hint}",
            len(marked),
            number=format_count(len(marked)),
            money=format_money(worth, self.model.currency),
            share=gettext(", {share} of all revenue", share=part) if part else "",
            **limits,
        )
