"""The rooms of the package and their allowed imports: one table, checked by tests and drawn in the docs.

``python tests/rooms.py`` prints the numbers of rooms, arrows, floors and circles.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "shopper_widgets"

_BASE = {"_support", "columns", "errors"}
_FIRST = {*_BASE, "orders", "segments", "recommend"}
#: Room → the rooms and root modules that it may import, also for types. Every module of the root is here.
MAY_IMPORT: dict[str, set[str]] = {
    "_support": set(),
    "columns": set(),
    "errors": set(),
    "orders": _BASE,
    "segments": _BASE,
    "recommend": _BASE,
    "products": {*_BASE, "orders"},
    "charts": _BASE,
    "datasets": {*_BASE, "orders"},
    "model": _FIRST,
    "customers": {*_FIRST, "model"},
    "words": {*_FIRST, "model", "customers", "products"},
    "panels": {*_FIRST, "model", "customers", "products", "words", "charts", "datasets"},
    "publish": {*_FIRST, "model", "customers", "products", "words", "charts", "panels", "datasets"},
    "__init__": {*_FIRST, "model", "customers", "products", "datasets"},
}


@cache
def modules() -> dict[str, Path]:
    """Return every module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports() -> frozenset[tuple[str, str]]:
    """Return pairs of modules of which the first imports the second, also within functions or for types."""
    return frozenset(_imports())


def _imports() -> Iterator[tuple[str, str]]:
    every = modules()
    for name, path in every.items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((name, alias.name) for alias in node.names if alias.name in every)
            elif isinstance(node, ast.ImportFrom):
                above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
                base = ".".join([*above, *([node.module] if node.module else [])])
                for alias in node.names:
                    inner = f"{base}.{alias.name}"
                    target = inner if inner in every else base
                    if target in every:
                        yield name, target


def room(module: str) -> str:
    """Return the room or root module that a module belongs to."""
    return module.split(".")[1] if "." in module else "__init__"


def folder(module: str) -> str:
    """Return the folder of a module, with rooms within rooms kept apart; a root module is its own."""
    path = modules()[module]
    parts = path.relative_to(PACKAGE).parts
    return "/".join(parts[:-1]) or path.stem


def arrows(of: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return pairs of different places of which the first imports the second; `of` gives a module's place."""
    return {(of[a], of[b]) for a, b in imports() if of[a] != of[b]}


def circle(pairs: set[tuple[str, str]]) -> list[str]:
    """Return places that import one another in a circle; empty if there are none."""
    try:
        list(_sorter(pairs).static_order())
    except CycleError as error:
        return [str(place) for place in error.args[1]]
    return []


def floors(pairs: set[tuple[str, str]]) -> list[set[str]]:
    """Return places from the lowest floor up: each imports only from floors below it."""
    sorter = _sorter(pairs)
    sorter.prepare()
    found = []
    while sorter.is_active():
        ready = sorter.get_ready()
        sorter.done(*ready)
        found.append(set(ready))
    return found


def _sorter(pairs: set[tuple[str, str]]) -> TopologicalSorter[str]:
    below: dict[str, set[str]] = {}
    for upper, lower in sorted(pairs):
        below.setdefault(upper, set()).add(lower)
    return TopologicalSorter(below)


def main() -> None:
    """Print the figures for rooms and for folders."""
    for what, place in (("rooms", room), ("folders", folder)):
        of = {name: place(name) for name in modules()}
        pairs = arrows(of)
        found = circle(pairs)
        height = "" if found else f", {len(floors(pairs))} floors"
        print(f"{len(set(of.values()))} {what}, {len(pairs)} arrows{height}, circle: {found or 'none'}")


if __name__ == "__main__":
    main()
