"""Sentences about journeys and repurchases name products as people do."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from shopper_widgets.customers.journeys.entry import entry_products
from shopper_widgets.customers.journeys.steps import product_steps
from shopper_widgets.datasets import make_transactions
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.words import journeys
from shopper_widgets.words.journeys import journey_case, next_step_campaign
from shopper_widgets.words.repurchase import refill_campaign, repurchase_case


@pytest.fixture(scope="module")
def numbered() -> ShopperModel:
    """Return a model of a shop in which products have only numbers."""
    orders = make_transactions(n_customers=300, n_products=12, n_days=400, random_state=0)
    numbers = {code: str(500 + n) for n, code in enumerate(sorted(orders["product_id"].unique()))}
    orders["product_name"] = orders["product_id"].map(numbers)
    return ShopperModel.fit(orders, n_clusters=4, currency="£", progress=False)


def test_the_share_of_a_step_has_its_interval(online_retail_model: ShopperModel) -> None:
    case = journey_case(online_retail_model)
    steps = case.steps[case.steps["is_sure"] & (case.steps["product_id"] != case.steps["next_id"])]
    share, low, high = (f"{100 * steps[name].iloc[0]:.0f} %" for name in ("share", "share_low", "share_high"))
    assert f"({share}; 95 % interval {low} to {high}) bought" in case.sentences[-1].replace("\u2060", "")


def test_the_step_of_most_customers_beyond_chance_comes_first(online_retail_model: ShopperModel) -> None:
    """By lift, 5 of 24 buyers of a rabbit cushion would come first, of a shop with thousands of customers."""
    case = journey_case(online_retail_model)
    sure = case.steps[case.steps["is_sure"]]
    beyond = sure["support"] - sure["support"] / sure["lift"]
    assert beyond.is_monotonic_decreasing and sure["support"].iloc[0] >= 30
    assert case.steps["is_sure"].is_monotonic_decreasing
    found = product_steps(online_retail_model.lines, days=online_retail_model.follow_days)
    assert set(case.steps["lift"].round(9)) == set(found["lift"].round(9))


def test_a_product_that_has_only_a_number_is_called_a_product(numbered: ShopperModel) -> None:
    case = repurchase_case(numbered)
    assert f"The surest is product {case.products['product_name'].iloc[0]}: " in case.sentences[0]
    code = case.products["product_id"].iloc[0]
    refill = refill_campaign(numbered, code)
    assert refill.name == f"Refill: product {case.products['product_name'].iloc[0]}"
    step = journey_case(numbered).steps.iloc[0]
    suggested = next_step_campaign(numbered, step)
    assert suggested.name == f"Next: product {step['next_name']}"
    assert all(text.endswith(f"product {step['next_name']}.") for _, text in suggested.actions)


def test_an_entry_product_is_told_only_where_more_stand_out_than_by_chance(
    monkeypatch: pytest.MonkeyPatch, numbered: ShopperModel
) -> None:
    found = entry_products(numbered.lines)
    usual = found.attrs["later_value"]
    of_40 = pd.concat([found.head(1)] * 40, ignore_index=True)
    for standing_out, told in ((0, False), (2, False), (3, False), (4, True)):
        low = [2 * usual] * standing_out + [usual / 2] * (40 - standing_out)
        entry = of_40.assign(value_low=low)
        entry.attrs = found.attrs
        monkeypatch.setattr(journeys, "entry_products", lambda *_, entry=entry, **__: entry)
        said = journey_case(replace(numbered)).sentences[1]
        assert said.startswith("Of 40 entry products with 20 customers or more, none stands out") is not told
        assert ("4 are clearly above average; by chance alone, about 1 would be." in said) is told
