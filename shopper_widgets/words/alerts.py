"""Alerts in words."""

from __future__ import annotations

import pandas as pd

from shopper_widgets._support.formatting import count_of, format_day, format_money
from shopper_widgets.columns import MONETARY, SEGMENT
from shopper_widgets.customers.alerts import LEFT, OVERDUE


def alert_sentences(found: pd.DataFrame, currency: str = "") -> list[str]:
    """Say how many customers left the segment, and how many became overdue.

    Parameters
    ----------
    found : pandas.DataFrame
        What :func:`~shopper_widgets.alerts` returns.
    currency : str, default ""
        Sign or code of the money.

    Examples
    --------
    >>> found = pd.DataFrame({"alert": ["left segment"], "monetary": [12.5]})
    >>> found.attrs = {"since": pd.Timestamp("2024-01-01"), "as_of": pd.Timestamp("2024-02-01"),
    ...     "segment": "High-Value"}
    >>> alert_sentences(found, "£")[0]
    'Since 1 Jan 2024, 1 customer left High-Value; they have spent £12.50 so far.'
    """
    since = format_day(found.attrs["since"])
    said = []
    left = ((LEFT, f"left {found.attrs[SEGMENT]}"),) if found.attrs[SEGMENT] else ()
    for alert, did in (*left, (OVERDUE, "became valuable and overdue")):
        spent = found.loc[found["alert"] == alert, MONETARY]
        worth = f"; they have spent {format_money(spent.sum(), currency)} so far" if len(spent) else ""
        who = count_of(len(spent), "customer") if len(spent) else "nobody"
        said.append(f"Since {since}, {who} {did}{worth}.")
    return said
