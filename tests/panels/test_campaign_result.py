import datetime as dt
from pathlib import Path
from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest

from shopper_widgets._support.formatting import format_day
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.campaign_files import orders_from_text
from shopper_widgets.customers.campaign_log import CampaignLog
from shopper_widgets.customers.campaign_result import measure_campaign
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import CampaignResultPanel, ChartView, Dashboard
from shopper_widgets.panels.upload import Upload
from tests.panel_contract import PanelContract, find, html, message, refuses

CAMPAIGN = Campaign("Thanks", hold_out=0.4)
DAY = dt.date(2024, 6, 1)


def sent_list(model: ShopperModel) -> str:
    return CAMPAIGN.to_csv(model)


def definition(model: ShopperModel) -> str:
    return CAMPAIGN.to_json()


def later_orders(model: ShopperModel, lift: float = 1.0) -> str:
    """Return orders: half of those held out spend 10 in two weeks, and `lift` times as many of the others."""
    listed = CAMPAIGN.select(model)
    place = listed.groupby("is_held_out").cumcount() / listed.groupby("is_held_out")["monetary"].transform(
        "size"
    )
    who = listed[place < 0.5 * listed["is_held_out"].map({True: 1.0, False: lift})]
    days = (model.as_of + pd.to_timedelta(1 + who.index % 14, unit="D")).strftime("%Y-%m-%d")
    return pd.DataFrame({"customer_id": who["customer_id"], "ordered_at": days, "amount": 10.0}).to_csv(
        index=False
    )


class TestCampaignResultPanel(PanelContract):
    panel = CampaignResultPanel
    states: ClassVar = [
        {"sent": sent_list, "sent_at": DAY},
        {"sent": sent_list, "sent_at": DAY, "days": 14, "figure": "buyers"},
        {"sent": definition, "orders": later_orders},
        {"sent": definition},
        {"sent_at": DAY},
    ]


@pytest.fixture
def panel(small_model: ShopperModel) -> CampaignResultPanel:
    return CampaignResultPanel(small_model)


def upload(panel: CampaignResultPanel, label: str, name: str, text: str) -> None:
    find(panel, Upload, label).receive(name, text.encode())


def test_a_marketer_hands_in_both_files_and_reads_whether_it_worked(
    panel: CampaignResultPanel, small_model: ShopperModel
) -> None:
    assert "Upload the list that was sent" in html(panel) and panel.selection.empty and panel.result is None
    upload(panel, "List or definition that was sent (CSV, JSON)", "thanks.json", definition(small_model))
    assert "Upload the orders since" in html(panel)
    listed = Campaign.from_json(definition(small_model)).select(small_model)
    held_out = int(listed["is_held_out"].sum())
    assert f"The list has {len(listed)} customers, {held_out} of them held out." in html(panel)
    assert "The file of orders has" not in html(panel)
    upload(panel, "Orders since (CSV)", "orders.csv", later_orders(small_model, lift=1.8))
    assert message(panel) == "" and panel.result is not None and panel.result.name == "Thanks"
    rows = len(orders_from_text(later_orders(small_model, lift=1.8)))
    assert f"The file of orders has {rows:,} rows, from " in html(panel)
    row = panel.result.row()
    assert row["effect_low"] > 0
    assert f"the campaign brought £{row['effect']:.2f} per customer contacted" in html(panel)
    assert f"The campaign brought £{row['effect']:.2f}" in find(panel, ChartView).description
    panel.figure = "buyers"
    assert "Contacted: buyers per 100" in html(panel) and "Effect adjusted for past orders" in html(panel)
    assert f"{100 * panel.result.row('buyers')['effect']:.0f}" in find(panel, ChartView).description
    assert "The orders end on" in html(panel)  # two weeks of the 30 days are known


def test_nothing_is_claimed_where_nothing_happened(
    panel: CampaignResultPanel, small_model: ShopperModel
) -> None:
    panel.sent, panel.orders = definition(small_model), later_orders(small_model)
    assert "no clear effect: per customer contacted" in html(panel)
    assert find(panel, ChartView).description.startswith("No clear effect")


