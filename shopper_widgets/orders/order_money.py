"""What the prices and totals of a table are: of one unit or of all, of a line or of an order.

The lines themselves prove it; where they don't, a note gives the reader both sums.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets._support.formatting import count_of, format_decimal
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import (
    AMOUNT,
    DISCOUNT,
    IS_CANCELLED,
    ORDER_ID,
    QUANTITY,
    UNIT_PRICE,
)
from shopper_widgets.errors import UnreadableError
from shopper_widgets.orders.cells.currencies import currency_in_headers, of_one_currency
from shopper_widgets.orders.cells.numbers import collected
from shopper_widgets.orders.identity import NO_VALUE
from shopper_widgets.orders.known_layouts import (
    ORDER_DISCOUNT,
    ORDER_SUBTOTAL,
    OTHER_TOTAL,
    REFUNDED_AMOUNT,
    REFUNDED_QUANTITY,
)
from shopper_widgets.orders.layouts import Layout

logger = logging.getLogger(__name__)

GROSS = nw.col(QUANTITY) * nw.col(UNIT_PRICE)
# Sums that differ by less than this share count as equal.
_CLOSE = 0.005
# The share of orders or lines for which something must hold to be a rule.
_NEARLY_ALL = 0.95
_MONEY = (UNIT_PRICE, AMOUNT, ORDER_DISCOUNT, ORDER_SUBTOTAL, OTHER_TOTAL, REFUNDED_AMOUNT)
#: The column of factors of all money, where the caller gives rates.
RATE = "_rate"


def near(one: nw.Expr, other: nw.Expr) -> nw.Expr:
    """Return whether two amounts are equal except for rounding: to a cent, or to a hundredth of a percent."""
    return (one - other).abs() <= nw.max_horizontal(0.0101 + one * 0, other.abs() * 1e-4)


def counted(condition: nw.Expr) -> nw.Expr:
    """Count the rows for which a condition holds."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).sum()


def one_row(frame: FrameT, **sums: nw.Expr) -> dict[str, float]:
    """Compute some sums of a frame in one small query."""
    row = next(collected(frame.select(**sums)).iter_rows(named=True))
    return {name: float(value or 0) for name, value in row.items()}


def without_order_totals(frame: FrameT, layout: Layout) -> tuple[FrameT, list[str]]:
    """Leave out totals of the order that are repeated on each line: a line's amount is another.

    Parameters
    ----------
    frame : Narwhals frame
        Canonical columns, numbers read.
    layout : Layout
        Has the header of each column, and what is assumed.

    Returns
    -------
    frame
        Without ``amount`` if it is an order's total and there are prices.
    list of str
        Notes for the reader of the orders.

    Raises
    ------
    ValueError
        There are no prices, and the amounts are totals of orders.
    """
    if AMOUNT not in layout.columns:
        return frame, []
    if UNIT_PRICE not in frame.collect_schema():
        if ORDER_ID not in layout.assumed:  # lines of one day may cost the same
            _refuse_order_totals(frame, layout)
        return frame, []
    value = nw.col(AMOUNT)
    found = one_row(frame, lines=counted(~(value - GROSS).is_null()), same=counted(near(value, GROSS)))
    if found["same"] >= _NEARLY_ALL * found["lines"] or not _repeats_order_totals(frame, AMOUNT):
        return frame, []
    sums = one_row(frame, total=value.sum(), gross=GROSS.sum())
    header, price = layout.columns[AMOUNT], layout.columns[UNIT_PRICE]
    return frame.drop(AMOUNT), [
        gettext(
            "{header} is the total of an order, repeated on its lines: it isn't counted. It would add up to "
            "{total}; quantity × {price}, which counts, adds up to {gross}.",
            header=repr(header),
            total=format_decimal(sums["total"], 2),
            price=repr(price),
            gross=format_decimal(sums["gross"], 2),
        )
    ]


def compare_totals(frame: FrameT, layout: Layout) -> tuple[FrameT, list[str]]:
    """Compare quantity × price, less discounts, with the lines' totals.

    Parameters
    ----------
    frame : Narwhals frame
        Canonical columns, numbers read, with ``discount`` where one is known, and perhaps ``other_total``.
    layout : Layout
        Says which columns the caller named, and what the headers are called.

    Returns
    -------
    frame
        Without ``other_total``, and without ``amount`` if the caller named only the price.
    list of str
        Notes: both sums, and how to decide.
    """
    schema = frame.collect_schema()
    total = AMOUNT if AMOUNT in layout.columns and AMOUNT in schema else OTHER_TOTAL
    if UNIT_PRICE not in schema or total not in schema:
        return frame, []
    frame, said = _compared(frame, layout, total)
    return frame.drop(*(c for c in (OTHER_TOTAL,) if c in schema)), said


