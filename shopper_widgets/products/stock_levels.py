"""Stock on hand: read from a file or a database; each row is kept, or rejected with a reason."""

from __future__ import annotations

import csv
import gzip
import io
import os
from pathlib import Path
from typing import Any, Literal

import narwhals as nw
import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_choice, check_frame, plain, told_missing
from shopper_widgets._support.csv import read_small_csv
from shopper_widgets._support.formatting import listed
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import PRODUCT_ID, REASON
from shopper_widgets.errors import AmbiguousDecimalError
from shopper_widgets.orders.cells.numbers import NumberSigns, number_signs, one_number, read_numbers
from shopper_widgets.orders.files.database_files import refuse_database
from shopper_widgets.orders.files.database_urls import masked
from shopper_widgets.orders.files.databases import is_ibis, read_database
from shopper_widgets.orders.files.encodings import as_utf8

ON_HAND, ON_ORDER, PACK, MINIMUM = "on_hand", "on_order", "pack", "minimum"
UNIT_COST, UNIT_SPACE = "unit_cost", "unit_space"
NUMBERS = (ON_HAND, ON_ORDER, PACK, MINIMUM, UNIT_COST, UNIT_SPACE)
_BYTES = (
    f"{PRODUCT_ID} must be text or whole numbers; found bytes (a BLOB). Have the query write text, such as "
    "CAST(product_id AS TEXT)."
)


def read_stock(
    source: Any,
    *,
    query: str | None = None,
    table: str | None = None,
    decimal: Literal[".", ","] | None = None,
    encoding: str | None = None,
) -> pd.DataFrame:
    r"""Read what is on hand from a CSV file or a database.

    Parameters
    ----------
    source : path, text buffer, connection, engine or text
        A CSV file, whatever separates its columns; or with `query` or `table` a database, as
        :func:`~shopper_widgets.read_transactions` takes it: a connection (of sqlite3, psycopg, ADBC…), an
        engine or connection of SQLAlchemy, a database's URL, or the file of SQLite or DuckDB; or a table of
        Ibis.
    query, table : str, optional
        What to read from a database: one of them.
    decimal : {".", ","}, optional
        The decimal mark of numbers written as text. Needed only where no number proves it.
    encoding : str, optional
        That of a file, such as ``"cp1252"``; by default UTF-8, or what the text shows.

    Returns
    -------
    pandas.DataFrame
        Its headers trimmed and in lower case, for :func:`~shopper_widgets.stock_plan`: codes of products and
        further columns are text, numbers are floats; what is not a number stays as it was written.

    Raises
    ------
    AmbiguousDecimalError
        Numbers written as text can be read in two ways: give `decimal`.
    ValueError
        It isn't a table, two of its columns have one name, codes of products are bytes, numbers contradict
        each other or `decimal`, or the database refuses the query.
    TypeError
        With `query` or `table`, `source` is not a database.

    Examples
    --------
    >>> import io, sqlite3
    >>> read_stock(io.StringIO("Product_ID; On_hand\n007;1.250,5"))
      product_id  on_hand
    0        007   1250.5
    >>> read_stock(io.StringIO("product_id;on_hand\n007;1.250"), decimal=",")["on_hand"].tolist()
    [1250.0]
    >>> shop = sqlite3.connect(":memory:")
    >>> _ = shop.execute("CREATE TABLE shelf AS SELECT '007' AS sku, 3 AS units")
    >>> read_stock(shop, query="SELECT sku AS product_id, units AS on_hand FROM shelf")
      product_id  on_hand
    0        007      3.0
    >>> shop.close()
    """
    if decimal is not None:
        check_choice("decimal", decimal, (".", ","))
    if query is not None or table is not None or is_ibis(source):
        if encoding is not None:
            raise ValueError(
                f"encoding is that of a file: leave it out with a database; got {plain(encoding)!r}."
            )
        return _with_numbers(_from_database(source, query, table), decimal)
    if isinstance(source, str) and "://" in source:
        raise ValueError(f"{masked(source)!r} is a database: give query= or table= with it.")
    try:
        frame = read_small_csv(_opened(source, encoding))
    except csv.Error as error:
        raise ValueError(gettext("It isn't a CSV file whose columns can be told apart.")) from error
    return _with_numbers(_with_plain_names(frame), decimal)


def _opened(source: Any, encoding: str | None) -> Any:
    """Return the text of a file in any encoding; a source that is already text is returned as it is."""
    if hasattr(source, "read"):
        name, content = "the file", source.read()
    else:
        path = Path(source)
        unpack = gzip.decompress if path.suffix.lower() == ".gz" else bytes
        name, content = path.name, unpack(path.read_bytes())
        refuse_database(name, path, content)
    return io.StringIO(content if isinstance(content, str) else as_utf8(name, content, encoding).decode())


def _from_database(source: Any, query: str | None, table: str | None) -> pd.DataFrame:
    rows = read_database(source, query, table)
    places = [place for place, name in enumerate(rows.column_names) if _plain(name) == PRODUCT_ID]
    for place in places:
        if "binary" in str(rows.column(place).type):
            raise ValueError(_BYTES)
        # In pandas, whole numbers with a missing one among them would become floats such as 7.0.
        rows = rows.set_column(place, rows.column_names[place], rows.column(place).cast("string"))
    frame: pd.DataFrame = rows.to_pandas()
    return _with_plain_names(frame)


