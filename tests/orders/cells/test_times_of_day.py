"""A time of day in its own column is joined with the date."""

import datetime as dt

import pandas as pd
import pytest

from shopper_widgets.orders.layouts import detect_layout
from shopper_widgets.orders.reading import read_transactions
from tests.order_tables import ENGINES, as_pandas

engines = pytest.mark.parametrize("engine", ENGINES)


def orders(dates, times, date="date", time="time", **more):
    lines = {"order_id": [str(i) for i in range(len(dates))], date: dates, time: times}
    return pd.DataFrame(lines | {"sku": "A", "customer_id": "c", "quantity": 1.0, "price": 2.5} | more)


def read(shop, engine="pandas", **options):
    found = as_pandas(read_transactions(ENGINES[engine](shop), **options))
    return [str(moment) for moment in found.sort_values("order_id")["ordered_at"]]


@engines
@pytest.mark.parametrize(
    ("dates", "times", "moments"),
    [
        (["2024-01-31", "2024-02-01"], ["12:59:30", "8:05"], ["2024-01-31 12:59:30", "2024-02-01 08:05:00"]),
        (["31/01/2024", "1/2/2024"], ["1:05 PM", "12:30 am"], ["2024-01-31 13:05:00", "2024-02-01 00:30:00"]),
        (["31.01.2024", "1.2.2024"], ["13h05", "8.30"], ["2024-01-31 13:05:00", "2024-02-01 08:30:00"]),
        (
            ["2024-01-31 00:00:00", "2024-02-01"],
            ["9:00", None],
            ["2024-01-31 09:00:00", "2024-02-01 00:00:00"],
        ),
        (
            ["2024-01-31 07:08", "2024-02-01"],
            ["9:00", "noon"],
            ["2024-01-31 07:08:00", "2024-02-01 00:00:00"],
        ),
        (["2024-01-31", None], ["1899-12-31 12:59:30", "9:00"], ["2024-01-31 12:59:30", "NaT"]),
    ],
)
def test_a_time_joins_a_date_without_one(dates, times, moments, engine):
    assert read(orders(dates, times), engine) == moments


@engines
def test_dates_and_times_that_are_no_text(engine):
    days = pd.to_datetime(["2024-01-31 00:00", "2024-02-01 10:00"])
    moments = ["2024-01-31 12:59:30", "2024-02-01 10:00:00"]
    assert read(orders(days, ["12:59:30", "11:00"]), engine) == moments
    assert read(orders(days, [dt.time(12, 59, 30), dt.time(11)]), engine) == moments
    assert (
        read(orders(days, pd.to_datetime(["1900-01-01 12:59:30", "1900-01-01 11:00:00"])), engine) == moments
    )
    assert read(orders(days, [12.5, 11.0]), engine) == ["2024-01-31 00:00:00", "2024-02-01 10:00:00"]


@pytest.mark.parametrize(
    ("date", "time", "joins"),
    [
        ("Order Date", "Order Time", True),
        ("invoice_date", "invoice_time", True),
        ("Date", "Time", True),
        ("date", "Uhrzeit", True),
        ("order_date", "time", True),
        ("order_date", "delivery_time", False),
        ("created_at", "paid_time", False),
    ],
)
def test_which_columns_belong_together(date, time, joins):
    shop = orders(["2024-01-31"], ["12:59"], date, time)
    assert read(shop) == ["2024-01-31 12:59:00" if joins else "2024-01-31 00:00:00"]
    assert (detect_layout(shop).checked.get("time_of_day") == time) is joins


def test_a_time_elsewhere_in_the_table_is_another():
    shop = orders(["2024-01-31"], ["12:59"])
    assert read(shop[["date", "order_id", "time", *shop.columns[3:]]]) == ["2024-01-31 00:00:00"]


def test_a_column_that_the_caller_gives_to_another_is_no_time():
    shop = orders(["2024-01-31"], ["12:59"])
    assert read(shop, columns={"status": "time"}) == ["2024-01-31 00:00:00"]


def test_a_stated_format_is_that_of_both():
    shop = orders(["31|01|2024"], ["12:59"])
    assert read(shop, date_format="%d|%m|%Y %H:%M") == ["2024-01-31 12:59:00"]
    assert read(shop, date_format="%d|%m|%Y") == ["2024-01-31 00:00:00"]


def test_times_of_one_file_join_its_dates_only(tmp_path):
    orders(["2024-01-31"], ["12:59"]).to_csv(tmp_path / "a.csv", index=False)
    orders(["2024-02-01"], ["12:59"]).drop(columns="time").to_csv(tmp_path / "b.csv", index=False)
    found = read_transactions(tmp_path).sort_values("ordered_at")["ordered_at"]
    assert [str(moment) for moment in found] == ["2024-01-31 12:59:00", "2024-02-01 00:00:00"]
