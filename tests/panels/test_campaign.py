import base64
import io
import json
import re
from html import unescape
from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest

from shopper_widgets._support.locale import gettext, in_locale
from shopper_widgets.customers.audiences import audience_table
from shopper_widgets.customers.cadence import overdue_customers
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.campaign_log import CampaignLog
from shopper_widgets.customers.campaign_selection import select
from shopper_widgets.customers.flows import NEW
from shopper_widgets.customers.moments import comparable_moments
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import CampaignPanel, campaign
from shopper_widgets.panels.base import WORKING
from shopper_widgets.panels.choices import Choices
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.number_box import NumberBox
from shopper_widgets.panels.product_picker import ProductPicker
from shopper_widgets.panels.search import TextBox
from shopper_widgets.panels.upload import Upload
from shopper_widgets.panels.words_box import WordsBox
from shopper_widgets.segments.actions import ACTIONS
from tests.panel_contract import PanelContract, everything, find, html, message, refuses, seen


def country(model):
    return (model.customers["country"].mode()[0],)


def best_segment(model):
    return (model.segments["segment"].iloc[0],)


def best_sellers(model):
    return model.products.query("is_product")["product_id"].head(2).tolist()


class TestCampaignPanel(PanelContract):
    panel = CampaignPanel
    states: ClassVar = [
        {"segments": best_segment, "hold_out": 0.2, "seed": 3},
        {"countries": country, "min_spend": 50.0, "max_spend": 400.0},
        {"min_overdue": 1.5, "min_silence": 30, "min_orders": 2},
        {"bought": best_sellers, "n_recommendations": 2, "name": "Back in stock"},
        {"recommended": best_sellers, "hold_out": 0.5},
        {"min_spend": 10.0, "max_spend": 5.0},
        {"min_orders": 2, "max_orders": 4, "max_silence": 90},
        {"from_segment": NEW, "actions": lambda model: {best_segment(model)[0]: "Send a card."}},
        {"due": best_sellers},
    ]


@pytest.fixture
def panel(small_model):
    return CampaignPanel(small_model)


def test_it_starts_with_everyone(panel, small_model):
    assert len(panel.selection) == len(small_model.customers) == find(panel, Grid).total
    assert panel.campaign == Campaign()
    assert f"<dt>Customers</dt><dd>{len(small_model.customers):,}</dd>" in html(panel)


def test_identical_filters_through_the_api_give_the_identical_list(panel, small_model):
    find(panel, Choices, "Segments (none ticked: all)").set_state({"value": ["High-Value", "New"]})
    find(panel, Choices, "Countries (none ticked: all)").set_state({"value": list(country(small_model))})
    find(panel, NumberBox, "Silence, more than (times the usual gap)").enter("0.2")
    find(panel, NumberBox, "Spent at least (£)").enter("£40")
    find(panel, NumberBox, "Recommendations per customer").enter("2")
    find(panel, NumberBox, "Hold-out to measure the effect (%)").enter("25 %")
    panel.seed = 6
    find(panel, widgets.Button, "Redraw the hold-out").click()
    asked = Campaign(
        segments=("High-Value", "New"),
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
    assert find(panel, Grid).filename == "café-more.csv"


def upload(panel, content, name="last-month.json"):
    """Return what a browser sends when a file is chosen."""
    find(panel, Upload).receive(name, content)


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 6])
def test_a_definition_that_is_loaded_is_saved_again_as_the_same_file(small_model, number):
    saved = CampaignPanel(small_model, **TestCampaignPanel().resolved(small_model)[number])
    panel = CampaignPanel(small_model, segments=("New",), from_segment="At-Risk", min_orders=7)
    upload(panel, b"\xef\xbb\xbf" + saved.campaign.to_json().encode())
    assert panel.campaign.to_json() == saved.campaign.to_json()
    assert seen(panel) == seen(saved)
    assert message(panel) == ""


