"""Text tables: encoding, separator and line numbers of CSV and its relatives."""

from __future__ import annotations

import csv
import io
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import numpy as np

from shopper_widgets._support.formatting import count_of
from shopper_widgets.orders.files.encodings import as_utf8
from shopper_widgets.orders.files.wrapped_lines import without_wrapping

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)

#: The header is searched for in this many rows from the top.
HEADER_ROWS = 30

_SEPARATORS = (",", ";", "\t", "|")
# Rows that the careful reader turns into Arrow at a time.
_BATCH = 50_000
_SLICE = 1 << 20
# The characters of a line above the header that are shown.
_SHOWN = 200


def header_row(rows: Sequence[Sequence[str]], is_header: Callable[[Sequence[str]], bool]) -> int:
    """Return which row is the header: the first for which ``is_header``, else the first unless it is a title.

    Examples
    --------
    >>> header_row([["Report"], ["id", "n", "price"], ["1", "2", "3"]], lambda row: False)
    1
    """
    found = next((i for i, row in enumerate(rows) if is_header([cell.strip() for cell in row])), None)
    if found is not None:
        return found
    filled = [sum(cell.strip() != "" for cell in row) for row in rows]
    return 0 if 2 * filled[0] > max(filled) or max(filled) < 3 else filled.index(max(filled))


def delimited_table(
    name: str,
    data: bytes,
    encoding: str | None,
    is_header: Callable[[Sequence[str]], bool] = lambda _: True,
) -> tuple[tuple[str, ...], Callable[[Sequence[int]], pa.Table], tuple[str, ...]]:
    """Find header, separator and encoding of a text table.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    data : bytes
        Its content, unpacked.
    encoding : str or None
        Of the text; None to detect it.
    is_header : callable, optional
        Says whether a row is the header that is looked for: rows above it are a title.

    Returns
    -------
    headers : tuple of str
        Without blanks at their ends, in the order of the columns.
    read : callable
        ``read(positions)``: an Arrow table of text columns named by position, and ``"line"``. A line with
        more cells than the header becomes a row of nulls, because its cells may be shifted; a line with
        fewer keeps those it has. Neither is dropped.
    above : tuple of str
        The lines above the header.

    Raises
    ------
    ValueError
        The bytes are no text in that encoding, or the text is a page or a picture, not a table.
    """
    data = without_wrapping(as_utf8(name, data, encoding))
    beginning = data[:_SLICE].lstrip()
    if beginning.startswith(b"<"):
        raise ValueError(
            f"{name} is a web page or XML, not a table: it starts with {beginning[:40]!r}. "
            "A login page is often saved in place of an export; download the orders again as CSV or Excel."
        )
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    first_line, start = _skip_preamble(data)
    data = _without_alignment(data, start)
    try:
        separator = _separator(data, start)
        header, header_lines, length = _header(data, start, separator)
    except csv.Error as error:
        raise ValueError(f"{name}, line {first_line}: this is not the header of a table ({error}).") from None
    above: list[str] = []
    if not is_header([cell.strip() for cell in header]):
        places = _first_lines(data, first_line, start)
        row = header_row([cells for _, _, cells in places], is_header)
        above = [_line(data, s) for _, s, _ in places[:row]]
        if row:
            first_line, start, _ = places[row]
            separator = _separator(data, start)
            header, header_lines, length = _header(data, start, separator)
    headers = tuple(cell.strip() for cell in header)
    body, body_line = start + length, first_line + header_lines
    logger.debug("%s: separator %r, %d columns.", name, separator, len(headers))

    def read(positions: Sequence[int]) -> pa.Table:
        table = _read_fast(data, body, body_line, len(headers), separator, positions)
        if table is None:
            with _cells_of_any_length():
                table = _read_carefully(name, data, body, body_line, len(headers), separator, positions)
        return table

    return headers, read, tuple(above)


def _without_alignment(data: bytes, start: int) -> bytes:
    """Return columns that are separated by blanks, as in statistics programs, separated by tabs.

    Every line must have as many words as the first, and one of the first lines several blanks in a row.
    """
    end = data.find(b"\n", start)
    first = data[start : len(data) if end < 0 else end]
    n = len(first.split())
    if n < 3 or any(mark.encode() in first for mark in _SEPARATORS):
        return data
    lines = data[start:].splitlines()
    is_aligned = any(b"  " in line.strip() for line in lines[:HEADER_ROWS])
    if not is_aligned or any(len(line.split()) not in (0, n) for line in lines):
        return data
    return data[:start] + b"\n".join(b"\t".join(line.split()) for line in lines)


def _skip_preamble(data: bytes) -> tuple[int, int]:
    """Return line number and offset of the header: blank lines and Excel's ``sep=;`` may precede it."""
    line, start = 1, 0
    while (end := data.find(b"\n", start)) >= 0:
        content = data[start:end].strip().lower()
        if content and not (content.startswith(b"sep=") and len(content) <= 5):
            break
        line, start = line + 1, end + 1
    return line, start


