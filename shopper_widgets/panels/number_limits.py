"""Numbers that a visitor may choose: their limits, and the words that refuse another one."""

from __future__ import annotations

import dataclasses
import math
import numbers
import re
from typing import Any

import numpy as np
import traitlets

from shopper_widgets._support.locale import N_, gettext, with_marks, without_marks

#: A limit beyond this is not mentioned.
ENDLESS = 1e12
_SPACES = "\u0020\u00a0\u202f"
#: The forms of a number as people write it, with its decimal mark, after the marks of their language were
#: replaced by the English ones: with grouped thousands; with both marks exchanged, if a decimal mark shows
#: this; or not grouped, with either mark.
_FORMS = (
    (re.compile(rf"[+-]?[1-9]\d{{0,2}}([,{_SPACES}’'])\d{{3}}(?:\1\d{{3}})*(?:\.\d+)?"), "."),
    (re.compile(rf"[+-]?[1-9]\d{{0,2}}([.{_SPACES}])\d{{3}}(?:\1\d{{3}})*,\d+"), ","),
    (re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)"), "."),
    (re.compile(r"[+-]?(?:\d+,\d*|,\d+)"), ","),
)


@dataclasses.dataclass(frozen=True)
class Limits:
    """The limits of a number.

    Parameters
    ----------
    label : str
        Its name on the page.
    least, most : float
        The least and the greatest value; without `most` there is no upper limit.
    whole : bool
        Whether it has to be a whole number.
    empty : str
        The meaning of 0 and of an empty box, such as ``"no limit"``; ``""`` if a number is needed.
    unit : str
        Its unit, such as ``"days"``, which is shown with the label.
    help : str
        A few words below the label, such as ``"90: the top tenth"``.
    percent : bool
        Whether it is a share, which people write and read as a percentage.

    Examples
    --------
    >>> orders = Limits("Number of orders", least=1, most=1_000_000, whole=True)
    >>> orders.refusal(2.7)
    'Number of orders: a whole number from 1 to 1,000,000, not 2.7.'
    >>> orders.refusal(3)
    ''
    >>> Limits("Held out", most=0.9, percent=True).refusal(1)
    'Held out: a number from 0 to 90, not 100.'
    """

    label: str
    least: float = 0
    most: float = ENDLESS
    whole: bool = False
    empty: str = ""
    unit: str = ""
    help: str = ""
    percent: bool = False

    @property
    def scale(self) -> int:
        """The factor between the number that is shown and the one that is used."""
        return 100 if self.percent else 1

    @property
    def wanted(self) -> str:
        """The possible values, such as ``"Number of orders: a whole number from 1 to 1,000,000"``."""
        return self._wanted(has_end=self.most < ENDLESS)

    def _wanted(self, *, has_end: bool) -> str:
        first, last = (_limit(self.scale * limit) for limit in (self.least, self.most))
        return gettext(
            N_("{label}: a whole number {ends}") if self.whole else N_("{label}: a number {ends}"),
            label=gettext(self.label),
            ends=gettext(
                N_("from {first} to {last}") if has_end else N_("from {first}"), first=first, last=last
            ),
        )

    def refusal(self, value: object) -> str:
        """Say why a value is refused; ``""`` if it is accepted."""
        if isinstance(value, numbers.Real) and not isinstance(value, bool):
            number = float(value)
            if self.least <= number <= self.most and not (self.whole and number % 1):
                return ""
            has_end = self.most < ENDLESS or (math.isfinite(number) and number > self.most)
            return gettext(
                "{wanted}, not {number}.",
                wanted=self._wanted(has_end=has_end),
                number=written(self.scale * number),
            )
        return gettext("{wanted}, not {text}.", wanted=self.wanted, text=_quoted(value))


class Number(traitlets.Float[float, Any]):
    """A trait that holds a number within limits; it refuses others with its label's name.

    Examples
    --------
    >>> class Chooser(traitlets.HasTraits):
    ...     price = Number(Limits("Price from"))
    >>> Chooser(price=-1)
    Traceback (most recent call last):
    traitlets.traitlets.TraitError: Price from: a number from 0, not -1.
    """

    def __init__(self, limits: Limits, default_value: float = 0.0) -> None:
        self.limits = limits
        super().__init__(default_value)

    def validate(self, obj: Any, value: Any) -> float:
        """Return the number, or raise a TraitError that names the label."""
        if refusal := self.limits.refusal(value):
            raise traitlets.TraitError(refusal)
        return float(value)


class WholeNumber(traitlets.Int[int, Any]):
    """As `Number`, for whole numbers."""

    def __init__(self, limits: Limits, default_value: int = 0) -> None:
        self.limits = dataclasses.replace(limits, whole=True)
        super().__init__(default_value)

    def validate(self, obj: Any, value: Any) -> int:
        """Return the number, or raise a TraitError that names the label."""
        if refusal := self.limits.refusal(value):
            raise traitlets.TraitError(refusal)
        return int(value)


def read_number(text: str, currency: str | None = None) -> float | None:
    """Read a typed number in the language in force; None if it is none.

    Examples
    --------
    >>> read_number("1,234.50"), read_number("1.234,50"), read_number("2,7"), read_number("£ 10", "£")
    (1234.5, 1234.5, 2.7, 10.0)
    >>> from shopper_widgets._support.locale import in_locale
    >>> with in_locale("de"):
    ...     read_number("1.500"), read_number("1,500")
    (1500.0, 1.5)
    """
    text = text.replace("−", "-").strip()
    if currency:
        text = text.removeprefix(currency).removesuffix(currency).strip()
    text = without_marks(text)
    for form, mark in _FORMS:
        if form.fullmatch(text):
            return float(re.sub(rf"[^\d+{mark}-]", "", text).replace(",", "."))
    return None


def written(number: float) -> str:
    """Write a number as it can be typed, in the language in force.

    Examples
    --------
    >>> written(3.0), written(1661.74), written(1e12)
    ('3', '1661.74', '1000000000000')
    """
    # 0.07 × 100 is a little more than 7.
    return with_marks(np.format_float_positional(round(number, 9), trim="-"))


def _limit(number: float) -> str:
    return with_marks(f"{number:,.0f}" if number % 1 == 0 else f"{number:,.10g}")


def _quoted(value: object) -> str:
    if isinstance(value, str):
        return gettext("“{text}”", text=value if len(value) <= 40 else value[:39] + "…")
    return gettext("nothing") if value is None else gettext("“{text}”", text=value)
