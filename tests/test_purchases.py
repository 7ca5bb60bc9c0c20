import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

from shopper_widgets.purchases import read_history, read_purchases

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
    lines = LINES.assign(**{column: ["1", None, "1", "1", "1", "1"]})
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
