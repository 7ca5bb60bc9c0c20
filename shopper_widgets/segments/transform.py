"""Customers as points: recency, frequency and monetary value made comparable before they are clustered."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from sklearn.base import TransformerMixin
from sklearn.preprocessing import QuantileTransformer, StandardScaler
from sklearn.utils.validation import check_is_fitted

from shopper_widgets._support.checks import check_choice
from shopper_widgets._support.estimator import PlainStateEstimator
from shopper_widgets.segments.clustering import Floats
from shopper_widgets.segments.rfm_values import rfm_values
from shopper_widgets.segments.rhythm import gaps_of, rhythm_of, usual_gap

Transform = Literal["rhythm", "soft", "sqrt-log", "log", "rank", "quantile", "robust"] | None
TRANSFORMS: tuple[Transform, ...] = ("rhythm", "soft", "sqrt-log", "log", "rank", "quantile", "robust", None)

#: The share of customers at each end that "robust" treats as equal.
_TRIMMED = 0.05
#: 101 quantiles are the percentiles: a customer's rank is not known more precisely than that.
_QUANTILES = 101
#: The significant digits in which values must differ where only their order counts.
_DIGITS = 9
#: "rhythm": the silence in the middle of the scale, in usual gaps, and the weights of recency, frequency and
#: spend.
_MIDDLE, _WEIGHTS = 1.0, np.array([1.5, 1.0, 1.0])
#: "rhythm": where nearly all customers are late, or hardly any is, the few others must not dominate: recency
#: is stretched to at most four standard deviations from one end of the tangent's range to the middle.
_LEAST_SPREAD = 0.25
#: The logarithm counts money in a unit of which the median customer has spent some hundreds: 1 is then little
#: in any currency, and amounts in thousands give the same segments as amounts in units.
_MEDIAN_MAGNITUDE = 2
#: The decimals of a standard deviation that count, so that noise in the last digits doesn't make customers
#: differ.
_DECIMALS = 9


class RFMTransformer(TransformerMixin, PlainStateEstimator):  # type: ignore[misc]
    """Recency, frequency and monetary value in standard units, after a transform that reduces skew.

    Parameters
    ----------
    kind : {"rhythm", "soft", "sqrt-log", "log", "rank", "quantile", "robust", None}, default "rhythm"
        - ``"rhythm"``: recency in gaps that are usual in this shop for so many orders (see
          :func:`~shopper_widgets.segments.rhythm.usual_gap`), less one, and of that the hyperbolic tangent:
          near -1 for who still comes, near 1 for who is late, whatever the shop sells. Frequency and monetary
          value as in "soft". Recency weighs one and a half times as much as either of them.
        - ``"sqrt-log"``: √recency, and log(1 + x) of frequency and monetary value, which is counted in
          `unit_`.
        - ``"soft"``: these in standard units, and of that the hyperbolic tangent: differences count in full
          near the center, and less and less farther out. This is a smooth winsorizing: nobody is large
          enough to pull a center towards themselves, and nobody is cut off.
        - ``"log"``: log(1 + x) of all three.
        - ``"rank"``: the place among the customers, from 0 (all who share the least value) to 1 (the
          greatest), linear between the percentiles; those who share a value stand in the middle of the places
          they share. It is an RFM score without steps.
        - ``"quantile"``: the same as the quantile of a normal distribution.
        - ``"robust"``: winsorized; values beyond the 5th and 95th percentiles count as these.
        - ``None``: the textbook variant, no transform.

    rhythm : float, optional
        For "rhythm": see :func:`~shopper_widgets.segments.rhythm.shop_rhythm`. Where it is not given, it is
        learned as :func:`~shopper_widgets.segments.rhythm.rhythm_of` says.

    Attributes
    ----------
    rhythm_ : float
        The shop's rhythm that was given or learned, in days.
    unit_ : float
        What money is counted in where its logarithm is taken, a power of ten of the data's currency: a tenth
        where the median customer has spent some tens.
    scaler_ : sklearn.preprocessing.StandardScaler
        Fitted on the transformed values.
    quantiles_ : sklearn.preprocessing.QuantileTransformer or None
        For "rank" and "quantile".
    middle_ : sklearn.preprocessing.StandardScaler or None
        For "soft" and "rhythm": where the middle of what is drawn in is, and how wide.
    bounds_ : ndarray of shape (2, 3)
        Least and greatest values that are distinguished; infinite except for "robust".

    Examples
    --------
    >>> customers = np.array([[1.0, 9, 900], [30, 2, 80], [90, 1, 20]])
    >>> RFMTransformer("rank").fit(customers).transform(customers).round(2).tolist()
    [[-1.22, 1.22, 1.22], [0.0, 0.0, 0.0], [1.22, -1.22, -1.22]]
    """

    rhythm_: float
    #: Transformers that were saved before this was learned count in units of 1.
    unit_: float = 1.0
    scaler_: StandardScaler
    quantiles_: QuantileTransformer | None
    middle_: StandardScaler | None
    bounds_: Floats

    def __init__(self, kind: Transform = "rhythm", rhythm: float | None = None) -> None:
        self.kind = kind
        self.rhythm = rhythm

    def fit(self, rfm: Any, y: None = None) -> Self:
        """Learn places, bounds and scales.

        Parameters
        ----------
        rfm : frame or array-like of shape (n, 3)
            Recency, frequency and monetary value.
        y : None
            Ignored.

        Returns
        -------
        RFMTransformer
            Itself.

        Raises
        ------
        TypeError, ValueError
            `kind` is none of those above, or `rfm` is not what it has to be.
        """
        check_choice("transform", self.kind, TRANSFORMS)
        values = rfm_values(rfm)
        self.bounds_ = np.array([[-np.inf] * 3, [np.inf] * 3])
        self.quantiles_ = None
        self.rhythm_ = rhythm_of(rfm, values, gaps_of(rfm)) if self.rhythm is None else float(self.rhythm)
        self.unit_ = _unit(values[:, 2])
        self.middle_ = (
            StandardScaler().fit(self._sqrt_log(values)) if self.kind in ("soft", "rhythm") else None
        )
        if self.kind == "robust":
            self.bounds_ = np.quantile(values, [_TRIMMED, 1 - _TRIMMED], axis=0)
        elif self.kind in ("rank", "quantile"):
            self.quantiles_ = QuantileTransformer(
                n_quantiles=min(_QUANTILES, len(values)),
                output_distribution="uniform" if self.kind == "rank" else "normal",
                subsample=None,
            ).fit(_settled(values))
        self.scaler_ = StandardScaler().fit(self._tamed(values))
        if self.kind == "rhythm":
            self.scaler_.scale_[0] = max(self.scaler_.scale_[0], _LEAST_SPREAD)
        return self

    def transform(self, rfm: Any) -> Floats:
        """Return customers as points in standard units, of shape (n, 3)."""
        check_is_fitted(self)
        scaled: Floats = self.scaler_.transform(self._tamed(rfm_values(rfm)))
        if self.kind == "rhythm":
            scaled = scaled * _WEIGHTS
        return scaled.round(_DECIMALS)

    def _tamed(self, values: Floats) -> Floats:
        if self.quantiles_ is not None:
            places: Floats = self.quantiles_.transform(_settled(values))
            return places
        if self.kind == "log":
            return np.log1p(values / [1, 1, self.unit_])
        if self.middle_ is not None:
            drawn_in: Floats = np.tanh(self.middle_.transform(self._sqrt_log(values)).round(_DECIMALS))
            if self.kind == "rhythm":
                gaps_of_silence = values[:, 0] / usual_gap(values[:, 1], self.rhythm_)
                drawn_in[:, 0] = np.tanh(gaps_of_silence - _MIDDLE)
            return drawn_in
        if self.kind == "sqrt-log":
            return self._sqrt_log(values)
        return values.clip(*self.bounds_)

    def _sqrt_log(self, values: Floats) -> Floats:
        return np.column_stack([np.sqrt(values[:, 0]), np.log1p(values[:, 1:] / [1, self.unit_])])


def _unit(spent: Floats) -> float:
    """Return the power of ten of which the median customer spent some hundreds; 1 where nobody spent."""
    positive = spent[spent > 0]
    return (
        float(10.0 ** (np.floor(np.log10(np.median(positive))) - _MEDIAN_MAGNITUDE)) if len(positive) else 1.0
    )


def _settled(values: Floats) -> Floats:
    """Drop noise in the last digits, which would matter as much as any difference where only order counts."""
    magnitude = np.floor(np.log10(np.abs(values), where=values != 0, out=np.zeros_like(values)))
    unit = 10.0 ** (magnitude - _DIGITS + 1)
    settled: Floats = np.round(values / unit) * unit
    return settled
