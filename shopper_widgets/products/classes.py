"""Products by revenue (ABC) and by how regularly they sell (XYZ)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_count
from shopper_widgets.columns import PRODUCT_ID
from shopper_widgets.products.histories import Histories

#: Cut-offs of Syntetos, Boylan & Croston (2005): above them, SBA has smaller errors than Croston's method.
ADI_CUT, CV2_CUT = 1.32, 0.49
#: Cumulative shares of revenue at which A and B end.
_A_ENDS, _B_ENDS = 0.80, 0.95
#: The regularity of a product that sold in one week only is not known.
_FEWEST_SALES = 2
REGULARITIES = ("smooth", "erratic", "intermittent", "lumpy", "rare", "inactive")
_XYZ = {"smooth": "X", "erratic": "Y", "intermittent": "Y", "lumpy": "Z", "rare": "Z", "inactive": "Z"}


def product_classes(demand: pd.DataFrame, *, recent_weeks: int = 26) -> pd.DataFrame:
    """Class products by revenue (A, B, C) and by regularity (X, Y, Z).

    Parameters
    ----------
    demand : pandas.DataFrame
        What :func:`~shopper_widgets.demand_table` returns.
    recent_weeks : int, default 26
        How many of the last weeks to look at.

    Returns
    -------
    pandas.DataFrame
        One row per product, by revenue: ``product_id, revenue, share`` (of all revenue), ``abc`` (A: those
        that bring the first 80 %; B: up to 95 %; C: the rest), ``adi`` (weeks ÷ weeks with sales), ``cv2``
        (squared coefficient of variation of the weeks with sales), ``regularity`` and ``xyz``: X is
        ``smooth``, Y ``erratic`` (regular, of changing size) or ``intermittent`` (with gaps, of like size), Z
        ``lumpy`` (both), ``rare`` (one week with sales) or ``inactive`` (none).

    Raises
    ------
    ValueError
        A column is missing, or `recent_weeks` isn't a whole number of at least 1.

    Notes
    -----
    The cut-offs ADI 1.32 and CV² 0.49 are those of Syntetos, Boylan & Croston, *On the categorization of
    demand patterns* (JORS 56, 2005).

    Examples
    --------
    >>> weeks = pd.date_range("2024-01-07", periods=4, freq="7D")
    >>> demand = pd.DataFrame({
    ...     "product_id": ["mug"] * 4 + ["tea", "tea"],
    ...     "week": [*weeks, weeks[0], weeks[3]],
    ...     "quantity": [5.0, 6, 5, 4, 1, 20],
    ...     "amount": [20.0, 24, 20, 16, 1, 10],
    ... })
    >>> product_classes(demand)[["product_id", "abc", "regularity", "xyz"]]
      product_id abc regularity xyz
    0        mug   A     smooth   X
    1        tea   B      lumpy   Z
    """
    check_count("recent_weeks", recent_weeks)
    histories = Histories.of(demand)
    quantity = histories.quantity[:, -recent_weeks:]
    revenue = histories.amount[:, -recent_weeks:].sum(axis=1)
    times = (quantity > 0).sum(axis=1)
    sold_at_all = np.maximum(times, 1)
    mean = quantity.sum(axis=1) / sold_at_all
    variance = (np.where(quantity > 0, quantity - mean[:, None], 0.0) ** 2).sum(axis=1) / sold_at_all
    adi = np.where(times > 0, quantity.shape[1] / sold_at_all, np.nan)
    cv2 = np.where(times > 0, variance / np.maximum(mean, 1e-12) ** 2, np.nan)
    regular, alike = adi < ADI_CUT, cv2 < CV2_CUT
    regularity = np.select(
        [times == 0, times < _FEWEST_SALES, regular & alike, regular, alike],
        ["inactive", "rare", "smooth", "erratic", "intermittent"],
        "lumpy",
    )
    total = max(float(revenue.sum()), 1e-12)
    table = pd.DataFrame(
        {
            PRODUCT_ID: histories.products,
            "revenue": revenue,
            "share": revenue / total,
            "abc": _abc(revenue / total),
            "adi": adi,
            "cv2": cv2,
            "regularity": regularity,
            "xyz": [_XYZ[name] for name in regularity],
        }
    )
    return table.sort_values(["revenue", PRODUCT_ID], ascending=[False, True], ignore_index=True)


def _abc(share: np.ndarray) -> np.ndarray:
    """Return the class in which each product's share begins; products with equal shares are in one class."""
    before = np.array([share[share > own].sum() for own in np.unique(share)])
    begins = before[np.searchsorted(np.unique(share), share)]
    # Sums of shares have rounding errors: a share that begins at the edge counts as beyond it.
    found = np.select([begins < _A_ENDS - 1e-9, begins < _B_ENDS - 1e-9], ["A", "B"], "C")
    return np.where(share > 0, found, "C")
