"""Exports of marketplaces, tills and shops, with their real headers, are read correctly."""

from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.layouts import detect_layout
from shopper_widgets.orders.reading import read_transactions
from tests.order_tables import ENGINES, as_pandas, table

AMAZON = (
    "order-id\torder-item-id\tpurchase-date\tpayments-date\tbuyer-email\tbuyer-name\tsku\tproduct-name\t"
    "quantity-purchased\tcurrency\titem-price\titem-tax\tshipping-price\tship-country"
)
ETSY = (
    "Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Coupon Details,Discount Amount,Shipping Discount,"
    "Order Shipping,Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,Date Paid,Date Shipped,"
    "Ship Name,Ship City,Ship Country,Order ID,Variations,SKU"
)

SQUARE = (
    "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,"
    "Gross Sales,Discounts,Net Sales,"
    "Tax,Transaction ID,Payment ID,Device Name,Notes,Details,Event Type,Location,Dining Option,Customer ID,"
    "Customer Name,Customer Reference ID,Unit,Count,GTIN,Itemization Type,Commission,"
    "Employee,Fulfillment Note,"
    "Channel,Token,Card Brand,PAN Suffix"
)
MAGENTO = (
    "Order Number,Order Date,Order Status,Order Purchased From,Order Payment Method,Order Shipping Method,"
    "Order Subtotal,Order Tax,Order Shipping,Order Discount,Order Grand Total,"
    "Order Paid,Order Refunded,Order Due,"
    "Total Qty Items Ordered,Customer Name,Customer Email,Shipping Country,"
    "Billing Country,Order Item Increment,"
    "Item Name,Item Status,Item SKU,Item Options,Item Original Price,Item Price,"
    "Item Qty Ordered,Item Qty Invoiced,"
    "Item Qty Shipped,Item Qty Canceled,Item Qty Refunded,Item Tax,Item Discount,Item Total"
)
PRESTASHOP = (
    ""
    "id_order;id_customer;date_add;current_state;product_id;product_attribute_id;product_name;product_reference;"
    "product_quantity;product_quantity_refunded;product_price;reduction_percent;unit_price_tax_incl;"
    "total_price_tax_incl"
)


def written(path, header, rows, separator=","):
    """Write a file of these rows, each a dict of the cells that aren't blank."""
    names = header.split(separator)
    assert all(set(row) <= set(names) for row in rows)
    lines = [header, *(separator.join(row.get(name, "") for name in names) for row in rows)]
    path.write_text("\n".join(lines))
    return path


def test_square_gives_what_was_paid_for_the_line(tmp_path):
    sold = {
        "Time": "12:59:30",
        "Time Zone": "Eastern Time (US & Canada)",
        "Event Type": "Payment",
        "Tax": "$0.50",
    }
    rows = [
        sold
        | {"Date": "2026-07-18", "Item": "Latte large", "Qty": "2.0", "Gross Sales": "$8.00"}
        | {"Discounts": "-$1.00", "Net Sales": "$7.00", "Transaction ID": "T1", "Customer ID": "C1"},
        sold
        | {"Date": "2026-07-18", "Item": "Bun", "SKU": "B1", "Qty": "1.0", "Gross Sales": "$3.00"}
        | {"Discounts": "$0.00", "Net Sales": "$3.00", "Transaction ID": "T1", "Customer ID": "C1"},
        sold
        | {"Date": "2026-07-19", "Item": "Bun", "SKU": "B1", "Qty": "-1.0", "Gross Sales": "-$3.00"}
        | {"Discounts": "$0.00", "Net Sales": "-$3.00", "Transaction ID": "T2", "Customer ID": "C1"},
    ]
    rows[2]["Event Type"] = "Refund"
    path = written(tmp_path / "items.csv", SQUARE, rows)
    assert detect_layout(path).name == "Square items detail"
    orders = read_transactions(path)
    assert orders["product_id"].tolist() == ["Latte large", "B1", "B1"]
    assert orders["amount"].tolist() == [7.0, 3.0, -3.0]
    assert str(orders["ordered_at"][0]) == "2026-07-18 12:59:30"
    kept = clean_transactions(orders, returns="net").transactions
    assert kept["amount"].sum() == 7.0