def _compared(frame: FrameT, layout: Layout, total: str) -> tuple[FrameT, list[str]]:
    header, price = {**layout.columns, **layout.checked}[total], layout.columns[UNIT_PRICE]
    known_discount = DISCOUNT in frame.collect_schema()
    value, net = nw.col(total), GROSS - nw.col(DISCOUNT) if known_discount else GROSS
    both = ~(value - GROSS).is_null()
    found = one_row(
        frame,
        lines=counted(both),
        same=counted(both & (near(value, GROSS) | near(value, net))),
        total=nw.when(both).then(value).sum(),
        gross=nw.when(both).then(GROSS).sum(),
        net=nw.when(both).then(net).sum(),
    )
    apart = min(abs(found["total"] - found[each]) for each in ("gross", "net"))
    if found["same"] >= _NEARLY_ALL * found["lines"] and apart <= _CLOSE * abs(found["gross"]):
        return frame, []
    if total == OTHER_TOTAL and _repeats_order_totals(frame, total):
        return frame, []
    sums = gettext(
        N_("{header} adds up to {total}, quantity × {price} to {gross}, or {net} after discounts")
        if known_discount
        else N_("{header} adds up to {total}, quantity × {price} to {gross}"),
        header=repr(header),
        price=repr(price),
        **{name: format_decimal(found[name], 2) for name in ("total", "gross", "net")},
    )
    if total == AMOUNT and (UNIT_PRICE not in layout.given or AMOUNT in layout.given):
        said = gettext(
            "{sums}; the line totals of {header} count. {setting}, without amount, makes the price count "
            "instead.",
            sums=sums,
            header=repr(header),
            setting=f"columns={{'unit_price': {price!r}}}",
        )
        return frame, [said]
    frame = frame.drop(AMOUNT) if total == AMOUNT else frame
    said = gettext(
        "{sums}; the price counts. {setting} makes the line totals count instead.",
        sums=sums,
        setting=f"columns={{'amount': {header!r}}}",
    )
    return frame, [said]


def _repeats_order_totals(frame: FrameT, total: str) -> bool:
    """Return whether a total is the same on all lines of nearly every order whose lines differ."""
    lines = frame.select(ORDER_ID, _total=nw.col(total), _own=GROSS).filter(~nw.col(ORDER_ID).is_null())
    orders = lines.group_by(ORDER_ID).agg(
        low=nw.col("_total").min(),
        high=nw.col("_total").max(),
        least=nw.col("_own").min(),
        most=nw.col("_own").max(),
    )
    several = nw.col("most") - nw.col("least") > 0.005
    found = one_row(
        orders,
        orders=counted(several),
        repeated=counted(several & (nw.col("high") - nw.col("low") <= 0.005)),
    )
    return found["orders"] > 0 and found["repeated"] >= _NEARLY_ALL * found["orders"]


def _refuse_order_totals(frame: FrameT, layout: Layout) -> None:
    """Refuse line totals that are the same on all lines of each order, but differ between orders."""
    lines = frame.filter(~nw.col(ORDER_ID).is_null() & (nw.col(AMOUNT) > 0))
    orders = lines.group_by(ORDER_ID).agg(
        lines=nw.len(), low=nw.col(AMOUNT).min(), high=nw.col(AMOUNT).max(), total=nw.col(AMOUNT).sum()
    )
    several = nw.col("lines") > 1
    found = one_row(
        orders,
        orders=counted(several),
        repeated=counted(several & (nw.col("high") - nw.col("low") <= 0.005)),
        lowest=nw.when(several).then(nw.col("low")).min(),
        highest=nw.when(several).then(nw.col("high")).max(),
        lines=nw.col("total").sum(),
        once=nw.col("high").sum(),
    )
    varied = found["highest"] - found["lowest"] > 0.005
    if found["orders"] > 1 and found["repeated"] == found["orders"] and varied:
        header = layout.columns[AMOUNT]
        raise ValueError(
            f"amount: {header!r} is the same on all lines of each of {found['orders']:,.0f} orders of "
            f"several lines, so it is the total of an order, which would be counted once per line: "
            f"{found['lines']:,.2f} instead of {found['once']:,.2f}. Map the price or the total of a line: "
            "columns={'unit_price': '…'} or columns={'amount': '…'}."
        )


