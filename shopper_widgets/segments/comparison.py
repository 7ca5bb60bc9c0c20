"""A comparison of other ways to divide the same customers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from sklearn.preprocessing import StandardScaler

from shopper_widgets._support.checks import check_choice
from shopper_widgets.segments.clustering import METHODS, Clustering, Floats, Ints, cluster
from shopper_widgets.segments.diagnostics import SEPARATION, diagnose
from shopper_widgets.segments.rfm_values import rfm_values
from shopper_widgets.segments.rhythm import gaps_of, rhythm_of
from shopper_widgets.segments.rules import RULES, RuleSegmenter
from shopper_widgets.segments.stability import STABILITY, Refit, refitting, stability_of
from shopper_widgets.segments.transform import TRANSFORMS, RFMTransformer, Transform

#: Clusters by both methods, and rules over scores.
COMPARED = (*METHODS, "rules")


def compare_segmenters(
    rfm: Any,
    n_clusters: int = 4,
    *,
    transforms: Iterable[Transform] = TRANSFORMS,
    methods: Iterable[str] = COMPARED,
    n_bootstraps: int = 20,
    random_state: int = 0,
) -> pd.DataFrame:
    """Compare segmentations by every transform and method.

    Parameters
    ----------
    rfm : frame or array-like of shape (n_customers, 3)
        As for :meth:`CustomerSegmenter.fit`.
    n_clusters : int, default 4
        The number of segments, at least 2.
    transforms : iterable
        As for :class:`CustomerSegmenter`; by default all.
    methods : iterable of str
        As for :class:`CustomerSegmenter`, and ``"rules"`` for :class:`RuleSegmenter`, whose number of
        segments is its own; by default all.
    n_bootstraps : int, default 20
        On how many bootstrap samples of the customers each is refitted; 0 for none.
    random_state : int, default 0
        Seed of everything that is drawn.

    Returns
    -------
    pandas.DataFrame
        One row per transform and method: ``transform`` (text, ``"none"`` for None), ``method, n_clusters,
        smallest_share, stability, stability_low, stability_high, inertia, silhouette, davies_bouldin,
        calinski_harabasz, bic``; NaN where too few customers differ. The last row is that of the rules, with
        the transform ``"scores"``. Only share and stability can be compared across transforms; the others
        compare methods within one.

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
    >>> compared[["transform", "method", "n_clusters", "smallest_share"]].round(2)
      transform  method  n_clusters  smallest_share
    0      rank  kmeans           3            0.33
    1      rank     gmm           3            0.33
    2       log  kmeans           3            0.33
    3       log     gmm           3            0.33
    4    scores   rules           7            0.12
    """
    methods = list(methods)
    for method in methods:
        check_choice("methods", method, COMPARED)
    values = rfm_values(rfm)
    rhythm = rhythm_of(rfm, values, gaps_of(rfm))
    ordered = values[np.lexsort(values.T)]
    rows = []
    for transform, method, points, found, refitted in _divisions(
        ordered, n_clusters, transforms, methods, random_state, rhythm
    ):
        row = pd.DataFrame({"transform": [transform], "method": [method]})
        if found is not None:
            row = row.join(diagnose(points, [found], random_state).drop(columns="is_elbow"))
        row[STABILITY] = stability_of([found], refitted, ordered, n_bootstraps, random_state)
        rows.append(row)
    columns = ["transform", "method", "n_clusters", "smallest_share", *STABILITY, *SEPARATION]
    return pd.concat(rows, ignore_index=True).reindex(columns=columns)


def _divisions(
    ordered: Floats,
    n_clusters: int,
    transforms: Iterable[Transform],
    methods: list[str],
    random_state: int,
    rhythm: float,
) -> Iterator[tuple[str, str, Floats, Clustering | None, Callable[[list[int]], Refit]]]:
    """Yield transform, method, the points that are divided, their clustering, and how to refit it."""
    for transform in transforms:
        points = RFMTransformer(transform, rhythm).fit(ordered).transform(ordered)
        for method in METHODS:
            if method in methods:
                found = cluster(points, n_clusters, random_state, method=method)
                refitted = partial(refitting, transform, method, rhythm=rhythm)
                yield transform or "none", method, points, found, refitted
    if "rules" in methods:
        points = StandardScaler().fit_transform(RuleSegmenter().fit(ordered).scores(ordered))
        yield "scores", "rules", points, _by_rules(ordered, points), lambda _: _rules_again


def _by_rules(ordered: Floats, points: Floats) -> Clustering | None:
    _, labels = np.unique(_rules_again(ordered, ordered, 0)[0], return_inverse=True)
    k, d = labels.max() + 1, points.shape[1]
    if k == 1:
        return None
    centers = np.array([points[labels == label].mean(axis=0) for label in range(k)])
    inertia = float(((points - centers[labels]) ** 2).sum())
    return Clustering(labels, centers, inertia, np.broadcast_to(np.eye(d), (k, d, d)), np.zeros(k))


def _rules_again(drawn: Floats, everyone: Floats, seed: int) -> list[Ints]:
    """Learn the edges between scores from some customers, and return the rule for each customer."""
    names = [name for name, *_ in RULES]
    return [np.array([names.index(name) for name in RuleSegmenter().fit(drawn).predict(everyone)])]
