"""What new customers buy next, after which first product, and how many days later."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets._support.checks import check_count
from shopper_widgets._support.intervals import share_interval
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.customers.journeys.entry import FEWEST
from shopper_widgets.customers.journeys.starts import DAYS, Starts, new_starts
from shopper_widgets.recommend.lift import lift, lift_interval, surely_together

#: A step that fewer customers took may be chance.
FEWEST_STEPS = 5
#: The most steps that are listed: the surest ones.
MOST = 500


def product_steps(
    lines: pd.DataFrame,
    *,
    days: int = DAYS,
    min_customers: int = FEWEST,
    min_support: int = FEWEST_STEPS,
    starts: Starts | None = None,
) -> pd.DataFrame:
    """Return which product follows which, from a customer's first order day to the second.

    Parameters
    ----------
    lines : pandas.DataFrame
        Cleaned lines, such as ``ShopperModel.lines``.
    days : int, default 90
        Within which the second day counts, for everyone.
    min_customers : int, default 20
        The fewest customers who began with the first product.
    min_support : int, default 5
        The fewest customers who took the step.
    starts : Starts, optional
        What ``new_starts`` returned, where it is at hand.

    Returns
    -------
    pandas.DataFrame
        The 500 surest steps at most: ``product_id, product_name`` (of the first day), ``next_id, next_name``
        (of the second; the same where it was bought again), ``customers`` (who began with the first),
        ``support`` (of these, who bought the next on their second day, in time), ``share`` (support ÷
        customers) with ``share_low`` and ``share_high``, ``other_share`` (of those who began without it),
        ``lift`` (support ÷ what chance gives) with ``lift_low`` and ``lift_high``, ``is_sure`` (more took the
        step than chance explains, beside all pairs of products looked at: of the steps that it marks, 5 % or
        fewer are expected to be chance) and ``days_between`` (median of those who took the step). Intervals
        are those of 95 %, each by itself. Highest ``lift_low`` first.

    Raises
    ------
    ValueError
        A parameter is not a whole number from 1.
    TooLittleDataError
        Nobody can be followed for that long.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=300, n_products=30, n_days=300, random_state=0)
    >>> steps = product_steps(ShopperModel.fit(orders, n_clusters=4, progress=False).lines, min_support=3)
    >>> bool((steps["share"] * steps["customers"]).round(6).equals(steps["support"].astype(float)))
    True
    """
    check_count("min_customers", min_customers)
    check_count("min_support", min_support)
    starts = new_starts(lines, days) if starts is None else starts
    began = np.asarray(starts.first.sum(axis=0), dtype=float).ravel()
    next_day = np.asarray(starts.second.sum(axis=0), dtype=float).ravel()
    enough = np.flatnonzero(began >= min_customers)
    counts = (starts.first[:, enough].T @ starts.second).tocoo()
    kept = counts.data >= min_support
    row, column, both = enough[counts.row[kept]], counts.col[kept], counts.data[kept]
    n, everyone = began[row], len(starts)
    share, share_low, share_high = share_interval(both, n)
    low, high = lift_interval(both, n, next_day[column], everyone)
    others = everyone - n
    told = pd.DataFrame(
        {
            "began": row,
            "followed": column,
            "customers": n.astype(np.int64),
            "support": both.astype(np.int64),
            "share": share,
            "share_low": share_low,
            "share_high": share_high,
            "other_share": np.where(others > 0, (next_day[column] - both) / np.maximum(others, 1), np.nan),
            "lift": lift(both, n, next_day[column], everyone),
            "lift_low": low,
            "lift_high": high,
            "is_sure": surely_together(
                both,
                n,
                next_day[column],
                everyone,
                n_pairs=len(enough) * int((next_day >= min_support).sum()),
            ),
        }
    )
    told = told.sort_values(["lift_low", "support"], ascending=False, kind="stable", ignore_index=True)
    return _named(starts, told.head(MOST))


def _named(starts: Starts, told: pd.DataFrame) -> pd.DataFrame:
    """Put ids and names in place of numbers, and add the median days between."""
    ids, names = (starts.products[name].to_numpy() for name in (PRODUCT_ID, PRODUCT_NAME))
    row, column = (told[name].to_numpy(dtype=np.int64) for name in ("began", "followed"))
    days = [float(np.median(starts.gap[_both(starts, *step)])) for step in zip(row, column, strict=True)]
    names_first = {
        PRODUCT_ID: ids[row],
        PRODUCT_NAME: names[row],
        "next_id": ids[column],
        "next_name": names[column],
    }
    figures = told.drop(columns=["began", "followed"])
    return pd.concat([pd.DataFrame(names_first), figures], axis=1).assign(days_between=days)


def _both(starts: Starts, first: int, second: int) -> npt.NDArray[np.int64]:
    """Return the customers who bought the one product first and the other next."""
    began, followed = (
        table.indices[table.indptr[product] : table.indptr[product + 1]]
        for table, product in ((starts.first, first), (starts.second, second))
    )
    return np.intersect1d(began, followed)
