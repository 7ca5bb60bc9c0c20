"""Parts of order lines: units refunded or cancelled, and lines whose price is that of another line."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from shopper_widgets._support.formatting import count_of, format_decimal, listed
from shopper_widgets._support.locale import ngettext, with_marks
from shopper_widgets.columns import (
    AMOUNT,
    DISCOUNT,
    DISCOUNT_LEFT_IN,
    IS_CANCELLED,
    ORDER_ID,
    PRODUCT_ID,
    QUANTITY,
    UNIT_PRICE,
)
from shopper_widgets.orders.known_layouts import CANCELLED_QUANTITY, ITEM, PART_OF, REFUNDED_QUANTITY
from shopper_widgets.orders.layouts import Layout
from shopper_widgets.orders.order_money import GROSS, counted, one_row


def without_refunded_units(frame: Any, layout: Layout) -> tuple[Any, list[str]]:
    """Subtract refunded units, and those cancelled before they were sent, from their lines.

    A line of which nothing is left stays unchanged and is marked as cancelled. If returns have their own
    lines, nothing is subtracted, which would count them twice.

    Returns
    -------
    frame
        With ``refunded_quantity`` if anything was subtracted.
    list of str
        The notes.
    """
    schema = frame.collect_schema()
    present = [c for c in (REFUNDED_QUANTITY, CANCELLED_QUANTITY) if c in schema]
    if not present:
        return frame, []
    quantity, back = nw.col(QUANTITY), nw.col(REFUNDED_QUANTITY)
    units = nw.sum_horizontal(*(nw.col(name).abs() for name in present))
    frame = frame.with_columns(units.alias(REFUNDED_QUANTITY))
    frame = frame.drop(*(c for c in present if c != REFUNDED_QUANTITY))
    worth = nw.col(AMOUNT) if AMOUNT in schema else GROSS
    off = nw.when((back > 0) & (quantity > 0)).then(nw.min_horizontal(back, QUANTITY))
    found = one_row(
        frame,
        lines=counted(~off.is_null()),
        units=off.sum(),
        money=(worth * off / quantity).sum(),
        returns=counted(quantity < 0),
    )
    if not found["lines"]:
        return frame.drop(REFUNDED_QUANTITY), []
    headers = listed(repr(layout.checked.get(name, name)) for name in present)
    lines, returns = count_of(int(found["lines"]), "line"), count_of(int(found["returns"]), "line")
    gone = found["units"]
    told = ngettext(
        "{headers}: {units} unit of {lines} was given back or cancelled",
        "{headers}: {units} units of {lines} were given back or cancelled",
        gone,
        headers=headers,
        units=with_marks(f"{gone:,g}"),
        lines=lines,
    )
    if found["returns"]:
        return frame.drop(REFUNDED_QUANTITY), [
            ngettext(
                "{told}: it is not subtracted, since {returns} with a negative quantity may be the same.",
                "{told}: they are not subtracted, since {returns} with a negative quantity may be the same.",
                gone,
                told=told,
                returns=returns,
            )
        ]
    whole, in_part = (quantity > 0) & (back >= quantity), (back > 0) & (back < quantity)
    marked = nw.col(IS_CANCELLED) if IS_CANCELLED in schema else nw.lit(False)
    share = nw.when(in_part).then(1 - back / quantity).otherwise(nw.lit(1.0))
    scaled = [c for c in (QUANTITY, AMOUNT, DISCOUNT, DISCOUNT_LEFT_IN) if c in schema]
    frame = frame.with_columns(
        *((nw.col(c) * share).alias(c) for c in scaled),
        (marked | ((back > 0) & whole)).fill_null(False).alias(IS_CANCELLED),
    )
    said = ngettext(
        "{told}, {money} in all: it is subtracted from its line.",
        "{told}, {money} in all: they are subtracted from their lines.",
        gone,
        told=told,
        money=format_decimal(found["money"], 2),
    )
    return frame, [said]


def without_parts(frame: Any, layout: Layout) -> tuple[Any, list[str]]:
    """Set lines that are parts of another line to no cost if that line has the price.

    Magento writes a configurable product as two lines, itself with the price and the variant that was chosen,
    and a bundle as itself and what is in it.

    Parameters
    ----------
    frame : Narwhals frame
        Canonical columns with numbers read, and ``part_of`` if the table has parts.
    layout : Layout
        Has the header, for the notes.

    Returns
    -------
    frame
        The price of parts is 0 if their line has one; without the columns that were used.
    list of str
        Notes for the reader of the orders.
    """
    schema = frame.collect_schema()
    if PART_OF not in schema:
        return frame, []
    # A line and its parts share a number, or, as variants do, the code of the product.
    whole, own = _id(PART_OF), _id(ITEM) if ITEM in schema else nw.col(PRODUCT_ID)
    key = nw.coalesce(whole, own) if ITEM in schema else own
    money = [c for c in (UNIT_PRICE, AMOUNT) if c in schema]
    price = nw.max_horizontal(*(nw.col(c).fill_null(0.0) for c in money))
    frame = frame.with_columns(_key=key, _price=price, _is_part=~whole.is_null())
    of_whole = nw.when(~nw.col("_is_part")).then(nw.col("_price"))
    frame = frame.with_columns(_of_whole=of_whole.max().over(ORDER_ID, "_key"))
    part = nw.col("_is_part") & (nw.col("_of_whole") > 0).fill_null(False)
    count = int(one_row(frame, lines=counted(part & (nw.col("_price") > 0)))["lines"])
    frame = frame.with_columns(nw.when(part).then(nw.lit(0.0)).otherwise(nw.col(c)).alias(c) for c in money)
    looked_at = (c for c in (ITEM, PART_OF) if c in schema)
    frame = frame.drop("_key", "_price", "_is_part", "_of_whole", *looked_at)
    if not count:
        return frame, []
    said = ngettext(
        "{header}: {lines} with a price is a part of another line of the order, whose price counts.",
        "{header}: {lines} with a price are parts of another line of the order, whose price counts.",
        count,
        header=repr(layout.checked[PART_OF]),
        lines=count_of(count, "line"),
    )
    return frame, [said]


def _id(name: str) -> nw.Expr:
    """Return a line's number as text; blank, 0 and NULL become null."""
    text = nw.col(name).cast(nw.String).str.strip_chars().str.replace_all(r"\.0+$", "")
    return nw.when(~text.str.to_lowercase().is_in(["", "0", "null", "nan", "none"])).then(text)
