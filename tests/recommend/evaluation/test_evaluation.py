from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.recommend.baselines import Popularity
from shopper_widgets.recommend.evaluation import (
    NothingToAskError,
    baskets,
    default_cut_dates,
    default_methods,
    evaluate_next_orders,
    evaluate_recommenders,
    splitting,
)
from shopper_widgets.recommend.item import ItemRecommender

CUT = pd.Timestamp("2011-03-01")


def orders(rows):
    """Return lines from ``(order_id, customer_id, products, days after the cut)``; a letter is a product."""
    lines = [(order, customer, product, day) for order, customer, basket, day in rows for product in basket]
    table = pd.DataFrame(lines, columns=["order_id", "customer_id", "product_id", "day"])
    return table.assign(ordered_at=CUT + pd.to_timedelta(table.pop("day"), "D"), quantity=1)


#: Two orders before the cut and one after it.
FEW = orders([("1", "1", "ABC", -9), ("2", "2", "AB", -8), ("3", "1", "ABC", 2)])


class Fixed:
    """Recommends the same list for every basket; stores what it was trained on."""

    seen: list[pd.DataFrame]

    def __init__(self, products, seen=None):
        self.products = products
        self.seen = seen if seen is not None else []

    def __deepcopy__(self, memo):
        return Fixed(self.products, self.seen)

    def fit(self, transactions):
        self.seen.append(transactions)
        return self

    def recommend(self, *, basket, n):
        shown = [product for product in self.products if product not in basket][:n]
        return pd.DataFrame({"rank": np.arange(1, len(shown) + 1), "product_id": shown})


def values(table, method):
    return table[table["method"] == method].set_index("metric")["value"]


def _questions(rows, seed):
    data = orders(rows)
    learned = splitting.known(splitting.before(data, CUT))
    return baskets._Questions(splitting.after(data, CUT, 28), learned, seed, CUT)


TRAINING = [("1", "1", "ABCDEF", -9), ("2", "2", "AB", -5), ("3", "3", "CD", -1)]


def test_metrics_by_hand():
    later = [("4", "1", "AB", 0), ("5", "2", "CDE", 3)]
    table = evaluate_recommenders(orders(TRAINING + later), {"fixed": Fixed("FBC")}, cut_dates=[CUT], n=2)
    # Shown A: hidden B, recommended F B. Shown B: hidden A, recommended F C. Shown C: hidden D E, recommended
    # F B. Shown D or E: hidden C and the other, recommended F B: no hit.
    found = values(table, "fixed")
    assert found["ndcg@2"] == pytest.approx((1 / np.log2(3)) / 5)
    assert found["recall@2"] == pytest.approx(1 / 5)
    assert found["hit_rate@2"] == pytest.approx(1 / 5)
    assert found["coverage"] == pytest.approx(3 / 6)


def test_the_ideal_is_cut_at_n():
    table = evaluate_recommenders(
        orders([*TRAINING, ("4", "1", "ABCDEF", 0)]), {"perfect": Fixed("ABCDEF")}, cut_dates=[CUT], n=2
    )
    found = values(table, "perfect")
    assert found["ndcg@2"] == pytest.approx(1)
    assert found["recall@2"] == pytest.approx(2 / 5)
    assert found["hit_rate@2"] == 1


def test_nothing_held_out_is_trained_on():
    seen: list[Any] = []
    data = orders([*TRAINING, ("4", "1", "AB", 0), ("5", "2", "AB", 20)])
    evaluate_recommenders(data, {"spy": Fixed("AB", seen)}, cut_dates=[CUT, CUT + pd.Timedelta(days=10)])
    assert [lines["ordered_at"].max() for lines in seen] == [CUT - pd.Timedelta(days=1), CUT]
    assert [len(lines) for lines in seen] == [10, 12]


