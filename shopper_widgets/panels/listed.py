"""Filters of the customers that a panel lists: a country, in some panels a segment, and kept columns."""

from __future__ import annotations

import pandas as pd

from shopper_widgets._support.locale import N_
from shopper_widgets.columns import CUSTOMER_ID
from shopper_widgets.customers.narrowing import EVERYONE, Narrowing
from shopper_widgets.panels.country import CountryPanel


class ListedPanel(CountryPanel):
    """Base of a panel that lists customers; `_narrowed` applies its filters.

    Attributes
    ----------
    country : str
        Only customers of this country; ``""`` for all. Figures of the whole shop, such as who is valuable,
        stay the same.
    kept : dict of str to str
        Only customers with an order line that has these values of columns that the model was told to keep; if
        there are several, one line must have all of them.
    """

    nowhere = N_("No customer is from {value}.")

    _listed: tuple[Narrowing, frozenset[str]] = (EVERYONE, frozenset())

    @property
    def _located(self) -> pd.DataFrame:
        return self.model.customers

    def _narrowed(self, customers: pd.DataFrame) -> pd.DataFrame:
        """Return the customers that pass the filters; the kept columns are looked up once."""
        among = self._among
        if not among:
            return customers
        if self._listed[0] != among:
            self._listed = among, among.customers(self.model)
        return customers[customers[CUSTOMER_ID].isin(self._listed[1])]
