"""The options of reading orders, checked before any file is opened."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from shopper_widgets._support.checks import check_list, check_text, plain
from shopper_widgets.columns import FOUND_OUT, IS_PRODUCT, OPTIONAL, REQUIRED, SOURCE_FILE, SOURCE_LINE
from shopper_widgets.orders.cells.date_zones import check_zone
from shopper_widgets.orders.discounts import DISCOUNTS


def check_options(
    date_format: Any, dayfirst: Any, decimal: Any, timezone: Any, rates: Any, discounts: Any
) -> None:
    """Raise an error that names the option of `read_transactions` with a wrong value."""
    if timezone is not None:
        check_zone(timezone)
    if decimal not in (None, ".", ","):
        raise ValueError(f"decimal must be '.' or ','; got {plain(decimal)!r}.")
    if dayfirst not in (None, True, False):
        raise TypeError(f"dayfirst must be True or False; got {plain(dayfirst)!r}.")
    if date_format is not None and not isinstance(date_format, str):
        raise TypeError(f"date_format must be text such as '%d.%m.%Y'; got {plain(date_format)!r}.")
    if date_format is not None and "%" not in date_format:
        raise ValueError(f"date_format must be text such as '%d.%m.%Y'; got {plain(date_format)!r}.")
    if date_format is not None and dayfirst is not None:
        raise ValueError("date_format already says whether the day comes first: leave dayfirst out.")
    if discounts not in DISCOUNTS:
        raise ValueError(
            f"discounts must be one of {', '.join(map(repr, DISCOUNTS))}; got {plain(discounts)!r}."
        )
    if rates is None:
        return
    if not isinstance(rates, Mapping):
        raise TypeError(
            f"rates must be a dict of currency to worth, such as {{'EUR': 1.17}}; got {plain(rates)!r}."
        )
    for currency, rate in rates.items():
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 < rate < math.inf:
            raise ValueError(f"rates[{currency!r}] must be a number above 0; got {plain(rate)!r}.")


def checked_keep(keep: Iterable[str]) -> tuple[str, ...]:
    """Return the further headers to keep, or raise an error for one that can't be kept under its own name."""
    check_list("keep", keep, "headers")
    names = tuple(dict.fromkeys(keep))
    own = {*REQUIRED, *OPTIONAL, *FOUND_OUT, IS_PRODUCT, SOURCE_FILE, SOURCE_LINE}
    for name in names:
        check_text("keep", name)
        if name in own or name.startswith("_"):
            raise ValueError(f"keep names {name!r}, which this package uses itself: rename that column.")
    return names
