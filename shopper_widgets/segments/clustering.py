"""Divisions of the customers into clusters, and how well each division separates them.

Everything runs in one thread: more threads gain little on three columns, wait seconds for one another on busy
processors, and add up in a different order on every machine.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from shopper_widgets.segments.seeding import Seeds

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

#: The method that divides the points: KMeans or a Gaussian mixture.
Method = Literal["kmeans", "gmm"]
METHODS: tuple[Method, ...] = ("kmeans", "gmm")

#: Up to this many customers, silhouettes are exact, and each start of KMeans uses all customers.
SAMPLE_SIZE = 10_000
#: The number of seeded starts, of which the best counts.
N_INIT = 10
#: A start of KMeans ends when its centers move by less than this share of the variance: scikit-learn's
#: default.
_TOLERANCE = 1e-4

#: Rows of the distance matrix that are in memory at a time.
_CHUNK = 256
#: Added to the variances of Gaussian mixtures, in standard units.
_LEAST_VARIANCE = 0.01


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
        Sum of squared distances of the customers to their center.
    precisions : ndarray of shape (k, n_features, n_features)
        The weight of a step away from each center: the identity, except for Gaussian mixtures.
    offsets : ndarray of shape (k,)
        The cost of a cluster at its center: 0, except for Gaussian mixtures.
    bic : float
        Bayesian information criterion of a Gaussian mixture, the lower the better; NaN for KMeans.
    """

    labels: Ints
    centers: Floats
    inertia: float
    precisions: Floats
    offsets: Floats
    bic: float = np.nan

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return len(self.centers)

    @property
    def smallest_share(self) -> float:
        """The share of the customers in the smallest cluster."""
        return float(np.bincount(self.labels, minlength=self.n_clusters).min() / len(self.labels))

    def label(self, points: Floats) -> Ints:
        """Return the cluster of each point, whether the point was divided or not."""
        nearest: Ints = costs(points, self.centers, self.precisions, self.offsets).argmin(axis=1)
        return nearest


def costs(points: Floats, centers: Floats, precisions: Floats, offsets: Floats) -> Floats:
    """Return the cost of assigning each point to each cluster; the least decides.

    Parameters
    ----------
    points : ndarray of shape (n, n_features)
        In the units of `centers`.
    centers, precisions, offsets : ndarray
        As in :class:`Clustering`.

    Returns
    -------
    ndarray of shape (n, k)
        KMeans: squared distances. Gaussian mixtures: -2 × log(weight × density), up to a constant.

    Examples
    --------
    >>> costs(np.array([[0.0], [3.0]]), np.array([[1.0], [5.0]]), np.ones((2, 1, 1)), np.zeros(2)).tolist()
    [[1.0, 25.0], [4.0, 4.0]]
    """
    if (precisions == np.eye(points.shape[1])).all():
        squares: Floats = cdist(points, centers, "sqeuclidean")
        return squares + offsets
    steps = points[:, None, :] - centers
    weighed: Floats = np.einsum("nki,kij,nkj->nk", steps, precisions, steps)
    return weighed + offsets


@cache
def _threadpools() -> ThreadpoolController:
    return ThreadpoolController()  # finding the libraries takes longer than many fits


