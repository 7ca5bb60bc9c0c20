"""Discounts of lines and of orders: what they are, and whether they are already off the amounts."""

from __future__ import annotations

import re
from typing import Literal

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets._support.formatting import format_decimal, listed
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import AMOUNT, DISCOUNT, DISCOUNT_LEFT_IN, ORDER_ID, QUANTITY, UNIT_PRICE
from shopper_widgets.orders.known_layouts import LINE_DISCOUNT, ORDER_DISCOUNT, ORDER_SUBTOTAL
from shopper_widgets.orders.layouts import Layout
from shopper_widgets.orders.order_money import GROSS, RATE, counted, near, one_row

#: What a column of discounts can hold; with "auto", headers and numbers decide; "leave" takes nothing off.
Discounts = Literal["auto", "amount", "fraction", "percent", "order", "leave"]
DISCOUNTS = ("auto", "amount", "fraction", "percent", "order", "leave")

_LINE, _ORDER, _BASE = "_line_off", "_order_off", "_base"
_LOOKED_AT = (LINE_DISCOUNT, ORDER_DISCOUNT, ORDER_SUBTOTAL)
# Amounts have cents, percentages are nearly always whole or half; it is a rule if it holds for this share.
_EITHER, _ROUND = "either", 0.95
_LINE_AND_ORDER = nw.col(_LINE) + nw.col(_ORDER)
_READ_AS = {
    "amount": N_(" (amounts)"),
    "fraction": N_(" (fractions of the price)"),
    "percent": N_(" (percentages)"),
    "order": N_(" (amounts of whole orders)"),
}


def settle_discounts(
    frame: FrameT, layout: Layout, discounts: Discounts, percent_signs: bool
) -> tuple[FrameT, list[str]]:
    """Deduct discounts, unless they are already deducted from the amounts.

    A line's discount is an amount, a fraction (all between 0 and 1) or a percentage. An order's is an amount:
    it is on the first line or on each, and is divided over the lines in proportion to their amounts. A
    discount that is in both columns counts once.

    Parameters
    ----------
    frame : Narwhals frame
        Canonical columns, numbers read, with ``line_discount`` or ``order_discount``.
    layout : Layout
        Has the headers of discounts, and whether totals are known to be net of them.
    discounts : str
        One of `DISCOUNTS`.
    percent_signs : bool
        Whether the line discounts were written with percent signs.

    Returns
    -------
    frame
        With ``amount`` and, where there are discounts, ``discount`` (what was deducted from ``amount``) or
        ``discount_left_in`` (what may not have been deducted); without the columns that were used.
    list of str
        Notes for the reader of the orders.
    """
    looked_at = [c for c in (LINE_DISCOUNT, ORDER_DISCOUNT) if c in frame.collect_schema()]
    filled = one_row(frame, **{c: counted(nw.col(c) != 0) for c in looked_at}) if looked_at else {}
    present = [c for c in looked_at if filled[c]]
    if not present:
        return frame.drop(*looked_at), []
    headers = {c: layout.checked[c] for c in present}
    kind = "order"
    if LINE_DISCOUNT in present:
        kind = _kind(frame, headers[LINE_DISCOUNT], discounts, percent_signs)
        if kind == _EITHER and ORDER_DISCOUNT not in present and not layout.is_of_a_program:
            said = gettext(
                "Nothing tells whether the discounts in {header} are amounts or percentages: they are left "
                "as they are, and the amounts are read as what was paid. {setting} takes them off.",
                header=repr(headers[LINE_DISCOUNT]),
                setting=gettext("discounts={first} or {second}", first="'amount'", second="'percent'"),
            )
            return frame.drop(*(c for c in _LOOKED_AT if c in frame.collect_schema())), [said]
        kind = "amount" if kind == _EITHER else kind
        if kind in ("amount", "order") and RATE in frame.collect_schema():  # fractions have no currency
            frame = frame.with_columns(nw.col(LINE_DISCOUNT) * nw.col(RATE))
        if kind == "order" and ORDER_DISCOUNT not in present:
            frame = frame.with_columns(nw.col(LINE_DISCOUNT).alias(ORDER_DISCOUNT))
            headers = {ORDER_DISCOUNT: headers[LINE_DISCOUNT]}
            present = [ORDER_DISCOUNT]
    present = [ORDER_DISCOUNT] if kind == "order" else present
    paid = UNIT_PRICE not in frame.collect_schema() and discounts in ("auto", "leave")
    frame, where = _placed(_off_each_line(frame, present, kind, paid), layout, discounts)
    total = one_row(frame, off=_LINE_AND_ORDER.sum())["off"]
    named = listed(dict.fromkeys(repr(headers[c]) for c in present))
    said = {
        "taken": N_(
            "Discounts in {named}{read_as}, {total} in all, are taken off the lines. {setting} changes that."
        ),
        "already": N_("Discounts in {named}{read_as}, {total} in all, are already taken off the amounts."),
        "left": N_(
            "Discounts in {named}{read_as}, {total} in all, are left as they are: the amounts are read as "
            "what was paid. {setting} changes that."
        ),
    }[where]
    other = {"taken": "leave", "left": kind}
    column = DISCOUNT_LEFT_IN if where == "left" else DISCOUNT
    frame = frame.with_columns(_LINE_AND_ORDER.alias(column))
    made = (*_LOOKED_AT, _LINE, _ORDER, _BASE)
    note = gettext(
        said,
        named=named,
        read_as=gettext(_READ_AS[kind]),
        total=format_decimal(total, 2),
        setting=f"discounts={other.get(where, '')!r}",
    )
    return frame.drop(*(c for c in made if c in frame.collect_schema())), [note]


