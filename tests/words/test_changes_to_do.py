import dataclasses

import pandas as pd
import pytest

from shopper_widgets._support.formatting import format_money
from shopper_widgets.customers.cohort_value import value_curve
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.products.unusual_weeks import UnusualWeek
from shopper_widgets.words import changes_to_do
from shopper_widgets.words.changes_to_do import (
    look_into_the_week,
    pay_less_for_newcomers,
    remind_the_due,
    win_newcomers_back,
)
from shopper_widgets.words.repurchase import RepurchaseCase
from shopper_widgets.words.thing_to_do import ToDo
from tests.customers.test_cohort_value import planted
from tests.customers.test_newcomers import AS_OF, shop


def test_new_customers_who_come_back_less_are_told_with_their_interval(small_model: ShopperModel) -> None:
    assert win_newcomers_back(small_model) is None
    for before, now, is_told in ((0.5, 0.3, True), (0.3, 0.5, False)):
        fewer = dataclasses.replace(small_model, orders=shop(before, now), as_of=AS_OF)
        todo = win_newcomers_back(fewer)
        assert (todo is not None) is is_told
        if todo is not None:
            assert todo.view == "Retention" and " of 400 customers who first ordered from " in todo.sentence
            assert " in 100 fewer (95 % interval). Part of the change may be seasonal." in todo.sure


@pytest.mark.parametrize("tells", [True, False])
def test_who_is_due_is_told_only_where_that_has_told_who_buys(
    small_model: ShopperModel, tells: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    product, other = small_model.products["product_id"].iloc[:2]
    due = pd.DataFrame(
        {"product_id": [other, product, product], "customer_id": ["a", "a", "b"], "amount": [5.0, 4.0, 3.0]}
    )
    case = RepurchaseCase(small_model.products, due, ["Backtest."], tells)
    monkeypatch.setattr(changes_to_do, "repurchase_case", lambda _: case)
    todo = remind_the_due(small_model)
    assert (todo is not None) is tells
    if todo is not None:
        assert todo.title.startswith("Remind 2 customers who are due for ")
        assert (todo.view, todo.state, todo.money) == ("Repurchase", {"product_id": product}, 7.0)
        assert "£7.00" in todo.sentence and "£12.00" in todo.sentence and todo.sure == "Backtest."


@pytest.mark.parametrize(
    ("revenue", "told"),
    [
        (25.0, "50 % less than the usual £50.00, "),
        (500.0, "900 % more than the usual £50.00, "),
        (500.5, "more than 10 times the usual £50.00, "),
    ],
)
def test_how_far_a_week_is_from_the_usual_is_a_share_up_to_ten_times(
    small_model: ShopperModel, monkeypatch: pytest.MonkeyPatch, revenue: float, told: str
) -> None:
    week = UnusualWeek(pd.Timestamp("2024-03-04"), revenue, 50.0, 0.6, 1.8, 30)
    monkeypatch.setattr(changes_to_do, "unusual_week", lambda *_, **__: week)
    todo = look_into_the_week(small_model)
    assert todo is not None and todo.sentence.startswith(f"Sales were {format_money(revenue, '£')}, {told}")


def test_new_customers_who_cost_more_than_they_bring_are_told_where_that_is_sure(
    small_model: ShopperModel,
) -> None:
    def told(cost: float, months: int = 12) -> ToDo | None:
        terms = {"margin": 0.5, "acquisition_cost": cost}
        source = {**small_model.source, "value_terms": terms} if cost else small_model.source
        # All new customers are alike, and each brings £20 of margin in total.
        orders = planted(months, 25, 20.0, [10.0, 0.0, 5.0, 5.0])
        return pay_less_for_newcomers(dataclasses.replace(small_model, orders=orders, source=source))

    assert told(0) is told(19) is told(20) is told(25, months=6) is None
    todo = told(25)
    assert todo is not None
    assert todo.title == "Pay less to win new customers: £25.00 is not paid back within 6 months"
    assert "£20.00 of margin on average, £5.00 less than the acquisition cost" in todo.sentence
    assert (todo.view, todo.state) == ("Value", {"margin": 50.0, "acquisition_cost": 25})
    curve = value_curve(planted(12, 25, 20.0, [10.0, 0.0, 5.0, 5.0])).set_index("months_since")
    assert todo.money == pytest.approx(5 * curve.loc[6, "customers"])
