"""Checks of parameters: each error names the parameter, what was expected and what was found."""

from __future__ import annotations

import math
import numbers
import os
import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

# From this major version on, DuckDB takes tens of gigabytes to read the dates of one small shop from text.
_DUCKDB_TOO_NEW = 2


def plain(value: Any) -> Any:
    """Return a value, or several, as plain Python writes it: 0.5, not np.float64(0.5).

    Examples
    --------
    >>> import numpy as np
    >>> plain(np.float64(0.5)), plain([np.int64(2), "a"])
    (0.5, [2, 'a'])
    >>> plain((np.float32(0.5), {"a": np.str_("b"), "c": {np.True_}}))
    (0.5, {'a': 'b', 'c': {True}})
    """
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, dict):
        return {plain(key): plain(each) for key, each in value.items()}
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(map(plain, value))
    return value


def told_missing(names: Sequence[object]) -> str:
    """Say what is missing of what is needed.

    Examples
    --------
    >>> told_missing(["amount"]), told_missing(["quantity", "amount"])
    ('amount is missing', 'quantity and amount are missing')
    """
    *first, last = map(str, names)
    return f"{', '.join(first)} and {last} are missing" if first else f"{last} is missing"


def check_table(parameter: str, value: Any, needed: Iterable[object], otherwise: str = "") -> None:
    """Raise TypeError unless a value is a pandas frame, and ValueError unless it has these columns.

    `otherwise` says where columns come from.

    Examples
    --------
    >>> check_table("lines", None, ["amount"])
    Traceback (most recent call last):
    TypeError: lines must be a pandas.DataFrame with the columns amount; got NoneType.
    """
    names = ", ".join(map(str, needed))
    if not isinstance(value, pd.DataFrame):
        instead = " Give its .to_pandas()." if hasattr(value, "to_pandas") else ""
        if hasattr(value, "transactions") and hasattr(value, "rejected"):
            instead = " Give the frame in it: its .transactions."
        raise TypeError(
            f"{parameter} must be a pandas.DataFrame with the columns {names}; got {type(value).__name__}."
            f"{instead}"
        )
    if missing := [str(name) for name in needed if name not in value]:
        raise ValueError(f"{parameter} must have the columns {names}; {told_missing(missing)}.{otherwise}")


def check_count(parameter: str, value: object, least: int = 1, otherwise: str = "") -> None:
    """Raise ValueError unless a value is a whole number of at least `least`.

    `otherwise` names what else the value may be.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or int(value) < least:
        also = f"{otherwise} or " if otherwise else ""
        raise ValueError(
            f"{parameter} must be {also}a whole number of at least {least}; got {plain(value)!r}"
        )


def check_list(parameter: str, value: object, of: str = "products") -> None:
    """Raise TypeError unless a value is a list: a text counts as one value, not as a list of its letters."""
    if isinstance(value, str):
        raise TypeError(f"{parameter} must be a list of {of}: write [{plain(value)!r}]")
    if not isinstance(value, Iterable):
        raise TypeError(f"{parameter} must be a list of {of}; got {type(value).__name__} {plain(value)!r}")


def check_choice(parameter: str, value: object, choices: Collection[object]) -> None:
    """Raise ValueError unless a value is one of a few."""
    if value not in choices:
        raise ValueError(f"{parameter} must be one of {', '.join(map(repr, choices))}; got {plain(value)!r}")


def check_at_least(parameter: str, value: float, least: float) -> None:
    """Raise ValueError unless a value is a finite number of at least `least`."""
    if not isinstance(value, numbers.Real) or math.isinf(value):
        raise ValueError(f"{parameter} must be a finite number; got {plain(value)!r}")
    if not value >= least:
        raise ValueError(f"{parameter} must be at least {least}; got {plain(value)!r}")


def check_frame(parameter: str, value: Any) -> nw.DataFrame[Any] | nw.LazyFrame[Any]:
    """Return a value as a Narwhals frame, or raise a TypeError that says what to give instead.

    Examples
    --------
    >>> check_frame("transactions", "orders.csv")
    Traceback (most recent call last):
    TypeError: transactions must be a frame; got str 'orders.csv'. Read it first: read_transactions(…).
    """
    frame = nw.from_native(value, pass_through=True)
    if isinstance(frame, nw.DataFrame | nw.LazyFrame):
        check_engine(parameter, frame)
        return frame
    if isinstance(value, str | os.PathLike):
        found = f"{type(value).__name__} {os.fspath(value)!r}. Read it first: read_transactions(…)."
    elif hasattr(value, "transactions") and hasattr(value, "rejected"):
        found = f"{type(value).__name__}. Give the frame in it: its .transactions."
    else:
        found = f"{type(value).__name__}. read_transactions(source) makes one of any file or frame."
    raise TypeError(f"{parameter} must be a frame; got {found}")


def check_engine(parameter: str, frame: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> None:
    """Raise ValueError for a DuckDB version that runs out of memory when it reads dates from text."""
    if not frame.implementation.is_duckdb():
        return
    version = str(sys.modules["duckdb"].__version__)  # a relation exists only after DuckDB was imported
    if int(version.partition(".")[0]) >= _DUCKDB_TOO_NEW:
        raise ValueError(
            f"{parameter} must be a relation of a DuckDB before {_DUCKDB_TOO_NEW}, which reads dates as text "
            f"in little memory; found DuckDB {version}. Give its rows, {parameter}.pl() or {parameter}.df(), "
            f'or install "duckdb<{_DUCKDB_TOO_NEW}".'
        )


def as_path(parameter: str, value: Any) -> Path:
    """Return a value as a path, or raise TypeError."""
    if not isinstance(value, str | os.PathLike):
        raise TypeError(f"{parameter} must be a path, such as 'out/model'; got {type(value).__name__}.")
    return Path(value)


def check_text(parameter: str, value: object) -> None:
    """Raise TypeError unless a value is text: an id that was read as a number has already lost its zeros."""
    if not isinstance(value, str):
        raise TypeError(
            f"{parameter} must be text, such as '22423'; got {type(value).__name__} {plain(value)!r}"
        )
