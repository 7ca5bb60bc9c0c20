"""Lines without a customer id: sales less returns, the same on every engine."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from shopper_widgets.columns import CUSTOMER_ID
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.reading import read_transactions
from shopper_widgets.orders.tables import lines_table, products_table
from tests.order_tables import ENGINES, as_pandas


def lines() -> pd.DataFrame:
    """Return lines of two customers and nobody, with one return of nobody's teas, and an unmatched one."""
    rows = [
        ("1", "tea", "ann", "2024-01-01", 2.0, 3.0, "Tea"),
        ("2", "tea", None, "2024-01-02", 3.0, 3.0, "TEA!"),
        ("2", "pot", None, "2024-01-02", 1.0, 9.0, "Pot"),
        ("3", "tea", None, "2024-01-03", -1.0, 3.0, "TEA!"),
        ("4", "pot", None, "2024-01-01", -1.0, 9.0, "Pot"),
        ("5", "mug", None, "2024-01-04", 1.0, 0.0, "Mug"),
        ("6", "mug", None, None, 1.0, 4.0, "Mug"),
        ("7", "mug", "ben", "2024-01-05", 1.0, 4.0, "Mug"),
    ]
    columns = [
        "order_id",
        "product_id",
        "customer_id",
        "ordered_at",
        "quantity",
        "unit_price",
        "product_name",
    ]
    frame = pd.DataFrame(rows, columns=columns).assign(shelf=list("abcdefgh"))
    return frame.astype({"customer_id": "string"}).assign(ordered_at=pd.to_datetime(frame["ordered_at"]))


def sold(frame: object) -> list[tuple[object, ...]]:
    table = as_pandas(frame).sort_values(["order_id", "product_id"])
    named = table[["order_id", "product_id", "quantity", "amount", "product_name"]]
    return list(named.itertuples(index=False, name=None))


@pytest.mark.parametrize("engine", ENGINES)
def test_what_nobody_known_bought_is_kept_aside_and_netted(engine: str) -> None:
    net = clean_transactions(ENGINES[engine](lines()), returns="net")
    # the product has its name from known customers' lines, if they give one
    aside = [("2", "pot", 1.0, 9.0, "Pot"), ("2", "tea", 2.0, 6.0, "Tea")]
    assert sold(net.without_customer) == aside
    assert as_pandas(net.without_customer)[CUSTOMER_ID].isna().all()
    known = [("1", "tea", 2.0, 6.0, "Tea"), ("7", "mug", 1.0, 4.0, "Mug")]
    assert sold(net.transactions) == known
    assert sold(net.all_sales) == sorted(known + aside)
    dropped = clean_transactions(ENGINES[engine](lines()))
    assert sold(dropped.without_customer) == [("2", "pot", 1.0, 9.0, "Pot"), ("2", "tea", 3.0, 9.0, "Tea")]


@pytest.mark.parametrize("returns", ["drop", "net"])
def test_they_stay_rejected_so_that_the_counts_add_up(returns: str) -> None:
    cleaned = clean_transactions(lines(), returns=returns)  # type: ignore[arg-type]
    assert len(cleaned.transactions) + len(cleaned.rejected) == len(lines())
    assert set(cleaned.without_customer.index) <= set(cleaned.rejected.index)


def test_each_other_reason_counts_without_a_customer_too() -> None:
    late = clean_transactions(lines(), as_of="2024-01-01")
    assert late.without_customer.empty
    twice = pd.concat([lines(), lines()], ignore_index=True)
    assert sold(clean_transactions(twice, duplicates="drop").without_customer) == sold(
        clean_transactions(lines()).without_customer
    )
    cancelled = clean_transactions(lines(), cancelled="^2$")
    assert cancelled.without_customer.empty


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"order_id": None},  # a refund needs no number
        {"quantity": 0.0, "unit_price": None, "amount": -3.0},  # nor a price, if only money is refunded
    ],
)
def test_a_return_of_someone_known_takes_nothing_from_what_nobody_known_bought(
    written: dict[str, Any],
) -> None:
    orders = lines().assign(amount=lambda table: table["quantity"] * table["unit_price"])
    for column, value in {"customer_id": "ann", **written}.items():
        orders.loc[3, column] = value
    net = clean_transactions(orders, returns="net")
    assert as_pandas(net.without_customer)["amount"].sum() == 18.0
    assert as_pandas(net.transactions)["amount"].sum() == 7.0


