from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest

from shopper_widgets import bought_by, buyers_by_segment, overdue_customers
from shopper_widgets._support.formatting import format_share
from shopper_widgets._support.locale import in_locale
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import DemandPanel, StockPanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.class_table import ClassTable
from shopper_widgets.panels.fold import Fold
from shopper_widgets.panels.grid import Grid
from shopper_widgets.products.classes import product_classes
from shopper_widgets.products.demand import demand_table
from shopper_widgets.products.forecaster import DemandForecaster
from shopper_widgets.words.demand import demand_of, trends_of
from shopper_widgets.words.products_to_do import check_products
from tests.panel_contract import PanelContract, everything, find, html, message, refuses


def second(model: ShopperModel) -> str:
    return str(model.all_products[model.all_products["is_product"]]["product_id"].iloc[1])


class TestDemandPanel(PanelContract):
    panel = DemandPanel
    states: ClassVar = [
        {"horizon": 2},
        {"group": lambda model: _group(model)},
        {"trend": lambda model: _trend(model)},
        {"product_id": second},
        {"country": lambda model: model.orders["country"].mode()[0]},
        {"sort_by": "expected", "descending": False},
    ]


def _group(model: ShopperModel) -> str:
    classes = product_classes(demand_table(model.lines))
    return str(classes["abc"].iloc[0] + classes["xyz"].iloc[0])


def _trend(model: ShopperModel) -> str:
    return next(iter(trends_of(demand_of(model)).values()))


@pytest.fixture
def panel(small_model: ShopperModel) -> DemandPanel:
    return DemandPanel(small_model)


def test_the_figures_are_those_of_the_library_for_everyones_lines(
    panel: DemandPanel, small_model: ShopperModel
) -> None:
    weeks = demand_table(small_model.lines)
    forecaster = DemandForecaster(horizon=2).fit(weeks)
    panel.horizon = 2
    shown = panel.selection.set_index("product_id")
    expected = forecaster.predict().set_index("product_id")["expected"]
    most = forecaster.predict_quantiles([0.95]).set_index("product_id")["q0.95"]
    pd.testing.assert_series_equal(shown["expected"].sort_index(), expected.sort_index(), check_names=False)
    pd.testing.assert_series_equal(shown["most"].sort_index(), most.sort_index(), check_names=False)
    assert f"{round(expected.sum()):,} units" in html(panel)


def _grid(panel: DemandPanel, what: str, filename: str = "") -> Grid:
    return next(
        grid
        for grid in everything(panel)
        if isinstance(grid, Grid) and grid.what == what and grid.filename == filename
    )


def test_a_class_narrows_the_list_and_a_product_is_drawn(
    panel: DemandPanel, small_model: ShopperModel
) -> None:
    panel.group = group = _group(small_model)
    assert set(panel.selection["group"]) == {group} and len(panel.selection)
    products = _grid(panel, "product", "demand.csv")
    assert products.total == len(panel.selection)
    product = str(panel.selection["product_id"].iloc[-1])
    products.chosen = product
    assert panel.product_id == product
    name = small_model.all_products.set_index("product_id")["product_name"][product]
    drawn = find(panel, ChartView).chart.to_dict()["title"]["text"]
    assert " ".join(drawn).startswith(name)
    refuses(panel, "group", "QQ", "No product has class 'QQ'")
    refuses(panel, "product_id", "nothing", "There is no product 'nothing'")


def test_a_trend_narrows_the_list_to_what_the_overview_counts(
    panel: DemandPanel, small_model: ShopperModel
) -> None:
    marks = trends_of(demand_of(small_model))
    trend = _trend(small_model)
    panel.trend = trend
    assert set(panel.selection["product_id"]) == {product for product, mark in marks.items() if mark == trend}
    assert _grid(panel, "product", "demand.csv").caption == f"Products, {trend}: demand in the next 4 weeks"
    assert (f"{trend} ({len(panel.selection)})", trend) in find(panel, widgets.Dropdown, "Trend").options
    refuses(panel, "trend", "sideways", "No product has the trend 'sideways'")


def test_the_overview_leads_to_the_very_products_that_it_tells_of(small_model: ShopperModel) -> None:
    """It leads only to gaps of products with most revenue that chance hardly explains."""
    lines = small_model.lines
    best = lines.groupby("product_id")["amount"].sum().nlargest(3).index
    late = lines["ordered_at"] > lines["ordered_at"].max() - pd.Timedelta(weeks=8)
    model = ShopperModel.fit(
        lines[~(lines["product_id"].isin(best) & late)], n_clusters=4, currency="£", progress=False
    )
    told = check_products(model)
    assert told is not None
    panel = DemandPanel(model, **told.state)
    assert panel.group == "A" and set(best) <= set(panel.selection["product_id"])
    assert told.title == f"Check the stock of {len(panel.selection)} products that stopped selling"
    assert told.money == pytest.approx(panel.selection["revenue"].sum())
    assert panel.selection["group"].str.startswith("A").all()
    assert "Products of class A, out of stock?: demand" in _grid(panel, "product", "demand.csv").caption
    offered = dict(find(panel, widgets.Dropdown, "Class").options)
    assert offered["A (all)"] == "A"
    counted = dict(find(panel, widgets.Dropdown, "Trend").options)
    assert counted[f"out of stock? ({len(panel.selection)})"] == "out of stock?"
    panel.trend = ""
    every = demand_of(model).classes
    assert len(panel.selection) == (every["abc"] == "A").sum()


