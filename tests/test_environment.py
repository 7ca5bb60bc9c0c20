"""What the project says of its dependencies in one place is what it says in the others."""

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent


def _requirements(lines: list[str]) -> dict[str, str]:
    """Name, as package indexes fold it, to bound."""
    parsed = [re.fullmatch(r"([A-Za-z0-9_.-]+)\s*(.*)", line) for line in lines]
    return {re.sub(r"[-_.]+", "-", m[1]).lower(): m[2] for m in parsed if m}


def test_conda_environment_equals_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    expected = _requirements(project["dependencies"])
    found = _requirements([line for line in conda["dependencies"] if isinstance(line, str)])
    assert found.pop("python") == project["requires-python"]
    assert found.pop("pip") == ""
    assert found == expected


def test_every_dependency_is_pinned_and_no_index_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in pins
    pinned = _requirements(pins.splitlines())
    wanted = [*project["dependencies"], *project["optional-dependencies"]["engines"]]
    assert set(_requirements(wanted)) <= set(pinned)
    assert all(bound.startswith("==") for bound in pinned.values())


def test_version_is_said_once() -> None:
    from shopper_widgets import __version__

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert __version__ == project["version"]
