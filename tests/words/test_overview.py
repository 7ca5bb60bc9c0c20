"""The overview: figures, reasons and things to do agree with their definitions."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shopper_widgets._support.formatting import format_money
from shopper_widgets._support.locale import gettext, in_locale
from shopper_widgets.customers.alerts import alerts
from shopper_widgets.customers.cadence import overdue_customers
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.headlines import comparable_periods, headlines
from shopper_widgets.customers.narrowing import Narrowing
from shopper_widgets.datasets import make_transactions
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import Dashboard, SalesPanel
from shopper_widgets.products.unusual_weeks import unusual_week
from shopper_widgets.words import overview
from shopper_widgets.words.alerts import alert_sentences
from shopper_widgets.words.overview import (
    LABELS,
    NOTHING_BEFORE,
    TOO_SHORT,
    cards,
    cards_html,
    period_sentences,
)
from shopper_widgets.words.recommendations import examples
from shopper_widgets.words.shop import most_valuable
from shopper_widgets.words.to_do import FEWEST, MOST, things_to_do
from tests.panel_contract import HOSTILE, hostile_model
from tests.test_small_shops import SHOPS


@pytest.fixture(scope="module")
def year() -> ShopperModel:
    orders = make_transactions(n_customers=300, n_products=100, n_days=366, random_state=1)
    return ShopperModel.fit(orders, n_clusters=4, currency="£", progress=False)


@pytest.fixture(scope="module", params=list(SHOPS))
def tiny(request: pytest.FixtureRequest) -> ShopperModel:
    return ShopperModel.fit(SHOPS[request.param](), currency="£", progress=False)


def test_cards_say_what_the_figures_are_and_were(year: ShopperModel) -> None:
    told = headlines(year, "quarter")
    figures: Any = told.figures.set_index("figure").T
    shown = {card.label: card for card in cards(year, told)}
    assert list(shown) == list(LABELS.values())
    revenue = shown["Revenue"]
    assert revenue.value == format_money(figures["revenue"]["value"], "£")
    assert revenue.change.endswith(f"from {format_money(figures['revenue']['before'], '£')}")
    assert revenue.change.startswith("▲" if figures["revenue"]["change"] > 0 else "▼")
    assert len(revenue.line) == len(told.series)
    # The factor that changed it most comes first, with its sign.
    largest = max(told.tree["contribution"], key=abs)
    sign = "+" if largest > 0 else "−"
    assert f"{sign}\u2060{format_money(abs(largest), '£')}" in revenue.reason.split(";")[0]
    new = year.customers["first_order"].between(told.start, told.end + pd.Timedelta(days=1)).sum()
    first = f"{new} of them ordered for the first time: no earlier order is in the data."
    assert shown["Active customers"].reason == first
    old = year.customers.assign(first_order=told.start - pd.Timedelta(days=1))
    (known,) = [
        card.reason
        for card in cards(dataclasses.replace(year, customers=old), told)
        if card.label == "Active customers"
    ]
    assert known == "All of them had ordered before."
    late = overdue_customers(year)
    assert f"{len(late)} valuable customers" in shown["Revenue at risk"].reason
    assert f"; {len(told.listed_before)} a quarter ago." in shown["Revenue at risk"].reason


def test_what_is_compared_and_what_is_missing_is_told(year: ShopperModel) -> None:
    said = " ".join(period_sentences(year, headlines(year, "month")))
    assert said.startswith("Nov 2024, compared with Oct 2024.") or "Dec 2024, compared with" in said
    assert "differ by season" in said
    unknown = year.lines[year.lines["customer_id"].isna()]
    assert len(unknown) and "without a customer id" in said


def test_a_period_says_what_it_is_compared_with(year: ShopperModel) -> None:
    told = headlines(year, period=(dt.date(2024, 11, 1), dt.date(2024, 11, 28)))
    said = " ".join(period_sentences(year, told))
    assert said.startswith("1 Nov 2024 to 28 Nov 2024, compared with 4 Oct 2024 to 31 Oct 2024, as many days")
    assert "differ by season" in said and "Each point of a line covers 28 days." in said
    shown = {card.label: card for card in cards(year, told)}
    assert shown["Repeat rate"].reason.endswith("ordered more than once in this period.")
    assert re.search(r"overdue on 28 Nov 2024; \d+ on 31 Oct 2024\.$", shown["Revenue at risk"].reason)
    first = headlines(year, period=(dt.date(2024, 1, 1), dt.date(2024, 11, 28)))
    assert NOTHING_BEFORE in " ".join(period_sentences(year, first))
    assert {card.change for card in cards(year, first)} == {""}


def test_a_figure_that_did_not_change_is_not_said_to(year: ShopperModel) -> None:
    told = headlines(year, "quarter")
    same = dataclasses.replace(told, figures=told.figures.assign(before=told.figures["value"]))
    assert all(card.change.startswith("unchanged at ") for card in cards(year, same))
    from_nothing = dataclasses.replace(told, figures=told.figures.assign(before=0.0))
    assert all("%" not in card.change.partition("from")[0] for card in cards(year, from_nothing))


def test_a_period_without_a_known_customer_has_figures(year: ShopperModel) -> None:
    # Lines, as those of anonymous customers, continue after the last order of a known customer.
    early = year.orders[year.orders["ordered_at"] < "2024-08-15"]
    told = headlines(dataclasses.replace(year, orders=early), "month")
    shown = {card.label: card for card in cards(year, told)}
    assert shown["Revenue"].value == "£0.00" and shown["Orders"].value == "0"
    assert "Average order" not in shown and "Repeat rate" not in shown
    assert told.tree.empty and shown["Revenue"].reason == ""


def test_each_thing_to_do_agrees_with_what_its_place_shows(year: ShopperModel) -> None:
    told = headlines(year, "quarter")
    found = things_to_do(year, told)
    assert FEWEST <= len(found) <= MOST
    by_view = {todo.view: todo for todo in found}
    late = overdue_customers(year)
    assert late.size and by_view["Campaign"].money == late["value_at_risk"].sum()
    listed = Campaign(**by_view["Campaign"].state).select(year)
    assert set(listed["customer_id"]) == set(late["customer_id"])
    since = year.orders[year.orders["ordered_at"] > year.as_of - pd.DateOffset(months=3)]
    back = len(set(since["customer_id"]) & told.listed_before)
    assert f"Of the {len(told.listed_before)} who were overdue a quarter ago, {back} ordered afterwards." in (
        by_view["Campaign"].sure
    )
    pair = by_view["Recommend"]
    suggested = year.recommender.similar(pair.state["product_id"], n=10)
    name = pair.title.removeprefix("Offer ").partition(" with ")[0]
    lift = suggested.loc[suggested["product_name"] == name, "lift"].item()
    assert f"{lift:,.1f} times as often" in pair.sentence


def test_an_unusual_week_opens_its_sales(year: ShopperModel, small_model: ShopperModel) -> None:
    week = unusual_week(year.lines)
    (todo,) = (todo for todo in things_to_do(year) if todo.view == "Sales")
    assert week is not None and todo.title == "Find out why sales fell in the week of 23 Dec 2024"
    panel = SalesPanel(year, **todo.state)
    assert panel.sales["amount"].sum() == pytest.approx(week.revenue)
    assert (panel.end - panel.start).days == 6
    assert f"{format_money(week.revenue, '£')}, 67 % less than the usual " in todo.sentence
    assert not [todo for todo in things_to_do(small_model) if todo.view == "Sales"]


def test_an_unusual_week_is_one_of_the_sales_that_the_overview_is_narrowed_to(year: ShopperModel) -> None:
    country, lines = str(year.lines["country"].mode()[0]), year.lines.copy()
    fell = (lines["country"] == country) & (lines["ordered_at"] >= "2024-12-23")
    lines.loc[fell, "amount"] *= 0.02
    year, among = dataclasses.replace(year, lines=lines), Narrowing(country=country)
    week = unusual_week(among.lines(year), shop=year.lines)
    (todo,) = (todo for todo in things_to_do(year, headlines(year, among=among)) if todo.view == "Sales")
    assert week is not None and todo.title == "Find out why sales fell in the week of 23 Dec 2024"
    dashboard = Dashboard(year, filters={"country": (country,)})
    (button,) = (
        button
        for button, one in zip(dashboard.panel._buttons, dashboard.panel.things_to_do, strict=True)
        if one == todo
    )
    button.click()
    assert (dashboard.page, dashboard.panel.country) == ("Sales", country)
    assert dashboard.panel.sales["amount"].sum() == pytest.approx(week.revenue)
    # Orders determine the segment, so that a drop in its last week is no finding.
    narrowed = headlines(year, among=Narrowing(segment=str(year.segments["segment"].iloc[0])))
    assert "Sales" not in [todo.view for todo in things_to_do(year, narrowed)]


def stopped_selling(model: ShopperModel) -> tuple[ShopperModel, str]:
    """Return a model of a shop without sales of its best product for ten weeks, and that product's id."""
    lines = model.lines
    best = str(model.all_products[model.all_products["is_product"]]["product_id"].iloc[0])
    last = lines["ordered_at"].max() - pd.Timedelta(weeks=10)
    kept = lines[(lines["product_id"] != best) | (lines["ordered_at"] < last)]
    return dataclasses.replace(model, lines=kept), best


