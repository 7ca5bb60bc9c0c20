import datetime as dt
from typing import Any

import ipywidgets as widgets
import pytest

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import Dashboard
from shopper_widgets.panels.address import Address
from shopper_widgets.panels.base import Panel
from shopper_widgets.panels.dashboard_views import PAGES
from shopper_widgets.panels.filter_rules import filters_of
from shopper_widgets.panels.filters import FilterBar
from shopper_widgets.words.thing_to_do import ToDo
from tests.panel_contract import find, message, refuses


@pytest.fixture
def dashboard(small_model: ShopperModel) -> Dashboard:
    return Dashboard(small_model, in_address=True)


def chips(dashboard: Dashboard) -> list[str]:
    """Return the visible chips of filters; none if the bar is hidden."""
    bar = find(dashboard, FilterBar)
    return [] if bar.layout.display == "none" else [button.description for button in bar.chips.buttons]


def press(dashboard: Dashboard, view: str) -> ToDo:
    """Press the first button of the overview that leads to this view."""
    pairs = zip(dashboard.panel._buttons, dashboard.panel.things_to_do, strict=True)
    button, todo = next((button, todo) for button, todo in pairs if todo.view == view)
    button.click()
    return todo


def set_in(dashboard: Dashboard, page: str, **state: Any) -> None:
    dashboard.page = page
    for name, value in state.items():
        setattr(dashboard.panel, name, value)


def test_a_filter_that_is_set_in_one_view_is_set_in_the_others_that_have_it(dashboard: Dashboard) -> None:
    set_in(dashboard, "Sales", country="France")
    for page, name, value in (
        ("Recommend", "country", "France"),
        ("Campaign", "countries", ("France",)),
        ("Segments", "country", "France"),
        ("Overdue", "country", "France"),
    ):
        dashboard.page = page
        assert getattr(dashboard.panel, name) == value, page
        assert chips(dashboard) == ["Country: France"], page
    set_in(dashboard, "Segments", segment="At-Risk")
    assert chips(dashboard) == ["Country: France", "Segment: At-Risk"]
    dashboard.page = "Campaign"
    assert set(dashboard.selection["segment"]) <= {"At-Risk"}
    assert set(dashboard.selection["country"]) <= {"France"}
    assert message(dashboard) == ""


def test_a_view_that_cannot_be_filtered_so_shows_all_and_its_bar_says_so(dashboard: Dashboard) -> None:
    everything = Dashboard(dashboard.model, page="Sales").panel.sales
    set_in(dashboard, "Campaign", countries=("France", "Germany"), segments=("At-Risk", "New"))
    dashboard.page = "Sales"
    assert dashboard.panel.sales.equals(everything) and chips(dashboard) == []
    bar = find(dashboard, FilterBar)
    assert bar.layout.display is None and "Not filtered by country and segment here." in bar.without.value
    dashboard.panel.sort_by = "orders"  # other changes there leave the filters alone
    dashboard.page = "Demand"
    assert chips(dashboard) == [] and "Not filtered by country and segment here." in bar.without.value
    dashboard.page = "Campaign"
    assert dashboard.panel.countries == ("France", "Germany")
    assert len(chips(dashboard)) == 4 and bar.without.value == ""


def test_predict_and_recommend_say_what_filters_do_there(dashboard: Dashboard) -> None:
    bar = find(dashboard, FilterBar)
    unfiltered = {page: Dashboard(dashboard.model, page=page) for page in ("Predict", "Recommend")}
    product = str(dashboard.model.products["product_id"].iloc[0])
    unfiltered["Recommend"].panel.product_id = product
    dashboard.filters = {"country": ("France",), "segment": ("At-Risk",)}
    dashboard.page = "Predict"
    assert dashboard.selection.equals(unfiltered["Predict"].selection)
    assert chips(dashboard) == [] and "Not filtered by country and segment here." in bar.without.value
    assert "The segments are those of the whole shop: the same three numbers give" in bar.told.value
    learned = "What goes together is learned from all orders of the shop."
    dashboard.page = "Recommend"
    dashboard.panel.product_id = product
    assert chips(dashboard) == ["Country: France"] and "Not filtered by segment here." in bar.without.value
    assert f"Only products sold in that country are recommended. {learned}" in bar.told.value
    assert "maps" not in bar.told.value
    lines = dashboard.model.sales
    sold = lines.loc[lines["country"] == "France", "product_id"]
    assert set(dashboard.selection["product_id"]) <= set(sold)
    dashboard.filters = {"segment": ("At-Risk",)}
    assert dashboard.selection.equals(unfiltered["Recommend"].selection)
    assert learned in bar.told.value and "that country" not in bar.told.value


