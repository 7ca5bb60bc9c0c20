"""Cells that hold the whole of a basket, where one product should stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from shopper_widgets._support.formatting import format_count
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.orders.order_money import counted, one_row

#: ``['Ketchup', 'Milk']``, ``["a", "b"]``; ``Mug x 2, Vase x 1``; ``2 x Mug; 1 x Vase``.
_LISTS = (
    r"""^\[\s*['"].*['"]\s*,\s*['"].*\]$""",
    r"(?i)^[^,;|]+ [x×] ?[0-9]+ *[,;|] *[^,;|]+ [x×] ?[0-9]+",
    r"(?i)^[0-9]+ ?[x×] [^,;|]+[,;|] *[0-9]+ ?[x×] ",
)
# Where so few cells have commas and quotes, they are a product's name.
_RULE = 0.05


def refuse_baskets(frame: Any, headers: Mapping[str, str]) -> None:
    """Refuse a table whose lines are whole orders, with their products in one cell.

    Parameters
    ----------
    frame : Narwhals frame
        Settled lines.
    headers : mapping of str to str
        Canonical name → header.

    Raises
    ------
    ValueError
        More than a few cells of products hold several.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame({"product_id": ["Mug x 2, Vase x 1", "Mug x 1"]})
    >>> refuse_baskets(nw.from_native(lines), {"product_id": "Items"})
    Traceback (most recent call last):
        ...
    ValueError: product_id: 1 of 2 cells under 'Items' hold several products, such as 'Mug x 2, Vase x 1'...
    """
    for name in (PRODUCT_ID, PRODUCT_NAME):
        if name not in headers:
            continue
        cell = nw.col(name)
        several = nw.any_horizontal(*(cell.str.contains(pattern) for pattern in _LISTS), ignore_nulls=True)
        found = one_row(frame, several=counted(several), filled=counted(~cell.is_null()))
        if found["several"] > _RULE * found["filled"]:
            example = frame.filter(several).select(first=cell.min())
            raise ValueError(_said(name, headers[name], found, example))


def _said(name: str, header: str, found: Mapping[str, float], example: Any) -> str:
    first = str(example.lazy().collect()["first"][0])
    shown = first if len(first) <= 60 else f"{first[:57]}…"
    return (
        f"{name}: {format_count(int(found['several']))} of {format_count(int(found['filled']))} cells under "
        f"{header!r} hold several products, such as {shown!r}. Export one line for each product of an order. "
        "Without one, map product_id to None (columns={'product_id': None}): each line counts as a sale, "
        "and nothing is said of products."
    )
