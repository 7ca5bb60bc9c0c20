"""Why a customer is in a segment: how near each segment is, what decides, and what would change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from shopper_widgets._support.formatting import count_of, format_decimal, format_money, format_number
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import FREQUENCY, MONETARY, RECENCY, RFM
from shopper_widgets.segments.clustering import Floats
from shopper_widgets.segments.flips import Flip, find_flips, flip_sentences
from shopper_widgets.segments.geometry import Geometry
from shopper_widgets.segments.rfm_values import one_customer
from shopper_widgets.segments.rhythm import usual_gap
from shopper_widgets.segments.transform import RFMTransformer


class FittedSegments(Protocol):
    """What an explanation needs from a segmenter: :class:`~shopper_widgets.CustomerSegmenter` has it."""

    method: Any
    segment_names_: list[str]
    profiles_: pd.DataFrame
    ranges_: Floats

    @property
    def geometry_(self) -> Geometry:
        """Where the segments lie."""


@dataclass(frozen=True)
class Explanation:
    """Why a customer is in a segment.

    Attributes
    ----------
    recency, frequency, monetary : float
        The customer.
    segment : str
        The segment that the customer is in.
    runner_up : str
        The next nearest segment; the segment itself where there is only one.
    distances : mapping of str to float
        Distance to the center of each segment in transformed standard units, best segment first. For Gaussian
        mixtures, -2 × log(weight × density), which is lower for likelier segments.
    margin : float
        How much farther the runner-up is.
    contributions : mapping of str to float
        What recency, frequency and monetary value each add to the difference of the squared distances:
        positive speaks for the segment, negative for the runner-up.
    deciding : str
        The measure that speaks most for the segment.
    flips : tuple of Flip
        For each measure, up and down, the smallest change that moves the customer, the smallest of all first;
        only within the fitted range.
    typical : mapping of str to tuple
        Median recency, frequency and monetary value of each segment.
    in_gaps : mapping of str to float
        Silence in gaps that are usual for so many orders: the customer's, under ``""``, and that of each
        segment's typical member. Empty where segments do not depend on such gaps.
    is_mixture : bool
        Whether segments are more or less likely, rather than near.
    currency : str
        A sign or code, for the sentences.

    Examples
    --------
    >>> from shopper_widgets.segments import CustomerSegmenter
    >>> shop = [(2, 20, 5e3), (5, 12, 3e3), (30, 2, 80.0), (35, 2, 90.0), (300, 1, 20.0), (320, 1, 30.0)]
    >>> explained = CustomerSegmenter(n_clusters=3).fit(shop).explain((3, 15, 4000.0), currency="£")
    >>> explained.segment, explained.deciding, explained.smallest_flip.segment
    ('High-Value', 'frequency', 'Regular')
    """

    recency: float
    frequency: float
    monetary: float
    segment: str
    runner_up: str
    distances: Mapping[str, float]
    margin: float
    contributions: Mapping[str, float]
    deciding: str
    flips: tuple[Flip, ...]
    typical: Mapping[str, tuple[float, float, float]]
    in_gaps: Mapping[str, float] = field(default_factory=dict)
    is_mixture: bool = False
    currency: str = ""

    @property
    def smallest_flip(self) -> Flip | None:
        """The smallest single change that moves the customer to another segment; None if there is none."""
        return self.flips[0] if self.flips else None

    @property
    def sentences(self) -> list[str]:
        """The explanation for readers: where they are, what decides, what would move them."""
        if len(self.distances) == 1:
            return [gettext("There is only one segment: {segment}.", segment=gettext(self.segment))]
        near, far = self.distances[self.segment], self.distances[self.runner_up]
        first = gettext(
            "{segment} is the nearest segment ({near} away), then {runner_up} ({far}).",
            segment=gettext(self.segment),
            near=format_decimal(near, 2),
            runner_up=gettext(self.runner_up),
            far=format_decimal(far, 2),
        )
        if self.is_mixture:
            first = gettext(
                "{segment} is the likeliest segment, then {runner_up}.",
                segment=gettext(self.segment),
                runner_up=gettext(self.runner_up),
            )
        return [first, self._what_decides(), *flip_sentences(self.flips, self.currency)]

    def _what_decides(self) -> str:
        if self.deciding == RECENCY and self.in_gaps:
            # Days alone mislead: 39 days are long for a customer who orders every week, and short for one who
            # orders twice a year.
            return gettext(
                "Silence decides: {silence} is {times} times the gap that customers of this shop usually "
                "have after {orders}; {own} times is typical of {segment}, {other} times of {runner_up}.",
                silence=_days(self.recency),
                times=format_number(self.in_gaps[""]),
                orders=_orders(self.frequency),
                own=format_number(self.in_gaps[self.segment]),
                segment=gettext(self.segment),
                other=format_number(self.in_gaps[self.runner_up]),
                runner_up=gettext(self.runner_up),
            )
        place = RFM.index(self.deciding)
        own, other = (self.typical[name][place] for name in (self.segment, self.runner_up))
        noun, write = {
            RECENCY: (gettext("Silence"), _days),
            FREQUENCY: (gettext("The number of orders"), _orders),
            MONETARY: (gettext("The amount spent"), self._money),
        }[self.deciding]
        return gettext(
            "{measure} decides: {value}, where the median is {median} for {segment} and {other_median} for "
            "{runner_up}.",
            measure=noun,
            value=write(getattr(self, self.deciding)),
            median=write(own),
            segment=gettext(self.segment),
            other_median=write(other),
            runner_up=gettext(self.runner_up),
        )

    def _money(self, amount: float) -> str:
        return format_money(amount, self.currency, exact=amount < 100)


def explain(
    segmenter: FittedSegments, customer: Any, rfm: pd.DataFrame | None = None, *, currency: str = ""
) -> Explanation:
    r"""Explain why a customer is in a segment, and what would move them to another.

    Parameters
    ----------
    segmenter : CustomerSegmenter
        Fitted.
    customer : str or (recency, frequency, monetary)
        Three numbers, or a ``customer_id`` that is in `rfm`.
    rfm : pandas.DataFrame, optional
        One row per customer: ``customer_id, recency, frequency, monetary``. Needed for an id.
    currency : str, default ""
        A sign or code, for the sentences.

    Returns
    -------
    Explanation
        Its ``sentences`` are for readers.

    Raises
    ------
    KeyError
        There is no such customer in `rfm`.
    TypeError, ValueError
        An id is given without `rfm`; more than one customer is given; or the numbers can't be those of a
        customer.

    Notes
    -----
    A customer is in the segment with the nearest center. The difference between the squared distances to the
    runner-up's center and to its own is a sum over recency, frequency and monetary value; the measure with
    the largest term decides. (Gaussian mixtures: the terms of the Mahalanobis distances.)

    Each flip changes one number and leaves the others, in whole days, whole orders, or hundredths of the
    currency, within the fitted range. It is the smallest change in its direction that a prediction confirms:
    every number of orders is tried; along recency and monetary value a KMeans segment is one interval, so
    bisection finds its exact edge; a mixture's segment may be several intervals, whose edges are the roots of
    quadratics, and a prediction finds the first value beyond each.

    Examples
    --------
    >>> from shopper_widgets.segments import CustomerSegmenter
    >>> rfm = pd.DataFrame({
    ...     "customer_id": list("abcdefghi"),
    ...     "recency": [2, 5, 9, 3, 8, 4, 300, 340, 310],
    ...     "frequency": [20, 25, 22, 2, 1, 2, 1, 2, 1],
    ...     "monetary": [5000.0, 6500.0, 5600.0, 60.0, 40.0, 80.0, 70.0, 90.0, 50.0],
    ... })
    >>> why = explain(CustomerSegmenter(n_clusters=3).fit(rfm), "f", rfm, currency="£")
    >>> why.segment, why.runner_up, why.deciding
    ('Regular', 'High-Value', 'monetary')
    >>> print(*why.sentences, sep="\n")
    Regular is the nearest segment (0.18 away), then High-Value (2.90).
    The amount spent decides: £80.00, where the median is £60.00 for Regular and £5,600 for High-Value.
    The smallest change: 29 more days of silence would make them Occasional.
    £3,812.25 more spent would make them High-Value.
    18 more orders would make them High-Value.
    """
    check_is_fitted(segmenter)
    values = one_customer(customer, rfm)
    names, geometry = segmenter.segment_names_, segmenter.geometry_
    point, costs = geometry.points(values)[0], geometry.costs(values)[0]
    own, *others = np.argsort(costs, kind="stable")
    other = others[0] if others else own
    steps = point - geometry.centers
    terms = steps * np.einsum("kij,kj->ki", geometry.precisions, steps)
    contributions = dict(zip(RFM, (terms[other] - terms[own]).tolist(), strict=True))
    is_mixture = segmenter.method == "gmm"
    distances = costs if is_mixture else np.sqrt(costs)
    medians = segmenter.profiles_[[f"{name}_median" for name in RFM]].to_numpy().tolist()
    flips = find_flips(
        values,
        segmenter.ranges_,
        lambda rows: np.array(names)[geometry.nearest(rows)],
        geometry.points,
        # Along each measure, a KMeans segment is one interval; a segment of a mixture may be several.
        _edges(geometry, point, costs, own) if is_mixture else None,
    )
    recency, frequency, monetary = values[0].tolist()
    return Explanation(
        recency=recency,
        frequency=frequency,
        monetary=monetary,
        segment=names[own],
        runner_up=names[other],
        distances=dict(zip(names, distances.tolist(), strict=True)),
        margin=float(distances[other] - distances[own]),
        contributions=contributions,
        deciding=max(RFM, key=lambda name: contributions[name]),
        flips=flips,
        typical=dict(zip(names, map(tuple, medians), strict=True)),
        in_gaps=_in_gaps(
            geometry.transformer, {"": values[0].tolist(), **dict(zip(names, medians, strict=True))}
        ),
        is_mixture=is_mixture,
        currency=currency,
    )


def _in_gaps(transformer: RFMTransformer, customers: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return the silence of customers in usual gaps, if they were divided by it."""
    if transformer.kind != "rhythm":
        return {}
    recency, frequency = np.array(list(customers.values()), dtype=float)[:, :2].T
    silence = recency / usual_gap(frequency, transformer.rhythm_)
    return dict(zip(customers, silence.tolist(), strict=True))


def _edges(geometry: Geometry, point: Floats, costs: Floats, own: int) -> Callable[[int], Floats]:
    """Return a function for the points along a measure at which another segment costs as much as the own.

    Costs are quadratic along one measure, and so are their differences.
    """
    precisions, steps = geometry.precisions, point - geometry.centers

    def edges(place: int) -> Floats:
        squares = precisions[:, place, place]
        slopes = 2 * np.einsum("kj,kj->k", precisions[:, place], steps)
        differences = np.column_stack([squares, slopes, costs]) - [squares[own], slopes[own], costs[own]]
        roots = [np.roots(row) for k, row in enumerate(differences) if k != own]
        found = np.concatenate(roots) if roots else np.empty(0)
        crossed: Floats = point[place] + found[np.isreal(found)].real
        return crossed

    return edges


def _days(days: float) -> str:
    return gettext("{days} days", days=format_number(days)) if days % 1 else count_of(days, "day")


def _orders(orders: float) -> str:
    return (
        gettext("{orders} orders", orders=format_number(orders)) if orders % 1 else count_of(orders, "order")
    )