def test_only_the_horizon_and_known_products_are_asked_about():
    asked = [
        ("4", "1", "AB", 0),
        ("5", "1", "CZ", 1),  # only one product known before
        ("6", "1", "CDY", 27),
        ("7", "1", "EF", 28),  # after the horizon
    ]
    questions = _questions(TRAINING + asked, 0)
    assert sorted(zip(questions.basket, questions.product, questions.hidden, strict=True)) == [
        (0, 0, 1),
        (0, 1, 1),
        (1, 2, 1),
        (1, 3, 1),
    ]


def test_a_repeated_line_is_one_product_and_services_are_none():
    data = orders([*TRAINING, ("4", "1", "AAB", 0), ("5", "2", "CP", 0), ("0", "2", "P", -2)])
    data["is_product"] = data["product_id"] != "P"
    table = evaluate_recommenders(data, {"fixed": Fixed("AB")}, cut_dates=[CUT])
    found = values(table, "fixed")
    assert found["recall@10"] == 1
    assert found["coverage"] == pytest.approx(2 / 6)


def test_at_most_three_questions_a_basket_and_the_seed_decides_which():
    rows = [*TRAINING, ("4", "1", "ABCDEF", 0)]
    drawn = [_questions(rows, seed).product for seed in range(20)]
    assert {len(set(products)) for products in drawn} == {3}
    assert len({tuple(products) for products in drawn}) > 5
    np.testing.assert_array_equal(drawn[0], _questions(rows, 0).product)


def test_interval_is_over_customers():
    one = [*TRAINING, ("4", "1", "AB", 0), ("5", "1", "CD", 1)]
    table = evaluate_recommenders(orders(one), {"fixed": Fixed("AB")}, cut_dates=[CUT]).set_index("metric")
    assert table.loc["recall@10", ["value", "low", "high"]].tolist() == [0.5, 0.5, 0.5]
    two = [*TRAINING, ("4", "1", "AB", 0), ("5", "2", "CD", 1)]
    table = evaluate_recommenders(orders(two), {"fixed": Fixed("AB")}, cut_dates=[CUT]).set_index("metric")
    assert table.loc["recall@10", ["value", "low", "high"]].tolist() == [0.5, 0, 1]
    assert table.loc["coverage", ["low", "high"]].isna().all()


@given(st.integers(0, 50))
def test_values_are_shares_inside_their_interval(seed):
    rng = np.random.default_rng(seed)
    rows = [
        (str(i), str(rng.integers(6)), rng.choice(list("ABCDEFGH"), rng.integers(2, 6), replace=False), day)
        for i, day in enumerate([*range(-12, 0), *range(8)])
    ]
    data = orders(rows)
    methods = {"cosine": ItemRecommender(min_support=1), "popularity": Popularity()}
    table = evaluate_recommenders(data, methods, cut_dates=[CUT], n=3, random_state=seed)
    shares = table[~table["metric"].str.startswith(("novelty", "popularity_rank"))]
    assert shares["value"].between(0, 1).all()
    sampled = shares[shares["metric"] != "coverage"]
    assert (sampled["low"] <= sampled["high"]).all()
    assert sampled["low"].ge(0).all()
    assert sampled["high"].le(1).all()
    shuffled = evaluate_recommenders(
        data.sample(frac=1, random_state=seed), methods, cut_dates=[CUT], n=3, random_state=seed
    )
    pd.testing.assert_frame_equal(table, shuffled)


def test_every_engine_gives_the_same():
    data = orders([*TRAINING, ("4", "1", "AB", 0), ("5", "2", "CDE", 3)])
    methods = {"cosine": ItemRecommender(min_support=1), "popularity": Popularity()}
    expected = evaluate_recommenders(data, methods, cut_dates=[CUT])
    connection = duckdb.connect()
    for frame in (pl.from_pandas(data), pl.from_pandas(data).lazy(), connection.from_df(data)):
        pd.testing.assert_frame_equal(
            evaluate_recommenders(frame, methods, cut_dates=["2011-03-01"]), expected
        )


