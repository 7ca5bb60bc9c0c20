"""Segments by fixed rules: the eleven usual names over a grid of RFM scores."""

from __future__ import annotations

import logging
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import ClusterMixin
from sklearn.utils.validation import check_is_fitted

from shopper_widgets._support.formatting import count_of, format_count
from shopper_widgets._support.locale import ENGLISH, gettext, in_locale
from shopper_widgets.columns import RFM
from shopper_widgets.segments.clustering import Floats, Ints
from shopper_widgets.segments.flips import find_flips
from shopper_widgets.segments.limits import data_limits
from shopper_widgets.segments.profiles import profile_segments
from shopper_widgets.segments.rfm import RFMScorer
from shopper_widgets.segments.rfm_values import one_customer, rfm_values
from shopper_widgets.segments.rhythm import short_silence_of
from shopper_widgets.segments.rule_explanation import RuleExplanation
from shopper_widgets.segments.shown import ShownSegmenter

logger = logging.getLogger(__name__)

#: Name, recency scores and frequency–monetary scores (both from 1, worst, to 5, best); best segment first.
RULES: tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...] = (
    ("Champions", (5,), (4, 5)),
    ("Loyal", (3, 4), (4, 5)),
    ("Potential Loyalist", (4, 5), (2, 3)),
    ("New", (5,), (1,)),
    ("Promising", (4,), (1,)),
    ("Need Attention", (3,), (3,)),
    ("About to Sleep", (3,), (1, 2)),
    ("Cannot Lose Them", (1, 2), (5,)),
    ("At Risk", (1, 2), (3, 4)),
    ("Hibernating", (2,), (1, 2)),
    ("Lost", (1,), (1, 2)),
)


def _in_words(rule: tuple[str, tuple[int, ...], tuple[int, ...]]) -> str:
    name, *scores = rule
    recency, value = (gettext(" or ").join(map(str, each)) for each in scores)
    return gettext(
        "{segment} (recency {recency}, value {value})", segment=gettext(name), recency=recency, value=value
    )


def rules_in_words() -> str:
    """Say the rules in the language in force, for reports."""
    return gettext(
        "Recency, frequency and monetary value each get a score from 1 (worst) to 5 (best), by quintile. The "
        "scores of frequency and monetary value are averaged, halves rounded up, to one value score. The "
        "recency score and the value score give the segment: {rules}.",
        rules=", ".join(map(_in_words, RULES)),
    )


with in_locale(ENGLISH):
    #: The rules in words.
    RULES_IN_WORDS = rules_in_words()


def why_by_rules(n_segments: int, n_customers: int) -> str:
    """Explain the number of segments by rules, in the language in force.

    Examples
    --------
    >>> print(why_by_rules(3, 1_200))
    3 segments: the rules define 11 by scores of recency, frequency and monetary value, and this many of them
    have customers among these 1,200.
    """
    return gettext(
        "{segments}: the rules define {rules} by scores of recency, frequency and monetary value, and this "
        "many of them have customers among these {number}.",
        segments=count_of(n_segments, "segment"),
        rules=len(RULES),
        number=format_count(n_customers),
    )


