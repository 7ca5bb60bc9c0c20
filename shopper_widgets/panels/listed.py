"""Customers whom a panel lists: of a country, of a segment where it has that, and with kept columns."""

from __future__ import annotations

import pandas as pd

from shopper_widgets._support.locale import N_
from shopper_widgets.columns import CUSTOMER_ID
from shopper_widgets.customers.narrowing import EVERYONE, Narrowing
from shopper_widgets.panels.country import CountryPanel


class ListedPanel(CountryPanel):
    """Base of a panel that lists customers; `_narrowed` keeps those whom it is narrowed to.

    Attributes
    ----------
    country : str
        Only customers of this country; ``""`` for all. What is worked out of the whole shop, such as who is
        valuable, stays so.
    kept : dict of str to str
        Only customers who have an order line with these values of columns that the model was told to keep, on
        one line where there are several.
    """

    nowhere = N_("No customer is from {value}.")

    _listed: tuple[Narrowing, frozenset[str]] = (EVERYONE, frozenset())

    @property
    def _located(self) -> pd.DataFrame:
        return self.model.customers

    def _narrowed(self, customers: pd.DataFrame) -> pd.DataFrame:
        """Keep those of the country and the segment who bought what is chosen; looked for once."""
        among = self._among
        if not among:
            return customers
        if self._listed[0] != among:
            self._listed = among, among.customers(self.model)
        return customers[customers[CUSTOMER_ID].isin(self._listed[1])]
