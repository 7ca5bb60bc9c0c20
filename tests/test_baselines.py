import pandas as pd
import pytest
from contracts import EstimatorContract

from shopper_widgets.baselines import Popularity
from shopper_widgets.errors import UnknownProductError

LINES = pd.DataFrame(
    [
        ("1", "A", 90),
        ("1", "B", 1),
        ("2", "B", 1),
        ("2", "C", 1),
        ("3", "C", 1),
        ("3", "B", 2),
        ("4", "D", 1),
    ],
    columns=["customer_id", "product_id", "quantity"],
)


class TestPopularityContract(EstimatorContract):
    def make(self):
        return Popularity()

    def data(self):
        return LINES.copy()

    def answers(self, fitted):
        return [fitted.recommend("1"), fitted.recommend_baskets([["A"], ["B", "C"]])]

    def check_unseen(self, fitted):
        with pytest.raises(UnknownProductError):
            fitted.recommend(basket=["Z"])


def test_most_customers_first_then_the_smaller_id():
    recommended = Popularity().fit(LINES).recommend(basket=["C"])
    assert recommended["product_id"].tolist() == ["B", "A", "D"]
    assert recommended["score"].tolist() == [3, 1, 1]
    assert recommended["rank"].tolist() == [1, 2, 3]


def test_owned_products_are_left_out_unless_asked_for():
    fitted = Popularity().fit(LINES)
    assert fitted.recommend("1", n=2)["product_id"].tolist() == ["C", "D"]
    assert fitted.recommend("1", n=2, include_owned=True)["product_id"].tolist() == ["B", "C"]
    assert fitted.recommend(basket=["A", "B", "C", "D"]).empty


def test_many_baskets_are_many_calls():
    lists = Popularity().fit(LINES).recommend_baskets([["A"], ["A", "B", "C", "D"], ["D"]], n=2)
    assert lists["basket"].tolist() == [0, 0, 2, 2]
    assert lists["product_id"].tolist() == ["B", "C", "B", "C"]
    assert lists["rank"].tolist() == [1, 2, 1, 2]
