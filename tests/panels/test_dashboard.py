import contextlib
import dataclasses
from typing import ClassVar

import ipywidgets as widgets
import pytest
import traitlets

from shopper_widgets._support.formatting import format_day
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import Dashboard, RetentionPanel, SegmentPanel
from shopper_widgets.panels.base import WORKING
from shopper_widgets.panels.dashboard_views import DOORS, PAGES
from shopper_widgets.panels.grid import Grid
from tests.panel_contract import (
    HOSTILE,
    PanelContract,
    everything,
    find,
    hostile_model,
    html,
    message,
    refuses,
    seen,
)


def someone(model):
    return model.customers["customer_id"].iloc[5]


class TestDashboard(PanelContract):
    panel = Dashboard
    states: ClassVar = [{"title": "My shop"}]

    def test_the_reset_button_does_the_same(self, small_model):
        # Each view has its own reset, which leaves the title and the other views unchanged.
        changes: dict[str, dict[str, object]] = {
            "Sales": {"country": "France"},
            "Predict": {"recency": 3},
            "Overdue": {"min_silence": 7},
        }
        start = {page: seen(Dashboard(small_model, page=page).panel) for page in changes}
        dashboard = Dashboard(small_model, title="My shop")
        for page, state in changes.items():
            dashboard.page = page
            for name, value in state.items():
                setattr(dashboard.panel, name, value)
            assert seen(dashboard.panel) != start[page]
        for page in changes:
            dashboard.page = page
            find(dashboard.panel, widgets.Button).click()
            assert seen(dashboard.panel) == start[page]
        assert dashboard.title == "My shop"


def test_a_report_and_its_page_have_one_title_which_is_not_the_name_of_a_file(small_model):
    source = {**small_model.source, "name": "orders.csv"}
    titles = [{"title": "Mug shop"}, {}]
    models = [dataclasses.replace(small_model, source=source | title) for title in titles]
    assert [Dashboard(model).title for model in models] == ["Mug shop", "orders.csv"]


@pytest.fixture
def dashboard(small_model):
    return Dashboard(small_model)


def tabs(dashboard, kind):
    """Return the tabs of the questions, or those of each question's views."""
    return [w for w in everything(dashboard) if isinstance(w, widgets.Tab) and kind in w._dom_classes]


def test_a_panel_is_made_when_its_tab_is_first_opened(dashboard):
    assert list(dashboard.panels) == ["Overview"]
    (doors,) = tabs(dashboard, "sw-doors")
    assert doors.titles == tuple(DOORS)
    for place, (door, views) in enumerate(DOORS.items()):
        doors.set_state({"selected_index": place})
        assert dashboard.page == next(iter(views)), door
        inner = [doors.children[place]] if len(views) > 1 else []
        for index, (page, kind) in enumerate(views.items()):
            for tab in inner:
                tab.set_state({"selected_index": index})
            assert dashboard.page == page
            assert type(dashboard.panel) is kind
            slot = inner[0].children[index] if inner else doors.children[place]
            assert slot.children == (dashboard.panel,)
    assert message(dashboard) == ""
    made = dict(dashboard.panels)
    dashboard.page = "Sales"
    assert doors.selected_index == list(DOORS).index("Products")
    assert dashboard.panels == made


def test_a_door_opens_where_it_was_left(dashboard):
    (doors,) = tabs(dashboard, "sw-doors")
    dashboard.page = "Overdue"
    doors.set_state({"selected_index": 0})
    assert dashboard.page == "Overview"
    doors.set_state({"selected_index": 1})
    assert dashboard.page == "Overdue"


def test_the_page_can_be_stated(small_model):
    dashboard = Dashboard(small_model, page="Segments", customer_id=someone(small_model))
    assert tabs(dashboard, "sw-doors")[0].selected_index == 1
    assert dashboard.panel.customer_id == someone(small_model)
    assert len(dashboard.selection) == len(small_model.customers)


