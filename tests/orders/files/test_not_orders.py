"""Lines of a file that are no orders are recognized, left out and reported."""

import gzip
import io
import zipfile

import pandas as pd
import pytest

from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.layouts import detect_layout
from shopper_widgets.orders.reading import read_transactions, read_with_notes
from tests.workbooks import workbook

HEADER = "order_id,product_id,product_name,customer_id,country,ordered_at,quantity,unit_price"
LINES = [f"{n},A1,Tea,c{n},France,2010-12-0{n} 08:26,6,2.55" for n in (1, 2, 3)]


@pytest.fixture
def read(tmp_path):
    def write_and_read(*lines, name="orders.csv", encoding="utf-8", **options):
        path = tmp_path / name
        path.write_bytes("\n".join(lines).encode(encoding))
        return read_with_notes(path, **options)

    return write_and_read


def kept(result):
    return clean_transactions(result).transactions["order_id"].tolist()


def test_a_title_above_the_header(read):
    result, notes = read("Sales report, January", "", 'Shop "North"', HEADER, *LINES)
    assert result["source_line"].tolist() == [5, 6, 7]
    assert kept(result) == ["1", "2", "3"]
    assert notes == ["orders.csv: 2 rows above the header left out, such as 'Sales report, January'."]


def test_a_title_above_unknown_headers(read):
    header = "Kvitto;Vara;Kund;Dag;Antal;Pris"
    names = ("order_id", "product_id", "customer_id", "ordered_at", "quantity", "unit_price")
    lines = ["Försäljning", header, "1;A;K1;13.12.2010;2;3,50"]
    with pytest.raises(ValueError, match=r"Found 6 header.*'Kvitto', 'Vara'"):
        read(*lines)
    result, _ = read(*lines, columns=dict(zip(names, header.split(";"), strict=True)))
    assert result["unit_price"].tolist() == [3.5]


def test_a_title_in_a_workbook(tmp_path):
    rows = [["Report"], [None], HEADER.split(","), *(line.split(",") for line in LINES)]
    (tmp_path / "orders.xlsx").write_bytes(workbook({"Orders": rows}))
    result, notes = read_with_notes(tmp_path / "orders.xlsx")
    assert result["source_line"].tolist() == [4, 5, 6]
    assert "1 row above the header left out, such as 'Report'" in notes[0]
    assert detect_layout(tmp_path / "orders.xlsx").name == "snake_case"


@pytest.mark.parametrize("word", ["Total", "TOTAL:", "Grand total", "Summe", "Итого", "合計"])
def test_totals_below_the_data(read, word):
    result, notes = read(HEADER, *LINES, f"{word},,,,,,18,45.90")
    assert len(result) == 4
    assert kept(result) == ["1", "2", "3"]
    assert notes == ["orders.csv: line 5 holds a sum of others, and is left out."]
    # neither its money nor its quantity counts as those of an unreadable order
    audit = clean_transactions(result).audit.set_index("rule")
    assert audit.loc["lines read", "amount"] == pytest.approx(3 * 15.3)


def test_a_product_called_total_is_one(read):
    result, notes = read(HEADER, *LINES, "4,T,Total,c4,France,2010-12-04,1,2.00")
    assert kept(result) == ["1", "2", "3", "4"]
    assert not notes


def test_a_header_that_comes_again(read):
    result, notes = read(HEADER, *LINES[:1], HEADER, *LINES[1:], HEADER)
    assert kept(result) == ["1", "2", "3"]
    assert notes == ["orders.csv: line 3 (and 1 more line) holds the header again, and is left out."]


def test_labels_beneath_the_header(read):
    result, notes = read(HEADER, "Nummer,Artikel,Name,Kunde,Land,Datum,Stück,Euro", *LINES)
    assert kept(result) == ["1", "2", "3"]
    assert notes == ["orders.csv: line 2 holds labels, not an order, and is left out."]


def test_a_file_without_a_header(read):
    with pytest.raises(ValueError, match=r"orders\.csv has no header: its first line looks like an order"):
        read(*LINES)


def test_days_side_by_side_are_no_order_without_a_header(read):
    days = ",".join(f"0{day}.02.2024" for day in range(1, 9))
    with pytest.raises(ValueError, match=r"8 columns stand side by side, '01\.02\.2024' to '08\.02\.2024'"):
        read(f"Artikel,{days}", "Tee,1,2,3,4,5,6,7,8")


