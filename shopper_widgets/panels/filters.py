"""Filters that hold across views: one that is set in a view is set in each other view that has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

from shopper_widgets.columns import COUNTRY, SEGMENT
from shopper_widgets.panels.base import Panel, guarded, row
from shopper_widgets.panels.chips import Chips
from shopper_widgets.words.html import paragraph

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: Filter → the traits by which panels have it: of one value, or of several.
TRAITS = {COUNTRY: (COUNTRY, "countries"), SEGMENT: (SEGMENT, "segments")}

#: What the chips are about.
_WHAT = "Lists, maps and sales are filtered. Segments, forecasts and recommendations are of the whole shop."

#: Filter → its values; what is not filtered is not in it.
Filters = dict[str, tuple[str, ...]]


def traits_of(panel: Panel) -> dict[str, str]:
    """Return the filters that a panel has, each with its trait.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> from shopper_widgets.panels import SalesPanel
    >>> traits_of(SalesPanel(ShopperModel.fit(load_sample())))
    {'country': 'country'}
    """
    return {name: trait for name, known in TRAITS.items() for trait in known if trait in panel.state}


def filters_of(panel: Panel) -> Filters:
    """Return what a panel is filtered to."""
    values = {name: getattr(panel, trait) for name, trait in traits_of(panel).items()}
    return {
        name: (value,) if isinstance(value, str) else tuple(value) for name, value in values.items() if value
    }


def hold(panel: Panel, filters: Filters) -> None:
    """Filter a panel as other views are filtered, as far as it can be; as to the rest, it shows all."""
    for name, trait in traits_of(panel).items():
        wanted = filters.get(name, ())
        alone = isinstance(getattr(panel, trait), str)
        try:
            setattr(panel, trait, (wanted[0] if len(wanted) == 1 else "") if alone else wanted)
        except traitlets.TraitError:  # a country of orders without a customer is in no list of customers
            setattr(panel, trait, "" if alone else ())


def checked(model: ShopperModel, filters: Mapping[str, Any]) -> Filters:
    """Return filters without the empty ones; TraitError where the shop has no such value.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> checked(ShopperModel.fit(load_sample()), {"country": ["France"], "segment": []})
    {'country': ('France',)}
    """
    several: Filters = {}
    for name, values in filters.items():
        if name not in TRAITS:
            raise traitlets.TraitError(f"There is no filter {name!r}; there are: {', '.join(TRAITS)}.")
        one = isinstance(values, str)
        if not one and not (
            isinstance(values, list | tuple) and all(isinstance(value, str) for value in values)
        ):
            raise traitlets.TraitError(f"filters[{name!r}] must be a list of texts; got {values!r}.")
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
        there = list((model.all_orders if name == COUNTRY else model.segments)[name].unique())
        found[name] = tuple(value for value in values if value in there)
        if unknown := [value for value in values if value not in there]:
            problems.append(
                f"There are no orders from {unknown[0]!r}."
                if name == COUNTRY
                else f"There is no segment {unknown[0]!r}; there are: {', '.join(there)}."
            )
    return {name: values for name, values in found.items() if values}, " ".join(problems)


class FilterBar(widgets.VBox):  # type: ignore[misc]
    """Show what a view is filtered to, as chips that take it away again, and one button that takes all away.

    Parameters
    ----------
    on_change : callable
        Takes the filters that a visitor leaves.
    on_clear : callable
        Takes all filters away.

    Examples
    --------
    >>> left = []
    >>> bar = FilterBar(left.append, left.clear)
    >>> bar.show({"country": ("France", "Spain")})
    >>> bar.chips.buttons[1].description
    'Country: Spain'
    >>> bar.chips.buttons[1].click()
    >>> left
    [{'country': ('France',)}]
    >>> bar.show({}, without=["country"])
    >>> print(bar.without.value)
    <p class="sw-note">Not filtered by country here.</p>
    """

    def __init__(self, on_change: Callable[[Filters], None], on_clear: Callable[[], None]) -> None:
        self._on_change, self._shown = on_change, Filters()
        self.chips = Chips("", "", str)
        self.clear = widgets.Button(description="Clear all filters")
        self.clear.on_click(lambda _: on_clear())
        self.without, self._what = widgets.HTML(), widgets.HTML(paragraph(_WHAT, "sw-note"))
        super().__init__([row(self.chips, self.without, self.clear), self._what])
        self.add_class("sw-held")
        self.chips.observe(self._on_chips, "chosen")
        self.show({})

    def show(self, filters: Filters, without: Sequence[str] = ()) -> None:
        """Show filters, and by which a view isn't filtered; nothing is seen where there are none."""
        self._shown = filters
        self.chips.chosen = list(_named(filters))
        names = " and ".join(without)
        self.without.value = paragraph(f"Not filtered by {names} here.", "sw-note") if without else ""
        self.without.layout.display = None if without else "none"
        self._what.layout.display = None if filters else "none"
        self.layout.display = None if filters or without else "none"

    def _on_chips(self, change: dict[str, Any]) -> None:
        named = _named(self._shown)
        if list(named) != change["new"]:
            left = [named[key] for key in change["new"]]
            self._on_change({n: tuple(v for name, v in left if name == n) for n in dict(left)})


