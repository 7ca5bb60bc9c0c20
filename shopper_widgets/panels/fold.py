"""A line that opens and closes views and controls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets


class Summary(anywidget.AnyWidget):
    """The line to click, which tells screen readers whether its content is open.

    Attributes
    ----------
    summary : str
        The text of the line.
    opened : bool
        Whether its content is open.
    """

    _esm = Path(__file__).with_name("fold.js")

    summary = traitlets.Unicode().tag(sync=True)
    opened = traitlets.Bool(False).tag(sync=True)


class Fold(widgets.VBox):  # type: ignore[misc]
    """Widgets below a line that opens and closes them; closed at first.

    Parameters
    ----------
    summary : str
        The text of the line.
    *children : Widget
        The content below the line.

    Attributes
    ----------
    opened : bool
        Whether they are visible.

    Examples
    --------
    >>> fold = Fold("Further filters", widgets.HTML("…"))
    >>> fold.children[1].layout.display
    'none'
    >>> fold.opened = True
    >>> fold.children[1].layout.display is None
    True
    """

    opened = traitlets.Bool(False)

    def __init__(self, summary: str, *children: widgets.Widget) -> None:
        self._line, self._room = Summary(summary=summary), widgets.VBox(children)
        traitlets.link((self, "opened"), (self._line, "opened"))
        super().__init__([self._line, self._room])
        self._show()

    @traitlets.observe("opened")
    def _show(self, _: Any = None) -> None:
        self._room.layout.display = None if self.opened else "none"