def test_a_loaded_definition_keeps_the_dates_of_its_time(panel, small_model):
    start, end = "2024-02-29 23:59:59", "2024-05-02 12:00:00"
    asked = Campaign(flows=(("Occasional", "New"),), flow_start=start, flow_end=end)
    panel.load(asked)
    assert panel.campaign == asked
    assert (panel.start, panel.end) == ("2024-02-29", end)
    assert ("2 May 2024, 12:00", end) in find(panel, widgets.Dropdown, "And").options
    assert seen(panel) == seen(
        CampaignPanel(small_model, **{name: getattr(panel, name) for name in panel.state})
    )
    pd.testing.assert_frame_equal(panel.selection, asked.select(small_model))
    panel.reset()
    assert seen(panel) == seen(CampaignPanel(small_model))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"Dear customers,", "A campaign must be JSON; the text can't be read"),
        (b"[" * 100_000, "A campaign must be JSON; the text can't be read"),
        (b'{"a": 1}', "the text is something else"),
        (b"PK\x03\x04\x00", "It is not a text file."),
        ({"segments": ["Royalty"]}, "There is no segment 'Royalty'; there are: High-Value"),
        ({"actions": {"Royalty": "Bow."}}, "There is no segment 'Royalty'"),
        ({"countries": ["Atlantis"]}, "There is no country 'Atlantis'"),
        ({"bought": ["unobtainium"]}, "No product has the id or the name 'unobtainium'"),
        ({"max_overdue": 2}, "no box for max_overdue"),
        ({"min_overdue": 0}, "on the page, 0 means no limit, not a limit of 0."),
        ({"min_silence": 0}, "on the page, 0 means no limit"),
        ({"max_spend": 0}, "Spent at most: on the page, 0 means no limit"),
        ({"min_orders": 2.5}, "Orders, at least: must be a whole number, not 2.5."),
        ({"seed": 10**400}, "seed must be a number"),
        ({"colour": "red"}, "A campaign has no colour"),
        (
            {"flows": [["New", "At-Risk"], ["New", "High-Value"]]},
            "have no choice for: New to At-Risk, New to High-Value.",
        ),
        ({"flows": [["New", "At-Risk"]], "flow_start": "1999-01-31"}, "There is no date '1999-01-31"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_told_and_changes_nothing(panel, content, told):
    panel.min_spend = 40.0
    before = seen(panel)
    if isinstance(content, dict):
        dates = {"flow_start": "2024-02-29", "flow_end": "2024-03-31"}
        whole = {"format": "shopper-widgets campaign", "version": 1, "hold_out": 0.5, **dates, **content}
        content = json.dumps(whole).encode()
    upload(panel, content, "<b>.json")
    assert unescape(message(panel)).startswith('<p role="alert"><b>.json can\'t be loaded. ')
    assert "<b>" not in message(panel)
    assert told in unescape(message(panel))
    panel.say("")
    assert seen(panel) == before


def test_what_is_no_definition_and_a_date_with_a_zone_are_refused_in_words(panel):
    before = panel.start
    with pytest.raises(TypeError, match="definition must be a Campaign or its JSON as text; got dict"):
        panel.load({"name": "Thanks"})
    refuses(panel, "start", "2024-02-29 00:00:00+00:00", r"There is no date '2024-02-29 00:00:00\+00:00'")
    assert panel.start == before


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
    assert (panel.min_overdue, panel.min_silence, panel.min_orders) == (1.5, 49, 3)
    assert message(panel) == ""


def test_an_action_can_be_edited_and_put_back(panel):
    box = find(panel, WordsBox, "New")
    assert (box.value, box.kind) == (ACTIONS["New"], "lines")
    box.enter("Send a card.")
    assert panel.actions == {"New": "Send a card."}
    assert set(panel.selection.query("segment == 'New'")["action"]) == {"Send a card."}
    box.enter(ACTIONS["New"])
    assert panel.actions == {}
    assert panel.campaign == Campaign()


def test_an_emptied_box_says_what_that_means_beside_itself(panel):
    action, name = find(panel, WordsBox, "New"), find(panel, WordsBox, "Name of the campaign")
    action.enter("")
    name.enter("   ")
    assert (action.message, name.message) == ("Empty: no action.", "Empty: untitled.")
    assert not action.wrong and message(panel) == ""
    assert panel.actions == {"New": ""}
    assert set(panel.selection.query("segment == 'New'")["action"]) == {""}
    assert (panel.name, find(panel, Grid).filename) == ("", "campaign.csv")
    action.enter("x" * 3_000)
    assert action.wrong and action.message == "New: at most 1,000 characters; the rest is left out."
    assert panel.actions == {"New": "x" * 1_000}
    panel.reset()
    assert (action.message, name.message, action.shown) == ("", "", ACTIONS["New"])


def test_a_flow_is_the_customers_who_moved(panel, small_model):
    days = list(comparable_moments(small_model))
    panel.start, panel.end = days[0], days[-1]
    find(panel, widgets.Dropdown, "Moved to").value = "At-Risk"
    assert ("At-Risk", "At-Risk") not in panel.campaign.flows
    assert set(panel.selection["to"]) <= {"At-Risk"}
    find(panel, widgets.Dropdown, "Moved from").value = "At-Risk"
    assert panel.campaign.flows == (("At-Risk", "At-Risk"),)
    panel.start, panel.end = days[-1], days[0]
    assert "The first date is not before the second" in html(panel)
    assert panel.selection.empty
    assert message(panel) == ""


def test_products_are_added_by_name_or_code_and_taken_out_again(panel, small_model):
    picker = find(panel, ProductPicker)
    box = find(picker, TextBox, "Bought")
    first, second = small_model.products.query("is_product").iloc[[2, 5]].to_dict("records")
    box.enter(first["product_name"])
    assert panel.bought == []
    picker.add.click()
    box.enter(second["product_id"].lower(), enter=True)
    assert box.shown == ""
    assert panel.bought == [first["product_id"], second["product_id"]]
    bought = small_model.purchases[small_model.purchases["product_id"].isin(panel.bought)]
    assert set(panel.selection["customer_id"]) == set(bought["customer_id"])
    assert f"bought {first['product_name']} or {second['product_name']}" in html(panel)
    find(panel, widgets.Button, f"Remove {first['product_name']}").click()
    assert panel.bought == [second["product_id"]]


def test_an_unknown_product_is_told_and_stays_to_be_mended(panel):
    box, before = find(panel, TextBox, "Bought"), len(panel.selection)
    box.enter("unobtainium", enter=True)
    assert box.message == "No product name resembles “unobtainium”. Try other words, or a code."
    assert (box.shown, panel.bought, len(panel.selection)) == ("unobtainium", [], before)
    assert message(panel) == ""
    find(panel, widgets.Button, "Everyone").click()
    assert (box.shown, box.message, message(panel)) == ("", "", "")


def test_the_list_shows_what_was_asked_for(panel, small_model):
    def headings():
        return [column["label"] for column in find(panel, Grid).columns]

    assert "What to do" in headings() and "Recommendation 1" not in headings()
    panel.n_recommendations, panel.min_overdue, panel.to_segment = 2, 0.1, "High-Value"
    assert {"From", "To", "Overdue (usual gaps)", "Recommendation 1", "Recommendation 2"} <= set(headings())
    assert find(panel, Grid).rows[0][-2:] == panel.selection.filter(like="_name").iloc[0].tolist()


def test_what_takes_long_says_so_meanwhile(panel, monkeypatch):
    told = []

    def slow(*args, **options):
        told.append(html(panel))
        return select(*args, **options)

    monkeypatch.setattr(campaign, "select", slow)
    panel.min_spend = 10.0
    panel.to_segment = "New"
    assert [WORKING in text for text in told] == [False, True]
    assert WORKING not in html(panel)


def test_limits_that_exclude_each_other_are_told(panel):
    panel.min_spend, panel.max_spend = 100.0, 10.0
    assert "“Spent at least” is more than “Spent at most”" in html(panel)
    least = find(panel, NumberBox, "Spent at least (£)")
    most = find(panel, NumberBox, "Spent at most (£)")
    assert least.message == "“Spent at least” is more than “Spent at most”: nothing lies between them."
    assert most.message == "“Spent at most” is less than “Spent at least”: nothing lies between them."
    assert panel.selection.empty
    assert "Download" not in html(panel)
    assert message(panel) == ""
    most.enter("")
    assert (least.message, most.message, panel.max_spend) == ("", "Empty: no limit.", 0)
    assert len(panel.selection)


def test_a_shop_without_rhythm_has_no_filter_for_it(small_shop):
    panel = CampaignPanel(ShopperModel.fit(small_shop.drop_duplicates("customer_id"), progress=False))
    labels = [getattr(w, "description", "") for w in everything(panel)]
    assert "Valuable and overdue" not in labels
    assert not any("usual gap" in label for label in labels)
    assert message(panel) == ""


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("segments", ("Royalty",), "There is no segment 'Royalty'"),
        ("countries", ("Atlantis",), "There is no country 'Atlantis'"),
        ("start", "1999-01-31", "There is no date"),
        ("hold_out", 1.0, "Hold-out to measure the effect: a number from 0 to 90, not 100."),
        ("n_recommendations", 1000, "Recommendations per customer: a whole number from 0 to 10, not 1000."),
        ("min_spend", float("nan"), "Spent at least: a number from 0, not nan"),
        ("actions", {"Royalty": "x"}, "There is no segment 'Royalty'"),
        ("bought", ["unobtainium"], "No product has the id or the name 'unobtainium'"),
        ("customer_id", "nobody", "There is no customer 'nobody'"),
    ],
)
def test_what_does_not_exist_is_refused(panel, name, value, match):
    refuses(panel, name, value, match)


