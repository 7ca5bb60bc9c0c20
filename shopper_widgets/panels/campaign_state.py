"""The state of a panel that defines a campaign: the possible choices, and their definition."""

from __future__ import annotations

import functools
import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import traitlets

from shopper_widgets._support.checks import as_path, plain
from shopper_widgets._support.csv import csv_file
from shopper_widgets._support.locale import N_, gettext, in_locale, with_marks
from shopper_widgets._support.writing import write_whole
from shopper_widgets.columns import COUNTRY, CUSTOMER_ID, ORDERED_AT, SEGMENT
from shopper_widgets.customers.cadence import customer_cadence
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.campaign_definition import MAPPINGS
from shopper_widgets.customers.campaign_selection import find_product, moved_between, to_carry_out
from shopper_widgets.customers.flows import NEW
from shopper_widgets.customers.moments import comparable_moments, written
from shopper_widgets.errors import AmbiguousProductError, TooLittleDataError, UnknownProductError
from shopper_widgets.panels.country import NO_DATE, NO_SEGMENT
from shopper_widgets.panels.kept import KEPT, KeptPanel
from shopper_widgets.panels.number_limits import Limits, Number, WholeNumber
from shopper_widgets.panels.product_picker import refusal

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: The labels of the numbers on the page, and their limits.
POSSIBLE = {
    "min_overdue": Limits(
        N_("Silence, more than"),
        unit=N_("times the usual gap"),
        empty=N_("any"),
        help=N_("2: twice as long as usual"),
    ),
    "min_silence": Limits(N_("Silence, more than"), unit=N_("days"), empty=N_("any")),
    "max_silence": Limits(N_("Silence, at most"), unit=N_("days"), empty=N_("any")),
    "min_orders": Limits(N_("Orders, at least")),
    "max_orders": Limits(N_("Orders, at most"), empty=N_("any")),
    "min_spend": Limits(N_("Spent at least"), empty=N_("any")),
    "max_spend": Limits(N_("Spent at most"), empty=N_("no limit")),
    "n_recommendations": Limits(N_("Recommendations per customer"), most=10),
    "hold_out": Limits(N_("Hold-out to measure the effect"), most=0.9, percent=True),
    "seed": Limits(N_("Seed of the hold-out")),
}

_NO_COUNTRY = N_("There is no country {value}; there are: {names}.")


