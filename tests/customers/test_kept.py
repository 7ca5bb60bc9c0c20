"""Lines are filtered by a kept column's value as it is read."""

import pandas as pd
import pytest

from shopper_widgets._support.locale import in_locale
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.kept import lines_with, value_name
from shopper_widgets.model.shopper_model import ShopperModel


@pytest.fixture(scope="module")
def model(small_shop: pd.DataFrame) -> ShopperModel:
    number = pd.Series(range(len(small_shop)), index=small_shop.index)
    channel = pd.Series("till", index=small_shop.index).where(number % 4 > 0)
    shop = small_shop.assign(channel=channel, store=number % 3 * 1.0)
    return ShopperModel.fit(shop, keep=["channel", "store"], n_clusters=2, progress=False)


def test_all_values_are_those_of_one_line(model: ShopperModel) -> None:
    lines = lines_with(model, {"channel": "till", "store": "2"})
    assert set(lines["channel"]) == {"till"} and set(lines["store"]) == {2}
    asked = (model.lines["channel"] == "till") & (model.lines["store"] == 2)
    assert len(lines) == asked.fillna(False).sum() > 0
    assert lines_with(model, {}) is model.lines


def test_what_there_is_not_is_named(model: ShopperModel, small_model: ShopperModel) -> None:
    with pytest.raises(ValueError, match="kept: there are no orders with store '9'"):
        lines_with(model, {"store": "9"})
    with pytest.raises(ValueError, match="kept: the model keeps no column 'shelf'; it keeps channel, store"):
        Campaign(kept=(("shelf", "top"),)).select(model)
    with pytest.raises(ValueError, match="it keeps none"):
        lines_with(small_model, {"channel": "till"})


def test_a_campaign_lists_who_has_such_a_line(model: ShopperModel) -> None:
    campaign = Campaign(kept=(("store", "2"), ("channel", "till")))
    assert campaign.kept == (("channel", "till"), ("store", "2"))
    assert Campaign.from_json(campaign.to_json()) == campaign
    theirs = set(lines_with(model, dict(campaign.kept))["customer_id"].dropna())
    assert set(campaign.select(model)["customer_id"]) == theirs


def test_values_are_named_alike_in_every_language() -> None:
    with in_locale("de"):
        assert [value_name(True), value_name(pd.Timestamp("2024-03-01"))] == ["yes", "1 Mar 2024"]
