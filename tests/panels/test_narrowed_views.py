"""Filtered views of products and movements: each figure is the library's for those lines or customers."""

from typing import Any

import ipywidgets as widgets
import pandas as pd
import pytest

from shopper_widgets import bought_by, buyers_by_segment, overdue_customers
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.flows import transitions
from shopper_widgets.customers.history import segment_history
from shopper_widgets.customers.journeys.replenishment import due_customers, replenished_products
from shopper_widgets.customers.moments import comparable_moments
from shopper_widgets.customers.narrowing import Narrowing
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import (
    CampaignPanel,
    Dashboard,
    DemandPanel,
    MovementsPanel,
    PricePanel,
    RepurchasePanel,
    StockPanel,
)
from shopper_widgets.panels.base import Panel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.filters import FilterBar
from shopper_widgets.panels.grid import Grid
from shopper_widgets.products.demand import demand_table
from shopper_widgets.products.forecaster import DemandForecaster
from shopper_widgets.products.prices import price_table
from shopper_widgets.products.stock import stock_plan
from shopper_widgets.words.journeys import next_step_campaign
from shopper_widgets.words.prices import products_by_price
from tests.customers.journeys.shops import as_orders, soap_shop
from tests.panel_contract import everything, find, html, message, seen

#: Filters for figures of all lines, with and without a customer.
LINES: list[dict[str, Any]] = [
    {"country": "Germany"},
    {"kept": {"channel": "till"}},
    {"country": "United Kingdom", "kept": {"channel": "web"}},
]


@pytest.fixture(scope="module")
def model(small_shop: pd.DataFrame) -> ShopperModel:
    """Return a model of a shop that also sold at a till, but not in its last two months."""
    till = pd.Series(pd.factorize(small_shop["order_id"])[0] % 2 == 0, index=small_shop.index)
    till &= small_shop["ordered_at"] < small_shop["ordered_at"].max() - pd.Timedelta(days=60)
    shop = small_shop.assign(channel=till.map({True: "till", False: "web"}))
    return ShopperModel.fit(shop, keep=["channel"], n_clusters=4, currency="£", progress=False)


def lines_of(model: ShopperModel, state: dict[str, Any]) -> pd.DataFrame:
    lines = model.lines
    for name, value in {"country": state.get("country"), **state.get("kept", {})}.items():
        lines = lines[lines[name] == value] if value else lines
    assert 0 < len(lines) < len(model.lines)
    return lines


def changed_to(kind: type[Panel], model: ShopperModel, state: dict[str, Any]) -> Panel:
    """Return a panel in a state; assert that changing to the state and starting in it show the same."""
    panel = kind(model)
    first = seen(panel)
    for name, value in state.items():
        setattr(panel, name, value)
    assert seen(panel) == seen(kind(model, **state)) and message(panel) == ""
    for name in state:
        setattr(panel, name, kind(model).trait_defaults(name))
    assert seen(panel) == first
    return kind(model, **state)


@pytest.mark.parametrize("state", LINES, ids=str)
def test_demand_is_forecast_of_those_sales_alone_in_the_weeks_of_the_shop(
    model: ShopperModel, state: dict[str, Any]
) -> None:
    panel, lines = changed_to(DemandPanel, model, state), lines_of(model, state)
    weeks = demand_table(lines, shop=model.lines)
    assert weeks.attrs["weeks"] == demand_table(model.lines).attrs["weeks"]
    expected = DemandForecaster().fit(weeks).predict().set_index("product_id")["expected"]
    shown = panel.selection.set_index("product_id")
    pd.testing.assert_series_equal(shown["expected"].sort_index(), expected.sort_index(), check_names=False)
    assert 0 < expected.sum() != pytest.approx(DemandPanel(model).selection["expected"].sum())
    assert "Only order lines" in html(panel)
    assert "Compared with all of these sales, " in html(panel)
    country = f" in {state['country']}" if "country" in state else ""
    channel = f" with channel {state['kept']['channel']}" if "kept" in state else ""
    assert f"weeks, in order lines{country}{channel} alone, net of returns." in html(panel)
    assert "to all buyers" not in html(panel) and "to all buyers" in html(DemandPanel(model))
    until = model.lines.loc[model.lines["is_product"], "ordered_at"].max()
    product = str(panel.selection["product_id"].iloc[0])
    panel.product_id = product
    buyers = buyers_by_segment(lines, model.customers, until=until)
    for row in buyers[buyers["product_id"] == product].to_dict("records"):
        assert f">{row['quantity']:,}</td>" in html(panel)
    late = overdue_customers(model)
    late = late[late["customer_id"].isin(Narrowing(**_among(state)).customers(model))]
    bought = bought_by(lines, late["customer_id"], until=until)
    listed = next(w for w in everything(panel) if isinstance(w, Grid) and "overdue" in w.filename)
    assert set(listed.sorted_frame["product_id"]) == set(bought["product_id"]) & set(expected.index)


def _among(state: dict[str, Any]) -> dict[str, Any]:
    return {**state, "kept": tuple(state.get("kept", {}).items())}