def test_square_before_2026_writes_other_columns(tmp_path):
    header = (
        SQUARE.replace(",GTIN", "")
        .replace(",Commission,Employee", "")
        .replace("Gross Sales", "Product Sales")
    )
    row = {"Date": "2025-07-18", "Item": "Bun", "Qty": "1.0", "Product Sales": "$3.00", "Net Sales": "$3.00"}
    path = written(tmp_path / "items.csv", header, [row | {"Transaction ID": "T1", "Customer ID": "Jo"}])
    orders = read_transactions(path)
    assert orders[["product_id", "customer_id", "amount"]].to_numpy().tolist() == [["Bun", "Jo", 3.0]]


def test_magento_gives_prices_before_discount_and_closed_is_refunded(tmp_path):
    common = {
        "Customer Email": "Jo@shop.example",
        "Billing Country": "FR",
        "Item Name": "Mug",
        "Item SKU": "M",
    }
    rows = [
        common
        | {"Order Number": "100000001", "Order Date": "2024-01-31 10:00:00", "Order Status": "complete"}
        | {"Item Price": "10.00", "Item Qty Ordered": "2", "Item Discount": "4.00", "Item Total": "19.20"},
        common
        | {"Order Number": "100000002", "Order Date": "2024-02-13 10:00:00", "Order Status": "closed"}
        | {"Item Price": "10.00", "Item Qty Ordered": "1", "Item Discount": "0.00", "Item Total": "12.00"},
        common
        | {
            "Order Number": "100000003",
            "Order Date": "2024-02-14 10:00:00",
            "Order Status": "pending_payment",
        }
        | {"Item Price": "10.00", "Item Qty Ordered": "1", "Item Discount": "0.00", "Item Total": "12.00"},
    ]
    path = written(tmp_path / "order_export.csv", MAGENTO, rows)
    assert detect_layout(path).name == "Magento (Simple Order Export)"
    cleaned = clean_transactions(read_transactions(path))
    assert cleaned.transactions["order_id"].tolist() == ["100000001"]
    assert cleaned.transactions["amount"].tolist() == [16.0]
    assert cleaned.rejected["reason"].tolist() == ["cancelled order"] * 2
    assert "status 'refunded', not sold" in cleaned.audit["rule"].tolist()


def test_closed_is_sold_where_it_is_not_magentos(tmp_path):
    header = "order_id,sku,customer_id,order_date,quantity,unit_price,status"
    row = dict(zip(header.split(","), ("1", "A", "c", "2024-01-31", "1", "2.50", "closed"), strict=True))
    path = written(tmp_path / "orders.csv", header, [row])
    assert len(clean_transactions(read_transactions(path)).transactions) == 1


def test_magentos_own_tables(tmp_path):
    header = (
        "increment_id,created_at,status,customer_email,sku,name,qty_ordered,price,discount_amount,row_total"
    )
    rows = [
        dict(zip(header.split(","), line.split("|"), strict=True))
        for line in (
            "000000001|2024-01-31 10:00:00|complete|a@b.example|M|Mug|2.0000|10.0000|4.0000|20.0000",
            "000000002|2024-01-31 11:00:00|closed|a@b.example|M|Mug|1.0000|10.0000|0.0000|10.0000",
        )
    ]
    path = written(tmp_path / "items.csv", header, rows)
    assert detect_layout(path).name == "Magento order items"
    kept = clean_transactions(read_transactions(path)).transactions
    assert kept[["order_id", "amount"]].to_numpy().tolist() == [["000000001", 16.0]]


