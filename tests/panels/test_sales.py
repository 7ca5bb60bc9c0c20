import datetime as dt
from typing import Any, ClassVar

import ipywidgets as widgets
import numpy as np
import pandas as pd
import pytest

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import SalesPanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.date_box import DateBox
from shopper_widgets.panels.grid import Grid
from tests.panel_contract import PanelContract, find, html, message, refuses


def country(model):
    return model.orders["country"].mode()[0]


class TestSalesPanel(PanelContract):
    panel = SalesPanel
    states: ClassVar = [
        {"country": country},
        {"segment": lambda model: model.segments["segment"].iloc[-1]},
        {"start": dt.date(2024, 3, 1), "end": dt.date(2024, 4, 30)},
        {"sort_by": "product_name", "descending": False},
        {"start": dt.date(2024, 4, 30), "end": dt.date(2024, 3, 1)},
    ]


@pytest.fixture
def panel(small_model):
    return SalesPanel(small_model)


def test_the_headline_counts_orders_not_order_lines(panel, small_model):
    orders = small_model.all_orders
    assert len(orders) > len(small_model.orders)
    value = orders["amount"].sum() / orders["order_id"].nunique()
    assert f"<dt>Orders</dt><dd>{len(orders):,}</dd>" in html(panel)
    assert f"<dt>Customers</dt><dd>{orders['customer_id'].nunique():,}</dd>" in html(panel)
    assert f"<dt>Average order value</dt><dd>£{value:,.2f}</dd>" in html(panel)


def test_the_products_are_those_with_most_revenue_without_services(panel, small_model):
    goods = small_model.all_products[small_model.all_products["is_product"]].head(50)
    assert panel.products["product_id"].tolist() == goods["product_id"].tolist()
    assert panel.products["revenue"].tolist() == pytest.approx(goods["revenue"].tolist())
    assert panel.products["rank"].tolist() == list(range(1, len(goods) + 1))


def test_the_selection_is_the_products_shown(panel, tmp_path):
    pd.testing.assert_frame_equal(panel.selection, panel.products)
    panel.sort_by, panel.descending = "product_name", False
    names = panel.selection["product_name"]
    assert names.tolist() == find(panel, Grid).sorted_frame["product_name"].tolist() == sorted(names)
    assert len(pd.read_csv(panel.to_csv(tmp_path / "shown.csv"))) == len(panel.selection) <= 50


def test_filters_narrow_everything(panel, small_model):
    find(panel, widgets.Dropdown, "Country").value = country(small_model)
    find(panel, DateBox, "From").enter("2024-03-01")
    find(panel, DateBox, "To").enter("2024-03-31")
    assert (panel.country, panel.start) == (country(small_model), dt.date(2024, 3, 1))
    sold = panel.sales
    assert set(sold["country"]) == {country(small_model)}
    assert sold["date"].between("2024-03-01", "2024-03-31").all()
    orders = small_model.all_orders
    there = orders[orders["country"] == country(small_model)]
    there = there[there["ordered_at"].between("2024-03-01", "2024-04-01")]
    assert f"<dt>Orders</dt><dd>{len(there):,}</dd>" in html(panel)
    goods = small_model.all_products.set_index("product_id")["is_product"]
    revenue = sold[sold["product_id"].map(goods)].groupby("product_id")["amount"].sum()
    best = revenue.sort_values(ascending=False).head(50)
    assert panel.products["revenue"].tolist() == pytest.approx(best.tolist())


def test_sales_are_those_to_everyone_or_to_known_customers(panel, small_model):
    sold = small_model.lines
    unknown = sold[sold["customer_id"].isna()]
    assert panel.sold_to == "everyone" and len(unknown)
    assert panel.sales["amount"].sum() == pytest.approx(sold["amount"].sum())
    share = unknown["amount"].sum() / sold["amount"].sum()
    assert f"({share:.0%})".replace("%", "\u202f%") in html(panel).replace(" %", "\u202f%")
    assert f"in {unknown['order_id'].nunique()} orders" in html(panel)
    find(panel, widgets.Dropdown, "Sold to").value = "customers"
    assert panel.sales["amount"].sum() == pytest.approx(small_model.orders["amount"].sum())
    assert "without a customer" not in html(panel)
    assert "known customers only" in find(panel, Grid).caption