def test_what_is_sold_no_more_is_not_forecast_from_when_it_was(model: ShopperModel) -> None:
    last = model.lines["ordered_at"].max()
    till = model.lines[model.lines["channel"] == "till"]
    assert till["ordered_at"].max() < last - pd.Timedelta(days=59)
    whole, narrowed = (DemandPanel(model, kept=kept).selection for kept in ({}, {"channel": "till"}))
    assert narrowed["level"].sum() < 0.2 * whole["level"].sum()


def test_a_product_that_is_not_among_those_sales_is_told(model: ShopperModel) -> None:
    sold = {name: set(DemandPanel(model, country=name).selection["product_id"]) for name in ("", "Germany")}
    product = sorted(sold[""] - sold["Germany"])[0]
    panel = DemandPanel(model, product_id=product)
    assert find(panel, ChartView).chart is not None
    panel.country = "Germany"
    assert f"None of these sales is of product {product} in a complete week" in html(panel)
    assert find(panel, ChartView).chart is None and message(panel) == ""
    prices = PricePanel(model, product_id=product, country="Germany")
    assert f"None of these sales has a price of product {product}" in html(prices)


@pytest.mark.parametrize("kind", [DemandPanel, StockPanel])
def test_sales_too_few_for_a_forecast_say_so_and_leave_no_figure(
    model: ShopperModel, kind: type[Panel], small_shop: pd.DataFrame
) -> None:
    rare = model.lines[model.lines["is_product"]].groupby("country")["ordered_at"].agg(["size", "min"])
    few = str(rare.sort_values("size").index[0])
    panel = kind(model, country=few)
    if "remove a filter" not in html(panel):
        start = small_shop["ordered_at"].max() - pd.Timedelta(days=20)
        late = small_shop.assign(
            country=small_shop["country"].where(small_shop["ordered_at"] < start, "Malta")
        )
        few, model = "Malta", ShopperModel.fit(late, n_clusters=4, progress=False)
    panel = changed_to(kind, model, {"country": few})
    assert "none of these sales is of one: remove a filter." in html(panel)
    assert panel.selection.empty and find(panel, ChartView).chart is None and "Expected" not in html(panel)
    panel.country = ""
    assert len(panel.selection) and "remove a filter" not in html(panel)


@pytest.mark.parametrize("state", LINES, ids=str)
def test_stock_is_planned_for_those_sales_alone(model: ShopperModel, state: dict[str, Any]) -> None:
    panel = changed_to(StockPanel, model, {"lead_time": 21, **state})
    plan = stock_plan(
        DemandForecaster().fit(demand_table(lines_of(model, state), shop=model.lines)), lead_time=21
    )
    shown = panel.selection.set_index("product_id")["order_up_to"].sort_index()
    pd.testing.assert_series_equal(shown, plan.set_index("product_id")["order_up_to"].sort_index())
    assert "must be the stock for these sales alone" not in html(panel)
    panel.stock = f"product_id,on_hand\n{shown.index[0]},1"
    assert "The stock on hand must be the stock for these sales alone." in html(panel)


@pytest.mark.parametrize("state", LINES, ids=str)
def test_prices_are_of_those_sales_alone(model: ShopperModel, state: dict[str, Any]) -> None:
    panel = changed_to(PricePanel, model, state)
    expected = products_by_price(price_table(lines_of(model, state)))
    pd.testing.assert_frame_equal(panel.selection, expected)
    assert not panel.selection.equals(PricePanel(model).selection)
    assert "Only order lines" in html(panel)


@pytest.mark.parametrize(
    "state", [{"country": "Germany"}, {"kept": {"channel": "till"}}, {"segment": "At-Risk"}], ids=str
)
def test_movements_are_those_of_the_customers_whom_lists_show(
    model: ShopperModel, state: dict[str, Any]
) -> None:
    panel = changed_to(MovementsPanel, model, state)
    moments = comparable_moments(model)
    history = segment_history(model, dates=moments.values())
    theirs = Narrowing(**_among(state)).customers(model)
    history = history[history["customer_id"].isin(theirs)]
    expected = transitions(history, moments[panel.start], moments[panel.end])
    pd.testing.assert_frame_equal(panel.flows, expected)
    assert 0 < expected["customers"].sum() < MovementsPanel(model).flows["customers"].sum()
    assert set(panel.selection["customer_id"]) <= theirs
    told = {"country": "in Germany", "kept": "with channel till", "segment": "in the segment At-Risk"}
    assert f"Only customers {told[next(iter(state))]}, with all their orders" in html(panel)
    assert ("says little" in html(panel)) == ("segment" in state)
    # The orders of these customers alone give the same, except for the time that the shop is observed.
    orders = model.orders[model.orders["customer_id"].isin(theirs)]
    alone = segment_history(model, orders, moments.values())
    again = transitions(alone, moments[panel.start], moments[panel.end])
    told_of = [name for name in expected if name != "is_partial"]
    pd.testing.assert_frame_equal(again[told_of], expected[told_of])