def sample_rows(n_customers: int, random_state: int) -> Ints:
    """Return rows that represent all customers: all up to ``SAMPLE_SIZE``, else a seeded sample.

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


def cluster(
    points: Floats,
    n_clusters: int,
    random_state: int,
    n_init: int = N_INIT,
    method: Method = "kmeans",
    *,
    drawn: bool = False,
) -> Clustering | None:
    """Divide points into clusters by the best of `n_init` seeded starts.

    Beyond ``SAMPLE_SIZE`` points the starts compete on a seeded sample. KMeans' winner is refined on all
    points (Bradley & Fayyad, "Refining initial points for k-means clustering", 1998).

    Parameters
    ----------
    points : ndarray of shape (n, n_features)
        In standard units.
    n_clusters, random_state, n_init : int
        How many clusters, the seed, and how many starts compete.
    method : {"kmeans", "gmm"}, default "kmeans"
        ``"gmm"`` is a Gaussian mixture with full covariances.
    drawn : bool, default False
        Whether the points were drawn with replacement: KMeans merges repeated neighbors, which is faster, and
        may assign points between two centers differently.

    Returns
    -------
    Clustering or None
        None if the points are too similar for this many clusters.
    """
    rows = sample_rows(len(points), random_state)
    divide = _mixture if method == "gmm" else partial(_kmeans, drawn=drawn)
    with warnings.catch_warnings(), _threadpools().limit(limits=1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = divide(points, rows, n_clusters, random_state, n_init)
    return found if len(np.unique(found.labels)) == n_clusters else None


def _kmeans(
    points: Floats, rows: Ints, n_clusters: int, random_state: int, n_init: int, *, drawn: bool
) -> Clustering:
    sample = points[rows]
    different, which = merged(sample, n_clusters) if drawn else (sample, np.arange(len(sample)))
    # KMeans stops when centers move by less than a share of the variance: of all points, not of the distinct
    # ones.
    tolerance = _TOLERANCE * sample.var(axis=0).sum() / (different.var(axis=0).sum() or 1)
    weights = np.bincount(which).astype(np.float64)
    kmeans = KMeans(
        n_clusters, init=Seeds(weights, n_init), n_init=n_init, random_state=random_state, tol=tolerance
    )
    labels = kmeans.fit(different, sample_weight=weights).labels_[which]
    if len(rows) < len(points):
        kmeans = KMeans(n_clusters, init=kmeans.cluster_centers_, n_init=1).fit(points)
        labels = kmeans.labels_
    d = points.shape[1]
    return Clustering(
        labels=labels.astype(np.intp),
        centers=kmeans.cluster_centers_,
        inertia=float(kmeans.inertia_),
        precisions=np.broadcast_to(np.eye(d), (n_clusters, d, d)).copy(),
        offsets=np.zeros(n_clusters),
    )


def merged(points: Floats, n_clusters: int) -> tuple[Floats, Ints]:
    """Merge equal neighboring points into one.

    Of customers drawn with replacement, more than a third repeat the one before. Merged, they have the same
    total weight, and KMeans is faster.

    Parameters
    ----------
    points : ndarray of shape (n, n_features)
        Equal ones next to one another; others stay apart.
    n_clusters : int
        KMeans needs at least this many points: if fewer are distinct, none are merged.

    Returns
    -------
    different : ndarray of shape (m, n_features)
        The points, in their order.
    which : ndarray of shape (n,)
        For each of `points`, which of these it is.

    Examples
    --------
    >>> different, which = merged(np.array([[1.0], [1.0], [2.0]]), 2)
    >>> different.ravel().tolist(), which.tolist()
    ([1.0, 2.0], [0, 0, 1])
    """
    begins = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    if np.count_nonzero(begins) < n_clusters:
        begins[:] = True
    return points[begins], begins.cumsum() - 1


def _mixture(points: Floats, rows: Ints, n_clusters: int, random_state: int, n_init: int) -> Clustering:
    from sklearn.mixture import GaussianMixture

    # One-time buyers share one frequency: without a least variance, the density there would grow without
    # bound.
    mixture = GaussianMixture(
        n_clusters, n_init=n_init, random_state=random_state, reg_covar=_LEAST_VARIANCE
    ).fit(points[rows])
    offsets = -2 * np.log(mixture.weights_) - np.linalg.slogdet(mixture.precisions_)[1]
    labels = costs(points, mixture.means_, mixture.precisions_, offsets).argmin(axis=1)
    return Clustering(
        labels=labels,
        centers=mixture.means_,
        inertia=float(((points - mixture.means_[labels]) ** 2).sum()),
        precisions=mixture.precisions_,
        offsets=offsets,
        bic=float(mixture.bic(points[rows])),
    )


def silhouettes(points: Floats, labelings: Sequence[Ints]) -> Floats:
    """Return mean silhouettes of several labelings of the same points, computing each distance once.

    Parameters
    ----------
    points : ndarray of shape (n, n_features)
        Roughly centered and scaled: distances are computed in single precision.
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
    # One product sums the distances from each point to each cluster of all labelings.
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
