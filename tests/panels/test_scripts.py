"""The traits that a widget's script uses are those that the widget synchronizes."""

import re
from pathlib import Path

import anywidget
import pytest

from shopper_widgets.panels import ChartView
from shopper_widgets.panels.choices import Choices
from shopper_widgets.panels.class_table import ClassTable
from shopper_widgets.panels.fold import Summary
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.typed_box import TypedBox
from shopper_widgets.panels.upload import Upload


@pytest.mark.parametrize("widget", [ChartView, Choices, ClassTable, Grid, Summary, TypedBox, Upload])
def test_a_script_is_typed_and_names_each_synced_trait(widget: type[anywidget.AnyWidget]) -> None:
    script = Path(__file__).parents[2].joinpath(*widget.__module__.split(".")).with_suffix(".js").read_text()
    state = re.search(r"@typedef \{\{([^}]*)\}\} State", script)
    assert script.startswith("// @ts-check\n") and state
    named = re.findall(r"(\w+):", state[1])
    synced = set(widget.class_traits(sync=True)) - set(anywidget.AnyWidget.class_traits(sync=True))
    assert sorted(named) == sorted(synced - {"_esm", "_css", "_anywidget_id"})
