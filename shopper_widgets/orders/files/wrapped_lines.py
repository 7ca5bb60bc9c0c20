"""Text tables with each line in one cell, as spreadsheets save files whose separator is another one."""

from __future__ import annotations

import csv
import logging

logger = logging.getLogger(__name__)

#: The fewest cells of a line in a table.
_CELLS = 3


def without_wrapping(data: bytes) -> bytes:
    r"""Return the lines of a table as before each was saved as one cell; any other text unchanged.

    A spreadsheet that expects semicolons opens a file with commas as one column. When it saves them, it
    quotes each line that contains a quotation mark as a whole, but no other line; a semicolon divides a line.

    Parameters
    ----------
    data : bytes
        The text, in UTF-8.

    Returns
    -------
    bytes
        The text with the same number of lines.

    Examples
    --------
    >>> without_wrapping(b'id,name,n;\n"1,""Mug, blue"",2";\n2,Vase,1;\n')
    b'id,name,n\n1,"Mug, blue",2\n2,Vase,1\n'
    """
    if b'"' not in data:
        return data
    # The lines down to the first quotation mark are usually enough to show that the file is not wrapped.
    first = _lines(data[: (data.find(b"\n", data.index(b'"')) + 1) or None])
    for separator in (";", "\t"):
        if _unwrapped(first, separator) and (found := _unwrapped(_lines(data), separator)):
            logger.info("Each line stands in one cell, as spreadsheets save it: it is read as several.")
            return "\n".join(found).encode()
    return data


def _lines(data: bytes) -> list[str]:
    return [line.removesuffix("\r") for line in data.decode().split("\n")]


def _unwrapped(lines: list[str], separator: str) -> list[str]:
    """Return the unwrapped lines; none if the lines were not each taken for one cell.

    In a wrapped file, all lines with a quotation mark are wrapped, and each has as many cells as the header.
    """
    try:
        rows = list(csv.reader(lines, delimiter=separator, strict=True))
        found = [separator.join(row).rstrip(separator) for row in rows]
        if len(found) != len(lines):
            return []
        filled = ((row, line) for row, line in zip(rows, found, strict=True) if line)
        first, header = next(filled, ([], ""))
        quoted = [(old, new) for old, new in zip(lines, found, strict=True) if '"' in old]
        kept = any(new == old.rstrip(separator) for old, new in quoted)
        widths = {len(row) for row in csv.reader([header, *(new for _, new in quoted)], strict=True)}
    except csv.Error:
        return []
    several = sum(map(bool, first)) > 1  # such a header shows that the separator is right
    return [] if several or kept or len(widths) > 1 or max(widths) < _CELLS else found
