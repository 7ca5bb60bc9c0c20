"""How many segments: what speaks for each number of clusters, and the rule that picks one."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from shopper_widgets.formatting import format_count, format_share
from shopper_widgets.segments.clustering import SAMPLE_SIZE, Clustering, Floats, sample_rows, silhouettes

#: The numbers of clusters that are compared.
CANDIDATES = range(2, 11)
#: A single customer is no segment.
FEWEST_CUSTOMERS = 2

#: The rule in words, for reports.
CHOOSING_RULE = (
    "The inertia (the scatter within segments) of 2 to 10 segments bends where more of them stop paying: the "
    "elbow. The silhouette (how clearly segments stand apart) then picks among the elbow and its two "
    "neighbours. The silhouette alone is not asked: in nearly every shop it prefers two segments, too coarse "
    "to act on. Divisions that leave a segment too small to write to are left out."
)


def find_elbow(n_clusters: Sequence[int], inertia: Sequence[float]) -> int | None:
    """Where more clusters stop paying: the knee of the inertia curve (Kneedle, Satopää et al. 2011).

    Examples
    --------
    >>> find_elbow([2, 3, 4, 5, 6], [100.0, 60.0, 20.0, 18.0, 16.0])
    4
    >>> find_elbow([2, 3], [100.0, 60.0]) is None
    True
    """
    if len(inertia) < 3 or not inertia[0] > inertia[-1]:
        return None
    from kneed import KneeLocator

    elbow = KneeLocator(n_clusters, inertia, curve="convex", direction="decreasing").elbow
    return None if elbow is None else int(elbow)


def diagnose(points: Floats, clusterings: Sequence[Clustering], random_state: int) -> pd.DataFrame:
    """What speaks for each clustering.

    Returns
    -------
    pandas.DataFrame
        One row per clustering: ``n_clusters, inertia, silhouette, smallest_share, is_elbow``. The elbow is
        sought among ``CANDIDATES``.
    """
    rows = sample_rows(len(points), random_state)
    compared = [c for c in clusterings if c.n_clusters in CANDIDATES]
    elbow = find_elbow([c.n_clusters for c in compared], [c.inertia for c in compared])
    return pd.DataFrame(
        {
            "n_clusters": [c.n_clusters for c in clusterings],
            "inertia": [c.inertia for c in clusterings],
            "silhouette": silhouettes(points[rows], [c.labels[rows] for c in clusterings]),
            "smallest_share": [c.smallest_share for c in clusterings],
            "is_elbow": [c.n_clusters == elbow for c in clusterings],
        }
    )


def choose(diagnostics: pd.DataFrame, n_customers: int, min_share: float) -> tuple[int, str]:
    """Pick a number of segments.

    Parameters
    ----------
    diagnostics : pandas.DataFrame
        What :func:`diagnose` returns for the candidates; may be empty.
    n_customers : int
        How many customers were divided.
    min_share : float
        Share of the customers, 0 to 1, that the smallest segment has to hold.

    Returns
    -------
    n_clusters : int
    reason : str
        A sentence for readers, with the numbers.

    Notes
    -----
    The rule is our own; :data:`CHOOSING_RULE` gives it in words:

    1. A division is out if it leaves a customer alone; where none is left, all customers are one segment.
    2. Of the rest, those count that keep `min_share` of the customers in every segment. Where none does, the
       one whose smallest segment is largest is taken.
    3. Among the elbow and the numbers next to it (k - 1, k, k + 1) the highest silhouette wins. Where there
       is no elbow, or none of these three counts, it is the highest silhouette of all that count.
    4. Fewer segments win ties.

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
        few = {1: "one customer is", 2: "two customers are"}.get(n_customers)
        alike = f"all {format_count(n_customers)} customers are alike"
        return 1, f"1 segment: {f'{few} too few to divide' if few else alike}."
    smallest = (diagnostics["smallest_share"] * n_customers).round()
    shared = diagnostics[smallest >= FEWEST_CUSTOMERS]
    if shared.empty:
        return 1, "1 segment: every division would leave a customer alone."

    large = shared[shared["smallest_share"] >= min_share]
    if large.empty:
        best = _highest(shared, "smallest_share")
        return int(best["n_clusters"]), (
            f"{_segments(best)}: no division keeps {format_share(min_share)} of customers in every segment, "
            f"and this one comes closest ({format_share(best['smallest_share'])} in its smallest); its "
            f"silhouette is {_silhouette(best, n_customers)}."
        )

    elbow = diagnostics.loc[diagnostics["is_elbow"], "n_clusters"]
    near = large[(large["n_clusters"] - elbow.iloc[0]).abs() <= 1] if len(elbow) else large.iloc[:0]
    pool = large if near.empty else near
    best = _highest(pool, "silhouette")
    k, silhouette = int(best["n_clusters"]), _silhouette(best, n_customers)
    bend = f"inertia bends at k = {elbow.iloc[0]}" if len(elbow) else "inertia has no clear bend"
    by_share = min_share * n_customers >= FEWEST_CUSTOMERS
    floor = format_share(min_share) if by_share else f"{FEWEST_CUSTOMERS} customers"
    held = f"{format_share(best['smallest_share'])} of customers"
    if len(pool) == 1:
        where = "of all" if near.empty else "near it"
        why = f"{where} only k = {k} keeps to the floor; its silhouette is {silhouette}"
    else:
        compared = _listed(pool["n_clusters"].tolist())
        why = f"of k = {compared} the silhouette is highest at k = {k} ({silhouette})"
    return (
        k,
        f"{_segments(best)}: {bend}, and {why}; its smallest segment holds {held} (the floor is {floor}).",
    )


def describe_given(diagnostics: pd.DataFrame, n_clusters: int, n_customers: int, asked: int) -> str:
    """Say what a number of segments that was asked for amounts to.

    Parameters
    ----------
    diagnostics : pandas.DataFrame
        What :func:`diagnose` returns, with a row for `n_clusters`.
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
    4 segments, as asked: the silhouette is 0.336 over all 4,338 customers, and the smallest segment holds
    17 % of customers.
    """
    if n_clusters < asked:
        alike = "all customers are alike" if n_clusters == 1 else f"only {n_clusters} customers differ"
        return f"{n_clusters} segment{'s' * (n_clusters > 1)}: {asked} were asked for, but {alike}."
    if n_clusters == 1:
        return "1 segment, as asked."
    row = diagnostics[diagnostics["n_clusters"] == n_clusters].iloc[0]
    return (
        f"{_segments(row)}, as asked: the silhouette is {_silhouette(row, n_customers)}, and the smallest "
        f"segment holds {format_share(row['smallest_share'])} of customers."
    )


def _highest(diagnostics: pd.DataFrame, column: str) -> pd.Series:
    """Return the row with the highest value, the one with the fewest clusters of several."""
    return diagnostics.sort_values(column, ascending=False, kind="stable").iloc[0]


def _segments(row: pd.Series) -> str:
    return f"{int(row['n_clusters'])} segments"


def _listed(numbers: list[int]) -> str:
    *rest, last = [str(n) for n in numbers]
    return f"{', '.join(rest)} and {last}" if rest else last


def _silhouette(row: pd.Series, n_customers: int) -> str:
    sampled = n_customers > SAMPLE_SIZE
    basis = f"a sample of {format_count(SAMPLE_SIZE)} of the" if sampled else "all"
    return f"{row['silhouette']:.3f} over {basis} {format_count(n_customers)} customers"
