"""What the blend learns besides: its rhythm, candidates and questions, and whom it forgets."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from shopper_widgets.recommend import blend, second_step
from shopper_widgets.recommend.blend import BlendRecommender
from shopper_widgets.recommend.blend_habits import USUAL_HABITS, Known
from shopper_widgets.recommend.blend_weights import USUAL, split_orders
from shopper_widgets.recommend.name_similarity import names_of_sold
from shopper_widgets.recommend.second_step import USUAL_STEPS
from tests.recommend.test_blend import made_up, reference_rates, reference_scores, second_look

GIVEN: dict[str, Any] = {"half_life": 40, "shrinkage": 3, "popularity_discount": 0.2, "name_weight": 0.4}


def orders_of(days: dict[str, list[float]], product: str = "A") -> pd.DataFrame:
    """Return an order of product A for each customer and day."""
    rows = [(f"{who}{n}", who, day) for who, several in days.items() for n, day in enumerate(several)]
    lines = pd.DataFrame(rows, columns=["order_id", "customer_id", "day"])
    lines["ordered_at"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(lines.pop("day"), "D")
    return lines.assign(product_id=product, quantity=1)


@pytest.mark.parametrize(
    ("days", "rhythm"),
    [
        # The gaps within customers are 10, 20 and 40; those between customers don't count.
        ({"a": [0, 10, 30], "b": [100, 140], "c": [60], "d": [150]}, 20),
        # Orders within half a day are one visit.
        ({"a": [0, 0.5, 0.5, 20], "b": [7, 7, 7, 27]}, 19.75),
        ({"a": [0], "b": [90], "c": [250]}, 250 / 12),  # nobody came back: a twelfth of all days
        ({"a": [0, 3], "b": [240], "c": [5]}, 20),
        ({"a": [0], "b": [0.2]}, 1),
    ],
)
def test_days_are_counted_in_the_usual_gap_or_a_twelfth_of_all(
    days: dict[str, list[float]], rhythm: float
) -> None:
    fitted = BlendRecommender().fit(orders_of(days))
    assert fitted.clues_["half_life"] == pytest.approx(USUAL["half_life"] * rhythm)


@pytest.mark.parametrize("n_neighbors", [3, 4])
def test_twice_as_many_candidates_as_are_kept_are_looked_at_again(n_neighbors: int) -> None:
    lines = made_up(3)
    fitted = BlendRecommender(n_neighbors, n_threads=1, **GIVEN).fit(lines)
    first = reference_scores(lines, *GIVEN.values())
    buyers = lines.groupby("product_id")["customer_id"].agg(set)
    both = pd.DataFrame({b: {a: len(buyers[a] & buyers[b]) * (a != b) for a in first} for b in first})
    candidates = first.where(both > 0)
    for product, row in candidates.iterrows():
        ranks = pd.DataFrame({"score": -row.round(10), "both": -both.loc[product], "id": row.index})
        order = ranks.dropna().sort_values(["score", "both", "id"]).index
        candidates.loc[product, row.index.difference(order[: 2 * n_neighbors])] = np.nan
    scores = second_look(candidates, lines, GIVEN["half_life"])
    for product in fitted.catalogue_.ids:
        expected = scores.loc[product].dropna().nlargest(n_neighbors)
        similar = fitted.similar(product, n=n_neighbors).set_index("product_id")["score"]
        np.testing.assert_allclose(similar.to_numpy(), expected.to_numpy(), rtol=1e-9)
        assert set(similar.index) == set(expected.index)


def test_how_readily_a_product_is_bought_again_where_orders_share_a_day() -> None:
    # There are few days, so that many customers order twice on one, or begin on the day on which another
    # stopped. Two products are bought repeatedly, the third once.
    random = np.random.default_rng(0)
    days: dict[str, list[float]] = {f"c{who}": [*random.integers(0, 6, 4)] for who in range(200)}
    lines = orders_of(days)
    place = lines.groupby("customer_id").cumcount()
    extra = [lines[place < 3].assign(product_id="B"), lines[place == 0].assign(product_id="C")]
    lines = pd.concat([lines, *extra], ignore_index=True)
    chances, repeats = dict.fromkeys("ABC", 0), dict.fromkeys("ABC", 0)
    for _, of_customer in lines.groupby("customer_id"):
        when = of_customer.groupby("order_id")["ordered_at"].max()
        for product, bought in of_customer.groupby("product_id"):
            chances[str(product)] += int((when > when[bought["order_id"]].min()).sum())
            repeats[str(product)] += bought["order_id"].nunique() - 1
    again = pd.Series(repeats).clip(upper=pd.Series(chances))
    expected = reference_rates(again, pd.Series(chances))
    assert expected.nunique() > 1, (chances, repeats)
    fitted = BlendRecommender(**GIVEN).fit(lines)
    np.testing.assert_allclose(fitted.again_, expected ** USUAL_HABITS["again"], rtol=1e-9)


def test_best_sellers_are_those_of_most_customers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blend, "USUAL_STEPS", {**USUAL_STEPS, "popularity_weight": 2.0, "lately": 0.0})
    lines = made_up(5)
    fitted = BlendRecommender(**GIVEN).fit(lines)
    age = (lines["ordered_at"].max() - lines["ordered_at"]) / pd.Timedelta(days=1)
    lately = lines.assign(w=0.5 ** (age / GIVEN["half_life"]))
    cells = lately.pivot_table(index="customer_id", columns="product_id", values="w", aggfunc="max").fillna(0)
    sizes = (cells > 0).sum(axis=1)
    n = (cells**2).mul((sizes / sizes.mean()) ** -0.25, axis=0).sum()
    assert fitted.best_sellers_ is not None
    np.testing.assert_allclose(fitted.best_sellers_, 2 * n / n.max(), rtol=1e-9)


@pytest.mark.parametrize("n_neighbors", [4, 12])
@pytest.mark.parametrize("weight", [0.0, 0.02, 10.0])
def test_what_is_recommended_is_scored_as_it_was_judged(
    monkeypatch: pytest.MonkeyPatch, weight: float, n_neighbors: int
) -> None:
    """The lists that choose the weight of popularity are those that a visitor gets."""
    steps = {**USUAL_STEPS, "popularity_weight": weight}
    monkeypatch.setattr(blend, "USUAL_STEPS", steps)
    monkeypatch.setattr(second_step, "_BEST_SELLERS", 9)
    lines = made_up(6, n_orders=200, n_products=60)
    rarely: dict[str, Any] = {**GIVEN, "popularity_discount": 1.5, "shrinkage": 0}  # best sellers come last
    fitted = BlendRecommender(n_neighbors, n_threads=1, **rarely).fit(lines)
    candidates = fitted._candidates(names_of_sold(fitted.catalogue_))
    ids = fitted.catalogue_.ids
    judged = candidates.lists(np.arange(len(ids)), steps, 10, n_neighbors)
    shown = fitted.recommend_baskets([[product] for product in ids]).groupby("basket")["product_id"].agg(list)
    for row, places in enumerate(judged):
        assert shown.get(row, []) == ids[places[places >= 0]].tolist()

    # A basket of several products adds the same scores of each: for candidates, or only for best sellers.
    scores, best_sellers = candidates.values(steps), candidates.best_sellers(steps)
    whole = sp.csr_array(
        (scores, candidates.scores.indices, candidates.scores.indptr), candidates.scores.shape
    )
    of_pairs = np.where(whole.toarray() == 0, best_sellers, whole.toarray())
    for basket in ([0, 7, 20], [3, 30], [1, 2, 33, 39]):
        found = fitted.recommend(basket=ids[basket], n=60).set_index("product_id")["score"]
        counted = pd.Series(of_pairs[basket].sum(axis=0), index=ids).drop(ids[basket])
        popular = counted.index[(best_sellers > 0)[~np.isin(np.arange(len(ids)), basket)]]
        np.testing.assert_allclose(found[popular] if weight else [], counted[popular], rtol=1e-9)


def what_is_asked(monkeypatch: pytest.MonkeyPatch) -> list[Known]:
    """Return a list to which a fit adds its questions about habits."""
    asked: list[Known] = []

    def choose(known: Known) -> dict[str, float]:
        asked.append(known)
        return dict(USUAL_HABITS)

    monkeypatch.setattr(blend, "choose_habits", choose)
    return asked


@pytest.mark.parametrize("room", [500, 7])
def test_next_orders_of_customers_who_came_before_are_asked_about(
    monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    """They are the first few of each customer after the cut; with very many customers, of a sample."""
    asked = what_is_asked(monkeypatch)
    monkeypatch.setattr(blend, "MOST_CUSTOMERS", room)
    monkeypatch.setattr(blend, "ORDERS_EACH", 2)
    lines = made_up(7, n_orders=600, n_customers=80)
    fitted = BlendRecommender(n_threads=1).fit(lines)
    (known,) = asked
    split = split_orders(fitted._orders())
    assert split is not None
    cut = lines["ordered_at"].max() - pd.Timedelta(days=float(split[1].age.max()))
    before, after = lines[lines["ordered_at"] < cut], lines[lines["ordered_at"] >= cut]
    both = sorted(set(before["customer_id"]) & set(after["customer_id"]))
    assert len(both) > 20
    told = [both[i] for i in np.linspace(0, len(both) - 1, min(room, len(both))).round().astype(int)]
    ids = fitted.catalogue_.ids
    of_known = before.pivot_table(
        index="customer_id", columns="product_id", values="order_id", aggfunc="nunique"
    )
    of_known = of_known.reindex(index=told, columns=ids).fillna(0)
    np.testing.assert_array_equal(known.ordered, of_known)
    expected = []
    for row, who in enumerate(told):
        his = after[after["customer_id"] == who].groupby("order_id")
        days = his["ordered_at"].max().sort_values(kind="stable")
        expected += [(row, day) for day in days.head(2)]
        held = {tuple(np.isin(ids, basket)) for _, basket in his["product_id"]}
        assert {tuple(order) for order in known.next_orders[known.whose == row]} <= held
    assert known.whose.tolist() == [row for row, _ in expected]
    whole = {
        (tuple(np.isin(ids, basket)), when)
        for (_, when), basket in after.groupby(["order_id", "ordered_at"])["product_id"]
    }
    found = {(tuple(order), day) for order, (_, day) in zip(known.next_orders, expected, strict=True)}
    assert found <= whole


@pytest.mark.parametrize("cells", [0, 3 * 25, 10**9])
def test_of_a_large_catalogue_at_least_one_customer_is_asked(
    monkeypatch: pytest.MonkeyPatch, cells: int
) -> None:
    asked = what_is_asked(monkeypatch)
    monkeypatch.setattr(blend, "MOST_CELLS", cells)
    monkeypatch.setattr(blend, "choose_steps", lambda *_: dict(USUAL_STEPS))
    BlendRecommender(n_threads=1).fit(made_up(7, n_orders=600, n_customers=80))
    assert len(asked[0].ordered) == {0: 1, 75: 4}.get(cells, len(asked[0].ordered))
    assert len(asked[0].ordered) > 20 or cells < 10**9


def test_where_all_is_given_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blend, "split_orders", None)
    fitted = BlendRecommender(n_threads=1, **GIVEN).fit(made_up(2, n_orders=400))
    assert (fitted.steps_, fitted.habits_) == (USUAL_STEPS, USUAL_HABITS)


def test_the_more_products_the_fewer_baskets_are_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(blend, "MOST_CELLS", 200)
    monkeypatch.setattr(blend, "later_baskets", lambda _, __, most: asked.append(most))
    fitted = BlendRecommender(n_threads=1).fit(made_up(2, n_orders=400))
    assert (asked, len(fitted.catalogue_.ids)) == ([80], 25)


def test_where_nobody_came_back_habits_are_the_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blend, "choose_habits", None)  # must not be used
    lines = made_up(2, n_orders=400)
    fitted = BlendRecommender(n_threads=1).fit(lines.assign(customer_id=lines["order_id"]))
    assert fitted.habits_ == USUAL_HABITS


def test_who_forgets_the_latest_customers_learns_what_the_others_alone_would_teach() -> None:
    lines = made_up(4)
    last = lines["ordered_at"].max()
    latest = set(lines.loc[lines["ordered_at"] > last - pd.Timedelta(days=15), "customer_id"])
    others = lines[~lines["customer_id"].isin(latest)]
    assert others["ordered_at"].max() < last and len(others) > 100
    fitted = BlendRecommender(n_threads=1).fit(lines)
    rows = np.flatnonzero(~np.isin(fitted.customer_ids_, list(latest)))
    left = fitted.of_customers(rows, fitted.customer_ids_[rows]).relearn()
    alone = BlendRecommender(n_threads=1).fit(others)
    assert left.order_age_.min() == 0
    assert left.clues_ == pytest.approx(alone.clues_)
    pd.testing.assert_frame_equal(
        left.similar_to_all()[["to_product_id", "product_id", "score", "support"]],
        alone.similar_to_all()[["to_product_id", "product_id", "score", "support"]],
    )
