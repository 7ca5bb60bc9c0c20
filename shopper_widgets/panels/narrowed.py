"""Panels whose figures are computed from filtered data, and a note that names the filters."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets as widgets
import pandas as pd

from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import SEGMENT
from shopper_widgets.panels.country import CountryPanel
from shopper_widgets.words.html import paragraph


class NarrowedPanel(CountryPanel):
    """Base of a panel whose figures are computed from filtered data.

    A subclass places `_narrowing_controls` and the note `_narrowed_to`, and draws the data of `_among`. By
    default, customers are followed from their first order, which alone decides whether they count.

    Attributes
    ----------
    country : str
        ``""`` for all countries.
    kept : dict of str to str
        Kept column → the value to filter by, as the control writes it.
    """

    #: Why the panel has no filter by segment, if it has none.
    why_no_segment: ClassVar[str] = N_(
        "This view shows who came back and what they spent, which is what decides the segment."
    )

    def _narrowing_controls(self) -> list[widgets.Widget]:
        """Make the controls and the note, once."""
        self._narrowed_to = widgets.HTML()
        segment = [self._segment_control()] if SEGMENT in self.state else []
        return [*self._country_controls(), *segment, *self._kept_controls()]

    def _draw_narrowing(self) -> None:
        """Show the note about the filters; nothing without filters."""
        self._narrowed_to.value = paragraph(self._narrowing_in_words(), "sw-note") if self._among else ""
        self._narrowed_to.layout.display = None if self._among else "none"

    def _narrowing_in_words(self) -> str:
        return gettext(
            "Only customers whose first order was{where}; all their later orders count.", where=self._where
        )


class NarrowedOrdersPanel(NarrowedPanel):
    """Base of a panel whose orders, or order lines of all customers, are filtered themselves."""

    why_no_segment = N_("This view covers all sales; those without a customer id belong to no segment.")

    @property
    def _located(self) -> pd.DataFrame:
        return self.model.lines

    def _narrowing_in_words(self) -> str:
        return self._only(N_("Only order lines{where}{whose}."))

    def _only(self, said: str) -> str:
        """Say what is left, and warn if the filter is a segment, which orders have decided."""
        segment = self._among.segment
        if not segment:
            return gettext(said, where=self._where, whose="")
        whose = gettext(" of customers who are {segment} today", segment=gettext(segment))
        decided = gettext("Orders decided the segment, so a change over time says little.")
        return f"{gettext(said, where=self._where, whose=whose)} {decided}"
