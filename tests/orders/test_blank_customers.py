"""Customers without an id are identified by the layout's other columns; two never merge by their name."""

from __future__ import annotations

from typing import Any

import pytest

from shopper_widgets.orders.reading import read_transactions
from tests.order_tables import ENGINES, as_pandas, table

engines = pytest.mark.parametrize("engine", ENGINES)
HEAD = "order_id, sku, order_date, quantity, unit_price, customer_id, customer_email"
SQUARE = "Date, Time, Item, Qty, SKU, Discounts, Net Sales, Transaction ID, Customer ID, Customer Name, "
SQUARE += "Customer Reference ID"


def shop(*people: str, head: str = HEAD) -> Any:
    lines = [f"{i}, A, 2024-01-15, 1, 2.50, {who}" for i, who in enumerate(people)]
    return table("\n".join([head, *lines]))


def customers(source: Any, **options: Any) -> list[str | None]:
    read = as_pandas(read_transactions(source, **options)).sort_values("order_id")
    return [None if who != who else who for who in read["customer_id"]]


def notes(source: Any) -> list[str]:
    found: list[str] = read_transactions(source).attrs.get("notes", [])
    return found


@engines
def test_a_blank_id_becomes_that_of_the_address_or_the_address(engine: str) -> None:
    source = ENGINES[engine](
        shop("7, Ann@x.example", ", ann@x.example ", ", bob@x.example", "NULL, bob@x.example", "8,", ",")
    )
    assert customers(source) == ["7", "7", "bob@x.example", "bob@x.example", "8", None]


def test_it_is_said() -> None:
    source = shop("7, ann@x.example", ", ann@x.example", ", bob@x.example")
    assert notes(source) == ["2 lines without 'customer_id': the customer is identified by 'customer_email'."]
    assert notes(shop("7, ann@x.example", "8, bob@x.example", ",")) == []


def test_ids_that_share_an_address_stay_apart() -> None:
    source = shop("7, family@x.example", "8, family@x.example", ", family@x.example")
    assert customers(source) == ["7", "8", "family@x.example"]


def test_guests_go_by_their_address_and_what_is_no_address_is_nobody() -> None:
    source = shop("0, ann@x.example", "guest, bob@x.example", ", n/a", ", at the till", "7, cat@x.example")
    assert customers(source) == ["ann@x.example", "bob@x.example", None, None, "7"]


def test_an_address_that_stands_for_many_is_nobody_here_too() -> None:
    people = [", shop@x.example"] * 30 + [f"{i}, c{i}@x.example" for i in range(20)]
    assert customers(shop(*people)).count(None) == 30
    assert customers(shop("7, a@x.example", ", b@x.example"), guests=["b@x.example"]).count(None) == 1


def test_a_stated_column_of_ids_is_the_only_one() -> None:
    source = shop("7, ann@x.example", ", bob@x.example")
    assert customers(source, columns={"customer_id": "customer_id"}) == ["7", None]


def test_a_table_of_addresses_only() -> None:
    source = shop(", ann@x.example", ", bob@x.example")
    assert customers(source) == ["ann@x.example", "bob@x.example"]
    assert notes(source) == ["No line has 'customer_id': customers are identified by 'customer_email'."]


@engines
def test_a_name_is_an_id_only_where_no_line_has_another(engine: str) -> None:
    line = "2024-01-15, 10:00, Bun, 1, B, 0, 2.50, T{}, {}"
    people = ["C1, Jo Doe,", ", Jo Doe,", ", Jo Doe,"]
    lines = [line.format(i, who) for i, who in enumerate(people)]
    assert customers(ENGINES[engine](table("\n".join([SQUARE, *lines])))) == ["C1", None, None]
    lines = [line.format(i, who) for i, who in enumerate([", Jo Doe,", ", Al Roe,", ", Jo Doe,"])]
    source = table("\n".join([SQUARE, *lines]))
    assert customers(ENGINES[engine](source)) == ["Jo Doe", "Al Roe", "Jo Doe"]
    said = (
        "No line has 'Customer ID': customers are identified by 'Customer Name', so people with the same "
        "name are one customer."
    )
    assert notes(source) == [said]


def test_another_id_comes_before_a_name() -> None:
    line = "2024-01-15, 10:00, Bun, 1, B, 0, 2.50, T{}, , Jo Doe, {}"
    source = table("\n".join([SQUARE, line.format(1, "R1"), line.format(2, "R2"), line.format(3, "")]))
    assert customers(source) == ["R1", "R2", None]


@engines
def test_orders_of_shopify_without_addresses_go_by_phone_or_name(engine: str) -> None:
    head = "Name, Email, Created at, Lineitem quantity, Lineitem name, Lineitem price, Phone, Billing Name"
    line = "#{}, {}, 2024-01-15, 1, Bun, 2.50, {}, {}"
    paid_at_the_door = [line.format(i, "", phone, "Jo Doe") for i, phone in enumerate(("+8801", "+8802", ""))]
    source = table("\n".join([head, *paid_at_the_door]))
    assert customers(ENGINES[engine](source)) == ["+8801", "+8802", None]
    assert "No line has 'Email': customers are identified by 'Phone'." in notes(source)
    named = [line.format(i, "", "", who) for i, who in enumerate(("Jo Doe", "Al Roe"))]
    assert customers(ENGINES[engine](table("\n".join([head, *named])))) == ["Jo Doe", "Al Roe"]
    some = [line.format(1, "ann@x.example", "+8801", ""), line.format(2, "", "+8802", "Jo Doe")]
    assert customers(ENGINES[engine](table("\n".join([head, *some])))) == ["ann@x.example", None]


@engines
def test_phone_numbers_that_a_spreadsheet_shortened_are_nobodys(engine: str) -> None:
    head = "Name, Email, Created at, Lineitem quantity, Lineitem name, Lineitem price, Phone, Billing Name"
    lines = [f"#{i}, , 2024-01-15, 1, Bun, 2.50, 8.80E+11, {who}" for i, who in enumerate(("Jo", "Al"))]
    orders = ENGINES[engine](table("\n".join([head, *lines])))
    with pytest.raises(ValueError, match="under 'Phone', 2 were shortened by a spreadsheet"):
        read_transactions(orders)
    read = read_transactions(orders, columns={"customer_id": "Billing Name"})
    assert as_pandas(read)["customer_id"].tolist() == ["Jo", "Al"]


def test_a_mapped_table_with_addresses_is_no_export_of_a_program() -> None:
    source = table("Email, Basket, Paid, When\na@x.example, bun, 1, 2024-01-14\n, loaf, 2, 2024-01-15")
    columns = {"product_id": "Basket", "amount": "Paid", "ordered_at": "When", "order_id": None}
    read = read_transactions(source, columns={**columns, "quantity": None})
    assert read["customer_id"].tolist()[0] == "a@x.example"
    assert read["customer_id"].isna().tolist() == [False, True]
