"""The rhythm of a shop: how often its customers order; silence is measured by it."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets.columns import RHYTHM, USUAL_GAP

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: The fewest customers who came back from whom the shop's rhythm can be learned.
FEWEST_RETURNERS = 5
#: A customer who has been silent for more than this many usual gaps is late.
LATE = 1.5
#: Days of silence that are normal where it is not known how often customers order.
SHORT_SILENCE = 60
#: Where it is known, the normal silence is a seventh more than the median customer's gap between two orders:
#: on UCI Online Retail, 60 days. It is never less than a week, since people shop by the week.
_GRACE, _WEEK = 8 / 7, 7
_REMEMBERED = "short_silence"
#: In days; and the number of short silences for which customers are followed: see :func:`follow_days`.
_MONTH, _QUARTER, _HALF_YEAR, _THREE_YEARS = 30, 90, 180, 1095
_FOLLOWED = 1.5
#: The number of own gaps that the shop's rhythm weighs as much as: about the variance of log gaps within
#: customers ÷ that between them (on UCI Online Retail, 1 to 3 predict the next gap about equally well, and as
#: well as the typical gap of the customer's segment does; 0 is by far the worst).
PRIOR_GAPS = 2.0
#: The largest factor by which the shop's rhythm may change that of a customer who came back twice or more.
MOST_MOVED = 4 / 3

#: Where gaps are not known: the quarter of the customers whose orders must be closest together, and the share
#: of the possible gap that they use. On 22 real and made-up shops the estimate is 0.6 to 1.4 times the true
#: rhythm (median 1.0), except for one shop whose customers come back within days and then never again.
_CLOSEST, _USED = 0.25, 0.55
_LEAST = 1.0


def usual_gap(frequency: Floats, rhythm: float) -> Floats:
    """Return the usual days between two orders for customers with these numbers of orders.

    Parameters
    ----------
    frequency : ndarray
        Orders, at least 1.
    rhythm : float
        The shop's: see :func:`shop_rhythm`.

    Notes
    -----
    Customers with more orders have shorter gaps: gap ~ 1 / orders if all have been customers for the same
    time, and no relation if all order equally often and differ in how long they stay. The square root is
    between the two, as are the slopes of 22 real and made-up shops (-0.66 on UCI Online Retail, -0.81 to
    -0.01 elsewhere). For one-time buyers, the gap is that of customers with two orders.

    Examples
    --------
    >>> usual_gap(np.array([1.0, 2, 8, 32]), rhythm=120.0).round(1).tolist()
    [84.9, 84.9, 42.4, 21.2]
    """
    gaps: Floats = rhythm / np.sqrt(np.maximum(frequency, 2))
    return gaps


def shop_rhythm(gaps: Floats, frequency: Floats) -> float | None:
    """Return the shop's rhythm, how often its customers order, as the median of gap × √orders.

    Parameters
    ----------
    gaps : ndarray
        Usual days between orders of each customer; NaN where not known.
    frequency : ndarray
        Their orders.

    Returns
    -------
    float or None
        None where fewer than five customers have a gap.

    Examples
    --------
    >>> shop_rhythm(np.array([60.0, 40, 30, 30, 20, np.nan]), np.array([2.0, 4, 9, 9, 16, 1]))
    84.8528137423857
    """
    known = np.isfinite(gaps)
    if known.sum() < FEWEST_RETURNERS:
        return None
    return max(_LEAST, float(np.median(gaps[known] * np.sqrt(frequency[known]))))


def expected_gaps(
    own: Floats, count: Ints, frequency: Floats, rhythm: float, prior_gaps: float = PRIOR_GAPS
) -> Floats:
    """Return each customer's expected gap: from their own gaps, and from the shop's if these are few.

    Parameters
    ----------
    own, count : ndarray
        The median of each customer's gaps in days (NaN without any), and how many there are.
    frequency : ndarray
        Their orders.
    rhythm : float
        The shop's: see :func:`shop_rhythm`.
    prior_gaps : float, default 2
        How many gaps the shop's rhythm counts for; 0 trusts even a single one of the customer's own.

    Notes
    -----
    With n gaps and m the usual gap for this number of orders (:func:`usual_gap`), the expected gap is
    ``exp((n log own + prior_gaps log m) / (n + prior_gaps))``: few gaps are shrunk towards the shop's, on the
    log scale, since gaps are skewed (the weights of James & Stein, *Estimation with quadratic loss*, 1961,
    with `prior_gaps` the ratio of variances). From two gaps on, a rhythm is the customer's own: the shop's
    changes it by a third at most (limited translation: Efron & Morris, *Limiting the risk of Bayes and
    empirical Bayes estimators*, 1972), so that customers who differ from others aren't treated as average.

    Examples
    --------
    >>> own, count = np.array([10.0, 10, 10, np.nan]), np.array([20, 2, 1, 0])
    >>> expected_gaps(own, count, count + 1.0, rhythm=120.0).round(1).tolist()
    [10.9, 13.3, 41.6, 84.9]
    """
    return drawn_towards(own, count, usual_gap(frequency, rhythm), prior_gaps)


def drawn_towards(own: Floats, count: Ints, usual: Floats, prior_gaps: float = PRIOR_GAPS) -> Floats:
    """Shrink own gaps towards usual ones if they are few: see :func:`expected_gaps`.

    Examples
    --------
    >>> drawn_towards(np.array([10.0, np.nan]), np.array([1, 0]), np.array([80.0, 80])).round(1).tolist()
    [40.0, 80.0]
    """
    # For a customer without a gap, only the gaps of others count, whatever their weight.
    weight = np.where(count > 0, count / np.maximum(count + prior_gaps, 1e-300), 0.0)
    own = np.where(count > 0, own, usual)
    drawn = np.exp(weight * np.log(own) + (1 - weight) * np.log(usual))
    expected: Floats = np.where(count > 1, np.clip(drawn, own / MOST_MOVED, own * MOST_MOVED), drawn)
    return expected


def short_silence(own: Floats) -> int:
    """Return the days of silence that are normal in a shop.

    Parameters
    ----------
    own : ndarray
        The median of each customer's gaps in days; NaN without any.

    Examples
    --------
    >>> short_silence(np.array([20.0, 40, 52, 53, 90, 120])), short_silence(np.array([3.0] * 9))
    (60, 7)
    """
    known = np.isfinite(own)
    if known.sum() < FEWEST_RETURNERS:
        return SHORT_SILENCE
    return max(_WEEK, round(_GRACE * float(np.median(own[known]))))


def long_silence(short: float) -> float:
    """Return the days of silence from which on a customer may be lost.

    Parameters
    ----------
    short : float
        The shop's short silence, in days.

    Notes
    -----
    At least two months: a young shop has observed only short gaps. The same made-up shop has a short silence
    of 9 days after its first month, 13 after two months, 28 after three, and 31 after six.

    Examples
    --------
    >>> long_silence(9), long_silence(114)
    (60, 114)
    """
    return max(short, SHORT_SILENCE)


def follow_days(short: float, span: float) -> int:
    """Return the days for which customers are followed, or predicted.

    Parameters
    ----------
    short : float
        The shop's short silence, in days.
    span : float
        Days that its orders span.

    Notes
    -----
    A quarter, or one and a half times the short silence if that is more: on UCI Online Retail both are 90
    days. Beyond a quarter, it is at most half of the time that the orders span, so that some customers can be
    followed that long, and at most three years.

    Examples
    --------
    >>> follow_days(60, 373), follow_days(160, 1500), follow_days(9, 70)
    (90, 240, 90)
    """
    return max(_QUARTER, min(round(_FOLLOWED * short), int(span / 2), _THREE_YEARS))


def reply_days(short: float) -> int:
    """Return the days within which an order may be a response to a campaign or a discount.

    Parameters
    ----------
    short : float
        The shop's short silence, in days.

    Notes
    -----
    A month, or half of the short silence if that is more, and at most half a year: on UCI Online Retail both
    are 30 days.

    Examples
    --------
    >>> reply_days(60), reply_days(9), reply_days(160)
    (30, 30, 80)
    """
    return min(max(_MONTH, round(short / 2)), _HALF_YEAR)


def short_silence_of(rfm: Any) -> int:
    """Return the normal days of silence: as recorded in the table for its shop, else two months.

    Examples
    --------
    >>> rfm = pd.DataFrame({"recency": [4.0]})
    >>> short_silence_of(rfm), short_silence_of(with_short_silence(rfm, np.array([14.0] * 9)))
    (60, 16)
    """
    remembered = rfm.attrs.get(_REMEMBERED) if isinstance(rfm, pd.DataFrame) else None
    return SHORT_SILENCE if remembered is None else int(remembered)


def with_short_silence(rfm: pd.DataFrame, own: Floats) -> pd.DataFrame:
    """Return the table with what :func:`short_silence_of` reads, from the customers' own gaps."""
    known = rfm.copy(deep=False)
    known.attrs = {**rfm.attrs, _REMEMBERED: short_silence(own)}
    return known


