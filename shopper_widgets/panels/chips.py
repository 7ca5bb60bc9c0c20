"""Chosen things, each a button that removes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import traitlets

from shopper_widgets._support.locale import gettext
from shopper_widgets.words.html import paragraph


class Chips(widgets.VBox):  # type: ignore[misc]
    """A row of buttons, one for each choice; a click removes it.

    Buttons are plain text with the verb in it, so that a screen reader says what a click does.

    Parameters
    ----------
    title : str
        The label above them; none if nothing is chosen.
    verb : str
        What a click does, such as ``"Remove"``; ``""`` leaves that to the cross before the name, and to the
        button's description.
    name : callable
        Returns the name of a key.

    Attributes
    ----------
    chosen : list of str
        The keys, in the order in which they are shown.

    Examples
    --------
    >>> chips = Chips("In the basket", "Remove", str.title)
    >>> chips.chosen = ["mug", "pan"]
    >>> [button.description for button in chips.buttons]
    ['Remove Mug', 'Remove Pan']
    >>> chips.buttons[0].click()
    >>> chips.chosen
    ['pan']
    """

    chosen: traitlets.List[str] = traitlets.List(traitlets.Unicode())

    def __init__(self, title: str, verb: str, name: Callable[[str], str]) -> None:
        self._title, self._verb, self._name = title, verb, name
        self._heading = widgets.HTML()
        self._row = widgets.Box()
        self._made: dict[str, widgets.Button] = {}
        super().__init__([self._heading, self._row])
        self._row.add_class("sw-row")
        self._row.add_class("sw-chips")

    @property
    def buttons(self) -> list[widgets.Button]:
        """The buttons that are shown."""
        return list(self._row.children)

    @traitlets.observe("chosen")
    def _show(self, change: dict[str, Any]) -> None:
        chosen: list[str] = change["new"]
        # A button that stays is the same object, so that it keeps the keyboard's focus.
        self._made = {key: self._made.get(key) or self._make(key) for key in chosen}
        self._row.children = tuple(self._made.values())
        self._heading.value = paragraph(self._title) if chosen else ""

    def _make(self, key: str) -> widgets.Button:
        name = self._name(key)
        said = f"{self._verb} {name}" if self._verb else name
        button = widgets.Button(
            description=said, icon="times", tooltip="" if self._verb else gettext("Remove {name}", name=name)
        )
        button.on_click(lambda _: self._take_away(key))
        return button

    def _take_away(self, key: str) -> None:
        place = self.chosen.index(key)
        self.chosen = [other for other in self.chosen if other != key]
        if self.buttons:
            self.buttons[min(place, len(self.buttons) - 1)].focus()