def test_an_analyst_chooses_the_views(small_model):
    dashboard = Dashboard(small_model, views=["Campaign", "Overview", "Overdue"])
    assert dashboard.views == ("Overview", "Overdue", "Campaign")
    (doors,) = tabs(dashboard, "sw-doors")
    assert doors.titles == ("Overview", "Customers", "Campaigns")
    assert tabs(dashboard, "sw-views") == []
    doors.set_state({"selected_index": 1})
    assert dashboard.page == "Overdue"
    refuses(dashboard, "page", "Sales", "This page has no Sales; it has: Overview, Overdue, Campaign.")
    overview = dashboard.panels["Overview"]
    shown = [button.layout.display != "none" for button in overview._buttons]
    assert shown == [todo.view in dashboard.views for todo in overview.things_to_do]
    assert True in shown and False in shown
    with pytest.raises(ValueError, match=r"views must be one of .*'Overdu'"):
        Dashboard(small_model, views=["Overdu"])
    with pytest.raises(ValueError, match="views must name at least one view: Overview, Segments"):
        Dashboard(small_model, views=[])
    assert Dashboard(small_model, views="Predict").page == "Predict"


def test_a_thing_to_do_opens_its_place_with_its_filter_alone(dashboard, small_model):
    dashboard.page = "Campaign"
    dashboard.panel.min_orders = 7
    dashboard.page = "Overview"
    overview = dashboard.panel
    for todo, button in zip(overview.things_to_do, overview._buttons, strict=True):
        button.click()
        assert dashboard.page == todo.view
        alone = PAGES[todo.view](small_model, **todo.state)
        assert [getattr(dashboard.panel, name) for name in alone.state] == [
            getattr(alone, name) for name in alone.state
        ], todo.title
        assert message(dashboard) == message(dashboard.panel) == ""
        dashboard.page = "Overview"


def test_the_chosen_customer_is_one_click_away(dashboard):
    bar = find(dashboard, widgets.Button, "Open customer ")
    assert dashboard._bar.layout.display == "none"
    dashboard.page = "Segments"
    dashboard.panel.customer_id = someone(dashboard.model)
    assert dashboard._bar.layout.display is None
    assert bar.description == f"Open customer {someone(dashboard.model)}"
    bar.click()
    assert dashboard.page == "Customer"
    assert dashboard.panel.profile["customer_id"].tolist() == [someone(dashboard.model)]
    assert set(dashboard.selection["customer_id"]) == {someone(dashboard.model)}
    assert dashboard._bar.layout.display == "none"


def test_the_header_tells_whose_orders_and_of_when(small_model):
    text = html(Dashboard(small_model, title="Tea & Co"))
    assert "<h1>Tea &amp; Co</h1>" in text
    assert f"{len(small_model.customers):,} customers, {len(small_model.orders):,} orders worth £" in text
    assert f"is counted to {format_day(small_model.as_of)}." in text


def test_the_chosen_product_is_one_click_away_on_other_views(dashboard):
    product = dashboard.model.products["product_id"].iloc[2]
    dashboard.page = "Recommend"
    assert dashboard._bar.layout.display == "none"
    dashboard.panel.product_id = product
    shown = [b.description for b in dashboard._bar.children if b.layout.display is None]
    assert shown == [f"Demand of {product}", f"Prices of {product}"]
    find(dashboard, widgets.Button, f"Demand of {product}").click()
    assert (dashboard.page, dashboard.panel.product_id) == ("Demand", product)
    find(dashboard, widgets.Button, f"Recommendations for {product}").click()
    assert (dashboard.page, dashboard.panel.product_id) == ("Recommend", product)
    assert message(dashboard) == ""
    dashboard.page = "Sales"
    assert dashboard._bar.layout.display == "none"


def test_a_customer_chosen_in_one_tab_is_chosen_in_the_others(dashboard):
    dashboard.page = "Segments"
    key = find(dashboard.panel, Grid).keys_shown[2]
    find(dashboard.panel, Grid).set_state({"chosen": key})
    assert dashboard.customer_id == key
    dashboard.page = "Customer"
    assert dashboard.panel.profile["customer_id"].tolist() == [key]
    assert set(dashboard.selection["customer_id"]) == {key}
    dashboard.panel.reset()
    assert dashboard.panels["Segments"].customer_id == ""


def test_while_a_panel_is_made_its_tab_says_so(dashboard, monkeypatch):
    told = []
    build = SegmentPanel._build

    def slow(self):
        told.append(html(dashboard))
        return build(self)

    monkeypatch.setattr(SegmentPanel, "_build", slow)
    dashboard.page = "Segments"
    assert WORKING in told[0]
    assert WORKING not in html(dashboard)


