"""Who bought what, as one sparse matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import scipy.sparse as sp

from shopper_widgets.columns import CUSTOMER_ID, IS_PRODUCT, PRODUCT_ID, PRODUCT_NAME, QUANTITY


@dataclass(frozen=True)
class Purchases:
    """Units bought per customer and product.

    Attributes
    ----------
    quantity : scipy.sparse.csr_array of shape (n_customers, n_products)
        Units bought; every stored cell is greater than zero.
    customer_ids, product_ids, product_names : ndarray of text
        What the rows and the columns are; ids in ascending order.
    """

    quantity: sp.csr_array
    customer_ids: np.ndarray
    product_ids: np.ndarray
    product_names: np.ndarray


def product_lines(transactions: Any) -> nw.LazyFrame[Any]:
    """Return the lines that are about products, lazily, whatever the engine.

    Parameters
    ----------
    transactions : frame
        Any frame that Narwhals reads. Without a column ``is_product`` every line is about a product.

    Returns
    -------
    narwhals.LazyFrame
    """
    lines: nw.LazyFrame[Any] = nw.from_native(transactions).lazy()
    if IS_PRODUCT in lines.collect_schema().names():
        lines = lines.filter(nw.col(IS_PRODUCT))
    return lines


def read_purchases(transactions: Any) -> Purchases:
    """Add up transactions to units per customer and product.

    The sum runs where the data lives; one row per customer and product crosses to NumPy.

    Parameters
    ----------
    transactions : frame
        Cleaned transactions on any engine that Narwhals reads: ``customer_id``, ``product_id``, ``quantity``;
        ``is_product`` leaves out what isn't goods, and ``product_name`` gives names (the most frequent one
        of a product, then the first in the alphabet). A product without a name goes by its id.

    Returns
    -------
    Purchases

    Raises
    ------
    ValueError
        If a column is absent, no product line is left, an id is missing, or a quantity is missing, infinite
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
    lines = product_lines(transactions)
    names = lines.collect_schema().names()
    missing = [column for column in (CUSTOMER_ID, PRODUCT_ID, QUANTITY) if column not in names]
    if missing:
        raise ValueError(
            f"transactions need the columns customer_id, product_id and quantity; {', '.join(missing)} not "
            f"found among {', '.join(names)}. read_transactions(..., columns={{...}}) maps other names."
        )
    cells = (
        lines.select(
            nw.col(CUSTOMER_ID, PRODUCT_ID).cast(nw.String),
            nw.col(QUANTITY).cast(nw.Float64),
            (~(nw.col(QUANTITY).cast(nw.Float64) > 0)).cast(nw.Int64).fill_null(1).alias("unusable"),
        )
        .group_by(CUSTOMER_ID, PRODUCT_ID)
        .agg(nw.col(QUANTITY, "unusable").sum())
        .collect()
        .to_pandas()
    )
    _check(cells)
    customers, customer_ids = pd.factorize(cells[CUSTOMER_ID], sort=True)
    products, product_ids = pd.factorize(cells[PRODUCT_ID], sort=True)
    quantity = sp.coo_array(
        (cells[QUANTITY].to_numpy(dtype=float), (customers, products)),
        shape=(len(customer_ids), len(product_ids)),
    ).tocsr()
    quantity.sort_indices()
    ids = np.asarray(product_ids, dtype=str)
    return Purchases(quantity, np.asarray(customer_ids, dtype=str), ids, _product_names(lines, names, ids))


def _check(cells: pd.DataFrame) -> None:
    if cells.empty:
        raise ValueError("transactions hold no line about a product: there is nothing to learn from")
    for column in (CUSTOMER_ID, PRODUCT_ID):
        if cells[column].isna().any():
            raise ValueError(
                f"transactions hold lines without {column}; clean_transactions() sets them aside, with a "
                "reason for each"
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
        .collect()
        .to_pandas()
        .sort_values(["lines", PRODUCT_NAME], ascending=[False, True])
        .drop_duplicates(PRODUCT_ID)
    )
    known = dict(zip(counts[PRODUCT_ID], counts[PRODUCT_NAME], strict=True))
    return np.asarray([known.get(product, product) for product in product_ids.tolist()], dtype=str)
