"""Netting of returns: which part of a sale did the customer keep?

Returns of one customer, product and unit price are matched backward in time, last sale first, as a till
would: a return takes from the most recent sale before it, then from the one before that. The matching is
written as running sums, so that it runs where the data are. For the events of one customer, product and price
in order of time, with sales as plus and returns as minus,

* ``S`` is the running sum, ``U = -min(0, running minimum of S)`` the part of the returns that had nothing to
  match,
* ``B = S + U`` is what the customer holds after each event (never negative),
* a sale keeps ``min(over itself and all later events of B) - (B before it)``, clipped to ``[0, quantity]``:
  this is the classic argument about the height of a stack, for last in, first out.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    QUANTITY,
    UNIT_PRICE,
)

#: The position of a line, on engines that have an order of rows; no result has this column.
ROW = "_row"
#: The columns that a return and its sale have in common.
MATCHED_ON = (CUSTOMER_ID, PRODUCT_ID, "_price")
#: Prices are equal to a hundredth of a cent: 6.9 for three and 2.3 for one differ in their last bits.
PRICE_KEY = nw.col(UNIT_PRICE).round(4).alias("_price")
#: A return as it is written: a negative quantity, a negative price, or a negative total of any quantity.
CAME_BACK = (nw.col(AMOUNT) < 0) | ((nw.col(QUANTITY) < 0) & (nw.col(AMOUNT) > 0))
#: Computed columns: the units that are left of a sale, and the units of a return that could not be matched
#: (never negative).
REMAINING, UNMATCHED = "_remaining", "_unmatched"

#: A running sum of quantities such as 0.1 + 0.2 - 0.3 is not exactly 0.
DUST = 1e-9


def net_returns(events: FrameT) -> FrameT:
    """Match returns (negative quantity) to earlier sales (positive quantity).

    Parameters
    ----------
    events : Narwhals frame
        Sales and returns with customer, product, price, date, order and a non-zero quantity. A sale counts as
        earlier than a return with the same timestamp.

    Returns
    -------
    Narwhals frame
        The same rows with ``_remaining`` (sales: units kept; returns: 0) and ``_unmatched`` (returns: units
        without an earlier sale; sales: 0), both non-negative floats.
    """
    quantity = nw.col(QUANTITY).cast(nw.Float64)
    # At one moment, sales come first; then the content decides, so that the order of the rows doesn't matter.
    in_time = (ORDERED_AT, "_is_return", ORDER_ID, QUANTITY)
    is_return = nw.when(quantity < 0).then(nw.lit(1)).otherwise(nw.lit(0))
    numbered: Any = events.with_columns(_is_return=is_return)
    order_by = None
    if isinstance(events, nw.DataFrame):  # sorted once, not for each sum
        numbered = numbered.with_row_index("_place").sort(*in_time, "_place")
    else:
        order_by = "_place"
        place = nw.col("_place").cum_sum().over(*MATCHED_ON, order_by=in_time)
        numbered = numbered.with_columns(_place=nw.lit(1)).with_columns(place)

    def running(expr: nw.Expr) -> nw.Expr:
        return expr.over(*MATCHED_ON, order_by=order_by)

    found = (
        numbered.with_columns(_sum=running(quantity.cum_sum()))
        .with_columns(_lowest=running(nw.col("_sum").cum_min()))
        .with_columns(
            _unmatched_so_far=nw.when(nw.col("_lowest") < 0)
            .then(0 - nw.col("_lowest"))
            .otherwise(nw.lit(0.0))
        )
        .with_columns(_held=nw.col("_sum") + nw.col("_unmatched_so_far"))
        .with_columns(
            _held_later=running(nw.col("_held").cum_min(reverse=True)),
            # Before the first event of a key, nothing is unmatched.
            _before=running(nw.col("_unmatched_so_far").shift(1)).fill_null(0.0),
        )
        .with_columns(
            _left=nw.col("_held_later") - (nw.col("_held") - quantity),
            _new=nw.col("_unmatched_so_far") - nw.col("_before"),
        )
        .with_columns(
            # Nothing is left of a return, since its quantity is negative; a sale adds nothing unmatched.
            nw.when(nw.col("_left") > DUST)
            .then(nw.min_horizontal(nw.col("_left"), quantity))
            .otherwise(nw.lit(0.0))
            .alias(REMAINING),
            nw.when(nw.col("_new") > DUST).then(nw.col("_new")).otherwise(nw.lit(0.0)).alias(UNMATCHED),
        )
    )
    found = found.sort("_place") if order_by is None else found
    result: FrameT = found.select(*events.collect_schema(), REMAINING, UNMATCHED)
    return result


def matched_returns(kept: FrameT, back: FrameT) -> FrameT:
    """Match the returns to the sales that are kept, only for products with returns.

    Parameters
    ----------
    kept, back : Narwhals frame
        Sales; lines for which `CAME_BACK` holds. A return of quantity 0 is one unit, for its total. Both with
        the columns of `MATCHED_ON`.

    Returns
    -------
    Narwhals frame
        As `net_returns` gives it, the quantity of returns negative; ``_quantity`` is the one they came with.
    """
    schema = back.collect_schema()
    quantity, price = nw.col(QUANTITY), nw.col(UNIT_PRICE).abs()
    units = nw.when(quantity != 0).then(quantity.abs().cast(nw.Float64)).otherwise(nw.lit(1.0))
    each = nw.when((price > 0) & (quantity != 0)).then(price).otherwise(nw.col(AMOUNT).abs() / units)
    back = back.with_columns(each.round(4).alias("_price"), _quantity=quantity)
    if isinstance(back, nw.DataFrame) and back.is_empty():  # the usual case: nothing to match
        nothing: FrameT = back.with_columns(nw.lit(0.0).alias(REMAINING), nw.lit(0.0).alias(UNMATCHED))
        return nothing
    back = back.with_columns((0 - units).cast(schema[QUANTITY]).alias(QUANTITY))
    sales = kept.join(_keys(back), on=list(MATCHED_ON), how="semi").with_columns(_quantity=quantity)
    matched: FrameT = net_returns(nw.concat([sales, back]))
    return matched


def unmatched_returns(matched: FrameT) -> FrameT:
    """Return the returns with ``unmatched`` units, with their original columns."""
    left = matched.filter(nw.col(UNMATCHED) > 0).with_columns(nw.col("_quantity").alias(QUANTITY))
    # This replaces a column of the same name, if the orders have one.
    return left.with_columns(nw.col(UNMATCHED).alias("unmatched")).drop(REMAINING, UNMATCHED)


def netted(kept: FrameT, matched: FrameT) -> tuple[FrameT, FrameT]:
    """Return the sales less returns, and the sales that were returned completely."""
    left, quantity = nw.col(REMAINING), nw.col(QUANTITY)
    schema = kept.collect_schema()
    if isinstance(matched, nw.DataFrame) and matched.is_empty():
        return kept, matched.select(*schema)
    sales = matched.filter(quantity > 0)
    in_part = left < quantity
    reduced = sales.filter(left > 0).with_columns(
        nw.when(in_part).then(nw.col(AMOUNT) * left / quantity).otherwise(nw.col(AMOUNT)).alias(AMOUNT),
        nw.when(in_part).then(left).otherwise(quantity).cast(schema[QUANTITY]).alias(QUANTITY),
    )
    if ROW in schema:  # faster than a join on text
        untouched = kept.filter(~nw.col(ROW).is_in(sales[ROW].to_list()))
    else:
        untouched = kept.join(_keys(matched), on=list(MATCHED_ON), how="anti")
    gone = sales.filter(left == 0)
    return nw.concat([untouched, reduced.select(*schema)]), gone.select(*schema)


def _keys(events: Any) -> Any:
    return events.select(*MATCHED_ON).unique()
