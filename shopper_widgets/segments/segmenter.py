"""Customers into named segments, by recency, frequency and monetary value."""

from __future__ import annotations

import logging
import warnings
from functools import partial
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import ClusterMixin
from sklearn.utils.validation import check_is_fitted

from shopper_widgets._support.checks import check_choice, check_count, plain
from shopper_widgets._support.locale import ENGLISH, in_locale
from shopper_widgets.segments.choice import choose, why_so_many
from shopper_widgets.segments.clustering import METHODS, Clustering, Floats, Method
from shopper_widgets.segments.diagnostics import diagnose, divide
from shopper_widgets.segments.explanation import Explanation, explain
from shopper_widgets.segments.geometry import Geometry
from shopper_widgets.segments.limits import data_limits, out_of_range, too_little_to_divide
from shopper_widgets.segments.naming import name_segments
from shopper_widgets.segments.naming_claims import segment_facts
from shopper_widgets.segments.profiles import profile_segments
from shopper_widgets.segments.rfm_values import rfm_values
from shopper_widgets.segments.rhythm import gaps_of, rhythm_of, short_silence_of
from shopper_widgets.segments.shown import ShownSegmenter
from shopper_widgets.segments.stability import STABILITY, refitting, stability_of
from shopper_widgets.segments.transform import TRANSFORMS, RFMTransformer, Transform

logger = logging.getLogger(__name__)


class OutOfRangeWarning(UserWarning):
    """A segment was predicted for values outside the fitted range.

    Examples
    --------
    >>> segmenter = CustomerSegmenter(n_clusters=2).fit([(2, 20, 500.0), (90, 1, 20.0)])
    >>> with warnings.catch_warnings(record=True, action="always") as told:
    ...     segment = segmenter.predict((900, 1, 20.0))
    >>> told[0].category.__name__
    'OutOfRangeWarning'
    """


class FewerSegmentsWarning(UserWarning):
    """There are fewer different customers than segments asked for.

    Examples
    --------
    >>> with warnings.catch_warnings(record=True, action="always") as told:
    ...     segmenter = CustomerSegmenter(n_clusters=4).fit([(2, 20, 500.0), (90, 1, 20.0)])
    >>> told[0].category.__name__, segmenter.n_clusters_
    ('FewerSegmentsWarning', 2)
    """


