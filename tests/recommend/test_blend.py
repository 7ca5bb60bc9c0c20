from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopper_widgets.errors import UnknownCustomerError, UnknownProductError
from shopper_widgets.recommend import neighbors
from shopper_widgets.recommend.blend import BlendRecommender
from shopper_widgets.recommend.blend_habits import USUAL_HABITS
from shopper_widgets.recommend.name_similarity import name_vectors
from tests.contracts import EstimatorContract

SIMILAR = ["rank", "product_id", "product_name", "score", "support", "lift"]
RECOMMENDED = ["rank", "product_id", "product_name", "score", "because", "because_name", "support", "lift"]


def made_up(seed=0, n_orders=150, n_customers=50, n_products=25):
    """Return orders of one to eight products, on 200 days."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 9, n_orders)
    order = np.repeat(np.arange(n_orders), sizes)
    product = np.minimum(rng.geometric(0.12, len(order)), n_products) - 1
    words = np.array(["red mug", "blue mug", "green lamp", "lamp shade", "bag"])
    customer = rng.integers(1000, 1000 + n_customers, n_orders)
    day = rng.integers(0, 200, n_orders)
    return pd.DataFrame(
        {
            "order_id": (order + 500).astype(str),
            "customer_id": customer[order].astype(str),
            "product_id": np.array([f"P{i:02}" for i in range(n_products)])[product],
            "product_name": words[product % 5] + pd.Series(product // 5).map(" no{}".format).to_numpy(),
            "quantity": rng.integers(1, 30, len(order)),
            "ordered_at": pd.Timestamp("2011-01-01") + pd.to_timedelta(day[order], "D"),
        }
    )


@pytest.fixture(scope="module")
def lines():
    return made_up()


@pytest.fixture(scope="module")
def fitted(lines):
    return BlendRecommender().fit(lines)


class TestBlendRecommenderContract(EstimatorContract):
    def make(self):
        return BlendRecommender(6, half_life=30, shrinkage=2.5, popularity_discount=0.3, n_threads=1)

    def data(self):
        return made_up()

    def answers(self, fitted):
        similar = fitted.similar("P03", n=6)
        return [
            fitted.with_evidence(similar, "P03"),
            fitted.similar_to_all(n=4),
            fitted.similar_by_name("red lamp"),
            fitted.recommend("1010"),
            fitted.recommend("1010", include_owned=True),
            fitted.recommend(basket=["P01", "P04"]),
            fitted.recommend_all(n=3),
            fitted.similarity_matrix(["P05", "P01", "P02"]),
        ]

    def check_unseen(self, fitted):
        with pytest.raises(UnknownProductError):
            fitted.similar("never sold", n=1)
        with pytest.raises(UnknownCustomerError):
            fitted.recommend("999999")


def reference_scores(lines, half_life, shrinkage, discount, name_weight, weights=(1, 1)):
    """Compute the formula of the docstring pair by pair, without matrices."""
    age = (lines["ordered_at"].max() - lines["ordered_at"]) / pd.Timedelta(days=1)
    lines = lines.assign(w=0.5 ** (age / half_life))
    ids = sorted(lines["product_id"].unique())
    total = pd.DataFrame(0.0, index=ids, columns=ids)
    for weight, who, damping in zip(weights, ("customer_id", "order_id"), (0.25, 1.0), strict=True):
        cells = lines.pivot_table(index=who, columns="product_id", values="w", aggfunc="max", fill_value=0)
        sizes = (cells > 0).sum(axis=1)
        u = (sizes / sizes.mean()) ** -damping
        for a in ids:
            n_a = (u * cells[a] ** 2).sum()
            for b in ids:
                n_b = (u * cells[b] ** 2).sum()
                together = (u * cells[a] * cells[b]).sum()
                total.loc[a, b] += weight * together / (n_a**0.5 * n_b**discount + shrinkage)
    names = lines.groupby("product_id")["product_name"].first()[ids]
    vectors = name_vectors(names.tolist())
    return total + name_weight * (vectors @ vectors.T).toarray()


def reference_rates(observed, expected):
    """Return (observed + k) / (expected + k), where 1/k is the ratios' variance beyond chance."""
    expected = expected * (observed.sum() / expected.sum())
    k = (expected**2).sum() / ((observed - expected) ** 2 - expected).sum()
    return (observed + k) / (expected + k) if k > 0 else observed * 0 + 1.0