class CampaignState(KeptPanel):
    """Base of the panel that defines a campaign: its traits, and the campaign that they define."""

    state = (
        *("name", "segments", "countries", KEPT, "start", "end", "from_segment", "to_segment"),
        *("min_overdue", "min_silence", "max_silence", "min_orders", "max_orders", "min_spend", "max_spend"),
        *("bought", "due", "recommended"),
        *("n_recommendations", "hold_out", "seed", "actions", CUSTOMER_ID),
    )

    name = traitlets.Unicode()
    segments = traitlets.Tuple()
    countries = traitlets.Tuple()
    start = traitlets.Unicode()
    end = traitlets.Unicode()
    from_segment = traitlets.Unicode()
    to_segment = traitlets.Unicode()
    min_overdue = Number(POSSIBLE["min_overdue"])
    min_silence = WholeNumber(POSSIBLE["min_silence"])
    max_silence = WholeNumber(POSSIBLE["max_silence"])
    min_orders = WholeNumber(POSSIBLE["min_orders"], 1)
    max_orders = WholeNumber(POSSIBLE["max_orders"])
    min_spend = Number(POSSIBLE["min_spend"])
    max_spend = Number(POSSIBLE["max_spend"])
    bought: traitlets.List[str] = traitlets.List(traitlets.Unicode())
    due: traitlets.List[str] = traitlets.List(traitlets.Unicode())
    recommended: traitlets.List[str] = traitlets.List(traitlets.Unicode())
    n_recommendations = WholeNumber(POSSIBLE["n_recommendations"])
    hold_out = Number(POSSIBLE["hold_out"])
    seed = WholeNumber(POSSIBLE["seed"])
    actions = traitlets.Dict()
    customer_id = traitlets.Unicode()

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._moments = comparable_moments(model)
        known = model.customers[COUNTRY].dropna()
        # The country with the most customers comes first, so that nobody looks for the shop's own at the end
        # of the alphabet.
        self._countries = [str(name) for name in known[known != ""].value_counts().index]
        try:
            self._cadence: pd.DataFrame | None = customer_cadence(model)
        except TooLittleDataError:
            self._cadence = None
        # Only the two dates decide who moved between them, not the other filters.
        self._moved = functools.lru_cache(maxsize=1)(functools.partial(moved_between, model))
        super().__init__(model, **state)

    @property
    def campaign(self) -> Campaign:
        """The definition that is shown."""
        flows = self._flows(self.from_segment, self.to_segment)
        return Campaign(
            name=self.name,
            segments=self.segments,
            flows=tuple(flows),
            flow_start=str(self._moment(self.start)) if flows else None,
            flow_end=str(self._moment(self.end)) if flows else None,
            min_overdue=self.min_overdue or None,
            min_silence=self.min_silence or None,
            max_silence=self.max_silence or None,
            min_orders=self.min_orders if self.min_orders > 1 else None,
            max_orders=self.max_orders or None,
            countries=self.countries,
            kept=tuple(self.kept.items()),
            min_spend=self.min_spend or None,
            max_spend=self.max_spend or None,
            bought=tuple(self.bought),
            due=tuple(self.due),
            recommended=tuple(self.recommended),
            n_recommendations=self.n_recommendations,
            hold_out=self.hold_out,
            seed=self.seed,
            actions=tuple(self.actions.items()),
        )

    def to_csv(self, path: str | Path) -> Path:
        """Write the list as a CSV file for spreadsheets, in which no text is a formula.

        Actions are in the panel's language, as in the page's file.

        Parameters
        ----------
        path : path
            The file; an existing one is replaced, whole or not at all.

        Returns
        -------
        Path
            `path`.

        Raises
        ------
        TypeError
            `path` is not a path.
        """
        path = as_path("path", path)
        with in_locale(self.locale):
            write_whole(path, csv_file(to_carry_out(self.selection)))
        return path

    def load(self, definition: Campaign | str) -> None:
        """Show a definition, to be viewed or changed: `campaign` then selects the same customers.

        Parameters
        ----------
        definition : Campaign or str
            Or what :meth:`Campaign.to_json` wrote.

        Raises
        ------
        TypeError, ValueError
            The text is not a campaign.
        traitlets.TraitError
            The shop doesn't have such values, or the page has no control for them; the state stays.
        """
        campaign = Campaign.from_json(definition) if isinstance(definition, str) else definition
        state = self._state_of(campaign)
        with self.hold_trait_notifications():
            for name, value in state.items():
                setattr(self, name, value)

    def _state_of(self, campaign: Campaign) -> dict[str, Any]:
        """Return the state that defines a campaign."""
        if not isinstance(campaign, Campaign):
            raise TypeError(
                f"definition must be a Campaign or its JSON as text; got {type(campaign).__name__}"
            )
        if campaign.max_overdue is not None:
            raise traitlets.TraitError(
                gettext("The page has no box for max_overdue; select such a campaign from Python.")
            )
        if campaign.min_overdue and self._cadence is None:
            raise traitlets.TraitError(gettext("Nobody has a usual gap yet, so nobody can be overdue."))
        for name in ("min_overdue", "min_silence", "max_silence", "max_orders", "max_spend"):
            if getattr(campaign, name) == 0:
                raise traitlets.TraitError(
                    gettext(
                        "{label}: on the page, 0 means no limit, not a limit of 0.",
                        label=gettext(POSSIBLE[name].label),
                    )
                )
        alike = [name for name in self.state if hasattr(campaign, name)]
        given = {name: getattr(campaign, name) for name in alike if getattr(campaign, name) is not None}
        for name, value in given.items():
            if isinstance(self.traits()[name], WholeNumber):
                if value % 1:
                    raise traitlets.TraitError(
                        gettext(
                            "{label}: must be a whole number, not {value}.",
                            label=gettext(POSSIBLE[name].label),
                            value=with_marks(f"{value:g}"),
                        )
                    )
                given[name] = int(value)
        given |= {name: list(given[name]) for name in ("bought", "due", "recommended")}
        start = {name: value for name, value in self._start.items() if name != CUSTOMER_ID}
        mappings = {name: dict(getattr(campaign, name)) for name in MAPPINGS}
        return start | given | mappings | self._moves_of(campaign)

    def _moves_of(self, campaign: Campaign) -> dict[str, str]:
        """Return the two choices and the two dates that define a campaign's flows."""
        if not campaign.flows:
            return {}
        if len(self._moments) < 2:
            raise traitlets.TraitError(
                gettext("The orders cover one month-end only, so nobody can have moved.")
            )
        sides = (["", *self._names("from_segment")], ["", *self._names()])
        for pair in itertools.product(*sides):
            if set(self._flows(*pair)) == set(campaign.flows):
                break
        else:
            moves = ", ".join(
                gettext("{before} to {after}", before=before, after=after)
                for before, after in campaign.flows[:5]
            )
            raise traitlets.TraitError(
                gettext("“Moved from” and “Moved to” have no choice for: {moves}.", moves=moves)
            )
        days = {str(moment): day for day, moment in self._moments.items()}
        start, end = (days.get(str(date), str(date)) for date in (campaign.flow_start, campaign.flow_end))
        return {"from_segment": pair[0], "to_segment": pair[1], "start": start, "end": end}

    def _moment(self, day: str) -> pd.Timestamp:
        return self._moments.get(day) or pd.Timestamp(day)

    def _days(self) -> list[tuple[str, str]]:
        """Return the dates to choose from, with their labels; those of a definition are included."""
        days = sorted({*self._moments, self.start, self.end}, key=self._moment)
        return [(written(day) + ("" if day in self._moments else f", {day[11:16]}"), day) for day in days]

    @traitlets.default("name")
    def _usual_name(self) -> str:
        return gettext("Campaign")

    @traitlets.default("start")
    def _last_but_one(self) -> str:
        return list(self._moments)[-2:][0]

    @traitlets.default("end")
    def _last(self) -> str:
        return list(self._moments)[-1]

    @traitlets.validate("start", "end")
    def _known_day(self, proposal: dict[str, Any]) -> str:
        day: str = proposal["value"]
        if _is_moment(day) and pd.Timestamp(day) >= self.model.orders[ORDERED_AT].min():
            return day
        return _one_of(day, list(self._moments), NO_DATE)

    @traitlets.validate("from_segment", "to_segment")
    def _known_segment(self, proposal: dict[str, Any]) -> str:
        return _one_of(proposal["value"], ["", *self._names(proposal["trait"].name)], NO_SEGMENT)

    @traitlets.validate("segments")
    def _known_segments(self, proposal: dict[str, Any]) -> tuple[str, ...]:
        return tuple(_one_of(name, self._names(), NO_SEGMENT) for name in proposal["value"])

    @traitlets.validate("countries")
    def _known_countries(self, proposal: dict[str, Any]) -> tuple[str, ...]:
        return tuple(_one_of(name, self._countries, _NO_COUNTRY) for name in proposal["value"])

    @traitlets.validate("bought", "due", "recommended")
    def _known_products(self, proposal: dict[str, Any]) -> list[str]:
        try:
            return list(dict.fromkeys(find_product(self.model, text) for text in proposal["value"]))
        except (UnknownProductError, AmbiguousProductError) as error:
            raise refusal(error) from error

    @traitlets.validate("actions")
    def _texts_by_segment(self, proposal: dict[str, Any]) -> dict[str, str]:
        given: dict[str, str] = proposal["value"]
        return {_one_of(segment, self._names(), NO_SEGMENT): str(text) for segment, text in given.items()}

    def _names(self, side: str = "") -> list[str]:
        names = list(self.model.segments[SEGMENT])
        return [*names, NEW] if side == "from_segment" else names

    def _flows(self, from_segment: str, to_segment: str) -> list[tuple[str, str]]:
        """Return the pairs of two choices; customers who stayed count only if both name the same segment."""
        if not from_segment and not to_segment:
            return []
        before = [from_segment] if from_segment else self._names("from_segment")
        after = [to_segment] if to_segment else self._names()
        both = bool(from_segment and to_segment)
        return [(a, b) for a in before for b in after if a != b or both]

    @property
    def spend_crossed(self) -> bool:
        """Whether the least spend is above the most."""
        return bool(0 < self.max_spend < self.min_spend)

    def _impossible(self) -> str:
        """Say which choices exclude each other; ``""`` if none do."""
        if self.spend_crossed:
            return gettext("“Spent at least” is more than “Spent at most”, so no customer passes.")
        for low, high in (("min_orders", "max_orders"), ("min_silence", "max_silence")):
            if 0 < getattr(self, high) < getattr(self, low):
                return gettext(
                    "“{low}” is more than “{high}”, so no customer passes.",
                    low=gettext(POSSIBLE[low].label),
                    high=gettext(POSSIBLE[high].label),
                )
        if (self.from_segment or self.to_segment) and self._moment(self.start) >= self._moment(self.end):
            return gettext(
                "The first date is not before the second, so nobody can have moved. Choose an earlier one."
            )
        return ""


def _is_moment(text: str) -> bool:
    try:
        moment = pd.Timestamp(text)
    except ValueError:
        return False
    return str(moment) == text and moment.tzinfo is None


def _one_of(value: Any, known: list[str], told: str) -> str:
    if value not in known:
        raise traitlets.TraitError(gettext(told, value=repr(plain(value)), names=", ".join(known[:20])))
    return str(value)
