"""Paths open as files, folders, patterns and archives."""

import gzip
import io
import zipfile
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shopper_widgets.orders.files.opening import open_tables
from tests.workbooks import workbook

CSV = b"a,b\n1,2\n3,4\n"
ROWS = [["a", "b"], ["1", 2.5], [None, None], [datetime(2010, 12, 1, 8, 26), None]]


def archive(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return file.getvalue()


def opened(path, content, **options):
    path.write_bytes(content)
    return open_tables(path, **options)


def parquet():
    file = io.BytesIO()
    pq.write_table(pa.table({"a": ["1", "3"], "b": [2, 4]}), file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "table_name"),
    [
        ("orders.csv", CSV, "orders.csv"),
        ("orders", CSV, "orders"),
        ("orders.csv.gz", gzip.compress(CSV), "orders.csv"),
        (
            "orders.zip",
            archive({"x/orders.csv": CSV, "__MACOSX/._orders.csv": b"\0"}),
            "orders.zip/x/orders.csv",
        ),
        ("packed.csv", gzip.compress(CSV), "packed.csv"),
    ],
)
def test_text_however_packed(tmp_path, name, content, table_name):
    [table] = opened(tmp_path / name, content)
    assert (table.name, table.headers) == (table_name, ("a", "b"))
    assert table.read([0, 1]).to_pydict() == {"0": ["1", "3"], "1": ["2", "4"], "line": [2, 3]}


def test_parquet(tmp_path):
    [table] = opened(tmp_path / "orders.parquet", parquet())
    assert table.headers == ("a", "b")
    assert table.read([1]).to_pydict() == {"1": [2, 4], "line": [1, 2]}


@pytest.mark.parametrize("name", ["orders.xlsx", "named_wrong.csv"])
def test_a_workbook_is_told_by_its_content(tmp_path, name):
    [table] = opened(tmp_path / name, workbook({"Orders": ROWS}))
    assert (table.headers, table.sheet) == (("a", "b"), None)
    # a column with text and a date gives the date as text
    assert table.read([0, 1]).to_pydict() == {
        "0": ["1", "2010-12-01 08:26:00"],
        "1": [2.5, None],
        "line": [2, 4],
    }


def test_sheets(tmp_path):
    path = tmp_path / "orders.xlsx"
    path.write_bytes(workbook({"Notes": [["hello"]], "Empty": [], "Orders": [[None, None], *ROWS]}))
    assert [(t.sheet, t.headers) for t in open_tables(path)] == [
        ("Notes", ("hello",)),
        ("Orders", ("a", "b")),
    ]
    for sheet in ("Orders", 2):
        [table] = open_tables(path, sheet=sheet)
        assert table.headers == ("a", "b")
        assert table.read([0])["line"].to_pylist() == [3, 5]
    for sheet in ("orders", 3, -1, True):
        with pytest.raises(
            ValueError, match=r"Expected one of 'Notes', 'Empty', 'Orders', or a position from 0 to 2"
        ):
            open_tables(path, sheet=sheet)
    with pytest.raises(ValueError, match="has no rows on sheet 'Empty'"):
        open_tables(path, sheet="Empty")


def test_a_folder_holds_its_table_files(tmp_path):
    (tmp_path / "b.csv").write_bytes(CSV)
    (tmp_path / "a.parquet").write_bytes(parquet())
    (tmp_path / "~$book.xlsx").write_bytes(b"lock")
    (tmp_path / ".hidden.csv").write_bytes(CSV)
    (tmp_path / "readme.md").write_text("hello")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.tsv").write_bytes(CSV.replace(b",", b"\t"))
    assert [t.name for t in open_tables(tmp_path)] == ["a.parquet", "b.csv"]
    assert [t.name for t in open_tables(str(tmp_path / "*.csv"))] == ["b.csv"]
    assert [t.name for t in open_tables(f"{tmp_path}/**/*.[ct]sv")] == ["b.csv", "sub/c.tsv"]


def test_a_file_whose_name_looks_like_a_pattern(tmp_path):
    [table] = opened(tmp_path / "orders[1].csv", CSV)
    assert table.name == "orders[1].csv"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("missing.csv", r"no file, folder or glob pattern '.*missing\.csv'"),
        ("*.csv", "no file matches the pattern"),
        ("folder", r"holds no table file. Expected \.csv, .*; found notes\.md"),
    ],
)
def test_nothing_there(tmp_path, path, message):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "notes.md").write_text("hello")
    with pytest.raises(FileNotFoundError, match=message):
        open_tables(tmp_path / path)


def test_a_web_address_is_not_read():
    with pytest.raises(FileNotFoundError, match="download the file first"):
        open_tables("https://example.org/orders.csv")


def with_password(data):
    # the flag "encrypted" is in the local header and in the directory
    return data.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("orders.csv", b"", r"orders\.csv is empty"),
        ("orders.csv", b" \n\n", r"orders\.csv is empty"),
        ("orders.csv.gz", gzip.compress(b""), r"orders\.csv is empty"),
        ("orders.csv.gz", gzip.compress(CSV)[:-6], "is damaged or incomplete"),
        ("orders.csv.gz", CSV, r"is not a \.gz file, whatever its name says"),
        ("orders.zip", archive({"a.csv": CSV})[:-30], "is damaged or incomplete"),
        ("orders.zip", archive({"readme.md": b"x"}), r"holds no table file. .*found readme\.md"),
        ("orders.zip", archive({}), "holds no table file. .*found nothing"),
        ("orders.zip", with_password(archive({"a.csv": CSV})), "is protected by a password"),
        ("orders.xlsx", b"not a workbook, you see", r"is not a \.xlsx file, whatever its name says"),
        ("orders.xlsx", b"\xd0\xcf\x11\xe0" + bytes(2000), "can't be opened as an Excel workbook.*password"),
        ("orders.xlsx", archive({"xl/workbook.xml": b"<broken"}), "can't be opened as an Excel workbook"),
        ("orders.xlsx", workbook({"Empty": []}), "has no rows"),
        ("orders.parquet", b"a,b\n1,2\n", r"is not a \.parquet file"),
        ("orders.parquet", parquet()[:-40], "is a damaged Parquet file"),
        ("orders.csv", bytes(range(256)), "holds zero bytes"),
    ],
)
def test_what_is_no_table_is_an_error_in_words(tmp_path, name, content, message):
    with pytest.raises(ValueError, match=message):
        opened(tmp_path / name, content)


def test_a_sheet_of_a_text_file(tmp_path):
    with pytest.raises(ValueError, match=r"orders\.csv is not an Excel workbook"):
        opened(tmp_path / "orders.csv", CSV, sheet="Orders")
