"""Fading stock: how long it lasts at today's rate, and what a price cut must bring to clear it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_list, check_table, plain
from shopper_widgets.columns import PRODUCT_ID

#: Price cuts that are compared when none are given.
CUTS = (0.1, 0.2, 0.3, 0.4, 0.5)


def markdown_plan(
    stock: pd.DataFrame,
    *,
    weeks: float,
    margin: float,
    holding_cost: float = 0.0,
    left_value: float | None = None,
    cuts: Sequence[float] = CUTS,
) -> pd.DataFrame:
    """Return the lift a price cut needs to clear stock by a date, and to earn no less than the old price.

    Parameters
    ----------
    stock : pandas.DataFrame
        ``product_id, on_hand`` (units), ``weekly_rate`` (units sold a week at today's price), ``price`` (of a
        unit, today).
    weeks : float
        In how many weeks the stock is to be cleared.
    margin : float
        Share of today's price that is left after costs of the goods, above 0 and up to 1.
    holding_cost : float, default 0
        Cost of keeping one unit for one week, in the currency of the price.
    left_value : float, optional
        What a unit that is left at the date is worth, as a share of today's price; 0: nothing, as for goods
        that spoil. Default: what it cost, ``1 − margin``, as if it could still be sold or returned.
    cuts : sequence of float
        Shares of the price that are taken off, each above 0 and below 1.

    Returns
    -------
    pandas.DataFrame
        One row per product and cut, in the order in which they came: ``product_id, on_hand, weekly_rate,
        price`` and

        - ``weeks_of_cover``: how long the stock lasts at today's rate; infinite if nothing sells,
        - ``left_if_held``: units left at the date at today's rate,
        - ``rate_to_clear, lift_to_clear``: units a week that clear the stock by the date, and by what factor
          sales must rise for that; 1 or less: no cut is needed,
        - ``discount_rate``: the cut,
        - ``lift_break_even, rate_break_even``: by what factor sales must rise, and to how many a week, for
          the cut to bring no less than holding; missing where no rise does,
        - ``gain_if_held, gain_if_cleared``: money gained up to the date beyond the value of what is left, at
          today's price and rate, and at the cut price if that just clears the stock,
        - ``is_clearing_worth_it``: whether the cut brings no less than holding if it just clears the stock.

    Raises
    ------
    ValueError
        A share, cost or number is out of range, or a product's figure is missing or negative.

    Notes
    -----
    At q units a week for T weeks, q·T up to the stock S are sold, each for ``(1 − d − v)·price`` more than
    it is worth at the end (d: the cut, v: `left_value`), and stock in hand costs h a unit and week: ``S·T −
    q·T²/2`` of these if some is left, ``S²/(2q)`` if it clears. While some is left, the break-even lift is
    ``(m·p + h·T/2) / ((m − d)·p + h·T/2)`` with m = 1 − v: with no holding cost and goods that keep their
    value, the sum m/(m − d) of :func:`~shopper_widgets.discount_table`. Sales are taken to be even over the
    weeks; what the cut does to sales is not known, and not assumed.

    Examples
    --------
    >>> stock = pd.DataFrame({"product_id": ["P"], "on_hand": [100], "weekly_rate": [5.0], "price": [10.0]})
    >>> plan = markdown_plan(stock, weeks=10, margin=0.4, cuts=[0.1, 0.2])
    >>> plan[["weeks_of_cover", "lift_to_clear", "discount_rate", "lift_break_even"]].round(2).values.tolist()
    [[20.0, 2.0, 0.1, 1.33], [20.0, 2.0, 0.2, 2.0]]
    """
    worth = 1 - margin if left_value is None else left_value
    _check(stock, weeks, margin, holding_cost, worth, cuts)
    table = stock[[PRODUCT_ID, "on_hand", "weekly_rate", "price"]].reset_index(drop=True)
    units, rate, price = (table[name].astype(float) for name in ("on_hand", "weekly_rate", "price"))
    with np.errstate(divide="ignore", invalid="ignore"):
        table["weeks_of_cover"] = (units / rate).where(units > 0, 0.0)
        table["left_if_held"] = (units - rate * weeks).clip(lower=0.0)
        table["rate_to_clear"] = units / weeks
        table["lift_to_clear"] = (table["rate_to_clear"] / rate).where(units > 0, 0.0)
    table["gain_if_held"] = _gain(units, rate, (1 - worth) * price, weeks, holding_cost)
    parts = [_cut(table, cut, (1 - worth - cut) * price, weeks, holding_cost) for cut in cuts]
    plan = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    return plan[
        [
            *(PRODUCT_ID, "on_hand", "weekly_rate", "price", "weeks_of_cover", "left_if_held"),
            *("rate_to_clear", "lift_to_clear", "discount_rate", "lift_break_even", "rate_break_even"),
            *("gain_if_held", "gain_if_cleared", "is_clearing_worth_it"),
        ]
    ]


def _gain(
    units: pd.Series[float], rate: pd.Series[float], each: pd.Series[float], weeks: float, holding: float
) -> pd.Series[float]:
    """Return the gain up to the date: `each` per unit sold, less the cost of holding stock."""
    sold = (rate * weeks).clip(upper=units)
    # The stock falls evenly until it is gone, or until the date.
    until = (units / rate.where(rate > 0)).clip(upper=weeks).fillna(weeks)
    gain: pd.Series[float] = sold * each - holding * (units - sold / 2) * until
    return gain


def _cut(
    table: pd.DataFrame, cut: float, each: pd.Series[float], weeks: float, holding: float
) -> pd.DataFrame:
    """Return the table with what one cut must bring; each unit sold brings `each`."""
    units, rate = table["on_hand"].astype(float), table["weekly_rate"].astype(float)
    held, clearing = table["gain_if_held"], table["rate_to_clear"]
    cleared = _gain(units, clearing, each, weeks, holding)
    # Below the rate that clears the stock, the gain rises linearly with the rate; above it, a higher rate
    # only saves holding costs.
    slope = each * weeks + holding * weeks**2 / 2
    slow = (held + holding * units * weeks) / slope.where(slope > 0)
    saved = units * each - held
    fast = holding * units**2 / (2 * saved.where(saved > 0))
    needed = slow.where(slow <= clearing * (1 + 1e-12), fast.where((fast >= clearing) & (holding > 0)))
    needed = needed.where(units > 0)
    return table.assign(
        discount_rate=cut,
        rate_break_even=needed,
        lift_break_even=needed / rate.where(rate > 0),
        gain_if_cleared=cleared,
        is_clearing_worth_it=cleared >= held - 1e-9 * held.abs(),
    )


def _check(
    stock: pd.DataFrame, weeks: float, margin: float, holding_cost: float, worth: float, cuts: Sequence[float]
) -> None:
    wanted = (PRODUCT_ID, "on_hand", "weekly_rate", "price")
    missing = [name for name in wanted if name not in stock] if isinstance(stock, pd.DataFrame) else []
    if missing:
        raise ValueError(f"stock must have the column {missing[0]!r}; got {', '.join(map(str, stock))}.")
    check_table("stock", stock, wanted)
    if not 0 < weeks < np.inf:
        raise ValueError(f"weeks must be a number above 0; got {plain(weeks)!r}.")
    if not 0 < margin <= 1:
        raise ValueError(f"margin must be a share above 0 and up to 1, such as 0.4; got {plain(margin)!r}.")
    if not 0 <= holding_cost < np.inf:
        raise ValueError(f"holding_cost must be a number from 0 on; got {plain(holding_cost)!r}.")
    if not 0 <= worth < 1:
        raise ValueError(f"left_value must be a share from 0 to below 1; got {plain(worth)!r}.")
    check_list("cuts", cuts, "shares, such as (0.1, 0.2)")
    if not len(cuts) or not all(0 < cut < 1 for cut in cuts):
        found = plain(list(cuts))
        raise ValueError(f"cuts must be shares above 0 and below 1, such as (0.1, 0.2); got {found!r}.")
    for name in wanted[1:]:
        wrong = stock[~((stock[name] >= 0) & (stock[name] < np.inf))]
        if len(wrong):
            first = f"{wrong[PRODUCT_ID].iloc[0]!r}: {plain(wrong[name].iloc[0])!r}"
            raise ValueError(
                f"stock: {name} must be a number from 0 on for each product; {len(wrong)} are not, first "
                f"{first}. Correct these or leave them out."
            )
