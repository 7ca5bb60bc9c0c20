"""The package: which modules may import which, and what importing it loads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import shopper_widgets

PACKAGE = Path(shopper_widgets.__file__).parent
#: All other rooms are the core, without Jupyter and Altair.
OUTER = {"charts", "panels", "publish"}
DRAWING = {"altair", "ipywidgets", "IPython", "anywidget", "traitlets"}


def _imported(path: Path) -> set[str]:
    """Return the modules that a file imports anywhere, except for type checking."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hinted = [n for n in ast.walk(tree) if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
    skipped = {id(inner) for node in hinted for inner in ast.walk(node)}
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _files(*, core: bool) -> list[Path]:
    every = sorted(PACKAGE.rglob("*.py"))
    return [path for path in every if (path.relative_to(PACKAGE).parts[0] not in OUTER) == core]


@pytest.mark.parametrize("path", _files(core=True), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_core_draws_nothing(path: Path) -> None:
    imported = _imported(path)
    assert not {name.split(".")[0] for name in imported} & DRAWING


PAGE = ("dashboard_page.py", "fork_server.py")


@pytest.mark.parametrize("path", _files(core=False), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_panels_import_widgets(path: Path) -> None:
    # The page for Voilà has its own widget, and the process that forks kernels imports it beforehand.
    if path.relative_to(PACKAGE).parts[0] != "panels" and path.name not in PAGE:
        assert not {name.split(".")[0] for name in _imported(path)} & {"ipywidgets", "anywidget"}


def test_importing_the_package_loads_neither_jupyter_nor_altair() -> None:
    script = "from shopper_widgets import *; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {name.split(".")[0] for name in done.stdout.split()} & (DRAWING | {"voila", "papermill"})


def test_the_report_s_page_is_written_without_what_draws_its_charts() -> None:
    # The notebook already has them drawn by another process.
    script = "import shopper_widgets.publish.page.export, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {name.split(".")[0] for name in done.stdout.split()} & DRAWING


def test_each_name_is_imported_when_it_is_asked_for() -> None:
    script = "import shopper_widgets, sys; print(*sys.modules); shopper_widgets.panels.SegmentPanel"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"pandas", "sklearn", "scipy", "shopper_widgets.errors"} & set(done.stdout.split())


#: Modules under which users find public names.
MODULES = ("charts", "columns", "datasets", "errors", "panels", "segments")


@pytest.mark.parametrize("module", MODULES)
def test_modules_for_everyone_are_there_without_an_import_of_their_own(module: str) -> None:
    code = f"import shopper_widgets as sw; print(sw.{module}.__name__)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == f"shopper_widgets.{module}"


def test_tab_offers_names_and_not_the_rooms_that_they_come_from() -> None:
    offered = set(dir(shopper_widgets))
    assert offered == {*shopper_widgets.__all__, "__version__", *MODULES}
    assert all(hasattr(shopper_widgets, name) for name in shopper_widgets.__all__)


def test_every_public_function_and_class_has_an_example() -> None:
    public = [getattr(shopper_widgets, name) for name in shopper_widgets.__all__]
    shown = [p for p in public if callable(p) and not (isinstance(p, type) and issubclass(p, Exception))]
    lacking = [p.__name__ for p in shown if ">>>" not in _documentation(p)]
    assert not lacking


def _documentation(public: object) -> str:
    """Return the docstring, and for a class also those of its methods."""
    parts = vars(public).values() if isinstance(public, type) else ()
    inner = [getattr(part, "__func__", part) for part in parts]
    return " ".join(str(getattr(p, "__doc__", "")) for p in (public, *inner))


def test_what_the_charts_are_drawn_with_has_its_notices_in_the_package_and_in_every_report() -> None:
    from importlib.resources import files

    from shopper_widgets._support.vega import vega_source

    notices = (files("shopper_widgets._support") / "vega_notices.txt").read_text(encoding="utf-8")
    assert vega_source().split("\n", 1)[1].startswith(f"/*!\n{notices}*/\n")
    for part in ("vega-lite", "vega-embed", "d3-array", "topojson-client", "fast-json-patch", "colorbrewer"):
        assert part in notices
    for text in ("BSD 3-Clause licence", "ISC licence", "MIT licence", "Redistribution and use in source"):
        assert text in notices


def _says_nothing(test: ast.FunctionDef) -> bool:
    """Return whether a test is only a docstring, and would always pass."""
    idle = (ast.Pass, ast.Constant)
    return all(isinstance(getattr(part, "value", part), idle) for part in test.body)


@pytest.mark.parametrize("path", sorted(Path(__file__).parent.rglob("*.py")), ids=lambda path: path.name)
def test_no_test_is_but_a_docstring(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert [f.name for f in functions if f.name.startswith("test_") and _says_nothing(f)] == []
