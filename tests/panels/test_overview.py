import datetime as dt
from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest

from shopper_widgets.customers.headlines import headlines
from shopper_widgets.datasets import make_transactions
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import OverviewPanel
from shopper_widgets.panels.dashboard_views import PAGES
from shopper_widgets.panels.period import CROSSED
from shopper_widgets.words.overview import TOO_SHORT, cards
from tests.panel_contract import PanelContract, everything, find, html, message, refuses


class TestOverviewPanel(PanelContract):
    panel = OverviewPanel
    states: ClassVar = [
        {"compared": "month"},
        {"start": dt.date(2024, 5, 1), "end": dt.date(2024, 5, 31)},
        {"start": dt.date(2024, 5, 31), "end": dt.date(2024, 5, 1)},
        {
            "country": lambda model: model.orders["country"].iloc[0],
            "segment": lambda model: model.segments["segment"].iloc[-1],
        },
    ]

    def test_the_reset_button_does_the_same(self, small_model):
        # It has no reset button: each of its buttons leads elsewhere, and leaves the panel unchanged.
        panel = OverviewPanel(small_model, compared="month")
        find(panel, widgets.Button).click()
        assert panel.compared == "month"


@pytest.fixture
def panel(small_model):
    return OverviewPanel(small_model)


def test_it_shows_the_figures_of_the_longest_period_and_of_the_one_chosen(panel, small_model):
    assert panel.compared == "quarter"
    find(panel, widgets.Dropdown).value = "month"
    assert panel.compared == "month"
    told = headlines(small_model, "month")
    pd.testing.assert_frame_equal(panel.selection, told.figures)
    for card in cards(small_model, told):
        assert f'<p class="sw-label">{card.label}</p><p class="sw-big">{card.value}</p>' in html(panel)
    refuses(panel, "compared", "year", "The orders don't cover two complete years.")


def test_a_period_takes_the_place_of_whole_months(panel, small_model):
    panel.start, panel.end = dt.date(2024, 5, 1), dt.date(2024, 5, 20)
    told = headlines(small_model, period=(panel.start, panel.end))
    pd.testing.assert_frame_equal(panel.selection, told.figures)
    assert "1 May 2024 to 20 May 2024, compared with 11 Apr 2024 to 30 Apr 2024" in html(panel)
    assert find(panel, widgets.Dropdown, "Compare with").layout.display == "none"
    panel.start = dt.date(2024, 6, 1)
    assert CROSSED in html(panel) and "sw-card" not in html(panel) and panel.selection.empty


def test_each_button_leads_to_a_view_with_traits_that_it_has(panel, small_model):
    assert len(panel.things_to_do) >= 3
    for todo in panel.things_to_do:
        find(panel, widgets.Button, todo.button).click()
        assert panel.opened["view"] in PAGES
    for todo, button in zip(panel.things_to_do, panel._buttons, strict=True):
        button.click()
        assert panel.opened == {"view": todo.view, "state": todo.state}
        assert message(PAGES[todo.view](small_model, **todo.state)) == ""


def test_a_shop_of_one_month_has_a_sentence_instead_of_a_choice():
    orders = make_transactions(n_customers=30, n_products=10, n_days=28, random_state=0)
    panel = OverviewPanel(ShopperModel.fit(orders, progress=False))
    assert TOO_SHORT.replace("'", "&#39;") in html(panel)
    choices = {w.description for w in everything(panel) if isinstance(w, widgets.Dropdown)}
    assert choices == {"Country", "Segment"}
    assert panel.things_to_do
