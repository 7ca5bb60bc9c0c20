import logging
import re
from pathlib import Path

import pandas as pd
import pytest

from shopper_widgets import clean_transactions, detect_layout, read_transactions
from tests.order_tables import ENGINES, as_pandas

DAYS = ["2024-03-01 10:00:00", "2024-03-01 18:30:00", "2024-03-02 09:00:00", "2024-03-05 12:00:00"]

#: Headers as programs of many kinds write them → the column that each is read as.
TABLES = [
    (
        "OrderKey LineNumber OrderDate CustomerKey ProductKey Quantity UnitPrice",
        "order_id=OrderKey product_id=ProductKey customer_id=CustomerKey ordered_at=OrderDate "
        "quantity=Quantity unit_price=UnitPrice",
    ),
    (
        "ORDERNUMBER QUANTITYORDERED PRICEEACH ORDERDATE PRODUCTCODE CUSTOMERNAME COUNTRY",
        "order_id=ORDERNUMBER product_id=PRODUCTCODE customer_id=CUSTOMERNAME ordered_at=ORDERDATE "
        "quantity=QUANTITYORDERED unit_price=PRICEEACH country=COUNTRY",
    ),
    (
        "household_key BASKET_ID transaction_timestamp PRODUCT_ID QUANTITY SALES_VALUE STORE_ID",
        "order_id=BASKET_ID product_id=PRODUCT_ID customer_id=household_key "
        "ordered_at=transaction_timestamp quantity=QUANTITY amount=SALES_VALUE",
    ),
    (
        "TXN_ID DATE LYLTY_CARD_NBR PROD_NBR PROD_NAME PROD_QTY TOT_SALES",
        "order_id=TXN_ID product_id=PROD_NBR customer_id=LYLTY_CARD_NBR ordered_at=DATE quantity=PROD_QTY "
        "product_name=PROD_NAME amount=TOT_SALES",
    ),
    (
        "receipt_no loyalty_card timestamp item_code item qty price",
        "order_id=receipt_no product_id=item_code customer_id=loyalty_card ordered_at=timestamp quantity=qty "
        "product_name=item unit_price=price",
    ),
    (
        "transaction_id patient_id transaction_time drug_name units unit_price",
        "order_id=transaction_id product_id=drug_name customer_id=patient_id ordered_at=transaction_time "
        "quantity=units product_name=drug_name unit_price=unit_price",
    ),
    (
        # there, the customer's number is a different one per order
        "order_id customer_id customer_unique_id order_purchase_timestamp product_id qty price",
        "order_id=order_id product_id=product_id customer_id=customer_unique_id "
        "ordered_at=order_purchase_timestamp quantity=qty unit_price=price",
    ),
    (
        "event_date event_name user_pseudo_id transaction_id item_id item_name quantity price",
        "order_id=transaction_id product_id=item_id customer_id=user_pseudo_id ordered_at=event_date "
        "quantity=quantity unit_price=price product_name=item_name",
    ),
    (
        "donation_id donor_id donation_date donation_amount product quantity",
        "order_id=donation_id product_id=product customer_id=donor_id ordered_at=donation_date "
        "quantity=quantity product_name=product amount=donation_amount",
    ),
    (
        "sales_ymd store_cd receipt_no receipt_sub_no customer_id product_cd quantity amount",
        "order_id=receipt_no product_id=product_cd customer_id=customer_id ordered_at=sales_ymd "
        "quantity=quantity amount=amount",
    ),
    (
        "Order_ID Contact_Email Order_Date Product_SKU Product_Name Product_Qty Product_Unit_Price",
        "order_id=Order_ID product_id=Product_SKU customer_id=Contact_Email ordered_at=Order_Date "
        "quantity=Product_Qty unit_price=Product_Unit_Price product_name=Product_Name",
    ),
    (
        # products have a name or a category, and no code
        "Invoice_No Customer Category Qty Selling_Price Invoice_Date",
        "order_id=Invoice_No product_id=Category customer_id=Customer ordered_at=Invoice_Date quantity=Qty "
        "unit_price=Selling_Price",
    ),
]


@pytest.mark.parametrize(("headers", "expected"), TABLES)
def test_usual_headers_need_no_mapping(headers: str, expected: str) -> None:
    layout = detect_layout(pd.DataFrame(columns=headers.split()))
    assert (layout.name, layout.assumed) == ("usual headers", ())
    assert layout.columns == dict(pair.split("=") for pair in expected.split())


def test_a_known_layout_comes_before_usual_headers() -> None:
    # "Sales Amount" and "Country Name" are found by the usual headers alone
    headers = (
        "InvoiceNo StockCode Description Quantity InvoiceDate UnitPrice CustomerID Sales_Amount Country_Name"
    )
    assert detect_layout(pd.DataFrame(columns=headers.split())).name == "UCI Online Retail"


