"""Settling what the cells of a table mean: ids, numbers and dates, with proof or an error, never a guess."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets._cells import Cells
from shopper_widgets._dates import (
    DateSigns,
    both_readings,
    cut_dates,
    date_signs,
    naive,
    read_dates,
    read_dates_as,
    read_iso_dates,
)
from shopper_widgets._known_layouts import (
    CANCELLED_AT,
    LINE_DISCOUNT,
    ORDER_DISCOUNT,
    ORDER_SUBTOTAL,
    OTHER_TOTAL,
    PAYMENT_STATUS,
    PLACE_OR_STATUS,
    REFUNDED_AMOUNT,
    STATUS,
)
from shopper_widgets._numbers import (
    NumberSigns,
    collected,
    currency_signs,
    number_signs,
    one_number,
    read_numbers,
)
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    IS_CANCELLED,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    QUANTITY,
    TEXT,
    UNIT_PRICE,
)
from shopper_widgets.layouts import Layout, plain_header
from shopper_widgets.statuses import reads_as_status

logger = logging.getLogger(__name__)

#: Cells that stand for "nothing" in any text column: what programs write, but no shop would call a product.
MISSING_TEXT = ("", "nan", "NaN", "<NA>", "#N/A", "NULL")
#: And in ids. Not in names and countries: a product may be called "None", and NA is Namibia.
MISSING_IDS = (*MISSING_TEXT, "NA", "N/A", "null", "None")
_YES = ("true", "1", "1.0", "yes", "y", "t", "x", "ja", "oui", "si", "sí", "sim", "wahr", "vrai")

_IDS = (ORDER_ID, PRODUCT_ID, CUSTOMER_ID)
# A column of at least so many values, none of which can be read, is more than a column with bad cells in it.
_TOO_MANY_UNREADABLE = 5
# Beyond it, floats no longer tell whole numbers apart.
_LARGEST_EXACT = 2**53


def settle_text(cells: Cells) -> None:
    """Turn ids, names and marks into trimmed text, or null."""
    for name in (*TEXT, STATUS, PAYMENT_STATUS, CANCELLED_AT):
        if name in cells.schema:
            text = _float_text(name) if cells.schema[name].is_float() else _plain_text(name)
            missing = MISSING_IDS if name in _IDS else MISSING_TEXT
            cells.rewrite(name, partial(_with, name, nw.when(~text.is_in(missing)).then(text)))


def _with(name: str, value: nw.Expr, frame: FrameT) -> FrameT:
    return frame.with_columns(value.alias(name))


def _float_text(name: str) -> nw.Expr:
    # ids are floats where a program put whole numbers beside missing ones
    number = nw.col(name)
    number = nw.when(number.is_finite()).then(number)
    whole = nw.when((number == number.round(0)) & (number.abs() < _LARGEST_EXACT)).then(number)
    return nw.coalesce(whole.cast(nw.Int64).cast(nw.String), number.cast(nw.String))


def _plain_text(name: str) -> nw.Expr:
    text = nw.col(name).cast(nw.String).str.strip_chars()
    if name not in _IDS:
        return text
    was_float = text.str.contains(r"^-?[0-9]+\.0+$")
    return nw.when(was_float).then(text.str.replace_all(r"\.0+$", "")).otherwise(text)


def settle_status(cells: Cells, layout: Layout) -> None:
    """Read marks of cancelled orders; leave out a column such as "State" that holds parts of a country."""
    header = plain_header(layout.checked.get(STATUS, ""))
    if STATUS in cells.schema and header in map(plain_header, PLACE_OR_STATUS):
        known = reads_as_status(nw.col(STATUS))
        if not collected(cells.values(STATUS).select(known=known.max()))["known"][0]:
            cells.drop(STATUS)
    if IS_CANCELLED in cells.schema and cells.schema[IS_CANCELLED] != nw.Boolean:
        text = nw.col(IS_CANCELLED).cast(nw.String).str.strip_chars().str.to_lowercase().fill_null("")
        cells.rewrite(IS_CANCELLED, partial(_with, IS_CANCELLED, text.is_in(_YES)))


def _refuse_several(currencies: set[str], header: str) -> None:
    if len(currencies) > 1:
        raise ValueError(
            f"{header!r} holds several currencies: {', '.join(sorted(currencies))}. Amounts in different "
            "currencies can't be added up: read each currency on its own, or convert them to one first."
        )
    if currencies:
        logger.info("The currency in %r is %s.", header, *currencies)


def settle_numbers(cells: Cells, layout: Layout, decimal: str | None) -> bool:
    """Turn quantities, prices and amounts into floats, and say whether discounts have percent signs.

    One decimal mark holds for all of them: ``decimal``, or the one that some number proves.
    """
    present = [name for name in (QUANTITY, UNIT_PRICE, AMOUNT) if name in cells.schema]
    texts = [name for name in present if cells.schema[name] == nw.String]
    signs = {layout.columns[name]: number_signs(cells.values(name), name) for name in texts}
    for name in texts:
        header = layout.columns[name]
        _refuse_unreadable(name, header, "number", signs[header], cells.filled(name))
        if name != QUANTITY:
            _refuse_several(currency_signs(cells.values(name), name), header)
    mark = decimal or _proved_decimal(signs)
    for name in present:
        if name in texts:
            cells.rewrite(name, partial(read_numbers, name=name, decimal=mark))
        else:
            number = nw.col(name).cast(nw.Float64)
            cells.rewrite(name, partial(_with, name, nw.when(number.is_finite()).then(number)))
    return _settle_other_numbers(cells, mark)


def _settle_other_numbers(cells: Cells, mark: str) -> bool:
    """Read the numbers that are looked at only; the decimal mark is that of the others."""
    percent = False
    for name in (LINE_DISCOUNT, ORDER_DISCOUNT, ORDER_SUBTOTAL, OTHER_TOTAL, REFUNDED_AMOUNT):
        if name not in cells.schema:
            continue
        if cells.schema[name] == nw.String:
            text = nw.col(name)
            if name == LINE_DISCOUNT:
                found = collected(cells.values(name).select(sign=text.str.contains("%").max()))
                percent = bool(found["sign"][0])
                cells.rewrite(name, partial(_with, name, text.str.replace_all(r"\s*%", "")))
            cells.rewrite(name, partial(read_numbers, name=name, decimal=mark))
        else:
            number = nw.col(name).cast(nw.Float64)
            cells.rewrite(name, partial(_with, name, nw.when(number.is_finite()).then(number)))
    return percent


def _proved_decimal(signs: Mapping[str, NumberSigns]) -> str:
    def example(kind: str) -> tuple[str, str] | None:
        found = ((getattr(sign, kind), header) for header, sign in signs.items())
        return next((each for each in found if each[0] is not None), None)

    point, comma, either = example("point"), example("comma"), example("either")
    if point and comma:
        raise ValueError(
            f"Numbers contradict each other: {point[0]!r} ({point[1]!r}) has a decimal point, {comma[0]!r} "
            f"({comma[1]!r}) a decimal comma. State which one holds: decimal='.' or decimal=','. "
            "Numbers that are written otherwise become null."
        )
    if either and not point and not comma:
        readings = [f"{one_number(either[0], mark):,g}" for mark in ".,"]
        raise ValueError(
            f"Numbers can be read in two ways, and none proves which: {either[0]!r} ({either[1]!r}) is "
            f"{readings[0]} with a decimal point, {readings[1]} with a decimal comma. State which one holds: "
            "decimal='.' or decimal=','."
        )
    return "," if comma else "."


def settle_dates(cells: Cells, layout: Layout, date_format: str | None, dayfirst: bool | None) -> None:
    """Turn dates into naive timestamps; the order of day and month is stated, proved or refused."""
    name, dtype = ORDERED_AT, cells.schema[ORDERED_AT]
    header = layout.columns[name]
    if isinstance(dtype, nw.Datetime | nw.Date):
        if isinstance(dtype, nw.Datetime) and dtype.time_zone is not None:
            logger.info("%r: timestamps in %s become naive ones in UTC.", header, dtype.time_zone)
        cells.rewrite(name, partial(naive, name=name))
        return
    if dtype != nw.String:
        cells.rewrite(name, partial(_with, name, nw.col(name).cast(nw.String)))
    if date_format is not None:
        cells.rewrite(name, partial(read_dates_as, name=name, date_format=date_format))
        return
    if (read := read_iso_dates(cells.values(name), name)) is not None:
        cells.rewrite(name, lambda _: read)
        return
    cells.rewrite(name, partial(cut_dates, name=name))
    signs = date_signs(cells.values(name))
    _refuse_unreadable(name, header, "date", signs, cells.filled(name))
    if dayfirst is None:
        dayfirst = _proved_order(header, signs)
    if signs.zoned is not None:
        logger.info("%r: times with a zone, such as %r, become naive ones in UTC.", header, signs.zoned)
    if signs.serial is not None:
        logger.info("%r: numbers, such as %s, are read as a spreadsheet's day numbers.", header, signs.serial)
    cells.rewrite(name, partial(read_dates, name=name, day_first=dayfirst))


def _proved_order(header: str, signs: DateSigns) -> bool:
    if signs.day_first and signs.month_first:
        raise ValueError(
            f"Dates contradict each other: in {header!r}, {signs.day_first!r} has the day first, "
            f"{signs.month_first!r} the month. State which one holds: dayfirst=True or dayfirst=False. Dates "
            "that are written otherwise become null."
        )
    if signs.either and not signs.day_first and not signs.month_first:
        with_day_first, with_month_first = both_readings(signs.either)
        raise ValueError(
            f"Dates can be read in two ways, and none proves which: in {header!r}, {signs.either!r} is "
            f"{with_day_first} with the day first, {with_month_first} with the month first. State which one "
            "holds: dayfirst=True or dayfirst=False (or date_format='…')."
        )
    return signs.day_first is not None


def _refuse_unreadable(
    name: str, header: str, kind: str, signs: NumberSigns | DateSigns, rows: int | None
) -> None:
    rows = signs.filled if rows is None else rows
    if signs.unreadable is not None and signs.unread == signs.filled and rows >= _TOO_MANY_UNREADABLE:
        how = ", or state how they are written: date_format='…'" if kind == "date" else ""
        raise ValueError(
            f"{name}: of {rows:,} values under {header!r} none is a {kind}, for example "
            f"{signs.unreadable!r}. If another column holds them, map it: columns={{{name!r}: '…'}}{how}."
        )
