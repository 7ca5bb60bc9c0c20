"""Why a customer is in a segment: how near each segment is, what decides, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from shopper_widgets._rfm_values import rfm_values
from shopper_widgets.columns import CUSTOMER_ID, FREQUENCY, MONETARY, RECENCY, RFM
from shopper_widgets.formatting import format_count, format_money, format_number
from shopper_widgets.segments.clustering import Floats

if TYPE_CHECKING:
    from shopper_widgets.segments.segmenter import CustomerSegmenter

#: The least step by which a value changes: a day, an order, a hundredth of the currency.
_STEPS = {RECENCY: 1.0, FREQUENCY: 1.0, MONETARY: 0.01}
#: How many values between the customer's and the end of what was fitted are looked at before bisecting.
_LOOKS = 257


@dataclass(frozen=True)
class Flip:
    """The smallest change of one number, all else equal, that moves a customer to another segment.

    Attributes
    ----------
    measure : str
        ``"recency"``, ``"frequency"`` or ``"monetary"``.
    change : float
        In days, orders or money; negative for less.
    value : float
        What the number would be: predicting there gives `segment`.
    segment : str
        Where they would move.
    steps : float
        The size of the change in standard units, in which changes of different measures compare.
    """

    measure: str
    change: float
    value: float
    segment: str
    steps: float


@dataclass(frozen=True)
class Explanation:
    """Why a customer is in a segment.

    Attributes
    ----------
    recency, frequency, monetary : float
        The customer.
    segment : str
    runner_up : str
        The next nearest segment; the segment itself where there is only one.
    distances : mapping of str to float
        Distance to the centre of each segment in transformed standard units, best segment first. For
        Gaussian mixtures, -2 × log(weight × density), which is lower the likelier.
    margin : float
        How much farther the runner-up is.
    contributions : mapping of str to float
        What recency, frequency and monetary value each add to the difference of the squared distances:
        positive speaks for the segment, negative for the runner-up.
    deciding : str
        The measure that speaks loudest for the segment.
    flips : tuple of Flip
        For each measure, up and down, the smallest change that moves the customer, the smallest of all first;
        only within the fitted range.
    typical : mapping of str to tuple
        Median recency, frequency and monetary value of each segment.
    is_mixture : bool
        Segments are likely, not near.
    currency : str
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
    is_mixture: bool = False
    currency: str = ""

    @property
    def smallest_flip(self) -> Flip | None:
        """The smallest single change that moves the customer; None where none does."""
        return self.flips[0] if self.flips else None

    @property
    def sentences(self) -> list[str]:
        """The explanation for readers: where they are, what decides, what would move them."""
        if len(self.distances) == 1:
            return [f"There is only one segment: {self.segment}."]
        near, far = self.distances[self.segment], self.distances[self.runner_up]
        first = f"{self.segment} is the nearest segment ({near:.2f} away), then {self.runner_up} ({far:.2f})."
        if self.is_mixture:
            first = f"{self.segment} is the likeliest segment, then {self.runner_up}."
        said = [first, self._what_decides()]
        coming = [flip for flip in self.flips if flip.change > 0]
        said.extend(self._what_would_change(flip) for flip in coming)
        if not coming:
            said.append("No longer silence, no more orders and no more spending alone would move them.")
        return said

    def _what_decides(self) -> str:
        place = RFM.index(self.deciding)
        own, other = (self.typical[name][place] for name in (self.segment, self.runner_up))
        value = getattr(self, self.deciding)
        described = {
            RECENCY: (f"{_days(value)} of silence", _days),
            FREQUENCY: (_orders(value), _orders),
            MONETARY: (f"spending of {self._money(value)}", self._money),
        }
        has, write = described[self.deciding]
        return (
            f"{self.deciding.capitalize()} decides: {has}, where the median is {write(own)} for "
            f"{self.segment} and {write(other)} for {self.runner_up}."
        )

    def _what_would_change(self, flip: Flip) -> str:
        if flip.measure == RECENCY:
            more = f"{format_count(flip.change)} more day{'s' * (flip.change != 1)} of silence"
        elif flip.measure == FREQUENCY:
            few = {1: "One", 2: "Two", 3: "Three"}.get(int(flip.change), format_count(flip.change))
            more = f"{few} more order{'s' * (flip.change != 1)}"
        else:
            more = f"{self._money(flip.change)} more spent"
        return f"{more} would make them {flip.segment}."

    def _money(self, amount: float) -> str:
        return format_money(amount, self.currency, exact=amount < 100)


