"""What limits of budget and space do to an order list, in a plan and sentences."""

from __future__ import annotations

from typing import Any

import pandas as pd

from shopper_widgets._support.formatting import count_of, format_money, format_number
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import AMOUNT
from shopper_widgets.words.demand import Demand, no_season
from shopper_widgets.words.stock import plan_of

#: The limits that are given → the sentence if they leave nothing out, and below if they do.
_FITS = {
    ("budget",): N_("The budget is enough for all that is needed."),
    ("space",): N_("The space is enough for all that is needed."),
    ("budget", "space"): N_("The budget and the space are enough for all that is needed."),
}
_CUTS = {
    ("budget",): N_(
        "The budget leaves out {units} of {products} for {money}, which would save about {sales} of "
        "expected sales: what saves the most sales for its cost is ordered first."
    ),
    ("space",): N_(
        "The space leaves out {units} of {products} for {money}, which would save about {sales} of expected "
        "sales: what saves the most sales for its space is ordered first."
    ),
    ("budget", "space"): N_(
        "The budget and the space leave out {units} of {products} for {money}, which would save about "
        "{sales} of expected sales: what saves the most sales for its cost and space is ordered first."
    ),
}
_NO_SPACE = N_(
    "The space limit is not used: the stock file has no unit_space, the space that one unit takes."
)
#: The amount for which the worth of more money is stated.
_MONEY = 100


def limited_plan(
    demand: Demand,
    stock: Any,
    *,
    budget: float | None = None,
    space: float | None = None,
    currency: str = "",
    **terms: Any,
) -> tuple[pd.DataFrame, list[str]]:
    """Plan an order within limits, and say what they do; a limit of space needs the units' space.

    Parameters
    ----------
    demand : Demand
        Forecasts and classes of the shop's products.
    stock : frame, path or None
        The stock on hand; without it there is no order to be limited.
    budget, space : float, optional
        The most to spend, and the most room to take.
    currency : str, default ""
        Sign or code of the money.
    **terms
        Further parameters of :func:`~shopper_widgets.words.stock.plan_of`.

    Returns
    -------
    plan : DataFrame
        As :func:`~shopper_widgets.words.stock.plan_of` gives it, within the limits.
    sentences : list of str
        What each limit leaves out, and what more of it would bring; what the forecast doesn't know.
    """
    plan, unknown = plan_of(demand, stock, budget=budget, **terms), no_season(demand)
    if stock is None or space is None:
        return plan, ([] if stock is None else limit_sentences(plan, currency=currency)) + unknown
    if plan["order_space"].isna().all():
        return plan, [*limit_sentences(plan, currency=currency), gettext(_NO_SPACE), *unknown]
    plan = plan_of(demand, stock, budget=budget, space=space, **terms)
    return plan, [*limit_sentences(plan, currency=currency), _space_taken(plan, space), *unknown]


def limit_sentences(plan: pd.DataFrame, *, currency: str = "") -> list[str]:
    """Say what the limits of an order leave out, and what a higher limit would bring."""
    limits = plan.attrs.get("limits")
    if limits is None:
        return []
    left_out, names = plan.loc[plan["left_out"] > 0, "left_out"], tuple(limits["worth"])
    if left_out.empty:
        return [gettext(_FITS[names])]
    # One of two limits may be high enough: nothing is left out because of it.
    cutting = tuple(name for name in names if limits["worth"][name] != 0) or names
    said = [
        gettext(
            _CUTS[cutting],
            units=count_of(left_out.sum(), "unit"),
            products=count_of(len(left_out), "product"),
            money=format_money(limits[AMOUNT], currency),
            sales=format_money(limits["lost"], currency),
        )
    ]
    if (worth := limits["worth"].get("budget", 0.0)) > 0:
        said.append(
            gettext(
                "Where the budget ends, the next {money} would save up to {sales} of expected sales.",
                money=format_money(_MONEY, currency),
                sales=format_money(worth * _MONEY, currency),
            )
        )
    if (worth := limits["worth"].get("space", 0.0)) > 0:
        said.append(
            gettext(
                "Where the space ends, the next unit of space would save up to {sales} of expected sales.",
                sales=format_money(worth, currency),
            )
        )
    return said


def _space_taken(plan: pd.DataFrame, space: float) -> str:
    """Say how much of the space the order takes, and for how many products this is not known."""
    ordered = plan[plan["order_quantity"] > 0]
    unknown = int(ordered["order_space"].isna().sum())
    beside = (
        gettext("; that of {products} is not known", products=count_of(unknown, "ordered product"))
        if unknown
        else ""
    )
    return gettext(
        "The order takes {taken} of {space} units of space{beside}.",
        taken=format_number(ordered["order_space"].sum()),
        space=format_number(space),
        beside=beside,
    )
