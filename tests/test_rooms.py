"""Imports between rooms follow the table, and there is no circle of imports."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import rooms


def test_the_root_holds_the_rooms_and_nothing_else() -> None:
    held = {p.stem for p in rooms.PACKAGE.iterdir() if p.is_dir() or p.suffix == ".py"}
    assert held - {"__pycache__", "notebooks", "data"} == set(rooms.MAY_IMPORT)


@pytest.mark.parametrize("name", rooms.MAY_IMPORT)
def test_a_room_imports_only_what_lies_below_it(name: str) -> None:
    against = {
        f"{importer} imports {imported}"
        for importer, imported in rooms.imports()
        if rooms.room(importer) == name
        and rooms.room(imported) not in {name, *rooms.MAY_IMPORT[name]}
        # The version and the files that panels load are read from the package itself.
        and imported != "shopper_widgets"
    }
    assert against == set()


@pytest.mark.parametrize("place", [rooms.room, rooms.folder, str], ids=["rooms", "folders", "modules"])
def test_nobody_imports_in_a_circle(place: Callable[[str], str]) -> None:
    of = {name: place(name) for name in rooms.modules()}
    assert rooms.circle(rooms.arrows(of)) == []


def test_a_circle_and_an_import_within_a_function_are_seen() -> None:
    assert rooms.circle({("a", "b"), ("b", "c"), ("c", "a")}) != []
    lazy = ("shopper_widgets.model.bundle", "shopper_widgets.recommend.base")
    assert lazy in rooms.imports()


@pytest.mark.parametrize("path", sorted(rooms.PACKAGE.glob("*/**/__init__.py")), ids=lambda p: p.parent.name)
def test_each_room_says_what_comes_in_and_what_goes_out(path: Path) -> None:
    first = path.read_text(encoding="utf-8").split("\n")[0]
    assert first.startswith('"""') and re.search(r"comes? in\b", first) and re.search(r"goe?s? out\b", first)


@pytest.mark.parametrize("module", sorted(rooms.modules()))
def test_a_module_has_no_more_than_400_lines(module: str) -> None:
    assert len(rooms.modules()[module].read_text(encoding="utf-8").splitlines()) <= 400
