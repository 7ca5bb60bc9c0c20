"""Why a rule puts a customer into a segment: the scores, the rule, and what would change the segment."""

from __future__ import annotations

from dataclasses import dataclass

from shopper_widgets._support.formatting import count_of, format_money
from shopper_widgets._support.locale import gettext
from shopper_widgets.segments.flips import Flip, flip_sentences


@dataclass(frozen=True)
class RuleExplanation:
    r"""Why a customer is in a segment of :class:`~shopper_widgets.segments.rules.RuleSegmenter`.

    Attributes
    ----------
    recency, frequency, monetary : float
        The customer.
    segment : str
        The one whose rule holds.
    r_score, f_score, m_score : int
        Their scores, 5 best and 1 worst.
    fm_score : int
        Mean of the scores of frequency and monetary value, halves rounded up.
    recency_scores, fm_scores : tuple of int
        For which scores the rule holds.
    flips : tuple of Flip
        For each measure, up and down, the smallest change that moves the customer; the smallest of all comes
        first, by the ratio in which it changes 1 + the value.
    currency : str
        A sign or code, for the sentences.

    Examples
    --------
    >>> from shopper_widgets.segments import RuleSegmenter
    >>> shop = [(2, 20, 5000.0), (30, 1, 80.0), (90, 4, 250.0), (200, 12, 900.0), (326, 1, 20.0)]
    >>> print(*RuleSegmenter().fit(shop).explain((40, 4, 260.0), currency="£").sentences, sep="\n")
    Scores from 1 (worst) to 5 (best) decide; 40 days of silence: 4, 4 orders: 3, £260 spent: 3, orders and
    spend together: 3.
    The rule: Potential Loyalist are those whose silence scores 4 or 5, and whose orders and spend together
    score 2 or 3.
    The smallest change: 26 more days of silence would make them Need Attention.
    4 more orders would make them Loyal.
    £250.00 more spent would make them Loyal.
    """

    recency: float
    frequency: float
    monetary: float
    segment: str
    r_score: int
    f_score: int
    m_score: int
    fm_score: int
    recency_scores: tuple[int, ...]
    fm_scores: tuple[int, ...]
    flips: tuple[Flip, ...]
    currency: str = ""

    @property
    def smallest_flip(self) -> Flip | None:
        """The smallest single change that moves the customer to another segment; None if there is none."""
        return self.flips[0] if self.flips else None

    @property
    def sentences(self) -> list[str]:
        """The explanation for readers: their scores, the rule, what would move them."""
        spent = format_money(self.monetary, self.currency, exact=self.monetary < 100)
        scores = (
            gettext("{days} of silence: {r_score}", days=count_of(self.recency, "day"), r_score=self.r_score),
            f"{count_of(self.frequency, 'order')}: {self.f_score}",
            gettext("{spent} spent: {m_score}", spent=spent, m_score=self.m_score),
            gettext("orders and spend together: {fm_score}", fm_score=self.fm_score),
        )
        return [
            gettext("Scores from 1 (worst) to 5 (best) decide; {scores}.", scores=", ".join(scores)),
            gettext(
                "The rule: {segment} are those whose silence scores {either}, and whose orders and spend "
                "together score {other}.",
                segment=gettext(self.segment),
                either=_either(self.recency_scores),
                other=_either(self.fm_scores),
            ),
            *flip_sentences(self.flips, self.currency),
        ]


def _either(scores: tuple[int, ...]) -> str:
    return " or ".join(map(str, scores))
