import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone

from shopper_widgets._support import paging
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.recommend.evaluation.methods import default_methods, next_order_methods
from shopper_widgets.recommend.item import ItemRecommender
from shopper_widgets.recommend.purchases import read_history, read_purchases, reading_once

LINES = pd.DataFrame(
    [
        ("2", "B", "Blue", 2, True),
        ("1", "A", "Red", 1, True),
        ("1", "A", "red", 4, True),
        ("1", "A", "red", 1, True),
        ("1", "POST", "Postage", 1, False),
        ("3", "C", None, 3, True),
    ],
    columns=["customer_id", "product_id", "product_name", "quantity", "is_product"],
)


@pytest.fixture(params=["few", "very many"], autouse=True)
def lines_count_as(request, monkeypatch):
    """With very many lines, engines return numbers for the ids."""
    monkeypatch.setattr(paging, "BUDGET", 0 if request.param == "very many" else paging.BUDGET)


def engines(lines):
    connection = duckdb.connect()
    return [lines, pl.from_pandas(lines), pl.from_pandas(lines).lazy(), connection.from_df(lines)]


def test_every_engine_gives_the_same():
    for frame in engines(LINES):
        purchases = read_purchases(frame)
        assert purchases.customer_ids.tolist() == ["1", "2", "3"]
        assert purchases.product_ids.tolist() == ["A", "B", "C"]
        assert purchases.product_names.tolist() == ["red", "Blue", "C"]
        np.testing.assert_array_equal(purchases.quantity.toarray(), [[6, 0, 0], [0, 2, 0], [0, 0, 3]])


def test_without_names_and_kinds_ids_stand_in_and_every_line_counts():
    purchases = read_purchases(LINES[["customer_id", "product_id", "quantity"]])
    assert purchases.product_ids.tolist() == purchases.product_names.tolist() == ["A", "B", "C", "POST"]


def test_absent_columns_are_named():
    with pytest.raises(ValueError, match="quantity not found among customer_id, product_id"):
        read_purchases(LINES[["customer_id", "product_id"]])


def test_nothing_to_learn_from():
    with pytest.raises(ValueError, match="no line about a product"):
        read_purchases(LINES[~LINES["is_product"]])


@pytest.mark.parametrize("column", ["customer_id", "product_id"])
def test_missing_ids_are_refused_on_every_engine(column):
    lines = LINES.copy()
    lines[column] = ["1", None, "1", "1", "1", "1"]
    for frame in engines(lines):
        with pytest.raises(ValueError, match=f"without {column}"):
            read_purchases(frame)


@pytest.mark.parametrize("quantity", [0, -1, None, float("nan"), float("inf")])
def test_quantities_that_say_nothing_are_refused_on_every_engine(quantity):
    lines = LINES.assign(quantity=[1.0, quantity, 1.0, 1.0, 1.0, 1.0])
    for frame in engines(lines):
        with pytest.raises(ValueError, match="quantity must be a number above zero"):
            read_purchases(frame)


ORDERS = LINES.assign(
    order_id=["8", "5", "5", "5", "7", "9"],
    ordered_at=pd.Timestamp("2011-01-01") + pd.to_timedelta([24, 0, 0, 0, 0, 84], "h"),
)


def test_history_is_the_same_on_every_engine_and_agrees_with_purchases():
    for frame in engines(ORDERS):
        history = read_history(frame)
        np.testing.assert_array_equal(history.orders.toarray(), [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
        assert history.customer.tolist() == [0, 1, 2]
        assert history.age.tolist() == [3.5, 2.5, 0]
        purchases = read_purchases(frame)
        np.testing.assert_array_equal(history.purchases.quantity.toarray(), purchases.quantity.toarray())
        assert history.purchases.product_names.tolist() == purchases.product_names.tolist()


def test_an_order_id_that_two_customers_share_is_an_order_of_each():
    history = read_history(ORDERS.assign(order_id="1"))
    assert history.orders.shape == (3, 3)
    assert history.customer.tolist() == [0, 1, 2]


@pytest.mark.parametrize("column", ["order_id", "ordered_at"])
def test_history_needs_every_order_and_time(column):
    with pytest.raises(ValueError, match=f"{column} not found among"):
        read_history(ORDERS.drop(columns=column))
    with pytest.raises(ValueError, match=f"without {column}"):
        read_history(ORDERS.assign(**{column: ORDERS[column].where(ORDERS.index != 0)}))


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("quantity", "3", "numbers; the column holds String"),
        ("quantity", True, "numbers; the column holds Boolean"),
        ("ordered_at", "2011-01-01", "timestamps; the column holds String"),
        ("ordered_at", 5, "timestamps; the column holds Int64"),
    ],
)
def test_columns_of_another_kind_are_refused_on_every_engine(column, value, found):
    for frame in engines(ORDERS.assign(**{column: value})):
        with pytest.raises(ValueError, match=f"{column} must hold {found}.*read_transactions"):
            read_history(frame)


def test_one_text_among_numbers_is_shown():
    mixed = LINES.astype({"quantity": object})
    mixed.loc[2, "quantity"] = "two"
    with pytest.raises(ValueError, match=r"quantity must hold numbers; .*\['two'\]"):
        read_purchases(mixed)
    numbers = read_purchases(LINES.astype({"quantity": object})).quantity
    np.testing.assert_array_equal(numbers.toarray(), read_purchases(LINES).quantity.toarray())


@pytest.mark.parametrize("column", ["customer_id", "product_id"])
def test_ids_that_became_numbers_with_a_point_are_refused_on_every_engine(column):
    for frame in engines(LINES.assign(**{column: 12346.0})):
        with pytest.raises(ValueError, match=rf"{column} must be text; .*12346\.0.*read_transactions"):
            read_purchases(frame)


@pytest.mark.parametrize("nothing", [None, "orders.csv", {"customer_id": ["1"]}, 5])
def test_what_is_no_frame_is_refused(nothing):
    with pytest.raises(TypeError, match=f"transactions must be a frame.*got {type(nothing).__name__}"):
        read_purchases(nothing)


def test_kinds_must_be_told_by_true_and_false():
    with pytest.raises(ValueError, match=r"is_product must be true or false.*String"):
        read_purchases(LINES.assign(is_product="yes"))
    some = read_purchases(LINES.astype({"is_product": object}))
    assert some.product_ids.tolist() == ["A", "B", "C"]


def test_a_blank_name_is_none():
    for frame in engines(LINES.assign(product_name=pd.Series(["  ", "Red", "", "", "", None]))):
        assert read_purchases(frame).product_names.tolist() == ["Red", "B", "C"]


METHODS = default_methods() | next_order_methods() | {"log": ItemRecommender(weighting="log")}


@pytest.mark.parametrize("name", METHODS)
def test_what_is_read_once_is_the_same_for_the_next_method(small_shop, name):
    lines = clean_transactions(small_shop).transactions
    before = read_history(lines)
    with reading_once(lines):
        after = read_history(lines)
        clone(METHODS[name], safe=False).fit(lines)
    for old, new in ((before.purchases.quantity, after.purchases.quantity), (before.orders, after.orders)):
        for part in ("data", "indices", "indptr"):
            np.testing.assert_array_equal(getattr(old, part), getattr(new, part))
    np.testing.assert_array_equal(before.customer, after.customer)
    np.testing.assert_array_equal(before.age, after.age)
