"""Figures filtered by country, segment or kept column, in all views that have these filters."""

import dataclasses
import datetime as dt

import pandas as pd
import pytest

from shopper_widgets._support.formatting import format_share
from shopper_widgets.customers.cohort_value import cohort_value, payback_table
from shopper_widgets.customers.cohorts import cohort_table
from shopper_widgets.customers.headlines import headlines
from shopper_widgets.customers.journeys.entry import entry_products
from shopper_widgets.customers.journeys.starts import new_starts
from shopper_widgets.customers.narrowing import Narrowing
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import (
    Dashboard,
    JourneysPanel,
    OverduePanel,
    OverviewPanel,
    RetentionPanel,
    SalesPanel,
    SegmentPanel,
    ValuePanel,
)
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.filters import FilterBar
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.overview import NOBODY
from tests.panel_contract import everything, find, html, message

DAYS = {"start": dt.date(2024, 3, 1), "end": dt.date(2024, 5, 31)}


@pytest.fixture(scope="module")
def model(small_shop: pd.DataFrame) -> ShopperModel:
    """Return a model of a shop that also sold at a till, but to nobody in Spain."""
    till = pd.Series(pd.factorize(small_shop["order_id"])[0] % 3 == 0, index=small_shop.index)
    till &= small_shop["country"] != "Spain"
    shop = small_shop.assign(channel=till.map({True: "till", False: "web"}))
    return ShopperModel.fit(shop, keep=["channel"], n_clusters=4, currency="£", progress=False)


@pytest.mark.parametrize(
    "state",
    [
        {"country": "Germany"},
        {"kept": {"channel": "till"}},
        {"country": "France", "kept": {"channel": "web"}},
    ],
    ids=str,
)
def test_the_overview_adds_up_what_sales_and_the_list_of_the_overdue_show(
    model: ShopperModel, state: dict[str, object]
) -> None:
    sales = SalesPanel(model, sold_to="customers", **DAYS, **state)
    panel = OverviewPanel(model, **DAYS, **state)
    told = panel.selection.set_index("figure")["value"]
    assert 0 < told["revenue"] == pytest.approx(sales.sales["amount"].sum())
    assert (
        told["customers"] < OverviewPanel(model, **DAYS).selection.set_index("figure")["value"]["customers"]
    )
    now = OverviewPanel(model, **state).selection.set_index("figure")["value"]["value_at_risk"]
    assert now == pytest.approx(OverduePanel(model, **state).selection["value_at_risk"].sum())
    assert "Only order" in html(panel) and message(panel) == ""


def test_the_overview_of_a_segment_is_of_those_who_are_in_it_today(model: ShopperModel) -> None:
    panel = OverviewPanel(model, segment="At-Risk", **DAYS)
    theirs = model.orders[
        model.orders["customer_id"].isin(SegmentPanel(model, segment="At-Risk").selection["customer_id"])
    ]
    within = theirs["ordered_at"].dt.date.between(DAYS["start"], DAYS["end"])
    told = panel.selection.set_index("figure")["value"]
    assert told["revenue"] == pytest.approx(theirs.loc[within, "amount"].sum())
    assert told["customers"] == theirs.loc[within, "customer_id"].nunique()
    assert "of customers who are At-Risk today" in html(panel)
    pd.testing.assert_frame_equal(
        panel.selection,
        headlines(model, period=(DAYS["start"], DAYS["end"]), among=Narrowing(segment="At-Risk")).figures,
    )


def test_what_to_do_is_of_the_same_customers_or_left_out(model: ShopperModel) -> None:
    panel = OverviewPanel(model)
    everyone = panel.things_to_do
    panel.country = "Germany"
    assert panel.things_to_do and {todo.view for todo in panel.things_to_do} == {"Campaign"}
    assert all(todo.state["countries"] == ("Germany",) for todo in panel.things_to_do)
    late = OverduePanel(model, country="Germany").selection
    overdue = [todo for todo in panel.things_to_do if "overdue" in todo.title]
    assert [todo.money for todo in overdue] == ([late["value_at_risk"].sum()] if len(late) else [])
    listed = SegmentPanel(model, country="Germany").selection
    for todo in panel.things_to_do:
        if "overdue" not in todo.title:
            (name,) = todo.state["segments"]
            of = listed[listed["segment"] == name]
            assert todo.money == pytest.approx(of["monetary"].sum()) and f"{len(of)} customer" in todo.title
    assert "applies to the whole shop: remove the filters" in html(panel)
    panel.country, panel.segment = "", "At-Risk"
    whole = model.segments.set_index("segment")["revenue_share"]["At-Risk"]
    last = panel.things_to_do[-1]
    assert last.state == {"segments": ("At-Risk",)} and last.sure.startswith(format_share(whole))
    panel.segment, panel.country = "", "Germany"
    panel.country = ""
    assert panel.things_to_do == everyone and "of the whole shop" not in html(panel)


