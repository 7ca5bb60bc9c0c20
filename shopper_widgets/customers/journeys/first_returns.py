"""After how many days a product is bought again, when the data end before some customers can return."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets.customers.journeys.purchases import Ints

#: Standard errors to each end of a 95 % interval.
_Z = 1.959964
_QUARTERS = {"gap_low": 1 / 4, "median_gap": 2 / 4, "gap_high": 3 / 4}


@dataclass(frozen=True)
class FirstReturns:
    """One entry per customer and product that they bought.

    Attributes
    ----------
    what : ndarray of int
        The product.
    days : ndarray of int
        Days to the second purchase, or to the last day on which it could have been observed.
    returned : ndarray of bool
        Whether a second purchase was observed.
    followed : ndarray of bool
        Whether the whole time was observed.
    """

    what: Ints
    days: Ints
    returned: npt.NDArray[np.bool_]
    followed: npt.NDArray[np.bool_]


def first_returns(returns: FirstReturns, n_products: int, within: int) -> pd.DataFrame:
    """Estimate the share who buy each product again within some days, and after how many.

    Parameters
    ----------
    returns : FirstReturns
        From each customer's first purchase of a product to the second, or to the end of observation.
    n_products : int
        Products are numbered from 0 to below it.
    within : int
        Days.

    Returns
    -------
    pandas.DataFrame
        One row per product, by number: ``customers, followed`` (how many could be followed for all the
        days), ``seen_again`` (how many were seen to buy again), ``again, again_low, again_high`` and
        ``gap_low, median_gap, gap_high``: days within which a quarter, half and three quarters of those who
        buy again in the time do.

    Notes
    -----
    The product-limit estimate of Kaplan and Meier (1958); the interval is that of Greenwood's variance on
    the logarithm of the logarithm (Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data,
    1980).

    Examples
    --------
    >>> of = FirstReturns(np.zeros(4, int), np.array([10, 10, 30, 40]),
    ...     np.array([True, False, True, False]), np.array([False, False, False, True]))
    >>> first_returns(of, 1, 40)[["customers", "again", "median_gap"]]
       customers  again  median_gap
    0          4  0.625       30.0
    """
    cells = returns.what * (within + 1) + returns.days
    at, counts = np.unique(cells, return_counts=True)
    what, day = np.divmod(at, within + 1)
    events = np.bincount(
        np.searchsorted(at, cells), weights=returns.returned.astype(float), minlength=len(at)
    )
    table = pd.DataFrame({"what": what, "day": day, "n": counts, "events": events})
    by_product = table.groupby("what")
    at_risk = by_product["n"].transform("sum") - by_product["n"].cumsum() + table["n"]
    table["left"] = (1 - table["events"] / at_risk).groupby(table["what"]).cumprod()
    # Greenwood's sum is infinite when all remaining customers return on one day: its term is left out then.
    spread = table["events"] / (at_risk * (at_risk - table["events"]).where(at_risk > table["events"]))
    table["variance"] = spread.groupby(table["what"]).cumsum()
    last = by_product.tail(1).set_index("what").reindex(range(n_products))
    again = 1 - last["left"]
    low, high = _interval(last["left"], last["variance"])
    gaps = {name: _within(table, again, share, n_products) for name, share in _QUARTERS.items()}
    count = {
        "customers": np.bincount(returns.what, minlength=n_products),
        "followed": np.bincount(returns.what[returns.followed], minlength=n_products),
        "seen_again": np.bincount(returns.what[returns.returned], minlength=n_products),
    }
    told = pd.DataFrame({**count, "again": again, "again_low": low, "again_high": high, **gaps})
    return told.rename_axis(None)


def _interval(
    left: pd.Series[float], variance: pd.Series[float]
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Return the limits of the share who return."""
    inside = (left > 0) & (left < 1)
    log = np.log(left.where(inside))
    reach = _Z * np.sqrt(variance) / np.abs(log)
    low, high = (1 - np.exp(log * np.exp(sign * reach)) for sign in (-1, 1))
    return low.where(inside, 1 - left), high.where(inside, 1 - left)


def _within(table: pd.DataFrame, again: pd.Series[float], share: float, n_products: int) -> pd.Series[float]:
    """Return the days within which `share` of the customers who return have returned."""
    wanted = 1 - share * table["what"].map(again)
    reached = table[(table["left"] <= wanted + 1e-12) & (table["left"] < 1)]
    found: pd.Series[float] = reached.groupby("what")["day"].first().reindex(range(n_products)).astype(float)
    return found
