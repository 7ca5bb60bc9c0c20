"""Reading orders: any file or frame of a known layout becomes one table with canonical columns."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import narwhals as nw
import pandas as pd

from shopper_widgets._support.locale import ENGLISH, in_locale
from shopper_widgets._support.memory import give_back
from shopper_widgets.columns import (
    FOUND_OUT,
    OPTIONAL,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    REQUIRED,
    SOURCE_FILE,
    SOURCE_LINE,
    UNIT_PRICE,
)
from shopper_widgets.orders.assumed import refuse_list_of_customers, with_orders_of_days
from shopper_widgets.orders.blank_customers import with_customers
from shopper_widgets.orders.cells.currencies import told_currency
from shopper_widgets.orders.cells.distinct import Cells
from shopper_widgets.orders.cells.far_dates import without_far_dates
from shopper_widgets.orders.cells.times_of_day import with_time_of_day
from shopper_widgets.orders.cells.unread import with_reasons_together
from shopper_widgets.orders.clerks import refuse_clerks
from shopper_widgets.orders.discounts import Discounts, settle_discounts
from shopper_widgets.orders.files.databases import is_ibis, read_database
from shopper_widgets.orders.files.opening import MAX_BYTES
from shopper_widgets.orders.files.overlaps import without_overlaps
from shopper_widgets.orders.identity import settle_text, without_guests
from shopper_widgets.orders.known_layouts import CURRENCY, TIME_OF_DAY
from shopper_widgets.orders.layouts import Layout
from shopper_widgets.orders.line_prices import doubtful_price, with_line_totals
from shopper_widgets.orders.order_heads import (
    lines_without_a_head,
    tell_headless,
    with_marks,
    with_names_for_codes,
    with_order_cells_on_every_line,
)
from shopper_widgets.orders.order_money import (
    compare_totals,
    refunds_left_in,
    refuse_or_convert,
    without_order_totals,
)
from shopper_widgets.orders.order_parts import without_parts, without_refunded_units
from shopper_widgets.orders.reading_options import check_options, checked_keep
from shopper_widgets.orders.sale_or_return import with_returns_signed
from shopper_widgets.orders.several_products import refuse_baskets
from shopper_widgets.orders.sources import from_files, from_frame
from shopper_widgets.orders.types import settle_dates, settle_numbers, settle_status, survey
from shopper_widgets.orders.yes_or_no import settle_flags, without_doubtful_flags

logger = logging.getLogger(__name__)


def read_transactions(
    source: Any,
    *,
    columns: Mapping[str, str | None] | None = None,
    date_format: str | None = None,
    dayfirst: bool | None = None,
    timezone: str | None = None,
    encoding: str | None = None,
    decimal: Literal[".", ","] | None = None,
    sheet: str | int | None = None,
    rates: Mapping[str, float] | None = None,
    discounts: Discounts = "auto",
    guests: Iterable[str] | None = None,
    query: str | None = None,
    table: str | None = None,
    keep: Iterable[str] = (),
    max_bytes: int = MAX_BYTES,
) -> Any:
    """Read orders, one line per product and order, into canonical columns.

    Parameters
    ----------
    source : path, folder, glob pattern, frame or database
        CSV or TSV (also ``.gz`` and ``.zip``), Excel or Parquet, told by their content; a folder or pattern
        of these; a frame of any engine that Narwhals reads: pandas, Polars (eager or lazy), DuckDB…; with
        ``query`` or ``table``, a database's connection, engine or URL (see
        :func:`~shopper_widgets.orders.files.databases.read_database`); or an Ibis table.
    columns : dict of str to str or None, optional
        Canonical name → header, for headers that no known layout has (see
        :func:`~shopper_widgets.detect_layout`); what is left out is detected. None says that the table has no
        ``quantity``, ``order_id``, ``product_id`` or ``unit_price``. Besides the canonical columns,
        ``currency``, ``status``, ``cancelled_at``, ``line_discount`` and ``order_discount`` can be mapped. A
        header that is mapped to one column is not read for another.
    date_format : str, optional
        Of text dates, as in :meth:`datetime.datetime.strptime`, such as ``"%d.%m.%Y %H:%M"``. Where the time
        stands in a column of its own, it follows the date after a space; without ``%H`` or ``%I`` it is left
        out.
    dayfirst : bool, optional
        Whether ``03/04/2011`` is 3 April (True) or 4 March (False). Needed only where no date proves it.
    timezone : str, optional
        Of the shop, such as ``"Europe/Berlin"``: times with a zone become local ones there, so that days are
        the shop's days. Without it they become those of UTC.
    encoding : str, optional
        Of text files. Without it: UTF-8, UTF-16, or what charset-normalizer finds; where it finds nothing,
        that is an error.
    decimal : {".", ","}, optional
        The decimal mark of numbers written as text. Needed only where no number proves it.
    sheet : str or int, optional
        Name or position (from 0) of a workbook's sheet. Without it, sheets of orders in the same columns are
        read together; it is needed where their columns differ.
    rates : dict of str to float, optional
        What one unit of each currency is worth in the one to report in, such as ``{"EUR": 1.17, "GBP": 1}``.
        Needed only where orders are in several currencies.
    discounts : {"auto", "amount", "fraction", "percent", "order", "leave"}, default "auto"
        What a column of discounts holds: amounts of lines, fractions or percentages of their price, or the
        amount of an order; ``"leave"`` takes nothing off. Needed only where headers and numbers mislead.
    guests : iterable of str, optional
        Customer ids that stand for many people, such as a till's; ``()`` for none. Without it, they are found
        in the data: 0, "guest" and the like, and an address with an implausible share of all orders.
    query, table : str, optional
        What to read from a database: one of them.
    keep : iterable of str
        Headers of further columns to keep as they are, such as ``["channel", "coupon"]``.
    max_bytes : int, default 4 GiB
        How much one file may hold when it is unpacked.

    Returns
    -------
    frame
        pandas for files and databases, else of the kind that came in, with ``order_id, product_id,
        customer_id, ordered_at, quantity`` and, where the source has them, ``product_name, country,
        unit_price, amount``; for files ``source_line``: the line of a text file (the header is line 1), the
        row of a sheet, the record of a Parquet file; ``source_file`` where there are several;
        ``order_status`` (the shop's own word; "refunded" for Magento's "closed") and ``is_cancelled`` where
        the source tells; ``discount``, which is already off ``amount``, or ``discount_left_in``, which may
        not be. Of other columns those that `keep` names stay, under their own header. Ids are text, numbers
        floats, dates naive timestamps. Notes on how it was read are in a pandas frame's ``attrs["notes"]``,
        and are logged as warnings on every engine.

        Every line of the source is a row. What can't be read in it is null, for
        :func:`~shopper_widgets.clean_transactions` to reject with its reason.

    Raises
    ------
    FileNotFoundError
        There is no such file, or no table file in the folder.
    ValueError
        A required column is missing; a file is empty, damaged or not a table; dates or numbers can be read
        in two ways, or contradict each other; nothing in a column can be read; there are several currencies
        and a rate is lacking; the only money there is is the total of an order, repeated on its lines.
    TypeError
        ``source`` is neither path nor frame, or an option is of the wrong type.

    Notes
    -----
    *Ids* are trimmed text in their own case: ``17850.0`` is ``"17850"``, ``"007"`` and ``="007"`` stay
    ``"007"``. ``""``, ``NA``, ``none``, ``NULL``, ``#REF!``, ``unknown``, ``-1`` and the like are missing
    ids; in names and countries only those that nobody would call a product are (``NA`` is Namibia). Addresses
    of customers are lower-cased. Ids that a spreadsheet has shortened (``1.23457E+12``) are an error.

    *Customers* without an id are identified by their email address where the layout has both: by the id that
    this address has elsewhere, if it has one. A name is an id only where no line has another.

    *Dates*: a part above 12 anywhere in the column settles the order of day and month; a column that settles
    neither, or both, is an error. Months and weekdays may have names, in some 45 languages; days of ISO
    weeks, a spreadsheet's day numbers and seconds since 1970 are read, too, to the second. A time without a
    zone among times with one counts as local. A date that stands alone, more than ten years away from all
    others, does not count as a date. A time of day in a column beside the date (``Date, Time``; ``Order Date,
    Order Time``) joins it.

    *What can't be read* is reported in a logged warning, with a count and an example; so are rows above the
    header, totals and repeated headers among the rows, and lines that stand in several files and are read
    once.

    *Numbers*: the decimal mark is proved the same way, by all number columns together. ``1,234`` alone reads
    as 1234 or as 1.234 and is an error.

    *Shops' exports* (Shopify, WooCommerce): cells that stand only on an order's first line are repeated on
    its other lines; the customer is the email address, in Shopify's without any the phone number or name.
    There and in marketplaces' and tills' exports a product without an SKU goes by its name.

    *Status*: orders whose status, in any layout, is one of
    :data:`~shopper_widgets.orders.statuses.NOT_SOLD`, or that have a date of cancellation, stay in with
    ``is_cancelled`` true; so do lines that a column of yes and no says were cancelled or returned, or whose
    payment it says failed. Those refunded in part were sold, and so were those delivered and still to be
    paid.

    *Discounts* are taken off, unless they are already off the amounts; those of whole orders are spread over
    the lines in proportion to their worth. Refunds of a part of an order that stand only on the order as a
    whole are not. Units that a line itself says were refunded or cancelled (Magento, PrestaShop) are taken
    off it; a line of which nothing is left is cancelled. A line that is a part of another
    (``parent_item_id``) costs nothing where that one has the price.

    *Money*: where quantity × price and a line total disagree, a note gives both sums. A total that is the
    same on all lines of each order is the order's, and not counted.

    *Memory*: frames of lazy engines stay where they are. Only what settles types comes back: one example per
    question, the currencies, the time zones, and with ``date_format`` the distinct dates.

    Examples
    --------
    >>> import pandas as pd
    >>> orders = pd.DataFrame({
    ...     "InvoiceNo": [536365, 536366], "StockCode": ["85123A", "22633"], "Quantity": ["6", "n/a"],
    ...     "InvoiceDate": ["13/12/2010 8:26", "1/12/2010 8:28"], "UnitPrice": ["2,55", "1,85"],
    ...     "CustomerID": [17850.0, 13047.0]})
    >>> read_transactions(orders)
      order_id product_id customer_id          ordered_at  quantity  unit_price
    0   536365     85123A       17850 2010-12-13 08:26:00       6.0        2.55
    1   536366      22633       13047 2010-12-01 08:28:00       NaN        1.85
    """
    return read_with_notes(
        source,
        columns=columns,
        date_format=date_format,
        dayfirst=dayfirst,
        timezone=timezone,
        encoding=encoding,
        decimal=decimal,
        sheet=sheet,
        rates=rates,
        discounts=discounts,
        guests=guests,
        query=query,
        table=table,
        keep=keep,
        max_bytes=max_bytes,
    )[0]


@in_locale(ENGLISH)
def read_with_notes(
    source: Any,
    *,
    columns: Mapping[str, str | None] | None = None,
    date_format: str | None = None,
    dayfirst: bool | None = None,
    timezone: str | None = None,
    encoding: str | None = None,
    decimal: Literal[".", ","] | None = None,
    sheet: str | int | None = None,
    rates: Mapping[str, float] | None = None,
    discounts: Discounts = "auto",
    guests: Iterable[str] | None = None,
    query: str | None = None,
    table: str | None = None,
    keep: Iterable[str] = (),
    max_bytes: int = MAX_BYTES,
) -> tuple[Any, list[str]]:
    """Read orders as `read_transactions` does, and also return notes for the reader.

    Returns
    -------
    frame
        As `read_transactions` returns it.
    notes : list of str
        Sentences: which lines could not be read and why, what was recognized and left out, and which repeated
        orders were read once. They are also logged as warnings.
    """
    check_options(date_format, dayfirst, decimal, timezone, rates, discounts)
    keep = checked_keep(keep)
    notes: list[str] = []
    is_database = query is not None or table is not None or is_ibis(source)
    if is_database:
        source = read_database(source, query, table)
    frame: nw.DataFrame[Any] | nw.LazyFrame[Any]
    if isinstance(source, str | os.PathLike):
        frame, layout = from_files(source, columns, keep, encoding, sheet, max_bytes, notes)
    else:
        frame, layout = from_frame(source, columns, keep, notes)
    if TIME_OF_DAY in frame.collect_schema():
        frame = _with_times(frame, date_format)
    headless = 0 if layout.order_once else lines_without_a_head(frame)
    if layout.order_once or headless:
        frame = with_order_cells_on_every_line(frame, keep)
    if headless:
        tell_headless(headless, notes)
    if layout.goes_by_name:
        frame = with_names_for_codes(frame)

    cells = Cells(frame)
    del frame  # the cells hold what is needed, in less memory
    settle_text(cells)
    settle_status(cells, layout, notes)
    may_count = settle_flags(cells, layout, notes)
    percent_signs = settle_numbers(cells, layout, decimal)
    settle_dates(cells, layout, date_format, dayfirst, timezone)
    unread: list[str] = []
    are_far = survey(cells, layout, unread, notes)
    notes += unread
    refuse_baskets(cells, layout.columns)
    settled: Any = with_reasons_together(cells.frame())
    del cells
    refuse_clerks(settled, {**layout.columns, **layout.checked})
    guests = guests if guests is None else tuple(guests)  # it is read twice
    by_days = ORDER_ID in layout.assumed
    settled = without_guests(with_orders_of_days(settled) if by_days else settled, guests, notes)
    settled = with_customers(settled, layout, guests, notes)
    settled = with_orders_of_days(settled) if by_days else settled
    if by_days and not {PRODUCT_ID, UNIT_PRICE}.isdisjoint(layout.assumed):
        refuse_list_of_customers(settled)
    settled = without_far_dates(settled, notes) if are_far else settled
    settled = without_doubtful_flags(settled, layout, may_count, notes)
    settled = with_returns_signed(settled, layout, notes)
    settled, layout, of_money = _with_money_settled(
        with_marks(settled, layout.states), layout, rates, discounts, percent_signs
    )
    for note in of_money:
        logger.log(logging.INFO if told_currency([note]) else logging.WARNING, "%s", note)
    notes += of_money
    finished = _finished(settled, keep)
    del settled
    is_file_or_database = is_database or isinstance(source, str | os.PathLike)
    if is_file_or_database:
        # Each Arrow column is freed when it has become a pandas column.
        result = finished.to_native().to_pandas(split_blocks=True, self_destruct=True)
        del finished
        # Order numbers that were made from days prove no overlap.
        told_apart = SOURCE_FILE in result and not by_days
        result = without_overlaps(result, notes) if told_apart else result
    else:
        result = _like_source(finished, source)
    if isinstance(result, pd.DataFrame):
        result.attrs |= {"notes": notes} if notes else {}
        result.attrs |= {"unread": unread} if unread else {}
        if is_file_or_database:
            result.attrs["layout"] = {"name": layout.name, "columns": dict(layout.columns)}
    give_back()
    return result, notes


def _with_times(frame: Any, date_format: str | None) -> Any:
    """Join date and time of day, unless the caller states how dates without a time are written."""
    if date_format is None or re.search("%[HITRXcs]", date_format):
        return with_time_of_day(frame, ORDERED_AT, TIME_OF_DAY)
    return frame.drop(TIME_OF_DAY)


def _with_money_settled(
    frame: Any,
    layout: Layout,
    rates: Mapping[str, float] | None,
    discounts: Discounts,
    percent_signs: bool,
) -> tuple[Any, Layout, list[str]]:
    """Convert amounts to one currency, to one line each, and to what was paid; return the notes."""
    frame, layout, of_all = with_line_totals(frame, layout)
    frame, parts = without_parts(frame, layout)
    frame, totals = without_order_totals(frame, layout)
    frame, rated = refuse_or_convert(frame, layout, rates, CURRENCY)
    frame, off = settle_discounts(frame, layout, discounts, percent_signs)
    doubted = doubtful_price(frame, layout)
    frame, compared = compare_totals(frame, layout)
    frame, units = without_refunded_units(frame, layout)
    told = [*of_all, *parts, *totals, *rated, *off, *doubted, *compared, *units]
    return frame, layout, [*told, *refunds_left_in(frame, layout)]


def _finished(frame: Any, keep: Sequence[str]) -> Any:
    """Put the columns in order, without those that were only looked at."""
    ordered = (*REQUIRED, *OPTIONAL, *FOUND_OUT, SOURCE_FILE, SOURCE_LINE, *keep)
    return frame.select(name for name in ordered if name in frame.collect_schema())


def _like_source(frame: Any, source: Any) -> Any:
    """Return a frame of the same kind as the source."""
    given = nw.from_native(source)
    if isinstance(frame, nw.DataFrame):
        frame = nw.DataFrame.from_arrow(frame.to_native(), backend=given.implementation)
    if isinstance(source, nw.DataFrame | nw.LazyFrame):
        return frame
    result = frame.to_native()
    if (index := nw.maybe_get_index(given)) is not None:
        result.index = index  # the labels lead back to the caller's rows
    return result
