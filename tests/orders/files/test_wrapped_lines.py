"""Lines that a spreadsheet saved as one cell each are read as before."""

from pathlib import Path

import pytest

from shopper_widgets.orders.files.wrapped_lines import without_wrapping
from shopper_widgets.orders.reading import read_transactions

LINES = (
    "Order ID,Customer ID,Product ID,Product Name,Order Date,Quantity,Sales",
    '1,7,M-1,"Mug, blue",2024-01-31,2,9.00',
    "2,8,V-1,Vase,2024-02-13,1,30.00",
    '3,8,V-2,"Vase 5"" tall; red",2024-02-14,1,40.00',
)


def saved(separator: str) -> str:
    """Return the text of a file whose lines were opened as cells and saved with another separator."""
    rows = [line.split(separator) for line in LINES]
    width = max(map(len, rows))

    def cell(text: str) -> str:
        return f'"{text.replace(chr(34), chr(34) * 2)}"' if chr(34) in text else text

    return (
        "\r\n".join(separator.join(map(cell, row)) + separator * (width - len(row)) for row in rows) + "\r\n"
    )


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_file_that_was_opened_as_one_column_is_read(separator: str, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(saved(separator), encoding="utf-8", newline="")
    read = read_transactions(path)
    assert read["product_name"].tolist() == ["Mug, blue", "Vase", 'Vase 5" tall; red']
    assert read["amount"].tolist() == [9.0, 30.0, 40.0]
    assert read["source_line"].tolist() == [2, 3, 4]


def test_lines_that_are_all_in_quotation_marks() -> None:
    whole = "\n".join(f'"{line.replace(chr(34), chr(34) * 2)}"' for line in LINES)
    assert without_wrapping(whole.encode()).decode() == "\n".join(LINES)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(LINES),
        '"id","name","n"\n"1","Mug, blue, large","2"\n',
        'note\n"see ""orders"" here"\n',
        'id,name,n;\n"1,""Mug, blue"",2";\n"2,Vase\n',
        # a title, a note and a line of one cell, in files that no spreadsheet has damaged
        '"Sales report, Berlin, 2024",,,,,,\n' + "\n".join(LINES),
        '"Sales report, Berlin, 2024"\n' + "\n".join(LINES),
        "\n".join(LINES) + '\n"Note: a, b, c"\n',
        "id;name;n\n1;Mug;2\n" + '"Bericht, Berlin, 2024";;\n',
        "id,name,n\n1,Mug,2\n" + '"Note, twice"\n',
        # the first line with a quotation mark looks like a wrapped one, a later line doesn't
        'id,name,n;\n"1,""Mug, blue"",2";\n2,"Vase, red",1;\n',
        '""\n',
    ],
)
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert without_wrapping(text.encode()).decode() == text
