"""The filters: the panels and addresses that have them, and what a page says about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import traitlets

from shopper_widgets._support.checks import plain
from shopper_widgets._support.formatting import format_day, listed
from shopper_widgets._support.locale import N_, gettext, ngettext
from shopper_widgets.columns import COUNTRY, SEGMENT
from shopper_widgets.panels.base import Panel
from shopper_widgets.panels.country import NO_SEGMENT
from shopper_widgets.panels.kept import KEPT, KeptPanel, kept_choices
from shopper_widgets.panels.limits import LimitTraits
from shopper_widgets.panels.narrowed import NarrowedPanel
from shopper_widgets.panels.period import ENDS, PeriodPanel, covered_days

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

PERIOD = "period"
#: The filters of every shop; a shop also has one for each column that it keeps.
ALWAYS = (COUNTRY, SEGMENT, PERIOD)
#: Filter → its name before one of its values.
_LABELS = {COUNTRY: N_("Country"), SEGMENT: N_("Segment"), PERIOD: N_("Period")}
#: Filter → the trait of panels with several values of it; the trait of a single value has the filter's name.
_SEVERAL = {COUNTRY: "countries", SEGMENT: "segments"}
#: The prefix of a kept column in an address: the column may have any name.
_IN_ADDRESS = f"{KEPT}."

#: Filter → its values; filters that are not set are left out.
Filters = dict[str, tuple[str, ...]]
Shown = TypeVar("Shown")


def traits_of(panel: Panel) -> dict[str, tuple[str, ...]]:
    """Return the filters that a panel has, each with its traits: see `traits_of_kind`."""
    return traits_of_kind(type(panel), panel.model)


def traits_of_kind(kind: type[Panel], model: ShopperModel) -> dict[str, tuple[str, ...]]:
    """Return the filters that a panel of a kind has, each with its traits.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> from shopper_widgets.panels import SalesPanel
    >>> traits_of_kind(SalesPanel, ShopperModel.fit(load_sample()))
    {'country': ('country',), 'segment': ('segment',), 'period': ('start', 'end')}
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, several in _SEVERAL.items():
        if trait := next((trait for trait in (name, several) if trait in kind.state), ""):
            found[name] = (trait,)
    if issubclass(kind, PeriodPanel):
        found[PERIOD] = ENDS
    if issubclass(kind, KeptPanel):
        found |= dict.fromkeys(_kept_columns(model), (KEPT,))
    return found


def filters_of(panel: Panel) -> Filters:
    """Return the filters of a panel, with their values."""
    found = Filters()
    for name, (trait, *_) in traits_of(panel).items():
        value: Any = getattr(panel, trait)
        if isinstance(panel, PeriodPanel) and name == PERIOD:
            value = panel.period
        elif trait == KEPT:
            value = value.get(name, "")
        if value:
            found[name] = (value,) if isinstance(value, str) else tuple(value)
    return found


def held(kind: type[Panel], model: ShopperModel, filters: Filters) -> dict[str, Any]:
    """Return the traits by which a panel gets the filters of other views, as far as it has them.

    For several countries, a panel with only one shows all.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> from shopper_widgets.panels import CampaignPanel, OverduePanel
    >>> model, filters = ShopperModel.fit(load_sample()), {"country": ("France", "Spain")}
    >>> held(CampaignPanel, model, filters), held(OverduePanel, model, filters)
    ({'countries': ('France', 'Spain'), 'segments': ()}, {'country': '', 'segment': ''})
    """
    state: dict[str, Any] = {}
    for name, traits in traits_of_kind(kind, model).items():
        wanted = filters.get(name, ())
        one = wanted[0] if len(wanted) == 1 else ""
        if traits == ENDS:
            days = map(dt.date.fromisoformat, wanted) if wanted else covered_days(model)
            state |= dict(zip(ENDS, days, strict=True))
        elif traits == (KEPT,):
            state.setdefault(KEPT, {})[name] = one
        else:
            state[traits[0]] = wanted if traits[0] in _SEVERAL.values() else one
    return state


