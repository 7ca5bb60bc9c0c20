"""The break-even of a discount, in sentences."""

from __future__ import annotations

import pandas as pd
import pytest

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.products.discounts import cheapest_test
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
        f"Break-even: at 10 % off and a margin of 40 %, 80 in 100 {names[0]} customers would have to order "
        "within 30 days; 60 order anyway."
    )
    n = (small_model.customers["segment"] == names[0]).sum()
    assert f"£{n * 0.6 * 10:,.0f}" in given and f"{n} {names[0]} customers" in given
    assert test.startswith(("The cheapest test is in ", "No test could show"))


def test_a_discount_that_never_pays_is_told(small_model: ShopperModel, names: list[str]) -> None:
    table = rates((names[0], 0.9), (names[1], 0.2))
    some = " ".join(discount_case(small_model, DiscountTerms(discount=0.2), table).sentences)
    assert f"never pays for {names[0]}, even if all customers ordered." in some
    every = " ".join(discount_case(small_model, DiscountTerms(discount=0.4), table).sentences)
    assert f"never pays for {names[0]} and {names[1]}: it takes the whole margin." in every
    # A discount that takes the whole margin needs neither a test nor larger segments.
    assert "Break-even" not in every and "No test could show" not in every


def test_segments_of_too_few_are_named_apart(small_model: ShopperModel, names: list[str]) -> None:
    one = rates((names[0], 0.5), (names[1], float("nan")))
    assert discount_case(small_model, DiscountTerms(), one).sentences[-1] == (
        f"Too few customers to tell: {names[1]}, under 30 at past month-ends."
    )
    (said,) = discount_case(small_model, DiscountTerms(), rates((names[0], float("nan")))).sentences
    assert said.startswith("No segment had 30 customers at a past month-end")


def nobody(*names: str) -> pd.DataFrame:
    """Return rates of segments in which nobody ordered, so that there is no basket."""
    return rates(*((name, 0.0) for name in names)).assign(rate_low=0.0, basket=float("nan"))


def test_where_nobody_orders_anyway_no_sum_is_told(small_model: ShopperModel, names: list[str]) -> None:
    (said,) = discount_case(small_model, DiscountTerms(contact_cost=0.5), nobody(*names[:2])).sentences
    assert said == (
        f"In {names[0]} and {names[1]}, nobody ordered within 30 days of a past month-end, so the value of "
        "an order and the break-even are unknown."
    )
    mixed = pd.concat([rates((names[0], 0.5)), nobody(names[1])], ignore_index=True)
    case = discount_case(small_model, DiscountTerms(), mixed)
    assert f"In {names[1]}, nobody ordered" in case.sentences[1]
    assert "–" not in " ".join(case.sentences)
    assert case.table["given_away"].iloc[1] == case.table["result_no_lift"].iloc[1] == 0


def test_the_test_that_is_told_is_the_first_of_the_tests(small_model: ShopperModel, names: list[str]) -> None:
    # The cheapest segment has far too few customers for its test; the more expensive one has enough.
    table = rates((names[0], 0.5), (names[1], 0.02))
    table["basket"] = [900.0, 0.01]
    case = discount_case(small_model, DiscountTerms(margin=0.9, discount=0.3), table)
    every = cheapest_test(case.table, discount=0.3)
    assert every["segment"].tolist() == [names[1], names[0]]
    assert case.tests["segment"].tolist() == [names[0]]
    assert f"The cheapest test is in {names[0]}: " in case.sentences[-1]
    slow = discount_case(small_model, DiscountTerms(days=184), rates((names[0], 0.5)))
    assert slow.tests.empty and "No test could show within half a year" in slow.sentences[-1]
