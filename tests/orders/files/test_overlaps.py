"""Orders that are in two files are reported and read once; equal lines of one file count twice."""

import pandas as pd
import pytest

from shopper_widgets.orders.reading import read_transactions, read_with_notes

HEADER = "order_id,product_id,customer_id,ordered_at,quantity,unit_price"


def lines(*numbers):
    return [f"{n},T1,c{n},2024-01-{n:02} 10:15,2,2.50" for n in numbers]


def write(folder, name, *rows):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


def test_equal_files_are_read_once(tmp_path):
    write(tmp_path, "orders.csv", *lines(1, 2, 2))
    write(tmp_path, "orders (1).csv", *lines(1, 2, 2))
    result, notes = read_with_notes(tmp_path)
    assert result["order_id"].tolist() == ["1", "2", "2"]
    assert notes == ["orders.csv holds the same as orders (1).csv and is left out."]


def test_links_that_lead_in_a_circle(tmp_path):
    write(tmp_path, "shop/orders.csv", *lines(1, 2))
    (tmp_path / "shop" / "again").symlink_to(tmp_path / "shop")
    assert len(read_transactions(f"{tmp_path}/**/*.csv")) == 2


def test_exports_that_overlap(tmp_path):
    write(tmp_path, "january.csv", *lines(1, 2, 2, 3))
    write(tmp_path, "february.csv", *lines(2, 2, 3, 4), "5,T2,c5,2024-01-05 10:15,1,1.00")
    result, notes = read_with_notes(tmp_path)
    assert sorted(result["order_id"]) == ["1", "2", "2", "3", "4", "5"]
    assert notes == [
        "Read once: 3 lines of 'january.csv' that a file read before also has, order by order the same."
    ]


def test_one_export_as_text_the_other_as_parquet(tmp_path):
    path = write(tmp_path, "orders.csv", *lines(1, 2))
    frame = pd.read_csv(path, parse_dates=["ordered_at"])
    frame.to_parquet(tmp_path / "orders.parquet")
    assert len(read_transactions(tmp_path)) == 2


def test_one_number_for_two_orders_is_told(tmp_path):
    write(tmp_path, "north.csv", *lines(1))
    write(tmp_path, "south.csv", "1,T9,c77,2024-02-01 10:15,1,9.00")
    result, notes = read_with_notes(tmp_path)
    assert len(result) == 2
    assert notes[0].startswith(
        "In several files with different lines, all of which count: 1 order number, such"
    )


def test_one_file_is_believed(tmp_path):
    assert len(read_transactions(write(tmp_path, "orders.csv", *lines(1, 1, 1)))) == 3


@pytest.mark.parametrize("pack", ["zip", "gz"])
def test_a_packed_copy_beside_the_file(tmp_path, pack):
    path = write(tmp_path, "orders.csv", *lines(1, 2))
    if pack == "zip":
        import zipfile

        with zipfile.ZipFile(tmp_path / "orders.zip", "w") as archive:
            archive.write(path, "orders.csv")
    else:
        import gzip

        (tmp_path / "orders.csv.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert len(read_transactions(tmp_path)) == 2
