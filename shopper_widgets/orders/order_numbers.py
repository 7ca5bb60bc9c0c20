"""Order numbers that mark cancellations or adjustments, as some programs write them.

In UCI Online Retail (doi 10.24432/C5BW33) ``C536379`` cancels and ``A563185`` adjusts bad debt. Elsewhere,
too, numbers begin with these letters: hashes (``c3f9…``), sequences (``A1001``). The letter alone therefore
decides nothing: the lines of such numbers must show what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw
from narwhals.typing import FrameT

from shopper_widgets._support.checks import plain
from shopper_widgets._support.formatting import count_of, format_count
from shopper_widgets._support.locale import N_, gettext, ngettext
from shopper_widgets.columns import AMOUNT, ORDER_ID, PRODUCT_ID, PRODUCT_NAME, QUANTITY
from shopper_widgets.orders.cells.distinct import by_distinct

#: A pattern of order ids, a function that returns whether an id is marked, or None for none; with "auto", the
#: data must prove it.
Numbers = str | Callable[[str], bool] | None

_C_NUMBER, _A_NUMBER = "^[Cc][0-9]+$", "^[Aa][0-9]+$"
# One in this many lines of C numbers may be a sale (Online Retail II has one in 19,494).
_EXCEPTIONS = 100
_ADJUSTING_CODE, _ADJUSTING_NAME = "B", r"(?i)bad debt|^\s*adjust(?:ment|ed|ing)?(?:\W|$)"


_CANCELLED = N_("Cancelled orders: those with numbers such as C536379; {of_all}.")
_NOT_CANCELLED = N_("Cancelled orders: not shown by numbers such as C536379; {of_all}.")
_ADJUSTING = N_("Adjustments: orders with numbers such as A563185; {of_all}.")
_NOT_ADJUSTING = N_("Adjustments: not shown by numbers such as A563185; {of_all}.")


#: Columns that say whether a line's number is a C (an A) and digits, where these have been looked at.
_LETTERS = {_C_NUMBER: "_is_c_number", _A_NUMBER: "_is_a_number"}


def with_letters(lines: FrameT) -> FrameT:
    """Look at the order numbers once for all that is asked of them."""
    looked = [nw.col(ORDER_ID).str.contains(pattern).alias(name) for pattern, name in _LETTERS.items()]
    return by_distinct(lines, ORDER_ID, [*_LETTERS.values()], lambda ids: ids.with_columns(*looked))


def _is(pattern: str, lines: Any) -> nw.Expr:
    name = _LETTERS[pattern]
    return nw.col(name) if name in lines.collect_schema() else nw.col(ORDER_ID).str.contains(pattern)


@dataclass(frozen=True)
class NumberRule:
    """The lines that order numbers mark, and why.

    Attributes
    ----------
    marked : Narwhals expression
        True, False or null.
    reason : str
        The reason in words, for the reader of a report.
    """

    marked: nw.Expr
    reason: str


def cancelled_numbers(lines: FrameT, cancelled: Numbers | Literal["auto", False]) -> NumberRule:
    """Return the rule for numbers of cancelled orders: by the caller, or proved by the lines.

    Proved: lines of numbers such as ``C536379`` all have negative quantities or amounts (one in a hundred may
    not), and those of other numbers mostly don't. Then such a number's lines that are not positive are
    cancelled: the rule never takes a sale away.

    Parameters
    ----------
    lines : Narwhals frame
        Canonical columns, ``amount`` among them.
    cancelled : str, callable, None or "auto"
        A pattern, a function of an order number, None for none; ``"auto"`` asks for the proof.

    Returns
    -------
    NumberRule
        Which lines it marks, and the sentence that says why.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame({"order_id": ["C1", "2"], "quantity": [-1, 5], "amount": [-9.0, 45.0]})
    >>> cancelled_numbers(nw.from_native(lines), "auto").reason
    'Cancelled orders: those with numbers such as C536379; none of their 1 line is a sale.'
    """
    if cancelled != "auto":
        return _asked_for(lines, "cancelled", cancelled)
    number = _is(_C_NUMBER, lines)
    back = (nw.col(QUANTITY) < 0) | (nw.col(AMOUNT) < 0)
    sold = (nw.col(QUANTITY) > 0) & (nw.col(AMOUNT) > 0)
    told = lines.select(number=number, back=back, sold=sold)  # every number is looked at once
    cancels, comes_back, is_sold = nw.col("number"), nw.col("back"), nw.col("sold")
    found = _counts(
        told,
        back=cancels & comes_back,
        sold=cancels & is_sold,
        others_back=~cancels & comes_back,
        others_sold=~cancels & is_sold,
    )
    if not found["back"] and not found["sold"]:
        return NumberRule(nw.lit(False), "")
    of_lines = count_of(found["back"] + found["sold"], "line")
    of_all = gettext("none of their {lines} is a sale", lines=of_lines)
    if sold_lines := found["sold"]:
        of_all = ngettext(
            "{number} of their {lines} is a sale",
            "{number} of their {lines} are sales",
            sold_lines,
            number=format_count(sold_lines),
            lines=of_lines,
        )
    if found["back"] < found["sold"] * (_EXCEPTIONS - 1) or found["others_back"] > found["others_sold"]:
        return NumberRule(nw.lit(False), gettext(_NOT_CANCELLED, of_all=of_all))
    return NumberRule(number & ~sold, gettext(_CANCELLED, of_all=of_all))


def adjustment_numbers(lines: FrameT, adjustments: Numbers | Literal["auto", False]) -> NumberRule:
    """Return the rule for numbers of account adjustments: by the caller, or proved by the lines.

    Proved: all lines of numbers such as ``A563185`` are about the code B or are called an adjustment.

    Parameters
    ----------
    lines : Narwhals frame
        Canonical columns.
    adjustments : str, callable, None or "auto"
        A pattern, a function of an order number, None for none; ``"auto"`` asks for the proof.

    Returns
    -------
    NumberRule
        Which lines it marks, and the sentence that says why.
    """
    if adjustments != "auto":
        return _asked_for(lines, "adjustments", adjustments)
    number = _is(_A_NUMBER, lines)
    adjusting = (nw.col(PRODUCT_ID).str.to_uppercase() == _ADJUSTING_CODE).fill_null(False)
    if PRODUCT_NAME in lines.collect_schema():
        named = nw.col(PRODUCT_NAME).cast(nw.String).str.contains(_ADJUSTING_NAME)
        adjusting = adjusting | named.fill_null(False)
    # Only these few lines are searched: to look for words in every name would take longer than everything
    # else.
    found = _counts(lines.filter(number), adjusting=adjusting, goods=~adjusting)
    if not found["adjusting"] and not found["goods"]:
        return NumberRule(nw.lit(False), "")
    of_lines = count_of(found["adjusting"] + found["goods"], "line")
    if goods := found["goods"]:
        of_all = ngettext(
            "{number} of their {lines} is for goods",
            "{number} of their {lines} are for goods",
            goods,
            number=format_count(goods),
            lines=of_lines,
        )
        return NumberRule(nw.lit(False), gettext(_NOT_ADJUSTING, of_all=of_all))
    of_all = gettext("none of their {lines} is for goods", lines=of_lines)
    return NumberRule(number, gettext(_ADJUSTING, of_all=of_all))


def _counts(lines: FrameT, **conditions: nw.Expr) -> dict[str, int]:
    """Count the lines that meet each condition, in one small query."""
    one = {
        name: nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).sum()
        for name, condition in conditions.items()
    }
    row = lines.lazy().select(**one).collect().row(0)
    return {name: int(count or 0) for name, count in zip(conditions, row, strict=True)}


def _asked_for(lines: FrameT, name: str, numbers: Any) -> NumberRule:
    told = gettext(N_("Cancelled orders") if name == "cancelled" else N_("Adjustments"))
    if numbers is None or numbers is False:
        none = gettext("{told}: none by order number ({setting}).", told=told, setting=f"{name}=None")
        return NumberRule(nw.lit(False), none)
    if isinstance(numbers, str) and numbers:
        try:
            says = re.compile(numbers).search
        except re.error as error:
            raise ValueError(
                f"{name} must be a pattern such as '^RMA'; {numbers!r} is not one: {error}."
            ) from None
        told = gettext("{told}: order numbers of the pattern {pattern}", told=told, pattern=numbers)
    elif callable(numbers):
        says, told = numbers, gettext("{told}: order numbers chosen by the function", told=told)
    else:
        raise TypeError(
            f"{name} must be 'auto', a pattern of order ids such as '^RMA', a function that takes an order "
            f"id, or None; got {plain(numbers)!r}."
        )
    numbered = lines.lazy().select(ORDER_ID).filter(~nw.col(ORDER_ID).is_null())
    ids = numbered.unique().collect()[ORDER_ID].to_list()
    chosen = sorted(order for order in ids if says(order))
    reason = gettext(
        "{told} ({setting}): {chosen} of {all}.",
        told=told,
        setting=f"{name}=…",
        chosen=format_count(len(chosen)),
        all=format_count(len(ids)),
    )
    return NumberRule(nw.col(ORDER_ID).is_in(chosen) if chosen else nw.lit(False), reason)
