from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import QualityPanel
from shopper_widgets.panels.grid import Grid
from tests.panel_contract import PanelContract, find, html, refuses


class TestQualityPanel(PanelContract):
    panel = QualityPanel
    states: ClassVar = [{"reason": "missing customer"}, {"reason": "cancelled order"}]


@pytest.fixture
def panel(small_model):
    return QualityPanel(small_model)


def test_the_audit_is_told_rule_by_rule(panel, small_model):
    kept = small_model.audit.set_index("rule").loc["kept"]
    assert f'<th scope="row">Kept</th><td class="sw-number">{kept["rows"]:,.0f}</td>' in html(panel)
    assert '<th scope="row">Missing customer</th>' in html(panel)
    assert "Missing price" not in html(panel)


def test_it_says_how_much_revenue_has_no_customer(panel, small_model):
    lost = small_model.audit.set_index("rule").loc["missing customer"]
    lines = small_model.lines
    unknown = lines.loc[lines["customer_id"].isna(), "amount"].sum()
    # The share is that of the sales; the audit's figure is given separately.
    share = f"{100 * unknown / lines['amount'].sum():.0f} % of all sales"
    assert share in html(panel)
    assert f"their {lost['rows']:,.0f} rows come to £" in html(panel)


def test_picking_a_reason_shows_its_rows_and_offers_them(panel, small_model):
    choice = find(panel, widgets.Dropdown)
    choice.set_state({"index": 1})
    assert panel.reason == panel.reasons[0]
    rows = small_model.rejected[small_model.rejected["reason"] == panel.reason]
    pd.testing.assert_frame_equal(panel.selection, rows)
    assert find(panel, Grid).total == len(rows)
    file = find(panel, Grid).file().decode("utf-8-sig")
    assert len(file.splitlines()) == len(rows) + 1


def test_a_reason_that_does_not_occur_is_refused(panel):
    refuses(panel, "reason", "bad mood", "No row was rejected for 'bad mood'; the reasons are: ")


def test_clean_orders_have_an_empty_list_in_words(small_shop):
    good = small_shop.dropna(subset=["customer_id"])
    good = good[(good["quantity"] > 0) & (good["unit_price"] > 0) & ~good["order_id"].str.contains("^[AC]")]
    panel = QualityPanel(ShopperModel.fit(good, progress=False))
    assert panel.selection.empty
    assert (find(panel, Grid).rows, find(panel, Grid).empty) == ([], "No row was rejected.")
    assert "Every sale has a customer" in html(panel)
    assert "Download" not in html(panel)


def test_the_audit_is_told_in_the_language_of_the_panel(small_model):
    told = html(QualityPanel(small_model, locale="de"))
    assert '<th scope="row">Behalten</th>' in told and '<th scope="row">Fehlender Kunde</th>' in told
