import asyncio
from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest
import traitlets
from panel_contract import PanelContract, find, hostile_model, html, message, refuses, seen

from shopper_widgets.panels import RecommendPanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.grid import Grid


def first(model):
    return model.products["product_id"][model.products["is_product"]].iloc[0]


class TestRecommendPanel(PanelContract):
    panel = RecommendPanel
    states: ClassVar = [
        {"product_id": first},
        {"query": "candle"},
        {"query": "candle", "n": 5},
        {"query": "zzzzqqqq"},
    ]


@pytest.fixture
def panel(small_model):
    return RecommendPanel(small_model)


def candidates(panel):
    return [key for _, key in find(panel, widgets.Select).options]


def test_it_starts_with_the_best_sellers_and_says_what_to_do(panel, small_model):
    goods = small_model.products[small_model.products["is_product"]]
    assert candidates(panel) == goods["product_id"].head(8).tolist()
    assert "or choose one of the best sellers" in html(panel)
    assert panel.selection.empty
    assert list(panel.selection.columns) == ["rank", "product_id", "product_name", "score", "support", "lift"]
    assert find(panel, ChartView).chart is None


def test_each_keystroke_shows_what_is_bought_with_the_best_match(panel, small_model):
    text = find(panel, widgets.Text)
    name = small_model.products.set_index("product_id")["product_name"][first(small_model)]
    for end in range(1, len(name) + 1):
        text.set_state({"value": name[:end]})
        found = small_model.recommender.search(name[:end], n=1)
        assert panel.product_id == (found["product_id"].iloc[0] if len(found) else "")
    pd.testing.assert_frame_equal(panel.selection, small_model.recommender.similar(panel.product_id, n=10))
    assert [row[1] for row in find(panel, Grid).rows] == panel.selection["product_id"].tolist()
    assert f"Who buys {name} also buys" in html(panel)
    assert find(panel, ChartView).chart is not None


def test_a_code_in_lower_case_and_a_typo_find_the_product(panel, small_model):
    panel.query = first(small_model).lower()
    assert panel.product_id == first(small_model)
    name = max(small_model.products["product_name"], key=len)
    panel.query = name[:3] + name[4:]
    assert name in dict(find(panel, widgets.Select).options[:3]).__str__()


def test_another_candidate_can_be_picked(panel):
    panel.query = "candle"
    options = find(panel, widgets.Select)
    options.set_state({"index": 1})
    assert panel.product_id == options.options[1][1]
    assert panel.query == "candle"
    assert find(panel, Grid).caption.startswith("Bought with")


def test_n_cuts_the_list(panel, small_model):
    panel.product_id = first(small_model)
    find(panel, widgets.Dropdown, "At most").set_state({"index": 0})
    assert panel.n == 5
    assert len(panel.selection) == 5
    with pytest.raises(traitlets.TraitError):
        panel.n = 11


def test_what_is_called_nothing_like_it_is_told(panel):
    panel.query = "qqqqzzzz"
    assert panel.product_id == ""
    assert "No product is called anything like “qqqqzzzz”" in html(panel)
    assert find(panel, widgets.Select).description == "No match"


def test_an_unknown_product_is_refused(panel):
    refuses(panel, "product_id", "nope", "There is no product with the code 'nope'")


def test_a_service_has_no_recommendations_and_the_panel_says_so(panel, small_model):
    services = small_model.products.loc[~small_model.products["is_product"], "product_id"]
    panel.product_id = services.iloc[0]
    assert panel.selection.empty
    assert "Too few customers bought" in html(panel)
    assert message(panel) == ""


def test_a_visitor_cannot_send_an_endless_query(panel):
    find(panel, widgets.Text).set_state({"value": "x" * 100_000})
    assert len(panel.query) == 200


def test_panels_can_be_linked(small_model):
    one, other = RecommendPanel(small_model), RecommendPanel(small_model)
    traitlets.link((one, "product_id"), (other, "product_id"))
    one.query = "candle"
    assert other.product_id == one.product_id != ""
    pd.testing.assert_frame_equal(one.selection, other.selection)


def test_hostile_names_are_plain_text_in_every_place(small_model):
    panel = RecommendPanel(hostile_model())
    panel.product_id = first(panel.model)
    assert "&lt;img" in html(panel)
    assert "<img" not in html(panel)
    assert any("<img" in str(row) for row in find(panel, Grid).rows)


def test_in_a_running_kernel_the_heatmap_follows_when_typing_pauses(panel, small_model):
    async def type_fast():
        for text in ("c", "ca", "can", "candl"):
            panel.query = text
        assert find(panel, ChartView).chart is None
        await asyncio.sleep(0.4)

    asyncio.run(type_fast())
    assert find(panel, ChartView).chart is not None
    assert seen(panel) == seen(RecommendPanel(small_model, query="candl"))


def test_an_error_in_the_late_heatmap_is_told(panel, monkeypatch, caplog):
    def fail(_):
        raise RuntimeError("sesame")

    monkeypatch.setattr(panel.model.recommender, "similarity_matrix", fail)
    panel.query = "candle"
    assert "Something went wrong" in message(panel)
    assert "sesame" in caplog.text
    assert find(panel, Grid).rows
