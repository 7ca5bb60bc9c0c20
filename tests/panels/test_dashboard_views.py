"""The views that exist depend on what the orders hold."""

import html

import pandas as pd
import pytest

from shopper_widgets import Campaign, ShopperModel, read_transactions
from shopper_widgets._support.locale import gettext, in_locale
from shopper_widgets.panels import CampaignPanel, Dashboard, SalesPanel, SegmentPanel
from shopper_widgets.panels.dashboard_views import OF_MONEY, OF_PRODUCT, OF_PRODUCTS, PAGES, views_of
from shopper_widgets.publish import sections
from shopper_widgets.publish.parameters import ReportParameters
from shopper_widgets.segments.actions import (
    ACTIONS,
    OVERDUE_ACTION,
    OVERDUE_ACTION_OF_TOTALS,
    suggested_action,
)
from shopper_widgets.words import shop, told_of
from tests.panel_contract import everything
from tests.panel_contract import html as html_of


def totals_of_customers() -> pd.DataFrame:
    """Return a table of totals without products, like that of a till that knows its customers."""
    customers, days = range(40), pd.date_range("2024-01-01", periods=12, freq="30D")
    lines = [
        (c, day, 10.0 + c) for c in customers for n, day in enumerate(days) if (c + n) % (1 + c % 4) == 0
    ]
    return pd.DataFrame(lines, columns=["customer_id", "trans_date", "tran_amount"])


def test_a_table_that_names_no_products_has_no_views_of_products() -> None:
    lines = read_transactions(totals_of_customers())
    model = ShopperModel.fit(lines, n_clusters=2, progress=False)
    assert not model.names_products
    dashboard = Dashboard(model)
    assert set(PAGES) - set(dashboard.views) == set(OF_PRODUCTS)
    assert "Sales" in dashboard.views
    # a view that is asked for is there
    assert Dashboard(model, views=["Stock"]).views == ("Stock",)
    settings = ReportParameters.check(n_clusters="2")
    of_products = (sections.journeys, sections.repurchase, sections.stock, sections.suggestions)
    for section in of_products:
        (block,) = section(model, settings)
        assert html.unescape(str(block.markup)).count(told_of.NO_PRODUCTS) == 1
    assert len(sections.evaluation(model)) == 1
    assert not any("Everything sold" in block.description for block in sections.sales(model, settings)[1:3])


#: The words of advice about products, in English and German.
PRODUCTS = r"(?i)product|recommend|bought|to buy|they buy|basket|restock|favorite|what others took"
PRODUKTE = r"(?i)produkt|empfehlen|gekauft|käufe|warenkorb|auffüllen|lieblinge|andere als nächstes"


@pytest.mark.parametrize(("language", "of_products"), [("en", PRODUCTS), ("de", PRODUKTE)])
def test_where_no_product_is_named_no_advice_is_about_one(language: str, of_products: str) -> None:
    with in_locale(language):
        of_totals = [gettext(suggested_action(name, 300, several_products=False)) for name in ACTIONS]
        named = [gettext(suggested_action(name, 300)) for name in ACTIONS]
        valuable = [gettext(OVERDUE_ACTION_OF_TOTALS), gettext(OVERDUE_ACTION)]
    said = pd.Series([*of_totals, valuable[0]])
    assert said[said.str.contains(of_products)].tolist() == []
    # All advice that is replaced has such a word, so that these words miss none.
    changed = pd.Series([old for old, new in zip(named, of_totals, strict=True) if old != new])
    assert len(changed) == 15 and changed.str.contains(of_products).all()
    assert pd.Series(valuable).str.contains(of_products).tolist() == [False, True]


def test_a_table_of_totals_is_advised_about_without_products_everywhere() -> None:
    model = ShopperModel.fit(read_transactions(totals_of_customers()), n_clusters=4, progress=False)
    listed = Campaign().select(model)
    panel = CampaignPanel(model)
    said = {
        "report": " ".join(shop.segment_actions(model)["action"]),
        "segments": html_of(SegmentPanel(model)),
        "list": " ".join(listed["action"]),
        "file": Campaign().to_csv(model),
        "boxes": " ".join(box.value for box in panel._texts.values()),
    }
    asked = {getattr(box, "description", "") for box in everything(panel)}
    assert not {"Bought", "Due to buy again", "Recommended", "Recommendations per customer"} & asked
    for where, text in said.items():
        assert not pd.Series([text]).str.contains(PRODUCTS).any(), where
    assert "Everything sold" not in str([getattr(box, "rows", "") for box in everything(SalesPanel(model))])


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
    # a given currency counts
    assert ShopperModel.fit(lines, n_clusters=2, currency="£", progress=False).currency == "£"


def test_other_shops_have_all_views(small_model: ShopperModel) -> None:
    assert views_of(small_model) == list(PAGES)
    assert set(OF_PRODUCTS) | set(OF_PRODUCT) | set(OF_MONEY) <= set(PAGES)
