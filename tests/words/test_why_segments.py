"""The reason for the number of segments is in the language in force, and as it was at the fit."""

import re
from typing import Any

import pandas as pd
import pytest

from shopper_widgets._support.locale import in_locale
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.segments import CHOOSING_RULE, RULES_IN_WORDS, CustomerSegmenter, RuleSegmenter, naming
from shopper_widgets.words import shop, why_segments
from shopper_widgets.words.settings import settings_table


def test_the_rules_behind_the_segments_are_told(small_model: ShopperModel, small_shop: pd.DataFrame) -> None:
    named = naming.describe_names(small_model.segments["segment"].tolist())
    assert why_segments.how_segments_are_made(small_model) == [named]
    assert all(f"{name} " in named for name in small_model.segments["segment"])
    chosen = ShopperModel.fit(small_shop, progress=False)
    named = naming.describe_names(chosen.segments["segment"].tolist())
    assert why_segments.how_segments_are_made(chosen) == [CHOOSING_RULE, named]
    by_rules = ShopperModel.fit(small_shop, segmenter=RuleSegmenter(), progress=False)
    assert why_segments.how_segments_are_made(by_rules) == [RULES_IN_WORDS]


def test_stability_is_told_where_asked_for(small_model: ShopperModel, small_shop: pd.DataFrame) -> None:
    model = ShopperModel.fit(small_shop, n_clusters=3, stability_budget=3, progress=False)
    plain, stable, reason = why_segments.why_these_segments(model)
    assert plain.startswith("There are 3 segments, as requested. ")
    row = model.segmenter.diagnostics_.set_index("n_clusters").loc[3]
    assert f"agree to {row['stability']:.2f}" in reason
    assert stable.startswith("Refitted on 3 bootstrap samples of the customers, the 3 segments come out ")
    assert f"{row['stability']:.2f} ({row['stability_low']:.2f} to {row['stability_high']:.2f})" in stable
    assert (
        settings_table(model).set_index("setting")["choice"]["Refits for stability"] == "3 bootstrap samples"
    )
    by_rules = ShopperModel.fit(small_shop, segmenter=RuleSegmenter(), progress=False)
    assert why_segments.why_these_segments(by_rules) == [by_rules.segmenter.reason_]


def test_why_so_many_segments_begins_without_technical_figures(
    small_model: ShopperModel, small_shop: pd.DataFrame
) -> None:
    for model, why in (
        (small_model, ", as requested. "),
        (ShopperModel.fit(small_shop, progress=False), ": "),
    ):
        plain, *_, reason = why_segments.why_these_segments(model)
        assert plain.startswith(f"There are {len(model.segments)} segments{why}")
        assert not any(word in plain for word in ("silhouette", "k =", "inertia", "Rand"))
        assert reason == model.segmenter.reason_


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"n_clusters": 3},
        {"n_clusters": 1},
        {"n_clusters": 3, "stability_budget": 3},
        {"segmenter": CustomerSegmenter(method="gmm", n_clusters="auto")},
        {"segmenter": CustomerSegmenter(stability_budget=3)},
        {"segmenter": CustomerSegmenter(min_share=0.4)},
        {"segmenter": RuleSegmenter()},
    ],
    ids=str,
)
def test_the_reason_is_said_again_in_the_language_in_force(
    small_shop: pd.DataFrame, options: dict[str, Any]
) -> None:
    model = ShopperModel.fit(small_shop, progress=False, **options)
    assert why_segments.reason(model) == model.segmenter.reason_
    with in_locale("de"):
        said = why_segments.reason(model)
    assert "Segment" in said
    assert not re.search(r"\b(segments?:|of|the|customers|at|and|requested|holds)\b", said)


@pytest.mark.parametrize("customers", [1, 2, 9, 12])
def test_too_few_to_divide_is_said_in_the_language_in_force(small_shop: pd.DataFrame, customers: int) -> None:
    once = small_shop[small_shop["customer_id"].notna()].drop_duplicates("customer_id")
    model = ShopperModel.fit(once.head(customers), progress=False)
    assert len(model.customers) == customers
    assert why_segments.reason(model) == model.segmenter.reason_ == shop.highlights(model)[0]
    with in_locale("de"):
        assert why_segments.reason(model).startswith("1 Segment: ")
        assert " zu " in why_segments.reason(model)


@pytest.mark.parametrize(("customers", "forgotten"), [(9, 1), (12, 4), (30, 22)])
@pytest.mark.parametrize("orders_of_each", [1, None])
def test_the_reason_of_the_fit_stays_when_customers_are_forgotten(
    small_shop: pd.DataFrame, customers: int, forgotten: int, orders_of_each: int | None
) -> None:
    known = small_shop[small_shop["customer_id"].notna()]
    some = known[known["customer_id"].isin(known["customer_id"].unique()[:customers])]
    some = some.drop_duplicates("customer_id") if orders_of_each else some
    model = ShopperModel.fit(some, progress=False)
    left = model.forget(model.customers["customer_id"].tolist()[:forgotten])
    assert why_segments.reason(left) == model.segmenter.reason_
    with in_locale("de"):
        assert why_segments.reason(left) == why_segments.reason(model)
        assert why_segments.reason(model).startswith(f"{len(model.segments)} Segment")
        assert not re.search(r"\b(segments?:|of|the|customers|and|few)\b", why_segments.reason(model))


def test_more_segments_than_one_stay_when_few_customers_are_left(small_shop: pd.DataFrame) -> None:
    model = ShopperModel.fit(small_shop, progress=False)
    assert len(model.segments) > 1
    left = model.forget(model.customers["customer_id"].tolist()[8:])
    assert why_segments.reason(left) == model.segmenter.reason_


def test_the_rules_are_said_in_the_language_in_force(small_shop: pd.DataFrame) -> None:
    model = ShopperModel.fit(small_shop, segmenter=RuleSegmenter(), progress=False)
    with in_locale("de"):
        (said,) = why_segments.how_segments_are_made(model)
    assert "Recency-Note und die Wertnote" in said and " or " not in said