def test_after_some_are_forgotten_all_figures_are_of_the_others(small_model):
    left = small_model.forget(small_model.customers["customer_id"].iloc[:20])
    panel = SalesPanel(left)
    everyone = panel.sales["amount"].sum()
    assert everyone == pytest.approx(left.all_orders["amount"].sum())
    panel.sold_to = "customers"
    known = panel.sales["amount"].sum()
    assert known == pytest.approx(left.orders["amount"].sum()) and known < everyone


def test_where_everybody_is_known_there_is_nothing_to_choose(small_shop):
    known = small_shop[small_shop["customer_id"].notna()]
    panel = SalesPanel(ShopperModel.fit(known, progress=False))
    assert not [w for w in panel.children[2].children if getattr(w, "description", "") == "Sold to"]
    assert "known customers" not in find(panel, Grid).caption


def test_a_column_that_was_kept_narrows_the_sales(small_shop):
    channel = ["web" if i % 3 else "till" for i in range(len(small_shop))]
    model = ShopperModel.fit(small_shop.assign(channel=channel), keep=["channel"], progress=False)
    panel = SalesPanel(model)
    box = find(panel, widgets.Dropdown, "channel")
    assert [value for _, value in box.options] == ["", "till", "web"]
    box.value = "till"
    assert panel.kept == {"channel": "till"}
    lines = model.lines[model.lines["channel"] == "till"]
    assert 0 < len(lines) < len(model.lines)
    assert panel.sales["amount"].sum() == pytest.approx(lines["amount"].sum())
    assert "channel till" in find(panel, Grid).caption
    panel.kept = {}
    assert box.value == "" and panel.sales["amount"].sum() == pytest.approx(model.lines["amount"].sum())
    refuses(panel, "kept", {"channel": "fax"}, "no orders with channel 'fax'")
    refuses(panel, "kept", {"shelf": "top"}, "no orders with shelf 'top'")


#: Kept column → its cells, the control's options, and one option with its value.
KEPT: dict[str, tuple[list[Any], list[str], str, object]] = {
    "gift": ([True, False], ["no", "yes"], "yes", True),
    "store": ([1, 2, 10], ["1", "2", "10"], "1", 1),
    "weight": ([0.5, 1.0, np.nan], ["0.5", "1"], "0.5", 0.5),
    "sent": (
        [dt.date(2024, 1, 5), dt.date(2024, 2, 1)],
        ["5 Jan 2024", "1 Feb 2024"],
        "5 Jan 2024",
        "2024-01-05",
    ),
    "channel": (["", "web", "till", None], ["till", "web"], "web", "web"),
    "<i>mark</i>": (["<b>", "&"], ["&", "<b>"], "<b>", "<b>"),
}


@pytest.fixture(scope="module")
def marked_model(small_shop):
    cells = {
        name: [values[i % len(values)] for i in range(len(small_shop))] for name, (values, *_) in KEPT.items()
    }
    return ShopperModel.fit(small_shop.assign(**cells), n_clusters=2, keep=list(KEPT), progress=False)


@pytest.mark.parametrize("name", KEPT)
def test_kept_columns_of_any_kind_narrow_the_sales(marked_model, name):
    panel = SalesPanel(marked_model)
    _, texts, text, value = KEPT[name]
    box = find(panel, widgets.Dropdown, name)
    assert [offered for _, offered in box.options] == ["", *texts]
    box.value = text
    lines = marked_model.lines[marked_model.lines[name] == value]
    assert 0 < len(lines) < len(marked_model.lines)
    assert panel.sales["amount"].sum() == pytest.approx(lines["amount"].sum())


def test_a_heading_sorts_as_the_trait_does(panel):
    grid = find(panel, Grid)
    grid.set_state({"sort_by": "product_name", "descending": False})
    assert (panel.sort_by, panel.descending) == ("product_name", False)
    assert panel.products["product_name"].is_monotonic_increasing
    panel.sort_by = "quantity"
    assert grid.sort_by == "quantity"


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("country", "Atlantis", "no orders from 'Atlantis'"),
        ("start", dt.date(1999, 1, 1), "^From: a day from 2024-01-.* to .*, not 1999-01-01.$"),
        ("end", dt.date(2999, 1, 1), "^To: a day from .*, not 2999-01-01.$"),
        ("end", None, "^To: a day, such as 2011-12-09, not nothing.$"),
        ("start", "yesterday", "^From: a day, such as 2011-12-09, not “yesterday”.$"),
        ("sort_by", "secret", "sort_by"),
    ],
)
def test_what_does_not_exist_is_refused(panel, name, value, match):
    refuses(panel, name, value, match)


