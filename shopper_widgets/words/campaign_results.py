"""What a campaign could show before it is sent, and what it did show afterwards, in sentences."""

from __future__ import annotations

import pandas as pd

from shopper_widgets._support.formatting import count_of, format_count, format_money, format_share
from shopper_widgets.customers.campaign_effect import FEWEST, FEWEST_BUYERS
from shopper_widgets.customers.campaign_power import (
    HOLD_OUTS,
    advised_hold_out,
    minimum_detectable_effect,
)
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel


def what_would_show(
    model: ShopperModel,
    selected: pd.DataFrame,
    hold_out: float,
    *,
    days: int = 30,
    past: pd.DataFrame | None = None,
) -> list[str]:
    """Say how large an effect a campaign must have to be seen, or why that isn't known; nothing of nobody.

    Parameters
    ----------
    model : ShopperModel
    selected : pandas.DataFrame
        The list, with its ``customer_id``.
    hold_out : float
        Share of the list that the campaign holds out.
    days : int, default 30
        For how long orders are going to count.
    past : pandas.DataFrame, optional
        As :func:`~shopper_widgets.minimum_detectable_effect` takes it.
    """
    if selected.empty:
        return []
    shares = sorted({*HOLD_OUTS, hold_out} - {0})
    try:
        table = minimum_detectable_effect(model, selected, days=days, hold_outs=shares, past=past)
    except TooLittleDataError:
        return ["Their past is too short to say how large an effect would have to be to be seen."]
    return detectable(table, hold_out, days=days, currency=model.currency)


def detectable(table: pd.DataFrame, hold_out: float, *, days: int = 30, currency: str = "") -> list[str]:
    """Say how large an effect must be to be seen, and whether holding out more would show smaller ones.

    Parameters
    ----------
    table : pandas.DataFrame
        What :func:`~shopper_widgets.minimum_detectable_effect` returns, for `hold_out` among others.
    hold_out : float
        Share of the list that the campaign holds out; 0 for nobody.
    days : int, default 30
        As given there.
    currency : str, default ""
        Sign or code of the money.

    Examples
    --------
    >>> table = pd.DataFrame({"hold_out": [0.1, 0.1, 0.3, 0.3], "contacted": [49, 49, 38, 38],
    ...     "held_out": [5, 5, 16, 16], "figure": ["buyers", "revenue"] * 2, "usual": [0.4, 100.0] * 2,
    ...     "smallest": [None, None, 0.4, 90.0]})
    >>> for sentence in detectable(table, 0.1, currency="£"):
    ...     print(sentence)
    With 5 of 54 held out, nothing can be told: that takes 10 on each side, and 3 of them who order.
    Hold out 30 % (16): then an effect shows, 4 times in 5, if it is at least 40 more buyers in 100 within 30
    days, where 40 are usual, or £90.00 more spent per customer, where £100 is usual.
    """
    first = table.iloc[0]
    everyone = int(first["contacted"] + first["held_out"])
    own, advised = table[table["hold_out"] == hold_out], advised_hold_out(table)
    if advised is None:
        return [
            f"Whichever share of {count_of(everyone, 'customer')} is held out, one side would have fewer "
            f"than {FEWEST}, or fewer than {FEWEST_BUYERS} who order within {count_of(days, 'day')}: too few "
            "to measure an effect."
        ]
    said = []
    if own.empty:
        said.append("Nobody is held out: what the campaign brings can't be measured.")
    elif own["smallest"].isna().any():
        said.append(
            f"With {format_count(own['held_out'].iloc[0])} of {format_count(everyone)} held out, nothing can "
            f"be told: that takes {FEWEST} on each side, and {FEWEST_BUYERS} of them who order."
        )
    else:
        said.append(
            f"With {format_count(own['held_out'].iloc[0])} of {format_count(everyone)} held out, an effect "
            f"shows, 4 times in 5, if it is at least {_smallest(own, days, currency)}."
        )
        if hold_out >= advised:
            return said
    better = table[table["hold_out"] == advised]
    said.append(
        f"Hold out {format_share(advised)} ({format_count(better['held_out'].iloc[0])}): then an effect "
        f"shows, 4 times in 5, if it is at least {_smallest(better, days, currency)}."
    )
    return said


def _smallest(rows: pd.DataFrame, days: int, currency: str) -> str:
    by = rows.set_index("figure")[["smallest", "usual"]].astype(float).to_dict("index")
    buyers, revenue = by["buyers"], by["revenue"]
    return (
        f"{_of_hundred(buyers['smallest'])} more buyers in 100 within {count_of(days, 'day')}, where "
        f"{_of_hundred(buyers['usual'])} are usual, or {format_money(revenue['smallest'], currency)} more "
        f"spent per customer, where {format_money(revenue['usual'], currency)} is usual"
    )


def _of_hundred(share: float) -> str:
    return f"{100 * share:.0f}" if share >= 0.095 else f"{100 * share:.1f}"