def second_look(first, lines, half_life):
    """Return what is added to the first scores (NaN for pairs that aren't shown), product by product."""
    ids = first.index
    orders = lines.groupby("product_id")["order_id"].agg(set)[ids]
    step = first * 0.0
    for a in ids:
        both = pd.Series({b: len(orders[a] & orders[b]) for b in ids if b != a})
        cosine = both / (np.sqrt(len(orders[a]) * orders[both.index].map(len)) + 5)
        near = pd.DataFrame({"cosine": cosine.round(10), "both": both, "id": both.index})
        near = near[near["both"] > 0].sort_values(["cosine", "both", "id"], ascending=[False, False, True])
        weights = near["cosine"].head(15) / near["cosine"].head(15).sum()
        step.loc[a] = (weights.to_numpy()[:, None] * first.loc[weights.index].fillna(0)).sum()
    scores = first.fillna(0).to_numpy()
    n, bonus = len(ids), {}
    for apart in range(1, 21):
        pairs = np.concatenate([np.diagonal(scores, apart), np.diagonal(scores, -apart)])
        more = pairs.mean() - scores.sum() / (n * (n - 1))
        if more <= 2.5 * pairs.std() / np.sqrt(len(pairs)):
            break
        bonus[apart] = more
    apart = np.abs(np.arange(n)[:, None] - np.arange(n))
    number = np.vectorize(lambda distance: bonus.get(distance, 0.0))(apart)
    age = (lines["ordered_at"].max() - lines["ordered_at"]) / pd.Timedelta(days=1)
    once = lines.assign(age=age).drop_duplicates(["order_id", "product_id"])
    days = once.sort_values(["customer_id", "age"]).drop_duplicates(["customer_id", "order_id"])
    gaps = days.groupby("customer_id")["age"].diff()
    half = max(gaps[gaps > 0.5].median(), age.max() / 12) / 2
    sold = [(0.5 ** (once["age"] / h)).groupby(once["product_id"]).sum()[ids] for h in (half, half_life)]
    return (first + 0.25 * step + 0.5 * number) * reference_rates(*sold) ** 0.15


def test_formula(lines):
    options: dict[str, Any] = {
        "half_life": 40,
        "shrinkage": 3,
        "popularity_discount": 0.2,
        "name_weight": 0.4,
    }
    fitted = BlendRecommender(n_neighbors=30, min_support=2, **options).fit(lines)
    expected = reference_scores(lines, *options.values())
    buyers = lines.groupby("product_id")["customer_id"].agg(set)
    shown = [[a != b and len(buyers[a] & buyers[b]) >= 2 for b in expected] for a in expected]
    expected = second_look(expected.where(np.array(shown)), lines, options["half_life"])
    for product in fitted.catalogue_.ids:
        similar = fitted.similar(product, n=30).set_index("product_id")
        both = {other: len(buyers[product] & buyers[other]) for other in buyers.index if other != product}
        assert similar["support"].to_dict() == {other: s for other, s in both.items() if s >= 2}
        np.testing.assert_allclose(similar["score"], expected.loc[product, similar.index], rtol=1e-9)


def test_what_sells_lately_counts_more() -> None:
    days = np.arange(0, 200, 4)
    product = np.where(days < 100, "OLD", "NEW")
    lines = pd.DataFrame(
        {
            "order_id": np.arange(50).astype(str),
            "customer_id": np.tile([f"c{i}" for i in range(5)], 10),  # each customer orders every twenty days
            "product_id": product,
            "product_name": product,
            "quantity": 1,
            "ordered_at": pd.Timestamp("2011-01-01") + pd.to_timedelta(days, "D"),
        }
    )
    given: dict[str, Any] = {
        "half_life": np.inf,
        "shrinkage": 1,
        "popularity_discount": 0.2,
        "name_weight": 0,
    }
    fitted = BlendRecommender(**given).fit(lines)  # all weights are given, none is chosen
    age = days.max() - days
    lately = np.array([(0.5 ** (age[product == one] / 10)).sum() for one in ("NEW", "OLD")])
    rates = reference_rates(lately, np.array([25.0, 25.0]))
    assert rates[0] > 1.5
    np.testing.assert_allclose(fitted.trend_, rates ** USUAL_HABITS["trend"])


