"""Small files that the page itself contains. Long tables are downloaded from their `Grid`."""

from __future__ import annotations

import base64

import pandas as pd
from markupsafe import Markup

from shopper_widgets._support.csv import csv_file
from shopper_widgets._support.formatting import count_of
from shopper_widgets._support.locale import gettext
from shopper_widgets.words.html import download


def download_link(frame: pd.DataFrame, filename: str, what: str) -> Markup:
    """Write an HTML link that carries a frame as a CSV file, so that it works without a server of files.

    Parameters
    ----------
    frame : pandas.DataFrame
        The frame to download; a few hundred rows at most, since it is part of the page.
    filename : str
        What the browser calls the file.
    what : str
        What a row is, in the singular, such as ``"customer"``.

    Returns
    -------
    Markup
        HTML; empty for a frame without rows.

    Examples
    --------
    >>> link = download_link(pd.DataFrame({"customer_id": ["7"]}), "customers.csv", "customer")
    >>> link.endswith("Download 1 customer (CSV)</a>")
    True
    """
    if frame.empty:
        return Markup("")
    data = base64.b64encode(csv_file(frame)).decode("ascii")
    text = gettext("Download {things} (CSV)", things=count_of(len(frame), what))
    return download(data, "text/csv;charset=utf-8", filename, text)


def definition_link(text: str, filename: str) -> Markup:
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
    return download(data, "application/json", filename, gettext("Download the definition (JSON)"))
