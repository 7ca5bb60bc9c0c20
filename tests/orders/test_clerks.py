"""A clerk is not taken for the customer, nor the day of an import for that of the order."""

from __future__ import annotations

import pandas as pd
import pytest

from shopper_widgets import detect_layout, read_transactions
from tests.order_tables import ENGINES, as_pandas


def sales(user: list[str], account: list[str], *, header: str = "account_id") -> pd.DataFrame:
    """Return lines of orders that these users entered, an hour apart, for these accounts."""
    n = len(user)
    return pd.DataFrame(
        {
            "invoice_id": [f"I{i}" for i in range(n)],
            "user_id": user,
            header: account,
            "created_at": pd.date_range("2024-03-01 09:00:07", periods=n, freq="h").astype(str),
            "product": "tea",
            "quantity": 1,
            "total_amount": 2.5,
        }
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("header", ["account_id", "Customer Name", "client"])
def test_users_with_many_buyers_each_are_asked_about(engine: str, header: str) -> None:
    lines = sales(["7", "7", "8", "8"], ["a", "b", "c", "d"], header=header)
    with pytest.raises(ValueError, match=rf"2 customers under 'user_id' stand with 4 .* under '{header}'"):
        read_transactions(ENGINES[engine](lines))
    for told in ("user_id", header):
        read = as_pandas(read_transactions(ENGINES[engine](lines), columns={"customer_id": told}))
        assert sorted(read["customer_id"]) == sorted(lines[told])


@pytest.mark.parametrize(
    ("user", "account"),
    [
        (["7", "7", "8"], ["Ann Lee", "Ann  Lee", "Bob Ray"]),  # a name in two spellings
        (["7", "8", "9"], ["a", "a", "a"]),  # users of one company
        (["7", "7", "8"], [None, None, None]),
    ],
)
def test_users_who_buy_are_customers(user: list[str], account: list[str]) -> None:
    assert read_transactions(sales(user, account))["customer_id"].tolist() == user


def test_what_tells_of_a_customer_but_not_who_it_is_settles_nothing() -> None:
    for header in ("customer_type", "account_manager", "client_age", "company_city"):
        assert "buyer" not in detect_layout(sales(["7"], ["a"], header=header)).checked
    columns = [*sales(["7"], ["a"], header="customer_id")]
    assert detect_layout(pd.DataFrame(columns=columns)).columns["customer_id"] == "customer_id"


def imported(at_once: int, one_by_one: int, moment: str) -> pd.DataFrame:
    """Return orders of which the first were all entered at one moment."""
    lines = sales(["7"] * (at_once + one_by_one), ["a"] * (at_once + one_by_one))
    lines.loc[: at_once - 1, "created_at"] = moment
    return lines.assign(sold_on="2024-02-01")


@pytest.mark.parametrize("engine", ENGINES)
def test_orders_of_one_second_are_an_import(engine: str) -> None:
    lines = imported(20, 380, "2024-03-01 16:29:03")
    with pytest.raises(
        ValueError, match=r"20 of 400 orders have the same second.*\{'ordered_at': 'sold_on'\}"
    ):
        read_transactions(ENGINES[engine](lines))
    read = as_pandas(read_transactions(ENGINES[engine](lines), columns={"ordered_at": "sold_on"}))
    assert set(read["ordered_at"]) == {pd.Timestamp("2024-02-01")}
    assert (
        len(as_pandas(read_transactions(ENGINES[engine](lines), columns={"ordered_at": "created_at"}))) == 400
    )


@pytest.mark.parametrize(
    "lines",
    [
        imported(19, 380, "2024-03-01 16:29:03"),
        imported(20, 381, "2024-03-01 16:29:03"),
        imported(200, 200, "2024-03-01 00:00:00"),  # days without a time
        imported(20, 380, "2024-03-01 16:29:03").drop(columns="sold_on"),  # there is no other date
        imported(20, 380, "2024-03-01 16:29:03").rename(columns={"sold_on": "birth_date"}),
    ],
)
def test_others_are_read(lines: pd.DataFrame) -> None:
    assert read_transactions(lines)["ordered_at"].notna().all()


def test_an_order_of_many_lines_is_one_moment() -> None:
    lines = imported(30, 0, "2024-03-01 16:29:03").assign(invoice_id="I1")
    assert len(read_transactions(lines)) == 30


def test_the_day_a_document_was_written_comes_before_that_of_its_row() -> None:
    lines = sales(["7"], ["7"]).assign(creation_date="2024-02-01")
    assert detect_layout(lines).columns["ordered_at"] == "creation_date"