def first_orders(model: ShopperModel) -> pd.DataFrame:
    lines = model.lines[model.lines["customer_id"].notna()]
    return lines.sort_values("ordered_at", kind="stable").drop_duplicates("customer_id")


@pytest.mark.parametrize("column", ["country", "channel"])
def test_who_is_followed_is_chosen_by_the_first_order_alone(model: ShopperModel, column: str) -> None:
    value = {"country": "United Kingdom", "channel": "till"}[column]
    first = first_orders(model)
    theirs = set(first.loc[first[column] == value, "customer_id"])
    state = {"country": value} if column == "country" else {"kept": {"channel": value}}
    retention = RetentionPanel(model, **state)
    cohorts = cohort_table(model.orders, among=theirs)
    pd.testing.assert_frame_equal(retention.cohorts, cohorts)
    assert cohorts.groupby("cohort")["cohort_size"].first().sum() == len(theirs) > 0
    # All their later orders count, whichever channel they used.
    spent = model.orders.loc[model.orders["customer_id"].isin(theirs), "amount"].sum()
    assert cohorts["revenue"].sum() == pytest.approx(spent)
    assert set(retention.selection["customer_id"]) == theirs
    whole = RetentionPanel(model).selection.set_index("customer_id")["expected_orders"]
    listed = retention.selection.set_index("customer_id")["expected_orders"]
    pd.testing.assert_series_equal(listed, whole[listed.index])
    assert "That check covers all customers." in html(retention)
    value_of = ValuePanel(model, **state)
    pd.testing.assert_frame_equal(value_of.selection, payback_table(cohort_value(cohorts), 0))
    journeys = JourneysPanel(model, days=30, **state)
    starts = new_starts(model.lines, 30, among=theirs)
    pd.testing.assert_frame_equal(journeys.entry, entry_products(model.lines, starts=starts))
    assert f"Of {len(starts)} new customers who first ordered" in html(journeys)
    for panel in (retention, value_of, journeys):
        assert "Only customers whose first order was" in html(panel) and message(panel) == ""


def test_a_filter_that_leaves_nobody_says_so_everywhere(model: ShopperModel) -> None:
    dashboard = Dashboard(model, filters={"country": ("Spain",), "channel": ("till",)}, page="Overview")
    assert NOBODY in html(dashboard.panel) and dashboard.selection.empty
    assert "sw-card" not in html(dashboard.panel) and dashboard.panel.things_to_do == []
    for page in ("Retention", "Value", "Journeys"):
        dashboard.page = page
        assert "No customer&#39;s first order matches these filters: remove one." in html(dashboard.panel)
        assert dashboard.panel is not None and message(dashboard.panel) == "" == message(dashboard)
        assert dashboard.selection.empty
    dashboard.filters = {}
    for page in ("Overview", "Retention", "Value"):
        dashboard.page = page
        assert not dashboard.selection.empty, page
        assert any(
            view.chart is not None for view in everything(dashboard.panel) if isinstance(view, ChartView)
        ) or (page == "Overview")


def test_few_customers_are_told_what_a_small_shop_is(model: ShopperModel) -> None:
    assert "so no retention rate is reliable" in html(RetentionPanel(model, country="Spain"))
    assert "The value of a new customer is unknown: fewer than 20" in html(ValuePanel(model, country="Spain"))
    journeys = html(JourneysPanel(model, country="Spain", days=200))
    assert "None of these customers can be followed for 200 days" in journeys
    june = {"start": dt.date(2024, 6, 1), "end": dt.date(2024, 6, 20)}
    for panel in (RetentionPanel, ValuePanel):
        assert "None of these customers first ordered from 1 Jun 2024" in html(
            panel(model, country="Spain", **june)
        )