def _with_plain_names(frame: pd.DataFrame) -> pd.DataFrame:
    """Trim headers and write them in lower case; of several columns with one name, the first stays."""
    plain = [_plain(name) for name in frame.columns]
    for name in (PRODUCT_ID, *NUMBERS):
        if plain.count(name) > 1:
            found = [str(header) for header, its in zip(frame.columns, plain, strict=True) if its == name]
            raise ValueError(
                gettext(
                    "stock must have one column {name}, whatever its capitals; it has {found}. Leave one of "
                    "them.",
                    name=name,
                    found=listed(map(repr, found)),
                )
            )
    named = frame.set_axis(plain, axis=1)
    return named.loc[:, ~named.columns.duplicated()]


def _plain(name: object) -> str:
    return str(name).strip().lower()


def _with_numbers(frame: pd.DataFrame, decimal: str | None) -> pd.DataFrame:
    """Read the columns of numbers; other texts stay as they are written, and are rejected with a reason."""
    numbers = _numbers(frame, decimal)
    unread = frame[list(numbers.columns)].notna() & numbers.isna()
    read = {
        name: numbers[name].astype("object").mask(unread[name], frame[name]) if any_unread else numbers[name]
        for name, any_unread in unread.any().items()
    }
    return frame.assign(**{str(name): column for name, column in read.items()})


def _numbers(frame: pd.DataFrame, decimal: str | None = None) -> pd.DataFrame:
    """Read the columns of numbers; texts by this decimal mark, or the one that some prove, as in orders."""
    import pyarrow as pa

    found = frame[[name for name in NUMBERS if name in frame]]
    cells = pd.Series(found.to_numpy(dtype=object).ravel(), dtype="object")
    is_text = cells.map(lambda cell: isinstance(cell, str)).astype(bool)
    numbers = pd.to_numeric(cells.mask(is_text), errors="coerce").astype(float)
    if is_text.any():
        texts = nw.from_native(pa.table({"number": cells[is_text].tolist()}), eager_only=True)
        mark = _decimal(number_signs(texts, "number"), decimal)
        numbers[is_text] = read_numbers(texts, "number", mark)["number"].to_numpy()
    return pd.DataFrame(numbers.to_numpy().reshape(found.shape), index=found.index, columns=found.columns)


def _decimal(signs: NumberSigns, given: str | None) -> str:
    """Return the decimal mark of numbers with these signs: the given one, or the one that some prove."""
    if signs.point and signs.comma:
        raise ValueError(
            gettext(
                "stock must have one decimal mark: {point} has a point, {comma} a comma. Write all numbers "
                "alike.",
                point=repr(signs.point),
                comma=repr(signs.comma),
            )
        )
    if other := {".": signs.comma, ",": signs.point}.get(given or ""):
        raise ValueError(
            gettext(
                "decimal must be the mark of the file's numbers; got {given} for {other}.",
                given=repr(given),
                other=repr(other),
            )
        )
    if given is None and signs.either and not signs.point and not signs.comma:
        raise AmbiguousDecimalError(signs.either, *(one_number(signs.either, mark) for mark in ".,"))
    return given or ("," if signs.comma else ".")


def _code(value: Any) -> Any:
    """Return a product's code as a database writes it: 7.0 becomes 7."""
    if isinstance(value, bytes | bytearray | memoryview):
        raise ValueError(_BYTES)
    whole = isinstance(value, float | np.floating) and float(value).is_integer()
    return f"{value:.0f}" if whole else str(value)


def stock_levels(stock: Any, products: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one row per product, and the rows that were rejected with their reason.

    `stock` is a frame or a CSV file: ``product_id, on_hand``, and where they are there ``on_order``, ``pack``
    (the units of a pack), ``minimum`` (the fewest units of an order), ``unit_cost`` and ``unit_space`` (the
    space that a unit takes). Nothing is known of products without a row.
    """
    if isinstance(stock, str | os.PathLike):
        frame = read_stock(stock)
    elif isinstance(stock, pd.DataFrame):
        frame = _with_plain_names(stock)
    else:
        checked = check_frame("on_hand", stock)
        eager = checked.collect() if isinstance(checked, nw.LazyFrame) else checked
        frame = _with_plain_names(eager.to_pandas())
    if missing := [name for name in (PRODUCT_ID, ON_HAND) if name not in frame]:
        raise ValueError(
            f"on_hand must have the columns product_id and on_hand; {told_missing(missing)}. "
            f"It has {', '.join(map(str, frame.columns))}."
        )
    frame = frame.reset_index(drop=True)
    # Codes are changed as cleaning changes them: trimmed, and in capitals.
    codes = frame[PRODUCT_ID].map(_code, na_action="ignore").astype("str").str.strip().str.upper()
    numbers = _numbers(frame)
    given = frame[list(numbers.columns)].notna()
    unread = (
        (given & numbers.isna()).any(axis=1)
        | numbers[ON_HAND].isna()
        | np.isinf(numbers.to_numpy()).any(axis=1)
    )
    known = pd.Series(products, dtype="str").str.upper()
    reasons = np.select(
        [
            frame[PRODUCT_ID].isna(),
            codes.duplicated(keep=False),
            unread,
            (numbers.drop(columns=ON_HAND) < 0).any(axis=1),
            (numbers[[name for name in (PACK,) if name in numbers]] == 0).any(axis=1),
            ~codes.isin(known),
        ],
        [
            N_("missing product"),
            N_("repeated product"),
            N_("unreadable number"),
            N_("negative number"),
            N_("pack of 0"),
            N_("never sold"),
        ],
        "",
    )
    rejected = frame[reasons != ""].assign(**{REASON: reasons[reasons != ""]})
    kept = numbers[reasons == ""].set_index(codes[reasons == ""])
    found = kept.reindex(known.to_numpy()).reset_index(drop=True)
    return found.reindex(columns=list(NUMBERS)), rejected
