"""CSV files: safe to open in a spreadsheet, and small ones read whatever separates their columns."""

from __future__ import annotations

import re
import sys
import unicodedata
import warnings
from functools import cache
from itertools import chain, pairwise
from typing import Any

import numpy as np
import pandas as pd

#: What begins a formula or a command in a spreadsheet, and the wide, small, raised and lowered forms of these
#: characters, which some programs treat alike. Source: OWASP,
#: https://owasp.org/www-community/attacks/CSV_Injection.
FORMULA_STARTS = "=+-@|" + "＝﹦⁼₌＋﹢⁺₊﬩－﹣⁻₋\N{MINUS SIGN}＠﹫｜"
#: What separates cells in one spreadsheet or another, whatever this file's own separator is: the settings of
#: a country decide, and even a quoted text is then split.
SEPARATORS = ";\t|\r\n"
#: Filler characters that show nothing, although they have a width or count as letters.
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
_STARTS = re.compile(f"[{re.escape(FORMULA_STARTS)}]")
#: Texts that are harmless in any spreadsheet; nearly all are, and the pattern below takes a while to compile.
_HARMLESS = re.compile(f"[A-Za-z0-9][^{re.escape(SEPARATORS)}]*\\Z")
#: Where Unicode has its invisible characters; a search of all other planes would take a third of a second.
UNSEEN_PLANES = (range(0x20000), range(0xE0000, 0xE1000))


@cache
def _risky() -> re.Pattern[str]:
    """Match a cell's start, with characters that programs skip, before a character that begins a formula.

    Some programs drop characters that nobody sees: control characters, zero-width spaces, marks of direction,
    byte order marks, soft hyphens, combining marks without a letter, fillers and blanks.
    """
    unseen = [
        code
        for code in chain(*UNSEEN_PLANES)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me")
    ]
    codes = sorted({*unseen, *map(ord, _FILLERS)})
    lowest = [code for before, code in pairwise([-2, *codes]) if code - before > 1]
    highest = [code for code, after in pairwise([*codes, sys.maxunicode + 2]) if after - code > 1]
    spans = "".join(
        f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in zip(lowest, highest, strict=True)
    )
    return re.compile(rf"((?:^|[{SEPARATORS}])[\"\s{spans}]*)(?={_STARTS.pattern})")


def to_csv(frame: pd.DataFrame) -> str:
    r"""Write a frame as CSV for spreadsheets, with an apostrophe before each text that would be a formula.

    That applies to the start of a text, and to what would be the start of a cell if a spreadsheet used ``;``,
    a tab or ``|`` as separator. Numbers stay numbers (to 12 digits), negative ones too. Defused text doesn't
    read back the same: programs should read the model's Parquet files.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per line; its index is left out.

    Returns
    -------
    str
        Comma-separated, with one line of headings, lines ending in CR LF (RFC 4180).

    Examples
    --------
    >>> to_csv(pd.DataFrame({"product_name": ["=1+1", "MUG"], "amount": [-1.5, 2.0]}))
    "product_name,amount\r\n'=1+1,-1.5\r\nMUG,2\r\n"
    """
    safe = defused(frame)
    figures = {str(n): _digits(values) for n, values in safe.items() if pd.api.types.is_float_dtype(values)}
    text: str = safe.assign(**figures).to_csv(index=False, lineterminator="\r\n")
    return text


def csv_file(frame: pd.DataFrame) -> bytes:
    """Return a frame as a CSV file for spreadsheets, as :func:`to_csv` writes it.

    Excel reads it as UTF-8 only if it starts with a byte order mark.

    Examples
    --------
    >>> csv_file(pd.DataFrame({"name": ["Zoë"]})).decode("utf-8-sig").split()
    ['name', 'Zoë']
    """
    return to_csv(frame).encode("utf-8-sig")


def defused(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame in which no text or heading is a formula: see :func:`to_csv`.

    Examples
    --------
    >>> defused(pd.DataFrame({"product_name": ["=1+1", "MUG"]}))["product_name"].tolist()
    ["'=1+1", 'MUG']
    """
    return pd.DataFrame(
        {
            _defused(str(name)): values if _is_plain(values) else _all_defused(values)
            for name, values in frame.items()
        }
    )


def read_small_csv(source: Any) -> pd.DataFrame:
    r"""Read a small CSV file with any separator, with trimmed headers and text cells.

    Empty cells beyond the last header come from separators at the ends of lines.

    Raises
    ------
    ValueError
        A cell beyond the last header isn't empty: its column is unknown.
    csv.Error, pandas.errors.ParserError, pandas.errors.EmptyDataError, UnicodeDecodeError
        It is no CSV file.

    Examples
    --------
    >>> import io
    >>> read_small_csv(io.StringIO("sku; units\n007;3;\n"))
       sku units
    0  007     3
    """
    longer: list[list[str]] = []

    def shortened(row: list[str]) -> list[str]:
        kept = max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)
        longer.append(row[:kept])
        return row[:kept]

    # The headers are read as an ordinary line: where lines have more cells than headers, pandas would take
    # the first cells for an index.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pd.errors.ParserWarning)
        cells = pd.read_csv(
            source,
            dtype="str",
            sep=None,
            engine="python",
            encoding="utf-8-sig",
            header=None,
            on_bad_lines=shortened,
        )
    for row in longer:
        if len(row) > len(cells.columns):
            raise ValueError(
                f"a line has {len(row)} cells under {len(cells.columns)} headers: {', '.join(row)}. Put "
                "texts that hold a separator in quotation marks, or give each column a header."
            )
    first = cells.iloc[0].astype("object")
    headers = [
        f"Unnamed: {place}" if pd.isna(name) else str(name).removeprefix("\ufeff").strip()
        for place, name in enumerate(first)
    ]
    return cells.iloc[1:].reset_index(drop=True).set_axis(headers, axis=1)


def _digits(values: pd.Series[Any]) -> pd.Series[Any]:
    """Write numbers to 12 digits, a whole column at once: pandas would format each by itself."""
    texts = [f"{value:.12g}" for value in values.to_numpy(dtype=float, na_value=np.nan).tolist()]
    return pd.Series(texts, index=values.index, dtype="object").mask(values.isna())


def _is_plain(values: pd.Series[Any]) -> bool:
    return pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values)


def _all_defused(values: pd.Series[Any]) -> pd.Series[Any]:
    """Defuse each text of a column; a name that repeats in many lines is defused once."""
    texts = values.astype("object")
    if pd.api.types.infer_dtype(texts, skipna=True) != "string":  # 1 and True are equal, but not the same
        return texts.map(_defused, na_action="ignore")
    codes, names = pd.factorize(texts)
    harmless = _HARMLESS.match
    safe = [*(name if harmless(name) else _defused(name) for name in names), None]  # missing ones: code -1
    return pd.Series(safe, dtype="object").take(codes % len(safe)).set_axis(values.index)


def _defused(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    harmless = _HARMLESS.match(value) or not _STARTS.search(value)
    safe = value if harmless else _risky().sub(r"\1'", value)
    # The program that opens the file may drop a leading tab or line end, or start a new cell there.
    return f"'{safe}" if safe.startswith(("\t", "\r", "\n")) else safe
