"""The scripts that draw charts on a page: Vega, dark colors, figures as tables, pictures as files."""

from __future__ import annotations

import functools
import json
from importlib.resources import files

from shopper_widgets._support.vega import vega_source
from shopper_widgets.charts.colors import DARK


@functools.cache
def drawing_source() -> str:
    """Return the JavaScript by which widgets and reports draw charts: an ES module without dependencies.

    Returns
    -------
    str
        :func:`~shopper_widgets._support.vega.vega_source`, and ``drawing.js`` behind it, which sets
        ``globalThis.shopperCharts``.

    Examples
    --------
    >>> drawing_source().startswith(vega_source())
    True
    """
    script = (files("shopper_widgets.charts") / "drawing.js").read_text(encoding="utf-8")
    return f"{vega_source()}\n{script}\nglobalThis.shopperCharts.dark = {json.dumps(DARK)};\n"
