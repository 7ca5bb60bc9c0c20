from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest

from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.journeys.replenishment import due_customers, replenished_products
from shopper_widgets.datasets import load_sample
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import RepurchasePanel
from tests.customers.journeys.shops import as_orders, soap_shop
from tests.panel_contract import PanelContract, everything, hidden, html, message, refuses


def best_seller(model: ShopperModel) -> str:
    return str(model.products["product_id"].iloc[0])


class TestRepurchasePanel(PanelContract):
    panel = RepurchasePanel
    states: ClassVar = [
        {"product_id": best_seller},
        {"sort_by": "silence", "descending": False},
        {"country": lambda model: model.orders["country"].mode()[0]},
        {"segment": lambda model: model.segments["segment"].iloc[-1]},
        {"customer_id": lambda model: model.customers["customer_id"].iloc[5]},
    ]


@pytest.fixture(scope="module")
def model() -> ShopperModel:
    """Return a model of a shop in which soap is bought again."""
    return ShopperModel.fit(as_orders(soap_shop()), n_clusters=4, currency="£", progress=False)


@pytest.fixture
def panel(model: ShopperModel) -> RepurchasePanel:
    return RepurchasePanel(model)


def test_it_shows_what_is_bought_again_and_who_is_due(panel: RepurchasePanel, model: ShopperModel) -> None:
    due = due_customers(model.lines, model.as_of)
    assert len(due)
    pd.testing.assert_frame_equal(panel.selection, due)
    pd.testing.assert_frame_equal(panel.products, replenished_products(model.lines))
    assert f": {len(due):,} purchase" in html(panel)
    assert "In this shop, being due predicts when customers buy." in html(panel)


def test_a_click_lists_the_customers_of_a_product_and_the_button_makes_their_campaign(
    panel: RepurchasePanel, model: ShopperModel
) -> None:
    button = next(
        w for w in everything(panel) if isinstance(w, widgets.Button) and "campaign" in w.description
    )
    assert button.disabled
    product = "SOAP"
    panel._chart.selections = {"pick": [{"product_id": product}]}
    assert set(panel.selection["product_id"]) == {product} and not button.disabled
    assert "gives no reason" not in html(panel)
    button.click()
    chosen = Campaign.from_json(panel.proposed).select(model)
    assert set(chosen["customer_id"]) == set(panel.selection["customer_id"])
    assert chosen["action"].str.startswith("Remind them of ").all()
    panel._chart.selections = {"pick": []}
    assert button.disabled and len(panel.selection) > len(chosen)


def test_a_campaign_that_the_backtest_does_not_support_is_said_to_be_so() -> None:
    model = ShopperModel.fit(load_sample())
    panel = RepurchasePanel(model)
    assert "but not when" in html(panel) and "gives no reason" not in html(panel)
    panel.product_id = panel.selection["product_id"].iloc[0]
    assert "The backtest gives no reason to write to them now rather than later." in html(panel)


def test_a_shop_where_nobody_buys_again_is_told_so(small_shop: pd.DataFrame) -> None:
    panel = RepurchasePanel(ShopperModel.fit(small_shop.drop_duplicates("customer_id"), progress=False))
    assert "No product is repurchased by enough" in html(panel)
    assert panel.selection.empty and panel.products.empty and message(panel) == ""
    assert hidden(panel, "Make the campaign of due customers"), "there is nothing to choose from"


def test_what_does_not_exist_is_refused(panel: RepurchasePanel) -> None:
    refuses(panel, "product_id", "nothing", "There is no product 'nothing'")
    refuses(panel, "customer_id", "nobody", "There is no customer 'nobody'")
