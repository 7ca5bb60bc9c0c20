"""Whether a price is that of one unit, or that of all units of a line, which grows with their number."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import narwhals as nw

from shopper_widgets._support.formatting import format_count, format_decimal
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import AMOUNT, PRODUCT_ID, QUANTITY, UNIT_PRICE
from shopper_widgets.orders.known_layouts import OTHER_TOTAL
from shopper_widgets.orders.layouts import Layout
from shopper_widgets.orders.order_money import GROSS, counted, one_row
from shopper_widgets.orders.usual_headers import USUAL_HEADERS

#: From this many units in a line on, the price of one unit hardly looks like that of all, even if it was low
#: once.
_SEVERAL = 3
#: Only products whose single units cost nearly the same prove anything: a kind of goods has many prices.
_ALIKE = 1.2
#: This many lines prove it, if they are this many times the lines that speak against it.
_ENOUGH, _TIMES = 10, 4
#: A price as the total of its line: it is negative for returned goods, as their quantity is.
_LINE_TOTAL = (
    nw.when((nw.col(QUANTITY) < 0) & (nw.col(UNIT_PRICE) > 0))
    .then(0 - nw.col(UNIT_PRICE))
    .otherwise(nw.col(UNIT_PRICE))
)


def with_line_totals(frame: Any, layout: Layout) -> tuple[Any, Layout, list[str]]:
    """Take a price as the line total if no known program wrote the table and the lines prove it.

    Parameters
    ----------
    frame : Narwhals frame
        Canonical columns, numbers read.
    layout : Layout
        Has the program that wrote the table, and the columns that the caller named.

    Returns
    -------
    frame
        With ``amount`` in place of ``unit_price`` if that is proved.
    layout : Layout
        The same.
    list of str
        Notes for the reader of the orders.
    """
    guessed = layout.name.startswith(USUAL_HEADERS.name) and UNIT_PRICE not in layout.given
    if not guessed or not _is_ambiguous(frame, layout):
        return frame, layout, []
    found = _counts(frame, _SEVERAL)
    if found["of_all"] < max(_ENOUGH, _TIMES * found["of_one"]):
        return frame, layout, []
    header = layout.columns[UNIT_PRICE]
    sums = one_row(frame, gross=GROSS.sum(), total=_LINE_TOTAL.sum())
    columns = {AMOUNT if name == UNIT_PRICE else name: said for name, said in layout.columns.items()}
    said = gettext(
        "{header} is read as the line total: it grows with the quantity; {found}. As line total, revenue is "
        "{total}, as the price of one {gross}: {setting} makes it the price of one.",
        header=repr(header),
        found=_told(found, _SEVERAL),
        total=format_decimal(sums["total"], 2),
        gross=format_decimal(sums["gross"], 2),
        setting=f"columns={{'unit_price': {header!r}}}",
    )
    frame = frame.with_columns(_LINE_TOTAL.alias(AMOUNT)).drop(UNIT_PRICE)
    return frame, dataclasses.replace(layout, columns=columns), [said]


def doubtful_price(frame: Any, layout: Layout) -> list[str]:
    """Return a note if a price that is read as that of one unit seems to be that of all units of a line."""
    if not _is_ambiguous(frame, layout):
        return []
    header = layout.columns[UNIT_PRICE]
    found = _counts(frame, 2)
    silent = not found["of_all"] and not found["of_one"] and re.search(r"item|line|position", header, re.I)
    if found["of_all"] <= found["of_one"] and not (silent and found["several"]):
        return []
    sums = one_row(frame, gross=GROSS.sum(), total=_LINE_TOTAL.sum())
    why = gettext("nothing in the lines tells whether it is")
    if not silent:
        why = gettext("but it grows with the quantity: {found}", found=_told(found, 2))
    return [
        gettext(
            "{header} is read as the price of one; {why}. As the price of one, revenue is {gross}, as line "
            "total {total}: {setting} makes it the line total.",
            header=repr(header),
            why=why,
            gross=format_decimal(sums["gross"], 2),
            total=format_decimal(sums["total"], 2),
            setting=f"columns={{'amount': {header!r}}}",
        )
    ]


def _is_ambiguous(frame: Any, layout: Layout) -> bool:
    """Return whether a price is the only money column, and its header doesn't say that it is of one unit."""
    schema = frame.collect_schema()
    if UNIT_PRICE not in layout.columns or layout.order_once or {AMOUNT, OTHER_TOTAL} & {*schema}:
        return False
    of_one = r"unit|each|list|per[ _]|stück|einzel|unitario|unitaire"
    return not re.search(of_one, layout.columns[UNIT_PRICE], re.IGNORECASE)


def _counts(frame: Any, least: int) -> dict[str, float]:
    """Count the lines of several units with the price of one unit, and those with the price of all units."""
    quantity, price = nw.col(QUANTITY), nw.col(UNIT_PRICE)
    sales = frame.filter((quantity >= 1) & (price > 0)).select(PRODUCT_ID, QUANTITY, UNIT_PRICE)
    single = sales.filter(quantity == 1).group_by(PRODUCT_ID).agg(_one=price.min(), _most=price.max())
    single = single.filter(nw.col("_most") <= _ALIKE * nw.col("_one"))
    found = one_row(
        sales.filter(quantity >= least).join(single, on=PRODUCT_ID, how="inner"),
        of_one=counted((price / nw.col("_one") - 1).abs() < 0.2),
        of_all=counted((price / (nw.col("_one") * quantity) - 1).abs() < 0.2),
    )
    return {**found, **one_row(sales, several=counted(quantity > 1))}


def _told(found: dict[str, float], least: int) -> str:
    return gettext(
        N_(
            "of the lines with several units, {of_all} have the price of one times their number, {of_one} "
            "the price of one"
        )
        if least == 2
        else N_(
            "of the lines with {least} units or more, {of_all} have the price of one times their number, "
            "{of_one} the price of one"
        ),
        least=least,
        of_all=format_count(found["of_all"]),
        of_one=format_count(found["of_one"]),
    )
