from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopper_widgets.recommend.baselines import PersonalFrequency, Popularity
from shopper_widgets.recommend.evaluation import NothingToAskError, evaluate_next_orders, next_order_methods

CUT = pd.Timestamp("2011-03-01")


def orders(rows):
    """Return lines from ``(order_id, customer_id, products, days after the cut)``; a letter is a product."""
    lines = [(order, customer, product, day) for order, customer, basket, day in rows for product in basket]
    table = pd.DataFrame(lines, columns=["order_id", "customer_id", "product_id", "day"])
    return table.assign(ordered_at=CUT + pd.to_timedelta(table.pop("day"), "D"), quantity=1)


class Fixed:
    """Recommends the same list to everybody; stores its training data and the customers asked about."""

    def __init__(self, products, seen=None, asked=None):
        self.products = products
        self.seen = seen if seen is not None else []
        self.asked = asked if asked is not None else []

    def __deepcopy__(self, memo):
        return Fixed(self.products, self.seen, self.asked)

    def fit(self, transactions):
        self.seen.append(transactions)
        return self

    def recommend_all(self, n, *, customer_ids, include_owned):
        assert include_owned
        customer_ids = list(customer_ids)
        self.asked.append(customer_ids)
        shown = list(self.products)[:n]
        return pd.DataFrame(
            {
                "customer_id": np.repeat(np.array(customer_ids, dtype=object), len(shown)),
                "rank": np.tile(np.arange(1, len(shown) + 1), len(customer_ids)),
                "product_id": shown * len(customer_ids),
            }
        )


TRAINING = [("1", "1", "ABC", -9), ("2", "2", "AD", -5), ("3", "3", "BE", -1)]


def values(table):
    return table.set_index("metric")["value"]


def test_metrics_by_hand():
    later = [("4", "1", "ABD", 2), ("5", "2", "E", 3)]
    found = values(
        evaluate_next_orders(orders(TRAINING + later), {"fixed": Fixed("ADX")}, cut_dates=[CUT], n=2)
    )
    # Customer 1 buys A, B (again) and D (new), and gets A, D. Customer 2 buys E (new): no hit.
    assert found["ndcg@2"] == pytest.approx((1 + 0) / 2)
    assert found["recall@2"] == pytest.approx((2 / 3 + 0) / 2)
    assert found["precision@2"] == pytest.approx((1 + 0) / 2)
    assert found["hit_rate@2"] == pytest.approx(1 / 2)
    ideal = 1 + 1 / np.log2(3)
    assert found["repeat_ndcg@2"] == pytest.approx(1 / ideal)
    assert found["repeat_recall@2"] == pytest.approx(1 / 2)
    assert found["explore_ndcg@2"] == pytest.approx((1 / np.log2(3) + 0) / 2)
    assert found["explore_recall@2"] == pytest.approx((1 + 0) / 2)
    assert found["coverage"] == pytest.approx(2 / 5)
    # Two of three customers bought A (rank 1.5, with B) and one bought D (rank 4, with C and E).
    assert found["novelty@2"] == pytest.approx((np.log2(3 / 2) + np.log2(3)) / 2)
    assert found["popularity_rank@2"] == pytest.approx((1.5 + 4) / 2)


def test_the_first_order_with_a_known_product_counts():
    asked: list[Any] = []
    later = [
        ("9", "1", "Z", 1),  # it has no known product
        ("8", "1", "AZ", 2),  # this one
        ("4", "1", "B", 3),
        ("6", "2", "D", 5),  # this one: the smaller id of two orders of one moment
        ("7", "2", "A", 5),
        ("5", "3", "B", 28),  # after the horizon
        ("3x", "4", "AB", 1),  # a new customer
    ]
    table = evaluate_next_orders(
        orders(TRAINING + later), {"fixed": Fixed("AD", asked=asked)}, cut_dates=[CUT], n=2
    )
    assert asked == [["1", "2"]]
    assert values(table)["recall@2"] == 1


def test_nothing_held_out_is_trained_on():
    seen: list[Any] = []
    data = orders([*TRAINING, ("4", "1", "AB", 0), ("5", "2", "AB", 20)])
    evaluate_next_orders(data, {"spy": Fixed("A", seen)}, cut_dates=[CUT, CUT + pd.Timedelta(days=10)])
    assert [lines["ordered_at"].max() for lines in seen] == [CUT - pd.Timedelta(days=1), CUT]


