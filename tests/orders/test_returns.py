"""Returns of every form are deducted from their sale, or listed; no cent is lost."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopper_widgets.orders.audit import KEPT, NETTING_EFFECT, READ
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.reasons import REASONS
from shopper_widgets.orders.returns import CAME_BACK, net_returns
from tests.order_tables import ENGINES, as_pandas, money

#: How shops write that units came back: order number, quantity, price, total.
FORMS: dict[str, Any] = {
    "an order that cancels": lambda order, units, price: (f"C{order}", -units, price, -units * price),
    "a negative quantity": lambda order, units, price: (str(order), -units, price, -units * price),
    "a negative price": lambda order, units, price: (str(order), units, -price, -units * price),
    "a negative total": lambda order, units, price: (str(order), units, price, -units * price),
    "all of it negative": lambda order, units, price: (str(order), -units, -price, -units * price),
    "money only": lambda order, units, price: (str(order), 0, 0.0, -price),
}


def shop(lines: list[tuple[str | None, str, int, float, float, float]]) -> pd.DataFrame:
    """Return lines from tuples (order, customer, day, quantity, price, total), all of one product."""
    columns = ["order_id", "customer_id", "day", "quantity", "unit_price", "amount"]
    frame = pd.DataFrame(lines, columns=columns)
    return frame.assign(
        product_id=pd.Series(["TEA"] * len(frame), dtype="string"),
        order_id=frame["order_id"].astype("string"),
        customer_id=frame["customer_id"].astype("string"),
        ordered_at=pd.Timestamp("2024-01-01") + pd.to_timedelta(frame["day"], unit="D"),
        **{c: frame[c].astype(float) for c in columns[3:]},
    ).drop(columns="day")


@pytest.mark.parametrize("size", [1, 0.1])
def test_what_came_back_is_told_by_its_signs(size: float) -> None:
    lines = [(-1, -2), (-1, 0), (-1, 2), (0, -2), (0, 0), (0, 2), (1, -2), (1, 0), (1, 2)]
    frame = nw.from_native(pd.DataFrame(lines, columns=["quantity", "amount"]) * size)
    told = frame.select(came=CAME_BACK)["came"].to_list()
    # money back, or units back with a total without sign; goods written off at no price are no return
    assert told == [True, False, True, True, False, False, True, False, False]


def netted_by_hand(*moves: tuple[int, str, float]) -> list[tuple[str, float, float]]:
    """Return what is left of one customer's sales and unmatched returns (day, order, units) of a product."""
    events = pd.DataFrame(moves, columns=["day", "order_id", "quantity"]).assign(
        customer_id="ann", product_id="TEA", _price=2.0
    )
    events["ordered_at"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(events.pop("day"), unit="D")
    found = net_returns(nw.from_native(events)).to_pandas().sort_values("order_id")
    assert found.columns.tolist() == [*events.columns, "_remaining", "_unmatched"]
    return list(found[["order_id", "_remaining", "_unmatched"]].itertuples(index=False, name=None))


def test_returns_take_backward_in_time_and_never_from_what_comes_later() -> None:
    assert netted_by_hand((0, "1", 5), (1, "2", 4), (2, "3", -6), (3, "4", 7), (4, "5", -8)) == [
        ("1", 2.0, 0.0),
        ("2", 0.0, 0.0),
        ("3", 0.0, 0.0),
        ("4", 0.0, 0.0),
        ("5", 0.0, 0.0),
    ]
    # before any sale; more than was bought; at the moment of the sale
    assert netted_by_hand((0, "1", -2), (1, "2", 3), (2, "3", -5), (3, "4", 1), (3, "0", -1)) == [
        ("0", 0.0, 0.0),
        ("1", 0.0, 2.0),
        ("2", 0.0, 0.0),
        ("3", 0.0, 2.0),
        ("4", 0.0, 0.0),
    ]


def test_of_equal_lines_the_last_ones_come_back_in_each_engine() -> None:
    sales = [(str(order), "ann", 0, 1, 2.0, 2.0) for order in range(5)] * 20
    back = ("C9", "ann", 1, -30, 2.0, -60.0)
    lines = shop([*sales, back]).assign(note=[f"{row}" for row in range(101)])
    kept: Any = clean_transactions(pl.from_pandas(lines), returns="net").transactions
    assert kept["note"].to_list() == clean_transactions(lines, returns="net").transactions["note"].tolist()
    assert len(kept) == 70


def test_parts_of_units_add_up_but_for_dust() -> None:
    whole = netted_by_hand((0, "1", 0.1), (1, "2", 0.2), (2, "3", -0.3))
    assert whole == [("1", 0.0, 0.0), ("2", 0.0, 0.0), ("3", 0.0, 0.0)]
    assert netted_by_hand((0, "1", 0.3), (1, "2", -0.1), (2, "3", -0.2)) == whole
    found = netted_by_hand((0, "1", 1.0), (1, "2", -0.99999), (2, "3", -0.00003))
    assert found == [("1", 0.0, 0.0), ("2", 0.0, 0.0), ("3", 0.0, pytest.approx(0.00002))]
    assert netted_by_hand((0, "1", 1.0), (1, "2", -0.99999))[0][1] == pytest.approx(0.00001)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_netted_from_its_sale(form: str, engine: str) -> None:
    sale, back = ("1", "ann", 0, 3, 2.0, 6.0), FORMS[form](2, 1, 2.0)
    lines = shop([sale, (back[0], "ann", 1, *back[1:])])
    for columns in ([], ["unit_price"], ["amount"]):
        if columns == ["amount"] and form in ("a negative total", "all of it negative", "money only"):
            continue  # only the total shows the return
        net = clean_transactions(ENGINES[engine](lines.drop(columns=columns)), returns="net")
        kept = as_pandas(net.transactions)
        assert kept[["order_id", "quantity", "amount"]].to_numpy().tolist() == [["1", 2.0, 4.0]]
        assert as_pandas(net.unmatched_returns).empty
        dropped = money(clean_transactions(ENGINES[engine](lines.drop(columns=columns))).audit)
        assert dropped["kept"] == (1, 1, 6.0)
        assert dropped["returns matched in full"][:2] == (1, 1)


@pytest.mark.parametrize("form", FORMS)
def test_each_form_without_a_sale_before_it_is_listed_as_it_came(form: str) -> None:
    order, quantity, price, total = FORMS[form](1, 1, 2.0)
    lines = shop([(order, "ann", 0, quantity, price, total), ("2", "ann", 1, 5, 2.0, 10.0)])
    net = clean_transactions(lines, returns="net")
    listed = net.unmatched_returns[["order_id", "quantity", "unit_price", "amount", "unmatched"]]
    assert listed.to_numpy().tolist() == [[order, quantity, price, total, 1.0]]
    assert money(net.audit)["kept"] == (1, 1, 10.0)


def test_a_refund_in_the_order_of_the_sale() -> None:
    lines = shop(
        [("1", "ann", 0, 3, 2.0, 6.0), ("1", "ann", 0, -1, 2.0, -2.0), ("1", "ann", 0, 4, -2.0, -8.0)]
    )
    net = clean_transactions(lines, returns="net")
    assert net.transactions.empty
    assert net.unmatched_returns["unmatched"].sum() == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_a_refund_needs_no_order_number(engine: str) -> None:
    lines = shop(
        [
            ("1", "ann", 0, 3, 2.0, 6.0),
            (None, "ann", 1, -1, 2.0, -2.0),
            (None, "ann", 2, 1, 2.0, 2.0),  # a sale needs one
            (None, "ann", 2, 0, 2.0, 0.0),
            (None, "bob", 2, -1, 2.0, -2.0),  # of no known sale
        ]
    )
    net = clean_transactions(ENGINES[engine](lines), returns="net")
    kept = as_pandas(net.transactions)
    assert kept[["order_id", "quantity", "amount"]].to_numpy().tolist() == [["1", 2.0, 4.0]]
    told = money(net.audit)
    assert told["missing order"] == (2, 1, 2.0)
    assert told["quantity not positive"] == (2, 2, -4.0)
    assert told["returns matched in full"] == (1, 1, -2.0)
    assert as_pandas(net.unmatched_returns)["customer_id"].tolist() == ["bob"]


def test_what_is_left_of_a_discounted_sale_is_its_share_of_what_was_paid() -> None:
    lines = shop([("1", "ann", 0, 4, 2.0, 6.0), ("2", "ann", 1, -1, 2.0, -1.5)])  # 8.00 less 2.00
    net = clean_transactions(lines, returns="net")
    assert net.transactions[["quantity", "amount"]].to_numpy().tolist() == [[3.0, 4.5]]
    returned = net.audit.set_index("rule").loc["returned"]
    assert returned[["rows", "customers", "amount"]].tolist() == [0, 1, 1.5]


def test_a_sale_that_came_back_whole_is_told_and_what_is_untouched_stays_to_the_last_bit() -> None:
    total = 13.05
    assert total * 3 / 3 != total
    back = [("2", "ann", 1, 5, 2.0, 10.0), ("3", "ann", 2, -5, 2.0, -10.0)]
    lines = shop([("1", "ann", 0, 3, 2.0, total), *back])
    net = clean_transactions(lines, returns="net")
    assert net.transactions[["order_id", "amount"]].to_numpy().tolist() == [["1", total]]
    told = net.rejected[["order_id", "quantity", "amount", "reason"]].to_numpy().tolist()
    assert told == [["2", 5.0, 10.0, "returned"], ["3", -5.0, -10.0, "quantity not positive"]]
    assert net.returned[["order_id", "amount"]].to_numpy().tolist() == [["2", 10.0]]
    assert clean_transactions(lines).returned.empty


def test_no_sale_is_too_small_to_come_back() -> None:
    ann = [("1", "ann", 0, 0.5, 2.0, 1.0), ("2", "ann", 1, -0.25, 2.0, -0.5)]
    bob = [("3", "bob", 0, 1, 2.0, 2.0), ("4", "bob", 1, -1, 2.0, -2.0)]
    net = clean_transactions(shop([*ann, *bob]), returns="net")
    assert net.transactions[["order_id", "quantity", "amount"]].to_numpy().tolist() == [["1", 0.25, 0.5]]
    assert sorted(net.rejected["order_id"]) == ["2", "3", "4"]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_came_back_is_told_by_order_and_day_on_each_engine(engine: str) -> None:
    lines = shop(
        [
            ("1", "ann", 0, 4, 2.0, 6.0),  # 8.00 less 2.00
            ("2", "ann", 1, 2, 2.0, 4.0),
            ("3", "ann", 2, -3, 2.0, -6.0),  # two units of the second sale, one of the first
            ("4", "ann", 3, 1, 2.0, 2.0),
            ("5", "ann", 4, -9, 2.0, -18.0),
            ("6", "ben", 0, 1, 2.0, 2.0),
        ]
    )
    found = clean_transactions(ENGINES[engine](lines), returns="net").returned
    told = found.assign(day=(found["returned_at"] - pd.Timestamp("2024-01-01")).dt.days)
    assert told[["customer_id", "order_id", "day", "amount"]].to_numpy().tolist() == [
        ["ann", "1", 2, 1.5],
        ["ann", "2", 2, 4.0],
        ["ann", "1", 4, 4.5],
        ["ann", "4", 4, 2.0],
    ]
    assert found["ordered_at"].dt.day.tolist() == [1, 2, 1, 4]
    assert found.index.tolist() == [0, 1, 2, 3]


def test_what_came_back_is_taken_from_its_own_sale_and_from_none_after_it() -> None:
    lines = shop(
        [
            ("1", "ann", 0, 5, 2.0, 10.0),
            ("2", "ann", 1, -2, 2.0, -4.0),  # three are left, which ben's return must not take
            ("3", "ben", 0, 3, 2.0, 6.0),
            ("4", "ben", 1, -5, 2.0, -10.0),
            ("5", "cid", 0, 1, 2.0, 2.0),
            ("4b", "cid", 0, -1, 2.0, -2.0),  # of the same moment, with a smaller order number than its sale
            ("6", "dan", 0, 0.5, 2.0, 1.0),
            ("5b", "dan", 0, -0.5, 2.0, -1.0),
        ]
    )
    found = clean_transactions(lines, returns="net").returned
    assert found[["order_id", "amount"]].to_numpy().tolist() == [
        ["5", 2.0],
        ["6", 1.0],
        ["1", 4.0],
        ["3", 6.0],
    ]


def test_no_dust_of_parts_of_units_comes_back_later() -> None:
    assert 0.3 - 0.2 != 0.1 and 0.1 + 0.2 != 0.3
    later = [("5", "ann", 5, 1, 2.0, 2.0), ("6", "ann", 9, -2, 2.0, -4.0)]  # one more than was sold
    whole = [("1", "ann", 0, 0.1, 2.0, 0.2), ("2", "ann", 1, 0.2, 2.0, 0.4), ("3", "ann", 2, -0.3, 2.0, -0.6)]
    found = clean_transactions(shop([*whole, *later]), returns="net").returned
    told = found.assign(day=found["returned_at"].dt.day)[["order_id", "day", "amount"]].to_numpy().tolist()
    assert told == [["1", 3, pytest.approx(0.2)], ["2", 3, 0.4], ["5", 10, 2.0]]
    # nor is it deducted from a sale that stays
    part = [("1", "ann", 0, 9, 2.0, 18.0), ("2", "ann", 1, -1, 2.0, -2.0)]
    sold = [("3", "ann", 2, 0.7, 2.0, 1.4), ("4", "ann", 2, 0.1, 2.0, 0.2), ("5", "ann", 3, -0.8, 2.0, -1.6)]
    assert 0.8 - 0.1 > 0.7
    found = clean_transactions(shop([*part, *sold]), returns="net").returned
    assert found[["order_id", "amount"]].to_numpy().tolist() == [
        ["1", 2.0],
        ["3", pytest.approx(1.4)],
        ["4", 0.2],
    ]


def test_a_return_entered_twice_takes_once_where_repeated_lines_are_dropped() -> None:
    back = ("C2", "ann", 1, -1, 2.0, -2.0)
    lines = shop([("1", "ann", 0, 3, 2.0, 6.0), back, back])
    once = clean_transactions(lines, returns="net", duplicates="drop")
    assert once.transactions["quantity"].tolist() == [2.0]
    assert money(once.audit)["returns matched in full"] == (1, 1, -2.0)
    assert clean_transactions(lines, returns="net").transactions["quantity"].tolist() == [1.0]


def test_a_return_without_units_is_one_for_its_total() -> None:
    lines = shop(
        [
            ("1", "ann", 0, 3, 2.0, 6.0),
            ("2", "ann", 1, 0, 2.0, -2.0),  # money back, no units
            ("3", "bob", 0, 3, 2.00004, 6.0),
            ("4", "bob", 1, -2, -2.0, -4.0),  # prices are equal to a hundredth of a cent
            ("5", "cid", 0, 3, 2.0, 6.0),
            ("6", "cid", 1, -2, 0.0, -4.0),  # no price: the total counts
            ("7", "dan", 0, 3, 2.0, 6.0),
            ("8", "dan", 1, -1, 2.0002, -2.0),  # another price
            ("9", "eve", 0, 3, 1.25, 3.75),
            ("10", "eve", 1, -2, 0.0, -2.5),
            ("11", "fay", 0, 3, 0.5, 1.5),
            ("12", "fay", 1, 1, -0.5, -0.4),  # not all was refunded: the price shows the return
        ]
    )
    net = clean_transactions(lines, returns="net")
    kept = net.transactions.set_index("order_id")["quantity"].to_dict()
    assert kept == {"1": 2, "3": 1, "5": 1, "7": 3, "9": 1, "11": 2}
    assert net.unmatched_returns[["order_id", "unmatched"]].to_numpy().tolist() == [["8", 1.0]]


def test_who_gave_all_back_is_no_customer_of_what_is_kept() -> None:
    ann = [("1", "ann", 0, 3, 2.0, 6.0), ("2", "ann", 1, -3, 2.0, -6.0)]
    lines = shop([*ann, ("3", "bob", 0, 3, 2.0, 6.0), ("4", "bob", 1, -1, 2.0, -2.0)])
    net = money(clean_transactions(lines, returns="net").audit)
    assert net["kept"] == (1, 1, 4.0)
    assert net["returned"] == (1, 2, 8.0)
    assert money(clean_transactions(lines).audit)["kept"] == (2, 2, 12.0)


MOVE = st.tuples(
    st.sampled_from(["sale", "sale", "sale", *FORMS]),
    st.sampled_from(["ann", "bob", None]),
    st.integers(0, 5),  # day
    st.integers(1, 4),  # units
    st.sampled_from([1.99, 0.35, 7.0]),  # price
    st.sampled_from([0.0, 0.07]),  # off each unit of a sale
)


def check_no_cent_is_lost(moves: list[Any], returns: Any, engine: str) -> None:
    lines = []
    for place, (form, customer, day, units, price, off) in enumerate(moves):
        written = (
            (str(place), units, price, units * (price - off))
            if form == "sale"
            else FORMS[form](place, units, price)
        )
        lines.append((written[0], customer, day, *written[1:]))
    orders = shop(lines)
    cleaned = clean_transactions(ENGINES[engine](orders), returns=returns)
    kept, rejected = as_pandas(cleaned.transactions), as_pandas(cleaned.rejected)
    audit = cleaned.audit.set_index("rule")["amount"]
    assert len(kept) + len(rejected) == len(orders)
    # what was deducted from partly returned sales is in no line any more
    gone_whole = rejected.loc[rejected["reason"] == "returned", "amount"].sum()
    in_part = audit[NETTING_EFFECT] - gone_whole if returns == "net" else 0.0
    assert kept["amount"].sum() + rejected["amount"].sum() + in_part == pytest.approx(
        orders["amount"].sum(), abs=0.005
    )
    assert audit[[*REASONS, KEPT]].sum() == pytest.approx(audit[READ], abs=0.005)
    assert audit[KEPT] == pytest.approx(kept["amount"].sum(), abs=0.005)
    # each unit that a known customer returned was deducted from a sale, or is listed
    known = [m for m in moves if m[1] is not None]
    back = sum(1 if form == "money only" else units for form, _, _, units, *_ in known if form != "sale")
    sold = sum(units for form, _, _, units, *_ in known if form == "sale")
    listed = as_pandas(cleaned.unmatched_returns)["unmatched"].sum()
    if returns == "net":
        assert sold - kept["quantity"].sum() == pytest.approx(back - listed)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(MOVE, min_size=1, max_size=14),
    st.sampled_from(["drop", "net"]),
    st.sampled_from(["pandas", "polars"]),
)
def test_money_in_is_money_kept_rejected_and_netted(moves: list[Any], returns: Any, engine: str) -> None:
    check_no_cent_is_lost(moves, returns, engine)


@settings(max_examples=5, deadline=None)
@given(st.lists(MOVE, min_size=8, max_size=14), st.sampled_from(["polars-lazy", "duckdb"]))
def test_money_adds_up_where_the_data_live(moves: list[Any], engine: str) -> None:
    check_no_cent_is_lost(moves, "net", engine)


def test_lines_of_no_number_come_back_to_nobody() -> None:
    lines = shop([("1", "ann", 0, 3, 2.0, 6.0), ("2", "ann", 1, float("nan"), 2.0, -2.0)])
    net = clean_transactions(lines, returns="net")
    assert nw.from_native(net.unmatched_returns).is_empty()
    assert net.transactions["quantity"].tolist() == [3.0]
