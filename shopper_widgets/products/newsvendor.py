"""The service level that pays, and how to spend a budget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shopper_widgets._support.checks import check_at_least, plain

Floats = npt.NDArray[np.float64]
_WEEKS_IN_A_YEAR = 52
#: The steps of the bisection for the price of money relative to that of space, where both are short.
_HALVINGS = 16


def critical_ratio(margin: float, holding_cost: float, weeks: float) -> float:
    """Return the most profitable service level: lost margin against the cost of holding stock.

    Parameters
    ----------
    margin : float
        What a sale leaves, as a share of the price, above 0 and below 1: lost where stock runs out.
    holding_cost : float
        What it costs to keep goods for a year, as a share of what they cost: capital, space, spoiling.
    weeks : float
        Weeks that one order has to last.

    Returns
    -------
    float
        ``margin / (margin + holding)``, where holding is that of the goods' cost over these weeks.

    Raises
    ------
    ValueError
        `margin` is not between 0 and 1, or `holding_cost` below 0.

    Notes
    -----
    The newsvendor's critical ratio, underage ÷ (underage + overage): Arrow, Harris & Marschak, *Optimal
    Inventory Policy* (Econometrica 19, 1951). What is left is kept for the next period, not thrown away.

    Examples
    --------
    >>> round(critical_ratio(margin=0.4, holding_cost=0.25, weeks=4), 3)
    0.972
    """
    if not 0 < margin < 1:
        raise ValueError(f"margin must lie between 0 and 1, such as 0.4; got {plain(margin)!r}")
    check_at_least("holding_cost", holding_cost, 0)
    overage = holding_cost * (1 - margin) * weeks / _WEEKS_IN_A_YEAR
    return float(margin / (margin + overage))


class Taken(NamedTuple):
    """The steps that are taken within limits.

    Attributes
    ----------
    steps : list of int
        The number of steps taken of each product.
    worth : tuple of float
        For each limit, the benefit of one more unit of it; 0 if the limit leaves nothing out, NaN if both
        limits are needed and one of them is 0.
    """

    steps: list[int]
    worth: tuple[float, ...]


def greedy_within(benefits: Sequence[Floats], costs: Sequence[Floats], budget: float) -> Taken:
    """Take steps in order of benefit per cost until the budget is used.

    Parameters
    ----------
    benefits, costs : sequence of ndarray
        For each product the benefit and the cost of its first step, its second, and so on. A product's steps
        are taken in order; their benefit per cost must not rise, as that of more stock doesn't.
    budget : float
        Maximum cost of all steps.

    Returns
    -------
    Taken
        Steps of each product, and the value of the budget's last unit.

    Notes
    -----
    For steps of falling benefit per cost this is the optimum of the linear program in which the last step may
    be taken in part (Dantzig, 1957); whole steps lose at most that part. The value of the budget's last unit
    is the benefit per cost of the first step that did not fit: the dual of that program.

    Examples
    --------
    >>> greedy_within([np.array([9.0, 1.5]), np.array([4.0])], [np.array([3.0, 3.0]), np.array([2.0])], 5)
    Taken(steps=[1, 1], worth=(0.5,))
    """
    steps, worth = _taken(benefits, costs, [costs], [budget])
    return Taken(steps, (worth,))


def greedy_within_both(
    benefits: Sequence[Floats],
    costs: Sequence[Floats],
    budget: float,
    spaces: Sequence[Floats],
    space: float,
) -> Taken:
    """Take steps within a budget and a limit of space.

    Parameters
    ----------
    benefits, costs, budget : sequence of ndarray, sequence of ndarray, float
        As for :func:`greedy_within`.
    spaces : sequence of ndarray
        Likewise, the space that each step takes.
    space : float
        Maximum space of all steps.

    Returns
    -------
    Taken
        Steps of each product, and the values of the last units of money and space.

    Notes
    -----
    If the steps within one limit also keep the other, that limit decides. If both bind, the linear program
    puts a price on money and one on space (its dual), and takes steps with the most benefit per total price.
    The ratio of the prices is found by bisection: the limit that is reached first is too cheap.

    Examples
    --------
    >>> benefits, costs = [np.array([9.0]), np.array([8.0])], [np.array([3.0]), np.array([2.0])]
    >>> greedy_within_both(benefits, costs, 5, [np.array([4.0]), np.array([1.0])], 4)
    Taken(steps=[0, 1], worth=(0.0, 2.25))
    """
    limits, uses = (float(budget), float(space)), (costs, spaces)
    for own, other in ((0, 1), (1, 0)):
        alone = greedy_within(benefits, uses[own], limits[own])
        if _sum(uses[other], alone.steps) <= limits[other]:
            return Taken(alone.steps, (*alone.worth, 0.0) if own == 0 else (0.0, *alone.worth))
    if not min(limits):
        return Taken(_taken(benefits, costs, uses, limits)[0], (np.nan, np.nan))
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        share = (low + high) / 2
        if _money_is_short_first(benefits, uses, limits, share):
            low = share
        else:
            high = share
    tried = [(*_taken(benefits, _prices(uses, limits, share), uses, limits), share) for share in (low, high)]
    steps, worth, share = max(tried, key=lambda taken: _sum(benefits, taken[0]))
    return Taken(steps, (worth * share / limits[0], worth * (1 - share) / limits[1]))


def _prices(uses: Sequence[Sequence[Floats]], limits: Sequence[float], share: float) -> list[Floats]:
    """Return each step's price: its shares of the two limits, weighted by `share` and 1 − `share`."""
    pairs = zip(*uses, strict=True)
    return [share * money / limits[0] + (1 - share) * room / limits[1] for money, room in pairs]


