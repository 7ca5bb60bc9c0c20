"""Drawings for a printed page, reduced to shapes and words."""

from __future__ import annotations

import re
from xml.etree import ElementTree

_SVG = "http://www.w3.org/2000/svg"
#: Attributes that have no effect in an image, and default values.
_UNSEEN = {"class", "role", "pointer-events", "aria-hidden", "aria-label", "aria-roledescription"}
_USUAL = {("opacity", "1")}
#: Shapes without any extent.
_NOTHING = {"", "M0,0h0v0h0Z"}
#: Numbers with more than two decimals: hundredths of a pixel are enough.
_LONG = re.compile(r"-?\d+\.\d{3,}")
_TAG = re.compile(r"<[^>'&]*>")


def slim(svg: str) -> str:
    """Shorten a drawing to about half of its text; other text is returned unchanged.

    Parameters
    ----------
    svg : str
        As Vega writes it.

    Returns
    -------
    str
        To be shown as an image, without interaction.

    Examples
    --------
    >>> slim('<svg xmlns="http://www.w3.org/2000/svg"><g class="a"><path d="M0,0h9.876" role="x"/></g></svg>')
    "<svg xmlns='http://www.w3.org/2000/svg'><g><path d='M0,0h9.88'/></g></svg>"
    """
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError:
        return svg
    fonts = {element.get("font-family") for element in root.iter(f"{{{_SVG}}}text")}
    if len(fonts) == 1 and (font := fonts.pop()):
        root.set("font-family", font)
        for element in root.iter(f"{{{_SVG}}}text"):
            del element.attrib["font-family"]
    _simplify(root)
    ElementTree.register_namespace("", _SVG)
    text = ElementTree.tostring(root, encoding="unicode")
    # In a URL, a double quote takes three characters.
    return _TAG.sub(lambda tag: tag[0].replace('"', "'").replace(" />", "/>"), text)


def _simplify(element: ElementTree.Element) -> None:
    for name, value in [*element.attrib.items()]:
        if name in _UNSEEN or (name, value) in _USUAL:
            del element.attrib[name]
        else:
            element.set(name, _LONG.sub(lambda number: f"{float(number[0]):.2f}", value))
    for child in [*element]:
        _simplify(child)
        if child.get("display") == "none" or _is_empty(child):
            element.remove(child)


def _is_empty(element: ElementTree.Element) -> bool:
    kind = element.tag.rpartition("}")[2]
    return (kind == "path" and element.get("d", "") in _NOTHING) or (kind == "g" and not len(element))