def test_a_click_while_a_panel_is_made_counts(dashboard, monkeypatch):
    (doors,), (views, *_) = tabs(dashboard, "sw-doors"), tabs(dashboard, "sw-views")
    build = SegmentPanel._build

    def slow(self):
        views.set_state({"selected_index": list(DOORS["Customers"]).index("Predict")})
        return build(self)

    monkeypatch.setattr(SegmentPanel, "_build", slow)
    doors.set_state({"selected_index": 1})
    assert dashboard.page == "Predict"
    assert list(dashboard.panels) == ["Overview", "Segments", "Predict"]
    assert views.children[views.selected_index].children == (dashboard.panel,)
    assert WORKING not in html(dashboard)


def test_a_tab_that_fails_says_so_and_the_others_work(dashboard, monkeypatch, caplog):
    def fail(self):
        raise RuntimeError("sesame")

    with monkeypatch.context() as broken:
        broken.setattr(SegmentPanel, "_build", fail)
        dashboard.page = "Segments"
    assert "Something went wrong" in message(dashboard)
    assert "sesame" in caplog.text
    assert WORKING not in html(dashboard)
    assert dashboard.panel is None
    assert dashboard.selection.empty
    dashboard.page = "Predict"
    assert message(dashboard) == ""
    assert dashboard.panel is not None


@pytest.mark.parametrize("index", [99, -1, None])
def test_a_visitor_cannot_open_a_tab_that_does_not_exist(dashboard, index):
    dashboard.page = "Movements"
    (doors,), (views, *_) = tabs(dashboard, "sw-doors"), tabs(dashboard, "sw-views")
    for tab in (doors, views):
        with contextlib.suppress(traitlets.TraitError):
            tab.set_state({"selected_index": index})
        assert dashboard.page == "Movements"
    assert (doors.selected_index, views.selected_index) == (1, 1)


def test_what_does_not_exist_is_refused(dashboard):
    refuses(dashboard, "page", "Admin", "page")
    refuses(dashboard, "customer_id", "nobody", "There is no customer 'nobody'")


def test_hostile_text_is_plain_text_on_every_tab():
    dashboard = Dashboard(hostile_model())
    for page in PAGES:
        dashboard.page = page
        assert message(dashboard) == ""
    dashboard.customer_id = someone(dashboard.model)
    text = html(dashboard)
    assert HOSTILE not in text
    assert "<h1>&lt;img" in text
    assert "<img" not in text
    assert seen(dashboard)


def test_a_shop_has_its_colour_and_its_logo(small_model, tmp_path):
    (tmp_path / "logo.png").write_bytes(b"logo")
    dashboard = Dashboard(small_model, title="<b>Mugs", color="#7a1f5c", logo=str(tmp_path / "logo.png"))
    header = dashboard._header.value
    assert '<img class="sw-logo" src="data:image/png;base64,bG9nbw==" alt="Logo of &lt;b&gt;Mugs">' in header
    assert "<style>.sw-shop-7A1F5C { --sw-accent: light-dark(#7A1F5C, " in header
    assert "sw-shop-7A1F5C" in dashboard._dom_classes
    with pytest.raises(ValueError, match="color must be written as #RRGGBB"):
        Dashboard(small_model, color="red")


def test_a_dashboard_speaks_the_language_that_it_is_given(small_model: ShopperModel) -> None:
    dashboard = Dashboard(small_model, locale="de", page="Overdue")
    assert dashboard._tabs.titles[:2] == ("Überblick", "Kunden")
    assert dashboard.panel is not None and dashboard.panel.locale == "de"
    # What is opened and set later is in that language too, whichever the process's language.
    dashboard.page = "Segments"
    assert "Welche Kundensegmente gibt es?" in dashboard.panel.children[0].value
    dashboard._on_address("?view=nowhere")
    assert "Es gibt keine Ansicht" in dashboard._message.value
    dashboard.page = "Recommend"
    dashboard.panel.product_id = small_model.products["product_id"].iloc[0]
    assert dashboard._of_product["Demand"].description.startswith("Nachfrage nach ")
    assert Dashboard(small_model)._tabs.titles[0] == "Overview"


def test_a_panel_alone_speaks_the_language_that_it_is_given(small_model: ShopperModel) -> None:
    panel = RetentionPanel(small_model, locale="de")
    assert "Bestandskunden" in html(panel) and "existing customers" not in html(panel)
    assert panel.code == "RetentionPanel(model, locale='de')"
    with pytest.raises(
        ValueError,
        match="locale must be one of 'en', 'de', or one of these with a region, such as 'en-US'; got 'xx'",
    ):
        RetentionPanel(small_model, locale="xx")