def _line(data: bytes, start: int) -> str:
    return data[start : start + _SHOWN].partition(b"\n")[0].decode(errors="ignore").strip()


def _first_lines(data: bytes, line: int, start: int) -> list[tuple[int, int, list[str]]]:
    """Return number, offset and cells of the first lines that hold anything."""
    found: list[tuple[int, int, list[str]]] = []
    while start < len(data) and len(found) < HEADER_ROWS:
        end = data.find(b"\n", start) + 1 or len(data)
        if data[start:end].strip():
            with suppress(csv.Error):
                found.append((line, start, _header(data, start, _separator(data, start))[0]))
        line, start = line + 1, end
    return found


def _separator(data: bytes, start: int) -> str:
    """Take the separator that cuts the header into most cells."""
    sample = data[start : start + _SLICE].decode(errors="ignore")

    def cells(separator: str) -> int:
        return len(next(csv.reader(io.StringIO(sample, newline="\n"), delimiter=separator), []))

    return max(_SEPARATORS, key=cells)


@contextmanager
def _cells_of_any_length() -> Iterator[None]:
    """Lift the limit of 128 kB on a cell, which the csv module sets for the whole process."""
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _header(data: bytes, start: int, separator: str) -> tuple[list[str], int, int]:
    """Return the header's cells, and how many lines and bytes the header takes."""
    lines = _lines(data, start)
    reader = csv.reader(lines, delimiter=separator)
    header = next(reader, [])
    end = start
    for _ in range(reader.line_num):
        end = data.find(b"\n", end) + 1 or len(data)
    return header, reader.line_num, end - start


def _lines(data: bytes, start: int) -> Iterator[str]:
    # newline="\n" doesn't change line ends inside quotes, and doesn't take a lone \r for a line end.
    stream = io.BytesIO(data)
    stream.seek(start)
    return io.TextIOWrapper(stream, encoding="utf-8", newline="\n")


def _read_fast(
    data: bytes, body: int, body_line: int, width: int, separator: str, positions: Sequence[int]
) -> pa.Table | None:
    """Read with Arrow; None if there are fewer rows than lines, since line numbers would be wrong."""
    import pyarrow as pa
    import pyarrow.csv as pc

    end = len(data)
    while end > body and data[end - 1] in b"\r\n":
        end -= 1
    if end == body:
        return None
    names = [str(i) for i in range(width)]
    wanted = [str(p) for p in positions]
    try:
        table = pc.read_csv(
            pa.py_buffer(memoryview(data)[body:end]),
            pc.ReadOptions(column_names=names),
            # A quoted newline gives fewer rows than lines, which the check below finds, or an error in Arrow.
            pc.ParseOptions(delimiter=separator, newlines_in_values=False),
            pc.ConvertOptions(
                column_types={name: pa.string() for name in wanted},
                include_columns=wanted,
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != data.count(b"\n", body, end) + 1:
        return None
    lines = np.arange(body_line, body_line + table.num_rows, dtype=np.int64)
    return table.append_column("line", pa.array(lines))


def _read_carefully(
    name: str, data: bytes, body: int, body_line: int, width: int, separator: str, positions: Sequence[int]
) -> pa.Table:
    """Read row by row: quoted newlines, blank lines and lines of the wrong length keep their line number."""
    import pyarrow as pa

    schema = pa.schema([*((str(p), pa.string()) for p in positions), ("line", pa.int64())])
    batches: list[pa.RecordBatch] = []
    rows: list[list[str | int | None]] = []
    too_long: list[int] = []

    def flush() -> None:
        columns = zip(*rows, strict=True) if rows else [()] * len(schema)
        arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
        batches.append(pa.record_batch(arrays, schema=schema))
        rows.clear()

    # A lone carriage return is part of a cell, but csv.reader accepts it only inside quotes.
    data = re.sub(rb"\r(?!\n)", b" ", data[body:]) if b"\r" in data else data[body:]
    reader = csv.reader(_lines(data, 0), delimiter=separator, strict=True)
    line = body_line
    try:
        for cells in reader:
            if cells:
                if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                    too_long.append(line)
                    cells = []
                rows.append([(cells[p] or None) if p < len(cells) else None for p in positions] + [line])
            line = body_line + reader.line_num
            if len(rows) == _BATCH:
                flush()
    except csv.Error as error:
        raise ValueError(
            f"{name}, line {line}: the quotation marks don't match ({error}). A value that holds a "
            'quotation mark must be written "like ""this""" .'
        ) from None
    flush()
    if too_long:
        logger.warning(
            "%s: %s with more cells than the header's %d (an unquoted %r?), the first on line %d. "
            "They are kept as rows without values, for cleaning to reject.",
            *(name, count_of(len(too_long), "line"), width, separator, too_long[0]),
        )
    return pa.Table.from_batches(batches, schema)
