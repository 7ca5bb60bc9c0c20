"""A box to type in, and the list of matches; `typed_box.js` decides when the typed text is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import traitlets

from shopper_widgets.panels.base import field
from shopper_widgets.panels.typed_box import LONGEST_ENTRY, TypedBox

#: Text beyond this length is cut off.
LONGEST_QUERY = LONGEST_ENTRY


class TextBox(TypedBox):
    """A labeled box for words, which are used at every keystroke.

    Attributes
    ----------
    value : str
        The typed text.

    Examples
    --------
    >>> box = TextBox("Product")
    >>> box.enter("red mug")
    >>> box.value
    'red mug'
    """

    value = traitlets.Unicode()

    def __init__(self, description: str, **state: Any) -> None:
        self._on_enter: list[Callable[[], None]] = []
        super().__init__(description, live=True, **state)

    def on_enter(self, callback: Callable[[], None]) -> None:
        """Set the function to call when a visitor presses Enter, after the typed text was taken."""
        self._on_enter.append(callback)

    def enter(self, text: str, *, enter: bool = False) -> None:
        """Take the typed text."""
        self.value = text
        for callback in self._on_enter if enter else ():
            callback()

    @traitlets.observe("value")
    def _show(self, change: dict[str, Any]) -> None:
        self.shown = change["new"]


class SearchBox(widgets.VBox):  # type: ignore[misc]
    """A text box above a list of candidates; both are plain form controls with labels.

    Parameters
    ----------
    label : str
        The box's label.
    placeholder : str
        An example of what may be typed.
    rows : int, default 8
        Candidates visible at once.

    Attributes
    ----------
    query : str
        The typed text.
    chosen : str
        The candidate that is picked, ``""`` for none.
    text : TextBox
        The box itself, which can show a message.

    Examples
    --------
    >>> box = SearchBox("Product", "such as: red mug")
    >>> box.offer([("Red mug", "A1"), ("Blue mug", "A2")], "Matches")
    >>> box.chosen = "A2"
    >>> box.children[1].label
    'Blue mug'
    """

    query = traitlets.Unicode()
    chosen = traitlets.Unicode()

    def __init__(self, label: str, placeholder: str, *, rows: int = 8) -> None:
        self.text = TextBox(label, placeholder=placeholder)
        self._list = widgets.Select(rows=rows)
        self._offering = False
        super().__init__([field(self.text, "sw-wide"), field(self._list, "sw-wide")])
        self.text.observe(self._typed, "value")
        self._list.observe(self._picked, "value")

    def offer(self, options: list[tuple[str, str]], title: str) -> None:
        """Put other candidates, pairs (text, key), into the list, under a title."""
        self._offering = True
        try:
            self._list.description = title
            self._list.disabled = not options
            if self._list.options != tuple(options):
                self._list.options = options
            self._mark()
        finally:
            self._offering = False

    @traitlets.validate("query")
    def _short(self, proposal: dict[str, Any]) -> str:
        text: str = proposal["value"]
        return text[:LONGEST_QUERY]

    def _typed(self, change: dict[str, Any]) -> None:
        self.query = change["new"]

    def _picked(self, change: dict[str, Any]) -> None:
        if not self._offering:
            self.chosen = change["new"] or ""

    @traitlets.observe("query")
    def _show_query(self, change: dict[str, Any]) -> None:
        self.text.value = change["new"]

    @traitlets.observe("chosen")
    def _show_chosen(self, _: dict[str, Any]) -> None:
        self._offering = True
        try:
            self._mark()
        finally:
            self._offering = False

    def _mark(self) -> None:
        """Mark the chosen candidate; filling the list moves its mark, which is not a visitor's choice."""
        keys = [key for _, key in self._list.options]
        self._list.value = self.chosen if self.chosen in keys else None
