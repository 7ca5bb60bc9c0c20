"""Before a campaign is sent: the minimum detectable effect, and the share to hold out for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri

from shopper_widgets._support.checks import check_count, plain
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, ORDERED_AT
from shopper_widgets.customers.campaign_effect import FEWEST, FEWEST_BUYERS
from shopper_widgets.customers.campaign_result import FIGURES
from shopper_widgets.errors import TooLittleDataError

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: Shares to hold out that are compared when none are given.
HOLD_OUTS = (0.1, 0.2, 0.3, 0.4, 0.5)
#: The most windows of the past that count: the newest ones.
MOST_WINDOWS = 12
#: With fewer windows of all customers together, the usual behavior isn't known.
FEWEST_WINDOWS = 30
_SQUARE = "_square"


def past_windows(model: ShopperModel, days: int) -> pd.DataFrame:
    """Add up each customer's orders in windows of `days` days before the model's `as_of`.

    Returns
    -------
    pandas.DataFrame
        Indexed by customer: ``windows``, the number of windows that began after the first order, at most the
        newest twelve; ``orders, buyers, revenue`` added up over them; and the sum of the squares of each,
        such as ``revenue_square``.
    """
    codes, ids = pd.factorize(model.orders[CUSTOMER_ID])
    window = ((model.as_of - model.orders[ORDERED_AT]).dt.days // days).to_numpy()
    # The window of the first order always has an order, which says nothing about other windows.
    windows = np.zeros(len(ids), dtype=int)
    np.maximum.at(windows, codes, window)
    windows = windows.clip(max=MOST_WINDOWS)
    kept = window < windows[codes]
    place, shape = codes[kept] * MOST_WINDOWS + window[kept], (len(ids), MOST_WINDOWS)
    amounts = model.orders[AMOUNT].to_numpy(dtype=float)[kept]
    orders, revenue = (
        np.bincount(place, weights, minlength=len(ids) * MOST_WINDOWS).reshape(shape)
        for weights in (None, amounts)
    )
    done = {"orders": orders, "buyers": (orders > 0).astype(int), "revenue": revenue}
    sums = {name: values.sum(axis=1, dtype=float) for name, values in done.items()}
    squares = {name + _SQUARE: (values**2).sum(axis=1, dtype=float) for name, values in done.items()}
    return pd.DataFrame({"windows": windows, **sums, **squares}, index=pd.Index(ids, name=CUSTOMER_ID))


def minimum_detectable_effect(
    model: ShopperModel,
    selected: pd.DataFrame,
    *,
    days: int = 30,
    hold_outs: Sequence[float] = HOLD_OUTS,
    power: float = 0.8,
    past: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the minimum detectable effect of a campaign, by the share held out.

    Parameters
    ----------
    model : ShopperModel
        Gives what these customers did in the past.
    selected : pandas.DataFrame
        The list, with its ``customer_id``: what :meth:`Campaign.select` returns.
    days : int, default 30
        For how long orders are going to count.
    hold_outs : sequence of float
        Shares of the list to compare, each above 0 and below 1.
    power : float, default 0.8
        Probability that the effect is detected, at 5 % false alarms.
    past : pandas.DataFrame, optional
        What ``customers.campaign_power.past_windows`` returns for the model and the days, where it is at
        hand.

    Returns
    -------
    pandas.DataFrame
        A row per ``hold_out`` and ``figure`` (``"orders"`` and ``"revenue"`` per customer, ``"buyers"``: the
        share who order): ``contacted, held_out`` (customers), ``usual`` (the figure in a past window),
        ``smallest`` (the least effect per customer contacted that is detected with this probability) and
        ``smallest_share`` (the same, as a share of what is usual). Where a side would be too few for
        :func:`~shopper_widgets.measure_campaign` to tell, the last two are missing.

    Raises
    ------
    ValueError
        A share is out of range.
    TooLittleDataError
        There are fewer than 30 windows of this many days in the past of these customers.

    Notes
    -----
    ``(z₀.₉₇₅ + z_power) · s · √(1/n_contacted + 1/n_held_out)`` (Bloom 1995, doi 10.1177/0193841X9501900504),
    ``s`` the standard deviation of what these customers did in windows of so many days after their first
    order. It holds if they go on as before; for customers who have fallen silent it is too large, since the
    spend of customers who spend less also varies less.

    Examples
    --------
    >>> from shopper_widgets.customers.campaign import Campaign
    >>> from shopper_widgets.datasets import load_sample
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> model = ShopperModel.fit(load_sample(), progress=False)
    >>> selected = Campaign(segments=("High-Value",)).select(model)
    >>> table = minimum_detectable_effect(model, selected, hold_outs=[0.1, 0.3])
    >>> table.loc[table["figure"] == "buyers", ["hold_out", "held_out", "smallest"]].round(2).values.tolist()
    [[0.1, 21.0, 0.32], [0.3, 62.0, 0.21]]
    """
    check_count("days", days)
    if any(not 0 < share < 1 for share in hold_outs):
        raise ValueError(
            f"hold_outs must be shares above 0 and below 1, such as 0.3; got {plain(list(hold_outs))!r}."
        )
    if not 0 < power < 1:
        raise ValueError(f"power must be a share above 0 and below 1, such as 0.8; got {plain(power)!r}.")
    past = past_windows(model, days) if past is None else past
    own = past.reindex(selected[CUSTOMER_ID]).sum()
    n = own["windows"]
    if n < FEWEST_WINDOWS:
        raise TooLittleDataError(
            f"days: the past of these customers has {n:.0f} windows of {days} days after their first orders; "
            f"{FEWEST_WINDOWS} are needed to say what is usual. Take fewer days, or a longer list."
        )
    needed = float(ndtri(0.975) + ndtri(power))
    rows = []
    for share in hold_outs:
        held_out = round(share * len(selected))
        contacted = len(selected) - held_out
        few = min(held_out, contacted) < max(FEWEST, FEWEST_BUYERS * n / max(own["buyers"], 1e-9))
        for figure in FIGURES:
            usual = own[figure] / n
            spread = np.sqrt((own[figure + _SQUARE] - n * usual**2) / (n - 1))
            smallest = np.nan if few else needed * spread * np.sqrt(1 / contacted + 1 / held_out)
            rows.append(
                (share, figure, contacted, held_out, usual, smallest, smallest / usual if usual else np.nan)
            )
    names = ("hold_out", "figure", "contacted", "held_out", "usual", "smallest", "smallest_share")
    return pd.DataFrame(rows, columns=names)


def advised_hold_out(table: pd.DataFrame) -> float | None:
    """Return the smallest share whose detectable effect is within a tenth of the least; None without one.

    Parameters
    ----------
    table : pandas.DataFrame
        What :func:`minimum_detectable_effect` returns.

    Examples
    --------
    >>> table = pd.DataFrame({"hold_out": [0.1, 0.3, 0.5], "figure": "revenue", "smallest": [9.0, 6.1, 6.0]})
    >>> advised_hold_out(table)
    0.3
    """
    seen = table[(table["figure"] == "revenue") & table["smallest"].notna()]
    near = seen[seen["smallest"] <= 1.1 * seen["smallest"].min()]
    return float(near["hold_out"].min()) if len(near) else None
