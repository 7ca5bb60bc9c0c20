"""A box that takes any text, and says next to itself what it can't accept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from shopper_widgets._support.locale import N_, current_locale, gettext
from shopper_widgets.panels.base import guarded

#: Text beyond this length is cut off.
LONGEST_ENTRY = 200
#: The relation of two numbers that exclude each other.
MORE_OR_LESS = (N_("more than"), N_("less than"))


class TypedBox(anywidget.AnyWidget):
    """Base of text boxes: a label, a message, and an input that takes any text.

    The whole typed text comes to :meth:`enter`; a subclass interprets it. `shown` is the text of the value in
    use: the input holds it whenever nobody types. A message is shown next to the input, and screen readers
    read it with the input: what is wrong with the last entry, or else a warning of the panel.

    Attributes
    ----------
    description : str
        The label.
    kind : {"text", "lines", "number", "date"}
        The kind of text; "lines" for an area of several lines.
    shown : str
        The text of the input while nobody types.
    message : str
        The text next to the input.
    wrong : bool
        Whether the message is about something to correct.
    help : str
        The text next to the input if there is no message.
    limits : list of str
        For dates, the first and the last; for numbers, the ends of a slider; ``""`` for none.
    decimal : str
        The decimal mark of numbers.
    live : bool
        Whether each keystroke is sent; otherwise the text is sent when typing pauses or the box is left.
    """

    #: The most characters; text beyond them is cut off.
    longest = LONGEST_ENTRY

    _esm = Path(__file__).with_name("typed_box.js")

    description = traitlets.Unicode().tag(sync=True)
    kind = traitlets.Enum(("text", "lines", "number", "date"), default_value="text").tag(sync=True)
    shown = traitlets.Unicode().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    wrong = traitlets.Bool(False).tag(sync=True)
    help = traitlets.Unicode().tag(sync=True)
    placeholder = traitlets.Unicode().tag(sync=True)
    limits: traitlets.List[str] = traitlets.List(traitlets.Unicode(), default_value=["", ""]).tag(sync=True)
    step = traitlets.Float(0.0).tag(sync=True)
    decimal = traitlets.Unicode(".").tag(sync=True)
    live = traitlets.Bool(False).tag(sync=True)

    def __init__(self, description: str, **state: Any) -> None:
        self._said, self._warning = ("", False), ""
        self.locale = current_locale()
        super().__init__(description=description, **state)
        self.on_msg(self._on_typed)

    @property
    def label(self) -> str:
        """The name of the box in sentences: its label without the part in parentheses."""
        return self.description.partition(" (")[0]

    def enter(self, text: str, *, enter: bool = False) -> None:
        """Take the text that a visitor typed; `enter` is true if they pressed that key."""
        raise NotImplementedError

    def say(self, text: str, *, wrong: bool = True) -> None:
        """Show a message about the last entry; an empty text removes it."""
        self._said = text, wrong
        self._tell()

    def warn(self, text: str) -> None:
        """Say what is wrong with the value that is shown; an empty text removes the message."""
        self._warning = text
        self._tell()

    def forget(self) -> None:
        """Remove the message about the last entry."""
        self.say("")

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Accept only entries from the browser."""

    @guarded
    def _on_typed(self, _: object, content: dict[str, Any], __: object) -> None:
        try:
            text = content.get("text")
            if isinstance(text, str):
                self.enter(text[: self.longest], enter=content.get("enter") is True)
        finally:
            self.send({"number": content.get("number"), "left": content.get("left") is True})

    def _tell(self) -> None:
        said, wrong = self._said
        with self.hold_sync():
            self.message = said or self._warning
            self.wrong = wrong if said else bool(self._warning)


def tell_order(first: TypedBox, last: TypedBox, *, crossed: bool, words: tuple[str, str]) -> None:
    """Show a message at two boxes if the value of the first doesn't come before that of the last.

    Parameters
    ----------
    first, last : TypedBox
        The boxes, which hold the lower and the upper end.
    crossed : bool
        Whether it is so.
    words : tuple of str
        The relation of the first to the last, and the reverse, such as ``("later than", "earlier than")``.

    Examples
    --------
    >>> low, high = TypedBox("Price from (£)"), TypedBox("Price to (£)")
    >>> tell_order(low, high, crossed=True, words=("more than", "less than"))
    >>> low.message
    '“Price from” is more than “Price to”: nothing lies between them.'
    >>> tell_order(low, high, crossed=False, words=("more than", "less than"))
    >>> low.message
    ''
    """
    for box, other, word in ((first, last, words[0]), (last, first, words[1])):
        text = gettext(
            "“{box}” is {word} “{other}”: nothing lies between them.",
            box=box.label,
            word=gettext(word),
            other=other.label,
        )
        box.warn(text if crossed else "")
