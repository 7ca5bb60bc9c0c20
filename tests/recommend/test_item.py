from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics.pairwise import cosine_similarity

from shopper_widgets.recommend.item import (
    AmbiguousProductError,
    ItemRecommender,
    UnknownCustomerError,
    UnknownProductError,
)
from tests.contracts import EstimatorContract

SIMILAR = ["rank", "product_id", "product_name", "score", "support", "lift"]
RECOMMENDED = ["rank", "product_id", "product_name", "score", "because", "because_name", "support", "lift"]


def made_up(seed=0, n_customers=60, n_products=25, n_lines=700):
    rng = np.random.default_rng(seed)
    product = np.minimum(rng.geometric(0.12, n_lines), n_products) - 1
    codes = np.array([f"P{i:02}" for i in range(n_products)])
    names = np.array([f"Product number {i}" for i in range(n_products - 1)] + ["Product number 0"])
    return pd.DataFrame(
        {
            "customer_id": rng.integers(1000, 1000 + n_customers, n_lines).astype(str),
            "product_id": codes[product],
            "product_name": names[product],
            "quantity": rng.integers(1, 30, n_lines),
            "is_product": True,
        }
    )


@pytest.fixture(scope="module")
def lines():
    return made_up()


@pytest.fixture(scope="module")
def fitted(lines):
    return ItemRecommender(n_neighbors=8, shrinkage=5, min_support=2).fit(lines)


class TestItemRecommenderContract(EstimatorContract):
    def make(self):
        return ItemRecommender(n_neighbors=6, weighting="log", shrinkage=2.5, min_support=2, n_threads=1)

    def data(self):
        return made_up()

    def answers(self, fitted):
        return [
            fitted.similar("P03", n=6),
            fitted.similar_to_all(n=4),
            fitted.search("product numbr 7"),
            fitted.recommend("1010"),
            fitted.recommend(basket=["P01", "P04"], include_owned=True),
            fitted.recommend_baskets([["P01"], ["P02", "P05"]]),
            fitted.similarity_matrix(["P05", "P01", "P02"]),
            fitted.purchases_.toarray(),
        ]

    def check_unseen(self, fitted):
        with pytest.raises(UnknownProductError):
            fitted.similar("never sold", n=1)
        with pytest.raises(UnknownCustomerError):
            fitted.recommend("999999")


class TestSimilar:
    def test_columns_order_and_self(self, fitted):
        similar = fitted.similar("p00", n=8)
        assert similar.columns.tolist() == SIMILAR
        assert similar["rank"].tolist() == list(range(1, 9))
        assert "P00" not in similar["product_id"].tolist()
        assert similar["score"].is_monotonic_decreasing

    def test_formula(self, fitted, lines):
        buyers = lines.groupby("product_id")["customer_id"].agg(set)
        n_customers = lines["customer_id"].nunique()
        for row in fitted.similar("P02", n=8).itertuples():
            a, b = buyers["P02"], buyers[row.product_id]
            both = len(a & b)
            assert row.support == both
            assert row.score == pytest.approx(both / (np.sqrt(len(a) * len(b)) + 5), rel=1e-12)
            assert row.lift == pytest.approx(both * n_customers / (len(a) * len(b)), rel=1e-12)

    def test_id_and_name_agree(self, fitted):
        pd.testing.assert_frame_equal(fitted.similar(" p07 ", n=5), fitted.similar("product  NUMBER 7", n=5))

    def test_n_beyond_what_was_kept(self, fitted):
        with pytest.raises(ValueError, match=r"at most n_neighbors=8.*got 9"):
            fitted.similar("P00", n=9)

    @pytest.mark.parametrize("n", [0, -1, 2.5])
    def test_n_below_one(self, fitted, n):
        with pytest.raises(ValueError, match="whole number of at least 1"):
            fitted.similar("P00", n=n)

    def test_shared_name(self, fitted):
        with pytest.raises(AmbiguousProductError, match="P00, P24"):
            fitted.similar("Product number 0", n=1)

    def test_fewer_rather_than_padding(self):
        lonely = pd.DataFrame({"customer_id": ["1", "2"], "product_id": ["A", "B"], "quantity": [1, 1]})
        empty = ItemRecommender(min_support=1).fit(lonely).similar("A")
        assert empty.empty
        assert empty.columns.tolist() == SIMILAR

    def test_an_empty_answer_has_the_dtypes_of_a_full_one(self, fitted, lines):
        strict = ItemRecommender(min_support=10_000).fit(lines)
        assert strict.similar("P00").dtypes.equals(fitted.similar("P00", n=8).dtypes)
        assert strict.recommend(basket=["P00"]).dtypes.equals(fitted.recommend(basket=["P00"]).dtypes)
        assert strict.similar_to_all().dtypes.equals(fitted.similar_to_all(n=8).dtypes)

    def test_ties_go_by_support_then_id(self):
        baskets = {"1": "ABCDE", "2": "ADE", "3": "ADE", "4": "A"}
        tied = pd.DataFrame([(c, p, 1) for c, basket in baskets.items() for p in basket])
        tied.columns = ["customer_id", "product_id", "quantity"]
        recommender = ItemRecommender(n_neighbors=3, shrinkage=0, min_support=1).fit(tied.iloc[::-1])
        assert recommender.similar("A", n=3)["product_id"].tolist() == ["D", "E", "B"]

    def test_to_all_is_similar_for_each(self, fitted):
        everything = fitted.similar_to_all(n=5)
        assert everything["to_product_id"].is_monotonic_increasing
        for product in fitted.catalogue_.ids:
            one = everything[everything["to_product_id"] == product].reset_index(drop=True)
            pd.testing.assert_frame_equal(one[SIMILAR], fitted.similar(product, n=5))


