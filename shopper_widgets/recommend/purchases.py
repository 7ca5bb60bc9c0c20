"""Who bought what, as one sparse matrix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import scipy.sparse as sp

from shopper_widgets._support.checks import check_frame
from shopper_widgets._support.numbering import numbered
from shopper_widgets._support.paging import is_beyond_budget, paged
from shopper_widgets.columns import (
    CUSTOMER_ID,
    IS_PRODUCT,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
)
from shopper_widgets.recommend.catalogue import Catalogue


@dataclass(frozen=True)
class Purchases:
    """Units bought per customer and product.

    Attributes
    ----------
    quantity : scipy.sparse.csr_array of shape (n_customers, n_products)
        Units bought; every stored cell is greater than zero.
    customer_ids, product_ids, product_names : ndarray of text
        The ids and names of the rows and the columns; ids in ascending order.
    """

    quantity: sp.csr_array
    customer_ids: np.ndarray
    product_ids: np.ndarray
    product_names: np.ndarray

    @cached_property
    def catalogue(self) -> Catalogue:
        """The products, for look-ups; all recommenders that learn from these purchases share it."""
        customers = np.bincount(self.quantity.indices, minlength=len(self.product_ids))
        return Catalogue(self.product_ids, self.product_names, customers)


@dataclass(frozen=True)
class History:
    """The products of each order, its customer and its age.

    Attributes
    ----------
    purchases : Purchases
        The units of all orders together; the positions below refer to its ids.
    orders : csr_array of shape (n_orders, n_products)
        1 where an order held a product; rows by ascending order id.
    customer : ndarray of int, shape (n_orders,)
        The position of the customer. An order id that several customers share counts as one order of each.
    age : ndarray of float, shape (n_orders,)
        Days from the order to the last of all.
    """

    purchases: Purchases
    orders: sp.csr_array
    customer: np.ndarray
    age: np.ndarray

    def orders_of_customers(self) -> sp.csr_array:
        """Return each customer's number of orders with each product, (n_customers, n_products)."""
        n_orders = len(self.customer)
        belongs = (np.ones(n_orders), (self.customer, np.arange(n_orders)))
        shape = (len(self.purchases.customer_ids), n_orders)
        counts = sp.csr_array(sp.coo_array(belongs, shape=shape).tocsr() @ self.orders)
        counts.sort_indices()
        return counts


#: The transactions of `reading_once`, and the history that was read from them.
_held: ContextVar[tuple[Any, list[History]] | None] = ContextVar("_held", default=None)


@contextmanager
def reading_once(transactions: Any) -> Iterator[None]:
    """Within the block, `read_history` reads this frame once, however many methods learn from it.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame({
    ...     "order_id": ["8"], "customer_id": ["1"], "product_id": ["A"], "quantity": [2],
    ...     "ordered_at": pd.to_datetime(["2011-01-01"]),
    ... })
    >>> with reading_once(lines):
    ...     read_history(lines) is read_history(lines), read_history(lines.copy()) is read_history(lines)
    (True, False)
    """
    token = _held.set((transactions, []))
    try:
        yield
    finally:
        _held.reset(token)


def _read(transactions: Any) -> list[History]:
    """Return the list in which `reading_once` keeps what was read from these transactions; empty at first."""
    held = _held.get()
    return held[1] if held is not None and held[0] is transactions else []


def product_lines(transactions: Any, *columns: str) -> nw.LazyFrame[Any]:
    """Return the lines of products, lazily, on any engine.

    Parameters
    ----------
    transactions : frame
        Any frame that Narwhals reads. Without a column ``is_product`` every line is about a product.
    *columns : str
        The columns to read: selecting whole lines takes longer.

    Returns
    -------
    narwhals.LazyFrame
        `columns` and ``is_product``, where the frame has that; else all of it.
    """
    lines = checked_frame(transactions)
    schema = lines.collect_schema()
    if IS_PRODUCT in schema:
        if schema[IS_PRODUCT] not in (nw.Boolean, nw.Object):
            raise ValueError(
                f"{IS_PRODUCT} must be true or false on every line; the column holds {schema[IS_PRODUCT]}. "
                "clean_transactions() adds it; without it every line is about a product"
            )
        lines = lines.select(*columns, IS_PRODUCT).filter(nw.col(IS_PRODUCT).cast(nw.Boolean))
    return lines


