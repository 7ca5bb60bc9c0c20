import datetime as dt
from typing import ClassVar

import pandas as pd
import pytest

from shopper_widgets.customers.cohorts import cohort_table
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import RetentionPanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.grid import Grid
from shopper_widgets.words import customers as customer_words
from tests.panel_contract import PanelContract, everything, find, html, message, refuses


class TestRetentionPanel(PanelContract):
    panel = RetentionPanel
    states: ClassVar = [
        {"start": dt.date(2024, 3, 1), "end": dt.date(2024, 5, 31)},
        {"start": dt.date(2024, 5, 31), "end": dt.date(2024, 3, 1)},
        {"country": lambda model: model.orders["country"].iloc[0]},
        {"values": "customers"},
        {"values": "revenue", "sort_by": "repeats", "descending": False},
        {"customer_id": lambda model: model.customers["customer_id"].iloc[5]},
    ]


@pytest.fixture
def panel(small_model):
    return RetentionPanel(small_model)


def charts(panel):
    return [w.description for w in everything(panel) if isinstance(w, ChartView) and w.chart is not None]


def test_it_shows_cohorts_days_between_orders_and_whether_expectations_held(panel, small_model):
    pd.testing.assert_frame_equal(panel.cohorts, cohort_table(small_model.orders))
    cohorts, gaps, calibration = charts(panel)
    assert "in the month after their first order" in cohorts
    assert gaps.startswith("Half of the repeat orders come within")
    assert calibration.startswith("Expected ") and "actual" in calibration
    assert "may include existing customers: " in html(panel)


def test_what_is_expected_is_that_of_the_api(panel, small_model):
    expected = customer_words.expectations(small_model, 90)
    most = expected.customers.sort_values("expected_revenue", ascending=False, kind="stable")
    assert panel.selection["customer_id"].tolist() == most["customer_id"].tolist()
    assert panel.selection["expected_orders"].tolist() == most["expected_orders"].tolist()
    for orders in expected.by_segment["expected_orders"]:
        assert f">{orders:,.1f}".removesuffix(".0") in html(panel)
    once = panel.selection["repeats"] == 0
    assert panel.selection.loc[once, "probability_alive"].isna().all()
    assert panel.selection.loc[~once, "probability_alive"].between(0, 1).all()


def test_the_table_holds_what_the_picture_shows(panel):
    first = panel.cohorts.iloc[0]
    panel.values = "customers"
    assert f'<th scope="row">{first["cohort"]:%b %Y}</th><td>{first["customers"]}</td>' in html(panel)
    panel.values = "revenue"
    assert "£" in html(panel).split("<details>")[1].split("</details>")[0]
    assert "of revenue comes in months after" in find(panel, ChartView).description


def test_there_is_no_column_of_what_cannot_be_told(wild_model):
    panel = RetentionPanel(wild_model)
    assert panel.sort_by == "expected_orders"
    assert "Expected revenue" not in html(panel)
    assert "Expected orders" in html(panel)
    assert [column["name"] for column in find(panel, Grid).columns][-1] == "expected_orders"
    assert panel.selection["expected_orders"].is_monotonic_decreasing
    assert message(panel) == ""


def test_a_shop_of_one_month_and_single_orders_is_told_what_it_lacks(small_shop):
    start = small_shop["ordered_at"].min()
    few = small_shop[small_shop["ordered_at"] < start + pd.Timedelta(days=20)]
    panel = RetentionPanel(ShopperModel.fit(few.drop_duplicates("customer_id"), progress=False))
    assert "nobody could come back in another month" in html(panel)
    assert "came back on another day" in html(panel)
    assert charts(panel) == ["Nothing to show. No customer ordered on two different days."]
    assert panel.selection.empty
    assert message(panel) == ""


def test_what_does_not_exist_is_refused(panel):
    refuses(panel, "values", "size", "values")
    refuses(panel, "customer_id", "nobody", "There is no customer 'nobody'")


def test_a_period_narrows_the_cohorts_and_a_sorted_list_draws_no_chart_anew(panel):
    everyone = charts(panel)
    panel.period = ("2024-03-01", "2024-04-30")
    assert panel.cohorts["cohort"].drop_duplicates().tolist() == [
        pd.Timestamp("2024-03-01"),
        pd.Timestamp("2024-04-01"),
    ]
    # Days between orders and the outlook stay those of all customers.
    assert charts(panel)[1:] == everyone[1:]
    drawn = []
    for view in everything(panel):
        if isinstance(view, ChartView):
            view.observe(lambda _: drawn.append(1), "spec")
    panel.sort_by = "repeats"
    assert drawn == []
    began = set(panel.model.customers["first_order"].dt.date)
    nobody = next(day for day in pd.date_range("2024-03-01", "2024-07-18").date if day not in began)
    panel.period = (str(nobody), str(nobody))
    assert "No customer first ordered from " in html(panel) and charts(panel) == everyone[1:]
