from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopper_widgets.errors import UnknownCustomerError, UnknownProductError
from shopper_widgets.recommend.baselines import LastOrder, PersonalFrequency, Popularity, RandomOrder, TifuKNN
from tests.contracts import EstimatorContract

START = pd.Timestamp("2011-01-01")


def orders(rows):
    """Return lines from ``(order_id, customer_id, products, day)``; a letter is a product."""
    lines = [(order, customer, product, day) for order, customer, basket, day in rows for product in basket]
    table = pd.DataFrame(lines, columns=["order_id", "customer_id", "product_id", "day"])
    return table.assign(ordered_at=START + pd.to_timedelta(table.pop("day"), "D"), quantity=1)


LINES = orders(
    [("1", "1", "AB", 0), ("2", "1", "B", 1), ("3", "2", "BC", 2), ("4", "3", "CB", 50), ("5", "4", "D", 50)]
)


class BaselineContract(EstimatorContract):
    baseline = Popularity()

    def make(self):
        return type(self.baseline)(**self.baseline.get_params())

    def data(self):
        return LINES.copy()

    def other_data(self):
        return LINES.iloc[:4]

    def answers(self, fitted):
        return [
            fitted.recommend("1", include_owned=True),
            fitted.recommend_all(n=2),
            fitted.recommend_baskets([["A"], ["B", "C"]]),
        ]

    def check_unseen(self, fitted):
        with pytest.raises(UnknownProductError):
            fitted.recommend(basket=["Z"])
        with pytest.raises(UnknownCustomerError):
            fitted.recommend("nobody")


class TestPopularityContract(BaselineContract):
    pass


class TestRecentPopularityContract(BaselineContract):
    baseline = Popularity(last_days=14)


class TestRandomOrderContract(BaselineContract):
    baseline = RandomOrder(random_state=3)


class TestPersonalFrequencyContract(BaselineContract):
    baseline = PersonalFrequency(fill=False)


class TestLastOrderContract(BaselineContract):
    baseline = LastOrder()


class TestTifuKNNContract(BaselineContract):
    baseline = TifuKNN(group_size=2, n_neighbors=2)


def told(fitted, customer, **options):
    return "".join(fitted.recommend(customer, include_owned=True, **options)["product_id"])


class TestPopularity:
    def test_most_customers_first_then_the_smaller_id(self):
        recommended = Popularity().fit(LINES).recommend(basket=["C"])
        assert recommended["product_id"].tolist() == ["B", "A", "D"]
        assert recommended["score"].tolist() == [3, 1, 1]
        assert recommended["rank"].tolist() == [1, 2, 3]

    def test_owned_products_are_left_out_unless_asked_for(self):
        fitted = Popularity().fit(LINES)
        assert fitted.recommend("1", n=2)["product_id"].tolist() == ["C", "D"]
        assert told(fitted, "1", n=2) == "BC"
        assert fitted.recommend(basket=["A", "B", "C", "D"]).empty

    def test_many_baskets_are_many_calls(self):
        lists = Popularity().fit(LINES).recommend_baskets([["A"], ["A", "B", "C", "D"], ["D"]], n=2)
        assert lists["basket"].tolist() == [0, 0, 2, 2]
        assert lists["product_id"].tolist() == ["B", "C", "B", "C"]

    def test_lately(self):
        assert told(Popularity(last_days=1).fit(LINES), "1") == "BCD"
        assert told(Popularity(last_days=49).fit(LINES), "2") == "BCD"
        assert Popularity(last_days=49).fit(LINES).buyers_.tolist() == [0, 2, 2, 1]
        with pytest.raises(ValueError, match="last_days must be a whole number"):
            Popularity(last_days=0).fit(LINES)


def test_random_lists_differ_between_askers_and_not_between_times():
    many = orders([(str(i), str(i % 9), "ABCDEFGHIJ", i) for i in range(20)])
    fitted = RandomOrder().fit(many)
    assert len({told(fitted, str(i)) for i in range(9)}) > 5
    assert told(fitted, "3") == told(RandomOrder().fit(many), "3") != told(RandomOrder(1).fit(many), "3")
    everyone = fitted.recommend_all(n=10, include_owned=True)
    assert everyone.groupby("customer_id")["product_id"].nunique().eq(10).all()
    baskets = fitted.recommend_baskets([["A"], ["B"], ["A"]])
    lists = ["".join(baskets.loc[baskets["basket"] == i, "product_id"]) for i in range(3)]
    assert lists[0] == lists[2] != lists[1]


