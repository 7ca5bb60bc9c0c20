"""Returns marked by a word, not a sign, are deducted from sales; words of other meaning change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from shopper_widgets import clean_transactions, read_transactions
from shopper_widgets.orders.sale_or_return import RETURNS, SALES
from tests.order_tables import ENGINES, as_pandas

TOLD = "'{}' says which lines are returns, and none has a sign: the units of {} count as returned."


def lines(kinds: Sequence[str | None], header: str = "Type", **changes: Any) -> pd.DataFrame:
    """Return lines: Ann buys two lots of tea and returns the second, Ben buys a mug."""
    table = pd.DataFrame(
        {
            "Receipt no": ["R1", "R2", "R3", "R4"],
            "Customer ID": ["ann", "ann", "ben", "ann"],
            "SKU": ["TEA", "TEA", "MUG", "TEA"],
            "Date": ["2024-01-05", "2024-01-19", "2024-01-20", "2024-01-25"],
            "Quantity": [2, 3, 1, 3],
            "Unit price": [5.0, 5.0, 8.0, 5.0],
        }
    )
    table[header] = list(kinds)
    return table.assign(**changes)


def kept(table: object) -> tuple[dict[str, float], list[str]]:
    """Return each customer's total, and the notes about the column."""
    orders = read_transactions(table)
    told = [note for note in getattr(orders, "attrs", {}).get("notes", []) if "says which" in note]
    clean = clean_transactions(orders, returns="net")
    audit = as_pandas(clean.audit).set_index("rule")["rows"]
    rejected = len(as_pandas(clean.rejected))
    assert len(as_pandas(clean.transactions)) + rejected == audit["lines read"] == 4
    sums = as_pandas(clean.transactions).groupby("customer_id")["amount"].sum()
    return {str(who): float(amount) for who, amount in sums.items()}, told


@pytest.mark.parametrize("engine", ENGINES)
def test_a_return_without_a_sign_is_netted(engine: str) -> None:
    found, told = kept(ENGINES[engine](lines(["Sale", "Sale", "Sale", "Return"])))
    assert found == {"ann": 10.0, "ben": 8.0}
    assert told in ([], [TOLD.format("Type", "1 line")])  # only pandas frames carry notes


@pytest.mark.parametrize(
    ("header", "sale", "back"),
    [
        ("Document Type", "Invoice", "Credit Note"),
        ("transaction_type", "SALE", "REFUND"),
        ("sale_or_return", "sales", "Sales-Return"),
        ("Belegart", "Rechnung", "Gutschrift"),
        ("Tipo de comprobante", "Factura", "Nota de crédito"),
        ("Type de pièce", "Facture", "Avoir"),
        ("Type", "S", "R"),
        ("type", "credit sale", "credit memo"),
    ],
)
def test_documents_have_many_names(header: str, sale: str, back: str) -> None:
    found, told = kept(lines([sale, sale, sale, back], header))
    assert found == {"ann": 10.0, "ben": 8.0}
    assert told == [TOLD.format(header, "1 line")]


@pytest.mark.parametrize(
    "kinds",
    [
        ["Single", "Single", "Return", "Return"],  # journeys
        ["credit", "debit", "debit", "credit"],  # card payments
        ["Sale", "Sale", "Sale", "Sale"],
        ["Return", "Return", "Return", "Return"],
        ["S", "R", "R", "M"],  # sizes
        ["Sale", None, "Quote", "Sale"],
    ],
)
def test_words_of_something_else_change_nothing(kinds: list[str | None]) -> None:
    assert kept(lines(kinds)) == ({"ann": 40.0, "ben": 8.0}, [])


@pytest.mark.parametrize(
    "kinds",
    [
        ["Ticket", "Single", "Return", "Return"],  # journeys
        ["S", "R", "S", "R"],  # sizes: small and regular
    ],
)
def test_more_returns_than_a_shop_has_are_none(kinds: list[str]) -> None:
    found, told = kept(lines(kinds))
    assert found == {"ann": 40.0, "ben": 8.0}
    orders = read_transactions(lines(kinds))
    assert [note for note in orders.attrs["notes"] if "may call" in note] == [
        "'Type' may call 2 lines returns, but these are too many for that: they count as sold. If they are "
        "returns, write their units with a minus sign."
    ]
    assert told == []


@pytest.mark.parametrize("blank", [None, ""])
def test_a_word_may_stand_with_returns_alone_or_nearly_so(blank: str | None) -> None:
    assert kept(lines(["Sale", blank, blank, "Return"]))[0] == {"ann": 10.0, "ben": 8.0}


@pytest.mark.parametrize("signed", ["Quantity", "Unit price"])
def test_returns_that_have_a_sign_keep_it(signed: str) -> None:
    table = lines(["Sale", "Sale", "Sale", "Return"])
    table[signed] = table[signed] * [1, 1, 1, -1]
    assert kept(table) == ({"ann": 10.0, "ben": 8.0}, [])


def test_totals_of_returns_are_taken_off_too() -> None:
    totals = [10.0, 15.0, 8.0, 15.0]
    table = lines(["Sale", "Sale", "Sale", "Return"], line_total=totals)
    orders = read_transactions(table)
    assert orders["quantity"].tolist() == [2, 3, 1, -3]
    assert kept(table)[0] == {"ann": 10.0, "ben": 8.0}
    only = table.drop(columns=["Unit price", "Quantity"])
    assert kept(only)[0] == {"ann": 10.0, "ben": 8.0}


def test_no_word_is_of_both() -> None:
    assert not set(RETURNS) & set(SALES)
    assert len(set(RETURNS)) == len(RETURNS) and len(set(SALES)) == len(SALES)


def test_an_order_that_is_a_return_was_not_sold() -> None:
    table = lines(["Completed", "Completed", "Completed", "Return"], "Order status")
    assert kept(table) == ({"ann": 25.0, "ben": 8.0}, [])
