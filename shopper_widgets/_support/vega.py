"""The one copy of Vega that chart widgets and HTML reports carry."""

from __future__ import annotations

import functools
from importlib.resources import files


@functools.cache
def vega_source() -> str:
    """Return the JavaScript of Vega, Vega-Lite and Vega-Embed: an ES module without dependencies.

    Returns
    -------
    str
        The module's default export is ``vegaEmbed``; it also sets ``globalThis.shopperVegaEmbed``.

    Raises
    ------
    FileNotFoundError
        The package was copied, not installed: the bundle is made while installing.

    Examples
    --------
    >>> "shopperVegaEmbed" in vega_source()
    True
    """
    bundle = files("shopper_widgets._support") / "vega.js"
    if not bundle.is_file():
        raise FileNotFoundError(
            f"{bundle} is missing, so no chart can be drawn. It is made when shopper-widgets is installed: "
            "run `pip install .` (or `pip install -e .`) in the project's folder."
        )
    return bundle.read_text(encoding="utf-8")
