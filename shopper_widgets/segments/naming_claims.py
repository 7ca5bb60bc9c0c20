"""What the names of segments claim about their members, and whether the claim is true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from shopper_widgets._support.locale import N_
from shopper_widgets.columns import FREQUENCY, MONETARY, RECENCY
from shopper_widgets.segments.clustering import Floats, Ints
from shopper_widgets.segments.rhythm import LATE, usual_gap

#: Customers who have been silent for up to this many usual gaps still come.
STILL_COMES = 1.0
#: After this many days nobody is new, even in a slow shop: last Christmas's customers are not new this
#: Christmas.
YEAR = 365.0
#: From this many days between orders on, orders are seldom: a month. A customer who came every week is not
#: occasional.
SELDOM = 30.0
#: The factor from which on one value is clearly more than another.
CLEARLY = 1.25


@dataclass(frozen=True)
class Facts:
    """The facts by which a segment is named: figures of its members.

    Attributes
    ----------
    recency, frequency, monetary : float
        Medians: half of the members have been silent for this many days or fewer, and so on.
    orders, revenue : float
        Means: orders and revenue per head.
    gap : float
        The usual days between the orders of those who came back (median); NaN where nobody did.
    lateness : float
        Their silence, each in the customer's own usual gaps (median); NaN where nobody came back.
    """

    recency: float
    frequency: float
    monetary: float
    orders: float
    revenue: float
    gap: float
    lateness: float

    @property
    def came_back(self) -> bool:
        """More than half of them ordered more than once."""
        return self.frequency >= 2

    @property
    def still_comes(self) -> bool:
        """Came back, and typically silent for no longer than usual."""
        return self.came_back and self.lateness <= STILL_COMES and self.recency <= STILL_COMES * self.gap

    @property
    def is_seldom(self) -> bool:
        """Typically ordered once or twice, or a month or more apart."""
        return self.frequency <= 2 or self.gap >= SELDOM

    @property
    def is_late(self) -> bool:
        """Came back, and typically silent for more than one and a half times as long as usual."""
        return self.came_back and self.lateness > LATE and self.recency > LATE * self.gap


@dataclass(frozen=True)
class Shop:
    """What segments are compared with: all segments, and the median customer.

    Attributes
    ----------
    segments : tuple of Facts
        In the order of their numbers.
    frequency, monetary : float
        How often the median customer has ordered, and how much the median customer has spent.
    second_gap : float
        The usual days until a second order.
    """

    segments: tuple[Facts, ...]
    frequency: float
    monetary: float
    second_gap: float

    def is_worth_having(self, one: Facts) -> bool:
        """Half of the members spent more than the median customer of the shop."""
        return one.monetary > self.monetary

    def is_new(self, one: Facts) -> bool:
        """At least half ordered once, typically more recently than a second order takes, and than a year."""
        return not one.came_back and one.recency <= min(self.second_gap, YEAR)

    def is_gone(self, one: Facts) -> bool:
        """At least half ordered once, and longer ago than :meth:`is_new` allows."""
        return not one.came_back and not self.is_new(one)

    def is_small_and_silent(self, one: Facts) -> bool:
        """Late, or one order long ago; and no more spend than that of the median customer."""
        return (one.is_late or self.is_gone(one)) and not self.is_worth_having(one)

    def leads(self, one: Facts, measure: Callable[[Facts], float]) -> bool:
        """Whether the segment has more of something than every other segment."""
        return all(measure(one) > measure(other) for other in self.segments if other is not one)


@dataclass(frozen=True)
class Claim:
    """A name, its claim in words, and whether the claim is true of a segment."""

    name: str
    words: str
    holds: Callable[[Facts, Shop], bool]


def _revenue(one: Facts) -> float:
    return one.revenue


def _is_high_value(one: Facts, shop: Shop) -> bool:
    return (
        shop.leads(one, _revenue)
        and shop.leads(one, lambda other: other.monetary)
        and one.monetary >= CLEARLY * shop.monetary
        and not one.is_late
        and not shop.is_gone(one)
    )


def _comes_clearly_first(one: Facts, shop: Shop, measure: Callable[[Facts], float]) -> bool:
    """Whether it still comes, and clearly leads all others that do, except High-Value, in something."""
    rivals = [
        other
        for other in shop.segments
        if other is not one and other.still_comes and not _is_high_value(other, shop)
    ]
    clearly = all(measure(one) >= CLEARLY * measure(other) for other in rivals)
    return one.still_comes and bool(rivals) and clearly


#: Every name and its claim: the best segments first, those to win back last.
CLAIMS = (
    Claim(
        "High-Value",
        N_(
            "bring the most revenue per customer, typically spend the most (at least a quarter more than "
            "the median customer) and are not silent"
        ),
        _is_high_value,
    ),
    Claim(
        "Loyal",
        N_(
            "still order, at least a quarter more often than any other segment that still orders, except "
            "High-Value"
        ),
        lambda one, shop: _comes_clearly_first(one, shop, lambda other: other.orders),
    ),
    Claim(
        "Big-Basket",
        N_(
            "still order, and spend at least a quarter more per order than any other segment that still "
            "orders, except High-Value"
        ),
        lambda one, shop: _comes_clearly_first(one, shop, lambda other: other.revenue / other.orders),
    ),
    Claim(
        "Regular",
        N_("came back and still order: they are typically silent for no longer than their usual gap"),
        lambda one, shop: one.still_comes,
    ),
    Claim(
        "New",
        N_(
            "typically ordered once, not long ago (within a year, and within the time that customers "
            "usually take to order again), and spent no more than the median customer"
        ),
        lambda one, shop: shop.is_new(one) and not shop.is_worth_having(one),
    ),
    Claim(
        "Promising",
        N_(
            "typically ordered once, not long ago (within a year, and within the time that customers "
            "usually take to order again), and spent more than the median customer"
        ),
        lambda one, shop: shop.is_new(one) and shop.is_worth_having(one),
    ),
    Claim(
        "Slipping",
        N_("came back and are typically silent for longer than usual, though not yet overdue"),
        lambda one, shop: one.came_back and not one.still_comes and not one.is_late,
    ),
    Claim(
        "Occasional",
        N_(
            "typically order and spend no more than the median customer (once, twice or at least a month "
            "apart, in a shop where others come back) and have been silent for longer than customers "
            "usually take to order again, or for a year"
        ),
        lambda one, shop: (
            shop.is_small_and_silent(one)
            and one.frequency <= shop.frequency
            and one.is_seldom
            and any(other.came_back for other in shop.segments if other is not one)
        ),
    ),
    Claim(
        "One-Time",
        N_(
            "typically ordered once, more than a year ago or longer ago than customers usually take to "
            "order again"
        ),
        lambda one, shop: shop.is_gone(one),
    ),
    Claim(
        "Lapsed",
        N_(
            "came back but are overdue by their own rhythm, and typically spent no more than the "
            "median customer"
        ),
        lambda one, shop: one.is_late and not shop.is_worth_having(one),
    ),
    Claim(
        "At-Risk",
        N_(
            "typically spent more than the median customer and are overdue: they have been silent for more "
            "than one and a half times their usual gap"
        ),
        lambda one, shop: one.is_late and shop.is_worth_having(one),
    ),
)


def segment_facts(values: Floats, gaps: Floats, labels: Ints, rhythm: float) -> Shop:
    """Return the facts that names depend on, of every segment and of the shop.

    Parameters
    ----------
    values : ndarray of shape (n_customers, 3)
        Recency, frequency and monetary value.
    gaps : ndarray of shape (n_customers,)
        Days that usually pass between each one's orders; where that is not known (NaN), the days that are
        usual for their number of orders count. Gaps of one-time buyers are ignored.
    labels : ndarray of shape (n_customers,)
        The number of each customer's segment, from 0; none is empty.
    rhythm : float
        See :func:`~shopper_widgets.segments.rhythm.shop_rhythm`.

    Returns
    -------
    Shop
        Its ``segments`` are in the order of their numbers.

    Examples
    --------
    >>> values = np.array([[3.0, 9, 900], [5, 7, 800], [60, 2, 50], [80, 1, 40]])
    >>> shop = segment_facts(values, np.full(4, np.nan), np.array([0, 0, 1, 1]), rhythm=60.0)
    >>> shop.segments[0].still_comes, shop.segments[1].came_back
    (True, False)
    """
    recency, frequency, monetary = values.T
    own = np.where(np.isfinite(gaps), gaps, usual_gap(frequency, rhythm))
    own = np.where(frequency > 1, own, np.nan)
    table = pd.DataFrame(
        {RECENCY: recency, FREQUENCY: frequency, MONETARY: monetary, "gap": own, "late": recency / own}
    ).groupby(labels, sort=True)
    middle, heads = table.median(), table[[FREQUENCY, MONETARY]].mean()
    return Shop(
        segments=tuple(
            Facts(*row) for row in np.column_stack([middle.iloc[:, :3], heads, middle.iloc[:, 3:]]).tolist()
        ),
        frequency=float(np.median(frequency)),
        monetary=float(np.median(monetary)),
        second_gap=float(usual_gap(np.array(2.0), rhythm)),
    )
