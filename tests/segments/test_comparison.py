"""Alternative segmentations side by side."""

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from shopper_widgets.segments import TRANSFORMS, CustomerSegmenter, RuleSegmenter, compare_segmenters

CUSTOMERS = np.random.default_rng(0).lognormal(3, 1, (90, 3)).round() + 1


def test_every_transform_and_method_has_its_row():
    table = compare_segmenters(CUSTOMERS, 3, n_bootstraps=2)
    expected = [*((t or "none", m) for t in TRANSFORMS for m in ("kmeans", "gmm")), ("scores", "rules")]
    assert list(zip(table["transform"], table["method"], strict=True)) == expected
    assert table[["stability", "silhouette", "davies_bouldin", "calinski_harabasz"]].notna().all(axis=None)
    assert (table["bic"].notna() == (table["method"] == "gmm")).all()


def test_the_figures_are_those_of_the_segmenter():
    row = compare_segmenters(CUSTOMERS, 3, transforms=["log"], methods=["kmeans"], n_bootstraps=3).iloc[0]
    fitted = CustomerSegmenter(3, "log", stability_budget=3).fit(CUSTOMERS).diagnostics_
    expected = fitted[fitted["n_clusters"] == 3].iloc[0]
    for name in ("silhouette", "davies_bouldin", "smallest_share", "stability", "stability_low"):
        assert row[name] == pytest.approx(expected[name])


def test_rules_are_compared_by_their_own_segments():
    row = compare_segmenters(CUSTOMERS, 3, methods=["rules"], n_bootstraps=4).iloc[0]
    fitted = RuleSegmenter().fit(CUSTOMERS)
    assert row["n_clusters"] == fitted.n_clusters_
    assert row["smallest_share"] == pytest.approx(fitted.profiles_["share"].min())
    assert row["silhouette"] == pytest.approx(
        silhouette_score(fitted.scores(CUSTOMERS) / 1.0, fitted.labels_), abs=0.05
    )
    assert 0.3 < row["stability_low"] <= row["stability"] <= row["stability_high"] < 1


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="methods must be one of 'kmeans', 'gmm', 'rules'; got 'dbscan'"):
        compare_segmenters(CUSTOMERS, 3, methods=["dbscan"])


def test_what_is_not_asked_for_or_not_possible_is_missing():
    table = compare_segmenters([(5, 1, 10.0)] * 12, 3, transforms=["soft"], n_bootstraps=0)
    assert table["method"].tolist() == ["kmeans", "gmm", "rules"]
    assert table[["smallest_share", "stability", "silhouette"]].isna().all(axis=None)
