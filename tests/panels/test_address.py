from typing import Any

import pytest

from shopper_widgets.panels import Dashboard
from shopper_widgets.panels.address import LONGEST, Address, read, written
from shopper_widgets.panels.dashboard_views import PAGES
from tests.panel_contract import find, hostile_model, message


def someone(model):
    return model.customers["customer_id"].iloc[5]


@pytest.fixture
def dashboard(small_model):
    return Dashboard(small_model, in_address=True)


@pytest.fixture
def sent(dashboard, monkeypatch):
    """Return the messages to the browser."""
    told: list[dict[str, object]] = []
    monkeypatch.setattr(find(dashboard, Address), "send", told.append)
    return told


#: View → a state that its address holds.
STATES: dict[str, dict[str, Any]] = {
    "Overview": {"compared": "month"},
    "Segments": {"segment": lambda model: model.segments["segment"].iloc[0], "sort_by": "recency"},
    "Movements": {"from_segment": lambda model: model.segments["segment"].iloc[0], "descending": False},
    "Overdue": {"min_overdue": 0.25, "min_silence": 12},
    "Predict": {"recency": 3},
    "Sales": {"country": "France", "start": lambda model: model.orders["ordered_at"].iloc[50].date()},
    "Demand": {"product_id": lambda model: model.products["product_id"].iloc[1], "horizon": 2},
    "Recommend": {"product_id": lambda model: model.products["product_id"].iloc[1], "n": 5},
    "Campaign": {
        "segments": lambda model: tuple(model.segments["segment"].iloc[:2]),
        "hold_out": 0.1,
        "min_spend": 12345.67,
        "name": "Tea & more = 50 %?",
    },
}


@pytest.mark.parametrize("view", list(STATES))
def test_a_link_shows_a_colleague_the_same_view(small_model, view):
    state = {n: v(small_model) if callable(v) else v for n, v in STATES[view].items()}
    ours = Dashboard(small_model, page=view, customer_id=someone(small_model))
    ours.visit(view, **state)
    ours.customer_id = someone(small_model)
    query = written(view, ours.panel, {"customer_id": ours.customer_id})
    theirs = Dashboard(small_model, in_address=True)
    find(theirs, Address).ask(query)
    assert message(theirs) == ""
    assert (theirs.page, theirs.customer_id) == (view, ours.customer_id)
    assert theirs.panel.changed() == ours.panel.changed()
    assert {name: getattr(theirs.panel, name) for name in state} == state


def test_each_view_customer_and_product_is_a_step_back_and_a_filter_is_not(dashboard, sent):
    dashboard.page = "Overdue"
    dashboard.panel.min_silence = 90
    dashboard.customer_id = someone(dashboard.model)
    one = f"customer={someone(dashboard.model)}"
    assert sent == [
        {"query": "?view=overdue", "replace": False},
        {"query": "?view=overdue&min_silence=90", "replace": True},
        {"query": f"?view=overdue&{one}&min_silence=90", "replace": False},
    ]
    sent.clear()
    find(dashboard, Address).ask("?view=overdue&min_silence=90")
    assert (dashboard.page, dashboard.customer_id, dashboard.panel.min_silence) == ("Overdue", "", 90)
    assert all(told["replace"] for told in sent)
    find(dashboard, Address).ask("")
    assert dashboard.page == "Overview"


def test_what_an_address_gets_wrong_is_told_and_the_page_stays(dashboard):
    address = find(dashboard, Address)
    dashboard.page = "Predict"
    for query, told in {
        "?view=admin": "There is no view &#39;admin&#39;; there are: overview, segments",
        "?view=overdue&customer=nobody": "There is no customer &#39;nobody&#39;",
        "?view=sales&country=Nowhere": "There are no orders from &#39;Nowhere&#39;",
        "?view=overdue&min_silence=-4": "a whole number from 0",
        "?view=<img src=x>": "&lt;img src=x&gt;",
    }.items():
        address.ask(query)
        assert told in message(dashboard), query
    address.ask("?view=overdue&min_silence=many&brush=1&children=2&model=x&title=x")
    assert message(dashboard) == ""
    assert dashboard.panel.changed() == {}
    assert dashboard.title == Dashboard(dashboard.model).title


def test_what_the_browser_sends_is_taken_only_as_an_address(dashboard):
    address = find(dashboard, Address)
    address._on_message(address, {"query": "?view=overdue"}, [])
    assert dashboard.page == "Overdue"
    for content in ({"query": 7}, {}, {"query": "?view=sales&x=" + "y" * LONGEST}):
        address._on_message(address, content, [])
    address.set_state({"_shown": "x"})
    assert dashboard.page == "Overdue"


def test_a_notebooks_address_is_left_alone(small_model):
    with pytest.raises(StopIteration):
        find(Dashboard(small_model), Address)


def test_an_address_is_never_too_long_to_be_read(small_model):
    dashboard = Dashboard(small_model, page="Recommend")
    dashboard.panel.basket = small_model.products["product_id"].tolist() * 9
    assert len(written("Recommend", dashboard.panel, {})) <= LONGEST
    ids = small_model.products["product_id"].tolist()[:20]
    dashboard.panel.basket = ids
    _, said = read(written("Recommend", dashboard.panel, {}))
    assert said["basket"] == ids


def test_an_uploaded_file_stays_out_of_the_address(small_model):
    dashboard = Dashboard(small_model, page="Stock")
    dashboard.panel.stock = f"product_id,on_hand\n{small_model.products['product_id'].iloc[0]},5"
    dashboard.panel.lead_time = 21
    assert written("Stock", dashboard.panel, {}) == "?view=stock&lead_time=21"


def test_back_keeps_an_uploaded_file_and_no_link_brings_one(dashboard):
    product = dashboard.model.products["product_id"].iloc[0]
    uploaded = f"product_id,on_hand\n{product},5"
    dashboard.page = "Stock"
    dashboard.panel.stock, dashboard.panel.product_id = uploaded, product
    find(dashboard, Address).ask("?view=stock&lead_time=21")
    assert dashboard.panel.changed() == {"lead_time": 21, "stock": uploaded}
    dashboard.panel.reset()
    find(dashboard, Address).ask(f"?view=stock&stock={uploaded}")
    assert dashboard.panel.changed() == {}


def test_hostile_ids_travel_as_text():
    model = hostile_model()
    for page in PAGES:
        dashboard = Dashboard(model, page=page, customer_id=someone(model))
        query = written(page, dashboard.panel, {"customer_id": dashboard.customer_id})
        assert "<" not in query
        assert read(query)[1].get("customer_id") == [someone(model)]
