"""Opening files of orders: the content decides, not the name.

A source becomes a list of :class:`SourceTable`, one per file, zip member or sheet. Nothing here knows what a
column means; cells come out as text, or with the type that the file gives them (Excel, Parquet), and with
their line.
"""

from __future__ import annotations

import glob
import gzip
import hashlib
import io
import logging
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shopper_widgets._support.locale import gettext
from shopper_widgets.orders.cells.arrow import arrow_column
from shopper_widgets.orders.files.database_files import refuse_database
from shopper_widgets.orders.files.database_urls import masked
from shopper_widgets.orders.files.delimited import HEADER_ROWS, delimited_table, header_row

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)

#: The files that are read from a folder; a file that is given by its name may have any ending.
SUFFIXES = (".csv", ".tsv", ".txt", ".gz", ".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet")

#: The largest size of a file when it is unpacked, unless the caller allows more: 4 GiB.
MAX_BYTES = 2**32

_EXCEL = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_OLE = b"\xd0\xcf\x11\xe0"  # an .xls, or an .xlsx with a password
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True)
class SourceTable:
    """One table in a file: its name for messages, its headers, and how to read some of its columns.

    ``read(positions)`` returns an Arrow table with the columns ``"0", "1", …`` for the positions asked for,
    and ``"line"``: the 1-based line (text), row (Excel) or record (Parquet) in the file. ``sheet`` is set
    where a workbook has several; ``above`` are the rows over the header, such as a title.
    """

    name: str
    headers: tuple[str, ...]
    read: Callable[[Sequence[int]], pa.Table]
    sheet: str | None = None
    above: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Opening:
    """How files are opened; see :func:`open_tables`."""

    encoding: str | None
    sheet: str | int | None
    is_header: Callable[[Sequence[str]], bool]
    max_bytes: int
    notes: list[str]


def open_tables(
    source: str | os.PathLike[str],
    encoding: str | None = None,
    sheet: str | int | None = None,
    *,
    is_header: Callable[[Sequence[str]], bool] = lambda _: True,
    max_bytes: int = MAX_BYTES,
    notes: list[str] | None = None,
) -> list[SourceTable]:
    """Open a file, every table file in a folder, or every file that a glob pattern matches.

    Parameters
    ----------
    source : path or glob pattern
        What to open; equal files are opened once.
    encoding : str, optional
        Of text files; detected when not stated.
    sheet : str or int, optional
        Of a workbook; without it, every sheet that has any rows is a table.
    is_header : callable, optional
        Says whether a row is the header that is looked for: rows above it are a title. Without one, the first
        row is the header, unless the rows below it are much longer.
    max_bytes : int, optional
        Maximum size of an unpacked file.
    notes : list of str, optional
        Collects notes for the reader of the orders, such as on equal files that are read once.

    Raises
    ------
    FileNotFoundError
        The path doesn't exist, or the folder has no file of a known kind.
    ValueError
        A file is empty, damaged, behind a password, or not a table; or ``sheet`` doesn't exist.
    """
    how = _Opening(encoding, sheet, is_header, max_bytes, [] if notes is None else notes)
    tables: list[SourceTable] = []
    seen: dict[Any, str] = {}
    for path, name in table_paths(source):
        status = path.stat()
        same = seen.get((status.st_dev, status.st_ino)) if status.st_ino else None
        if same is None:
            _refuse_size(name, status.st_size, max_bytes)
            data = path.read_bytes()
            content = hashlib.sha256(data).digest()
            same = seen.get(content)
            seen |= {content: name, (status.st_dev, status.st_ino): name}
        if same is None:
            refuse_database(name, path, data)
            opened = _open(name, data, how)
            taken = {table.name for table in tables}
            # Names are made different, as for orders.csv next to orders.csv.gz.
            tables += [replace(table, name=name) if table.name in taken else table for table in opened]
        else:
            _note(name, same, how.notes)
    return tables


def _note(name: str, same: str, notes: list[str]) -> None:
    said = gettext("{name} holds the same as {same} and is left out.", name=name, same=same)
    notes.append(said)
    logger.warning("%s", said)


