"""Whether a campaign worked: customers contacted compared with those held out, on later orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_count, told_missing
from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets.columns import CUSTOMER_ID, FREQUENCY, MONETARY, SEGMENT
from shopper_widgets.customers.campaign_effect import FEWEST, FEWEST_BUYERS, adjusted, effects, widened
from shopper_widgets.customers.later_orders import orders_within

#: The value of `segment` for the whole list.
ALL = "All segments"
#: Each figure of a customer → the past that predicts it.
FIGURES = {"orders": FREQUENCY, "buyers": FREQUENCY, "revenue": MONETARY}
_SUMS = ("effect", "effect_low", "effect_high")
_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class CampaignResult:
    """The effect of a campaign, with intervals.

    Attributes
    ----------
    table : pandas.DataFrame
        As :func:`measure_campaign` describes it.
    sent_at, until : Timestamp
        Orders count from ``sent_at`` on, and before ``until``.
    last_order : Timestamp
        Time of the last order that was given.
    name : str
        Of the campaign.

    Examples
    --------
    >>> selected = pd.DataFrame({"customer_id": list("abcd"), "is_held_out": [True, False, False, False]})
    >>> orders = pd.DataFrame({"customer_id": ["a", "b"], "amount": [5.0, 9.0],
    ...     "ordered_at": pd.to_datetime(["2024-02-01", "2024-02-03"])})
    >>> result = measure_campaign(selected, orders, sent_at="2024-02-01")
    >>> result.is_complete, result.is_told
    (False, False)
    """

    table: pd.DataFrame
    sent_at: pd.Timestamp
    until: pd.Timestamp
    last_order: pd.Timestamp
    name: str = ""

    @property
    def days(self) -> int:
        """Number of days whose orders count."""
        return int((self.until - self.sent_at) / _DAY)

    @property
    def is_complete(self) -> bool:
        """Whether the orders reach the last day of the window."""
        return bool(self.last_order >= self.until - _DAY)

    @property
    def is_told(self) -> bool:
        """Whether the list is large enough to measure an effect at all."""
        return bool(self.row().notna()["effect"])

    def row(self, figure: str = "revenue", segment: str = ALL, method: str = "plain") -> pd.Series[Any]:
        """Return one row of the table.

        Parameters
        ----------
        figure : {"revenue", "buyers", "orders"}, default "revenue"
            What is counted.
        segment : str
            One of the list; by default all of them.
        method : {"plain", "adjusted"}, default "plain"
            ``"adjusted"`` removes what the customers' past predicts.

        Returns
        -------
        pandas.Series
            By column of ``table``.

        Raises
        ------
        KeyError
            There is no such row.
        """
        table = self.table
        found = table[(table["figure"] == figure) & (table[SEGMENT] == segment) & (table["method"] == method)]
        if found.empty:
            raise KeyError(f"The result has no {method} {figure} of {segment}.")
        return found.iloc[0]


def measure_campaign(
    selected: pd.DataFrame,
    orders_after: Any,
    *,
    sent_at: Any,
    days: int = 30,
    name: str = "",
    random_state: int = 0,
) -> CampaignResult:
    """Measure the effect of a campaign: customers contacted against those held out.

    Parameters
    ----------
    selected : pandas.DataFrame
        The list as it was sent: ``customer_id, is_held_out``, and where it has them ``segment`` and, for the
        adjusted figures, ``frequency, monetary``. See :meth:`Campaign.select`.
    orders_after : frame
        ``customer_id, ordered_at, amount``, on any engine; or lines, as
        :func:`~shopper_widgets.read_transactions` gives them. What lies outside the window doesn't count.
    sent_at : date-like
        When the campaign was sent: orders count from this moment on. A bare date is its midnight.
    days : int, default 30
        For how long they count.
    name : str, default ""
        Of the campaign.
    random_state : int, default 0
        Seed of the draws behind the intervals.

    Returns
    -------
    CampaignResult
        Its ``table`` has a row per ``segment`` (first all together), ``figure`` (``"orders"`` and
        ``"revenue"`` per customer, ``"buyers"``: the share who ordered) and ``method`` (``"plain"``, and
        ``"adjusted"`` for what the customers' past orders or spend foretold):

        - ``contacted, held_out``: customers on either side; ``contacted_buyers, held_out_buyers``: who of
          them ordered; ``contacted_mean, held_out_mean``: the figure,
        - ``effect, effect_low, effect_high``: what sending brought per customer contacted, with 95 %
          interval, and its standard ``error``,
        - ``total, total_low, total_high``: the same for all who were contacted.

        The effect of fewer than 10 customers on a side, or of a side where fewer than 3 ordered, is missing:
        too few to tell.

    Raises
    ------
    ValueError
        Nobody is held out, or a column or parameter is not what it should be.
    TooLittleDataError
        No order is as late as the day on which the campaign was sent.

    Notes
    -----
    The plain figure is the one to go by; the adjusted one, from the same customers, mostly has the narrower
    interval (CUPED: Deng, Xu, Kohavi and Walker 2013, doi 10.1145/2433396.2433413). For the intervals, see
    ``customers.campaign_effect.effects``. Each interval holds by itself: of twenty segments in which nothing
    happened, about one seems to show an effect.

    Examples
    --------
    >>> selected = pd.DataFrame({"customer_id": [f"c{i}" for i in range(200)], "segment": "Regular",
    ...                          "is_held_out": [i % 4 == 0 for i in range(200)]})
    >>> buyers = [f"c{i}" for i in range(200) if i % 3 == 0 or i % 4 == 1]
    >>> orders = pd.DataFrame({"customer_id": buyers, "amount": 10.0,
    ...                        "ordered_at": pd.Timestamp("2024-02-10")})
    >>> result = measure_campaign(selected, orders, sent_at="2024-02-01")
    >>> result.row("buyers")[["contacted_mean", "held_out_mean", "effect"]].astype(float).round(2).tolist()
    [0.56, 0.34, 0.22]
    """
    check_count("days", days)
    start = naive_timestamp("sent_at", sent_at)
    end = start + pd.Timedelta(days=days)
    _check_list(selected)
    selected = selected.sort_values(CUSTOMER_ID)  # so that the draws don't depend on the order of the list
    counted, last = orders_within(orders_after, start, end)
    found = counted.reindex(selected[CUSTOMER_ID].astype("str")).fillna(0.0)
    done = np.column_stack([found["orders"], found["orders"] > 0, found["revenue"]]).astype(float)
    parts = {ALL: np.ones(len(selected), dtype=bool)}
    if SEGMENT in selected:
        parts |= {
            str(one): (selected[SEGMENT] == one).to_numpy() for one in _largest_first(selected[SEGMENT])
        }
    tables = [
        _told(selected[here], done[here], random_state).assign(**{SEGMENT: one})
        for one, here in parts.items()
    ]
    table = pd.concat(tables, ignore_index=True)
    totals = table[list(_SUMS)].mul(table["contacted"], axis=0)
    table[["total", "total_low", "total_high"]] = totals
    return CampaignResult(table[[SEGMENT, *table.columns.drop(SEGMENT)]], start, end, last, name)


def _check_list(selected: pd.DataFrame) -> None:
    if missing := [column for column in (CUSTOMER_ID, "is_held_out") if column not in selected]:
        raise ValueError(
            f"selected must have customer_id and is_held_out, as Campaign.select gives them; "
            f"{told_missing(missing)}."
        )
    if selected[CUSTOMER_ID].duplicated().any():
        twice = selected.loc[selected[CUSTOMER_ID].duplicated(), CUSTOMER_ID].iloc[0]
        raise ValueError(f"selected must have each customer once; {twice!r} is there twice.")
    if not selected["is_held_out"].any():
        raise ValueError(
            "selected must have customers held out; it has none, so what would have happened anyway is "
            "unknown. Set hold_out, such as 0.3, before the next campaign is sent."
        )


def _largest_first(segments: pd.Series[Any]) -> list[Any]:
    counted = segments.value_counts()
    return sorted(counted.index, key=lambda name: (-counted[name], str(name)))


def _told(selected: pd.DataFrame, done: np.ndarray, random_state: int) -> pd.DataFrame:
    """Return the rows of the result for some customers; `done` has a column per figure."""
    held_out = selected["is_held_out"].to_numpy(dtype=bool)
    sides = {"contacted": ~held_out, "held_out": held_out}
    sizes = {name: int(side.sum()) for name, side in sides.items()}
    buyers = {f"{name}_buyers": int(done[side, 1].sum()) for name, side in sides.items()}
    versions, spreads = {"plain": done}, [done]
    if {*FIGURES.values()} <= {*selected}:
        past = selected[list(FIGURES.values())].to_numpy(dtype=float)
        versions["adjusted"] = adjusted(done, past)
        spreads.append(widened(versions["adjusted"], past))
    rows = pd.DataFrame(
        [(figure, method) for method in versions for figure in FIGURES], columns=["figure", "method"]
    ).assign(**sizes, **buyers)
    values = np.concatenate([*versions.values()], axis=1)
    for name, side in sides.items():
        rows[f"{name}_mean"] = values[side].mean(axis=0) if sizes[name] else np.nan
    names = [*_SUMS, "error"]
    if min(sizes.values()) < FEWEST or min(buyers.values()) < FEWEST_BUYERS:
        return rows.assign(**dict.fromkeys(names, np.nan))
    spread = np.concatenate(spreads, axis=1)
    told = effects(values, held_out, spread=spread, random_state=random_state)
    return rows.assign(**dict(zip(names, (told.effect, told.low, told.high, told.error), strict=True)))
