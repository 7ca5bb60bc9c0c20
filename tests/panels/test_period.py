"""A period is chosen by name or by its days, and counts as one change."""

import datetime as dt

import ipywidgets as widgets
import pandas as pd
import pytest

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import OverviewPanel, SalesPanel
from shopper_widgets.panels.date_box import DateBox
from shopper_widgets.panels.period import OTHER, covered_days, named_periods
from tests.panel_contract import everything, find, message


@pytest.fixture
def panel(small_model: ShopperModel) -> SalesPanel:
    return SalesPanel(small_model)


def test_a_name_stands_for_its_days_and_other_days_have_none(panel: SalesPanel) -> None:
    first, last = covered_days(panel.model)
    names = find(panel, widgets.Dropdown, "Period")
    assert names.value == (first, last) and not panel.period
    names.value = named_periods(first, last)["Last 28 days"]
    assert (panel.start, panel.end) == (last - dt.timedelta(days=27), last)
    assert panel.period == (str(panel.start), str(last))
    find(panel, DateBox, "From").enter("2024-03-01")
    assert names.label == OTHER
    names.value = (first, last)
    assert panel.changed() == {}
    names.value = ()  # "other days" sets no period
    assert panel.changed() == {}


def test_a_named_period_is_one_change(panel: SalesPanel) -> None:
    names, periods = find(panel, widgets.Dropdown, "Period"), named_periods(*covered_days(panel.model))
    panel.period = ("2024-03-01", "2024-04-30")
    for name in ("Last 90 days", "Last 28 days"):
        names.value = periods[name]
    for days in (periods["Last 90 days"], (dt.date(2024, 3, 1), dt.date(2024, 4, 30))):
        panel.undo()
        assert (panel.start, panel.end) == days
    panel.undo()
    assert not panel.period and message(panel) == ""


def test_periods_are_cut_to_the_orders_and_none_stands_twice() -> None:
    first, last = dt.date(2024, 1, 1), dt.date(2024, 7, 18)
    assert list(named_periods(first, last)) == ["All days", "Last 28 days", "Last 90 days"]
    assert named_periods(dt.date(2022, 5, 5), last)["Last year"] == (
        dt.date(2023, 1, 1),
        dt.date(2023, 12, 31),
    )
    assert list(named_periods(last, last)) == ["All days"]


def test_a_shop_of_few_days_has_nothing_to_choose_by_name(small_shop: pd.DataFrame) -> None:
    first = small_shop["ordered_at"].min()
    days = small_shop[small_shop["ordered_at"] < first + pd.Timedelta(days=20)]
    panel = OverviewPanel(ShopperModel.fit(days, n_clusters=2, progress=False))
    assert not [w for w in everything(panel) if getattr(w, "description", "") == "Period"]