def test_a_product_that_stopped_is_named_before_those_that_grow(year: ShopperModel) -> None:
    stopped, best = stopped_selling(year)
    (todo,) = (todo for todo in things_to_do(stopped) if todo.view == "Demand")
    assert todo.title == "Check the stock of 1 product that stopped selling"
    assert todo.state["product_id"] == best
    assert re.search(r"did not sell for (9|10) weeks", todo.sentence)


def test_no_more_products_grow_than_chance_alone_gives() -> None:
    # Two of 37 products could be chance, so that the overview doesn't mention growing products.
    orders = make_transactions(n_customers=150, n_products=60, n_days=200, random_state=0)
    model = ShopperModel.fit(orders, n_clusters=4, progress=False)
    for todo in things_to_do(model):
        grown = re.match(r"Order more of (\d+) product", todo.title)
        if grown:
            chance = re.search(r"about (\d+) would seem", todo.sure)
            assert chance and int(grown[1]) > int(chance[1])


def test_where_nothing_goes_together_and_nothing_grows_neither_is_told() -> None:
    """In this shop, 400 customers buy random ones of 300 products, several units of each."""
    random = np.random.default_rng(6)
    n = 4_000
    order = random.integers(0, n // 2, n)
    lines = pd.DataFrame(
        {
            "order_id": order.astype(str),
            "customer_id": (order % 400).astype(str),
            "product_id": [f"P{place}" for place in random.integers(0, 300, n)],
            "ordered_at": pd.Timestamp("2020-01-01") + pd.to_timedelta(order * 1_400 // (n // 2), unit="D"),
            "quantity": random.integers(1, 8, n),
            "unit_price": random.choice([5.0, 20.0, 80.0, 400.0], n),
        }
    )
    lines["product_name"] = "Thing " + lines["product_id"]
    model = ShopperModel.fit(lines, n_clusters=4, progress=False, evaluate=False)
    pairs = examples(model)
    assert (pairs["lift_low"] > 1.5).any()
    assert [todo.title for todo in things_to_do(model) if todo.view in {"Demand", "Recommend"}] == []


def test_lines_that_could_not_be_read_come_before_those_without_a_customer(year: ShopperModel) -> None:
    assert things_to_do(year)[-1].title.startswith("Record who buys: ")
    unread = dataclasses.replace(year, source={**year.source, "unread": ["3 dates could not be read."]})
    last = things_to_do(unread)[-1]
    assert (last.title, last.sentence) == ("Fix what could not be read", "3 dates could not be read.")


def test_the_smallest_shops_have_figures_and_something_to_do(tiny: ShopperModel) -> None:
    told = headlines(tiny, "month")
    shown = cards(tiny, told)
    assert [card.label for card in shown][:5] == list(LABELS.values())[:5]
    if not comparable_periods(tiny):
        assert TOO_SHORT in period_sentences(tiny, told)[0]
        assert not any(card.change for card in shown)
    found = things_to_do(tiny, told)
    assert min(FEWEST, len(tiny.segments)) <= len(found) <= MOST
    written = " ".join(f"{todo.title} {todo.sentence} {todo.sure}" for todo in found)
    assert "nan" not in written + str(cards_html(shown))
    assert not re.search(r"\b1 (customers|products|orders)\b", written)


def test_hostile_text_is_plain_text() -> None:
    model, _ = stopped_selling(hostile_model())
    found = things_to_do(model)
    assert any(HOSTILE in todo.title + todo.sentence for todo in found)
    assert "<img" not in cards_html(cards(model, headlines(model, "month")))


@pytest.fixture(scope="module")
def once_only() -> ShopperModel:
    """Return a model of a shop without countries in which nobody ordered twice."""
    days = pd.date_range("2023-01-02", periods=240, freq="3D")
    ids = {name: [f"{name}{n}" for n in range(240)] for name in ("order_id", "customer_id")}
    orders = pd.DataFrame(ids).assign(
        product_id=[f"p{n % 7}" for n in range(240)],
        ordered_at=days,
        quantity=[1 + n % 5 for n in range(240)],
        unit_price=20.0,
    )
    return ShopperModel.fit(orders, progress=False)


def test_to_grow_out_of_a_first_order_alarms_nobody(once_only: ShopperModel) -> None:
    assert once_only.segments["segment"].iloc[0] == "New"
    todos = things_to_do(once_only, headlines(once_only, "quarter"))
    assert not [todo.title for todo in todos if todo.title.startswith("See who left")]
    found = alerts(once_only, once_only.as_of - pd.Timedelta(days=120))
    assert found.empty and found.attrs["segment"] is None
    assert alert_sentences(found) == ["Since 22 Aug 2024, nobody became valuable and overdue."]


def test_a_country_that_nobody_has_is_no_column(once_only: ShopperModel, year: ShopperModel) -> None:
    assert "country" not in most_valuable(once_only, "New")
    assert "country" in most_valuable(year, year.segments["segment"].iloc[0])


def test_products_of_one_name_are_offered_by_their_codes() -> None:
    orders = make_transactions(n_customers=300, n_products=100, n_days=366, random_state=1)
    model = ShopperModel.fit(orders.assign(product_name="Tee"), n_clusters=4, currency="£", progress=False)
    (pair,) = (todo for todo in things_to_do(model) if todo.view == "Recommend")
    found = re.fullmatch(r"Offer Tee \((\S+)\) with Tee \((\S+)\)", pair.title)
    assert found and found[1] != found[2]
    assert found[2] == pair.state["product_id"]
    assert found[1] in set(model.recommender.similar(found[2], n=10)["product_id"])


def test_no_orders_and_no_are_two_words_in_german(year: ShopperModel) -> None:
    told = headlines(year, "year")
    nobody = told.figures.assign(value=0.0)
    with in_locale("de"):
        orders = next(
            card for card in cards(year, dataclasses.replace(told, figures=nobody)) if card.value == "0"
        )
        assert orders.reason.startswith("keine Bestellungen pro Kunde") and gettext("no") == "nein"


@pytest.mark.parametrize(
    ("before", "told"), [(100.0, "▲ 900 %, from £100"), (99.0, "▲ from £99.00"), (0.0, "▲ from none")]
)
def test_no_growth_is_told_from_a_period_that_was_hardly_there(before: float, told: str) -> None:
    assert overview._change("revenue", 1000.0, before, "£").replace("\u00a0", " ") == told
