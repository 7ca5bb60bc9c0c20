import pandas as pd
import pytest

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.recommend.assortment import assortment

SALES = pd.DataFrame(
    [
        ("2011-01-01", "UK", "A", 2, 4.0),
        ("2011-01-31", "Eire", "A", 1, 10.0),
        ("2011-01-25", "UK", "B", 1, 5.0),
        ("2011-01-31", "UK", "C", 4, 2.0),
    ],
    columns=["date", "country", "product_id", "quantity", "amount"],
).assign(date=lambda table: pd.to_datetime(table["date"]))


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, ["A", "B", "C"]),
        ({"country": "Eire"}, ["A"]),
        ({"sold_within_days": 1}, ["A", "C"]),
        ({"sold_within_days": 7}, ["A", "B", "C"]),
        ({"sold_within_days": 6}, ["A", "C"]),
        ({"country": "UK", "sold_within_days": 7}, ["B", "C"]),
        ({"lowest_price": 4.5}, ["A", "B"]),
        ({"country": "UK", "lowest_price": 2, "highest_price": 2}, ["A"]),
        ({"highest_price": 0.1}, []),
    ],
)
def test_every_condition_counts(conditions, expected):
    assert assortment(SALES, **conditions) == expected


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({"country": "France"}, "'France', not among Eire, UK"),
        ({"lowest_price": 3, "highest_price": 2}, "lowest_price must not be above highest_price"),
        ({"highest_price": float("nan")}, "highest_price must be a price of at least 0"),
        ({"lowest_price": "3"}, "lowest_price must be a price of at least 0; got '3'"),
        ({"sold_within_days": 0}, "sold_within_days must be a whole number"),
    ],
)
def test_conditions_that_make_no_sense(conditions, message):
    with pytest.raises(ValueError, match=message):
        assortment(SALES, **conditions)


def test_a_model_recommends_within_it(small_model: ShopperModel):
    country = small_model.sales["country"].mode()[0]
    ids = assortment(small_model.sales, country=country, sold_within_days=14, highest_price=10)
    everyone = small_model.recommender.recommend_all(only=ids)
    assert 0 < everyone["product_id"].nunique() <= len(ids)
    assert set(everyone["product_id"]) <= set(ids)


def test_days_beyond_the_data_are_no_limit():
    assert assortment(SALES, sold_within_days=10**12) == assortment(SALES)
