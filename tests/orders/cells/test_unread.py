"""A line is rejected for its true reason: an empty, unreadable or out-of-range cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.reading import read_transactions
from shopper_widgets.orders.reasons import REASONS
from tests.order_tables import ENGINES, as_pandas, money, table

HEAD = "order_id,product_id,customer_id,ordered_at,quantity,unit_price"
CELLS = {
    "unreadable date": ("soon", "1", "2"),
    "date out of range": ("9999-12-31", "1", "2"),
    "missing date": ("n/a", "1", "2"),
    "unreadable quantity": ("2024-01-16", "a dozen", "2"),
    "quantity out of range": ("2024-01-16", "1e18", "2"),
    "missing quantity": ("2024-01-16", "", "2"),
    "unreadable price": ("2024-01-16", "1", "ask us"),
    "price out of range": ("2024-01-16", "1", "1e30"),
    "missing price": ("2024-01-16", "1", "-"),
}
GOOD = [f"g{i},A,ann,2024-01-{13 + i},1,2.50" for i in range(8)]
engines = pytest.mark.parametrize("engine", ENGINES)


def reasons(read: Any) -> list[str]:
    rejected = as_pandas(clean_transactions(read).rejected)
    return rejected.sort_values("order_id")["reason"].tolist()


def shop(rows: dict[str, tuple[str, str, str]]) -> str:
    bad = [f"x{i},A,bob,{','.join(cells)}" for i, cells in enumerate(rows.values())]
    return "\n".join([HEAD, *GOOD, *bad])


@engines
def test_cells_of_text(engine: str) -> None:
    read = read_transactions(ENGINES[engine](table(shop(CELLS))))
    assert reasons(read) == list(CELLS)
    audit = money(clean_transactions(read).audit)
    assert audit["lines read"][0] == len(GOOD) + len(CELLS)
    assert {rule: audit[rule][:2] for rule in CELLS} == dict.fromkeys(CELLS, (1, 1))


def test_cells_of_a_file(tmp_path: Any) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(shop(CELLS))
    assert reasons(read_transactions(path)) == list(CELLS)
    assert reasons(read_transactions(path, date_format="%Y-%m-%d")) == list(CELLS)


@engines
@pytest.mark.parametrize("date_format", [None, "%d.%m.%Y"])
def test_dates_of_other_shapes(engine: str, date_format: str | None) -> None:
    days = ["13.01.2024", "14.01.2024", "31.02.2024", "31.12.9999", "01.01.0001", "1/2", ""]
    days += [f"{day}.01.2024" for day in range(13, 20)]
    rows = "\n".join(f"x{i:02},A,bob,{day},1,2" for i, day in enumerate(days))
    read = read_transactions(ENGINES[engine](table(f"{HEAD}\n{rows}")), date_format=date_format)
    far = "date out of range"
    assert reasons(read) == ["unreadable date", far, far, "unreadable date", "missing date"]


@engines
def test_a_line_of_several_unread_cells_has_the_first_reason(engine: str) -> None:
    read = read_transactions(ENGINES[engine](table(shop({"both": ("soon", "a dozen", "1e30")}))))
    assert reasons(read) == ["unreadable date"]
    said = as_pandas(read).set_index("order_id")["unread"]
    assert said["x0"] == "unreadable date; unreadable quantity; price out of range"
    again = read_transactions(read)  # what an earlier reading found stays
    assert reasons(again) == ["unreadable date"]


@engines
def test_a_date_years_from_all_others_is_out_of_range(engine: str) -> None:
    read = read_transactions(ENGINES[engine](table(shop({"far": ("2099-12-31", "a dozen", "2")}))))
    assert reasons(read) == ["date out of range"]
    said = as_pandas(read).set_index("order_id")["unread"]
    assert said["x0"] == "unreadable quantity; date out of range"


@engines
def test_nothing_is_said_where_all_is_read(engine: str) -> None:
    read = read_transactions(ENGINES[engine](table(shop({"missing": ("", "", "")}))))
    assert "unread" not in as_pandas(read)
    assert reasons(read) == ["missing date"]


NUMBERS = {
    "quantity": [1.0, float("inf"), float("nan"), None, 2.0**64],
    "unit_price": [2.0, 1.0, 1.0, 1.0, 1.0],
    "ordered_at": [dt.datetime(2024, 1, 15)] * 5,
}
PRICES = NUMBERS | {"quantity": NUMBERS["unit_price"], "unit_price": NUMBERS["quantity"]}
DATES = NUMBERS | {
    "quantity": NUMBERS["unit_price"],
    "ordered_at": [*[dt.datetime(2024, 1, 15)] * 2, dt.datetime(9999, 12, 31), None, dt.datetime(1, 1, 1)],
}
FRAMES = {
    "quantity": (NUMBERS, [1, 4], [2, 3]),
    "price": (PRICES, [1, 4], [2, 3]),
    "date": (DATES, [2, 4], [3]),
}


def frame(numbers: Mapping[str, Any]) -> pa.Table:
    ids = [f"o{i}" for i in range(5)]
    return pa.table({"order_id": ids, "product_id": ["A"] * 5, "customer_id": ["ann"] * 5, **numbers})


@pytest.mark.parametrize("what", FRAMES)
@pytest.mark.parametrize("engine", ["file", *ENGINES])
@pytest.mark.parametrize("is_read", [True, False])
def test_cells_of_frames_and_parquet(tmp_path: Any, what: str, engine: str, is_read: bool) -> None:
    numbers, beyond, nothing = FRAMES[what]
    orders: Any = frame(numbers)
    if engine == "file":
        pq.write_table(orders, tmp_path / "orders.parquet")
        read = read_transactions(tmp_path / "orders.parquet")
    else:
        read = ENGINES[engine](orders.to_pandas())
        read = read_transactions(read) if is_read else read
    rejected = as_pandas(clean_transactions(read).rejected).set_index("order_id")["reason"]
    expected = {f"o{i}": f"{what} out of range" for i in beyond} | {
        f"o{i}": f"missing {what}" for i in nothing
    }
    assert rejected.to_dict() == expected


def test_moments_that_no_calendar_holds_are_out_of_range(tmp_path: Any) -> None:
    days = pa.array([1_706_696_100, 10**15, -(10**15), None, 1_706_696_100], pa.timestamp("s"))
    pq.write_table(frame(NUMBERS | {"quantity": [1] * 5, "ordered_at": days}), tmp_path / "orders.parquet")
    read = read_transactions(tmp_path / "orders.parquet")
    assert reasons(read) == ["date out of range", "date out of range", "missing date"]


def test_a_product_of_two_numbers_beyond_all_money_is_out_of_range() -> None:
    numbers = {**NUMBERS, "quantity": [1e14, *[1.0] * 4], "unit_price": [1e14, *[1.0] * 4]}
    assert reasons(frame(numbers)) == ["price out of range"]


def test_a_price_that_the_total_gives_is_not_missed() -> None:
    rows = "1,A,ann,2024-01-15,2,ask us,5\n2,A,ann,2024-01-16,0,ask us,-5\n3,A,ann,2024-01-17,2,3,?!"
    cleaned = clean_transactions(read_transactions(table(f"{HEAD},amount\n{rows}")), returns="net")
    assert cleaned.transactions["amount"].tolist() == [5.0, 6.0]
    assert cleaned.rejected["reason"].tolist() == ["unreadable price"]
    assert cleaned.unmatched_returns["order_id"].tolist() == ["2"]  # money was refunded, whatever the price


def test_each_reason_is_one_of_the_closed_list() -> None:
    assert set(CELLS) < set(REASONS)
    assert isinstance(clean_transactions(read_transactions(table(shop(CELLS)))).audit, pd.DataFrame)


@engines
@pytest.mark.parametrize("blank", ["0000-00-00 00:00:00", "0000-00-00", "00/00/0000"])
def test_a_databases_day_of_noughts_is_a_missing_date(blank: str, engine: str) -> None:
    read = read_transactions(ENGINES[engine](table(shop({"blank": (blank, "1", "2")}))))
    assert reasons(read) == ["missing date"]


@engines
def test_a_line_of_no_units_lacks_no_price(engine: str) -> None:
    head = "order_id,product_id,customer_id,ordered_at,quantity,total_amount"
    lines = [f"g{i},A,ann,2024-01-{13 + i},1,2.50" for i in range(8)]
    lines += ["x0,A,bob,2024-01-16,0,0", "x1,A,bob,2024-01-16,0,", "x2,A,bob,2024-01-16,0,3"]
    read = read_transactions(ENGINES[engine](table("\n".join([head, *lines]))))
    assert reasons(read) == ["quantity not positive", "missing price", "quantity not positive"]
