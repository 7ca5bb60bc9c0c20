"""A box that takes any text, and answers beside itself what it can't take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from shopper_widgets._support.locale import N_, current_locale, gettext
from shopper_widgets.panels.base import guarded

#: What is typed beyond this is cut off.
LONGEST_ENTRY = 200
#: How two numbers lie that exclude each other.
MORE_OR_LESS = (N_("more than"), N_("less than"))


class TypedBox(anywidget.AnyWidget):
    """Base of the boxes to type in: a label, a message, and an input that holds any text.

    What is typed comes to :meth:`enter`, whole; a subclass says what it means. The text of what is computed
    with stands in `shown`: the input holds it whenever nobody types. A message stands beside the input, and a
    screen reader reads it with it: what is wrong with the last entry, or else what the panel warns of.

    Attributes
    ----------
    description : str
        The label.
    kind : {"text", "lines", "number", "date"}
        What is typed; lines, in an area of several.
    shown : str
        What the input holds while nobody types.
    message : str
        What is told beside the input.
    wrong : bool
        Whether the message tells of something to mend.
    help : str
        What stands there where nothing is told.
    limits : list of str
        Of dates, the first and the last; of numbers, the ends of a slider, ``""`` for none.
    decimal : str
        The decimal mark of numbers.
    live : bool
        Whether each keystroke is taken, or else what stands there once typing pauses or the box is left.
    """

    #: What is typed beyond so many characters is cut off.
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
        """What the box is called in sentences: its label without what stands in brackets."""
        return self.description.partition(" (")[0]

    def enter(self, text: str, *, enter: bool = False) -> None:
        """Take what a visitor typed; `enter` tells that they pressed that key."""
        raise NotImplementedError

    def say(self, text: str, *, wrong: bool = True) -> None:
        """Tell something of the last entry; an empty text takes it away."""
        self._said = text, wrong
        self._tell()

    def warn(self, text: str) -> None:
        """Tell what is wrong with the value that is shown; an empty text takes it away."""
        self._warning = text
        self._tell()

    def forget(self) -> None:
        """Take away what was told of the last entry."""
        self.say("")

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take nothing from the browser but entries."""

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
    """Say beside two boxes that what the first holds doesn't come before what the last holds, where it is so.

    Parameters
    ----------
    first, last : TypedBox
        The boxes, which hold the lower and the upper end.
    crossed : bool
        Whether it is so.
    words : tuple of str
        How the first lies to the last, and the last to the first, such as ``("later than", "earlier than")``.

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
