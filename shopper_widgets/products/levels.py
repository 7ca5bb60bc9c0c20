"""The demand per week that a method expects of each product at one moment."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from shopper_widgets.products.smoothing import METHODS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

#: The default: the mean of four smoothers on demand whose spikes are capped.
COMBINED = "combined"
#: Chosen on the first five of seven origins of UCI Online Retail.
_OF_COMBINED = ("ses", "adida", "tsb", "mean_8")
METHOD_NAMES = (COMBINED, *METHODS)
#: A week counts at most this many times the upper quartile of the weeks with sales among the last 13: one
#: large order says little about the future.
_CAP, _CAP_QUANTILE, _CAP_WEEKS = 3.0, 0.75, 13


def level(method: str, y: Floats, start: Ints, horizon: int) -> Floats:
    """Return the demand per week that a method expects of each row of `y` over the next `horizon` weeks.

    The week before a product's first sale is part of its history, with no sales. The level of a new product
    therefore grows from 0 with its sales, and is not that of its first week, which is often one large
    delivery.
    """
    found = np.zeros(len(y))
    rows = np.flatnonzero(start < y.shape[1])
    if not len(rows):
        return found
    y, begin = y[rows], np.maximum(start[rows] - 1, 0)
    if method == COMBINED:
        steady = capped(y)
        of_each = [METHODS[name](steady, begin, horizon) for name in _OF_COMBINED]
        found[rows] = np.mean(of_each, axis=0)
    else:
        # A mean of the last weeks is exactly that, even for new products.
        plain = method == "naive" or method.startswith("mean_")
        found[rows] = METHODS[method](y, np.zeros_like(begin) if plain else begin, horizon)
    return np.maximum(found, 0.0)


def capped(y: Floats) -> Floats:
    """Cut spikes to a multiple of the sales of a good week."""
    last = np.sort(y[:, -_CAP_WEEKS:], axis=1)
    n_weeks = last.shape[1]
    sold = (last > 0).sum(axis=1)
    # The quantile of the weeks with sales, which are the last ones after sorting, by linear interpolation.
    place = n_weeks - sold + _CAP_QUANTILE * np.maximum(sold - 1, 0)
    low = np.minimum(place.astype(np.intp), n_weeks - 1)
    high, part = np.minimum(low + 1, n_weeks - 1), place - np.floor(place)
    each = np.arange(len(y))
    usual = (1 - part) * last[each, low] + part * last[each, high]
    found: Floats = np.minimum(y, np.where(sold > 0, _CAP * usual, np.inf)[:, None])
    return found
