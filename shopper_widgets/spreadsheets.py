"""CSV files that are safe to open in a spreadsheet."""

from __future__ import annotations

from typing import Any

import pandas as pd

#: What makes a spreadsheet read a cell as a formula or a command.
#: Source: OWASP, https://owasp.org/www-community/attacks/CSV_Injection.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def to_csv(frame: pd.DataFrame) -> str:
    r"""Write a frame as CSV for spreadsheets: text that would run as a formula gets a leading apostrophe.

    Numbers stay numbers (to 12 digits), negative ones too. Defused text does not read back as it was: what a
    program reads comes from the model's Parquet files.

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
    safe = pd.DataFrame(
        {
            _defused(str(name)): values if _is_plain(values) else values.map(_defused, na_action="ignore")
            for name, values in frame.items()
        }
    )
    text: str = safe.to_csv(index=False, lineterminator="\r\n", float_format="%.12g")
    return text


def _is_plain(values: pd.Series[Any]) -> bool:
    return pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values)


def _defused(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value