@pytest.fixture(scope="module")
def soap() -> ShopperModel:
    """Return a model of a shop in which soap is bought again, in two countries and two channels."""
    orders = as_orders(soap_shop())
    number = pd.Series(pd.factorize(orders["customer_id"])[0], index=orders.index)
    orders = orders.assign(
        country=(number % 2).map({0: "France", 1: "Spain"}),
        channel=(number % 3 > 0).map({True: "web", False: "till"}),
    )
    return ShopperModel.fit(orders, n_clusters=4, currency="£", keep=["channel"], progress=False)


@pytest.mark.parametrize("state", [{"country": "France"}, {"kept": {"channel": "web"}}], ids=str)
def test_what_is_bought_again_is_told_of_those_who_began_so(
    soap: ShopperModel, state: dict[str, Any]
) -> None:
    panel = changed_to(RepurchasePanel, soap, state)
    among = Narrowing(**_among(state))
    expected = replenished_products(soap.lines, among=among.newcomers(soap))
    pd.testing.assert_frame_equal(panel.products, expected)
    assert 0 < expected["customers"].max() < replenished_products(soap.lines)["customers"].max()
    due = due_customers(soap.lines, soap.as_of)
    due = due[due["customer_id"].isin(among.customers(soap))].reset_index(drop=True)
    pd.testing.assert_frame_equal(panel.selection, due)
    assert f": {len(due):,} purchase" in html(panel) and "That check covers all customers." in html(panel)


def test_the_campaign_of_those_who_are_due_is_to_those_on_the_list(soap: ShopperModel) -> None:
    name = str(RepurchasePanel(soap).selection.merge(soap.customers, on="customer_id")["segment"].mode()[0])
    panel = RepurchasePanel(soap, country="France", segment=name, product_id="SOAP")
    assert f"The list shows customers in France in the segment {name}." in html(panel)
    button = next(
        w for w in everything(panel) if isinstance(w, widgets.Button) and "campaign" in w.description
    )
    button.click()
    chosen = Campaign.from_json(panel.proposed).select(soap)
    assert set(chosen["customer_id"]) == set(panel.selection["customer_id"]) and len(chosen)
    again = CampaignPanel(soap)
    again.load(panel.proposed)
    assert (again.countries, again.segments) == (("France",), (name,))
    # A segment depends on how often customers buy again: these figures are of all segments.
    pd.testing.assert_frame_equal(panel.products, RepurchasePanel(soap, country="France").products)


def test_the_campaign_of_a_step_is_to_those_of_whom_it_is_told(model: ShopperModel) -> None:
    once = model.orders.drop_duplicates("customer_id", keep=False)
    bought = model.lines.merge(once[["order_id"]], on="order_id")
    theirs: dict[Any, set[str]] = {}
    for row in bought.to_dict("records"):
        theirs.setdefault((row["country"], row["channel"], row["product_id"]), set()).add(row["customer_id"])
    country, channel, product = max(theirs, key=lambda key: len(theirs[key]))
    among = Narrowing(country=country, kept=(("channel", channel),))
    step: Any = pd.Series({"product_id": product, "next_id": "X", "next_name": "MUG"})
    chosen = next_step_campaign(model, step, 10_000, among).select(model)
    assert set(chosen["customer_id"]) == theirs[country, channel, product]
    assert set(chosen["customer_id"]) <= among.newcomers(model)
    everyone = next_step_campaign(model, step, 10_000).select(model)
    assert len(chosen) < len(everyone)


def test_filters_hold_in_these_views_and_others_say_that_they_dont(model: ShopperModel) -> None:
    filters = {"country": ("Germany",), "channel": ("web",), "segment": ("At-Risk",)}
    dashboard = Dashboard(model, filters=filters, page="Movements")
    bar, lacks_segment = find(dashboard, FilterBar), ("Demand", "Stock", "Prices")
    for page in ("Movements", "Repurchase", *lacks_segment):
        dashboard.page = page
        panel: Any = dashboard.panel
        assert (panel.country, panel.kept) == ("Germany", {"channel": "web"}) and message(panel) == ""
        assert ("Not filtered by segment here." in bar.without.value) == (page in lacks_segment)
        assert ("those without a customer id belong to no segment" in bar.told.value) == (
            page in lacks_segment
        )
        assert "worked out from the whole shop" not in bar.told.value
    whole = "This view is worked out from the whole shop."
    told = dict.fromkeys(("Discounts", "Quality", "Evaluation"), whole)
    for page, said in {"Predict": "The segments are those of the whole shop: ", **told}.items():
        dashboard.page = page
        assert "Not filtered by country, channel and segment here." in bar.without.value
        assert said in bar.told.value
    for page, what in (
        ("Customer", "shows one customer"),
        ("Results", "covers all customers of the campaign"),
    ):
        dashboard.page = page
        assert "Not filtered by country, channel and segment here." in bar.without.value
        assert f"This view {what}, whatever the filters." in bar.told.value
        assert "whole shop" not in bar.told.value
