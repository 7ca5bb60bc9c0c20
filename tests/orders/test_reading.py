"""Orders of every layout, format and engine become the same canonical table."""

import logging
from datetime import datetime
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopper_widgets._support.locale import in_locale
from shopper_widgets.orders.cells.numbers import _pattern
from shopper_widgets.orders.reading import read_transactions, read_with_notes
from tests.workbooks import workbook

HEADER = "order_id,product_id,product_name,customer_id,country,ordered_at,quantity,unit_price"
LINE = "1,A1,Tea,17850.0,France,2010-12-01 08:26,6,2.55"
NAMES = HEADER.split(",")


@pytest.fixture
def read(tmp_path):
    """Return a function that writes text to a file, in any encoding, and reads it."""

    def write_and_read(*lines, name="orders.csv", **options):
        path = tmp_path / name
        path.write_bytes("\n".join(lines).encode())
        return read_transactions(path, **options)

    return write_and_read


def rows(result):
    """Return the rows of any engine's frame as Python values, with missing ones as None."""
    frame = nw.from_native(result).lazy().collect(backend="pyarrow").to_native()
    return frame.to_pylist()


def column(result, name):
    return [row[name] for row in rows(result)]


# --- files -------------------------------------------------------------------------------------------------


def test_a_file_becomes_canonical(read):
    result = read(HEADER, LINE, ",,,,,,,", "2,A2,,NA,NA,soon,a few,free")
    assert isinstance(result, pd.DataFrame)
    first, blank, bad = rows(result)
    assert first == {
        "order_id": "1",
        "product_id": "A1",
        "customer_id": "17850",
        "ordered_at": datetime(2010, 12, 1, 8, 26),
        "quantity": 6.0,
        "unit_price": 2.55,
        "product_name": "Tea",
        "country": "France",
        "unread": None,
        "source_line": 2,
    }
    assert {k: v for k, v in blank.items() if v is not None and v == v} == {"source_line": 3}
    # what can't be read becomes missing, and the line stays
    assert {k: v for k, v in bad.items() if v is not None and v == v} == {
        "order_id": "2",
        "product_id": "A2",
        "country": "NA",
        "unread": "unreadable date; unreadable quantity; unreadable price",
        "source_line": 4,
    }


def test_types_of_a_file(read):
    result = read(HEADER, LINE)
    for name in ("order_id", "product_id", "customer_id", "country", "product_name"):
        assert nw.from_native(result).schema[name] == nw.String
    assert result["ordered_at"].dtype == "datetime64[us]"
    assert result["quantity"].dtype == result["unit_price"].dtype == "float64"
    assert result["source_line"].dtype == "int64"


def test_other_columns_are_left_out_and_named(read, caplog):
    caplog.set_level(logging.INFO)
    result = read(f"{HEADER},Channel", f"{LINE},web")
    assert "Channel" not in result
    assert "orders.csv is read as snake_case: order_id ← 'order_id'" in caplog.text
    assert "not used: Channel" in caplog.text


def test_ids_are_text_as_written(read):
    ids = [
        "17850.0",
        "007",
        " A 1 ",
        "1.50",
        "12.00",
        "1e5",
        "-3.0",
        "NULL",
        "nan",
        "None",
        "N/A",
        "<NA>",
        "Null",
    ]
    result = read(HEADER, *(f"1,A1,Tea,{i},France,2010-12-01,6,2.55" for i in ids))
    assert column(result, "customer_id") == [
        *("17850", "007", "A 1", "1.50", "12", "1e5", "-3"),
        *(None, None, None, None, None, None),
    ]


def test_names_and_countries_may_look_missing(read):
    result = read(HEADER, "1,A1,None,c,NA,2010-12-01,6,2.55", "1,A1,nan,c,,2010-12-01,6,2.55")
    assert column(result, "product_name") == ["None", None]
    assert column(result, "country") == ["NA", None]


def test_a_european_file(tmp_path):
    path = tmp_path / "bestellungen.csv"
    path.write_bytes(
        "Beleg;Artikel;Bezeichnung;Kundennr;Datum;Menge;Preis\r\n"
        'R1;A1;"Tasse, grün";K1;13.12.2010 08:26;1.000;1.234,50 €\r\n'
        "R2;A2;Löffel;K2;1.12.2010;2;3,00 €\r\n".encode("cp1252")
    )
    result = read_transactions(
        path,
        columns={
            "order_id": "Beleg",
            "product_id": "Artikel",
            "product_name": "Bezeichnung",
            "customer_id": "Kundennr",
            "ordered_at": "Datum",
            "quantity": "Menge",
            "unit_price": "preis",
        },
    )
    assert column(result, "product_name") == ["Tasse, grün", "Löffel"]
    assert column(result, "ordered_at") == [datetime(2010, 12, 13, 8, 26), datetime(2010, 12, 1)]
    assert column(result, "quantity") == [1000, 2]  # proved by the prices
    assert column(result, "unit_price") == [1234.5, 3]


