"""BG/NBD: who is still a customer, and how often they will order."""

from __future__ import annotations

from typing import Self

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from shopper_widgets._support.checks import check_count, plain
from shopper_widgets._support.estimator import PlainStateEstimator
from shopper_widgets._support.formatting import count_of, format_count
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.customers.lifetime.fitting import most_likely
from shopper_widgets.customers.lifetime.histories import Floats, columns_of
from shopper_widgets.errors import TooLittleDataError

_COLUMNS = ("repeats", "last_repeat", "age")
#: Parameters that are this close to a point where a formula has 0 ÷ 0 are moved by this much: the limit is
#: smooth.
_NUDGE = 1e-6


class BGNBD(PlainStateEstimator):
    """The beta-geometric/NBD model of buying and dropping out (Fader, Hardie & Lee 2005).

    Each customer orders at a rate of their own (gamma distributed over customers, shape r, rate alpha), and
    after every repeat order leaves for good with a probability of their own (beta distributed, a and b).

    Parameters
    ----------
    min_repeaters : int, default 50
        The fewest customers who came back that can be fitted.

    Attributes
    ----------
    r_, alpha_, a_, b_ : float
        ``alpha_`` is in the unit of time of the histories (days, from
        :func:`~shopper_widgets.customers.lifetime.purchase_histories`).
    dropout_ : float
        Mean probability of leaving for good after a repeat order, a ÷ (a + b). Near 0, the orders show hardly
        anyone leaving, and nearly everyone counts as alive.
    log_likelihood_ : float
        Of all customers.

    Notes
    -----
    Source: P. S. Fader, B. G. S. Hardie, K. L. Lee, "'Counting your customers' the easy way: an alternative
    to the Pareto/NBD model", *Marketing Science* 24 (2005), 275–284: equation (6) for the likelihood, (10)
    for expected purchases; P(alive) from their note of 2008, "Computing P(alive) using the BG/NBD model".
    Everything is computed on the log scale, and the Gaussian hypergeometric function in whichever form does
    not overflow.

    Customers without a repeat order count as alive: in this model, nobody can drop out before one.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> rate, leaves = rng.gamma(0.8, 1 / 20, 400), rng.beta(1.0, 3.0, 400)
    >>> rows = []
    >>> for rate_i, leaves_i in zip(rate, leaves):
    ...     repeats, last, now = 0, 0.0, rng.exponential(1 / rate_i)
    ...     while now <= 300:
    ...         repeats, last = repeats + 1, now
    ...         now = now + rng.exponential(1 / rate_i) if rng.random() > leaves_i else np.inf
    ...     rows.append((repeats, last, 300.0))
    >>> histories = pd.DataFrame(rows, columns=["repeats", "last_repeat", "age"])
    >>> model = BGNBD().fit(histories)
    >>> alive = model.probability_alive(histories)
    >>> expected = model.expected_orders(histories, 100.0)
    >>> bool(alive.min() >= 0 and alive.max() <= 1 and expected.min() >= 0)
    True
    """

    r_: float
    alpha_: float
    a_: float
    b_: float
    dropout_: float
    log_likelihood_: float

    def __init__(self, min_repeaters: int = 50) -> None:
        self.min_repeaters = min_repeaters

    def fit(self, histories: pd.DataFrame, y: None = None) -> Self:
        """Find the parameters that make the histories most likely.

        Parameters
        ----------
        histories : pandas.DataFrame
            ``repeats, last_repeat, age``, one row per customer.
        y : None
            Ignored.

        Returns
        -------
        BGNBD
            Itself.

        Raises
        ------
        TooLittleDataError
            Fewer than `min_repeaters` customers came back, or the likelihood has no maximum.
        TypeError, ValueError
            The histories lack a column, or hold impossible values.
        """
        check_count("min_repeaters", self.min_repeaters)
        repeats, last, age = columns_of(histories, _COLUMNS)
        came_back = int((repeats > 0).sum())
        if came_back < self.min_repeaters:
            raise TooLittleDataError(
                gettext(
                    "{number} of {customers} came back on another day; at least {fewest} are needed to tell "
                    "who is still a customer.",
                    number=format_count(came_back),
                    customers=count_of(len(repeats), "customer"),
                    fewest=self.min_repeaters,
                )
            )
        # Sorted, so that sums do not depend on the order of the rows; and scaled to values near 1, whatever
        # the unit.
        order = np.lexsort((age, last, repeats))
        unit = float(age.mean())
        x, t_x, t = repeats[order], last[order] / unit, age[order] / unit

        starts = [(0.0, 0.0, 0.0, 0.0), (-1.0, -1.0, -1.0, 1.0)]
        # If nobody leaves, a goes to 0; if all are equally likely to leave, a and b go to infinity: both
        # limits make sense, so a and b may reach the bound. If all buy at one rate, r and alpha do, and that
        # is refused.
        r, alpha, a, b = most_likely(
            lambda p: _log_likelihood(p, x, t_x, t), starts, 2, N_("how often they order")
        )
        self.r_, self.alpha_, self.a_, self.b_ = float(r), float(alpha * unit), float(a), float(b)
        self.dropout_ = self.a_ / (self.a_ + self.b_)
        per_customer, _ = _log_likelihood(self._parameters, x, t_x * unit, t * unit)
        self.log_likelihood_ = float(per_customer.sum())
        return self

    def probability_alive(self, histories: pd.DataFrame) -> Floats:
        """Return the probability that each customer has not left for good.

        Parameters
        ----------
        histories : pandas.DataFrame
            As for `fit`.

        Returns
        -------
        ndarray of shape (n_customers,)
            From 0 to 1; 1 for customers without a repeat order.

        Raises
        ------
        TypeError, ValueError
            `histories` is not what `fit` takes.
        """
        from scipy.special import expit

        check_is_fitted(self)
        x, t_x, t = columns_of(histories, _COLUMNS)
        alive: Floats = expit(-_log_odds_gone(self._parameters, x, t_x, t))
        return alive

    def expected_orders(self, histories: pd.DataFrame, horizon: float) -> Floats:
        """Return how many days with orders to expect of each customer from now on.

        Parameters
        ----------
        histories : pandas.DataFrame
            As for `fit`.
        horizon : float
            How far to look ahead, in the unit of time of the histories (days).

        Returns
        -------
        ndarray of shape (n_customers,)
            Days with orders, at least 0; fractions count.

        Raises
        ------
        ValueError
            `horizon` is negative.
        """
        from scipy.special import expit

        check_is_fitted(self)
        if not 0 <= horizon < np.inf:
            raise ValueError(f"horizon must be a number of at least 0; got {plain(horizon)!r}.")
        x, t_x, t = columns_of(histories, _COLUMNS)
        r, alpha, a, b = self._parameters
        a = a if abs(a - 1) > _NUDGE else 1 + _NUDGE
        c = a + b + x - 1
        c = np.where(np.abs(c) > _NUDGE, c, _NUDGE)
        z = horizon / (alpha + t + horizon)
        expected: Floats = (
            c
            / (a - 1)
            * (1 - _hypergeometric(r + x, b + x, c, z))
            * expit(-_log_odds_gone(self._parameters, x, t_x, t))
        )
        return np.maximum(expected, 0.0)

    @property
    def _parameters(self) -> Floats:
        return np.array([self.r_, self.alpha_, self.a_, self.b_])


