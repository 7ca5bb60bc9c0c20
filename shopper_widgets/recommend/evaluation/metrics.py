"""Metrics of recommendations, list by list."""

from __future__ import annotations

import numpy as np


def accuracy(hits: np.ndarray, wanted: np.ndarray, n: int) -> dict[str, np.ndarray]:
    """Return ndcg, recall, precision and hit rate of the first ``n`` of each list.

    - ``ndcg``: Σ 1 / log₂(rank + 1) over the hits, divided by the same sum with hits at ranks 1, 2, …
      min(wanted, n) (Järvelin and Kekäläinen, ACM TOIS 2002, with binary gain);
    - ``recall``: hits ÷ wanted products; ``precision``: hits ÷ n, whether the list is full or not;
    - ``hit_rate``: whether there is a hit.

    Parameters
    ----------
    hits : ndarray of bool, shape (n_lists, length)
        Whether the product at each rank was wanted; False past the end of a short list, as are all ranks
        from the length on.
    wanted : ndarray of int, shape (n_lists,)
        How many products were.
    n : int
        How many ranks count, at least 1.

    Returns
    -------
    dict of str to ndarray of shape (n_lists,)
        NaN where nothing was wanted.

    Examples
    --------
    >>> found = accuracy(np.array([[True, False, True]]), np.array([2]), n=3)
    >>> {name: round(float(values[0]), 3) for name, values in found.items()}
    {'ndcg': 0.92, 'recall': 1.0, 'precision': 0.667, 'hit_rate': 1.0}
    """
    hits = hits[:, :n]
    asked = wanted > 0
    some = np.maximum(wanted, 1)
    gain = 1 / np.log2(np.arange(2, max(hits.shape[1], some.max(initial=1)) + 2))
    values = {
        "ndcg": hits @ gain[: hits.shape[1]] / np.cumsum(gain)[np.minimum(some, n) - 1],
        "recall": hits.sum(axis=1) / some,
        "precision": hits.sum(axis=1) / n,
        "hit_rate": hits.any(axis=1).astype(float),
    }
    return {name: np.where(asked, value, np.nan) for name, value in values.items()}


def popularity(lists: np.ndarray, customers: np.ndarray, n_customers: int, n: int) -> dict[str, np.ndarray]:
    """Return novelty and popularity rank of the first ``n`` of each list.

    - ``novelty``: the mean of ``log₂(customers ÷ buyers of the product)`` over what is shown, in bits: what
      half of the customers bought has one (Zhou et al., PNAS 2010, who call it surprisal);
    - ``popularity_rank``: the mean place of what is shown among all products, 1 the most popular; equally
      popular products share the mean of their places. Small is a bias to what sells anyway.

    Parameters
    ----------
    lists : ndarray of int, shape (n_lists, at least n)
        Positions of products, −1 past the end of a short list.
    customers : ndarray of int, shape (n_products,)
        Who bought each, in training.
    n_customers, n : int
        All customers in training, and how many ranks count.

    Returns
    -------
    dict of str to ndarray of shape (n_lists,)
        NaN for an empty list.

    Examples
    --------
    >>> popularity(np.array([[0, 2, -1]]), np.array([8, 4, 2]), 8, n=3)
    {'novelty': array([1.]), 'popularity_rank': array([2.])}
    """
    from scipy.stats import rankdata

    lists = lists[:, :n]
    shown = lists >= 0
    length = shown.sum(axis=1)
    of_product = {
        "novelty": np.log2(n_customers / customers),
        "popularity_rank": rankdata(-customers),
    }
    return {
        name: np.where(length, (values[lists] * shown).sum(axis=1) / np.maximum(length, 1), np.nan)
        for name, values in of_product.items()
    }


def coverage(lists: np.ndarray, n_products: int, n: int) -> float:
    """Return distinct products among the first ``n`` of all lists ÷ all products.

    Examples
    --------
    >>> coverage(np.array([[0, 2, -1], [2, 0, 1]]), n_products=4, n=2)
    0.5
    """
    first = lists[:, :n]
    return len(np.unique(first[first >= 0])) / n_products