def test_given_methods_stay_unfitted():
    method = ItemRecommender(min_support=1)
    data = orders([*TRAINING, ("4", "1", "AB", 0)])
    evaluate_recommenders(data, {"cosine": method}, cut_dates=[CUT])
    assert not hasattr(method, "scores_")


def test_what_can_t_be_evaluated_says_so():
    data = orders([*TRAINING, ("4", "1", "A", 0)])
    with pytest.raises(NothingToAskError, match="nothing to ask after the cut date 2011-03-01"):
        evaluate_recommenders(data, default_methods(), cut_dates=[CUT])
    with pytest.raises(ValueError, match="nothing to train on before the cut date 2010-01-01"):
        evaluate_recommenders(data, default_methods(), cut_dates=["2010-01-01"])
    with pytest.raises(ValueError, match="methods and cut_dates must each hold at least one"):
        evaluate_recommenders(data, {}, cut_dates=[CUT])
    with pytest.raises(ValueError, match="methods and cut_dates must each hold at least one"):
        evaluate_recommenders(data, default_methods(), cut_dates=[])
    with pytest.raises(ValueError, match="horizon_days must be a whole number"):
        evaluate_recommenders(data, default_methods(), cut_dates=[CUT], horizon_days=0)


def test_default_cut_dates_leave_whole_horizons():
    data = pd.DataFrame({"ordered_at": pd.to_datetime(["2010-12-01 08:26", "2011-12-09 12:50"])})
    cuts = default_cut_dates(data, n_cuts=2, horizon_days=10)
    assert cuts == [pd.Timestamp("2011-11-20"), pd.Timestamp("2011-11-30")]
    assert default_cut_dates(data.iloc[:1]) == []


def test_own_recommender_takes_the_first_place():
    own = ItemRecommender(shrinkage=3)
    assert default_methods(own)["ours"] is own


def test_real_data_repeats_what_was_measured_before(online_retail):
    methods = default_methods() | {"shrunk": ItemRecommender()}
    table = evaluate_recommenders(online_retail, methods, cut_dates=["2011-09-01"])
    assert table.columns.tolist()[:6] == ["method", "cut_date", "metric", "value", "low", "high"]
    ndcg = table[table["metric"] == "ndcg@10"].set_index("method")["value"]
    expected = {"Popularity": 0.080, "Cosine on quantities": 0.106, "Cosine": 0.217, "shrunk": 0.225}
    for method, value in expected.items():
        assert ndcg[method] == pytest.approx(value, abs=0.004)
    ours, popular = (
        table[(table["method"] == m) & (table["metric"] == "ndcg@10")] for m in ("ours", "Popularity")
    )
    assert ours["low"].item() > popular["high"].item()


def test_several_lengths_and_differences():
    data = orders([*TRAINING, ("4", "1", "AB", 0), ("5", "2", "CDE", 3)])
    methods: dict[str, Any] = {"fixed": Fixed("FBC"), "popularity": Popularity()}
    both = evaluate_recommenders(data, methods, cut_dates=[CUT], n=(1, 2), against="popularity")
    assert both.columns.tolist()[-3:] == ["difference", "difference_low", "difference_high"]
    for n in (1, 2):
        one = evaluate_recommenders(data, methods, cut_dates=[CUT], n=n)
        one["metric"] = one["metric"].replace("coverage", f"coverage@{n}")
        merged = one.merge(both, on=["method", "metric"], suffixes=("", "_both"))
        assert len(merged) == len(one)
        np.testing.assert_allclose(merged["value"], merged["value_both"], rtol=1e-12)
    ours = both[both["method"] == "popularity"].dropna()
    assert ours[["difference", "difference_low", "difference_high"]].eq(0).all(axis=None)


