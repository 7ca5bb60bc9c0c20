"""Layouts are recognized by their headers, and errors say clearly what is missing."""

import dataclasses

import pandas as pd
import polars as pl
import pytest

from shopper_widgets.orders.layouts import Layout, detect_layout

UCI = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
]
UCI_II = ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"]
SUPERSTORE = [
    *(
        "Row ID",
        "Order ID",
        "Order Date",
        "Ship Date",
        "Ship Mode",
        "Customer ID",
        "Customer Name",
        "Segment",
    ),
    *("Country", "City", "State", "Postal Code", "Region", "Product ID", "Category", "Sub-Category"),
    *("Product Name", "Sales", "Quantity", "Discount", "Profit"),
]
SHOPIFY = [
    *("Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Currency", "Subtotal", "Total"),
    *(
        "Created at",
        "Lineitem quantity",
        "Lineitem name",
        "Lineitem price",
        "Lineitem sku",
        "Billing Country",
    ),
    *("Cancelled at", "Id"),
]
WOO = [
    *("Order Number", "Order Status", "Order Date", "First Name (Billing)", "Country Code (Billing)"),
    *("Email (Billing)", "Order Total Amount", "SKU", "Item #", "Item Name", "Quantity", "Item Cost"),
]
WOO_ITEMS = [
    *(
        "order_id",
        "order_number",
        "date",
        "status",
        "order_total",
        "order_currency",
        "customer_id",
        "billing_email",
    ),
    *(
        "billing_country",
        "item_id",
        "item_product_id",
        "item_name",
        "item_sku",
        "item_quantity",
        "item_total",
    ),
]
PLAIN = [
    "order_id",
    "product_id",
    "product_name",
    "customer_id",
    "country",
    "ordered_at",
    "quantity",
    "unit_price",
]


def frame(headers):
    return pd.DataFrame(columns=headers)


@pytest.mark.parametrize(
    ("headers", "name", "some"),
    [
        (
            UCI,
            "UCI Online Retail",
            {"order_id": "InvoiceNo", "unit_price": "UnitPrice", "country": "Country"},
        ),
        (UCI_II, "UCI Online Retail II", {"order_id": "Invoice", "customer_id": "Customer ID"}),
        (
            SUPERSTORE,
            "Superstore",
            {"amount": "Sales", "ordered_at": "Order Date", "product_name": "Product Name"},
        ),
        (
            SHOPIFY,
            "Shopify orders",
            {"order_id": "Name", "customer_id": "Email", "product_id": "Lineitem sku"},
        ),
        (
            WOO,
            "WooCommerce (Advanced Order Export)",
            {"customer_id": "Email (Billing)", "unit_price": "Item Cost"},
        ),
        (
            WOO_ITEMS,
            "WooCommerce (Order Export, one row per item)",
            {"order_id": "order_number", "customer_id": "billing_email", "amount": "item_total"},
        ),
        (PLAIN, "snake_case", {name: name for name in PLAIN}),
    ],
)
def test_known_layouts(headers, name, some):
    layout = detect_layout(frame(headers))
    assert layout.name == name
    assert some.items() <= layout.columns.items()
    for respelled in ([h.upper() for h in headers], [f" {h.replace(' ', '_').lower()}" for h in headers]):
        again = detect_layout(frame(respelled))
        assert (again.name, list(again.columns)) == (name, list(layout.columns))


def test_headers_that_are_looked_at_only():
    layout = detect_layout(frame(SHOPIFY))
    assert layout.checked == {
        "currency": "Currency",
        "status": "Financial Status",
        "cancelled_at": "Cancelled at",
        "delivery_status": "Fulfillment Status",
    }
    assert layout.order_once
    assert not detect_layout(frame(UCI)).order_once


def test_a_superstore_with_unit_prices_and_no_sales_is_plain():
    headers = ["price" if h == "Sales" else h for h in SUPERSTORE]
    layout = detect_layout(frame(headers))
    assert (layout.name, layout.columns["unit_price"]) == ("snake_case", "price")


def test_a_mapping_goes_before_what_is_known():
    layout = detect_layout(frame([*UCI, "Loyalty"]), columns={"customer_id": "loyalty"})
    assert layout.name == "UCI Online Retail + columns="
    assert layout.columns["customer_id"] == "Loyalty"
    assert layout.columns["order_id"] == "InvoiceNo"


def test_a_mapping_alone():
    columns = {
        "order_id": "Kvitto",
        "product_id": "Vara",
        "customer_id": "Kundnr",
        "ordered_at": "Dag",
        "quantity": "Antal",
        "amount": "Omsättning",
    }
    layout = detect_layout(frame([*columns.values(), "Country", "Filiale"]), columns=columns)
    assert layout == Layout("columns=", {**columns, "country": "Country"})


def test_reads_as_a_sentence():
    text = str(detect_layout(frame(UCI)))
    assert text.startswith("UCI Online Retail: order_id ← 'InvoiceNo', product_id ← 'StockCode'")


def test_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        detect_layout(frame(UCI)).name = "mine"  # type: ignore[misc]


def test_files_and_other_frames(tmp_path):
    (tmp_path / "a.csv").write_text(";".join(UCI) + "\n")
    assert detect_layout(tmp_path).name == detect_layout(str(tmp_path / "a.csv")).name == "UCI Online Retail"
    assert detect_layout(pl.DataFrame(schema=UCI_II).lazy()).name == "UCI Online Retail II"