@pytest.mark.parametrize("engine", ENGINES)
def test_the_table_of_lines_is_the_same_on_every_engine(engine: str) -> None:
    net = clean_transactions(ENGINES[engine](lines()), returns="net")
    table = lines_table(net.all_sales, ["shelf"])
    assert table.dtypes.astype(str).loc[["order_id", "customer_id", "shelf", "country"]].eq("category").all()
    rows = table[["order_id", "product_id", "quantity", "amount", "shelf"]].itertuples(index=False, name=None)
    assert list(rows) == [
        ("1", "tea", 2.0, 6.0, "a"),
        ("2", "pot", 1.0, 9.0, "c"),
        ("2", "tea", 2.0, 6.0, "b"),
        ("7", "mug", 1.0, 4.0, "h"),
    ]
    assert table["customer_id"].isna().tolist() == [False, True, True, False]


def test_the_real_shop_sells_a_sixth_to_nobody_known(online_retail_lines: pd.DataFrame) -> None:
    net = clean_transactions(online_retail_lines, returns="net")
    goods = net.all_sales[net.all_sales["is_product"]]
    unknown = goods[goods[CUSTOMER_ID].isna()]
    assert len(unknown) / len(goods) == pytest.approx(0.250, abs=0.001)
    assert unknown["quantity"].sum() / goods["quantity"].sum() == pytest.approx(0.078, abs=0.001)
    assert unknown["amount"].sum() / goods["amount"].sum() == pytest.approx(0.153, abs=0.001)
    assert net.all_sales["amount"].sum() == pytest.approx(10_170_001.00, abs=0.01)


@pytest.mark.parametrize("suffix", ["frame", "csv"])
def test_columns_that_are_named_are_kept_as_they_are(suffix: str, tmp_path) -> None:
    orders = lines().assign(ordered_at=lines()["ordered_at"].fillna(pd.Timestamp("2024-01-06")), points=3)
    source = orders
    if suffix == "csv":
        source = tmp_path / "orders.csv"
        orders.to_csv(source, index=False)
    read = read_transactions(source, keep=["shelf", "points"])
    assert read["shelf"].tolist() == list("abcdefgh") and set(read["points"].astype(int)) == {3}
    assert "shelf" not in read_transactions(source)
    with pytest.raises(ValueError, match="keep names 'rack', which is not among the headers: order_id"):
        read_transactions(source, keep=["rack"])
    with pytest.raises(TypeError, match=r"keep must be a list of headers: write \['shelf'\]"):
        read_transactions(source, keep="shelf")
    for own in ("amount", "is_product"):
        with pytest.raises(ValueError, match=f"keep names '{own}', which this package uses"):
            read_transactions(source, keep=[own])
    with pytest.raises(TypeError, match="keep must be text"):
        read_transactions(source, keep=[3])  # type: ignore[list-item]


def test_what_an_export_says_once_an_order_is_kept_on_each_of_its_lines() -> None:
    export = pd.DataFrame(
        {
            "Name": ["#1", "#1"],
            "Email": ["a@example.org", None],
            "Financial Status": ["paid", None],
            "Created at": ["2024-01-13 10:00:00 +0000", None],
            "Lineitem quantity": [1, 2],
            "Lineitem name": ["Mug", "Tea"],
            "Lineitem price": [3.0, 4.0],
            "Lineitem sku": ["M", "T"],
            "Source": ["pos", None],
        }
    )
    assert read_transactions(export, keep=["Source"])["Source"].tolist() == ["pos", "pos"]


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_unknown_is_not_counted_among_a_product_s_customers(engine: str) -> None:
    sales = clean_transactions(ENGINES[engine](lines())).all_sales
    products = products_table(sales).set_index("product_id")
    assert products["customers"].to_dict() == {"tea": 1, "pot": 0, "mug": 1}
    assert products["orders"].to_dict() == {"tea": 2, "pot": 1, "mug": 1}
    # with categorical text, as a model keeps its lines
    kept = products_table(lines_table(sales)).set_index("product_id")
    assert kept["customers"].to_dict() == products["customers"].to_dict()


@pytest.mark.parametrize("engine", ENGINES)
def test_columns_named_as_those_that_cleaning_adds_do_no_harm(engine: str) -> None:
    orders = lines().assign(unmatched="u", reason="r")
    cleaned = clean_transactions(ENGINES[engine](orders), returns="net")
    assert as_pandas(cleaned.unmatched_returns)["unmatched"].tolist() == []
    assert set(as_pandas(cleaned.all_sales)["unmatched"]) == {"u"}
    assert set(as_pandas(cleaned.transactions)["reason"]) == {"r"}


def test_a_discount_that_is_no_number_is_told() -> None:
    with pytest.raises(TypeError, match=r"transactions\['discount'\] must be numeric; it is String"):
        clean_transactions(lines().assign(discount="SUMMER24"))
