"""Alerts since the last run: who left the best segment, and which valuable customers became overdue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from shopper_widgets._support.checks import check_choice
from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets.columns import CUSTOMER_ID, MONETARY, ORDERED_AT, RECENCY, SEGMENT
from shopper_widgets.customers.cadence import overdue_at
from shopper_widgets.customers.flows import movements
from shopper_widgets.customers.history import Moment, segment_history
from shopper_widgets.segments.naming import segment_to_keep

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

FORMAT, VERSION = "shopper-widgets alerts", 1
#: The reasons why a customer is on the list.
LEFT, OVERDUE = "left segment", "newly overdue"
COLUMNS = ("alert", CUSTOMER_ID, "segment_before", SEGMENT, RECENCY, MONETARY)


def alerts(model: ShopperModel, since: Moment, *, segment: str | None = None) -> pd.DataFrame:
    """List customers who left a segment since a day, and valuable customers who became overdue.

    Both days are judged by this model and its segments, so that nobody is on the list only because segments
    were refitted.

    Parameters
    ----------
    model : ShopperModel
        Its present is the later day.
    since : date-like
        The earlier day, such as that of the last run. A bare date is its midnight.
    segment : str, optional
        The segment whose leavers are listed. Default: the best segment that is neither one of first orders
        nor a silent one, if there is one.

    Returns
    -------
    pandas.DataFrame
        ``alert`` (``left segment``, ``newly overdue``), ``customer_id, segment_before`` (on the earlier day),
        ``segment, recency, monetary``; by alert, most spent first. ``attrs`` hold ``since``, ``as_of`` and
        ``segment``.

    Raises
    ------
    ValueError
        `since` is not between the first order and the model's present, or there is no such segment.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=150, n_products=30, n_days=300, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
    >>> found = alerts(model, "2024-08-01")
    >>> set(found.loc[found["alert"] == "left segment", "segment_before"])
    {'High-Value'}
    """
    moment = naive_timestamp("since", since)
    first = model.orders[ORDERED_AT].min()
    if not first <= moment < model.as_of:
        raise ValueError(
            f"since must lie between the first order, {first:%Y-%m-%d}, and the model's present, "
            f"{model.as_of:%Y-%m-%d}; got {moment:%Y-%m-%d}."
        )
    names = tuple(model.segments[SEGMENT])
    if segment is not None:
        check_choice("segment", segment, names)
    wanted = segment or segment_to_keep(names)
    moved = movements(segment_history(model, dates=[moment, model.as_of]), moment, model.as_of)
    before = moved.set_index(CUSTOMER_ID)["from"]
    left = moved.loc[(moved["from"] == wanted) & (moved["to"] != wanted), CUSTOMER_ID]
    then, now = (overdue_at(model, at) for at in (moment, model.as_of))
    late: list[str] = [] if now is None else now[CUSTOMER_ID].tolist()
    known = set() if then is None else set(then[CUSTOMER_ID])
    listed = [(LEFT, who) for who in left] + [(OVERDUE, who) for who in late if who not in known]
    table = pd.DataFrame(listed, columns=["alert", CUSTOMER_ID], dtype=str)
    table = table.merge(model.customers[[CUSTOMER_ID, SEGMENT, RECENCY, MONETARY]], on=CUSTOMER_ID)
    table["segment_before"] = table[CUSTOMER_ID].map(before)
    order = ["alert", MONETARY, CUSTOMER_ID]
    table = table.sort_values(order, ascending=[True, False, True], ignore_index=True)[list(COLUMNS)]
    table.attrs = {"since": moment, "as_of": model.as_of, SEGMENT: wanted}
    return table


def alerts_between(
    previous: ShopperModel, model: ShopperModel, *, segment: str | None = None
) -> pd.DataFrame:
    """List alerts since an earlier model of the same shop: see :func:`alerts`.

    Parameters
    ----------
    previous : ShopperModel
        The earlier model; only its ``as_of`` and its customers' ids are looked at.
    model : ShopperModel
        The later one: its segments count on both days.
    segment : str, optional
        As for :func:`alerts`.

    Returns
    -------
    pandas.DataFrame
        As :func:`alerts` gives it.

    Raises
    ------
    ValueError
        The earlier model is not earlier, or of another shop.

    Examples
    --------
    >>> import dataclasses
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=150, n_products=30, n_days=300, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
    >>> earlier = dataclasses.replace(model, as_of=pd.Timestamp("2024-08-01"))
    >>> alerts_between(earlier, model).equals(alerts(model, "2024-08-01"))
    True
    """
    if not previous.as_of < model.as_of:
        raise ValueError(
            f"The earlier model must end before the later one; they end on {previous.as_of:%Y-%m-%d} and "
            f"{model.as_of:%Y-%m-%d}. Give the earlier one first."
        )
    if not previous.customers[CUSTOMER_ID].isin(model.customers[CUSTOMER_ID]).any():
        raise ValueError("No customer is in both models: they are of two shops, or under other pseudonyms.")
    return alerts(model, previous.as_of, segment=segment)


def alerts_json(found: pd.DataFrame) -> str:
    """Write what :func:`alerts` returns as JSON for programs.

    Examples
    --------
    >>> found = pd.DataFrame({"alert": ["left segment"], "customer_id": ["7"], "segment_before": ["Regular"],
    ...     "segment": ["At-Risk"], "recency": [90], "monetary": [12.5]})
    >>> found.attrs = {"since": pd.Timestamp("2024-01-01"), "as_of": pd.Timestamp("2024-02-01"),
    ...     "segment": "Regular"}
    >>> json.loads(alerts_json(found))["alerts"][0]["customer_id"]
    '7'
    """
    days = {name: found.attrs[name].isoformat() for name in ("since", "as_of")}
    head = {"format": FORMAT, "version": VERSION, **days, SEGMENT: found.attrs[SEGMENT]}
    return json.dumps(head | {"alerts": found.to_dict("records")}, indent=2, ensure_ascii=False)
