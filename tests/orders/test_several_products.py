"""A line with a whole basket in one cell is no order line, and isn't read as one product."""

from collections.abc import Sequence

import pandas as pd
import pytest

from shopper_widgets import clean_transactions, read_transactions
from tests.order_tables import ENGINES, as_pandas


def shop(products: Sequence[str | None]) -> pd.DataFrame:
    n = len(products)
    return pd.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(n)],
            "customer_id": [f"c{i % 3}" for i in range(n)],
            "order_date": "2024-01-31",
            "product": products,
            "quantity": 2,
            "amount": 5.0,
        }
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "cell",
    [
        *("['Ketchup', 'Milk']", '["a", "b"]', "Mug x 2, Vase x 1", "Mug ×2; Vase ×1", "2 x Mug, 1x Vase"),
        *("Coca Cola 12x, Lays Classic 6x", "Oreo 4pcs; Cola 2x; Tea 1x"),
        *("[Water,Soup,Pizza]", "{Water,Soup}", '{"Fish & chips",Soup}'),
        *('[{"name": "Mug", "quantity": 2}]', "[{'sku': 'M-1'}, {'sku': 'V-1'}]"),
        "product_name:Mug|product_option_name:Blue|quantity:2|price:10.0;product_name:Vase|quantity:1",
        "Product ID: 77, Product Qty: 2, Product SKU: M-1, Product Name: Mug",
    ],
)
def test_baskets_in_a_cell_are_asked_about(engine: str, cell: str) -> None:
    lines = ENGINES[engine](shop([cell, "Mug", "Milk", None]))
    with pytest.raises(ValueError, match=r"product_id: 1 of 3 cells under 'product' hold several products"):
        read_transactions(lines)
    read = as_pandas(read_transactions(lines, columns={"product_id": None}))
    assert clean_transactions(read).transactions["amount"].sum() == 20


@pytest.mark.parametrize(
    "name",
    [
        "Mug, red x 2",
        "FRAME 10 x 15, OAK",
        "SET OF 3 BOXES, 10 x 12 x 14 cm, 2 x blue",
        "[Refill] Soap",
        "[Refill] Soap, blue [2]",
        "[Ready stock, 2024] Soap [Red]",
        "{Refill, red} Soap {2}",
        "Nuts, bolts & 'washers', 4 x 20",
        "Grid: 3, qty: 4",
        "Solid: oak; pack qty: 2",
    ],
)
def test_names_with_commas_and_measures_are_products(name: str) -> None:
    assert read_transactions(shop([name] * 4))["product_id"].tolist() == [name] * 4


def test_a_cell_among_many_is_a_name() -> None:
    few = ["Mug x 2, Vase x 1", *["Mug"] * 19]
    assert len(read_transactions(shop(few))) == 20
    with pytest.raises(ValueError, match="several products"):
        read_transactions(shop(few[:-1]))