def test_a_leak_is_seen():
    """A method trained on the very baskets of the questions does far better, which the evaluation shows."""
    rng = np.random.default_rng(0)
    letters = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    rows = [
        (str(i), str(i), rng.choice(letters, 3, replace=False), day)
        for i, day in enumerate([*range(-60, 0), *range(20)])
    ]
    data = orders(rows)

    class Leaking(ItemRecommender):
        def fit(self, transactions, y=None):
            return super().fit(data)

    methods = {"honest": ItemRecommender(min_support=1), "leaking": Leaking(min_support=1)}
    table = evaluate_recommenders(data, methods, cut_dates=[CUT], against="honest")
    leak = table[(table["method"] == "leaking") & (table["metric"] == "ndcg@10")].iloc[0]
    assert leak["difference_low"] > 0.1


def test_what_a_reader_asks_for_is_among_the_methods(online_retail):
    methods = default_methods()
    assert {"Random", "Popularity", "Popularity, last 28 days", "Cosine on quantities", "Cosine"} < set(
        methods
    )
    table = evaluate_recommenders(online_retail, methods, cut_dates=["2011-11-01"], against="Popularity")
    ndcg = table[table["metric"] == "ndcg@10"].set_index("method")
    best_first = ndcg["value"].sort_values(ascending=False).index.tolist()
    assert best_first[:3] == ["ours", "Orders, shrunk", "Cosine, shrunk"]
    assert best_first[-1] == "Random"
    assert (ndcg.loc[best_first[:3], "difference_low"] > 0).all()


def test_one_date_will_do_and_methods_have_names(small_shop):
    kept = clean_transactions(small_shop).transactions
    cut = default_cut_dates(kept)[-1]
    methods = {"popularity": Popularity()}
    one = evaluate_recommenders(kept, methods, cut_dates=f"{cut:%Y-%m-%d}")
    pd.testing.assert_frame_equal(one, evaluate_recommenders(kept, methods, cut_dates=[cut]))
    with pytest.raises(TypeError, match="methods must be a dict"):
        evaluate_recommenders(kept, [Popularity()], cut_dates=[cut])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cut_dates must be a date"):
        evaluate_recommenders(kept, methods, cut_dates=["someday"])


def test_a_horizon_that_the_data_do_not_cover_is_marked(caplog):
    data = orders([*TRAINING, ("4", "1", "AB", 0), ("5", "2", "CDE", 3), ("6", "3", "AB", 12)])
    late = CUT + pd.Timedelta(days=11)
    table = evaluate_recommenders(
        data, {"fixed": Fixed("AB")}, cut_dates=[CUT, late], horizon_days=13, pooled=True
    )
    days = table.drop_duplicates("cut_date").set_index("cut_date")["days"]
    assert days.tolist() == [13, 2, 2]
    assert "After the cut date 2011-03-12 the data cover 2 of 13 days." in caplog.text
    assert "2011-03-01" not in caplog.text


def test_pooled_rows_are_of_all_questions_together():
    rows = [*TRAINING, ("4", "1", "AB", 0), ("5", "2", "CDE", 1), ("6", "1", "ACE", 40), ("7", "3", "DF", 41)]
    methods: dict[str, Any] = {"fixed": Fixed("FBC"), "popularity": Popularity()}
    cuts = [CUT, CUT + pd.Timedelta(days=39)]
    table = evaluate_recommenders(orders(rows), methods, cut_dates=cuts, against="popularity", pooled=True)
    apart, pooled = table[table["cut_date"].notna()], table[table["cut_date"].isna()]
    pd.testing.assert_frame_equal(
        apart, evaluate_recommenders(orders(rows), methods, cut_dates=cuts, against="popularity")
    )
    assert len(pooled) == len(apart) / 2
    counted = pooled["metric"] == "coverage"
    of_questions = apart[apart["metric"] != "coverage"]
    weights = of_questions["questions"]
    by_hand = (
        (of_questions[["value", "difference"]].mul(weights, axis=0))
        .groupby([of_questions["method"], of_questions["metric"]], sort=False)
        .sum()
        .div(weights.groupby([of_questions["method"], of_questions["metric"]], sort=False).sum(), axis=0)
    )
    np.testing.assert_allclose(pooled.loc[~counted, ["value", "difference"]], by_hand, atol=1e-12)
    assert pooled["questions"].eq(10).all()
    assert pooled["customers"].eq(3).all()