def gaps_of(rfm: Any) -> Floats | None:
    """Return each customer's usual gap from the column ``usual_gap``; None where the frame has none."""
    frame = nw.from_native(rfm, pass_through=True)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    if not isinstance(frame, nw.DataFrame) or USUAL_GAP not in frame.columns:
        return None
    gaps: Floats = frame[USUAL_GAP].cast(nw.Float64).to_numpy().astype(np.float64)
    if (gaps <= 0).any():
        raise ValueError(f"{USUAL_GAP} must be days above 0, or missing; got {gaps[gaps <= 0][0]:g}.")
    return gaps


def rhythm_of(rfm: Any, values: Floats, gaps: Floats | None) -> float:
    """Return the shop's rhythm: as recorded in the table, else from its customers' gaps, else estimated.

    Parameters
    ----------
    rfm : frame or array-like
        :func:`~shopper_widgets.rfm_table` remembers the rhythm in ``attrs``.
    values : ndarray of shape (n_customers, 3)
        Recency, frequency and monetary value.
    gaps : ndarray of shape (n_customers,) or None
        What :func:`gaps_of` returned.

    Returns
    -------
    float
        Days, at least 1.

    Notes
    -----
    Recency and frequency alone give an upper bound of a customer's gaps, from the days that all orders span
    before the customer's last order. If nobody came back, the median customer is the measure of silence.

    Examples
    --------
    >>> values = np.array([[4.0, 1, 20], [10, 1, 30], [30, 1, 20]])
    >>> float(round(rhythm_of(values, values, None) / np.sqrt(2), 1))
    10.0
    """
    remembered = rfm.attrs.get(RHYTHM) if isinstance(rfm, pd.DataFrame) else None
    if remembered is not None:
        return max(_LEAST, float(remembered))
    known = None if gaps is None else shop_rhythm(gaps, values[:, 1])
    if known is not None:
        return known
    recency, frequency = values[:, 0], values[:, 1]
    again = frequency > 1
    if again.sum() >= FEWEST_RETURNERS:
        room = (recency.max() - recency[again]) / (frequency[again] - 1) * np.sqrt(frequency[again])
        return max(_LEAST, _USED * float(np.quantile(room, _CLOSEST)))
    return max(_LEAST, float(np.median(recency) * np.sqrt(2)))
