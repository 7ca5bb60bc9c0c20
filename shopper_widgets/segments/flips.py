"""What would move a customer to another segment: the smallest change of one number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from shopper_widgets._support.formatting import format_count, format_money
from shopper_widgets._support.locale import N_, gettext, ngettext
from shopper_widgets.columns import FREQUENCY, MONETARY, RECENCY, RFM
from shopper_widgets.segments.clustering import Floats

#: The smallest step of each value: a day, an order, a hundredth of the currency.
_STEPS = {RECENCY: 1.0, FREQUENCY: 1.0, MONETARY: 0.01}
#: How many values are tested together in the search for the first one beyond an edge.
_LOOKS = 256
#: A point within this distance of an edge, in standard units, counts as on the edge.
_ON_EDGE = 1e-6


@dataclass(frozen=True)
class Flip:
    """The smallest change of one number in one direction, all else equal, that moves a customer.

    Attributes
    ----------
    measure : str
        ``"recency"``, ``"frequency"`` or ``"monetary"``.
    change : float
        In days, orders or money; negative for less.
    value : float
        What the number would be: predicting there gives `segment`.
    segment : str
        The segment that they would move to.
    steps : float
        The size of the change, in units in which changes of different measures can be compared.

    Examples
    --------
    >>> Flip(measure="recency", change=14, value=40, segment="At-Risk", steps=0.3).words()
    '14 more days of silence'
    """

    measure: str
    change: float
    value: float
    segment: str
    steps: float

    def words(self, currency: str = "") -> str:
        """Write the change.

        Parameters
        ----------
        currency : str, default ""
            A sign or code, for money.

        Returns
        -------
        str
            Such as ``"one more order"``.

        Examples
        --------
        >>> Flip("frequency", 1, 4, "Regular", 0.4).words(), Flip("recency", -30, 5, "Regular", 1.2).words()
        ('one more order', '30 fewer days of silence')
        >>> Flip("monetary", -2064.37, 90.0, "Occasional", 2.1).words("£")
        '£2,064.37 less spent'
        """
        size, more = abs(self.change), self.change > 0
        if self.measure == MONETARY:
            money = format_money(size, currency, exact=True)
            return gettext(N_("{money} more spent") if more else N_("{money} less spent"), money=money)
        number = format_count(size)
        if self.measure == RECENCY:
            if more:
                return ngettext(
                    "one more day of silence", "{number} more days of silence", size, number=number
                )
            return ngettext("one fewer day of silence", "{number} fewer days of silence", size, number=number)
        if more:
            return ngettext("one more order", "{number} more orders", size, number=number)
        return ngettext("one fewer order", "{number} fewer orders", size, number=number)


def flip_sentences(flips: Sequence[Flip], currency: str = "") -> list[str]:
    """Say what would move a customer to another segment: the smallest change, and others that may come.

    The next order reduces the days of silence. Orders and spend never decrease, so that a decrease is named
    only if no smaller change would move the customer.

    Examples
    --------
    >>> flip_sentences([Flip("frequency", 1, 4, "Regular", 0.4), Flip("recency", 43, 60, "At-Risk", 1.2)])
    ['The smallest change: one more order would make them Regular.',
     '43 more days of silence would make them At-Risk.']
    """
    if not flips:
        return [
            gettext("No change of a single figure, within the range of this shop, would change the segment.")
        ]
    smallest, *others = flips
    named = [flip for flip in others if flip.change > 0 or flip.measure == RECENCY]
    rest = [
        gettext(
            "{words} would make them {segment}.", words=flip.words(currency), segment=gettext(flip.segment)
        )
        for flip in named
    ]
    return [
        gettext(
            "The smallest change: {words} would make them {segment}.",
            words=smallest.words(currency),
            segment=gettext(smallest.segment),
        ),
        *(sentence[0].upper() + sentence[1:] for sentence in rest),
    ]


def find_flips(
    values: Floats,
    bounds: Floats,
    label: Callable[[Floats], Any],
    points: Callable[[Floats], Floats],
    edges: Callable[[int], Floats] | None = None,
) -> tuple[Flip, ...]:
    """Find, for each measure, the smallest change upward and downward that moves a customer.

    Parameters
    ----------
    values : ndarray of shape (1, 3)
        The customer's recency, frequency and monetary value.
    bounds : ndarray of shape (2, 3)
        Least and greatest values to go to.
    label : callable
        Takes values of shape (n, 3), and returns the predicted segments, shape (n,).
    points : callable
        From values to points of shape (n, 3) in units in which changes compare. Recency and monetary value
        each move one coordinate, which never falls as they rise.
    edges : callable, optional
        From the number of a measure to all its points at which the segment may change and change back. None
        where a segment is one interval along recency and along monetary value, which makes halving exact.
        Frequencies are whole numbers: each one is looked at.

    Returns
    -------
    tuple of Flip
        The smallest change first; in whole days, whole orders, hundredths of the currency.

    Examples
    --------
    >>> flips = find_flips(
    ...     np.array([[30.0, 2, 50]]), np.array([[0.0, 1, 0], [90, 9, 900]]),
    ...     label=lambda rows: np.where(rows[:, 0] < 40, "Regular", "At-Risk"), points=np.log1p,
    ... )
    >>> [(flip.measure, flip.change, flip.value, flip.segment) for flip in flips]
    [('recency', 10.0, 40.0, 'At-Risk')]
    """
    point, found = points(values)[0], []
    for place, measure in enumerate(RFM):
        for upward in (True, False):
            way = _Way(values, place, upward, bounds[int(upward), place])
            if measure == FREQUENCY:  # it also sets the usual silence: edges may lie anywhere
                row = way.first_of_all(label)
            else:
                stops = {way.last} if edges is None else {way.last, *way.past(edges(place), points)}
                row = way.first_other(sorted(stops - {0}), label)
            if row is not None:
                value = float(row[0, place])
                change = round(value - float(values[0, place]), 2)
                moved = float(np.abs(points(row)[0] - point).sum())
                found.append(Flip(measure, change, value, str(label(row)[0]), moved))
    return tuple(sorted(found, key=lambda flip: flip.steps))


@dataclass(frozen=True)
class _Way:
    """The way from a customer along one measure, step by step, to the end of the search."""

    values: Floats
    place: int
    upward: bool
    end: float

    @property
    def step(self) -> float:
        size = _STEPS[RFM[self.place]]
        return size if self.upward else -size

    @property
    def last(self) -> int:
        """The number of steps to the end; 0 where the customer is already beyond it."""
        return max(0, int(np.floor((self.end - self.values[0, self.place]) / self.step + 1e-9)))

    def at(self, counts: Any) -> Floats:
        """Return the customer after each number of steps, one row per count."""
        rows = np.repeat(self.values, len(counts), axis=0)
        rows[:, self.place] += self.step * np.asarray(counts)
        if RFM[self.place] == MONETARY:  # to the cent: sums of cents are not exact
            rows[:, self.place] = rows[:, self.place].round(2)
        return rows

    def past(self, edges: Floats, points: Callable[[Floats], Floats]) -> list[int]:
        """Return, for each edge, the number of steps that lead past it; `last` where none do."""
        sign = 1 if self.upward else -1

        def beyond(counts: Any, edge: float) -> Any:
            return sign * (points(self.at(counts))[:, self.place] - edge) > _ON_EDGE

        return [_first(partial(beyond, edge=edge), 0, self.last) for edge in edges]

    def first_of_all(self, label: Callable[[Floats], Any]) -> Floats | None:
        """Return the customer after the first step into another segment; every step is tested."""
        own = label(self.values)[0]
        for start in range(1, self.last + 1, _LOOKS):
            rows = self.at(range(start, min(start + _LOOKS, self.last + 1)))
            differs = label(rows) != own
            if differs.any():
                return rows[[int(np.argmax(differs))]]
        return None

    def first_other(self, stops: list[int], label: Callable[[Floats], Any]) -> Floats | None:
        """Return the customer after the first step into another segment.

        Between two stops the segment may change once, but not change back.
        """
        own, passed = label(self.values)[0], 0

        def differs(counts: Any) -> Any:
            return label(self.at(counts)) != own

        for stop in stops:
            if differs([stop])[0]:
                return self.at([_first(differs, passed, stop)])
            passed = stop
        return None


def _first(holds: Callable[[Any], Any], low: int, high: int) -> int:
    """Return the first count after `low` from which on `holds` is true; `high` where there is none before."""
    while high - low > 1:
        looked = np.unique(np.linspace(low, high, _LOOKS).astype(int))[1:]
        held = np.append(holds(looked[:-1]), True)
        first = int(np.argmax(held))
        low, high = (int(looked[first - 1]) if first else low), int(looked[first])
    return high