def test_lines_are_those_of_the_file(read):
    result = read(HEADER, '1,A1,"two\nlines",c,F,2010-12-01,6,2.55', "", LINE)
    assert column(result, "source_line") == [2, 5]


def test_a_line_with_a_cell_too_many_is_kept_without_values(read, caplog):
    result = read(HEADER, LINE, "1,A1,Tea, green,c,France,2010-12-01,6,2.55", LINE)
    assert column(result, "source_line") == [2, 3, 4]
    assert column(result, "order_id") == ["1", None, "1"]
    assert "first on line 3" in caplog.text


def test_several_files(tmp_path):
    (tmp_path / "b.csv").write_text(f"{HEADER}\n{LINE}\n")
    # another layout, separator and columns; the other file proves the order of day and month
    (tmp_path / "a.tsv").write_text(
        "InvoiceNo\tStockCode\tQuantity\tInvoiceDate\tUnitPrice\tCustomerID\n5\tB\t1\t2010-12-02\t1.5\t12346.0\n"
    )
    result = read_transactions(tmp_path)
    assert column(result, "source_file") == ["a.tsv", "b.csv"]
    assert column(result, "source_line") == [2, 2]
    assert column(result, "country") == [None, "France"]
    assert column(result, "customer_id") == ["12346", "17850"]
    assert rows(read_transactions(tmp_path / "*.csv")) == rows(read_transactions(tmp_path / "b.csv"))


