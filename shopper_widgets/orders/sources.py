"""Files or a frame become one table with canonical names and unchanged cells, and its layout."""

from __future__ import annotations

import dataclasses
import logging
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any

import narwhals as nw

from shopper_widgets._support.formatting import count_of, format_count
from shopper_widgets._support.locale import gettext, ngettext
from shopper_widgets._support.retelling import SHEET_OF
from shopper_widgets.columns import (
    DISCOUNT_LEFT_IN,
    IS_CANCELLED,
    ORDER_ID,
    ORDERED_AT,
    SOURCE_FILE,
    SOURCE_LINE,
    UNREAD,
)
from shopper_widgets.errors import UnreadableError
from shopper_widgets.orders.assumed import ASSUMED, with_assumed
from shopper_widgets.orders.cells.arrow import concatenated, plain_types, refuse_nested, series_to_arrow
from shopper_widgets.orders.cells.currencies import currency_in_headers
from shopper_widgets.orders.cells.exchanged_dates import exchanged_dates
from shopper_widgets.orders.files.not_orders import looks_like_data, without_other_rows
from shopper_widgets.orders.files.opening import SourceTable, open_tables
from shopper_widgets.orders.headers import found_headers
from shopper_widgets.orders.known_layouts import CURRENCY
from shopper_widgets.orders.layouts import Layout, fits, frame_headers, match_layout
from shopper_widgets.orders.missing_columns import side_by_side
from shopper_widgets.orders.sheets import tables_of_orders
from shopper_widgets.orders.usual_headers import USUAL_HEADERS

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)


def from_files(
    source: str | os.PathLike[str],
    columns: Mapping[str, str | None] | None,
    keep: Sequence[str],
    encoding: str | None,
    sheet: str | int | None,
    max_bytes: int,
    notes: list[str],
) -> tuple[nw.DataFrame[Any], Layout]:
    """Read the needed columns of one or several files, each by its own layout, with unchanged cells."""
    import pyarrow as pa

    is_header = partial(fits, columns=columns)
    opened = open_tables(source, encoding, sheet, is_header=is_header, max_bytes=max_bytes, notes=notes)
    tables = tables_of_orders(opened, is_header, notes)
    # Next to orders of a known layout, a table of an unknown layout is a list of something else.
    are_known = any(fits(table.headers, columns, usual=False) for table in tables)
    read: list[pa.Table] = []
    layouts: list[Layout] = []
    told: list[tuple[str, Layout]] = []
    for table in tables:
        where = (
            table.name if table.sheet is None else SHEET_OF.format(name=table.name, sheet=repr(table.sheet))
        )
        _say_what_is_above(where, table, columns, notes)
        try:
            layout = match_layout(table.headers, columns, table.name, usual=not are_known)
        except ValueError as error:
            message = f"{error}{_may_be_joined(tables, columns)}"
            raise UnreadableError(message, told=getattr(error, "told", "")) from None
        wanted = {**layout.columns, **layout.checked, **_kept(keep, table.headers)}
        position = {name: table.headers.index(header) for name, header in wanted.items()}
        content = table.read(sorted(set(position.values())))
        renamed = pa.table(
            {name: content[str(p)] for name, p in position.items()} | {SOURCE_LINE: content["line"]}
        )
        _say_what_is_exchanged(where, renamed, notes)
        renamed = plain_types(without_other_rows(renamed, wanted, where, notes), wanted)
        renamed = with_assumed(nw.from_native(renamed), layout.assumed).to_native()
        if len(tables) > 1:
            names = pa.array([where] * content.num_rows, pa.string())
            renamed = renamed.append_column(SOURCE_FILE, names)
        read.append(renamed)
        layouts.append(layout)
        _log_layout(where, layout, table.headers)
        told.append((where, layout))
    _say_what_is_assumed(told, notes)
    if len({layout.assumed for layout in layouts}) > 1:
        raise ValueError(
            f"{tables[0].name} and others differ in which of quantity, order numbers, products and money "
            "they have. Read them one by one, or map their columns with columns=…."
        )
    read, layouts = _with_named_currencies(read, layouts)
    _check_kept(keep, {name for table in read for name in table.column_names}, tables[0].headers)
    if not sum(table.num_rows for table in read):
        raise UnreadableError(
            f"{tables[0].name} has a header but no line of orders.",
            told=gettext("It has a header but no line of orders."),
        )
    layout = next((each for each in layouts if each.order_once), layouts[0])
    # A column that only another file has keeps the header of that file.
    columns_ = {name: header for each in [*layouts, layout] for name, header in each.columns.items()}
    checked = {name: header for each in [*layouts, layout] for name, header in each.checked.items()}
    layout = dataclasses.replace(layout, columns=columns_, checked=checked)
    return nw.from_native(concatenated(read), eager_only=True), layout


def _may_be_joined(tables: Sequence[SourceTable], columns: Mapping[str, str | None] | None) -> str:
    """Return a hint if two tables with different columns share the column of order numbers; else ``""``.

    Two tables that are complete by themselves need not be joined.
    """
    usual = {ORDER_ID: USUAL_HEADERS.headers[ORDER_ID]}
    numbered = [(table, found_headers(table.headers, usual).get(ORDER_ID)) for table in tables]
    for (table, header), (other, same) in combinations(numbered, 2):
        if not header or header != same or {*other.headers} == {*table.headers}:
            continue
        if not (fits(table.headers, columns) and fits(other.headers, columns)):
            return (
                f" Like {table.name}, {other.name} has a {header!r}, too: if one file tells of orders and "
                "the other of their lines, join them into one table first, as pandas.merge(orders, lines, "
                f"on={header!r}) does."
            )
    return ""


