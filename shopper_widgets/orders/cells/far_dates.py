"""Dates that are years away from all others and can't be dates of orders."""

from __future__ import annotations

import logging

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets._support.formatting import count_of
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import ORDERED_AT
from shopper_widgets.orders.cells.numbers import collected
from shopper_widgets.orders.cells.unread import HOLDS, out_of_range, with_reason

logger = logging.getLogger(__name__)

# Dates that are separated from all others by more than this many years without orders are mistakes: programs
# write 1900, 1970 and 2099 for "no date". At most one line, or this share of all, can be a mistake; more
# lines mean that the shop closed and opened again.
FAR_YEARS, _SHARE = 10, 0.01


def without_far_dates(frame: FrameT, notes: list[str]) -> FrameT:
    """Make isolated dates null that are years from all others, and report it.

    One such date would move the day from which recency counts, and so change the recency of every customer.

    Examples
    --------
    >>> import pyarrow as pa
    >>> days = pa.array(["2024-01-05", "2024-02-05", "2024-03-05", "2099-12-31"]).cast(pa.timestamp("us"))
    >>> notes = []
    >>> frame = without_far_dates(nw.from_native(pa.table({"ordered_at": days})), notes)
    >>> frame["ordered_at"].is_null().to_list()
    [False, False, False, True]
    >>> notes[0]
    '1 line dated 2099, years away from all other orders: left out.'
    """
    year = nw.col(ORDERED_AT).dt.year()
    counted = (
        frame.filter(~nw.col(ORDERED_AT).is_null()).select(year=year).group_by("year").agg(lines=nw.len())
    )
    lines = {int(row["year"]): int(row["lines"]) for row in collected(counted).iter_rows(named=True)}
    far = _far(lines)
    if not far:
        return frame
    number = sum(lines[y] for y in far)
    years = ", ".join(map(str, far))
    said = gettext(
        "{lines} dated {years}, years away from all other orders: left out.",
        lines=count_of(number, "line"),
        years=years,
    )
    notes.append(said)
    logger.warning("%s", said)
    frame = with_reason(frame, year.is_in(far), out_of_range(HOLDS[ORDERED_AT]))
    near = nw.when(~year.is_in(far)).then(nw.col(ORDERED_AT))
    return frame.with_columns(near.alias(ORDERED_AT))


def _far(lines: dict[int, int]) -> list[int]:
    """Return the years at either end that are far from all others."""
    total, years = sum(lines.values()), sorted(lines)
    most = max(1, int(_SHARE * total)) if total > 2 else 0
    far: list[int] = []
    for end in (years, years[::-1]):
        for i in range(1, len(end)):
            if abs(end[i] - end[i - 1]) > FAR_YEARS and sum(lines[y] for y in end[:i]) <= most:
                far += [y for y in end[:i] if y not in far]
    return sorted(far) if len(far) < len(years) else []