class TestRecommend:
    def test_basket_of_one_is_similar(self, fitted):
        shared = ["rank", "product_id", "product_name", "score", "support", "lift"]
        recommended = fitted.recommend(basket=["P03"], n=8)
        assert recommended.columns.tolist() == RECOMMENDED
        pd.testing.assert_frame_equal(recommended[shared], fitted.similar("P03", n=8))
        assert set(recommended["because"]) == {"P03"}

    def test_sums_and_reasons(self, fitted):
        parts = [fitted.similar(p, n=8).set_index("product_id") for p in ("P03", "P05")]
        recommended = fitted.recommend(basket=["P05", "P03"], n=20)
        total = parts[0]["score"].add(parts[1]["score"], fill_value=0).drop(["P03", "P05"], errors="ignore")
        assert len(recommended) == len(total)
        for row in recommended.itertuples():
            assert row.score == pytest.approx(total[row.product_id], rel=1e-12)
            scores = {
                p: part["score"].get(row.product_id, 0) for p, part in zip(("P03", "P05"), parts, strict=True)
            }
            assert row.because == max(sorted(scores), key=scores.__getitem__)
            assert row.support == parts[row.because == "P05"].loc[row.product_id, "support"]

    def test_customer_is_the_basket_of_what_they_bought(self, fitted, lines):
        for customer in lines["customer_id"].unique()[:10]:
            bought = lines.loc[lines["customer_id"] == customer, "product_id"]
            recommended = fitted.recommend(customer, n=25)
            assert not set(recommended["product_id"]) & set(bought)
            pd.testing.assert_frame_equal(recommended, fitted.recommend(basket=bought, n=25))

    def test_owned_products_can_stay(self, fitted):
        kept = fitted.recommend(basket=["P00", "P01", "P02"], n=25, include_owned=True)
        assert {"P00", "P01", "P02"} <= set(kept["product_id"])
        assert (kept["because"] != kept["product_id"]).all()

    def test_repetitions_and_spellings_count_once(self, fitted):
        once = fitted.recommend(basket=["P01", "P02"])
        pd.testing.assert_frame_equal(
            once, fitted.recommend(basket=["P02", "p01", "P01", "Product number 1"])
        )

    def test_exactly_one_question(self, fitted):
        with pytest.raises(ValueError, match="exactly one of customer_id and basket; got both"):
            fitted.recommend("1010", basket=["P01"])
        with pytest.raises(ValueError, match="exactly one of customer_id and basket; got neither"):
            fitted.recommend()

    def test_bad_questions(self, fitted):
        with pytest.raises(ValueError, match="at least one is needed"):
            fitted.recommend(basket=[])
        with pytest.raises(UnknownProductError, match="'nope'"):
            fitted.recommend(basket=["P01", "nope"])
        with pytest.raises(TypeError, match=r"write \['P01'\]"):
            fitted.recommend(basket="P01")
        with pytest.raises(TypeError, match="customer_id must be text"):
            fitted.recommend(1010)
        with pytest.raises(UnknownCustomerError, match="no customer '1'") as caught:
            fitted.recommend("1")
        assert isinstance(caught.value, KeyError)

    def test_many_baskets_are_many_calls(self, fitted):
        baskets = [["P01"], ["P09", "P02", "P02"], ["P24"]]
        together = fitted.recommend_baskets(baskets, n=5)
        for position, basket in enumerate(baskets):
            one = together[together["basket"] == position].drop(columns="basket").reset_index(drop=True)
            pd.testing.assert_frame_equal(one, fitted.recommend(basket=basket, n=5)[one.columns])
        assert fitted.recommend_baskets([]).empty