def test_empty_columns_at_the_end(read):
    result, notes = read(f"{HEADER},,,", *(f"{line},,," for line in LINES))
    assert kept(result) == ["1", "2", "3"]
    assert not notes
    assert kept(read(HEADER, *(f"{line},,," for line in LINES))[0]) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1250", "żółta świeca i książka"),
        ("cp1250", "příliš žluťoučký kůň úpěl"),
        ("cp1250", "őszi fűszertartó, tükörfúrógép"),
        ("iso8859_2", "żółta świeca i książka"),
        ("cp1251", "Чашка красная и свеча ароматная"),
        ("koi8_r", "Чашка красная и свеча ароматная"),
        ("cp1252", "Tasse grün, weiß"),
        ("cp1252", "São Paulo, maçã, coração"),
        ("cp1252", "thé à la menthe, déjà vu, août"),
        ("cp1252", "Blåbærgrød med fløde"),
        ("cp1252", "5 – 10 € “Deluxe”"),
        ("cp1253", "Κόκκινη κούπα και κερί αρωματικό"),
        ("cp1254", "Kırmızı fincan ve şişe, ağaç oyuncak"),
        ("cp1257", "šviesi žvakė, ąžuolas, ūkis"),
        ("cp1255", "כוס אדומה ונר ריחני"),
        ("cp932", "赤いマグカップとろうそく"),
        ("gb18030", "红色马克杯和香味蜡烛"),
        ("big5", "紅色馬克杯和香味蠟燭與兒童圖書"),
        ("cp949", "빨간 머그컵과 향초, 어린이 책"),
        ("utf-16-le", "żółta świeca"),
        ("utf-16-be", "赤いマグカップ"),
        ("mac_roman", "thé à la menthe, déjà vu, août"),
        ("cp850", "Tasse grün, Löffel, Käse"),
    ],
)
def test_encodings_are_told_by_the_letters(read, encoding, name):
    lines = [f'{n},A1,"{name}",c{n},France,2010-12-0{n},6,2.55' for n in (1, 2, 3)]
    result, _ = read(HEADER, *lines, encoding=encoding)
    assert result["product_name"].tolist() == [name] * 3


def test_an_encoding_that_the_letters_do_not_tell_is_asked_for(read, tmp_path):
    name = "Чай"
    lines = [f"{n},A1,{name},c{n},France,2010-12-0{n},6,2.55" for n in (1, 2, 3)]
    with pytest.raises(ValueError, match="Pass it, for example encoding="):
        read(HEADER, *lines, encoding="koi8_r")
    result = read_transactions(tmp_path / "orders.csv", encoding="koi8_r")
    assert result["product_name"].tolist() == [name] * 3


def test_a_carriage_return_inside_a_cell(read):
    lines = [LINES[0].replace("Tea", "Green\rtea"), LINES[1].replace("Tea", '"Black\rtea"')]
    result, _ = read(HEADER, *lines)
    assert result["product_name"].str.replace("\r", " ").tolist() == ["Green tea", "Black tea"]
    assert result["source_line"].tolist() == [2, 3]


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_longer_than_the_csv_module_allows(read, quote):
    long = "x" * 300_000
    result, _ = read(HEADER, LINES[0].replace("Tea", f"{quote}{long}{quote}"), LINES[1], "", LINES[2])
    assert result["product_name"].str.len().tolist() == [300_000, 3, 3]


def test_json_is_refused_in_true_words(tmp_path):
    for text in ('[{"order": 1, "items": [{"sku": "A"}]}]', '{"orders": []}', '[\n  {"id": 1}\n]'):
        (tmp_path / "orders.json").write_text(text)
        with pytest.raises(ValueError, match=r"orders\.json is JSON, which is not read"):
            read_transactions(tmp_path / "orders.json")


def test_what_is_packed_twice_is_unpacked_twice(tmp_path):
    path = tmp_path / "orders.csv.gz.gz"
    path.write_bytes(gzip.compress(gzip.compress("\n".join([HEADER, *LINES]).encode())))
    assert len(read_transactions(path)) == 3


def test_a_limit_on_what_is_unpacked(tmp_path):
    text = "\n".join([HEADER, *LINES * 1000]).encode()
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text))
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(text[:1000]) + gzip.compress(text[1000:]))
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", text)
    file = io.BytesIO()
    pd.DataFrame({"x": ["y" * 50] * 3000}).to_csv(file)
    (tmp_path / "d.csv").write_bytes(file.getvalue())
    for name in ("a.csv.gz", "b.csv.gz", "c.zip", "d.csv"):
        with pytest.raises(ValueError, match=f"{name[:5]}.* holds more than max_bytes=100,000 bytes"):
            read_transactions(tmp_path / name, max_bytes=100_000)
    assert len(read_transactions(tmp_path / "b.csv.gz", max_bytes=len(text))) == 3000
