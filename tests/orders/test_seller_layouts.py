"""Exports of marketplaces and tills are read as their programs mean them."""

from pathlib import Path

import pandas as pd
import pytest

from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.layouts import detect_layout
from shopper_widgets.orders.reading import read_transactions
from tests.order_tables import table


def test_sales_of_gumroad_go_by_address_and_a_part_refunded_was_sold(tmp_path: Path) -> None:
    path = tmp_path / "Sales.csv"
    path.write_text(
        "Purchase ID,Item Name,Buyer Name,Purchase Email,Purchase Date,Purchase Time (UTC timezone),"
        "Subtotal ($),Taxes ($),Shipping ($),Sale Price ($),Fees ($),Net Total ($),Country,Refunded?,"
        "Partial Refund ($),Fully Refunded?,Product ID,Quantity\n"
        "g1,Planner,Ann,ann@x.example,2026-09-02,10:00,24,0,0,24,3,21,Canada,0,0.0,0,p1,2\n"
        "g2,Planner,Ann,ann@y.example,2026-09-05,11:00,12,1,0,12,2,10,Canada,1,2.0,0,p1,1\n"
        "g3,Tracker,Bob,bob@x.example,2026-09-09,12:00,8,0,0,8,1,7,Canada,1,0.0,1,p2,1\n"
        "Totals,,,,,,44,1,0,44,6,38,,,2.0,,,\n",
        encoding="utf-8",
    )
    assert detect_layout(path).name == "Gumroad sales"
    kept = clean_transactions(read_transactions(path)).transactions
    assert kept[["customer_id", "product_id", "quantity", "amount"]].to_numpy().tolist() == [
        ["ann@x.example", "p1", 2.0, 24.0],
        ["ann@y.example", "p1", 1.0, 12.0],
    ]


def test_shops_that_buy_through_faire_pay_the_wholesale_price() -> None:
    orders = table(
        "Order Number,Order Date,Retailer Name,Product Name,SKU,Quantity,Wholesale Price,Retail Price,"
        "Status\n"
        "F1,2026-09-06,Gift Shop,Mug,M-1,6,$19.00,$38.00,Delivered\n"
        "F2,2026-09-18,Boutique,Mug,M-1,4,$19.00,$38.00,Canceled"
    )
    assert detect_layout(orders).name == "Faire orders"
    kept = clean_transactions(read_transactions(orders)).transactions
    assert kept[["customer_id", "amount"]].to_numpy().tolist() == [["Gift Shop", 114.0]]


def test_items_of_toast_are_read_with_the_customers_of_its_checks() -> None:
    items = table(
        "Order Id,Order Date,Check Id,Server,Item Selection Id,Master Id,Menu Item,Gross Price,Discount,"
        "Net Price,Qty,Tax,Void?\n"
        "9001,1/15/26 10:10 AM,8001,Joe,7001,51,Burger,30.00,0.00,30.00,2,2.4,false\n"
        "9001,1/15/26 10:10 AM,8001,Joe,7002,52,Beer,6.00,1.00,5.00,1,.4,false\n"
        "9001,1/15/26 10:10 AM,8001,Joe,7003,52,Beer,6.00,0.00,6.00,1,.4,true"
    )
    checks = table("Check Id,Opened Date,Item Description,Customer Id\n8001,1/15/26,Burger,77")
    joined = items.merge(checks[["Check Id", "Customer Id"]], on="Check Id")
    assert detect_layout(joined).name == "Toast item selections"
    kept = clean_transactions(read_transactions(joined)).transactions
    assert kept[["customer_id", "product_id", "amount"]].to_numpy().tolist() == [
        ["77", "51", 30.0],
        ["77", "52", 5.0],
    ]


def test_sales_of_mercado_libre_name_their_currency_and_write_out_their_days(tmp_path: Path) -> None:
    path = tmp_path / "Ventas.csv"
    path.write_text(
        "# de venta,Fecha de venta,Estado,Unidades,Ingresos por productos (ARS),SKU,# de publicación,"
        "Título de la publicación,Precio unitario de venta de la publicación (ARS),Comprador,País\n"
        "2001,5 de enero de 2026 10:15 hs.,Venta entregada,2,20000,T-1,MLA1,Taza,10000,Ana,Argentina\n"
        "2002,6 de enero de 2026 11:15 hs.,Cancelada por el comprador,1,10000,T-1,MLA1,Taza,10000,Beto,"
        "Argentina\n",
        encoding="utf-8",
    )
    assert detect_layout(path).name == "Mercado Libre sales"
    read = read_transactions(path)
    assert any("All money is in ARS" in note for note in read.attrs["notes"])
    kept = clean_transactions(read).transactions
    assert kept[["customer_id", "amount"]].to_numpy().tolist() == [["Ana", 20000.0]]
    assert kept["ordered_at"].tolist() == [pd.Timestamp(2026, 1, 5, 10, 15)]


