"""Rows of a file that are not order lines: repeated headers, labels below the header, totals."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from shopper_widgets._support.formatting import count_of
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import AMOUNT, ORDERED_AT, QUANTITY, SOURCE_LINE, UNIT_PRICE

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)

#: The words in a row that adds up the others, in lower case.
TOTALS = (
    *("total", "totals", "grand total", "subtotal", "sub-total", "sum", "overall total", "report total"),
    *("summe", "gesamt", "gesamtsumme", "zwischensumme", "somme", "total général", "sous-total", "suma"),
    *("totale", "totale generale", "total general", "totaal", "eindtotaal", "razem", "soma", "totalt"),
    *("i alt", "yhteensä", "celkem", "összesen", "итого", "всего", "合計", "总计"),
)
_FIGURES = (ORDERED_AT, QUANTITY, UNIT_PRICE, AMOUNT)
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_NUMBER = re.compile(r"[-+]?[\d.,]*\d")


def looks_like_data(cells: Sequence[str]) -> bool:
    """Return whether a row that should be a header is an order line.

    Examples
    --------
    >>> looks_like_data(["536365", "85123A", "LAMP", "6", "2010-12-01 08:26", "2.55"])
    True
    >>> looks_like_data(["Order", "Article", "Price 2010"])
    False
    """
    numbers = sum(bool(_NUMBER.fullmatch(cell.strip())) for cell in cells)
    return numbers >= 2 or any(_DATE.match(cell.strip()) for cell in cells)


def without_other_rows(table: pa.Table, headers: Mapping[str, str], name: str, notes: list[str]) -> pa.Table:
    """Empty the rows that are no order lines, which cleaning then rejects, and report them.

    Parameters
    ----------
    table : pyarrow.Table
        Canonical columns as in the file, and ``source_line``.
    headers : mapping
        Canonical name → header.
    name : str
        Of the file, for the note.
    notes : list of str
        Collects notes.
    """
    found = {
        N_("the header again"): _repeated_headers(table, headers),
        N_("labels, not an order"): _labels(table),
        N_("a sum of others"): _totals(table),
    }
    rows: set[int] = set()
    for what, places in found.items():
        if new := sorted(set(places) - rows):
            line = table[SOURCE_LINE][new[0]].as_py()
            said = gettext(
                N_("{name}: line {line} (and {more}) holds {what}, and is left out.")
                if len(new) > 1
                else N_("{name}: line {line} holds {what}, and is left out."),
                name=name,
                line=line,
                more=count_of(len(new) - 1, "more line"),
                what=gettext(what),
            )
            notes.append(said)
            logger.warning("%s", said)
            rows |= set(new)
    return _emptied(table, rows) if rows else table


def _emptied(table: pa.Table, rows: set[int]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    mask = pa.array([i in rows for i in range(table.num_rows)])
    return pa.table(
        {
            name: table[name]
            if name == SOURCE_LINE
            else pc.if_else(mask, pa.scalar(None, table[name].type), table[name])
            for name in table.column_names
        }
    )


def _is_text(table: pa.Table, name: str) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(table.schema.field(name).type))


def _repeated_headers(table: pa.Table, headers: Mapping[str, str]) -> list[int]:
    import pyarrow.compute as pc

    texts = [n for n in table.column_names if n in headers and _is_text(table, n)]
    if len(texts) < 2:
        return []
    first = pc.equal(table[texts[0]], headers[texts[0]]).combine_chunks()
    places = pc.indices_nonzero(first.fill_null(False)).to_pylist()
    return [i for i in places if sum(table[n][i].as_py() == headers[n] for n in texts) == len(texts)]


def _labels(table: pa.Table) -> list[int]:
    """Return the first row if it holds labels for the dates, quantities and prices beneath it."""
    figures = [n for n in _FIGURES if n in table.column_names and _is_text(table, n)]
    if table.num_rows < 2 or len(figures) < 2:
        return []
    rows = [[str(table[n][i].as_py() or "") for n in figures] for i in (0, 1)]
    worded = [[cell != "" and not re.search(r"\d", cell) for cell in row] for row in rows]
    return [0] if all(worded[0]) and not any(worded[1]) else []


def _totals(table: pa.Table) -> list[int]:
    """Return the rows without a date of which a cell says that they are sums."""
    import pyarrow as pa
    import pyarrow.compute as pc

    undated = pc.is_null(table[ORDERED_AT])
    if _is_text(table, ORDERED_AT):
        undated = pc.or_(undated, pc.is_in(pc.utf8_lower(table[ORDERED_AT]), pa.array(TOTALS)))
    places = pc.indices_nonzero(undated)
    if not len(places):
        return []
    looked = table.take(places)
    said = pa.array([False] * looked.num_rows)
    for name in looked.column_names:
        if _is_text(looked, name):
            word = pc.utf8_rtrim(pc.utf8_trim_whitespace(pc.utf8_lower(looked[name])), ": ")
            said = pc.or_(said, pc.is_in(word, pa.array(TOTALS)))
    return [int(places[i].as_py()) for i in pc.indices_nonzero(said).to_pylist()]