def test_the_overview_leads_to_the_products_that_grow(small_model: ShopperModel) -> None:
    """It leads to no others: here, the products with doubled sales in the last quarter grow."""
    lines = small_model.lines
    best = lines.groupby("product_id")["amount"].sum().nlargest(8).index
    late = lines["ordered_at"] > lines["ordered_at"].max() - pd.Timedelta(weeks=13)
    more = lines["product_id"].isin(best) & late
    factor = 1 + 3 * more
    grown = lines.assign(quantity=lines["quantity"] * factor, amount=lines["amount"] * factor)
    model = ShopperModel.fit(grown, n_clusters=4, progress=False)
    told = check_products(model)
    assert told is not None and told.title.startswith("Order more of ")
    panel = DemandPanel(model, **told.state)
    assert told.title == f"Order more of {len(panel.selection)} products that grow faster than the shop"
    assert told.money == pytest.approx(panel.selection["revenue"].sum())
    assert set(panel.selection["trend"]) == {"growing"} and len(panel.selection) < len(
        demand_of(model).classes
    )


def test_a_click_on_a_class_lists_its_products_and_a_second_one_all(panel: DemandPanel) -> None:
    every, classes = len(panel.selection), find(panel, ClassTable)
    many = {key: int(products.split()[0]) for key, (products, _, _) in classes.cells.items()}
    assert sum(many.values()) == every
    assert all(share.endswith("% of revenue") for _, share, _ in classes.cells.values())
    assert all(action.endswith(".") for _, _, action in classes.cells.values()), "each has an advice"
    for key, number in many.items():
        classes.set_state({"chosen": key})
        assert (panel.group, len(panel.selection)) == (key, number)
    classes.set_state({"chosen": ""})
    assert (panel.group, len(panel.selection)) == ("", every)


def test_who_buys_the_product_drawn_is_told(panel: DemandPanel, small_model: ShopperModel) -> None:
    product = second(small_model)
    panel.product_id = product
    name = small_model.all_products.set_index("product_id")["product_name"][product]
    table = buyers_by_segment(small_model.lines, small_model.customers)
    top = table[(table["product_id"] == product) & table["segment"].notna()].iloc[0]
    told = html(panel)
    assert f"Who bought {name} in the last 26 weeks" in told
    assert f">{format_share(top['unit_share'])}</td>" in told and str(top["segment"]) in told
    assert "of its units" in told or "too few to tell" in told


def test_what_overdue_customers_bought_is_a_click_away(panel: DemandPanel, small_model: ShopperModel) -> None:
    late = _grid(panel, "product", "bought-by-overdue-customers.csv")
    expected = bought_by(small_model.lines, overdue_customers(small_model)["customer_id"])
    assert late.keys_shown == expected["product_id"].head(10).tolist()
    fold = find(panel, Fold)
    assert not fold.opened and late in everything(fold)
    late.chosen = late.keys_shown[1]
    assert panel.product_id == late.keys_shown[1]


def test_what_can_not_be_told_is_said(panel: DemandPanel) -> None:
    assert "The forecast does not consider seasons, which would need two years of orders." in html(panel)


def test_where_there_are_too_few_weeks_it_says_so(small_shop: pd.DataFrame) -> None:
    start = small_shop["ordered_at"].min()
    days = small_shop[small_shop["ordered_at"] < start + pd.Timedelta(days=10)]
    panel = DemandPanel(ShopperModel.fit(days, n_clusters=2, progress=False))
    assert "these orders cover 10 days. Come back with more weeks of orders." in html(panel)
    assert panel.selection.empty and message(panel) == "" and find(panel, ChartView).chart is None


@pytest.mark.parametrize("n_days", [5, 28], ids=["no whole week", "four weeks"])
def test_too_few_weeks_are_told_without_words_of_programs(small_shop: pd.DataFrame, n_days: int) -> None:
    start = small_shop["ordered_at"].min()
    few = small_shop[small_shop["ordered_at"] < start.normalize() + pd.Timedelta(days=n_days)]
    model = ShopperModel.fit(few, n_clusters=2, progress=False)
    for kind in (DemandPanel, StockPanel):
        told = html(kind(model))
        assert f"first sold 8 weeks ago or earlier; these orders cover {n_days} days." in told
        assert "min_weeks" not in told and "demand must" not in told
    with in_locale("de"):
        assert f"umfassen {n_days} Tage" in html(DemandPanel(model))
