"""The shop's own orders choose the weights of clues: no simple method is clearly better in any shop."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from shopper_widgets.recommend import blend_weights
from shopper_widgets.recommend.blend import BlendRecommender
from shopper_widgets.recommend.blend_weights import (
    USUAL,
    Check,
    Orders,
    choose_clues,
    choose_steps,
    later_baskets,
    split_orders,
)
from shopper_widgets.recommend.evaluation import default_methods, evaluate_recommenders
from shopper_widgets.recommend.evaluation.methods import OURS
from shopper_widgets.recommend.name_similarity import names_of_sold
from shopper_widgets.recommend.second_step import TRIED_STEPS, USUAL_STEPS
from tests.basket_shops import SHOPS, lines_of
from tests.recommend.test_blend import made_up, reference_scores

#: A difference in NDCG that nobody notices: in a shop of chance only, best sellers are .002 ahead.
NOTHING = 0.005
#: The shops that are quick; tests/benchmarks/bench_shops.py tests all twenty.
QUICK = ("small and slow", "subscription boxes", "chance", "new shop", "furniture", "cosmetics")


@pytest.mark.parametrize("name", QUICK)
def test_no_simple_method_is_clearly_ahead(name: str) -> None:
    lines = lines_of(SHOPS[name])
    days = max(28, int(0.08 * SHOPS[name].days))
    cut = lines["ordered_at"].max() - pd.Timedelta(days=days)
    methods = {key: method for key, method in default_methods().items() if key != "Random"}
    found = evaluate_recommenders(lines, methods, cut_dates=[cut], horizon_days=days, against=OURS)
    ndcg = found[found["metric"] == "ndcg@10"].set_index("method")
    # These are the differences of the other methods to ours by question, with 95 % intervals.
    ahead = ndcg.drop(index=OURS).query("difference_low > 0 and difference > @NOTHING")
    assert ahead.empty, ahead[["value", "difference", "difference_low", "difference_high"]]


def test_where_few_households_fill_many_baskets_orders_decide() -> None:
    # Half of the shop's days are enough, and faster.
    lines = lines_of(SHOPS["households, full baskets"])
    lines = lines[lines["ordered_at"] < lines["ordered_at"].min() + pd.Timedelta(days=200)]
    clues = BlendRecommender(n_neighbors=10).fit(lines).clues_
    assert clues["order_weight"] > clues["customer_weight"]


def test_what_is_given_is_kept_and_nothing_is_chosen_where_all_is(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = lines_of(SHOPS["small and slow"])
    clues = BlendRecommender(half_life=77, n_neighbors=5).fit(lines).clues_
    assert clues["half_life"] == 77
    monkeypatch.setattr(blend_weights, "LaterBaskets", None)  # must not be used
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
    monkeypatch.setattr(blend_weights, "_MOST_LINES", orders.products.nnz)
    assert blend_weights.of_some(orders) is orders
    monkeypatch.setattr(blend_weights, "_MOST_LINES", 2_000)
    some = blend_weights.of_some(orders)
    assert 0.5 * 2_000 < some.products.nnz < 1.5 * 2_000
    assert set(some.customer) == set(range(0, 92, 3))
    split = split_orders(some)
    assert split is not None
    check = Check.of(*split, names_of_sold(fitted.catalogue_), 50.0)
    assert choose_clues(check, 50.0, {}).keys() == USUAL.keys()


def orders_of(products: np.ndarray, customer: np.ndarray | None = None, first_age: float = 0) -> Orders:
    """Return an order for each row, one per day, with the newest first."""
    number = np.arange(len(products))
    return Orders(sp.csr_array(products), number if customer is None else customer, first_age + number)


def test_the_newest_tenth_of_orders_is_asked_about() -> None:
    held = np.ones((309, 2))
    assert split_orders(orders_of(held[:299])) is None  # a tenth of them is too few baskets
    split = split_orders(orders_of(held, np.arange(309) % 7, first_age=5))
    assert split is not None
    earlier, later = split
    assert later.age.tolist() == [*range(5, 35)]
    assert earlier.age.tolist() == [*range(279)]  # counted from the first of the later orders
    assert [*later.customer, *earlier.customer] == [*(np.arange(309) % 7)]
    assert (later.products.shape, earlier.products.shape) == ((30, 2), (279, 2))


def test_later_baskets_hold_two_products_that_were_sold_before() -> None:
    known = orders_of(np.array([[1, 0, 0], [0, 1, 0]]))
    both = np.array([[1, 1, 1]] * 30 + [[1, 0, 1]] * 9)
    found = later_baskets(known, orders_of(both), 100)
    assert found is not None
    assert (len(found), found.asked.tolist()) == (30, [0, 1])
    assert later_baskets(known, orders_of(both[1:]), 100) is None
    assert later_baskets(known, orders_of(both), 29) is None


def asked_about() -> tuple[pd.DataFrame, Check]:
    """Return lines, and questions about sixty baskets after them."""
    lines = made_up()
    fitted = BlendRecommender(half_life=9, shrinkage=9, popularity_discount=0, name_weight=0).fit(lines)
    baskets = np.random.default_rng(0).random((60, len(fitted.catalogue_.ids))) < 0.2
    check = Check.of(fitted._orders(), orders_of(baskets), names_of_sold(fitted.catalogue_), rhythm=10)
    assert check is not None
    return lines, check


def gains_of_lists(check: Check, lines: pd.DataFrame, scores: pd.DataFrame) -> np.ndarray:
    """Return the gain of the ten highest scores among products that some customer bought as well."""
    bought = lines.pivot_table(index="customer_id", columns="product_id", aggfunc="size").notna().astype(int)
    counted = (bought.T @ bought).to_numpy() * (1 - np.eye(len(scores))) > 0
    shown = np.where(counted, scores.to_numpy(), 0).astype(np.float32)
    lists = np.argsort(-shown, axis=1, kind="stable")[:, :10]
    lists[np.take_along_axis(shown, lists, axis=1) == 0] = -1
    return check._later.gains(lists[check._later.asked])


@pytest.mark.parametrize(
    ("way", "half_life", "shrinkage", "discount", "name_weight", "weights"),
    [
        ({}, 40, 15, 0.15, 0.3, (1, 1)),
        ({"half_life": 1.0, "customer_weight": 2.0, "order_weight": 0.5}, 10, 15, 0.15, 0.3, (2, 0.5)),
        ({"customer_weight": 0.0, "shrinkage": 3.0, "name_weight": 0.0}, 40, 3, 0.15, 0.0, (0, 1)),
        ({"order_weight": 0.0, "popularity_discount": 0.6, "name_weight": 1.0}, 40, 15, 0.6, 1.0, (1, 0)),
    ],
)
def test_a_way_gains_what_its_lists_would_have(
    way: dict[str, float],
    half_life: float,
    shrinkage: float,
    discount: float,
    name_weight: float,
    weights: tuple[float, float],
) -> None:
    lines, check = asked_about()
    scores = reference_scores(lines, half_life, shrinkage, discount, name_weight, weights)
    expected = gains_of_lists(check, lines, scores)
    np.testing.assert_allclose(check.gains({**USUAL, **way}), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("place", "who", "discount", "shrinkage"),
    [(0, "customer", 0.5, 0), (1, "customer", 0.5, 10), (2, "order", 0.5, 0), (3, "order", 0.25, 10)],
)
def test_plain_cosines_are_tried_too(place: int, who: str, discount: float, shrinkage: float) -> None:
    lines, check = asked_about()
    cells = lines.pivot_table(index=f"{who}_id", columns="product_id", aggfunc="size").notna().astype(float)
    n = cells.sum().to_numpy()
    scores = (cells.T @ cells) / (np.sqrt(n)[:, None] * n**discount + shrinkage)
    found = check.gains(blend_weights._OTHERS[place])
    np.testing.assert_allclose(found, gains_of_lists(check, lines, scores), rtol=1e-6)


def test_what_is_usual_is_tried_and_nothing_of_it() -> None:
    assert blend_weights._TRIED.keys() == USUAL.keys()
    for name, tried in blend_weights._TRIED.items():
        assert {USUAL[name], float("inf") if name == "half_life" else 0.0} <= set(tried)
        assert sorted(set(tried)) == [*tried]


@pytest.mark.parametrize(("cells", "most", "room"), [(625, 50, 50), (624, 50, 42), (624, 40, 40)])
def test_of_many_products_fewer_baskets_are_asked_about(
    monkeypatch: pytest.MonkeyPatch, cells: int, most: int, room: int
) -> None:
    monkeypatch.setattr(blend_weights, "MOST_CELLS", cells)  # with 25 products: 12 × 2 × 25, and a rest
    monkeypatch.setattr(blend_weights, "_MOST_BASKETS", most)
    _, check = asked_about()
    assert len(check._later) == room


def test_a_way_without_customers_and_orders_is_none() -> None:
    _, check = asked_about()
    nothing = np.zeros(len(check._later))
    other = {**USUAL, "half_life": 8.0}
    best, gains = check.better(USUAL, nothing, other)
    assert best == other and gains.mean() > 0
    for same in ({**USUAL}, {**USUAL, "customer_weight": 0.0, "order_weight": 0.0}):
        best, gains = check.better(USUAL, nothing, same)
        assert best is USUAL and gains is nothing
    assert check.better(USUAL, nothing + 1, other)[0] is USUAL


class Fond(Check):
    """Baskets that gain by each weight that is as wanted; the list of some weights is the weights."""

    def __init__(self, wanted: dict[str, float]) -> None:
        self.wanted, self.asked = wanted, None

    def gains(self, way: Mapping[str, float]) -> np.ndarray:
        return np.full(30, sum(way[name] == value for name, value in self.wanted.items()))

    def lists(self, _: None, way: Mapping[str, float], *sizes: int) -> Mapping[str, float]:
        assert sizes == (10, 7)
        return way


@pytest.mark.parametrize("given", [{}, {"half_life": 80.0}, {"shrinkage": 7.0, "popularity_discount": 0.4}])
def test_what_baskets_want_is_chosen_and_what_is_given_stays(given: dict[str, float]) -> None:
    firsts = {name: tried[0] for name, tried in blend_weights._TRIED.items()} | {"order_weight": 2.0}
    lasts = {name: tried[-1] for name, tried in blend_weights._TRIED.items()}
    for wanted in (firsts, lasts, USUAL):
        expected = {**wanted, "half_life": 20 * wanted["half_life"], **given}
        assert choose_clues(Fond(wanted), 20.0, given) == expected


def test_a_second_look_counts_what_baskets_want() -> None:
    for wanted in ({name: tried[i] for name, tried in TRIED_STEPS.items()} for i in (0, 1, -1)):
        baskets: Any = Fond(wanted)
        assert choose_steps(baskets, baskets, 7) == wanted
    assert choose_steps(None, baskets, 7) == USUAL_STEPS
