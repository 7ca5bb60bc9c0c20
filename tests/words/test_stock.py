"""Sentences about an order list tell a buyer what to know."""

import pandas as pd
import pytest

from shopper_widgets._support.locale import in_locale
from shopper_widgets.words.demand import SEASONAL
from shopper_widgets.words.stock import stock_sentences


@pytest.mark.parametrize(
    ("on_hand", "target", "told"),
    [
        (
            [9.0, 7.0],
            [8.0, 7.0],
            "Nothing needs ordering: the stock and open orders of 2 products reach their",
        ),
        ([9.0, None], [8.0, 7.0], "Nothing needs ordering: the stock and open orders of 1 product reach its"),
        (
            [2.0, 7.0],
            [8.0, 7.0],
            "Nothing is ordered, though 1 product would need it: the limits are too low.",
        ),
        (
            [2.0, None],
            [None, 7.0],
            "Nothing is ordered: no product with known stock was sold for long enough",
        ),
    ],
)
def test_an_order_of_nothing_says_why(on_hand: list[float], target: list[float], told: str) -> None:
    plan = pd.DataFrame({"on_hand": on_hand, "order_up_to": target, "order_quantity": 0.0}, dtype=float)
    plan = plan.assign(on_order=0.0, order_amount=0.0, days_of_cover=99.0)
    plan.attrs = {"weeks": 3, "kept": 0, "tried": 0, "rejected": []}
    said = stock_sentences(plan, lead_time=14)
    assert said[0].startswith(told)


def test_money_for_products_that_may_be_seasonal_is_told_apart() -> None:
    plan = pd.DataFrame({"order_quantity": [5.0, 3.0, 2.0], "order_amount": [50.0, 30.0, 20.0]})
    plan = plan.assign(trend=["", SEASONAL, "growing"], on_hand=1.0, on_order=0.0, days_of_cover=99.0)
    plan.attrs = {"weeks": 3, "kept": 0, "tried": 0, "rejected": []}
    said = stock_sentences(plan, lead_time=14, currency="£")
    assert said[:2] == [
        "Order 10 units of 3 products for £100.",
        "Of this, £30.00 is for 1 product that may be seasonal: check them first.",
    ]
    plan["trend"] = "growing"
    assert not any("seasonal" in told for told in stock_sentences(plan, lead_time=14))
    with in_locale("de"):
        assert "Vorhandener Bestand: 3 Stück von 3 Produkten." in stock_sentences(plan, lead_time=14)
