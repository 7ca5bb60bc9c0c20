"""A kept column filters each panel that has such a filter."""

import ipywidgets as widgets
import pandas as pd
import pytest
import traitlets

from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import CampaignPanel, Dashboard, OverduePanel, SalesPanel, SegmentPanel
from shopper_widgets.panels.address import Address
from shopper_widgets.panels.filters import FilterBar
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.kept import kept_choices
from tests.panel_contract import find, html, message, refuses


@pytest.fixture(scope="module")
def model(small_shop: pd.DataFrame) -> ShopperModel:
    """Return a model of a shop with a till, 60 stores, and a column with the name of a filter."""
    till = pd.Series(pd.factorize(small_shop["order_id"])[0] % 4 == 0, index=small_shop.index)
    shop = small_shop.assign(
        channel=till.map({True: "till", False: "web"}),
        store=[i % 60 for i in range(len(small_shop))],
        period=till.map({True: "sale", False: "usual"}),
    )
    return ShopperModel.fit(shop, keep=["channel", "store", "period"], n_clusters=4, progress=False)


def at_the_till(model: ShopperModel) -> set[str]:
    lines = model.lines
    return set(lines.loc[lines["channel"] == "till", "customer_id"].dropna())


def test_a_column_of_too_many_values_is_no_choice(model: ShopperModel) -> None:
    assert list(kept_choices(model)) == ["channel", "period"]
    assert kept_choices(model)["channel"] == ["till", "web"]
    refuses(SalesPanel(model), "kept", {"store": "1"}, "There are no orders with store '1'.")


def test_customers_are_listed_who_have_such_a_line(model: ShopperModel) -> None:
    panel = SegmentPanel(model)
    find(panel, widgets.Dropdown, "channel").value = "till"
    theirs = at_the_till(model)
    assert set(panel.selection["customer_id"]) == theirs and 0 < len(theirs) < len(model.customers)
    assert f"{len(theirs)} customers with channel till, who spent " in html(panel)
    assert find(panel, Grid).caption == "Customers with channel till: all segments"
    country = model.customers["country"].mode()[0]
    panel.country = country
    assert f" customers in {country} with channel till, who spent " in html(panel)
    panel.undo()
    panel.undo()
    assert panel.changed() == {}


def test_the_overdue_are_narrowed_and_the_revenue_at_risk_is_not(model: ShopperModel) -> None:
    every = OverduePanel(model, min_overdue=0, min_silence=0, min_spend_rank=0)
    panel = OverduePanel(model, min_overdue=0, min_silence=0, min_spend_rank=0, kept={"channel": "till"})
    late = set(every.selection["customer_id"])
    assert set(panel.selection["customer_id"]) == late & at_the_till(model) < late
    assert "by segment, all customers" in html(panel)
    panel.min_overdue = 9999
    assert find(panel, Grid).empty.startswith("None of these customers is this overdue")


def test_a_campaign_is_to_those_who_have_such_a_line_and_its_definition_says_so(model: ShopperModel) -> None:
    panel = CampaignPanel(model, kept={"channel": "till"})
    assert set(panel.selection["customer_id"]) == at_the_till(model)
    assert "Audience: bought with channel till." in html(panel)
    again = CampaignPanel(model)
    again.load(panel.campaign.to_json())
    assert again.kept == {"channel": "till"} and again.selection.equals(panel.selection)
    with pytest.raises(traitlets.TraitError, match="There are no orders with store '1'"):
        again.load(Campaign(kept=(("store", "1"),)))  # too many values to choose from on the page


def test_a_kept_column_holds_across_views_as_a_country_does(model: ShopperModel) -> None:
    dashboard = Dashboard(model, page="Sales", in_address=True)
    bar = find(dashboard, FilterBar)
    dashboard.panel.kept = {"channel": "till", "period": "sale"}
    # A column with the name of a usual filter only filters its own view.
    assert dashboard.filters == {"channel": ("till",)}
    for page in ("Segments", "Overdue", "Campaign"):
        dashboard.page = page
        assert dashboard.panel.kept == {"channel": "till"} and message(dashboard) == ""
        assert [button.description for button in bar.chips.buttons] == ["channel: till"]
    assert "channel narrows sales to order lines with that value" in bar.told.value
    told: list[str] = []
    dashboard._address.send = lambda content: told.append(content["query"])
    dashboard.page = "Demand"
    assert told.pop() == "?view=demand&kept.channel=till" and bar.without.value == ""
    dashboard.page = "Recommend"
    assert told == ["?view=recommend&kept.channel=till"]
    assert "What goes together is learned from all orders of the shop." in bar.told.value
    assert "Not filtered by channel here." in bar.without.value
    theirs = Dashboard(model, in_address=True)
    find(theirs, Address).ask("?view=segments&kept.channel=till&kept.shop=x&kept.channel=fax")
    assert theirs.filters == {"channel": ("till",)} and theirs.panel.kept == {"channel": "till"}
    assert "There are no orders with shop &#39;x&#39;." in message(theirs)
    dashboard.page = "Segments"
    bar.chips.buttons[0].click()
    assert dashboard.filters == {} and dashboard.panel.kept == {}
    refuses(dashboard, "filters", {"store": ("1",)}, "there are: country, segment, period, channel.")
