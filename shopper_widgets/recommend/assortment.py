"""Which products may be recommended: sold lately, in a country, within a price range."""

from __future__ import annotations

import numbers

import pandas as pd

from shopper_widgets._support.checks import check_count, plain
from shopper_widgets.columns import AMOUNT, COUNTRY, PRODUCT_ID, QUANTITY

DATE = "date"


def assortment(
    sales: pd.DataFrame,
    *,
    country: str | None = None,
    lowest_price: float | None = None,
    highest_price: float | None = None,
    sold_within_days: int | None = None,
) -> list[str]:
    """Return the ids of the products that meet every condition given, for ``recommend(..., only=...)``.

    Parameters
    ----------
    sales : DataFrame
        ``date, country, product_id, quantity, amount``, such as ``ShopperModel.sales``.
    country : str, optional
        Sold there at least once.
    lowest_price, highest_price : float, optional
        The price is the average paid per unit, ``Σ amount / Σ quantity``, in the currency of the data, and in
        the country if one is given. Both limits are included.
    sold_within_days : int, optional
        Sold, in the country if one is given, within this many last days of the data: 1 is its last day.

    Returns
    -------
    list of str
        Ascending; empty if no product meets them all.

    Raises
    ------
    ValueError
        If nothing was ever sold in the country (the known ones are named), or prices or days make no sense.

    Examples
    --------
    >>> sales = pd.DataFrame({
    ...     "date": pd.to_datetime(["2011-01-01", "2011-01-09", "2011-01-09"]), "country": "UK",
    ...     "product_id": ["A", "B", "C"], "quantity": [2, 1, 1], "amount": [3.0, 9.0, 1.0],
    ... })
    >>> assortment(sales, sold_within_days=7, highest_price=5)
    ['C']
    """
    if sold_within_days is not None:
        check_count("sold_within_days", sold_within_days)
    low, high = _price("lowest_price", lowest_price), _price("highest_price", highest_price)
    if low is not None and high is not None and low > high:
        raise ValueError(
            f"lowest_price must not be above highest_price; got {plain(low)!r} and {plain(high)!r}"
        )
    last_day = sales[DATE].max()
    if country is not None:
        known = sorted(sales[COUNTRY].dropna().unique())
        if country not in known:
            raise ValueError(
                f"country must be one in which something was sold; got {plain(country)!r}, not among "
                f"{', '.join(known)}"
            )
        sales = sales[sales[COUNTRY] == country]
    products = sales.groupby(PRODUCT_ID).agg({QUANTITY: "sum", AMOUNT: "sum", DATE: "max"}).sort_index()
    price = products[AMOUNT] / products[QUANTITY]
    meets = pd.Series(True, index=products.index)
    if low is not None:
        meets &= price >= low
    if high is not None:
        meets &= price <= high
    if sold_within_days is not None:
        meets &= (last_day - products[DATE]).dt.days < sold_within_days
    return [str(product) for product in products.index[meets]]


def _price(parameter: str, value: float | None) -> float | None:
    if value is not None and not (isinstance(value, numbers.Real) and value >= 0):
        raise ValueError(f"{parameter} must be a price of at least 0; got {plain(value)!r}")
    return value
