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
    """Show a view's filters as chips that remove them, and a button that removes all.

    Parameters
    ----------
    on_change : callable
        Receives the filters that remain after a click.
    on_clear : callable
        Removes all filters.

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
        """Show the filters, those that a view doesn't have, and what they do; nothing without filters."""
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
    """Base of a panel of views, which are panels and share their filters; one view is open.

    Filters are applied to a view when it is opened, so that hidden views compute nothing. A view without one
    of the filters shows everything, and says so.

    Attributes
    ----------
    filters : dict
        Filter → its values: ``{"country": (…), "segment": (…), "period": (first day, last day)}``, and each
        column that the model was told to keep: ``{"channel": (…)}``.
    """

    filters: traitlets.Dict[str, Any] = traitlets.Dict()

    #: Whether a view is just following the filters, and not changing them.
    _following = False

    @property
    def panel(self) -> Panel | None:
        """The open view."""
        raise NotImplementedError

    @traitlets.validate("filters")
    def _known_filters(self, proposal: dict[str, Any]) -> Filters:
        return checked(self.model, proposal["value"])

    def _build_filters(self) -> widgets.Widget:
        #: View → the filters that were last applied to it.
        self._applied: dict[Panel, Filters] = {}
        self._filter_bar = FilterBar(self._on_chips, self._on_clear)
        return self._filter_bar

    def _opened(self, kind: type[Panel], **state: Any) -> Panel:
        """Make a view with the filters of the others; its own changes then change the filters for all."""
        view = held_if_there(kind, self.model, self.filters, lambda held: kind(self.model, **state, **held))
        if filters_of(view):
            start = {name: view.trait_defaults(name) for name in held(kind, self.model, {})}
            view._opened_from({name: getattr(view, name) for name in view.state} | start)
        self._share_filters(view)
        return view

    def _share_filters(self, view: Panel) -> None:
        """Let changes in a view change the filters for all views."""
        if own := {trait for traits in traits_of(view).values() for trait in traits}:
            self._applied[view] = filters_of(view)
            view.observe(self._on_filter, list(own))

    def _hold(self) -> None:
        """Apply the filters to the open view, and show those that it has."""
        if self.panel is None:
            return
        with self._unshared():
            hold(self.panel, self.filters)
        applied = self._applied[self.panel] = filters_of(self.panel)
        lacking = [name for name in self.filters if name not in applied]
        self._filter_bar.show(applied, lacking, told(self.model, self.filters, applied, type(self.panel)))

    @contextmanager
    def _unshared(self) -> Iterator[None]:
        """Keep changes of a view from changing the filters for all."""
        before, self._following = self._following, True
        try:
            yield
        finally:
            self._following = before

    @guarded
    def _on_filter(self, change: dict[str, Any]) -> None:
        """Apply a filter that a visitor sets in one view to all views."""
        if self._following:
            return
        view = change["owner"]
        # Several filters may be set at once: the first notification must not reset the others.
        now, before = filters_of(view), self._applied[view]
        moved = [name for name in traits_of(view) if now.get(name) != before.get(name)]
        self._applied[view] = now
        self.filters = {**self.filters, **{name: now.get(name, ()) for name in moved}}

    def _on_chips(self, left: Filters) -> None:
        seen = {} if self.panel is None else self._applied[self.panel]
        self._take(filters={**{n: v for n, v in self.filters.items() if n not in seen}, **left})

    def _on_clear(self) -> None:
        self._take(filters={})
