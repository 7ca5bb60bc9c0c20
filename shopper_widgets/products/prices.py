"""The prices of products: price points, prices by quantity, and the factors that a price depends on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_frame, plain
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    IS_PRODUCT,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
    UNIT_PRICE,
)
from shopper_widgets.errors import TooLittleDataError

#: The quantities at which bands of quantities begin; the first band also includes smaller quantities.
BANDS = (1, 2, 4, 8, 16, 32, 64, 128)
#: Buyers with an id, often trade customers with an account, and buyers without an id, often at the till.
KNOWN, UNKNOWN = "customer", "no customer"
#: With fewer lines, a product says little about the factors of its price.
FEWEST_LINES = 30


def priced_lines(lines: Any) -> pd.DataFrame:
    """Return the lines of products that have a price, with their customers.

    Parameters
    ----------
    lines : frame
        ``ShopperModel.lines``, or ``clean_transactions(…, returns="net").all_sales``, on any engine.

    Returns
    -------
    pandas.DataFrame
        ``order_id, product_id, product_name, ordered_at, quantity, amount, price`` and ``buyers``:
        ``"customer"``, or ``"no customer"`` if it is unknown. The price is the unit's, in whole cents; if
        only the amount is known, it is the amount ÷ quantity. Lines of services are left out, and free ones
        (below half a cent): nobody chose these for their price.

    Raises
    ------
    TypeError, ValueError
        `lines` is not a frame, or lacks a column.
    TooLittleDataError
        No line of a product has a price.
    """
    frame = check_frame("lines", lines)
    present = frame.collect_schema().names()
    missing = [
        name for name in (ORDER_ID, PRODUCT_ID, ORDERED_AT, QUANTITY, UNIT_PRICE) if name not in present
    ]
    if missing:
        raise ValueError(f"lines must have the column {missing[0]!r}; got {', '.join(present)}.")
    known = ~nw.col(CUSTOMER_ID).is_null() if CUSTOMER_ID in present else nw.lit(False)
    amount = nw.col(AMOUNT) if AMOUNT in present else nw.col(QUANTITY) * nw.col(UNIT_PRICE)
    name = nw.col(PRODUCT_NAME) if PRODUCT_NAME in present else nw.col(PRODUCT_ID)
    chosen = frame.filter(nw.col(IS_PRODUCT)) if IS_PRODUCT in present else frame
    chosen = chosen.filter(nw.col(QUANTITY) > 0).select(
        *(ORDER_ID, PRODUCT_ID, ORDERED_AT),
        nw.col(QUANTITY).cast(nw.Float64),
        name.alias(PRODUCT_NAME),
        amount.cast(nw.Float64).alias(AMOUNT),
        nw.coalesce(nw.col(UNIT_PRICE).cast(nw.Float64), amount.cast(nw.Float64) / nw.col(QUANTITY)).alias(
            "price"
        ),
        known.alias("known"),
    )
    collected = chosen.collect() if isinstance(chosen, nw.LazyFrame) else chosen
    table = pd.DataFrame(collected.to_pandas())
    for column in (ORDER_ID, PRODUCT_ID, PRODUCT_NAME):
        table[column] = table[column].astype(str)
    table["price"] = table["price"].round(2)
    table["buyers"] = np.where(table.pop("known"), KNOWN, UNKNOWN)
    table = table[table["price"] > 0]
    if table.empty:
        raise TooLittleDataError(
            "lines: no line of a product has a price above 0, so prices can't tell anything. Give lines "
            "of products with what was paid for them.",
            told=gettext("No product was sold at a price above 0, so past prices can't tell anything."),
        )
    order = [ORDERED_AT, ORDER_ID, PRODUCT_ID, QUANTITY, "price", "buyers"]
    return table.sort_values(order, ignore_index=True)


def small_lines(lines: pd.DataFrame) -> pd.Series[bool]:
    """Return which lines have a small quantity: at most the median of the product's lines."""
    return lines[QUANTITY] <= lines.groupby(PRODUCT_ID)[QUANTITY].transform("median")


