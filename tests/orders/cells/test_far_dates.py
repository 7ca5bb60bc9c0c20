"""One impossible date doesn't move the day from which recency counts."""

import datetime as dt

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shopper_widgets.orders.reading import read_transactions, read_with_notes

DAYS = [f"2024-{month:02}-05" for month in range(1, 13)]


def shop(days):
    return pd.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(len(days))],
            "product_id": "T1",
            "customer_id": "ann",
            "ordered_at": days,
            "quantity": 1,
            "unit_price": 2.5,
        }
    )


@pytest.mark.parametrize("far", ["2099-12-31", "1970-01-01", "1900-01-01"])
@pytest.mark.parametrize(
    "engine", [lambda f: f, pl.from_pandas, lambda f: pl.from_pandas(f).lazy(), duckdb.from_df]
)
def test_a_lone_far_date(engine, far):
    result, notes = read_with_notes(engine(shop([*DAYS, far])))
    result = result.pl() if isinstance(result, duckdb.DuckDBPyRelation) else result
    result = result.collect() if isinstance(result, pl.LazyFrame) else result
    days = result["ordered_at"].to_list()
    assert [day.year for day in days[:-1]] == [2024] * 12
    assert pd.isna(days[-1])
    assert notes == [f"1 line dated {far[:4]}, years away from all other orders: left out."]


def test_a_shop_that_opened_again():
    assert read_transactions(shop([*DAYS, "2040-01-05", "2040-02-05"]))["ordered_at"].notna().all()
    assert read_transactions(shop(["2001-01-05", "2024-01-05"]))["ordered_at"].notna().all()


ENDS_OF_TIME = {
    "seconds": pa.array([1_706_696_100, 10**15, -(10**15), 253_402_214_400], pa.timestamp("s")),
    "microseconds": pa.array(
        [dt.datetime(2024, 1, 31, 10, 15), dt.datetime(9999, 12, 31), dt.datetime(1, 1, 1), None],
        pa.timestamp("us"),
    ),
    "days": pa.array([dt.date(2024, 1, 31), dt.date(9999, 12, 31), dt.date(1, 1, 1), None], pa.date32()),
    "an unknown zone": pa.array(
        [1_706_696_100_000, 253_402_214_400_000, None, None], pa.timestamp("ms", "Mars/Phobos")
    ),
}


@pytest.mark.parametrize("kind", ENDS_OF_TIME)
def test_ends_of_time_in_parquet_and_frames(tmp_path, kind):
    columns = {name: pa.array(values) for name, values in shop([""] * 4).items() if name != "ordered_at"}
    table = pa.table({**columns, "ordered_at": ENDS_OF_TIME[kind]})
    pq.write_table(table, tmp_path / "orders.parquet")
    for source in (tmp_path / "orders.parquet", table):
        result, notes = read_with_notes(source)
        days = (
            result["ordered_at"].to_list()
            if isinstance(result, pd.DataFrame)
            else result["ordered_at"].to_pylist()
        )
        assert days[0].date() == dt.date(2024, 1, 31)
        assert all(pd.isna(day) for day in days[1:])
        assert "under 'ordered_at' cannot be read as a date" in notes[0] or kind == "seconds"


@pytest.mark.parametrize(
    "engine", [lambda t: t, pl.from_arrow, lambda t: pl.from_arrow(t).lazy(), duckdb.from_arrow]
)
def test_numbers_that_are_none_of_a_shop(engine):
    table = pa.Table.from_pandas(shop(DAYS[:6]).drop(columns=["quantity", "unit_price"]))
    table = table.append_column("quantity", pa.array([1, 2, 2**64 - 1, 3, 4, 5], pa.uint64()))
    table = table.append_column("unit_price", pa.array([1.5, 1e308, 2.0, float("inf"), float("nan"), -2.5]))
    result, notes = read_with_notes(engine(table))
    result = result.pl() if isinstance(result, duckdb.DuckDBPyRelation) else result
    result = result.collect() if isinstance(result, pl.LazyFrame) else result
    missing = (
        [
            [value is None or value != value for value in result[n].to_list()]
            for n in ("quantity", "unit_price")
        ]
        if not isinstance(result, pa.Table)
        else [[v is None for v in result[n].to_pylist()] for n in ("quantity", "unit_price")]
    )
    assert missing == [[i == 2 for i in range(6)], [i in (1, 3, 4) for i in range(6)]]
    assert sum("cannot be read as a number" in note for note in notes) == 2


def test_ids_of_many_parts_are_one_clear_error():
    table = pa.Table.from_pandas(shop(DAYS[:2]).drop(columns="customer_id"))
    nested = table.append_column("customer_id", pa.array([{"id": 1}, {"id": 2}]))
    for source in (nested, pl.from_arrow(nested).lazy(), duckdb.from_arrow(nested)):
        with pytest.raises(
            ValueError, match=r"customer_id: 'customer_id' holds .* values. Expected one text"
        ):
            read_transactions(source)


def test_ids_of_bytes():
    table = pa.Table.from_pandas(shop(DAYS[:2]).drop(columns="customer_id"))
    text = table.append_column("customer_id", pa.array([b"ann", b"bo"]))
    assert read_transactions(text)["customer_id"].to_pylist() == ["ann", "bo"]
    uuids = table.append_column("customer_id", pa.array([b"\xff" * 16, b"\x01" * 16], pa.binary(16)))
    assert read_transactions(uuids)["customer_id"].to_pylist() == ["ff" * 16, "01" * 16]
