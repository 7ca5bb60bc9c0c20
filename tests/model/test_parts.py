"""A model states its shop's rhythm, and views start with it."""

from __future__ import annotations

import pytest

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import (
    CampaignPanel,
    CampaignResultPanel,
    DiscountPanel,
    JourneysPanel,
    RetentionPanel,
)
from tests.basket_shops import SHOPS, lines_of
from tests.panel_contract import everything, html


@pytest.fixture(scope="module")
def slow() -> ShopperModel:
    """Return a model of a shop whose customers order two or three times a year, over four years."""
    return ShopperModel.fit(lines_of(SHOPS["small and slow"]).assign(unit_price=9.5), progress=False)


def test_a_slow_shop_is_followed_and_waited_for_as_long_as_its_customers_take(slow: ShopperModel) -> None:
    assert 90 < slow.short_silence < 160
    assert slow.follow_days == round(1.5 * slow.short_silence)
    assert slow.reply_days == round(slow.short_silence / 2)


def test_a_shop_of_a_usual_rhythm_is_followed_for_a_quarter(small_model: ShopperModel) -> None:
    assert small_model.short_silence <= 60
    assert (small_model.follow_days, small_model.reply_days) == (90, 30)


def test_each_view_of_a_slow_shop_begins_with_its_days(slow: ShopperModel) -> None:
    follow, reply = slow.follow_days, slow.reply_days
    assert JourneysPanel(slow).days == follow
    assert (DiscountPanel(slow).days, CampaignResultPanel(slow).days) == (reply, reply)
    assert f"Expected orders over the next {follow} days" in html(RetentionPanel(slow))
    campaign = CampaignPanel(slow)
    name = f"One order, {reply}–{2 * reply} days ago"
    once = next(w for w in everything(campaign) if getattr(w, "description", "") == name)
    once.click()
    customers = slow.customers[slow.customers["frequency"] == 1]
    expected = customers.loc[customers["recency"].between(reply, 2 * reply), "customer_id"]
    assert set(campaign.selection["customer_id"]) == set(expected)