def price_table(lines: Any) -> pd.DataFrame:
    """Return the prices of each product, separately for customers with and without an id.

    Parameters
    ----------
    lines : frame
        ``ShopperModel.lines``, or ``clean_transactions(…, returns="net").all_sales``, on any engine.

    Returns
    -------
    pandas.DataFrame
        One row per product, buyers and price point (the unit price in whole cents), by product, buyers and
        price: ``product_id, product_name, buyers`` (``"customer"``, often trade with an account, or
        ``"no customer"``, often the till), ``price, lines, orders, units, amount, unit_share, order_share``
        (of all the product's units and orders; an order at two prices counts at both) and ``small_price``:
        what these buyers typically pay for a small quantity, the most frequent price, the lower of equals,
        of lines of no more than their median quantity. Services and free lines are left out.

    Raises
    ------
    TypeError, ValueError
        `lines` is not a frame, or lacks a column.
    TooLittleDataError
        No line of a product has a price.

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": ["1", "2", "3", "4"], "customer_id": ["a", "b", "c", None],
    ...     "ordered_at": pd.to_datetime(["2024-01-01"] * 4), "product_id": ["P"] * 4,
    ...     "product_name": ["Pot"] * 4, "is_product": [True] * 4,
    ...     "quantity": [1, 2, 12, 1], "unit_price": [2.5, 2.5, 2.1, 4.9], "amount": [2.5, 5.0, 25.2, 4.9]})
    >>> price_table(lines)[["buyers", "price", "units", "unit_share", "order_share", "small_price"]]
            buyers  price  units  unit_share  order_share  small_price
    0     customer    2.1   12.0      0.7500         0.25          2.5
    1     customer    2.5    3.0      0.1875         0.50          2.5
    2  no customer    4.9    1.0      0.0625         0.25          4.9
    """
    priced = priced_lines(lines)
    name = _names(priced)
    grouped = priced.groupby([PRODUCT_ID, "buyers", "price"], sort=True)
    table = grouped.agg(
        lines=("price", "size"),
        orders=(ORDER_ID, "nunique"),
        units=(QUANTITY, "sum"),
        amount=(AMOUNT, "sum"),
    ).reset_index()
    of = priced.groupby(PRODUCT_ID)
    table["unit_share"] = table["units"] / table[PRODUCT_ID].map(of[QUANTITY].sum())
    table["order_share"] = table["orders"] / table[PRODUCT_ID].map(of[ORDER_ID].nunique())
    table.insert(1, PRODUCT_NAME, table[PRODUCT_ID].map(name))
    return table.merge(_small_prices(priced), on=[PRODUCT_ID, "buyers"], how="left")


def _names(priced: pd.DataFrame) -> pd.Series[str]:
    return priced.drop_duplicates(PRODUCT_ID, keep="last").set_index(PRODUCT_ID)[PRODUCT_NAME]


def _small_prices(priced: pd.DataFrame) -> pd.DataFrame:
    parts = [of[small_lines(of)] for _, of in priced.groupby("buyers", sort=True)]
    counted = (
        pd.concat(parts).groupby([PRODUCT_ID, "buyers", "price"], sort=True).size().rename("n").reset_index()
    )
    # The rows are sorted by price, so that a stable sort keeps the lower of equally frequent prices first.
    most = counted.sort_values("n", ascending=False, kind="stable").drop_duplicates([PRODUCT_ID, "buyers"])
    return most.drop(columns="n").rename(columns={"price": "small_price"})


def quantity_breaks(lines: Any, *, bands: Sequence[float] = BANDS) -> pd.DataFrame:
    """Return the unit price by quantity: each product's quantity breaks.

    Parameters
    ----------
    lines : frame
        As for :func:`price_table`.
    bands : sequence of float, default (1, 2, 4, 8, 16, 32, 64, 128)
        Quantities from which each band begins, rising; the first band takes what is below, too.

    Returns
    -------
    pandas.DataFrame
        One row per product, buyers and band in which something was sold, in that order: ``product_id,
        product_name, buyers, from_quantity, lines, orders, units, price`` (the median of the lines, the lower
        of the two in the middle), ``less``: by what share that is below the price of the product's first band
        of these buyers, 0 in the first, negative where larger quantities cost more.

    Raises
    ------
    TypeError, ValueError
        `lines` is not a frame, or lacks a column; `bands` are not rising.
    TooLittleDataError
        No line of a product has a price.

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": ["1", "2", "3"], "customer_id": ["a", "b", "c"],
    ...     "ordered_at": pd.to_datetime(["2024-01-01"] * 3), "product_id": ["P"] * 3, "quantity": [1, 2, 12],
    ...     "unit_price": [2.5, 2.5, 2.0]})
    >>> ladder = quantity_breaks(lines, bands=[1, 10])
    >>> ladder[["from_quantity", "lines", "price", "less"]].round(2).values.tolist()
    [[1.0, 2.0, 2.5, 0.0], [10.0, 1.0, 2.0, 0.2]]
    """
    priced = priced_lines(lines)
    keys = [PRODUCT_ID, "buyers", "from_quantity"]
    priced = priced.assign(from_quantity=_band(priced, bands)).sort_values([*keys, "price"], kind="stable")
    grouped = priced.groupby(keys, sort=True)
    table = grouped.agg(lines=("price", "size"), orders=(ORDER_ID, "nunique"), units=(QUANTITY, "sum"))
    middle = grouped.cumcount() == (grouped["price"].transform("size") - 1) // 2
    table = table.assign(price=priced[middle].set_index(keys)["price"]).reset_index()
    table.insert(1, PRODUCT_NAME, table[PRODUCT_ID].map(_names(priced)))
    first = table.groupby([PRODUCT_ID, "buyers"])["price"].transform("first")
    return table.assign(less=1 - table["price"] / first)


