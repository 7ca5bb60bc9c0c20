"""A budget for discounts, split over segments: the next unit of money goes where it brings most margin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import plain
from shopper_widgets.columns import SEGMENT

#: Discounts that are compared when none are given.
LEVELS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)


def assumed_response(
    rates: pd.DataFrame,
    lift: float | Mapping[str, float],
    *,
    at: float = 0.1,
    levels: Sequence[float] = LEVELS,
) -> pd.DataFrame:
    """Make a response curve from an assumption: who orders at each discount, given the rise at one.

    Parameters
    ----------
    rates : pandas.DataFrame
        ``segment, rate``: the share who order anyway, as :func:`order_rates` returns it.
    lift : float or mapping of segment to float
        By what factor the share rises at the discount `at`: 1.2 is a fifth more.
    at : float, default 0.1
        The discount that the guess is about.
    levels : sequence of float
        Discounts at which to give the response.

    Returns
    -------
    pandas.DataFrame
        ``segment, discount_rate, response``: the share who order; never more than all.

    Notes
    -----
    Each further step brings less: ``rate · (1 + (lift − 1) · (1 − e^(−discount/at)) / (1 − e^(−1)))``, a
    saturating curve through the guess. It is an assumption, to be replaced by what a test measures.

    Examples
    --------
    >>> rates = pd.DataFrame({"segment": ["Regular"], "rate": [0.2]})
    >>> assumed_response(rates, 1.5, levels=[0.1, 0.2]).round(3).values.tolist()
    [['Regular', 0.1, 0.3], ['Regular', 0.2, 0.337]]
    """
    rows = []
    for segment, rate in rates[[SEGMENT, "rate"]].itertuples(index=False):
        factor = lift.get(str(segment), 1.0) if isinstance(lift, Mapping) else lift
        for level in levels:
            rise = (factor - 1) * (1 - np.exp(-level / at)) / (1 - np.exp(-1))
            rows.append((segment, level, min(float(rate * (1 + rise)), 1.0)))
    return pd.DataFrame(rows, columns=[SEGMENT, "discount_rate", "response"])


def split_budget(
    segments: pd.DataFrame,
    response: pd.DataFrame,
    *,
    budget: float,
    margin: float,
    contact_cost: float = 0.0,
) -> pd.DataFrame:
    """Split a budget over segments and discounts to maximize margin.

    Parameters
    ----------
    segments : pandas.DataFrame
        ``segment, customers, rate, basket``, as :func:`discount_table` returns them.
    response : pandas.DataFrame
        ``segment, discount_rate, response``: assumed (:func:`assumed_response`) or measured shares who order.
    budget : float
        The most that discounts and contacts may cost, in expectation.
    margin : float
        Share of the full price that is left after costs of the goods.
    contact_cost : float, default 0
        Cost of writing to one customer.

    Returns
    -------
    pandas.DataFrame
        ``segment, discount_rate, customers, cost, gain``: how many to give which discount, what that costs,
        and the margin it brings beyond what they would have brought anyway, after that cost; most gain per
        cost first. Segments in which no discount pays are missing. Each customer gets at most one discount.

    Raises
    ------
    ValueError
        `budget` is negative or infinite.

    Notes
    -----
    Each segment's discounts are points of cost and gain; on the upper concave hull of these, steps are taken
    in order of gain per cost until the budget is spent. As the customers of a segment can be divided, that is
    the optimum of the linear relaxation of the multiple-choice knapsack problem (Sinha and Zoltners 1979, doi
    10.1287/opre.27.3.503).

    Examples
    --------
    >>> segments = pd.DataFrame({"segment": ["A", "B"], "customers": [100, 100], "rate": [0.1, 0.5],
    ...                          "basket": [50.0, 50.0]})
    >>> response = pd.DataFrame({"segment": ["A", "B"], "discount_rate": [0.1, 0.1], "response": [0.3, 0.6]})
    >>> split_budget(segments, response, budget=75, margin=0.4).round(1).values.tolist()
    [['A', 0.1, 50.0, 75.0, 125.0]]
    """
    if not 0 <= budget < np.inf:
        raise ValueError(f"budget must be an amount from 0 on; got {plain(budget)!r}.")
    points = _points(segments, response, margin, contact_cost)
    steps = [step for _, of in points.groupby(SEGMENT, sort=True) for step in _hull_steps(of)]
    steps.sort(key=lambda step: (-step[3] / step[2] if step[2] else -np.inf, step[0], step[1]))
    taken: dict[str, list[tuple[float, float]]] = {}
    left = budget
    for segment, level, cost, _ in steps:
        share = 1.0 if cost <= left else left / cost
        if share <= 0:
            break
        left -= share * cost
        taken.setdefault(segment, []).append((level, share))
        if share < 1:  # all is spent: what rounding leaves would buy a tiny share of the next step
            break
    rows = [row for segment, parts in taken.items() for row in _given(points, segment, parts)]
    table = pd.DataFrame(rows, columns=[SEGMENT, "discount_rate", "customers", "cost", "gain"])
    best = (table["gain"] / table["cost"]).sort_values(ascending=False, kind="stable").index
    return table.loc[best].reset_index(drop=True)


def _points(
    segments: pd.DataFrame, response: pd.DataFrame, margin: float, contact_cost: float
) -> pd.DataFrame:
    """Return the cost and the gain of each discount if the whole segment gets it."""
    points = response.merge(segments[[SEGMENT, "customers", "rate", "basket"]], on=SEGMENT, validate="m:1")
    spent = points["customers"] * points["basket"]
    points["cost"] = spent * points["response"] * points["discount_rate"] + points["customers"] * contact_cost
    points["gain"] = spent * (points["response"] - points["rate"]) * margin - points["cost"]
    return points.dropna(subset=["cost", "gain"])


def _hull_steps(points: pd.DataFrame) -> list[tuple[str, float, float, float]]:
    """Return the gainful steps of the upper concave hull, from no discount on: segment, level, cost, gain."""
    hull: list[tuple[float, float, float]] = [(0.0, 0.0, 0.0)]
    ordered = points.sort_values(["cost", "gain"], ascending=[True, False])
    for level, cost, gain in ordered[["discount_rate", "cost", "gain"]].itertuples(index=False):
        if gain <= hull[-1][2]:
            continue
        while len(hull) > 1 and _slope(hull[-2], (level, cost, gain)) >= _slope(hull[-2], hull[-1]):
            hull.pop()
        hull.append((level, cost, gain))
    segment = str(points[SEGMENT].iloc[0])
    pairs = pairwise(hull)
    return [(segment, to[0], to[1] - start[1], to[2] - start[2]) for start, to in pairs]


def _slope(start: tuple[float, float, float], to: tuple[float, float, float]) -> float:
    return (to[2] - start[2]) / (to[1] - start[1]) if to[1] > start[1] else np.inf


def _given(
    points: pd.DataFrame, segment: str, parts: list[tuple[float, float]]
) -> list[tuple[str, float, float, float, float]]:
    """Return the discounts of a segment: a share of it gets the last step, the rest the step before."""
    of = points[points[SEGMENT] == segment].set_index("discount_rate")
    level, share = parts[-1]
    mix = {level: share}
    if len(parts) > 1 and share < 1:
        mix[parts[-2][0]] = 1 - share
    return [
        (segment, at, float(of["customers"][at] * p), float(of["cost"][at] * p), float(of["gain"][at] * p))
        for at, p in mix.items()
        if p > 0
    ]


def budget_sensitivity(
    segments: pd.DataFrame,
    response: pd.DataFrame,
    split: pd.DataFrame,
    *,
    margin: float,
    contact_cost: float = 0.0,
    spread: float = 0.5,
) -> pd.DataFrame:
    """Return how a split's gain depends on each assumption, changed one at a time.

    Parameters
    ----------
    segments, response : pandas.DataFrame
        As given to :func:`split_budget`; of `segments` also ``rate_low, rate_high``.
    split : pandas.DataFrame
        What :func:`split_budget` returned for them.
    margin, contact_cost : float
        As given to :func:`split_budget`.
    spread : float, default 0.5
        By what share the lift is made smaller and larger: 0.5 takes half of it, and one and a half times it.

    Returns
    -------
    pandas.DataFrame
        ``segment, assumption`` ("lift": how many more order; "rate": how many order anyway, at the ends of
        its interval), ``gain_low, gain_high``: the whole split's gain then; widest first.

    Raises
    ------
    ValueError
        `spread` is not a share from 0 to 1.

    Examples
    --------
    >>> segments = pd.DataFrame({"segment": ["A"], "customers": [100], "rate": [0.1], "rate_low": [0.08],
    ...                          "rate_high": [0.12], "basket": [50.0]})
    >>> response = pd.DataFrame({"segment": ["A"], "discount_rate": [0.1], "response": [0.3]})
    >>> split = split_budget(segments, response, budget=150, margin=0.4)
    >>> table = budget_sensitivity(segments, response, split, margin=0.4)
    >>> table.round(1).values.tolist()
    [['A', 'lift', 100.0, 400.0], ['A', 'rate', 200.0, 300.0]]
    """
    if not 0 <= spread <= 1:
        raise ValueError(f"spread must be a share from 0 to 1; got {plain(spread)!r}.")
    rows = []
    for segment in split[SEGMENT].unique():
        changed = segments[SEGMENT] == segment
        answered = response[SEGMENT] == segment
        rate = response[SEGMENT].map(segments.set_index(SEGMENT)["rate"])
        ends = {"lift": [], "rate": []}  # type: dict[str, list[float]]
        for factor in (1 - spread, 1 + spread):
            curve = response.assign(
                response=response["response"].where(
                    ~answered, (rate + (response["response"] - rate) * factor).clip(0, 1)
                )
            )
            ends["lift"].append(_total(segments, curve, split, margin, contact_cost))
        for end in ("rate_low", "rate_high"):
            moved = segments.assign(rate=segments["rate"].where(~changed, segments[end]))
            # The curve moves with the rate, so that its lift stays the same.
            ratio = (segments[end] / segments["rate"]).set_axis(segments[SEGMENT])
            curve = response.assign(
                response=response["response"].where(
                    ~answered, (response["response"] * response[SEGMENT].map(ratio)).clip(0, 1)
                )
            )
            ends["rate"].append(_total(moved, curve, split, margin, contact_cost))
        rows += [(segment, name, min(values), max(values)) for name, values in ends.items()]
    table = pd.DataFrame(rows, columns=[SEGMENT, "assumption", "gain_low", "gain_high"])
    widest = (table["gain_high"] - table["gain_low"]).sort_values(ascending=False, kind="stable").index
    return table.loc[widest].reset_index(drop=True)


def _total(
    segments: pd.DataFrame, response: pd.DataFrame, split: pd.DataFrame, margin: float, contact_cost: float
) -> float:
    points = _points(segments, response, margin, contact_cost).set_index([SEGMENT, "discount_rate"])
    chosen = points.loc[list(zip(split[SEGMENT], split["discount_rate"], strict=True))]
    return float((chosen["gain"].to_numpy() / chosen["customers"].to_numpy() * split["customers"]).sum())


def updated_lift(assumed: float, spread: float, measured: float, error: float) -> tuple[float, float]:
    """Shrink a measured lift towards the assumed one, each weighted by its precision.

    Parameters
    ----------
    assumed, spread : float
        The lift that was assumed, and its standard deviation: how sure you were.
    measured, error : float
        The lift that a test found, and its standard error.

    Returns
    -------
    lift, error : float
        The mean and the standard deviation after the test, both normal (Gelman et al. 2013, *Bayesian Data
        Analysis*, section 2.5).

    Examples
    --------
    >>> tuple(round(value, 3) for value in updated_lift(1.2, 0.1, 1.0, 0.1))
    (1.1, 0.071)
    """
    if not (spread > 0 and error > 0):
        raise ValueError(f"spread and error must be above 0; got {plain(spread)!r} and {plain(error)!r}.")
    weight = spread**2 / (spread**2 + error**2)
    return assumed + weight * (measured - assumed), float(np.sqrt(weight) * error)
