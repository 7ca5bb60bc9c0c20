"""What is in stock: read, checked, and each row kept or rejected with a reason."""

from __future__ import annotations

import csv
import os
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_frame
from shopper_widgets.columns import PRODUCT_ID, REASON

ON_HAND, ON_ORDER, PACK, MINIMUM = "on_hand", "on_order", "pack", "minimum"
UNIT_COST, UNIT_SPACE = "unit_cost", "unit_space"
NUMBERS = (ON_HAND, ON_ORDER, PACK, MINIMUM, UNIT_COST, UNIT_SPACE)


def read_stock(file: Any) -> pd.DataFrame:
    r"""Read a CSV file of what is on hand, whatever separates its columns; all cells are text.

    Parameters
    ----------
    file : path or text buffer

    Returns
    -------
    pandas.DataFrame
        Its headers trimmed and in lower case.

    Raises
    ------
    ValueError
        It isn't a table.

    Examples
    --------
    >>> import io
    >>> read_stock(io.StringIO("Product_ID; On_hand\n007;3"))
      product_id on_hand
    0        007       3
    """
    try:
        table = pd.read_csv(file, dtype="str", sep=None, engine="python", encoding="utf-8-sig")
    except (csv.Error, UnicodeDecodeError) as error:
        raise ValueError(f"the columns of a CSV file in UTF-8 can't be told apart ({error}).") from error
    return table.rename(columns=lambda name: str(name).strip().lower())


def stock_levels(stock: Any, products: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one row per product, and the rows that were rejected with their reason.

    `stock` is a frame or a CSV file: ``product_id, on_hand``, and where they are there ``on_order``, ``pack``
    (units are ordered in packs of so many), ``minimum`` (the fewest units of an order), ``unit_cost`` and
    ``unit_space`` (the room that a unit takes). Nothing is known of products without a row.
    """
    if isinstance(stock, str | os.PathLike):
        frame = read_stock(stock)
    else:
        checked = check_frame("on_hand", stock)
        eager = checked.collect() if isinstance(checked, nw.LazyFrame) else checked
        frame = eager.to_pandas()
    if missing := [name for name in (PRODUCT_ID, ON_HAND) if name not in frame]:
        raise ValueError(
            f"on_hand must have the columns product_id and on_hand; {', '.join(missing)} is missing. "
            f"It has {', '.join(map(str, frame.columns))}."
        )
    frame = frame.reset_index(drop=True)
    # Codes are what cleaning makes of them: trimmed, in capitals.
    codes = frame[PRODUCT_ID].astype("str").str.strip().str.upper()
    numbers = pd.DataFrame(
        {name: pd.to_numeric(frame[name], errors="coerce") for name in NUMBERS if name in frame}
    ).astype(float)
    given = frame[list(numbers.columns)].notna()
    unread = (
        (given & numbers.isna()).any(axis=1)
        | numbers[ON_HAND].isna()
        | np.isinf(numbers.to_numpy()).any(axis=1)
    )
    known = pd.Series(products, dtype="str").str.upper()
    reasons = np.select(
        [
            frame[PRODUCT_ID].isna(),
            codes.duplicated(keep=False),
            unread,
            (numbers.drop(columns=ON_HAND) < 0).any(axis=1),
            (numbers[[name for name in (PACK,) if name in numbers]] == 0).any(axis=1),
            ~codes.isin(known),
        ],
        [
            "missing product",
            "repeated product",
            "unreadable number",
            "negative number",
            "pack of 0",
            "never sold",
        ],
        "",
    )
    rejected = frame[reasons != ""].assign(**{REASON: reasons[reasons != ""]})
    kept = numbers[reasons == ""].set_index(codes[reasons == ""])
    found = kept.reindex(known.to_numpy()).reset_index(drop=True)
    return found.reindex(columns=list(NUMBERS)), rejected