def test_prestashop_gives_prices_after_reductions(tmp_path):
    common = {
        "id_customer": "7",
        "product_id": "12",
        "reduction_percent": "20.00",
        "product_price": "10.000000",
    }
    rows = [
        common
        | {"id_order": "5", "date_add": "2024-01-31 10:00:00", "current_state": "5", "product_name": "Mug"}
        | {"product_reference": "M-1", "product_quantity": "2", "unit_price_tax_incl": "9.600000"}
        | {"total_price_tax_incl": "19.200000"},
        common
        | {
            "id_order": "6",
            "date_add": "2024-01-31 11:00:00",
            "current_state": "2",
            "product_name": "Pan - Size : S",
        }
        | {"product_quantity": "1", "unit_price_tax_incl": "9.600000", "total_price_tax_incl": "9.600000"},
        common
        | {"id_order": "7", "date_add": "2024-01-31 12:00:00", "current_state": "6", "product_name": "Mug"}
        | {"product_reference": "M-1", "product_quantity": "1", "unit_price_tax_incl": "9.600000"}
        | {"total_price_tax_incl": "9.600000"},
    ]
    path = written(tmp_path / "request_sql.csv", PRESTASHOP, rows, ";")
    assert detect_layout(path).name == "PrestaShop order details"
    cleaned = clean_transactions(read_transactions(path))
    assert cleaned.transactions["amount"].tolist() == [19.2, 9.6]
    assert cleaned.transactions["product_id"].tolist() == ["M-1", "Pan - Size : S"]
    assert cleaned.rejected[["order_id", "order_status"]].to_numpy().tolist() == [["7", "canceled"]]


def test_odoo_writes_an_order_on_its_first_line(tmp_path):
    columns = ("Order Reference", "Customer", "Order Date", "Status", "Order Lines/Product")
    header = [*columns, "Order Lines/Quantity", "Order Lines/Unit Price", "Order Lines/Subtotal"]
    (tmp_path / "sale.order.csv").write_text(
        "\n".join(
            [
                ",".join(f'"{name}"' for name in header),
                '"S00021","Azure Interior","2024-01-31 10:00:00","Sales Order","[M1] Mug","2.0","5.0","9.0"',
                '"","","","","[P1] Pan","1.0","25.0","25.0"',
                '"S00022","Deco Addict","2024-02-01 09:00:00","Cancelled","[P1] Pan","1.0","25.0","25.0"',
                '"S00023","Deco Addict","2024-02-02 09:00:00","Quotation","[P1] Pan","9.0","25.0","225.0"',
            ]
        )
    )
    read = read_transactions(tmp_path / "sale.order.csv")
    assert read.attrs["layout"]["name"] == "Odoo sales orders"
    kept = clean_transactions(read).transactions
    # the subtotal is after a discount of ten percent
    assert kept[["order_id", "customer_id", "amount"]].to_numpy().tolist() == [
        ["S00021", "Azure Interior", 9.0],
        ["S00021", "Azure Interior", 25.0],
    ]
    lines = pl.read_csv(tmp_path / "sale.order.csv").lazy()
    with pytest.raises(ValueError, match="belong to the order above them, but lines of a polars table"):
        read_transactions(lines)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,"
            "Converted Amount Refunded,"
            "Converted Currency,Fee,Status,Description,Customer ID,Customer Email",
            "Stripe's export of payments, .* Export the orders from the shop",
        ),
        (
            "id,Description,Seller Message,Created (UTC),Amount,Amount Refunded,Currency,"
            "Status,Customer Email",
            "Stripe's export of payments",
        ),
        (
            "Date,Time,Time Zone,Gross Sales,Discounts,Service Charges,Net Sales,Gift Card Sales,Tax,Tip,"
            "Partial Refunds,Total Collected,Source,Card,Transaction ID,Payment ID,Customer ID,Customer Name",
            "Square's export of transactions, .*Items Detail CSV",
        ),
        (
            'ID,"Purchase Point","Purchase Date","Bill-to Name","Ship-to Name","Grand Total (Base)",'
            '"Grand Total (Purchased)",Status,"Customer Email"',
            "Magento's list of orders, .*one row per item",
        ),
        (
            "ID;Reference;New client;Delivery;Customer;Total;Payment;Status;Date",
            "PrestaShop's list of orders, .*SQL",
        ),
        (
            "Transaction creation date,Type,Order number,Buyer username,Net amount,Payout date,Item title,"
            "Custom label,Quantity,Item subtotal",
            "eBay's report of transactions, .*report of orders",
        ),
        (
            "date/time,settlement id,type,order id,sku,description,quantity,product sales,selling fees,total",
            "Amazon's report of payments, .*Order Report",
        ),
        (
            "Date,Type,Title,Info,Currency,Amount,Fees & Taxes,Net,Tax Details",
            "Etsy's statement of payments, .*EtsySoldOrderItems",
        ),
        (
            "Order/adjustment ID,Type,Order created time,Currency,Total settlement amount,Total revenue",
            "TikTok Shop's statement of payments, .*All orders",
        ),
        (
            "Order Id,Order Date,Check Id,Server,Item Selection Id,Master Id,Menu Item,Net Price,Qty,Void?",
            "Toast's ItemSelectionDetails, which names no customers.*CheckDetails.csv",
        ),
        (
            "Opened Date,Opened Time,Item Description,Server,Check Id,Check #,Total,Customer Id,Customer",
            "Toast's CheckDetails, .*ItemSelectionDetails.csv",
        ),
        (
            "Date,Receipt Number,Line Type,Customer Code,Customer Name,Quantity,Total,Paid,Status,Sku",
            "Lightspeed's history of sales, .*'Sale Line'",
        ),
        (
            "master_id,first_order_date,last_order_date,order_num_total,customer_value_total",
            "a list of customers, not of orders",
        ),
        ("customer_id,Recency,Frequency,Monetary,segment", "a list of customers, .*CustomerSegmenter"),
    ],
)
def test_an_export_without_lines_is_told_what_to_take_instead(tmp_path, header, message):
    path = tmp_path / "export.csv"
    separator = ";" if ";" in header else ","
    path.write_text(header + "\n" + separator.join(["1"] * len(header.split(separator))))
    with pytest.raises(ValueError, match=message):
        read_transactions(path)


