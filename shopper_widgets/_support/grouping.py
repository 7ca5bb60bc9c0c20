"""Sums per group beside counts of different values, where an engine needs to be asked for them otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw


def grouped(lines: Any, keys: Sequence[str], *totals: nw.Expr, **different: str) -> Any:
    """Return one row per group.

    Parameters
    ----------
    lines : Narwhals frame
    keys : sequence of str
        Columns without a missing value.
    *totals : Narwhals expressions
        What is summed up.
    **different : str
        Name → column of which the different values are counted; a missing one counts as one.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = nw.from_native(pd.DataFrame({"customer_id": ["ann", "ann"], "order_id": ["1", "1"]}))
    >>> grouped(lines, ["customer_id"], nw.len().alias("lines"), orders="order_id").to_native()
      customer_id  lines  orders
    0         ann      2       1
    """
    if not lines.implementation.is_ibis():
        counts = [nw.col(column).n_unique().alias(name) for name, column in different.items()]
        return lines.group_by(*keys).agg(*totals, *counts)
    # Narwhals asks Ibis to add a truth value to the count, which PostgreSQL refuses.
    found = lines.group_by(*keys).agg(*totals)
    for name, column in different.items():
        values = lines.select(*keys, column).unique()
        found = found.join(values.group_by(*keys).agg(nw.len().alias(name)), on=list(keys))
    return found
