"""What a campaign asks for: its fields, checked when they are set."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

from shopper_widgets._support.checks import check_count, plain
from shopper_widgets._support.locale import gettext
from shopper_widgets._support.moments import naive_timestamp

#: JSON allows whole numbers that are too large to compare with measured values.
_GREATEST = sys.float_info.max
_TUPLES = ("segments", "countries", "bought", "due", "recommended")
#: Fields that are given and written as mappings; they are held as pairs, in order.
MAPPINGS = ("kept", "actions")
_RANGES = tuple((f"min_{what}", f"max_{what}") for what in ("overdue", "silence", "orders", "spend"))
_NUMBERS = (*(name for names in _RANGES for name in names), "hold_out", "seed")


@dataclass(frozen=True)
class CampaignDefinition:
    """The fields of a :class:`~shopper_widgets.Campaign`, which says what each one means."""

    name: str = "Campaign"
    segments: tuple[str, ...] = ()
    flows: tuple[tuple[str, str], ...] = ()
    flow_start: str | None = None
    flow_end: str | None = None
    min_overdue: float | None = None
    max_overdue: float | None = None
    min_silence: int | None = None
    max_silence: int | None = None
    min_orders: int | None = None
    max_orders: int | None = None
    countries: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    min_spend: float | None = None
    max_spend: float | None = None
    bought: tuple[str, ...] = ()
    recommended: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    n_recommendations: int = 0
    hold_out: float = 0.0
    seed: int = 0
    actions: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for name in _TUPLES:
            object.__setattr__(self, name, _texts(name, getattr(self, name)))
        object.__setattr__(self, "flows", _pairs("flows", self.flows))
        for name in MAPPINGS:
            given = getattr(self, name)
            pairs = _pairs(name, given.items() if isinstance(given, Mapping) else given)
            object.__setattr__(self, name, tuple(sorted(pairs)))
        self._check()

    def _check(self) -> None:
        if not isinstance(self.name, str):
            raise TypeError(
                gettext("{name} must be a text; got {given}.", name="name", given=_shown(self.name))
            )
        for name in _NUMBERS:
            _check_number(name, getattr(self, name))
        for low, high in _RANGES:
            least, greatest = getattr(self, low), getattr(self, high)
            if least is not None and greatest is not None and least > greatest:
                raise ValueError(
                    gettext(
                        "{low} must not exceed {high}; got {least} and {greatest}.",
                        low=low,
                        high=high,
                        least=least,
                        greatest=greatest,
                    )
                )
        if not 0 <= self.hold_out < 1:
            raise ValueError(
                gettext(
                    "hold_out must be a share from 0 to below 1; got {given}.", given=_shown(self.hold_out)
                )
            )
        if self.n_recommendations != 0:
            check_count("n_recommendations", self.n_recommendations)
        if self.flows and (self.flow_start is None or self.flow_end is None):
            raise ValueError(
                gettext("flows need flow_start and flow_end: the two dates between which people moved.")
            )
        for name in ("flow_start", "flow_end"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, str(naive_timestamp(name, getattr(self, name))))


def _texts(name: str, given: Any) -> tuple[str, ...]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(
            gettext("{name} must be a list of texts; write [{given}].", name=name, given=_shown(given))
        )
    return tuple(str(value) for value in given)


def _pairs(name: str, given: Any) -> tuple[tuple[str, str], ...]:
    pairs = [_texts(name, pair) for pair in given] if isinstance(given, Iterable) else [()]
    if any(len(pair) != 2 for pair in pairs):
        raise TypeError(
            gettext("{name} must be pairs of texts; got {given}.", name=name, given=_shown(given))
        )
    return tuple((first, second) for first, second in pairs)


def _check_number(name: str, value: Any) -> None:
    if value is None and name not in ("hold_out", "seed"):
        return
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if not (is_number and abs(value) <= _GREATEST):
        raise ValueError(
            gettext("{name} must be a number; got {given}.", name=name, given=_shown(value)[:40])
        )


def _shown(given: Any) -> str:
    return repr(plain(given))
