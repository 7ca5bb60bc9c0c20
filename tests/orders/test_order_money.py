"""Price of one or of all, total of a line or of an order, one currency or several: proved, or reported."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.reading import read_transactions
from tests.order_tables import ENGINES, as_pandas, money, table

engines = pytest.mark.parametrize("engine", ENGINES)
HEAD = "order_id,product_id,customer_id,ordered_at,quantity,unit_price"
SALES = """
ORDERNUMBER, PRODUCTCODE, CUSTOMERNAME, ORDERDATE, QUANTITYORDERED, PRICEEACH, SALES
1, A, ann, 2024-01-15, 2, 100, 250
2, B, ann, 2024-01-15, 1, 50, 50
3, B, bob, 2024-01-15, 3, 50, 150
"""
MAPPED = {
    "order_id": "ORDERNUMBER",
    "product_id": "PRODUCTCODE",
    "customer_id": "CUSTOMERNAME",
    "ordered_at": "ORDERDATE",
    "quantity": "QUANTITYORDERED",
}


def revenue(source: Any, **options: Any) -> tuple[float, list[str]]:
    read = read_transactions(source, **options)
    return money(clean_transactions(read).audit)["kept"][2], read.attrs.get("notes", [])


@engines
def test_totals_that_disagree_are_told_with_both_sums(engine: str, caplog: Any) -> None:
    source = ENGINES[engine](table(SALES))
    with caplog.at_level(logging.WARNING):
        read = read_transactions(source, columns={**MAPPED, "unit_price": "PRICEEACH"})
    said = "'SALES' adds up to 450.00, quantity × 'PRICEEACH' to 400.00; the price counts"
    assert f"{said}. columns={{'amount': 'SALES'}}" in caplog.text
    assert money(clean_transactions(read).audit)["kept"] == (3, 2, 400.0)


def test_the_caller_says_which_counts() -> None:
    total, notes = revenue(table(SALES), columns={**MAPPED, "amount": "SALES"})
    assert (total, notes) == (450.0, [])
    both = {**MAPPED, "amount": "SALES", "unit_price": "PRICEEACH"}
    total, notes = revenue(table(SALES), columns=both)
    assert total == 450.0
    assert "quantity × 'PRICEEACH' to 400.00; the line totals of 'SALES' count" in notes[0]


def test_of_a_known_layout_the_given_price_counts_and_the_total_is_told() -> None:
    shop = table(f"{HEAD},amount\n1,A,ann,2024-01-15,2,10,30\n2,B,ann,2024-01-15,3,5,20")
    assert revenue(shop)[0] == 50
    total, notes = revenue(shop, columns={"unit_price": "unit_price"})
    assert total == 35
    assert "'amount' adds up to 50.00, quantity × 'unit_price' to 35.00; the price counts" in notes[0]


def test_rounding_is_no_disagreement() -> None:
    shop = table(f"{HEAD},amount\n1,A,ann,2024-01-15,3,3.333,10\n2,B,ann,2024-01-15,1,5,5.01")
    assert revenue(shop) == (15.01, [])


@engines
def test_a_header_given_to_the_quantity_is_no_line_total(engine: str) -> None:
    shop = table("order_id,product_id,customer_id,ordered_at,AMOUNT,unit_price\n1,A,ann,2024-01-15,20,10")
    read = read_transactions(
        ENGINES[engine](shop), columns={"quantity": "AMOUNT", "unit_price": "unit_price"}
    )
    assert money(clean_transactions(read).audit)["kept"] == (1, 1, 200.0)


@engines
@pytest.mark.parametrize("header", ["amount", "total", "Total Amount"])
def test_the_total_of_an_order_is_not_counted_once_per_line(header: str, engine: str) -> None:
    shop = table(
        f"{HEAD},{header}\n1,A,ann,2024-01-15,2,10,25\n1,B,ann,2024-01-15,1,5,25\n2,A,bob,2024-01-16,3,10,30"
    )
    read = read_transactions(ENGINES[engine](shop))
    assert money(clean_transactions(read).audit)["kept"] == (3, 2, 55.0)


@engines
def test_totals_of_orders_alone_are_refused(engine: str) -> None:
    shop = table(
        "order_id,product_id,customer_id,ordered_at,quantity,amount\n1,A,ann,2024-01-15,2,25\n"
        "1,B,ann,2024-01-15,1,25\n2,A,bob,2024-01-16,3,38\n2,B,bob,2024-01-16,1,38"
    )
    with pytest.raises(
        ValueError, match=r"amount: 'amount' is the same on all lines .*126\.00 instead of 63\.00"
    ):
        read_transactions(ENGINES[engine](shop))


def test_where_everything_costs_the_same_totals_are_those_of_lines() -> None:
    shop = table(
        "order_id,product_id,customer_id,ordered_at,quantity,amount\n1,A,ann,2024-01-15,1,5\n"
        "1,B,ann,2024-01-15,1,5\n2,A,bob,2024-01-16,1,5\n2,B,bob,2024-01-16,1,5"
    )
    assert revenue(shop) == (20.0, [])


CURRENCIES = "1,A,ann,2024-01-15,2,10,EUR\n2,A,ann,2024-01-16,3,30,gbp\n3,A,bob,2024-01-17,1,5,"


@engines
@pytest.mark.parametrize(
    "header", ["Currency", "order_currency", "presentment_currency", "Währung", "currency_code"]
)
def test_several_currencies_are_refused_with_their_sums(header: str, engine: str) -> None:
    shop = ENGINES[engine](table(f"{HEAD},{header}\n{CURRENCIES}"))
    sums = r"EUR 20\.00 \(1 line\), GBP 90\.00 \(1 line\)"
    with pytest.raises(
        ValueError, match=rf"'{header}' holds several currencies: EUR, GBP\. .*{sums}.*rates="
    ):
        read_transactions(shop)


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        *(
            (h, True)
            for h in ("Billing Currency", "invoice_currency", "currency_symbol", "Cur", "SaleCurrency")
        ),
        *((h, True) for h in ("moneda de venta", "Local Currency Code")),
        # currencies of other amounts, or of none
        *((h, False) for h in ("Original currency", "Currency rate", "settlement_currency")),
    ],
)
def test_currencies_are_seen_under_other_headers(header: str, seen: bool) -> None:
    orders = table(f"{HEAD},{header}\n{CURRENCIES}")
    if seen:
        with pytest.raises(ValueError, match=f"'{header}' holds several currencies: EUR, GBP"):
            read_transactions(orders)
    else:
        assert read_transactions(orders)["unit_price"].notna().all()


def test_currencies_are_seen_in_uci_and_superstore_too() -> None:
    for head in (
        "InvoiceNo,StockCode,CustomerID,InvoiceDate,Quantity,UnitPrice",
        "Order ID,Product ID,Customer ID,Order Date,Quantity,Sales",
    ):
        with pytest.raises(ValueError, match="several currencies"):
            read_transactions(table(f"{head},order_currency\n{CURRENCIES}"))


SIGNS = "1,A,ann,2024-01-15,2,10 €\n2,A,ann,2024-01-16,3,£30\n3,A,bob,2024-01-17,1,5"


@engines
def test_signs_beside_prices_are_currencies(engine: str) -> None:
    shop = ENGINES[engine](table(f"{HEAD}\n{SIGNS}"))
    sums = r"EUR 20\.00 \(1 line\), GBP 90\.00 \(1 line\)"
    with pytest.raises(ValueError, match=rf"'unit_price' holds several currencies: EUR, GBP\. .*{sums}"):
        read_transactions(shop)
    orders = as_pandas(read_transactions(shop, rates={"GBP": 1, "EUR": 0.5}))
    assert orders.sort_values("order_id")["unit_price"].tolist()[:2] == [5.0, 30.0]
    assert orders["unit_price"].isna().sum() == 1  # its currency is unknown


def test_a_column_of_currencies_goes_before_signs_unless_it_tells_one() -> None:
    both = SIGNS.replace("€", "€,EUR").replace("£30", "£30,GBP").replace(",5", ",5,GBP")
    orders = read_transactions(table(f"{HEAD},currency\n{both}"), rates={"GBP": 1, "EUR": 0.5})
    assert orders["unit_price"].tolist() == [5.0, 30.0, 5.0]
    one = both.replace("EUR", "GBP")
    with pytest.raises(ValueError, match="'unit_price' holds several currencies: EUR, GBP"):
        read_transactions(table(f"{HEAD},currency\n{one}"))


@engines
def test_rates_convert_prices_totals_and_discounts(engine: str) -> None:
    shop = table(
        f"{HEAD},currency,discount_amount\n1,A,ann,2024-01-15,2,10,EUR,3\n2,A,ann,2024-01-16,3,30,GBP,1"
    )
    read = read_transactions(ENGINES[engine](shop), rates={"eur": 2, "GBP": 1.0, "USD": 5})
    found = money(clean_transactions(read).audit)
    assert found["kept"] == (2, 1, 123.0)
    assert found["discounts taken off"] == (2, 1, 7.0)
    fraction = table(
        f"{HEAD},currency,discount\n1,A,ann,2024-01-15,2,10,EUR,0.1\n2,A,ann,2024-01-16,3,30,GBP,0"
    )
    read = read_transactions(ENGINES[engine](fraction), rates={"EUR": 2, "GBP": 1})
    assert money(clean_transactions(read).audit)["kept"] == (2, 1, 126.0)


@engines
def test_a_line_without_a_currency_among_several_has_no_price(engine: str) -> None:
    shop = table(f"{HEAD},currency\n{CURRENCIES}")
    read = read_transactions(ENGINES[engine](shop), rates={"EUR": 2, "GBP": 1})
    assert money(clean_transactions(read).audit) == {
        "lines read": (3, 2, 130.0),
        "missing price": (1, 1, 0.0),
        "kept": (2, 1, 130.0),
    }


@pytest.mark.parametrize(
    ("rates", "error", "words"),
    [
        ({"EUR": 2}, ValueError, r"rates has no rate for GBP: 'currency' holds EUR 20\.00"),
        ({"EUR": 0, "GBP": 1}, ValueError, r"rates\['EUR'\] must be a number above 0; got 0"),
        ({"EUR": "2", "GBP": 1}, ValueError, r"rates\['EUR'\] must be a number above 0; got '2'"),
        ([1.17], TypeError, "rates must be a dict of currency to worth"),
    ],
)
def test_rates_that_convert_nothing_are_named(rates: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        read_transactions(table(f"{HEAD},currency\n{CURRENCIES}"), rates=rates)


def test_rates_need_currencies() -> None:
    with pytest.raises(ValueError, match="rates needs a column of currencies"):
        read_transactions(table(f"{HEAD}\n1,A,ann,2024-01-15,2,10"), rates={"EUR": 2})


@engines
def test_what_was_given_back_of_a_part_is_told_once_per_order(engine: str, caplog: Any) -> None:
    shop = table(
        f"{HEAD},status,Refunded Amount\n1,A,ann,2024-01-15,2,10,partially_refunded,4\n"
        "1,B,ann,2024-01-15,1,5,partially_refunded,4\n2,A,bob,2024-01-16,3,10,refunded,30\n3,A,bob,2024-01-17,1,10,paid,0"
    )
    with caplog.at_level(logging.WARNING):
        read = read_transactions(ENGINES[engine](shop))
    assert "'Refunded Amount' shows 4.00 refunded on 1 order counted as sold" in caplog.text
    assert money(clean_transactions(read).audit)["kept"] == (3, 2, 35.0)


def in_currency(**columns: object) -> pd.DataFrame:
    """Return orders of ten customers, with further columns."""
    days = pd.date_range("2024-01-01", periods=40)
    orders = {
        "order_id": [f"R{i}" for i in range(40)],
        "product_id": ["MUG", "BAG"] * 20,
        "customer_id": [f"c{i % 10}" for i in range(40)],
        "order_date": days.strftime("%Y-%m-%d"),
        "quantity": 2,
        "price": 2.5,
    }
    return pd.DataFrame(orders | columns)


@pytest.mark.parametrize(
    ("orders", "currency"),
    [
        (in_currency(currency="INR"), "INR"),
        (in_currency(currency=["INR", ""] * 20), "INR"),
        (in_currency(price="2.50 €"), "EUR"),
        (in_currency(price="$2.50"), "$"),
        (in_currency(price="$2.50", currency="CAD"), "CAD"),
        (in_currency().rename(columns={"price": "Price (USD)"}), "USD"),
        (in_currency().rename(columns={"price": "Price £"}), "GBP"),
        (in_currency().rename(columns={"price": "Product's Price (EUR)"}), "EUR"),
        # prices in one currency, totals in another: the totals count
        (in_currency(price="€2.50", amount="£5.00"), ""),
        (in_currency(currency="N/A"), ""),
        (in_currency(currency=["INR", "-"] * 20), "INR"),
        (in_currency(), ""),
    ],
)
def test_money_is_of_the_currency_that_the_orders_tell(orders: pd.DataFrame, currency: str) -> None:
    read = read_transactions(orders)
    told = [note for note in read.attrs.get("notes", []) if note.startswith("All money is in")]
    assert len(told) == bool(currency)
    model = ShopperModel.fit(read, evaluate=False, progress=False)
    assert model.currency == currency
    assert model.sales["amount"].sum() == 200
    given = ShopperModel.fit(read, evaluate=False, progress=False, currency="Rs.")
    assert given.currency == "Rs."


@pytest.mark.parametrize(
    "first", [{"Price (EUR)": 2.5}, {"price": 2.5, "Currency": "EUR"}], ids=["header", "column"]
)
def test_files_whose_headers_name_several_currencies_are_not_added_up(
    first: dict[str, Any], tmp_path: Path
) -> None:
    orders = in_currency().drop(columns="price").rename(columns={"customer_id": "Customer"})
    orders.head(20).assign(**first).to_csv(tmp_path / "1.csv", index=False)
    orders.tail(20).assign(**{"Price (USD)": 2.5}).to_csv(tmp_path / "2.csv", index=False)
    with pytest.raises(ValueError, match=r"Price \(USD\)' holds several currencies: EUR, USD.*EUR 100.00"):
        read_transactions(tmp_path)
    read = read_transactions(tmp_path, rates={"EUR": 1, "USD": 0.9})
    assert (read["quantity"] * read["unit_price"]).sum() == 190
    orders.head(20).assign(**{"Price (USD)": 2.5}).to_csv(tmp_path / "1.csv", index=False)
    assert "All money is in USD, as 'Price (USD)' says." in read_transactions(tmp_path).attrs["notes"]


def test_converted_money_is_of_the_currency_that_is_worth_one() -> None:
    read = read_transactions(in_currency(currency=["EUR", "GBP"] * 20), rates={"EUR": 1.17, "GBP": 1})
    assert "All money is in GBP, as 'rates' says." in read.attrs["notes"]


def test_headers_of_two_currencies_tell_none() -> None:
    orders = in_currency(amount=5.0).rename(columns={"price": "Price (USD)", "amount": "Amount (EUR)"})
    assert not any("All money" in note for note in read_transactions(orders).attrs["notes"])
