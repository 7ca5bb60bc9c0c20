"""Filters that hold across views: a filter set in one view is set in every other view that has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import ipywidgets as widgets
import traitlets

from shopper_widgets._support.locale import gettext
from shopper_widgets.panels.base import Panel, guarded, row
from shopper_widgets.panels.chips import Chips
from shopper_widgets.panels.filter_rules import (
    Filters,
    checked,
    filters_of,
    held,
    held_if_there,
    hold,
    named,
    names_of,
    told,
    traits_of,
)
from shopper_widgets.words.html import paragraph


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
        self.clear = widgets.Button(description=gettext("Clear all filters"))
        self.clear.on_click(lambda _: on_clear())
        self.without, self.told = widgets.HTML(), widgets.HTML()
        super().__init__([row(self.chips, self.without, self.clear), self.told])
        self.add_class("sw-held")
        self.chips.observe(self._on_chips, "chosen")
        self.show({})

    def show(self, filters: Filters, without: Sequence[str] = (), told: Sequence[str] = ()) -> None:
        """Show filters, by which a view isn't filtered, and what they do; nothing where there are none."""
        self._shown = filters
        self.chips.chosen = list(named(filters))
        said = paragraph(gettext("Not filtered by {names} here.", names=names_of(without)), "sw-note")
        self.without.value = said if without else ""
        self.without.layout.display = None if without else "none"
        self.told.value = paragraph(" ".join(told), "sw-note")
        self.chips.layout.display = None if filters else "none"
        self.layout.display = None if filters or without else "none"

    def _on_chips(self, change: dict[str, Any]) -> None:
        shown = named(self._shown)
        if list(shown) != change["new"]:
            left = [shown[key] for key in change["new"]]
            self._on_change({n: sum((v for name, v in left if name == n), ()) for n in dict(left)})


class FilteredViews(Panel):
    """Base of a panel of other panels, its views, of which one is open: they share their filters.

    A view is filtered when it is opened; what is not seen is not worked out. One that can't be filtered so
    shows all, and says so.

    Attributes
    ----------
    filters : dict
        Filter → its values: ``{"country": (…), "segment": (…), "period": (first day, last day)}``, and each
        column that the model was told to keep: ``{"channel": (…)}``.
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
        #: View → what it was last filtered to.
        self._applied: dict[Panel, Filters] = {}
        self._filter_bar = FilterBar(self._on_chips, self._on_clear)
        return self._filter_bar

    def _opened(self, kind: type[Panel], **state: Any) -> Panel:
        """Make a view that is filtered as the others are from the start; it leads the filters that it has."""
        view = held_if_there(kind, self.model, self.filters, lambda held: kind(self.model, **state, **held))
        if filters_of(view):
            start = {name: view.trait_defaults(name) for name in held(kind, self.model, {})}
            view._opened_from({name: getattr(view, name) for name in view.state} | start)
        self._share_filters(view)
        return view

    def _share_filters(self, view: Panel) -> None:
        """Let a view lead the filters that it has."""
        if own := {trait for traits in traits_of(view).values() for trait in traits}:
            self._applied[view] = filters_of(view)
            view.observe(self._on_filter, list(own))

    def _hold(self) -> None:
        """Filter the open view as the others are, and show what it is filtered to."""
        if self.panel is None:
            return
        with self._unshared():
            hold(self.panel, self.filters)
        applied = self._applied[self.panel] = filters_of(self.panel)
        lacking = [name for name in self.filters if name not in applied]
        self._filter_bar.show(applied, lacking, told(self.model, self.filters, applied, type(self.panel)))

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
        # Several may be set at once, and the first that is told of must not take back the others.
        now, before = filters_of(view), self._applied[view]
        moved = [name for name in traits_of(view) if now.get(name) != before.get(name)]
        self._applied[view] = now
        self.filters = {**self.filters, **{name: now.get(name, ()) for name in moved}}

    def _on_chips(self, left: Filters) -> None:
        seen = {} if self.panel is None else self._applied[self.panel]
        self._take(filters={**{n: v for n, v in self.filters.items() if n not in seen}, **left})

    def _on_clear(self) -> None:
        self._take(filters={})
