"""Sentences about a limit on orders say what it leaves out, and there are none if it leaves out nothing."""

from typing import Any

import pandas as pd
import pytest

from shopper_widgets.words.stock_limits import limit_sentences


def _plan(left_out: list[float], **limits: Any) -> pd.DataFrame:
    plan = pd.DataFrame({"left_out": left_out}, dtype=float)
    plan.attrs = {"limits": {"amount": 120.0, "lost": 310.0, **limits}} if limits else {}
    return plan


def test_what_was_left_out_and_what_the_next_hundred_would_bring() -> None:
    assert limit_sentences(_plan([4, 0, 1, float("nan")], worth={"budget": 2.5}), currency="£") == [
        "The budget leaves out 5 units of 2 products for £120, which would save about £310 of expected "
        "sales: what saves the most sales for its cost is ordered first.",
        "Where the budget ends, the next £100 would save up to £250 of expected sales.",
    ]


def test_a_limit_that_costs_nothing_at_its_end_has_no_sentence_on_it() -> None:
    said = limit_sentences(_plan([4], worth={"budget": 0.0, "space": 3.0}), currency="£")
    assert said[0].startswith("The space leaves out 4 units of 1 product for £120,")
    assert said[1:] == [
        "Where the space ends, the next unit of space would save up to £3.00 of expected sales."
    ]
    (unknown,) = limit_sentences(_plan([4], worth={"budget": float("nan"), "space": float("nan")}))
    assert unknown.startswith("The budget and the space leave out 4 units")
    both = limit_sentences(_plan([4], worth={"budget": 2.0, "space": 3.0}))
    assert both[0].startswith("The budget and the space leave out") and len(both) == 3


@pytest.mark.parametrize(
    ("worth", "said"),
    [
        ({"budget": 0.0}, "The budget is enough for all that is needed."),
        ({"space": 0.0}, "The space is enough for all that is needed."),
        ({"budget": 0.0, "space": 0.0}, "The budget and the space are enough for all that is needed."),
    ],
)
def test_a_limit_that_cuts_nothing_is_never_said_to_keep_0_products(
    worth: dict[str, float], said: str
) -> None:
    assert limit_sentences(_plan([0, 0], worth=worth)) == [said]


def test_without_limits_nothing_is_said() -> None:
    assert limit_sentences(_plan([0])) == []
