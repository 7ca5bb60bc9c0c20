"""Headers that are nearly the usual ones."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from shopper_widgets import detect_layout, read_transactions

#: Headers as people write them → the column that each is read as.
TABLES = [
    (
        "transactions_id|sale_date|sale_time|customer_id|gender|age|category|quantiy|price_per_unit|cogs|total_sale",
        "order_id=transactions_id product_id=category customer_id=customer_id ordered_at=sale_date "
        "quantity=quantiy unit_price=price_per_unit amount=total_sale",
    ),
    (
        "InvNo|InvDate|CustNo|ProdNo|Qty (pcs)|Unit Price INR",
        "order_id=InvNo product_id=ProdNo customer_id=CustNo ordered_at=InvDate quantity=Qty (pcs) "
        "unit_price=Unit Price INR",
    ),
    (
        "Costumer ID|Order ID|Date of Order|Prodcut Code|Quantity|Price (USD)",
        "order_id=Order ID product_id=Prodcut Code customer_id=Costumer ID ordered_at=Date of Order "
        "quantity=Quantity unit_price=Price (USD)",
    ),
    (
        "TransDate|TxnNbr|CustID|Code of Product|QtySold|Amount in USD",
        "order_id=TxnNbr product_id=Code of Product customer_id=CustID ordered_at=TransDate "
        "quantity=QtySold amount=Amount in USD",
    ),
]


@pytest.mark.parametrize(("headers", "expected"), TABLES)
def test_other_forms_of_usual_headers_need_no_mapping(headers: str, expected: str) -> None:
    layout = detect_layout(pd.DataFrame(columns=headers.split("|")))
    assert (layout.name, layout.assumed) == ("usual headers", ())
    pairs = expected.split(" ")
    wanted: dict[str, str] = {}
    for pair in pairs:  # a header may contain spaces
        if "=" in pair:
            column, header = pair.split("=")
            wanted[column] = header
        else:
            wanted[column] += f" {pair}"
    assert layout.columns == wanted


def test_a_table_of_items_purchased_is_read_without_numbers_of_orders() -> None:
    headers = ["Customer Reference ID", "Item Purchased", "Purchase Amount (USD)", "Date Purchase"]
    layout = detect_layout(pd.DataFrame(columns=headers))
    assert layout.assumed == ("quantity", "order_id")
    assert layout.columns["customer_id"] == "Customer Reference ID"
    assert layout.columns["amount"] == "Purchase Amount (USD)"


@pytest.mark.parametrize(
    ("headers", "lacking"),
    [
        # a number of orders or items is neither an order id nor the units of a line
        ("Customer ID|Date|Number of Orders|Product|Total Items|Price", "quantity"),
        ("Customer ID|Date|Orders Number|Product|Qty|Total Orders", "unit_price"),
        # what was sold, as text
        ("Order ID|Customer|Item Sold|Date|Price", "product_id"),
        # one price in two currencies: the user is asked which one counts
        ("Customer|Order ID|Date|Product|Price (USD)|Price (EUR)|Qty", "unit_price"),
        # "Sale" alone is no number of units: it may be an amount, or a yes
        ("Order ID|Date|Customer ID|Product ID|Sale", "quantity"),
        # unusual words
        ("Customer|Order ID|Date|Produce|Qty|Mount", "product_id"),
    ],
)
def test_what_may_be_another_thing_is_asked_about(headers: str, lacking: str) -> None:
    with pytest.raises(ValueError, match=rf"lacks the column\(s\) .*{lacking}"):
        detect_layout(pd.DataFrame(columns=headers.split("|")))


@pytest.mark.parametrize("header", ["No", "Number of", "Sale", "Sold"])
def test_a_number_of_nothing_and_a_deed_are_no_quantity(header: str) -> None:
    layout = detect_layout(pd.DataFrame(columns=["Order ID", "Date", "Customer", "Product", "Price", header]))
    assert "quantity" not in layout.columns
    assert layout.assumed == ("quantity",)


@pytest.mark.parametrize(
    "header", ["Ordered", "Ordered No", "Invoiced", "Purchaser ID", "Purchased ID", "Transactions"]
)
def test_what_tells_who_whether_or_how_many_is_no_number_of_an_order(header: str) -> None:
    layout = detect_layout(pd.DataFrame(columns=[header, "Date", "Customer", "Product", "Qty", "Price"]))
    assert "order_id" not in layout.columns
    assert layout.assumed == ("order_id",)


@pytest.mark.parametrize(
    "headers",
    [
        "id_order|date|id_customer|customer|id_product|product|qty|price",
        "Order No|Date|Buyer Email|ID Customer|Item|Product ID|Qty|Price",
        "pedido|fecha|cliente|cliente_id|producto|producto_id|cantidad|precio",
        "zamówienie|data|klient|nazwa produktu|nr_klienta|ilość|cena|produktu_kod",
    ],
)
def test_nearly_a_number_says_more_than_a_name(headers: str) -> None:
    layout = detect_layout(pd.DataFrame(columns=headers.split("|")))
    for column in ("customer_id", "product_id"):
        assert re.search("id|nr|kod", layout.columns[column].replace("produktu", ""), re.IGNORECASE)


def test_nearly_a_card_says_no_more_than_a_customer() -> None:
    headers = ["Order ID", "Date", "Customer", "Card No", "Product", "Qty", "Price"]
    assert detect_layout(pd.DataFrame(columns=headers)).columns["customer_id"] == "Customer"


def test_namesakes_with_numbers_are_two_customers() -> None:
    orders = pd.DataFrame(
        {"customer": ["Jo Doe", "Jo Doe"], "id_customer": ["7", "8"], "product": ["a", "b"]}
    )
    orders = orders.assign(id_order=["1", "2"], date="2024-03-14", qty=1, price=2.0)
    assert read_transactions(orders)["customer_id"].tolist() == ["7", "8"]


def test_what_a_near_header_was_read_as_is_told() -> None:
    orders = pd.DataFrame(
        {
            "Costumer ID": ["7", "8"],
            "Order No": ["1", "2"],
            "Date of Order": ["2024-03-01", "2024-03-02"],
            "Prodcut": ["MUG", "BAG"],
            "Quantiy": [1, 2],
            "Price (EUR)": [2.5, 4.0],
        }
    )
    read = read_transactions(orders)
    assert read["quantity"].tolist() == [1, 2]
    notes = read.attrs["notes"]
    assert any("customer_id ← 'Costumer ID'" in note and "columns=…" in note for note in notes)
