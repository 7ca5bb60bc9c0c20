"""Small files that the page itself carries. What may be long is downloaded from its `Grid`."""

from __future__ import annotations

import base64
import html

import pandas as pd

from shopper_widgets._support.csv import to_csv
from shopper_widgets._support.formatting import format_count


def download_link(frame: pd.DataFrame, filename: str, what: str) -> str:
    """Write an HTML link that carries a frame as a CSV file, so that it works without a server of files.

    Parameters
    ----------
    frame : pandas.DataFrame
        What is downloaded; some hundred rows at most, since it is part of the page.
    filename : str
        What the browser calls the file.
    what : str
        What the rows are, such as ``"customers"``.

    Returns
    -------
    str
        HTML; ``""`` for a frame without rows.

    Examples
    --------
    >>> link = download_link(pd.DataFrame({"customer_id": ["7"]}), "customers.csv", "customers")
    >>> link.endswith("Download 1 customers (CSV)</a>")
    True
    """
    if frame.empty:
        return ""
    # Excel takes a CSV file for UTF-8 only when it starts with a byte order mark.
    data = base64.b64encode(to_csv(frame).encode("utf-8-sig")).decode("ascii")
    text = f"Download {format_count(len(frame))} {what} (CSV)"
    return (
        f'<a class="sw-download" download="{html.escape(filename)}" '
        f'href="data:text/csv;charset=utf-8;base64,{data}">{html.escape(text)}</a>'
    )


def definition_link(text: str, filename: str) -> str:
    """Write an HTML link that carries a campaign's definition as a JSON file.

    Parameters
    ----------
    text : str
        JSON.
    filename : str
        What the browser calls the file.

    Examples
    --------
    >>> definition_link("{}", "thanks.json").endswith("Download the definition (JSON)</a>")
    True
    """
    data = base64.b64encode(text.encode("utf-8")).decode("ascii")
    return (
        f'<a class="sw-download" download="{html.escape(filename)}" '
        f'href="data:application/json;base64,{data}">Download the definition (JSON)</a>'
    )
