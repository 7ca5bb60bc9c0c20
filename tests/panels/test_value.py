import dataclasses
import datetime as dt
from typing import ClassVar

import pandas as pd
import pytest

from shopper_widgets.customers.cohort_value import cohort_value, payback_table
from shopper_widgets.customers.cohorts import cohort_table
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import ValuePanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.number_box import NumberBox
from tests.panel_contract import PanelContract, find, html, message, refuses


class TestValuePanel(PanelContract):
    panel = ValuePanel
    states: ClassVar = [
        {"start": dt.date(2024, 3, 1), "end": dt.date(2024, 5, 31)},
        {"start": dt.date(2024, 5, 31), "end": dt.date(2024, 3, 1)},
        {"country": lambda model: model.orders["country"].iloc[0]},
        {"margin": 40.0},
        {"acquisition_cost": 20.0},
        {"margin": 35.0, "acquisition_cost": 12.5},
    ]


def test_what_is_typed_in_is_reckoned_with(small_model: ShopperModel) -> None:
    panel = ValuePanel(small_model)
    assert "This is revenue: enter your margin to see which acquisition cost it pays back." in html(panel)
    assert "Paid back" not in html(panel) and "is paid back" not in html(panel)
    panel.margin = 40
    assert "So an acquisition cost of up to £" in html(panel)
    panel.margin, panel.acquisition_cost = 40, 15
    values = cohort_value(cohort_table(small_model.orders), margin=0.4)
    pd.testing.assert_frame_equal(panel.selection, payback_table(values, 15))
    assert "of margin (40 % of revenue)" in html(panel)
    assert "An acquisition cost of £15.00" in html(panel)
    assert find(panel, ChartView).description.startswith("An acquisition cost of £15.00")
    panel.acquisition_cost = 1e6
    assert "is not paid back" in html(panel) and "0 of the " in html(panel)


def test_what_a_new_customer_buys_in_units_has_no_margin_and_pays_no_cost(small_model: ShopperModel) -> None:
    terms = {"margin": 0.4, "acquisition_cost": 12.5}
    source = {**small_model.source, "value_terms": terms}
    panel = ValuePanel(dataclasses.replace(small_model, currency="units", source=source))
    shown = html(panel)
    assert "On average, a new customer buys " in shown and " units in the month of the first order" in shown
    assert "margin" not in shown and "cost" not in shown
    assert find(panel, ChartView).description.startswith("A new customer buys ")
    with pytest.raises(StopIteration):
        find(panel, NumberBox)


def test_a_shop_of_one_month_is_told_what_it_lacks(small_shop: pd.DataFrame) -> None:
    start = small_shop["ordered_at"].min()
    panel = ValuePanel(
        ShopperModel.fit(small_shop[small_shop["ordered_at"] < start + pd.Timedelta(days=20)], progress=False)
    )
    assert "nobody could come back in another month" in html(panel)
    assert panel.selection.empty and find(panel, ChartView).chart is None
    assert message(panel) == ""


@pytest.mark.parametrize("value", [0, 101, "x"])
def test_a_margin_that_is_none_is_refused(small_model: ShopperModel, value: object) -> None:
    refuses(ValuePanel(small_model), "margin", value, "Margin")


def test_it_starts_with_what_the_report_was_told(small_model: ShopperModel) -> None:
    terms = {"margin": 0.4, "acquisition_cost": 12.5}
    told = dataclasses.replace(small_model, source={**small_model.source, "value_terms": terms})
    panel = ValuePanel(told)
    assert (panel.margin, panel.acquisition_cost, panel.changed()) == (40, 12.5, {})
    assert "An acquisition cost of £12.50" in html(panel)
    panel.margin = 100
    panel.reset()
    assert panel.margin == 40


def test_a_period_in_which_nobody_began_is_told_and_the_next_one_is_drawn(small_model: ShopperModel) -> None:
    panel = ValuePanel(small_model)
    first = set(small_model.customers["first_order"].dt.date)
    day = next(d for d in pd.date_range("2024-01-01", "2024-07-18").date if d not in first)
    panel.start = panel.end = day
    assert "No customer first ordered from " in html(panel) and panel.selection.empty
    assert find(panel, ChartView).chart is None
    panel.reset()
    assert find(panel, ChartView).chart is not None and not panel.selection.empty