class TestSimilarityMatrix:
    def test_agrees_with_similar(self, fitted):
        products = fitted.catalogue_.ids.tolist()
        square = fitted.similarity_matrix(products)
        assert square.index.tolist() == square.columns.tolist() == products
        np.testing.assert_array_equal(np.diag(square), 1)
        np.testing.assert_allclose(square, square.T, rtol=1e-12)
        for row in fitted.similar_to_all(n=8).itertuples():
            assert square.loc[row.to_product_id, row.product_id] == pytest.approx(row.score, rel=1e-12)

    def test_too_little_support_is_zero(self, lines):
        square = ItemRecommender(min_support=10_000).fit(lines).similarity_matrix(["P02", "P01", "p02"])
        assert square.index.tolist() == ["P02", "P01"]
        np.testing.assert_array_equal(square, np.eye(2))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"weighting": "tfidf"}, "weighting must be one of binary, log, quantity; got 'tfidf'"),
        ({"n_neighbors": 0}, "n_neighbors must be a whole number of at least 1; got 0"),
        ({"min_support": 1.5}, "min_support must be a whole number"),
        ({"shrinkage": -1}, "shrinkage must be at least 0; got -1"),
        ({"shrinkage": float("nan")}, "shrinkage must be at least 0; got nan"),
        ({"n_threads": 0}, "n_threads must be a whole number"),
    ],
)
def test_parameters_are_checked_by_fit(lines, parameters, message):
    with pytest.raises(ValueError, match=message):
        ItemRecommender(**parameters).fit(lines)


def test_services_are_never_recommended(lines):
    with_postage = pd.concat(
        [lines, lines.drop_duplicates("customer_id").assign(product_id="POST", is_product=False)]
    )
    recommender = ItemRecommender(min_support=1).fit(with_postage)
    assert "POST" not in recommender.catalogue_.ids
    assert recommender.search("POST").empty


def test_every_engine_gives_the_same(fitted, lines):
    connection = duckdb.connect()
    for frame in (pl.from_pandas(lines), connection.from_df(lines)):
        twin = ItemRecommender(n_neighbors=8, shrinkage=5, min_support=2).fit(frame)
        pd.testing.assert_frame_equal(twin.similar_to_all(n=8), fitted.similar_to_all(n=8))


def test_one_product_and_one_customer():
    tiny = pd.DataFrame({"customer_id": ["1"], "product_id": ["A"], "quantity": [1]})
    recommender = ItemRecommender(min_support=1).fit(tiny)
    assert recommender.similar("A").empty
    assert recommender.recommend("1").empty
    assert recommender.similarity_matrix(["A"]).to_numpy().tolist() == [[1.0]]


@given(
    st.lists(
        st.tuples(st.sampled_from("1234"), st.sampled_from("ABCD"), st.integers(1, 9)),
        min_size=1,
        max_size=25,
    ),
    st.sampled_from(["binary", "log", "quantity"]),
)
def test_scores_equal_the_dense_cosine(rows, weighting):
    lines = pd.DataFrame(rows, columns=["customer_id", "product_id", "quantity"])
    units = lines.pivot_table(
        index="customer_id", columns="product_id", values="quantity", aggfunc="sum", fill_value=0
    )
    weigh: dict[str, Any] = {"binary": lambda n: (n > 0) * 1.0, "log": np.log1p, "quantity": lambda n: n}
    weights = weigh[weighting](units)
    expected = pd.DataFrame(cosine_similarity(weights.T), index=units.columns, columns=units.columns)
    fitted = ItemRecommender(weighting=weighting, shrinkage=0, min_support=1).fit(lines)
    np.testing.assert_allclose(fitted.similarity_matrix(units.columns), expected, atol=1e-12)
    for product in units.columns:
        similar = fitted.similar(product).set_index("product_id")["score"]
        others = expected.loc[product].drop(product)
        assert set(similar.index) == set(others.index[others > 0])
        np.testing.assert_allclose(similar, others[similar.index], atol=1e-12)


