"""Ids, names and statuses as trimmed text, and ids that identify nobody."""

from __future__ import annotations

import logging
import operator
import unicodedata
from collections.abc import Callable, Collection, Iterable
from functools import partial, reduce
from typing import Any

import narwhals as nw
import pandas as pd
from narwhals.typing import FrameT

from shopper_widgets._support.formatting import count_of, format_share, listed
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import CUSTOMER_ID, ORDER_ID, PRODUCT_ID, TEXT
from shopper_widgets.orders.cells.distinct import Cells
from shopper_widgets.orders.cells.numbers import collected
from shopper_widgets.orders.known_layouts import (
    CANCELLED_AT,
    CUSTOMER_EMAIL,
    CUSTOMER_NAME,
    OTHER_ID,
    PAYMENT_STATUS,
    STATUS,
)
from shopper_widgets.orders.layouts import Layout

logger = logging.getLogger(__name__)

_ERRORS = ("#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!")
#: Cells, in lower case, that mean "nothing" in numbers and dates, where no word is expected.
NO_VALUE = ("", "nan", "nat", "<na>", "na", "n/a", "n.a.", "none", "null", "nil", r"\n", "-", "--", *_ERRORS)
#: The same for dates, with MySQL's forms of a blank date.
NO_DATE = (*NO_VALUE, "0000-00-00", "0000-00-00 00:00:00", "0000-00-00t00:00:00", "0000/00/00", "00/00/0000")
#: The same for ids.
MISSING_IDS = (*NO_VALUE, "(null)", "[null]", "undefined", "unknown", "missing", "(blank)", "?", "-1")
#: The same for names and countries, in this spelling only: a product may be called "None", and NA is Namibia.
MISSING_TEXT = ("", "nan", "NaN", "<NA>", "NULL", r"\N", *(error.upper() for error in _ERRORS))
#: Words for a buyer without an account, in lower case.
GUESTS = (
    *("guest", "guests", "guest customer", "guest checkout", "guest user", "not logged in", "no customer"),
    *("anonymous", "anonymous customer", "walk-in", "walk in", "walk-in customer", "cash", "cash customer"),
    *("walk in customer", "walkin", "walkin customer", "unregistered", "unregistered customer"),
    *("not registered", "unknown customer", "default customer", "general customer", "visitor"),
    *("mostrador", "cliente ocasional", "cliente de contado", "cliente final"),
    *("gast", "gastkunde", "laufkunde", "barverkauf", "anonym", "invité", "invite", "client anonyme"),
    *("invitado", "anónimo", "ospite", "anonimo", "convidado", "gość", "gäst", "gæst", "gjest", "vieras"),
    # the buyer whom tills and accounting programs print where no customer was entered
    *("retail customer", "counter sale", "cash sale", "laufkundschaft", "barverkauf kunde", "diverse kunden"),
    *("client de passage", "client comptoir", "client divers", "clients divers", "consumidor final"),
    *("público general", "público en general", "clientes varios", "cliente varios", "cliente mostrador"),
    *("cliente de mostrador", "cliente genérico", "venta mostrador", "cliente balcão", "cliente padrão"),
    *("consumidor não identificado", "cliente não identificado", "cliente generico", "consumatore finale"),
    *("particuliere klant", "klient detaliczny", "odbiorca detaliczny", "perakende müşteri"),
    *("розничный покупатель", "розничный клиент", "частное лицо", "физлицо", "pelanggan umum", "umum"),
    *("散客", "零售客户", "비회원", "게스트", "ゲスト", "非会員"),
)
_IDS = (ORDER_ID, PRODUCT_ID, CUSTOMER_ID)
_BESIDES = (OTHER_ID, CUSTOMER_EMAIL, CUSTOMER_NAME)
# Above this, floats can't distinguish neighboring whole numbers.
_LARGEST_EXACT = 2**53
# How a spreadsheet shortens a long number: 1.23457E+12, 1,23457E+12.
_SHORTENED = r"^[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{2,3}$"
# How R writes a round number: 1e+05. Spreadsheets write E. Longer numbers may not be exact.
_ROUND, _LONGEST_ROUND = r"^[0-9](?:\.[0-9]+)?e\+[0-9]{2}$", 15
# At most this share of numbers is round by chance; if more are written this way, a program has shortened all.
_MOST_ROUND = 0.1
# Characters without a width, from texts that were copied from pages, and the mark at the start of a file.
_UNSEEN = "[\u200b\u2060\ufeff]"
_ADDRESS = r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+$"
# Addresses of a function, not of a person: a till or a telephone desk enters its own.
_DESKS = (
    r"^(?:info|shop|store|orders?|sales|office|contact|kontakt|hello|mail|pos|kasse|till|no-?reply|guest)@"
)
# Ids that only fill a field (ZZ000000000000, C0000, 99999), if such an id has many times the orders of any
# other id.
_FILLERS = "[A-Za-z]{1,4}[-_]?0{4,}|9{4,}|[xX]{3,}"
_FILLER_ORDERS, _FILLER_TIMES = 20, 3
# An address is the shop's own, not a customer's, if it has this many orders, this share of all orders, and
# this many times the orders of the next address: the busiest customer of UCI Online Retail placed 1 % of its
# orders.
_DESK_ORDERS, _DESK_SHARE, _DESK_TIMES = 20, 0.05, 3
_SHARED_SHARE, _SHARED_TIMES = 0.1, 10