def test_amazon_gives_the_price_of_the_whole_line(tmp_path):
    path = tmp_path / "orders.txt"
    lines = [
        ""
        "736-1\t05\t2024-01-31T18:54:21+00:00\t2024-01-31\tA1@Marketplace.amazon.example\tJo\tS1\tMug\t3\tGBP\t"
        "10.50\t0\t4.99\tGB",
        ""
        "736-2\t06\t2024-02-01T08:00:00+00:00\t2024-02-01\ta1@marketplace.amazon.example\tJo\tS2\tPan\t1\tGBP\t"
        "20.00\t0\t0\tGB",
    ]
    path.write_text("\n".join([AMAZON, *lines]))
    assert detect_layout(path).name == "Amazon order report"
    orders = read_transactions(path)
    assert orders["amount"].tolist() == [10.5, 20.0]
    assert orders["customer_id"].nunique() == 1
    assert orders["product_id"].tolist() == ["S1", "S2"]


def test_etsy_gives_the_price_of_one(tmp_path):
    path = tmp_path / "EtsySoldOrderItems2024.csv"
    lines = [
        "01/31/24,Mug,bob,2,18.99,,,3.00,0,4.20,0,37.98,USD,28150783250,953074300,01/31/24,02/01/24,"
        "Bob,Boston,United States,23289835,Color:Gray,M-1",
        "01/30/24,Pan,ann,1,20.00,,,0,0,0,0,20.00,USD,28150783251,953074301,01/30/24,,"
        "Ann,Lyon,France,23289836,,P-1",
    ]
    path.write_text("\n".join([ETSY, *lines]))
    assert detect_layout(path).name == "Etsy sold order items"
    orders = read_transactions(path)
    assert orders["unit_price"].tolist() == [18.99, 20.0]
    assert orders["order_id"].tolist() == ["23289835", "23289836"]
    assert orders["discount"].tolist() == [3.0, 0.0]


