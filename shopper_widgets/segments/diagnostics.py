"""The evidence for each number of segments: how tight, well separated and stable the segments are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from shopper_widgets._support.progress import progress_bar
from shopper_widgets.segments.clustering import (
    Clustering,
    Floats,
    Ints,
    Method,
    cluster,
    sample_rows,
    silhouettes,
)

#: The numbers of clusters that are compared.
CANDIDATES = range(2, 11)
#: Measures of how well clusters are separated; their values compare only within one transform.
SEPARATION = ["inertia", "silhouette", "davies_bouldin", "calinski_harabasz", "bic"]


def divide(
    points: Floats, method: Method, random_state: int, n_clusters: int | None = None
) -> list[Clustering]:
    """Divide ordered points into each number of clusters that is compared or requested, fewest first.

    Parameters
    ----------
    points : ndarray of shape (n, n_features)
        Equal ones next to one another.
    method : {"kmeans", "gmm"}
        See :func:`~shopper_widgets.segments.clustering.cluster`.
    random_state : int
        Seed of every division.
    n_clusters : int, optional
        A requested number, besides 1 and ``CANDIDATES``.

    Returns
    -------
    list of Clustering
        At least the one with a single cluster; none with more clusters than distinct points.
    """
    different = 1 + int((np.diff(points, axis=0) != 0).any(axis=1).sum())
    # A silhouette needs more points than clusters.
    numbers = {1, *(k for k in CANDIDATES if k <= min(different, len(points) - 1))}
    if n_clusters is not None:
        numbers.add(min(n_clusters, different))
    found = []
    for k in progress_bar(sorted(numbers), desc="Segments", leave=False, delay=1):
        clustering = cluster(points, k, random_state, method=method)
        if clustering is None:
            break
        found.append(clustering)
    return found


def find_elbow(n_clusters: Sequence[int], inertia: Sequence[float]) -> int | None:
    """Return the elbow of the inertia curve (Kneedle, Satopää et al. 2011): more clusters add little.

    Examples
    --------
    >>> find_elbow([2, 3, 4, 5, 6], [100.0, 60.0, 20.0, 18.0, 16.0])
    4
    >>> find_elbow([2, 3], [100.0, 60.0]) is None
    True
    """
    if len(inertia) < 3 or not inertia[0] > inertia[-1]:
        return None
    from kneed import KneeLocator

    elbow = KneeLocator(n_clusters, inertia, curve="convex", direction="decreasing").elbow
    return None if elbow is None else int(elbow)


def diagnose(points: Floats, clusterings: Sequence[Clustering], random_state: int) -> pd.DataFrame:
    """Return the diagnostics of each clustering.

    Returns
    -------
    pandas.DataFrame
        One row per clustering: ``n_clusters, inertia, silhouette, davies_bouldin, calinski_harabasz, bic,
        smallest_share, is_elbow``. The elbow is sought among ``CANDIDATES``.
    """
    from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

    rows = sample_rows(len(points), random_state)
    compared = [c for c in clusterings if c.n_clusters in CANDIDATES]
    elbow = find_elbow([c.n_clusters for c in compared], [c.inertia for c in compared])
    return pd.DataFrame(
        {
            "n_clusters": [c.n_clusters for c in clusterings],
            "inertia": [c.inertia for c in clusterings],
            "silhouette": silhouettes(points[rows], [c.labels[rows] for c in clusterings]),
            "davies_bouldin": [_score(davies_bouldin_score, points, c) for c in clusterings],
            "calinski_harabasz": [_score(calinski_harabasz_score, points, c) for c in clusterings],
            "bic": [c.bic for c in clusterings],
            "smallest_share": [c.smallest_share for c in clusterings],
            "is_elbow": [c.n_clusters == elbow for c in clusterings],
        }
    )


def _score(score: Callable[[Floats, Ints], float], points: Floats, clustering: Clustering) -> float:
    """Score a clustering where that is defined: with two clusters or more, and more points than clusters."""
    return float(score(points, clustering.labels)) if 1 < clustering.n_clusters < len(points) else np.nan