def test_filters_are_taken_away_by_chip_at_once_by_undo_and_by_reset(dashboard: Dashboard) -> None:
    def held() -> dict[str, Any]:
        return dict(dashboard.filters)

    set_in(dashboard, "Campaign", countries=("France", "Germany"), segments=("At-Risk",))
    bar = find(dashboard, FilterBar)
    bar.chips.buttons[0].click()
    assert held() == {"country": ("Germany",), "segment": ("At-Risk",)}
    assert dashboard.panel.countries == ("Germany",)
    dashboard.page = "Retention"
    assert dashboard.panel.country == "Germany"
    dashboard.panel.undo()
    assert dashboard.panel.country == "" and held() == {"segment": ("At-Risk",)}
    dashboard.page = "Campaign"
    assert dashboard.panel.countries == ()
    dashboard.panel.undo()
    assert held() == {"country": ("Germany",), "segment": ("At-Risk",)}
    # Clearing also removes filters that the open view doesn't have.
    dashboard.page = "Retention"
    assert chips(dashboard) == ["Country: Germany"]
    bar.clear.click()
    assert held() == {} and chips(dashboard) == []
    dashboard.page = "Campaign"
    assert dashboard.panel.changed() == {}
    dashboard.panel.segments = ("New",)
    find(dashboard.panel, widgets.Button, "Everyone").click()
    assert held() == {}


def test_all_that_is_set_at_once_is_held_and_taken_back_at_once(dashboard: Dashboard) -> None:
    dashboard.visit("Segments", country="France", segment="At-Risk")
    assert chips(dashboard) == ["Country: France", "Segment: At-Risk"]
    find(dashboard.panel, widgets.Button, "All customers").click()
    assert dashboard.filters == {} and chips(dashboard) == []
    assert (dashboard.panel.country, dashboard.panel.segment) == ("", "")


def test_a_period_holds_across_the_views_of_orders_in_time(dashboard: Dashboard) -> None:
    model = dashboard.model
    dashboard.page = "Sales"
    dashboard.panel.period = ("2024-03-01", "2024-04-30")
    days = dt.date(2024, 3, 1), dt.date(2024, 4, 30)
    for page in ("Overview", "Retention", "Value", "Journeys", "Sales"):
        dashboard.page = page
        assert (dashboard.panel.start, dashboard.panel.end) == days, page
        assert chips(dashboard) == ["Period: 1 Mar 2024 to 30 Apr 2024"], page
        assert "All else is as of 19 Jul 2024." in find(dashboard, FilterBar).told.value
    within = model.orders["ordered_at"].dt.normalize().between("2024-03-01", "2024-04-30")
    revenue = model.orders.loc[within, "amount"].sum()
    dashboard.page = "Overview"
    assert dashboard.selection["value"].iloc[0] == pytest.approx(revenue)
    first = model.customers["first_order"].dt.normalize().between("2024-03-01", "2024-04-30")
    dashboard.page = "Retention"
    cohorts = dashboard.panel.cohorts.groupby("cohort")["cohort_size"].first()
    assert cohorts.sum() == first.sum() > 0
    dashboard.page = "Segments"
    assert "Not filtered by period here." in find(dashboard, FilterBar).without.value
    dashboard.page = "Journeys"
    dashboard.panel.undo()
    assert dashboard.filters == {}


def test_a_chip_that_goes_leaves_what_the_view_cannot_take(dashboard: Dashboard) -> None:
    set_in(dashboard, "Campaign", countries=("France", "Germany"))
    set_in(dashboard, "Sales", period=("2024-03-01", "2024-04-30"))
    assert chips(dashboard) == ["Period: 1 Mar 2024 to 30 Apr 2024"]
    find(dashboard, FilterBar).chips.buttons[0].click()
    assert dashboard.filters == {"country": ("France", "Germany")} and dashboard.panel.period == ()


def test_a_thing_to_do_is_of_the_whole_shop_and_another_view_of_a_product_is_not(
    dashboard: Dashboard,
) -> None:
    set_in(dashboard, "Sales", country="France")
    product = str(dashboard.model.products["product_id"].iloc[1])
    dashboard.visit("Recommend", product_id=product)
    assert (dashboard.panel.product_id, dashboard.panel.country) == (product, "France")
    dashboard.filters = {"period": ("2024-03-01", "2024-04-30")}
    dashboard.page = "Overview"
    press(dashboard, "Campaign")
    assert dashboard.panel.countries == () and dict(dashboard.filters) == {}


def test_a_thing_to_do_of_some_customers_leads_to_them(dashboard: Dashboard) -> None:
    set_in(dashboard, "Overview", country="France", start=dt.date(2024, 3, 1))
    todo = press(dashboard, "Campaign")
    assert dashboard.panel.countries == ("France",) == todo.state["countries"]
    assert dict(dashboard.filters)["country"] == ("France",) and "period" not in dashboard.filters
    assert set(dashboard.selection["country"]) == {"France"}
    number = next(word for word in todo.title.split() if word.isdigit())
    assert len(dashboard.selection) == int(number)