def settle_text(cells: Cells) -> None:
    """Turn ids, names and statuses into trimmed text, or null."""
    cells.replace({name: _unwrapped(name) for name, dtype in cells.schema.items() if dtype == nw.String})
    wanted = (*TEXT, *_BESIDES, STATUS, PAYMENT_STATUS, CANCELLED_AT)
    is_float = {name: cells.schema[name].is_float() for name in wanted if name in cells.schema}
    cells.replace(
        {name: float_text(name) if floats else _plain_text(name) for name, floats in is_float.items()}
    )
    cells.replace({name: _known_text(name, floats) for name, floats in is_float.items()})


def _unwrapped(name: str) -> nw.Expr:
    """Remove the marks that keep a text as it is in spreadsheets: ``="00123"``, and ``'00123`` in ids."""
    text = nw.col(name)
    trimmed = text.str.strip_chars()
    formula = trimmed.str.starts_with('="') & trimmed.str.ends_with('"')
    # 'TIS THE SEASON is a name.
    marks = ("'",) if name in _IDS else ("'=", "'+", "'-", "'@")
    kept = reduce(operator.or_, (trimmed.str.starts_with(mark) for mark in marks)) & ~trimmed.str.ends_with(
        "'"
    )
    unwrapped = nw.when(formula).then(trimmed.str.slice(2).str.replace_all('"$', "")).otherwise(text)
    return nw.when(kept).then(trimmed.str.slice(1)).otherwise(unwrapped)


def _known_text(name: str, is_float: bool) -> nw.Expr:
    """Make texts null that mean "nothing"."""
    text: nw.Expr = nw.col(name)
    if name not in (*_IDS, *_BESIDES):
        return nw.when(~text.is_in(MISSING_TEXT)).then(text)
    known: nw.Expr = nw.when(~text.str.to_lowercase().is_in(MISSING_IDS)).then(text)
    if name in (CUSTOMER_ID, CUSTOMER_EMAIL) and not is_float:  # one person, in any spelling of the address
        known = nw.when(text.str.contains(_ADDRESS)).then(text.str.to_lowercase()).otherwise(known)
    return known


def float_text(name: str) -> nw.Expr:
    """Write ids that are floats as text: 12345.0 is "12345", NaN is missing."""
    # Ids are floats if a program kept whole numbers and missing values in one column.
    number = nw.col(name)
    number = nw.when(number.is_finite()).then(number)
    exact = number.abs() < _LARGEST_EXACT
    whole = nw.when((number == number.round(0)) & exact).then(number)
    rounded = nw.when(~exact).then(nw.lit("9E+15"))  # refused below, as a shortened id
    return nw.coalesce(whole.cast(nw.Int64).cast(nw.String), rounded, number.cast(nw.String))


def _plain_text(name: str) -> nw.Expr:
    text = nw.col(name).cast(nw.String).str.replace_all(_UNSEEN, "").str.strip_chars()
    if name not in (*_IDS, OTHER_ID):
        return text
    was_float = text.str.contains(r"^-?[0-9]+\.0+$")
    return nw.when(was_float).then(text.str.replace_all(r"\.0+$", "")).otherwise(text)


