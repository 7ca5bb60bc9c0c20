"""Limits of a shop's data, stated before anybody reads too much into segments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shopper_widgets._support.formatting import count_of, format_count, format_share, listed
from shopper_widgets._support.locale import N_, gettext, ngettext
from shopper_widgets.columns import RFM
from shopper_widgets.segments.clustering import Floats
from shopper_widgets.segments.naming import is_silent
from shopper_widgets.segments.rhythm import SHORT_SILENCE, long_silence

#: Among fewer customers than this, ``"auto"`` looks for no segments: so few are known by name.
FEWEST_TO_DIVIDE = 10
#: With fewer customers than this, shares of segments depend on single people.
FEW_CUSTOMERS = 100
_FEW = (
    *("", "", N_("two"), N_("three"), N_("four"), N_("five"), N_("six"), N_("seven"), N_("eight")),
    N_("nine"),
)


def too_little_to_divide(values: Floats) -> str:
    """Say why customers are one segment unless a number is requested; empty if they may be several.

    Parameters
    ----------
    values : ndarray of shape (n_customers, 3)
        Recency, frequency and monetary value.

    Notes
    -----
    Among a few customers who have all ordered equally often, usually once, segments would only reflect when
    and for how much they ordered, not what they do.

    Examples
    --------
    >>> too_little_to_divide(np.array([[4.0, 1, 20]]))
    'one customer is too few to divide.'
    >>> too_little_to_divide(np.array([[day, 1.0, 10 + day] for day in range(30)]))
    'each of the 30 customers has ordered once, which is too little to divide so few.'
    """
    n = len(values)
    if n < FEWEST_TO_DIVIDE:
        return ngettext(
            "one customer is too few to divide.",
            "{number} customers are too few to divide.",
            n,
            number=gettext(_FEW[n]),
        )
    alike = _alike(values)
    if n < FEW_CUSTOMERS and alike[1] and not all(alike):
        often = _times(values[0, 1])
        return gettext(
            "each of the {number} customers has ordered {often}, which is too little to divide so few.",
            number=n,
            often=often,
        )
    return ""


def data_limits(values: Floats, names: Sequence[str] = (), short_silence: float = SHORT_SILENCE) -> list[str]:
    """Return the limits of these data, one sentence each.

    Parameters
    ----------
    values : ndarray of shape (n_customers, 3)
        Recency, frequency and monetary value.
    names : sequence of str, optional
        The names of their segments.
    short_silence : float, default 60
        Days of silence that are normal in the shop.

    Returns
    -------
    list of str
        Empty if there is no obstacle.

    Notes
    -----
    The bounds (10 and 100 customers) are our own.

    Examples
    --------
    >>> data_limits(np.array([[4.0, 1, 20], [9, 1, 35], [30, 1, 80]]))
    ['3 customers are too few for segments: with fewer than 10, look at each customer.',
     'Every customer has ordered once: frequency separates nobody, and who comes back is unknown.',
     'The longest silence is 30 days: too short to tell lost customers from those who need nothing yet.']
    """
    n, alike = len(values), _alike(values)
    if n > 1 and all(alike):
        return [
            gettext("All {number} customers are alike, so they can't be divided.", number=format_count(n))
        ]
    said = []
    if n < FEWEST_TO_DIVIDE:
        said.append(
            ngettext(
                "One customer is too few for segments: with fewer than {fewest}, look at each customer.",
                "{number} customers are too few for segments: with fewer than {fewest}, look at each "
                "customer.",
                n,
                number=n,
                fewest=FEWEST_TO_DIVIDE,
            )
        )
    elif n < FEW_CUSTOMERS:
        said.append(
            gettext(
                "Each of the {number} customers is {share} of all, so shares are rough.",
                number=n,
                share=format_share(1 / n),
            )
        )
    if n == 1:
        return said
    recency, frequency = values[:, 0], values[:, 1]
    if alike[1] and frequency[0] == 1:
        said.append(
            gettext(
                "Every customer has ordered once: frequency separates nobody, and who comes back is unknown."
            )
        )
    elif alike[1]:
        often = _times(frequency[0])
        said.append(gettext("Every customer has ordered {often}: frequency separates nobody.", often=often))
    if alike[2]:
        said.append(gettext("All customers have spent the same: spend separates nobody."))
    if alike[0]:
        said.append(gettext("All customers last ordered on the same day: recency separates nobody."))
    elif recency.max() < long_silence(short_silence):
        short = gettext(
            "The longest silence is {days}: too short to tell lost customers from those who need "
            "nothing yet.",
            days=count_of(recency.max(), "day"),
        )
        said.append(short + _no_more_than_silent(names))
    return said


def out_of_range(values: Floats, ranges: Floats) -> str:
    """Say which customers are unlike all fitted ones; empty if none is.

    Parameters
    ----------
    values : ndarray of shape (n, 3)
        Recency, frequency and monetary value of each customer.
    ranges : ndarray of shape (2, 3)
        Least and greatest fitted values.

    Examples
    --------
    >>> out_of_range(np.array([[5.0, 1, 20], [400, 1, 20]]), np.array([[1.0, 1, 5], [300, 9, 900]]))
    '1 of 2 customers lie outside the fitted range (recency 1 to 300, frequency 1 to 9, monetary 5 to 900),
    first row 1 with recency 400: their segment is only the nearest one.'
    """
    outside = (values < ranges[0]) | (values > ranges[1])
    if not outside.any():
        return ""
    rows = np.flatnonzero(outside.any(axis=1))
    first = rows[0]
    found = ", ".join(f"{RFM[i]} {values[first, i]:g}" for i in np.flatnonzero(outside[first]))
    fitted = ", ".join(f"{name} {low:g} to {high:g}" for name, low, high in zip(RFM, *ranges, strict=True))
    return (
        f"{format_count(len(rows))} of {format_count(len(values))} customers lie outside the fitted range "
        f"({fitted}), first row {first} with {found}: their segment is only the nearest one."
    )


def _no_more_than_silent(names: Sequence[str]) -> str:
    silent = [gettext(name) for name in names if is_silent(name)]
    told = ngettext(
        "So far, {segments} only means “silent for longer than usual”.",
        "So far, {segments} only mean “silent for longer than usual”.",
        len(silent),
        segments=listed(silent),
    )
    return f" {told}" if silent else ""


def _times(frequency: float) -> str:
    if frequency > 2:
        return gettext("{number} times", number=f"{frequency:g}")
    return gettext("once") if frequency == 1 else gettext("twice")


def _alike(values: Floats) -> list[bool]:
    """Return for each measure whether all customers share its value, apart from noise in the last digits."""
    return [bool(np.ptp(column) <= 1e-9 * np.abs(column).max()) for column in values.T]