def test_views_of_new_customers_say_why_they_are_not_of_a_segment(model: ShopperModel) -> None:
    dashboard = Dashboard(model, filters={"segment": ("At-Risk",)}, page="Value")
    bar = find(dashboard, FilterBar)
    assert "Not filtered by segment here." in bar.without.value
    assert "which is what decides the segment" in bar.told.value
    dashboard.page = "Overview"
    assert bar.without.value == "" and bar.told.value == ""
    assert dashboard.panel.segment == "At-Risk"


def test_what_was_forgotten_is_in_no_figure(model: ShopperModel) -> None:
    first = first_orders(model)
    gone = first.loc[first["country"] == "Germany", "customer_id"].head(3)
    left = model.forget(list(gone))
    among = Narrowing(country="Germany")
    assert among.newcomers(left) == among.newcomers(model) - set(gone)
    assert among.customers(left) == among.customers(model) - set(gone)
    assert (
        dataclasses.replace(among, kept=(("channel", "till"),)).orders(left)["customer_id"].isin(gone).sum()
        == 0
    )


@pytest.mark.parametrize("state", [{}, {"country": "Germany"}, {"kept": {"channel": "till"}}], ids=str)
def test_sales_of_a_segment_are_those_of_its_customers_today(
    model: ShopperModel, state: dict[str, object]
) -> None:
    every = SalesPanel(model, **DAYS, **state)
    panel = SalesPanel(model, segment="At-Risk", **DAYS, **state)
    customers = set(model.customers.loc[model.customers["segment"] == "At-Risk", "customer_id"])
    lines = model.lines[model.lines["customer_id"].isin(customers)]
    lines = lines[lines["ordered_at"].dt.date.between(DAYS["start"], DAYS["end"])]
    if "country" in state:
        lines = lines[lines["country"] == "Germany"]
    if "kept" in state:
        lines = lines[lines["channel"] == "till"]
    assert 0 < panel.sales["amount"].sum() == pytest.approx(lines["amount"].sum())
    assert panel.sales["amount"].sum() < every.sales["amount"].sum()
    goods = lines[lines["is_product"]].groupby("product_id")["amount"].sum().sort_values(ascending=False)
    assert panel.products["revenue"].tolist() == pytest.approx(goods.head(50).tolist())
    assert f"<dd>{lines['order_id'].nunique():,}</dd>" in html(panel)
    assert "Only order lines" in html(panel) and "of customers who are At-Risk today." in html(panel)
    assert " in the segment At-Risk" in find(panel, Grid).caption and message(panel) == ""
    # Members of a segment are known customers, so that no order is without one.
    assert "without a customer id" not in html(panel)
    panel.segment = ""
    assert panel.selection.equals(every.selection) and panel.sales.equals(every.sales)


def test_what_leaves_no_sale_says_which_filters_to_change(model: ShopperModel) -> None:
    panel = SalesPanel(model, country="Spain", kept={"channel": "till"})
    assert "No order on these days matches these filters" in html(panel)
    assert panel.selection.empty and panel.sales.empty


def test_the_overdue_of_a_segment_are_those_of_the_whole_list_who_are_in_it(model: ShopperModel) -> None:
    limits = {"min_overdue": 0.5, "min_silence": 0, "min_spend_rank": 0}
    every = OverduePanel(model, **limits)
    for name in ("Occasional", "At-Risk"):
        panel = OverduePanel(model, segment=name, **limits)
        listed = every.selection[every.selection["segment"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(panel.selection, listed)
        assert f" in the segment {name} ha" in html(panel)
    assert len(every.selection) > len(listed) > 0
    assert "by segment, all customers" in html(panel) and message(panel) == ""
    dashboard = Dashboard(model, filters={"segment": ("At-Risk",), "country": ("Germany",)}, page="Overdue")
    assert (dashboard.panel.segment, dashboard.panel.country) == ("At-Risk", "Germany")
    assert "Not filtered by" not in find(dashboard, FilterBar).without.value
    dashboard.panel.min_overdue = 9999
    assert find(dashboard.panel, Grid).empty.startswith("None of these customers is this overdue")
