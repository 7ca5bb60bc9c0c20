"""Names for segments: each is a claim about its members, and is given only where the claim is true."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.segments.naming_claims import CLAIMS, CLEARLY, Facts, Shop

#: The name of the segment where there is only one.
ALL_CUSTOMERS = "All Customers"
#: Names that only one segment may have. They are given first; of the other claims, one is true of any
#: segment.
_FIRST = ("High-Value", "Loyal", "Big-Basket", "Occasional")
#: Names of clusters and of rules for silent customers: a customer who leaves one by an order has returned.
_SILENT = frozenset(
    {"Occasional", "One-Time", "Lapsed", "At-Risk", "Cannot Lose Them", "At Risk", "Hibernating", "Lost"}
)
#: Names for customers who ordered once: they leave by time or by a second order, which nobody needs to
#: prevent.
_FIRST_ORDERS = frozenset({"New", "Promising"})
#: Names of clusters and of rules for customers who are already on their way out.
_LEAVING = frozenset({"Slipping", "Need Attention", "About to Sleep"})
#: The names that four segments have in most shops.
_USUAL = ("High-Value", "Regular", "Occasional", "At-Risk")

#: What may distinguish a segment from another of its name: a median, and the words for more and for less of
#: it.
_REMARKS: tuple[tuple[Callable[[Facts], float], str, str], ...] = (
    (lambda one: one.monetary, N_("higher spend"), N_("lower spend")),
    (lambda one: one.recency, N_("longer ago"), N_("more recent")),
    (lambda one: one.frequency, N_("more orders"), N_("fewer orders")),
)
_SAME_NAME = N_(
    "Where segments share a name, the one with the most revenue per customer has the name alone. Each of "
    "the others adds what most sets it off from that one, such as fewer orders, and no two add the same; "
    "where nothing else clearly differs, they are numbered."
)

#: The rule in words, for reports.
NAMING_RULE = (
    "A segment gets a name only if what the name claims is true of its customers. "
    + " ".join(f"{claim.name} {claim.words}." for claim in CLAIMS)
    + f" {_SAME_NAME}"
)

_ONES = (  # noqa: SIM905 - a list would take twenty lines
    "Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen "
    "Seventeen Eighteen Nineteen"
).split()
_TENS = "Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety".split()  # noqa: SIM905


def name_segments(shop: Shop) -> dict[str, int]:
    """Name every segment of a clustering by a claim that is true of it.

    Parameters
    ----------
    shop : Shop
        What :func:`~shopper_widgets.segments.naming_claims.segment_facts` returned.

    Returns
    -------
    dict of str to int
        One name per segment, the best first and those to win back last, each with the number of its segment.

    Notes
    -----
    The rule is our own; :data:`NAMING_RULE` spells it out for readers, and
    :data:`~shopper_widgets.segments.naming_claims.CLAIMS` holds the conditions. A segment's customers came
    back or did not (half of them ordered once). The former still come, are slipping or late; the latter are
    new or gone. So one of Regular, Slipping, Lapsed or At-Risk, New or One-Time is always true, and the rule
    is total. Where it leads the shop or is one of several of its kind, a segment has the more specific name
    that is true of it alone. Where several still share a name, the one with the most revenue per customer has
    it alone, and each of the others adds what most sets it off from that one: Regular, Regular (fewer
    orders), … Each remark is used once, for the segment of which it is most true; where no other median is a
    quarter more or less, they are numbered: Regular Two. Only what the segments hold counts, not their
    numbers.

    Examples
    --------
    >>> from shopper_widgets.segments.naming_claims import segment_facts
    >>> values = np.array([[3.0, 9, 900], [5, 7, 800], [9, 3, 60], [8, 2, 70], [300, 1, 20], [90, 5, 300]])
    >>> name_segments(segment_facts(values, np.full(6, np.nan), np.array([2, 2, 0, 0, 1, 3]), rhythm=60.0))
    {'High-Value': 2, 'Regular': 0, 'Occasional': 1, 'At-Risk': 3}
    """
    if len(shop.segments) == 1:
        return {ALL_CUSTOMERS: 0}
    # This order breaks all ties: only segments that are equal in everything remain tied.
    facts = np.nan_to_num(
        [[one.revenue, one.orders, -one.recency, *vars(one).values()] for one in shop.segments]
    )
    order = [int(row) for row in np.lexsort(-facts.T[::-1])]
    given: dict[str, int] = {}
    left = order
    for claim in sorted(CLAIMS, key=lambda claim: claim.name not in _FIRST):
        fitting = [i for i in left if claim.holds(shop.segments[i], shop)]
        if claim.name in ("Loyal", "Big-Basket") and sum(shop.segments[i].still_comes for i in left) == 1:
            continue  # the only segment that still comes is simply Regular
        fitting = fitting[:1] if claim.name in _FIRST else fitting
        given |= zip(_told_apart(claim.name, [shop.segments[i] for i in fitting]), fitting, strict=True)
        left = [i for i in left if i not in fitting]
    return {name: given[name] for claim in CLAIMS for name in given if base_name(name) == claim.name}


def _told_apart(name: str, group: Sequence[Facts]) -> list[str]:
    """Return different names for segments of one name: the first has it alone, others add a remark."""
    found = []
    for tier, one in enumerate(group[1:], start=1):
        for place, (measure, more, less) in enumerate(_REMARKS):
            mine, first = measure(one), measure(group[0])
            small, great = sorted((mine, first))
            if small < great >= CLEARLY * small:
                ratio = great / small if small else np.inf
                found.append((-ratio, tier, place, more if mine > first else less))
    remarks: dict[int, str] = {}
    for *_, tier, _, remark in sorted(found):  # each remark goes to the segment that it fits best
        if tier not in remarks and remark not in remarks.values():
            remarks[tier] = remark
    return [
        name
        if tier == 0
        else f"{name} ({remarks[tier]})"
        if tier in remarks
        else f"{name} {_in_words(tier + 1)}"
        for tier in range(len(group))
    ]


def base_name(name: str) -> str:
    """Return the name without its remark or number.

    Examples
    --------
    >>> base_name("Regular (lower spend)"), base_name("Regular Two"), base_name("Need Attention")
    ('Regular', 'Regular', 'Need Attention')
    """
    return next((c.name for c in CLAIMS if name == c.name or name.startswith(f"{c.name} ")), name)


def is_silent(name: str) -> bool:
    """Return whether a segment is of silent customers, by its name from clusters or rules.

    Examples
    --------
    >>> is_silent("At-Risk Two"), is_silent("Regular")
    (True, False)
    """
    return base_name(name) in _SILENT


def segment_to_keep(names: Sequence[str]) -> str | None:
    """Return the segment that customers should not leave: the best that is neither new nor silent.

    Parameters
    ----------
    names : sequence of str
        Best first.

    Examples
    --------
    >>> segment_to_keep(["High-Value", "New"]), segment_to_keep(["New", "Regular"]), segment_to_keep(["New"])
    ('High-Value', 'Regular', None)
    >>> segment_to_keep(["New", "Slipping", "Lost"]) is None
    True
    """
    kept = (name for name in names if base_name(name) not in _FIRST_ORDERS | _SILENT | _LEAVING)
    return next(kept, None)


def describe_names(names: Sequence[str]) -> str:
    """Say what the names of segments claim, and which of the usual four are true of none.

    Examples
    --------
    >>> print(describe_names(["High-Value", "Regular", "At-Risk"]))
    A segment gets a name only if what the name claims is true of its customers. High-Value bring
    the most revenue per customer, typically spend the most (at least a quarter more than the median customer)
    and are not silent. Regular came back and still order: they are typically silent for no longer than their
    usual gap. At-Risk typically spent more than the median customer and are overdue: they have been silent
    for more than one and a half times their usual gap. No segment is called Occasional, since no segment
    fits.
    """
    if list(names) == [ALL_CUSTOMERS]:
        return gettext("A single segment is called {name}.", name=gettext(ALL_CUSTOMERS))
    bases = {base_name(name) for name in names}
    said = [gettext("A segment gets a name only if what the name claims is true of its customers.")]
    said += [f"{gettext(claim.name)} {gettext(claim.words)}." for claim in CLAIMS if claim.name in bases]
    if missing := [name for name in _USUAL if name not in bases]:
        unused = gettext(" or ").join(map(gettext, missing))
        said.append(gettext("No segment is called {names}, since no segment fits.", names=unused))
    if len(names) > len(bases):
        said.append(gettext(_SAME_NAME))
    return " ".join(said)


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
