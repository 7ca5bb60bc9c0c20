"""The views that there are depend on what the orders tell."""

import html

import pandas as pd

from shopper_widgets import ShopperModel, read_transactions
from shopper_widgets.panels import Dashboard
from shopper_widgets.panels.doors import OF_MONEY, OF_PRODUCT, OF_PRODUCTS, PAGES, views_of
from shopper_widgets.publish import sections
from shopper_widgets.publish.parameters import ReportParameters
from shopper_widgets.words import shop, told_of


def totals_of_customers() -> pd.DataFrame:
    """Return a table of totals without products, as of a till that knows its customers."""
    customers, days = range(40), pd.date_range("2024-01-01", periods=12, freq="30D")
    lines = [
        (c, day, 10.0 + c) for c in customers for n, day in enumerate(days) if (c + n) % (1 + c % 4) == 0
    ]
    return pd.DataFrame(lines, columns=["customer_id", "trans_date", "tran_amount"])


def test_a_table_that_names_no_products_has_no_views_of_products() -> None:
    lines = read_transactions(totals_of_customers())
    model = ShopperModel.fit(lines, n_clusters=2, progress=False)
    assert not told_of.names_products(model)
    dashboard = Dashboard(model)
    assert set(PAGES) - set(dashboard.views) == set(OF_PRODUCTS)
    assert "Sales" in dashboard.views
    # whoever asks for one has it
    assert Dashboard(model, views=["Stock"]).views == ("Stock",)
    settings = ReportParameters.check(n_clusters="2")
    of_products = (sections.journeys, sections.repurchase, sections.stock, sections.suggestions)
    for section in of_products:
        (block,) = section(model, settings)
        assert html.unescape(str(block.markup)).count(told_of.NO_PRODUCTS) == 1
    assert len(sections.evaluation(model)) == 1
    assert not any("Everything sold" in block.description for block in sections.sales(model, settings)[1:3])


def test_a_table_that_says_nothing_of_money_tells_of_units_and_has_no_views_of_prices() -> None:
    days = pd.date_range("2024-01-01", periods=12, freq="30D")
    rows = [
        (c, day, f"P{(c + n) % 5}")
        for c in range(40)
        for n, day in enumerate(days)
        if (c + n) % (1 + c % 4) == 0
    ]
    lines = read_transactions(pd.DataFrame(rows, columns=["Member", "Date", "Item"]))
    model = ShopperModel.fit(lines, n_clusters=2, progress=False)
    assert model.currency == "units" and not told_of.tells_money(model)
    assert set(PAGES) - set(views_of(model)) == set(OF_MONEY)
    said = f"orders worth {len(rows):,} units"
    assert said in shop.headline(model).replace("\u00a0", " ")
    (block,) = sections.discounts(model, ReportParameters.check(n_clusters="2"))
    assert html.unescape(str(block.markup)).count(told_of.NO_MONEY) == 1
    # a currency that is given counts
    assert ShopperModel.fit(lines, n_clusters=2, currency="£", progress=False).currency == "£"


def test_other_shops_have_all_views(small_model: ShopperModel) -> None:
    assert views_of(small_model) == list(PAGES)
    assert set(OF_PRODUCTS) | set(OF_PRODUCT) | set(OF_MONEY) <= set(PAGES)