def explain(
    segmenter: CustomerSegmenter, customer: Any, rfm: pd.DataFrame | None = None, *, currency: str = ""
) -> Explanation:
    r"""Say why a customer is in a segment, and what would move them to another.

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
        An id is given without `rfm`; more than one customer is; or the numbers are not those of a customer.

    Notes
    -----
    A customer is in the segment with the nearest centre. The difference between the squared distances to the
    runner-up's centre and to its own is a sum over recency, frequency and monetary value; the measure with
    the largest term decides. (Gaussian mixtures: the terms of the Mahalanobis distances.)

    Each flip changes one number and leaves the others, in whole days, whole orders, or hundredths of the
    currency, within the fitted range. Along one measure a KMeans segment is one interval, so bisecting finds
    its very edge; every flip is verified by predicting there.

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
    ('Occasional', 'At-Risk', 'recency')
    >>> print(*why.sentences, sep="\n")
    Occasional is the nearest segment (0.18 away), then At-Risk (2.16).
    Recency decides: 4 days of silence, where the median is 4 days for Occasional and 310 days for At-Risk.
    68 more days of silence would make them At-Risk.
    £2,064 more spent would make them High-Value.
    18 more orders would make them High-Value.
    """
    check_is_fitted(segmenter)
    values = _one_customer(customer, rfm)
    names = segmenter.segment_names_
    point, costs = segmenter._points(values)[0], segmenter._costs(values)[0]
    own, *others = np.argsort(costs, kind="stable")
    other = others[0] if others else own
    steps = point - segmenter.centers_
    terms = steps * np.einsum("kij,kj->ki", segmenter.precisions_, steps)
    contributions = dict(zip(RFM, (terms[other] - terms[own]).tolist(), strict=True))
    is_mixture = segmenter.method == "gmm"
    distances = costs if is_mixture else np.sqrt(costs)
    medians = segmenter.profiles_[[f"{name}_median" for name in RFM]].to_numpy().tolist()
    flips = [flip for place in range(3) for flip in _flips(segmenter, values, point, names[own], place)]
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
        flips=tuple(sorted(flips, key=lambda flip: flip.steps)),
        typical=dict(zip(names, map(tuple, medians), strict=True)),
        is_mixture=is_mixture,
        currency=currency,
    )


def _one_customer(customer: Any, rfm: pd.DataFrame | None) -> Floats:
    if isinstance(customer, str):
        if rfm is None:
            raise TypeError(f"rfm must be given to look up customer {customer!r}: see rfm_table.")
        rows = rfm[rfm[CUSTOMER_ID] == customer]
        if len(rows) != 1:
            found = f"{len(rows)} customers" if len(rows) else "no customer"
            raise KeyError(f"rfm must hold customer {customer!r} once; it has {found} of this customer_id.")
        return rfm_values(rows)
    values = rfm_values(customer)
    if len(values) != 1:
        raise ValueError(f"customer must be one customer; got {len(values)}.")
    return values


def _flips(
    segmenter: CustomerSegmenter, values: Floats, point: Floats, segment: str, place: int
) -> list[Flip]:
    """Return the nearest value of one measure with another segment, upward and downward."""
    step, value = _STEPS[RFM[place]], values[0, place]
    found = []
    for end in (segmenter.ranges_[1, place], segmenter.ranges_[0, place]):
        whole = _first_other(segmenter, values, place, end, step)
        if whole is None:
            continue
        changed = _changed(values, place, np.array([whole]))
        named = segmenter.segment_names_[segmenter._nearest(changed)[0]]
        moved = float(np.abs(segmenter._points(changed)[0] - point).sum())
        found.append(Flip(RFM[place], float(round(whole - value, 2)), float(whole), named, moved))
    return found


def _first_other(
    segmenter: CustomerSegmenter, values: Floats, place: int, end: float, step: float
) -> float | None:
    """Return the value nearest to the customer's, on the way to `end`, that has another segment."""
    start = values[0, place]
    own = segmenter._nearest(values)[0]
    last = int(np.floor(abs(end - start) / step + 1e-9))
    sign = 1 if end > start else -1

    def at(counts: Any) -> Floats:
        reached: Floats = (start + sign * step * np.asarray(counts, dtype=np.float64)).round(2)
        return reached

    def differs(counts: Any) -> Any:
        return segmenter._nearest(_changed(values, place, at(counts))) != own

    looked = np.unique(np.linspace(0, last, _LOOKS).astype(int))
    other = differs(looked)
    if not other.any():
        return None
    first = int(np.argmax(other))
    low, high = int(looked[first - 1]), int(looked[first])
    while high - low > 1:
        middle = (low + high) // 2
        if differs([middle])[0]:
            high = middle
        else:
            low = middle
    return float(at([high])[0])


def _changed(values: Floats, place: int, to: Floats) -> Floats:
    changed = np.repeat(values, len(to), axis=0)
    changed[:, place] = to
    return changed


def _days(days: float) -> str:
    return f"{format_number(days) if days % 1 else format_count(days)} day{'s' * (days != 1)}"


def _orders(orders: float) -> str:
    return f"{format_number(orders) if orders % 1 else format_count(orders)} order{'s' * (orders != 1)}"
