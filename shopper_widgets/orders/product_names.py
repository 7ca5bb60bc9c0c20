"""One name for each product code."""

from __future__ import annotations

from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets._support.keeping import evaluated
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.orders.cells.distinct import by_distinct


def canonical_names(lines: FrameT) -> FrameT | None:
    """Return one name for each product: the most frequent, of several the first in the alphabet."""
    if PRODUCT_NAME not in lines.collect_schema():
        return None
    name = nw.col(PRODUCT_NAME).cast(nw.String).str.strip_chars()
    counted = (
        lines.group_by(PRODUCT_ID, PRODUCT_NAME)
        .agg(_n=nw.len())
        .with_columns(name)
        .filter(nw.col(PRODUCT_NAME) != "")
        .group_by(PRODUCT_ID, PRODUCT_NAME)  # again, as trimming made some equal
        .agg(nw.col("_n").sum())
    )
    most = counted.group_by(PRODUCT_ID).agg(_most=nw.col("_n").max())
    names: FrameT = evaluated(
        counted.join(most, on=PRODUCT_ID)
        .filter(nw.col("_n") == nw.col("_most"))
        .group_by(PRODUCT_ID)
        .agg(nw.col(PRODUCT_NAME).min())
    )
    return names


def with_names(lines: FrameT, *names: FrameT | None) -> FrameT:
    """Give each product one name: from the first table that has it, else its code."""
    tables = [table for table in names if table is not None]
    columns = [f"_name{i}" for i in range(len(tables))]

    def named(products: Any) -> Any:
        for table, column in zip(tables, columns, strict=True):
            products = products.join(table.rename({PRODUCT_NAME: column}), on=PRODUCT_ID, how="left")
        return products.with_columns(nw.coalesce(*columns, PRODUCT_ID).alias(PRODUCT_NAME))

    return by_distinct(lines, PRODUCT_ID, [PRODUCT_NAME], named)
