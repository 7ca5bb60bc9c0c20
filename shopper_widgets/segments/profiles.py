"""Segments in figures: how many customers they have, what these are like, and what they bring."""

from __future__ import annotations

import pandas as pd

from shopper_widgets.columns import MONETARY, RFM, SEGMENT
from shopper_widgets.segments.clustering import Floats, Ints


def profile_segments(values: Floats, codes: Ints, names: list[str]) -> pd.DataFrame:
    """Describe every segment.

    Parameters
    ----------
    values : ndarray of shape (n_customers, 3)
        Recency, frequency and monetary value.
    codes : ndarray of shape (n_customers,)
        Which of `names` each customer is in; none is empty.
    names : list of str
        Of the segments, in the order of the rows.

    Returns
    -------
    pandas.DataFrame
        One row per name: ``segment, customers, share, recency_mean, recency_median, frequency_mean,
        frequency_median, monetary_mean, monetary_median, revenue, revenue_share``.

    Examples
    --------
    >>> import numpy as np
    >>> values = np.array([[1.0, 2, 30], [9, 1, 10]])
    >>> profile_segments(values, np.array([1, 0]), ["a", "b"])[["segment", "revenue_share"]]
      segment  revenue_share
    0       a           0.25
    1       b           0.75
    """
    by_segment = pd.DataFrame(values, columns=list(RFM)).groupby(codes, sort=True)
    means, medians = by_segment.mean(), by_segment.median()
    customers = by_segment.size().to_numpy()
    revenue = by_segment[MONETARY].sum().to_numpy()
    profiles = pd.DataFrame({SEGMENT: names, "customers": customers, "share": customers / len(values)})
    for name in RFM:
        profiles[f"{name}_mean"] = means[name].to_numpy()
        profiles[f"{name}_median"] = medians[name].to_numpy()
    total = revenue.sum()
    return profiles.assign(revenue=revenue, revenue_share=revenue / total if total > 0 else 0.0)
