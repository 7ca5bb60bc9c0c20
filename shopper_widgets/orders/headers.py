"""Headers in the form in which they are compared: without case, accents, spaces and punctuation."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

# Letters with a stroke or without a dot: Unicode doesn't decompose them as it does letters with accents.
_WITHOUT_STROKE = str.maketrans("łøđı", "lodi")


@lru_cache(maxsize=4096)  # the same known headers are asked for each time
def plain_header(header: str) -> str:
    """Return a header without case, accents, spaces and punctuation, as headers are compared."""
    parted = unicodedata.normalize("NFKD", header.casefold())  # accents become separate marks
    return unicodedata.normalize("NFC", re.sub(r"[\W_]+", "", parted)).translate(_WITHOUT_STROKE)


def words_of(header: str) -> list[str]:
    """Return the words of a header in the form for comparison: ``customerID`` is customer and id."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", header))
    return [plain_header(word) for word in re.split(r"[\W_]+", parted) if word]


def found_headers(headers: Sequence[str], known: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return, for each column, the first of its possible headers that is there."""
    by_plain: dict[str, str] = {}
    for header in headers:
        by_plain.setdefault(plain_header(header), header)
    return {
        column: by_plain[plain]
        for column, alternatives in known.items()
        if (plain := next((plain_header(a) for a in alternatives if plain_header(a) in by_plain), None))
    }


def nearest(word: str, words: Iterable[str]) -> str:
    """Return a hint with the words that are spelled most alike; ``""`` where there are none."""
    plain = {plain_header(w): w for w in words}
    near = difflib.get_close_matches(plain_header(word), plain, n=3, cutoff=0.6)
    return f" (nearest: {', '.join(repr(plain[n]) for n in near)})" if near else ""


def is_near(word: str, header: str) -> bool:
    """Return whether a header is spelled nearly like a word."""
    return difflib.SequenceMatcher(None, plain_header(word), plain_header(header)).ratio() >= 0.75
