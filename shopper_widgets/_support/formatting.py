"""How numbers are written for people: the same in charts, panels, reports and log lines."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from numbers import Real

from shopper_widgets._support.locale import (
    ENGLISH,
    N_,
    Counted,
    currency_place,
    current_locale,
    gettext,
    ngettext,
    with_marks,
    written_date,
)

#: Shown where there is no value.
MISSING = "–"
#: Stands for a currency where the orders have no prices: figures of money are then numbers of units.
OF_UNITS = "units"
#: The least amount that is written in each unit, and the unit's name.
UNITS = ((1e3, N_("k")), (1e6, N_("M")), (1e9, N_("bn")))


def format_money(amount: float | None, currency: str = "", *, exact: bool = False) -> str:
    """Write an amount of money.

    Parameters
    ----------
    amount : float or None
        In units of `currency`. Missing amounts become a dash.
    currency : str, default ""
        A sign (``"£"``) or a code (``"EUR"``); a code is set off by a space. `OF_UNITS`: a number of units.
    exact : bool, default False
        Two decimals and every digit. Otherwise three significant digits from 10,000 on, whole units from 100
        on, two decimals below. Whole numbers of units have no decimals.

    Returns
    -------
    str
        With the marks of the language in force, such as ``"£12.50"``.

    Examples
    --------
    >>> format_money(1_234_567, "£"), format_money(1_234_567, "£", exact=True)
    ('£1.23 M', '£1,234,567.00')
    >>> format_money(45_210, "EUR"), format_money(1_863.4, "£"), format_money(-2.9)
    ('EUR 45.2 k', '£1,863', '-2.90')
    >>> print(format_money(54, "units"), format_money(2.93, "units"), format_money(38_765, "units"), sep="; ")
    54 units; 2.93 units; 38.8 k units
    """
    if _is_missing(amount):
        return MISSING
    value = abs(float(amount))  # type: ignore[arg-type]
    if exact or value < 100:
        text = with_marks(f"{value:,.{0 if currency == OF_UNITS and value == round(value) else 2}f}")
    elif value < 9_999.5:
        text = with_marks(f"{value:,.0f}")
    else:
        text = _short(value)
    negative = float(amount) < 0 and text.strip("0.,") != ""  # type: ignore[arg-type]
    before, after = currency_affixes(currency)
    return f"{'-' if negative else ''}{before}{text}{after}"


def format_count(count: float | None) -> str:
    """Write a number of things, with thousands marks.

    Examples
    --------
    >>> format_count(397_884), format_count(None)
    ('397,884', '–')
    """
    return format_decimal(count, 0)


def format_decimal(value: float | None, digits: int) -> str:
    """Write a number with this many decimals, and with thousands marks.

    Examples
    --------
    >>> format_decimal(1_234.5, 2), format_decimal(0.0625, 1), format_decimal(-0.001, 2)
    ('1,234.50', '0.1', '0.00')
    """
    return MISSING if _is_missing(value) else with_marks(f"{float(value):z,.{digits}f}")  # type: ignore[arg-type]


def count_of(number: float, thing: str) -> str:
    """Write a number with its noun, in the singular for one.

    Examples
    --------
    >>> count_of(1, "order"), count_of(1_591, "customer"), count_of(0, "day")
    ('1 order', '1,591 customers', '0 days')
    """
    return Counted.of(format_count(number), ngettext(thing, f"{thing}s", number))


def listed(items: Iterable[object]) -> str:
    """Write several things as a list within a sentence.

    Examples
    --------
    >>> listed(["mugs"]), listed([2, 3, 4])
    ('mugs', '2, 3 and 4')
    """
    *rest, last = ["", *map(str, items)]
    return gettext("{several} and {last}", several=", ".join(rest[1:]), last=last) if rest[1:] else last


def format_product(name: str, *, begins: bool = False) -> str:
    """Write the name of a product; if it has only a number, say what the number is.

    Parameters
    ----------
    name : str
        As the orders have it, or a number in place of one.
    begins : bool, default False
        Whether a sentence begins with it.

    Examples
    --------
    >>> format_product("RED MUG"), format_product("540"), format_product("540", begins=True)
    ('RED MUG', 'product 540', 'Product 540')
    """
    if not name.isdigit():
        return name
    return gettext(N_("Product {number}") if begins else N_("product {number}"), number=name)


def ended(sentence: str) -> str:
    """End a sentence with a full stop, unless an abbreviation such as “40,3 Tsd.” already ends it with one.

    Examples
    --------
    >>> ended("£45.2 k"), ended("40,3 Tsd.")
    ('£45.2 k.', '40,3 Tsd.')
    """
    return sentence if sentence.endswith(".") else f"{sentence}."


def with_code(name: str, code: str) -> str:
    """Write a name with its code, since two products may share a name; only the code if it is the name.

    Examples
    --------
    >>> with_code("RED MUG", "85123A"), with_code("540", "540")
    ('RED MUG · 85123A', '540')
    """
    return name if name == code else f"{name} · {code}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_day(moment: date) -> str:
    """Write a date for people; programs and errors use 2011-12-09.

    Examples
    --------
    >>> format_day(date(2011, 12, 9))
    '9 Dec 2011'
    """
    if current_locale() != ENGLISH:
        return written_date(moment, "yMMMd")
    return f"{moment.day} {format_month(moment)}"


def format_month(moment: date) -> str:
    """Write a month for people.

    Examples
    --------
    >>> format_month(date(2011, 12, 9))
    'Dec 2011'
    """
    if current_locale() != ENGLISH:
        return written_date(moment, "yMMM")
    return f"{_MONTHS[moment.month - 1]} {moment.year}"


def format_share(share: float | None) -> str:
    """Write a share as a percentage, in which only none is 0 % and only all is 100 %.

    Parameters
    ----------
    share : float or None
        0.13 is 13 %.

    Examples
    --------
    >>> format_share(0.1327), format_share(0.0042), format_share(0.9961), format_share(0.00001)
    ('13 %', '0.4 %', '99.6 %', '< 0.1 %')
    >>> format_share(0), format_share(1), format_share(float("nan"))
    ('0 %', '100 %', '–')
    """
    if _is_missing(share):
        return MISSING
    percent = 100 * float(share)  # type: ignore[arg-type]
    if 0 < percent < 0.05:
        return f"< {format_decimal(0.1, 1)} %"
    if 99.95 <= percent < 100:
        return f"> {format_decimal(99.9, 1)} %"
    return f"{with_marks(f'{percent:z.{int(0 < abs(percent) < 1 or 99 < percent < 100)}f}')} %"


def format_number(value: float | None) -> str:
    """Write a measured number: two decimals when small, whole with thousands marks when large.

    Examples
    --------
    >>> format_number(0.4567), format_number(38.25), format_number(4_310.0)
    ('0.46', '38.2', '4,310')
    """
    if _is_missing(value):
        return MISSING
    number = float(value)  # type: ignore[arg-type]
    digits = 2 if abs(number) < 10 else 1 if abs(number) < 100 else 0
    return format_decimal(number, digits)


def currency_affixes(currency: str) -> tuple[str, str]:
    """Return what goes before an amount and what after it: the sign itself, or the code and a space.

    Examples
    --------
    >>> currency_affixes("£"), currency_affixes("EUR"), currency_affixes("")
    (('£', ''), ('EUR ', ''), ('', ''))
    """
    if currency == OF_UNITS:
        return "", "\u00a0" + ngettext("unit", "units", 2)
    place = currency_place() if currency else ""
    if place == "behind":
        return "", f"\u00a0{currency}"
    if place == "apart":
        return f"{currency}\u00a0", ""
    return f"{currency} " if currency and currency[-1].isalpha() else currency, ""


def _short(value: float) -> str:
    for unit, sign in UNITS:
        scaled = value / unit
        scaled = float(f"{scaled:.3g}") if scaled < 1000 else scaled
        number = f"{format_decimal(scaled, max(0, 2 - int(math.log10(scaled))))} {gettext(sign)}"
        if scaled < 1000:
            break
    return number


def _is_missing(value: object) -> bool:
    return not isinstance(value, Real) or math.isnan(value)