@pytest.mark.parametrize("state", [6, 6.0, "6"])
def test_prestashops_states_are_numbers_in_a_frame(state):
    lines = {"id_order": ["5", "6"], "id_customer": [1, 2], "date_add": pd.to_datetime(["2024-01-31"] * 2)}
    lines |= {"current_state": [state, type(state)(5)], "product_name": ["Mug", "Mug"], "product_id": [1, 1]}
    lines |= {"product_quantity": [1, 1], "unit_price_tax_incl": [2.5, 2.5]}
    assert read_transactions(pd.DataFrame(lines))["is_cancelled"].tolist() == [True, False]


#: The fields listed under "Exporting orders" in Squarespace's help.
SQUARESPACE = (
    "Order ID,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Subtotal,Shipping,"
    "Taxes,Amount Refunded,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem sku,Lineitem variant,Billing Name,Billing Country"
)


def test_squarespace_orders_stand_on_their_first_line_and_keep_their_noughts() -> None:
    head = SQUARESPACE.split(",")
    first = {"Email": "ann@b.example", "Financial Status": "PAID", "Discount Amount": "5", "Currency": "USD"}
    first |= {"Created at": "2024-01-31 22:00:00 -0500", "Subtotal": "25", "Total": "31"}
    lines = [
        {"Order ID": "00012", "Lineitem quantity": "2", "Lineitem name": "Vase", "Lineitem price": "10"}
        | first,
        {"Order ID": "00012", "Lineitem quantity": "1", "Lineitem name": "Cup", "Lineitem price": "10"},
    ]
    orders = pd.DataFrame(lines).reindex(columns=head)
    assert detect_layout(orders).name == "Squarespace orders"
    kept = clean_transactions(read_transactions(orders)).transactions
    assert kept["order_id"].tolist() == ["00012", "00012"]
    assert kept["customer_id"].tolist() == ["ann@b.example"] * 2
    assert kept["amount"].round(2).tolist() == [16.67, 8.33]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("codes", "expected"),
    [([12345.0, None], ["12345", "Cup"]), ([None, None], ["Vase", "Cup"]), ([7, 8], ["7", "8"])],
)
def test_a_product_goes_by_its_name_beside_codes_that_are_numbers(
    codes: list[float | None], expected: list[str], engine: str
) -> None:
    columns = {"Order ID": ["1", "2"], "Lineitem sku": codes, "Lineitem name": ["Vase", "Cup"]}
    same = {
        "Email": "a@b.example",
        "Created at": "2024-01-31",
        "Lineitem quantity": 1,
        "Lineitem price": 10.0,
    }
    orders = pd.DataFrame({**columns, **same})
    read = as_pandas(read_transactions(ENGINES[engine](orders)))
    assert sorted(read["product_id"]) == sorted(expected)


def test_orders_of_ebay_are_worth_what_was_sold_without_shipping(tmp_path: Path) -> None:
    path = tmp_path / "all-orders.csv"
    path.write_text(
        "Sales Record Number,Order Number,Buyer Username,Buyer Email,Item Number,Item Title,Custom Label,"
        "Quantity,Sold For,Shipping And Handling,Total Price,Sale Date\n\n"
        '112,24-1,ann,a@x.example,318508,Test card,P-1,1,"$1,900.00",$5.97,"$1,905.97",Jul-25-26\n'
        "113,24-2,bob,b@x.example,318509,Other card,P-2,2,$10.00,$4.00,$24.00,Jul-26-26\n",
        encoding="utf-8",
    )
    assert detect_layout(path).name == "eBay orders report"
    kept = clean_transactions(read_transactions(path)).transactions
    assert kept["amount"].tolist() == [1900.0, 20.0]
    assert kept["customer_id"].tolist() == ["ann", "bob"]
    assert kept["product_id"].tolist() == ["P-1", "P-2"]
    # a total with shipping isn't taken for another price of the goods
    assert not any("Total Price" in told for told in read_transactions(path).attrs["notes"])


