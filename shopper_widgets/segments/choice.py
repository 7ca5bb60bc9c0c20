"""How many segments: the rule that chooses a number and says why."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from shopper_widgets._support.formatting import count_of, format_count, format_decimal, format_share, listed
from shopper_widgets._support.locale import N_, gettext, ngettext
from shopper_widgets.segments.clustering import SAMPLE_SIZE
from shopper_widgets.segments.stability import MODERATE

#: A single customer is not a segment.
FEWEST_CUSTOMERS = 2
#: A division is left out if its stability is further than this below that of the most stable one.
STABILITY_MARGIN = 0.05
#: Silhouettes within this distance of the highest count as equally high: the elbow decides.
SILHOUETTE_MARGIN = 0.01

#: The rule in words, for reports.
CHOOSING_RULE = N_(
    "The inertia (the scatter within segments) of 2 to 10 segments bends where more segments hardly reduce "
    "it: the elbow. The silhouette (how clearly segments are separated) then picks among the elbow and its "
    "two neighbors; where it is about equally high, the elbow is kept. The silhouette alone would prefer "
    "two segments in many shops, which is too coarse to act on. Numbers that leave a segment too small to "
    "contact are excluded. Where segments were refitted on bootstrap samples, numbers clearly less stable "
    "than the most stable one are excluded, too; if none is stable, there is one segment. Mixtures are "
    "picked by the Bayesian information criterion (BIC) instead. Fewer than ten customers are one segment, "
    "and so are fewer than a hundred who have ordered equally often."
)


def choose(diagnostics: pd.DataFrame, n_customers: int, min_share: float) -> tuple[int, str]:
    """Choose the number of segments.

    Parameters
    ----------
    diagnostics : pandas.DataFrame
        What :func:`~shopper_widgets.segments.diagnostics.diagnose` returns for the candidates; may be empty.
        Columns ``stability`` and ``stability_low`` count, too, if they exist and aren't NaN; so does ``bic``.
    n_customers : int
        How many customers were divided.
    min_share : float
        Share of the customers, 0 to 1, that the smallest segment has to hold.

    Returns
    -------
    n_clusters : int
        At least 1.
    reason : str
        A sentence for readers, with the numbers.

    Notes
    -----
    The rule is our own; :data:`CHOOSING_RULE` gives it in words:

    1. A division is excluded if it leaves a customer alone; if none is left, all customers are one segment.
    2. Of the rest, those count that keep `min_share` of the customers in every segment. If none does, the one
       with the largest smallest segment is taken.
    3. Where stability is known, those count no more that come out differently each time (below 0.65); where
       all do, all customers are one segment.
    4. The elbow and the numbers next to it (k - 1, k, k + 1) compete. Where there is no elbow, or none of
       these three counts, all that count do; and so they do where there is a ``bic``.
    5. Where stability is known, those drop out that lie more than 0.05 below the steadiest of them.
    6. The highest silhouette wins, or the lowest ``bic`` where there is one. Silhouettes less than 0.01 below
       the highest are as high: of these, the elbow wins where it is among them, else fewer segments do.

    Examples
    --------
    >>> diagnostics = pd.DataFrame({
    ...     "n_clusters": [2, 3, 4, 5],
    ...     "silhouette": [0.43, 0.34, 0.33, 0.31],
    ...     "smallest_share": [0.38, 0.17, 0.16, 0.02],
    ...     "is_elbow": [False, False, True, False],
    ... })
    >>> n_clusters, reason = choose(diagnostics, n_customers=1000, min_share=0.05)
    >>> n_clusters
    3
    >>> print(reason)
    3 segments: inertia bends at k = 4, and of k = 3 and 4 the silhouette is highest at k = 3 (0.340 over all
    1,000 customers); its smallest segment holds 17 % of customers (the floor is 5 %).
    """
    if diagnostics.empty:
        return 1, gettext("1 segment: all {number} customers are alike.", number=format_count(n_customers))
    smallest = (diagnostics["smallest_share"] * n_customers).round()
    shared = diagnostics[smallest >= FEWEST_CUSTOMERS]
    if shared.empty:
        return 1, gettext("1 segment: any more would leave a customer alone in one.")

    large = shared[shared["smallest_share"] >= min_share]
    if large.empty:
        best = _highest(shared, "smallest_share")
        return int(best["n_clusters"]), gettext(
            "{segments}: no number keeps {share} of customers in every segment, and this one comes closest "
            "({smallest} in its smallest); its silhouette is {silhouette}{stability}.",
            segments=_segments(best),
            share=format_share(min_share),
            smallest=format_share(best["smallest_share"]),
            silhouette=_silhouette(best, n_customers),
            stability=_stability(best),
        )

    if _known(large, "stability"):
        best_found = large["stability"].max()
        large = large[large["stability"] >= MODERATE]
        if large.empty:
            return 1, gettext(
                "1 segment: no number of segments is stable on bootstrap samples (adjusted Rand index at "
                "best {best}; 1 is identical).",
                best=format_decimal(best_found, 2),
            )
    mixtures = _known(diagnostics, "bic")
    elbow = diagnostics.loc[diagnostics["is_elbow"], "n_clusters"].tolist()
    bend = gettext("inertia has no clear bend")
    if elbow:
        bend = gettext("inertia bends at k = {k}", k=elbow[0])
    near = large[(large["n_clusters"] - elbow[0]).abs() <= 1] if elbow and not mixtures else large.iloc[:0]
    competing = large if near.empty else near
    pool, steadiness = _steady(competing)
    best = pool.sort_values("bic", kind="stable").iloc[0] if mixtures else _clearest(pool)
    k = int(best["n_clusters"])
    by_share = min_share * n_customers >= FEWEST_CUSTOMERS
    if mixtures and len(pool) > 1:
        said = N_("of k = {compared} the BIC is lowest at k = {k}; its silhouette is {silhouette}")
    elif len(pool) > 1 and best["silhouette"] < pool["silhouette"].max():
        said = N_("of k = {compared} none has a clearly higher silhouette than k = {k} ({silhouette})")
    elif len(pool) > 1:
        said = N_("of k = {compared} the silhouette is highest at k = {k} ({silhouette})")
    elif len(competing) > 1:
        said = N_("only k = {k} is as stable; its silhouette is {silhouette}")
    elif near.empty:
        said = N_("of all only k = {k} meets the rule; its silhouette is {silhouette}")
    else:
        said = N_("near it only k = {k} meets the rule; its silhouette is {silhouette}")
    compared, silhouette = listed(pool["n_clusters"].tolist()), _silhouette(best, n_customers)
    lead = gettext(said, k=k, compared=compared, silhouette=silhouette)
    if not mixtures:
        lead = gettext("{bend}{steadiness}, and {why}", bend=bend, steadiness=steadiness, why=lead)
    return k, gettext(
        "{segments}: {lead}{stability}; its smallest segment holds {held} of customers (the floor is "
        "{floor}).",
        segments=_segments(best),
        lead=lead,
        stability=_stability(best) if mixtures or not steadiness else "",
        held=format_share(best["smallest_share"]),
        floor=format_share(min_share) if by_share else count_of(FEWEST_CUSTOMERS, "customer"),
    )


def why_so_many(
    diagnostics: pd.DataFrame,
    n_clusters: int,
    n_customers: int,
    *,
    asked: int | Literal["auto"],
    min_share: float,
    too_little: str = "",
) -> str:
    """Explain the number of segments, with figures, in the language in force.

    Parameters
    ----------
    diagnostics : pandas.DataFrame
        ``CustomerSegmenter.diagnostics_``.
    n_clusters, n_customers : int
        How many segments there are, and how many customers were divided.
    asked : int or "auto"
        How many segments were asked for.
    min_share : float
        As for :func:`choose`.
    too_little : str, default ""
        Why these customers are not divided: see `limits.too_little_to_divide`.

    Returns
    -------
    str
        In English, ``CustomerSegmenter.reason_``.
    """
    if asked != "auto":
        return describe_given(diagnostics, n_clusters, n_customers, asked)
    if too_little:
        return gettext("1 segment: {reason}", reason=too_little)
    return choose(diagnostics[diagnostics["n_clusters"] > 1], n_customers, min_share)[1]


def describe_given(diagnostics: pd.DataFrame, n_clusters: int, n_customers: int, asked: int) -> str:
    """Say how good a requested number of segments is.

    Parameters
    ----------
    diagnostics : pandas.DataFrame
        As for :func:`choose`, with a row for `n_clusters`.
    n_clusters : int
        The number of segments there are.
    n_customers : int
        How many customers were divided.
    asked : int
        The number of segments that was asked for: larger where fewer customers differ.

    Returns
    -------
    str
        A sentence for readers.

    Examples
    --------
    >>> diagnostics = pd.DataFrame({"n_clusters": [4], "silhouette": [0.336], "smallest_share": [0.17]})
    >>> print(describe_given(diagnostics, 4, n_customers=4338, asked=4))
    4 segments, as requested: the silhouette is 0.336 over all 4,338 customers, and the smallest segment holds
    17 % of customers.
    """
    if n_clusters < asked:
        return gettext(
            N_("{segments}: {asked} were requested, but all customers are alike.")
            if n_clusters == 1
            else N_("{segments}: {asked} were requested, but only {number} customers differ."),
            segments=count_of(n_clusters, "segment"),
            asked=asked,
            number=n_clusters,
        )
    if n_clusters == 1:
        return gettext("1 segment, as requested.")
    row = diagnostics[diagnostics["n_clusters"] == n_clusters].iloc[0]
    return gettext(
        "{segments}, as requested: the silhouette is {silhouette}, and the smallest segment holds {share} of "
        "customers{stability}.",
        segments=_segments(row),
        silhouette=_silhouette(row, n_customers),
        share=format_share(row["smallest_share"]),
        stability=_stability(row),
    )


def describe_choice(diagnostics: pd.DataFrame, asked: int | str, min_share: float) -> str:
    """Explain the number of segments in plain words, without figures.

    Parameters
    ----------
    diagnostics : pandas.DataFrame
        ``CustomerSegmenter.diagnostics_``.
    asked : int or "auto"
        How many segments were asked for.
    min_share : float
        As for :func:`choose`.

    Returns
    -------
    str
        Empty where there is one segment, or none of the divisions is as it should be: there the reason that
        :func:`choose` gives is plain enough.

    Examples
    --------
    >>> found = pd.DataFrame({"n_clusters": [3, 4], "is_chosen": [False, True], "is_elbow": [False, True],
    ...     "smallest_share": [0.2, 0.17]})
    >>> print(describe_choice(found, "auto", 0.05))
    There are 4 segments: with more, customers within a segment would hardly be more alike, and of the
    possible numbers, this one separates the segments as clearly as any.
    >>> describe_choice(found, 4, 0.05)
    'There are 4 segments, as requested. The smallest holds 17 % of customers.'
    """
    row = diagnostics[diagnostics["is_chosen"]].iloc[0]
    k, share = int(row["n_clusters"]), row["smallest_share"]
    if k == 1:
        return ""
    if asked != "auto":
        return gettext(
            N_("There are {number} segments, as requested. The smallest holds {share} of customers.")
            if k == asked
            else N_(
                "There are {number} segments: customers differ in no more ways. The smallest holds "
                "{share} of customers."
            ),
            number=k,
            share=format_share(share),
        )
    if share < min_share:
        return ""
    if _known(diagnostics, "bic"):
        return gettext(
            "There are {number} segments: of the possible numbers, this one fits the customers best without "
            "overfitting them.",
            number=k,
        )
    elbow = diagnostics.loc[diagnostics["is_elbow"], "n_clusters"]
    return gettext(
        N_(
            "There are {number} segments: of the possible numbers, this one separates the segments as "
            "clearly as any."
        )
        if not len(elbow) or abs(elbow.iloc[0] - k) > 1
        else N_(
            "There are {number} segments: with more, customers within a segment would hardly be more alike, "
            "and of the possible numbers, this one separates the segments as clearly as any."
        ),
        number=k,
    )


def _known(diagnostics: pd.DataFrame, column: str) -> bool:
    return column in diagnostics and bool(diagnostics[column].notna().any())


def _steady(competing: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the divisions that are about as stable as the most stable one, and a phrase that says so."""
    if len(competing) == 1 or not _known(competing, "stability"):
        return competing, ""
    best = competing["stability"].max()
    steady = competing["stability"] >= best - STABILITY_MARGIN
    told = competing if steady.all() else competing[~steady]
    numbers = listed(told["n_clusters"].tolist())
    if steady.all():
        return competing, gettext(
            ", k = {numbers} are about equally stable on bootstrap samples (adjusted Rand index {least} to "
            "{best})",
            numbers=numbers,
            least=format_decimal(competing["stability"].min(), 2),
            best=format_decimal(best, 2),
        )
    return competing[steady], ngettext(
        ", k = {numbers} is less stable on bootstrap samples (adjusted Rand index {found}, at best {best})",
        ", k = {numbers} are less stable on bootstrap samples (adjusted Rand index {found}, at best {best})",
        len(told),
        numbers=numbers,
        found=listed([format_decimal(value, 2) for value in told["stability"]]),
        best=format_decimal(best, 2),
    )


