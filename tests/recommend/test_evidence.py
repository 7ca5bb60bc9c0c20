import numpy as np
import pandas as pd

from shopper_widgets.recommend.catalogue import Catalogue
from shopper_widgets.recommend.evidence import (
    evidence_sentence,
    hubs,
    hubs_sentence,
    strongest_reasons,
    with_evidence,
)

SHOP = Catalogue(["A", "B", "C"], ["Red mug", "Blue mug", "Lamp"], [4, 5, 2])


def test_the_first_of_equal_reasons_counts_and_what_has_none_is_told_so():
    scores = np.array([[0.5, 0.0], [0.5, 0.0]])
    support = np.array([[2, 0], [1, 0]])
    found = pd.DataFrame(strongest_reasons(scores, support, np.array([0, 1]), np.array([2, 1]), SHOP, 10))
    assert found["because"].tolist() == ["A", ""]
    assert found["because_name"].tolist() == ["Red mug", ""]
    assert found["support"].tolist() == [2, 0]
    assert found["lift"].iloc[0] == 2 * 10 / (4 * 2)
    assert np.isnan(found["lift"].iloc[1])


def test_evidence_needs_no_recommender():
    suggestions = pd.DataFrame(
        {"product_id": ["B", "C", "C"], "because": ["A", "", "B"], "support": [3, 0, 1]}
    )
    plain = with_evidence(suggestions, SHOP, 10)
    assert "baskets" not in plain
    assert plain["sentence"].tolist() == [
        evidence_sentence(3, 4, "Red mug", "Blue mug", 1.5),
        "",
        evidence_sentence(1, 5, "Blue mug", "Lamp", 1.0),
    ]
    counted = with_evidence(suggestions, SHOP, 10, baskets_with_both=lambda asked, other: asked + 10 * other)
    assert counted["baskets"].tolist() == [10, 0, 21]
    assert "sentence" not in suggestions


def test_sentences():
    assert evidence_sentence(1, 2, "A", "B", 3.04) == (
        "1 of the 2 customers who bought A also bought B: 3.0 times as many as by chance."
    )
    assert evidence_sentence(1, 1, "A", "B", 12) == (
        "The only customer who bought A also bought B: 12.0 times as many as by chance."
    )
    assert evidence_sentence(1_234, 5_678, "A", "B", 1).startswith("1,234 of the 5,678 customers")
    assert evidence_sentence(1, 1, "A", "B", 4_338).endswith(": 4,338.0 times as many as by chance.")
    assert evidence_sentence(1, 999, "A", "B", 0.01).endswith(": less than 0.1 times as many as by chance.")
    assert evidence_sentence(1, 999, "A", "B", 0.05).endswith(": 0.1 times as many as by chance.")


def test_hubs():
    lists = pd.DataFrame(
        [(f"T{i}", "HUB", "Hub") for i in range(4)] + [("T0", "B", "Bee"), ("T4", "A", "Ay")],
        columns=["to_product_id", "product_id", "product_name"],
    )
    found = hubs(similar=lists, share=0.2)
    assert found["product_id"].tolist() == ["HUB"]
    assert found["lists"].tolist() == [4]
    assert found["share"].tolist() == [0.8]
    assert (
        hubs_sentence(found, 5) == "1 product is recommended in many lists; Hub most often, in 4 of 5 (80 %)."
    )
    assert hubs_sentence(hubs(lists, share=1), 5) == "No product is recommended in many of the 5 lists."
    assert "0" not in hubs_sentence(hubs(lists.iloc[:0]), 0)
    assert hubs(lists.iloc[:0]).empty
    two = pd.concat([found, found.assign(product_name="Less", lists=3)])
    assert hubs_sentence(two, 5).startswith(
        "2 products are recommended in many lists; Hub most often, in 4 of 5"
    )


def test_a_product_in_one_of_twenty_lists_is_a_hub_and_those_in_most_lists_come_first() -> None:
    # A hundred lists of one product each: on average, a product is in one of them.
    suggested = [f"P{i}" for i in range(85)] + ["FOUR"] * 4 + ["FIVE"] * 5 + ["SIX"] * 6
    lists = pd.DataFrame(
        {"to_product_id": [f"T{i}" for i in range(100)], "product_id": suggested, "product_name": "Mug"}
    )
    assert hubs(lists)["product_id"].tolist() == ["SIX", "FIVE"]


def test_in_a_small_shop_every_product_is_in_many_lists_and_that_makes_no_hub():
    everything = [(a, b, b) for a in "ABCDEF" for b in "ABCDEF" if a != b]
    lists = pd.DataFrame(everything, columns=["to_product_id", "product_id", "product_name"])
    assert hubs(lists).empty
    assert hubs(lists, share=0).empty


def test_what_stands_in_the_only_list_is_no_hub():
    only = pd.DataFrame({"to_product_id": "A", "product_id": ["B", "C"], "product_name": ["Mug", "Pan"]})
    assert hubs(only).empty and hubs(only.head(1)).empty


def test_a_product_that_has_only_a_number_is_called_a_product():
    most = pd.DataFrame({"product_name": ["540"], "lists": [2], "share": [0.4]})
    assert "; product 540 most often" in hubs_sentence(most, 5)
