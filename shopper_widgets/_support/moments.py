"""Dates and times as parameters: a moment without a zone, or an error that says why not."""

from __future__ import annotations

from typing import Any

import pandas as pd

from shopper_widgets._support.checks import plain


def naive_timestamp(name: str, value: Any) -> pd.Timestamp:
    """Return a date-like value as a timestamp, or raise an error that says why it is not one."""
    try:
        # pandas reads "now" and "today" from the clock: the same call would mean something else tomorrow.
        moment = pd.Timestamp("" if value in ("now", "today") else value)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name} must be a date such as '2011-12-10'; got {plain(value)!r}.") from error
    if pd.isna(moment) or moment.tzinfo is not None:
        raise ValueError(
            f"{name} must be a date without a time zone, such as '2011-12-10'; got {plain(value)!r}."
        )
    return moment
