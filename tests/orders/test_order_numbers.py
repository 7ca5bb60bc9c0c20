"""Order numbers of cancellations and adjustments: proved by the lines or asked for, not just a letter."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd
import pytest

from shopper_widgets.orders.cleaning import clean_transactions
from tests.order_tables import ENGINES, as_pandas, money

engines = pytest.mark.parametrize("engine", ENGINES)


def lines_of(*lines: tuple[str, float]) -> pd.DataFrame:
    """Return lines from tuples (order, quantity), each a tea for 2."""
    frame = pd.DataFrame(lines, columns=["order_id", "quantity"])
    return frame.assign(
        order_id=frame["order_id"].astype("string"),
        quantity=frame["quantity"].astype(float),
        product_id=pd.Series(["TEA"] * len(frame), dtype="string"),
        product_name=pd.Series(["Tea"] * len(frame), dtype="string"),
        customer_id=pd.Series(["ann"] * len(frame), dtype="string"),
        ordered_at=pd.date_range("2024-01-01", periods=len(frame)),
        unit_price=2.0,
    )


def outcome(frame: pd.DataFrame, engine: str = "pandas", **options: Any) -> dict[str, str]:
    """Return order → "kept", or the reason for rejecting it."""
    cleaned = clean_transactions(ENGINES[engine](frame), **options)
    kept = dict.fromkeys(as_pandas(cleaned.transactions)["order_id"], "kept")
    rejected = as_pandas(cleaned.rejected)
    return kept | dict(zip(rejected["order_id"], rejected["reason"], strict=True))


@pytest.mark.parametrize(
    "ids",
    [
        ["c3f9", "a1b2c", "C0ffee", "A7"],  # hashes
        ["c56a4180-65aa-42ec-a945-5fd21dec0538", "a3bb189e-8bf9-3888-9912-ace4e6543002"],  # UUIDs
        ["C1001", "C1002", "C1003"],
        ["A1001", "a1002", "A1003"],
        ["A563185", "536365"],  # one letter among plain numbers
        ["C536379", "536365"],
    ],
)
def test_a_letter_alone_takes_no_sale_away(ids: list[str]) -> None:
    assert set(outcome(lines_of(*((order, 1) for order in ids))).values()) == {"kept"}


@engines
def test_where_refunds_bear_the_letter_of_the_sales_no_number_cancels(engine: str) -> None:
    found = outcome(lines_of(("C1", 5), ("C2", 3), ("C3", -2)), engine)
    assert found == {"C1": "kept", "C2": "kept", "C3": "quantity not positive"}


@engines
def test_numbers_whose_quantities_are_negative_cancel(engine: str) -> None:
    found = outcome(lines_of(("536365", 5), ("c536379", -2), ("536366", -1)), engine)
    assert found == {"536365": "kept", "c536379": "cancelled order", "536366": "quantity not positive"}


@pytest.mark.parametrize(("sold", "reason"), [(1, "cancelled order"), (2, "quantity not positive")])
def test_one_line_in_a_hundred_may_be_no_return_and_stays_a_sale(sold: int, reason: str) -> None:
    back = [(f"C{i}", -1) for i in range(100 - sold)]
    found = outcome(
        lines_of(*((f"5{i}", 1) for i in range(200)), *back, *((f"C9{i}9", 1) for i in range(sold)))
    )
    assert found["C0"] == reason
    assert found["C909"] == "kept"


def test_numbers_whose_amounts_are_negative_cancel() -> None:
    lines = lines_of(("1", 5), ("C2", 3))
    assert outcome(lines.assign(unit_price=[2.0, -2.0]))["C2"] == "cancelled order"
    assert outcome(lines.assign(amount=[10.0, -6.0]))["C2"] == "cancelled order"


def test_where_other_numbers_come_back_more_than_they_are_sold_no_letter_is_the_mark() -> None:
    found = outcome(lines_of(("1", 1), ("2", -1), ("3", -1), ("C4", -1)))
    assert found["C4"] == "quantity not positive"
    assert outcome(lines_of(("1", 1), ("3", -1), ("C4", -1)))["C4"] == "cancelled order"


@engines
def test_adjustments_are_about_the_code_b_or_called_so(engine: str) -> None:
    lines = lines_of(("1", 1), ("A5", 1), ("a6", 1))
    assert outcome(lines, engine)["A5"] == "kept"
    lines["product_id"] = pd.Series(["TEA", "b", "TEA"], dtype="string")
    assert outcome(lines, engine)["A5"] == "kept"  # A6 is a sale of tea: the letter means nothing
    lines["product_name"] = pd.Series(["Tea", None, "Adjust bad debt"], dtype="string")
    assert outcome(lines, engine) == {"1": "kept", "A5": "adjustment order", "a6": "adjustment order"}
    lines["product_name"] = pd.Series(["Tea", None, "Adjustable strap"], dtype="string")
    assert outcome(lines, engine)["a6"] == "kept"


@engines
@pytest.mark.parametrize("option", ["cancelled", "adjustments"])
def test_a_pattern_or_a_function_settles_it(option: str, engine: str) -> None:
    lines = lines_of(("1", 1), ("RMA-7", 1), ("C8", -1))
    reason = {"cancelled": "cancelled order", "adjustments": "adjustment order"}[option]
    for numbers in ("^(RMA|CN)-", "(?i)rma(?=-7)", lambda order: order.startswith("RMA")):
        found = outcome(lines, engine, **{option: numbers})
        assert found["RMA-7"] == reason
        assert found["1"] == "kept"
    assert outcome(lines, engine, cancelled=None)["C8"] == "quantity not positive"
    assert outcome(lines, engine, cancelled=False)["C8"] == "quantity not positive"
    assert outcome(lines, engine, cancelled="^no such")["C8"] == "quantity not positive"


def test_none_of_the_adjustments() -> None:
    lines = lines_of(("1", 1), ("A5", 1)).assign(product_id=pd.Series(["TEA", "B"], dtype="string"))
    assert outcome(lines)["A5"] == "adjustment order"
    assert outcome(lines, adjustments=None)["A5"] == "kept"


def test_the_rule_that_ran_is_told_with_its_reason() -> None:
    def notes(*lines: tuple[str, float], **options: Any) -> tuple[str, ...]:
        return clean_transactions(lines_of(*lines), **options).notes

    assert notes(("1", 1)) == ()
    assert notes(("1", 1), ("C2", -1)) == (
        "Cancelled orders: those with numbers such as C536379; none of their 1 line is a sale.",
    )
    assert notes(("1", 1), ("C2", -1), ("C3", 4), ("A4", 1)) == (
        "Cancelled orders: not shown by numbers such as C536379; 1 of their 2 lines is a sale.",
        "Adjustments: not shown by numbers such as A563185; 1 of their 1 line is for goods.",
    )
    assert notes(("1", 1), ("C2", -1), cancelled="^C", adjustments=None) == (
        "Cancelled orders: order numbers of the pattern ^C (cancelled=…): 1 of 2.",
        "Adjustments: none by order number (adjustments=None).",
    )


@pytest.mark.parametrize("numbers", ["", "(", 7, ["C"], True])
def test_what_is_no_rule_is_named(numbers: Any) -> None:
    with pytest.raises((ValueError, TypeError), match=r"^cancelled must be"):
        clean_transactions(lines_of(("1", 1)), cancelled=numbers)


def test_hash_ids_keep_their_revenue() -> None:
    ids = [hashlib.md5(str(i).encode()).hexdigest() for i in range(399)]
    assert sum(order[0] in "ac" and order[1].isdigit() for order in ids) > 20
    assert money(clean_transactions(lines_of(*((i, 1) for i in ids))).audit)["kept"] == (399, 1, 798.0)


def test_each_number_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, looked = type(pd.Series(["C1"]).str), dict[str, list[str]]()
    contains = texts.contains

    def counted(self: Any, pat: str, **options: Any) -> Any:
        looked.setdefault(pat, []).extend(self._data)
        return contains(self, pat, **options)

    monkeypatch.setattr(texts, "contains", counted)
    frame = lines_of(("C1", -1), ("2", 5), ("A3", -1), ("2", 1)).assign(product_id=["TEA", "TEA", "B", "MUG"])
    assert outcome(frame) == {"2": "kept", "C1": "cancelled order", "A3": "quantity not positive"}
    for pattern in ("^[Cc][0-9]+$", "^[Aa][0-9]+$"):
        assert looked[pattern] == ["C1", "2", "A3"]
