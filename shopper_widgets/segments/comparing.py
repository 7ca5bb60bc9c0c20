"""Other ways to divide the same customers, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from shopper_widgets._rfm_values import rfm_values
from shopper_widgets.segments.choosing import SEPARATION, diagnose
from shopper_widgets.segments.clustering import METHODS, Method, cluster
from shopper_widgets.segments.stability import STABILITY, bootstrap_agreement, mean_and_interval, refitting
from shopper_widgets.segments.transforming import TRANSFORMS, RFMTransformer, Transform


def compare_segmenters(
    rfm: Any,
    n_clusters: int = 4,
    *,
    transforms: Iterable[Transform] = TRANSFORMS,
    methods: Iterable[Method] = METHODS,
    n_bootstraps: int = 20,
    random_state: int = 0,
) -> pd.DataFrame:
    """Divide the customers by every transform and method, and set the figures side by side.

    Parameters
    ----------
    rfm : frame or array-like of shape (n_customers, 3)
        As for :meth:`CustomerSegmenter.fit`.
    n_clusters : int, default 4
        The number of segments, at least 2.
    transforms, methods : iterable
        As for :class:`CustomerSegmenter`; by default all.
    n_bootstraps : int, default 20
        How many times each is sought again among customers drawn anew; 0 for none.
    random_state : int, default 0

    Returns
    -------
    pandas.DataFrame
        One row per transform and method: ``transform`` (text, ``"none"`` for None), ``method, n_clusters,
        smallest_share, stability, stability_low, stability_high, inertia, silhouette, davies_bouldin,
        calinski_harabasz, bic``; NaN where too few customers differ. Only share and stability compare across
        transforms, the others compare methods within one.

    Raises
    ------
    TypeError, ValueError
        A parameter or `rfm` is not what it has to be.

    Examples
    --------
    >>> import numpy as np
    >>> kinds = np.repeat([[5, 20, 5000], [9, 2, 60], [300, 1, 70]], 8, axis=0)
    >>> compared = compare_segmenters(
    ...     kinds + np.arange(24)[:, None] % 8 * [1, 0, 5], 3, transforms=["rank", "log"], n_bootstraps=0
    ... )
    >>> compared[["transform", "method", "smallest_share"]].round(2)
      transform  method  smallest_share
    0      rank  kmeans            0.33
    1      rank     gmm            0.33
    2       log  kmeans            0.33
    3       log     gmm            0.33
    """
    values = rfm_values(rfm)
    ordered = values[np.lexsort(values.T)]
    rows = []
    for transform in transforms:
        points = RFMTransformer(transform).fit(ordered).transform(ordered)
        for method in methods:
            named = pd.DataFrame({"transform": [transform or "none"], "method": [method]})
            found = cluster(points, n_clusters, random_state, method=method)
            if found is None:
                rows.append(named)
                continue
            figures = diagnose(points, [found], random_state).drop(columns="is_elbow")
            if n_bootstraps:
                refit = refitting(transform, method, n_clusters)
                agreement = bootstrap_agreement(refit, ordered, found.labels, n_bootstraps, random_state)
                figures[STABILITY] = mean_and_interval(agreement)
            rows.append(named.join(figures))
    columns = ["transform", "method", "n_clusters", "smallest_share", *STABILITY, *SEPARATION]
    return pd.concat(rows, ignore_index=True).reindex(columns=columns)
