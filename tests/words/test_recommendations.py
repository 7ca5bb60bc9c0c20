"""The report's sentences about recommendations agree with the recommender and its evaluation."""

import dataclasses

import pandas as pd
import pytest

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.recommend.evidence import hubs_sentence
from shopper_widgets.recommend.item import ItemRecommender
from shopper_widgets.words import evaluation as wording
from shopper_widgets.words import recommendations


def test_quality_is_told_for_both_questions(small_model: ShopperModel) -> None:
    assert small_model.evaluation is not None
    said = recommendations.quality(small_model)
    assert said[:2] == wording.verdicts(small_model.evaluation, "basket")
    assert len(said) == 5
    (asked, scores, beside), (next_asked, _, _) = recommendations.comparisons(small_model)
    assert (asked, next_asked) == ("What goes with a product", "A customer's next order")
    assert set(scores["method"]) == set(beside["method"])


def test_what_was_not_measured_is_said(small_model: ShopperModel) -> None:
    unmeasured = dataclasses.replace(small_model, evaluation=None)
    assert recommendations.comparisons(unmeasured) == []
    [said] = recommendations.quality(unmeasured)
    assert "at least two months of orders" in said


def test_what_is_suggested_everywhere(small_model: ShopperModel) -> None:
    hubs, n_lists = recommendations.everywhere(small_model.recommender)
    lists = small_model.recommender.similar_to_all(10).groupby("product_name")["to_product_id"].nunique()
    assert n_lists == small_model.recommender.similar_to_all(10)["to_product_id"].nunique()
    assert f"{lists.idxmax()} most often, in {lists.max()} of" in hubs_sentence(hubs, n_lists)


def test_examples_have_their_evidence(small_model: ShopperModel) -> None:
    examples = recommendations.examples(small_model, n_products=2, n=3)
    first = small_model.products.loc[small_model.products["is_product"]].iloc[0]
    expected = small_model.recommender.similar(first["product_id"], n=10)
    told = (expected["lift"].round(1) > 1) & (expected["support"] >= recommendations.FEWEST_BUYERS)
    expected = expected[told].head(3)
    assert examples.loc[examples["for_product"] == first["product_name"], "product_id"].tolist() == (
        expected["product_id"].tolist()
    )
    assert (examples["lift_low"] <= examples["lift"]).all()
    assert (examples["baskets"] <= len(small_model.orders)).all()
    assert examples["sentence"].str.contains("times as many as by chance").all()
    assert (examples["support"] >= recommendations.FEWEST_BUYERS).all()


def test_what_is_written_as_chance_is_no_example(
    small_model: ShopperModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    similar = type(small_model.recommender).similar
    monkeypatch.setattr(
        type(small_model.recommender),
        "similar",
        lambda self, *args, **kwargs: similar(self, *args, **kwargs).assign(lift=1.04),
    )
    assert recommendations.examples(small_model).empty


def test_what_sells_with_everything_less_than_by_chance_is_no_example() -> None:
    # nearly everybody buys M1 or M2, few both; M3 goes with M1
    bought = {"M1": range(30), "M2": range(24, 60), "M3": range(12)}
    lines = pd.DataFrame(
        [(f"{c}-{p}-{n}", c, p, n) for p, who in bought.items() for c in who for n in range(2)],
        columns=["order_id", "customer_id", "product_id", "day"],
    )
    lines["ordered_at"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(lines.pop("day") * 20, unit="D")
    lines["customer_id"] = lines["customer_id"].map("C{}".format)
    lines = lines.assign(quantity=1, unit_price=2.0)
    model = ShopperModel.fit(lines, n_clusters=2, recommender=ItemRecommender(), progress=False)
    shown = recommendations.examples(model, n_products=3)
    assert "M2" in set(model.recommender.similar("M1", n=5)["product_id"])
    assert set(zip(shown["for_product_id"], shown["product_id"], strict=True)) == {("M1", "M3"), ("M3", "M1")}


def test_examples_and_likeness_rest_on_enough_buyers(small_model: ShopperModel) -> None:
    rare = pd.DataFrame(
        {
            "order_id": ["1", "1", "1", "2", "3", "4"],
            "customer_id": ["1", "1", "1", "2", "3", "4"],
            "product_id": ["P1", "P2", "P3", "P1", "P1", "P1"],
            "ordered_at": pd.Timestamp("2011-01-01"),
            "quantity": 1,
            "unit_price": 2.0,
            "country": "UK",
        }
    )
    model = ShopperModel.fit(rare.assign(product_name=rare["product_id"]), progress=False)
    assert recommendations.examples(model).empty
    # P2 and P3 have the same single buyer: a cosine of 1, but no evidence.
    matrix, names = recommendations.best_sellers_matrix(model)
    assert list(matrix) == list(names) == ["P1"]
    assert recommendations.likeness(model.recommender, ["P2", "P3"])[0].empty
    full, _ = recommendations.best_sellers_matrix(small_model, n=4)
    assert full.shape == (4, 4)


@pytest.mark.parametrize(("products", "told"), [(1, False), (10, False), (11, True)])
def test_a_list_that_names_every_product_proves_nothing(
    small_model: ShopperModel, products: int, told: bool
) -> None:
    goods = small_model.products[small_model.products["is_product"]].head(products)
    model = dataclasses.replace(small_model, products=goods)
    said = recommendations.quality(model)
    assert any("of 100" in sentence for sentence in said) == told
    assert (len(recommendations.comparisons(model)) > 0) == told
    if not told:
        assert said[0].endswith(
            f"{products:,} product{'s' * (products > 1)}, and a list of 10 names them all."
        )