def is_address(text: nw.Expr) -> nw.Expr:
    """Whether a text is an e-mail address."""
    return text.str.contains(_ADDRESS)


def is_shortened(text: nw.Expr) -> nw.Expr:
    """Return whether an id was rounded, by a spreadsheet or as a decimal number."""
    return text.str.contains(_SHORTENED).fill_null(False)


def shortened_ids() -> dict[str, tuple[str, nw.Expr]]:
    """Return aggregates that find ids that were rounded by a spreadsheet, or as decimal numbers.

    Others may prove that no id was: round numbers as R writes them, and the length of numbers in full.
    """
    figures: dict[str, tuple[str, nw.Expr]] = {}
    one = nw.lit(1)
    for name in _IDS:
        cell = nw.col(name)
        short, is_round, in_full = (
            cell.str.contains(_SHORTENED),
            _is_round(cell),
            cell.str.contains("^[0-9]+$"),
        )
        figures |= {
            f"{name} shortened": (name, nw.when(short & ~is_round).then(cell).max()),
            f"{name} round": (name, nw.when(is_round).then(cell).max()),
            f"{name} exponent": (name, nw.when(is_round).then(_exponent(cell)).max()),
            f"{name} longest": (name, nw.when(in_full).then(cell.str.len_chars()).max()),
            f"{name} rounds": (name, nw.when(is_round).then(one).sum()),
            f"{name} in full": (name, nw.when(in_full).then(one).sum()),
        }
    return figures


def _exponent(cell: nw.Expr) -> nw.Expr:
    # Engines cast all cells, so that cells that are not numbers must be replaced before.
    return nw.when(cell.str.contains(_ROUND)).then(cell.str.slice(-2)).otherwise(nw.lit("0")).cast(nw.Int64)


def _is_round(cell: nw.Expr) -> nw.Expr:
    """Return whether a cell may be a whole number as R writes it: 2.5e+05 is one, 1.23e+01 is not."""
    exponent = _exponent(cell)
    has_no_rest = cell.str.len_chars() <= exponent + len("1.e+05")  # no more decimals than the exponent
    return cell.str.contains(_ROUND) & has_no_rest & (exponent <= _LONGEST_ROUND)


def settle_shortened(cells: Cells, found: Callable[[str], Any], layout: Layout, notes: list[str]) -> None:
    """Refuse ids that have been rounded: two customers may have become one.

    R writes 100000 as 1e+05 without loss: if other numbers as long are complete, none is rounded.

    Parameters
    ----------
    cells : Cells
        Columns of ids, to be written out where that is without loss.
    found : callable
        Gives what `shortened_ids` looks for, by name.
    layout : Layout
        Names the headers, for the error.
    notes : list of str
        Collects notes on ids that were read in full.

    Raises
    ------
    ValueError
        Ids are rounded.
    """
    for name in _IDS:
        header, written = layout.columns.get(name), found(f"{name} round")  # none, where each is assumed
        exact = written is not None and (
            found(f"{name} exponent") < (found(f"{name} longest") or 0)
            and found(f"{name} rounds") <= _MOST_ROUND * float(found(f"{name} in full") or 0)
        )
        example = found(f"{name} shortened") or (None if exact else written)
        if example is not None:
            raise ValueError(
                f"{name}: ids under {header!r}, such as {example!r}, were shortened by a "
                "spreadsheet or a decimal column, which may have made one of several. Export the orders "
                "again and don't save them from a spreadsheet, or read and keep that column as text; or map "
                f"another column that tells them apart, such as a name: columns={{{name!r}: '…'}}."
            )
        if exact:
            cells.rewrite(name, partial(_in_full, name=name))
            notes.append(
                gettext(
                    "Round numbers under {header}, such as {example}, are read in full, because other "
                    "numbers of that length were not shortened.",
                    header=repr(header),
                    example=repr(written),
                )
            )


def _in_full(frame: FrameT, name: str) -> FrameT:
    cell, is_round = nw.col(name), _is_round(nw.col(name))
    number = nw.when(is_round).then(cell).otherwise(nw.lit("0"))
    whole = number.cast(nw.Float64).cast(nw.Int64).cast(nw.String)
    return frame.with_columns(nw.when(is_round).then(whole).otherwise(cell).alias(name))


