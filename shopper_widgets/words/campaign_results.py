"""The measured effect of a campaign, in sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_day,
    format_decimal,
    format_money,
    listed,
)
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import SEGMENT
from shopper_widgets.customers.campaign_effect import FEWEST, FEWEST_BUYERS
from shopper_widgets.customers.campaign_result import ALL, CampaignResult


def result_sentences(result: CampaignResult, currency: str = "") -> list[str]:
    """Say whether a campaign worked: its effect, how certain that is, and in which segments.

    Parameters
    ----------
    result : CampaignResult
        The measured result.
    currency : str, default ""
        Sign or code of the money.

    Examples
    --------
    >>> from shopper_widgets.customers.campaign_result import measure_campaign
    >>> selected = pd.DataFrame({"customer_id": [f"c{i}" for i in range(200)],
    ...                          "is_held_out": [i % 4 == 0 for i in range(200)]})
    >>> buyers = [f"c{i}" for i in range(200) if i % 3 == 0 or i % 4 == 1]
    >>> orders = pd.DataFrame({"customer_id": buyers, "amount": 10.0,
    ...                        "ordered_at": pd.Timestamp("2024-03-01")})
    >>> result = measure_campaign(selected, orders, sent_at="2024-02-01")
    >>> for sentence in result_sentences(result, "£"):
    ...     print(sentence)
    Within 30 days, the campaign brought £2.20 per customer contacted (95 % interval: £0.63 to £3.77), £330 in
    all from 150 customers (£94.62 to £565).
    Of 150 contacted, 84 ordered (56 in 100); of 50 held out, 17 (34 in 100).
    """
    revenue = result.row()
    both = gettext(
        "Of {contacted} contacted, {contacted_buyers} ordered ({contacted_share} in 100); of {held_out} held "
        "out, {held_out_buyers} ({held_out_share} in 100).",
        **_who(revenue, "contacted"),
        **_who(revenue, "held_out"),
    )
    said = [both]
    if result.is_told:
        said.insert(0, _verdict(revenue, result, currency))
        methods = set(result.table["method"])
        if "adjusted" in methods:
            said.append(_adjusted(result.row(method="adjusted"), currency))
    else:
        said.insert(
            0,
            gettext(
                "Too few customers to measure an effect: each group needs {fewest}, and "
                "{fewest_buyers} who order.",
                fewest=FEWEST,
                fewest_buyers=FEWEST_BUYERS,
            ),
        )
    said += _by_segment(result, currency)
    if not (revenue["contacted_buyers"] or revenue["held_out_buyers"]):
        said.append(
            gettext(
                "Nobody on the list ordered. If that is unexpected, check that both files use the "
                "same customer ids."
            )
        )
    if not result.is_complete:
        said.append(
            gettext(
                "The orders end on {last}, day {day} of {days}: later orders are not counted yet.",
                last=format_day(result.last_order),
                day=_seen(result),
                days=result.days,
            )
        )
    return said


def result_rows(result: CampaignResult, figure: str = "revenue", currency: str = "") -> pd.DataFrame:
    """Return one figure of a result for readers: a row per segment, with and without adjustment.

    Parameters
    ----------
    result : CampaignResult
        The measured result.
    figure : {"revenue", "buyers", "orders"}
        Money, buyers or orders; the latter two are written per 100 customers.
    currency : str, default ""
        Sign or code of the money.

    Returns
    -------
    pandas.DataFrame
        ``segment, contacted, held_out``, and as text ``contacted_mean, held_out_mean, effect, adjusted,
        total``: the last three with their intervals.
    """

    def unit(value: float) -> str:
        return format_money(value, currency) if figure == "revenue" else format_decimal(100 * value, 1)

    def told(row: dict[Any, Any], name: str, write: Callable[[float], str]) -> str:
        if pd.isna(row["effect"]):
            return gettext("too few")
        low, high = write(row[f"{name}_low"]), write(row[f"{name}_high"])
        return gettext("{value} ({low} to {high})", value=write(row[name]), low=low, high=high)

    table = result.table[result.table["figure"] == figure]
    plain = table[table["method"] == "plain"].to_dict("records")
    rows = pd.DataFrame(
        {
            SEGMENT: [row[SEGMENT] for row in plain],
            "contacted": [row["contacted"] for row in plain],
            "held_out": [row["held_out"] for row in plain],
            "contacted_mean": [unit(row["contacted_mean"]) for row in plain],
            "held_out_mean": [unit(row["held_out_mean"]) for row in plain],
            "effect": [told(row, "effect", unit) for row in plain],
        }
    )
    adjusted = table[table["method"] == "adjusted"].to_dict("records")
    if adjusted:
        rows["adjusted"] = [told(row, "effect", unit) for row in adjusted]
    whole = unit if figure == "revenue" else format_count
    return rows.assign(total=[told(row, "total", whole) for row in plain])


def _who(row: pd.Series[Any], side: str) -> dict[str, str]:
    """Return the size of a side, how many of it ordered, and their share."""
    buyers = row[f"{side}_buyers"]
    return {
        side: format_count(row[side]),
        f"{side}_buyers": format_count(buyers),
        f"{side}_share": format_count(100 * buyers / row[side]) if row[side] else gettext("none"),
    }


def _seen(result: CampaignResult) -> int:
    """Return how many days of orders there are since the campaign was sent."""
    return (result.last_order - result.sent_at).days + 1


def _verdict(row: pd.Series[Any], result: CampaignResult, currency: str) -> str:
    days = count_of(min(result.days, _seen(result)), "day")
    if row["effect_low"] <= 0 <= row["effect_high"]:
        return gettext(
            "Within {days}, no clear effect: per customer contacted, the 95 % interval is {low} to {high}.",
            days=days,
            low=_less_or_more(row["effect_low"], currency),
            high=_less_or_more(row["effect_high"], currency),
        )
    ends = [abs(row["effect_low"]), abs(row["effect_high"])]
    totals = [abs(row["total_low"]), abs(row["total_high"])]
    return gettext(
        N_(
            "Within {days}, the campaign brought {money} per customer contacted (95 % interval: {interval}), "
            "{total} in all from {customers} ({total_interval})."
        )
        if row["effect"] > 0
        else N_(
            "Within {days}, the campaign lost {money} per customer contacted (95 % interval: {interval}), "
            "{total} in all from {customers} ({total_interval})."
        ),
        days=days,
        money=format_money(abs(row["effect"]), currency),
        interval=_span(ends, currency),
        total=format_money(abs(row["total"]), currency),
        customers=count_of(row["contacted"], "customer"),
        total_interval=_span(totals, currency),
    )


def _adjusted(row: pd.Series[Any], currency: str) -> str:
    return gettext(
        "Adjusted for past spend, the effect per customer contacted is {value} ({low} to {high}).",
        value=_less_or_more(row["effect"], currency),
        low=_less_or_more(row["effect_low"], currency),
        high=_less_or_more(row["effect_high"], currency),
    )


def _by_segment(result: CampaignResult, currency: str) -> list[str]:
    table = result.table
    rows = table[(table["figure"] == "revenue") & (table["method"] == "plain") & (table[SEGMENT] != ALL)]
    if len(rows) < 2:
        return []
    sure = rows[(rows["effect_low"] > 0) | (rows["effect_high"] < 0)]
    few = rows[rows["effect"].isna()]
    said = [
        gettext(
            "{segment}: {value} per customer contacted ({low} to {high}).",
            segment=gettext(row[SEGMENT]),
            value=_less_or_more(row["effect"], currency),
            low=_less_or_more(row["effect_low"], currency),
            high=_less_or_more(row["effect_high"], currency),
        )
        for _, row in sure.iterrows()
    ]
    if len(sure):
        said.append(
            gettext(
                "Each of the {number} segments was tested separately: among several, one may show an "
                "effect by chance.",
                number=len(rows),
            )
        )
    if len(few):
        said.append(
            gettext(
                "Too few customers, or too few who ordered, to measure separately: {segments}.",
                segments=listed(map(gettext, few[SEGMENT])),
            )
        )
    return said


def _less_or_more(amount: float, currency: str) -> str:
    money = format_money(abs(amount), currency)
    return gettext("{money} less", money=money) if amount < 0 else gettext("{money} more", money=money)


def _span(ends: list[float], currency: str) -> str:
    low, high = (format_money(end, currency) for end in sorted(ends))
    return gettext("{low} to {high}", low=low, high=high)
