"""What numbers, currencies and dates mean: proved, or an error, never a guess."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets._support.formatting import count_of, format_count
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import AMOUNT, ORDERED_AT, QUANTITY, UNIT_PRICE
from shopper_widgets.errors import UnreadableError
from shopper_widgets.orders.cells.currencies import WITHOUT_PENNIES, currency_in
from shopper_widgets.orders.cells.date_words import AmbiguousWordsError
from shopper_widgets.orders.cells.date_zones import naive
from shopper_widgets.orders.cells.dates import (
    DateSigns,
    are_iso_dates,
    both_readings,
    cut_dates,
    date_signs,
    read_dates,
    read_dates_as,
    read_iso_dates,
    within_time,
)
from shopper_widgets.orders.cells.distinct import Cells
from shopper_widgets.orders.cells.far_dates import FAR_YEARS
from shopper_widgets.orders.cells.numbers import (
    NumberSigns,
    collected,
    currency_of,
    currency_signs,
    number_signs,
    one_number,
    read_numbers,
    within_range,
)
from shopper_widgets.orders.checked_headers import DEED_OR_STATUS, EVENTS, may_tell_no_state
from shopper_widgets.orders.headers import plain_header
from shopper_widgets.orders.identity import NO_DATE, NO_VALUE, settle_shortened, shortened_ids
from shopper_widgets.orders.known_layouts import (
    CANCELLED_QUANTITY,
    CURRENCY,
    LINE_DISCOUNT,
    ORDER_DISCOUNT,
    ORDER_SUBTOTAL,
    OTHER_TOTAL,
    REFUNDED_AMOUNT,
    REFUNDED_QUANTITY,
    STATUS,
)
from shopper_widgets.orders.layouts import Layout
from shopper_widgets.orders.statuses import only_purchases, told_by_states

logger = logging.getLogger(__name__)

# A column with at least this many values, none of which can be read, is refused: it is not a column with some
# bad cells.
_TOO_MANY_UNREADABLE = 5
# A column with more different numbers than this does not hold statuses of orders.
_MOST_CODES = 20


def _with(name: str, value: nw.Expr, frame: FrameT) -> FrameT:
    return frame.with_columns(value.alias(name))


def settle_status(cells: Cells, layout: Layout, notes: list[str]) -> None:
    """Leave out a column such as "State" with parts of a country, or "Event Name" with names of concerts.

    Statuses that are numbers, which no program's layout explains, go to the notes.
    """
    if STATUS in cells.schema:
        _settle_deeds(cells, layout)
    if STATUS not in cells.schema or layout.states:
        return
    found = collected(cells.values(STATUS).select(code=nw.col(STATUS).cast(nw.String)))["code"].to_list()
    codes = {code.strip() for code in found if code and code.strip()}
    if 1 < len(codes) <= _MOST_CODES and all(re.fullmatch("[0-9]{1,3}", code) for code in codes):
        *others, last = sorted(codes, key=lambda code: (int(code), code))
        notes.append(
            gettext(
                "{header} gives states as numbers ({codes}), none of which says what was not sold: without "
                "not_sold, all lines count as sold. {setting} would leave out those of {code}.",
                header=repr(layout.checked[STATUS]),
                codes=", ".join([*others, last]),
                setting=f"not_sold={[last]}",
                code=last,
            )
        )


def _settle_deeds(cells: Cells, layout: Layout) -> None:
    """Keep statuses, not parts of a country, concerts and ways to buy; of visitors' actions, only purchases.

    "Review" is a visitor's action only if others bought; else it is a status, or an offer of the page.
    """
    header = layout.checked[STATUS]
    is_deed, is_event = (plain_header(header) in map(plain_header, of) for of in (DEED_OR_STATUS, EVENTS))
    is_known = layout.is_of_a_program or STATUS in layout.given or not may_tell_no_state(header)
    if is_known and not is_event:
        return
    told = collected(cells.values(STATUS).select(**told_by_states(nw.col(STATUS)))).rows(named=True)[0]
    # "View" on each line is an action that the page of orders offers.
    is_log = told["bought"] or (told["looked"] and told["unsold"] and plain_header(header) != "action")
    if is_event and is_log:
        cells.rewrite(STATUS, partial(_with, STATUS, only_purchases(nw.col(STATUS))))
    elif not is_known and not (is_log if is_deed else told["known"]):
        cells.drop(STATUS)


def _settle_currencies(cells: Cells, layout: Layout, names: Sequence[str]) -> None:
    """Make a column of currencies from the signs next to prices, unless a column names as many."""
    found = {name: currency_signs(cells.values(name), name) for name in names}
    signed = {name: set(signs.values()) for name, signs in found.items() if signs}
    if not signed:
        return
    name = max(signed, key=lambda n: len(signed[n]))
    several = len(signed[name]) > 1
    if not several and len(set().union(*signed.values())) > 1:
        return  # prices are in one currency, totals in another
    if CURRENCY in cells.schema:
        if not several or _tells_several(cells, CURRENCY):
            return
        cells.drop(CURRENCY)  # it is the shop's own currency, not that of the price
    layout.checked[CURRENCY] = layout.columns[name]
    cells.rewrite(name, partial(_with, CURRENCY, currency_of(name, found[name])))


def _tells_several(cells: Cells, name: str) -> bool:
    text = nw.col(name).cast(nw.String).str.strip_chars()
    filled = cells.values(name).select(_=nw.when(text != "").then(text.str.to_uppercase()))
    return int(collected(filled.unique().select(n=nw.col("_").count()))["n"][0]) > 1


def settle_numbers(cells: Cells, layout: Layout, decimal: str | None) -> bool:
    """Turn quantities, prices and amounts into floats; return whether discounts have percent signs.

    One decimal mark applies to all of them: ``decimal``, or the mark that some number proves.
    """
    present = [name for name in (QUANTITY, UNIT_PRICE, AMOUNT) if name in cells.schema]
    texts = [name for name in present if cells.schema[name] == nw.String]
    signs = {layout.columns[name]: number_signs(cells.values(name), name) for name in texts}
    for name in texts:
        header = layout.columns[name]
        _refuse_unreadable(name, header, "number", signs[header], cells.filled(name))
    mark = decimal or _mark_beside_whole_money(cells, layout, texts, signs) or _proved_decimal(signs)
    _settle_currencies(cells, layout, [name for name in texts if name != QUANTITY])
    for name in present:
        cells.read(name, partial(_as_numbers, name, mark if name in texts else None), within_range, NO_VALUE)
    return _settle_other_numbers(cells, mark)


def _settle_other_numbers(cells: Cells, mark: str) -> bool:
    """Read the numbers that are only looked at; their decimal mark is that of the other numbers."""
    percent = False
    units = (REFUNDED_QUANTITY, CANCELLED_QUANTITY)
    for name in (LINE_DISCOUNT, ORDER_DISCOUNT, ORDER_SUBTOTAL, OTHER_TOTAL, REFUNDED_AMOUNT, *units):
        if name not in cells.schema:
            continue
        if cells.schema[name] == nw.String:
            text = nw.col(name)
            if name == LINE_DISCOUNT:
                found = collected(cells.values(name).select(sign=text.str.contains("%").max()))
                percent = bool(found["sign"][0])
                cells.rewrite(name, partial(_with, name, text.str.replace_all(r"\s*%", "")))
            cells.rewrite(name, partial(_as_numbers, name, mark))
        else:
            cells.rewrite(name, partial(_as_numbers, name, None))
        cells.rewrite(name, partial(_with, name, within_range(nw.col(name))))
    return percent


def _as_numbers(name: str, mark: str | None, frame: FrameT) -> FrameT:
    if mark is not None:
        frame = read_numbers(frame, name, mark)
    number = nw.col(name).cast(nw.Float64)
    return _with(name, nw.when(~number.is_nan()).then(number), frame)


def _mark_beside_whole_money(
    cells: Cells, layout: Layout, names: Sequence[str], signs: Mapping[str, NumberSigns]
) -> str | None:
    """Return the decimal mark if thousands marks in a currency without pennies imply it."""
    if any(sign.point or sign.comma for sign in signs.values()):
        return None
    for name in names:
        header = layout.columns[name]
        thousands = re.search(r"[0-9]([.,])[0-9]", signs[header].either or "")
        if name == QUANTITY or thousands is None:
            continue
        codes = {*currency_signs(cells.values(name), name).values()} or {currency_in(header)}
        mark = "," if thousands[1] == "." else "."
        if codes <= WITHOUT_PENNIES and not any(_has_mark(cells, other, mark) for other in names):
            return mark
    return None


def _has_mark(cells: Cells, name: str, mark: str) -> bool:
    """Return whether a number in a column contains this mark."""
    text = nw.col(name).cast(nw.String).fill_null("")
    within = text.str.contains(rf"[0-9]{re.escape(mark)}[0-9]").max()
    return bool(collected(cells.values(name).select(_=within))["_"][0])


def _proved_decimal(signs: Mapping[str, NumberSigns]) -> str:
    def example(kind: str) -> tuple[str, str] | None:
        found = ((getattr(sign, kind), header) for header, sign in signs.items())
        return next((each for each in found if each[0] is not None), None)

    point, comma, either = example("point"), example("comma"), example("either")
    if point and comma:
        raise UnreadableError(
            f"Numbers contradict each other: {point[0]!r} ({point[1]!r}) has a decimal point, {comma[0]!r} "
            f"({comma[1]!r}) a decimal comma. State which one holds: decimal='.' or decimal=','. "
            "Numbers that are written otherwise become null.",
            told=gettext(
                "Numbers contradict each other: {point} has a decimal point, {comma} a decimal comma. Write "
                "all of them alike.",
                point=repr(point[0]),
                comma=repr(comma[0]),
            ),
        )
    if either and not point and not comma:
        readings = [f"{one_number(either[0], mark):,g}" for mark in ".,"]
        raise UnreadableError(
            f"Numbers can be read in two ways, and none proves which: {either[0]!r} ({either[1]!r}) is "
            f"{readings[0]} with a decimal point, {readings[1]} with a decimal comma. State which one holds: "
            "decimal='.' or decimal=','.",
            told=gettext(
                "Numbers can be read in two ways, such as {number} under {header}. Write them with two "
                "decimals, such as 2500.00.",
                number=repr(either[0]),
                header=repr(either[1]),
            ),
        )
    return "," if comma else "."


def settle_dates(
    cells: Cells,
    layout: Layout,
    date_format: str | None,
    dayfirst: bool | None,
    time_zone: str | None,
) -> None:
    """Turn dates into naive timestamps; the order of day and month is stated, proved or refused."""
    name, dtype = ORDERED_AT, cells.schema[ORDERED_AT]
    header, zone = layout.columns[name], time_zone or "UTC"

    def read(change: Callable[[Any], Any]) -> None:
        cells.read(name, change, within_time, NO_DATE)

    if isinstance(dtype, nw.Datetime | nw.Date):
        if isinstance(dtype, nw.Datetime) and dtype.time_zone is not None:
            logger.info("%r: timestamps with a time zone become naive ones in %s.", header, zone)
        read(partial(naive, name=name, time_zone=zone))
        return
    if dtype != nw.String:
        cells.rewrite(name, partial(_with, name, _number_text(name, dtype)))
    if date_format is not None:
        read(partial(read_dates_as, name=name, date_format=date_format, time_zone=zone))
        return
    if are_iso_dates(cells.values(name), name):
        read(partial(read_iso_dates, name=name))
        return
    try:
        cells.rewrite(name, partial(cut_dates, name=name, time_zone=time_zone))
    except AmbiguousWordsError as error:
        raise ValueError(f"Dates under {header!r} can be read in two ways: {error}.") from None
    signs = date_signs(cells.values(name))
    _refuse_unreadable(name, header, "date", signs, cells.filled(name))
    year_first = dayfirst is None and signs.year_first is not None
    if year_first:
        logger.info("%r: dates such as %r are read with the year first.", header, signs.year_first)
        dayfirst = False
    if dayfirst is None:
        dayfirst = _proved_order(header, signs)
    if signs.zoned is not None:
        logger.info("%r: times with a zone, such as %r, become naive ones in %s.", header, signs.zoned, zone)
    if signs.serial is not None:
        logger.info("%r: numbers, such as %s, are read as a spreadsheet's day numbers.", header, signs.serial)
    if signs.epoch is not None:
        logger.info("%r: numbers, such as %s, are read as the time since 1970.", header, signs.epoch)
    zoned = signs.zoned is not None or signs.epoch is not None
    how = partial(read_dates, name=name, day_first=dayfirst, year_first=year_first)
    read(partial(how, time_zone=zone, zoned=zoned))


def _number_text(name: str, dtype: nw.dtypes.DType) -> nw.Expr:
    """Return numbers as text: 1706696100000.0 without an exponent."""
    number = nw.col(name)
    if not dtype.is_float():
        return number.cast(nw.String)
    whole = nw.when((number == number.round(0)) & (number.abs() < 1e18)).then(number)
    return nw.coalesce(whole.cast(nw.Int64).cast(nw.String), number.cast(nw.String))


def survey(cells: Cells, layout: Layout, lost: list[str], notes: list[str]) -> bool:
    """Report cells that could not be read as their column's type, for which their lines are rejected.

    Parameters
    ----------
    cells : Cells
        Columns whose dates and numbers have been read.
    layout : Layout
        Has the headers, for the notes.
    lost, notes : list of str
        Collect what could not be read, and other notes.

    Returns
    -------
    bool
        Whether the years of the dates are so far apart that some may be mistakes.

    Raises
    ------
    ValueError
        A spreadsheet has shortened ids.
    """
    year = nw.col(ORDERED_AT).dt.year()
    figures = {"first": (ORDERED_AT, year.min()), "last": (ORDERED_AT, year.max())}
    unread, found = cells.survey({**figures, **shortened_ids()})
    settle_shortened(cells, found, layout, notes)
    for name, cell in unread.items():
        if cell.rows:
            kind, header = N_("a date") if name == ORDERED_AT else N_("a number"), layout.columns[name]
            said = gettext(
                "{values} of {filled} under {header} cannot be read as {kind}, for example {example}; the "
                "lines are left out.",
                values=count_of(cell.rows, "value"),
                filled=format_count(cell.filled),
                header=repr(header),
                kind=gettext(kind),
                example=repr(cell.example),
            )
            lost.append(said)
            logger.warning("%s", said)
    last = found("last")
    return bool(last is not None and last - found("first") > FAR_YEARS)


def _proved_order(header: str, signs: DateSigns) -> bool:
    if signs.day_first and signs.month_first:
        raise UnreadableError(
            f"Dates contradict each other: in {header!r}, {signs.day_first!r} has the day first, "
            f"{signs.month_first!r} the month. State which one holds: dayfirst=True or dayfirst=False. Dates "
            "that are written otherwise become null.",
            told=gettext(
                "Dates contradict each other: {day} has the day first, {month} the month. Write them with "
                "the year first, such as 2024-03-01.",
                day=repr(signs.day_first),
                month=repr(signs.month_first),
            ),
        )
    if signs.either and not signs.day_first and not signs.month_first:
        with_day_first, with_month_first = both_readings(signs.either)
        raise UnreadableError(
            f"Dates can be read in two ways, and none proves which: in {header!r}, {signs.either!r} is "
            f"{with_day_first} with the day first, {with_month_first} with the month first. State which one "
            "holds: dayfirst=True or dayfirst=False (or date_format='…').",
            told=gettext(
                "Dates can be read in two ways, such as {date} under {header}. Write them with the year "
                "first, such as 2024-03-01.",
                date=repr(signs.either),
                header=repr(header),
            ),
        )
    return signs.day_first is not None


def _refuse_unreadable(
    name: str, header: str, kind: str, signs: NumberSigns | DateSigns, rows: int | None
) -> None:
    rows = signs.filled if rows is None else rows
    if signs.unreadable is not None and signs.unread == signs.filled and rows >= _TOO_MANY_UNREADABLE:
        how = ", or state how they are written: date_format='…'" if kind == "date" else ""
        raise UnreadableError(
            f"{name}: of {rows:,} values under {header!r} none is a {kind}, for example "
            f"{signs.unreadable!r}. If another column holds them, map it: columns={{{name!r}: '…'}}{how}.",
            told=gettext(
                "None of the values under {header} can be read, such as {example}.",
                header=repr(header),
                example=repr(signs.unreadable),
            ),
        )
