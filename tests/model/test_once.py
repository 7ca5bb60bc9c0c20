"""Results computed from a model are cached with it, and belong to that model alone."""

import copy

import pytest

from shopper_widgets import ShopperModel
from shopper_widgets._support.locale import gettext, in_locale
from shopper_widgets.model.once import once_per_model
from shopper_widgets.words.demand import demand_of, sold_of


def test_an_answer_is_worked_out_once_for_each_model_and_terms(small_model: ShopperModel) -> None:
    asked: list[int] = []

    @once_per_model
    def spent(model: ShopperModel, times: int = 1) -> float:
        asked.append(times)
        return times * float(model.orders["amount"].sum())

    one = copy.copy(small_model)
    assert spent(one) == spent(one) == spent(one, 2) / 2
    assert asked == [1, 2]
    someone = one.customers["customer_id"].iloc[0]
    assert spent(one.forget([someone])) < spent(one)
    assert asked == [1, 2, 1]


def test_what_could_not_be_told_is_told_again(small_model: ShopperModel) -> None:
    @once_per_model
    def nothing(model: ShopperModel) -> None:
        raise ValueError("too few")

    for _ in range(2):
        with pytest.raises(ValueError, match="too few"):
            nothing(small_model)


def test_the_same_demand_stands_behind_each_view(small_model: ShopperModel) -> None:
    demand = demand_of(small_model)
    assert demand_of(small_model) is demand
    assert demand.forecaster.forecasts(3) is demand.forecaster.forecasts(3)


def test_what_was_found_goes_with_what_it_was_found_in(small_model: ShopperModel) -> None:
    model = copy.copy(small_model)
    before = sold_of(small_model)
    assert sold_of(small_model) is before
    assert "_found" not in vars(model)
    told, products = sold_of(model), model.all_products
    model.lines = model.lines.iloc[: len(model.lines) // 2]
    assert sold_of(model) is not told and len(model.all_products) <= len(products)
    assert model.all_products["revenue"].sum() < products["revenue"].sum()
    assert sold_of(small_model) is before


def test_an_answer_in_another_language_is_another(small_model: ShopperModel) -> None:
    said = once_per_model(lambda model: gettext("Orders"))
    one = copy.copy(small_model)
    assert said(one) == "Orders"
    with in_locale("de"):
        assert said(one) == "Bestellungen"
