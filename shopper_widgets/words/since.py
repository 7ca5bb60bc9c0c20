"""What changed since an earlier report, in words."""

from __future__ import annotations

from shopper_widgets._support.formatting import count_of, format_count, format_day, format_money, format_share
from shopper_widgets._support.locale import gettext, ngettext
from shopper_widgets.columns import CUSTOMER_ID, MONETARY, SEGMENT
from shopper_widgets.model.shopper_model import ShopperModel


def since(previous: ShopperModel, model: ShopperModel) -> list[str]:
    """Say what changed since an earlier model of the same shop: revenue, customers, segments.

    Parameters
    ----------
    previous : ShopperModel
        An earlier bundle, loaded.
    model : ShopperModel
        The present one.

    Returns
    -------
    list of str
        Sentences, for readers; where the two share no customer, why they don't compare.
    """
    before, now = previous.customers.set_index(CUSTOMER_ID), model.customers.set_index(CUSTOMER_ID)
    money = now[MONETARY].sum() - before[MONETARY].sum()
    both = now.index.intersection(before.index)
    gone = len(before) - len(both)
    new = len(now) - len(both)
    said = [
        gettext(
            "Since the report as of {day}: revenue {change};",
            day=format_day(previous.as_of),
            change=_change(money, model.currency),
        )
        + " "
        + ngettext("{number} customer is new", "{number} customers are new", new, number=format_count(new))
        + (
            gettext("; {customers} no longer in the orders.", customers=count_of(gone, "customer"))
            if gone
            else "."
        )
    ]
    if both.empty:
        return [
            *said,
            gettext(
                "No customer is in both reports: the earlier one covers another shop or uses other "
                "pseudonyms."
            ),
        ]
    pairs = before.loc[both, SEGMENT].map(gettext) + " → " + now.loc[both, SEGMENT].map(gettext)
    moved = pairs[before.loc[both, SEGMENT] != now.loc[both, SEGMENT]]
    if moved.empty:
        return [*said, gettext("Every customer in both reports is still in the same segment.")]
    said.append(
        gettext(
            "{customers} ({share} of those in both reports) changed segment, as each report defines "
            "segments; most often {moves}.",
            customers=count_of(len(moved), "customer"),
            share=format_share(len(moved) / len(both)),
            moves=", ".join(
                f"{pair} ({format_count(n)})" for pair, n in moved.value_counts().head(3).items()
            ),
        )
    )
    if previous.parameters != model.parameters:
        said.append(gettext("The two reports use different settings, which may explain part of the change."))
    return said


def _change(money: float, currency: str) -> str:
    if abs(money) < 0.005:
        return gettext("unchanged")
    by = format_money(abs(money), currency)
    return gettext("up by {money}", money=by) if money > 0 else gettext("down by {money}", money=by)