def _refuse_size(name: str, size: int, most: int) -> None:
    if size > most:
        raise ValueError(
            f"{name} holds more than max_bytes={most:,} bytes when it is unpacked. If the "
            "file is right, allow more with max_bytes=…, or split it."
        )


def table_paths(source: str | os.PathLike[str]) -> list[tuple[Path, str]]:
    """Return the files of a path, a folder or a glob pattern, each with its name for messages."""
    path = Path(source).expanduser()
    if path.is_file():
        return [(path, path.name)]
    if path.is_dir():
        found = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith((".", "~$")))
        wanted = [p for p in found if p.suffix.lower() in SUFFIXES]
        if not wanted:
            raise FileNotFoundError(
                f"source: the folder {path} holds no table file. Expected {', '.join(SUFFIXES)}; "
                f"found {', '.join(p.name for p in found[:5]) or 'nothing'}."
            )
        if ignored := [p.name for p in found if p not in wanted]:
            logger.info("Ignored in %s, not table files: %s", path, ", ".join(ignored))
        return [(p, p.name) for p in wanted]
    if glob.has_magic(str(path)):
        # A pattern may start at a root or have no folder, which Path.glob doesn't accept.
        matched = [Path(p) for p in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207
        if files := [p for p in matched if p.is_file()]:
            shared = os.path.commonpath([p.parent for p in files])
            return [(p, p.relative_to(shared).as_posix()) for p in files]
        raise FileNotFoundError(f"source: no file matches the pattern {str(path)!r}.")
    hint = " A web address is not read: download the file first." if "://" in str(source) else ""
    raise FileNotFoundError(f"source: there is no file, folder or glob pattern {masked(source)!r}.{hint}")


def _open(name: str, data: bytes, how: _Opening) -> list[SourceTable]:
    suffix = Path(name).suffix.lower()
    if not data or data.isspace():
        raise ValueError(f"{name} is empty: expected a header and at least one line of orders.")
    if data.startswith(b"\x1f\x8b"):
        return _open(name.removesuffix(".gz"), _gunzipped(name, data, how.max_bytes), how)
    if data.startswith(_ZIP):
        return list(_open_zip(name, data, how))
    if data.startswith(_OLE):
        return _open_workbook(name, data, how)
    if data.startswith(b"PAR1"):
        _refuse_sheet(name, how.sheet)
        return [_open_parquet(name, data)]
    if suffix in (".gz", ".zip", ".parquet", *_EXCEL):
        raise ValueError(
            f"{name} is not a {suffix} file, whatever its name says: it starts with {data[:16]!r}. "
            "Export it again, or rename it to .csv if it is a text file."
        )
    if data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[{", b"[\n", b"[\r", b"[ ")):
        raise ValueError(
            f"{name} is JSON, which is not read: an order with its products is a tree there, not a line per "
            "product. Export the orders as CSV, Excel or Parquet, or make a data frame of them first, with "
            "pandas.json_normalize for example."
        )
    _refuse_sheet(name, how.sheet)
    headers, read, above = delimited_table(name, data, how.encoding, how.is_header)
    return [SourceTable(name, headers, read, above=above)]


def _refuse_sheet(name: str, sheet: str | int | None) -> None:
    if sheet is not None:
        raise ValueError(f"sheet={sheet!r} was given, but {name} is not an Excel workbook: leave sheet out.")


def _gunzipped(name: str, data: bytes, most: int) -> bytes:
    import pyarrow as pa

    # The size is stated at the end of the file, so that memory is allocated once; Deflate packs at most 1032
    # to 1.
    size = int.from_bytes(data[-4:], "little")
    if size <= min(1032 * len(data), most):
        with suppress(OSError):  # several files in one, or a damaged file
            unpacked: bytes = pa.Codec("gzip").decompress(data, size, asbytes=True)
            return unpacked
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            unpacked = file.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{name} is damaged or incomplete ({error}): copy or download it again.") from None
    _refuse_size(name, len(unpacked), most)
    return unpacked


def _open_zip(name: str, data: bytes, how: _Opening) -> Iterator[SourceTable]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            inside = {m.filename for m in members}
            _refuse_size(name, sum(m.file_size for m in members), how.max_bytes)
            if any(n.startswith("xl/") for n in inside) or "content.xml" in inside:
                yield from _open_workbook(name, data, how)
                return
            members = [m for m in members if Path(m.filename).suffix.lower() in SUFFIXES]
            members = [m for m in members if not Path(m.filename).name.startswith((".", "~$"))]
            if not members:
                raise ValueError(
                    f"{name} holds no table file. Expected {', '.join(SUFFIXES)}; "
                    f"found {', '.join(sorted(inside)[:5]) or 'nothing'}."
                )
            if any(m.flag_bits & 1 for m in members):
                raise ValueError(f"{name} is protected by a password: unpack it and read what is inside.")
            seen: dict[bytes, str] = {}
            for member in sorted(members, key=lambda m: m.filename):
                content = archive.read(member)
                same = seen.setdefault(hashlib.sha256(content).digest(), member.filename)
                if same != member.filename:
                    _note(f"{name}: {member.filename}", same, how.notes)
                    continue
                for table in _open(Path(member.filename).name, content, how):
                    whole = member.filename if table.name in member.filename else table.name
                    yield replace(table, name=f"{name}/{whole}")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ValueError(f"{name} is damaged or incomplete ({error}): copy or download it again.") from None


def _open_workbook(name: str, data: bytes, how: _Opening) -> list[SourceTable]:
    from python_calamine import CalamineError, CalamineWorkbook

    sheet = how.sheet

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError as error:
        raise ValueError(
            f"{name} can't be opened as an Excel workbook ({error}). It may be damaged or protected by a "
            "password: open it in a spreadsheet program and save it again, without one."
        ) from None
    names = workbook.sheet_names
    if isinstance(sheet, int) and not isinstance(sheet, bool) and 0 <= sheet < len(names):
        wanted = [names[sheet]]
    elif sheet is None or sheet in names:
        wanted = names if sheet is None else [str(sheet)]
    else:
        raise ValueError(
            f"sheet={sheet!r} is not in {name}. Expected one of {', '.join(map(repr, names))}, "
            f"or a position from 0 to {len(names) - 1}."
        )
    tables = []
    for each in wanted:
        try:
            rows = workbook.get_sheet_by_name(each).to_python(skip_empty_area=False)
        except CalamineError as error:
            raise ValueError(f"{name}: the sheet {each!r} can't be read ({error}).") from None
        filled = [i for i, row in enumerate(rows) if any(cell != "" for cell in row)]
        if filled:
            start = header_row([[str(cell) for cell in rows[i]] for i in filled[:HEADER_ROWS]], how.is_header)
            above = tuple(" ".join(str(c) for c in rows[i] if c != "") for i in filled[:start])
            headers = tuple(str(cell).strip() for cell in rows[filled[start]])
            several = each if sheet is None and len(names) > 1 else None
            tables.append(SourceTable(name, headers, _sheet_reader(rows, filled[start]), several, above))
    if not tables:
        raise ValueError(f"{name} has no rows{'' if sheet is None else f' on sheet {sheet!r}'}.")
    return tables


def _sheet_reader(rows: list[list[Any]], start: int) -> Callable[[Sequence[int]], pa.Table]:
    def read(positions: Sequence[int]) -> pa.Table:
        import pyarrow as pa

        kept = [i for i in range(start + 1, len(rows)) if any(cell != "" for cell in rows[i])]
        columns = {
            str(p): arrow_column([None if rows[i][p] == "" else rows[i][p] for i in kept]) for p in positions
        }
        return pa.table({**columns, "line": pa.array([i + 1 for i in kept], pa.int64())})

    return read


def _open_parquet(name: str, data: bytes) -> SourceTable:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as error:
        raise ValueError(f"{name} is a damaged Parquet file ({error}): write it again.") from None
    headers = tuple(file.schema_arrow.names)

    def read(positions: Sequence[int]) -> pa.Table:
        table = file.read([headers[p] for p in positions])
        columns = {str(p): table[headers[p]] for p in positions}
        return pa.table({**columns, "line": pa.array(np.arange(1, table.num_rows + 1, dtype=np.int64))})

    return SourceTable(name, headers, read)
