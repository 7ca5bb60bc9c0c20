"""The encoding of text files: UTF-8, or another one that the text itself reveals.

Windows' encodings for Latin alphabets differ in a few letters only: the right one is the one that gives the
letters of a language. Other scripts are recognized by charset-normalizer.
"""

from __future__ import annotations

import codecs
import logging
import re
from collections import Counter

logger = logging.getLogger(__name__)

#: The letters other than a to z of the languages that each encoding was made for, from CLDR's exemplar
#: characters.
ALPHABETS = {
    "cp1252": (
        *("äöüßé", "àâæçéèêëîïôœùûüÿ", "áéíñóúü", "ãáâàçéêíõóôúü", "àèéìíòóù", "åäöéü", "æøåéöäòóô"),
        *("äöåšž", "áéíóúýþæöð", "ëïéèêöüáóíú", "àçèéíïòóúü", "éïôèêñç"),
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţșț", "čćđšž"),
    "iso8859_2": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áéíóöőúüű", "čćđšž"),
    "cp1254": ("çğıöşüâîûi̇",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž"),
    "cp850": ("äöüßé", "àâæçéèêëîïôùûüÿ", "áéíñóúü", "åäöé", "æøåé"),
    "mac_roman": ("äöüßé", "àâæçéèêëîïôœùûüÿ", "áéíñóúü", "åäöé", "æøåé"),
}
_OTHER_SCRIPTS = (
    *("cp1251", "koi8_r", "cp866", "cp1253", "cp1255", "cp1256"),
    *("cp932", "gb18030", "big5", "cp949"),
)
# Signs that occur within a word only if the encoding is wrong: ³ is the Polish ł.
_STRANGE = re.compile(r"[¹³£¥¯¼¾±¤¶§¬](?=[^\W\d_])|(?<=[^\W\d_])[¿¡¤¶±¬](?=[^\W\d_])|[\x80-\x9f]")
_WORD = re.compile(r"[^\W\d_]{2,}")
# An encoding other than Windows' Western one must explain a share of letters that is higher by this much.
_MARGIN = 0.1
# In a Latin alphabet, most letters have no accent, even in words with accents.
_MOST_ACCENTED = 0.6
# Limits for charset-normalizer's measures of chaos and of similarity to a language, both from 0 to 1.
_MOST_CHAOS, _SAME_CHAOS, _CLEARER = 0.2, 0.015, 0.1
_SAMPLE = 1 << 18
_ENOUGH = 20
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SLICE = 1 << 20


def as_utf8(name: str, data: bytes, encoding: str | None = None) -> bytes:
    """Return text as UTF-8 without a byte order mark, from this encoding or the one detected.

    Raises
    ------
    ValueError
        It isn't text in this encoding, or in any that its letters suggest.

    Examples
    --------
    >>> as_utf8("stock.csv", "Größe".encode("cp1252")).decode()
    'Größe'
    """
    if encoding is not None:
        try:
            return data.decode(encoding).lstrip("\ufeff").encode()
        except LookupError:
            raise ValueError(
                f"encoding={encoding!r} is not known. Expected a name such as 'utf-8' or 'cp1252'."
            ) from None
        except UnicodeError as error:
            raise ValueError(
                f"{name} is not text in encoding={encoding!r} ({error}). "
                "Leave encoding out to have it detected."
            ) from None
    for bom, found in _BOMS:
        if data.startswith(bom):
            if found == "utf-8" and _is_utf8(data):
                return data[len(bom) :]
            return as_utf8(name, data, found)
    if b"\x00" not in data and _is_utf8(data):
        return data
    detected = detect_encoding(data)
    if b"\x00" in data and detected not in ("utf-16-le", "utf-16-be"):
        raise ValueError(
            f"{name} is not a text table: it holds zero bytes. Expected CSV, TSV, Excel or Parquet; "
            "if it is a text file in UTF-16, pass encoding='utf-16'."
        )
    if detected is None:
        raise ValueError(
            f"{name} is text neither in UTF-8 nor in another encoding that can be detected. Pass it, for "
            "example encoding='cp1252' (Western Europe), 'cp1250' (Central Europe), 'cp1251' (Cyrillic), "
            "'cp932' (Japanese) or 'gb18030' (Chinese)."
        )
    logger.info("%s is not UTF-8: read as %s.", name, detected)
    return as_utf8(name, data, detected)


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for i in range(0, len(data), _SLICE):  # in slices: decoding everything at once doubles the memory
            decoder.decode(data[i : i + _SLICE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def detect_encoding(data: bytes) -> str | None:
    """Return the encoding of a text that is neither ASCII nor UTF-8; None if the text doesn't show it.

    Examples
    --------
    >>> detect_encoding("świeca;żółta filiżanka".encode("cp1250"))
    'cp1250'
    >>> detect_encoding("Tasse, grün".encode("cp1252"))
    'cp1252'
    >>> detect_encoding("Чашка красная; Свеча ароматная; Книга детская".encode("cp1251"))
    'cp1251'
    """
    if (utf16 := _utf16(data)) is not None:
        return utf16
    sample = _telling_lines(data)
    scores = {encoding: _latin_score(sample, encoding) for encoding in ALPHABETS}
    scores["cp1252"] += _MARGIN if scores["cp1252"] > 0 else 0
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] > 1 - _MARGIN:
        return best
    return _other_script(sample) or (best if scores[best] > 0.5 else None)


def _utf16(data: bytes) -> str | None:
    """Recognize UTF-16 without a byte order mark: every other byte is zero."""
    half = data[: _SAMPLE & ~1]
    if 0 not in half or len(data) % 2:
        return None
    even, odd = half[::2].count(0), half[1::2].count(0)
    if max(even, odd) * 4 < len(half) // 2 or min(even, odd) > max(even, odd) / 20:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _telling_lines(data: bytes) -> bytes:
    lines: list[bytes] = []
    size = 0
    for line in data.splitlines():
        if not line.isascii() and line not in lines[-1:]:
            lines.append(line)
            size += len(line)
        if size > _SAMPLE:
            break
    return b"\n".join(lines)


def _latin_score(sample: bytes, encoding: str) -> float:
    """Return the share of the accented letters that one language of this encoding explains."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    letters = Counter(c for word in words for c in word.lower() if c > "\x7f")
    strange = len(_STRANGE.findall(text))
    total = letters.total()
    if total > _MOST_ACCENTED * sum(map(len, words)):
        return 0.0
    if not total + strange:  # only signs, such as dashes, quotation marks, a euro
        return float(encoding == "cp1252")
    explained = max(sum(n for c, n in letters.items() if c in own) for own in ALPHABETS[encoding])
    return explained / (total + strange)


def _other_script(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    high = [byte for byte in sample if byte > 0x7F]
    if len(high) >= _ENOUGH and all(0xE0 <= byte <= 0xFA for byte in high):
        return "cp1255"  # Hebrew has no capitals, and Russian needs the letters after ъ
    found = [
        match
        for match in from_bytes(sample[: _SAMPLE // 4], cp_isolation=list(_OTHER_SCRIPTS))
        if match.chaos <= _MOST_CHAOS
    ]
    if not found:
        return None
    best = found[0]
    rivals = [m for m in found[1:] if m.chaos <= best.chaos + _SAME_CHAOS and str(m) != str(best)]
    if any(m.coherence > best.coherence - _CLEARER for m in rivals):
        return None
    return str(best.encoding)