@pytest.mark.parametrize(
    ("header", "currency"),
    [("Price Euro (EUR)", "EUR"), ("Price (USD dollars)", "USD"), ("Price CAD dollars", "CAD")],
)
def test_a_header_may_name_its_currency_twice(header: str, currency: str) -> None:
    lines = table(f"order_id,customer_id,item,date,qty,{header}\n1,7,Gin,2024-01-31,2,40")
    read = read_transactions(lines, columns={"unit_price": header})
    assert f"All money is in {currency}, as '{header}' says." in read.attrs["notes"]


def test_the_first_of_mercado_libres_repeated_headers_is_that_of_the_sale(tmp_path: Path) -> None:
    path = tmp_path / "Ventas.csv"
    path.write_text(
        "# de venta,Fecha de venta,Estado,Unidades,SKU,Precio unitario de venta de la publicación (ARS),"
        "Comprador,Domicilio,Estado,País,Unidades,Unidades\n"
        "2001,5 de enero de 2026 10:15 hs.,Entregado,2,T-1,10000,Ana,Calle 1,Córdoba,Argentina,,\n"
        "2002,6 de enero de 2026 11:15 hs.,Cancelada por el comprador,1,T-1,10000,Beto,Calle 2,Salta,"
        "Argentina,1,1\n",
        encoding="utf-8",
    )
    kept = clean_transactions(read_transactions(path)).transactions
    assert kept[["customer_id", "quantity", "amount"]].to_numpy().tolist() == [["Ana", 2.0, 20000.0]]


def test_dollars_in_a_header_are_no_argentine_pesos() -> None:
    lines = table("order_id,customer_id,item,date,qty,sale_dollars\n1,7,Gin,2024-01-31,2,40")
    read = read_transactions(lines, columns={"amount": "sale_dollars"})
    assert "All money is in $, as 'sale_dollars' says." in read.attrs["notes"]


def test_a_net_price_beside_usual_headers_is_no_selection_of_toast() -> None:
    lines = table("order_id,order_date,customer_id,item_id,qty,net_price,total\n1,2024-01-31,7,A,3,10,30")
    assert detect_layout(lines).columns["amount"] == "total"
    with pytest.raises(ValueError, match=r"lacks the column.s. unit_price"):
        detect_layout(lines.drop(columns="total"))


@pytest.mark.parametrize(
    ("headers", "money"),
    [
        ("Order Number,Order Date,Customer Name,SKU,Quantity,Wholesale Price,Total", "amount=Total"),
        (
            "Order Number,Order Date,Customer Name,SKU,Quantity,Wholesale Price,Unit Price",
            "unit_price=Unit Price",
        ),
        (
            "Order Number,Customer ID,Country,Order Date,SKU,Quantity,Wholesale Price,Total",
            "amount=Total",
        ),
        (
            "Purchase ID,Product ID,Email,Purchase Date,Quantity,Sale Price ($)",
            "unit_price=Sale Price ($)",
        ),
    ],
)
def test_usual_headers_are_not_nearly_a_programs(headers: str, money: str) -> None:
    layout = detect_layout(pd.DataFrame(columns=headers.split(",")))
    column, header = money.split("=")
    assert (layout.name, layout.columns[column]) == ("usual headers", header)


@pytest.mark.parametrize(
    ("headers", "closest"),
    [
        ("order-id,sku,purchase-date,quantity-purchased,item-price", "Amazon order report"),
        ("Order Number,Retailer Name,SKU,Quantity,Wholesale Price", "Faire orders"),
        ("Purchase ID,Purchase Email,Purchase Date,Quantity,Sale Price ($),Fully Refunded?", "Gumroad sales"),
    ],
)
def test_an_export_that_lacks_one_thing_is_asked_about(headers: str, closest: str) -> None:
    with pytest.raises(ValueError, match=f"The closest layout is {closest}"):
        detect_layout(pd.DataFrame(columns=headers.split(",")))
