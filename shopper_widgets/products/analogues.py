"""Expected sales of products that are too new, from older products that are like them."""

from __future__ import annotations

import re

import pandas as pd

from shopper_widgets._support.checks import check_count
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.products.forecaster import TOO_NEW, DemandForecaster

_CATEGORY = "category"
#: Names are alike if they share at least this much of their words (Jaccard).
_ALIKE = 0.25


def analogue_forecasts(forecast: DemandForecaster, products: pd.DataFrame, *, n: int = 5) -> pd.DataFrame:
    """Forecast new products from older ones of the same category or with similar names.

    Parameters
    ----------
    forecast : DemandForecaster
        Fitted.
    products : pandas.DataFrame
        ``product_id`` and ``product_name``, ``category`` or both.
    n : int, default 5
        How many older products to look at for each new one, at most.

    Returns
    -------
    pandas.DataFrame
        One row per product that is too new and has analogues, by id: ``product_id``, ``expected`` (the median
        of the analogues' over the forecaster's horizon), ``low`` and ``high`` (their least and most), ``by``
        (``"category"`` or ``"name"``) and ``analogues`` (their ids, nearest first). These are offers, not
        measured forecasts: nothing of the product itself is in them.

    Raises
    ------
    ValueError
        `products` lacks a column, or `n` is not a whole number from 1.

    Examples
    --------
    >>> weeks = pd.date_range("2024-01-07", periods=12, freq="7D")
    >>> demand = pd.DataFrame({
    ...     "product_id": ["m1"] * 12 + ["m2"] * 12 + ["m3"] * 2,
    ...     "week": [*weeks, *weeks, *weeks[-2:]],
    ...     "quantity": [5.0] * 12 + [20.0] * 12 + [9.0] * 2,
    ...     "amount": 8.0,
    ... })
    >>> names = ["red mug", "jam jar with lid", "blue mug"]
    >>> products = pd.DataFrame({"product_id": ["m1", "m2", "m3"], "product_name": names})
    >>> analogue_forecasts(DemandForecaster().fit(demand), products)[["product_id", "by", "analogues"]]
      product_id    by analogues
    0         m3  name     (m1,)
    """
    check_count("n", n)
    if PRODUCT_ID not in products or not {PRODUCT_NAME, _CATEGORY} & set(products):
        raise ValueError(
            f"products must have the columns product_id and product_name or category; it has "
            f"{', '.join(map(str, products.columns))}."
        )
    known = products.drop_duplicates(PRODUCT_ID).set_index(PRODUCT_ID)
    table = forecast.predict().set_index(PRODUCT_ID)
    table = table[table.index.isin(known.index)]
    old = table[table["basis"] != TOO_NEW]
    words = {p: _words(known.loc[p, PRODUCT_NAME]) for p in table.index} if PRODUCT_NAME in known else {}
    category = known[_CATEGORY].dropna() if _CATEGORY in known else pd.Series(dtype="str")
    rows = []
    for product in table.index[table["basis"] == TOO_NEW]:
        likeness = pd.Series(
            {p: _shared(words[product], words[p]) for p in old.index} if words else {}, dtype=float
        )
        by = "name"
        if product in category.index:
            same = [p for p in old.index if category.get(p) == category[product]]
            if same:
                by, likeness = "category", likeness.reindex(same).fillna(0.0)
        if by == "name":
            likeness = likeness[likeness >= _ALIKE]
        nearest = likeness.sort_values(ascending=False, kind="stable").index[:n]
        if len(nearest):
            expected = old.loc[nearest, "expected"]
            rows.append((product, expected.median(), expected.min(), expected.max(), by, tuple(nearest)))
    return pd.DataFrame(rows, columns=[PRODUCT_ID, "expected", "low", "high", "by", "analogues"])


def _words(name: object) -> frozenset[str]:
    return frozenset(re.findall(r"\w{2,}", name.casefold())) if isinstance(name, str) else frozenset()


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0