@pytest.fixture
def without_number_and_quantity() -> pd.DataFrame:
    columns = {"member_number": ["7", "7", "7", "8"], "date": DAYS, "item": ["MUG", "BAG", "MUG", "BAG"]}
    return pd.DataFrame(columns | {"price": [2.5, 4.0, 2.5, 4.0]})


@pytest.mark.parametrize("engine", ENGINES)
def test_lines_count_as_one_unit_and_days_as_orders(
    without_number_and_quantity: pd.DataFrame, engine: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        read = read_transactions(ENGINES[engine](without_number_and_quantity))
    lines = as_pandas(read)
    assert lines["quantity"].tolist() == [1, 1, 1, 1]
    assert lines["order_id"].tolist() == ["7 2024-03-01", "7 2024-03-01", "7 2024-03-02", "8 2024-03-05"]
    said = " ".join(caplog.messages)
    assert "customer_id ← 'member_number'" in said
    assert "each line counts as one unit" in said
    assert "what a customer bought on one day counts as one" in said


def test_what_is_assumed_is_told_with_the_orders(
    without_number_and_quantity: pd.DataFrame, tmp_path: Path
) -> None:
    without_number_and_quantity.to_csv(tmp_path / "till.csv", index=False)
    read = read_transactions(tmp_path / "till.csv")
    assert read["order_id"].nunique() == 3
    assert [note for note in read.attrs["notes"] if "till.csv has no known layout" in note]
    assert float(clean_transactions(read).transactions["amount"].sum()) == 13.0


def test_of_two_prices_one_may_be_the_number_of_units(without_number_and_quantity: pd.DataFrame) -> None:
    two = without_number_and_quantity.assign(amount=[1, 2, 1, 1])
    with pytest.raises(ValueError, match="quantity"):
        read_transactions(two)
    mapped = read_transactions(two, columns={"quantity": "amount", "amount": "price"})
    assert mapped["quantity"].tolist() == [1, 2, 1, 1]


def test_an_export_of_payments_is_not_read_by_usual_headers() -> None:
    payments = ["id", "Created date (UTC)", "Amount", "Amount Refunded", "Description", "Customer ID", "Date"]
    with pytest.raises(ValueError, match="Stripe's export of payments"):
        detect_layout(pd.DataFrame(columns=payments))


def test_of_what_visitors_do_only_purchases_are_sold() -> None:
    events = ["view", "cart", "remove_from_cart", "purchase"]
    columns = {
        "event_time": DAYS,
        "event_type": events,
        "user_id": "u7",
        "user_session": ["a", "a", "b", "b"],
    }
    cleaned = clean_transactions(
        read_transactions(pd.DataFrame(columns | {"product_id": "p1", "price": 3.0}))
    )
    assert cleaned.transactions["order_id"].tolist() == ["b"]
    told = dict(zip(cleaned.audit["rule"], cleaned.audit["rows"], strict=True))
    assert {rule: told[rule] for rule in told if rule.startswith("status")} == {
        "status 'view', not sold": 1,
        "status 'cart', not sold": 1,
        "status 'remove_from_cart', not sold": 1,
        "status 'purchase', sold": 1,
    }


def test_headers_that_have_a_place_are_not_offered_for_another() -> None:
    headers = ["Order ID", "Product", "Quantity Ordered", "Price Each", "Order Date", "Purchase Address"]
    with pytest.raises(ValueError, match="customer_id") as error:
        detect_layout(pd.DataFrame(columns=headers))
    assert "Perhaps" not in str(error.value)


def test_what_is_mapped_makes_no_programs_export_of_a_table() -> None:
    headers = ["order_id", "order_date", "shop", "product", "quantity", "list", "revenue_in_all"]
    mapped = {"customer_id": "shop", "unit_price": "list"}
    layout = detect_layout(pd.DataFrame(columns=headers), columns=mapped)
    assert layout.name == "usual headers + columns="
    assert (layout.columns["product_id"], layout.columns["unit_price"]) == ("product", "list")


@pytest.mark.parametrize("engine", ENGINES)
def test_what_a_table_does_not_tell_can_be_said(engine: str, caplog: pytest.LogCaptureFixture) -> None:
    # "Etiqueta" may be the product, so that nothing is assumed
    columns = {"Quien": ["ann", "ann", "bob"], "Cuando": DAYS[1:], "Valor": [2.5, 4.0, 1.0], "Etiqueta": "x"}
    lines = ENGINES[engine](pd.DataFrame(columns))
    mapped = {"customer_id": "Quien", "ordered_at": "Cuando", "amount": "Valor"}
    with pytest.raises(ValueError, match=r"map that to None \('order_id=' on the command line\)"):
        read_transactions(lines, columns=mapped)
    none = {"product_id": None, "quantity": None, "order_id": None}
    with caplog.at_level(logging.WARNING):
        read = as_pandas(read_transactions(lines, columns=mapped | none))
    assert read["quantity"].tolist() == [1, 1, 1]
    assert sorted(read["order_id"]) == ["ann 2024-03-01", "ann 2024-03-02", "bob 2024-03-05"]
    assert "each line counts as one unit" in caplog.text
    assert clean_transactions(read).transactions["amount"].sum() == 7.5


def test_what_the_caller_says_is_not_told_is_not_looked_for() -> None:
    headers = ["order_id", "product_id", "customer_id", "order_date", "quantity", "price", "amount"]
    layout = detect_layout(pd.DataFrame(columns=headers), columns={"quantity": None})
    assert "quantity" not in layout.columns
    assert (layout.columns["amount"], layout.assumed) == ("amount", ("quantity",))
    with pytest.raises(ValueError, match="Only quantity, order_id, product_id, unit_price can be"):
        detect_layout(pd.DataFrame(columns=headers), columns={"customer_id": None})


def test_a_kind_is_not_what_was_sold_where_something_else_may_name_it() -> None:
    headers = ["order_id", "order_date", "customer_id", "category", "quantity", "price"]
    assert detect_layout(pd.DataFrame(columns=headers)).columns["product_id"] == "category"
    for name in ("store_name", "publisher_name", "name"):
        layout = detect_layout(pd.DataFrame(columns=[*headers, name]))
        assert layout.columns["product_id"] == "category"
    with pytest.raises(ValueError, match=r"lacks the column\(s\) product_id.*Perhaps one of 'book_name'"):
        detect_layout(pd.DataFrame(columns=[*headers, "book_name"]))
    columns = {"product_id": "category"}
    assert detect_layout(pd.DataFrame(columns=[*headers, "book_name"]), columns=columns).columns


def test_who_bought_is_asked_for_where_nothing_tells_it() -> None:
    headers = ["Invoice ID", "Branch", "Customer type", "Product line", "Unit price", "Quantity", "Date"]
    with pytest.raises(ValueError, match="without customers there are no segments") as error:
        detect_layout(pd.DataFrame(columns=headers))
    assert "Perhaps" not in str(error.value)


def test_only_what_may_be_it_is_offered_and_no_layout_that_is_far_off() -> None:
    headers = ["date", "shop", "cost_per_unit", "logistics_provider", "price_we_asked", "card"]
    with pytest.raises(ValueError, match=r"Perhaps one of 'price_we_asked', 'card'\?$") as error:
        detect_layout(pd.DataFrame(columns=headers))
    assert "closest layout" not in str(error.value)


def test_a_mapped_column_hides_no_assumption(without_number_and_quantity: pd.DataFrame) -> None:
    lines = without_number_and_quantity.rename(columns={"member_number": "Kunde"})
    read = read_transactions(lines, columns={"customer_id": "Kunde"})
    assert "each line counts as one unit" in " ".join(read.attrs["notes"])


@pytest.mark.parametrize("units", ["Pcs per line", "Menge", "Order Item Quantity", "Stk", "Units in all"])
def test_what_may_be_units_is_asked_about(without_number_and_quantity: pd.DataFrame, units: str) -> None:
    with pytest.raises(ValueError, match="quantity"):
        read_transactions(without_number_and_quantity.assign(**{units: 3}))


def test_no_of_units_is_a_quantity(without_number_and_quantity: pd.DataFrame) -> None:
    read = read_transactions(without_number_and_quantity.assign(**{"No of Units": 3}))
    assert read["quantity"].tolist() == [3, 3, 3, 3]


def test_the_plainest_headers_may_lack_a_quantity_too() -> None:
    headers = ["order_id", "product_id", "customer_id", "order_date", "price"]
    assert detect_layout(pd.DataFrame(columns=headers)).assumed == ("quantity",)


def test_an_export_that_lacks_one_thing_is_asked_about() -> None:
    # There, the price is that of the line, not of one unit.
    amazon = [
        "order-id",
        "purchase-date",
        "sku",
        "product-name",
        "quantity-purchased",
        "item-price",
        "customer-email",
    ]
    with pytest.raises(ValueError, match="Amazon order report"):
        detect_layout(pd.DataFrame(columns=amazon))
    mapped = detect_layout(
        pd.DataFrame(columns=[*amazon, "total", "retail-price"]), columns={"customer_id": "customer-email"}
    )
    assert (mapped.name, mapped.columns["amount"]) == ("Amazon order report + columns=", "item-price")


@pytest.mark.parametrize(
    "headers",
    ["Account number,Date,Description,Amount", "Date,Account ID,SKU,Clicks,Spend", "Date,SKU,Qty,Price,User"],
)
def test_statements_costs_and_moves_of_stock_are_no_orders(headers: str) -> None:
    with pytest.raises(ValueError, match="lacks the column"):
        detect_layout(pd.DataFrame(columns=headers.split(",")))


def test_a_list_beside_orders_is_not_taken_for_orders(tmp_path: Path) -> None:
    orders = pd.DataFrame({"order_id": ["1", "2"], "product_id": "p", "customer_id": "c", "quantity": 1})
    orders = orders.assign(order_date="2024-03-14", unit_price=2.5)
    customers = pd.DataFrame(
        {"Customer No": ["7"], "Item": ["x"], "Created": ["2024-03-14"], "Revenue": [250.5]}
    )
    with pd.ExcelWriter(tmp_path / "book.xlsx") as book:
        customers.to_excel(book, sheet_name="Customers", index=False)
        orders.to_excel(book, sheet_name="Orders", index=False)
    assert read_transactions(tmp_path / "book.xlsx")["order_id"].tolist() == ["1", "2"]
    folder = tmp_path / "exports"
    folder.mkdir()
    orders.to_csv(folder / "orders.csv", index=False)
    customers.to_csv(folder / "customers.csv", index=False)
    with pytest.raises(ValueError, match=r"customers.csv lacks"):
        read_transactions(folder)


def test_files_that_lack_different_things_are_not_read_together(
    without_number_and_quantity: pd.DataFrame, tmp_path: Path
) -> None:
    without_number_and_quantity.to_csv(tmp_path / "a.csv", index=False)
    without_number_and_quantity.assign(receipt_no=["1", "2", "3", "4"]).to_csv(
        tmp_path / "b.csv", index=False
    )
    with pytest.raises(ValueError, match="differ in which of quantity"):
        read_transactions(tmp_path)


def test_unknown_customers_of_two_stores_are_no_copies(
    without_number_and_quantity: pd.DataFrame, tmp_path: Path
) -> None:
    nobody = without_number_and_quantity.assign(member_number=["7", "", "", ""])
    for store in ("north", "south"):
        nobody.to_csv(tmp_path / f"{store}.csv", index=False)
    # Identical files are read once: this makes them differ.
    with (tmp_path / "south.csv").open("a") as file:
        file.write("9,2024-03-09 10:00:00,MUG,2.5\n")
    read = read_transactions(tmp_path)
    assert len(read) == 9
    assert read["order_id"].nunique() == 5  # three moments without a customer


def test_a_price_that_is_the_orders_total_is_not_counted_twice() -> None:
    days = pd.date_range("2024-03-01", periods=30).repeat(2).astype(str)
    lines = pd.DataFrame(
        {"Order No": range(60), "Product": ["a", "b"] * 30, "Customer": range(60), "Date": days}
    )
    lines["Order No"] //= 2
    lines["Customer"] //= 2
    lines["Price"] = [10.0 + n // 2 for n in range(60)]
    with pytest.raises(ValueError, match="order"):
        read_transactions(lines)


def test_pages_that_were_viewed_are_not_sold_whatever_they_are_called() -> None:
    events = ["view_item_list", "select_item", "add_payment_info", "Product Viewed", "purchase"]
    days = [*DAYS, "2024-03-06 10:00:00"]
    columns = {"event_timestamp": days, "event_name": events, "session_id": list("aabbc"), "user_id": "u7"}
    lines = pd.DataFrame(columns | {"item_sku": "p1", "price": 3.0}).rename(
        columns={"event_timestamp": "timestamp"}
    )
    assert clean_transactions(read_transactions(lines)).transactions["order_id"].tolist() == ["c"]


def test_a_column_called_event_may_be_a_promotion() -> None:
    orders = pd.DataFrame({"order_id": ["1", "2"], "product_id": "p", "customer_id": "c", "quantity": 1})
    orders = orders.assign(order_date="2024-03-14", unit_price=2.5, event=["Search", "Checkout"])
    assert len(clean_transactions(read_transactions(orders)).transactions) == 2


TOTALS = {"client": ["7", "8", "7", "8"], "date": DAYS, "revenue": [10.0, 4.0, 2.5, 4.0]}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_table_of_totals_that_names_no_products_has_one_for_everything(
    engine: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        lines = as_pandas(read_transactions(ENGINES[engine](pd.DataFrame(TOTALS))))
    assert set(lines["product_id"]) == {"Everything sold"}
    assert lines["amount"].sum() == 20.5
    assert sorted(lines["order_id"]) == ["7 2024-03-01", "7 2024-03-02", "8 2024-03-01", "8 2024-03-05"]
    assert "No column says what was sold" in caplog.text


@pytest.mark.parametrize(
    "more",
    [
        *(
            "Item purchased as",
            "Category",
            "EAN 13",
            "title",
            "Name",
            "Book",
            "Course",
            "Dish",
            "Game",
            "Bezeichnung",
        ),
        *("Libellé", "Ware", "style", "order_item", "store product", "balance", "number_of_cds"),
    ],
)
def test_what_may_say_what_was_sold_is_asked_about(more: str) -> None:
    with pytest.raises(ValueError, match="lacks the column"):
        detect_layout(pd.DataFrame(TOTALS).assign(**{more: "x"}))


@pytest.mark.parametrize(
    "besides", ["customer_name", "payment_type", "City", "order_id", "Unnamed: 0", "orderStatus", "Region"]
)
def test_other_columns_say_nothing_of_goods(besides: str) -> None:
    assert "product_id" in detect_layout(pd.DataFrame(TOTALS).assign(**{besides: list("abcd")})).assumed


@pytest.mark.parametrize("engine", ENGINES)
def test_a_list_of_customers_is_no_list_of_orders(engine: str) -> None:
    table = pd.DataFrame(TOTALS)
    # A repeated line is no second order.
    for lines in (table.head(2), table.iloc[[0, 1, 1]]):
        with pytest.raises(ValueError, match="lines of two days: this is a list of customers"):
            read_transactions(ENGINES[engine](lines))
    numbered = table.head(2).assign(order_id=["1", "2"])
    assert len(as_pandas(read_transactions(ENGINES[engine](numbered)))) == 2
    nobody = as_pandas(read_transactions(ENGINES[engine](table.assign(client=""))))
    assert len(nobody) == 4 and nobody["customer_id"].isna().all()
    with pytest.raises(ValueError, match=r"lacks the column.*product_id"):
        read_transactions(ENGINES[engine](table.rename(columns={"revenue": "unit_price"})))


BASKETS = {"Member_number": ["7", "8", "7", "7"], "Date": DAYS, "itemDescription": ["a", "b", "c", "a"]}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_table_without_money_counts_units(engine: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        lines = as_pandas(read_transactions(ENGINES[engine](pd.DataFrame(BASKETS).assign(Qty=[1, 2, 3, 1]))))
    assert "No column says what was paid: each unit counts as 1" in caplog.text
    kept = clean_transactions(lines).transactions
    assert kept["amount"].sum() == 7
    assert sorted(set(kept["order_id"])) == ["7 2024-03-01", "7 2024-03-02", "7 2024-03-05", "8 2024-03-01"]


@pytest.mark.parametrize(
    "besides",
    [
        *("Preis", "Umsatz", "Precio", "Valor", "Betrag", "cena", "value", "GMV", "x", "net"),
        *("payment", "item_cost", "売上", "product_price_2", "StockValue", "Sales Area Price", "Item CHF"),
        *("price_at_purchase", "Price Date", "total_of_day"),
        *("Line €", "Product MSRP", "Order Bill", "Customer Pays", "Price No VAT", "policy_number"),
        # not sold, but viewed, asked about, returned or moved
        *("behavior_type", "type", "status", "ticket_id", "return_id", "rating", "direction"),
    ],
)
def test_what_may_say_what_was_paid_is_asked_about(besides: str) -> None:
    with pytest.raises(ValueError, match="lacks the column"):
        detect_layout(pd.DataFrame(BASKETS).assign(**{besides: 1}))


@pytest.mark.parametrize(
    "besides",
    ["StockDate", "TerritoryKey", "OrderLineItem", "payment_method", "Store", "first_sold_date", "paid_at"],
)
def test_other_columns_say_nothing_of_money(besides: str) -> None:
    assert "unit_price" in detect_layout(pd.DataFrame(BASKETS).assign(**{besides: list("abcd")})).assumed


def test_customers_with_what_they_like_are_no_orders() -> None:
    liked = pd.DataFrame({"client": list("abc"), "created_at": DAYS[:3], "product": list("xyz")})
    with pytest.raises(ValueError, match="this is a list of customers"):
        read_transactions(liked)


@pytest.mark.parametrize(
    ("headers", "columns"),
    [
        ("DATE CUSTOMER SKU PCS RATE GROSS_AMT", "quantity=PCS amount=GROSS_AMT"),
        ("customer_id trans_date tran_amount", "amount=tran_amount ordered_at=trans_date"),
        ("transaction_id product_id customer_id transaction_date list_price", "amount=list_price"),
        ("Member Date itemDescription Order_Value", "amount=Order_Value"),
        ("customer_id product_id date list_price standard_cost", "amount=list_price"),
    ],
)
def test_headers_of_wholesalers_and_of_public_data(headers: str, columns: str) -> None:
    layout = detect_layout(pd.DataFrame(columns=headers.split()))
    assert dict(pair.split("=") for pair in columns.split()).items() <= layout.columns.items()


@pytest.mark.parametrize("paid", ["price_paid", "net_price", "sold_for", "price_at_purchase"])
def test_a_list_price_is_not_what_was_paid_where_another_header_may_be(paid: str) -> None:
    headers = ["customer_id", "product_id", "order_date", "quantity", "list_price", paid]
    with pytest.raises(ValueError, match="unit_price"):
        detect_layout(pd.DataFrame(columns=headers))


def test_rates_and_running_numbers_are_not_guessed_at() -> None:
    vat = {"order_id": list("1122"), "customer_id": list("AABB"), "date": DAYS, "product": list("mcmc")}
    lines = pd.DataFrame({**vat, "quantity": [2, 1, 2, 3], "rate": 20, "order_total": [110, 110, 80, 80]})
    with pytest.raises(ValueError, match=r"110|190"):
        read_transactions(lines)
    numbered = pd.DataFrame({"customer_id": list("ABA"), "date": DAYS[:3], "product": list("mmc")})
    read = read_transactions(numbered.assign(num=[2, 2, 1], amount=[10, 10, 5]))
    assert read["order_id"].nunique() == 3


def test_files_that_are_read_alike_say_so_once(tmp_path: Path) -> None:
    for month, person in (("april", "7"), ("june", "8"), ("may", "9")):
        text = f"Receipt,Item,Member,Date,Qty,Price\n{person},Mug,{person},2024-01-31,1,2.50\n"
        (tmp_path / f"{month}.csv").write_text(text)
    (tmp_path / "other.csv").write_text("Bill No,Item,Member,Date,Qty,Price\n4,Mug,4,2024-01-31,1,2.50\n")
    notes = [note for note in read_transactions(tmp_path).attrs["notes"] if "no known layout" in note]
    assert [note.split(":")[0] for note in notes] == [
        "april.csv and 2 more tables have no known layout and are read by their headers",
        "other.csv has no known layout and is read by its headers",
    ]


@pytest.mark.parametrize("header", ["Book_ID", "Dish Code", "wineNo"])
def test_a_number_in_a_trades_own_word_is_asked_about(header: str) -> None:
    orders = pd.DataFrame(
        columns=["Order_ID", "Customer_ID", header, "Order_Date", "Quantity", "Total_Amount"]
    )
    with pytest.raises(ValueError, match=f"lacks the column.s. product_id.*Perhaps one of '{header}'"):
        detect_layout(orders)
    assert detect_layout(orders, columns={"product_id": header}).columns["amount"] == "Total_Amount"
    assert detect_layout(orders, columns={"product_id": None}).assumed == ("product_id",)


@pytest.mark.parametrize("header", ["Store ID", "Batch ID", "Reference_ID", "accountId", "table_id"])
def test_numbers_of_what_is_not_sold_leave_totals_totals(header: str) -> None:
    headers = ["Order_ID", "Customer_ID", header, "Order_Date", "Quantity", "Total_Amount"]
    assert detect_layout(pd.DataFrame(columns=headers)).assumed == ("product_id",)


def test_files_of_orders_and_of_their_lines_are_to_be_joined(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("Order ID,Order Date,CustomerName\nB-1,01-04-2018,Ann\n")
    (tmp_path / "lines.csv").write_text("Order ID,Amount,Quantity,Sub-Category\nB-1,1275,7,Chairs\n")
    with pytest.raises(ValueError, match=r"has a 'Order ID', too: .*merge.orders, lines, on='Order ID'"):
        read_transactions(tmp_path)
    (tmp_path / "orders.csv").unlink()
    with pytest.raises(ValueError, match=r"lines\.csv lacks") as raised:
        read_transactions(tmp_path)
    assert "merge" not in str(raised.value)


def test_whole_orders_need_no_joining(tmp_path: Path) -> None:
    head = "order_id,customer_id,order_date,product_id,quantity,unit_price"
    (tmp_path / "jan.csv").write_text(f"{head}\n1,7,2024-01-15,A,1,5\n")
    (tmp_path / "feb.csv").write_text(f"{head},coupon\n2,7,2024-02-15,A,1,5,X\n")
    (tmp_path / "prices.csv").write_text("product_id,list_price\nA,5\n")
    with pytest.raises(ValueError, match=r"prices\.csv") as raised:
        read_transactions(tmp_path)
    assert "merge" not in str(raised.value)


def test_the_files_to_be_joined_are_named_where_a_list_of_customers_is_with_them(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("customer_id,first_name,city\n7,Ann,Graz\n")
    (tmp_path / "orders.csv").write_text("order_id,customer_id,order_date\n1,7,2024-01-15\n")
    (tmp_path / "order_items.csv").write_text("order_id,product_id,quantity,list_price\n1,A,2,5\n")
    with pytest.raises(ValueError, match=r"Like order_items.csv, orders.csv has a 'order_id', too: .*merge"):
        read_transactions(tmp_path)


@pytest.mark.parametrize("lacking", ["", "Price"])
def test_a_till_that_knows_no_customers_is_told_so(lacking: str) -> None:
    headers = [h for h in ("Date", "Transaction", "Item", "Price", "Qty") if h != lacking]
    with pytest.raises(ValueError, match="Nothing says who bought, and without customers there are no seg"):
        detect_layout(pd.DataFrame(columns=headers))


def test_what_tells_of_an_invoice_or_of_money_is_no_hint_at_who_bought_or_what() -> None:
    headers = ["Order ID", "Buyer Invoice Date", "Product Amt", "Order Date", "Qty", "Price", "Retailer"]
    with pytest.raises(ValueError, match=r"Perhaps one of 'Retailer'\?"):
        detect_layout(pd.DataFrame(columns=headers))


@pytest.mark.parametrize(
    "paid",
    [
        "Wholesale Price",
        "discounted_price",
        "price at purchase",
        "paid in EUR",
        "Amount Charged (USD)",
        "Rate",
        "TotalPayment",
    ],
)
def test_a_retail_price_beside_what_was_paid_is_asked_about(paid: str) -> None:
    headers = ["order_no", "customer", "item", "date", "qty", "Retail Price"]
    assert detect_layout(pd.DataFrame(columns=headers)).columns["unit_price"] == "Retail Price"
    with pytest.raises(ValueError, match=f"lacks the column.s. unit_price.*{re.escape(paid)}"):
        detect_layout(pd.DataFrame(columns=[*headers, paid]))


@pytest.mark.parametrize(
    "besides",
    [
        *(
            "payment_method",
            "sales_channel",
            "sales_rep",
            "Sale ID",
            "value_segment",
            "price_list",
            "is_paid",
        ),
        *("sold_by", "Paid at", "flash_sale", "units_sold", "net_weight", "shipping_charge", "exchange_rate"),
        *("coupon_value", "Customer Lifetime Value"),
    ],
)
def test_a_retail_price_is_what_was_paid_beside_columns_that_are_not_money(besides: str) -> None:
    headers = ["order_no", "customer", "item", "date", "qty", "Retail Price", besides]
    assert detect_layout(pd.DataFrame(columns=headers)).columns["unit_price"] == "Retail Price"


def test_a_category_of_products_tells_what_was_sold() -> None:
    headers = ["order_id", "customer_id", "Purchase_Date", "Amount_INR", "product_category"]
    assert detect_layout(pd.DataFrame(columns=headers)).assumed == ("quantity",)
    bank = ["transaction_id", "customer_id", "date", "amount", "category"]
    with pytest.raises(ValueError, match="lacks"):
        detect_layout(pd.DataFrame(columns=bank))


@pytest.mark.parametrize("header", ["date_utc", "DateTime (UTC)", "Created at (GMT)", "createTime"])
def test_whose_clock_a_date_is_by_does_not_count(header: str) -> None:
    headers = ["order_number", "customer_email", "product_name", header, "quantity", "total"]
    assert detect_layout(pd.DataFrame(columns=headers)).columns["ordered_at"] == header


def test_who_paid_is_told_by_an_address_before_a_name() -> None:
    headers = ["sale_id", "Buyer Name", "Purchase Email", "item", "sale date", "qty", "total"]
    assert detect_layout(pd.DataFrame(columns=headers)).columns["customer_id"] == "Purchase Email"


@pytest.mark.parametrize(
    ("money", "column"),
    [
        ("net_amount total_paid", "amount=net_amount"),
        ("total_paid amt", "amount=amt"),
        ("total_paid order_total", "amount=order_total"),
        ("order_price total", "amount=total"),
        ("price order_price", "unit_price=price"),
        ("total_paid unit_price", "unit_price=unit_price"),
        ("price total_paid total", "unit_price=price amount=total"),
        ("total_paid amount_usd", "amount=amount_usd"),
        ("total_paid", "amount=total_paid"),
        ("total_paid_usd", "amount=total_paid_usd"),
        ("order_price", "amount=order_price"),
    ],
)
def test_what_was_paid_in_all_counts_where_nothing_else_tells_of_money(money: str, column: str) -> None:
    headers = ["order_id", "customer_id", "product", "date", "quantity", *money.split()]
    found = detect_layout(pd.DataFrame(columns=headers)).columns
    told = {name: header for name, header in found.items() if name in ("unit_price", "amount")}
    assert told == dict(pair.split("=") for pair in column.split())


def test_what_was_paid_in_all_is_no_price_of_one_beside_a_list_price() -> None:
    headers = ["order_id", "customer_id", "product", "date", "quantity", "list_price", "total_paid"]
    with pytest.raises(ValueError, match=r"lacks the column.s. unit_price.*'total_paid'"):
        detect_layout(pd.DataFrame(columns=headers))


@pytest.mark.parametrize(
    ("headers", "columns"),
    [
        ("product_id description offer_name", "product_id=product_id product_name=description"),
        ("description listing_title", "product_id=description product_name=description"),
        ("ticket_type description", "product_id=description product_name=description"),
        ("ticket_type", "product_id=ticket_type product_name=ticket_type"),
    ],
)
def test_an_offer_is_what_was_sold_where_no_other_name_says_it(headers: str, columns: str) -> None:
    others = ["order_no", "customer", "date", "qty", "price"]
    found = detect_layout(pd.DataFrame(columns=[*others, *headers.split()])).columns
    told = {name: header for name, header in found.items() if name.startswith("product")}
    assert told == dict(pair.split("=") for pair in columns.split())


@pytest.mark.parametrize("headers", ["day_{}", "Sales-200{}", "Woche {}", "0{}.02.2024", "2024-0{}"])
def test_columns_side_by_side_are_to_be_stacked(headers: str) -> None:
    columns = ["customer_id", *(headers.format(number) for number in range(1, 9))]
    first, last = columns[1], columns[-1]
    with pytest.raises(ValueError, match=rf"8 columns stand side by side, '{first}' to '{last}'.*melt"):
        detect_layout(pd.DataFrame(columns=columns))


@pytest.mark.parametrize(
    "headers",
    [
        ["Order ID", "Date", "Product", "Quantity", "Price", *(f"Image {n}" for n in range(1, 8))],
        ["Order ID", "Day", "Product", "Quantity", "Price", *(f"Unnamed: {n}" for n in range(5, 12))],
        [*(f"V{n}" for n in range(1, 8)), "Amount", "Time", "Class"],
    ],
)
def test_columns_that_are_no_days_are_not_to_be_stacked(headers: list[str]) -> None:
    with pytest.raises(ValueError, match="lacks the column") as refused:
        detect_layout(pd.DataFrame(columns=headers))
    assert "stand side by side" not in str(refused.value)


def test_what_was_made_in_all_is_an_amount_beside_a_list_price() -> None:
    headers = "Order ID,Order Date,Customer ID,Product ID,Cost,List Price,Quantity,Discount,Gross Revenue"
    columns = [*headers.split(","), "Net Revenue", "Net Profit"]
    assert detect_layout(pd.DataFrame(columns=columns)).columns["amount"] == "Net Revenue"
    # before discounts, which isn't what was paid
    without = [column for column in columns if column != "Net Revenue"]
    with pytest.raises(ValueError, match="lacks the column"):
        detect_layout(pd.DataFrame(columns=without))


def test_lines_of_a_shop_are_not_an_export_that_lacks_its_customers() -> None:
    headers = "order_number order_date status order_currency discount_total customer_email billing_email "
    headers += "product_name sku quantity item_total"
    layout = detect_layout(pd.DataFrame(columns=headers.split()))
    assert layout.columns["customer_id"] == "customer_email"
    assert layout.checked["status"] == "status"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Order ID|Customer Name|Food Item|Category|Quantity|Price|Order Time", {"product_id": "Food Item"}),
        ("product_id|user_id|spend|transaction_date", {"amount": "spend"}),
        ("order_id|product_id|user_id|quantity|spend|total|transaction_date", {"amount": "total"}),
        ("order_id|customer_id|order_ts|status|location|total_amount", {"ordered_at": "order_ts"}),
        ("order_id|customer_id|date_and_time|ship_mode|subtotal_eur|total_eur", {"amount": "total_eur"}),
    ],
)
def test_more_of_what_columns_are_usually_called(headers: str, expected: dict[str, str]) -> None:
    assert expected.items() <= detect_layout(pd.DataFrame(columns=headers.split("|"))).columns.items()


def test_a_kind_is_not_what_was_sold_where_a_header_ends_in_item() -> None:
    headers = ["Order ID", "Customer Name", "Snack Item", "Category", "Quantity", "Price", "Order Time"]
    with pytest.raises(ValueError, match=r"lacks the column\(s\) product_id.*Perhaps one of 'Snack Item'"):
        detect_layout(pd.DataFrame(columns=headers))


def test_a_voucher_code_is_no_number_of_an_order() -> None:
    layout = detect_layout(
        pd.DataFrame(columns=["date", "customer", "product", "qty", "price", "voucher_code"])
    )
    assert layout.assumed == ("order_id",)


def test_headers_that_lost_letters_are_told() -> None:
    headers = ["N\ufffdmero de pedido", "Fecha", "Cliente", "Producto", "Cantidad", "Precio"]
    with pytest.raises(ValueError, match="'N\ufffdmero de pedido' has lost letters: export the table again"):
        detect_layout(pd.DataFrame(columns=headers))