def without_guests(
    frame: FrameT, guests: Iterable[str] | None, notes: list[str], *, addresses_only: bool = False
) -> FrameT:
    """Treat ids shared by many people, such as 0 or a till's address, as missing customers.

    Parameters
    ----------
    frame : frame
        Settled lines.
    guests : iterable of str, optional
        Those ids; by default, they are found in the data.
    notes : list of str
        Takes what was found.
    addresses_only : bool, default False
        Only check addresses: other ids were checked before.
    """
    orders = _orders_per_customer(frame)
    if guests is not None:
        found = {str(guest).strip() for guest in guests} & set(orders.index)
    else:
        found = _shared_addresses(orders) if addresses_only else _guests(orders)
    if not found:
        return frame
    theirs = orders[orders.index.isin(found)]
    shown = listed([repr(guest) for guest in sorted(found, key=lambda g: (-orders[g], g))[:5]])
    share = format_share(theirs.sum() / orders.sum())
    said = gettext(
        "Guests, not one customer: {shown} under customer_id. Without a customer: {orders} ({share}).",
        shown=shown,
        orders=count_of(int(theirs.sum()), "order"),
        share=share,
    )
    notes.append(said)
    logger.warning("%s", said)
    known = nw.when(~nw.col(CUSTOMER_ID).is_in(sorted(found))).then(nw.col(CUSTOMER_ID))
    return frame.with_columns(known.alias(CUSTOMER_ID))


def _orders_per_customer(frame: Any) -> pd.Series:
    named = frame.select(CUSTOMER_ID, ORDER_ID).filter(~nw.col(CUSTOMER_ID).is_null())
    pairs = named.group_by(CUSTOMER_ID, ORDER_ID).agg(lines=nw.len())
    counts = collected(pairs.group_by(CUSTOMER_ID).agg(orders=nw.len())).to_pandas()
    return pd.Series(
        counts["orders"].to_numpy(dtype="int64"), index=counts[CUSTOMER_ID].astype(object).to_numpy()
    )


def _guests(orders: pd.Series) -> set[str]:
    ids = pd.Series(orders.index, dtype="str")
    # Tills print in capitals, which have no accents in many countries.
    nobody = {*GUESTS, *map(_without_accents, GUESTS)}
    named = {str(i) for i in ids[ids.str.casefold().isin(nobody)]}
    zeros = {str(i) for i in ids[ids.str.fullmatch("[0-]*0[0-]*")]}
    if len(zeros) == 1 and _counts_from_zero(ids, orders[min(zeros)], orders):
        zeros = set()
    return named | zeros | _fillers(ids, orders) | _shared_addresses(orders)


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _fillers(ids: pd.Series, orders: pd.Series) -> set[str]:
    """Return the ids that only fill a field, and have too many orders for a customer."""
    fill = ids.str.fullmatch(_FILLERS).to_numpy(dtype=bool)
    others = orders[~fill].max() if (~fill).any() else 0
    often = orders.to_numpy() >= max(_FILLER_ORDERS, _FILLER_TIMES * others)
    return set(ids[fill & often])


def _counts_from_zero(ids: Collection[str], of_zero: int, orders: pd.Series) -> bool:
    """Return whether 0, or 0000, is the first customer of a numbered list, and an ordinary one."""
    numbers = pd.to_numeric(pd.Series(list(ids)), errors="coerce")
    if len(numbers) < 10 or numbers.isna().any():
        return False
    return bool(numbers.max() < 2 * len(numbers) and of_zero <= 5 * orders.mean() and (numbers == 1).any())


def _shared_addresses(orders: pd.Series) -> set[str]:
    """Return the addresses that have too many orders for a customer."""
    busiest = orders[orders.index.str.contains(_ADDRESS)].sort_values(ascending=False)
    share = busiest / orders.sum()
    desk = busiest.index.str.contains(_DESKS)
    others = busiest[~desk].max() if (~desk).any() else 0
    shared = desk & (busiest >= _DESK_ORDERS) & (share >= _DESK_SHARE) & (busiest >= _DESK_TIMES * others)
    left = busiest[~shared]
    if len(left) > 1 and left.iloc[0] >= max(_DESK_ORDERS, _SHARED_TIMES * left.iloc[1]):
        shared |= (busiest.index == left.index[0]) & (share >= _SHARED_SHARE)
    return set(busiest.index[shared])