class RuleSegmenter(ClusterMixin, ShownSegmenter):  # type: ignore[misc]
    """Divides customers into up to eleven segments by rules over RFM scores.

    Attributes
    ----------
    scorer_ : RFMScorer
        Its edges give the scores.
    n_clusters_ : int
        How many of the eleven segments have customers.
    reason_ : str
        What was done, in a sentence.
    segment_names_, labels_, profiles_, limits_ : list, ndarray, pandas.DataFrame, list
        As those of :class:`~shopper_widgets.CustomerSegmenter`; only segments with
        customers are listed.

    Notes
    -----
    Recency, frequency and monetary value score 1 to 5 by :class:`~shopper_widgets.RFMScorer`. Frequency and
    monetary value are averaged, halves rounded up. ``RULES`` gives every pair of scores exactly one name: it
    is the usual grid of RFM tutorials and mailing tools, with its coldest corner divided into Hibernating and
    Lost.

    Examples
    --------
    >>> rfm = pd.DataFrame({
    ...     "recency": [2, 30, 90, 200, 326],
    ...     "frequency": [20, 1, 4, 12, 1],
    ...     "monetary": [5000.0, 80.0, 250.0, 900.0, 20.0],
    ... })
    >>> segmenter = RuleSegmenter().fit(rfm)
    >>> segmenter.labels_.tolist()
    ['Champions', 'Potential Loyalist', 'Need Attention', 'At Risk', 'Lost']
    >>> segmenter.predict((3, 15, 4000.0)).tolist()
    ['Champions']
    """

    scorer_: RFMScorer
    n_clusters_: int
    reason_: str
    segment_names_: list[str]
    labels_: npt.NDArray[np.str_]
    profiles_: pd.DataFrame
    limits_: list[str]

    @in_locale(ENGLISH)
    def fit(self, rfm: Any, y: None = None) -> Self:
        """Learn the edges between scores, and describe the segments.

        Parameters
        ----------
        rfm : frame or array-like of shape (n_customers, 3)
            As for :meth:`CustomerSegmenter.fit`.
        y : None
            Ignored.

        Returns
        -------
        RuleSegmenter
            Itself.

        Raises
        ------
        TypeError, ValueError
            `rfm` is not what it has to be.
        """
        values = rfm_values(rfm)
        self.scorer_ = RFMScorer(n_bins=5).fit(values)
        self.labels_ = self.predict(values)
        present = set(self.labels_)
        self.segment_names_ = [name for name, *_ in RULES if name in present]
        self.n_clusters_ = len(present)
        # The rows are put in a fixed order, because the last digits of sums depend on it.
        order = np.lexsort(values.T)
        codes = np.array([self.segment_names_.index(name) for name in self.labels_[order]])
        self.profiles_ = profile_segments(values[order], codes, self.segment_names_)
        self.limits_ = data_limits(values, self.segment_names_, short_silence_of(rfm))
        self.reason_ = why_by_rules(self.n_clusters_, len(values))
        logger.info("%s", self.reason_)
        return self

    def predict(self, rfm: Any) -> npt.NDArray[np.str_]:
        """Return the segment of each customer.

        Parameters
        ----------
        rfm : frame, array-like of shape (n, 3), or one (recency, frequency, monetary)
            As for `fit`.

        Returns
        -------
        ndarray of str, shape (n,)
            Names, of ``RULES``.

        Raises
        ------
        TypeError, ValueError
            As for `fit`.
        """
        check_is_fitted(self, "scorer_")
        r_score, f_score, m_score = self.scores(rfm_values(rfm)).T
        names: npt.NDArray[np.str_] = _NAMES[r_score - 1, fm_score(f_score, m_score) - 1]
        return names

    def explain(
        self, customer: Any, rfm: pd.DataFrame | None = None, *, currency: str = ""
    ) -> RuleExplanation:
        """Explain which rule applies to a customer, and what would change the segment.

        Parameters
        ----------
        customer, rfm, currency : str or tuple, pandas.DataFrame, str
            As for :meth:`CustomerSegmenter.explain`.

        Returns
        -------
        RuleExplanation
            Its ``sentences`` are for readers.

        Raises
        ------
        KeyError, TypeError, ValueError
            As for :func:`~shopper_widgets.segments.explanation.explain`.
        """
        check_is_fitted(self, "scorer_")
        values = one_customer(customer, rfm)
        segment = str(self.predict(values)[0])
        _, recency_scores, fm_scores = next(rule for rule in RULES if rule[0] == segment)
        r, f, m = self.scores(values)[0].tolist()
        # Beyond the last edge, nothing changes any more.
        last = [self.scorer_.edges_[name].max() + 1 for name in RFM]
        recency, frequency, monetary = values[0].tolist()
        return RuleExplanation(
            recency=recency,
            frequency=frequency,
            monetary=monetary,
            segment=segment,
            r_score=r,
            f_score=f,
            m_score=m,
            fm_score=int(fm_score(np.array(f), np.array(m))),
            recency_scores=recency_scores,
            fm_scores=fm_scores,
            flips=find_flips(values, np.array([[0, 1, 0], last]), self.predict, np.log1p),
            currency=currency,
        )

    def scores(self, values: Floats) -> Ints:
        """Return the scores, 1 to 5, of customers for recency, frequency and monetary value: shape (n, 3).

        Parameters
        ----------
        values : ndarray of shape (n, 3)
            Recency, frequency and monetary value.

        Returns
        -------
        ndarray of int, shape (n, 3)
            In the same order; 5 is best.
        """
        table = self.scorer_.transform(pd.DataFrame(values, columns=list(RFM)))
        scores: Ints = table[["r_score", "f_score", "m_score"]].to_numpy()
        return scores


def fm_score(f_score: Ints, m_score: Ints) -> Ints:
    """Return the mean of the scores of frequency and monetary value, with halves rounded up.

    Examples
    --------
    >>> fm_score(np.array([1, 1, 5]), np.array([1, 2, 4])).tolist()
    [1, 2, 5]
    """
    return (f_score + m_score + 1) // 2


def _grid() -> npt.NDArray[np.str_]:
    """Return the names by recency score (rows) and frequency–monetary score (columns), both from 1."""
    names = np.full((5, 5), "", dtype=f"U{max(len(name) for name, *_ in RULES)}")
    for name, recency, value in RULES:
        names[np.ix_([r - 1 for r in recency], [v - 1 for v in value])] = name
    return names


_NAMES = _grid()
