import re
from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest
from markupsafe import escape

from shopper_widgets._support.formatting import format_number
from shopper_widgets.customers.cadence import customer_cadence, is_overdue
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import CustomerPanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.search import TextBox
from shopper_widgets.segments import RuleSegmenter
from tests.panel_contract import PanelContract, find, hostile_model, html, message, refuses


def someone(model):
    return model.customers["customer_id"].iloc[5]


class TestCustomerPanel(PanelContract):
    panel = CustomerPanel
    states: ClassVar = [
        {"customer_id": someone},
        {"query": someone},
        {"query": "12"},
        {"query": "nobody"},
        {"query": "1", "customer_id": someone},
    ]


@pytest.fixture
def panel(small_model):
    return CustomerPanel(small_model)


def test_it_starts_with_those_who_spent_most(panel, small_model):
    best = small_model.customers.sort_values("monetary", ascending=False)["customer_id"].head(8)
    assert [key for _, key in find(panel, widgets.Select).options] == best.tolist()
    assert "or choose one of the top spenders" in html(panel)
    assert panel.selection.empty


def test_a_typed_id_shows_the_customer(panel, small_model):
    expected = small_model.customers.iloc[5]
    find(panel, TextBox).enter(f" {expected['customer_id'].lower()} ")
    assert panel.customer_id == expected["customer_id"]
    text = html(panel)
    assert f"is a customer of the segment {expected['segment']}" in text
    assert f"<dd>{expected['recency']:,}</dd>" in text
    assert f"<dd>£{expected['monetary']:,.2f}</dd>" in text
    orders = small_model.orders[small_model.orders["customer_id"] == expected["customer_id"]]
    assert find(panel, Grid).total == len(orders) == expected["frequency"]
    assert panel.orders["ordered_at"].is_monotonic_decreasing
    assert find(panel, ChartView).chart is not None


def test_it_says_why_they_are_in_their_segment_and_what_would_move_them(panel, small_model):
    panel.customer_id = someone(small_model)
    sentences = small_model.explain(panel.customer_id).sentences
    assert len(sentences) > 1
    for sentence in sentences:
        assert f"<li>{escape(sentence)}</li>" in html(panel)
    panel.reset()
    assert "<li>" not in html(panel)


def test_it_says_how_late_they_are_by_their_own_rhythm(panel, small_model):
    cadence = customer_cadence(small_model)
    late = cadence[(cadence["gaps"] > 0) & is_overdue(cadence)].iloc[0]
    panel.customer_id = late["customer_id"]
    assert f"have been silent for {late['silence']:,}: overdue, " in html(panel)
    # A customer beyond the usual gap, but not long enough to be on the list of the overdue.
    short = cadence[(cadence["gaps"] > 0) & (cadence["overdue"] > 1.5) & ~is_overdue(cadence)].iloc[0]
    panel.customer_id = short["customer_id"]
    told = (
        f"silent for {short['silence']:,}: {format_number(short['overdue'])} times their own usual gap, but "
    )
    told += f"nobody in this shop counts as overdue within {small_model.short_silence} days."
    assert told in html(panel)
    in_time = cadence[(cadence["gaps"] > 0) & (cadence["overdue"] < 1)].iloc[0]
    panel.customer_id = in_time["customer_id"]
    assert f"have been silent for {in_time['silence']:,}: not overdue, " in html(panel)


def test_the_usual_gap_is_one_number_on_the_page(panel, small_model):
    cadence = customer_cadence(small_model)
    gaps = cadence[cadence["gaps"] > 0].set_index("customer_id")["expected_gap"].round().astype(int)
    for customer_id, gap in gaps.head(8).items():
        panel.customer_id = customer_id
        days = f"{gap} day{'s' * (gap != 1)}"
        assert f"Their usual gap between orders is {days}" in html(panel)
        title = " ".join(panel._history.chart.to_dict()["title"]["text"])
        assert title.endswith(f"usually {days} between orders")


def test_what_the_usual_gap_has_to_do_with_the_gaps_shown_is_told(panel, small_model):
    cadence = customer_cadence(small_model).round({"own_gap": 0, "expected_gap": 0})
    known = cadence[cadence["gaps"] > 0]
    drawn = known["own_gap"] != known["expected_gap"]
    for number, moved, told in (
        (known["gaps"] == 1, drawn, " (their only gap was {own:.0f} day"),
        (known["gaps"] > 1, drawn, " (the median of their {gaps} gaps is {own:.0f} day"),
        (known["gaps"] == 1, ~drawn, ", their only gap;"),
    ):
        one = known[number & moved].iloc[0]
        panel.customer_id = one["customer_id"]
        assert told.format(gaps=one["gaps"], own=one["own_gap"]) in html(panel)
    regular = pd.date_range("2024-01-01", periods=12, freq="10D")
    lines = pd.DataFrame(
        {
            "order_id": [f"{who}-{n}" for who in "abcdef" for n in range(12)],
            "customer_id": [who for who in "abcdef" for _ in range(12)],
            "ordered_at": [*regular] * 6,
            "product_id": ["mug", "tea"] * 36,
            "quantity": 1,
            "unit_price": 2.0,
        }
    )
    alike = CustomerPanel(ShopperModel.fit(lines, n_clusters=1, progress=False), customer_id="a")
    assert "Their usual gap between orders is 10 days, the median of their 11 gaps;" in html(alike)