def test_of_very_many_customers_some_are_asked_about(monkeypatch):
    monkeypatch.setattr(splitting, "MOST_CUSTOMERS", 3)
    rows = [*TRAINING, *((f"n{i}", f"{i}", "AB", i) for i in range(10))]
    drawn = [set(splitting.after(orders(rows), CUT, 28, seed)["customer_id"]) for seed in range(5)]
    assert {len(customers) for customers in drawn} == {3}
    assert len({frozenset(customers) for customers in drawn}) > 1
    table = evaluate_recommenders(orders(rows), {"fixed": Fixed("AB")}, cut_dates=[CUT])
    assert table["customers"].eq(3).all()
    again = evaluate_recommenders(orders(rows), {"fixed": Fixed("AB")}, cut_dates=[CUT])
    pd.testing.assert_frame_equal(table, again)


@pytest.mark.parametrize(
    ("question", "error", "message"),
    [
        ({"n": 2.5}, ValueError, "n must be a whole number of at least 1; got 2.5"),
        ({"n": None}, ValueError, "n must be a whole number of at least 1; got None"),
        ({"horizon_days": 10**7}, ValueError, "horizon_days must be at most"),
        ({"methods": {"x": 5}}, TypeError, "methods must be recommenders; 'x' is int 5"),
        ({"cut_dates": 5}, TypeError, "cut_dates must be a list of dates; got int 5"),
        ({"transactions": None}, TypeError, "transactions must be a frame"),
        ({"transactions": FEW.drop(columns="ordered_at")}, ValueError, "ordered_at not found among"),
        ({"transactions": FEW.assign(ordered_at="2011-03-01")}, ValueError, "must hold timestamps"),
        (
            {"transactions": FEW.assign(ordered_at=FEW["ordered_at"].dt.tz_localize("UTC"))},
            ValueError,
            "without a zone; they have UTC. read_transactions",
        ),
    ],
)
@pytest.mark.parametrize("evaluate", [evaluate_recommenders, evaluate_next_orders])
def test_questions_that_make_no_sense(evaluate, question, error, message):
    sensible = {"transactions": FEW, "methods": {"popular": Popularity()}, "cut_dates": [CUT]}
    with pytest.raises(error, match=message):
        evaluate(**sensible | question)


def test_a_date_or_length_named_twice_counts_once():
    methods = {"popular": Popularity()}
    once = evaluate_recommenders(FEW, methods, cut_dates=[CUT], n=[2, 3], pooled=True)
    twice = evaluate_recommenders(FEW, methods, cut_dates=[CUT, CUT], n=[2, 3, 2], pooled=True)
    pd.testing.assert_frame_equal(once, twice)


def test_longer_lists_than_there_are_products():
    methods = {"popular": Popularity()}
    found = evaluate_recommenders(FEW, methods, cut_dates=[CUT], n=10**9).set_index("metric")["value"]
    full = evaluate_recommenders(FEW, methods, cut_dates=[CUT], n=3).set_index("metric")["value"]
    assert found[f"recall@{10**9}"] == full["recall@3"] == 1
    assert found[f"precision@{10**9}"] == pytest.approx(full["precision@3"] * 3 / 10**9)


def test_no_orders_leave_no_dates():
    assert default_cut_dates(FEW.iloc[:0]) == []
    with pytest.raises(ValueError, match="horizon_days must be a whole number"):
        default_cut_dates(FEW, horizon_days=-1)
