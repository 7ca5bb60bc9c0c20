"""What the maps of customers share: which customers are drawn, one dot each, and the axis of spend."""

from __future__ import annotations

import altair as alt
import pandas as pd

from shopper_widgets._support.formatting import format_count
from shopper_widgets._support.locale import gettext
from shopper_widgets.charts.theme import in_currency, money_axis
from shopper_widgets.columns import MONETARY

#: Of more customers than this a map draws a sample: the browser stays quick, and more dots would show no
#: more.
MOST_POINTS = 5_000
#: Multiples of a power of ten that the axis of money may show: finer ones where customers spent alike.
_STEPS = ((1,), (1, 2, 5), (1, 1.5, 2, 3, 4, 5, 7))


def drawn(customers: pd.DataFrame, max_points: int, random_state: int) -> tuple[pd.DataFrame, list[str]]:
    """Return the customers that a map shows, up to a maximum, and sentences on those that it doesn't.

    Parameters
    ----------
    customers : pandas.DataFrame
        One row per customer, with ``monetary``: a log axis has no place for customers who spent nothing.
    max_points : int
        Beyond it a sample is drawn.
    random_state : int
        Seed of the sample.

    Returns
    -------
    shown : pandas.DataFrame
        With money to the penny.
    notes : list of str
        Who is left out, and whether a sample is shown; empty if all are shown.

    Examples
    --------
    >>> customers = pd.DataFrame({"monetary": [0.0, 5.0, 7.0]})
    >>> shown, notes = drawn(customers, 1, 0)
    >>> len(shown), notes
    (1, ['Left out: customers without spend (1).', 'A sample of 1 of 2 customers.'])
    """
    rounded = customers.assign(**{MONETARY: customers[MONETARY].round(2)})
    shown, notes = rounded[rounded[MONETARY] > 0], []
    if len(shown) < len(customers):
        notes.append(
            gettext(
                "Left out: customers without spend ({number}).",
                number=format_count(len(customers) - len(shown)),
            )
        )
    if len(shown) > max_points:
        notes.append(
            gettext(
                "A sample of {number} of {all} customers.",
                number=format_count(max_points),
                all=format_count(len(shown)),
            )
        )
        shown = shown.sample(max_points, random_state=random_state)
    return shown, notes


def spend_axis(spend: pd.Series[float], currency: str) -> alt.Y:
    """Return the vertical log axis that has room for these sums of money.

    Examples
    --------
    >>> axis = spend_axis(pd.Series([20.0, 500.0]), "£").to_dict()
    >>> axis["title"], axis["scale"]["domain"], axis["axis"]["values"]
    ('Spend (£)', [16.0, 625.0], [20.0, 50.0, 100.0, 200.0, 500.0])
    """
    low, high = float(spend.min()) * 0.8, float(spend.max()) * 1.25
    for steps in _STEPS:
        marks = [step * 10.0**power for power in range(-2, 13) for step in steps]
        ticks = [mark for mark in marks if low < mark < high]
        if len(ticks) > 1:
            break
    return alt.Y(
        f"{MONETARY}:Q",
        title=in_currency(gettext("Spend"), currency),
        scale=alt.Scale(type="log", domain=[low, high], nice=False),
        axis=money_axis(currency, values=ticks),
    )
