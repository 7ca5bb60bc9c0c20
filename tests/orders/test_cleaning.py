"""Cleaning: one reason per rejected line, counts that add up, the same on every engine."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

import duckdb
import narwhals as nw
import narwhals.selectors as ncs
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopper_widgets.orders.audit import KEPT, NETTING_EFFECT, READ, RETURNS_MATCHED
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.reasons import REASONS
from shopper_widgets.products.demand import demand_table
from shopper_widgets.segments.rfm import rfm_table

ENGINES = {
    "pandas": lambda frame: frame,
    "polars": pl.from_pandas,
    "polars-lazy": lambda frame: pl.from_pandas(frame).lazy(),
    # not from_df, which would convert each text of the frame to a Python object at every query
    "duckdb": lambda frame: duckdb.from_arrow(pa.Table.from_pandas(frame, preserve_index=False)),
}


def as_pandas(native: Any) -> pd.DataFrame:
    frame = nw.from_native(native)
    frame = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    pandas = frame.to_pandas()
    for name in frame.select(ncs.string()).columns:  # engines represent a missing text as None, NaN or NA
        pandas[name] = pandas[name].astype(object).where(pandas[name].notna(), None)
    return pandas.sort_values(list(pandas.columns), na_position="last").reset_index(drop=True)


def order_lines(*lines: tuple[Any, ...]) -> pd.DataFrame:
    """Return lines from tuples (order, product, customer, day, quantity, price)."""
    columns = ["order_id", "product_id", "customer_id", "ordered_at", "quantity", "unit_price"]
    frame = pd.DataFrame(lines, columns=columns)
    return frame.assign(
        ordered_at=pd.Timestamp("2024-01-01")
        + pd.to_timedelta(frame["ordered_at"].astype("Int64"), unit="D"),
        quantity=frame["quantity"].astype(float),
        unit_price=frame["unit_price"].astype(float),
        source_line=np.arange(2, len(frame) + 2),
        **{c: frame[c].astype("string") for c in columns[:3]},
    )


ONE_PER_REASON = order_lines(
    (None, "TEA", "ann", 0, 1, 2),
    ("1", " ", "ann", 0, 1, 2),
    ("1", "TEA", "ann", None, 1, 2),
    ("1", "TEA", "ann", 100_000, 1, 2),
    ("1", "TEA", "ann", None, 1, 2),
    ("1", "TEA", "ann", 0, None, 2),
    ("1", "TEA", "ann", 0, -np.inf, 2),
    ("1", "TEA", "ann", 0, None, 2),
    ("1", "TEA", "ann", 0, 1, None),
    ("1", "TEA", "ann", 0, 1, np.inf),
    ("1", "TEA", "ann", 0, 1, None),
    ("1", "TEA", "", 0, 1, 2),
    ("c12", "TEA", "ann", 1, -1, 2),
    ("1", "TEA", "ann", 0, 0, 2),
    ("1", "TEA", "ann", 0, 1, 0),
    ("A7", "TEA", "ann", 0, 1, 2),
    ("2", "tea ", "ann", 0, 1, 2),
    ("2", "TEA", "ann", 0, 1, 2),
    ("3", "TEA", "ann", 9, 1, 2),
    ("CA-2016-1", "TEA", "bob", 0, 1, 3),
)
# The reasons that reading gives for cells that it made null; a date filled in later has none.
UNREAD = {2: "unreadable date", 5: "unreadable quantity", 8: "unreadable price", 17: "unreadable date"}
ONE_PER_REASON["unread"] = pd.Series([UNREAD.get(i) for i in range(len(ONE_PER_REASON))], dtype="string")


@pytest.mark.parametrize("engine", ENGINES)
def test_every_reason_in_order_and_with_its_line(engine: str) -> None:
    cleaned = clean_transactions(
        ENGINES[engine](ONE_PER_REASON),
        returns="net",
        duplicates="drop",
        as_of="2024-01-05",
        adjustments="^A[0-9]",
    )
    rejected = as_pandas(cleaned.rejected).set_index("source_line")["reason"]
    expected = [*REASONS[:16], "returned", "repeated line", "after as_of"]
    assert rejected.sort_index().tolist() == expected
    kept = as_pandas(cleaned.transactions)
    assert kept["order_id"].tolist() == ["CA-2016-1"]  # a hyphenated id is no cancellation


@pytest.mark.parametrize("returns", ["drop", "net"])
@pytest.mark.parametrize("engine", [e for e in ENGINES if e != "pandas"])
def test_engines_agree(engine: str, returns: Any) -> None:
    expected = clean_transactions(ONE_PER_REASON, returns=returns, duplicates="drop")
    found = clean_transactions(ENGINES[engine](ONE_PER_REASON), returns=returns, duplicates="drop")
    assert type(found.transactions) is type(ENGINES[engine](ONE_PER_REASON))
    for part in ("transactions", "rejected", "unmatched_returns"):
        pd.testing.assert_frame_equal(
            as_pandas(getattr(found, part)), as_pandas(getattr(expected, part)), check_dtype=False
        )
    pd.testing.assert_frame_equal(found.audit, expected.audit)


def test_input_is_not_changed_and_order_of_rows_is_kept() -> None:
    before = ONE_PER_REASON.copy(deep=True)
    cleaned = clean_transactions(ONE_PER_REASON, returns="net")
    pd.testing.assert_frame_equal(ONE_PER_REASON, before)
    assert cleaned.rejected["source_line"].is_monotonic_increasing
    assert cleaned.transactions["source_line"].is_monotonic_increasing


def test_a_return_takes_from_the_latest_earlier_sale_first() -> None:
    lines = order_lines(
        ("1", "TEA", "ann", 0, 5, 2),
        ("2", "TEA", "ann", 1, 4, 2),
        ("C3", "TEA", "ann", 2, -6, 2),
        ("4", "TEA", "ann", 3, 7, 2),  # after the return: unchanged
        ("5", "TEA", "ann", 0, 9, 3),  # another price: unchanged
        ("6", "TEA", "bob", 0, 9, 2),  # another customer: unchanged
    )
    net = clean_transactions(lines, returns="net")
    kept = net.transactions.set_index("order_id")
    assert kept["quantity"].to_dict() == {"1": 3, "4": 7, "5": 9, "6": 9}
    assert kept["amount"].to_dict() == {"1": 6, "4": 14, "5": 27, "6": 18}
    assert net.rejected.set_index("order_id")["reason"].to_dict() == {
        "2": "returned",
        "C3": "cancelled order",
    }
    assert net.unmatched_returns.empty
    counted = ["rows", "amount"]
    told = net.audit.set_index("rule").loc[["returned", KEPT], counted]
    assert told.to_numpy().tolist() == [[1, 12], [4, 65]]
    dropped = clean_transactions(lines).audit.set_index("rule").loc[["returned", KEPT], counted]
    assert dropped.to_numpy().tolist() == [[0, 0], [5, 77]]


def test_unmatched_returns_are_listed_with_the_units_that_found_no_sale() -> None:
    lines = order_lines(
        ("C1", "TEA", "ann", 0, -2, 2),  # before any sale
        ("2", "TEA", "ann", 1, 3, 2),
        ("C3", "TEA", "ann", 2, -5, 2),
    )
    net = clean_transactions(lines, returns="net")
    assert net.unmatched_returns.set_index("order_id")["unmatched"].to_dict() == {"C1": 2, "C3": 2}
    rows = net.audit.set_index("rule")["rows"]
    assert rows[list(RETURNS_MATCHED)].tolist() == [0, 1, 1]
    assert net.transactions.empty


def test_a_return_after_as_of_is_not_yet_known() -> None:
    lines = order_lines(("1", "TEA", "ann", 0, 2, 2), ("C2", "TEA", "ann", 5, -2, 2))
    assert len(clean_transactions(lines, returns="net", as_of="2024-01-03").transactions) == 1
    assert clean_transactions(lines, returns="net").transactions.empty


@pytest.mark.parametrize("returns", ["drop", "net"])
def test_orders_that_the_shop_calls_cancelled_are_no_sales(returns: Any) -> None:
    lines = order_lines(("1", "TEA", "ann", 0, 2, 3), ("2", "TEA", "ann", 1, 1, 3))
    lines = lines.assign(is_cancelled=[False, True])
    cleaned = clean_transactions(lines, returns=returns)
    assert cleaned.transactions["order_id"].tolist() == ["1"]
    assert cleaned.rejected["reason"].tolist() == ["cancelled order"]


def test_service_codes_are_told_by_code_and_stay_as_spend() -> None:
    lines = order_lines(
        ("1", "post", "ann", 0, 1, 4), ("1", "gift_0001_20", "ann", 0, 1, 20), ("1", "POSTER", "ann", 0, 1, 3)
    )
    kept = clean_transactions(lines).transactions.set_index("product_id")
    assert kept["is_product"].to_dict() == {"post": False, "gift_0001_20": False, "POSTER": True}
    own = clean_transactions(lines, service_codes=["poster"]).transactions.set_index("product_id")
    assert own["is_product"].to_dict() == {"post": True, "gift_0001_20": True, "POSTER": False}


def test_one_canonical_name_a_product() -> None:
    lines = pd.concat(
        [order_lines(("1", "tea", "ann", 0, 1, 2))] * 5 + [order_lines(("1", "JAM", "ann", 0, 1, 2))]
    )
    lines["product_name"] = ["All wet", "Tea", "Tea ", "Bag", "Bag", None]
    names = clean_transactions(lines).transactions.groupby("product_id")["product_name"].unique()
    assert names["tea"].tolist() == ["Bag"]  # two lines each: the first in the alphabet
    assert names["JAM"].tolist() == ["JAM"]


def test_the_price_of_what_came_back_is_found_from_its_total_too() -> None:
    lines = order_lines(
        ("1", "TEA", "ann", 0, 5, 0), ("2", "TEA", "ann", 1, -2, 0), ("3", "TEA", "ann", 2, 0, 0)
    )
    lines = lines.assign(amount=[15.0, -6.0, -3.0]).drop(columns="unit_price")
    rejected = clean_transactions(lines).rejected.set_index("order_id")
    assert rejected["unit_price"].to_dict() == {"2": 3.0, "3": pytest.approx(np.nan, nan_ok=True)}
    assert clean_transactions(lines, returns="net").transactions["quantity"].tolist() == [2.0]


def test_a_line_total_stands_in_for_the_price_and_the_other_way_round() -> None:
    lines = order_lines(("1", "TEA", "ann", 0, 4, 2.5))
    total = lines.drop(columns="unit_price").assign(amount=9.0)
    kept = clean_transactions(total).transactions
    assert kept["amount"].tolist() == [9.0]
    assert kept["unit_price"].tolist() == [2.25]
    assert clean_transactions(lines).transactions["amount"].tolist() == [10.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_returns_are_matched_though_prices_differ_in_their_last_bits(engine: str) -> None:
    lines = order_lines(("1", "TEA", "ann", 0, 3, 0), ("C2", "TEA", "ann", 1, -1, 0))
    totals = lines.drop(columns="unit_price").assign(amount=[6.9, -2.3])
    assert 6.9 / 3 != 2.3
    net = clean_transactions(ENGINES[engine](totals), returns="net")
    assert as_pandas(net.transactions)["quantity"].tolist() == [2]
    assert as_pandas(net.unmatched_returns).empty


@pytest.mark.parametrize("returns", ["drop", "net"])
def test_labels_lead_back_to_the_callers_own_rows(returns: Any) -> None:
    lines = ONE_PER_REASON.set_index(ONE_PER_REASON["source_line"] * 10).sample(frac=1, random_state=0)
    cleaned = clean_transactions(lines, returns=returns, duplicates="drop")
    for part in (cleaned.transactions, cleaned.rejected):
        assert (part.index == part["source_line"] * 10).all()


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"drop": "customer_id"}, ValueError, "lacks the column"),
        ({"quantity": "two"}, TypeError, "must be numeric"),
        ({"customer_id": 12346.0}, TypeError, "must be text"),
        ({"ordered_at": pd.Timestamp("2024-01-01", tz="UTC")}, TypeError, "without a time zone"),
    ],
)
def test_unfit_columns_are_named(change: dict[str, Any], error: type[Exception], words: str) -> None:
    lines = order_lines(("1", "TEA", "ann", 0, 4, 2.5))
    lines = lines.drop(columns=change.pop("drop")) if "drop" in change else lines.assign(**change)
    with pytest.raises(error, match=words):
        clean_transactions(lines)


def test_a_total_stands_in_for_the_price_alone() -> None:
    lines = order_lines(("1", "TEA", "ann", 0, 4, 2.5))
    for left_out in ("unit_price", "customer_id"):
        with pytest.raises(ValueError, match=rf"lacks the column\(s\) {left_out}; it has"):
            clean_transactions(lines.drop(columns=left_out))
    with pytest.raises(ValueError, match=r"lacks the column\(s\) customer_id; it has"):
        clean_transactions(lines.assign(amount=9.0).drop(columns=["customer_id", "unit_price"]))


def test_a_column_of_nothing_has_no_type_and_is_missing() -> None:
    lines = pl.from_pandas(order_lines(("1", "TEA", "ann", 0, 4, 2.5)))
    for name, reason in (("quantity", "missing quantity"), ("customer_id", "missing customer")):
        cleaned = clean_transactions(lines.with_columns(pl.lit(None).alias(name)))
        assert cleaned.rejected["reason"].to_list() == [reason]


def test_unknown_options_are_named() -> None:
    lines = order_lines(("1", "TEA", "ann", 0, 4, 2.5))
    with pytest.raises(ValueError, match="returns must be one of 'drop', 'net'; got 'keep'"):
        clean_transactions(lines, returns="keep")  # type: ignore[arg-type]
    for no_day in ("tomorrow-ish", "now", "today", ""):
        with pytest.raises(ValueError, match="as_of must be a date"):
            clean_transactions(lines, as_of=no_day)


LINE = st.tuples(
    st.sampled_from(["1", "2", "C3", "c4", "A5", None, ""]),
    st.sampled_from(["TEA", "tea", "JAM", "POST", None]),
    st.sampled_from(["ann", "bob", None, " "]),
    st.one_of(st.none(), st.integers(0, 4)),
    st.one_of(st.none(), st.integers(-3, 3)),
    st.sampled_from([1.0, 2.0, 0.0, -1.0, np.nan, np.inf]),
)


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(LINE, min_size=1, max_size=25),
    returns=st.sampled_from(["drop", "net"]),
    duplicates=st.sampled_from(["keep", "drop"]),
    as_of=st.sampled_from([None, "2024-01-03"]),
)
def test_nothing_is_lost(lines: list[Any], returns: Any, duplicates: Any, as_of: str | None) -> None:
    orders = order_lines(*lines)
    cleaned = clean_transactions(orders, returns=returns, duplicates=duplicates, as_of=as_of)
    both = [*cleaned.transactions["source_line"], *cleaned.rejected["source_line"]]
    assert sorted(both) == orders["source_line"].tolist()
    assert set(cleaned.rejected["reason"]) <= set(REASONS)
    audit = cleaned.audit.set_index("rule")
    parts = audit.loc[[*REASONS, KEPT]]
    assert parts["rows"].sum() == audit.loc[READ, "rows"] == len(orders)
    assert parts["amount"].sum() == pytest.approx(audit.loc[READ, "amount"])
    assert audit.loc[KEPT, "amount"] == pytest.approx(cleaned.transactions["amount"].sum())
    assert audit.loc[KEPT, "customers"] == cleaned.transactions["customer_id"].nunique()
    assert (cleaned.transactions["amount"] > 0).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-4, 4).filter(bool), st.integers(0, 5)), min_size=1, max_size=12))
def test_netting_equals_a_till_that_matches_return_by_return(moves: list[tuple[int, int]]) -> None:
    lines = order_lines(
        *((("C" if q < 0 else "") + str(i), "TEA", "ann", day, q, 2) for i, (q, day) in enumerate(moves))
    )
    stack: list[list[Any]] = []
    unmatched: dict[str, float] = {}
    till = lines.assign(back=lines["quantity"] < 0).sort_values(
        ["ordered_at", "back", "order_id", "quantity"]
    )
    for order, quantity in zip(till["order_id"], till["quantity"], strict=True):
        if quantity > 0:
            stack.append([order, quantity])
            continue
        owed = -quantity
        for sale in reversed(stack):
            taken = min(owed, sale[1])
            sale[1] -= taken
            owed -= taken
        if owed:
            unmatched[order] = owed
    net = clean_transactions(lines, returns="net")
    assert net.transactions.set_index("order_id")["quantity"].to_dict() == {o: q for o, q in stack if q}
    assert net.unmatched_returns.set_index("order_id")["unmatched"].to_dict() == unmatched


@pytest.fixture(scope="module")
def real(online_retail_path: Any) -> pd.DataFrame:
    from shopper_widgets.orders.reading import read_transactions

    return read_transactions(online_retail_path)


@pytest.mark.parametrize("engine", ENGINES)
def test_online_retail_by_default(real: pd.DataFrame, engine: str) -> None:
    cleaned = clean_transactions(ENGINES[engine](real))
    kept = as_pandas(cleaned.transactions)
    assert len(kept) == 397_884
    assert kept["customer_id"].nunique() == 4_338
    assert kept["product_id"].nunique() == 3_665
    assert kept["order_id"].nunique() == 18_532
    assert kept["amount"].sum() == pytest.approx(8_911_407.904, abs=1e-3)
    assert kept["ordered_at"].min() == pd.Timestamp("2010-12-01 08:26")
    assert kept["ordered_at"].max() == pd.Timestamp("2011-12-09 12:50")
    assert (kept.groupby("product_id")["product_name"].nunique() == 1).all()
    audit = cleaned.audit.set_index("rule")
    assert audit.loc["missing customer", "rows"] == 135_080
    assert audit.loc["cancelled order", "rows"] == 8_905


@pytest.mark.parametrize("engine", ENGINES)
def test_online_retail_netted(real: pd.DataFrame, engine: str) -> None:
    cleaned = clean_transactions(ENGINES[engine](real), returns="net")
    kept = as_pandas(cleaned.transactions)
    assert (kept["customer_id"].nunique(), kept["order_id"].nunique()) == (4_327, 18_388)
    assert kept["amount"].sum() == pytest.approx(8_447_168.13, abs=0.01)
    assert "12346" not in set(kept["customer_id"])
    assert kept.loc[kept["customer_id"] == "16446", "amount"].sum() == pytest.approx(2.90)
    audit = cleaned.audit.set_index("rule")
    # Matching the latest sale first leaves nine lines more than another order would: 395,094.
    assert audit.loc[[*RETURNS_MATCHED, KEPT], "rows"].tolist() == [7_181, 52, 1_672, 395_094]
    assert audit.loc["returned", "amount"] == pytest.approx(audit.loc[NETTING_EFFECT, "amount"])


def _other_numbers(real: pd.DataFrame, shape: str) -> pd.DataFrame:
    """Return the same shop as another program would write it."""
    number, back = real["order_id"].astype(str), real["quantity"] < 0
    if shape == "hashes":
        hashes = {n: hashlib.md5(n.encode()).hexdigest() for n in number.unique()}
        return real.assign(order_id=number.map(hashes).astype("string"))
    if shape == "negative prices":
        price = real["unit_price"].where(~back, -real["unit_price"])
        return real.assign(quantity=real["quantity"].abs(), unit_price=price)
    if shape == "line totals":
        amount = real["quantity"] * real["unit_price"]
        return real.assign(quantity=real["quantity"].abs(), amount=amount).drop(columns="unit_price")
    return real.assign(order_id=(shape + number.str.lstrip("C")).astype("string"))


@pytest.mark.parametrize("shape", ["hashes", "C", "A", "negative prices", "line totals"])
def test_online_retail_as_another_program_would_write_it(real: pd.DataFrame, shape: str) -> None:
    other = _other_numbers(real, shape)
    kept = clean_transactions(other).transactions
    assert (len(kept), kept["customer_id"].nunique(), kept["order_id"].nunique()) == (397_884, 4_338, 18_532)
    assert kept["amount"].sum() == pytest.approx(8_911_407.904, abs=1e-3)
    net = clean_transactions(other, returns="net").transactions
    assert (len(net), net["customer_id"].nunique(), net["order_id"].nunique()) == (395_094, 4_327, 18_388)
    assert net["amount"].sum() == pytest.approx(8_447_168.13, abs=0.01)


def test_an_arrow_table_is_cleaned_as_a_pandas_frame_is(small_shop):
    table = pa.Table.from_pandas(small_shop, preserve_index=False)
    for returns in ("drop", "net"):
        expected, cleaned = (clean_transactions(t, returns=returns) for t in (small_shop, table))
        assert isinstance(cleaned.transactions, pa.Table)
        assert isinstance(cleaned.rejected, pa.Table)
        pd.testing.assert_frame_equal(cleaned.audit, expected.audit)
        found = cleaned.transactions.to_pandas()[list(expected.transactions)]
        pd.testing.assert_frame_equal(
            found, expected.transactions.reset_index(drop=True), check_dtype=False, check_exact=True
        )
        pd.testing.assert_frame_equal(rfm_table(cleaned.transactions), rfm_table(expected.transactions))


def _asked(engine: str, lines: pd.DataFrame, asked: list[int]) -> Any:
    """Return the lines on a lazy engine; each time they are read, `asked` gets their number."""

    def read(rows: pl.DataFrame) -> pl.DataFrame:
        asked.append(len(rows))
        return rows

    if engine == "polars-lazy":
        return pl.from_pandas(lines).lazy().map_batches(read)

    def number(price: float) -> float:
        asked.append(1)
        return price

    connection = duckdb.connect()
    connection.create_function("number", number, ["DOUBLE"], "DOUBLE", side_effects=True)
    table = connection.from_arrow(pa.Table.from_pandas(lines, preserve_index=False))
    return table.query("shop", "SELECT * REPLACE (number(unit_price) AS unit_price) FROM shop")


@pytest.mark.parametrize("engine", ["polars-lazy", "duckdb"])
@pytest.mark.parametrize("returns", ["drop", "net"])
def test_a_lazy_engine_reads_each_line_once_whatever_is_asked(
    small_shop: pd.DataFrame, engine: str, returns: Literal["drop", "net"]
) -> None:
    asked: list[int] = []
    cleaned = clean_transactions(_asked(engine, small_shop, asked), returns=returns)
    eager = clean_transactions(small_shop, returns=returns)
    pd.testing.assert_frame_equal(rfm_table(cleaned.transactions), rfm_table(eager.transactions))
    pd.testing.assert_frame_equal(demand_table(cleaned.all_sales), demand_table(eager.all_sales))
    assert len(as_pandas(cleaned.rejected)) == len(eager.rejected)
    assert sum(asked) == len(small_shop)


@pytest.mark.parametrize("money", [pl.Decimal(12, 2), pl.Float32])
@pytest.mark.parametrize("returns", ["drop", "net"])
@pytest.mark.parametrize("engine", ["polars", "polars-lazy", "duckdb"])
def test_money_as_databases_keep_it_counts_as_any_other(engine, returns, money):
    lines = order_lines(
        ("1", "MUG", "ann", 0, 2, 2.5),
        ("2", "BAG", "ann", 3, 4, 3.25),
        ("3", "BAG", "ann", 5, -1, 3.25),
        ("4", "BAG", "bo", 5, -1, 9.75),
    )
    table = pl.from_pandas(lines).with_columns(pl.col("unit_price").cast(money))
    native = {"polars": table, "polars-lazy": table.lazy(), "duckdb": duckdb.from_arrow(table.to_arrow())}
    cleaned, plain = (
        clean_transactions(native[engine], returns=returns),
        clean_transactions(lines, returns=returns),
    )
    pd.testing.assert_frame_equal(cleaned.audit, plain.audit)
    for name in ("transactions", "rejected", "unmatched_returns"):
        found, expected = as_pandas(getattr(cleaned, name)), as_pandas(getattr(plain, name))
        pd.testing.assert_frame_equal(found[["quantity", "amount"]], expected[["quantity", "amount"]])
