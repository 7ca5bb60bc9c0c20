"""Refunded and cancelled units are deducted from their line, and once from a product on two lines."""

import pytest

from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.reading import read_transactions
from tests.order_tables import ENGINES, as_pandas, money, table

engines = pytest.mark.parametrize("engine", ENGINES)
PRESTASHOP = """
id_order, id_customer, date_add, product_id, product_name, product_quantity, product_quantity_refunded, \
unit_price_tax_incl
1, 7, 2024-01-31 10:00:00, 12, Mug, 5, 2, 10.0
1, 7, 2024-01-31 10:00:00, 13, Pan, 1, 0, 20.0
2, 8, 2024-01-31 11:00:00, 12, Mug, 1, 1, 10.0
3, 9, 2024-02-01 11:00:00, 12, Mug, 1, , 10.0
"""
MAGENTO = """
increment_id, created_at, status, customer_email, item_id, parent_item_id, product_type, sku, name, \
qty_ordered, qty_refunded, qty_canceled, price
1, 2024-01-31 10:00:00, complete, a@b.example, 11, NULL, configurable, M-S, Mug, 3, 1, 1, 10.0
1, 2024-01-31 10:00:00, complete, a@b.example, 12, 11, simple, M-S, Mug Small, 3, 0, 0, 0.0
2, 2024-01-31 11:00:00, complete, a@b.example, 13, NULL, configurable, M-L, Mug, 1, 0, 0, 12.0
2, 2024-01-31 11:00:00, complete, a@b.example, 14, 13, simple, M-L, Mug Large, 1, 0, 0, 12.0
3, 2024-02-01 11:00:00, complete, a@b.example, 15, NULL, bundle, SET, Set, 1, 0, 0, 0.0
3, 2024-02-01 11:00:00, complete, a@b.example, 16, 15, simple, FORK, Fork, 2, 0, 0, 4.0
"""


def cleaned(text, engine="pandas", **options):
    return clean_transactions(read_transactions(ENGINES[engine](table(text))), **options)


def left(clean):
    lines = as_pandas(clean.transactions).sort_values(["order_id", "product_id"])
    return lines[["order_id", "product_id", "quantity", "amount"]].to_numpy().tolist()


@engines
def test_refunded_units_come_off_their_line(engine):
    clean = cleaned(PRESTASHOP, engine)
    assert left(clean) == [["1", "12", 3.0, 30.0], ["1", "13", 1.0, 20.0], ["3", "12", 1.0, 10.0]]
    told = money(clean.audit)
    assert told["lines read"] == (4, 3, 70.0)
    assert told["cancelled order"] == (1, 1, 10.0)
    assert told["kept"] == (3, 2, 60.0)
    assert len(as_pandas(clean.unmatched_returns)) == 0


def test_units_refunded_to_nobody_known_come_off_too():
    clean = cleaned(PRESTASHOP.replace("1, 7,", "1, ,"), returns="net")
    assert as_pandas(clean.without_customer)["quantity"].tolist() == [3.0, 1.0]


def test_what_was_refunded_is_said():
    read = read_transactions(table(PRESTASHOP))
    assert read["quantity"].tolist() == [3.0, 1.0, 1.0, 1.0]
    assert read["is_cancelled"].tolist() == [False, False, True, False]
    assert read.attrs["notes"] == [
        "'product_quantity_refunded': 3 units of 2 lines were given back or cancelled, 30.00 in all: they "
        "are subtracted from their lines."
    ]


def test_more_than_was_bought_is_not_given_back():
    clean = cleaned(PRESTASHOP.replace("5, 2,", "5, 9,"), returns="net")
    assert left(clean)[0] == ["1", "13", 1.0, 20.0]
    assert money(clean.audit)["cancelled order"] == (2, 2, 60.0)


def test_totals_and_discounts_shrink_with_their_line():
    lines = PRESTASHOP.replace("unit_price_tax_incl", "total_price_tax_incl, line_discount")
    text = lines.replace("2, 10.0", "2, 45.0, 5.0").replace("0, 20.0", "0, 20.0, 0")
    read = read_transactions(table(text.replace("1, 10.0", "1, 10.0, 0").replace(", , 10.0", ", , 10.0, 0")))
    assert read["amount"].tolist() == [27.0, 20.0, 10.0, 10.0]
    assert read["discount"].tolist() == [3.0, 0.0, 0.0, 0.0]


def test_refunds_that_have_lines_of_their_own_are_not_taken_off_twice():
    clean = cleaned(PRESTASHOP + "4, 7, 2024-02-03 10:00:00, 12, Mug, -2, 0, 10.0\n", returns="net")
    assert left(clean)[0] == ["1", "12", 3.0, 30.0]
    assert any("are not subtracted, since 1 line with a negative quantity" in note for note in clean.notes)


@engines
def test_magentos_products_on_two_lines_count_once(engine):
    clean = cleaned(MAGENTO, engine)
    assert left(clean) == [["1", "M-S", 1.0, 10.0], ["2", "M-L", 1.0, 12.0], ["3", "FORK", 2.0, 8.0]]
    assert money(clean.audit)["price not positive"] == (3, 1, 0.0)


def test_a_variant_without_the_number_of_its_line_is_told_by_its_code():
    text = "\n".join(
        ",".join(cell for place, cell in enumerate(line.split(",")) if place != 4)
        for line in MAGENTO.replace("\\\n", "").strip().splitlines()
    )
    clean = cleaned(text)
    assert left(clean) == [["1", "M-S", 1.0, 10.0], ["2", "M-L", 1.0, 12.0], ["3", "FORK", 2.0, 8.0]]
    assert any("'parent_item_id': 1 line with a price is a part of another line" in n for n in clean.notes)


def test_an_orders_refund_is_not_told_beside_that_of_its_lines():
    text = PRESTASHOP.replace("unit_price_tax_incl", "unit_price_tax_incl, refunded_amount")
    lines = text.strip().splitlines()
    amounts = ["", ", 20.0", ", 20.0", ", 10.0", ", 5.0"]
    read = read_transactions(table("\n".join(a + b for a, b in zip(lines, amounts, strict=True))))
    assert "'refunded_amount' shows 5.00 refunded on 1 order" in read.attrs["notes"][-1]