def test_files_of_different_types(tmp_path):
    pd.DataFrame(
        {n: [v] for n, v in zip(NAMES, [1, "A", "x", 5.0, "F", datetime(2010, 12, 1), 2, 1.5], strict=True)}
    ).to_parquet(tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text(f"{HEADER}\n{LINE}\n")
    result = read_transactions(tmp_path)
    assert column(result, "ordered_at") == [datetime(2010, 12, 1), datetime(2010, 12, 1, 8, 26)]
    assert column(result, "customer_id") == ["5", "17850"]
    assert column(result, "quantity") == [2, 6]


@pytest.mark.parametrize("text", ["", HEADER, f"{HEADER}\n\n", "hello", "<html><body>no</body></html>"])
def test_what_holds_no_orders_is_one_clear_error(read, text):
    with pytest.raises(ValueError, match=r"orders\.csv"):
        read(text)


# --- Excel -------------------------------------------------------------------------------------------------

EXCEL_ROWS = [
    NAMES,
    [536365, "85123A", "Lamp", 17850.0, "France", datetime(2010, 12, 1, 8, 26), 6, 2.55],
    ["C536379", 22633, None, None, "NA", datetime(2010, 12, 13, 9, 41), -1, 27.5],
]


def test_a_workbook(tmp_path):
    path = tmp_path / "orders.xlsx"
    path.write_bytes(workbook({"Notes": [["hello"]], "Orders": EXCEL_ROWS}))
    result = read_transactions(path)
    assert column(result, "order_id") == ["536365", "C536379"]
    assert column(result, "product_id") == ["85123A", "22633"]
    assert column(result, "customer_id") == ["17850", None]
    assert column(result, "ordered_at") == [datetime(2010, 12, 1, 8, 26), datetime(2010, 12, 13, 9, 41)]
    assert column(result, "quantity") == [6, -1]
    assert column(result, "source_line") == [2, 3]
    pd.testing.assert_frame_equal(read_transactions(path, sheet="Orders"), result)


def test_dates_of_a_workbook_half_of_which_stayed_text(tmp_path):
    # an American spreadsheet reads 1/12/2010 as a date in January and leaves 13/12/2010 as text, which at
    # least shows the order of day and month
    path = tmp_path / "orders.xlsx"
    dates = [datetime(2010, 12, 1, 8, 26), "13/12/2010 9:41", 40513.3513888889]
    path.write_bytes(
        workbook({"Orders": [NAMES, *([1, "A", "Tea", 5, "F", date, 1, 2.5] for date in dates)]})
    )
    assert column(read_transactions(path), "ordered_at") == [
        datetime(2010, 12, 1, 8, 26),
        datetime(2010, 12, 13, 9, 41),
        datetime(2010, 12, 1, 8, 26),
    ]


def test_day_numbers(read, caplog):
    caplog.set_level(logging.INFO)
    result = read(HEADER, "1,A1,Tea,c,F,40513.3513888889,6,2.55")
    assert column(result, "ordered_at") == [datetime(2010, 12, 1, 8, 26)]
    assert "are read as a spreadsheet's day numbers" in caplog.text


# --- dates -------------------------------------------------------------------------------------------------


def dated(*dates):
    return [HEADER, *(f"1,A1,Tea,c,F,{date},6,2.55" for date in dates)]


def test_a_thirteen_anywhere_settles_the_order_of_day_and_month(read):
    assert column(read(*dated("1/12/2010 8:26", "13/12/2010 8:26")), "ordered_at")[0] == datetime(
        2010, 12, 1, 8, 26
    )
    assert column(read(*dated("12/1/2010 8:26", "12/13/2010 8:26")), "ordered_at")[0] == datetime(
        2010, 12, 1, 8, 26
    )


def test_ambiguous_dates_are_an_error_that_shows_both_readings(read):
    lines = dated("03-04-2011", "01-01-2011")
    with pytest.raises(
        ValueError, match=r"'ordered_at', '03-04-2011' is 3 April 2011 .* 4 March 2011 .*dayfirst="
    ):
        read(*lines)
    assert column(read(*lines, dayfirst=True), "ordered_at")[0] == datetime(2011, 4, 3)
    assert column(read(*lines, dayfirst=False), "ordered_at")[0] == datetime(2011, 3, 4)
    assert column(read(*lines, date_format="%d-%m-%Y"), "ordered_at")[0] == datetime(2011, 4, 3)


def test_dates_that_contradict_each_other(read):
    lines = dated("13/12/2010", "12/13/2010")
    with pytest.raises(ValueError, match="'13/12/2010' has the day first, '12/13/2010' the month"):
        read(*lines)
    assert column(read(*lines, dayfirst=True), "ordered_at") == [datetime(2010, 12, 13), None]


def test_a_column_without_any_date(read):
    with pytest.raises(ValueError, match=r"of 5 values under 'ordered_at' none is a date.*date_format="):
        read(*dated(*["tomorrow"] * 5))
    assert column(read(*dated(*["tomorrow"] * 5, "2010-12-01")), "ordered_at")[0] is None


def test_zones_become_utc_and_are_logged(read, caplog):
    caplog.set_level(logging.INFO)
    result = read(*dated("2010-12-01 08:26:00 +0100", "2010-12-01T08:26:00-05:00", "2010-12-01 08:26"))
    assert [d.hour for d in column(result, "ordered_at")] == [7, 13, 8]
    assert "become naive ones in UTC" in caplog.text


# --- numbers -----------------------------------------------------------------------------------------------


def priced(*prices, quantity="6"):
    return [HEADER.replace(",", ";"), *(f"1;A1;Tea;c;F;2010-12-01;{quantity};{price}" for price in prices)]


def test_ambiguous_numbers_are_an_error_that_shows_both_readings(read):
    lines = priced("1,234", "5")
    with pytest.raises(
        ValueError, match=r"'1,234' \('unit_price'\) is 1,234 with a decimal point, 1.234 with a"
    ):
        read(*lines)
    assert column(read(*lines, decimal="."), "unit_price") == [1234, 5]
    assert column(read(*lines, decimal=","), "unit_price") == [1.234, 5]


def test_numbers_that_contradict_each_other(read):
    lines = priced("2,55", quantity="1.5")
    with pytest.raises(
        ValueError, match=r"'1\.5' \('quantity'\) has a decimal point, '2,55' \('unit_price'\) a"
    ):
        read(*lines)
    assert column(read(*lines, decimal=","), "quantity") == [None]


def test_a_column_without_any_number(read):
    with pytest.raises(
        ValueError, match=r"of 5 values under 'unit_price' none is a number, for example 'free'"
    ):
        read(*priced(*["free"] * 5))


def test_several_currencies_are_an_error(read):
    with pytest.raises(ValueError, match="'unit_price' holds several currencies: EUR, GBP"):
        read(*priced("£2.50", "2.50 €"))
    assert column(read(*priced("£2.50", "3", "GBP 4")), "unit_price") == [2.5, 3, 4]
    with pytest.raises(ValueError, match="'Currency' holds several currencies: CHF, EUR"):
        read(f"{HEADER},Currency", f"{LINE},eur", f"{LINE},EUR", f"{LINE},CHF")
    with pytest.raises(ValueError, match="'Money' holds several currencies"):
        read(f"{HEADER},Money", f"{LINE},EUR", f"{LINE},CHF", columns={"currency": "Money"})


# --- shops -------------------------------------------------------------------------------------------------

SHOPIFY = """\
Name,Email,Financial Status,Currency,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,\
Billing Country,Cancelled at
#1001,ada@example.org,paid,EUR,2025-10-07 09:50:26 +0200,3,Mask,34.90,MSK,FR,
#1001,,,,,1,Balm,12.00,,,
#1002,bo@example.org,refunded,EUR,2025-10-08 10:00:00 +0200,1,Mask,34.90,MSK,DE,
#1003,cy@example.org,paid,EUR,2025-10-09 10:00:00 +0200,1,Mask,34.90,MSK,DE,2025-10-10 10:00:00 +0200
#1003,,,,,2,Soap,4.00,SOAP,,
#1004,di@example.org,partially_refunded,EUR,2025-10-10 10:00:00 +0200,1,Soap,4.00,SOAP,DE,
,,,,,1,Balm,12.00,BALM,,"""


def check_shopify(result, nameless_line):
    found = sorted(rows(result), key=lambda row: (row["order_id"] or "~", row["product_id"]))
    balm = found[0]
    # an order's first line holds for the others; without SKU, the name is the product
    assert (balm["order_id"], balm["product_id"], balm["customer_id"]) == ("#1001", "Balm", "ada@example.org")
    assert (balm["country"], balm["ordered_at"]) == ("FR", datetime(2025, 10, 7, 7, 50, 26))
    cancelled = {row["order_id"] for row in found if row["is_cancelled"]}
    assert cancelled == {"#1002", "#1003"}
    assert [row["is_cancelled"] for row in found if row["order_id"] == "#1003"] == [True, True]
    assert ("#1004", "BALM") in {(r["order_id"], r["product_id"]) for r in found} or not nameless_line
    assert "status" not in found[0]


def test_shopify(read, tmp_path):
    result = read(*SHOPIFY.splitlines())
    check_shopify(result, nameless_line=True)
    assert column(result, "source_line") == [2, 3, 4, 5, 6, 7, 8]
    assert list(result.columns)[-2:] == ["is_cancelled", "source_line"]


@pytest.mark.parametrize("engine", ["pandas", "polars", "lazy", "duckdb"])
def test_shopify_on_other_engines(engine, tmp_path):
    path = tmp_path / "shopify.csv"
    path.write_text(SHOPIFY)
    text = pd.read_csv(path, dtype=str)
    source = {
        "pandas": lambda: text,
        "polars": lambda: pl.from_pandas(text),
        "lazy": lambda: pl.from_pandas(text).lazy(),
        "duckdb": lambda: duckdb.from_df(text),
    }[engine]()
    check_shopify(read_transactions(source), nameless_line=engine in ("pandas", "polars"))


def test_woocommerce(read):
    result = read(
        "Order Number,Order Status,Order Date,Email (Billing),Country Code (Billing),SKU,Item Name,Quantity,"
        "Item Cost,Order Currency",
        "12,Completed,2024-03-01 10:00,ada@example.org,FR,TEA,Tea,2,3.50,EUR",
        "12,,,,,,Honey,1,5.00,",
        "13,wc-cancelled,2024-03-02 10:00,bo@example.org,DE,TEA,Tea,1,3.50,EUR",
    )
    assert column(result, "product_id") == ["TEA", "Honey", "TEA"]
    assert column(result, "customer_id") == ["ada@example.org", "ada@example.org", "bo@example.org"]
    assert column(result, "is_cancelled") == [False, False, True]


def test_superstore_gives_line_totals(read):
    result = read(
        "Order ID,Order Date,Customer ID,Country,Product ID,Product Name,Sales,Quantity",
        "CA-2016-152156,11/8/2016,CG-12520,United States,FUR-BO-10001798,Bookcase,261.96,2",
        "CA-2016-152157,11/18/2016,CG-12520,United States,FUR-CH-10000454,Chair,731.94,3",
    )
    assert column(result, "amount") == [261.96, 731.94]
    assert "unit_price" not in result
    assert column(result, "ordered_at")[0] == datetime(2016, 11, 8)


# --- frames ------------------------------------------------------------------------------------------------

RAW = pd.DataFrame(
    {
        "InvoiceNo": ["536365", "C536379", "536366", None],
        "StockCode": ["85123A", "D", "22633", "22633"],
        "Description": ["LAMP ", "Discount", None, "nan"],
        "Quantity": [6, -1, 2, 3],
        "InvoiceDate": ["12/1/2010 8:26", "12/13/2010 9:41", "31/31/2010", None],
        "UnitPrice": [2.55, np.inf, np.nan, 1.0],
        "CustomerID": [17850.0, np.nan, 12346.0, 12347.0],
        "Country": ["France", "NA", None, "EIRE"],
    }
)
ENGINES = {
    "pandas": lambda frame: frame,
    "polars": pl.from_pandas,
    "lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "duckdb": duckdb.from_df,
    "arrow": lambda frame: pa.Table.from_pandas(frame, preserve_index=False),
    "narwhals": nw.from_native,
}


@pytest.mark.parametrize("engine", ENGINES)
def test_the_kind_that_came_in_comes_back_with_equal_values(engine):
    before = RAW.copy()
    names = (
        "order_id",
        "product_id",
        "customer_id",
        "ordered_at",
        "quantity",
        "unit_price",
        "product_name",
        "country",
        "unread",
    )
    expected = [
        ("536365", "85123A", "17850", datetime(2010, 12, 1, 8, 26), 6.0, 2.55, "LAMP", "France", None),
        (
            "C536379",
            "D",
            None,
            datetime(2010, 12, 13, 9, 41),
            -1.0,
            None,
            "Discount",
            "NA",
            "price out of range",
        ),
        ("536366", "22633", "12346", None, 2.0, None, None, None, "unreadable date"),
        (None, "22633", "12347", None, 3.0, 1.0, None, "EIRE", None),
    ]
    source = ENGINES[engine](RAW)
    result = read_transactions(source)
    assert type(result) is type(source)
    assert rows(result) == [dict(zip(names, values, strict=True)) for values in expected]
    pd.testing.assert_frame_equal(RAW, before)


@pytest.mark.parametrize("date", ["2024-01-31 10:15", "31 Mär 2024 10:15", "2024-W05-3"])
def test_a_lazy_engine_is_asked_for_each_step_once(date):
    # repeating each step in the query wherever it is used made reading two lines take six seconds
    texts = RAW.assign(InvoiceDate=date, Quantity="6", UnitPrice="2.55")
    query = read_transactions(ENGINES["duckdb"](texts)).sql_query()
    assert query.count(_pattern(".").replace("'", "''")) == 2  # once per column of numbers
    assert query.count("strptime(") == 1
    assert query.count("'[-W]'") <= 3  # year, week, day


@pytest.mark.parametrize("engine", ["pandas", "polars", "lazy", "duckdb"])
def test_ambiguity_is_an_error_on_every_engine(engine):
    frame = RAW.assign(InvoiceDate="3/4/2010")
    with pytest.raises(ValueError, match="3 April 2010"):
        read_transactions(ENGINES[engine](frame))
    with pytest.raises(ValueError, match=r"decimal='\."):
        read_transactions(ENGINES[engine](RAW.assign(UnitPrice="1.234")))
    result = read_transactions(ENGINES[engine](frame), dayfirst=True)
    assert column(result, "ordered_at") == [datetime(2010, 4, 3)] * 4


@pytest.mark.parametrize("engine", ["pandas", "polars", "lazy", "duckdb"])
def test_timestamps_with_a_zone_become_utc(engine):
    times: Any = ["2010-12-01 08:26", "2010-07-01 08:26", None, None]
    aware = pd.to_datetime(times).tz_localize("Europe/Berlin")
    result = read_transactions(ENGINES[engine](RAW.assign(InvoiceDate=aware)))
    assert column(result, "ordered_at")[:2] == [datetime(2010, 12, 1, 7, 26), datetime(2010, 7, 1, 6, 26)]


def test_labels_of_a_pandas_frame_stay():
    result = read_transactions(RAW.set_axis(["a", "b", "c", "d"]))
    assert list(result.index) == ["a", "b", "c", "d"]
    assert "source_line" not in result


def test_a_pandas_column_of_mixed_objects():
    frame = RAW.assign(
        InvoiceNo=pd.Series([536365, "C536379", 536366.0, None], dtype=object),
        InvoiceDate=pd.Series(
            [datetime(2010, 12, 1), "13/12/2010", pd.Timestamp("2010-12-02 01:00", tz="CET"), None],
            dtype=object,
        ),
        Quantity=pd.Series([6, "7", 2.0, None], dtype=object),
    )
    result = read_transactions(frame)
    assert column(result, "order_id") == ["536365", "C536379", "536366", None]
    assert column(result, "ordered_at") == [
        datetime(2010, 12, 1),
        datetime(2010, 12, 13),
        datetime(2010, 12, 2),
        None,
    ]
    assert column(result, "quantity") == [6, 7, 2, None]


def test_categories_and_dates():
    frame = RAW.assign(
        Country=RAW["Country"].astype("category"),
        CustomerID=RAW["CustomerID"].astype("Int64").astype("category"),
        InvoiceDate=pd.Series([datetime(2010, 12, 1).date()] * 4),
    )
    result = read_transactions(frame)
    assert column(result, "country") == ["France", "NA", None, "EIRE"]
    assert column(result, "customer_id") == ["17850", None, "12346", "12347"]
    assert column(result, "ordered_at") == [datetime(2010, 12, 1)] * 4


def test_reading_what_was_read_changes_nothing(read):
    once = read(*SHOPIFY.splitlines())
    pd.testing.assert_frame_equal(read_transactions(once), once)


def test_an_empty_frame_stays_empty():
    assert len(read_transactions(RAW.head(0))) == 0
    assert [*read_transactions(RAW.head(0)).columns, "unread"] == list(read_transactions(RAW).columns)


# --- options -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"decimal": ";"}, ValueError, "decimal must be"),
        ({"dayfirst": "yes"}, TypeError, "dayfirst must be True or False"),
        ({"date_format": 5}, TypeError, "date_format must be text"),
        ({"date_format": "dd.mm.yyyy"}, ValueError, "date_format must be text such as '%d"),
        ({"date_format": "%d.%m.%Y", "dayfirst": True}, ValueError, "leave dayfirst out"),
    ],
)
def test_options_are_checked(options, error, message):
    with pytest.raises(error, match=message):
        read_transactions(RAW, **options)