def test_scores_of_every_real_product_equal_scikit_learn(online_retail):
    fitted = ItemRecommender(n_neighbors=4_000, shrinkage=0, min_support=1).fit(online_retail)
    products = online_retail[online_retail["is_product"]]
    bought = pd.crosstab(products["product_id"], products["customer_id"])
    assert fitted.catalogue_.ids.tolist() == bought.index.tolist()
    dense = (bought.to_numpy() > 0).astype(float)
    for start in range(0, len(dense), 500):
        rows = np.arange(start, min(start + 500, len(dense)))
        expected = cosine_similarity(dense[rows], dense)
        expected[np.arange(len(rows)), rows] = 0
        np.testing.assert_allclose(fitted.scores_[rows].toarray(), expected, rtol=0, atol=1e-6)


def test_the_square_of_all_pairs_is_never_held():
    """With ten thousand products, the dense matrix alone would take 800 MB."""
    import tracemalloc

    rng = np.random.default_rng(0)
    n_products, n_cells = 10_000, 60_000
    lines = pd.DataFrame(
        {
            "customer_id": rng.integers(0, 3_000, n_cells).astype(str),
            "product_id": rng.integers(0, n_products, n_cells).astype(str),
            "quantity": 1,
        }
    )
    tracemalloc.start()
    fitted = ItemRecommender(min_support=1).fit(lines)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(fitted.scores_, sp.csr_array)
    assert peak < 150e6


class TestOddRequests:
    @pytest.mark.parametrize("ask", ["recommend", "recommend_all"])
    def test_nothing_excluded(self, fitted, ask):
        question = {"customer_id": "1010"} if ask == "recommend" else {}
        pd.testing.assert_frame_equal(
            getattr(fitted, ask)(**question, exclude=None), getattr(fitted, ask)(**question)
        )
        left = getattr(fitted, ask)(**question, exclude=pd.Series(["P01", "P02"]))
        assert not left["product_id"].isin(["P01", "P02"]).any()

    @pytest.mark.parametrize(
        ("ask", "question", "parameter"),
        [
            ("recommend", {"basket": 5}, "basket must be a list of products; got int 5"),
            ("recommend", {"basket": ["P01"], "only": 5}, "only must be a list of products; got int 5"),
            ("recommend", {"basket": ["P01"], "exclude": 5}, "exclude must be a list of products"),
            ("recommend_all", {"customer_ids": 1010}, "customer_ids must be a list of customers; got int"),
            ("recommend_baskets", {"baskets": None}, "baskets must be a list of baskets; got NoneType"),
            ("recommend_baskets", {"baskets": [["P01"], "P02"]}, r"baskets\[1\] must be .*write \['P02'\]"),
            ("similarity_matrix", {"products": None}, "products must be a list of products; got NoneType"),
        ],
    )
    def test_what_is_no_list(self, fitted, ask, question, parameter):
        with pytest.raises(TypeError, match=parameter):
            getattr(fitted, ask)(**question)

    def test_evidence_for_what_are_no_suggestions(self, fitted):
        similar = fitted.similar("P03", n=5)
        for column in ("product_id", "support"):
            with pytest.raises(ValueError, match=f"suggestions must have the columns.*{column} not found"):
                fitted.with_evidence(similar.drop(columns=column), "P03")
        with pytest.raises(TypeError, match=r"suggestions must be a DataFrame.*got dict"):
            fitted.with_evidence(similar.to_dict("list"), "P03")
        with pytest.raises(UnknownProductError):
            fitted.with_evidence(similar, "")

    def test_products_of_one_name_are_told_apart_in_the_evidence(self, lines):
        recommender = ItemRecommender(n_neighbors=24, min_support=1).fit(lines)
        evidence = recommender.with_evidence(recommender.similar("P00", n=24), "P00").set_index("product_id")
        assert "Product number 0 (P00) also bought Product number 0 (P24)" in evidence.loc["P24", "sentence"]
        assert (
            "who bought Product number 0 (P00) also bought Product number 3:"
            in (evidence.loc["P03", "sentence"])
        )
