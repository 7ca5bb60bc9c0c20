"""The shop in tables: one row per line, order, product, customer and product, or day, country and product.

They are written once as Narwhals expressions and computed where the data are; the results are pandas frames,
whose columns are on disk if they would take much memory (see :mod:`shopper_widgets._support.paging`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from shopper_widgets._support.grouping import grouped
from shopper_widgets._support.keeping import evaluated
from shopper_widgets._support.numbering import numbered
from shopper_widgets._support.paging import is_beyond_budget, paged
from shopper_widgets.columns import (
    AMOUNT,
    COUNTRY,
    CUSTOMER_ID,
    IS_PRODUCT,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
    UNIT_PRICE,
)

#: Columns whose texts repeat from line to line; each text is stored once.
_REPEATED = (ORDER_ID, CUSTOMER_ID, PRODUCT_ID, PRODUCT_NAME, COUNTRY)


def lines_table(transactions: Any, keep: Sequence[str] = ()) -> pd.DataFrame:
    """One row per order line.

    Parameters
    ----------
    transactions : frame
        Cleaned order lines on any engine that Narwhals reads, with or without a customer.
    keep : sequence of str
        Further columns of the source.

    Returns
    -------
    pandas.DataFrame
        ``order_id, customer_id`` (missing where unknown), ``ordered_at, country`` (empty where unknown),
        ``product_id, product_name, is_product, quantity, unit_price, amount`` and those of `keep`; text as
        categories; in order of time, then of order and product. Kept numbers, truth values and moments stay
        unchanged, days become midnights, and all else becomes text.

    Raises
    ------
    TypeError
        A column of `keep` holds lists or the like.
    """
    columns = (ORDER_ID, CUSTOMER_ID, ORDERED_AT, COUNTRY, PRODUCT_ID, PRODUCT_NAME, IS_PRODUCT)
    lines = _lines(transactions).select(*columns, QUANTITY, UNIT_PRICE, AMOUNT, *keep)
    order = [ORDERED_AT, ORDER_ID, PRODUCT_ID, QUANTITY, UNIT_PRICE]
    if is_beyond_budget(lines):
        return _numbered(lines, order, keep)
    frame = _collected(lines, order)
    frame = frame.assign(**{name: _plain(name, frame[name]) for name in keep})
    texts = [c for c in (*_REPEATED, *keep) if pd.api.types.is_string_dtype(frame[c])]
    return frame.assign(**{c: frame[c].astype("category") for c in texts})


def _numbered(lines: Any, order: list[str], keep: Sequence[str]) -> pd.DataFrame:
    """Return lines on disk, with numbers for repeated texts: they take a third of the space."""
    categories = {}
    for name in (*_REPEATED, *(name for name in keep if lines.collect_schema()[name] == nw.String)):
        lines, categories[name] = numbered(lines, name)
    frame = paged(lines.sort(order), categories)
    for name in keep:
        if name not in categories:
            frame[name] = _plain(name, frame[name])
            if isinstance(frame[name].dtype, pd.StringDtype):
                frame[name] = frame[name].astype("category")
    return frame


def _plain(name: str, values: pd.Series[Any]) -> pd.Series[Any]:
    """Return a kept column as numbers, truth values, moments or text, which a file can hold."""
    types = pd.api.types
    plain = types.is_numeric_dtype(values) or types.is_datetime64_any_dtype(values)
    if plain or isinstance(values.dtype, pd.StringDtype):
        return values
    there = values.dropna()
    nested = there.map(lambda value: isinstance(value, list | tuple | dict | set | np.ndarray))
    if nested.any():
        raise TypeError(
            f"keep names {name!r}, which holds {type(there[nested].iloc[0]).__name__} values; give "
            "text, a number or a date in each cell."
        )
    kind = types.infer_dtype(there)
    if kind == "date":
        return pd.to_datetime(values).astype("datetime64[us]")
    if kind == "boolean":
        return values.astype("boolean")
    return values.map(str, na_action="ignore").astype("str")


def orders_table(transactions: Any) -> pd.DataFrame:
    """One row per order and customer.

    Parameters
    ----------
    transactions : frame
        Cleaned order lines on any engine that Narwhals reads.

    Returns
    -------
    pandas.DataFrame
        ``order_id, customer_id, ordered_at`` (of the first line), ``country`` (empty where unknown), ``lines,
        amount``; in order of time, then id.
    """
    lines = _lines(transactions)
    orders = lines.group_by(ORDER_ID, CUSTOMER_ID).agg(
        nw.col(ORDERED_AT).min(), nw.col(COUNTRY).min(), nw.len().alias("lines"), nw.col(AMOUNT).sum()
    )
    orders = orders.with_columns(nw.col("lines").cast(nw.Int64), nw.col(AMOUNT).cast(nw.Float64))
    return _collected(orders, [ORDERED_AT, ORDER_ID, CUSTOMER_ID])[
        [ORDER_ID, CUSTOMER_ID, ORDERED_AT, COUNTRY, "lines", AMOUNT]
    ]


def products_table(transactions: Any) -> pd.DataFrame:
    """One row per product code, services included.

    Parameters
    ----------
    transactions : frame
        Cleaned order lines on any engine that Narwhals reads.

    Returns
    -------
    pandas.DataFrame
        ``product_id, product_name, is_product, orders, customers`` (known ones), ``quantity, revenue``; most
        revenue first, then by id.
    """
    lines = _lines(transactions).with_columns(_unknown=nw.col(CUSTOMER_ID).is_null().cast(nw.Int32))
    products = grouped(
        lines,
        [PRODUCT_ID, PRODUCT_NAME, IS_PRODUCT],
        {"_unknown": ("max", "_unknown"), QUANTITY: ("sum", QUANTITY), "revenue": ("sum", AMOUNT)},
        orders=ORDER_ID,
        customers=CUSTOMER_ID,
    )
    columns = [PRODUCT_ID, PRODUCT_NAME, IS_PRODUCT, "orders", "customers", QUANTITY, "revenue", "_unknown"]
    table = _collected(products, [PRODUCT_ID])[columns]
    # Nobody knows how many unknown customers there are, so they don't count, not even as one.
    table["customers"] -= table.pop("_unknown")
    # The last digits of a sum depend on the order of the lines, and must not decide which product comes
    # first.
    by_cents = table["revenue"].round(2).sort_values(ascending=False, kind="stable").index
    return table.loc[by_cents].reset_index(drop=True)


def purchases_table(transactions: Any) -> pd.DataFrame:
    """One row per customer and product, services included.

    Parameters
    ----------
    transactions : frame
        Cleaned order lines on any engine that Narwhals reads.

    Returns
    -------
    pandas.DataFrame
        ``customer_id, product_id, orders, quantity, amount, last_order``; by customer, then product.
    """
    purchases = grouped(
        _lines(transactions),
        [CUSTOMER_ID, PRODUCT_ID],
        {QUANTITY: ("sum", QUANTITY), AMOUNT: ("sum", AMOUNT), "last_order": ("max", ORDERED_AT)},
        orders=ORDER_ID,
    )
    columns = [CUSTOMER_ID, PRODUCT_ID, "orders", QUANTITY, AMOUNT, "last_order"]
    return _collected(purchases, [CUSTOMER_ID, PRODUCT_ID])[columns]


def sales_table(transactions: Any) -> pd.DataFrame:
    """One row per day, country and product, services included.

    Parameters
    ----------
    transactions : frame
        Cleaned order lines on any engine that Narwhals reads.

    Returns
    -------
    pandas.DataFrame
        ``date`` (midnight), ``country`` (empty where unknown), ``product_id, orders, quantity, amount``; in
        that order. Orders of several products do not add up over them: count orders in :func:`orders_table`.
    """
    lines = _lines(transactions)
    # Spark truncates to a timestamp in the session's zone: cast to the original type, it is the same midnight
    # again.
    midnight = nw.col(ORDERED_AT).dt.truncate("1d").cast(lines.collect_schema()[ORDERED_AT])
    sales = grouped(
        lines.with_columns(midnight.alias("date")),
        ["date", COUNTRY, PRODUCT_ID],
        {QUANTITY: ("sum", QUANTITY), AMOUNT: ("sum", AMOUNT)},
        orders=ORDER_ID,
    )
    order = ["date", COUNTRY, PRODUCT_ID]
    return _collected(sales, order)[[*order, "orders", QUANTITY, AMOUNT]]


def customers_table(orders: pd.DataFrame) -> pd.DataFrame:
    """One row per customer: where they are from, and when they first and last ordered.

    Parameters
    ----------
    orders : pandas.DataFrame
        As :func:`orders_table` gives it, in order of time.

    Returns
    -------
    pandas.DataFrame
        ``customer_id, country`` (of the last order), ``first_order, last_order``; by customer.
    """
    grouped = orders.groupby(CUSTOMER_ID, sort=True)
    return pd.DataFrame(
        {
            COUNTRY: grouped[COUNTRY].last(),
            "first_order": grouped[ORDERED_AT].first(),
            "last_order": grouped[ORDERED_AT].last(),
        }
    ).reset_index()


def _lines(transactions: Any) -> Any:
    lines = nw.from_native(transactions)
    schema = lines.collect_schema()
    if COUNTRY not in schema:
        return lines.with_columns(nw.lit("").alias(COUNTRY))
    return lines.with_columns(nw.col(COUNTRY).cast(nw.String).fill_null(""))


def _collected(found: Any, order: list[str]) -> pd.DataFrame:
    found = evaluated(found)  # it is read twice: for its size, then completely
    if is_beyond_budget(found):
        return paged(found.sort(order, nulls_last=True))
    collected = found.collect() if isinstance(found, nw.LazyFrame) else found
    frame = pd.DataFrame(collected.to_pandas())
    for name in frame.select_dtypes("category"):  # few rows: text, not the categories of `lines_table`
        frame[name] = frame[name].astype(frame[name].cat.categories.dtype)
    return frame.sort_values(order).reset_index(drop=True)