def test_blocks_don_t_change_the_answer(fitted, lines, monkeypatch):
    monkeypatch.setattr(neighbors, "PAIRS_PER_BLOCK", 60)
    assert len(neighbors.row_blocks(25, 25)) == 13
    in_blocks = BlendRecommender(n_threads=2).fit(lines)
    pd.testing.assert_frame_equal(in_blocks.similar_to_all(), fitted.similar_to_all(), check_exact=True)
    assert not in_blocks.scores_.diagonal().any()
    assert not in_blocks.support_.diagonal().any()


def test_shared_columns(fitted):
    assert fitted.similar("P00").columns.tolist() == SIMILAR
    assert fitted.recommend("1010").columns.tolist() == RECOMMENDED
    assert (
        fitted.recommend(basket=["P03"])["product_id"].tolist()
        == fitted.similar("P03")["product_id"].tolist()
    )


def test_next_order_is_what_they_order_and_what_suits_it(fitted, lines):
    orders = lines[lines["customer_id"] == "1010"].groupby("product_id")["order_id"].nunique()
    row = fitted.customer_ids_.tolist().index("1010")
    sums = fitted.scores_[fitted.purchases_[[row]].indices].sum(axis=0)
    ids = fitted.catalogue_.ids
    orders = pd.Series(orders, index=ids).fillna(0)
    suits = 0.3 * sums / np.sqrt((orders > 0).sum())
    sellers = fitted.catalogue_.customers / fitted.catalogue_.customers.max()
    expected = (orders * fitted.again_ + suits + 0.001 * sellers) * fitted.trend_
    shown = fitted.recommend("1010", n=25, include_owned=True).set_index("product_id")["score"]
    np.testing.assert_allclose(shown, expected[shown.index], rtol=1e-9)
    assert set(orders.index[orders > 0]) <= set(shown.index)
    new = fitted.recommend("1010", n=25)["product_id"]
    assert new.tolist() == [product for product in shown.index if orders[product] == 0]


def test_who_has_one_product_gets_its_neighbors_in_full():
    lines = made_up(n_orders=40, n_customers=40)
    fitted = BlendRecommender(half_life=9, shrinkage=9).fit(lines)
    sizes = lines.groupby("customer_id")["product_id"].nunique()
    who = sizes.index[sizes == 1][0]
    (product,) = lines.loc[lines["customer_id"] == who, "product_id"].unique()
    shown = fitted.recommend(who, n=25).set_index("product_id")["score"]
    trend = pd.Series(fitted.trend_, index=fitted.catalogue_.ids)[shown.index]
    similar = fitted.similar(product, n=25).set_index("product_id")["score"]
    sellers = pd.Series(
        fitted.catalogue_.customers / fitted.catalogue_.customers.max(), fitted.catalogue_.ids
    )
    near = similar.reindex(shown.index, fill_value=0)
    np.testing.assert_allclose(shown, (0.3 * near + 0.001 * sellers[shown.index]) * trend, rtol=1e-9)
    assert len(shown) == len(fitted.catalogue_.ids) - 1
    # Products that nobody bought with it follow, best sellers first.
    others = shown.index[len(similar) :]
    assert set(shown.index[: len(similar)]) == set(similar.index) and len(others)
    assert (sellers[others] * trend[others]).is_monotonic_decreasing


def test_how_readily_a_product_is_bought_again(fitted, lines):
    chances, repeats = dict.fromkeys(fitted.catalogue_.ids, 0), dict.fromkeys(fitted.catalogue_.ids, 0)
    for _, of_customer in lines.groupby("customer_id"):
        days = of_customer.groupby("order_id")["ordered_at"].max()
        for product, bought in of_customer.groupby("product_id"):
            chances[product] += int((days > days[bought["order_id"]].min()).sum())
            repeats[product] += bought["order_id"].nunique() - 1
    # Of two orders of a customer on one day, the second is no chance to buy again.
    again = pd.Series(repeats).clip(upper=pd.Series(chances))
    expected = np.sqrt(reference_rates(again, pd.Series(chances)))
    np.testing.assert_allclose(fitted.again_, expected, rtol=1e-9)


