"""Figures that are worked out of what a panel is narrowed to, and a note of what that is."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets as widgets

from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import SEGMENT
from shopper_widgets.customers.narrowing import Narrowing
from shopper_widgets.panels.country import CountryPanel
from shopper_widgets.words.html import paragraph


class NarrowedPanel(CountryPanel):
    """Base of a panel whose figures are worked out of what it is narrowed to.

    A subclass places `_narrowing_controls` and the note `_narrowed_to`, and draws what `_among` says.

    Attributes
    ----------
    country : str
        ``""`` for all countries.
    kept : dict of str to str
        Column that the model was told to keep → the value to narrow it to, as the control writes it.
    """

    #: Whether it follows customers from their first order, which alone decides whether they count.
    by_first_order: ClassVar[bool] = True

    @property
    def _among(self) -> Narrowing:
        kept = tuple(sorted(self.kept.items()))
        return Narrowing(country=self.country, segment=getattr(self, SEGMENT, ""), kept=kept)

    def _narrowing_controls(self) -> list[widgets.Widget]:
        """Make the controls and the note, once."""
        self._narrowed_to = widgets.HTML()
        segment = [self._segment_control()] if SEGMENT in self.state else []
        return [*self._country_controls(), *segment, *self._kept_controls()]

    def _draw_narrowing(self) -> None:
        """Say what it is narrowed to; nothing where it isn't."""
        self._narrowed_to.value = paragraph(self._narrowing_in_words(), "sw-note") if self._among else ""
        self._narrowed_to.layout.display = None if self._among else "none"

    def _narrowing_in_words(self) -> str:
        among = self._among
        if self.by_first_order:
            return gettext(
                "Only customers whose first order was{where}; all their later orders count.",
                where=self._where,
            )
        orders = N_("Only order lines{where}{whose}.") if among.kept else N_("Only orders{where}{whose}.")
        whose = ""
        if among.segment:
            whose = gettext(" of customers who are {segment} today", segment=gettext(among.segment))
        said = gettext(orders, where=self._where, whose=whose)
        if among.segment:
            said += " " + gettext("Orders decided on the segment, so a change over time says little.")
        if among.country or among.kept:
            said += " " + gettext("Revenue at risk counts all that the customers at risk have spent.")
        return said
