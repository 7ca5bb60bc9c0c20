"""Sentences about changes since an earlier report agree with both reports."""

from __future__ import annotations

import dataclasses

import pandas as pd

from shopper_widgets._support.formatting import format_money
from shopper_widgets._support.locale import in_locale
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.words.since import since


def test_what_changed_since_an_earlier_model(small_model: ShopperModel, small_shop: pd.DataFrame) -> None:
    cut = small_shop["ordered_at"].max() - pd.Timedelta(days=60)
    earlier = small_shop[small_shop["ordered_at"] <= cut]
    previous = ShopperModel.fit(earlier, n_clusters=4, currency="£", progress=False)
    said = since(previous, small_model)
    more = small_model.orders["amount"].sum() - previous.orders["amount"].sum()
    assert f"up by {format_money(more, '£')}" in said[0]
    new = len(small_model.customers) - len(previous.customers)
    assert f"{new:,} customer" in said[0]
    before = previous.customers.set_index("customer_id")["segment"]
    now = small_model.customers.set_index("customer_id")["segment"].loc[before.index]
    assert said[1].startswith(f"{(before != now).sum():,} customer")


def test_who_is_new_and_who_is_gone_are_not_the_same(small_model: ShopperModel) -> None:
    """Three came and one left: different numbers, so that a mix-up would show."""
    before = dataclasses.replace(small_model, customers=small_model.customers.iloc[3:])
    now = dataclasses.replace(small_model, customers=small_model.customers.iloc[:-1])
    assert since(before, now)[0].endswith("; 3 customers are new; 1 customer no longer in the orders.")
    assert since(now, before)[0].endswith("; 1 customer is new; 3 customers no longer in the orders.")


def test_nothing_changed_since_itself(small_model: ShopperModel) -> None:
    said = since(small_model, small_model)
    assert said[0].endswith("revenue unchanged; 0 customers are new.")
    assert said[1] == "Every customer in both reports is still in the same segment."


def test_reports_of_two_shops_are_told_apart(small_model: ShopperModel) -> None:
    other = dataclasses.replace(
        small_model,
        customers=small_model.customers.assign(customer_id=small_model.customers["customer_id"] + "x"),
    )
    said = since(other, small_model)
    assert said[-1].startswith("No customer is in both reports: the earlier one covers another shop")


def test_one_who_left_agrees_with_the_german_sentence(small_model: ShopperModel) -> None:
    now = dataclasses.replace(small_model, customers=small_model.customers.iloc[:-1])
    with in_locale("de"):
        assert since(small_model, now)[0].endswith("; nicht mehr in den Bestellungen: 1 Kunde.")
