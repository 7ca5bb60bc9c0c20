from typing import ClassVar

import pandas as pd
import pytest

from shopper_widgets._support.formatting import format_money
from shopper_widgets.customers.cadence import overdue_customers, value_at_risk
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import OverduePanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.number_box import NumberBox
from shopper_widgets.segments.naming import is_silent
from tests.panel_contract import PanelContract, find, html, message, refuses


def country(model):
    return model.customers["country"].value_counts().index[1]


def someone(model):
    return model.customers["customer_id"].iloc[5]


class TestOverduePanel(PanelContract):
    panel = OverduePanel
    states: ClassVar = [
        {"country": country},
        {"segment": lambda model: model.segments["segment"].iloc[-1]},
        {"min_overdue": 0.5, "min_silence": 10, "min_spend_rank": 0.0},
        {"brush": {"overdue": [1.0, 3.0], "monetary": [0.0, 1e6]}},
        {"customer_id": someone, "sort_by": "silence", "descending": False},
        {"min_overdue": 1000.0},
    ]


@pytest.fixture
def panel(small_model):
    return OverduePanel(small_model, min_overdue=0.8, min_silence=20, min_spend_rank=0.5)


def risk(panel):
    """Return the HTML of the table of segments."""
    return html(panel).split("Revenue at risk")[1].split("</table>")[0]


def test_it_lists_whom_the_api_lists(panel, small_model):
    expected = overdue_customers(small_model, min_overdue=0.8, min_silence=20, min_spend_rank=0.5)
    assert len(expected) > 2
    pd.testing.assert_frame_equal(panel.selection, expected)
    told = f"{len(expected)} valuable customers have been silent for more than 20 days and 0.8 times their "
    told += "usual gap."
    assert told in html(panel)
    at_risk = value_at_risk(small_model, expected)
    for worth in at_risk["value_at_risk"]:
        assert f"£{worth:,.2f}" in html(panel)


def test_who_spent_as_much_and_fell_silent_but_is_not_listed_is_told(small_model):
    panel = OverduePanel(small_model)
    customers = small_model.customers
    spent = customers["monetary"] >= customers["monetary"].quantile(0.75)
    silent = customers[spent & customers["segment"].map(is_silent)]
    beside = silent[~silent["customer_id"].isin(panel.selection["customer_id"])]
    assert len(beside)
    told = f"{len(beside)} more of the top 25 % by spend "
    assert told in html(panel)
    assert (
        f"({format_money(beside['monetary'].sum(), '£')}): they have fewer orders, or have not been silent "
        "for as long." in html(panel)
    )
    panel.segment = "High-Value"
    assert "more of the top 25 % by spend" not in html(panel)


def test_it_starts_with_the_rule_of_the_api(small_model):
    assert OverduePanel(small_model).selection.equals(overdue_customers(small_model))


def test_a_brush_narrows_the_list_and_leaves_the_table_of_segments(panel):
    everyone, before = panel.selection, risk(panel)
    low = float(everyone["monetary"].median())
    find(panel, ChartView).set_state({"selections": {"brush": {"monetary": [low, 1e9]}}})
    assert panel.brush == {"monetary": [low, 1e9]}
    assert 0 < len(panel.selection) < len(everyone)
    assert panel.selection["monetary"].min() >= low
    assert risk(panel) == before
    assert find(panel, Grid).total == len(panel.selection)


def test_a_part_of_the_map_without_anyone_is_told_apart_from_nobody_being_late(panel):
    panel.brush = {"monetary": [1e9, 2e9]}
    assert "in this part of the map" in find(panel, Grid).empty
    panel.reset()
    panel.min_overdue = 30_000
    assert find(panel, Grid).empty == "No customer is this overdue: lower the limits."


def test_numbers_typed_move_the_list(panel):
    before = len(panel.selection)
    days = find(panel, NumberBox, "Silence, more than (days)")
    days.enter("0")
    assert panel.min_silence == 0
    assert len(panel.selection) >= before
    days.enter("-1")
    wanted = "Silence, more than: a whole number from 0 to 36,500"
    assert days.message == f"{wanted}, not -1. 0 is still used."
    assert message(panel) == ""


def test_a_shop_without_rhythm_is_told_so(small_shop):
    panel = OverduePanel(ShopperModel.fit(small_shop.drop_duplicates("customer_id"), progress=False))
    assert "nobody has a usual gap yet" in html(panel)
    assert panel.selection.empty
    assert message(panel) == ""


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("min_spend_rank", 1.5, "Spent more than: a number from 0 to 100, not 150."),
        ("min_overdue", float("nan"), "Silence, more than: a number from 0"),
        ("brush", {"recency": [0, 1]}, "A part of the map is"),
        ("brush", {"overdue": [0, "x"]}, "A part of the map is"),
        ("customer_id", "nobody", "There is no customer 'nobody'"),
    ],
)
def test_what_does_not_exist_is_refused(panel, name, value, match):
    refuses(panel, name, value, match)


def test_a_country_narrows_the_list_by_the_rule_of_the_whole_shop(panel, small_model):
    everyone, before = panel.selection, risk(panel)
    there = small_model.customers.set_index("customer_id")["country"]
    panel.country = where = there[everyone["customer_id"].iloc[0]]
    expected = everyone[everyone["customer_id"].map(there) == where].reset_index(drop=True)
    assert 0 < len(expected) < len(everyone)
    pd.testing.assert_frame_equal(panel.selection, expected)
    assert f"{len(expected)} valuable customer" in html(panel) and f" in {where} ha" in html(panel)
    # A country's customers are compared with the whole shop, and the page says so.
    assert risk(panel).replace(", all countries", "") == before != risk(panel)
