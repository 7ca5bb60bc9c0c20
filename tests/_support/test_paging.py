"""Tables beyond the memory budget are on disk, and otherwise the same as in memory."""

from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest

from shopper_widgets._support import paging
from shopper_widgets._support.paging import is_beyond_budget, paged

ROWS = pd.DataFrame(
    {
        "text": ["b", None, "", "ä"],
        "money": [1.5, np.nan, 0.0, -2.0],
        "count": [3, 2, 1, 0],
        "whether": [True, False, True, True],
        "moment": pd.to_datetime(
            [
                "2024-01-01 10:00:00.000001",
                "1969-01-01 00:00:00.0",
                "2024-02-01 00:00:00.0",
                "2024-03-01 00:00:00.0",
            ]
        ),
        "odd": [1, None, 3, 4],
    }
).astype({"text": "str", "moment": "datetime64[us]"})


def on(engine: str) -> Any:
    if engine == "polars":
        return nw.from_native(pl.from_pandas(ROWS.astype({"odd": "Int64"})).lazy())
    return nw.from_native(duckdb.sql("SELECT * REPLACE (odd::BIGINT AS odd) FROM ROWS"))


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_paged_table_is_the_same(engine: str) -> None:
    pd.testing.assert_frame_equal(paged(on(engine)), ROWS)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_numbers_become_what_they_count(engine: str) -> None:
    table = paged(on(engine), {"count": pd.Index(list("wxyz"))})
    assert table["count"].tolist() == list("zyxw")
    assert table["count"].dtype == pd.CategoricalDtype(list("wxyz"))


@pytest.mark.parametrize("missing", [False, True])
def test_moments_of_a_zone_stay_what_they_are(missing: bool) -> None:
    zoned = ROWS[["moment", "money"]].assign(moment=ROWS["moment"].dt.tz_localize("Europe/Berlin"))
    zoned.loc[0, "moment"] = pd.NaT if missing else zoned["moment"][1]
    pd.testing.assert_frame_equal(paged(nw.from_native(pl.from_pandas(zoned).lazy())), zoned)


def test_columns_are_files_that_have_no_name_any_more(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    table = paged(on("polars"), {"count": pd.Index(list("wxyz"))})
    assert not list(tmp_path.iterdir())
    for name in ("money", "whether", "moment"):
        assert is_mapped(table[name].to_numpy()), name
    assert is_mapped(table["count"].array.codes.base)
    table.loc[0, "money"] = 7.0  # the page is copied on write
    assert table["money"].tolist()[0] == 7.0


def is_mapped(values: Any) -> bool:
    while isinstance(values, np.ndarray) and values.base is not None:
        values = values.base
    return type(values).__name__ == "mmap"


def test_only_what_takes_much_memory_goes_to_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "BUDGET", 4 * 32 + 5 * 4 * 8)
    assert not is_beyond_budget(on("polars"))
    assert is_beyond_budget(on("polars"), rows=5)
    assert not is_beyond_budget(nw.from_native(ROWS), rows=10**9)


def test_a_table_without_rows_has_its_columns() -> None:
    table = paged(
        nw.from_native(
            pl.LazyFrame({"text": pl.Series([], dtype=pl.String), "money": pl.Series([], dtype=pl.Float64)})
        )
    )
    assert table.dtypes.astype(str).to_dict() == {"text": "str", "money": "float64"}
