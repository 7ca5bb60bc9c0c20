"""A panel that ends in a list of customers to sort, page through, choose from and download."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pandas as pd
import traitlets

from shopper_widgets.columns import CUSTOMER_ID
from shopper_widgets.panels.base import Panel
from shopper_widgets.panels.grid import Grid
from shopper_widgets.words.labels import Column


class CustomerListPanel(Panel):
    """Base of panels whose selection is a list of customers.

    A subclass names the columns that can sort the list in `sort_by`, and places `_build_list` among its
    views; the customers on the list are its `selection`.

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
    #: The name of the downloaded list.
    filename: ClassVar = "customers.csv"

    customer_id = traitlets.Unicode()
    sort_by = traitlets.Unicode()
    descending = traitlets.Bool(True)

    def _selected(self) -> pd.DataFrame:
        """Return the customers on the list, in the order that is shown."""
        return self._grid.sorted_frame.reset_index(drop=True)

    def _build_list(self, shown: Sequence[Column], *, empty: str) -> None:
        """Make the list, once. `empty` is the text if nobody is on it."""
        self._list_in(Grid(shown, key=CUSTOMER_ID, empty=empty, filename=self.filename, what="customer"))

    def _list_in(self, grid: Grid) -> None:
        """Use this grid as the list."""
        self._grid = grid
        for name, attribute in zip(self.list_state, ("chosen", "sort_by", "descending"), strict=True):
            self._bind(self._grid, name, attribute)
