"""What to do for a customer: the customer's own case counts before the segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopper_widgets.columns import CUSTOMER_ID, RECENCY, SEGMENT
from shopper_widgets.customers.cadence import customer_cadence, overdue_customers
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.segments.actions import (
    IN_TIME_ACTION,
    OVERDUE_ACTION,
    OVERDUE_ACTION_OF_TOTALS,
    suggested_action,
)
from shopper_widgets.segments.naming import base_name

if TYPE_CHECKING:
    import pandas as pd

    from shopper_widgets.model.shopper_model import ShopperModel


def segment_action(model: ShopperModel, segment: str) -> str:
    """Say what to do for a segment of a model: see ``segments.actions.suggested_action``."""
    return suggested_action(
        segment,
        model.customers[RECENCY].max(),
        model.short_silence,
        several_products=len(model.products) > 1,
    )


def customer_actions(
    model: ShopperModel, customers: pd.DataFrame, *, cadence: pd.DataFrame | None = None
) -> list[str]:
    """Return what to do for each of some customers: their own case counts before their segment.

    Parameters
    ----------
    model : ShopperModel
        Gives the segments' actions and, where there is no `cadence`, the orders.
    customers : DataFrame
        Rows of ``model.customers``: ``customer_id, segment``.
    cadence : DataFrame, optional
        The result of :func:`~shopper_widgets.customer_cadence` for the model, if it is available.

    Returns
    -------
    list of str
        ``OVERDUE_ACTION`` for customers whom :func:`~shopper_widgets.overdue_customers` lists (that of totals
        without several products), ``IN_TIME_ACTION`` for those of At-Risk, Lapsed and Slipping who came back
        and are not beyond their usual gap, and for all others what `segment_action` says of their segment.
    """
    by_segment = {name: segment_action(model, name) for name in customers[SEGMENT].unique()}
    said = customers[SEGMENT].map(by_segment)
    if cadence is None or cadence.empty:
        try:
            cadence = customer_cadence(model)
        except TooLittleDataError:
            return said.tolist()
    overdue = OVERDUE_ACTION if len(model.products) > 1 else OVERDUE_ACTION_OF_TOTALS
    listed = set(overdue_customers(model, cadence=cadence)[CUSTOMER_ID])
    in_time = set(cadence.loc[(cadence["gaps"] > 0) & (cadence["overdue"] <= 1), CUSTOMER_ID])
    late = customers[SEGMENT].map(base_name).isin(("At-Risk", "Lapsed", "Slipping"))
    said = said.mask(late & customers[CUSTOMER_ID].isin(in_time), IN_TIME_ACTION)
    return said.mask(customers[CUSTOMER_ID].isin(listed), overdue).tolist()
