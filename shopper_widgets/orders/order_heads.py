"""Cells that an order has only once, on its first line or in its status, applied to all its lines."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import Any

import narwhals as nw

from shopper_widgets._support.formatting import count_of
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import (
    COUNTRY,
    CUSTOMER_ID,
    IS_CANCELLED,
    ORDER_ID,
    ORDER_STATUS,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
)
from shopper_widgets.orders.cells.numbers import collected
from shopper_widgets.orders.identity import float_text
from shopper_widgets.orders.known_layouts import (
    CANCELLED_AT,
    CURRENCY,
    CUSTOMER_EMAIL,
    CUSTOMER_NAME,
    DELIVERY,
    IS_RETURNED,
    OTHER_ID,
    PAYMENT_STATUS,
    STATUS,
    SUCCEEDED,
)
from shopper_widgets.orders.statuses import is_only_unpaid, plain_status, says_not_sold
from shopper_widgets.orders.yes_or_no import says_no_sale

logger = logging.getLogger(__name__)

#: The words by which a note about lines without a head is recognized.
OF_THE_ORDER_ABOVE = "belong to the order above"
#: Columns that describe an order, and columns that describe its lines.
_HEAD, _LINE = (ORDER_ID, CUSTOMER_ID, ORDERED_AT), (PRODUCT_ID, QUANTITY)
#: If more than this share of lines has no order number, the program writes them so; fewer such lines are
#: rejected.
_OF_THE_LAYOUT = 0.2


def _filled(name: str, dtype: Any) -> nw.Expr:
    """Return the column with blank text as null."""
    column = nw.col(name)
    if dtype != nw.String:
        return column
    return nw.when(column.str.strip_chars() != "").then(column).alias(name)


def lines_without_a_head(frame: Any) -> int:
    """Count the lines without order number, date and customer, if an order has these on its first line only.

    Parameters
    ----------
    frame : Narwhals frame
        Columns as they came, in the order of the file; a lazy one has no order.

    Returns
    -------
    int
        0 if any line lacks only a number or a date, or too few lack all three: those are mistakes.

    Examples
    --------
    >>> import pyarrow as pa
    >>> lines = pa.table({
    ...     "order_id": ["1", "", "2"], "customer_id": ["ann", None, "ben"],
    ...     "ordered_at": ["5.1.2024", " ", "6.1.2024"],
    ...     "product_id": ["tea", "mug", "tea"], "quantity": ["1", "2", "1"],
    ... })
    >>> lines_without_a_head(nw.from_native(lines))
    1
    """
    schema = frame.collect_schema()
    if isinstance(frame, nw.LazyFrame) or not {*_HEAD, *_LINE} <= {*schema}:
        return 0
    # Nearly all orders end here: of the five columns only the first is looked at.
    if not frame.select(_filled(ORDER_ID, schema[ORDER_ID]).is_null().mean() > _OF_THE_LAYOUT).item():
        return 0
    blank = {name: _filled(name, schema[name]).is_null() for name in (*_HEAD, *_LINE)}
    none = nw.all_horizontal(*(blank[name] for name in _HEAD), ignore_nulls=False)
    # The first line of a guest's order has no customer.
    any_blank = blank[ORDER_ID] | blank[ORDERED_AT]
    goods = nw.all_horizontal(*(~blank[name] for name in _LINE), ignore_nulls=False)
    empty = nw.all_horizontal(*blank.values(), ignore_nulls=False)  # such as the row of a sum below the lines
    found = frame.select(headless=none & goods, broken=any_blank & ~(none & goods) & ~empty)
    headless, broken = found["headless"], found["broken"]
    lines = int(headless.sum())
    is_usual = lines > _OF_THE_LAYOUT * len(found) and not broken.any() and not headless[0]
    return lines if is_usual else 0


def with_order_cells_on_every_line(frame: Any, keep: Collection[str] = ()) -> Any:
    """Repeat the cells of an order's first line on all its lines.

    Raises
    ------
    ValueError
        Only the first line has the order number, too, and the lines of the frame have no order.
    """
    schema = frame.collect_schema()
    frame = frame.with_columns(_filled(name, schema[name]) for name in schema.names())
    order = nw.col(ORDER_ID)
    # Some tools leave out the order number, too: such a line belongs to the order above it.
    continued = order.is_null() & nw.col(ORDERED_AT).is_null() & ~nw.col(QUANTITY).is_null()
    if isinstance(frame, nw.DataFrame):
        above = order.fill_null(strategy="forward")
        frame = frame.with_columns(nw.when(continued).then(above).otherwise(order).alias(ORDER_ID))
    elif (
        collected(frame.select(share=nw.when(continued).then(nw.lit(1.0)).otherwise(nw.lit(0.0)).mean()))[
            "share"
        ][0]
        or 0
    ) > _OF_THE_LAYOUT:
        raise ValueError(
            "source: lines without a number and a date of their own belong to the order above them, but "
            f"lines of a {frame.implementation.name.lower()} table have no order. Read the file itself, or "
            "hand in a data frame of pandas, Polars or Arrow."
        )
    people = (CUSTOMER_ID, OTHER_ID, CUSTOMER_EMAIL, CUSTOMER_NAME)
    once = (ORDERED_AT, *people, COUNTRY, CURRENCY, STATUS, PAYMENT_STATUS, DELIVERY, CANCELLED_AT, *keep)
    return frame.with_columns(
        nw.coalesce(nw.col(name), nw.col(name).max().over(ORDER_ID)).alias(name)
        for name in once
        if name in schema
    )


def tell_headless(lines: int, notes: list[str]) -> None:
    """Note the lines that were read as lines of the order above them."""
    said = gettext(
        "{lines} without an order number, a date and a customer of their own belong to the order above.",
        lines=count_of(lines, "line"),
    )
    notes.append(said)
    logger.warning("%s", said)


def with_names_for_codes(frame: Any) -> Any:
    """Give products without a code their name as id."""
    schema = frame.collect_schema()
    if PRODUCT_NAME not in schema or schema[PRODUCT_NAME] != nw.String:
        return frame
    code: nw.Expr = _filled(PRODUCT_ID, schema[PRODUCT_ID])
    if schema[PRODUCT_ID].is_float():  # whole numbers, with missing ones among them
        code = float_text(PRODUCT_ID)
    elif schema[PRODUCT_ID] != schema[PRODUCT_NAME]:
        code = code.cast(nw.String)
    return frame.with_columns(nw.coalesce(code, nw.col(PRODUCT_NAME)).alias(PRODUCT_ID))


def with_marks(frame: Any, states: Mapping[str, str] | None = None) -> Any:
    """Mark lines that were not sold; ``states`` explains statuses that don't say it themselves."""
    if states and STATUS in frame.collect_schema():
        word = own = nw.col(STATUS).cast(nw.String).str.replace_all(r"\.0$", "")  # statuses may be numbers
        for state, meaning in states.items():
            word = nw.when(plain_status(own) == state).then(nw.lit(meaning)).otherwise(word)
        frame = frame.with_columns(word.alias(STATUS))
    schema = frame.collect_schema()
    if DELIVERY in schema and STATUS in schema:
        own, sent = (nw.col(name).cast(nw.String) for name in (STATUS, DELIVERY))
        frame = frame.with_columns(nw.when(is_only_unpaid(own, sent)).then(sent).otherwise(own).alias(STATUS))
    flags = {IS_CANCELLED, IS_RETURNED, SUCCEEDED}
    marks = {STATUS, PAYMENT_STATUS, CANCELLED_AT, *flags}.intersection(schema)
    return frame.with_columns(*_told_by(marks)) if marks else frame


def _told_by(marks: set[str]) -> list[nw.Expr]:
    cancelled = says_no_sale(marks)
    told = []
    if words := [nw.col(name) for name in (STATUS, PAYMENT_STATUS) if name in marks]:
        # An order that is "complete", but whose payment is "refunded", was not sold.
        unsold = says_not_sold(words[-1]) & ~is_only_unpaid(words[-1], words[0])
        speaking: nw.Expr = nw.when(unsold).then(words[-1])
        if len(words) > 1:
            speaking = nw.coalesce(nw.when(says_not_sold(words[0])).then(words[0]), speaking)
        status = nw.coalesce(speaking, *words)
        cancelled = cancelled | says_not_sold(status)
        told.append(status.alias(ORDER_STATUS))
    if CANCELLED_AT in marks:
        cancelled = cancelled | ~nw.col(CANCELLED_AT).is_null()
    return [*told, cancelled.alias(IS_CANCELLED)]
