"""Random draws from a `numpy.random.RandomState`, whole columns at a time.

`RandomState` is used and not the newer `Generator`, because NumPy promises never to change its stream (NEP
19): the sample can be made again byte for byte.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def pick(rng: np.random.RandomState, n: int, size: int) -> Ints:
    """Draw whole numbers below `n`, all equally likely."""
    return (rng.random_sample(size) * n).astype(np.int64)


def pick_by_weight(rng: np.random.RandomState, weights: Floats, size: int) -> Ints:
    """Draw positions in `weights` with probabilities in proportion to the weights."""
    return pick_in_rows(rng, (np.cumsum(weights) / np.sum(weights))[None, :], np.zeros(size, dtype=np.int64))


def pick_in_rows(rng: np.random.RandomState, cumulative: Floats, row: Ints) -> Ints:
    """Draw a column for each entry of `row`, by the cumulative shares in that row of the table."""
    n = cumulative.shape[1]
    # All rows become one sorted array to search: the shares of row i lie between i and i + 1.
    flat = (np.arange(len(cumulative))[:, None] + cumulative).ravel()
    found: Ints = np.searchsorted(flat, row + rng.random_sample(len(row)), side="right")
    column: Ints = np.clip(found - row * n, 0, n - 1)
    return column