def test_it_says_before_sending_what_effect_could_be_seen(panel, small_model):
    assert "Nobody is held out, so the effect of the campaign can&#39;t be measured." in html(panel)
    assert "who are held out" not in html(panel)
    panel.hold_out = 0.3
    assert "A file of everyone also has the 45 customers who are held out" in html(panel)
    assert "With 45 of 149 held out, the minimum detectable effect (seen 4 times in 5) is" in html(panel)
    panel.min_spend = float(small_model.customers["monetary"].nlargest(12).min())
    assert "Whichever share of 12 customers is held out" in html(panel)
    panel.min_spend = 1e9
    assert "Whichever share" not in html(panel) and message(panel) == ""


def click(panel, text):
    next(w for w in everything(panel) if getattr(w, "description", "") == text).click()


def test_one_button_finds_who_ordered_once_a_month_or_two_ago(panel, small_model):
    click(panel, "One order, 30–60 days ago")
    customers = small_model.customers
    expected = customers[(customers["frequency"] == 1) & customers["recency"].between(30, 60)]
    assert len(expected) and set(panel.selection["customer_id"]) == set(expected["customer_id"])
    assert "at most 1 order" in html(panel)


def test_one_button_finds_who_is_back_after_silence(panel, small_model):
    click(panel, "Back after silence")
    assert panel.from_segment == "At-Risk" and panel.campaign.flows and message(panel) == ""
    moved = panel.selection
    assert set(moved["from"]) <= {"At-Risk"} and "At-Risk" not in set(moved["to"])


