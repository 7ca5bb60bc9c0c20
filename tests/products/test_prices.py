"""Price points, ladders and causes of price changes: exact on small tables and engines, and on real lines."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.orders.tables import lines_table
from shopper_widgets.products.prices import price_table, price_variance, quantity_breaks
from tests.order_tables import ENGINES
from tests.products.price_shops import price_shop


def lines(rows: list[tuple]) -> pd.DataFrame:
    """Return lines from tuples (product, customer, quantity, unit price), each its own order."""
    frame = pd.DataFrame(rows, columns=["product_id", "customer_id", "quantity", "unit_price"])
    return frame.assign(
        order_id=np.arange(len(rows)).astype(str),
        ordered_at=pd.Timestamp("2024-01-01"),
        product_name=frame["product_id"],
        is_product=frame["product_id"] != "POST",
        amount=frame["quantity"] * frame["unit_price"],
    )


SHOP = lines(
    [
        ("A", "c", 1, 2.504),
        ("A", "c", 1, 2.5),
        ("A", "d", 12, 2.0),
        ("A", None, 2, 4.9),
        ("B", None, 3, 0.0),
        ("B", None, 0.5, 8.0),
        ("POST", "c", 1, 18.0),
    ]
)


@pytest.mark.parametrize("engine", ENGINES)
def test_points_are_whole_cents_of_products_and_each_buyers_apart(engine: str) -> None:
    before = SHOP.copy()
    table = price_table(ENGINES[engine](SHOP)).set_index(["product_id", "buyers", "price"])
    assert list(table.index) == [
        ("A", "customer", 2.0),
        ("A", "customer", 2.5),
        ("A", "no customer", 4.9),
        ("B", "no customer", 8.0),
    ]
    assert table["units"].tolist() == [12, 2, 2, 0.5]
    assert table["unit_share"].tolist() == [0.75, 0.125, 0.125, 1]
    assert table["order_share"].tolist() == [0.25, 0.5, 0.25, 1]
    assert table["small_price"].tolist() == [2.5, 2.5, 4.9, 8.0]
    pd.testing.assert_frame_equal(SHOP, before)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_ladder_tells_what_less_a_unit_costs_by_quantity(engine: str) -> None:
    table = quantity_breaks(ENGINES[engine](SHOP), bands=[1, 10])
    assert table[["product_id", "buyers", "from_quantity", "price"]].to_numpy().tolist() == [
        ["A", "customer", 1, 2.5],
        ["A", "customer", 10, 2.0],
        ["A", "no customer", 1, 4.9],
        ["B", "no customer", 1, 8.0],
    ]
    assert table["less"].tolist() == pytest.approx([0, 0.2, 0, 0])


def test_the_order_of_lines_changes_nothing_and_units_and_money_add_up() -> None:
    shop = price_shop(0, products=12, weeks=25)
    mixed = shop.sample(frac=1, random_state=1)
    for table in (price_table, quantity_breaks, price_variance):
        pd.testing.assert_frame_equal(table(shop), table(mixed))
    points = price_table(shop)
    assert points["units"].sum() == shop["quantity"].sum()
    assert points["amount"].sum() == pytest.approx(shop["amount"].sum())
    assert points.groupby("product_id")["unit_share"].sum().to_numpy() == pytest.approx(np.ones(12))


def test_a_planted_quantity_break_is_the_ladder() -> None:
    shop = price_shop(3, products=12, weeks=25, elasticity=0.0)
    table = quantity_breaks(shop, bands=[1, 12])
    assert table[table["from_quantity"] == 12]["less"].median() == pytest.approx(0.2, abs=0.01)


def test_what_moves_a_price_has_the_share_that_was_planted_and_chance_is_told() -> None:
    draw = np.random.default_rng(0)
    many = pd.concat([SHOP.iloc[[0]]] * 4000, ignore_index=True)
    till = draw.random(4000) < 0.5
    log = np.where(till, 0.3, 0.0) + draw.normal(0, 0.15, 4000)
    shop = many.assign(
        customer_id=pd.Series("c", index=many.index).mask(till),
        product_id=draw.integers(0, 40, 4000).astype(str),
        ordered_at=pd.Timestamp("2024-01-01") + pd.to_timedelta(draw.integers(0, 360, 4000), unit="D"),
        unit_price=20 * np.exp(log),
        order_id=np.arange(4000).astype(str),
    )
    table = price_variance(shop).set_index("source")
    assert table["share"]["buyers"] == pytest.approx(0.5, abs=0.03)
    assert table["share"]["month"] == pytest.approx(table["share_by_chance"]["month"], abs=0.015)
    assert table["share"]["quantity"] == 0


def test_on_real_lines_who_bought_moves_a_price_most(online_retail_model) -> None:
    """Published before with other bands and bounds: 69, 34 and 21 %."""
    table = price_variance(online_retail_model.lines).set_index("source")["share"]
    assert table.round(3).to_dict() == {"buyers": 0.689, "quantity": 0.328, "month": 0.221}


def test_a_shop_without_prices_products_or_a_change_says_so() -> None:
    with pytest.raises(TooLittleDataError, match="no line of a product has a price above 0"):
        price_table(SHOP[SHOP["product_id"] == "POST"])
    with pytest.raises(TooLittleDataError, match="no line of a product has a price above 0"):
        quantity_breaks(SHOP.assign(unit_price=0.0))
    with pytest.raises(TooLittleDataError, match="no product with 30 lines or more was sold at two prices"):
        price_variance(SHOP)
    with pytest.raises(ValueError, match="lines must have the column 'unit_price'"):
        price_table(SHOP.drop(columns="unit_price"))
    with pytest.raises(ValueError, match="bands must be rising"):
        quantity_breaks(SHOP, bands=[10, 1])


def test_lines_of_the_model_are_taken_as_they_are() -> None:
    pd.testing.assert_frame_equal(price_table(lines_table(SHOP)), price_table(SHOP))
