"""Opening files of orders: what is inside counts, not what the name says.

A source becomes a list of :class:`SourceTable`, one per file, zip member or sheet. Nothing here knows what a
column means; cells come out as text or as what the file itself types (Excel, Parquet), with the line they
stand on.
"""

from __future__ import annotations

import glob
import gzip
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

from shopper_widgets._arrow import arrow_column
from shopper_widgets._delimited import delimited_table

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)

#: What a folder is searched for; a file named outright may be called anything.
SUFFIXES = (".csv", ".tsv", ".txt", ".gz", ".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet")

_EXCEL = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_OLE = b"\xd0\xcf\x11\xe0"  # an .xls, or an .xlsx behind a password
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True)
class SourceTable:
    """One table in a file: its name for messages, its headers, and how to read some of its columns.

    ``read(positions)`` returns an Arrow table with the columns ``"0", "1", …`` for the positions asked for,
    and ``"line"``: the 1-based line (text), row (Excel) or record (Parquet) in the file. ``sheet`` is set
    where a workbook has several.
    """

    name: str
    headers: tuple[str, ...]
    read: Callable[[Sequence[int]], pa.Table]
    sheet: str | None = None


def open_tables(
    source: str | os.PathLike[str], encoding: str | None = None, sheet: str | int | None = None
) -> list[SourceTable]:
    """Open a file, every table file in a folder, or every file that a glob pattern matches.

    Parameters
    ----------
    source : path or glob pattern
    encoding : str, optional
        Of text files; detected when not stated.
    sheet : str or int, optional
        Of a workbook; without it, every sheet that has any rows is a table.

    Raises
    ------
    FileNotFoundError
        Nothing is there, or the folder holds no file of a kind that is read.
    ValueError
        A file is empty, damaged, behind a password, or not a table; or ``sheet`` doesn't exist.
    """
    tables = []
    for path, name in _paths(source):
        tables += _open(name, path.read_bytes(), encoding, sheet)
    return tables


def _paths(source: str | os.PathLike[str]) -> list[tuple[Path, str]]:
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
        # a pattern may start at a root or hold no folder at all, which Path.glob doesn't take
        matched = [Path(p) for p in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207
        if files := [p for p in matched if p.is_file()]:
            shared = os.path.commonpath([p.parent for p in files])
            return [(p, p.relative_to(shared).as_posix()) for p in files]
        raise FileNotFoundError(f"source: no file matches the pattern {str(path)!r}.")
    hint = " A web address is not read: download the file first." if "://" in str(source) else ""
    raise FileNotFoundError(f"source: there is no file, folder or glob pattern {str(source)!r}.{hint}")


def _open(name: str, data: bytes, encoding: str | None, sheet: str | int | None) -> list[SourceTable]:
    suffix = Path(name).suffix.lower()
    if not data or data.isspace():
        raise ValueError(f"{name} is empty: expected a header and at least one line of orders.")
    if data.startswith(b"\x1f\x8b"):
        return _open(name.removesuffix(".gz"), _gunzipped(name, data), encoding, sheet)
    if data.startswith(_ZIP):
        return list(_open_zip(name, data, encoding, sheet))
    if data.startswith(_OLE):
        return _open_workbook(name, data, sheet)
    if data.startswith(b"PAR1"):
        _refuse_sheet(name, sheet)
        return [_open_parquet(name, data)]
    if suffix in (".gz", ".zip", ".parquet", *_EXCEL):
        raise ValueError(
            f"{name} is not a {suffix} file, whatever its name says: it starts with {data[:16]!r}. "
            "Export it again, or rename it to .csv if it is a text file."
        )
    _refuse_sheet(name, sheet)
    headers, read = delimited_table(name, data, encoding)
    return [SourceTable(name, headers, read)]


def _refuse_sheet(name: str, sheet: str | int | None) -> None:
    if sheet is not None:
        raise ValueError(f"sheet={sheet!r} was given, but {name} is not an Excel workbook: leave sheet out.")


def _gunzipped(name: str, data: bytes) -> bytes:
    import pyarrow as pa

    # The size that the end of the file states saves growing into it. Deflate packs no better than 1032 to 1.
    size = int.from_bytes(data[-4:], "little")
    if size <= 1032 * len(data):
        with suppress(OSError):  # several files strung together, or a damaged one
            unpacked: bytes = pa.Codec("gzip").decompress(data, size, asbytes=True)
            return unpacked
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{name} is damaged or incomplete ({error}): copy or download it again.") from None


def _open_zip(name: str, data: bytes, encoding: str | None, sheet: str | int | None) -> Iterator[SourceTable]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            inside = {m.filename for m in members}
            if any(n.startswith("xl/") for n in inside) or "content.xml" in inside:
                yield from _open_workbook(name, data, sheet)
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
            for member in sorted(members, key=lambda m: m.filename):
                content = archive.read(member)
                for table in _open(Path(member.filename).name, content, encoding, sheet):
                    whole = member.filename if table.name in member.filename else table.name
                    yield replace(table, name=f"{name}/{whole}")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ValueError(f"{name} is damaged or incomplete ({error}): copy or download it again.") from None


def _open_workbook(name: str, data: bytes, sheet: str | int | None) -> list[SourceTable]:
    from python_calamine import CalamineError, CalamineWorkbook

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
        start = next((i for i, row in enumerate(rows) if any(cell != "" for cell in row)), None)
        if start is not None:
            headers = tuple(str(cell).strip() for cell in rows[start])
            several = each if sheet is None and len(names) > 1 else None
            tables.append(SourceTable(name, headers, _sheet_reader(rows, start), several))
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