def test_orders_and_days_that_exclude_each_other_are_told(panel):
    panel.min_orders, panel.max_orders = 3, 2
    assert "“Orders, at least” is more than “Orders, at most”, so no customer passes." in html(panel)
    panel.max_orders, panel.min_silence, panel.max_silence = 0, 30, 20
    assert "is more than “Silence, at most”, so no customer passes." in html(panel)
    assert panel.selection.empty and message(panel) == ""


def test_who_is_in_another_campaign_still_is_told(small_model, tmp_path):
    log = CampaignLog(tmp_path)
    log.add(Campaign("Thanks", hold_out=0.4), small_model, sent_at=small_model.as_of.normalize())
    log.add(Campaign("Long ago"), small_model, sent_at=small_model.as_of - pd.Timedelta(days=90))
    panel = CampaignPanel(small_model, campaign_log=log)
    n = len(small_model.customers)
    assert f": {n} customers of this list, {round(0.4 * n)} of them held out there." in html(panel)
    assert "Also in “Thanks” of" in html(panel) and "Long ago" not in html(panel)
    panel.min_spend = 1e9
    assert "Thanks" not in html(panel) and message(panel) == ""


@pytest.mark.parametrize("keep", [(), ("Email",)])
def test_the_list_goes_to_who_sends(small_shop, keep):
    lines = small_shop.assign(Email=small_shop["customer_id"] + "@Example.org")
    if not keep:
        lines["customer_id"] = lines["customer_id"] + "@example.org"
    model = ShopperModel.fit(lines, n_clusters=4, keep=list(keep), progress=False)
    panel = CampaignPanel(model, hold_out=0.25, name="Thanks")
    find(panel, widgets.Dropdown, "Format of the files below").value = "klaviyo"
    taken = pd.read_csv(io.BytesIO(panel._grid.file()))
    expected = audience_table(
        model, panel.selection, "klaviyo", email=keep[0] if keep else None, name="Thanks"
    )
    assert list(taken) == ["Email", "Campaign", "Segment"]
    assert set(taken["Email"]) == set(expected["Email"]) and len(taken) == len(expected)


