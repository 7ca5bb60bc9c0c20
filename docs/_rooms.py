"""The picture of the rooms: each on its floor, with arrows to the rooms that it imports."""

from __future__ import annotations

from html import escape

from tests import rooms

_WIDE, _HIGH, _APART, _FLOOR = 118, 34, 18, 88
_STYLE = "font-family:system-ui,sans-serif;font-size:14px"


def pairs() -> set[tuple[str, str]]:
    """Return pairs of rooms of which the first imports the second; the package itself is left out."""
    found = rooms.arrows({name: rooms.room(name) for name in rooms.modules()})
    return {(upper, lower) for upper, lower in found if "__init__" not in (upper, lower)}


def direct(arrows: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the arrows between rooms that no path over other rooms connects: they show the order."""
    return {(a, b) for a, b in arrows if not _reaches(arrows - {(a, b)}, a, b)}


def _reaches(arrows: set[tuple[str, str]], start: str, end: str) -> bool:
    return any(a == start and (b == end or _reaches(arrows, b, end)) for a, b in arrows)


def drawing() -> tuple[str, str]:
    """Return the picture as SVG, and its content in words."""
    arrows = pairs()
    floors = [sorted(floor) for floor in rooms.floors(arrows)][::-1]
    width = max(len(floor) for floor in floors) * (_WIDE + _APART) + _APART
    height = (len(floors) - 1) * _FLOOR + _HIGH + 2 * _APART
    place = {}
    for down, floor in enumerate(floors):
        # Floors are aligned at the right, so that arrows across several floors pass them at the left.
        left = width - len(floor) * (_WIDE + _APART)
        for i, name in enumerate(floor):
            place[name] = (left + i * (_WIDE + _APART) + _WIDE / 2, _APART + down * _FLOOR)
    lines = [_line(place[a], place[b]) for a, b in sorted(direct(arrows))]
    boxes = [
        f'<rect x="{x - _WIDE / 2}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="6" fill="#F1F6FA" '
        f'stroke="#084B7A"/><text x="{x}" y="{y + _HIGH / 2 + 5}" text-anchor="middle" fill="#1F2429">'
        f"{escape(name)}</text>"
        for name, (x, y) in place.items()
    ]
    tip = (
        '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#7A838C"/></marker>'
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" style="{_STYLE}"><rect width="100%" height="100%" fill="white"/>'
        f"<defs>{tip}</defs>{''.join(lines)}{''.join(boxes)}</svg>\n"
    )
    said = (
        f"{len(place)} rooms and root modules on {len(floors)} floors, {len(arrows)} arrows; the "
        f"picture shows the {len(lines)} between rooms that no longer path connects."
    )
    return svg, said


def _line(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Return an arrow to a lower room: from the bottom to the next floor, from the side to other floors."""
    (x, y), (to_x, to_y) = start, end
    if to_y - y > _FLOOR:
        begin = f"M{x - _WIDE / 2},{y + _HIGH / 2} C{x - _WIDE / 2 - _FLOOR},{y + _HIGH / 2}"
    else:
        begin = f"M{x},{y + _HIGH} C{x},{y + _HIGH + 30}"
    return (
        f'<path d="{begin} {to_x},{to_y - 34} {to_x},{to_y - 5}" fill="none" stroke="#7A838C" '
        'stroke-width="1.3" marker-end="url(#tip)"/>'
    )