def refunds_left_in(frame: FrameT, layout: Layout) -> list[str]:
    """Return a note on refunds of orders that count as sold, where only the order's own lines show them."""
    if REFUNDED_AMOUNT not in frame.collect_schema():
        return []
    if IS_CANCELLED in frame.collect_schema():
        frame = frame.filter(~nw.col(IS_CANCELLED))
    if REFUNDED_QUANTITY in frame.collect_schema():  # these orders' lines say what was refunded
        units = nw.col(REFUNDED_QUANTITY).max().over(ORDER_ID)
        frame = frame.with_columns(_units=units).filter(nw.col("_units") == 0)
    # The refund of an order is on its first line, or repeated on each line.
    orders = frame.group_by(ORDER_ID).agg(
        high=nw.col(REFUNDED_AMOUNT).max(), low=nw.col(REFUNDED_AMOUNT).min()
    )
    back = nw.max_horizontal(nw.col("high").abs(), nw.col("low").abs())
    found = one_row(
        orders.select(_back=back), orders=counted(nw.col("_back") > 0), total=nw.col("_back").sum()
    )
    if not found["orders"]:
        return []
    return [
        gettext(
            "{header} shows {total} refunded on {orders} counted as sold: the refund isn't taken off, as no "
            "line says what it was for.",
            header=repr(layout.checked[REFUNDED_AMOUNT]),
            total=format_decimal(found["total"], 2),
            orders=count_of(found["orders"], "order"),
        )
    ]


def refuse_or_convert(
    frame: FrameT, layout: Layout, rates: Mapping[str, float] | None, column: str
) -> tuple[FrameT, list[str]]:
    """Refuse several currencies, with the sum of each, or convert them all by the caller's rates.

    Parameters
    ----------
    frame : Narwhals frame
        Canonical columns, numbers read, and the currency's code.
    layout : Layout
        Names the headers, for the error.
    rates : mapping of str to float, optional
        Code → worth of one unit in the currency of the report.
    column : str
        The column of currencies; it is dropped.
    """
    if column not in frame.collect_schema():
        if rates:
            raise ValueError(
                "rates needs a column of currencies, and there is none. Map it: columns={'currency': '…'}."
            )
        code, header = currency_in_headers(layout.columns)
        return frame, [of_one_currency(code, header)] if code else []
    codes = nw.col(column).cast(nw.String).str.strip_chars()
    told = ~codes.str.to_lowercase().is_in(NO_VALUE)
    frame = frame.with_columns(nw.when(told).then(codes.str.to_uppercase()).alias(column))
    priced, totalled = (name in frame.collect_schema() for name in (UNIT_PRICE, AMOUNT))
    worth = nw.coalesce(nw.col(AMOUNT), GROSS) if priced and totalled else nw.col(AMOUNT)
    worth = worth if totalled else GROSS
    by_currency = frame.select(column, _worth=worth).group_by(column)
    found = collected(by_currency.agg(lines=nw.len(), worth=nw.col("_worth").sum()))
    by = {row[column]: row for row in found.iter_rows(named=True)}
    several = sorted(c for c in by if c is not None)
    header = layout.checked[column]
    sums = ", ".join(
        f"{c} {format_decimal(float(by[c]['worth'] or 0), 2)} ({count_of(int(by[c]['lines']), 'line')})"
        for c in several
    )
    if rates:
        return _converted(frame, by, rates, column, repr(header), sums)
    if len(several) > 1:
        example = ", ".join(f"{c!r}: …" for c in several)
        raise UnreadableError(
            f"{header!r} holds several currencies: {', '.join(several)}. Their sums are {sums}. Amounts in "
            "different currencies can't be added up: read each currency on its own, or say what one of each "
            f"is worth: rates={{{example}}}.",
            told=gettext(
                "Its amounts are in several currencies, {sums}, which can't be added up: export one of them.",
                sums=sums,
            ),
        )
    return frame.drop(column), [of_one_currency(code, header) for code in several]


def _converted(
    frame: FrameT, by: Mapping[Any, Any], rates: Mapping[str, float], column: str, header: str, sums: str
) -> tuple[FrameT, list[str]]:
    table = {str(c).strip().upper(): float(rate) for c, rate in rates.items()}
    if missing := sorted(c for c in by if c is not None and c not in table):
        raise ValueError(f"rates has no rate for {', '.join(missing)}: {header} holds {sums}.")
    rate = nw.lit(None, dtype=nw.Float64)
    for c, worth in table.items():
        rate = nw.when(nw.col(column) == c).then(nw.lit(worth)).otherwise(rate)
    used = ", ".join(f"1 {c} = {table[c]:g}" for c in table if c in by)
    said = [
        gettext(
            "Converted by the rates given: {used}; {header} holds {sums}.",
            used=used,
            header=header,
            sums=sums,
        )
    ]
    units = [c for c in table if table[c] == 1 and c in by]
    said += [of_one_currency(c, "rates") for c in units if len(units) == 1]
    if None in by:
        nameless = count_of(int(by[None]["lines"]), "line")
        said.append(gettext("Without a currency, and so without a price: {lines}.", lines=nameless))
    present = [name for name in _MONEY if name in frame.collect_schema()]
    frame = frame.with_columns(rate.alias(RATE))
    frame = frame.with_columns((nw.col(name) * nw.col(RATE)).alias(name) for name in present)
    return frame.drop(column), said
