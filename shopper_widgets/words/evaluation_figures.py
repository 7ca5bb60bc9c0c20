"""Shares, intervals and leads of an evaluation, as its sentences and tables write them."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

from shopper_widgets._support.formatting import count_of, format_decimal
from shopper_widgets._support.locale import N_, gettext, with_marks

#: A row of an evaluation.
Row = Mapping[Hashable, Any]
#: Whether a lead is one of shares → the phrases for being ahead and for being behind.
_LEADS = {
    True: (
        N_("ahead by {number} of 100 ({low} to {high})"),
        N_("behind by {number} of 100 ({low} to {high})"),
    ),
    False: (N_("ahead by {number} ({low} to {high})"), N_("behind by {number} ({low} to {high})")),
}


def lead(difference: float, low: float, high: float, is_share: bool = True) -> str:
    """Say how far one method is ahead of another.

    Examples
    --------
    >>> lead(0.045, 0.04, 0.05), lead(-0.02, -0.03, -0.01, is_share=False)
    ('ahead by 4.5 of 100 (4.0 to 5.0)', 'behind by 0.020 (0.010 to 0.030)')
    >>> lead(0.001, -0.004, 0.006)
    'no clear difference (-0.4 to 0.6 of 100)'
    >>> lead(-0.0, -0.0, -0.0)
    'no clear difference (0.0 to 0.0 of 100)'
    """
    if not is_clear(low, high):
        return gettext(
            N_("no clear difference ({low} to {high} of 100)")
            if is_share
            else N_("no clear difference ({low} to {high})"),
            low=number_of(low, is_share),
            high=number_of(high, is_share),
        )
    ahead, behind = _LEADS[is_share]
    least, most = sorted((abs(low), abs(high)))
    return gettext(
        ahead if low > 0 else behind,
        number=number_of(abs(difference), is_share),
        low=number_of(least, is_share),
        high=number_of(most, is_share),
    )


def is_clear(low: float, high: float) -> bool:
    """Return whether an interval excludes 0, so that there is a difference."""
    return not (math.isnan(low) or low <= 0 <= high)


def lead_over(row: Row, is_share: bool) -> str:
    """Return how far ours is ahead of a row's method; the row holds the method's difference from ours."""
    return lead(-row["difference"], -row["difference_high"], -row["difference_low"], is_share)


def compared(row: Row, is_share: bool = True) -> str:
    """Say how our recommender compares with a row's method."""
    found = lead_over(row, is_share)
    clear = is_clear(row["difference_low"], row["difference_high"])
    return gettext("we are {found}", found=found) if clear else found


def asked_of(row: Row) -> str:
    """Say how many questions and customers a row is about."""
    return gettext(
        "{questions} about {customers}",
        questions=count_of(row["questions"], "question"),
        customers=count_of(row["customers"], "customer"),
    )


def of_100(row: Row, asked: str = "") -> str:
    """Write a row's share with its interval, and with `asked`, the number of questions, where it is given."""
    share, interval = format_decimal(100 * row["value"], 0), between(row)
    if not asked:
        return gettext("{share} of 100 ({interval})", share=share, interval=interval)
    return gettext("{share} of 100 ({interval}; {asked})", share=share, interval=interval, asked=asked)


def between(row: Row) -> str:
    """Write a row's interval."""
    return gettext(
        "{low} to {high}",
        low=format_decimal(100 * row["low"], 0),
        high=format_decimal(100 * row["high"], 0),
    )


def number_of(value: float, is_share: bool) -> str:
    """Write a share in hundredths, anything else as it is."""
    # "z": a value that rounds to 0 has no sign.
    return with_marks(f"{100 * value:z.1f}" if is_share else f"{value:z.3f}")
