"""A campaign in words: its audience, how many they are, and what they have spent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from shopper_widgets._support.formatting import count_of, format_count, format_day, format_money
from shopper_widgets._support.locale import gettext, ngettext, with_marks
from shopper_widgets.columns import CUSTOMER_ID, MONETARY, SEGMENT
from shopper_widgets.customers.flows import NEW

if TYPE_CHECKING:
    from shopper_widgets.customers.campaign import Campaign


def reach(selected: pd.DataFrame) -> dict[str, float]:
    """Count a campaign's list.

    Parameters
    ----------
    selected : pandas.DataFrame
        What :meth:`Campaign.select` returns.

    Returns
    -------
    dict
        ``customers`` in all: ``contacted`` and ``held_out``; and the past ``revenue`` of them all.

    Examples
    --------
    >>> reach(pd.DataFrame({"monetary": [10.0, 5.0], "is_held_out": [True, False]}))
    {'customers': 2, 'contacted': 1, 'held_out': 1, 'revenue': 15.0}
    """
    held_out = int(selected["is_held_out"].sum())
    return {
        "customers": len(selected),
        "contacted": len(selected) - held_out,
        "held_out": held_out,
        "revenue": float(selected[MONETARY].sum()),
    }


def held_out_sentences(selected: pd.DataFrame) -> list[str]:
    """Say that the file also has the customers who are held out; empty if nobody is.

    Examples
    --------
    >>> held_out_sentences(pd.DataFrame({"is_held_out": [True, False]}))
    ['A file of everyone also has the customer who is held out, marked in its last columns: do not
    contact them.']
    """
    n = int(selected["is_held_out"].sum()) if "is_held_out" in selected else 0
    if not n:
        return []
    return [
        ngettext(
            "A file of everyone also has the customer who is held out, marked in its last columns: do not "
            "contact them.",
            "A file of everyone also has the {number} customers who are held out, marked in its last "
            "columns: do not contact them.",
            n,
            number=format_count(n),
        )
    ]


def readable(selected: pd.DataFrame) -> pd.DataFrame:
    """Return a campaign's list for readers: who customers are, what they spent, what to do.

    Parameters
    ----------
    selected : pandas.DataFrame
        What :meth:`Campaign.select` returns.

    Returns
    -------
    pandas.DataFrame
        ``customer_id, segment``, ``from, to`` if moves were asked for, ``monetary, action``, which also says
        who is held out, and ``suggestions``, their names, if there are any.

    Examples
    --------
    >>> selected = pd.DataFrame({"customer_id": ["ann"], "segment": ["Regular"], "monetary": [9.5],
    ...     "action": ["Thank them."], "is_held_out": [False], "recommendation_1": ["T1"],
    ...     "recommendation_1_name": ["TEA"], "recommendation_2": [""], "recommendation_2_name": [""]})
    >>> readable(selected)
      customer_id  segment  monetary       action suggestions
    0         ann  Regular       9.5  Thank them.         TEA
    """
    wanted = (CUSTOMER_ID, SEGMENT, "from", "to", MONETARY, "action")
    shown = selected[[column for column in wanted if column in selected]]
    names = selected.filter(regex=r"^recommendation_\d+_name$")
    if names.empty:
        return shown
    texts = [", ".join(filter(None, row)) for row in names.itertuples(index=False)]
    return shown.assign(suggestions=texts)


def summarize(
    campaign: Campaign, selected: pd.DataFrame, currency: str = "", names: Mapping[Any, str] | None = None
) -> list[str]:
    """Say whom a campaign addresses, their number and spend, and who is held out.

    Parameters
    ----------
    campaign : Campaign
        Gives its name, its filters, and whether it holds anybody out.
    selected : pandas.DataFrame
        What ``campaign.select(model)`` returns.
    currency : str, default ""
        Sign or code of the money.
    names : mapping of str to str, optional
        What products are called, by their codes.

    Returns
    -------
    list of str
        Sentences, for readers.

    Examples
    --------
    >>> from shopper_widgets.customers.campaign import Campaign
    >>> selected = pd.DataFrame({"monetary": [1000.0, 500.0], "is_held_out": [True, False]})
    >>> campaign = Campaign("Thanks", segments=("High-Value",), min_spend=500, hold_out=0.5)
    >>> for sentence in summarize(campaign, selected, "£"):
    ...     print(sentence)
    Campaign “Thanks”: 2 customers, who have spent £1,500 so far.
    Audience: segment High-Value; spent at least £500.00.
    1 to contact, and 1 held out to measure the effect.
    """
    counted = reach(selected)
    said = [
        gettext(
            "Campaign “{name}”: {customers}, who have spent {money} so far.",
            name=campaign.name,
            customers=count_of(counted["customers"], "customer"),
            money=format_money(counted["revenue"], currency),
        )
    ]
    said.append(asked_for(campaign, currency, names))
    if campaign.hold_out:
        said.append(
            gettext(
                "{contacted} to contact, and {held_out} held out to measure the effect.",
                contacted=format_count(counted["contacted"]),
                held_out=format_count(counted["held_out"]),
            )
        )
    return said


def asked_for(campaign: Campaign, currency: str = "", names: Mapping[Any, str] | None = None) -> str:
    """Say every filter that is set.

    Parameters
    ----------
    campaign : Campaign
        Gives the filters.
    currency : str, default ""
        Sign or code of the money.
    names : mapping of str to str, optional
        What products are called, by their codes.

    Returns
    -------
    str
        One sentence; without a filter, it says everyone.

    Examples
    --------
    >>> from shopper_widgets.customers.campaign import Campaign
    >>> asked_for(Campaign(segments=("Regular", "At-Risk"), min_orders=3))
    'Audience: segment Regular or At-Risk; at least 3 orders.'
    >>> asked_for(Campaign())
    'Audience: everyone.'
    """
    called = names or {}
    lists = [
        (gettext("segment"), [gettext(name) for name in campaign.segments]),
        (gettext("country"), campaign.countries),
        *((gettext("bought with {name}", name=name), [value]) for name, value in campaign.kept),
        (gettext("bought"), [called.get(product) or product for product in campaign.bought]),
        (gettext("due to buy again"), [called.get(product) or product for product in campaign.due]),
        (
            gettext("would be recommended"),
            [called.get(product) or product for product in campaign.recommended],
        ),
    ]
    gaps = [
        (gettext("silent for more than"), campaign.min_overdue),
        (gettext("silent for at most"), campaign.max_overdue),
    ]
    counts = [
        (gettext("silent for more than"), campaign.min_silence, "day"),
        (gettext("silent for at most"), campaign.max_silence, "day"),
        (gettext("at least"), campaign.min_orders, "order"),
        (gettext("at most"), campaign.max_orders, "order"),
    ]
    money = [(gettext("spent at least"), campaign.min_spend), (gettext("spent at most"), campaign.max_spend)]
    asked = [f"{what} {gettext(' or ').join(values)}" for what, values in lists if values]
    asked += [
        gettext("{what} {value} times their usual gap", what=what, value=with_marks(f"{value:g}"))
        for what, value in gaps
        if value is not None
    ]
    asked += [f"{what} {count_of(value, unit)}" for what, value, unit in counts if value is not None]
    asked += [
        f"{what} {format_money(value, currency, exact=True)}" for what, value in money if value is not None
    ]
    if campaign.flows:
        start, end = (
            format_day(pd.Timestamp(str(date))) for date in (campaign.flow_start, campaign.flow_end)
        )
        asked.append(
            gettext(
                "moved from {start} to {end}, {moves}",
                start=start,
                end=end,
                moves=gettext(" or ").join(map(_move, campaign.flows)),
            )
        )
    return gettext("Audience: {filters}.", filters="; ".join(asked) or gettext("everyone"))


def _move(flow: tuple[str, str]) -> str:
    before, after = flow
    if before == NEW:
        return gettext("new to {after}", after=gettext(after))
    return gettext("{before} to {after}", before=gettext(before), after=gettext(after))
