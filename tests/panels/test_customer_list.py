from typing import Any

import pandas as pd
import pytest

from shopper_widgets.panels import MovementsPanel, OverduePanel, SegmentPanel
from shopper_widgets.panels.grid import Grid
from tests.panel_contract import find, refuses

STATES: dict[Any, Any] = {
    SegmentPanel: {"brush": {"recency": [0, 60]}},
    MovementsPanel: {"from_segment": "No orders yet"},
    OverduePanel: {"min_spend_rank": 0.0},
}


@pytest.fixture(params=STATES, ids=lambda kind: kind.__name__)
def panel(request, small_model):
    return request.param(small_model, **STATES[request.param])


def test_the_list_its_file_and_the_selection_are_the_same(panel):
    grid = find(panel, Grid)
    assert 0 < grid.total == len(panel.selection)
    assert grid.rows[0][0] == panel.selection["customer_id"][0]
    lines = grid.file().decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["customer_id", *panel.selection["customer_id"]]
    assert grid.filename == panel.filename


def test_sorting_in_the_browser_sorts_the_selection(panel):
    find(panel, Grid).set_state({"sort_by": "customer_id", "descending": False})
    assert (panel.sort_by, panel.descending) == ("customer_id", False)
    assert panel.selection["customer_id"].is_monotonic_increasing
    pd.testing.assert_index_equal(panel.selection.index, pd.RangeIndex(len(panel.selection)))


def test_a_click_on_a_heading_never_shows_another_order_on_the_way(panel):
    grid = find(panel, Grid)
    grid.set_state({"sort_by": "segment" if "segment" in panel.selection else "to", "descending": True})
    drawn = []
    grid.observe(lambda change: drawn.append(change["new"][0][0]), "rows")
    grid.set_state({"sort_by": "customer_id", "descending": False})
    assert set(drawn) == {min(panel.selection["customer_id"])}


def test_a_row_that_is_chosen_is_the_customer(panel, small_model):
    find(panel, Grid).set_state({"chosen": panel.selection["customer_id"][1]})
    assert panel.customer_id == panel.selection["customer_id"][1]
    refuses(panel, "customer_id", "nobody", "There is no customer 'nobody'")