def held_if_there(
    kind: type[Panel], model: ShopperModel, filters: Filters, show: Callable[[dict[str, Any]], Shown]
) -> Shown:
    """Show a panel with filters; a country that it doesn't know, such as one of guests only, is left out."""
    try:
        return show(held(kind, model, filters))
    except traitlets.TraitError:
        return show(held(kind, model, {name: values for name, values in filters.items() if name != COUNTRY}))


def hold(panel: Panel, filters: Filters) -> None:
    """Apply the filters of other views to a panel, as far as it has them, in one change."""

    def show(state: dict[str, Any]) -> None:
        if KEPT in state:
            state[KEPT] = {**getattr(panel, KEPT), **state[KEPT]}
        with panel.hold_trait_notifications():
            for name, value in state.items():
                setattr(panel, name, value)

    held_if_there(type(panel), panel.model, filters, show)


def in_address(filters: Filters) -> Filters:
    """Return filters by their names in an address.

    Examples
    --------
    >>> in_address({"country": ("France",), "channel": ("web",)})
    {'country': ('France',), 'kept.channel': ('web',)}
    """
    return {name if name in ALWAYS else f"{_IN_ADDRESS}{name}": values for name, values in filters.items()}


def taken_from_address(said: dict[str, Sequence[str]]) -> Filters:
    """Take the filters out of an address's query.

    Examples
    --------
    >>> said = {"kept.channel": ["web"], "days": ["30"]}
    >>> taken_from_address(said), said
    ({'channel': ('web',)}, {'days': ['30']})
    """
    names = [name for name in said if name in ALWAYS or name.startswith(_IN_ADDRESS)]
    return {name.removeprefix(_IN_ADDRESS): tuple(said.pop(name)) for name in names}


def checked(model: ShopperModel, filters: Mapping[str, Any]) -> Filters:
    """Return filters without empty ones, or raise TraitError if the shop has no such value.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> checked(ShopperModel.fit(load_sample()), {"country": ["France"], "segment": []})
    {'country': ('France',)}
    """
    several: Filters = {}
    for name, values in filters.items():
        if name not in (there := [*ALWAYS, *_kept_columns(model)]):
            raise traitlets.TraitError(
                gettext(
                    "There is no filter {value}; there are: {names}.",
                    value=repr(plain(name)),
                    names=", ".join(there),
                )
            )
        one = isinstance(values, str)
        if not one and not (
            isinstance(values, list | tuple) and all(isinstance(value, str) for value in values)
        ):
            raise traitlets.TraitError(
                gettext(
                    "{name} must be a list of texts; got {given}.",
                    name=f"filters[{name!r}]",
                    given=repr(plain(values)),
                )
            )
        several[name] = tuple([values] if values else []) if one else tuple(dict.fromkeys(values))
    found, problems = known(model, several)
    if problems:
        raise traitlets.TraitError(problems)
    return found


def known(model: ShopperModel, filters: Filters) -> tuple[Filters, str]:
    """Return filters without what the shop doesn't have, and sentences about that.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> known(ShopperModel.fit(load_sample()), {"country": ("France", "Atlantis")})
    ({'country': ('France',)}, "There are no orders from 'Atlantis'.")
    """
    found, problems = Filters(), []
    for name, values in filters.items():
        if name == PERIOD:
            found[name], problem = _known_days(model, values)
            problems += [problem] if problem else []
            continue
        there = _there(model, name)
        found[name] = tuple(value for value in values if value in there)
        if unknown := [value for value in values if value not in there]:
            problems.append(_not_there(name, repr(unknown[0]), there))
    return {name: values for name, values in found.items() if values}, " ".join(problems)


