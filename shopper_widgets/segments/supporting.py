"""What a shop's customers can't tell, said before anyone reads too much into segments."""

from __future__ import annotations

import numpy as np

from shopper_widgets.formatting import format_count, format_share
from shopper_widgets.segments.choosing import FEWEST_TO_DIVIDE
from shopper_widgets.segments.clustering import Floats

#: With fewer customers than these, shares of segments are a matter of single people.
_FEW_CUSTOMERS = 100
#: A silence shorter than this many days is no sign of loss in most shops.
_SHORT_SILENCE = 60


def data_limits(values: Floats) -> list[str]:
    """What these customers can't tell, one sentence each.

    Parameters
    ----------
    values : ndarray of shape (n_customers, 3)
        Recency, frequency and monetary value.

    Returns
    -------
    list of str
        Empty where nothing stands in the way.

    Notes
    -----
    The bounds (10 and 100 customers, 60 days) are our own.

    Examples
    --------
    >>> data_limits(np.array([[4.0, 1, 20], [9, 1, 35], [30, 1, 80]]))
    ['3 customers are too few for segments: with fewer than 10, look at each of them.',
     'Every customer has ordered once: how often they order tells nobody apart, and who comes back is not
     known yet.',
     'The longest silence is 30 days: too short to tell who is lost from who has not needed anything yet.']
    """
    n = len(values)
    said = []
    if n < FEWEST_TO_DIVIDE:
        people = "One customer is" if n == 1 else f"{n} customers are"
        said.append(
            f"{people} too few for segments: with fewer than {FEWEST_TO_DIVIDE}, look at each of them."
        )
    elif n < _FEW_CUSTOMERS:
        said.append(f"Each of the {n} customers is {format_share(1 / n)} of all: take shares as rough.")
    if n == 1:
        return said
    alike = [bool(np.ptp(column) <= 1e-9 * np.abs(column).max()) for column in values.T]
    recency, frequency = values[:, 0], values[:, 1]
    if all(alike):
        return [*said, f"All {format_count(n)} customers are alike: there is nothing to divide them by."]
    if alike[1] and frequency[0] == 1:
        said.append(
            "Every customer has ordered once: how often they order tells nobody apart, and who comes back is "
            "not known yet."
        )
    elif alike[1]:
        said.append(f"Every customer has ordered {frequency[0]:g} times: that tells nobody apart.")
    if alike[2]:
        said.append("All have spent the same: their spending tells nobody apart.")
    if alike[0]:
        said.append("All ordered last on the same day: silence tells nobody apart.")
    elif recency.max() < _SHORT_SILENCE:
        said.append(
            f"The longest silence is {format_count(recency.max())} days: too short to tell who is lost from "
            "who has not needed anything yet."
        )
    return said
