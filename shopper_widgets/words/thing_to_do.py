"""One thing to do today, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shopper_widgets._support.locale import N_

#: Says which part of a report tells more, of which it makes a link.
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
        How sure that is.
    button : str
        What opens the place where it is done.
    view : str
        That place: a page of the dashboard.
    state : dict
        What its panel is set to.
    money : float
        What it is about, in the currency of the orders; 0 where money doesn't say it.
    """

    title: str
    sentence: str
    sure: str
    button: str
    view: str
    state: dict[str, Any] = field(default_factory=dict)
    money: float = 0.0