def _money_is_short_first(
    benefits: Sequence[Floats], uses: Sequence[Sequence[Floats]], limits: Sequence[float], share: float
) -> bool:
    """Return whether money is used up before space if steps are taken by their benefit per price."""
    benefit, price = np.concatenate(benefits), np.concatenate(_prices(uses, limits, share))
    worth = np.divide(benefit, price, out=np.full(len(price), np.inf), where=price > 0)
    order = np.argsort(-worth, kind="stable")
    order = order[benefit[order] > 0]
    ends = [
        int(np.searchsorted(np.cumsum(np.concatenate(use)[order]), limit, side="right"))
        for use, limit in zip(uses, limits, strict=True)
    ]
    return ends[0] < ends[1]


def _sum(steps: Sequence[Floats], taken: list[int]) -> float:
    return float(sum(each[:n].sum() for each, n in zip(steps, taken, strict=True)))


def _taken(
    benefits: Sequence[Floats],
    prices: Sequence[Floats],
    uses: Sequence[Sequence[Floats]],
    limits: Sequence[float],
) -> tuple[list[int], float]:
    """Take the steps with the most benefit per price first, as long as they exceed no limit.

    Returns the number of steps per product, and the benefit per price of the first step left out, or 0.
    """
    taken, first_left = [0] * len(benefits), 0.0
    if not any(len(steps) for steps in benefits):
        return taken, first_left
    product = np.repeat(np.arange(len(benefits)), [len(steps) for steps in benefits])
    benefit, price = np.concatenate(benefits), np.concatenate(prices)
    used = np.array([np.concatenate(of_each) for of_each in uses])
    worth = np.divide(benefit, price, out=np.full(len(price), np.inf), where=price > 0)
    order = np.argsort(-worth, kind="stable")
    full: set[int] = set()
    left, least = np.array(limits, dtype=float), used.min(axis=1)
    for step in order:
        owner = int(product[step])
        if owner not in full and (used[:, step] <= left).all():
            left -= used[:, step]
            taken[owner] += 1
            continue
        first_left = first_left or float(worth[step])
        full.add(owner)
        if (left < least).any():
            break
    return taken, first_left