def test_what_is_no_source():
    with pytest.raises(TypeError, match="source must be a path"):
        read_transactions([1, 2])


# --- whatever comes ----------------------------------------------------------------------------------------

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[CELL] * 8), min_size=1, max_size=4))
def test_no_line_is_ever_lost(tmp_path, cells):
    path = tmp_path / "orders.csv"
    quoted = (",".join('"' + c.replace('"', '""') + '"' for c in row) for row in cells)
    path.write_bytes("\n".join([HEADER, *quoted]).encode())
    result = read_transactions(path, dayfirst=True, decimal=".")
    assert len(result) == len(cells)
    assert result["source_line"].is_monotonic_increasing
    frame = pd.DataFrame(cells, columns=NAMES)
    assert len(read_transactions(frame, dayfirst=True, decimal=".")) == len(cells)


# --- the real set ------------------------------------------------------------------------------------------


def test_online_retail(online_retail_path):
    orders = read_transactions(online_retail_path)
    assert len(orders) == 541_909
    assert orders["customer_id"].isna().sum() == 135_080
    assert orders["customer_id"].dropna().nunique() == 4_372
    assert orders["quantity"].sum() == 5_176_450
    assert orders["order_id"].nunique() == 25_900
    assert orders["product_id"].nunique() == 4_070
    assert orders["order_id"].str.startswith("C").sum() == 9_288
    assert orders["product_name"].isna().sum() == 1_454
    assert orders["ordered_at"].min() == pd.Timestamp("2010-12-01 08:26")
    assert orders["ordered_at"].max() == pd.Timestamp("2011-12-09 12:50")
    assert (
        orders[["order_id", "product_id", "ordered_at", "quantity", "unit_price", "country"]]
        .notna()
        .all()
        .all()
    )
    assert orders["customer_id"].iloc[0] == "17850"
    np.testing.assert_array_equal(orders["source_line"], np.arange(2, 541_911))


def test_notes_are_the_same_in_every_language():
    lines = dict(zip(NAMES, zip(*[LINE.split(",")] * 3, strict=True), strict=True))
    frame = pd.DataFrame(lines).assign(quantity=["6", "6", "six"])
    with in_locale("de"):
        _, notes = read_with_notes(frame)
    assert notes == read_with_notes(frame)[1]
    assert "1 value of 3" in " ".join(notes)