def test_what_sells_lately_comes_first():
    then, now = pd.Timestamp("2011-01-01"), pd.Timestamp("2011-12-01")
    rows = [("1", "1", "A", now), ("1", "1", "OLD", then), ("1", "1", "NEW", now)]
    rows += [(str(i), str(i), "OLD", then) for i in range(2, 6)]
    rows += [(str(i), str(i), "NEW", now) for i in range(6, 10)]
    table = pd.DataFrame(rows, columns=["order_id", "customer_id", "product_id", "ordered_at"])
    fitted = BlendRecommender().fit(table.assign(quantity=1))
    shown = fitted.recommend("1", include_owned=True)["product_id"].tolist()
    assert shown.index("NEW") < shown.index("OLD")


def test_evidence_counts_customers_and_baskets(fitted, lines):
    evidence = fitted.with_evidence(fitted.similar("P02"), "P02")
    orders = lines.groupby("product_id")["order_id"].agg(set)
    buyers = lines.groupby("product_id")["customer_id"].agg(set)
    names = lines.groupby("product_id")["product_name"].first()
    for row in evidence.itertuples():
        assert row.baskets == len(orders["P02"] & orders[row.product_id])
        assert row.lift_low <= row.lift <= row.lift_high
        assert row.sentence == (
            f"{row.support} of the {len(buyers['P02'])} customers who bought {names['P02']} also bought "
            f"{row.product_name}: {row.lift:.1f} times as many as by chance."
        )
    for shown in (fitted.recommend("1010"), fitted.recommend(basket=["P01", "P05"])):
        with_reason = fitted.with_evidence(shown)
        assert with_reason["sentence"].str.contains("also bought").all()
        assert (with_reason["support"] >= 1).all()
    with pytest.raises(ValueError, match="product must be given"):
        fitted.with_evidence(fitted.similar("P02"))


def test_evidence_of_nothing_keeps_its_columns(fitted):
    empty = fitted.with_evidence(fitted.similar("P02").iloc[:0], "P02")
    assert empty.empty
    assert {"baskets", "lift_low", "lift_high", "sentence"} <= set(empty.columns)


def test_what_is_bought_again_without_a_reason_says_none():
    table = pd.DataFrame(
        {
            "order_id": list("12"), "customer_id": list("11"), "product_id": list("AA"), "quantity": 1,
            "ordered_at": pd.Timestamp("2011-01-01"),
        }
    )  # fmt: skip
    fitted = BlendRecommender().fit(table)
    again = fitted.with_evidence(fitted.recommend("1", include_owned=True))
    assert again["product_id"].tolist() == ["A"]
    assert again[["because", "support", "baskets", "sentence"]].iloc[0].tolist() == ["", 0, 0, ""]
    assert fitted.recommend("1").empty
    assert fitted.recommend_all().empty
    assert fitted.similar("A").empty
    assert fitted.similarity_matrix(["A"]).to_numpy().tolist() == [[1.0]]


@pytest.mark.parametrize("min_support", [1, 2, 4])
def test_pairs_below_min_support_never_show(lines, min_support):
    fitted = BlendRecommender(min_support=min_support).fit(lines)
    assert fitted.similar_to_all()["support"].min() >= min_support
    assert fitted.recommend(basket=["P01", "P02"])["support"].min() >= min_support
    square = fitted.similarity_matrix(fitted.catalogue_.ids)
    assert ((square > 0) & (square < 1)).to_numpy().any()
    assert (np.diag(square) == 1).all()


def test_how_alike_buyers_are_is_the_plain_cosine(fitted, lines):
    bought = (
        lines.pivot_table(index="customer_id", columns="product_id", aggfunc="size").notna().astype(float)
    )
    both, n = (bought.T @ bought).to_numpy(), bought.sum().to_numpy()
    expected = pd.DataFrame(both / np.sqrt(np.outer(n, n)), index=bought.columns, columns=bought.columns)
    pd.testing.assert_frame_equal(
        fitted.similarity_matrix(bought.columns), expected, check_names=False, rtol=1e-9
    )


def test_new_names_have_neighbors(fitted):
    found = fitted.similar_by_name("Red MUG, new edition")
    assert found.columns.tolist() == ["rank", "product_id", "product_name", "score"]
    assert found["product_name"].iloc[0].startswith("red mug")
    assert found["score"].is_monotonic_decreasing
    assert fitted.similar_by_name("zebra").empty
    assert fitted.similar_by_name(fitted.catalogue_.names[4], n=1)["score"].tolist() == [pytest.approx(1)]


