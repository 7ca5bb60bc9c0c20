"""The report's outline: anchors, a table of contents, and folded parts."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from shopper_widgets._support.locale import gettext
from shopper_widgets.words.thing_to_do import MORE_UNDER

#: From this many sections on, there is a table of contents, and details are folded away.
_FEW_SECTIONS = 3
#: The sections that tell the story; each later section shows only its finding at first.
_STORY = 5
_HEADING = re.compile(r"<h([1-4])>(.*?)</h\1>", flags=re.DOTALL)


def outlined(parts: Sequence[str]) -> tuple[str, list[tuple[int, str, str]]]:
    """Return a page's body from its parts, and its headings.

    Parameters
    ----------
    parts : sequence of str
        HTML, from top to bottom; a section begins with a part that begins with ``<h2>``.

    Returns
    -------
    tuple of str and list of tuple
        The body, and a heading's level, id and text each.

    Examples
    --------
    >>> body, headings = outlined(["<h1>Shop</h1>", "<h2>Sales</h2>", "<p>See “Sales”</p>"])
    >>> headings
    [(1, 'section-1', 'Shop'), (2, 'section-2', 'Sales')]
    """
    headings: list[tuple[int, str, str]] = []

    def anchor(match: re.Match[str]) -> str:
        text = html.unescape(re.sub(r"<[^>]+>", "", match[2])).strip()
        headings.append((int(match[1]), f"section-{len(headings) + 1}", text))
        return f'<h{match[1]} id="{headings[-1][1]}">{match[2]}</h{match[1]}>'

    body = _HEADING.sub(anchor, "\n".join(_folded(list(parts))))
    sections = [(name, text) for level, name, text in headings if level == 2]
    return _with_contents(_linked(body, sections), sections), headings


def _folded(parts: list[str]) -> list[str]:
    """Fold away the details of sections, if there are enough sections.

    The first sections show everything down to their first chart or table; the others show their title and
    finding. In the file all folds are open, so that it can be read without scripts; the page's script closes
    them.
    """
    starts = [place for place, part in enumerate(parts) if part.startswith("<h2")]
    if len(starts) < _FEW_SECTIONS:
        return parts
    folded = parts[: starts[0]]
    for number, (first, end) in enumerate(zip(starts, [*starts[1:], len(parts)], strict=True)):
        section = parts[first:end]
        folded += _story(section) if number < _STORY else _named(section)
    return folded


def _story(section: list[str]) -> list[str]:
    seen = next((n for n, part in enumerate(section) if re.search("<figure|<table", part)), len(section)) + 1
    if not (rest := section[seen:]):
        return section
    told = re.sub(r"<h2[^>]*>(.*?)</h2>.*", r"\1", section[0], flags=re.DOTALL)
    more = gettext("More on “{part}”", part=told.rstrip("?"))
    summary = f"<summary>{more}</summary>"
    return [*section[:seen], f"<details open>{summary}", *rest, "</details>"]


def _named(section: list[str]) -> list[str]:
    title, _, words = section[0].partition("</h2>")
    rest = [part for part in (words, *section[1:]) if part.strip()]
    if not rest:
        return section
    finding = next(filter(None, map(_finding, rest)), "")
    summary = f"<summary>{title}</h2>{f'<p>{finding}</p>' if finding else ''}</summary>"
    return [f'<details open class="section">{summary}', *rest, "</details>"]


def _finding(part: str) -> str:
    """Return the title of a chart, or else the first sentence or list item."""
    title = re.search(r"<figcaption><strong>(.*?)</strong>", part, flags=re.DOTALL)
    found = title or re.search(r"<(?:p|li|caption)\b[^>]*>(.*?)</(?:p|li|caption)>", part, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


def _linked(body: str, sections: list[tuple[str, str]]) -> str:
    """Turn each reference to a section into a link."""
    for name, text in sections:
        told = html.escape(text, quote=False)
        link = gettext(MORE_UNDER, part=f'<a href="#{name}">{told}</a>')
        body = body.replace(gettext(MORE_UNDER, part=told), link)
    return body


def _with_contents(body: str, sections: list[tuple[str, str]]) -> str:
    """Put a table of contents before the first section, if there are enough sections."""
    if len(sections) < _FEW_SECTIONS:
        return body
    items = "".join(f'<li><a href="#{name}">{html.escape(text)}</a></li>' for name, text in sections)
    title = gettext("Contents")
    contents = f'<nav aria-label="{title}"><p>{title}</p><ol>{items}</ol></nav>\n'
    first = body.index(f'<h2 id="{sections[0][0]}"')
    return body[:first] + contents + body[first:]
