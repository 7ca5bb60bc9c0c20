from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest

from shopper_widgets.customers.flows import NEW, movements
from shopper_widgets.customers.history import segment_history
from shopper_widgets.customers.moments import comparable_moments
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import CampaignPanel, MovementsPanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.grid import Grid
from tests.panel_contract import PanelContract, everything, find, html, message, refuses


def someone(model):
    return model.customers["customer_id"].iloc[5]


def first_day(model):
    return next(iter(comparable_moments(model)))


def last_day(model):
    return list(comparable_moments(model))[-1]


class TestMovementsPanel(PanelContract):
    panel = MovementsPanel
    states: ClassVar = [
        {"start": first_day, "end": last_day},
        {"from_segment": NEW},
        {"country": lambda model: model.orders["country"].mode()[0]},
        {"segment": lambda model: model.segments["segment"].iloc[-1]},
        {"start": first_day, "from_segment": "New", "to_segment": "At-Risk"},
        {"start": last_day, "end": first_day},
        {"customer_id": someone, "sort_by": "customer_id", "descending": False},
    ]

    def resolved(self, model):
        """Return the states; the names of segments depend on the shop."""
        known = {"", NEW, *model.segments["segment"]}
        sides = ("from_segment", "to_segment")
        return [
            {k: v for k, v in state.items() if k not in sides or v in known}
            for state in super().resolved(model)
        ]


@pytest.fixture
def panel(small_model):
    return MovementsPanel(small_model)


def views(panel):
    return [w for w in everything(panel) if isinstance(w, ChartView)]


def test_it_starts_with_the_last_two_whole_months(panel):
    whole = [day for day, is_partial in panel.dates.items() if not is_partial]
    assert [panel.start, panel.end] == whole[-2:]


def test_the_customers_are_those_of_the_history(panel, small_model):
    dates = comparable_moments(small_model)
    history = segment_history(small_model, dates=dates.values())
    expected = movements(history, dates[panel.start], dates[panel.end])
    assert len(panel.selection) == len(expected) == find(panel, Grid).total
    pd.testing.assert_frame_equal(
        panel.selection.sort_values("customer_id", ignore_index=True), expected[panel.selection.columns]
    )


@pytest.mark.parametrize("view", [0, 1])
def test_a_click_on_a_flow_or_a_cell_lists_its_customers_and_a_second_one_all(panel, view):
    moved = panel.flows.query("`from` != `to`").iloc[-1]
    everyone = len(panel.selection)
    picked = [{"from": moved["from"], "to": moved["to"]}]
    views(panel)[view].set_state({"selections": {"pick": picked}})
    assert (panel.from_segment, panel.to_segment) == (moved["from"], moved["to"])
    assert 0 < len(panel.selection) < everyone
    assert set(panel.selection["from"]) == {moved["from"]}
    assert set(panel.selection["to"]) == {moved["to"]}
    assert all(chart.selections == {"pick": picked} for chart in views(panel))
    views(panel)[view].set_state({"selections": {"pick": []}})
    assert (panel.from_segment, panel.to_segment, len(panel.selection)) == ("", "", everyone)


def test_a_click_on_another_flow_replaces_the_first(panel):
    first, second = panel.flows.query("`from` == `to`")["from"].iloc[:2]
    picks = [{"from": name, "to": name} for name in (first, second)]
    views(panel)[0].set_state({"selections": {"pick": picks[:1]}})
    views(panel)[0].set_state({"selections": {"pick": picks}})
    assert panel.from_segment == panel.to_segment == second
    assert all(chart.selections == {"pick": picks[1:]} for chart in views(panel))


def test_lists_choose_the_flow_and_both_charts_mark_it(panel):
    find(panel, widgets.Dropdown, "Moved from").value = "New"
    assert set(panel.selection["from"]) == {"New"}
    assert "from New to any other segment; they spent" in html(panel)
    assert views(panel)[0].selections == {"pick": []}
    find(panel, widgets.Dropdown, "Moved to").value = "New"
    assert views(panel)[0].selections == {"pick": [{"from": "New", "to": "New"}]}
    assert "from New to New; they spent £" in html(panel)


@pytest.mark.parametrize("side", ["from_segment", "to_segment"])
def test_a_campaign_writes_to_those_who_are_on_the_list(small_model, side):
    dates = list(comparable_moments(small_model))
    state = {"start": dates[1], "end": dates[-1], side: "At-Risk"}
    moved = MovementsPanel(small_model, **state).selection
    assert not (moved["from"] == moved["to"]).any()
    assert set(moved["customer_id"]) == set(CampaignPanel(small_model, **state).selection["customer_id"])


def test_partial_months_are_marked_and_told(panel):
    partial = [day for day, is_partial in panel.dates.items() if is_partial]
    assert partial
    labels = [label for label, _ in find(panel, widgets.Dropdown, "And").options]
    assert sum("(month not complete)" in label for label in labels) == len(partial)
    panel.end = partial[-1]
    assert "is not complete" in html(panel)


def test_dates_in_the_wrong_order_are_an_empty_state_in_words(panel):
    panel.start, panel.end = panel.end, panel.start
    assert "The first date is not before the second" in html(panel)
    assert panel.selection.empty
    assert all(view.chart is None for view in views(panel))
    assert message(panel) == ""


def test_a_shop_of_less_than_a_month_is_told_what_is_missing(small_shop):
    first = small_shop["ordered_at"].min()
    few = small_shop[small_shop["ordered_at"] < first + pd.Timedelta(days=20)]
    panel = MovementsPanel(ShopperModel.fit(few, progress=False))
    assert "movements need another month of orders" in html(panel)
    assert panel.selection.empty
    assert message(panel) == ""


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("start", "1999-01-31", "There is no date '1999-01-31'"),
        ("from_segment", "Royalty", "There is no segment 'Royalty'"),
        ("to_segment", NEW, "There is no segment 'No orders yet'"),
        ("customer_id", "nobody", "There is no customer 'nobody'"),
    ],
)
def test_what_does_not_exist_is_refused(panel, name, value, match):
    refuses(panel, name, value, match)


def test_a_pick_that_names_no_segment_is_told_and_changes_nothing(panel):
    views(panel)[0].set_state({"selections": {"pick": [{"from": "Royalty", "to": "New"}]}})
    assert "There is no segment" in message(panel)
    assert (panel.from_segment, panel.to_segment) == ("", "")
    views(panel)[0].set_state({"selections": {"pick": [{"from": "New", "to": 7}]}})
    assert message(panel)
    assert (panel.from_segment, panel.to_segment) == ("", "")
