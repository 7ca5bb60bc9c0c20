"""Signs, codes and short names of currencies next to prices, and which of them mean the same currency."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import AMOUNT, UNIT_PRICE

_CODES = (
    *(
        "AED",
        "ARS",
        "AUD",
        "BDT",
        "BGN",
        "BRL",
        "CAD",
        "CHF",
        "CLP",
        "CNY",
        "COP",
        "CZK",
        "DKK",
        "EGP",
        "EUR",
    ),
    *(
        "GBP",
        "GHS",
        "HKD",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "ISK",
        "JPY",
        "KES",
        "KRW",
        "KWD",
        "LKR",
        "MAD",
        "MXN",
    ),
    *(
        "MYR",
        "NGN",
        "NOK",
        "NZD",
        "PEN",
        "PHP",
        "PKR",
        "PLN",
        "QAR",
        "RON",
        "RSD",
        "RUB",
        "SAR",
        "SEK",
        "SGD",
    ),
    *("THB", "TRY", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "VND", "ZAR"),
)
#: Signs and words, in capitals and without dots, that mean one currency only, in any shop.
_MEANS = {
    **dict.fromkeys(("€", "EURO", "EUROS"), "EUR"),
    **dict.fromkeys(("£", "￡"), "GBP"),
    **dict.fromkeys(("US$", "U$S", "USD$"), "USD"),
    **dict.fromkeys(("A$", "AU$"), "AUD"),
    **dict.fromkeys(("C$", "CA$", "CDN$"), "CAD"),
    **dict.fromkeys(("MX$", "MEX$"), "MXN"),
    **dict.fromkeys(("NT$", "TW$"), "TWD"),
    **dict.fromkeys(("S$", "SG$"), "SGD"),
    **{"HK$": "HKD", "NZ$": "NZD", "R$": "BRL", "AR$": "ARS", "₹": "INR", "₩": "KRW", "₪": "ILS", "₫": "VND"},
    **{"฿": "THB", "₦": "NGN", "円": "JPY", "元": "CNY", "RMB": "CNY", "RP": "IDR", "RM": "MYR", "R": "ZAR"},
    "원": "KRW",
    **{"S/": "PEN", "₱": "PHP", "KSH": "KES", "GH₵": "GHS"},
    **dict.fromkeys(("₽", "РУБ", "Р"), "RUB"),
    **dict.fromkeys(("₴", "ГРН"), "UAH"),
    **dict.fromkeys(("ZŁ", "ZL"), "PLN"),
    **dict.fromkeys(("KČ", "KC"), "CZK"),
    **dict.fromkeys(("₺", "TL"), "TRY"),
    **dict.fromkeys(("FR", "SFR"), "CHF"),
    **dict.fromkeys(("LEI", "LEU"), "RON"),
    **{"FT": "HUF", "ЛВ": "BGN"},
    # shared by several countries: the sign doesn't tell which one is meant
    **{"＄": "$", "￥": "¥", "₨": "RS", "DOLLAR": "$", "DOLLARS": "$", "RUPEE": "RS", "RUPEES": "RS"},
}
#: What names a currency in a header, apart from codes.
_IN_HEADERS = re.compile("[€£₹$¥]|(?:dollar|euro|rupee)s?", re.IGNORECASE)
#: Currencies without a smaller unit, or without one that is still used: all prices are whole.
WITHOUT_PENNIES = frozenset({"CLP", "IDR", "ISK", "JPY", "KRW", "UGX", "VND"})
_OF_SEVERAL = ("$", "¥", "KR", "RS")
#: Signs whose beginning looks like another sign.
_WITH_LETTERS_BEHIND = ("U$S",)


def _pattern() -> str:
    # The longest come first: R is part of many others. Letters such as ß have no capital of one letter.
    words = sorted({*_CODES, *_MEANS, *_OF_SEVERAL}, key=lambda word: (-len(word), word))
    letters = [
        f"{re.escape(word)}\\.?" if word[-1].isalpha() or word[-1] == "/" else re.escape(word)
        for word in words
        if word not in _WITH_LETTERS_BEHIND
    ]
    signs = "|".join(f"{re.escape(sign)}\\.?" for sign in _WITH_LETTERS_BEHIND)
    return f"(?i:{signs}|[A-Z]{{1,3}}[$£€¥]|{'|'.join(letters)})"


#: The pattern of what may stand next to a number, in capitals or small letters, for any engine.
CURRENCY = _pattern()
#: Unicode's sign for any currency.
ANY_CURRENCY = "¤"


def one_code(sign: str) -> str:
    """Return the code of a currency for the text next to a number, or the sign if several share it.

    Parameters
    ----------
    sign : str
        In capitals, without dots; if it has the code, too (``"$USD"``), the code counts.

    Examples
    --------
    >>> one_code("ZŁ"), one_code("$CAD"), one_code("KR")
    ('PLN', 'CAD', 'KR')
    """
    if sign not in _MEANS:  # "DOLLARS" does not mean ARS, Argentine pesos
        beside = (code for code in (sign[-3:], sign[:3]) if code in _CODES)
        return next(beside, sign)
    return _MEANS[sign]


def is_code(word: str) -> bool:
    """Return whether a word is the code of a currency, in upper or lower case.

    Examples
    --------
    >>> is_code("usd"), is_code("price")
    (True, False)
    """
    return word.upper() in _CODES


def of_one_currency(code: str, header: str) -> str:
    """Return the note that all money is in one currency, with the header that shows it.

    Examples
    --------
    >>> of_one_currency("EUR", "Preis")
    "All money is in EUR, as 'Preis' says."
    """
    return gettext("All money is in {code}, as {header} says.", code=code, header=repr(header))


def told_currency(notes: Iterable[str]) -> str:
    """Return the currency of all money by one of the notes; ``""`` if none names it.

    Examples
    --------
    >>> told_currency(["1 line is left out.", of_one_currency("EUR", "Preis")]), told_currency([])
    ('EUR', '')
    """
    # A header with an apostrophe has double quotation marks.
    found = (re.match(r"All money is in (\S+), as ['\"]", note) for note in notes)
    return next((match[1] for match in found if match), "")


def currency_in(header: str) -> str:
    """Return the code or sign of the currency in a header of prices; ``""`` for none.

    Examples
    --------
    >>> [currency_in(header) for header in ("Price (USD)", "Total in €", "sale_dollars", "CAD dollars")]
    ['USD', 'EUR', '$', 'CAD']
    """
    words = [word for word in re.split(r"[\s()\[\]/,;:._-]+", header) if word]
    named = [one_code(word.upper()) for word in words if is_code(word) or _IN_HEADERS.fullmatch(word)]
    # A code says more than a sign or a word next to it.
    told = {name for name in named if is_code(name)} or {*named}
    return told.pop() if len(told) == 1 else ""


def currency_in_headers(columns: Mapping[str, str]) -> tuple[str, str]:
    """Return the currency in the headers of total and price, and that header; ``""`` if they differ.

    Parameters
    ----------
    columns : mapping of str to str
        Canonical names and headers.

    Examples
    --------
    >>> currency_in_headers({"quantity": "Qty", "amount": "Total", "unit_price": "Price (USD)"})
    ('USD', 'Price (USD)')
    >>> currency_in_headers({"amount": "Total EUR", "unit_price": "Price (USD)"})
    ('', '')
    """
    headers = [columns[name] for name in (AMOUNT, UNIT_PRICE) if name in columns]
    named = {code: header for header in headers if (code := currency_in(header))}
    return next(iter(named.items())) if len(named) == 1 else ("", "")