class FilteredViews(Panel):
    """Base of a panel of other panels, its views, of which one is open: they share their filters.

    A view is filtered when it is opened; what is not seen is not worked out.

    Attributes
    ----------
    filters : dict
        Filter → its values: ``{"country": (…), "segment": (…)}``.
    """

    filters: traitlets.Dict[str, Any] = traitlets.Dict()

    #: Whether a view follows the filters, instead of leading them.
    _following = False

    @property
    def panel(self) -> Panel | None:
        """The open view."""
        raise NotImplementedError

    @traitlets.validate("filters")
    def _known_filters(self, proposal: dict[str, Any]) -> Filters:
        return checked(self.model, proposal["value"])

    def _build_filters(self) -> widgets.Widget:
        self._filter_bar = FilterBar(self._on_chips, self._on_clear)
        return self._filter_bar

    def _filter_to_known(self, filters: Filters) -> None:
        """Filter further, to what the shop has; say what it doesn't have."""
        found, problems = known(self.model, filters)
        self.filters = {**self.filters, **found}
        if problems:
            self.say(problems)

    def _share_filters(self, view: Panel) -> None:
        """Let a view lead the filters that it has."""
        if own := list(traits_of(view).values()):
            view.observe(self._on_filter, own)

    def _hold(self) -> None:
        """Filter the open view as the others are, and show what it is filtered to."""
        if self.panel is None:
            return
        with self._unshared():
            hold(self.panel, self.filters)
        applied = filters_of(self.panel)
        lacking = [n for n in traits_of(self.panel) if self.filters.get(n) and n not in applied]
        self._filter_bar.show(applied, lacking)

    @contextmanager
    def _unshared(self) -> Iterator[None]:
        """Let what is done to a view be its own."""
        before, self._following = self._following, True
        try:
            yield
        finally:
            self._following = before

    @guarded
    def _on_filter(self, change: dict[str, Any]) -> None:
        """Filter all views as the one is in which a visitor sets a filter."""
        if self._following:
            return
        view = change["owner"]
        name = next(name for name, trait in traits_of(view).items() if trait == change["name"])
        self.filters = {**self.filters, name: filters_of(view).get(name, ())}

    def _on_chips(self, left: Filters) -> None:
        own = {} if self.panel is None else traits_of(self.panel)
        self._take(filters={**{n: v for n, v in self.filters.items() if n not in own}, **left})

    def _on_clear(self) -> None:
        self._take(filters={})


def _named(filters: Filters) -> dict[str, tuple[str, str]]:
    """Return what each chip says, with its filter and value."""
    return {f"{name.title()}: {value}": (name, value) for name, values in filters.items() for value in values}
