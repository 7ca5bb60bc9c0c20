"""Clusterings and their silhouettes."""

from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.mixture import GaussianMixture

from shopper_widgets.segments import clustering
from shopper_widgets.segments.clustering import Clustering, cluster, merged, sample_rows, silhouettes


def blobs(n, spread=0.2, seed=0):
    """Return three groups of points, in the ratio 3 : 2 : 1, shuffled."""
    random = np.random.default_rng(seed)
    centers = np.repeat([[0.0, 0, 0], [3, 0, 0], [0, 3, 1]], [3, 2, 1], axis=0)
    return centers[np.arange(n) % 6] + random.normal(scale=spread, size=(n, 3))


@pytest.mark.parametrize(("n", "spread"), [(50, 0.2), (700, 1.0), (700, 30.0)])
def test_silhouettes_equal_scikit_learns(n, spread):
    points = blobs(n, spread)
    random = np.random.default_rng(1)
    labelings = [random.permutation(np.arange(n) % k) for k in (2, 3, 7)]
    labelings.append(cluster(points, 3, random_state=0).labels)
    labelings.append(np.where(np.arange(n) == 5, 1, 0))  # one point alone in its cluster
    expected = [silhouette_score(points, labels) for labels in labelings]
    np.testing.assert_allclose(silhouettes(points, labelings), expected, atol=1e-5)


@pytest.mark.parametrize("n_clusters", [1, 2, 5, 9])
def test_equal_points_counted_together_are_divided_as_apart(n_clusters):
    points = blobs(400, spread=0.7)
    drawn = points[np.sort(np.random.default_rng(2).integers(400, size=400))]
    different, which = merged(drawn, n_clusters)
    assert len(different) < 300
    np.testing.assert_array_equal(different[which], drawn)
    apart = KMeans(n_clusters, n_init=10, random_state=3).fit(drawn)
    together = cluster(drawn, n_clusters, random_state=3, drawn=True)
    np.testing.assert_array_equal(together.labels, apart.labels_)
    np.testing.assert_allclose(together.centers, apart.cluster_centers_, rtol=1e-12, atol=1e-12)
    assert together.inertia == pytest.approx(apart.inertia_, rel=1e-12)


def test_points_are_merged_only_where_as_many_differ_as_there_are_clusters():
    points = np.repeat([[0.0, 1.0], [2.0, 3.0]], 3, axis=0)
    assert [len(merged(points, k)[0]) for k in (1, 2, 3)] == [2, 2, 6]
    assert cluster(points, 3, random_state=0, drawn=True) is None
    assert cluster(points[:3], 1, random_state=0, drawn=True).labels.tolist() == [0, 0, 0]


@pytest.mark.parametrize("seed", range(5))
def test_customers_who_are_equal_are_divided_one_by_one(seed):
    grid = np.random.default_rng(seed).integers(5, size=(80, 3)).astype(float)
    grid = grid[np.lexsort(grid.T)]
    for n_clusters in (3, 4, 5, 6):
        apart = KMeans(n_clusters, n_init=10, random_state=seed).fit(grid)
        found = cluster(grid, n_clusters, random_state=seed)
        np.testing.assert_array_equal(found.labels, apart.labels_)
        np.testing.assert_array_equal(found.centers, apart.cluster_centers_)


def test_silhouettes_of_equal_points_are_zero():
    points = np.array([[1.0, 2.0]] * 4)
    assert silhouettes(points, [np.array([0, 0, 1, 1])]).tolist() == [0.0]


def test_one_cluster_has_no_silhouette():
    assert np.isnan(silhouettes(blobs(6), [np.zeros(6, dtype=int)])).all()


def test_a_cluster_that_no_point_is_in_changes_nothing():
    points, labels = blobs(60), np.arange(60) % 6 // 3 * 2
    assert silhouettes(points, [labels]) == pytest.approx(silhouettes(points, [labels // 2]))


def test_cluster_finds_the_groups():
    found = cluster(blobs(600), 3, random_state=0)
    assert sorted(np.bincount(found.labels)) == [100, 200, 300]
    assert found.n_clusters == 3
    assert found.smallest_share == pytest.approx(1 / 6)
    assert found.inertia == pytest.approx(((blobs(600) - found.centers[found.labels]) ** 2).sum())


def test_too_many_clusters_for_points_that_are_alike():
    assert cluster(np.array([[0.0], [0.0], [1.0], [1.0]]), 3, random_state=0) is None


def test_many_points_are_started_from_a_sample_and_all_divided(monkeypatch):
    monkeypatch.setattr(clustering, "SAMPLE_SIZE", 100)
    assert np.array_equal(sample_rows(600, 0), sample_rows(600, 0))
    assert not np.array_equal(sample_rows(600, 0), sample_rows(600, 1))
    assert len(np.unique(sample_rows(600, 0))) == 100
    found = cluster(blobs(600), 3, random_state=0)
    assert sorted(np.bincount(found.labels)) == [100, 200, 300]


def test_smallest_share_counts_empty_clusters():
    shape: dict[str, Any] = {"precisions": np.ones((2, 1, 1)), "offsets": np.zeros(2)}
    assert Clustering(np.array([0, 0]), np.zeros((2, 1)), 0.0, **shape).smallest_share == 0


def test_mixtures_find_the_groups_and_label_as_scikit_learn_does():
    points = blobs(600, 0.6)
    found = cluster(points, 3, random_state=0, method="gmm")
    theirs = GaussianMixture(3, n_init=10, random_state=0, reg_covar=0.01).fit(points)
    assert found.bic == pytest.approx(theirs.bic(points))
    others = blobs(200, 2.0, seed=5)
    assert found.label(others).tolist() == theirs.predict(others).tolist()
    assert found.labels.tolist() == found.label(points).tolist()


def test_points_are_labelled_by_the_nearest_centre():
    points = blobs(600)
    found = cluster(points, 3, random_state=0)
    distances = ((points[:, None] - found.centers) ** 2).sum(axis=2)
    assert found.label(points).tolist() == distances.argmin(axis=1).tolist() == found.labels.tolist()
