"""The format of a campaign's file: who is in it, and which program reads it."""

from __future__ import annotations

import ipywidgets as widgets
import pandas as pd

from shopper_widgets._support.locale import gettext
from shopper_widgets.customers.audiences import SERVICES, audience_table, email_column
from shopper_widgets.customers.campaign_selection import to_carry_out
from shopper_widgets.model.shopper_model import ShopperModel

#: A spreadsheet without those who are held out.
_TO_CONTACT = "to-contact"


class FileFormat(widgets.Dropdown):  # type: ignore[misc]
    """Asks for whom and for which program a campaign's file is.

    Parameters
    ----------
    model : ShopperModel
        Its customers may have addresses, to which programs can send.

    Examples
    --------
    >>> from shopper_widgets.datasets import load_sample
    >>> model = ShopperModel.fit(load_sample())
    >>> chosen = FileFormat(model)
    >>> [key for _, key in chosen.options]
    ['', 'to-contact']
    """

    def __init__(self, model: ShopperModel) -> None:
        self._model, self._email, self._has_addresses = model, None, True
        formats = {
            gettext("spreadsheet: everyone, held out or not"): "",
            gettext("spreadsheet: only customers to contact"): _TO_CONTACT,
        }
        try:
            self._email = email_column(model)
        except ValueError:
            self._has_addresses = False
        else:
            formats |= {
                gettext("{name}: addresses of customers to contact", name=service.name): key
                for key, service in SERVICES.items()
            }
        super().__init__(description=gettext("Format of the files below"), options=list(formats.items()))

    def offer(self, *, held_out: bool) -> None:
        """Show the choice only where there is one: without a hold-out and addresses, there is one file."""
        is_a_choice = held_out or self._has_addresses
        self.layout.display = None if is_a_choice else "none"
        if not is_a_choice:
            self.value = ""

    def of(self, listed: pd.DataFrame, name: str) -> pd.DataFrame:
        """Return a campaign's list in the chosen format."""
        if self.value in ("", _TO_CONTACT):
            return to_carry_out(listed[~listed["is_held_out"]] if self.value else listed)
        file: pd.DataFrame = audience_table(self._model, listed, self.value, email=self._email, name=name)
        return file

    def filename(self, campaign: str) -> str:
        """Return what the file is called."""
        return "-".join(filter(None, (campaign, self.value))) + ".csv"

    def count(self, listed: pd.DataFrame) -> int | None:
        """Return how many customers are in the file; None where all of the list are."""
        return int((~listed["is_held_out"]).sum()) if self.value and len(listed) else None