def _log_odds_gone(parameters: Floats, x: Floats, t_x: Floats, t: Floats) -> Floats:
    """Return the log odds of having left: minus infinity without repeats."""
    r, alpha, a, b = parameters
    # b + x - 1 is positive where it is used, at x ≥ 1.
    odds = np.log(a) - np.log(b + np.maximum(x, 1) - 1) + (r + x) * np.log((alpha + t) / (alpha + t_x))
    result: Floats = np.where(x > 0, odds, -np.inf)
    return result


def _hypergeometric(first: Floats, second: Floats, third: Floats, z: Floats) -> Floats:
    """Return (1 - z)^first ₂F₁(first, second; third; z), by the form that does not overflow."""
    from scipy.special import hyp2f1

    log_rest = np.log1p(-z)
    with np.errstate(over="ignore", invalid="ignore"):
        # Euler's transformation has small numbers where customers ordered often.
        euler = np.exp((third - second) * log_rest) * hyp2f1(third - first, third - second, third, z)
        plain = np.exp(first * log_rest) * hyp2f1(first, second, third, z)
    result: Floats = np.where(np.isfinite(euler), euler, plain)
    # Both fail only for a shop that expects hundreds of orders per customer, and in which no customer stays
    # to the end.
    return np.nan_to_num(result, nan=0.0, posinf=0.0)


def _log_likelihood(parameters: Floats, x: Floats, t_x: Floats, t: Floats) -> tuple[Floats, Floats]:
    """Return each customer's log-likelihood, equation (6) with "alive" factored out, and its slopes."""
    from scipy.special import betaln, digamma, expit, gammaln

    r, alpha, a, b = parameters
    alive = (
        gammaln(r + x)
        - gammaln(r)
        + r * np.log(alpha)
        - (r + x) * np.log(alpha + t)
        + betaln(a, b + x)
        - betaln(a, b)
    )
    odds = _log_odds_gone(parameters, x, t_x, t)
    value: Floats = alive + np.logaddexp(0.0, odds)

    both = digamma(a + b) - digamma(a + b + x)
    alive_slopes = (
        digamma(r + x) - digamma(r) + np.log(alpha) - np.log(alpha + t),
        r / alpha - (r + x) / (alpha + t),
        both,
        both + digamma(b + x) - digamma(b),
    )
    odds_slopes = (
        np.log((alpha + t) / (alpha + t_x)),
        (r + x) * (1 / (alpha + t) - 1 / (alpha + t_x)),
        np.full_like(x, 1 / a),
        -1 / (b + np.maximum(x, 1) - 1),
    )
    slopes: Floats = np.array(alive_slopes) + expit(odds) * np.array(odds_slopes)
    return value, slopes