def test_orders_of_tiktok_shop_lose_what_was_cancelled_and_returned(tmp_path: Path) -> None:
    path = tmp_path / "all-order.csv"
    path.write_text(
        "Order ID,Order Status,SKU ID,Seller SKU,Product Name,Quantity,Sku Quantity of return,"
        "SKU Unit Original Price,SKU Subtotal Before Discount,SKU Platform Discount,SKU Seller Discount,"
        "SKU Subtotal After Discount,Order Amount,Created Time,Cancelled Time,Buyer Username\n"
        "Platform order ID.,Status.,SKU ID.,SKU.,Name.,Units.,Units back.,Price.,Sum.,Off.,Off.,Sum.,Sum.,"
        "Time.,Time.,Name.\n"
        "5838\t,Completed,17291\t,S-1,Serum,2,0,120,240,10,30,200,296,10/15/2026 10:05:43 PM\t,,ann\n"
        "5838\t,Completed,17292\t,S-2,Cream,1,0,70,70,0,12,58,296,10/15/2026 10:05:43 PM\t,,ann\n"
        "5839\t,Canceled,17293\t,S-3,Balm,1,0,29,29,0,0,29,67,10/16/2026 12:00:00 AM\t,"
        "10/16/2026 12:10:00 AM\t,bob\n"
        "5840\t,Shipped,17293\t,S-3,Balm,2,1,29,58,0,0,58,96,10/17/2026 01:00:00 PM\t,,bob\n"
        "5841\t,Unpaid,17293\t,S-3,Balm,1,0,29,29,0,0,29,67,10/17/2026 01:00:00 PM\t,,cid\n",
        encoding="utf-8",
    )
    assert detect_layout(path).name == "TikTok Shop orders"
    kept = clean_transactions(read_transactions(path)).transactions
    assert kept["amount"].tolist() == [200.0, 58.0, 29.0]
    assert kept["order_id"].tolist() == ["5838", "5838", "5840"]
    note = "1 unit of 1 line was given back or cancelled, 29.00 in all: it is subtracted from its line."
    assert any(note in told for told in read_transactions(path).attrs["notes"])


def test_receipts_of_loyverse_are_after_discounts_and_ask_nothing(tmp_path: Path) -> None:
    path = tmp_path / "receipts.csv"
    path.write_text(
        "Date,Receipt number,Receipt type,Category,SKU,Item,Variant,Modifiers applied,Quantity,Gross sales,"
        "Discounts,Net sales,Cost of goods,Gross profit,Taxes,Cashier name,Customer name,Status\n"
        "13/10/2026 23:50,1-1,Sale,FOOD,10221,Cake,,,2.000,30.00,3.00,27.00,25.00,2.00,0,Owner,Ann,Closed\n"
        "14/10/2026 23:50,1-2,Refund,FOOD,10221,Cake,,,-1.000,-15.00,0.00,-15.00,-12.50,-2.50,0.00,Owner,Ann,"
        "Closed\n"
        "14/10/2026 23:55,1-3,Sale,FOOD,10222,Tea,,,1.000,5.00,0.00,5.00,2.00,3.00,0,Owner,Bob,Cancelled\n",
        encoding="utf-8",
    )
    read = read_transactions(path)
    assert detect_layout(path).name == "Loyverse receipts by item"
    assert read["amount"].tolist() == [27.0, -15.0, 5.0]
    assert read["is_cancelled"].tolist() == [False, False, True]
    assert not any("Nothing tells" in note for note in read.attrs["notes"])


@pytest.mark.parametrize(
    ("headers", "line"),
    [
        ("Receipt number,Item,Customer name,Date,Quantity,Price", "1,Tea,Ann,2024-01-15,2,3"),
        ("Receipt number,SKU,Customer name,Date,Quantity,Total", "1,T,Ann,2024-01-15,2,6"),
        (
            "Order Number,Item Number,Buyer Email,Sale Date,Quantity,Unit Price",
            "1,T,a@b.example,2024-01-15,2,3",
        ),
    ],
)
def test_a_table_of_words_that_any_shop_has_is_no_programs_export(headers: str, line: str) -> None:
    kept = clean_transactions(read_transactions(table(f"{headers}\n{line}"))).transactions
    assert (kept["quantity"].tolist(), kept["amount"].tolist()) == ([2], [6])
