from typing import ClassVar

import pandas as pd
import pytest

from shopper_widgets._support.locale import in_locale
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import PricePanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.grid import Grid
from shopper_widgets.products.price_response import PriceResponse, price_response
from shopper_widgets.products.prices import price_table
from shopper_widgets.words.prices import products_by_price, response_sentences
from tests.panel_contract import PanelContract, find, html, message, refuses


def second(model: ShopperModel) -> str:
    return str(products_by_price(price_table(model.lines))["product_id"].iloc[1])


class TestPricePanel(PanelContract):
    panel = PricePanel
    states: ClassVar = [
        {"product_id": second},
        {"sort_by": "points", "descending": False},
        {"country": lambda model: model.orders["country"].mode()[0]},
    ]


@pytest.fixture
def panel(small_model: ShopperModel) -> PricePanel:
    return PricePanel(small_model)


def test_the_list_has_the_prices_of_the_library(panel: PricePanel, small_model: ShopperModel) -> None:
    table = price_table(small_model.lines)
    shown = panel.selection.set_index("product_id")
    assert set(shown.index) == set(table["product_id"])
    for product, of in table.groupby("product_id"):
        row = shown.loc[str(product)]
        ends = (of["price"].nunique(), of["price"].min(), of["price"].max())
        assert (row["points"], row["least"], row["greatest"]) == ends
        for column, buyers in (("customer_price", "customer"), ("other_price", "no customer")):
            told = of.loc[of["buyers"] == buyers, "small_price"].unique().tolist()
            assert told == ([row[column]] if told else [])


def test_a_chosen_product_shows_its_prices_and_its_ladder(
    panel: PricePanel, small_model: ShopperModel
) -> None:
    product = second(small_model)
    find(panel, Grid).chosen = product
    name = small_model.all_products.set_index("product_id")["product_name"][product]
    assert panel.product_id == product
    assert f"Prices of {name}, most units first" in html(panel)
    assert f"Quantity breaks of {name}" in html(panel)
    refuses(panel, "product_id", "nothing", "There is no product 'nothing' with a price")


def test_the_verdict_on_the_real_shop_offers_no_figure(online_retail_model: ShopperModel) -> None:
    panel = PricePanel(online_retail_model)
    assert "These orders can&#39;t show the effect of prices" in html(panel)
    assert "So no price elasticity is given." in html(panel) and "optimal" not in html(panel)
    response = price_response(online_retail_model.lines)
    lead = response.estimates.set_index("term").loc["lead"]
    assert f"({lead['low']:.2f} to {lead['high']:.2f}, not 0)" in html(panel)
    title = find(panel, ChartView).chart.to_dict()["title"]["text"]
    assert title == ["These orders can't show the effect of prices"]


def test_an_elasticity_is_told_where_nothing_speaks_against_it() -> None:
    terms = ["panel", "corrected", "shuffled", "lead"]
    figures = {"estimate": [-1.4, -1.5, 0.0, 0.0], "low": [-1.6, -1.7, -0.1, -0.1]}
    estimates = pd.DataFrame({"term": terms, **figures, "high": [-1.2, -1.3, 0.1, 0.1]})
    estimates = estimates.assign(products=12, observations=700)
    first, unseen, read = response_sentences(PriceResponse(estimates, (), "customers"))
    assert first == (
        "Price elasticity -1.50 (-1.70 to -1.30): where a price was 10 % lower, 17 % more orders came. Both "
        "placebos are around 0."
    )
    assert unseen.startswith("Neither placebo can detect prices that were set by the demand of the same week")
    assert read.startswith("Based on 12 products and 700 product-weeks")
    for doubt in ("lead", "shuffled", "lead is unknown", "lead is too wide", "no effect", "few orders"):
        said = response_sentences(PriceResponse(estimates, (doubt,), "customers"))
        assert said[0].startswith("These orders can't show the effect of prices: ") and len(said) == 3


def test_where_too_little_is_there_it_says_so(small_shop: pd.DataFrame) -> None:
    one_price = small_shop.assign(unit_price=5.0, amount=small_shop["quantity"] * 5.0)
    panel = PricePanel(ShopperModel.fit(one_price, progress=False))
    assert "These orders can&#39;t show the effect of prices: " in html(panel) and message(panel) == ""
    assert "more than one price; 0 of " in html(panel)
    assert "price_table" not in html(panel) and "lines:" not in html(panel)
    with in_locale("de"):
        assert "zu mehr als einem Preis" in html(PricePanel(panel.model))
    assert find(panel, ChartView).chart is None
