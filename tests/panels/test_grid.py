import io

import pandas as pd
import pytest
import traitlets

from shopper_widgets._support import excel
from shopper_widgets._support.locale import in_locale
from shopper_widgets.panels.grid import Grid
from shopper_widgets.words.labels import describe

FRAME = pd.DataFrame({"customer_id": [f"c{i:02}" for i in range(25)], "orders": [i % 5 for i in range(25)]})


def make_grid(**state):
    grid = Grid(describe(["customer_id", "orders"]), key="customer_id", **state)
    grid.show(FRAME, caption="Customers")
    return grid


def shown(grid):
    return {
        name: getattr(grid, name) for name in ("rows", "keys_shown", "total", "page", "caption", "sort_by")
    }


def test_only_a_page_of_rows_is_sent():
    grid = make_grid()
    assert grid.total == 25
    assert grid.rows == [[f"c{i:02}", str(i % 5)] for i in range(10)]


def test_sorting_keeps_the_order_of_equal_values_and_goes_to_the_first_page():
    grid = make_grid()
    grid.page = 2
    grid.sort_by = "orders"
    assert grid.page == 0
    assert grid.keys_shown == ["c04", "c09", "c14", "c19", "c24", "c03", "c08", "c13", "c18", "c23"]
    grid.descending = False
    assert grid.keys_shown[:5] == ["c00", "c05", "c10", "c15", "c20"]


def test_changed_to_a_state_shows_what_created_in_it_shows():
    changed = make_grid()
    changed.sort_by, changed.descending = "orders", False
    assert shown(changed) == shown(make_grid(sort_by="orders", descending=False))


def test_the_browser_moves_it_as_python_does():
    grid = make_grid()
    grid.set_state({"sort_by": "customer_id", "descending": True, "chosen": "c24"})
    assert grid.keys_shown[0] == "c24"
    grid.set_state({"page": 2})
    assert grid.keys_shown == ["c04", "c03", "c02", "c01", "c00"]
    assert grid.chosen == "c24"


@pytest.mark.parametrize(("sent", "page"), [(99, 2), (-5, 0)])
def test_a_page_that_does_not_exist_becomes_the_nearest(sent, page):
    grid = make_grid()
    grid.set_state({"page": sent})
    assert grid.page == page
    assert grid.rows


def test_a_visitor_cannot_sort_by_what_is_not_shown_nor_write_cells():
    grid = make_grid()
    with pytest.raises(traitlets.TraitError, match="sort_by must be one of customer_id, orders"):
        grid.set_state({"sort_by": "secret"})
    grid.set_state({"rows": [["forged"]], "page_size": 10**9, "caption": "forged"})
    assert grid.rows[0] == ["c00", "0"]
    assert grid.page_size == 10
    assert grid.caption == "Customers"


def test_a_shorter_frame_starts_at_its_first_page_and_an_empty_one_has_no_rows():
    grid = make_grid()
    grid.page = 2
    grid.show(FRAME.head(3), caption="Few")
    assert (grid.page, grid.total, len(grid.rows)) == (0, 3, 3)
    grid.show(FRAME.head(0), caption="None")
    assert (grid.total, grid.rows) == (0, [])


def test_the_file_is_made_when_it_is_asked_for_and_holds_every_row_and_column(monkeypatch):
    grid = make_grid(filename="customers.csv", sort_by="customer_id")
    grid.show(FRAME.assign(note="=1+1"), caption="Customers")
    sent = []
    monkeypatch.setattr(grid, "send", lambda content, buffers: sent.append((content, *buffers)))
    grid._handle_custom_msg({}, [])
    [(content, file)] = sent
    assert content == {"filename": "customers.csv"}
    assert file.startswith(b"\xef\xbb\xbfcustomer_id,orders,note\r\nc24,4,'=1+1\r\nc23,3,")
    assert len(file.splitlines()) == 26


def test_a_workbook_is_made_where_it_is_offered(monkeypatch):
    grid = make_grid(filename="customers.csv", sort_by="customer_id", excel=True)
    grid.show(FRAME, caption="Customers")
    sent = []
    monkeypatch.setattr(grid, "send", lambda content, buffers: sent.append((content, *buffers)))
    grid._handle_custom_msg({"kind": "xlsx"}, [])
    [(content, file)] = sent
    assert content["filename"] == "customers.xlsx" and content["type"].endswith("spreadsheetml.sheet")
    read = pd.read_excel(io.BytesIO(file), engine="calamine")
    assert read["customer_id"].tolist() == grid.sorted_frame["customer_id"].tolist()
    monkeypatch.setattr(excel, "MOST_ROWS", 3)
    grid._handle_custom_msg({"kind": "xlsx"}, [])
    assert grid.message == "An Excel sheet holds 2 rows; there are 25. Take CSV."
    grid.excel = False
    grid._handle_custom_msg({"kind": "xlsx"}, [])
    assert sent[-1][0] == {"filename": "customers.csv"}


def test_without_a_name_there_is_no_file_to_ask_for(monkeypatch):
    grid = make_grid()
    monkeypatch.setattr(grid, "send", lambda *_, **__: pytest.fail("a file was sent"))
    grid._handle_custom_msg({}, [])
    assert grid.message == ""


def test_missing_values_come_last_whichever_way_it_is_sorted():
    grid = Grid(describe(["orders"]), sort_by="orders")
    grid.show(pd.DataFrame({"orders": [1, None, 2]}), caption="")
    assert grid.rows == [["2"], ["1"], ["–"]]
    grid.descending = False
    assert grid.rows == [["1"], ["2"], ["–"]]


def test_a_column_that_cannot_be_sorted_is_told_and_logged(caplog):
    grid = Grid(describe(["odd"]))
    grid.show(pd.DataFrame({"odd": [1, "one"]}, dtype=object), caption="Odd")
    grid.set_state({"sort_by": "odd"})
    assert "Something went wrong" in grid.message
    assert "TypeError" in caplog.text
    grid.set_state({"sort_by": ""})
    assert grid.message == ""
    assert grid.rows == [["1"], ["one"]]


def test_another_frame_may_bring_other_columns():
    grid = Grid(describe(["product_id"]))
    grid.show(
        pd.DataFrame({"product_id": ["A"], "orders": [3]}), caption="Products", columns=describe(["orders"])
    )
    assert [column["label"] for column in grid.columns] == ["Orders"]
    assert grid.rows == [["3"]]


def test_each_page_speaks_the_language_that_it_was_made_in():
    frame = pd.DataFrame({"segment": ["Regular"] * 11, "orders": [1234] * 11})
    with in_locale("de"):
        grid = Grid(describe(["segment", "orders"]))
        grid.show(frame, caption="Kunden")
    grid.page = 1
    assert grid.rows == [["Stammkunden", "1.234"]]
    grid.sort_by = "orders"
    assert grid.rows[0] == ["Stammkunden", "1.234"]
