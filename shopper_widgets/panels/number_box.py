"""A box for a number, which says in words why another entry is refused."""

from __future__ import annotations

from typing import Any

import traitlets

from shopper_widgets._support.locale import gettext, with_marks
from shopper_widgets.panels.number_limits import Limits, read_number, written
from shopper_widgets.panels.typed_box import TypedBox


class NumberBox(TypedBox):
    """A labeled box for a number within limits.

    Refusals are shown at the box, with the number that is still used; the box shows that one once it
    is left. Where the limits say what an empty box means, 0 is shown as an empty box.

    Parameters
    ----------
    limits : Limits
        The number's limits and label.
    currency : str, optional
        Shown with the label; it may be typed with the number.
    live : bool, default False
        Whether each keystroke is used.
    step : float, default 1
        The step of the arrow keys.
    slider : tuple of float, optional
        Ends of a slider below the box, for pointing devices: the box takes any number within the limits.

    Attributes
    ----------
    value : float
        The value in use.

    Examples
    --------
    >>> box = NumberBox(Limits("Number of orders", least=1, most=100, whole=True))
    >>> box.value = 3
    >>> box.enter("2.7")
    >>> box.value, box.message
    (3.0, 'Number of orders: a whole number from 1 to 100, not 2.7. 3 is still used.')
    >>> box.enter("4")
    >>> box.value, box.message
    (4.0, '')
    """

    value = traitlets.Float()

    def __init__(
        self,
        limits: Limits,
        *,
        currency: str | None = None,
        live: bool = False,
        step: float = 1,
        slider: tuple[float, float] | None = None,
    ) -> None:
        self._limits, self._currency = limits, currency
        unit = currency or gettext(limits.unit) or "%" * limits.percent
        label = gettext(limits.label)
        super().__init__(
            f"{label} ({unit})" if unit else label,
            kind="number",
            decimal=with_marks("."),
            live=live,
            step=step,
            placeholder=gettext(limits.empty),
            help=gettext(limits.help),
            limits=[f"{end:g}" for end in slider] if slider else ["", ""],
        )
        self._show()

    def enter(self, text: str, *, enter: bool = False) -> None:
        """Take a number, or say what is wrong with it and keep the number before it."""
        text = text.strip()
        number = read_number(text, self._currency or ("%" if "%" in self.description else None))
        if number is not None:
            number /= self._limits.scale
        if not text and self._limits.empty:
            number = 0.0
        refusal = self._refusal(text, number)
        if number is not None and not refusal:
            self.value = number
        if refusal:
            self.say(f"{refusal} {self._used()}")
        else:
            empty = self._limits.empty if not number else ""
            self.say(gettext("Empty: {meaning}.", meaning=gettext(empty)) if empty else "", wrong=False)

    def _refusal(self, text: str, number: float | None) -> str:
        if not text and number is None:
            return gettext("{wanted}; the box is empty.", wanted=self._limits.wanted)
        return self._limits.refusal(text if number is None else number)

    def _used(self) -> str:
        return (
            gettext("{shown} is still used.", shown=self.shown)
            if self.shown
            else gettext("Still empty: {meaning}.", meaning=gettext(self._limits.empty))
        )

    @traitlets.observe("value")
    def _show(self, _: Any = None) -> None:
        read = written(self._limits.scale * self.value)
        self.shown = "" if self._limits.empty and not self.value else read
        self.say("")


def number_box(trait: traitlets.TraitType[Any, Any], **options: Any) -> NumberBox:
    """Make the box of a trait: both refuse the same values with the same words.

    Examples
    --------
    >>> from shopper_widgets.panels.number_limits import Number
    >>> number_box(Number(Limits("Share", most=1)), step=0.05).description
    'Share'
    """
    limits: Limits = trait.limits  # type: ignore[attr-defined]
    return NumberBox(limits, **options)
