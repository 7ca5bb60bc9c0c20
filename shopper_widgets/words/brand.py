"""The shop's own title, color and logo, on the page and in reports."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from markupsafe import Markup

from shopper_widgets._support.checks import plain
from shopper_widgets._support.locale import N_

#: The title if none is given.
USUAL_TITLE = N_("Customers and products")
#: The backgrounds of links and of chosen items: shaded areas on light and on dark pages.
LIGHT, DARK = "#F1F4F6", "#22272D"
#: The least contrast of text with its background (WCAG 2.2, 1.4.3).
READABLE = 4.5
#: Formats that browsers show; scripts in an SVG don't run where it is shown as a picture.
KINDS = {
    ".gif": "gif", ".jpeg": "jpeg", ".jpg": "jpeg", ".png": "png", ".svg": "svg+xml", ".webp": "webp",
}  # fmt: skip
#: The largest logo, which is part of each page.
MOST_BYTES = 300_000


@dataclass(frozen=True)
class Brand:
    """The shop's own look for a page or a report.

    Attributes
    ----------
    color : str
        The color of links, of chosen items and of the edges of cards, such as ``"#7A1F5C"``; ``""`` for the
        usual blue. Where it would be hard to read, it is made darker, or lighter on dark pages.
    logo : str
        A picture as a data URL; ``""`` for none.
    """

    color: str = ""
    logo: str = ""

    @classmethod
    def of(cls, color: str = "", logo: str | Path = "") -> Self:
        """Check a color and read a picture.

        Raises
        ------
        ValueError
            The color isn't one, or the file is no picture or too large.

        Examples
        --------
        >>> Brand.of("#7a1f5c").color
        '#7A1F5C'
        >>> Brand.of("plum")
        Traceback (most recent call last):
        ValueError: color must be written as #RRGGBB, such as #7A1F5C; got 'plum'.
        """
        if color and not re.fullmatch(r"#[0-9A-Fa-f]{6}", color):
            raise ValueError(f"color must be written as #RRGGBB, such as #7A1F5C; got {plain(color)!r}.")
        return cls(color.upper(), _address(Path(logo)) if logo else "")

    @property
    def accent(self) -> Markup:
        """Return the CSS token that sets the color; empty without a color.

        Examples
        --------
        >>> print(Brand("#E69F00").accent)
        --sw-accent: light-dark(#936600, #E69F00);
        """
        if not self.color:
            return Markup("")
        on_light, on_dark = (readable(self.color, back) for back in (LIGHT, DARK))
        return Markup("--sw-accent: light-dark({}, {});").format(on_light, on_dark)

    def image(self, name: str) -> Markup:
        """Write the logo as a picture with `name` as its text; nothing without a logo."""
        return (
            Markup('<img class="sw-logo" src="{}" alt="{}">').format(self.logo, name)
            if self.logo
            else Markup("")
        )


def readable(color: str, back: str) -> str:
    """Return a color, or the nearest darker or lighter one that is readable on another.

    Examples
    --------
    >>> readable("#0A58A8", LIGHT), readable("#0A58A8", DARK)
    ('#0A58A8', '#5D91C6')
    """
    end = 0 if _light(back) > 0.18 else 255
    parts = _parts(color)
    for step in range(101):
        mixed = [round(part + (end - part) * step / 100) for part in parts]
        found = "#" + "".join(f"{part:02X}" for part in mixed)
        if contrast(found, back) >= READABLE:
            return found
    raise AssertionError("black and white can be read on each other")


def contrast(one: str, other: str) -> float:
    """Return how much two colors differ, from 1 to 21 (WCAG 2.2).

    Examples
    --------
    >>> contrast("#FFFFFF", "#000000")
    21.0
    """
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


def _parts(color: str) -> list[int]:
    return [int(color[place : place + 2], 16) for place in (1, 3, 5)]


def _light(color: str) -> float:
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in (n / 255 for n in _parts(color))
    ]
    return float(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])


def _address(path: Path) -> str:
    kind = KINDS.get(path.suffix.lower())
    if kind is None or not path.is_file():
        raise ValueError(f"logo must be a picture ({', '.join(KINDS)}); there is no such {str(path)!r}.")
    content = path.read_bytes()
    if len(content) > MOST_BYTES:
        raise ValueError(
            f"logo must be a picture of at most {MOST_BYTES:,} bytes, because it is part of each page; "
            f"{str(path)!r} has {len(content):,}."
        )
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"
