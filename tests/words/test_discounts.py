"""What a discount must bring, in sentences."""

from __future__ import annotations

import pandas as pd
import pytest

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.words.discounts import DiscountTerms, discount_case


def rates(*rows: tuple[str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["segment", "rate"])
    return frame.assign(rate_low=frame["rate"] - 0.01, rate_high=frame["rate"] + 0.01, basket=100.0)


@pytest.fixture
def names(small_model: ShopperModel) -> list[str]:
    return list(small_model.segments["segment"])


def test_the_sentences_are_about_the_table(small_model: ShopperModel, names: list[str]) -> None:
    case = discount_case(small_model, DiscountTerms(), rates((names[0], 0.6), (names[1], 0.3)))
    first, given, test = case.sentences
    assert first == (
        f"With 10 % off at a margin of 40 %, 80 in 100 {names[0]} customers would have to order within 30 "
        "days before it pays; 60 do so anyway."
    )
    n = (small_model.customers["segment"] == names[0]).sum()
    assert f"£{n * 0.6 * 10:,.0f}" in given and f"{n} {names[0]} customers" in given
    assert test.startswith(("Whether it pays is told cheapest in ", "No test could tell"))


def test_a_discount_that_never_pays_is_told(small_model: ShopperModel, names: list[str]) -> None:
    table = rates((names[0], 0.9), (names[1], 0.2))
    some = " ".join(discount_case(small_model, DiscountTerms(discount=0.2), table).sentences)
    assert f"never pays for {names[0]}, by these sums: not even if all ordered." in some
    every = " ".join(discount_case(small_model, DiscountTerms(discount=0.4), table).sentences)
    assert f"never pays for {names[0]} and {names[1]}, by these sums: it takes the whole margin." in every
    assert "before it pays;" not in every and "No test could tell" in every


def test_segments_of_too_few_are_named_apart(small_model: ShopperModel, names: list[str]) -> None:
    one = rates((names[0], 0.5), (names[1], float("nan")))
    assert discount_case(small_model, DiscountTerms(), one).sentences[-1] == (
        f"Of {names[1]}, fewer than 30 were seen at past month-ends: too few."
    )
    (said,) = discount_case(small_model, DiscountTerms(), rates((names[0], float("nan")))).sentences
    assert said.startswith("No segment had 30 customers at a past month-end")
