"""A panel that ends in a list of customers: to sort, page through, choose from and take away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets.columns import CUSTOMER_ID
from shopper_widgets.panels.base import Panel
from shopper_widgets.panels.download import download_link
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.tables import Column


class CustomerListPanel(Panel):
    """Base of panels whose selection is a list of customers.

    A subclass names the columns that can order the list in `sort_by`, places `_build_list` among its views,
    and calls `_show_list` when it draws.

    Attributes
    ----------
    customer_id : str
        The customer chosen from the list, ``""`` for none. Link it to another panel's `customer_id`.
    sort_by : str
        Column that orders the list.
    descending : bool
        Whether the largest comes first.
    """

    list_state: ClassVar = (CUSTOMER_ID, "sort_by", "descending")
    #: What a browser calls the file of the list.
    filename: ClassVar = "customers.csv"

    customer_id = traitlets.Unicode()
    sort_by = traitlets.Unicode()
    descending = traitlets.Bool(True)

    @property
    def selection(self) -> pd.DataFrame:
        """The customers on the list, in the order on show."""
        return self._grid.sorted_frame.reset_index(drop=True)

    def _build_list(self, shown: Sequence[Column], *, empty: str) -> list[widgets.Widget]:
        """Make the list and its link to download, once. `empty` is said where nobody is on it."""
        self._grid = Grid(shown, key=CUSTOMER_ID, empty=empty)
        for name, attribute in zip(self.list_state, ("chosen", "sort_by", "descending"), strict=True):
            self._bind(self._grid, name, attribute)
        self._download = widgets.HTML()
        return [self._grid, self._download]

    def _show_list(self, customers: pd.DataFrame, *, caption: str) -> None:
        self._grid.show(customers.reset_index(drop=True), caption=caption)
        self._download.value = download_link(self.selection, self.filename, "customers")
