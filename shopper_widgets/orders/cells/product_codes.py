"""One code per product: ``85123a`` and ``85123A`` are the same product if their names say so."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import reduce

import narwhals as nw
import pandas as pd
from narwhals.typing import FrameT

from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.orders.cells.distinct import by_distinct
from shopper_widgets.orders.cells.numbers import collected


def names_of_codes(frame: FrameT) -> pd.DataFrame:
    """Return each code, ``product_name`` where there is one, and how many ``lines`` have both."""
    keys = [name for name in (PRODUCT_ID, PRODUCT_NAME) if name in frame.collect_schema()]
    return collected(frame.select(*keys).group_by(*keys).agg(lines=nw.len())).to_pandas()


def with_one_spelling(frame: FrameT, counts: pd.DataFrame) -> FrameT:
    """Give codes that differ only in case and share a name the spelling that the shop uses most.

    Codes of different names stay apart: some shops' ids are random letters of both cases. Without names,
    codes that differ only in case are one product.

    Parameters
    ----------
    frame : Narwhals frame
        Lines with ``product_id``.
    counts : pandas.DataFrame
        As `names_of_codes` gives them.

    Examples
    --------
    >>> import pyarrow as pa
    >>> lines = nw.from_native(pa.table({"product_id": ["85123a", "85123A", "85123A", "ab", "aB", "x1"],
    ...                                  "product_name": ["Lamp", "Lamp ", None, "Pen", "Cup", "Mug"]}))
    >>> with_one_spelling(lines, names_of_codes(lines))["product_id"].to_list()
    ['85123A', '85123A', '85123A', 'ab', 'aB', 'x1']
    """
    changes = _changes(counts if PRODUCT_NAME in counts else counts.assign(**{PRODUCT_NAME: None}))
    if not changes:
        return frame
    code = nw.col(PRODUCT_ID)
    ways = {
        "upper": [old for old, new in changes.items() if new == old.upper()],
        "lower": [old for old, new in changes.items() if new == old.lower() != old.upper()],
    }
    others = {o: n for o, n in changes.items() if o not in ways["upper"] and o not in ways["lower"]}
    spelled = reduce(lambda e, o: nw.when(code == o[0]).then(nw.lit(o[1])).otherwise(e), others.items(), code)
    if ways["lower"]:
        spelled = nw.when(code.is_in(ways["lower"])).then(code.str.to_lowercase()).otherwise(spelled)
    if ways["upper"]:
        spelled = nw.when(code.is_in(ways["upper"])).then(code.str.to_uppercase()).otherwise(spelled)
    spelled = spelled.alias(PRODUCT_ID)
    return by_distinct(frame, PRODUCT_ID, [PRODUCT_ID], lambda codes: codes.with_columns(spelled))


def _changes(counts: pd.DataFrame) -> dict[str, str]:
    """Return the new spelling of each code that changes."""
    counts = counts.dropna(subset=[PRODUCT_ID])
    upper = counts[PRODUCT_ID].astype("str").str.upper()
    several = upper.groupby(upper).transform("size") > 1
    lines: dict[str, Counter[str]] = defaultdict(Counter)
    names: dict[str, set[str]] = defaultdict(set)
    rows = counts.loc[several, [PRODUCT_ID, PRODUCT_NAME, "lines"]].itertuples(index=False, name=None)
    for alike, (code, name, n) in zip(upper[several], rows, strict=True):
        lines[alike][str(code)] += int(n)
        names[str(code)] |= {" ".join(str(name).casefold().split())} - {""} if pd.notna(name) else set()
    changes: dict[str, str] = {}
    for variants in lines.values():
        usual = min(variants, key=lambda code: (-variants[code], code))
        for code in variants:
            own = names[code]
            if code != usual and (not own or not names[usual] or own & names[usual]):
                changes[code] = usual
    return changes
