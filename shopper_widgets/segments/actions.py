"""What to do for a segment: one action for each name."""

from __future__ import annotations

from shopper_widgets._support.locale import N_
from shopper_widgets.segments.naming import base_name, is_silent
from shopper_widgets.segments.rhythm import SHORT_SILENCE, long_silence

#: What to do for a segment, by the names of :mod:`shopper_widgets.segments.naming` and, where these differ,
#: of :mod:`shopper_widgets.segments.rules`.
ACTIONS = {
    "High-Value": N_("Keep them: thank them, show new products first, ask what they miss."),
    "Loyal": N_("Reward the habit: a loyalty bonus, and the products that go with what they buy."),
    "Big-Basket": N_("Bring them back sooner: remind them when it is time to restock."),
    "Regular": N_("Grow the basket: recommend what goes with their last orders; remind overdue customers."),
    "New": N_("Welcome them: what the shop stands for, how to use what they bought, what others took next."),
    "Promising": N_("Win the next order: a welcome series and the shop's favorites."),
    "Slipping": N_("Ask now: a reminder with what they used to buy, before they are gone."),
    "Occasional": N_("Give a reason to return: seasonal products, a small offer on the next order."),
    "One-Time": N_("Try once: a small offer on a second order; then automatic mails, no costly campaigns."),
    "Lapsed": N_("Keep it cheap: automatic mails with what they used to buy, no costly campaigns."),
    "At-Risk": N_("Win them back now, top spenders first: a reminder with what they used to buy."),
    "All Customers": N_("One message fits all: the orders are too few, or too alike, to form groups."),
    "Champions": N_(
        "Thank them and ask for referrals: new products first, reviews, a friend to bring along."
    ),
    "Potential Loyalist": N_("Make it a habit: recommend what goes with their last orders, offer a bonus."),
    "Need Attention": N_("Remind them of the shop: a short-term offer on what they used to buy."),
    "About to Sleep": N_("Ask now: favorites of the shop and a small reason to order again."),
    "Cannot Lose Them": N_("Win them back in person: a call or a letter, and ask what went wrong."),
    "At Risk": N_("Write before they are gone: a reminder with what they used to buy."),
    "Hibernating": N_("Keep it cheap: automatic mails at the season of their last order."),
    "Lost": N_("Try once, then let go: one offer to win them back, then no more costs."),
}
#: What to do instead, where the orders don't say what was sold.
ACTIONS_OF_TOTALS = {
    "High-Value": N_("Keep them: thank them, tell them first what is new, ask what they miss."),
    "Loyal": N_("Reward the habit: a loyalty bonus, and thanks in person."),
    "Big-Basket": N_("Bring them back sooner: remind them when their usual gap is over."),
    "Regular": N_("Grow the order: a bonus above what they usually spend; remind overdue customers."),
    "New": N_("Welcome them: what the shop stands for, and a small reason for a second order."),
    "Promising": N_("Win the next order: a welcome series and a small bonus."),
    "Slipping": N_("Ask now: a friendly reminder, before they are gone."),
    "Occasional": N_("Give a reason to return: news of the season, a small offer on the next order."),
    "Lapsed": N_("Keep it cheap: automatic mails, no costly campaigns."),
    "At-Risk": N_("Win them back now, top spenders first: a personal reminder."),
    "Champions": N_("Thank them and ask for referrals: news first, reviews, a friend to bring along."),
    "Potential Loyalist": N_("Make it a habit: remind them of the next order, offer a bonus."),
    "Need Attention": N_("Remind them of the shop: a short-term offer."),
    "About to Sleep": N_("Ask now: a friendly reminder and a small reason to order again."),
    "At Risk": N_("Write before they are gone: a personal reminder."),
}
#: What to do for a valuable customer who is overdue, whatever the segment.
OVERDUE_ACTION = N_(
    "Act now: they are valuable and overdue by their own rhythm; send a personal reminder with what they "
    "used to buy."
)
OVERDUE_ACTION_OF_TOTALS = N_(
    "Act now: they are valuable and overdue by their own rhythm; send a personal reminder."
)
#: What to do for a customer of a late segment who is not late.
IN_TIME_ACTION = N_("Remind them in time: by their own rhythm they are not overdue yet.")
#: What to do for a silent segment whose silence has been short.
TOO_EARLY = N_("Wait, or send a friendly reminder: nobody has been silent for long enough to count as lost.")


def suggested_action(
    segment: str,
    longest_silence: float,
    short_silence: float = SHORT_SILENCE,
    *,
    several_products: bool = True,
) -> str:
    """Say what to do for a segment: the same for Regular as for Regular (lower spend).

    Parameters
    ----------
    segment : str
        A name of :mod:`shopper_widgets.segments.naming` or :mod:`shopper_widgets.segments.rules`.
    longest_silence : float
        Days for which the most silent customer of the shop has not ordered.
    short_silence : float, default 60
        Days of silence that are normal in the shop.
    several_products : bool, default True
        Whether the orders have several products: otherwise no advice is about products.

    Returns
    -------
    str
        Of ``ACTIONS``, or of ``ACTIONS_OF_TOTALS`` where there are none or one; ``TOO_EARLY`` for a silent
        segment if nobody's silence is long (see
        :func:`~shopper_widgets.segments.rhythm.long_silence`).

    Examples
    --------
    >>> suggested_action("Lapsed (lower spend)", longest_silence=300)
    'Keep it cheap: automatic mails with what they used to buy, no costly campaigns.'
    >>> suggested_action("Lapsed (lower spend)", longest_silence=20)
    'Wait, or send a friendly reminder: nobody has been silent for long enough to count as lost.'
    >>> suggested_action("Lapsed", longest_silence=300, several_products=False)
    'Keep it cheap: automatic mails, no costly campaigns.'
    """
    if is_silent(segment) and longest_silence < long_silence(short_silence):
        return TOO_EARLY
    name = base_name(segment)
    return ACTIONS[name] if several_products else ACTIONS_OF_TOTALS.get(name, ACTIONS[name])