class TestAll:
    def test_rows_are_those_of_each_customer(self, fitted):
        everyone = fitted.recommend_all(n=4)
        assert everyone.columns.tolist() == ["customer_id", "rank", "product_id", "product_name", "score"]
        assert everyone["customer_id"].is_monotonic_increasing
        for who in fitted.customer_ids_[:8]:
            one = everyone[everyone["customer_id"] == who].drop(columns="customer_id").reset_index(drop=True)
            pd.testing.assert_frame_equal(one, fitted.recommend(who, n=4)[one.columns])

    def test_some_in_the_order_given(self, fitted):
        some = fitted.recommend_all(n=2, customer_ids=["1012", "1010"])
        assert some["customer_id"].unique().tolist() == ["1012", "1010"]
        assert fitted.recommend_all(customer_ids=[]).empty
        with pytest.raises(UnknownCustomerError):
            fitted.recommend_all(customer_ids=["1010", "nobody"])
        with pytest.raises(TypeError, match=r"write \['1010'\]"):
            fitted.recommend_all(customer_ids="1010")

    def test_limits(self, fitted):
        only = ["p01", "P02", "P03", "unheard of"]
        assert set(fitted.recommend_all(only=only)["product_id"]) <= {"P01", "P02", "P03"}
        assert fitted.recommend_all(only=[]).empty
        name = fitted.catalogue_.names[2]
        assert "P02" not in set(fitted.recommend_all(exclude=[name])["product_id"])
        assert set(fitted.recommend(basket=["P05"], only=only, exclude=["P01"])["product_id"]) <= {
            "P02",
            "P03",
        }
        with pytest.raises(UnknownProductError):
            fitted.recommend_all(exclude=["unheard of"])
        with pytest.raises(TypeError, match="only must be a list"):
            fitted.recommend_all(only="P01")

    def test_one_per_family(self, lines):
        codes = {f"P{i:02}": f"850{i // 3:02}{'ABC'[i % 3]}" for i in range(25)}
        fitted = BlendRecommender().fit(lines.assign(product_id=lines["product_id"].map(codes)))
        everyone = fitted.recommend_all(one_per_family=True)
        stems = everyone["product_id"].str[:5]
        assert not pd.concat([everyone["customer_id"], stems], axis=1).duplicated().any()
        assert everyone.groupby("customer_id").size().min() > 3


def test_forgetting_customers_is_never_having_known_them(lines):
    fitted = BlendRecommender().fit(lines)
    rows = np.flatnonzero(~np.isin(fitted.customer_ids_, ["1010", "1011"]))
    left = fitted.of_customers(rows, fitted.customer_ids_[rows]).relearn()
    never = BlendRecommender().fit(lines[~lines["customer_id"].isin(["1010", "1011"])])
    pd.testing.assert_frame_equal(left.similar_to_all(), never.similar_to_all())
    pd.testing.assert_frame_equal(left.recommend_all(), never.recommend_all())


def test_every_engine_gives_the_same(fitted, lines):
    connection = duckdb.connect()
    for frame in (pl.from_pandas(lines), connection.from_df(lines)):
        twin = BlendRecommender().fit(frame)
        pd.testing.assert_frame_equal(twin.similar_to_all(), fitted.similar_to_all())
        pd.testing.assert_frame_equal(twin.recommend_all(), fitted.recommend_all())


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_neighbors": 0}, "n_neighbors must be a whole number of at least 1; got 0"),
        ({"min_support": 0}, "min_support must be a whole number"),
        ({"n_threads": 0}, "n_threads must be a whole number"),
        ({"half_life": 0}, "half_life must be 'auto' or above 0 days; got 0"),
        ({"half_life": float("nan")}, "half_life must be 'auto' or above 0 days"),
        ({"half_life": "long"}, "half_life must be 'auto' or above 0 days; got 'long'"),
        ({"shrinkage": -1}, "shrinkage must be at least 0; got -1"),
        ({"shrinkage": "much"}, "shrinkage must be a finite number; got 'much'"),
        ({"name_weight": float("inf")}, "name_weight must be a finite number; got inf"),
        ({"popularity_discount": -0.1}, "popularity_discount must be at least 0"),
        ({"name_weight": float("nan")}, "name_weight must be at least 0; got nan"),
    ],
)
def test_parameters_are_checked_by_fit(lines, parameters, message):
    with pytest.raises(ValueError, match=message):
        BlendRecommender(**parameters).fit(lines)


