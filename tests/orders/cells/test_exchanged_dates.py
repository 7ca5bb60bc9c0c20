"""Dates in two mixed notations are reported if the order of the file's lines shows it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from shopper_widgets import read_transactions
from shopper_widgets.orders.cells.exchanged_dates import exchanged_dates, only_first_days

JANUARY = [f"{day:02}/01/2017" for day in range(1, 32)]
FEBRUARY = [f"{day:02}/02/2017" for day in range(1, 29)]
#: January's first twelve days as Americans write them.
MIXED = [f"01/{day:02}/2017" for day in range(1, 13)] + JANUARY[12:] + FEBRUARY


def said(days: Sequence[str | None]) -> str:
    return exchanged_dates(pa.chunked_array([list(days)]), pa.chunked_array([range(2, len(days) + 2)]))


def test_a_file_in_one_notation_says_nothing() -> None:
    assert said(JANUARY + FEBRUARY) == ""
    assert (
        said([f"01/{day:02}/2017" for day in range(1, 32)] + [f"02/{day:02}/2017" for day in range(1, 29)])
        == ""
    )


def test_days_of_another_notation_are_counted() -> None:
    # 1 January is the same either way
    assert said(MIXED).startswith(
        "11 dates, such as '01/02/2017' in line 3, are out of order unless day and month"
    )
    american = [f"{day:02}/01/2017" for day in range(2, 13)] + [f"01/{day}/2017" for day in range(13, 32)]
    assert said(american).startswith("11 dates, such as '02/01/2017' in line 2")
    assert said([None, "n/a", *MIXED]).startswith("11 dates, such as '01/02/2017' in line 5")


@pytest.mark.parametrize(
    "days",
    [
        # too few; unsorted; no proof of either notation; proofs of both, which another note reports
        MIXED[:4] + JANUARY[12:],
        MIXED[::2] + MIXED[::-1],
        [f"01/{day:02}/2017" for day in range(1, 13)],
        ["13/01/2017", "01/13/2017", *MIXED],
        ["2017-01-01"] * 20,
    ],
)
def test_what_a_file_does_not_show_is_not_told(days: list[str | None]) -> None:
    assert said(days) == ""


def test_the_note_stands_with_those_of_reading(tmp_path: Path) -> None:
    lines = [f"{n},P1,c{n % 7},{day},1,2.5" for n, day in enumerate(MIXED)]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["order_id,product_id,customer_id,ordered_at,quantity,unit_price", *lines]))
    notes = read_transactions(path).attrs["notes"]
    assert notes[0].startswith(
        "orders.csv: 11 dates, such as '01/02/2017' in line 3, are out of order unless"
    )


def test_days_up_to_the_twelfth_only_are_told() -> None:
    # April to June, read with day and month exchanged where possible, else left out
    spring = pd.Series(pd.date_range("2022-04-01", "2022-06-30"))
    read = spring[spring.dt.day <= 12].map(lambda d: pd.Timestamp(d.year, d.day, d.month))
    assert only_first_days(read).startswith(
        "No order is dated after the 6th of a month, on 36 days in 12 months"
    )


@pytest.mark.parametrize(
    "days",
    [
        [f"{day:%Y-%m-%d}" for day in pd.date_range("2024-01-01", "2024-12-31")],
        [f"{year}-{m:02}-01" for year in (2022, 2023, 2024) for m in range(1, 13)],  # monthly
        [f"2022-{m:02}-{d:02}" for m in range(1, 13) for d in (1, 5)],  # bills go out on two days a month
        [f"2022-01-{d:02}" for d in range(1, 13)],  # no more lines so far
        [f"2022-{m:02}-{d:02}" for m in range(1, 13) for d in (2, 9, 13)],
    ],
)
def test_days_that_a_shop_may_have_are_not_doubted(days: list[str]) -> None:
    assert only_first_days(pd.Series(pd.to_datetime(days))) == ""


def test_the_third_of_a_month_is_called_so() -> None:
    days = pd.Series([pd.Timestamp(2022, month, day) for month in range(1, 13) for day in (1, 2, 3)])
    assert only_first_days(days).startswith("No order is dated after the 3rd of a month, on 36 days")