def test_a_view_is_drawn_once_as_it_is_filtered(
    dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[str, str]] = []
    for kind in set(PAGES.values()):

        def counted(self: Panel, draw: Any = kind._draw) -> None:
            drawn.append((type(self).__name__, str(filters_of(self).get("country", ("",))[0])))
            draw(self)

        monkeypatch.setattr(kind, "_draw", counted)
    dashboard.filters = {"country": ("France",), "period": ("2024-03-01", "2024-04-30")}
    filterable = ("Sales", "Segments", "Overdue", "Campaign", "Recommend", "Retention", "Value", "Journeys")
    for page in filterable:
        drawn.clear()
        dashboard.page = page
        assert drawn == [(PAGES[page].__name__, "France")], page
    dashboard.filters = {"country": ("Germany",), "period": ("2024-04-01", "2024-05-31")}
    for page in filterable[:-1]:
        drawn.clear()
        dashboard.page = page
        assert drawn == [(PAGES[page].__name__, "Germany")], page
    drawn.clear()
    dashboard.visit("Overdue", min_silence=90)
    assert drawn == [("OverduePanel", "Germany")]
    drawn.clear()
    find(dashboard, Address).ask("?view=segments&country=Spain&segment=At-Risk")
    assert drawn == [("SegmentPanel", "Spain")]


def test_undo_takes_away_what_a_view_was_opened_with(dashboard: Dashboard) -> None:
    dashboard.filters = {"country": ("France",), "period": ("2024-03-01", "2024-04-30")}
    dashboard.page = "Sales"
    assert not find(dashboard.panel, widgets.Button, "Undo").disabled
    find(dashboard.panel, widgets.Button, "Undo").click()
    assert dashboard.panel.changed() == {} and dashboard.filters == {}


def test_the_address_has_the_filters_once_for_all_views(
    dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(find(dashboard, Address), "send", told.append)
    set_in(dashboard, "Campaign", countries=("France", "Germany"), segments=("At-Risk",), min_orders=2)
    query = "country=France&country=Germany&segment=At-Risk"
    assert told[-1] == {"query": f"?view=campaign&{query}&min_orders=2", "replace": True}
    dashboard.page = "Retention"
    assert told[-1] == {"query": f"?view=retention&{query}", "replace": False}
    theirs = Dashboard(dashboard.model, in_address=True)
    find(theirs, Address).ask(told[-1]["query"])
    assert message(theirs) == "" and theirs.filters == dashboard.filters
    theirs.page = "Campaign"
    assert theirs.panel.countries == ("France", "Germany") and theirs.panel.segments == ("At-Risk",)
    dashboard.filters = {"period": ("2024-03-01", "2024-04-30")}
    dashboard.page = "Sales"
    assert told[-1]["query"] == "?view=sales&period=2024-03-01&period=2024-04-30"
    find(theirs, Address).ask(told[-1]["query"])
    assert theirs.filters == dashboard.filters and theirs.panel.period == dashboard.panel.period
    find(theirs, Address).ask("?view=sales&start=2024-03-01")  # as the view's own address
    assert theirs.filters == {"period": ("2024-03-01", "2024-07-18")}
    find(theirs, Address).ask("?view=campaign")
    assert theirs.filters == {} and theirs.panel.changed() == {}


def test_what_does_not_exist_is_refused(dashboard: Dashboard) -> None:
    refuses(
        dashboard, "filters", {"colour": ("red",)}, "There is no filter 'colour'; there are: country, segment"
    )
    refuses(dashboard, "filters", {"country": ("Atlantis",)}, "There are no orders from 'Atlantis'.")
    refuses(dashboard, "filters", {"segment": ("Royalty",)}, "There is no segment 'Royalty'; there are: ")
    no_texts: tuple[Any, ...] = (5, None, [["x"]], [{}])
    for values in no_texts:
        refuses(dashboard, "filters", {"country": values}, r"'country'\] must be a list of texts; got ")
    no_filters: tuple[Any, ...] = (None, [["x"]], "France")
    for filters in no_filters:
        refuses(dashboard, "filters", filters, "expected a dict")


def test_a_value_counts_once_and_an_unknown_one_leaves_the_others(dashboard: Dashboard) -> None:
    address = find(dashboard, Address)
    address.ask("?view=segments&country=France&country=France")
    assert dashboard.filters == {"country": ("France",)}
    assert dashboard.panel.country == "France" and chips(dashboard) == ["Country: France"]
    address.ask("?view=campaign&country=Atlantis&country=France&segment=At-Risk")
    assert dashboard.filters == {"country": ("France",), "segment": ("At-Risk",)}
    assert "There are no orders from &#39;Atlantis&#39;." in message(dashboard)
    dashboard.filters = {"country": "Germany", "segment": ""}
    assert dashboard.filters == {"country": ("Germany",)}
