"""The lift of a pair of products, with its interval."""

from __future__ import annotations

from typing import Any

import numpy as np

from shopper_widgets._support.chance import surely_found


def lift(support: Any, customers: Any, other_customers: Any, n_customers: int) -> np.ndarray:
    """Return how many times as many customers bought both products as by chance: ``s N / (a b)``.

    Brin, Motwani and Silverstein (SIGMOD 1997) call lift "interest".

    Parameters
    ----------
    support : array-like
        s: customers who bought both.
    customers, other_customers : array-like
        a, b: customers who bought the one, and the other.
    n_customers : int
        N: all customers.

    Returns
    -------
    ndarray
        1 is by chance; 0 if nobody bought both.

    Examples
    --------
    >>> float(lift(46, 120, 300, 1000).round(2))
    1.28
    """
    lifts: np.ndarray = (
        np.asarray(support) * n_customers / (np.asarray(customers) * np.asarray(other_customers))
    )
    return lifts


def lift_interval(
    support: Any, customers: Any, other_customers: Any, n_customers: int, *, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval of the lift of a pair of products.

    Lift is ``(s / m) ÷ (M / N)``, with m the fewer and M the more of a and b: a share of the few who bought
    the rarer product, over a share of all. Each share has its Jeffreys interval, or the exact one if it is 1
    (Brown, Cai and DasGupta, Statistical Science 16, 2001). The intervals of their logarithms give that of
    the difference: its lower arm is ``√(x² + y² − 2 r x y)``, where x is the lower arm of the first, y the
    upper arm of the second, and r the correlation of the two; likewise the upper arm (MOVER: Zou,
    Psychological Methods 12, 2007). By the delta method ``r² = s (1 − s / m) / M``, if M is small compared
    with N; if nearly everybody bought the one, r is larger, and the interval wider than necessary.

    An interval of 95 % holds the true lift in 94 to 99 % of the pairs with joint buyers, if one or more is
    expected. For few it is wide, as it should be.

    Parameters
    ----------
    support : array-like
        s: customers who bought both.
    customers, other_customers : array-like
        a, b: customers who bought the one, and the other.
    n_customers : int
        N: all customers.
    confidence : float, default=0.95
        How often such intervals hold the true lift, above 0 and below 1; more makes them wider.

    Returns
    -------
    low, high : ndarray
        NaN where nobody bought both.

    Examples
    --------
    >>> low, high = lift_interval(46, 120, 300, 1000)
    >>> f"{lift(46, 120, 300, 1000):.2f}: {low:.2f} to {high:.2f}"
    '1.28: 1.01 to 1.56'
    """
    counts = np.stack(np.broadcast_arrays(support, customers, other_customers)).astype(float)
    s, a, b = np.where(counts[0] > 0, counts, np.nan)
    fewer, more = np.minimum(a, b), np.maximum(a, b)
    share_low, share, share_high = _log_share(s, fewer, confidence)
    chance_low, chance, chance_high = _log_share(more, n_customers, confidence)
    r = np.sqrt(s / more * (1 - s / fewer))

    def reach(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        length: np.ndarray = np.sqrt(x**2 + y**2 - 2 * r * x * y)
        return length

    logarithm = share - chance
    low = logarithm - reach(share - share_low, chance_high - chance)
    high = logarithm + reach(share_high - share, chance - chance_low)
    return np.exp(low), np.exp(high)


def surely_together(
    support: Any,
    customers: Any,
    other_customers: Any,
    n_customers: int,
    *,
    n_pairs: int,
) -> np.ndarray:
    """Return which of all tested pairs of products are bought together more than chance explains.

    The chance of at least this many joint buyers is the upper tail of the hypergeometric law (Fisher's exact
    test, one-sided); `surely_found` says which are significant among all.

    Parameters
    ----------
    support, customers, other_customers : array-like
        As in :func:`lift_interval`, for the pairs to test.
    n_customers : int
        All customers.
    n_pairs : int
        The number of all pairs that were tested, including those without joint buyers.

    Returns
    -------
    ndarray of bool
        For each tested pair, whether it is significant.

    Examples
    --------
    Three of the ten customers of each product bought both, of 800: that is rare for one pair, and to be
    expected among a million.

    >>> [surely_together([3], [10], [10], 800, n_pairs=pairs).item() for pairs in (10, 10**6)]
    [True, False]
    """
    from scipy.stats import hypergeom

    chance = hypergeom.sf(np.asarray(support) - 1, n_customers, customers, other_customers)
    return surely_found(chance, n_pairs)


def _log_share(count: Any, of: Any, confidence: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the logarithms of a share and of the limits of its interval: low, share, high."""
    from scipy.special import betaincinv

    tail, some = (1 - confidence) / 2, count < of
    low = betaincinv(count + 0.5, of - count + 0.5, tail)
    high = betaincinv(count + 0.5, of - count + 0.5, 1 - tail)
    return np.log(np.where(some, low, tail ** (1 / of))), np.log(count / of), np.log(np.where(some, high, 1))
