"""Stability: whether segments refitted on bootstrap samples of the customers agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_choice, check_count
from shopper_widgets._support.formatting import format_decimal
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets._support.progress import progress_bar
from shopper_widgets.segments.clustering import (
    METHODS,
    N_INIT,
    Clustering,
    Floats,
    Ints,
    Method,
    cluster,
    sample_rows,
)
from shopper_widgets.segments.rfm_values import rfm_values
from shopper_widgets.segments.rhythm import gaps_of, rhythm_of
from shopper_widgets.segments.transform import RFMTransformer, Transform

#: Divides some customers (with a seed) in one or several ways, and returns for each way the segment of every
#: customer; None where there are not that many segments to find.
Refit = Callable[[Floats, Floats, int], Sequence[Ints | None]]

#: The columns: the mean over the refits, and the limits of the interval of this mean.
STABILITY = ["stability", "stability_low", "stability_high"]
#: From this stability on, segments are a finding; below it, they are a convenience.
MODERATE = 0.65
#: The lower bound of each verdict about stability; the bounds are those of Steinley, "Properties of the
#: Hubert–Arabie adjusted Rand index" (2004), for excellent, good, moderate and poor.
_VERDICTS = (
    (0.9, N_("nearly the same")),
    (0.8, N_("much the same")),
    (MODERATE, N_("roughly the same")),
    (-np.inf, N_("differently each time, a convenience rather than a finding")),
)
#: Standard errors to each end of a 95 % interval of a mean.
_NORMAL_95 = 1.96


def stability(
    rfm: Any,
    n_clusters: int | Iterable[int] = 4,
    *,
    transform: Transform = "rhythm",
    method: Method = "kmeans",
    n_bootstraps: int = 100,
    n_init: int = N_INIT,
    random_state: int = 0,
) -> pd.DataFrame:
    """Return how well segments refitted on bootstrap samples agree with those of all customers.

    Parameters
    ----------
    rfm : frame or array-like of shape (n_customers, 3)
        As for :meth:`CustomerSegmenter.fit`.
    n_clusters : int or iterable of int, default 4
        The number, or numbers, of segments: each at least 2.
    transform, method : str or None, str
        As for :class:`CustomerSegmenter`.
    n_bootstraps : int, default 100
        Number of bootstrap samples.
    n_init : int, default 10
        Seeded starts of every refit.
    random_state : int, default 0
        Seed of everything that is drawn. All `n_clusters` use the same draws.

    Returns
    -------
    pandas.DataFrame
        One row per number of segments: ``n_clusters``; ``stability``, the mean adjusted Rand index over the
        refits (1: the same segments, 0: no more alike than by chance); ``stability_low`` and
        ``stability_high``, its 95 % interval (mean ± 1.96 standard errors); ``smallest_share``. Numbers for
        which too few customers differ have NaN.

    Raises
    ------
    TypeError, ValueError
        A parameter or `rfm` is not what it has to be.

    Notes
    -----
    Each bootstrap sample draws as many customers as there are, with replacement. The transform, the scaler
    and the centers are refitted on it, and *all* customers get the segment of their nearest center. This is
    compared with the segments fitted on all, by the adjusted Rand index (Hubert & Arabie 1985); the procedure
    is that of Hennig, "Cluster-wise assessment of cluster stability" (2007). Beyond 10,000 customers, a
    seeded sample of 10,000 stands for all.

    Examples
    --------
    >>> kinds = np.repeat([[5, 20, 5000], [9, 2, 60], [300, 1, 70]], 8, axis=0)
    >>> spread = np.arange(24)[:, None] % 8 * [1, 0, 5]
    >>> stability(kinds + spread, [3], transform="log", n_bootstraps=5)
       n_clusters  stability  stability_low  stability_high  smallest_share
    0           3        1.0            1.0             1.0        0.333333
    """
    numbers = [n_clusters] if isinstance(n_clusters, int | np.integer) else list(n_clusters)
    for k in numbers:
        check_count("n_clusters", k, 2)
    check_count("n_bootstraps", n_bootstraps, 2)
    check_count("n_init", n_init)
    check_count("random_state", random_state, 0)
    check_choice("method", method, METHODS)
    values = rfm_values(rfm)
    rhythm = rhythm_of(rfm, values, gaps_of(rfm))
    values = values[np.lexsort(values.T)]
    points = RFMTransformer(transform, rhythm).fit(values).transform(values)
    found = [
        None if k > len(values) else cluster(points, int(k), random_state, n_init, method) for k in numbers
    ]
    refitted = partial(refitting, transform, method, n_init=n_init, rhythm=rhythm)
    told = stability_of(found, refitted, values, n_bootstraps, random_state)
    table = pd.DataFrame(told, columns=STABILITY)
    table.insert(0, "n_clusters", [int(k) for k in numbers])
    return table.assign(smallest_share=[np.nan if one is None else one.smallest_share for one in found])


def stability_of(
    found: Sequence[Clustering | None],
    refitted: Callable[[list[int]], Refit],
    values: Floats,
    n_bootstraps: int,
    random_state: int,
) -> list[tuple[float, float, float]]:
    """Return the mean agreement of refits with each division, and its 95 % interval; NaN without refits.

    Parameters
    ----------
    found : sequence of Clustering or None
        The divisions of all customers.
    refitted : callable
        Takes the numbers of clusters of several divisions, and returns how to refit them.
    values, n_bootstraps, random_state : ndarray, int, int
        As for :func:`bootstrap_agreement`.
    """
    said = [(np.nan, np.nan, np.nan)] * len(found)
    several = {i: one for i, one in enumerate(found) if one is not None and one.n_clusters > 1}
    if several and n_bootstraps:
        refit = refitted([one.n_clusters for one in several.values()])
        labelings = [one.labels for one in several.values()]
        agreement = bootstrap_agreement(refit, values, labelings, n_bootstraps, random_state)
        for i, of_one in zip(several, agreement, strict=True):
            said[i] = mean_and_interval(of_one)
    return said


def refitting(
    transform: Transform,
    method: Method,
    n_clusters: Sequence[int],
    n_init: int = N_INIT,
    rhythm: float | None = None,
) -> Refit:
    """Return a function that refits divisions into each of `n_clusters`: transform, scaler and centers.

    If `rhythm` is given, the shop's rhythm, a median over all who came back, is not learned again.
    """

    def refit(drawn: Floats, everyone: Floats, seed: int) -> list[Ints | None]:
        transformer = RFMTransformer(transform, rhythm).fit(drawn)
        learned_on, divided = transformer.transform(drawn), transformer.transform(everyone)
        found = (cluster(learned_on, k, seed, n_init, method, drawn=True) for k in n_clusters)
        return [None if one is None else one.label(divided) for one in found]

    return refit


def bootstrap_agreement(
    refit: Refit, values: Floats, labelings: Sequence[Ints], n_bootstraps: int, random_state: int
) -> Floats:
    """Return the adjusted Rand index of each refit on a bootstrap sample against the labels of all.

    Parameters
    ----------
    refit : callable
        Takes customers to fit to, customers to assign, and a seed; returns for each of `labelings` the
        segment of each of the latter, or None.
    values : ndarray of shape (n_customers, 3)
        Recency, frequency and monetary value, in the order that the labels have.
    labelings : sequence of ndarray of shape (n_customers,)
        Divisions fitted on all customers: which segment each one is in.
    n_bootstraps, random_state : int
        How many draws, and their seed.

    Returns
    -------
    ndarray of shape (len(labelings), n_bootstraps)
        0 for a draw of customers too similar for this many segments.
    """
    from sklearn.metrics import adjusted_rand_score

    random = np.random.default_rng(random_state)
    rows = sample_rows(len(values), random_state)
    everyone, expected = values[rows], [labels[rows] for labels in labelings]
    agreement = np.zeros((len(labelings), n_bootstraps))
    for i in progress_bar(range(n_bootstraps), desc="Stability", leave=False, delay=1):
        # KMeans depends on the order of the points: they are sorted by value, as in the fit on all customers.
        drawn = np.sort(random.integers(len(everyone), size=len(everyone)))
        again = refit(everyone[drawn], everyone, int(random.integers(2**31)))
        agreement[:, i] = [
            0.0 if found is None else adjusted_rand_score(labels, found)
            for labels, found in zip(expected, again, strict=True)
        ]
    return agreement


def describe_stability(diagnostics: pd.DataFrame, n_bootstraps: int) -> str:
    """Say in plain words how stable the chosen segments are.

    Parameters
    ----------
    diagnostics : pandas.DataFrame
        ``CustomerSegmenter.diagnostics_``.
    n_bootstraps : int
        How many bootstrap samples they were refitted on.

    Returns
    -------
    str
        Empty if that is unknown, or if there is only one segment.

    Examples
    --------
    >>> found = {"stability": [0.96], "stability_low": [0.95], "stability_high": [0.97]}
    >>> print(describe_stability(pd.DataFrame({"n_clusters": [4], "is_chosen": [True], **found}), 20))
    Refitted on 20 bootstrap samples of the customers, the 4 segments come out nearly the same:
    0.96 (0.95 to 0.97). 1 means that the same customers share a segment in every refit; 0, no more often than
    by chance. The number of segments was kept; chosen anew, it may differ.
    """
    row = diagnostics[diagnostics["is_chosen"]].iloc[0]
    if pd.isna(row["stability"]):
        return ""
    verdict = next(words for least, words in _VERDICTS if row["stability"] >= least)
    return gettext(
        "Refitted on {samples} bootstrap samples of the customers, the {number} "
        "segments come out {verdict}: {stability} ({low} to {high}). 1 means "
        "that the same customers share a segment in every refit; 0, no more often than by "
        "chance. The number of segments was kept; chosen anew, it may differ.",
        samples=n_bootstraps,
        number=row["n_clusters"],
        verdict=gettext(verdict),
        stability=format_decimal(row["stability"], 2),
        low=format_decimal(row["stability_low"], 2),
        high=format_decimal(row["stability_high"], 2),
    )


def mean_and_interval(agreement: Floats) -> tuple[float, float, float]:
    """Return the mean over the refits, and the limits of its 95 % interval, at most 1."""
    mean = float(agreement.mean())
    margin = _NORMAL_95 * float(agreement.std(ddof=1)) / np.sqrt(len(agreement))
    return mean, mean - margin, min(mean + margin, 1.0)