def test_personal_frequency():
    data = orders([("1", "1", "AB", 0), ("2", "1", "BC", 1), ("3", "1", "BC", 2), ("4", "2", "AD", 0)])
    assert told(PersonalFrequency(fill=False).fit(data), "1") == "BCA"
    filled = PersonalFrequency().fit(data)
    assert told(filled, "1") == "BCAD"
    assert told(filled, "2") == "ADBC"
    assert "".join(filled.recommend(basket=["A"])["product_id"]) == "BCD"
    assert PersonalFrequency(fill=False).fit(data).recommend(basket=["A"]).empty


def test_last_order_is_the_latest_then_of_the_greatest_id():
    data = orders([("9", "1", "A", 0), ("1", "1", "B", 5), ("2", "1", "C", 5), ("3", "2", "D", 1)])
    fitted = LastOrder().fit(data)
    assert told(fitted, "1") == "C"
    assert told(fitted, "2") == "D"
    assert fitted.recommend("1").empty
    assert fitted.recommend(basket=["A"]).empty


def tifu_vector(baskets, products, m, r_b, r_g):
    """Return a customer's vector by equations 1 and 2 of the paper; the oldest basket is first."""
    groups: list[Any] = []
    end = len(baskets)
    while end > 0:
        groups.insert(0, baskets[max(0, end - m) : end])
        end -= m
    vectors = [
        sum(
            r_b ** (len(group) - 1 - i) * np.array([product in basket for product in products], dtype=float)
            for i, basket in enumerate(group)
        )
        / len(group)
        for group in groups
    ]
    return sum(r_g ** (len(groups) - 1 - i) * vector for i, vector in enumerate(vectors)) / len(groups)


histories = st.lists(st.sets(st.sampled_from("ABCDE"), min_size=1), min_size=1, max_size=6)


@given(st.lists(histories, min_size=2, max_size=5), st.integers(1, 3), st.integers(1, 3))
def test_tifu_knn_equals_the_equations(customers, m, k):
    rows = [
        (f"{who}-{i}", str(who), sorted(basket), i)
        for who, baskets in enumerate(customers)
        for i, basket in enumerate(baskets)
    ]
    fitted = TifuKNN(m, 0.9, 0.6, n_neighbors=k, alpha=0.7).fit(orders(rows))
    products = fitted.catalogue_.ids.tolist()
    vectors = np.array([tifu_vector(baskets, products, m, 0.9, 0.6) for baskets in customers])
    np.testing.assert_allclose(fitted.vectors_.toarray(), vectors, rtol=1e-12, atol=1e-15)
    for who in range(len(customers)):
        distance = np.round(((vectors - vectors[who]) ** 2).sum(axis=1) - (vectors[who] ** 2).sum(), 12)
        others = [other for other in np.argsort(distance, kind="stable") if other != who][:k]
        expected = 0.7 * vectors[who] + 0.3 * vectors[others].mean(axis=0)
        shown = fitted.recommend(str(who), include_owned=True).set_index("product_id")["score"]
        np.testing.assert_allclose(shown.reindex(products, fill_value=0), expected, rtol=1e-9, atol=1e-12)


def test_tifu_knn_of_one_customer_is_their_own_vector():
    fitted = TifuKNN().fit(orders([("1", "1", "AB", 0), ("2", "1", "B", 1)]))
    assert told(fitted, "1") == "BA"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"group_size": 0}, "group_size must be a whole number"),
        ({"n_neighbors": 0}, "n_neighbors must be a whole number"),
        ({"alpha": 1.5}, "alpha must be from 0 to 1; got 1.5"),
        ({"alpha": "half"}, "alpha must be from 0 to 1; got 'half'"),
        ({"group_decay": float("nan")}, "group_decay must be from 0 to 1"),
    ],
)
def test_tifu_knn_checks_its_parameters(parameters, message):
    with pytest.raises(ValueError, match=message):
        TifuKNN(**parameters).fit(LINES)