def test_half_a_day_is_a_half_life(lines):
    assert BlendRecommender(half_life=0.5).fit(lines).clues_["half_life"] == 0.5


@pytest.mark.parametrize("column", ["order_id", "ordered_at", "customer_id"])
def test_missing_ids_and_times_are_refused(lines, column):
    with pytest.raises(ValueError, match=f"{column} not found"):
        BlendRecommender().fit(lines.drop(columns=column))
    holed = lines.assign(**{column: lines[column].where(lines.index != 3)})
    with pytest.raises(ValueError, match=f"without {column}"):
        BlendRecommender().fit(holed)


small = st.lists(
    st.tuples(st.sampled_from("12345"), st.sampled_from("AB"), st.sampled_from("WXYZ"), st.integers(0, 400)),
    min_size=1,
    max_size=20,
)


@given(small, st.sampled_from([0, 5]), st.sampled_from([1, 120, float("inf")]))
def test_any_shop_gives_finite_ordered_answers(rows, shrinkage, half_life):
    """One product, one customer, identical baskets or repeated lines give fewer answers, but no wrong one."""
    table = pd.DataFrame(rows, columns=["order_id", "customer_id", "product_id", "day"])
    table = table.assign(
        quantity=1, ordered_at=pd.Timestamp("2011-01-01") + pd.to_timedelta(table["day"], "D")
    )
    fitted = BlendRecommender(shrinkage=shrinkage, half_life=half_life).fit(table)
    for answer in (fitted.similar_to_all(), fitted.recommend_all(), fitted.recommend_all(include_owned=True)):
        assert np.isfinite(answer["score"]).all()
    everyone = fitted.recommend_all(include_owned=True)
    bought = table.drop_duplicates(["customer_id", "product_id"])
    assert len(everyone) >= len(bought)
    new = fitted.recommend_all().merge(bought, on=["customer_id", "product_id"])
    assert new.empty


def test_every_real_customer_gets_a_list(online_retail):
    fitted = BlendRecommender().fit(online_retail)
    everyone = fitted.recommend_all(n=10)
    assert everyone["customer_id"].nunique() >= 4_330
    assert everyone.groupby("customer_id").size().value_counts(normalize=True)[10] > 0.99
    assert fitted.similar_to_all()["support"].min() >= 1


def test_where_pairs_tell_nothing_the_best_sellers_are_listed():
    """With many products and random orders of one or two, the best sellers are the best guess."""
    random = np.random.default_rng(9)
    n_orders, n_products = 6_000, 3_000
    chances = 1 / np.arange(1, n_products + 1) ** 0.8
    held = random.choice(n_products, (n_orders, 2), p=chances / chances.sum())
    lines = pd.DataFrame(
        {
            "order_id": np.repeat(np.arange(n_orders), 2).astype(str),
            "customer_id": np.repeat(random.integers(0, 3_000, n_orders), 2).astype(str),
            "product_id": [f"P{place:04}" for place in held.ravel()],
            "quantity": 1,
            "ordered_at": pd.Timestamp("2024-01-01")
            + pd.to_timedelta(np.repeat(np.arange(n_orders), 2), "h"),
        }
    ).drop_duplicates(["order_id", "product_id"])
    recommender = BlendRecommender(n_threads=1).fit(lines)
    assert recommender.steps_["popularity_weight"] > 0
    rare = recommender.catalogue_.ids[np.argmin(recommender.catalogue_.customers)]
    listed = recommender.recommend(basket=[rare])
    assert len(listed) == 10 and (listed["support"] == 0).sum() >= 8
    assert set(listed.loc[listed["support"] == 0, "because"]) == {""}
    assert (recommender.similar(rare)["support"] > 0).all()
    # A model saved by an earlier version has none.
    recommender.best_sellers_ = None
    assert (recommender.recommend(basket=[rare])["support"] > 0).all()
