import base64
import re
from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest
from panel_contract import PanelContract, everything, find, html, message, refuses

from shopper_widgets.cadence import overdue_customers
from shopper_widgets.campaign import Campaign
from shopper_widgets.findings import ACTIONS
from shopper_widgets.history import NEW
from shopper_widgets.model import ShopperModel
from shopper_widgets.panels import CampaignPanel
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.moments import comparable_moments


def country(model):
    return (model.customers["country"].mode()[0],)


def best_segment(model):
    return (model.segments["segment"].iloc[0],)


def best_seller(model):
    return model.products.query("is_product")["product_id"].iloc[0]


class TestCampaignPanel(PanelContract):
    panel = CampaignPanel
    states: ClassVar = [
        {"segments": best_segment, "hold_out": 0.2, "seed": 3},
        {"countries": country, "min_spend": 50.0, "max_spend": 400.0},
        {"min_overdue": 1.5, "min_silence": 30, "min_orders": 2},
        {"bought": best_seller, "n_recommendations": 2, "name": "Back in stock"},
        {"recommended": best_seller},
        {"bought": "no such thing"},
        {"from_segment": NEW, "actions": lambda model: {best_segment(model)[0]: "Send a card."}},
    ]


@pytest.fixture
def panel(small_model):
    return CampaignPanel(small_model)


def test_it_starts_with_everyone(panel, small_model):
    assert len(panel.selection) == len(small_model.customers) == find(panel, Grid).total
    assert panel.campaign == Campaign()
    assert f"<dt>Customers</dt><dd>{len(small_model.customers):,}</dd>" in html(panel)


def test_identical_filters_through_the_api_give_the_identical_list(panel, small_model):
    find(panel, widgets.SelectMultiple, "Segments (none: all)").value = ("High-Value", "Regular")
    find(panel, widgets.SelectMultiple, "Countries (none: all)").value = country(small_model)
    find(panel, widgets.FloatText, "Overdue by (usual gaps)").value = 0.2
    find(panel, widgets.FloatText, "Spent at least (£)").value = 40.0
    find(panel, widgets.IntText, "Suggestions each").value = 2
    find(panel, widgets.FloatText, "Hold out (share)").value = 0.25
    find(panel, widgets.IntText, "Draw of the hold-out").value = 7
    asked = Campaign(
        segments=("High-Value", "Regular"),
        countries=country(small_model),
        min_overdue=0.2,
        min_spend=40.0,
        n_recommendations=2,
        hold_out=0.25,
        seed=7,
    )
    assert panel.campaign == asked
    assert len(panel.selection) > 3
    pd.testing.assert_frame_equal(panel.selection, asked.select(small_model))


def test_the_definition_to_download_gives_the_file_to_download_again(panel, small_model):
    panel.min_spend, panel.hold_out, panel.name = 50.0, 0.2, "Café & more"
    definition = base64.b64decode(re.search(r"base64,([^\"]*)", html(panel))[1])
    again = Campaign.from_json(definition.decode("utf-8"))
    assert again == panel.campaign
    assert again.to_csv(small_model, byte_order_mark=True).encode() == find(panel, Grid).file()
    assert find(panel, Grid).filename == "café---more.csv"


def test_the_live_count_is_of_those_who_pass(panel, small_model):
    panel.segments, panel.hold_out = ("High-Value",), 0.5
    chosen = small_model.customers.query("segment == 'High-Value'")
    text = html(panel)
    assert f"<dt>Customers</dt><dd>{len(chosen):,}</dd>" in text
    assert f"<dt>Held out</dt><dd>{round(len(chosen) / 2):,}</dd>" in text
    assert panel.selection["monetary"].sum() == pytest.approx(chosen["monetary"].sum())


def test_one_button_finds_the_valuable_and_overdue(panel, small_model):
    next(w for w in everything(panel) if getattr(w, "description", "") == "Valuable and overdue").click()
    expected = overdue_customers(small_model)
    assert panel.selection["customer_id"].tolist() == expected["customer_id"].tolist()
    assert (panel.min_overdue, panel.min_silence, panel.min_orders) == (1.5, 60, 3)
    assert message(panel) == ""


def test_an_action_can_be_edited_and_put_back(panel):
    box = find(panel, widgets.Textarea, "Regular")
    assert box.value == ACTIONS["Regular"]
    box.value = "Send a card."
    assert panel.actions == {"Regular": "Send a card."}
    assert set(panel.selection.query("segment == 'Regular'")["action"]) == {"Send a card."}
    box.value = ACTIONS["Regular"]
    assert panel.actions == {}
    assert panel.campaign == Campaign()


def test_a_flow_is_the_customers_who_moved(panel, small_model):
    days = list(comparable_moments(small_model))
    panel.start, panel.end = days[0], days[-1]
    find(panel, widgets.Dropdown, "Moved to").value = "At-Risk"
    assert ("At-Risk", "At-Risk") not in panel.campaign.flows
    assert set(panel.selection["to"]) <= {"At-Risk"}
    find(panel, widgets.Dropdown, "Moved from").value = "At-Risk"
    assert panel.campaign.flows == (("At-Risk", "At-Risk"),)
    panel.start, panel.end = days[-1], days[0]
    assert "flow_start must be before flow_end" in html(panel)
    assert panel.selection.empty
    assert message(panel) == ""


def test_an_unknown_product_is_told_and_gives_no_list(panel):
    find(panel, widgets.Combobox, "Bought").value = "unobtainium"
    assert "unobtainium" in html(panel)
    assert panel.selection.empty
    assert "base64" not in html(panel)
    assert find(panel, Grid).total == 0
    panel.reset()
    assert len(panel.selection)


def test_limits_that_exclude_each_other_are_told(panel):
    panel.min_spend, panel.max_spend = 100.0, 10.0
    assert "min_spend must not exceed max_spend" in html(panel)
    assert message(panel) == ""


def test_a_shop_without_rhythm_has_no_filter_for_it(small_shop):
    panel = CampaignPanel(ShopperModel.fit(small_shop.drop_duplicates("customer_id"), progress=False))
    labels = [getattr(w, "description", "") for w in everything(panel)]
    assert "Valuable and overdue" not in labels
    assert not any("Overdue by" in label for label in labels)
    assert message(panel) == ""


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("segments", ("Royalty",), "There is no segment 'Royalty'"),
        ("countries", ("Atlantis",), "There is no country 'Atlantis'"),
        ("start", "1999-01-31", "There is no date"),
        ("hold_out", 1.0, "hold_out must be from 0 to 0.9"),
        ("n_recommendations", 1000, "n_recommendations must be from 0 to 10"),
        ("min_spend", float("nan"), "min_spend must be from 0"),
        ("actions", {"Royalty": "x"}, "There is no segment 'Royalty'"),
        ("customer_id", "nobody", "There is no customer 'nobody'"),
    ],
)
def test_what_does_not_exist_is_refused(panel, name, value, match):
    refuses(panel, name, value, match)
