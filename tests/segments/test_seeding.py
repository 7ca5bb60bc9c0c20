"""Seeds of all starts at once: the same that scikit-learn draws one start after another."""

import numpy as np
import pytest
from sklearn.cluster import KMeans, kmeans_plusplus

from shopper_widgets.segments.seeding import Seeds, seed_rows


def points(n=300, seed=0):
    return np.random.default_rng(seed).normal(size=(n, 3))


@pytest.mark.parametrize("n_clusters", [1, 2, 4, 9])
def test_the_seeds_are_scikit_learns(n_clusters):
    weights = np.random.default_rng(1).integers(1, 4, size=300).astype(float)
    one_by_one, at_once = np.random.RandomState(5), np.random.RandomState(5)
    expected = [
        kmeans_plusplus(points(), n_clusters, sample_weight=weights, random_state=one_by_one)[1]
        for _ in range(10)
    ]
    np.testing.assert_array_equal(seed_rows(points(), weights, n_clusters, 10, at_once), expected)
    assert at_once.random_sample() == one_by_one.random_sample()


def test_equal_points_are_no_hindrance():
    alike = np.repeat([[0.0, 1.0], [2.0, 3.0]], 20, axis=0)
    rows = seed_rows(alike, np.ones(40), 2, 10, np.random.RandomState(0))
    assert all(len(np.unique(alike[seeds], axis=0)) == 2 for seeds in rows)
    more = seed_rows(alike, np.ones(40), 3, 10, np.random.RandomState(0))
    assert ((more >= 0) & (more < 40)).all()


@pytest.mark.parametrize("n_starts", [1, 10])
def test_a_fit_is_that_of_scikit_learns_own_seeds(n_starts):
    weights = np.random.default_rng(1).integers(1, 4, size=300).astype(float)
    theirs = KMeans(5, n_init=n_starts, random_state=2).fit(points(), sample_weight=weights)
    seeds = Seeds(weights, n_starts)
    ours = KMeans(5, init=seeds, n_init=n_starts, random_state=2).fit(points(), sample_weight=weights)
    np.testing.assert_array_equal(ours.labels_, theirs.labels_)
    np.testing.assert_array_equal(ours.cluster_centers_, theirs.cluster_centers_)
