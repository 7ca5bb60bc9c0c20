"""How much service pays, and how to spend a budget."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from shopper_widgets._support.checks import check_at_least

Floats = npt.NDArray[np.float64]
_WEEKS_IN_A_YEAR = 52


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
        raise ValueError(f"margin must lie between 0 and 1, such as 0.4; got {margin!r}")
    check_at_least("holding_cost", holding_cost, 0)
    overage = holding_cost * (1 - margin) * weeks / _WEEKS_IN_A_YEAR
    return float(margin / (margin + overage))


def greedy_within(benefits: Sequence[Floats], costs: Sequence[Floats], budget: float) -> list[int]:
    """Take steps, the most benefit per cost first, as long as the budget lasts.

    Parameters
    ----------
    benefits, costs : sequence of ndarray
        For each product the benefit and the cost of its first step, its second, and so on. A product's steps
        are taken in order; their benefit per cost must not rise, as that of more stock doesn't.
    budget : float

    Returns
    -------
    list of int
        Steps taken of each product.

    Notes
    -----
    For steps of falling benefit per cost this is the optimum of the linear programme in which the last step
    may be taken in part (Dantzig, 1957); whole steps lose at most that part.

    Examples
    --------
    >>> greedy_within([np.array([9.0, 1.0]), np.array([4.0])], [np.array([3.0, 3.0]), np.array([2.0])], 5)
    [1, 1]
    """
    taken = [0] * len(benefits)
    if not any(len(steps) for steps in benefits):
        return taken
    product = np.repeat(np.arange(len(benefits)), [len(steps) for steps in benefits])
    benefit, cost = np.concatenate(benefits), np.concatenate(costs)
    worth = np.divide(benefit, cost, out=np.full(len(cost), np.inf), where=cost > 0)
    order = np.argsort(-worth, kind="stable")
    full: set[int] = set()
    left, cheapest = float(budget), float(cost.min())
    for step in order:
        if left < cheapest:
            break
        owner = int(product[step])
        if owner in full or benefit[step] <= 0:
            continue
        if cost[step] > left:
            full.add(owner)
            continue
        left -= float(cost[step])
        taken[owner] += 1
    return taken