class CustomerSegmenter(ClusterMixin, ShownSegmenter):  # type: ignore[misc]
    """Divides customers into named segments: a transform, StandardScaler and KMeans over R, F and M.

    Parameters
    ----------
    n_clusters : "auto" or int, default "auto"
        The number of segments. ``"auto"`` picks it by the rule below.
    transform : {"rhythm", "soft", "sqrt-log", "log", "rank", "quantile", "robust", None}, default "rhythm"
        What is done to recency, frequency and monetary value before they are standardized, since a few
        customers buy a hundred times as much as the others: see
        :class:`~shopper_widgets.segments.transform.RFMTransformer`. ``None`` is the textbook variant.
    random_state : int, default 0
        Seed of everything that is drawn.
    min_share : float, default 0.05
        ``"auto"`` avoids divisions with a segment smaller than this share of the customers.
    method : {"kmeans", "gmm"}, default "kmeans"
        ``"gmm"`` fits Gaussian mixtures with full covariances instead, of which ``"auto"`` takes the one with
        the lowest Bayesian information criterion that keeps to `min_share`.
    stability_budget : int, default 0
        How many bootstrap samples of the customers every division is refitted on, to see whether it is
        stable: see :func:`~shopper_widgets.segments.stability.stability`. ``"auto"`` weighs that. 20 are
        enough to choose by and take seconds; 0 leaves it out, and fitting fast.

    Attributes
    ----------
    n_clusters_ : int
        The number of segments.
    reason_ : str
        Why this number was chosen, in a sentence.
    segment_names_ : list of str
        Best segment first, those to win back last.
    labels_ : ndarray of str, shape (n_customers,)
        The segment of each fitted customer, in the order of the rows.
    profiles_ : pandas.DataFrame
        One row per segment, best first: ``segment, customers, share, recency_mean, recency_median,
        frequency_mean, frequency_median, monetary_mean, monetary_median, revenue, revenue_share``; shares
        are 0 to 1.
    diagnostics_ : pandas.DataFrame
        One row per number of clusters that was tried, 2 to 10 (fewer where fewer customers differ) and the
        chosen one: ``n_clusters, inertia, silhouette, davies_bouldin, calinski_harabasz, bic,
        smallest_share, stability, stability_low, stability_high, is_elbow, is_chosen``. High is good for
        ``silhouette``, ``calinski_harabasz`` and ``stability`` (NaN without a budget), low for
        ``davies_bouldin`` and ``bic`` (NaN for KMeans). All but the stability compare only within one
        transform.
    limits_ : list of str
        What these customers can't tell, in sentences: see
        :func:`~shopper_widgets.segments.limits.data_limits`.
    centers_ : ndarray of shape (n_clusters, 3)
        Center of each segment in transformed standard units, in the order of `segment_names_`.
    precisions_ : ndarray of shape (n_clusters, 3, 3)
        What a step away from each center weighs: the identity, except for mixtures.
    offsets_ : ndarray of shape (n_clusters,)
        What belonging to each segment costs at its very center: 0, except for mixtures.
    ranges_ : ndarray of shape (2, 3)
        Least and greatest fitted recency, frequency and monetary value.
    transformer_ : RFMTransformer
        Turns customers into points.

    Notes
    -----
    **How many.** KMeans (the best of ten seeded starts) divides the customers into 2 to 10 clusters. Their
    inertia has an elbow, found by Kneedle. ``"auto"`` takes, of the elbow and the numbers next to it, the one
    with the highest silhouette, as long as its smallest segment holds `min_share` of the customers; the full
    rule, with what happens when that fails, stands at :func:`~shopper_widgets.segments.choice.choose`.
    Silhouettes are exact up to 10,000 customers; beyond that, they are computed on a seeded sample of 10,000.
    Customers who are too few or too much alike for this are one segment:
    :func:`~shopper_widgets.segments.limits.too_little_to_divide`.

    **Why "rhythm".** Segments should not depend on which customers of a kind happened to come, and they
    should separate customers who still come from those who are late. Four segments of UCI Online Retail
    (returns netted), refitted on 100 bootstrap samples (see
    :func:`~shopper_widgets.segments.stability.stability`), agree to a mean adjusted Rand index of 0.98; the
    smallest holds 12 % of the customers, and all of the 67 valuable ones who are late by their own rhythm are
    in one. "soft" reaches 0.97 (16 %), and leaves them with those who still come. On 22 real and made-up
    shops of three months to four years "rhythm" reaches 0.95 on average (0.86 to 0.99) with 99 % of the
    valuable and late in one segment, "soft" 0.94 with 72 %. Part of this stability comes from the rhythm,
    which says where to cut: "rhythm" divides alike even customers drawn at random, whom "soft" divides
    differently each time.

    **Names.** Each is a claim about its members, given only where it is true:
    :data:`~shopper_widgets.segments.naming_claims.CLAIMS` holds the conditions,
    :data:`~shopper_widgets.segments.naming.NAMING_RULE` the words. Four segments of most shops are
    High-Value, Regular or New, Occasional and At-Risk.

    The order of the rows has no influence. Identical customers are in one segment; where there are fewer
    different customers than segments asked for, there are fewer segments, and a warning.

    Examples
    --------
    >>> rfm = pd.DataFrame({
    ...     "recency": [2, 5, 9, 3, 8, 4, 300, 340, 310],
    ...     "frequency": [20, 25, 22, 2, 1, 2, 1, 2, 1],
    ...     "monetary": [5000.0, 6500.0, 5600.0, 60.0, 40.0, 80.0, 70.0, 90.0, 50.0],
    ... })
    >>> segmenter = CustomerSegmenter(n_clusters=3).fit(rfm)
    >>> segmenter.segment_names_
    ['High-Value', 'Regular', 'Occasional']
    >>> segmenter.predict((7, 21, 5200.0)).tolist()
    ['High-Value']
    >>> segmenter.profiles_[["segment", "customers", "recency_median", "revenue_share"]].round(2)
          segment  customers  recency_median  revenue_share
    0  High-Value          3             5.0           0.98
    1     Regular          3             4.0           0.01
    2  Occasional          3           310.0           0.01
    """

    n_clusters_: int
    reason_: str
    segment_names_: list[str]
    labels_: npt.NDArray[np.str_]
    profiles_: pd.DataFrame
    diagnostics_: pd.DataFrame
    limits_: list[str]
    centers_: Floats
    precisions_: Floats
    offsets_: Floats
    ranges_: Floats
    transformer_: RFMTransformer

    def __init__(
        self,
        n_clusters: int | Literal["auto"] = "auto",
        transform: Transform = "rhythm",
        random_state: int = 0,
        min_share: float = 0.05,
        method: Method = "kmeans",
        stability_budget: int = 0,
    ) -> None:
        self.n_clusters = n_clusters
        self.transform = transform
        self.random_state = random_state
        self.min_share = min_share
        self.method = method
        self.stability_budget = stability_budget

    @in_locale(ENGLISH)
    def fit(self, rfm: Any, y: None = None) -> Self:
        """Find segments, name them and describe them.

        Parameters
        ----------
        rfm : frame or array-like of shape (n_customers, 3)
            A frame has the columns ``recency`` (days), ``frequency`` (orders) and ``monetary``, and perhaps
            others; an array has them in this order. A column ``usual_gap`` (days that usually pass between a
            customer's orders, as :func:`~shopper_widgets.segments.gaps.customer_gaps` tells them) makes names
            exact: without it, the gaps that are usual for so many orders are used instead. How often the
            shop's customers order is taken from what ``rfm_table`` recorded, else learned from these gaps,
            else estimated: see :func:`~shopper_widgets.segments.rhythm.rhythm_of`.
        y : None
            Ignored.

        Returns
        -------
        CustomerSegmenter
            Itself.

        Raises
        ------
        TypeError, ValueError
            A parameter is not what it has to be, or `rfm` has missing, infinite or negative values, text,
            a frequency below 1, or no rows. Nothing is dropped: the message names the rows.

        Warns
        -----
        FewerSegmentsWarning
            There are fewer different customers than segments asked for.
        """
        self._check_parameters()
        values, gaps = rfm_values(rfm), gaps_of(rfm)
        rhythm = rhythm_of(rfm, values, gaps)
        gaps = np.full(len(values), np.nan) if gaps is None else gaps
        self.ranges_ = np.vstack([values.min(axis=0), values.max(axis=0)])
        # KMeans depends on the order of the points, but segments must not: the points are put in a fixed
        # order.
        order = np.lexsort((gaps, *values.T))
        ordered = values[order]
        self.transformer_ = RFMTransformer(self.transform, rhythm).fit(ordered)
        points = self.transformer_.transform(ordered)

        chosen = self._choose(points, ordered)
        named = name_segments(segment_facts(ordered, gaps[order], chosen.labels, rhythm))
        self.segment_names_ = list(named)
        best_first = list(named.values())
        self.centers_, self.precisions_ = chosen.centers[best_first], chosen.precisions[best_first]
        self.offsets_ = chosen.offsets[best_first]
        self.limits_ = data_limits(ordered, self.segment_names_, short_silence_of(rfm))
        self.profiles_ = profile_segments(ordered, self.geometry_.nearest(ordered), self.segment_names_)
        self.labels_ = np.array(self.segment_names_)[self.geometry_.nearest(values)]
        logger.info("%s", self.reason_)
        return self

    @in_locale(ENGLISH)
    def predict(self, rfm: Any) -> npt.NDArray[np.str_]:
        """Return the segment of each customer: the one with the nearest center, the better one in a tie.

        In a mixture, it is the segment that most likely produced such a customer.

        Parameters
        ----------
        rfm : frame, array-like of shape (n, 3), or one (recency, frequency, monetary)
            As for `fit`.

        Returns
        -------
        ndarray of str, shape (n,)
            Names, of `segment_names_`.

        Raises
        ------
        TypeError, ValueError
            As for `fit`, with the rows named.

        Warns
        -----
        OutOfRangeWarning
            Values lie outside the fitted range: the segment is the nearest one, but no such customers were
            fitted.
        """
        check_is_fitted(self)
        values = rfm_values(rfm)
        if outside := out_of_range(values, self.ranges_):
            warnings.warn(outside, OutOfRangeWarning, stacklevel=2)
        return np.array(self.segment_names_)[self.geometry_.nearest(values)]

    def explain(self, customer: Any, rfm: pd.DataFrame | None = None, *, currency: str = "") -> Explanation:
        """Explain why a customer is in a segment, and what would change it.

        Parameters
        ----------
        customer : str or (recency, frequency, monetary)
            Three numbers, or a ``customer_id`` that is in `rfm`.
        rfm : pandas.DataFrame, optional
            With ``customer_id`` and the three columns; needed for an id.
        currency : str, default ""
            A sign or code, for the sentences.

        Returns
        -------
        Explanation
            See :func:`~shopper_widgets.segments.explanation.explain`.

        Raises
        ------
        KeyError, TypeError, ValueError
            As for :func:`~shopper_widgets.segments.explanation.explain`.
        """
        return explain(self, customer, rfm, currency=currency)

    @property
    def geometry_(self) -> Geometry:
        """The centers of the segments, and the nearest of them for each customer."""
        return Geometry(self.transformer_, self.centers_, self.precisions_, self.offsets_)

    def _check_parameters(self) -> None:
        if self.n_clusters != "auto":
            check_count("n_clusters", self.n_clusters, otherwise="'auto'")
        check_choice("transform", self.transform, TRANSFORMS)
        check_choice("method", self.method, METHODS)
        if self.stability_budget != 0:
            check_count("stability_budget", self.stability_budget, 2, otherwise="0")
        check_count("random_state", self.random_state, 0)
        if not 0 <= self.min_share <= 0.5:
            raise ValueError(f"min_share must be between 0 and 0.5; got {plain(self.min_share)!r}.")

    def _choose(self, points: Floats, ordered: Floats) -> Clustering:
        """Learn `n_clusters_`, `reason_` and `diagnostics_`; return the clustering that is chosen."""
        asked = None if self.n_clusters == "auto" else int(self.n_clusters)
        clusterings = divide(points, self.method, self.random_state, asked)
        diagnostics = diagnose(points, clusterings, self.random_state)
        refitted = partial(refitting, self.transform, self.method, rhythm=self.transformer_.rhythm_)
        diagnostics[STABILITY] = stability_of(
            clusterings, refitted, ordered, self.stability_budget, self.random_state
        )
        diagnostics["is_elbow"] = diagnostics.pop("is_elbow")
        if asked is not None:
            self.n_clusters_ = min(asked, clusterings[-1].n_clusters)
        elif too_little_to_divide(ordered):
            self.n_clusters_ = 1
        else:
            divided = diagnostics[diagnostics["n_clusters"] > 1]
            self.n_clusters_ = choose(divided, len(points), self.min_share)[0]
        self.reason_ = why_so_many(
            diagnostics,
            self.n_clusters_,
            len(points),
            asked="auto" if asked is None else asked,
            min_share=self.min_share,
            too_little=too_little_to_divide(ordered),
        )
        if asked is not None and self.n_clusters_ < asked:
            warnings.warn(self.reason_, FewerSegmentsWarning, stacklevel=3)
        chosen = diagnostics["n_clusters"] == self.n_clusters_
        kept = diagnostics.assign(is_chosen=chosen)[chosen | (diagnostics["n_clusters"] > 1)]
        self.diagnostics_ = kept.reset_index(drop=True)
        return next(c for c in clusterings if c.n_clusters == self.n_clusters_)