def test_a_leak_is_seen():
    """A method trained on the very orders of the questions does far better, which the evaluation shows."""
    rng = np.random.default_rng(0)
    products = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    rows = [
        (str(i), str(rng.integers(30)), rng.choice(products, 3, replace=False), day)
        for i, day in enumerate([*rng.integers(-60, 0, 120).tolist(), *rng.integers(0, 28, 40).tolist()])
    ]
    data = orders(rows)

    class Leaking(PersonalFrequency):
        def fit(self, transactions, y=None):
            return super().fit(data)

    methods = {"honest": PersonalFrequency(), "leaking": Leaking()}
    table = evaluate_next_orders(data, methods, cut_dates=[CUT], n=10, against="honest")
    leak = table[(table["method"] == "leaking") & (table["metric"] == "explore_recall@10")].iloc[0]
    assert leak["difference_low"] > 0.2


def test_differences_are_paired():
    data = orders(TRAINING + [(str(i), str(i % 3 + 1), "ABCDE"[i % 5], i) for i in range(4, 9)])
    methods: dict[str, Any] = {"one": Popularity(), "same": Popularity(), "other": Fixed("EDCBA")}
    table = evaluate_next_orders(data, methods, cut_dates=[CUT], n=(1, 2), against="one")
    same = table[table["method"] == "same"]
    assert same.dropna()[["difference", "difference_low", "difference_high"]].eq(0).all(axis=None)
    one, other = (table[table["method"] == name].reset_index(drop=True) for name in ("one", "other"))
    np.testing.assert_allclose(other["difference"], other["value"] - one["value"], atol=1e-12)
    sampled = other.dropna()
    assert (sampled["difference_low"] <= sampled["difference_high"]).all()
    assert table["metric"].nunique() == 30
    assert {"coverage@1", "coverage@2", "ndcg@1", "explore_hit_rate@2"} <= set(table["metric"])
    with pytest.raises(ValueError, match="against must be one of one, same, other; got 'none'"):
        evaluate_next_orders(data, methods, cut_dates=[CUT], against="none")


@given(st.integers(0, 30))
def test_values_are_inside_their_interval_whatever_the_order_of_lines(seed):
    rng = np.random.default_rng(seed)
    rows = [
        (str(i), str(rng.integers(6)), rng.choice(list("ABCDEFGH"), rng.integers(1, 5), replace=False), day)
        for i, day in enumerate([*range(-12, 0), *range(8)])
    ]
    data, methods = orders(rows), {"GP": PersonalFrequency(), "P": PersonalFrequency(fill=False)}
    table = evaluate_next_orders(data, methods, cut_dates=[CUT], n=3)
    shares = table[~table["metric"].str.contains("novelty|popularity_rank")]
    assert shares["value"].dropna().between(0, 1).all()
    sampled = table.dropna()
    assert (sampled["low"] <= sampled["high"]).all()
    shuffled = data.sample(frac=1, random_state=seed)
    again = evaluate_next_orders(shuffled, methods, cut_dates=[CUT], n=3)
    pd.testing.assert_frame_equal(table, again)


def test_every_engine_gives_the_same():
    data = orders([*TRAINING, ("4", "1", "AB", 0), ("5", "2", "CDE", 3)])
    expected = evaluate_next_orders(data, {"GP": PersonalFrequency()}, cut_dates=[CUT])
    connection = duckdb.connect()
    for frame in (pl.from_pandas(data), pl.from_pandas(data).lazy(), connection.from_df(data)):
        table = evaluate_next_orders(frame, {"GP": PersonalFrequency()}, cut_dates=["2011-03-01"])
        pd.testing.assert_frame_equal(table, expected)


def test_nothing_to_ask_says_so():
    data = orders([*TRAINING, ("4", "9", "AB", 0), ("5", "1", "Z", 0)])
    with pytest.raises(NothingToAskError, match="nobody who had bought before orders"):
        evaluate_next_orders(data, {"popularity": Popularity()}, cut_dates=[CUT])
    with pytest.raises(ValueError, match="n must hold at least one length"):
        evaluate_next_orders(data, {"popularity": Popularity()}, cut_dates=[CUT], n=())


def test_real_data_the_default_foretells_better_than_what_it_has_to_beat(online_retail):
    methods = next_order_methods()
    table = evaluate_next_orders(
        online_retail,
        {name: methods[name] for name in ("ours", "GP-TopFreq", "TIFU-KNN")},
        cut_dates=["2011-09-01", "2011-10-01", "2011-11-01"],
        n=10,
        against="ours",
    )
    rivals = table[(table["method"] != "ours") & (table["metric"] == "ndcg@10")]
    assert len(rivals) == 6
    assert (rivals["difference_high"] < 0).all()
