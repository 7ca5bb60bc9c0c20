"""Filters: which lines, orders and customers they leave, in one definition for all figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from shopper_widgets.columns import COUNTRY, CUSTOMER_ID, ORDER_ID, ORDERED_AT, SEGMENT
from shopper_widgets.customers.kept import lines_with
from shopper_widgets.model.once import once_per_model
from shopper_widgets.orders.tables import orders_table

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel


@dataclass(frozen=True)
class Narrowing:
    """The filters of figures; empty ones filter nothing.

    Attributes
    ----------
    country : str
        The country of the orders.
    segment : str
        The customers' segment today.
    kept : tuple of (str, str)
        Kept columns with a value of each, as `customers.kept.value_name` writes it.

    Examples
    --------
    >>> from shopper_widgets.datasets import load_sample
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> model = ShopperModel.fit(load_sample(), progress=False)
    >>> france = Narrowing(country="France")
    >>> set(france.orders(model)["country"]), bool(france), bool(Narrowing())
    ({'France'}, True, False)
    >>> france.newcomers(model) <= set(france.orders(model)["customer_id"])
    True
    """

    country: str = ""
    segment: str = ""
    kept: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.country or self.segment or self.kept)

    @property
    def audience(self) -> dict[str, Any]:
        """The filters of a campaign that selects the customers on the narrowed lists."""
        state: dict[str, Any] = {"countries": (self.country,)} if self.country else {}
        state |= {"segments": (self.segment,)} if self.segment else {}
        return state | ({"kept": dict(self.kept)} if self.kept else {})

    def lines(self, model: ShopperModel) -> pd.DataFrame:
        """Return the order lines with this country and these values; for a segment, those of its customers.

        Parameters
        ----------
        model : ShopperModel
            Gives the lines, orders and customers.

        Returns
        -------
        pandas.DataFrame
            Rows of ``model.lines``, of customers known or not.

        Raises
        ------
        ValueError
            The model keeps no such column, or no line has that value.
        """
        lines = lines_with(model, dict(self.kept))
        return self._of_segment(model, self._from_there(lines))

    def orders(self, model: ShopperModel) -> pd.DataFrame:
        """Return the orders of known customers, counting only such lines.

        Parameters
        ----------
        model : ShopperModel
            Gives the lines, orders and customers.

        Returns
        -------
        pandas.DataFrame
            The columns of ``model.orders``.

        Raises
        ------
        ValueError
            The model keeps no such column, or no line has that value.
        """
        orders = _orders_with(model, self.kept) if self.kept else model.orders
        return self._of_segment(model, self._from_there(orders))

    def customers(self, model: ShopperModel) -> frozenset[str]:
        """Return customers for lists: last order from the country, in the segment, and with any such line.

        Parameters
        ----------
        model : ShopperModel
            Gives the lines, orders and customers.

        Returns
        -------
        frozenset of str
            Their ids.

        Raises
        ------
        ValueError
            The model keeps no such column, or no line has that value.
        """
        customers = self._of_segment(model, self._from_there(model.customers))[CUSTOMER_ID]
        if self.kept:
            customers = customers[customers.isin(_orders_with(model, self.kept)[CUSTOMER_ID])]
        return frozenset(customers)

    def newcomers(self, model: ShopperModel) -> frozenset[str]:
        """Return customers whose first order is one of those.

        Customers followed from their first order are selected by that order only: counting later orders, too,
        would select those who came back.

        Parameters
        ----------
        model : ShopperModel
            Gives the lines, orders and customers.

        Returns
        -------
        frozenset of str
            Their ids.

        Raises
        ------
        ValueError
            The model keeps no such column, or no line has that value.
        """
        first = model.orders[ORDERED_AT] == model.orders.groupby(CUSTOMER_ID)[ORDERED_AT].transform("min")
        began = model.orders.loc[first, [ORDER_ID, CUSTOMER_ID]]
        such = self.orders(model)[[ORDER_ID, CUSTOMER_ID]]
        return frozenset(began.merge(such)[CUSTOMER_ID])

    def _from_there(self, table: pd.DataFrame) -> pd.DataFrame:
        return table[table[COUNTRY] == self.country] if self.country else table

    def _of_segment(self, model: ShopperModel, table: pd.DataFrame) -> pd.DataFrame:
        if not self.segment:
            return table
        customers = model.customers
        return table[table[CUSTOMER_ID].isin(customers.loc[customers[SEGMENT] == self.segment, CUSTOMER_ID])]


@once_per_model
def _orders_with(model: ShopperModel, kept: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    lines = lines_with(model, dict(kept))
    return orders_table(lines[lines[CUSTOMER_ID].notna()])


#: The narrowing that leaves everything.
EVERYONE = Narrowing()