@pytest.mark.parametrize(
    ("headers", "columns", "message"),
    [
        (
            [h for h in UCI if h != "CustomerID"],
            None,
            r"lacks the column\(s\) customer_id\. Found 7 header\(s\): 'InvoiceNo'.*closest layout is UCI "
            r"Online Retail, where customer_id is 'CustomerID'.*columns=\{'customer_id': '…'\}",
        ),
        (["Kustomer ID" if h == "Customer ID" else h for h in UCI_II], None, "Perhaps one of 'Kustomer ID'"),
        (
            ["a"],
            None,
            r"lacks the column\(s\) order_id, .*Found 1 header\(s\): 'a'\. If they have other names",
        ),
        (
            [*UCI, "Customer_ID"],
            None,
            r"2 headers could be customer_id: .*columns=\{'customer_id': 'CustomerID'\}",
        ),
        (UCI, {"customer": "CustomerID"}, r"'customer' is not one of order_id.*nearest: 'customer_id'"),
        (UCI, {"Country": "country"}, r"'Country' is not one of .*\(turned around\?\)"),
        (UCI, {"customer_id": "CustomerNo"}, r"no header 'CustomerNo' \(nearest: 'CustomerID'"),
    ],
    ids=["missing", "nearest", "no table", "two alike", "unknown name", "turned around", "unknown header"],
)
def test_what_does_not_fit_is_said_in_words(headers, columns, message):
    with pytest.raises(ValueError, match=message):
        detect_layout(frame(headers), columns=columns)


def test_an_export_without_its_lines_is_told_what_they_are_called() -> None:
    headers = ["Order Number", "Order Status", "Order Date", "Email (Billing)", "Order Total Amount"]
    with pytest.raises(ValueError, match=r"closest layout is WooCommerce .*, where product_id is 'SKU'"):
        detect_layout(frame(headers))


def test_a_text_that_is_no_table(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear customer,\nthank you.\n")
    with pytest.raises(
        ValueError, match=r"letter\.txt lacks .* not a table of orders, or its separator is none of"
    ):
        detect_layout(tmp_path / "letter.txt")


def test_two_headers_alike_are_settled_by_a_mapping():
    layout = detect_layout(frame([*UCI, "Customer_ID"]), columns={"customer_id": "Customer_ID"})
    assert layout.columns["customer_id"] == "Customer_ID"


def test_a_header_that_comes_twice(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(",".join([*UCI, "Quantity"]))
    with pytest.raises(ValueError, match=r"2 headers could be quantity: 'Quantity', 'Quantity'\. Rename one"):
        detect_layout(path)
    path.write_text(",".join([*UCI, "Extra", "Extra"]))
    assert detect_layout(path).name == "UCI Online Retail"


@pytest.mark.parametrize("source", [None, 7, ["orders.csv"], {"a": 1}])
def test_what_is_neither_path_nor_frame(source):
    with pytest.raises(TypeError, match="source must be a path, a folder, a glob pattern or a data frame"):
        detect_layout(source)


def test_columns_must_be_a_mapping():
    with pytest.raises(TypeError, match="columns must be a dict"):
        detect_layout(frame(UCI), columns=["InvoiceNo"])  # type: ignore[arg-type]


def test_woocommerces_total_after_discounts_goes_before_its_subtotal():
    both = frame([*WOO, "Item Subtotal", "Item Total"])
    assert detect_layout(both).columns["amount"] == "Item Total"
    assert detect_layout(frame([*WOO, "Item Subtotal"])).columns["amount"] == "Item Subtotal"
    both = frame([*WOO_ITEMS[:-1], "item_subtotal", "item_total"])
    assert detect_layout(both).columns["amount"] == "item_total"
    assert detect_layout(frame([*WOO_ITEMS[:-1], "item_subtotal"])).columns["amount"] == "item_subtotal"


def test_a_header_given_to_one_column_is_not_read_for_another():
    headers = ["order_id", "product_id", "customer_id", "order_date", "AMOUNT", "price", "qty"]
    assert detect_layout(frame(headers)).columns["amount"] == "AMOUNT"
    layout = detect_layout(frame(headers), columns={"quantity": "AMOUNT"})
    assert layout.columns["quantity"] == "AMOUNT"
    assert "amount" not in layout.columns
    assert "AMOUNT" not in layout.checked.values()
    status = detect_layout(frame([*headers, "status"]), columns={"product_name": "status"})
    assert "status" not in status.checked
    with pytest.raises(ValueError, match=r"lacks the column.*product_id"):
        detect_layout(frame(headers), columns={"product_name": "product_id"})


def test_one_header_for_two_columns_is_refused_unless_products_go_by_their_names():
    headers = ["order_id", "product", "customer_id", "order_date", "qty", "price"]
    with pytest.raises(ValueError, match="columns gives the header 'price' to unit_price and amount"):
        detect_layout(frame(headers), columns={"unit_price": "price", "amount": "PRICE"})
    layout = detect_layout(frame(headers), columns={"product_id": "product", "product_name": "product"})
    assert layout.columns["product_id"] == layout.columns["product_name"] == "product"


def test_what_any_shop_may_have_is_looked_at_in_every_layout():
    more = ["Order Status", "payment_status", "order_currency", "Rabatt", "cart_discount", "cancelled_at"]
    for headers in (UCI, UCI_II, PLAIN, [h for h in SUPERSTORE if h != "Discount"]):
        assert detect_layout(frame([*headers, *more])).checked == {
            "currency": "order_currency",
            "status": "Order Status",
            "payment_status": "payment_status",
            "cancelled_at": "cancelled_at",
            "line_discount": "Rabatt",
            "order_discount": "cart_discount",
        }
    own = detect_layout(frame([*PLAIN, "status", "my status"]), columns={"status": "my status"})
    assert own.checked["status"] == "my status"
