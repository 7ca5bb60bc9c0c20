"""Numbers are formatted as people read them."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopper_widgets._support.formatting import (
    format_count,
    format_decimal,
    format_money,
    format_number,
    format_share,
)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "£0.00"),
        (2.9, "£2.90"),
        (99.994, "£99.99"),
        (100, "£100"),
        (9_999, "£9,999"),
        (9_999.6, "£10.0 k"),
        (999_600, "£1.00 M"),
        (8_911_407.904, "£8.91 M"),
        (1e9, "£1.00 bn"),
        (12e12, "£12,000 bn"),
        (-0.001, "£0.00"),
        (-15_000, "-£15.0 k"),
    ],
)
def test_money(amount: float, text: str) -> None:
    assert format_money(amount, "£") == text


def test_exact_money_keeps_every_digit() -> None:
    assert format_money(8_911_407.904, "£", exact=True) == "£8,911,407.90"
    assert format_money(-77_183.6, "EUR", exact=True) == "-EUR 77,183.60"


@pytest.mark.parametrize("missing", [None, math.nan, pd.NA, pd.NaT, np.float64("nan")])
def test_missing_is_a_dash_everywhere(missing: Any) -> None:
    for write in (format_money, format_count, format_share, format_number):
        assert write(missing) == "–"


def test_nothing_has_no_sign() -> None:
    assert format_decimal(-0.001, 2) == "0.00" and format_decimal(-0.006, 2) == "-0.01"
    assert not any(
        said.startswith("-") for said in (format_count(-0.2), format_number(-0.0), format_share(-0.0))
    )


def test_numpy_numbers_are_numbers() -> None:
    assert format_count(np.int64(1_234)) == "1,234"  # type: ignore[arg-type]
    assert format_share(np.float32(0.5)) == "50 %"  # type: ignore[arg-type]


@given(st.floats(0, 1))
def test_a_share_says_nothing_or_all_only_when_it_is(share: float) -> None:
    text = format_share(share)
    assert (text == "0 %") == (share == 0)
    assert (text == "100 %") == (100 * share >= 100)
