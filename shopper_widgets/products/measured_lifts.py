"""The lifts that a campaign measured, combined with those that were assumed of a discount."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd

from shopper_widgets._support.csv import read_small_csv
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import SEGMENT
from shopper_widgets.products.discount_budget import assumed_response, updated_lift

#: The columns of a result that are read.
NEEDED = (SEGMENT, "figure", "method", "contacted", "held_out", "contacted_mean", "held_out_mean", "effect")


def read_result(text: str) -> pd.DataFrame:
    """Read the table of a :class:`~shopper_widgets.CampaignResult` from the CSV of the Results view.

    Raises
    ------
    ValueError
        It isn't such a table.

    Examples
    --------
    >>> read_result("segment,effect")
    Traceback (most recent call last):
    ValueError: It lacks figure, method, contacted, held_out, contacted_mean, held_out_mean; ...
    """
    try:
        table = read_small_csv(io.StringIO(text))
    except (csv.Error, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ValueError(gettext("It isn't a CSV file whose columns can be told apart.")) from error
    if missing := [name for name in NEEDED if name not in table]:
        raise ValueError(
            gettext(
                "It lacks {missing}; it has {names}. Take the file that the Results tab gives.",
                missing=", ".join(missing),
                names=", ".join(map(str, table.columns)),
            )
        )
    try:
        return table.assign(**{name: pd.to_numeric(table[name]) for name in NEEDED[3:]})
    except ValueError as error:
        raise ValueError(
            gettext("Its counts, means and effects must be numbers, as the Results tab writes them.")
        ) from error


def measured_lifts(result: pd.DataFrame, assumed: float, *, spread: float) -> pd.DataFrame:
    """Shrink each segment's measured lift towards the assumed one, weighted by precision.

    Parameters
    ----------
    result : pandas.DataFrame
        The table of a :class:`~shopper_widgets.CampaignResult`.
    assumed : float
        The assumed lift: the factor by which more customers order.
    spread : float
        Its standard deviation.

    Returns
    -------
    pandas.DataFrame
        A row per segment that was told: ``segment, measured, error`` (the share of buyers among those written
        to, divided by that among those held out, and its standard error), ``lift, lift_error`` (after it, see
        ``products.discount_budget.updated_lift``).

    Notes
    -----
    The error of a ratio of two shares, by the delta method: ``r·√((1 − p₁)/(n₁p₁) + (1 − p₀)/(n₀p₀))`` (Katz
    et al. 1978, doi 10.2307/2530610).

    Examples
    --------
    >>> result = pd.DataFrame({"segment": ["Regular"], "figure": "buyers", "method": "plain", "effect": 0.1,
    ...     "contacted": 500, "held_out": 500, "contacted_mean": 0.3, "held_out_mean": 0.2})
    >>> measured_lifts(result, 1.2, spread=0.1).round(2).values.tolist()
    [['Regular', 1.5, 0.17, 1.28, 0.09]]
    """
    told = result[
        (result["figure"] == "buyers")
        & (result["method"] == "plain")
        & result["effect"].notna()
        & (result["contacted_mean"] > 0)
        & (result["held_out_mean"] > 0)
    ]
    ratio = told["contacted_mean"] / told["held_out_mean"]
    parts = [
        (1 - told[f"{side}_mean"]) / (told[side] * told[f"{side}_mean"]) for side in ("contacted", "held_out")
    ]
    # The error is at least one customer held out: if everybody ordered on both sides, the formula gives 0.
    errors = np.maximum(ratio * np.sqrt(parts[0] + parts[1]), 1 / told["held_out"])
    found = [
        (segment, measured, error, *updated_lift(assumed, spread, measured, error))
        for segment, measured, error in zip(told[SEGMENT], ratio, errors, strict=True)
    ]
    return pd.DataFrame(found, columns=[SEGMENT, "measured", "error", "lift", "lift_error"])


def learned_response(
    rates: pd.DataFrame, response: pd.DataFrame, learned: pd.DataFrame, at: float
) -> pd.DataFrame:
    """Return response curves that run through the measured lifts; segments without one keep theirs.

    Parameters
    ----------
    rates : pandas.DataFrame
        ``segment, rate``: the share who order anyway.
    response : pandas.DataFrame
        The assumed curves: see ``products.discount_budget.assumed_response``.
    learned : pandas.DataFrame
        What :func:`measured_lifts` returns.
    at : float
        The discount that was measured.

    Returns
    -------
    pandas.DataFrame
        ``segment, discount_rate, response``: the curve of a measured segment saturates through
        the learned lift at this discount; the others stay.

    Examples
    --------
    >>> rates = pd.DataFrame({"segment": ["A", "B"], "rate": [0.2, 0.2]})
    >>> response = pd.DataFrame({"segment": ["A", "B"], "discount_rate": 0.1, "response": 0.3})
    >>> learned = pd.DataFrame({"segment": ["A"], "lift": [1.2]})
    >>> learned_response(rates, response, learned, 0.1)["response"].round(2).tolist()
    [0.24, 0.3]
    """
    levels = sorted(response["discount_rate"].unique())
    lifts = {str(one): float(lift) for one, lift in zip(learned[SEGMENT], learned["lift"], strict=True)}
    known = rates[rates[SEGMENT].isin(list(lifts))]
    curve = assumed_response(known, lifts, at=at, levels=levels)
    kept = response[~response[SEGMENT].isin(list(lifts))]
    return pd.concat([curve, kept], ignore_index=True)
