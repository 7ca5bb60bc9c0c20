import base64
import re

import pandas as pd

from shopper_widgets.panels.download import download_link


def content(link):
    return base64.b64decode(re.search(r"base64,([^\"]*)", link)[1])


def test_the_link_carries_the_file_for_excel():
    link = download_link(pd.DataFrame({"product_name": ["Café"]}), "x.csv", "product")
    assert content(link) == b"\xef\xbb\xbfproduct_name\r\nCaf\xc3\xa9\r\n"
    assert 'download="x.csv"' in link


def test_the_link_escapes_its_words():
    link = download_link(pd.DataFrame({"a": [1]}), '"><img src=x>', "<b>row</b>")
    assert "<img" not in link
    assert "<b>" not in link


def test_no_rows_no_link():
    assert download_link(pd.DataFrame({"a": []}), "x.csv", "row") == ""
