"""How much best sellers are discounted among the products that go with a product."""

from __future__ import annotations

import numpy as np


def discounted(count: np.ndarray, discount: float) -> np.ndarray:
    """Return ``n_b^discount``, by which the score of a pair is divided: 0 leaves best sellers unchanged.

    Examples
    --------
    >>> discounted(np.array([1.0, 16.0]), 0.5)
    array([1., 4.])
    """
    found: np.ndarray = count**discount
    return found


def shrunk(both: np.ndarray, root: np.ndarray, others: np.ndarray, shrinkage: float) -> np.ndarray:
    """Return ``n_ab / (√n_a · n_b^discount + shrinkage)``, given √n_a (`root`) and n_b^discount (`others`).

    Examples
    --------
    >>> shrunk(np.array([6.0]), np.array([3.0]), np.array([1.0]), shrinkage=3.0)
    array([1.])
    """
    # The floor avoids 0 ÷ 0: counts of very old purchases fade to zero, and such a pair must score 0.
    floor = float(np.finfo(both.dtype).tiny)
    scores: np.ndarray = root * others
    scores += shrinkage + floor
    np.divide(both, scores, out=scores)
    return scores
