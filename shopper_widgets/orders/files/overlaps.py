"""The same orders in several files: orders in overlapping exports are read once."""

from __future__ import annotations

import logging

import pandas as pd

from shopper_widgets._support.formatting import count_of, listed
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    IS_CANCELLED,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    QUANTITY,
    SOURCE_FILE,
    UNIT_PRICE,
)

logger = logging.getLogger(__name__)

_CONTENT = (ORDER_ID, PRODUCT_ID, CUSTOMER_ID, ORDERED_AT, QUANTITY, UNIT_PRICE, AMOUNT, IS_CANCELLED)


def without_overlaps(lines: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Leave out order lines that an earlier file already has, and report it.

    A line that is twice in one file stays twice. The second copy of a line in one file
    is the copy of the second in another.

    Examples
    --------
    >>> january = {"order_id": ["1", "1", "2"], "product_id": "tea", "source_file": "january.csv"}
    >>> all_year = {"order_id": ["2", "3"], "product_id": "tea", "source_file": "year.csv"}
    >>> lines = pd.concat([pd.DataFrame(january), pd.DataFrame(all_year)], ignore_index=True)
    >>> notes = []
    >>> without_overlaps(lines, notes)["order_id"].tolist()
    ['1', '1', '2', '3']
    >>> notes[0]
    "Read once: 1 line of 'year.csv' that a file read before also has, order by order the same."
    """
    per_order = lines.groupby(ORDER_ID)[SOURCE_FILE].nunique()
    shared = lines[ORDER_ID].isin(per_order.index[per_order > 1])
    if not shared.any():
        return lines
    looked = lines[shared]
    content = pd.util.hash_pandas_object(looked[[c for c in _CONTENT if c in looked]], index=False)
    place = content.groupby([content, looked[SOURCE_FILE]]).cumcount()
    again = pd.DataFrame({"content": content, "place": place}).duplicated()
    repeated = again.index[again]
    if len(repeated):
        files = list(dict.fromkeys(lines.loc[repeated, SOURCE_FILE]))
        _note(
            gettext(
                "Read once: {lines} of {files} that a file read before also has, order by order the same.",
                lines=count_of(len(repeated), "line"),
                files=listed([repr(file) for file in files[:5]]),
            ),
            notes,
        )
    left = looked.drop(repeated)
    several = left.groupby(ORDER_ID)[SOURCE_FILE].nunique()
    if (several > 1).any():
        numbers = several.index[several > 1]
        _note(
            gettext(
                "In several files with different lines, all of which count: {numbers}, such as {example}. "
                "If these are different orders, or two states of one order, read the files separately.",
                numbers=count_of(len(numbers), "order number"),
                example=repr(numbers[0]),
            ),
            notes,
        )
    return lines.drop(repeated).reset_index(drop=True)


def _note(said: str, notes: list[str]) -> None:
    notes.append(said)
    logger.warning("%s", said)