def checked_frame(transactions: Any, *columns: str) -> nw.LazyFrame[Any]:
    """Return transactions as a lazy frame, with columns, quantities and times checked.

    Raises
    ------
    TypeError
        If the transactions are not a frame.
    ValueError
        If a column is missing, or quantities are not numbers, or times are not timestamps.
    """
    lines: nw.LazyFrame[Any] = check_frame("transactions", transactions).lazy()
    schema = lines.collect_schema()
    missing = [column for column in columns if column not in schema]
    if missing:
        needed = f"{', '.join(columns[:-1])} and {columns[-1]}"
        raise ValueError(
            f"transactions need the columns {needed}; {', '.join(missing)} not "
            f"found among {', '.join(schema)}. read_transactions(..., columns={{...}}) maps other names."
        )
    for column in {QUANTITY, ORDERED_AT}.intersection(columns):
        kind, what = schema[column], "numbers" if column == QUANTITY else "timestamps"
        fits, found = kind.is_numeric() if column == QUANTITY else kind.is_temporal(), str(kind)
        if kind == nw.Object:
            values = lines.select(column).collect().to_pandas()[column].dropna()
            read = pd.to_numeric if column == QUANTITY else pd.to_datetime
            wrong = values[read(values, errors="coerce").isna()].head(1).tolist()
            fits, found = not wrong, f"values such as {wrong}"
        if not (fits or kind == nw.Unknown):
            raise ValueError(
                f"{column} must hold {what}; the column holds {found}. read_transactions() reads {what} out "
                "of text"
            )
    return lines


def read_purchases(transactions: Any) -> Purchases:
    """Sum up transactions to units per customer and product.

    The engine of the data computes the sums; one row per customer and product is passed to NumPy.

    Parameters
    ----------
    transactions : frame
        Cleaned transactions on any engine that Narwhals reads: ``customer_id``, ``product_id``, ``quantity``;
        ``is_product`` leaves out what isn't goods, and ``product_name`` gives names (the most frequent one
        of a product, then the first in the alphabet). A product without a name, or with a blank one, goes
        by its id.

    Returns
    -------
    Purchases
        Customers and products by ascending id.

    Raises
    ------
    ValueError
        If a column is absent, no product line is left, an id is missing, or a quantity is no number, infinite
        or not above zero.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame({
    ...     "customer_id": ["1", "1", "2"], "product_id": ["A", "A", "B"], "quantity": [2, 1, 5],
    ... })
    >>> read_purchases(lines).quantity.toarray()
    array([[3., 0.],
           [0., 5.]])
    """
    if read := _read(transactions):
        return read[0].purchases
    lines, names = _needed(transactions, CUSTOMER_ID, PRODUCT_ID, QUANTITY)
    keys = (CUSTOMER_ID, PRODUCT_ID)
    chosen = lines.select(nw.col(*keys).cast(nw.String), *_quantity())
    cells = _cells(chosen, keys, nw.col(QUANTITY, "unusable").sum())
    _check(cells, lines, CUSTOMER_ID, PRODUCT_ID)
    return _purchases(cells, lines, names)


def read_history(transactions: Any) -> History:
    """Read which products each order held, and when.

    Parameters
    ----------
    transactions : frame
        As for `read_purchases`, with ``order_id`` and ``ordered_at`` besides.

    Returns
    -------
    History
        Orders by ascending id.

    Raises
    ------
    ValueError
        As for `read_purchases`; also if an order's id or time is missing or no timestamp.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame({
    ...     "order_id": ["8", "8", "9"], "customer_id": ["1", "1", "2"], "product_id": ["A", "A", "B"],
    ...     "quantity": [2, 1, 5], "ordered_at": pd.to_datetime(["2011-01-01", "2011-01-01", "2011-01-03"]),
    ... })
    >>> history = read_history(lines)
    >>> history.customer, history.age
    (array([0, 1]), array([2., 0.]))
    >>> history.orders.toarray()
    array([[1., 0.],
           [0., 1.]])
    """
    if not (read := _read(transactions)):
        read.append(_read_history(transactions))
    return read[0]


def _read_history(transactions: Any) -> History:
    lines, names = _needed(transactions, ORDER_ID, CUSTOMER_ID, PRODUCT_ID, ORDERED_AT, QUANTITY)
    keys = (ORDER_ID, CUSTOMER_ID, PRODUCT_ID)
    chosen = lines.select(nw.col(*keys).cast(nw.String), nw.col(ORDERED_AT), *_quantity())
    cells = _cells(chosen, keys, nw.col(ORDERED_AT).max(), nw.col(QUANTITY, "unusable").sum())
    if not isinstance(cells[ORDER_ID].dtype, pd.CategoricalDtype):
        cells = cells.sort_values([*keys], ignore_index=True)
    _check(cells, lines, *keys, ORDERED_AT)
    purchases = _purchases(cells, lines, names)
    (order, _), (customer, _), (product, _) = (_numbers(cells[key]) for key in keys)
    begins = (np.diff(order, prepend=-1) != 0) | (np.diff(customer, prepend=-1) != 0)
    order = np.cumsum(begins) - 1
    shape = (int(order[-1]) + 1, len(purchases.product_ids))
    first_line = np.flatnonzero(begins)
    moment = pd.to_datetime(cells[ORDERED_AT]).groupby(order).max()
    return History(
        purchases,
        sp.coo_array((np.ones(len(cells)), (order, product)), shape=shape).tocsr(),
        np.asarray(customer[first_line], dtype=np.intp),
        ((moment.max() - moment) / pd.Timedelta(days=1)).to_numpy(dtype=float),
    )


