from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest
import traitlets
from markupsafe import escape

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import CustomerPanel, SegmentPanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.grid import Grid
from shopper_widgets.segments import RuleSegmenter
from tests.panel_contract import PanelContract, everything, find, hostile_model, html, message, refuses


def country(model):
    return model.customers["country"].value_counts().index[1]


def someone(model):
    return model.customers["customer_id"].iloc[5]


class TestSegmentPanel(PanelContract):
    panel = SegmentPanel
    states: ClassVar = [
        {"country": country},
        {"brush": {"recency": [0.0, 30.0], "monetary": [100.0, 1000.0]}},
        {"segment": "New"},
        {"segment": "At-Risk", "brush": {"recency": [0.0, 1000.0]}, "sort_by": "recency"},
        {"customer_id": someone, "sort_by": "customer_id", "descending": False},
        {"brush": {"recency": [100_000.0, 100_001.0]}},
    ]


@pytest.fixture
def panel(small_model):
    return SegmentPanel(small_model)


def chart_map(panel):
    return next(w for w in everything(panel) if isinstance(w, ChartView) and "brush" in w.selections)


def test_it_explains_the_segments(panel, small_model):
    text = html(panel)
    assert small_model.segmenter.reason_ in text.replace("&#39;", "'")
    assert "At-Risk typically spent more than the median customer and are overdue" in text
    for segment in small_model.segments["segment"]:
        assert f'<th scope="row">{segment}</th>' in text


def test_it_says_what_the_data_cannot_tell(small_shop, panel):
    assert "can&#39;t tell" not in html(panel)
    few = small_shop[small_shop["customer_id"].isin(small_shop["customer_id"].dropna().unique()[:30])]
    limited = ShopperModel.fit(few, progress=False)
    assert limited.segmenter.limits_
    text = html(SegmentPanel(limited))
    assert "Limits of these orders" in text
    for sentence in limited.segmenter.limits_:
        assert f"<li>{escape(sentence)}</li>" in text


def test_segments_by_rules_are_shown_without_clusters(small_shop):
    panel = SegmentPanel(ShopperModel.fit(small_shop, segmenter=RuleSegmenter(), progress=False))
    assert message(panel) == ""
    assert "the rules define 11" in html(panel)
    assert "Champions (recency 5, value 4 or 5)" in html(panel)


def test_a_brush_in_the_browser_lists_the_customers_in_it(panel, small_model):
    chart_map(panel).set_state({"selections": {"brush": {"recency": [0, 30.5], "monetary": [100, 2000]}}})
    assert panel.brush == {"recency": [0, 30.5], "monetary": [100, 2000]}
    customers = small_model.customers
    inside = customers["recency"].between(0, 30.5) & customers["monetary"].between(100, 2000)
    assert set(panel.selection["customer_id"]) == set(customers["customer_id"][inside])
    assert 0 < inside.sum() < len(customers)
    assert find(panel, Grid).total == inside.sum()
    assert panel.selection["monetary"].is_monotonic_decreasing


def test_a_brush_in_python_is_drawn_on_the_map(panel):
    panel.brush = {"recency": [0, 10]}
    assert chart_map(panel).selections["brush"] == {"recency": [0.0, 10.0]}
    panel.reset()
    assert chart_map(panel).selections["brush"] == {}


def test_a_segment_is_its_customers(panel, small_model):
    find(panel, widgets.Dropdown, "Segment").value = "New"
    assert panel.segment == "New"
    assert set(panel.selection["segment"]) == {"New"}
    profile = small_model.segments.set_index("segment").loc["New"]
    assert len(panel.selection) == profile["customers"]


def test_sorting_the_list_keeps_it_and_its_file_in_step(panel):
    find(panel, Grid).set_state({"sort_by": "recency", "descending": False})
    assert panel.sort_by == "recency"
    assert panel.selection["recency"].is_monotonic_increasing
    file = find(panel, Grid).file().decode("utf-8-sig")
    assert file.splitlines()[1].split(",")[0] == panel.selection["customer_id"].iloc[0]


def test_an_empty_part_of_the_map_is_told_in_words(panel):
    panel.brush = {"recency": [99_999, 100_000]}
    assert find(panel, Grid).rows == []
    assert "No customer is in this part of the map" in find(panel, Grid).empty
    assert panel.selection.empty


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("segment", "Cluster 5", "There is no segment 'Cluster 5'; there are: "),
        ("brush", {"price": [1, 2]}, "of recency, frequency, monetary; got 'price'"),
        ("brush", {"recency": [1, float("nan")]}, "part of the map"),
        ("brush", {"recency": 1}, "part of the map"),
        ("customer_id", "nobody", "There is no customer 'nobody'"),
        ("sort_by", "secret", "sort_by"),
    ],
)
def test_what_does_not_exist_is_refused(panel, name, value, match):
    refuses(panel, name, value, match)


def test_a_hostile_brush_is_told_and_changes_nothing(panel):
    chart_map(panel).set_state({"selections": {"brush": {"__class__": [0, 1]}}})
    assert "part of the map" in message(panel)
    assert panel.brush == {}


def test_choosing_a_row_chooses_the_customer_in_a_linked_panel(panel, small_model):
    customer = CustomerPanel(small_model)
    traitlets.link((panel, "customer_id"), (customer, "customer_id"))
    key = find(panel, Grid).keys_shown[3]
    find(panel, Grid).set_state({"chosen": key})
    assert customer.customer_id == panel.customer_id == key
    assert customer.profile["customer_id"].tolist() == [key]
    assert set(customer.selection["customer_id"]) == {key}


def test_hostile_ids_are_plain_text_in_the_list():
    panel = SegmentPanel(hostile_model())
    assert find(panel, Grid).rows[0][0].startswith("<img")
    panel.segment = hostile_model().segments["segment"][0]
    assert "<img" not in html(panel)


def test_the_map_is_not_redrawn_by_a_brush(panel):
    chart = chart_map(panel).chart
    panel.brush = {"recency": [0, 10]}
    assert chart_map(panel).chart is chart
    pd.testing.assert_frame_equal(panel.selection, SegmentPanel(panel.model, brush=panel.brush).selection)


def test_a_click_on_a_bar_lists_its_segment_and_another_all(panel, small_model):
    shares = next(w for w in everything(panel) if isinstance(w, ChartView) and "pick" in w.selections)
    assert "brush" not in shares.selections
    shares.set_state({"selections": {"pick": [{"segment": "New"}]}})
    assert panel.segment == "New" and set(panel.selection["segment"]) == {"New"}
    panel.segment = "At-Risk"
    assert shares.selections == {"pick": [{"segment": "At-Risk"}]}
    shares.set_state({"selections": {"pick": []}})
    assert panel.segment == "" and len(panel.selection) == len(small_model.customers)
    shares.set_state({"selections": {"pick": [{"segment": "<b>"}]}})
    assert "There is no segment" in message(panel) and panel.segment == ""


def test_a_country_narrows_the_map_and_the_list_and_leaves_the_segments(panel, small_model):
    before = html(panel).split("<h3>Customers of the segments")[0]
    panel.country = there = country(small_model)
    expected = small_model.customers.query("country == @there")
    assert set(panel.selection["customer_id"]) == set(expected["customer_id"])
    assert f"{len(expected)} customers in {there}, who spent" in html(panel)
    assert len(chart_map(panel).spec["datasets"].popitem()[1]) == len(expected)
    assert html(panel).split("<h3>Customers of the segments")[0] == before
    refuses(panel, "country", "Atlantis", "No customer is from 'Atlantis'")