def _kind(frame: FrameT, header: str, discounts: Discounts, percent_signs: bool) -> str:
    """Return what the column of line discounts holds: amount, fraction, percent, or an order's amount.

    If the table has totals only, round numbers up to 100 may be either amounts or percentages.
    """
    if discounts not in ("auto", "leave"):
        return discounts
    off = nw.col(LINE_DISCOUNT).abs()
    priced = UNIT_PRICE in frame.collect_schema()
    worth = GROSS if priced else nw.col(AMOUNT)
    found = one_row(
        frame,
        high=off.max(),
        between=counted((off > 0) & (off < 1)),
        beyond=counted((off > worth.abs() + 0.0051) & (worth != 0)),
        some=counted(off > 0),
        round=counted((off > 0) & (off * 2 == (off * 2).round(0))),
    )
    words = re.search(r"%|perc|pct|prozent|rate|taux|quota", header, re.IGNORECASE)
    if percent_signs or (words and found["high"] > 1):
        return "percent"
    if words or (
        found["high"] <= 1 and found["between"] and not re.search("am(oun)?t|value|betrag", header, re.I)
    ):
        return "fraction"
    if priced and found["beyond"] and found["high"] <= 100:
        return "percent"
    of_money = re.search("am(oun)?t|value|betrag|total|sum|money|line|item", header, re.IGNORECASE)
    is_round = found["round"] >= _ROUND * found["some"]
    if not priced and not of_money and discounts == "auto" and found["high"] <= 100 and is_round:
        return _EITHER
    of_a_line = re.search("line|item|position|zeile", header, re.IGNORECASE)
    return "order" if not of_a_line and _same_on_all_lines(frame) else "amount"


def _same_on_all_lines(frame: FrameT) -> bool:
    """Return whether each order of several lines has one discount, repeated on all its lines."""
    off = nw.col(LINE_DISCOUNT).abs().fill_null(0.0)
    lines = frame.filter(~nw.col(ORDER_ID).is_null()).select(ORDER_ID, _off=off)
    orders = lines.group_by(ORDER_ID).agg(lines=nw.len(), low=nw.col("_off").min(), high=nw.col("_off").max())
    discounted = (nw.col("lines") > 1) & (nw.col("high") > 0)
    found = one_row(
        orders, orders=counted(discounted), same=counted(discounted & (nw.col("low") == nw.col("high")))
    )
    return found["orders"] > 0 and found["same"] == found["orders"]


