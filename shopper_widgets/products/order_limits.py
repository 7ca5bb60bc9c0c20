"""Orders cut to a budget, and to the space that there is for them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shopper_widgets.products.newsvendor import greedy_within, greedy_within_both

Floats = npt.NDArray[np.float64]

#: The most steps per product; of more packs, several form one step.
_MOST_STEPS = 50


class LimitedOrder(NamedTuple):
    """An order within limits.

    Attributes
    ----------
    order : ndarray of float
        Units of each product; NaN if unknown.
    lost : float
        The expected sales that are lost with the part left out.
    worth : dict of str to float
        For each of ``"budget"`` and ``"space"`` that is given: the expected sales that one more unit of it
        would save.
    """

    order: Floats
    lost: float
    worth: dict[str, float]


def within_limits(
    order: Floats,
    position: Floats,
    pack: Floats,
    minimum: Floats,
    demands: Floats,
    price: Floats,
    *,
    cost: Floats,
    budget: float | None,
    unit_space: Floats,
    space: float | None,
) -> LimitedOrder:
    """Cut orders to limits: packs that save the most sales per money, or per space, come first.

    `demands` has a row of equally likely demands for each product. An unknown space counts as 0.
    """
    if budget is None and space is None:
        return LimitedOrder(order, 0.0, {})
    amounts: list[Floats] = []
    benefits: list[Floats] = []
    for i, wanted in enumerate(order):
        steps = _steps(wanted, pack[i], minimum[i])
        held = (
            max(position[i], 0.0) + np.concatenate([[0.0], np.cumsum(steps)]) if len(steps) else np.zeros(1)
        )
        short = np.maximum(demands[:, i, None] - held, 0.0).mean(axis=0)
        amounts.append(steps)
        benefits.append(-np.diff(short) * price[i])
    costs = [steps * each for steps, each in zip(amounts, cost, strict=True)]
    spaces = [steps * each for steps, each in zip(amounts, np.nan_to_num(unit_space), strict=True)]
    if budget is not None and space is not None:
        names: tuple[str, ...] = ("budget", "space")
        taken = greedy_within_both(benefits, costs, budget, spaces, space)
    elif space is not None:
        names, taken = ("space",), greedy_within(benefits, spaces, space)
    else:
        names, taken = ("budget",), greedy_within(benefits, costs, float(budget or 0))
    found = np.array([steps[:n].sum() for steps, n in zip(amounts, taken.steps, strict=True)])
    lost = sum(float(steps[n:].sum()) for steps, n in zip(benefits, taken.steps, strict=True))
    return LimitedOrder(
        np.where(np.isnan(order), np.nan, found), lost, dict(zip(names, taken.worth, strict=True))
    )


def _steps(wanted: float, pack: float, minimum: float) -> Floats:
    """Split an order into the smallest possible order and further packs."""
    if not wanted > 0:
        return np.zeros(0)
    unit = wanted / _MOST_STEPS if math.isnan(pack) else pack * math.ceil(wanted / pack / _MOST_STEPS)
    first = unit if math.isnan(minimum) else max(unit, math.ceil(minimum / unit - 1e-9) * unit)
    steps = [min(first, wanted)]
    while (rest := wanted - sum(steps)) > 1e-9:
        steps.append(min(unit, rest))
    return np.array(steps)
