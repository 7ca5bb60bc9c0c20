"""The state of a panel that defines a campaign: what may be chosen, and the definition it makes."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import traitlets

from shopper_widgets.cadence import customer_cadence
from shopper_widgets.campaign import Campaign
from shopper_widgets.campaign_selection import find_product, moved_between
from shopper_widgets.columns import COUNTRY, CUSTOMER_ID, SEGMENT
from shopper_widgets.errors import AmbiguousProductError, TooLittleDataError, UnknownProductError
from shopper_widgets.flows import NEW
from shopper_widgets.panels.base import Panel
from shopper_widgets.panels.moments import comparable_moments

if TYPE_CHECKING:
    from shopper_widgets.model import ShopperModel

#: What the numbers are called on the page.
LABELS = {
    "min_overdue": "Silent for more usual gaps than (0: any)",
    "min_silence": "Silent for more days than (0: any)",
    "min_orders": "Orders, at least",
    "min_spend": "Spent at least (0: any)",
    "max_spend": "Spent at most (0: no limit)",
    "n_recommendations": "Suggestions for each customer",
    "hold_out": "Share to hold out (0.1: a tenth)",
    "seed": "Draw of those held out (any number)",
}
#: The greatest values that are taken.
MOST = {"n_recommendations": 10, "hold_out": 0.9}


class CampaignState(Panel):
    """Base of the panel that defines a campaign: its traits, and the campaign that they mean."""

    state = (
        *("name", "segments", "countries", "start", "end", "from_segment", "to_segment"),
        *("min_overdue", "min_silence", "min_orders", "min_spend", "max_spend", "bought", "recommended"),
        *("n_recommendations", "hold_out", "seed", "actions", CUSTOMER_ID),
    )

    name = traitlets.Unicode("Campaign")
    segments = traitlets.Tuple()
    countries = traitlets.Tuple()
    start = traitlets.Unicode()
    end = traitlets.Unicode()
    from_segment = traitlets.Unicode()
    to_segment = traitlets.Unicode()
    min_overdue = traitlets.Float(0.0)
    min_silence = traitlets.Int(0)
    min_orders = traitlets.Int(1)
    min_spend = traitlets.Float(0.0)
    max_spend = traitlets.Float(0.0)
    bought: traitlets.List[str] = traitlets.List(traitlets.Unicode())
    recommended: traitlets.List[str] = traitlets.List(traitlets.Unicode())
    n_recommendations = traitlets.Int(0)
    hold_out = traitlets.Float(0.0)
    seed = traitlets.Int(0)
    actions = traitlets.Dict()
    customer_id = traitlets.Unicode()

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._moments = comparable_moments(model)
        known = model.customers[COUNTRY].dropna()
        # Where most customers are first: a shop's own country is not looked for at the end of the alphabet.
        self._countries = [str(name) for name in known[known != ""].value_counts().index]
        try:
            self._cadence: pd.DataFrame | None = customer_cadence(model)
        except TooLittleDataError:
            self._cadence = None
        # Filters beside the two dates don't change who moved between them.
        self._moved = functools.lru_cache(maxsize=1)(functools.partial(moved_between, model))
        super().__init__(model, **state)

    @property
    def campaign(self) -> Campaign:
        """The definition on show."""
        flows = self._flows()
        return Campaign(
            name=self.name,
            segments=self.segments,
            flows=tuple(flows),
            flow_start=str(self._moments[self.start]) if flows else None,
            flow_end=str(self._moments[self.end]) if flows else None,
            min_overdue=self.min_overdue or None,
            min_silence=self.min_silence or None,
            min_orders=self.min_orders if self.min_orders > 1 else None,
            countries=self.countries,
            min_spend=self.min_spend or None,
            max_spend=self.max_spend or None,
            bought=tuple(self.bought),
            recommended=tuple(self.recommended),
            n_recommendations=self.n_recommendations,
            hold_out=self.hold_out,
            seed=self.seed,
            actions=tuple(self.actions.items()),
        )

    @traitlets.default("start")
    def _last_but_one(self) -> str:
        return list(self._moments)[-2:][0]

    @traitlets.default("end")
    def _last(self) -> str:
        return list(self._moments)[-1]

    @traitlets.validate("start", "end")
    def _known_day(self, proposal: dict[str, Any]) -> str:
        return _one_of(proposal["value"], list(self._moments), "date")

    @traitlets.validate("from_segment", "to_segment")
    def _known_segment(self, proposal: dict[str, Any]) -> str:
        return _one_of(proposal["value"], ["", *self._names(proposal["trait"].name)], "segment")

    @traitlets.validate("segments")
    def _known_segments(self, proposal: dict[str, Any]) -> tuple[str, ...]:
        return tuple(_one_of(name, self._names(), "segment") for name in proposal["value"])

    @traitlets.validate("countries")
    def _known_countries(self, proposal: dict[str, Any]) -> tuple[str, ...]:
        return tuple(_one_of(name, self._countries, "country") for name in proposal["value"])

    @traitlets.validate("bought", "recommended")
    def _known_products(self, proposal: dict[str, Any]) -> list[str]:
        try:
            return list(dict.fromkeys(find_product(self.model, text) for text in proposal["value"]))
        except (UnknownProductError, AmbiguousProductError) as error:
            told = str(error)
            raise traitlets.TraitError(f"{told[0].upper()}{told[1:]}.") from error

    @traitlets.validate(*LABELS)
    def _possible_number(self, proposal: dict[str, Any]) -> float:
        name, value = proposal["trait"].name, proposal["value"]
        most = MOST.get(name, 1e12)
        if not math.isfinite(value) or not 0 <= value <= most:
            called = LABELS[name].partition(" (")[0]
            raise traitlets.TraitError(f"{called}: from 0 to {most:,.10g}, not {value:,.10g}.")
        number: float = value
        return number

    @traitlets.validate("actions")
    def _texts_by_segment(self, proposal: dict[str, Any]) -> dict[str, str]:
        given: dict[str, str] = proposal["value"]
        return {_one_of(segment, self._names(), "segment"): str(text) for segment, text in given.items()}

    def _names(self, side: str = "") -> list[str]:
        names = list(self.model.segments[SEGMENT])
        return [*names, NEW] if side == "from_segment" else names

    def _flows(self) -> list[tuple[str, str]]:
        """Pairs that the two choices mean: who stayed counts only where both name the same segment."""
        if not self.from_segment and not self.to_segment:
            return []
        before = [self.from_segment] if self.from_segment else self._names("from_segment")
        after = [self.to_segment] if self.to_segment else self._names()
        both = bool(self.from_segment and self.to_segment)
        return [(a, b) for a in before for b in after if a != b or both]

    def _impossible(self) -> str:
        """Say what excludes itself; empty where nothing does."""
        if 0 < self.max_spend < self.min_spend:
            return "“Spent at least” is more than “Spent at most”: nobody can have spent that."
        if self._flows() and self._moments[self.start] >= self._moments[self.end]:
            return "Nobody can have moved: the first date is not before the second. Choose an earlier one."
        return ""


def _one_of(value: Any, known: list[str], what: str) -> str:
    if value not in known:
        raise traitlets.TraitError(f"There is no {what} {value!r}; there are: {', '.join(known[:20])}.")
    return str(value)
