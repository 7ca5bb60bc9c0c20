"""Before a campaign is sent: its minimum detectable effect, and campaigns that overlap, in sentences."""

from __future__ import annotations

import pandas as pd

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_day,
    format_decimal,
    format_money,
    format_share,
)
from shopper_widgets._support.locale import N_, gettext
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
    """Say what the minimum detectable effect is, or why it is unknown; empty for an empty list.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers' past orders.
    selected : pandas.DataFrame
        The list, with its ``customer_id``.
    hold_out : float
        Share of the list that the campaign holds out.
    days : int, default 30
        The days for which orders will count.
    past : pandas.DataFrame, optional
        As :func:`~shopper_widgets.minimum_detectable_effect` takes it.
    """
    if selected.empty:
        return []
    shares = sorted({*HOLD_OUTS, hold_out} - {0})
    try:
        table = minimum_detectable_effect(model, selected, days=days, hold_outs=shares, past=past)
    except TooLittleDataError:
        return [gettext("Their order history is too short to estimate the minimum detectable effect.")]
    return detectable(table, hold_out, days=days, currency=model.currency)


def detectable(table: pd.DataFrame, hold_out: float, *, days: int = 30, currency: str = "") -> list[str]:
    """Say how large an effect must be to be detected, and whether a larger control group would detect less.

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
    With 5 of 54 held out, no effect can be measured: each group needs 10 customers, and 3 who order.
    Hold out 30 % (16 customers): the minimum detectable effect (seen 4 times in 5) is then 40 more buyers in
    100 within 30 days (40 are usual), or £90.00 more spend per customer (£100 is usual).
    """
    first = table.iloc[0]
    everyone = int(first["contacted"] + first["held_out"])
    own, advised = table[table["hold_out"] == hold_out], advised_hold_out(table)
    if advised is None:
        return [
            gettext(
                "Whichever share of {customers} is held out, one group would have fewer than "
                "{fewest}, or fewer than {fewest_buyers} who order within {days}: too few to measure "
                "an effect.",
                customers=count_of(everyone, "customer"),
                fewest=FEWEST,
                fewest_buyers=FEWEST_BUYERS,
                days=count_of(days, "day"),
            )
        ]
    said = []
    if own.empty:
        said.append(gettext("Nobody is held out, so the effect of the campaign can't be measured."))
    elif own["smallest"].isna().any():
        said.append(
            gettext(
                "With {number} of {all} held out, no effect can be measured: each group needs "
                "{fewest} customers, and {fewest_buyers} who order.",
                number=format_count(own["held_out"].iloc[0]),
                all=format_count(everyone),
                fewest=FEWEST,
                fewest_buyers=FEWEST_BUYERS,
            )
        )
    else:
        said.append(
            gettext(
                "With {number} of {all} held out, the minimum detectable effect (seen 4 times in "
                "5) is {smallest}.",
                number=format_count(own["held_out"].iloc[0]),
                all=format_count(everyone),
                smallest=_smallest(own, days, currency),
            )
        )
        if hold_out >= advised:
            return said
    better = table[table["hold_out"] == advised]
    said.append(
        gettext(
            "Hold out {share} ({customers}): the minimum detectable effect (seen 4 times in 5) is "
            "then {smallest}.",
            share=format_share(advised),
            customers=count_of(better["held_out"].iloc[0], "customer"),
            smallest=_smallest(better, days, currency),
        )
    )
    return said


def _smallest(rows: pd.DataFrame, days: int, currency: str) -> str:
    by = rows.set_index("figure")[["smallest", "usual"]].astype(float).to_dict("index")
    buyers, revenue = by["buyers"], by["revenue"]
    return gettext(
        N_(
            "{buyers} more buyers in 100 within {days} ({usual_buyers} are usual), or {money} more spend per "
            "customer ({usual} is usual)"
        )
        if buyers["usual"] + buyers["smallest"] <= 1
        else N_(
            "{money} more spend per customer within {days} ({usual} is usual); more buyers than usual "
            "({usual_buyers} in 100) can't be detected"
        ),
        buyers=_of_hundred(buyers["smallest"]),
        days=count_of(days, "day"),
        usual_buyers=_of_hundred(buyers["usual"]),
        money=format_money(revenue["smallest"], currency),
        usual=format_money(revenue["usual"], currency),
    )


def _of_hundred(share: float) -> str:
    return format_decimal(100 * share, 0 if share >= 0.095 else 1)


def overlap_sentences(written_to: pd.DataFrame) -> list[str]:
    """Say who of a list is still within an earlier campaign.

    Parameters
    ----------
    written_to : pandas.DataFrame
        What ``CampaignLog.written_to`` returns.

    Examples
    --------
    >>> written_to = pd.DataFrame({"sent_at": [pd.Timestamp("2024-03-01")], "name": ["Thanks"],
    ...                            "customers": [12], "contacted": [10], "held_out": [2]})
    >>> overlap_sentences(written_to)
    ['Also in “Thanks” of 1 Mar 2024: 12 customers of this list, 2 of them held out there. The two effects
    cannot be separated.']
    """
    return [
        gettext(
            "Also in “{name}” of {sent_at}: {customers} of this list, {held_out} of them held out "
            "there. The two effects cannot be separated.",
            name=row["name"],
            sent_at=format_day(row["sent_at"]),
            customers=count_of(row["customers"], "customer"),
            held_out=format_count(row["held_out"]),
        )
        for row in written_to.to_dict("records")
    ]
