"""How easily a secret can be guessed: by words, runs on a keyboard or repetition."""

from __future__ import annotations

import re
from itertools import pairwise

#: Common words in lists of leaked secrets, in several languages, and words of retail.
_LISTED = (
    "password passwort passwd passphrase motdepasse contrasena contraseña parola haslo senha wachtwoord "
    "losen lozinka salasana sifre пароль secret secreto geheim segreto topsecret private login admin "
    "administrator root user username guest master default test testing example sample demo letmein "
    "welcome willkommen bienvenue changeme change please trustno hello hallo bonjour iloveyou ilove "
    "love loveyou tequiero forever sunshine princess monkey dragon shadow football fussball baseball "
    "superman batman starwars pokemon michael jennifer charlie daniel summer sommer winter spring "
    "autumn herbst access freedom whatever ninja abc qaz wsx edc rfv tgb yhn ujm okm hunter flower "
    "lovely jesus cookie chocolate computer internet customer customers kunde kunden client clients "
    "shop shopper spectrum store data analytics pseudonym pseudonyms key schluessel schlüssel salt "
    "token hash pepper thisis mysecret correcthorsebatterystaple "
)
_WORDS = _LISTED.split()
#: Rows of keys from top to bottom, each shifted by half a key; one line per keyboard layout.
_KEYBOARDS = (
    ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"),
    ("1234567890ß", "qwertzuiopü", "asdfghjklöä", "yxcvbnm,.-"),
    ("1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn"),
    ("1234567890-=", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
)
_AS_LETTERS = str.maketrans("0134578@$!€", "oieastbasie")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_RUN, _COPY = 4, 3
#: Decimal digits that a guess costs: for a known word, year or run, and for a repetition of earlier
#: characters.
_PIECE, _AGAIN = 2, 1


def _neighbors() -> frozenset[tuple[str, str]]:
    pairs: set[tuple[str, str]] = set()
    for rows in _KEYBOARDS:
        for row in rows:
            pairs |= set(pairwise(row))
        for upper, lower in pairwise(rows):
            pairs |= set(zip(upper, lower, strict=False)) | set(zip(upper[1:], lower, strict=False))
    return frozenset(pairs | {(b, a) for a, b in pairs})


_NEIGHBORS = _neighbors()


def guess_digits(secret: str) -> int:
    """Estimate the decimal digits of the number of guesses that finds a secret.

    Parameters
    ----------
    secret : str
        Any text, such as a key.

    Returns
    -------
    int
        d, where ``10 ** d`` guesses find it.

    Notes
    -----
    The cheapest way to put the secret together, after D. L. Wheeler, *zxcvbn: Low-budget password strength
    estimation*, USENIX Security 2016: a common word, a year, or a run of neighbors in the alphabet or on a
    keyboard costs two digits, however long; a repetition costs one; any other character costs one per byte.

    Examples
    --------
    >>> guess_digits("qwertyuiopasdfgh"), guess_digits("P4ssw0rd12345678"), guess_digits("abcabcabcabcabcd")
    (4, 4, 4)
    >>> guess_digits("our cat eats blue stamps")
    21
    """
    text = secret.lower()
    letters = text.translate(_AS_LETTERS)
    cheapest = [0, *(len(secret.encode()) + 1 for _ in text)]
    for start, found in enumerate(text):
        ends = {start + 1: len(found.encode())}
        for length in range(_COPY, _copied(text, start) + 1):
            ends[start + length] = _AGAIN
        pieces = [
            len(word) for word in _WORDS if letters.startswith(word, start) or text.startswith(word, start)
        ]
        pieces += [4] if _YEAR.match(text, start) else []
        pieces += range(_RUN, _run(text, start) + 1)
        for length in pieces:
            ends[start + length] = min(_PIECE, ends.get(start + length, _PIECE))
        for end, cost in ends.items():
            cheapest[end] = min(cheapest[end], cheapest[start] + cost)
    return cheapest[-1]


def _copied(text: str, start: int) -> int:
    """Return how many characters from a place on repeat earlier ones, forwards or backwards."""
    length = 0
    while start + length < len(text):
        piece = text[start : start + length + 1]
        if piece not in text[: start + length] and piece[::-1] not in text[:start]:
            break
        length += 1
    return length


def _run(text: str, start: int) -> int:
    """Return how many characters from a place on are neighbors of the one before, or equal to it."""
    length = 1
    for one, other in pairwise(text[start:]):
        if abs(ord(one) - ord(other)) > 1 and (one, other) not in _NEIGHBORS:
            break
        length += 1
    return length
