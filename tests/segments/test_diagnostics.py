"""Diagnostics of each number of segments: correct figures, and an elbow if there is one."""

import numpy as np
import pytest
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from shopper_widgets.segments.clustering import cluster
from shopper_widgets.segments.diagnostics import CANDIDATES, SEPARATION, diagnose, divide, find_elbow


def test_every_number_that_customers_allow_is_tried():
    points = np.repeat(np.arange(6.0)[:, None] * [1, 2, 3], 2, axis=0)
    assert [c.n_clusters for c in divide(points, "kmeans", 0)] == [1, 2, 3, 4, 5, 6]
    assert [c.n_clusters for c in divide(points[:6], "kmeans", 0, 12)] == [1, 2, 3]
    many = np.random.default_rng(0).normal(size=(40, 3))
    assert [c.n_clusters for c in divide(many, "gmm", 0, 12)] == [1, *CANDIDATES, 12]


def test_diagnose_describes_each_clustering():
    random = np.random.default_rng(0)
    points = random.normal(scale=0.2, size=(400, 3)) + np.repeat(np.eye(4, 3) * 4, 100, axis=0)
    table = diagnose(points, [c for k in (*CANDIDATES, 12) if (c := cluster(points, k, 0))], 0)
    assert table.columns.tolist() == ["n_clusters", *SEPARATION, "smallest_share", "is_elbow"]
    four = cluster(points, 4, 0).labels
    row = table[table["n_clusters"] == 4].iloc[0]
    assert row["davies_bouldin"] == pytest.approx(davies_bouldin_score(points, four))
    assert row["calinski_harabasz"] == pytest.approx(calinski_harabasz_score(points, four))
    assert table["n_clusters"].tolist() == [*CANDIDATES, 12]
    assert table["inertia"].is_monotonic_decreasing
    assert table.loc[table["is_elbow"], "n_clusters"].tolist() == [4]
    assert table.loc[table["silhouette"].idxmax(), "n_clusters"] == 4
    assert table.loc[2, "smallest_share"] == 0.25


@pytest.mark.parametrize(
    "inertia", [[], [5.0], [5.0, 4.0], [3.0, 3.0, 3.0], [0.0, 0.0, 0.0], [5.0, 4.0, 3.0]]
)
def test_curves_without_an_elbow(inertia):
    assert find_elbow(range(2, 2 + len(inertia)), inertia) is None