def test_without_addresses_and_a_hold_out_there_is_one_file(panel):
    assert find(panel, widgets.Dropdown, "Format of the files below").layout.display == "none"
    assert len(pd.read_csv(io.BytesIO(panel._grid.file()))) == len(panel.selection)
    assert panel._grid.in_file is None


def test_a_file_may_leave_out_who_is_held_out(panel):
    panel.hold_out, panel.name = 0.25, "Thanks"
    choice = find(panel, widgets.Dropdown, "Format of the files below")
    assert choice.layout.display is None and "A file of everyone also has the" in html(panel)
    assert [key for _, key in choice.options] == ["", "to-contact"]
    everyone = pd.read_csv(io.BytesIO(panel._grid.file()), dtype=str)
    assert panel._grid.filename == "thanks.csv" and panel._grid.in_file is None
    choice.value = "to-contact"
    taken = pd.read_csv(io.BytesIO(panel._grid.file()), dtype=str)
    assert panel._grid.filename == "thanks-to-contact.csv" and panel._grid.in_file == len(taken)
    contacted = panel.selection.loc[~panel.selection["is_held_out"], "customer_id"]
    assert taken["customer_id"].tolist() == contacted.tolist()
    assert len(everyone) == len(panel.selection) > len(taken)
    panel.hold_out = 0
    assert choice.layout.display == "none" and panel._grid.filename == "thanks.csv"
    panel.min_spend, panel.max_spend = 10.0, 5.0  # exclude each other
    assert pd.read_csv(io.BytesIO(panel._grid.file())).empty and panel._grid.in_file is None


def test_a_page_in_german_says_the_same_in_boxes_lists_and_files(small_model, tmp_path):
    panel = CampaignPanel(small_model, locale="de", hold_out=0.2)
    assert (panel.name, panel._grid.filename) == ("Kampagne", "kampagne.csv")
    taken = pd.read_csv(io.BytesIO(panel._grid.file()))
    with in_locale("de"):
        said = {gettext(action): action for action in panel.selection["action"]}
    assert set(taken["action"]) == set(said) and not set(said) & set(said.values())
    written = pd.read_csv(panel.to_csv(tmp_path / "liste.csv"), encoding="utf-8-sig")
    assert written["action"].tolist() == taken["action"].tolist()
    assert list(written) == list(panel.selection)
    segment = best_segment(small_model)[0]
    assert panel._texts[segment].value in said
    # The definition is the same in every language, except for text that somebody wrote.
    german, english = (json.loads(p.campaign.to_json()) for p in (panel, CampaignPanel(small_model)))
    assert german["actions"] == {}
    assert german | {"name": "Campaign", "hold_out": 0} == english


def test_a_suggestion_that_is_typed_again_is_none_of_ones_own(small_model):
    panel = CampaignPanel(small_model, locale="de")
    segment, box = next(iter(panel._texts.items()))
    suggested = box.value
    box.value = "Anrufen."
    assert panel.actions == {segment: "Anrufen."}
    box.value = suggested
    assert panel.actions == {}
