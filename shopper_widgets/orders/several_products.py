"""Cells that hold a whole basket instead of one product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from shopper_widgets._support.formatting import format_count
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.orders.cells.distinct import TIMES, Cells
from shopper_widgets.orders.order_money import one_row

#: ``['Ketchup', 'Milk']``, ``[Ketchup, Milk]``, ``{Ketchup,Milk}``; ``Mug x 2, Vase x 1``;
#: ``2 x Mug; 1 x Vase``; ``Mug 2x, Vase 1pcs``; ``[{"name": "Mug"}]``; ``name: Mug, quantity: 2``, as Big
#: Cartel and BigCommerce write them.
_LISTS = (
    r"""^\[\s*['"].*['"]\s*,\s*['"].*\]$""",
    r"^\[[^,\]]+,[^\]]*\]$",
    r"^\{[^,:}]+,[^:}]*\}$",
    r"(?i)^[^,;|]+ [x×] ?[0-9]+ *[,;|] *[^,;|]+ [x×] ?[0-9]+",
    r"(?i)^[0-9]+ ?[x×] [^,;|]+[,;|] *[0-9]+ ?[x×] ",
    r"(?i)^[^,;|]+ [0-9]+ ?(?:x|×|pcs)[,;|] *[^,;|]+ [0-9]+ ?(?:x|×|pcs)(?:[,;|]|$)",
    r"""^\[\s*\{.*\}\s*\]$""",
    r"(?i)^(?:[a-z_ ]*[_ ])?(?:name|id|sku)\s*:.*[,;|]\s*(?:[a-z_ ]*[_ ])?(?:qty|quantity)\s*:",
)
# If at most this share of cells looks like a list, these are names of products.
_RULE = 0.05


def refuse_baskets(cells: Cells, headers: Mapping[str, str]) -> None:
    """Refuse a table whose lines are whole orders, with their products in one cell.

    Parameters
    ----------
    cells : Cells
        Whose texts are settled.
    headers : mapping of str to str
        Canonical name → header.

    Raises
    ------
    ValueError
        More than a few cells of products hold several.

    Examples
    --------
    >>> import pyarrow as pa
    >>> lines = pa.table({"product_id": ["Mug x 2, Vase x 1", "Mug x 1"]})
    >>> refuse_baskets(Cells(nw.from_native(lines)), {"product_id": "Items"})
    Traceback (most recent call last):
        ...
    ValueError: product_id: 1 of 2 cells under 'Items' hold several products, such as 'Mug x 2, Vase x 1'...
    """
    for name in (PRODUCT_ID, PRODUCT_NAME):
        if name not in headers:
            continue
        cell, lines = nw.col(name), nw.col(TIMES)
        several = nw.any_horizontal(*(cell.str.contains(pattern) for pattern in _LISTS), ignore_nulls=True)
        names = cells.counted(name)
        found = one_row(names, several=_where(several, lines), filled=_where(~cell.is_null(), lines))
        if found["several"] > _RULE * found["filled"]:
            example = names.filter(several).select(first=cell.min())
            raise ValueError(_said(name, headers[name], found, example))


def _where(condition: nw.Expr, lines: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(lines).otherwise(nw.lit(0)).sum()


def _said(name: str, header: str, found: Mapping[str, float], example: Any) -> str:
    first = str(example.lazy().collect()["first"][0])
    shown = first if len(first) <= 60 else f"{first[:57]}…"
    return (
        f"{name}: {format_count(int(found['several']))} of {format_count(int(found['filled']))} cells under "
        f"{header!r} hold several products, such as {shown!r}. Export one line for each product of an order. "
        "Without one, map product_id to None (columns={'product_id': None}): each line counts as a sale, "
        "and nothing is said of products."
    )
