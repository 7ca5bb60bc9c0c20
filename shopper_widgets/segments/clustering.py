"""Divisions of the customers into clusters, and how well each one separates them.

All of it runs in one thread: more of them gain little on three columns, wait for one another for seconds
where the processors are busy, and add up in another order on every machine.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

#: Up to this many customers silhouettes are exact and every start of KMeans sees all of them.
SAMPLE_SIZE = 10_000

_N_INIT = 10
#: Rows of the distance matrix that are held at once.
_CHUNK = 256


@dataclass(frozen=True)
class Clustering:
    """One division of the customers into k clusters.

    Attributes
    ----------
    labels : ndarray of shape (n_customers,)
        The cluster of each customer, 0 to k - 1.
    centers : ndarray of shape (k, n_features)
        The mean of each cluster.
    inertia : float
        Sum of squared distances of the customers to their centre.
    """

    labels: Ints
    centers: Floats
    inertia: float

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return len(self.centers)

    @property
    def smallest_share(self) -> float:
        """Share of the customers that the smallest cluster holds."""
        return float(np.bincount(self.labels, minlength=self.n_clusters).min() / len(self.labels))


@cache
def _threadpools() -> ThreadpoolController:
    return ThreadpoolController()  # looking for the libraries takes longer than many a fit


def sample_rows(n_customers: int, random_state: int) -> Ints:
    """Rows of the customers that stand for all: everyone up to ``SAMPLE_SIZE``, else a seeded sample.

    Examples
    --------
    >>> sample_rows(3, random_state=0).tolist()
    [0, 1, 2]
    >>> len(sample_rows(25_000, random_state=0))
    10000
    """
    if n_customers <= SAMPLE_SIZE:
        return np.arange(n_customers)
    drawn = np.random.default_rng(random_state).choice(n_customers, SAMPLE_SIZE, replace=False, shuffle=False)
    return np.sort(drawn)


def cluster(points: Floats, n_clusters: int, random_state: int) -> Clustering | None:
    """Divide points with KMeans, the best of ten seeded starts.

    Beyond ``SAMPLE_SIZE`` points the ten starts compete on a seeded sample, and the winner is refined on all
    points (Bradley & Fayyad, "Refining initial points for k-means clustering", 1998).

    Returns
    -------
    Clustering or None
        None where the points are too much alike for so many clusters.
    """
    rows = sample_rows(len(points), random_state)
    with warnings.catch_warnings(), _threadpools().limit(limits=1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        kmeans = KMeans(n_clusters, n_init=_N_INIT, random_state=random_state).fit(points[rows])
        if len(rows) < len(points):
            kmeans = KMeans(n_clusters, init=kmeans.cluster_centers_, n_init=1).fit(points)
    labels = kmeans.labels_.astype(np.intp)
    if len(np.unique(labels)) < n_clusters:
        return None
    return Clustering(labels, kmeans.cluster_centers_, float(kmeans.inertia_))


def silhouettes(points: Floats, labelings: Sequence[Ints]) -> Floats:
    """Mean silhouettes of several labelings of the same points, each distance computed once.

    Parameters
    ----------
    points : ndarray of shape (n, n_features)
        Roughly centred and scaled: distances are computed in single precision.
    labelings : sequence of ndarray of shape (n,)
        Cluster numbers, from 0.

    Returns
    -------
    ndarray of shape (len(labelings),)
        The mean over all points of (b - a) / max(a, b), a the mean distance to the rest of its own cluster
        and b to the nearest other one (Rousseeuw 1987); 0 for a point alone in its cluster, as
        ``sklearn.metrics.silhouette_score``, which this equals to 1e-5. NaN for a single cluster.

    Examples
    --------
    >>> silhouettes(np.array([[0.0], [1.0], [10.0], [11.0]]), [np.array([0, 0, 1, 1])]).round(4)
    array([0.8997])
    """
    n = len(points)
    x = points.astype(np.float32)
    squares = np.einsum("ij,ij->i", x, x)
    sizes = [np.bincount(labels) for labels in labelings]
    members = np.hstack(
        [np.eye(len(s), dtype=np.float32)[labels] for s, labels in zip(sizes, labelings, strict=True)]
    )
    # Summed distances from each point to each cluster of each labeling: one product for all of them.
    sums = np.empty((n, members.shape[1]), dtype=np.float32)
    with _threadpools().limit(limits=1):
        for start in range(0, n, _CHUNK):
            rows = slice(start, min(start + _CHUNK, n))
            distances = x[rows] @ (-2 * x.T)
            distances += squares
            distances += squares[rows, None]
            np.maximum(distances, 0, out=distances)
            distances[np.arange(rows.stop - start), np.arange(start, rows.stop)] = 0
            sums[rows] = np.sqrt(distances, out=distances) @ members

    ends = np.cumsum([len(s) for s in sizes])
    return np.array(
        [
            _mean_silhouette(sums[:, end - len(s) : end].astype(np.float64), labels, s)
            for s, labels, end in zip(sizes, labelings, ends, strict=True)
        ]
    )


def _mean_silhouette(sums: Floats, labels: Ints, sizes: Ints) -> float:
    if np.count_nonzero(sizes) < 2:
        return np.nan
    every = np.arange(len(labels))
    own_size = sizes[labels]
    own = sums[every, labels] / np.maximum(own_size - 1, 1)
    others = np.full_like(sums, np.inf)
    np.divide(sums, sizes, out=others, where=sizes > 0)
    others[every, labels] = np.inf
    nearest = others.min(axis=1)
    widest = np.maximum(own, nearest)
    values = np.divide(nearest - own, widest, out=np.zeros_like(own), where=(widest > 0) & (own_size > 1))
    return float(values.mean())
