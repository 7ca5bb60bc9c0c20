"""Why a line of orders is rejected: the reasons in order, as expressions that run on any engine."""

from __future__ import annotations

from collections.abc import Collection

import narwhals as nw
import pandas as pd
from narwhals.typing import FrameT

from shopper_widgets._support.locale import N_
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    QUANTITY,
    REASON,
    UNIT_PRICE,
)
from shopper_widgets.orders.cells.numbers import is_out_of_range, within_range
from shopper_widgets.orders.cells.unread import missing, out_of_range, unreadable, why_empty
from shopper_widgets.orders.order_numbers import NumberRule
from shopper_widgets.orders.returns import CAME_BACK

#: The reasons for which a line can be rejected, in the order in which they are tried: the first that fits
#: counts.
REASONS = (
    N_("missing order"),
    N_("missing product"),
    N_("unreadable date"),
    N_("date out of range"),
    N_("missing date"),
    N_("unreadable quantity"),
    N_("quantity out of range"),
    N_("missing quantity"),
    N_("unreadable price"),
    N_("price out of range"),
    N_("missing price"),
    N_("missing customer"),
    N_("cancelled order"),
    N_("quantity not positive"),
    N_("price not positive"),
    N_("adjustment order"),
    N_("repeated line"),
    N_("after as_of"),
    N_("returned"),
)


def own_reason(
    columns: Collection[str], as_of: pd.Timestamp | None, unsold: nw.Expr, *, priced: bool
) -> nw.Expr:
    """Return the place of the first reason against a line apart from its customer; 0 if there is none.

    It takes more time than everything that uses it: a lazy engine stores it with its lines. If lines are not
    ``priced``, a line of no units doesn't lack a price: its total is enough.
    """
    quantity, price, amount = nw.col(QUANTITY), nw.col(UNIT_PRICE), nw.col(AMOUNT)
    unpriced = within_range(price).is_null() if priced else within_range(price).is_null() & (quantity != 0)
    conditions = {
        # Lines that take goods or money back may have no number of their own.
        "missing order": nw.col(ORDER_ID).is_null() & ~CAME_BACK.fill_null(False),
        "missing product": nw.col(PRODUCT_ID).is_null(),
        **why_empty("date", nw.col(ORDERED_AT).is_null(), nw.col("_far_date"), columns),
        **why_empty("quantity", within_range(quantity).is_null(), is_out_of_range(quantity), columns),
        **why_empty(
            "price",
            unpriced | within_range(amount).is_null(),
            nw.col("_far_price") | is_out_of_range(price) | is_out_of_range(amount),
            columns,
        ),
        "cancelled order": unsold,
        "quantity not positive": quantity <= 0,
        "price not positive": (price <= 0) | (amount <= 0),
    }
    if as_of is not None:
        conditions["after as_of"] = nw.col(ORDERED_AT) > nw.lit(as_of.to_pydatetime())
    rule = nw.lit(0)
    for reason in reversed(conditions):  # the first condition that holds is the outermost
        rule = nw.when(conditions[reason]).then(nw.lit(place(reason))).otherwise(rule)
    return rule


def first_reason(
    own: nw.Expr,
    drop_repeated: bool,
    numbers: tuple[NumberRule, NumberRule],
    *,
    whoever: bool = False,
) -> nw.Expr:
    """Return 0 for a line that is kept, else the 1-based place of its reason in ``REASONS``.

    Parameters
    ----------
    own : Narwhals expression
        As `own_reason` gives it.
    drop_repeated : bool
        Whether all but the first of equal lines are rejected.
    numbers : tuple of NumberRule
        Of cancelled orders and adjustments.
    whoever : bool, default False
        Whether a line without a customer is kept, too.
    """
    conditions = {"adjustment order": numbers[1].marked, "cancelled order": numbers[0].marked}
    if drop_repeated:
        conditions["repeated line"] = nw.col("_copy") > 1
    if not whoever:
        conditions["missing customer"] = nw.col(CUSTOMER_ID).is_null()
    rule = own
    for reason in sorted(conditions, key=place, reverse=True):  # the first one is the outermost
        comes_first = (own == 0) | (own > place(reason))
        rule = nw.when(conditions[reason] & comes_first).then(nw.lit(place(reason))).otherwise(rule)
    return rule


def place(reason: str) -> int:
    """Return the 1-based place of a reason in ``REASONS``."""
    return REASONS.index(reason) + 1


def came_back(as_of: pd.Timestamp | None, columns: Collection[str]) -> nw.Expr:
    """Return whether a rejected line is a return, not after `as_of`, and the first of equal lines."""
    no_price = (unreadable("price"), out_of_range("price"), missing("price"))
    reasons = (*no_price, "cancelled order", "quantity not positive", "price not positive")
    back = nw.col("_rule").is_in([place(reason) for reason in reasons]) & CAME_BACK
    back = back & ~nw.col(CUSTOMER_ID).is_null()
    if as_of is not None:
        back = back & (nw.col(ORDERED_AT) <= nw.lit(as_of.to_pydatetime()))
    if "_copy" in columns:
        back = back & (nw.col("_copy") == 1)
    return back


def with_reasons(rejected: FrameT) -> FrameT:
    """Write out the reasons: by a look-up where the engine has one, else by a comparison with each reason."""
    rule = nw.col("_rule")
    if isinstance(rejected, nw.DataFrame):
        places = [place(reason) for reason in REASONS]
        text = rule.replace_strict(places, REASONS, return_dtype=nw.String)
    else:
        text = nw.lit(REASONS[-1])
        for reason in reversed(REASONS[:-1]):
            text = nw.when(rule == place(reason)).then(nw.lit(reason)).otherwise(text)
    return rejected.with_columns(text.alias(REASON))
