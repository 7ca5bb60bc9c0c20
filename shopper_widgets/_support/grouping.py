"""Sums per group and counts of distinct values, computed so that an engine needs little memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import narwhals as nw

from shopper_widgets._support.keeping import evaluated

#: How a column is aggregated: the aggregate of a group's parts is that of the whole group.
Total = Literal["sum", "min", "max"]


def grouped(
    lines: Any, keys: Sequence[str], totals: Mapping[str, tuple[Total, str]], **different: str
) -> Any:
    """Return one row per group.

    Parameters
    ----------
    lines : Narwhals frame
        Eager, or a lazy one of any engine.
    keys : sequence of str
        Columns without a missing value.
    totals : mapping
        Name → ``"sum"``, ``"min"`` or ``"max"``, and of which column.
    **different : str
        Name → column whose distinct values are counted; a missing value counts as one.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame({"customer_id": ["ann"] * 3, "order_id": list("112"), "amount": 2})
    >>> spent = {"spent": ("sum", "amount")}
    >>> grouped(nw.from_native(lines), ["customer_id"], spent, orders="order_id").to_native()
      customer_id  spent  orders
    0         ann      6       2
    """
    if isinstance(lines, nw.DataFrame):
        counts = [nw.col(column).n_unique().alias(name) for name, column in different.items()]
        return _plain(lines.group_by(*keys).agg(*_made(totals), *counts), lines, totals, different)
    # An engine that counts distinct values holds all of them in memory, group by group; groups by these
    # values can be spilled to disk. Besides, Narwhals makes Ibis add a truth value to such a count, which
    # PostgreSQL refuses.
    found = None
    for name, column in different.items():
        first = found is None
        parts = lines.group_by(*keys, column).agg(*(_made(totals) if first else ()), nw.len().alias("_lines"))
        # DuckDB can't spill to disk what several groupings of one query hold: they run one after the other.
        parts = evaluated(parts) if lines.implementation.is_duckdb() else parts
        again = {total: (how, total) for total, (how, _) in totals.items()} if first else {}
        groups = parts.group_by(*keys).agg(*_made(again), nw.len().alias(name))
        groups = evaluated(groups) if lines.implementation.is_duckdb() and len(different) > 1 else groups
        found = groups if found is None else found.join(groups, on=list(keys))
    found = lines.group_by(*keys).agg(*_made(totals)) if found is None else found
    return _plain(found, lines, totals, different)


def _plain(
    groups: Any, lines: Any, totals: Mapping[str, tuple[Total, str]], different: Mapping[str, str]
) -> Any:
    """Return sums and counts in 64 bits: engines count with fewer bits, and sum with more, or in decimals."""
    schema = lines.collect_schema()
    kinds: dict[str, Any] = {
        name: nw.Float64 if schema[column].is_float() or schema[column].is_decimal() else nw.Int64
        for name, (how, column) in totals.items()
        if how == "sum"
    }
    kinds |= dict.fromkeys(different, nw.Int64)
    return groups.with_columns(nw.col(name).cast(kind) for name, kind in kinds.items()) if kinds else groups


def _made(totals: Mapping[str, tuple[Total, str]]) -> list[nw.Expr]:
    return [getattr(nw.col(column), how)().alias(name) for name, (how, column) in totals.items()]
