"""What the clues count is chosen by the shop's own orders: no simple method is clearly ahead in any shop."""

from typing import Any

import pandas as pd
import pytest

from shopper_widgets.recommend import blend_weights
from shopper_widgets.recommend.blend import BlendRecommender
from shopper_widgets.recommend.blend_weights import USUAL, Check, Orders, choose_clues, split_orders
from shopper_widgets.recommend.evaluation import default_methods, evaluate_recommenders
from shopper_widgets.recommend.evaluation.methods import OURS
from shopper_widgets.recommend.name_similarity import names_of_sold
from tests.basket_shops import SHOPS, lines_of

#: Those that are quick; tests/benchmarks/bench_shops.py asks all twenty.
#: A difference in NDCG that nobody notices: where all is by chance, best sellers are .002 ahead.
NOTHING = 0.005
QUICK = ("small and slow", "subscription boxes", "chance", "new shop", "furniture", "cosmetics")


@pytest.mark.parametrize("name", QUICK)
def test_no_simple_method_is_clearly_ahead(name: str) -> None:
    lines = lines_of(SHOPS[name])
    days = max(28, int(0.08 * SHOPS[name].days))
    cut = lines["ordered_at"].max() - pd.Timedelta(days=days)
    methods = {key: method for key, method in default_methods().items() if key != "Random"}
    found = evaluate_recommenders(lines, methods, cut_dates=[cut], horizon_days=days, against=OURS)
    ndcg = found[found["metric"] == "ndcg@10"].set_index("method")
    # The differences are the others' from ours, question by question, with their 95 % interval.
    ahead = ndcg.drop(index=OURS).query("difference_low > 0 and difference > @NOTHING")
    assert ahead.empty, ahead[["value", "difference", "difference_low", "difference_high"]]


def test_where_few_households_fill_many_baskets_orders_decide() -> None:
    # Half the shop's days: enough to tell, and quicker.
    lines = lines_of(SHOPS["households, full baskets"])
    lines = lines[lines["ordered_at"] < lines["ordered_at"].min() + pd.Timedelta(days=200)]
    clues = BlendRecommender(n_neighbors=10).fit(lines).clues_
    assert clues["order_weight"] > clues["customer_weight"]


def test_what_is_given_is_kept_and_nothing_is_chosen_where_all_is(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = lines_of(SHOPS["small and slow"])
    clues = BlendRecommender(half_life=77, n_neighbors=5).fit(lines).clues_
    assert clues["half_life"] == 77
    monkeypatch.setattr(blend_weights, "LaterBaskets", None)  # not to be asked
    given: dict[str, Any] = {
        "half_life": 120.0,
        "shrinkage": 3.0,
        "popularity_discount": 0.2,
        "name_weight": 0.1,
    }
    assert BlendRecommender(n_neighbors=5, **given).fit(lines).clues_ == {**USUAL, **given}


def test_too_few_orders_choose_nothing() -> None:
    lines = lines_of(SHOPS["new shop"]).query("order_id < 'O12'")
    fitted = BlendRecommender(n_neighbors=5).fit(lines)
    assert {**fitted.clues_, "half_life": 4.0} == USUAL
    span = (lines["ordered_at"].max() - lines["ordered_at"].min()) / pd.Timedelta(days=1)
    assert fitted.clues_["half_life"] >= span / 3 - 1e-9


def test_a_shop_that_is_slower_in_all_chooses_the_same_but_for_its_days() -> None:
    lines = lines_of(SHOPS["new shop"])
    first = lines["ordered_at"].min()
    slower = lines.assign(ordered_at=first + 7 * (lines["ordered_at"] - first))
    one, other = (BlendRecommender(n_neighbors=5).fit(shop).clues_ for shop in (lines, slower))
    assert other["half_life"] == pytest.approx(7 * one["half_life"], rel=1e-2)
    assert {**other, "half_life": 0} == {**one, "half_life": 0}


def test_of_very_many_lines_some_customers_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted = BlendRecommender(n_neighbors=5).fit(lines_of(SHOPS["small and slow"]))
    orders = Orders(fitted.orders_, fitted.order_customer_, fitted.order_age_)
    monkeypatch.setattr(blend_weights, "_MOST_LINES", 2_000)
    some = blend_weights.of_some(orders)
    assert 0.5 * 2_000 < some.products.nnz < 1.5 * 2_000
    assert set(some.customer) == set(range(0, 92, 3))
    split = split_orders(some)
    assert split is not None
    check = Check.of(*split, names_of_sold(fitted.catalogue_), 50.0)
    assert choose_clues(check, 50.0, {}).keys() == USUAL.keys()
