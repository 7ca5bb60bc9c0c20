"""However a file is damaged, each line is kept or rejected, or one error says clearly what is wrong.

``SHOPPER_MUTATIONS=2000 pytest tests/orders/test_damaged_files.py`` tries more damages than the usual few;
with ``SHOPPER_SEED=2026``, different ones.
"""

import csv
import gzip
import itertools
import os
import random
import traceback

import pytest

from shopper_widgets.columns import (
    AMOUNT,
    COUNTRY,
    CUSTOMER_ID,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
    UNIT_PRICE,
)
from shopper_widgets.errors import UnreadableError
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.known_layouts import KNOWN
from shopper_widgets.orders.local_layouts import LOCAL
from shopper_widgets.orders.reading import read_transactions
from shopper_widgets.orders.reasons import REASONS

MUTATIONS = int(os.environ.get("SHOPPER_MUTATIONS", "12"))
SEED = os.environ.get("SHOPPER_SEED", "")
CELLS = [
    "",
    "0",
    "-1",
    "1e308",
    "1.234",
    "1,5",
    "9999-12-31",
    "31.12.2024",
    "März",
    '"',
    "=1+1",
    "\x00",
    "€ 5",
    "Total",
]
ENCODINGS = ["utf-8", "cp1252", "utf-16", "cp1250", "gb18030", "utf-8-sig"]
WORDS = {
    ORDER_ID: lambda n: f"R{1000 + n // 2}",
    PRODUCT_ID: lambda n: f"P{n % 7}",
    PRODUCT_NAME: lambda n: f"Tasse grün {n % 7}",
    CUSTOMER_ID: lambda n: f"c{n // 2 % 5}@example.org",
    COUNTRY: lambda n: "France",
    ORDERED_AT: lambda n: f"2024-01-{13 + n // 2:02} 10:15:00",
    QUANTITY: lambda n: str(1 + n % 3),
    UNIT_PRICE: lambda n: f"{2 + n % 5}.50",
    AMOUNT: lambda n: f"{(1 + n % 3) * (2.5 + n % 5):.2f}",
}


def file_of(layout):
    columns = {names[0]: WORDS[name] for name, names in layout.headers.items() if name in WORDS}
    return [list(columns), *([word(n) for word in columns.values()] for n in range(24))]


def head_of(path, lines=3000):
    """Return the first lines of a file of orders, with cells quoted where they need it."""
    with gzip.open(path, "rt", newline="") as file:
        rows = itertools.islice(csv.reader(file), lines)
        return [
            [f'"{cell.replace(chr(34), chr(34) * 2)}"' if "," in cell else cell for cell in row]
            for row in rows
        ]


def mutated(rows, chance, *, separators=(",", ",", ",", ";", "\t")):
    """Return the bytes of a file after one to three damages."""
    rows = [list(row) for row in rows]
    for _ in range(chance.randint(1, 3)):
        row, kind = chance.choice(rows), chance.randrange(8)
        place = chance.randrange(len(row)) if row else 0
        if kind == 0 and row:
            row[place] = chance.choice(CELLS)
        elif kind == 1 and row:
            del row[place]
        elif kind == 2:
            row.insert(place, chance.choice(CELLS))
        elif kind == 3:
            rows.insert(chance.randrange(len(rows)), list(row))
        elif kind == 4:
            rows.insert(chance.randrange(len(rows) + 1), [chance.choice(CELLS)])
        elif kind == 5 and len(rows) > 2:
            del rows[chance.randrange(len(rows))]
        elif kind == 6:
            for each in rows[1:]:
                if place < len(each):
                    each[place] = chance.choice(CELLS)
        elif row:
            row[place] = row[place][: len(row[place]) // 2] + chance.choice(["\n", "\r", ";", "\t", '"'])
    text = chance.choice(["\n", "\r\n"]).join(chance.choice(separators).join(row) for row in rows)
    data = bytearray(text.encode(chance.choice(ENCODINGS), errors="replace"))
    for _ in range(chance.choice([0, 0, 0, 1, 4])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: chance.choice([len(data)] * 5 + [len(data) // 2])])


def kept_or_rejected(path):
    """Return whether a file was read, with no line lost; otherwise the error must be a clear one."""
    try:
        orders = read_transactions(path)
    except ValueError as error:
        raised_in = traceback.extract_tb(error.__traceback__)[-1].filename
        assert "shopper_widgets" in raised_in, f"{raised_in}: {error}\n{path.read_bytes()!r}"
        assert type(error) in (ValueError, UnreadableError), f"{type(error)}\n{path.read_bytes()!r}"
        return False
    cleaned = clean_transactions(orders, returns="net")
    assert len(cleaned.transactions) + len(cleaned.rejected) == len(orders)
    rows = cleaned.audit.set_index("rule")["rows"]
    assert rows[[*REASONS, "kept"]].sum() == rows["lines read"] == len(orders)
    return True


@pytest.mark.parametrize("layout", KNOWN, ids=lambda layout: layout.name)
def test_no_line_is_lost_and_no_error_is_raw(tmp_path, layout):
    chance = random.Random(SEED + layout.name)
    path = tmp_path / "orders.csv"
    read = 0
    for _ in range(MUTATIONS):
        path.write_bytes(mutated(file_of(layout), chance))
        read += kept_or_rejected(path)
    assert read > MUTATIONS / 5


def test_nor_in_another_language(tmp_path):
    chance = random.Random(SEED + "local")
    path = tmp_path / "orders.csv"
    read = 0
    for _ in range(MUTATIONS // 4):
        path.write_bytes(mutated(file_of(chance.choice(LOCAL)), chance))
        read += kept_or_rejected(path)
    assert read > MUTATIONS / 20


def test_nor_of_a_real_file(tmp_path, online_retail_path):
    chance = random.Random(SEED + "real")
    path = tmp_path / "orders.csv"
    rows = head_of(online_retail_path)
    read = 0
    for _ in range(MUTATIONS):
        separators = [chance.choice(",,,;\t")]
        path.write_bytes(mutated(rows, chance, separators=separators))
        read += kept_or_rejected(path)
    assert read > MUTATIONS / 5
