"""Text tables whose lines stand in one cell each, as spreadsheets save what has another separator."""

from __future__ import annotations

import csv
import logging
import re

logger = logging.getLogger(__name__)

#: The whole of a line in quotation marks, those inside it twice, and the empty cells beside it.
_WRAPPED = re.compile(rb'"((?:[^"]|"")*)"([;,\t]*)\r?')
#: So many cells make a table, and so many bytes from the top tell.
_CELLS = 3
_TOP = 1 << 16


def without_wrapping(data: bytes) -> bytes:
    r"""Return the lines of a table as they were before each was taken for one cell; any other text as it is.

    A spreadsheet that expects semicolons opens a file with commas as one column. Saved, each line that holds
    a quotation mark is put into quotation marks as a whole, and others are not; a semicolon in a line parts
    it.

    Parameters
    ----------
    data : bytes
        The text, in UTF-8.

    Returns
    -------
    bytes
        As many lines.

    Examples
    --------
    >>> without_wrapping(b'id,name,n;\n"1,""Mug, blue"",2";\n2,Vase,1;\n')
    b'id,name,n\n1,"Mug, blue",2\n2,Vase,1\n'
    """
    top = (_WRAPPED.fullmatch(line) for line in data[:_TOP].split(b"\n"))
    first = next((match for match in top if match), None)
    if first is None or first[1].count(b",") < _CELLS - 1:
        return data
    separator = first[2][:1].decode() or ";"
    lines = [line.removesuffix("\r") for line in data.decode().split("\n")]
    try:
        cells = list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error:
        return data
    if len(cells) != len(lines):
        return data
    logger.info("Each line stands in one cell, as spreadsheets save it: it is read as several.")
    return "\n".join(separator.join(row).rstrip(separator) for row in cells).encode()
