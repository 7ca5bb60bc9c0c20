"""Gamma–Gamma: what an order of each customer is worth."""

from __future__ import annotations

from typing import Self

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from shopper_widgets._support.checks import check_count
from shopper_widgets._support.estimator import PlainStateEstimator
from shopper_widgets._support.formatting import count_of, format_count
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.customers.lifetime.fitting import most_likely
from shopper_widgets.customers.lifetime.histories import Floats, columns_of
from shopper_widgets.errors import TooLittleDataError


class GammaGamma(PlainStateEstimator):
    """The Gamma–Gamma model of spend (Fader, Hardie & Lee 2005): few orders are drawn to the shop's mean.

    The amounts of a customer's orders vary around a mean of their own (gamma distributed, shape p); these
    means vary over customers through a gamma distributed rate (shape q, rate v).

    Parameters
    ----------
    min_repeaters : int, default 50
        The fewest customers who came back that can be fitted.

    Attributes
    ----------
    p_, q_, v_ : float
        ``v_`` is in the currency of the orders.
    mean_spend_ : float
        Expected amount of an order by a customer about whom nothing is known.
    correlation_ : float
        Pearson correlation of repeats and spend per order over the customers who came back: the model takes
        the two for independent, so it should be near 0.
    log_likelihood_ : float
        Of all customers who came back.

    Notes
    -----
    Sources: P. S. Fader, B. G. S. Hardie, K. L. Lee, "RFM and CLV: using iso-value curves for customer base
    analysis", *Journal of Marketing Research* 42 (2005), 415–430; P. S. Fader, B. G. S. Hardie, "The
    gamma-gamma model of monetary value" (note, 2013), equation (1a) for the likelihood and (5) for the
    conditional mean.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> repeats = rng.poisson(3, 2000) + 1
    >>> rate = rng.gamma(4.0, 1 / 15.0, 2000)
    >>> histories = pd.DataFrame({
    ...     "repeats": repeats, "spend_per_order": rng.gamma(6.0 * repeats, 1 / (rate * repeats)),
    ... })
    >>> model = GammaGamma().fit(histories)
    >>> bool(abs(model.mean_spend_ - 6.0 * 15.0 / 3.0) < 2)
    True
    """

    p_: float
    q_: float
    v_: float
    mean_spend_: float
    correlation_: float
    log_likelihood_: float

    def __init__(self, min_repeaters: int = 50) -> None:
        self.min_repeaters = min_repeaters

    def fit(self, histories: pd.DataFrame, y: None = None) -> Self:
        """Find the parameters that make the spend of customers who came back most likely.

        Parameters
        ----------
        histories : pandas.DataFrame
            ``repeats, spend_per_order``, one row per customer; rows without repeats tell nothing.
        y : None
            Ignored.

        Returns
        -------
        GammaGamma
            Itself.

        Raises
        ------
        TooLittleDataError
            Fewer than `min_repeaters` customers came back, the likelihood has no maximum, or spend varies so
            wildly that it has no mean (``q_`` at most 1).
        TypeError, ValueError
            The histories lack a column, or hold impossible values.
        """
        check_count("min_repeaters", self.min_repeaters)
        x, spend = _repeats_and_spend(histories)
        came_back = (x > 0) & (spend > 0)
        if came_back.sum() < self.min_repeaters:
            raise TooLittleDataError(
                gettext(
                    "{number} of {customers} came back on another day; at least {fewest} are needed to tell "
                    "what their orders are worth.",
                    number=format_count(came_back.sum()),
                    customers=count_of(len(x), "customer"),
                    fewest=self.min_repeaters,
                )
            )
        x, spend = x[came_back], spend[came_back]
        order = np.lexsort((spend, x))
        x, spend = x[order], spend[order]
        unit = float(np.median(spend))  # a few large values would decide the mean
        starts = [(0.0, 1.0, 0.0), (2.0, 1.0, -1.0)]
        p, q, v = most_likely(
            lambda p: _log_likelihood(p, x, spend / unit), starts, 3, N_("what an order is worth")
        )
        if q <= 1:
            raise TooLittleDataError(
                gettext(
                    "Spend per order varies so wildly between customers that there is no amount to expect."
                )
            )
        self.p_, self.q_, self.v_ = float(p), float(q), float(v * unit)
        self.mean_spend_ = self.p_ * self.v_ / (self.q_ - 1)
        varies = len(np.unique(x)) > 1 and len(np.unique(spend)) > 1
        self.correlation_ = float(np.corrcoef(x, spend)[0, 1]) if varies else 0.0
        per_customer, _ = _log_likelihood(np.array([self.p_, self.q_, self.v_]), x, spend)
        self.log_likelihood_ = float(per_customer.sum())
        return self

    def expected_spend(self, histories: pd.DataFrame) -> Floats:
        """Return the expected amount of an order of each customer.

        Parameters
        ----------
        histories : pandas.DataFrame
            As for `fit`. Without repeats it is `mean_spend_`.

        Returns
        -------
        ndarray of shape (n_customers,)
            In the currency of the orders.

        Raises
        ------
        TypeError, ValueError
            `histories` is not what `fit` takes.
        """
        check_is_fitted(self)
        x, spend = _repeats_and_spend(histories)
        expected: Floats = self.p_ * (self.v_ + x * spend) / (self.p_ * x + self.q_ - 1)
        return expected


def _repeats_and_spend(histories: pd.DataFrame) -> list[Floats]:
    if isinstance(histories, pd.DataFrame) and {"repeats", "spend_per_order"} <= set(histories):
        unknown = histories["spend_per_order"].isna() & (histories["repeats"] == 0)
        histories = histories.assign(spend_per_order=histories["spend_per_order"].mask(unknown, 0.0))
    return columns_of(histories, ("repeats", "spend_per_order"))


def _log_likelihood(parameters: Floats, x: Floats, spend: Floats) -> tuple[Floats, Floats]:
    """Return the log-likelihood of each customer's mean spend, equation (1a), and its slopes."""
    from scipy.special import digamma, gammaln

    p, q, v = parameters
    px, total = p * x, v + x * spend
    value: Floats = (
        gammaln(px + q)
        - gammaln(px)
        - gammaln(q)
        + q * np.log(v)
        + (px - 1) * np.log(spend)
        + px * np.log(x)
        - (px + q) * np.log(total)
    )
    slopes: Floats = np.array(
        (
            x * (digamma(px + q) - digamma(px) + np.log(spend) + np.log(x) - np.log(total)),
            digamma(px + q) - digamma(q) + np.log(v) - np.log(total),
            q / v - (px + q) / total,
        )
    )
    return value, slopes
