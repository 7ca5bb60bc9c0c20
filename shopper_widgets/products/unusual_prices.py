"""Order lines whose price is far from what their product costs: slips that move money and best sellers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_at_least
from shopper_widgets.columns import AMOUNT, ORDER_ID, PRODUCT_ID, PRODUCT_NAME, QUANTITY
from shopper_widgets.products.prices import priced_lines

#: A product's usual price is the median of so many lines or more.
_FEWEST_LINES = 20
#: A slip is rare: a product that has such prices in a larger share of its lines has several usual prices.
_MOST_OFTEN = 0.1


def unusual_prices(lines: Any, *, times: float = 10.0, min_share: float = 0.001) -> pd.DataFrame:
    """Find order lines whose price is many times, or a small part of, what their product usually costs.

    Parameters
    ----------
    lines : frame
        ``ShopperModel.lines``, or ``clean_transactions(…, returns="net").all_sales``, on any engine.
    times : float, default 10
        A price is unusual at so many times the usual price or more, or at one such part of it or less.
    min_share : float, default 0.001
        Only lines whose money differs from what it would be at the usual price by at least this share of all
        revenue: smaller slips move no figure.

    Returns
    -------
    pandas.DataFrame
        One row per line, the largest difference first: ``order_id, product_id, product_name, quantity,
        price, usual_price`` (the median of the product's lines), ``amount`` and ``difference``
        (amount − quantity × usual price). Products with fewer than 20 lines have no usual price, nor have
        those with such prices in more than a tenth of their lines.

    Raises
    ------
    TypeError, ValueError
        `lines` is not a frame, or lacks a column; `times` is below 1, or `min_share` below 0.
    TooLittleDataError
        No line of a product has a price.

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": [str(n) for n in range(30)], "customer_id": "a",
    ...     "ordered_at": pd.Timestamp("2024-01-01"), "product_id": "P", "product_name": "Basket",
    ...     "is_product": True, "quantity": 6, "unit_price": [9.95] * 29 + [649.5]})
    >>> found = unusual_prices(lines.assign(amount=lines["quantity"] * lines["unit_price"]))
    >>> found[["order_id", "quantity", "price", "usual_price", "difference"]]
      order_id  quantity  price  usual_price  difference
    0       29       6.0  649.5         9.95      3837.3
    """
    check_at_least("times", times, 1)
    check_at_least("min_share", min_share, 0)
    priced = priced_lines(lines)
    of = priced.groupby(PRODUCT_ID)["price"]
    usual = of.transform("median").where(of.transform("size") >= _FEWEST_LINES)
    ratio = priced["price"] / usual
    difference = priced[AMOUNT] - priced[QUANTITY] * usual
    unusual = (ratio >= times) | (ratio <= 1 / times)
    unusual &= unusual.groupby(priced[PRODUCT_ID]).transform("mean") <= _MOST_OFTEN
    unusual &= difference.abs() >= min_share * max(float(priced[AMOUNT].sum()), 0.0)
    found = priced[unusual].assign(usual_price=usual[unusual], difference=difference[unusual])
    order = np.argsort(-found["difference"].abs().to_numpy(), kind="stable")
    columns = [ORDER_ID, PRODUCT_ID, PRODUCT_NAME, QUANTITY, "price", "usual_price", AMOUNT]
    return found.iloc[order][[*columns, "difference"]].reset_index(drop=True)
