"""Where KMeans starts: the seeds of all its starts, found at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Seeds:
    """The seeds of several starts of KMeans, handed out start by start.

    They are those that scikit-learn would draw with the same random state: greedy k-means++ (Arthur &
    Vassilvitskii, "k-means++: the advantages of careful seeding", 2007), of ``2 + log(k)`` candidates the one
    that leaves the least inertia. Its starts draw one after another and wait for none, so that the draws of
    all are known beforehand, and distances are computed for all starts together.

    Parameters
    ----------
    weights : ndarray of shape (n_points,)
        How many customers each point represents.
    n_starts : int
        How many starts there will be.

    Examples
    --------
    >>> from sklearn.cluster import KMeans
    >>> points = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> seeds = Seeds(np.ones(4), n_starts=10)
    >>> found = KMeans(2, init=seeds, n_init=10, random_state=0).fit(points)
    >>> sorted(found.cluster_centers_.ravel().tolist())
    [0.5, 10.5]
    """

    def __init__(self, weights: Floats, n_starts: int) -> None:
        self._weights, self._n_starts = weights, n_starts
        self._left: list[Floats] = []

    def __call__(self, points: Floats, n_clusters: int, random_state: np.random.RandomState) -> Floats:
        """Return the seeds of the next start, of shape (n_clusters, n_features)."""
        if not self._left:
            rows = seed_rows(points, self._weights, n_clusters, self._n_starts, random_state)
            self._left = list(points[rows[::-1]])
        return self._left.pop()


def seed_rows(
    points: Floats, weights: Floats, n_clusters: int, n_starts: int, random_state: np.random.RandomState
) -> npt.NDArray[np.intp]:
    """Return the rows of the points that are the seeds of each start, shape (n_starts, n_clusters)."""
    n_tried = 2 + int(np.log(n_clusters))
    drawn = random_state.random_sample((n_starts, 1 + (n_clusters - 1) * n_tried))
    shares = np.cumsum(weights / weights.sum())
    rows = np.empty((n_starts, n_clusters), dtype=np.intp)
    rows[:, 0] = (shares / shares[-1]).searchsorted(drawn[:, 0], side="right")
    squares = np.einsum("ij,ij->i", points, points)
    # Squared distances are one product: (-2 a, |a|², 1) · (b, 1, |b|²).
    ones = np.ones(len(points))
    asking = np.column_stack([-2 * points, squares, ones])
    answering = np.vstack([points.T, ones, squares])
    every = np.arange(n_starts)
    closest = np.maximum(asking[rows[:, 0]] @ answering, 0)
    inertia = closest @ weights
    for k in range(1, n_clusters):
        draws = drawn[:, 1 + (k - 1) * n_tried :][:, :n_tried] * inertia[:, None]
        summed = np.cumsum(closest * weights, axis=1)
        tried = np.stack([s.searchsorted(d) for s, d in zip(summed, draws, strict=True)])
        tried = np.minimum(tried, len(points) - 1)
        left = (asking[tried.ravel()] @ answering).reshape(n_starts, n_tried, len(points))
        np.maximum(left, 0, out=left)
        np.minimum(left, closest[:, None], out=left)
        inertias = left @ weights
        best = inertias.argmin(axis=1)
        rows[:, k], closest, inertia = tried[every, best], left[every, best], inertias[every, best]
    return rows