def _band(priced: pd.DataFrame, bands: Sequence[float]) -> pd.Series[float]:
    edges = np.asarray(bands, dtype=float)
    if not (len(edges) and np.isfinite(edges).all() and (np.diff(edges) > 0).all()):
        raise ValueError(f"bands must be rising quantities, such as (1, 12, 100); got {plain(bands)!r}.")
    place = np.searchsorted(edges, priced[QUANTITY].to_numpy(), side="right") - 1
    return pd.Series(edges[place.clip(min=0)], index=priced.index)


def price_variance(lines: Any, *, bands: Sequence[float] = BANDS) -> pd.DataFrame:
    """Return how much of the variance of log prices buyers, quantities and months each explain.

    Parameters
    ----------
    lines : frame
        As for :func:`price_table`.
    bands : sequence of float
        As for :func:`quantity_breaks`.

    Returns
    -------
    pandas.DataFrame
        ``source`` (``"buyers"``: with a customer or without; ``"quantity"``: the band of quantities;
        ``"month"``), ``share`` of the variance within products that differs from group to group,
        ``share_by_chance``: what groups of these sizes would share if they had nothing to do with the price,
        ``products, lines``: what it rests on. Each source stands alone: shares overlap and do not add up.

    Raises
    ------
    TypeError, ValueError
        As :func:`quantity_breaks`.
    TooLittleDataError
        No product of 30 lines or more has two prices.

    Notes
    -----
    ``share`` is the sum of squares between groups ÷ the total one, each within products (the correlation
    ratio η², Fisher 1925). By chance a product with n lines in k groups is expected to have (k − 1)/(n − 1).

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": range(40), "product_id": "P", "quantity": [1, 12] * 20,
    ...     "customer_id": ["a"] * 40, "ordered_at": pd.date_range("2024-01-01", periods=40),
    ...     "unit_price": [2.0, 1.5] * 20})
    >>> price_variance(lines)[["source", "share", "share_by_chance"]].round(2).values.tolist()
    [['buyers', 0.0, 0.0], ['quantity', 1.0, 0.03], ['month', 0.0, 0.03]]
    """
    priced = priced_lines(lines)
    of = priced.groupby(PRODUCT_ID)["price"]
    priced = priced[(of.transform("size") >= FEWEST_LINES) & (of.transform("nunique") > 1)]
    if priced.empty:
        raise TooLittleDataError(
            f"lines: no product with {FEWEST_LINES} lines or more was sold at two prices, so no price "
            "varied. Give orders over a longer time, or see price_table for the prices that there were."
        )
    log = np.log(priced["price"])
    mean = log.groupby(priced[PRODUCT_ID]).transform("mean")
    squares = ((log - mean) ** 2).groupby(priced[PRODUCT_ID]).sum()
    n = priced.groupby(PRODUCT_ID).size()
    groups = {
        "buyers": priced["buyers"],
        "quantity": _band(priced, bands),
        "month": priced[ORDERED_AT].dt.to_period("M"),
    }
    rows = []
    for source, group in groups.items():
        between = log.groupby([priced[PRODUCT_ID], group]).transform("mean") - mean
        chance = (group.groupby(priced[PRODUCT_ID]).nunique() - 1) / (n - 1)
        share, by_chance = float((between**2).sum()), float((chance * squares).sum())
        rows.append((source, share / squares.sum(), by_chance / squares.sum(), len(n), len(priced)))
    return pd.DataFrame(rows, columns=["source", "share", "share_by_chance", "products", "lines"])