def test_who_ordered_on_one_day_has_no_rhythm(panel, small_model):
    cadence = customer_cadence(small_model)
    panel.customer_id = cadence.loc[cadence["gaps"] == 0, "customer_id"].iloc[0]
    assert "They ordered on one day only" in html(panel)


def test_the_selection_is_the_orders_shown(panel, small_model):
    customer = small_model.customers.sort_values("frequency")["customer_id"].iloc[-1]
    panel.customer_id = customer
    theirs = small_model.orders[small_model.orders["customer_id"] == customer]
    assert set(panel.selection["order_id"]) == set(theirs["order_id"]) and len(theirs) > 1
    assert panel.selection["ordered_at"].is_monotonic_decreasing
    pd.testing.assert_frame_equal(panel.selection, panel.orders)


def test_a_shop_without_rhythm_says_nothing_of_it_and_rules_explain_themselves(small_shop):
    once = small_shop.drop_duplicates("customer_id")
    model = ShopperModel.fit(once, segmenter=RuleSegmenter(), progress=False)
    panel = CustomerPanel(model, customer_id=someone(model))
    segment = panel.profile["segment"].iloc[0]
    assert f"Why {segment}" in html(panel)
    assert f"The rule: {segment} are those whose silence scores" in html(panel)
    assert "rhythm" not in html(panel)
    assert "is a customer of the segment" in html(panel)
    assert message(panel) == ""


def test_the_offers_are_the_recommenders(panel, small_model):
    panel.customer_id = someone(small_model)
    for name in small_model.recommender.recommend(panel.customer_id, n=5)["product_name"]:
        assert re.search(f'<th scope="row"[^>]*>{name}</th>', html(panel))


def test_a_part_of_many_ids_chooses_nobody_and_says_how_many_there_are(panel, small_model):
    panel.query = "12"
    held = small_model.customers["customer_id"].str.contains("12").sum()
    assert held > 1
    assert panel.customer_id == ""
    assert f"{held:,} customer ids contain “12”" in html(panel)


def test_one_of_the_matches_can_be_picked(panel):
    panel.query = "12"
    matches = find(panel, widgets.Select)
    matches.set_state({"index": 2})
    assert panel.customer_id == matches.options[2][1]
    assert message(panel) == ""


def test_one_created_with_a_query_and_a_customer_shows_the_customer(small_model):
    who = someone(small_model)
    assert CustomerPanel(small_model, query="1", customer_id=who).customer_id == who


def test_an_id_that_nobody_has_is_told(panel):
    panel.query = "(*"
    assert "No customer id contains “(*”" in html(panel)
    assert find(panel, widgets.Select).disabled


def test_an_unknown_customer_is_refused(panel):
    refuses(panel, "customer_id", "nobody", "There is no customer 'nobody'")


def test_a_customer_of_services_alone_gets_a_sentence(small_model, monkeypatch):
    from shopper_widgets.recommend.item import UnknownCustomerError

    def unknown(self, customer_id, n):
        raise UnknownCustomerError(customer_id)

    monkeypatch.setattr(type(small_model.recommender), "recommend", unknown)
    panel = CustomerPanel(small_model, customer_id=someone(small_model))
    assert "They bought only services, no goods" in html(panel)
    assert message(panel) == ""


def test_hostile_ids_are_plain_text_in_every_place():
    panel = CustomerPanel(hostile_model())
    panel.customer_id = someone(panel.model)
    assert "&lt;img" in html(panel)
    assert "<img" not in html(panel)
    assert message(panel) == ""


def test_with_nobody_chosen_it_shows_who_spent_most(small_model):
    text = html(CustomerPanel(small_model))
    best = small_model.customers.sort_values("monetary", ascending=False)["customer_id"].head(5)
    assert [text.index(f">{customer_id}<") for customer_id in best] == sorted(
        text.index(f">{customer_id}<") for customer_id in best
    )
    assert "The most valuable customers</caption>" in text
    assert "The most valuable customers</caption>" not in html(
        CustomerPanel(small_model, customer_id=best.iloc[0])
    )