def _off_each_line(frame: FrameT, present: list[str], kind: str, paid: bool) -> FrameT:
    """Add, in money, each line's own discount and its share of the order's discount.

    ``paid``: the amounts of the table are those after discounts.
    """
    worth = GROSS if UNIT_PRICE in frame.collect_schema() else nw.col(AMOUNT)
    line = nw.lit(0.0)
    if LINE_DISCOUNT in present:
        off = nw.col(LINE_DISCOUNT).abs().fill_null(0.0)
        share = off / 100 if kind == "percent" else off
        share = nw.when(share <= 1).then(share).otherwise(nw.lit(1.0))
        part = worth * share
        if paid:  # 80 paid after a discount of a fifth: 20 were taken off
            part = nw.when(share < 1).then(part / (1 - share)).otherwise(nw.lit(0.0))
        sign = nw.when(nw.col(QUANTITY) < 0).then(nw.lit(-1.0)).otherwise(nw.lit(1.0))
        line = part.fill_null(0.0) if kind in ("percent", "fraction") else off * sign
    frame = frame.with_columns(line.alias(_LINE))
    if ORDER_DISCOUNT not in present:
        return frame.with_columns(nw.lit(0.0).alias(_ORDER))
    base = worth if paid else worth - nw.col(_LINE)
    frame = frame.with_columns(
        nw.when(base > 0).then(base).otherwise(nw.lit(0.0)).fill_null(0.0).alias(_BASE)
    )
    whole = frame.with_columns(
        _of_order=nw.col(ORDER_DISCOUNT).abs().fill_null(0.0).max().over(ORDER_ID),
        _of_lines=nw.col(_LINE).sum().over(ORDER_ID),
        _worth=nw.col(_BASE).sum().over(ORDER_ID),
    )
    # An order's discount that equals the sum of its lines' discounts is the same discount, given twice.
    told = near(nw.col("_of_lines"), nw.col("_of_order")) & (nw.col("_of_lines") > 0)
    left = nw.col("_of_order")
    if (
        ORDER_SUBTOTAL in frame.collect_schema()
    ):  # it shows whether the order's discount contains those of its lines
        subtotal = nw.col(ORDER_SUBTOTAL).max().over(ORDER_ID)
        whole = whole.with_columns(_holds=near(nw.col("_worth") + nw.col("_of_lines") - left, subtotal))
        left = nw.when(nw.col("_holds")).then(left - nw.col("_of_lines")).otherwise(left)
    left = nw.min_horizontal(left, nw.col("_worth"))
    share = nw.when(~told & (nw.col("_worth") > 0)).then(left * nw.col(_BASE) / nw.col("_worth"))
    whole = whole.with_columns(share.otherwise(nw.lit(0.0)).fill_null(0.0).alias(_ORDER))
    return whole.drop(
        *(c for c in whole.collect_schema() if c in ("_of_order", "_of_lines", "_worth", "_holds"))
    )


def _placed(frame: FrameT, layout: Layout, discounts: Discounts) -> tuple[FrameT, str]:
    """Take the discounts off the amounts, unless they are already off."""
    schema, off = frame.collect_schema(), _LINE_AND_ORDER
    if AMOUNT not in schema:
        if discounts == "leave":
            return frame, "left"
        return frame.with_columns((GROSS - off).alias(AMOUNT)), "taken"
    amount = nw.col(AMOUNT)
    if discounts == "leave" or layout.net_totals:
        return frame, "left" if discounts == "leave" else "already"
    if UNIT_PRICE in schema:
        full, less = near(amount, GROSS), near(amount, GROSS - off)
        found = one_row(frame, before=counted(full & ~less), after=counted(less & ~full))
        if found["after"] > found["before"]:
            return frame.with_columns(nw.coalesce(amount, GROSS - off).alias(AMOUNT)), "already"
        if found["before"]:
            return frame.with_columns((nw.coalesce(amount, GROSS) - off).alias(AMOUNT)), "taken"
    if discounts == "auto":
        return frame, "left"
    return frame.with_columns((amount - off).alias(AMOUNT)), "taken"  # as the caller says