def _with_named_currencies(
    read: list[pa.Table], layouts: list[Layout]
) -> tuple[list[pa.Table], list[Layout]]:
    """Add the currency that a table's headers name as a column, if tables may have different currencies."""
    import pyarrow as pa

    named = [currency_in_headers(layout.columns) for layout in layouts]
    codes = {code for code, _ in named if code}
    in_column = [layout.checked[CURRENCY] for layout in layouts if CURRENCY in layout.checked]
    if len(codes) < 2 and not (codes and in_column):
        return read, layouts
    headers = " / ".join(dict.fromkeys([*in_column, *(header for code, header in named if code)]))
    tables, told = [], []
    for table, layout, (code, _) in zip(read, layouts, named, strict=True):
        lacks = CURRENCY not in table.column_names
        column = pa.array([code] * table.num_rows, pa.string())
        tables.append(table.append_column(CURRENCY, column) if lacks else table)
        told.append(dataclasses.replace(layout, checked={**layout.checked, CURRENCY: headers}))
    return tables, told


def _say_what_is_above(
    where: str, table: SourceTable, columns: Mapping[str, str | None] | None, notes: list[str]
) -> None:
    """Note rows above the header; raise an error if there is no header."""
    if looks_like_data(table.headers) and not fits(table.headers, columns):
        if beside := side_by_side(table.headers):
            raise ValueError(f"{where}: {beside}")
        raise ValueError(
            f"{where} has no header: its first line looks like an order, {', '.join(table.headers[:8])!r}. "
            "Write a line with the names of the columns above it, such as order_id,product_id,…"
        )
    if table.above:
        said = gettext(
            "{where}: {rows} above the header left out, such as {example}.",
            where=where,
            rows=count_of(len(table.above), "row"),
            example=repr(table.above[0][:60]),
        )
        notes.append(said)
        logger.info("%s", said)


def _say_what_is_exchanged(where: str, table: pa.Table, notes: list[str]) -> None:
    """Note dates that are out of order."""
    import pyarrow as pa

    is_text = pa.types.is_string(table.schema.field(ORDERED_AT).type)
    if is_text and (said := exchanged_dates(table[ORDERED_AT], table[SOURCE_LINE])):
        notes.append(f"{where}: {said}")
        logger.warning("%s: %s", where, said)


def _say_what_is_assumed(tables: Iterable[tuple[str, Layout]], notes: list[str]) -> None:
    """Note how tables without a known layout were read, once for equal ones, since a guess can be wrong."""
    alike: dict[str, list[str]] = {}
    assumed: list[str] = []
    for where, layout in tables:
        assumed += [ASSUMED[column] for column in layout.assumed]
        if layout.name.startswith(USUAL_HEADERS.name):
            read = ", ".join(f"{name} ← {header!r}" for name, header in layout.columns.items())
            alike.setdefault(read, []).append(where)
    said = [_read_by_headers(first, len(others), read) for read, (first, *others) in alike.items()]
    for sentence in dict.fromkeys([*said, *assumed]):
        if sentence not in notes:
            notes.append(sentence)
            logger.warning("%s", sentence)


def _read_by_headers(where: str, more: int, read: str) -> str:
    if not more:
        return gettext(
            "{where} has no known layout and is read by its headers: {read}. columns=… changes that.",
            where=where,
            read=read,
        )
    return ngettext(
        "{where} and {more} more table have no known layout and are read by their headers: {read}. "
        "columns=… changes that.",
        "{where} and {more} more tables have no known layout and are read by their headers: {read}. "
        "columns=… changes that.",
        more,
        where=where,
        more=format_count(more),
        read=read,
    )


def from_frame(
    source: Any, columns: Mapping[str, str | None] | None, keep: Sequence[str], notes: list[str]
) -> tuple[nw.DataFrame[Any] | nw.LazyFrame[Any], Layout]:
    """Take the needed columns of a frame of any engine, with unchanged cells."""
    import pyarrow as pa

    headers = frame_headers(source)
    layout = match_layout(headers, columns, "source")
    _log_layout("source", layout, headers)
    _say_what_is_assumed([("source", layout)], notes)
    frame = nw.from_native(source)
    names = frame.collect_schema().names()
    wanted = {name: names[headers.index(h)] for name, h in {**layout.columns, **layout.checked}.items()}
    wanted |= {name: names[headers.index(name)] for name in _kept(keep, headers)}
    _check_kept(keep, wanted, headers)
    # columns that an earlier reading added stay
    wanted |= {
        name: name
        for name in (SOURCE_LINE, SOURCE_FILE, IS_CANCELLED, DISCOUNT_LEFT_IN, UNREAD)
        if name in names
    }
    if isinstance(frame, nw.LazyFrame):
        refuse_nested(frame.collect_schema(), wanted)
        chosen = frame.select(nw.col(header).alias(name) for name, header in wanted.items())
        return with_assumed(chosen, layout.assumed), layout
    table = pa.table({name: series_to_arrow(frame[header]) for name, header in wanted.items()})
    settled = nw.from_native(plain_types(table, wanted), eager_only=True)
    return with_assumed(settled, layout.assumed), layout


def _log_layout(where: str, layout: Layout, headers: Sequence[str]) -> None:
    logger.info("%s is read as %s", where, layout)
    used = {*layout.columns.values(), *layout.checked.values()}
    if unused := [header for header in headers if header not in used]:
        logger.info("%s: not used: %s", where, ", ".join(unused))


def _kept(keep: Sequence[str], headers: Sequence[str]) -> dict[str, str]:
    return {name: name for name in keep if name in headers}


def _check_kept(keep: Sequence[str], found: Collection[str], headers: Sequence[str]) -> None:
    for name in keep:
        if name not in found:
            raise ValueError(f"keep names {name!r}, which is not among the headers: {', '.join(headers)}.")