def _cells(lines: nw.LazyFrame[Any], keys: Sequence[str], *sums: nw.Expr) -> pd.DataFrame:
    """Group lines; of very many, only numbers reach Python in place of ids, ascending, and each id once."""
    if not is_beyond_budget(lines):
        cells: pd.DataFrame = lines.group_by(*keys).agg(*sums).collect().to_pandas()
        return cells
    ids = {}
    for key in keys:
        lines, ids[key] = numbered(lines, key)
    return paged(lines.group_by(*keys).agg(*sums).sort(*keys), ids)


def _numbers(values: pd.Series[Any]) -> tuple[np.ndarray, Any]:
    """Return the position of each value among the distinct values, and the distinct values, ascending."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy(), values.cat.categories
    return pd.factorize(values, sort=True)


def _needed(transactions: Any, *columns: str) -> tuple[nw.LazyFrame[Any], list[str]]:
    lines = checked_frame(transactions, *columns)
    names = lines.collect_schema().names()
    return product_lines(lines, *columns, *({PRODUCT_NAME} & {*names})), names


def _quantity() -> tuple[nw.Expr, nw.Expr]:
    quantity = nw.col(QUANTITY).cast(nw.Float64)
    return quantity, (~(quantity > 0)).cast(nw.Int32).fill_null(1).alias("unusable")


def _purchases(cells: pd.DataFrame, lines: nw.LazyFrame[Any], names: list[str]) -> Purchases:
    (customers, customer_ids), (products, product_ids) = map(
        _numbers, (cells[CUSTOMER_ID], cells[PRODUCT_ID])
    )
    quantity = sp.coo_array(
        (cells[QUANTITY].to_numpy(dtype=float), (customers, products)),
        shape=(len(customer_ids), len(product_ids)),
    ).tocsr()
    quantity.sum_duplicates()
    ids = np.asarray(product_ids, dtype=str)
    return Purchases(quantity, np.asarray(customer_ids, dtype=str), ids, _product_names(lines, names, ids))


def _check(cells: pd.DataFrame, lines: nw.LazyFrame[Any], *keys: str) -> None:
    if cells.empty:
        raise ValueError("transactions hold no line about a product: there is nothing to learn from")
    for column in keys:
        if cells[column].isna().any():
            raise ValueError(
                f"transactions hold lines without {column}; clean_transactions() sets them aside, with a "
                "reason for each"
            )
        if lines.collect_schema()[column].is_float():
            raise ValueError(
                f"{column} must be text; the column holds numbers such as {cells[column].iloc[0]}. "
                "read_transactions() makes ids of them as they are written, without a point"
            )
    unusable = int(cells["unusable"].sum())
    if unusable or not np.isfinite(cells[QUANTITY].to_numpy(dtype=float)).all():
        raise ValueError(
            f"quantity must be a number above zero on every line; {unusable or 'some'} are not. "
            "clean_transactions() sets returns and unreadable numbers aside, with a reason"
        )


def _product_names(lines: nw.LazyFrame[Any], columns: list[str], product_ids: np.ndarray) -> np.ndarray:
    if PRODUCT_NAME not in columns:
        return product_ids
    counts = (
        lines.select(nw.col(PRODUCT_ID, PRODUCT_NAME).cast(nw.String))
        .filter(~nw.col(PRODUCT_NAME).is_null())
        .group_by(PRODUCT_ID, PRODUCT_NAME)
        .agg(nw.len().alias("lines"))
        .filter(nw.col(PRODUCT_NAME).str.strip_chars() != "")
        .collect()
        .to_pandas()
        .sort_values(["lines", PRODUCT_NAME], ascending=[False, True])
        .drop_duplicates(PRODUCT_ID)
    )
    known = dict(zip(counts[PRODUCT_ID], counts[PRODUCT_NAME], strict=True))
    return np.asarray([known.get(product, product) for product in product_ids.tolist()], dtype=str)
