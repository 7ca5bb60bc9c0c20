"""The project's dependencies are the same wherever they are listed, and complete."""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .conftest import SLOW

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
#: It runs when the package is built, with what the build requires.
BUILD_HOOK = PYPROJECT["tool"]["hatch"]["build"]["hooks"]["custom"]["path"]


def _requirements(lines: list[str]) -> dict[str, Requirement]:
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def test_conda_environment_equals_pyproject() -> None:
    project = PYPROJECT["project"]
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    expected = _requirements(project["dependencies"])
    found = _requirements([line for line in conda["dependencies"] if isinstance(line, str)])
    assert found.pop("python").specifier == project["requires-python"]
    assert not found.pop("pip").specifier
    assert found == expected


def _pins() -> list[Requirement]:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text
    return [Requirement(line) for line in text.splitlines()]


def test_what_checks_the_scripts_is_pinned_by_checksum_wherever_it_is_had() -> None:
    lock = json.loads((ROOT / "tests/js/package-lock.json").read_text(encoding="utf-8"))
    root = lock["packages"].pop("")
    package = json.loads((ROOT / "tests/js/package.json").read_text(encoding="utf-8"))
    assert root["devDependencies"] == package["devDependencies"]
    assert all("resolved" not in one and one["integrity"] for one in lock["packages"].values())


def _declared() -> list[str]:
    extras = PYPROJECT["project"]["optional-dependencies"]
    wanted = [*PYPROJECT["project"]["dependencies"], *(line for lines in extras.values() for line in lines)]
    return [line for line in wanted if not line.startswith(PYPROJECT["project"]["name"])]


def test_every_dependency_is_pinned_within_its_bounds() -> None:
    pins = _pins()
    assert all(re.fullmatch(r"==[^*,]+", str(pin.specifier)) for pin in pins)
    for requirement in map(Requirement, _declared()):
        found = [p for p in pins if canonicalize_name(p.name) == canonicalize_name(requirement.name)]
        assert found, requirement
        for pin in found:
            assert requirement.specifier.contains(str(pin.specifier).removeprefix("=="), prereleases=True)


@pytest.mark.parametrize("python", ["3.11.0", "3.11.2", "3.11.9", "3.12.3", "3.13.0", "3.14.1", "3.15.0"])
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_one_pin_a_package_on_every_python_and_system(python: str, system: str) -> None:
    here = {
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "sys_platform": system,
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "os_name": "nt" if system == "win32" else "posix",
    }
    meant = [canonicalize_name(p.name) for p in _pins() if p.marker is None or p.marker.evaluate(here)]
    assert len(meant) == len(set(meant))
    assert {canonicalize_name(Requirement(line).name) for line in _declared()} <= set(meant)


def _imported(path: Path) -> Iterator[str]:
    """Return the top-level modules that a file imports anywhere."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def _started() -> Iterator[str]:
    """Return the modules by which the shipped Jupyter kernels are started."""
    for path in ROOT.glob("shopper_widgets/publish/jupyter/kernels/*/kernel.json"):
        command = json.loads(path.read_text(encoding="utf-8"))["argv"]
        yield command[command.index("-m") + 1]


def test_what_is_imported_or_started_is_a_declared_dependency() -> None:
    of_module = metadata.packages_distributions()
    declared = set(_requirements(PYPROJECT["project"]["dependencies"]))
    started = list(_started())
    assert started
    needed: dict[str, str] = dict.fromkeys(started, "a kernel's command")
    for path in sorted((ROOT / "shopper_widgets").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        needed |= dict.fromkeys(_imported(path), name) if name != BUILD_HOOK else {}
    for module in {*sys.stdlib_module_names, "shopper_widgets"}:
        needed.pop(module, None)
    missing = {
        module: where
        for module, where in needed.items()
        if not {canonicalize_name(name) for name in of_module.get(module, [])} & declared
    }
    # Engines belong to the caller: who passes a frame of one has it installed.
    assert missing == {}


def test_the_build_hook_imports_what_the_build_requires() -> None:
    required = set(_requirements(PYPROJECT["build-system"]["requires"]))
    third = set(_imported(ROOT / BUILD_HOOK)) - sys.stdlib_module_names
    assert {"hatchling": "hatchling", "vl_convert": "vl-convert-python"}.keys() == third
    assert {"hatchling", "vl-convert-python"} <= required


def test_version_is_said_once() -> None:
    from shopper_widgets import __version__

    assert __version__ == PYPROJECT["project"]["version"]


def test_every_file_that_is_slow_is_there() -> None:
    """A renamed file would count as a fast one."""
    tests = Path(__file__).parent
    named = [tests / folder / f"test_{name}.py" for folder, names in SLOW.items() for name in names]
    assert [path for path in named if not path.is_file()] == []


def test_the_citation_is_of_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = PYPROJECT["project"]
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])
    assert {"cff-version", "message", "title", "authors"} <= set(citation)


def test_what_contributors_are_led_to_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:shopper_widgets|tests|notebooks)/[\w./]+)`", text))
    assert len(named) > 25
    assert [path for path in sorted(named) if "NAME" not in path and not (ROOT / path).exists()] == []
    targets = set(
        re.findall(r"^(?:\.PHONY: )?(.*?):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    known = {word for line in targets for word in line.split()}
    asked = {
        word
        for line in re.findall(r"^make ([a-z ]+?)(?: [A-Z]|  |$)", text, re.MULTILINE)
        for word in line.split()
    }
    assert asked and asked <= known