def test_a_list_is_measured_on_the_orders_that_the_page_knows(
    panel: CampaignResultPanel, small_model: ShopperModel
) -> None:
    panel.sent, panel.sent_at = sent_list(small_model), DAY
    expected = measure_campaign(CAMPAIGN.select(small_model), small_model.orders, sent_at="2024-06-01")
    pd.testing.assert_frame_equal(panel.selection, expected.table)


def test_a_list_drawn_after_the_sending_is_no_measure(
    panel: CampaignResultPanel, small_model: ShopperModel
) -> None:
    """A list by today's recency was chosen by what customers did after the sending."""
    panel.sent, panel.sent_at = sent_list(small_model), DAY
    assert f"drawn from orders up to {format_day(small_model.orders['ordered_at'].max())}, after" in html(
        panel
    )
    then = CAMPAIGN.select(small_model).assign(recency=lambda listed: listed["recency"] + 7)
    panel.sent = then.to_csv(index=False)
    assert panel.result is not None and "drawn from orders" not in html(panel)
    panel.sent, panel.sent_at = sent_list(small_model), small_model.as_of.date()
    panel.orders = later_orders(small_model)
    assert panel.result is not None and "drawn from orders" not in html(panel)


def test_what_is_missing_is_said(panel: CampaignResultPanel, small_model: ShopperModel) -> None:
    panel.sent = Campaign().to_json()
    assert "Nobody on this list is held out" in html(panel)
    panel.sent = sent_list(small_model)
    assert "before the sending. Upload the orders since." in html(panel)
    panel.sent, panel.sent_at = definition(small_model), DAY
    assert "by which the definition would now select other customers" in html(panel)
    assert message(panel) == "" and find(panel, ChartView).chart is None


@pytest.mark.parametrize(
    ("label", "name", "text", "why"),
    [
        (
            "List or definition that was sent (CSV, JSON)",
            "list.csv",
            "a,b\n1,2\n",
            "customer_id and is_held_out are missing",
        ),
        ("List or definition that was sent (CSV, JSON)", "list.json", "{}", "must be JSON with the format"),
        (
            "List or definition that was sent (CSV, JSON)",
            "list.csv",
            "customer_id,is_held_out\na,maybe\n",
            "one line lacks this",
        ),
        ("Orders since (CSV)", "o.csv", "customer_id,ordered_at,amount\na,soon,1\n", "one line lacks this"),
        ("Orders since (CSV)", "o.csv", "a,b\n1,2\n", "o.csv can&#39;t be read as orders"),
    ],
)
def test_a_file_that_is_something_else_is_refused_and_what_was_stays(
    panel: CampaignResultPanel, small_model: ShopperModel, label: str, name: str, text: str, why: str
) -> None:
    panel.sent, panel.sent_at = sent_list(small_model), DAY
    before = panel.selection
    upload(panel, label, name, text)
    assert why in message(panel)
    pd.testing.assert_frame_equal(panel.selection, before)


def test_a_day_beyond_all_orders_is_refused_in_words(panel: CampaignResultPanel) -> None:
    refuses(panel, "sent_at", dt.date(1999, 1, 1), "^Sent on: a day from 2024-01-0")
    refuses(panel, "days", 0, "^Days for which orders count: a whole number from 1 to 365, not 0.$")


def test_campaigns_of_a_log_are_chosen_from(small_model: ShopperModel, tmp_path: Path) -> None:
    log = CampaignLog(tmp_path)
    log.add(CAMPAIGN, small_model, sent_at=DAY)
    log.add(Campaign("Later", hold_out=0.2), small_model, sent_at=DAY + dt.timedelta(days=9))
    dashboard = Dashboard(small_model, page="Results", campaign_log=log)
    panel = dashboard.panel
    assert isinstance(panel, CampaignResultPanel)
    choice = find(panel, widgets.Dropdown, "Logged campaign")
    assert list(choice._options_labels) == ["Choose one", "Later, 10 Jun 2024", "Thanks, 1 Jun 2024"]
    choice.label = "Thanks, 1 Jun 2024"
    assert panel.sent_at == DAY
    same = measure_campaign(CAMPAIGN.select(small_model), small_model.orders, sent_at=DAY)
    pd.testing.assert_frame_equal(panel.selection, same.table)
    panel.reset()
    assert choice.label == "Choose one"
    assert "Upload the list" in html(panel)
