"""Draws from a `numpy.random.RandomState`, whole columns at a time.

`RandomState` and not the newer `Generator`, because its stream is the one that numpy promises never to change
(NEP 19): that is what lets the sample be made again byte for byte.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def pick(rng: np.random.RandomState, n: int, size: int) -> Ints:
    """Whole numbers below `n`, all equally likely."""
    return (rng.random_sample(size) * n).astype(np.int64)


def pick_by_weight(rng: np.random.RandomState, weights: Floats, size: int) -> Ints:
    """Places in `weights`, as likely as they weigh."""
    return pick_in_rows(rng, (np.cumsum(weights) / np.sum(weights))[None, :], np.zeros(size, dtype=np.int64))


def pick_in_rows(rng: np.random.RandomState, cumulative: Floats, row: Ints) -> Ints:
    """One column for each entry of `row`, drawn by the cumulative shares in that row of the table."""
    n = cumulative.shape[1]
    # One sorted array to search: the shares of row i lie between i and i + 1.
    flat = (np.arange(len(cumulative))[:, None] + cumulative).ravel()
    found: Ints = np.searchsorted(flat, row + rng.random_sample(len(row)), side="right")
    column: Ints = np.clip(found - row * n, 0, n - 1)
    return column
