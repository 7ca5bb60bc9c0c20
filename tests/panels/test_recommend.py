import asyncio
import copy
import dataclasses
import re
from typing import ClassVar

import ipywidgets as widgets
import numpy as np
import pandas as pd
import pytest
import traitlets

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import RecommendPanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.chips import Chips
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.number_box import NumberBox
from shopper_widgets.panels.search import TextBox
from shopper_widgets.recommend.assortment import assortment
from shopper_widgets.recommend.catalogue import Catalogue
from shopper_widgets.recommend.evidence import hubs
from shopper_widgets.recommend.item import ItemRecommender
from shopper_widgets.words.recommendations import examples
from tests.panel_contract import PanelContract, everything, find, hostile_model, html, message, refuses, seen

SIMILAR = ["rank", "product_id", "product_name", "score", "support", "lift"]
COLUMNS = [*SIMILAR[:3], "price", *SIMILAR[3:5], "baskets", "lift", "lift_low", "lift_high", "sentence"]


def goods(model):
    return model.products["product_id"][model.products["is_product"]].tolist()


def first(model):
    return goods(model)[0]


def first_three(model):
    return goods(model)[:3]


class TestRecommendPanel(PanelContract):
    panel = RecommendPanel
    states: ClassVar = [
        {"product_id": first},
        {"query": "candle"},
        {"query": "candle", "n": 5},
        {"query": "zzzzqqqq"},
        {"query": "candle", "product_id": first},
        {"query": "", "product_id": first},
        {"basket": first_three},
        {"basket": first_three, "query": "candle", "exclude": lambda model: goods(model)[5:7]},
        {"product_id": first, "country": lambda model: model.sales["country"].iloc[0]},
        {"product_id": first, "one_per_family": True},
        {"product_id": first, "lowest_price": 1.0, "highest_price": 4.0, "sold_within_days": 28},
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
    assert list(panel.selection.columns) == COLUMNS
    assert find(panel, ChartView).chart is None


def test_each_keystroke_shows_what_is_bought_with_the_best_match(panel, small_model):
    text = find(panel, TextBox)
    name = small_model.products.set_index("product_id")["product_name"][first(small_model)]
    for end in range(1, len(name) + 1):
        text.enter(name[:end])
        found = small_model.recommender.search(name[:end], n=1)
        assert panel.product_id == (found["product_id"].iloc[0] if len(found) else "")
    similar = small_model.recommender.similar(panel.product_id, n=10)
    pd.testing.assert_frame_equal(panel.selection[SIMILAR], similar)
    assert [row[1] for row in find(panel, Grid).rows] == panel.selection["product_id"].tolist()
    assert f"Customers who buy {name} also buy" in html(panel)
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


@pytest.mark.parametrize("query", ["", "candle"])
def test_one_created_as_another_was_left_shows_the_product_that_was_picked(small_model, query):
    panel = RecommendPanel(small_model, query=query)
    panel.product_id = picked = candidates(panel)[-1]
    state = {name: getattr(panel, name) for name in RecommendPanel.state}
    assert RecommendPanel(small_model, **state).product_id == picked
    assert seen(RecommendPanel(small_model, **state)) == seen(panel)


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
    assert "No product name resembles “qqqqzzzz”" in html(panel)
    assert find(panel, widgets.Select).description == "No match"


def test_an_unknown_product_is_refused(panel):
    refuses(panel, "product_id", "nope", "No product has the id or the name 'nope'")


def test_a_product_goes_by_what_similar_takes(panel, small_model):
    products = small_model.products[small_model.products["is_product"]]
    alone = products.drop_duplicates("product_name", keep=False).iloc[0]
    for said in (f" {alone['product_id'].lower()} ", alone["product_name"].upper()):
        panel.product_id = said
        assert panel.product_id == alone["product_id"]
        panel.reset()
    panel.basket = [alone["product_name"], alone["product_id"].lower()]
    assert panel.basket == [alone["product_id"]]
    service = small_model.products.loc[~small_model.products["is_product"], "product_id"].iloc[0]
    panel.product_id = service.lower()
    assert panel.product_id == service


@pytest.fixture
def twins(small_model):
    """Return the panel of a shop whose two best sellers are both called Twin; their ids are the basket."""
    names = small_model.products["product_name"].where(small_model.products.index > 1, "Twin")
    orders = small_model.recommender.catalogue_.names.copy()
    ids = small_model.products["product_id"][:2]
    orders[np.isin(small_model.recommender.catalogue_.ids, ids)] = "Twin"
    recommender = copy.copy(small_model.recommender)
    recommender.catalogue_ = Catalogue(recommender.catalogue_.ids, orders, recommender.catalogue_.customers)
    products = small_model.products.assign(product_name=names)
    model = dataclasses.replace(small_model, products=products, recommender=recommender)
    return RecommendPanel(model, basket=ids.tolist())


def test_a_name_of_two_products_is_refused(twins):
    refuses(twins, "product_id", "twin", "2 products have the name 'twin'")


def test_products_of_one_name_are_told_apart(twins):
    one, other = twins.basket
    removing = [f"Remove Twin ({code})" for code in (one, other)]
    assert [button.description for button in find(twins, Chips).buttons] == removing
    assert f" goes best with Twin ({one}) and 1 more. " in html(twins)
    assert twins.selection["sentence"].str.contains(rf"bought Twin \((?:{one}|{other})\) also bought").any()
    twins.reset()
    twins.product_id = other
    assert f"Customers who buy Twin ({other}) also buy " in html(twins)
    assert (f"Twin · {other}", other) in find(twins, widgets.Select).options


def test_variants_are_asked_about_where_there_are_some(small_model):
    """The small shop has none: its codes differ in more than their last letters."""
    assert find(RecommendPanel(small_model), widgets.Checkbox).layout.display == "none"
    recommender = copy.copy(small_model.recommender)
    recommender.catalogue_ = copy.copy(recommender.catalogue_)
    recommender.catalogue_.variants = lambda: ["85099B", "85099C"]
    box = find(RecommendPanel(dataclasses.replace(small_model, recommender=recommender)), widgets.Checkbox)
    assert box.description == "Only one variant of a product (such as 85099B and 85099C)"
    assert box.layout.display is None


def test_one_of_each_kind(small_model):
    recommender = small_model.recommender
    family = dict(zip(recommender.catalogue_.ids.tolist(), [0] * 20 + list(range(1, 100)), strict=False))
    catalogue = copy.copy(recommender.catalogue_)
    catalogue.families = lambda: np.array(list(family.values()))
    recommender = copy.copy(recommender)
    recommender.catalogue_ = catalogue
    panel = RecommendPanel(dataclasses.replace(small_model, recommender=recommender))
    panel.basket = goods(small_model)[:3]

    def alike():
        return sum(family[code] == 0 for code in panel.selection["product_id"])

    assert alike() > 1
    find(panel, widgets.Checkbox).set_state({"value": True})
    assert panel.one_per_family
    assert alike() == 1


def test_evidence_is_that_of_the_recommender(panel, small_model):
    code = first(small_model)
    panel.product_id = code
    similar = small_model.recommender.similar(code)
    expected = small_model.recommender.with_evidence(similar, code)
    goods = small_model.products.set_index("product_id")
    expected["price"] = (goods["revenue"] / goods["quantity"]).reindex(expected["product_id"]).to_numpy()
    pd.testing.assert_frame_equal(panel.selection, expected[COLUMNS])
    best = expected.iloc[0]
    assert f"({best['lift_low']:.1f} to {best['lift_high']:.1f})" in html(panel)
    headings = [column["label"] for column in find(panel, Grid).columns]
    assert headings[3] == "Average price"
    assert headings[5:] == ["Customers with both", "Orders with both", "Lift (×)", "Lift from", "to", "Why"]


def test_a_recommender_that_knows_no_orders_leaves_a_dash(small_shop):
    model = ShopperModel.fit(
        small_shop, n_clusters=2, recommender=ItemRecommender(min_support=1), progress=False
    )
    panel = RecommendPanel(model, product_id=first(model))
    assert panel.selection["baskets"].isna().all()
    assert {row[6] for row in find(panel, Grid).rows} == {"–"}


def test_what_is_suggested_everywhere_is_told(panel, small_model):
    everywhere = hubs(small_model.recommender.similar_to_all(10)).iloc[0]
    lists = small_model.recommender.similar_to_all(10)
    panel.product_id = lists.loc[lists["product_id"] == everywhere["product_id"], "to_product_id"].iloc[0]
    assert f"{everywhere['product_name']} (in {everywhere['lists']})" in html(panel)


def test_a_service_has_no_recommendations_and_the_panel_says_so(panel, small_model):
    services = small_model.products.loc[~small_model.products["is_product"], "product_id"]
    panel.product_id = services.iloc[0]
    assert panel.selection.empty
    assert "Too few customers bought" in html(panel)
    assert message(panel) == ""


def test_a_visitor_cannot_send_an_endless_query(panel):
    find(panel, TextBox).enter("x" * 100_000)
    assert len(panel.query) == 200


def button(panel, begin):
    return next(
        w for w in everything(panel) if isinstance(w, widgets.Button) and w.description.startswith(begin)
    )


def test_products_are_put_into_the_basket_and_taken_out(panel, small_model):
    one, other, _ = first_three(small_model)
    for code in (one, other):
        panel.product_id = code
        button(panel, "Add").click()
    assert (panel.basket, panel.query, panel.product_id) == ([one, other], "", "")
    assert button(panel, "Add").disabled
    wanted = small_model.recommender.recommend(basket=[one, other], n=10)
    assert panel.selection["product_id"].tolist() == wanted["product_id"].tolist()
    name = small_model.products.set_index("product_id")["product_name"][one]
    assert f" goes best with {name} and 1 more. " in html(panel)
    assert find(panel, Grid).caption == f"Bought with {name} and 1 more"
    button(panel, f"Remove {name}").click()
    assert panel.basket == [other]
    assert seen(panel) == seen(RecommendPanel(small_model, basket=[other]))


def test_what_is_looked_at_counts_beside_the_basket(panel, small_model):
    one, other, third = first_three(small_model)
    panel.basket = [one, other, one]
    panel.product_id = third
    assert panel.asked == [one, other, third]
    wanted = small_model.recommender.recommend(basket=[one, other, third], n=10)
    assert panel.selection["score"].tolist() == wanted["score"].tolist()
    assert len(find(panel, ChartView).chart.to_dict()["datasets"]) >= 1


def test_each_suggestion_says_why(panel, small_model):
    panel.basket = first_three(small_model)
    suggested = small_model.recommender.recommend(basket=panel.basket, n=10)
    reasons = small_model.recommender.with_evidence(suggested)["sentence"].tolist()
    assert panel.selection["sentence"].tolist() == reasons
    assert [row[-1] for row in find(panel, Grid).rows] == reasons
    assert all("times as many as by chance." in reason for reason in reasons)


def test_a_suggestion_is_left_out_and_allowed_again(panel, small_model):
    panel.product_id = first(small_model)
    best = panel.selection["product_id"].iloc[0]
    choice = find(panel, widgets.Dropdown, "Leave out a product")
    choice.set_state({"index": 1})
    assert panel.exclude == [best]
    assert choice.value == ""
    assert best not in panel.selection["product_id"].tolist()
    button(panel, "Allow").click()
    assert panel.selection["product_id"].iloc[0] == best


def test_suggestions_keep_within_the_limits(panel, small_model):
    panel.product_id = first(small_model)
    everything_goes = panel.selection["product_id"].tolist()
    country = small_model.sales["country"].value_counts().index[-1]
    find(panel, widgets.Dropdown, "Sold in").value = country
    find(panel, widgets.Dropdown, "Sold").set_state({"index": 3})
    find(panel, NumberBox).enter("2.0")
    assert (panel.country, panel.sold_within_days, panel.lowest_price) == (country, 90, 2.0)
    allowed = assortment(small_model.sales, country=country, lowest_price=2, sold_within_days=90)
    assert set(panel.selection["product_id"]) <= set(allowed)
    assert panel.selection["product_id"].tolist() != everything_goes
    panel.highest_price = 1.0
    assert panel.selection.empty
    assert "The lowest price is above the highest" in html(panel)
    low, high = (find(panel, NumberBox, f"Price {end} (£)") for end in ("from", "to"))
    assert low.message == "“Price from” is more than “Price to”: nothing lies between them."
    assert high.message == "“Price to” is less than “Price from”: nothing lies between them."
    high.enter("")
    assert (low.message, high.message, panel.highest_price) == ("", "Empty: no limit.", 0)
    panel.lowest_price, panel.highest_price = 1e6, 0.0
    assert "within these limits" in html(panel)


def test_limits_that_make_no_sense_are_refused(panel):
    refuses(panel, "country", "Atlantis", "Nothing was sold in 'Atlantis'")
    refuses(panel, "lowest_price", -1.0, "^Price from: a number from 0, not -1.$")
    refuses(panel, "highest_price", float("nan"), "^Price to: a number from 0, not nan.$")
    refuses(panel, "basket", ["nope"], "No product has the id or the name 'nope'")
    find(panel, NumberBox).enter("-3")
    assert find(panel, NumberBox).message == "Price from: a number from 0, not -3. Still empty: no limit."
    assert message(panel) == ""


def test_a_basket_of_services_has_no_suggestions(panel, small_model):
    services = small_model.products.loc[~small_model.products["is_product"], "product_id"]
    panel.basket = services.tolist()
    assert panel.selection.empty
    assert "Too few customers bought" in html(panel)


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
    def fail(self, products):
        raise RuntimeError("sesame")

    monkeypatch.setattr(type(panel.model.recommender), "similarity_matrix", fail)
    panel.query = "candle"
    assert "Something went wrong" in message(panel)
    assert "sesame" in caplog.text
    assert find(panel, Grid).rows


def test_what_nobody_bought_with_another_has_products_called_like_it():
    lines = pd.DataFrame(
        {
            "order_id": ["1", "1", "2"],
            "customer_id": ["1", "1", "2"],
            "product_id": ["P1", "P2", "P3"],
            "product_name": ["Red mug", "Tray", "Blue mug"],
            "ordered_at": pd.Timestamp("2011-01-01"),
            "quantity": 1,
            "unit_price": 2.0,
            "country": "UK",
        }
    )
    panel = RecommendPanel(ShopperModel.fit(lines, progress=False), product_id="P3")
    assert panel.selection.empty
    assert "Too few customers bought Blue mug together" in html(panel)
    assert "Products with the most similar names: Red mug (P1)." in html(panel)
    panel.product_id = "P1"
    assert panel.selection["product_id"].tolist() == ["P2"]
    assert "Tray goes best with Red mug, but only 1 customer bought both." in html(panel)
    # A single buyer of both gives the highest similarity, and is no evidence.
    assert find(panel, ChartView).chart is None


def test_with_nothing_asked_it_shows_examples_with_their_evidence(small_model):
    panel = RecommendPanel(small_model)
    found = examples(small_model, n=1)
    assert len(found) and "Examples: products that go together" in html(panel)
    for pair in found.to_dict("records"):
        names = f">{pair['for_product']}</th><td[^>]*>{pair['product_name']}</td>"
        assert re.search(f'<th scope="row"[^>]*{names}', html(panel))
    panel.product_id = small_model.products["product_id"].iloc[0]
    assert "for example" not in html(panel)
    panel.reset()
    panel.query = "nothing is called that zzz"
    assert "for example" not in html(panel)


def test_examples_keep_within_the_limits(small_model):
    panel, every, shown = RecommendPanel(small_model), examples(small_model, n=1), []
    for country in small_model.sales["country"].unique():
        panel.country = country
        sold = set(small_model.sales.loc[small_model.sales["country"] == country, "product_id"])
        table = html(panel).partition("Examples: products that go together")[2].partition("</table>")[0]
        shown.append(table.count('<th scope="row"'))
        assert shown[-1] == every["product_id"].isin(sold).sum()
    assert 0 <= min(shown) < len(every)


def test_best_sellers_that_nobody_bought_with_a_product_are_told_as_such(small_model):
    recommender = copy.deepcopy(small_model.recommender)
    catalogue = recommender.catalogue_
    for matrix in (recommender.scores_, recommender.support_):
        matrix.data[matrix.indptr[0] : matrix.indptr[1]] = 0
    recommender.best_sellers_ = np.where(np.arange(len(catalogue.ids)) < 4, 0.5, 0.0)
    model = dataclasses.replace(small_model, recommender=recommender)
    panel = RecommendPanel(model, product_id=catalogue.ids[0])
    by_buyers = 1 + np.argsort(-catalogue.customers[1:4], kind="stable")
    assert panel.selection["product_id"].tolist() == catalogue.ids[by_buyers].tolist()
    bought = [f"Bought by {n} customers." for n in catalogue.customers[by_buyers]]
    assert panel.selection["sentence"].tolist() == bought
    assert "best sellers are a better guess than what customers bought together" in html(panel)
