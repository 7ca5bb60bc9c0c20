"""The files from which a campaign is measured: the list as it was sent, and the orders that came after it."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from shopper_widgets._support.csv import read_small_csv
from shopper_widgets._support.formatting import listed
from shopper_widgets._support.locale import gettext, ngettext
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, ORDER_ID, ORDERED_AT, PRODUCT_ID, RFM, SEGMENT
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.reading import read_transactions

#: The apostrophe that :func:`~shopper_widgets._support.csv.to_csv` puts before an id that begins like a
#: formula.
_DEFUSED = r"^'(?=[=+\-@|])"
_TRUTH = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
_HELD_OUT = "is_held_out"


def list_from_text(text: str) -> pd.DataFrame:
    r"""Read a campaign's list from the CSV that was downloaded before the sending.

    Parameters
    ----------
    text : str
        The file's content.

    Returns
    -------
    pandas.DataFrame
        ``customer_id, is_held_out``, and ``segment, recency, frequency, monetary`` if the file has them.

    Raises
    ------
    ValueError
        It isn't such a list.

    Examples
    --------
    >>> list_from_text("customer_id,is_held_out\r\n'+49301,True\r\n007,False\r\n").values.tolist()
    [['+49301', True], ['007', False]]
    """
    table = _table(text)
    if missing := [name for name in (CUSTOMER_ID, _HELD_OUT) if name not in table]:
        said = ngettext(
            "A campaign's list must have the columns customer_id and is_held_out; {missing} is missing. "
            "Take the CSV file that the Campaign tab gives, as it was sent.",
            "A campaign's list must have the columns customer_id and is_held_out; {missing} are missing. "
            "Take the CSV file that the Campaign tab gives, as it was sent.",
            len(missing),
            missing=listed(missing),
        )
        raise ValueError(said)
    ids = table[CUSTOMER_ID].str.strip().str.replace(_DEFUSED, "", regex=True)
    held_out = table[_HELD_OUT].str.strip().str.lower().map(_TRUTH)
    if held_out.isna().any() or ids.isna().any():
        raise ValueError(
            gettext(
                "A campaign's list must have an id and is_held_out, True or False, in each line; one line "
                "lacks this."
            )
        )
    if ids.duplicated().any():
        raise ValueError(
            gettext(
                "A campaign's list must have each customer once; {customer} is there twice.",
                customer=repr(ids[ids.duplicated()].iloc[0]),
            )
        )
    read = pd.DataFrame({CUSTOMER_ID: ids, _HELD_OUT: held_out.astype(bool)})
    if SEGMENT in table:
        read[SEGMENT] = table[SEGMENT].fillna("")
    for name in RFM:
        numbers = pd.to_numeric(table[name], errors="coerce") if name in table else None
        if numbers is not None and numbers.notna().all():
            read[name] = numbers.astype(float)
    return read


def orders_from_text(text: str) -> pd.DataFrame:
    r"""Read later orders from a CSV file: ``customer_id, ordered_at, amount``, or lines in any known layout.

    Parameters
    ----------
    text : str
        The file's content.

    Returns
    -------
    pandas.DataFrame
        As :func:`~shopper_widgets.measure_campaign` takes them.

    Raises
    ------
    ValueError
        It isn't a table of orders; the message says what is missing.

    Examples
    --------
    >>> orders = orders_from_text("customer_id;ordered_at;amount\n007;2024-03-01 12:30;9.5\n")
    >>> orders.astype(str).values.tolist()
    [['007', '2024-03-01 12:30:00', '9.5']]
    """
    if _is_plain(text):
        return _orders(_table(text))
    return pd.DataFrame(clean_transactions(_lines(text), returns="net").transactions)


def orders_from_file(path: str | Path) -> Any:
    """Read later orders from any source: see :func:`orders_from_text`.

    Parameters
    ----------
    path : path
        A CSV file of ``customer_id, ordered_at, amount``, or a file, folder or pattern of lines.

    Returns
    -------
    frame
        As :func:`~shopper_widgets.measure_campaign` takes them.

    Raises
    ------
    ValueError
        It isn't a table of orders; the message says what is missing.
    """
    file = Path(path)
    if file.suffix.lower() == ".csv" and file.is_file():
        with file.open(encoding="utf-8-sig", errors="replace") as opened:
            header = opened.readline()
        if _is_plain(header):
            return orders_from_text(file.read_text(encoding="utf-8-sig"))
    return read_transactions(path)


def _is_plain(text: str) -> bool:
    """Whether the first line names the columns of a table with one row per order."""
    header = [name.strip().strip('"') for name in text.partition("\n")[0].replace(";", ",").split(",")]
    return {CUSTOMER_ID, ORDERED_AT, AMOUNT} <= {*header} and PRODUCT_ID not in header


def _orders(table: pd.DataFrame) -> pd.DataFrame:
    names = [name for name in (ORDER_ID, CUSTOMER_ID, ORDERED_AT, AMOUNT) if name in table]
    dates = pd.to_datetime(table[ORDERED_AT], errors="coerce", format="ISO8601")
    amounts = pd.to_numeric(table[AMOUNT], errors="coerce")
    if dates.isna().any() or amounts.isna().any():
        # 14/12/2011 and 1.250,50 are read as in orders, or there is a question; every row counts.
        rows = [f"row {row}" for row in range(len(table))]
        told = table[[CUSTOMER_ID, ORDERED_AT, AMOUNT]].assign(**{ORDER_ID: rows})
        lines = _lines(told.to_csv(index=False)).drop_duplicates(ORDER_ID)  # a sum belongs to the row above
        lines = lines.set_index(ORDER_ID).reindex(rows).reset_index()
        dates, amounts = lines[ORDERED_AT], lines[AMOUNT]
    if dates.isna().any() or amounts.isna().any() or dates.dt.tz is not None:
        raise ValueError(
            gettext(
                "Orders must have a date such as 2024-03-01 12:30 in ordered_at and a number such as "
                "1250.50 in amount, in each line; one line lacks this."
            )
        )
    ids = table[CUSTOMER_ID].str.strip().str.replace(_DEFUSED, "", regex=True)
    read = {CUSTOMER_ID: ids, ORDERED_AT: dates, AMOUNT: amounts.astype(float)}
    return pd.DataFrame({name: read.get(name, table[name]) for name in names})


def _lines(text: str) -> pd.DataFrame:
    """Read order lines in any known layout."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        path.write_text(text, encoding="utf-8")
        return pd.DataFrame(read_transactions(path))


def _table(text: str) -> pd.DataFrame:
    """Read a CSV file with any separator; all cells are text."""
    try:
        table = read_small_csv(io.StringIO(text))
    except (csv.Error, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ValueError(gettext("It isn't a CSV file whose columns can be told apart.")) from error
    return table.rename(columns=lambda name: str(name).lower())
