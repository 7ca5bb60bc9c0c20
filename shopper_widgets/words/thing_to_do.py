"""One thing to do today, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shopper_widgets._support.locale import N_

#: Refers to the part of a report that says more; the report makes a link of it.
MORE_UNDER = N_("More under “{part}”")


@dataclass(frozen=True)
class ToDo:
    """One thing to do.

    Attributes
    ----------
    title : str
        What to do.
    sentence : str
        Why, with the money.
    sure : str
        How sure the reason is.
    button : str
        The text of the button that opens the place where it is done.
    view : str
        That place: a page of the dashboard.
    state : dict
        The state of its panel.
    money : float
        The money at stake, in the currency of the orders; 0 where money is not the point.
    """

    title: str
    sentence: str
    sure: str
    button: str
    view: str
    state: dict[str, Any] = field(default_factory=dict)
    money: float = 0.0