def told(model: ShopperModel, filters: Filters, applied: Filters, kind: type[Panel] = Panel) -> list[str]:
    """Say what the filters do in a view, and which time a view without the filter of a period is about.

    A view without any of the filters says which customers it is about (`where_unfiltered`). Panels of figures
    state their filters themselves; for panels that follow customers from the first order, this says why they
    have no filter of a segment.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> france = {"country": ("France",)}
    >>> told(ShopperModel.fit(load_sample()), france, france)
    ['Country narrows lists, maps and sales. Segments and recommendations are those of the whole shop.']
    """
    said = []
    own, limits = issubclass(kind, NarrowedPanel), issubclass(kind, LimitTraits)
    narrows_lists = {
        (COUNTRY,): N_("Country narrows lists, maps and sales."),
        (SEGMENT,): N_("Segment narrows lists, maps and sales."),
        (COUNTRY, SEGMENT): N_("Country and segment narrow lists, maps and sales."),
    }
    of_customers = tuple(name for name in (COUNTRY, SEGMENT) if name in applied)
    if COUNTRY in applied and limits:
        sold = gettext("Only products sold in that country are recommended.")
        said.append(f"{sold} {gettext(kind.where_unfiltered)}")
    elif of_customers and not own:
        whole = gettext("Segments and recommendations are those of the whole shop.")
        said.append(f"{gettext(narrows_lists[of_customers])} {whole}")
    if {*filters} - {PERIOD} and not {*applied} - {PERIOD}:
        said.append(gettext(kind.where_unfiltered))
    if PERIOD in filters:
        said.append(
            gettext(
                "The period narrows sales and headline figures to orders of its days, and cohorts and "
                "journeys to customers whose first order is in it. All else is as of {day}.",
                day=format_day(model.as_of),
            )
        )
    for name in applied:
        if name not in ALWAYS and not own:
            said.append(
                gettext(
                    "{name} narrows sales to order lines with that value, and lists and maps to customers "
                    "who have such a line; their figures count everything that they bought.",
                    name=name,
                )
            )
    if SEGMENT in filters and issubclass(kind, NarrowedPanel) and SEGMENT not in kind.state:
        said.append(gettext(kind.why_no_segment))
    return said


def named(filters: Filters) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the text of each chip, with its filter and the value that it stands for.

    Examples
    --------
    >>> list(named({"country": ("France", "Spain"), "period": ("2011-01-01", "2011-12-09")}))
    ['Country: France', 'Country: Spain', 'Period: 1 Jan 2011 to 9 Dec 2011']
    """
    found = {}
    for name, values in filters.items():
        if name == PERIOD:
            start, end = (format_day(dt.date.fromisoformat(value)) for value in values)
            days = gettext("{start} to {end}", start=start, end=end)
            found[f"{gettext(_LABELS[PERIOD])}: {days}"] = (name, values)
            continue
        label = gettext(_LABELS[name]) if name in ALWAYS else name
        shown = [gettext(value) if name == SEGMENT else value for value in values]
        found |= {f"{label}: {one}": (name, (value,)) for one, value in zip(shown, values, strict=True)}
    return found


def names_of(filters: Iterable[str]) -> str:
    """Name filters within a sentence.

    Examples
    --------
    >>> names_of(["country", "channel"])
    'country and channel'
    """
    called = {
        COUNTRY: gettext("country"),
        SEGMENT: ngettext("segment", "segments", 1),
        PERIOD: gettext("period"),
    }
    return listed(called.get(name, name) for name in filters)


def _not_there(name: str, value: str, there: list[str]) -> str:
    if name == SEGMENT:
        return gettext(NO_SEGMENT, value=value, names=", ".join(there))
    if name == COUNTRY:
        return gettext("There are no orders from {value}.", value=value)
    return gettext("There are no orders with {name} {value}.", name=name, value=value)


def _there(model: ShopperModel, name: str) -> list[str]:
    """Return the values of a filter that exist in the shop."""
    if name in ALWAYS:
        return list((model.all_orders if name == COUNTRY else model.segments)[name].unique())
    return list(kept_choices(model).get(name, ()))


def _known_days(model: ShopperModel, values: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Return a period that the orders cover as its two days, or what is wrong with it."""
    covered = covered_days(model)
    try:
        days = [dt.date.fromisoformat(value) for value in values]
    except ValueError:
        days = []
    if values and not (0 < len(days) <= 2 and covered[0] <= min(days) <= max(days) <= covered[1]):
        return (), gettext(
            "A period is two days from {first} to {last}, not {values}.",
            first=str(covered[0]),
            last=str(covered[1]),
            values=listed(values),
        )
    chosen = (days[0], days[-1]) if days else covered
    return () if chosen == covered else tuple(map(str, chosen)), ""


def _kept_columns(model: ShopperModel) -> list[str]:
    return [name for name in kept_choices(model) if name not in ALWAYS]
