"""Names for segments: from what their customers do, never from the number a cluster happens to get."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

#: The name of the only segment, where there is one.
ALL_CUSTOMERS = "All Customers"

#: Names in the order in which they come into use: k segments use the first k.
_NAMES = (
    "High-Value",
    "Occasional",
    "At-Risk",
    "Regular",
    "Promising",
    "Slipping",
    "Loyal",
    "Big-Basket",
    "VIP",
    "Low-Spend",
)
#: Segments of customers who went silent, by these names or by those of the rules: who orders again out of one
#: of them has returned.
SILENT_SEGMENTS = frozenset({"At-Risk", "Slipping", "Cannot Lose Them", "At Risk", "Hibernating", "Lost"})
#: Names that say something about silence, and are a lie where all segments bought equally recently.
_ABOUT_SILENCE = {"At-Risk", "Slipping", "Promising"}
#: Mean recencies that differ by less than this many days are no difference in silence.
_DAYS_OF_SILENCE = 1.0

#: Who picks first, and what each name looks for: a column of the measures (recency, frequency, monetary,
#: money per order) and whether the most (+1) or the least (-1) of it. "Occasional" takes what is left.
_PICKS = (
    ("At-Risk", 0, +1),
    ("Slipping", 0, +1),
    ("VIP", 2, +1),
    ("High-Value", 2, +1),
    ("Loyal", 1, +1),
    ("Regular", 1, +1),
    ("Big-Basket", 3, +1),
    ("Promising", 0, -1),
    ("Low-Spend", 2, -1),
)
_BEST_FIRST = (
    "VIP",
    "High-Value",
    "Loyal",
    "Regular",
    "Big-Basket",
    "Promising",
    "Occasional",
    "Low-Spend",
    "Slipping",
    "At-Risk",
)

#: The rule in words, for reports.
NAMING_RULE = (
    "Segments are named by the mean recency, frequency and monetary value of their customers, one after "
    "another: At-Risk is the segment that has been silent longest; of the others, High-Value spends most, "
    "Regular orders most often of those that remain, and Occasional is what is left. More than four segments "
    "add, in this order: Promising (of what remains after Regular, the most recent buyers), Slipping (the "
    "longest silence after At-Risk), Loyal (the most orders after High-Value), Big-Basket (of what remains "
    "after Regular, the most money per order), VIP (spends most, ahead of High-Value) and Low-Spend (of what "
    "remains, spends least). Three segments do without Regular, two are High-Value and Occasional, a single "
    "one is All Customers. Where all segments bought equally recently (to a day), none is called At-Risk, "
    "Slipping or Promising: the next names take their place. Ties go to the segment that spends more, then "
    "orders more often, then bought more recently."
)

_ONES = (  # noqa: SIM905 - a list would take twenty lines
    "Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen "
    "Seventeen Eighteen Nineteen"
).split()
_TENS = "Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety".split()  # noqa: SIM905


def name_segments(means: npt.ArrayLike) -> dict[str, int]:
    """Name every segment of one clustering.

    Parameters
    ----------
    means : array-like of shape (k, 3)
        One row per segment: mean recency (days), mean frequency (orders) and mean monetary value of its
        customers.

    Returns
    -------
    dict of str to int
        k different names, the best segment's first and the most silent one's last, each with the number of
        the row in `means` that it belongs to. Beyond ten segments, and where fewer names apply, those that
        are left are Occasional, Occasional Two, Occasional Three, … by falling spend.

    Raises
    ------
    ValueError
        If `means` is not of shape (k, 3) with k ≥ 1, or holds anything but finite numbers.

    Notes
    -----
    The rule is our own; :data:`NAMING_RULE` spells it out for readers. Each name picks its segment from those
    that are still unnamed, in this order: At-Risk, Slipping (longest recency), VIP, High-Value (highest
    monetary), Loyal, Regular (highest frequency), Big-Basket (highest monetary ÷ frequency), Promising
    (shortest recency), Low-Spend (lowest monetary), Occasional (the rest). k segments use the first k of
    High-Value, Occasional, At-Risk, Regular, Promising, Slipping, Loyal, Big-Basket, VIP, Low-Spend. Silence
    picks first, so that At-Risk is always the segment that has been silent longest, even where it used to
    spend most. Only the rows' content counts, so the same segments in another order get the same names.

    Examples
    --------
    >>> name_segments([[185, 1.3, 350], [12, 13.6, 8000], [19, 2.1, 530], [70, 4.1, 1800]])
    {'High-Value': 1, 'Regular': 3, 'Occasional': 2, 'At-Risk': 0}
    >>> name_segments([[20, 3.0, 500.0]])
    {'All Customers': 0}
    """
    table = np.asarray(means, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] < 1 or table.shape[1] != 3:
        raise ValueError(
            "means: expected one row of mean recency, frequency and monetary value for each segment, "
            f"shape (k, 3), found shape {table.shape}"
        )
    if not np.isfinite(table).all():
        raise ValueError(f"means: expected finite numbers, found {table[~np.isfinite(table)][0]}")
    if len(table) == 1:
        return {ALL_CUSTOMERS: 0}

    recency, frequency, monetary = table.T
    measures = np.column_stack([table, monetary / np.maximum(frequency, 1e-12)])
    silence_differs = np.ptp(recency) >= _DAYS_OF_SILENCE
    usable = [name for name in _NAMES if silence_differs or name not in _ABOUT_SILENCE][: len(table)]

    named: dict[str, int] = {}
    # The order of last resort: who comes first here wins every tie.
    unnamed = [int(row) for row in np.lexsort((recency, -frequency, -monetary))]
    for name, column, sign in _PICKS:
        if name in usable:
            named[name] = max(unnamed, key=lambda row: sign * measures[row, column])
            unnamed.remove(named[name])
    occasional = ["Occasional"] + [f"Occasional {_in_words(tier)}" for tier in range(2, len(unnamed) + 1)]
    named.update(zip(occasional, unnamed, strict=False))

    middle = _BEST_FIRST.index("Occasional")
    order = [*_BEST_FIRST[:middle], *occasional, *_BEST_FIRST[middle + 1 :]]
    return {name: named[name] for name in order if name in named}


def _in_words(number: int) -> str:
    """Spell a number from 1 on: ``"Two"``, ``"Twenty-One"``, ``"One Hundred Six"``."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")
    size, unit = (100, "Hundred") if number < 1000 else (1000, "Thousand")
    head, rest = divmod(number, size)
    return f"{_in_words(head)} {unit}" + (f" {_in_words(rest)}" if rest else "")