def test_a_date_that_is_cleared_or_far_off_is_told(panel):
    box, first = find(panel, DateBox, "From"), panel.start
    for text, why in {"": "; the box holds no day.", "0202-01-01": ", not 0202-01-01."}.items():
        box.enter(text)
        assert box.message == f"From: a day from {first} to {panel.end}{why} {first} is still used."
        assert (message(panel), panel.start, box.shown) == ("", first, str(first))
    box.enter(str(panel.end))
    assert (box.message, message(panel), panel.start) == ("", "", panel.end)


def test_days_in_the_wrong_order_are_an_empty_state_in_words(panel):
    panel.start, panel.end = panel.end, panel.start
    assert "The first day is after the last one" in html(panel)
    first, last = find(panel, DateBox, "From"), find(panel, DateBox, "To")
    assert first.message == "“From” is later than “To”: nothing lies between them."
    assert last.message == "“To” is earlier than “From”: nothing lies between them."
    assert first.wrong and last.wrong
    assert (first.shown, last.shown) == (str(panel.start), str(panel.end))
    assert panel.selection.empty and panel.sales.empty
    assert find(panel, Grid).rows == []
    assert find(panel, ChartView).chart is None
    assert message(panel) == ""
    last.enter(first.shown)
    assert first.message == last.message == ""
    assert len(panel.selection) and len(panel.sales)


def test_one_country_needs_no_filter(small_shop):
    panel = SalesPanel(ShopperModel.fit(small_shop.drop(columns="country"), progress=False))
    assert [w.description for w in panel.children[2].children[:2]] == ["From", "To"]
    assert message(panel) == ""


def test_the_data_frames_of_the_model_stay_as_they_were(panel, small_model):
    before = small_model.sales.copy(), small_model.orders.copy()
    panel.start = dt.date(2024, 3, 1)
    pd.testing.assert_frame_equal(small_model.sales, before[0])
    pd.testing.assert_frame_equal(small_model.orders, before[1])


def test_a_click_on_a_bar_narrows_to_its_country_and_undo_widens_again(small_model):
    panel = SalesPanel(small_model)
    bars = panel._by_country
    name = small_model.all_orders["country"].value_counts().index[0]
    bars.set_state({"selections": {"pick": [{"country": "2 other countries"}]}})
    assert panel.country == ""
    bars.set_state({"selections": {"pick": [{"country": name}]}})
    assert panel.country == name and set(panel.sales["country"]) == {name}
    panel.undo()
    assert panel.country == ""


def test_a_click_on_a_bar_narrows_to_its_days_and_undo_widens_again(panel):
    bars = panel._revenue

    def shown():
        return [
            (row["label"], row["start"], row["end"]) for row in next(iter(bars.spec["datasets"].values()))
        ]

    assert ("Mar 2024", "2024-03-01", "2024-03-31") in shown()
    # The last bar ends where the orders do.
    assert shown()[-1][-1] == str(panel.end)
    bars.set_state({"selections": {"pick": [{"start": "2024-03-01", "end": "2024-03-31"}]}})
    assert panel.period == ("2024-03-01", "2024-03-31") and message(panel) == ""
    assert shown()[1] == ("the week of 4 Mar 2024", "2024-03-04", "2024-03-10")
    panel._orders.set_state({"selections": {"pick": [{"start": "2024-03-04", "end": "2024-03-10"}]}})
    assert panel.period == ("2024-03-04", "2024-03-10")
    panel.undo()
    assert panel.period == ("2024-03-01", "2024-03-31")
    panel.undo()
    assert panel.period == ()
    bars.set_state({"selections": {"pick": [{"start": "soon", "end": "2024-03-31"}]}})
    assert panel.period == () and "From: a day, such as" in message(panel)
