"""Filters of panels besides kept columns: a country, and in some panels a segment."""

from __future__ import annotations

from typing import Any, ClassVar

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.checks import plain
from shopper_widgets._support.formatting import listed
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import COUNTRY, SEGMENT
from shopper_widgets.customers.narrowing import Narrowing
from shopper_widgets.panels.base import field
from shopper_widgets.panels.kept import KeptPanel

NO_DATE = N_("There is no date {value}; there are: {names}.")
NO_SEGMENT = N_("There is no segment {value}; there are: {names}.")


class CountryPanel(KeptPanel):
    """Base of a panel that can be narrowed to a country and by kept columns.

    A subclass has `COUNTRY` in its state, places the controls of `_country_controls`, and returns in
    `_located` the rows whose countries can be chosen.

    Attributes
    ----------
    country : str
        ``""`` for all countries.
    """

    #: The message for a country that has no orders.
    nowhere: ClassVar[str] = N_("There are no orders from {value}.")

    country = traitlets.Unicode()

    @property
    def _located(self) -> pd.DataFrame:
        """The orders or customers whose countries can be chosen."""
        return self.model.orders

    @property
    def _among(self) -> Narrowing:
        """The filters of the panel; with the segment, if it has one."""
        kept = tuple(sorted(self.kept.items()))
        return Narrowing(country=self.country, segment=getattr(self, SEGMENT, ""), kept=kept)

    @traitlets.validate("country")
    def _known_country(self, proposal: dict[str, Any]) -> str:
        country: str = proposal["value"]
        if country and country not in self._countries:
            raise traitlets.TraitError(gettext(self.nowhere, value=repr(plain(country))))
        return country

    @traitlets.validate("segment")
    def _known_segment(self, proposal: dict[str, Any]) -> str:
        """Refuse a `segment` that is not in the model."""
        segment: str = proposal["value"]
        names = list(self.model.segments[SEGMENT])
        if segment and segment not in names:
            raise traitlets.TraitError(
                gettext(NO_SEGMENT, value=repr(plain(segment)), names=", ".join(names))
            )
        return segment

    @property
    def _countries(self) -> list[str]:
        return sorted({str(name) for name in self._located[COUNTRY].dropna().unique()} - {""})

    def _country_controls(self) -> list[widgets.Widget]:
        """Make the control for the country, once; none if there is only one country."""
        known = self._countries
        options = [(gettext("All countries"), ""), *((name, name) for name in known)]
        choice = widgets.Dropdown(description=gettext("Country"), options=options)
        return [field(self._bind(choice, COUNTRY))] if len(known) > 1 else []

    def _segment_control(self) -> widgets.Widget:
        """Make the control for the segment, once."""
        names = self.model.segments[SEGMENT]
        options = [(gettext("All segments"), ""), *((gettext(name), name) for name in names)]
        return field(self._bind(widgets.Dropdown(description=gettext("Segment"), options=options), SEGMENT))

    @property
    def _where(self) -> str:
        country = gettext(" in {country}", country=self.country) if self.country else ""
        return country + (gettext(" with {kept}", kept=listed(self._kept_in_words)) if self.kept else "")

    @property
    def _in_segment(self) -> str:
        segment = self._among.segment
        return gettext(" in the segment {segment}", segment=gettext(segment)) if segment else ""
