import datetime as dt
from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest

from shopper_widgets.columns import SEGMENT
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.history import segment_history
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import Dashboard, DiscountPanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.products.discount_budget import LEVELS, assumed_response
from shopper_widgets.products.discounts import discount_table, order_rates
from tests.panel_contract import PanelContract, find, html, message, refuses


def result_of(model: ShopperModel, buyers: tuple[float, float] = (0.6, 0.2)) -> str:
    """Return a campaign's result as the Results view has it."""
    segment = model.segments[SEGMENT].iloc[0]
    row = {SEGMENT: segment, "figure": "buyers", "method": "plain", "contacted": 800, "held_out": 800}
    means = {"contacted_mean": buyers[0], "held_out_mean": buyers[1], "effect": buyers[0] - buyers[1]}
    whole = row | means | {SEGMENT: "All segments"}
    return pd.DataFrame([whole, row | means]).to_csv(index=False)


class TestDiscountPanel(PanelContract):
    panel = DiscountPanel
    states: ClassVar = [
        {"margin": 55.0},
        {"discount": 50.0, "margin": 40.0},
        {"contact_cost": 0.5, "days": 14},
        {"lift": 1.0},
        {"lift": 3.0, "budget": 100_000.0},
        {"budget": 0.0},
        {"measured": result_of, "lift": 2.0},
    ]


@pytest.fixture
def panel(small_model: ShopperModel) -> DiscountPanel:
    return DiscountPanel(small_model)


def test_the_figures_are_those_of_the_library(panel: DiscountPanel, small_model: ShopperModel) -> None:
    rates = order_rates(segment_history(small_model), small_model.orders)
    table = discount_table(rates, small_model.customers, margin=0.4, discount=0.1)
    pd.testing.assert_frame_equal(panel.selection, table)
    panel.margin, panel.discount = 60, 25
    again = discount_table(rates, small_model.customers, margin=0.6, discount=0.25)
    pd.testing.assert_frame_equal(panel.selection, again)
    for share in again["break_even"].dropna():
        assert f"{share:.0%}".replace("%", " %") in html(panel)


def test_where_the_orders_end_too_soon_it_says_why(small_shop: pd.DataFrame) -> None:
    start = small_shop["ordered_at"].min()
    days = small_shop[small_shop["ordered_at"] < start + pd.Timedelta(days=10)]
    panel = DiscountPanel(ShopperModel.fit(days, n_clusters=2, progress=False))
    assert "What customers do without a discount is unknown: the orders end" in html(panel)
    assert panel.selection.empty and panel.test is None
    assert find(panel, widgets.Button, "Make the campaign of this test").disabled
    assert find(panel, ChartView).chart is None and message(panel) == ""


def test_no_campaign_is_offered_where_no_test_could_tell(panel: DiscountPanel) -> None:
    panel.margin, panel.discount = 100, 1  # the break-even effect is far too small to show here
    assert "No test could show within half a year" in html(panel) and panel.test is None
    assert find(panel, widgets.Button, "Make the campaign of this test").disabled


def test_more_days_than_the_orders_have_is_told_and_taken_back(panel: DiscountPanel) -> None:
    panel.days = 365
    assert "has 365 days of orders after it" in html(panel) and panel.selection.empty
    panel.days = 30
    assert len(panel.selection) and "be told here" not in html(panel)


def test_the_test_it_proposes_is_opened_as_a_campaign(small_model: ShopperModel) -> None:
    dashboard = Dashboard(small_model, page="Discounts")
    panel = dashboard.panel
    assert isinstance(panel, DiscountPanel)
    panel.discount = 20  # a shop this small couldn't detect break-even at 10 % off
    assert panel.test
    find(panel, widgets.Button, "Make the campaign of this test").click()
    assert dashboard.page == "Campaign"
    campaign = dashboard.panel.campaign
    assert campaign.segments == panel.test.segments and campaign.hold_out == 0.5
    assert Campaign.from_json(panel.proposed) == panel.test
    assert set(dashboard.selection[SEGMENT]) == set(panel.test.segments)
    dashboard.page = "Discounts"
    find(panel, widgets.Button, "Make the campaign of this test").click()
    assert dashboard.page == "Campaign"


def test_each_discount_of_the_split_says_what_is_assumed_at_it(panel: DiscountPanel) -> None:
    told = html(panel)
    split = told.split("<caption>The best split of the budget")[1].split("</table>")[0]
    rates = pd.DataFrame({SEGMENT: ["all"], "rate": [0.001]})
    for level in LEVELS:
        times = assumed_response(rates, panel.lift, levels=[level])["response"].iloc[0] / 0.001
        is_told = f", {times:.2f} times at {100 * level:g} % off" in told
        assert is_told == (f">{100 * level:g} %</td>" in split and level != 0.1)


def test_segments_that_get_nothing_of_a_budget_are_named(panel: DiscountPanel) -> None:
    def split() -> str:
        return html(panel).split("<caption>The best split of the budget")[1].split("</table>")[0]

    panel.lift, panel.budget = 3.0, 10.0
    left_out = (
        html(panel).split("Nothing goes to ")[1].split(": there, it would bring no more")[0].split(" and ")
    )
    assert left_out and not any(f">{segment}</th>" in split() for segment in left_out)
    panel.budget = 1e9
    assert "Nothing goes to" not in html(panel)
    assert all(f">{segment}</th>" in split() for segment in left_out)


def test_no_money_is_spent_where_no_discount_pays(panel: DiscountPanel) -> None:
    panel.lift = 1.0
    assert "keep the money" in html(panel)
    panel.lift = 4.0
    assert "keep the money" not in html(panel) and "The rise is assumed, not measured." in html(panel)


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("margin", 0, "^Margin: a number from 1 to 100, not 0.$"),
        ("discount", 95, "^Discount: a number from 1 to 90, not 95.$"),
        ("days", 2.7, "^Time to order in: a whole number from 1 to 365, not 2.7.$"),
        ("budget", -1, "^Budget for discounts and contacts: a number from 0, not -1.$"),
        ("lift", dt.date(2024, 1, 1), "^Buyers at 10 % off: a number from 1 to 10"),
    ],
)
def test_what_can_not_be_is_refused_in_words(
    panel: DiscountPanel, name: str, value: object, match: str
) -> None:
    refuses(panel, name, value, match)


def test_what_was_measured_replaces_what_is_assumed(panel: DiscountPanel, small_model: ShopperModel) -> None:
    panel.lift = 1.2
    before = html(panel)
    assert "were measured" not in before
    panel.measured = result_of(small_model)
    segment = small_model.segments[SEGMENT].iloc[0]
    assert f"{segment}: 1.20 times as many orders assumed, 3.00 (± 0.23) measured; 1.49 used" in html(panel)
    assert "All segments" not in html(panel)
    panel.measured = result_of(small_model, (0.2, 0.2))
    assert "1.00 (± 0.10) measured; 1.10 used." in html(panel)
    panel.measured = ""
    assert html(panel) == before


def test_a_file_that_is_no_result_is_refused(panel: DiscountPanel) -> None:
    refuses(panel, "measured", "customer_id,amount\na,1\n", "^It lacks segment, figure, method")
    refuses(
        panel, "measured", result_of(panel.model).replace("800", "many"), "^Its counts, means and effects"
    )
