"""Numbers written as text: decimal comma or point, thousands marks, currency signs.

Every function works on a Narwhals frame with a text column ``name``; the caller decides whether that frame
holds a whole column or its distinct values only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets.orders.cells.currencies import ANY_CURRENCY, CURRENCY, one_code

# No price, amount or quantity is larger; and sums of larger numbers would lose the pennies.
_LARGEST_NUMBER = 1e15
_SPACE = "[ \t\u00a0\u2007\u2009\u202f]"
_MINUS = "[-\u2010-\u2015\u2212\ufe63\uff0d]"  # dashes and minus signs of typesetters
_MARKS = " \u00a0\u2007\u2009\u202f'’"  # thousands marks in any country


@dataclass(frozen=True)
class NumberSigns:
    """What a column's texts show about its decimal mark.

    Attributes
    ----------
    point, comma : str or None
        An example that can only be read with a decimal point (comma).
    either : str or None
        An example that reads differently with each, such as ``"1,234"``.
    unreadable : str or None
        An example that is not a number.
    filled, unread : int
        How many texts there are, and how many of them are not numbers.
    """

    point: str | None
    comma: str | None
    either: str | None
    unreadable: str | None
    filled: int
    unread: int


def number_signs(frame: FrameT, name: str) -> NumberSigns:
    """Look for proof of the decimal mark, in one pass over the column.

    A mark that isn't followed by three digits is a decimal mark (``2,5``); so is the last of two different
    marks (``1.234,5``). A mark that comes twice, or before groups of three, marks thousands (``1.234.567``).

    Examples
    --------
    >>> import pyarrow as pa
    >>> prices = nw.from_native(pa.table({"price": ["1.234,50 €", "12", "n/a"]}))
    >>> signs = number_signs(prices, "price")
    >>> signs.comma, signs.point, signs.unreadable, signs.filled, signs.unread
    ('1.234,50 €', None, 'n/a', 3, 1)
    """
    text, point, comma = nw.col("_text"), nw.col("_point"), nw.col("_comma")
    trimmed = nw.col(name).str.strip_chars().str.replace_all(_MINUS, "-")
    frame = frame.select(_text=trimmed, _plain=_plain(name)).with_columns(
        _point=nw.col("_plain").str.contains(_pattern(".")),
        _comma=nw.col("_plain").str.contains(_pattern(",")),
    )
    unread = ~(point | comma) & (text != "")
    found = frame.select(
        point=_example(text, point & ~comma),
        comma=_example(text, comma & ~point),
        either=_example(text, point & comma & text.str.contains(r"[0-9][.,][0-9]")),
        unreadable=_example(text, unread),
        filled=nw.when(text != "").then(nw.lit(1)).otherwise(nw.lit(0)).sum(),
        unread=nw.when(unread).then(nw.lit(1)).otherwise(nw.lit(0)).sum(),
    )
    row = next(collected(found).iter_rows(named=True))
    # SQL engines count in decimals.
    return NumberSigns(**row | {key: int(row[key] or 0) for key in ("filled", "unread")})


def currency_signs(frame: FrameT, name: str) -> dict[str, str]:
    """Return the currency signs and codes that stand next to the numbers of a column, and what each means.

    Examples
    --------
    >>> import pyarrow as pa
    >>> currency_signs(nw.from_native(pa.table({"price": ["2,50 €", "EUR 3", "4"]})), "price")
    {'EUR': 'EUR', '€': 'EUR'}
    """
    found = collected(frame.select(sign=_sign(name)).unique())["sign"].to_list()
    return {sign: one_code(sign) for sign in sorted(s for s in found if s)}


def currency_of(name: str, signs: Mapping[str, str]) -> nw.Expr:
    """Return the currency of each cell of a column with these signs, as `currency_signs` tells them."""
    written, currency = _sign(name), nw.lit(None, dtype=nw.String)
    for sign, code in signs.items():
        currency = nw.when(written == sign).then(nw.lit(code)).otherwise(currency)
    return currency


def _sign(name: str) -> nw.Expr:
    """Return the text next to each number, without the dots of abbreviations."""
    text, plain = nw.col(name).str.strip_chars().str.replace_all(_MINUS, "-"), _plain(name)
    priced = nw.when(plain.str.contains(_pattern(".")) | plain.str.contains(_pattern(","))).then(text)
    # The e of an exponent is not a currency, and no currency ends in an e before digits.
    bare = priced.str.replace_all(r"[eE][+-]?[0-9]+", "")
    return bare.str.replace_all(rf"[-+()0-9,.{_MARKS}\t]", "").str.to_uppercase()


def read_numbers(frame: FrameT, name: str, decimal: str) -> FrameT:
    """Replace texts by floats; text that is no number with this decimal mark becomes null.

    Examples
    --------
    >>> import pyarrow as pa
    >>> prices = nw.from_native(pa.table({"price": ["1.234,50 €", "(2,00)", "1 000", "2.50"]}))
    >>> read_numbers(prices, "price", ",")["price"].to_list()
    [1234.5, -2.0, 1000.0, None]
    """
    text, digits = nw.col("_text"), nw.col("_digits")
    # Steps get columns of their own: a lazy engine would repeat their expressions wherever they are used.
    frame = frame.with_columns(_text=_plain(name))
    frame = frame.with_columns(_text=nw.when(text.str.contains(_pattern(decimal))).then(text))
    group = "," if decimal == "." else "."
    bare = text.str.replace_all(rf"[(){_MARKS}\t+{group}{ANY_CURRENCY}]|-[^0-9]*$", "")
    frame = frame.with_columns(_digits=bare.str.replace_all(",", ".", literal=True))
    # Bookkeepers write (12.50) and 12.50- for -12.50; the price 12,- is 12 without pennies.
    negative = text.str.contains(r"\(|[0-9]-[^0-9]*$")
    signed = nw.when(negative).then(nw.concat_str(nw.lit("-"), digits)).otherwise(digits)
    return frame.with_columns(signed.cast(nw.Float64).alias(name)).drop("_text", "_digits")


def within_range(number: nw.Expr) -> nw.Expr:
    """Make numbers null that no shop has: infinity, and amounts beyond all money."""
    number = number.cast(nw.Float64)
    return nw.when(number.is_finite() & (number.abs() <= _LARGEST_NUMBER)).then(number)


def is_out_of_range(number: nw.Expr) -> nw.Expr:
    """Return whether a cell holds a number that `within_range` makes null; NaN is not a number."""
    number = number.cast(nw.Float64)
    return (~number.is_null() & ~number.is_nan() & (number.abs() > _LARGEST_NUMBER)).fill_null(False)


def one_number(text: str, decimal: str) -> float:
    """Read one number.

    Examples
    --------
    >>> one_number("1,234", "."), one_number("1,234", ",")
    (1234.0, 1.234)
    """
    import pyarrow as pa

    frame = nw.from_native(pa.table({"number": [text]}), eager_only=True)
    return float(read_numbers(frame, "number", decimal)["number"][0])


def with_floats(frame: FrameT, names: Collection[str]) -> FrameT:
    """Return decimals, in which databases store money, short floats and empty columns as floats to sum up.

    Examples
    --------
    >>> import polars as pl
    >>> money = nw.from_native(pl.DataFrame({"amount": ["2.50"]}, schema={"amount": pl.Decimal(10, 2)}))
    >>> with_floats(money, ["amount", "unit_price"]).schema["amount"]
    Float64
    """
    others = (nw.Decimal, nw.Float32, nw.Unknown)
    found = [n for n, dtype in frame.collect_schema().items() if n in names and dtype in others]
    return frame.with_columns(nw.col(name).cast(nw.Float64) for name in found) if found else frame


def collected(frame: FrameT) -> nw.DataFrame[Any]:
    """Bring a small result into memory."""
    return frame.lazy().collect()


def _example(text: nw.Expr, condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(text).max()


def _plain(name: str) -> nw.Expr:
    """Return texts with one sign for all currencies and one minus sign."""
    # One long pattern here replaces many in the pattern of a cell, which engines would compile at every step.
    text = nw.col(name).str.strip_chars().str.replace_all(_MINUS, "-")
    return text.str.replace_all(CURRENCY, ANY_CURRENCY)


def _pattern(decimal: str) -> str:
    """Return the pattern of a whole cell: sign, any currency and number with this decimal mark.

    Lengths are limited, so that an id or a hash in the wrong column doesn't count as a number.
    """
    mark, group = (r"\.", f"[,{_MARKS}]") if decimal == "." else (",", rf"[.{_MARKS}]")
    # Lakh and crore (1,23,45,678) have groups of two before the last three digits.
    grouped = rf"[1-9][0-9]{{0,2}}(?:{group}[0-9]{{2,3}}){{0,8}}{group}[0-9]{{3}}"
    fixed = rf"(?:(?:[0-9]{{1,30}}|{grouped})(?:{mark}[0-9]{{0,30}})?|{mark}[0-9]{{1,30}})"
    number = rf"{fixed}(?:[eE][+-]?[0-9]{{1,2}})?"
    before, after = rf"(?:{ANY_CURRENCY}{_SPACE}*)?", rf"(?:{_SPACE}*{ANY_CURRENCY})?"
    shapes = (
        rf"[-+]?{_SPACE}*{before}{number}{after}",
        rf"{ANY_CURRENCY}{_SPACE}*[-+]{number}",
        rf"{before}{number}(?:-|--)?{after}",
        rf"{before}\({before}{number}{after}\){after}",
    )
    return f"^(?:{'|'.join(shapes)})$"
