import datetime as dt
from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest

from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.journeys.entry import entry_products
from shopper_widgets.customers.journeys.steps import product_steps
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import Dashboard, JourneysPanel
from shopper_widgets.panels.chart_view import ChartView
from tests.customers.journeys.shops import as_orders, journey_shop
from tests.panel_contract import PanelContract, everything, hidden, html, message, refuses


def best_seller(model: ShopperModel) -> str:
    return str(model.products["product_id"].iloc[0])


class TestJourneysPanel(PanelContract):
    panel = JourneysPanel
    states: ClassVar = [
        {"start": dt.date(2024, 3, 1), "end": dt.date(2024, 5, 31)},
        {"start": dt.date(2024, 5, 31), "end": dt.date(2024, 3, 1)},
        {"country": lambda model: model.orders["country"].iloc[0]},
        {"days": 30},
        {"days": 30, "product_id": best_seller, "sort_by": "support"},
        {"days": 200},
    ]


@pytest.fixture(scope="module")
def model() -> ShopperModel:
    """Return a model of a shop in which B follows A."""
    return ShopperModel.fit(as_orders(journey_shop()), n_clusters=4, currency="£", progress=False)


@pytest.fixture
def panel(model: ShopperModel) -> JourneysPanel:
    return JourneysPanel(model, days=60)


def test_it_shows_the_sure_steps_and_the_first_products(panel: JourneysPanel, model: ShopperModel) -> None:
    steps = product_steps(model.lines, days=60)
    sure = steps[steps["is_sure"]].reset_index(drop=True)
    assert len(sure)
    pd.testing.assert_frame_equal(panel.selection.drop(columns="step"), sure)
    pd.testing.assert_frame_equal(panel.entry, entry_products(model.lines, days=60))
    assert "ordered again within 60 days" in html(panel)
    drawn = [w.description for w in everything(panel) if isinstance(w, ChartView)]
    assert "Customers who started with Product PA spent another" in drawn[0]
    assert "of customers who start with Product PA buy Product PB next" in drawn[1]


def test_a_click_chooses_a_product_and_a_step_and_the_button_makes_its_campaign(
    panel: JourneysPanel, model: ShopperModel
) -> None:
    step = panel.selection.iloc[0]
    button = next(
        w for w in everything(panel) if isinstance(w, widgets.Button) and "campaign" in w.description
    )
    assert button.disabled
    panel._entry_chart.selections = {"pick": [{"product_id": step["product_id"]}]}
    assert set(panel.selection["product_id"]) == {step["product_id"]}
    panel._flows.selections = {"pick": [{"from": step["product_id"], "to": step["next_id"]}]}
    assert panel.step == step["step"] and not button.disabled
    button.click()
    campaign = Campaign.from_json(panel.proposed)
    assert campaign.bought == (step["product_id"],) and campaign.max_silence == 60
    chosen = campaign.select(model)
    assert (chosen["frequency"] == 1).all() and (chosen["recency"] <= 60).all()
    assert chosen["action"].str.contains(step["next_name"], regex=False).all()
    panel._flows.selections = {"pick": []}
    assert panel.step == "" and button.disabled


def test_the_dashboard_opens_the_campaign(model: ShopperModel) -> None:
    dashboard = Dashboard(model, page="Journeys")
    dashboard.panel.days = 60
    dashboard.panel.step = dashboard.panel.selection["step"].iloc[0]
    next(
        w
        for w in everything(dashboard.panel)
        if isinstance(w, widgets.Button) and "campaign" in w.description
    ).click()
    assert dashboard.page == "Campaign" and dashboard.panel.max_orders == 1


def test_a_shop_too_young_is_told_what_it_lacks(small_shop: pd.DataFrame) -> None:
    start = small_shop["ordered_at"].min()
    few = small_shop[small_shop["ordered_at"] < start + pd.Timedelta(days=40)]
    panel = JourneysPanel(ShopperModel.fit(few, progress=False))
    assert "No customer can be followed for 90 days" in html(panel)
    assert panel.selection.empty and panel.entry.empty and message(panel) == ""
    assert hidden(panel, "Make the campaign of this step"), "there is nothing to choose from"


def test_what_does_not_exist_is_refused(panel: JourneysPanel) -> None:
    refuses(panel, "product_id", "nothing", "There is no product 'nothing'")
    refuses(panel, "step", "nothing → at all", "There is no step")
    refuses(panel, "step", panel.entry["product_id"].iloc[0], "There is no step")
