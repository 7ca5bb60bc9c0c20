"""Text tables: encodings, separators and the line number of each row."""

import pytest

from shopper_widgets.orders.files.delimited import delimited_table


def read(text, encoding=None, positions=None):
    data = text if isinstance(text, bytes) else text.encode()
    headers, reader, _ = delimited_table("orders.csv", data, encoding)
    return headers, reader(range(len(headers)) if positions is None else positions).to_pydict()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(separator, end):
    text = separator.join("abc") + end + separator.join("123") + end + separator.join("45") + separator + end
    headers, table = read(text)
    assert headers == ("a", "b", "c")
    assert table == {"0": ["1", "4"], "1": ["2", "5"], "2": ["3", None], "line": [2, 3]}


def test_columns_that_blanks_align_are_told_apart():
    headers, table = read("id  date      n   price\n00001 19970101  1   11.77\n\n2    19970112 12    1.00\n")
    assert headers == ("id", "date", "n", "price")
    assert table["3"] == ["11.77", "1.00"] and table["line"] == [2, 4]
    # not if a line has more words, as names do
    assert read("id  name  n\n1 RED MUG 2\n")[0] == ("id  name  n",)
    # nor if a single blank separates words, as date and time
    assert read("Order Date n\n2024-01-01 12:00 1\n")[0] == ("Order Date n",)
    assert read("order id  price;n\n1  2  3\n")[0] == ("order id  price", "n")


def test_a_separator_inside_quotes_does_not_count():
    headers, table = read('"a,b,c,d";e\n1,5;2\n')
    assert headers == ("a,b,c,d", "e")
    assert table["0"] == ["1,5"]


@pytest.mark.parametrize(
    "data",
    [
        "naïve,€\nß,1\n".encode(),
        b"\xef\xbb\xbf" + "naïve,€\nß,1\n".encode(),
        "naïve,€\nß,1\n".encode("cp1252"),
        "naïve,€\nß,1\n".encode("utf-16"),
    ],
    ids=["utf-8", "utf-8 with mark", "cp1252", "utf-16"],
)
def test_encodings_are_detected(data):
    headers, table = read(data)
    assert headers == ("naïve", "€")
    assert table["0"] == ["ß"]


def test_an_encoding_that_is_stated_counts():
    assert read("ł,b\n1,2\n".encode("cp1250"), "cp1250")[0] == ("ł", "b")
    with pytest.raises(ValueError, match="encoding='klingon' is not known"):
        read("a\n1\n", "klingon")
    with pytest.raises(ValueError, match=r"orders\.csv is not text in encoding='ascii'"):
        read("ł,b\n1,2\n".encode(), "ascii")


def test_an_encoding_that_nothing_tells():
    with pytest.raises(ValueError, match=r"orders\.csv is text neither in UTF-8 nor in another.*'cp1250'"):
        read(b"a,b\n\x81\xff,2\n")


def test_zero_bytes_are_no_text():
    with pytest.raises(ValueError, match="not a text table: it holds zero bytes"):
        read(b"a,b\n\x00\x01,2\n")


def test_a_web_page_is_no_table():
    with pytest.raises(ValueError, match="is a web page or XML"):
        read("  <!DOCTYPE html><html><body>Log in, please</body></html>")


def test_lines_of_values_with_newlines():
    text = 'id,name\n1,plain\n2,"two\nlines"\n3,"three\r\nmore\n\nlines"\n\n4,""\n5,"a ""quoted"" one"\n'
    _, table = read(text)
    assert table["0"] == ["1", "2", "3", "4", "5"]
    assert table["1"] == ["plain", "two\nlines", "three\r\nmore\n\nlines", None, 'a "quoted" one']
    assert table["line"] == [2, 3, 5, 10, 11]


def test_what_may_precede_the_header():
    _, table = read('sep=;\n\na;"b\nc"\n1;2\n')
    assert table == {"0": ["1"], "1": ["2"], "line": [5]}


def test_a_line_that_is_too_long_keeps_its_place_but_no_values(caplog):
    _, table = read("id,name,n\n1,x,1\n2,lamp,green,3\n3,y,4,\n4,z\n")
    assert table["0"] == ["1", None, "3", "4"]
    assert table["2"] == ["1", None, "4", None]
    assert table["line"] == [2, 3, 4, 5]
    assert "1 line with more cells than the header's 3" in caplog.text
    assert "the first on line 3" in caplog.text


def test_quotes_that_never_close():
    with pytest.raises(ValueError, match=r"orders\.csv, line 3: the quotation marks don't match"):
        read('id,name\n1,x\n2,"never closed\n3,y\n')


def test_a_quote_inside_a_value_is_a_character():
    assert read('id,name\n1,5" pipe\n2,6" pipe\n')[1]["1"] == ['5" pipe', '6" pipe']


def test_only_the_columns_asked_for():
    assert read("a,b,c\n1,2,3\n", positions=[2]) == (("a", "b", "c"), {"2": ["3"], "line": [2]})


@pytest.mark.parametrize("text", ["a,b", "a,b\n", "a,b\n\n\n"])
def test_a_header_alone_has_no_rows(text):
    assert read(text) == (("a", "b"), {"0": [], "1": [], "line": []})


def test_both_readers_agree():
    rows = "".join(f'{i},"name, {i}",{i}.5\n' for i in range(200))
    fast = read(f"id,name,n\n{rows}")
    careful = read(f"id,name,n\n{rows}\n200,,\n")  # a blank line needs the careful reader
    assert {key: values[:200] for key, values in careful[1].items()} == fast[1]
    assert careful[1]["line"][-1] == 203