def _stability(row: pd.Series) -> str:
    """Say how stable a division is, if that is known."""
    if not pd.notna(row.get("stability")):
        return ""
    margin = row["stability"] - row["stability_low"]
    return gettext(
        N_(
            "; refitted on bootstrap samples of the customers, the segments agree to {agree} ± {margin} "
            "(adjusted Rand index; 1 is identical), so low that they are a convenience, not a finding"
        )
        if row["stability"] < MODERATE
        else N_(
            "; refitted on bootstrap samples of the customers, the segments agree to {agree} ± {margin} "
            "(adjusted Rand index; 1 is identical)"
        ),
        agree=format_decimal(row["stability"], 2),
        margin=format_decimal(margin, 2),
    )


def _highest(diagnostics: pd.DataFrame, column: str) -> pd.Series:
    """Return the row with the highest value; of several, the one with the fewest clusters."""
    return diagnostics.sort_values(column, ascending=False, kind="stable").iloc[0]


def _clearest(pool: pd.DataFrame) -> pd.Series:
    """Return the row with the highest silhouette, or the elbow if its silhouette is about as high."""
    high = pool[pool["silhouette"] > pool["silhouette"].max() - SILHOUETTE_MARGIN]
    elbow = high[high["is_elbow"]]
    return elbow.iloc[0] if len(elbow) else _highest(pool, "silhouette")


def _segments(row: pd.Series) -> str:
    return count_of(int(row["n_clusters"]), "segment")


def _silhouette(row: pd.Series, n_customers: int) -> str:
    return gettext(
        N_("{silhouette} over a sample of {sample} of the {number} customers")
        if n_customers > SAMPLE_SIZE
        else N_("{silhouette} over all {number} customers"),
        silhouette=format_decimal(row["silhouette"], 3),
        sample=format_count(SAMPLE_SIZE),
        number=format_count(n_customers),
    )
