"""A box for a visitor's own words, in one or several lines, which says what an empty box means."""

from __future__ import annotations

from typing import Any

import traitlets

from shopper_widgets._support.formatting import format_count
from shopper_widgets._support.locale import gettext
from shopper_widgets.panels.typed_box import TypedBox


class WordsBox(TypedBox):
    """A labeled box for free text.

    Parameters
    ----------
    label : str
        The label above the box.
    empty : str
        What an empty box means, such as ``"no action"``.
    most : int
        Maximum number of characters; a message at the box says that more are left out.
    lines : bool, default False
        Whether there may be several lines.

    Attributes
    ----------
    value : str
        The typed text, without spaces before and after.

    Examples
    --------
    >>> box = WordsBox("At-Risk", "no action", most=20)
    >>> box.enter(" Ring them. ")
    >>> box.value, box.message
    ('Ring them.', '')
    >>> box.enter("  ")
    >>> box.value, box.message
    ('', 'Empty: no action.')
    >>> box.enter("Ring them, then write.")
    >>> box.value, box.message
    ('Ring them, then writ', 'At-Risk: at most 20 characters; the rest is left out.')
    """

    value = traitlets.Unicode()

    def __init__(self, label: str, empty: str, *, most: int, lines: bool = False) -> None:
        self._empty, self._most = empty, most
        self.longest = most + 1  # so that a longer text is noticed
        super().__init__(label, kind="lines" if lines else "text", placeholder=empty)

    def enter(self, text: str, *, enter: bool = False) -> None:
        """Take the typed text; say if nothing is left, or if the text was cut off."""
        text = text.strip()
        self.value = text[: self._most]
        if len(text) > self._most:
            most = format_count(self._most)
            self.say(
                gettext(
                    "{label}: at most {most} characters; the rest is left out.", label=self.label, most=most
                )
            )
        else:
            self.say("" if text else gettext("Empty: {meaning}.", meaning=self._empty), wrong=False)

    @traitlets.observe("value")
    def _show(self, change: dict[str, Any]) -> None:
        self.shown = change["new"]
        self.say("")
