"""Sentences about repurchases name the customers of the check."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shopper_widgets.customers.journeys.replenishment import DueCheck, check_due
from shopper_widgets.customers.narrowing import Narrowing
from shopper_widgets.datasets import make_transactions
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.words import repurchase
from shopper_widgets.words.repurchase import repurchase_case


@pytest.fixture(scope="module")
def of_twelve() -> ShopperModel:
    orders = make_transactions(n_customers=300, n_products=12, n_days=400, random_state=0)
    return ShopperModel.fit(orders, n_clusters=4, currency="£", progress=False)


@pytest.mark.parametrize("failed", ["too few were due", "too few were not", "too short", ""])
def test_whose_check_it_is_is_told_where_there_was_one(
    monkeypatch: pytest.MonkeyPatch, of_twelve: ShopperModel, failed: str
) -> None:
    def check(*_: object, **__: object) -> DueCheck:
        if failed == "too short":
            raise TooLittleDataError("…")
        found = check_due(of_twelve.lines, of_twelve.as_of)
        few: dict[str, dict[str, Any]] = {
            "too few were due": {"due": 19, "bought": 1},
            "too few were not": {"not_due": 19},
        }
        return replace(found, **few.get(failed, {}))

    model = replace(of_twelve)  # the other model's cached results stay with it
    monkeypatch.setattr(repurchase, "check_due", check)
    country = str(model.orders["country"].mode()[0])
    said = repurchase_case(model, Narrowing(country=country)).sentences[-1]
    assert said.startswith("The list can't be backtested yet" if failed else "Backtest: ")
    assert said.endswith(" That check covers all customers.") is (not failed)
